"""Where in the output that stands which a person decided to keep.

Whoever looks at the output afterwards, detectors, sweep and second reader, must find nothing
but that. The second reader stays as it is: it is shown the output with the kept places
blanked, so that all it still finds is elsewhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scrubber.join import Joined
from scrubber.judged import alike
from scrubber.model import Source

_NUMBER = frozenset("0123456789+-.eE")


@dataclass(frozen=True, slots=True)
class Place:
    """Bytes [start, end) of a text that hold a kept value of `entity`."""

    start: int
    end: int
    entity: str


def in_output(joined: Joined, places: Iterable[Place]) -> list[Place]:
    """The same places in what `joined` writes, sorted; those that did not stay are left out."""
    runs: list[tuple[int, int, int]] = []  # first and last byte of the source, place in the output
    at = 0
    for piece in joined.pieces:
        if isinstance(piece, bytes):
            at += len(piece)
        else:
            runs.append((piece[0], piece[1], at))
            at += piece[1] - piece[0]
    runs.sort()
    starts = [run[0] for run in runs]

    def moved(position: int) -> int:
        """The place of one byte of the source, -1 if it did not stay."""
        index = bisect_right(starts, position) - 1
        if index < 0 or position >= runs[index][1]:
            return -1
        return runs[index][2] + position - runs[index][0]

    found: list[Place] = []
    for place in places:
        start, last = moved(place.start), moved(place.end - 1)
        if 0 <= start <= last:
            found.append(Place(start, last + 1, place.entity))
    return sorted(found, key=lambda place: (place.start, place.end, place.entity))


def covers(places: Sequence[Place], start: int, end: int, entity: str = "") -> bool:
    """Does one of `places` hold [start, end)? With `entity`, does one touch it and say alike?"""
    if entity:
        return any(p.start < end and start < p.end and alike(p.entity, entity) for p in places)
    return any(p.start <= start and end <= p.end for p in places)


class Blanked:
    """A text whose kept places read as letters or digits that say nothing, byte for byte."""

    def __init__(self, under: Source, places: Sequence[Place]) -> None:
        from scrubber.formats.charset import charset_of  # a run without decisions needs it not

        self.size = under.size
        self._under = under
        codec = charset_of(under).codec
        self._fill = [(p.start, p.end, _filler(under, p, codec)) for p in places]

    def read(self, offset: int, n: int) -> bytes:
        data = bytearray(self._under.read(offset, n))
        for start, end, fill in self._fill:
            low, high = max(start, offset), min(end, offset + n)
            if low < high:
                data[low - offset : high - offset] = fill[low - start : high - start]
        return bytes(data)


def _filler(under: Source, place: Place, codec: str) -> bytes:
    size = place.end - place.start
    text = under.read(place.start, size).decode(codec, "replace")
    one = ("1" if _NUMBER.issuperset(text) else "x").encode(codec)
    return one * (size // len(one))
