"""Texts of an SVG picture as passages: what one text element says, across its tags.

A span that takes in a tag grows to whole elements, so that what is masked leaves markup that
still closes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.formats.encoded_runs import positions
from scrubber.formats.invisible import invisible_runs
from scrubber.formats.passages import Unit, Written, markup_write, merged, read_units
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role

_CELL = Context("cell")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_LINE = re.compile(r"[ \t]*\r?\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Lettering:
    """One passage; `elements` are (start, content, close, end) of the elements in it, in bytes."""

    written: Written
    elements: tuple[tuple[int, int, int, int], ...]

    @property
    def text(self) -> str:
        return self.written.text

    @property
    def context(self) -> Context:
        return self.written.context

    @property
    def part(self) -> int:
        return self.written.part

    @property
    def where(self) -> str:
        return self.written.where

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Byte range of the read characters, grown to whole elements."""
        low, high = self.written.locate(start, end)
        changed = True
        while changed:
            changed = False
            for first, content, close, last in self.elements:
                cut = (low < content and high > first) or (low < last and high > close)
                if cut and (low > first or high < last):
                    low, high, changed = min(low, first), max(high, last), True
        return low, high

    def encode(self, text: str) -> bytes:
        return self.written.encode(text)


@dataclass(slots=True)
class Letters:
    """Gathers the text elements of one picture."""

    data: bytes
    part: PartId
    rows: list[Lettering] = field(default_factory=list)
    _tags: list[tuple[int, int, str]] = field(default_factory=list)
    _open: list[tuple[int, int]] = field(default_factory=list)
    _elements: list[tuple[int, int, int, int]] = field(default_factory=list)

    def tag(
        self, start: int, end: int, *, opens: bool = False, closes: bool = False,
        moved: bool = False,
    ) -> None:  # fmt: skip
        """A tag, or something that goes, in a text element; `moved` text begins a new line."""
        self._tags.append((start, end, "\n" if moved else ""))
        if opens:
            self._open.append((start, end))
        elif closes:
            self._elements.append((*self._open.pop(), start, end))

    def finish(self, start: int, end: int, ledger: Ledger) -> None:
        """The outermost text element, whose content is [start, end), has closed."""
        tags = [row for row in self._tags if start <= row[0] and row[1] <= end]
        elements = tuple(row for row in self._elements if start <= row[0] and row[3] <= end)
        self._tags, self._elements = [], []
        raw = self.data[start:end].decode("utf-8")
        counts = _characters(raw, start, sorted({edge for row in tags for edge in row[:2]}))
        marks = tuple(Unit(counts[low], counts[high], text) for low, high, text in tags)
        gone = _outside(invisible_runs(raw), marks)
        where = positions(raw, start, "utf-8", [edge for span in gone for edge in span])
        for low, high in gone:
            ledger.leaf(
                self.part, "invisible characters", Role.PRIVATE, where[low], where[high],
                entity="INVISIBLE_TEXT",
            )  # fmt: skip
        references = tuple(
            Unit(*match.span(), html.unescape(match[0])) for match in _REFERENCE.finditer(raw)
        )
        lines = tuple(Unit(*match.span(), " ") for match in _LINE.finditer(raw))
        hidden = tuple(Unit(low, high, "") for low, high in gone)
        units = merged(marks, merged(hidden, merged(references, lines)))
        text = read_units(raw, units)
        if text.strip():
            line = self.data.count(b"\n", 0, start) + 1
            written = Written(
                text, _CELL, self.part, f"text, line {line}", start, raw, "utf-8",
                markup_write("utf-8"), units,
            )  # fmt: skip
            self.rows.append(Lettering(written, elements))

    def passages(self) -> Iterator[Lettering]:
        return iter(self.rows)


def _characters(raw: str, at: int, wanted: list[int]) -> dict[int, int]:
    """Byte position → character index, for sorted positions."""
    data = raw.encode("utf-8")
    found: dict[int, int] = {}
    count = last = 0
    for position in wanted:
        count += len(data[last : position - at].decode("utf-8"))
        last = position - at
        found[position] = count
    return found


def _outside(spans: list[tuple[int, int]], marks: tuple[Unit, ...]) -> list[tuple[int, int]]:
    return [
        (low, high)
        for low, high in spans
        if not any(low < mark.end and high > mark.start for mark in marks)
    ]
