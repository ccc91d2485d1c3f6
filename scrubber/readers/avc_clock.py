"""Clock times beside pictures of AVC (H.264 Annex D, E), for the second readers of films."""

from __future__ import annotations

from scrubber.errors import Damaged

_SETS = (1, 1, 1, 2, 2, 3, 3, 2, 3)
UNKNOWN = (-1, -1)
_CHROMA = (44, 83, 86, 100, 110, 118, 122, 128, 134, 135, 138, 139, 244)


class _Reader:
    """Bits of a unit, from the first on."""

    def __init__(self, data: bytes) -> None:
        self.value = int.from_bytes(data, "big")
        self.left = 8 * len(data)

    def take(self, n: int) -> int:
        self.left -= n
        if self.left < 0:
            raise Damaged("A unit of the coded film is cut off.")
        return self.value >> self.left & (1 << n) - 1

    def golomb(self, times: int = 1) -> int:
        value = 0
        for _ in range(times):
            zeros = 0
            while not self.take(1):
                zeros += 1
            value = (1 << zeros | self.take(zeros)) - 1
        return value


def rules(sets: list[bytes]) -> tuple[int, int] | None:
    """Bits of the delays and of the offset in messages that can have clocks.

    None where no message can; `UNKNOWN` where the parameter sets `sets` do not tell it.
    """
    try:
        found = {_of_set(row) for row in sets}
    except Damaged:
        return UNKNOWN
    return found.pop() if len(found) == 1 else UNKNOWN


def sets_in(record: bytes) -> list[bytes]:
    """The sequence parameter sets in `avcC` (ISO/IEC 14496-15 §5.3.3.1)."""
    rest, found = record[6:], list[bytes]()
    for _ in range(record[5] & 0x1F if len(record) > 6 else 0):
        size = rest[0] << 8 | rest[1] if len(rest) > 1 else 0
        found.append(rest[2 : 2 + size])
        rest = rest[2 + size :]
    return found


def _of_set(unit: bytes) -> tuple[int, int] | None:
    bits = _Reader(unit[1:].replace(b"\0\0\3", b"\0\0"))
    profile = bits.take(24) >> 16
    bits.golomb()
    if profile in _CHROMA:
        chroma = bits.golomb()
        bits.take(chroma == 3)
        bits.golomb(2)
        bits.take(1)
        if bits.take(1):
            for place in range(12 if chroma == 3 else 8):
                if bits.take(1):
                    _skip_list(bits, 64 if place > 5 else 16)
    bits.golomb()
    kind = bits.golomb()
    if kind == 0:
        bits.golomb()
    if kind == 1:
        bits.take(1)
        bits.golomb(2)
        bits.golomb(bits.golomb())
    bits.golomb()
    bits.take(1)
    bits.golomb(2)
    bits.take(1 if bits.take(1) else 2)
    if bits.take(1):
        bits.golomb(4)
    return _of_vui(bits) if bits.take(1) else None


def _skip_list(bits: _Reader, size: int) -> None:
    last = 8
    for _ in range(size):
        code = bits.golomb()
        last = (last + ((code + 1) // 2 if code % 2 else -(code // 2))) & 255
        if not last:
            return


def _of_vui(bits: _Reader) -> tuple[int, int] | None:
    if bits.take(1) and bits.take(8) == 255:
        bits.take(32)
    if bits.take(1):
        bits.take(1)
    if bits.take(1) and bits.take(5) & 1:
        bits.take(24)
    if bits.take(1):
        bits.golomb(2)
    if bits.take(1):
        bits.take(65)
    lengths = (0, 24)
    seen = False
    for _ in ("NAL", "VCL"):
        if bits.take(1):
            seen = True
            count = bits.golomb() + 1
            bits.take(8)
            for _ in range(min(count, 64)):
                bits.golomb(2)
                bits.take(1)
            bits.take(5)
            lengths = (bits.take(5) + 1 + bits.take(5) + 1, bits.take(5))
    if seen:
        bits.take(1)
    return lengths if bits.take(1) else None


def tells_time(unit: bytes, known: tuple[int, int] | None) -> bool:
    """True when a message of the SEI `unit` states a clock time that is not one of no meaning."""
    data = unit.replace(b"\0\0\3", b"\0\0")
    at = 1
    while known is not None and at + 2 < len(data):
        kind, at = _number(data, at)
        size, at = _number(data, at)
        if kind == 1 and known == UNKNOWN:
            return True
        if kind == 1 and _has_clock(_Reader(data[at : at + size]), *known):
            return True
        at += size
    return False


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(data) and data[at] == 255:
        value, at = value + 255, at + 1
    if at >= len(data):
        raise Damaged("A message of the film is cut off.")
    return value + data[at], at + 1


def _has_clock(bits: _Reader, delays: int, offset: int) -> bool:
    bits.take(delays)
    structure = bits.take(4)
    if structure > 8:
        raise Damaged("A message about the time of a picture has an unknown form.")
    for _ in range(_SETS[structure]):
        if not bits.take(1):
            continue
        full = bits.take(11) >> 2 & 1
        numbers = [bits.take(8)]
        more = True
        for width in (6, 6, 5):
            more = more and bool(full or bits.take(1))
            numbers.append(bits.take(width) if more else 0)
        if max(numbers) > 1 or bits.take(offset):
            return True
    return False
