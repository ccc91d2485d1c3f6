"""A copy of a text in which some runs read otherwise, with the way back to the original."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Traced:
    """`text` is the copy; `back` turns its code points into those of the original."""

    text: str
    anchors: array[int] | None = None  # where each run begins in the copy; None: one to one
    origins: array[int] | None = None  # where it begins in the original
    widths: array[int] | None = None  # original length of a run that is one unit, else 0

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Original range of code points [start, end) of the copy, start < end, in whole units."""
        if self.anchors is None:
            return start, end
        return self._origin(start, False), self._origin(end - 1, True)

    def _origin(self, at: int, after: bool) -> int:
        assert self.anchors is not None
        assert self.origins is not None
        assert self.widths is not None
        run = bisect_right(self.anchors, at) - 1
        if self.widths[run]:
            return self.origins[run] + (self.widths[run] if after else 0)
        return self.origins[run] + at - self.anchors[run] + after


class Tracing:
    """Makes a copy run by run, in order."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._size = 0
        self._anchors: array[int] = array("q")
        self._origins: array[int] = array("q")
        self._widths: array[int] = array("q")

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    def plain(self, shown: str, start: int) -> None:
        """`shown` has as many characters as the run of the original from `start`."""
        self._run(shown, start, 0)

    def unit(self, shown: str, start: int, end: int) -> None:
        """`shown` stands for the whole of [start, end): a hit in it takes all of that."""
        self._run(shown, start, end - start)

    def traced(self, text: str) -> Traced:
        """The copy, which reads `text`, as long as what was put in."""
        return Traced(text, self._anchors, self._origins, self._widths)

    def _run(self, shown: str, origin: int, width: int) -> None:
        if shown:
            self._pieces.append(shown)
            self._anchors.append(self._size)
            self._origins.append(origin)
            self._widths.append(width)
            self._size += len(shown)
