"""Where a long text is cut, so that the encoder sees it in parts of bounded length.

Parts end after a sentence where there is one, and overlap: every word is judged in the part
in which it stands farther from a cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ENDS = frozenset(".!?\u3002\uff01\uff1f")
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """Words [first, last) are shown, and those of [low, high) are judged here."""

    first: int
    last: int
    low: int
    high: int


def ends_of(text: str, starts: Counts, ends: Counts) -> NDArray[np.bool_]:
    """After which words a sentence or a line ends."""
    made = np.zeros(len(starts), bool)
    begins: Sequence[int] = starts.tolist()
    last = len(made) - 1
    for at, end in enumerate(ends.tolist()):
        if at == last:
            made[at] = True
        elif text[end - 1] in ENDS:
            made[at] = begins[at + 1] > end  # "3.5" and "e.g" end nothing
        else:
            made[at] = "\n" in text[end : begins[at + 1]]
    return made


def parts(pieces: Counts, stops: NDArray[np.bool_], room: int, overlap: int) -> Iterator[Part]:
    """The parts of a text whose words have so many `pieces`, none above `room`.

    A part is at most `room` pieces long and begins about `overlap` pieces before the end of
    the one before. Together the judged ranges are all words, once each.
    """
    total = len(pieces)
    sums = np.concatenate([[0], np.cumsum(pieces)])
    first = low = 0
    while low < total:
        last = int(np.searchsorted(sums, sums[first] + room, side="right")) - 1
        if last >= total:
            yield Part(first, total, low, total)
            return
        half = int(np.searchsorted(sums, sums[first] + room // 2, side="left"))
        places = np.flatnonzero(stops[half : last - 1])
        if len(places):
            last = half + int(places[-1]) + 1
        following = int(np.searchsorted(sums, sums[last] - overlap, side="left"))
        following = min(max(following, first + 1), last)
        high = max(following + (last - following) // 2, low + 1)
        yield Part(first, last, low, high)
        first, low = following, high
