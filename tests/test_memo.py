"""Looking once at what repeats."""

from __future__ import annotations

from collections.abc import Sequence

from detectors.spans import Span
from scrubber import memo
from scrubber.memo import Hit, Memo
from scrubber.model import Context


class Looker:
    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(
        self, texts: Sequence[str], contexts: Sequence[Context]
    ) -> Sequence[Sequence[Hit]]:
        self.seen += texts
        return [
            [Span(0, len(text), context.label or "PERSON", 1.0, "test")]
            for text, context in zip(texts, contexts, strict=True)
        ]


def test_equal_cells_are_looked_at_once_and_answered_in_order() -> None:
    look, remembered = Looker(), Memo()
    cell, other = Context(kind="cell", label="AGE"), Context(kind="cell", label="DATE")
    first = remembered.detect(["a", "bb", "a"], [cell, cell, cell], look)
    again = remembered.detect(["bb", "a", "a"], [cell, cell, other], look)
    assert look.seen == ["a", "bb", "a"]
    assert [hits[0].end for hits in first] == [1, 2, 1]
    assert [(hits[0].end, hits[0].entity) for hits in again] == [
        (2, "AGE"),
        (1, "AGE"),
        (1, "DATE"),
    ]


def test_room_is_bounded(monkeypatch) -> None:  # type: ignore[no-untyped-def]  # pytest's own fixture
    monkeypatch.setattr(memo, "ROOM", 1000)
    look, remembered = Looker(), Memo()
    for number in range(100):
        remembered.detect([f"text {number}"], [Context()], look)
    assert len(remembered._known) < 20
    long = "x" * (memo.LONGEST + 1)
    for _ in range(2):
        remembered.detect([long], [Context()], look)
    assert look.seen.count(long) == 2
