"""What a scan says about a change as a whole: which files stop it, and what was not looked at."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scrubber.git.commits import is_personal, names_machine, said
from scrubber.git.entries import SUBMODULE, Entry
from scrubber.git.judge import known_values
from scrubber.git.objects import Objects, missing
from scrubber.git.paths import entities_in, judge_path
from scrubber.git.pushed import Pushed
from scrubber.git.repository import GitFailed, Repository
from scrubber.git.rules import Basis
from scrubber.git.scan import MESSAGE, Scan, Want, held, want_of
from scrubber.git.settings import BLOCK, IGNORE
from scrubber.git.verdicts import CLEAN, FOUND, HELD, Verdict
from scrubber.git.wishes import Progress
from scrubber.junk import AUDIT_MARKER, exclusion
from scrubber.seeds import listed_seeds

FILE, WORDS, NAME = "file", "words", "name"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that is not clean. `path` is surrogateescape-decoded, below the root."""

    path: str
    kind: str  # file, words (a message or note), name
    verdict: Verdict
    blocks: bool
    commits: tuple[str, ...] = ()
    oid: str = ""


@dataclass(slots=True)
class Addresses:
    """Addresses of people in commits and tags: how many, in how many of them. None is told."""

    personal: int = 0
    machine: int = 0  # made from the name of a computer
    commits: int = 0


@dataclass(slots=True)
class Report:
    """The whole answer. `files` counts paths; `inside` those that were looked into."""

    hits: list[Hit] = field(default_factory=list)
    files: int = 0
    inside: int = 0
    looked: int = 0  # judged now, not known before
    excluded: list[str] = field(default_factory=list)
    submodules: list[str] = field(default_factory=list)
    rules_changed: list[str] = field(default_factory=list)
    addresses: Addresses = field(default_factory=Addresses)
    addresses_block: bool = False
    not_checked: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    origin: str = ""
    decided: int = 0  # places that a person decided to keep
    strange: str = ""  # decisions that nobody can read here

    @property
    def exit_code(self) -> int:
        """0 may pass, 1 something would be taken out, 3 something was not looked into."""
        stops = [hit for hit in self.hits if hit.blocks]
        if self.addresses_block or any(hit.verdict.outcome == FOUND for hit in stops):
            return 1
        return 3 if stops else 0


def examine(
    repository: Repository,
    basis: Basis,
    work: Path,
    change: Pushed,
    *,
    jobs: int = 0,
    progress: Progress | None = None,
) -> Report:
    """Judges everything in `change`. Raises GitFailed when it cannot be done."""
    rules = basis.config.hook
    report = Report(commits=len(change.commits), origin=basis.origin, strange=basis.strange)
    scan = Scan(repository, basis, work, jobs, progress)
    rows = _rows(report, basis, change.entries)
    texts = _texts(change) if rules.messages != IGNORE else []
    named = _by_name(rows)
    decisions = basis.rulings.decisions
    wants = {row: want_of(row, decisions) for row in rows if row not in named}
    verdicts = scan.judge([*wants.values(), *(want for _, want in texts)])
    for row, commits in rows.items():
        verdict = named[row] if row in named else verdicts[wants[row]]
        _add(report, basis, row, verdict, commits)
    for label, want in texts:
        verdict = verdicts[want]
        if verdict.outcome != CLEAN:
            hit = Hit(label, WORDS, verdict, rules.messages == BLOCK, oid=want.oid)
            report.hits.append(hit)
    if rules.names != IGNORE:
        _names(report, basis, rows)
    if rules.author_email != IGNORE:
        report.addresses = _addresses(repository, [*change.commits, *change.tags])
        found = report.addresses.personal + report.addresses.machine
        report.addresses_block = bool(found) and rules.author_email == BLOCK
    for oid in change.missing:
        report.hits.append(_lost(oid))
        report.files += 1
    report.looked = scan.looked
    return report


Rows = dict[Entry, tuple[str, ...]]
"""Every path and object once (no commit in the entry), with the commits that put it there."""


