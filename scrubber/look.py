"""Looks at one file and says what it gives away. Reads only; nothing is written or learnt."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from scrubber.bench import Bench
from scrubber.companions import classify_companion
from scrubber.errors import Held
from scrubber.identify import identify
from scrubber.lines import lines_at
from scrubber.model import Action, Item
from scrubber.nesting import Budget, Parsed, parse
from scrubber.plan import Found, Plan, plan, removed_by_part
from scrubber.source import FileSource
from scrubber.texts import Masker, has_passages, learn, refuse_foreign


@dataclass(frozen=True, slots=True)
class Look:
    """What a file is and what stands in it. `held` says why it could not be cleaned.

    `lines` tells line and column of what begins at a byte of a text, `sizes` the bytes of what
    would leave, by the path of its part, and `unlooked` what nobody looked for. `left_out` says why
    a file that only describes others stays out of a batch.
    """

    path: str
    size: int
    container: str
    label: str
    found: tuple[Found, ...]
    held: Held | None = None
    lines: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)
    unlooked: tuple[str, ...] = ()
    left_out: str = ""


def look(bench: Bench, path: str) -> Look:
    """Raises Held when the file cannot be read at all."""
    with FileSource(path) as source:
        row = identify(source, os.path.basename(path)).container
        head = source.read(0, min(source.size, 1 << 16))
        companion = classify_companion(Item(0, "", path, source.size), head)
        if companion is not None:
            return Look(path, source.size, row.name, row.label, (), left_out=companion.why)
        try:
            parsed, made = _planned(bench, source, row.name)
        except Held as error:
            return Look(path, source.size, row.name, row.label, (), error)
        found = tuple(made.found)
        lines = lines_at(source, [one.at for one in found]) if row.textual else {}
        sizes = dict(removed_by_part(parsed, made.joined)) if made.joined is not None else {}
        unlooked = tuple(dict.fromkeys(parsed.ledger.not_checked))
        return Look(
            path, source.size, row.name, row.label, found,
            lines=lines, sizes=sizes, unlooked=unlooked,
        )  # fmt: skip


def _planned(bench: Bench, source: FileSource, name: str) -> tuple[Parsed, Plan]:
    from scrubber.containers import table

    limits = bench.setup.policy.limits
    budget = Budget(limits.max_depth, limits.unpacked(max(source.size, 1 << 20)))
    parsed = parse(source, table()[name], budget)
    if not has_passages(parsed):
        return parsed, plan(parsed, _everything)
    text = bench.text
    learnt = learn(parsed, text, _mask, text.language_of, text.languages, "")
    refuse_foreign(learnt)
    masker = Masker(_mask, _mask, text.placeholder, None, text.merge, lambda *_: [], "")
    return parsed, plan(parsed, _everything, masker.masks(parsed, learnt.spans).by_container)


def _everything(entity: str, value: bytes = b"") -> Action:
    return Action.DROP


def _mask(entity: str, value: bytes = b"") -> Action:
    return Action.EDIT
