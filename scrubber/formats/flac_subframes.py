"""Where a FLAC frame ends (RFC 9639 §9.2, §9.3), read bit by bit.

Only lengths are followed; no sample is computed. One frame takes some
milliseconds, so this is for the last frame, behind which anything may stand.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported

_SIDE = {8: 1, 9: 0, 10: 1}  # which of two channels holds a difference, one bit wider


class _Bits:
    """The bits of a frame as text: finding the end of a unary code is one search."""

    def __init__(self, data: bytes) -> None:
        self._text = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
        self.at = 0

    def take(self, n: int) -> int:
        end = self.at + n
        if end > len(self._text):
            raise Damaged("The last frame is cut off.")
        value = int(self._text[self.at : end], 2) if n else 0
        self.at = end
        return value

    def skip(self, n: int) -> None:
        self.at += n
        if self.at > len(self._text):
            raise Damaged("The last frame is cut off.")

    def unary(self) -> int:
        found = self._text.find("1", self.at)
        if found < 0:
            raise Damaged("The last frame is cut off.")
        zeros = found - self.at
        self.at = found + 1
        return zeros

    def rice(self, count: int, parameter: int) -> None:
        """`count` codes of a unary part and `parameter` bits."""
        find, at, step = self._text.find, self.at, parameter + 1
        for _ in range(count):
            at = find("1", at) + step
            if at < step:
                raise Damaged("The last frame is cut off.")
        self.at = at
        self.skip(0)

    def zeros_to_byte(self) -> bool:
        """Moves to the next whole byte; whether the bits up to it are zero (§9.2.7)."""
        n = -self.at % 8
        return not self.take(n)


def frame_end(data: bytes, start: int, samples: int, channels: int, bits: int) -> int:
    """Bytes of the frame that begins `data`, its CRC included.

    `start` is where the header ends, `channels` the assignment, `bits` the size of a
    sample. Raises Damaged when it is cut off, Unsupported for what RFC 9639 reserves.
    """
    count = 2 if channels >= 8 else channels + 1
    most = start + count * (samples * (bits + 1) // 8 + 4096) + 1024
    stream = _Bits(data[start : min(len(data), most)])
    for channel in range(count):
        _subframe(stream, samples, bits + (_SIDE.get(channels) == channel))
    if not stream.zeros_to_byte():
        raise Unsupported("The last frame has bits in its padding.")
    end = start + stream.at // 8 + 2
    if end > len(data):
        raise Damaged("The last frame is cut off.")
    return end


def _subframe(stream: _Bits, samples: int, bits: int) -> None:
    if stream.take(1):
        raise Damaged("A subframe of the last frame does not start with a zero bit.")
    kind = stream.take(6)
    if stream.take(1):
        bits -= stream.unary() + 1
    if bits < 1:
        raise Damaged("A subframe of the last frame has no bits.")
    if kind == 0:
        stream.skip(bits)
    elif kind == 1:
        stream.skip(bits * samples)
    elif 8 <= kind <= 12:
        stream.skip(bits * (kind - 8))
        _residual(stream, samples, kind - 8)
    elif kind >= 32:
        order = kind - 31
        stream.skip(bits * order)
        precision = stream.take(4) + 1
        stream.skip(5 + precision * order)
        _residual(stream, samples, order)
    else:
        raise Unsupported("The last frame has a subframe of a reserved kind.")


def _residual(stream: _Bits, samples: int, order: int) -> None:
    """§9.2.5: partitions of Rice codes, or of plain numbers behind an escape."""
    method = stream.take(2)
    if method > 1:
        raise Unsupported("The last frame has a residual of a reserved kind.")
    width = 4 + method
    partitions = 1 << stream.take(4)
    if samples % partitions or samples // partitions < order:
        raise Damaged("The residual of the last frame is divided wrongly.")
    for index in range(partitions):
        count = samples // partitions - (0 if index else order)
        parameter = stream.take(width)
        if parameter == (1 << width) - 1:
            stream.skip(stream.take(5) * count)
        else:
            stream.rice(count, parameter)
