"""Musepack, stream version 7: a header of 25 bytes and frames, in 32-bit words turned round.

Each frame has its length in 20 bits; after the last one 11 bits say how many
of its samples count, and one more frame follows where the filters need it.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.model import Source

_FIRST = 200  # bits before the first frame
_DELAY, _FRAME = 481, 1152
_MOST = 4_000_000
_FREE = (  # offset and width of what becomes zero: loudness, spare bits, the encoder's version
    (12, 8, bytes(8)),
    (20, 3, b"\0\0\xf8"),
    (27, 1, b"\0"),
)


class Stream:
    """The stream [start, stop) of `frames` frames. Raises Damaged when it is cut off."""

    def __init__(self, source: Source, start: int, end: int) -> None:
        if end - start < 28:
            raise Damaged("The recording is cut off.")
        self._source = source
        self._start = start
        self._bits = (end - start) // 4 * 32
        self.frames = int.from_bytes(source.read(start + 4, 4), "little")
        if not 0 < self.frames <= _MOST:
            raise Damaged("The recording states a number of frames that cannot be.")
        at = _FIRST
        for _ in range(self.frames):
            at += 20 + self._take(at, 20)
        self.last = self._take(at, 11)
        at += 11
        gapless = source.read(start + 23, 1)[0] >> 7
        if gapless and self.last + _DELAY >= _FRAME and self._more(at):
            at += 20 + self._take(at, 20)
        self._end = at
        self.stop = start + (at + 31) // 32 * 4
        if at > self._bits:
            raise Damaged("The recording is cut off.")

    def _more(self, at: int) -> bool:
        return at + 20 <= self._bits and at + 20 + self._take(at, 20) <= self._bits

    def _take(self, at: int, n: int) -> int:
        if at + n > self._bits:
            raise Damaged("The recording is cut off.")
        word = at // 32
        count = min(2, self._bits // 32 - word)
        data = self._source.read(self._start + word * 4, count * 4)
        value = int.from_bytes(data[3::-1] + data[:3:-1], "big")
        return value >> (count * 32 - at % 32 - n) & (1 << n) - 1

    def blanks(self) -> list[tuple[int, bytes]]:
        """Where bytes of the encoder stand, and what must stand there."""
        found = []
        for offset, width, mask in _FREE:
            old = self._source.read(self._start + offset, width)
            new = bytes(a & b for a, b in zip(old, mask, strict=True))
            if new != old:
                found.append((self._start + offset, new))
        old = self._source.read(self.stop - 4, 4)
        spare = -self._end % 32
        word = int.from_bytes(old, "little") >> spare << spare
        if self.stop - 4 >= self._start + 28 and word.to_bytes(4, "little") != old:
            found.append((self.stop - 4, word.to_bytes(4, "little")))
        return found