def _rows(report: Report, basis: Basis, entries: Iterable[Entry]) -> Rows:
    """Counts, and sets apart what is not judged: submodules and what the rules leave out."""
    leave = [exclusion(pattern) for pattern in basis.config.exclude]
    commits: dict[Entry, dict[str, None]] = {}
    for row in entries:
        if row.unmerged:
            raise GitFailed(
                f"{os.fsdecode(row.path)} is not merged yet, so nobody knows what it will hold.",
                fix="Resolve the conflict and `git add` it.",
            )
        once = Entry(row.path, row.mode, row.oid)
        commits.setdefault(once, {})[row.commit] = None
    rows: Rows = {}
    changed: dict[str, None] = {}
    for row, seen in commits.items():
        path = os.fsdecode(row.path)
        report.files += 1
        if row.path in basis.files:
            changed[path] = None
        if row.mode == SUBMODULE:
            report.submodules.append(path)
        elif _fits(leave, path):
            report.excluded.append(path)
        else:
            rows[row] = tuple(oid for oid in seen if oid)
    report.rules_changed = list(changed)
    return rows


def _fits(patterns: Sequence[re.Pattern[str]], path: str) -> bool:
    return any(pattern.fullmatch(path) for pattern in patterns)


def _by_name(rows: Rows) -> dict[Entry, Verdict]:
    """Verdicts that follow from the path alone; all that lies in an audit folder has one."""
    marker = os.fsencode(AUDIT_MARKER)
    folders = tuple(row.path.removesuffix(marker) for row in rows if _leaf(row) == marker)
    private = judge_path(AUDIT_MARKER)
    found: dict[Entry, Verdict] = {}
    for row in rows:
        inside = bool(folders) and row.path.startswith(folders)
        if verdict := private if inside else judge_path(os.fsdecode(row.path)):
            found[row] = verdict
    return found


def _leaf(row: Entry) -> bytes:
    return row.path.rpartition(b"/")[2]


def _add(
    report: Report, basis: Basis, row: Entry, verdict: Verdict, commits: tuple[str, ...]
) -> None:
    if verdict.outcome != HELD and not verdict.code:
        report.inside += 1
        report.not_checked.update(verdict.not_checked)
        report.decided += verdict.decided
    if verdict.outcome == CLEAN:
        return
    rules = basis.config.hook
    blocks = (rules.held if verdict.outcome == HELD else BLOCK) == BLOCK
    if verdict.guesses and rules.guesses != BLOCK:
        blocks = False
    path = os.fsdecode(row.path) or f"object {row.oid[:12]}"
    report.hits.append(Hit(path, FILE, verdict, blocks, commits, row.oid))


def _texts(change: Pushed) -> list[tuple[str, Want]]:
    """Messages and notes, with the words by which they are shown."""
    found = [(f"message of commit {oid[:10]}", Want(oid, MESSAGE)) for oid in change.commits]
    found += [(f"message of tag {oid[:10]}", Want(oid, MESSAGE)) for oid in change.tags]
    found += [
        (f"note on {os.fsdecode(row.path).replace('/', '')[:10]}", Want(row.oid, MESSAGE))
        for row in change.notes
        if row.mode != SUBMODULE
    ]
    return found


def _names(report: Report, basis: Basis, rows: Rows) -> None:
    known = known_values(basis.policy, listed_seeds(basis.people))
    seen: dict[str, tuple[str, ...]] = {}
    for row, commits in rows.items():
        path = os.fsdecode(row.path)
        if path not in seen and (found := entities_in(path, known)):
            seen[path] = found
            verdict = Verdict(FOUND, entities=tuple((name, 1) for name in found))
            blocks = basis.config.hook.names == BLOCK
            report.hits.append(Hit(path, NAME, verdict, blocks, commits))


def _addresses(repository: Repository, oids: Sequence[str]) -> Addresses:
    personal: set[bytes] = set()
    machine: set[bytes] = set()
    commits = 0
    with Objects(repository) as objects:
        for oid in oids:
            found = [one for one in said(objects.read(oid)[1]).addresses if is_personal(one)]
            machine.update(one for one in found if names_machine(one))
            personal.update(one for one in found if not names_machine(one))
            commits += bool(found)
    return Addresses(len(personal), len(machine), commits)


def _lost(oid: str) -> Hit:
    return Hit(f"object {oid[:12]}", FILE, held(missing(oid)), True, oid=oid)
