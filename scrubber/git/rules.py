"""Configuration, policy and private lists of a scan, from where the change cannot set them.

A commit that brings a secret could bring the rule that lets it pass. So the configuration
is read from the base revision: HEAD for a commit, what the remote has for a push. Where
there is none, defaults count. Decisions may stand in the work tree: each is authenticated
with the project's key, so a change from elsewhere cannot bring one.
"""

from __future__ import annotations

import os
import posixpath
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from scrubber.config import CONFIG_NAME, Config, load_config
from scrubber.decision_file import NAME as DECISIONS
from scrubber.decision_file import OtherKey, read_decisions
from scrubber.decisions import NO_DECISIONS, Decisions
from scrubber.errors import ScrubError, UsageError
from scrubber.git.repository import Repository
from scrubber.git.wishes import Wishes
from scrubber.keys import load_key, shown
from scrubber.people import load_people, people_files
from scrubber.policy import Policy, load_policy
from scrubber.policy_file import PRESETS
from scrubber.releases import load_rulings
from scrubber.rulings import Rulings

_TABLE = re.compile(rb"^\s*\[\s*tool\s*\.\s*scrub\b", re.MULTILINE)
_FILES = (CONFIG_NAME, "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Basis:
    """What a scan judges by, and which file said so ("" for defaults).

    `config.exclude` names everything to leave out, whoever said so.
    """

    config: Config
    policy: Policy
    people: tuple[tuple[str, str], ...]
    rulings: Rulings
    origin: str
    files: frozenset[bytes]  # paths in the repository that hold rules
    strange: str = ""  # decisions that nobody can read here: made with another key


def basis_of(repository: Repository, base: str | None, work: Path, wishes: Wishes) -> Basis:
    """The rules that count for a change on top of the commit `base`.

    `work` is a private folder for copies. What whoever starts the scan wishes wins over the
    repository's configuration. Raises UsageError in words.
    """
    named, policy = wishes.config, wishes.policy
    files = {os.fsencode(CONFIG_NAME)}
    if named is not None:
        config, origin = load_config(named), str(named)
    else:
        config, origin = _committed(repository, base, work)
        if origin:
            files.add(os.fsencode(origin.partition(":")[2]))
    wanted = policy or config.policy or "standard"
    if policy is None and named is None and wanted not in PRESETS and base is not None:
        path = posixpath.normpath(os.path.relpath(wanted, work))
        files.add(os.fsencode(path))
        wanted = str(_copy(repository, base, path, work / "policy.toml") or wanted)
    rules = load_policy(wanted, None if policy else config.overrides, wishes.keep or config.keep)
    audit = _audit(repository, config, work if named is None else None)
    found = load_rulings(audit, asked=bool(rules.releases.need), today=date.today())
    place = _decisions(repository, base, work, config, audit, wishes)
    decisions, strange = _decided(place, asked=wishes.decisions is not None)
    return Basis(
        config=replace(config, exclude=(*config.exclude, *config.hook.exclude, *wishes.exclude)),
        policy=rules,
        people=tuple(load_people(people_files(audit))),
        rulings=replace(found, decisions=decisions),
        origin=origin,
        files=frozenset(files),
        strange=strange,
    )


def _committed(repository: Repository, base: str | None, work: Path) -> tuple[Config, str]:
    """The configuration in the root of the tree of `base`, and `REVISION:NAME`."""
    for name in _FILES if base is not None else ():
        assert base is not None  # the loop is empty without one
        copy = _copy(repository, base, name, work / name)
        if copy is None:
            continue
        if name != CONFIG_NAME and _TABLE.search(copy.read_bytes()) is None:
            continue
        origin = f"{base[:12]}:{name}"
        try:
            return load_config(copy), origin
        except ScrubError as error:
            words = [text.replace(str(copy), origin) for text in (error.what, error.why, error.fix)]
            raise UsageError(*words) from error
    return Config(), ""


def _copy(repository: Repository, base: str, name: str, to: Path) -> Path | None:
    """A file of the tree of `base`, copied to `to`; None when it is not there."""
    oid = None if name.startswith("../") else repository.resolve(f"{base}:{name}")
    if oid is None:
        return None
    to.write_bytes(repository.run("cat-file", "blob", oid))
    return to


def _decisions(
    repository: Repository,
    base: str | None,
    work: Path,
    config: Config,
    audit: Path,
    wishes: Wishes,
) -> Path:
    """The file of decisions: the work tree's as it is now, else that of the base."""
    if wishes.decisions is not None:
        return wishes.decisions
    named = config.decisions
    if named is None:
        return audit / DECISIONS
    if wishes.config is not None or not named.is_relative_to(work):
        return named
    below, top = named.relative_to(work), repository.top()
    if top is not None and (top / below).is_file():
        return top / below
    copy = work / DECISIONS
    found = _copy(repository, base, below.as_posix(), copy) if base is not None else None
    return found or copy


def _decided(place: Path, *, asked: bool) -> tuple[Decisions, str]:
    """What a person has decided. A whole list of another key counts as none, and is named."""
    if not place.is_file():
        return NO_DECISIONS, ""
    try:
        return read_decisions(place, load_key()[0].decisions_key), ""
    except OtherKey:
        if asked:
            raise
        return NO_DECISIONS, shown(place)


def _audit(repository: Repository, config: Config, work: Path | None) -> Path:
    """The audit folder of the repository, where private lists are: as for the main job."""
    top = repository.top() or repository.git_dir
    if config.audit_dir is None:
        return top.with_name(f"{top.name}.audit")
    if work is not None and config.audit_dir.is_relative_to(work):
        return top / config.audit_dir.relative_to(work)
    return config.audit_dir
