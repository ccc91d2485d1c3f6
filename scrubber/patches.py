"""New values of frame fields, laid over the runs of the output."""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from scrubber.errors import Damaged
from scrubber.layout import Piece
from scrubber.model import Source
from scrubber.source import blocks


class Patches:
    """Bytes by output position. They never change a length."""

    def __init__(self, runs: list[tuple[int, Piece]], size: int, source: Source) -> None:
        self._runs = runs
        self._starts = [start for start, _ in runs]
        self._size = size
        self._source = source
        self._data: dict[int, bytes] = {}
        self._order: list[int] = []
        self._settled = False

    def put(self, out: int, data: bytes) -> None:
        """`data` stands at `out`. Raises Damaged when two fields want the same byte."""
        while data:
            run = bisect.bisect_right(self._starts, out)
            end = self._starts[run] if run < len(self._starts) else self._size
            self._put(out, data[: end - out])
            out, data = end, data[end - out :]

    def _put(self, out: int, data: bytes) -> None:
        known = self._data.get(out)
        if known is not None:
            if known != data:
                raise _clash(out)
            return
        self._data[out] = data
        if not self._settled:
            self._order.append(out)
            return
        at = bisect.bisect_left(self._order, out)
        self._order.insert(at, out)
        self._check(at)
        if at + 1 < len(self._order):
            self._check(at + 1)

    def _settle(self) -> None:
        if not self._settled:
            self._settled = True
            self._order.sort()
            for index in range(1, len(self._order)):
                self._check(index)

    def _check(self, index: int) -> None:
        """The patch at `index` begins after the one before it ends."""
        if index:
            before = self._order[index - 1]
            if before + len(self._data[before]) > self._order[index]:
                raise _clash(self._order[index])

    def any_within(self, start: int, end: int) -> bool:
        self._settle()
        at = self._first(start)
        return at < len(self._order) and self._order[at] < end

    def _first(self, start: int) -> int:
        """Index of the first patch that ends after `start`."""
        at = bisect.bisect_left(self._order, start)
        if at and self._order[at - 1] + len(self._data[self._order[at - 1]]) > start:
            return at - 1
        return at

    def pieces(self, start: int = 0, end: int | None = None) -> list[Piece]:
        """The output [start, end) as pieces, neighbours merged."""
        self._settle()
        end = self._size if end is None else end
        merged = _Merged()
        at = self._first(start)
        for index in range(max(bisect.bisect_right(self._starts, start) - 1, 0), len(self._runs)):
            begin, piece = self._runs[index]
            if begin >= end:
                break
            cursor = max(begin, start)
            stop = min(begin + _length(piece), end)
            while at < len(self._order) and self._order[at] < stop:
                out = self._order[at]
                data = self._data[out]
                if out > cursor:
                    merged.add(_cut(piece, cursor - begin, out - begin))
                merged.add(data[max(start - out, 0) : stop - out])
                cursor = out + len(data)
                at += 1
            if cursor < stop:
                merged.add(_cut(piece, cursor - begin, stop - begin))
        return merged.finish()

    def content(self, start: int, end: int) -> Iterator[bytes]:
        """The output [start, end) in bounded blocks, with the patches known so far."""
        for piece in self.pieces(start, end):
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from blocks(self._source, piece[0], piece[1])


class _Merged:
    """Pieces in order, each as one with its neighbour where both are of one kind and adjacent."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []
        self._literal: list[bytes] = []

    def add(self, piece: Piece) -> None:
        if isinstance(piece, bytes):
            self._literal.append(piece)
            return
        self._flush()
        last = self._pieces[-1] if self._pieces else b""
        if isinstance(last, tuple) and last[1] == piece[0]:
            self._pieces[-1] = (last[0], piece[1])
        else:
            self._pieces.append(piece)

    def _flush(self) -> None:
        if self._literal:
            data = b"".join(self._literal)
            self._literal.clear()
            if data:
                self._pieces.append(data)

    def finish(self) -> list[Piece]:
        self._flush()
        return self._pieces


def _clash(out: int) -> Damaged:
    return Damaged(f"Two fields of the file share the byte that would stand at offset {out}.")


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]


def _cut(piece: Piece, low: int, high: int) -> Piece:
    if isinstance(piece, bytes):
        return piece[low:high]
    return (piece[0] + low, piece[0] + high)
