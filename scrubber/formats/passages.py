"""Passages: what detectors read, with the way back to the bytes that say it.

A passage is a stretch of decoded file text (`raw`) in which some runs read otherwise than
they are written: an escape is one character, an invisible run is none. These are its
units; everything between them reads as it stands. `locate` goes from read characters to
written characters by bisection, and from there to bytes through the codec.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.model import Context

_STEP = 4096


class Unit(NamedTuple):
    """Written characters [start, end) of `raw` that read as `text`."""

    start: int
    end: int
    text: str


Write = Callable[[str], bytes]

_PLAIN = Context()


def read_units(raw: str, units: tuple[Unit, ...]) -> str:
    """`raw` as it reads."""
    if not units:
        return raw
    pieces, at = [], 0
    for unit in units:
        pieces.append(raw[at : unit.start])
        pieces.append(unit.text)
        at = unit.end
    pieces.append(raw[at:])
    return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Written:
    """A passage (see scrubber.model.Passage) over `raw`, whose first character is at byte `at`.

    `codec` is stateless: utf-8, utf-16-le, utf-16-be, cp1252 or latin-1. `write` turns a
    replacement into bytes for this place; `whole` grows every span to the whole of `raw`.
    """

    text: str
    context: Context
    part: int
    where: str
    at: int
    raw: str
    codec: str
    write: Write
    units: tuple[Unit, ...] = ()
    whole: bool = False
    _marks: list[int] = field(default_factory=list, compare=False, repr=False)
    _reads: list[int] = field(default_factory=list, compare=False, repr=False)

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Byte range of the read characters [start, end), grown to whole units."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"[{start}, {end}) is outside a passage of {len(self.text)}")
        if self.whole:
            return self.at, self._byte(len(self.raw))
        low = self._begin(start)
        high = self._close(end) if end > start else low
        return self._byte(low), self._byte(high)

    def encode(self, text: str) -> bytes:
        return self.write(text)

    def _anchors(self) -> list[int]:
        """Where each unit begins in the read text."""
        if not self._reads:
            shift = 0
            for unit in self.units:
                self._reads.append(unit.start + shift)
                shift += len(unit.text) - (unit.end - unit.start)
        return self._reads

    def _begin(self, position: int) -> int:
        """The written character at which the read character `position` begins."""
        if not self.units:
            return position
        index = bisect_right(self._anchors(), position) - 1
        if index < 0:
            return position
        unit = self.units[index]
        inside = position - self._reads[index]
        if inside < len(unit.text):
            return unit.start
        return unit.end + inside - len(unit.text)

    def _close(self, position: int) -> int:
        """The written character after the read character before `position`."""
        if not self.units:
            return position
        index = bisect_right(self._anchors(), position - 1) - 1
        if index < 0:
            return position
        unit = self.units[index]
        inside = position - self._reads[index]
        if inside <= len(unit.text):
            return unit.end
        return unit.end + inside - len(unit.text)

    def _byte(self, position: int) -> int:
        """The byte at which the written character `position` begins."""
        if self.codec in ("cp1252", "latin-1") or (self.codec == "utf-8" and self.raw.isascii()):
            return self.at + position
        if not self._marks:
            total = 0
            for at in range(0, len(self.raw), _STEP):
                self._marks.append(total)
                total += len(self.raw[at : at + _STEP].encode(self.codec))
            self._marks.append(total)
        block = position // _STEP
        rest = self.raw[block * _STEP : position].encode(self.codec)
        return self.at + self._marks[min(block, len(self._marks) - 1)] + len(rest)


def plain_write(codec: str) -> Write:
    """A replacement as it is; characters that the codec lacks become `?`."""
    return lambda text: text.encode(codec, "replace")


def json_write(codec: str, ascii_only: bool, *, quoted: bool = False) -> Write:
    """A replacement inside a JSON string (RFC 8259 §7), with its quotes when it was no string."""

    def write(text: str) -> bytes:
        body = json.dumps(text, ensure_ascii=ascii_only)
        return (body if quoted else body[1:-1]).encode(codec, "replace")

    return write


def cell_write(codec: str, delimiter: str, quoted: bool) -> Write:
    """A replacement in a CSV cell (RFC 4180 §2); an unquoted one gets quotes only if it must."""

    def write(text: str) -> bytes:
        if quoted:
            body = text.replace('"', '""')
        elif text[:1] == '"' or any(mark in text for mark in (delimiter, "\r", "\n")):
            body = '"' + text.replace('"', '""') + '"'
        else:
            body = text
        return body.encode(codec, "replace")

    return write


def markup_write(codec: str) -> Write:
    """A replacement in text where & and < begin markup (WebVTT §4.2.2)."""

    def write(text: str) -> bytes:
        return text.replace("&", "&amp;").replace("<", "&lt;").encode(codec, "replace")

    return write


def cut(
    raw: str, at: int, codec: str, limit: int, stops: Callable[[str], int]
) -> Iterator[tuple[int, int, int]]:
    """Pieces (start, end, byte) of `raw` of at most `limit` characters.

    `stops` says where, in a stretch of `limit` characters, the best place to stop is.
    """
    start = 0
    while start < len(raw):
        end = len(raw)
        if end - start > limit:
            end = start + max(stops(raw[start : start + limit]), 1)
        yield start, end, at
        at += len(raw[start:end].encode(codec))
        start = end


def merged(*groups: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Units of several kinds in order; one that overlaps an earlier one gives way."""
    found: list[Unit] = []
    for unit in sorted(unit for group in groups for unit in group):
        if not found or unit.start >= found[-1].end:
            found.append(unit)
    return tuple(found)
