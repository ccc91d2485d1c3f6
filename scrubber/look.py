"""Looks at one file and says what it gives away. Reads only; nothing is written or learnt."""

from __future__ import annotations

import os
from dataclasses import dataclass

from scrubber.bench import Bench
from scrubber.errors import Held
from scrubber.identify import identify
from scrubber.model import Action
from scrubber.nesting import Budget, parse
from scrubber.plan import Found, plan
from scrubber.source import FileSource
from scrubber.texts import Masker, has_passages, learn


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is and what stands in it. `held` says why it could not be cleaned."""

    path: str
    size: int
    container: str
    label: str
    found: tuple[Found, ...]
    held: Held | None = None


def look(bench: Bench, path: str) -> Look:
    """Raises Held when the file cannot be read at all."""
    with FileSource(path) as source:
        row = identify(source, os.path.basename(path)).container
        try:
            found = _found(bench, source, row.name)
        except Held as error:
            return Look(path, source.size, row.name, row.label, (), error)
        return Look(path, source.size, row.name, row.label, tuple(found))


def _found(bench: Bench, source: FileSource, name: str) -> list[Found]:
    from scrubber.containers import table

    limits = bench.setup.policy.limits
    budget = Budget(limits.max_depth, limits.unpacked(max(source.size, 1 << 20)))
    parsed = parse(source, table()[name], budget)
    if not has_passages(parsed):
        return plan(parsed, _everything).found
    text = bench.text
    learnt = learn(parsed, text, _mask, text.language_of, text.languages, "")
    masker = Masker(_mask, _mask, text.placeholder, None, text.merge, lambda *_: [], "")
    masks, _ = masker.masks(parsed, learnt.spans)
    return plan(parsed, _everything, masks).found


def _everything(entity: str, value: bytes = b"") -> Action:
    return Action.DROP


def _mask(entity: str, value: bytes = b"") -> Action:
    return Action.EDIT
