"""What detectors see in the passages of a file, its columns judged as columns.

The first pass goes over all passages and counts; what a count must decide waits for its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from detectors.columns import Columns, is_missing
from detectors.placeholders import PLACEHOLDER, without_placeholders
from scrubber.memo import Hit
from scrubber.model import Context, Passage
from scrubber.nesting import Parsed

BATCH = 64
COLUMN = "column"
_MOST_WAITING = 10_000  # cells; what comes after them counts as found
Row = tuple[int, int, str, Parsed, Passage]
_CELLS = frozenset(("cell", "number", "prose"))


class Detector(Protocol):
    def detect(
        self, texts: Sequence[str], contexts: Sequence[Context]
    ) -> Sequence[Sequence[Hit]]: ...


@dataclass(frozen=True, slots=True)
class WholeHit:
    """A whole passage that its column, its key or a list makes private."""

    start: int
    end: int
    entity: str
    score: float = 0.9
    detector: str = "label"
    weak: bool = False


def _with_label(passage: Passage, hits: Iterable[Hit]) -> list[Hit]:
    label = passage.context.private_label
    text = passage.text
    if label and not is_masked(text):
        return [_whole(text, label, "label")]
    return list(hits)


def passages_of(
    parsed: Parsed, masked: Callable[[int, Passage], None] | None = None
) -> Iterator[Row]:
    """Every passage of the tree, with its container, the numbers of both and the path prefix.

    What is masked already is left out, and shown to `masked` with the number of its container.
    """
    for number, (prefix, child) in enumerate(parsed.walk()):
        if child.ledger.passages is not None:
            for index, passage in enumerate(child.ledger.passages()):
                if is_masked(passage.text):
                    if masked is not None:
                        masked(number, passage)
                else:
                    yield number, index, prefix, child, passage


def is_masked(text: str) -> bool:
    """True if nothing but placeholders is left to read."""
    return not any(character.isalnum() for character in without_placeholders(text))


def looked(parsed: Parsed, detector: Detector) -> Iterator[tuple[Row, list[Hit], bool]]:
    """Every passage with what was found in it; then some again, with what their columns say.

    The last of the three says "again". A cell is a cell of a column if its context names one.
    """
    columns = Columns()
    waiting: list[tuple[Row, list[Hit]]] = []

    def masked(number: int, passage: Passage) -> None:
        if passage.context.column and (one := PLACEHOLDER.fullmatch(passage.text.strip())):
            entity = one.group().removeprefix("[").rpartition("-")[0]
            key = number, passage.context.column
            columns.see_masked(key, passage.context.label, passage.text, entity)

    rows = passages_of(parsed, masked)
    while batch := list(islice(rows, BATCH)):
        found = detector.detect([row[4].text for row in batch], [row[4].context for row in batch])
        for row, seen in zip(batch, found, strict=True):
            hits = _with_label(row[4], seen)
            later = _seen(columns, row, hits)
            if later and len(waiting) < _MOST_WAITING:
                waiting.append((row, later))
                hits = [hit for hit in hits if hit not in later]
            yield row, hits, False
    for row, later in waiting:
        if not columns.are_accidents((row[0], row[4].context.column)):
            yield row, later, True
    private = columns.private()
    for row in passages_of(parsed) if private else ():
        entity = private.get((row[0], row[4].context.column))
        if entity and _is_cell(row[4]) and not is_missing(row[4].text):
            yield row, [_whole(row[4].text, entity, COLUMN)], True


def _seen(columns: Columns, row: Row, hits: list[Hit]) -> list[Hit]:
    passage = row[4]
    if not _is_cell(passage):
        return []
    key, number = (row[0], passage.context.column), passage.context.kind == "number"
    return columns.see(key, passage.context.label, passage.text, hits, number)


def _is_cell(passage: Passage) -> bool:
    """A cell whose header does not decide for it."""
    context = passage.context
    return bool(context.column) and context.kind in _CELLS and not context.private_label


def _whole(text: str, entity: str, detector: str) -> WholeHit:
    start = len(text) - len(text.lstrip())
    return WholeHit(start, len(text.rstrip()), entity, detector=detector)
