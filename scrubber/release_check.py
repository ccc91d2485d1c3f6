"""What is wrong with the releases themselves, and what they cover and do not cover."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial

from scrubber.consent import ReleaseRules, flaw, needs
from scrubber.containers import by_suffix, suffix_of
from scrubber.errors import Held
from scrubber.identify import identify
from scrubber.model import Item
from scrubber.path_globs import covered
from scrubber.rulings import Release, Rulings
from scrubber.source import FileSource, sha256_of

SEEN = ReleaseRules(need=("image/*", "audio/*", "video/*"))
"""What people can be seen or heard in: looked at where the policy asks for nothing."""


@dataclass(slots=True)
class Coverage:
    """Files for each release, files that need one and have none, and how many were looked at."""

    files: dict[str, int] = field(default_factory=dict)
    bare: list[str] = field(default_factory=list)
    looked: int = 0


def state(release: Release, rulings: Rulings, purpose: str = "") -> str:
    """Why a release is not in force, for `purpose` or for anything at all; "" if it is."""
    if not release.scope:
        return flaw(release, "", rulings) if release.revoked else "it allows nothing: no scope"
    return flaw(release, purpose or release.scope[0], rulings)


def problems(rulings: Rulings, purpose: str = "") -> list[tuple[str, str]]:
    """(id, what is wrong) in the order of the list; `purpose` is what the policy wants."""
    known = {row.id: row for row in rulings.releases}
    found: list[tuple[str, str]] = []
    for row in rulings.releases:
        if text := state(row, rulings, purpose):
            found.append((row.id, text))
        if row.kind != "guardian" and not row.covers:
            found.append((row.id, "it covers nothing: no globs"))
        if row.replaces and row.replaces not in known:
            found.append((row.id, f"it replaces {row.replaces}, which is not in the list"))
    return found


def coverage(items: Iterable[Item], rulings: Rulings, rules: ReleaseRules) -> Coverage:
    """Which release covers which files, by path and kind. Opens a file only if its name says
    nothing of its kind."""
    found = Coverage({row.id: 0 for row in rulings.releases})
    for item in items:
        if rulings.is_document(item.size, partial(_sha256, item)):
            continue
        found.looked += 1
        over = [row for row in rulings.releases if covered(row.covers, item.path)]
        media_type = media_type_of(item)
        for row in over:
            found.files[row.id] += 1
        asked = needs(rules, item.path, media_type)
        if any(not any(row.kind in kinds for row in over) for kinds in asked):
            found.bare.append(item.path)
    return found


def media_type_of(item: Item) -> str:
    """By the suffix, else by content; "" for what cannot be read."""
    rows = by_suffix().get(suffix_of(item.path), ())
    if rows:
        return rows[0].media_type
    try:
        with FileSource(os.path.join(item.root, item.path)) as source:
            return identify(source, os.path.basename(item.path)).container.media_type
    except Held:
        return ""


def _sha256(item: Item) -> str:
    try:
        with FileSource(os.path.join(item.root, item.path)) as source:
            return sha256_of(source)
    except Held:
        return ""
