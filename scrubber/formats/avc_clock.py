"""Clock times that cameras put beside coded pictures of AVC (ITU-T H.264 §D.1.3): when it was.

The picture timing message says which fields a picture has, which its display needs, and may
say hours, minutes, seconds and frames. These become zero, or one where a zero would make the
unit longer: no unit changes its size. The message of HEVC holds no clock (H.265 §D.2.3).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.coded_units import sei_is_needed
from scrubber.model import Source

_HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135}
_CLOCKS = (1, 1, 1, 2, 2, 3, 3, 2, 3)  # by pic_struct, Table D-1
_MOST = 1 << 20
_SEI, _SPS = 6, 7
CLOCK = ("clock of pictures", "CAPTURE_TIME")
"""Name and entity of such a time."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a sequence parameter set says of picture timing messages; `delays` in bits."""

    delays: int = 0
    offset: int = 24
    clocked: bool = False  # messages have pic_struct, and may have clocks


class _Bits:
    """The bits of a unit without its emulation prevention."""

    def __init__(self, data: bytes) -> None:
        self.text = f"{int.from_bytes(data, 'big'):0{len(data) * 8}b}" if data else ""
        self.at = 0

    def u(self, n: int) -> int:
        self.at += n
        if self.at > len(self.text):
            raise Damaged("A description of the coded film is cut off.")
        return int(self.text[self.at - n : self.at], 2) if n else 0

    def ue(self) -> int:
        one = self.text.find("1", self.at)
        zeros = one - self.at
        if one < 0 or zeros > 32:
            raise Damaged("A number in a description of the coded film is damaged.")
        self.at = one + 1
        return (1 << zeros) - 1 + self.u(zeros)


def timing(unit: bytes) -> Timing:
    """Of a sequence parameter set, with its head (§7.3.2.1.1). Raises Damaged."""
    bits = _Bits(_plain(unit[1:]))
    profile = bits.u(8)
    bits.u(16)
    bits.ue()
    if profile in _HIGH:
        _high(bits)
    bits.ue()
    order = bits.ue()
    if order == 0:
        bits.ue()
    elif order == 1:
        bits.u(1)
        bits.ue()
        bits.ue()
        for _ in range(_bounded(bits.ue())):
            bits.ue()
    bits.ue()
    bits.u(1)
    bits.ue()
    bits.ue()
    if not bits.u(1):
        bits.u(1)
    bits.u(1)
    for _ in range(4 * bits.u(1)):
        bits.ue()
    return _usability(bits) if bits.u(1) else Timing()


def _bounded(value: int) -> int:
    if value > 255:
        raise Damaged("A number in a description of the coded film is too large.")
    return value


def _high(bits: _Bits) -> None:
    chroma = bits.ue()
    if chroma == 3:
        bits.u(1)
    bits.ue()
    bits.ue()
    bits.u(1)
    if not bits.u(1):
        return
    for index in range(12 if chroma == 3 else 8):
        last = following = 8
        for _ in range((16 if index < 6 else 64) * bits.u(1)):
            if following:
                coded = bits.ue()
                following = (last + (coded + 1 >> 1) * (1 if coded & 1 else -1)) % 256
            last = following or last


def _usability(bits: _Bits) -> Timing:
    """VUI parameters (§E.1.1) up to pic_struct_present_flag."""
    if bits.u(1) and bits.u(8) == 255:
        bits.u(32)
    if bits.u(1):
        bits.u(1)
    if bits.u(1):
        bits.u(4)
        bits.u(24 * bits.u(1))
    if bits.u(1):
        bits.ue()
        bits.ue()
    bits.u(65 * bits.u(1))
    delays, offset = 0, 24
    buffered = False
    for _ in range(2):
        if bits.u(1):
            buffered = True
            count = _bounded(bits.ue()) + 1
            bits.u(8)
            for _ in range(count):
                bits.ue()
                bits.ue()
                bits.u(1)
            bits.u(5)
            delays, offset = bits.u(5) + bits.u(5) + 2, bits.u(5)
    if buffered:
        bits.u(1)
    return Timing(delays, offset, bool(bits.u(1)))


def sets_of(record: bytes) -> list[bytes]:
    """The sequence parameter sets of an AVCDecoderConfigurationRecord (14496-15 §5.3.3)."""
    units, at = list[bytes](), 6
    for _ in range(record[5] & 31 if len(record) > 5 else 0):
        size = int.from_bytes(record[at : at + 2], "big")
        units.append(record[at + 2 : at + 2 + size])
        at += 2 + size
    return units


def timings(units: Iterable[bytes]) -> Timing | None:
    """What all parameter sets among `units` say alike; None if that cannot be told."""
    try:
        found = {timing(unit) for unit in units if unit and unit[0] & 31 == _SPS}
    except Damaged:
        return None
    return found.pop() if len(found) == 1 else None


def clocks(
    source: Source, start: int, end: int, width: int, known: Timing | None
) -> Iterator[tuple[int, bytes]]:
    """Units of the sample [start, end) with a clock: where each stands, and what must instead.

    `width`: bytes of a unit's length. Raises Unsupported where no unit of that size can.
    """
    at = start
    while at + width < end:
        size = int.from_bytes(source.read(at, width), "big")
        at += width
        kind = source.read(at, 1)[0] & 31 if size else 0
        if kind == _SPS and size < _MOST:
            known = timings([source.read(at, size)])
        if kind == _SEI and 1 < size < _MOST:
            unit = source.read(at, size)
            if sei_is_needed(unit[1:], film=True) and (new := neutral(unit, known)) != unit:
                yield at, new
        at += size


def neutral(unit: bytes, known: Timing | None) -> bytes:
    """The unit of messages without clock times, in as many bytes."""
    plain = _plain(unit)
    rows = [row for row in _messages(plain) if row[0] == 1]
    if not rows or (known is not None and not known.clocked):
        return unit
    if known is None:
        raise Unsupported("The film has messages about time that cannot be read.")
    tries = []
    for frames, time in itertools.product((0, 1), repeat=2):
        new = plain
        for _, low, high in rows:
            new = new[:low] + _set(new[low:high], known, frames, time) + new[high:]
        if new == plain:
            return unit
        tries.append(_escaped(new))
    for one in tries:
        if len(one) == len(unit):
            return one
    raise Unsupported("The film's pictures have clock times that cannot go without a trace.")


def _messages(plain: bytes) -> Iterator[tuple[int, int, int]]:
    """Kind, start and end of every message of a unit."""
    at = 1
    while at < len(plain) - 1:
        values = []
        for _ in range(2):
            value = 0
            while plain[at] == 255:
                value, at = value + 255, at + 1
            values.append(value + plain[at])
            at += 1
        if at + values[1] > len(plain):
            raise Damaged("A message in the film is cut off.")
        yield values[0], at, at + values[1]
        at += values[1]


def _set(data: bytes, known: Timing, frames: int, time: int) -> bytes:
    """A picture timing message with `frames` and `time` in place of every number of a clock."""
    bits = _Bits(data)
    out = list(bits.text)
    bits.u(known.delays)
    structure = bits.u(4)
    if structure >= len(_CLOCKS):
        raise Damaged("A message about the time of a picture is damaged.")

    def put(n: int, value: int) -> None:
        bits.u(n)
        out[bits.at - n : bits.at] = f"{value:0{n}b}"

    for _ in range(_CLOCKS[structure]):
        if not bits.u(1):
            continue
        bits.u(8)
        full = bits.u(1)
        bits.u(2)
        put(8, frames)
        if full:
            for n in (6, 6, 5):
                put(n, time)
        else:
            for n in (6, 6, 5):
                if not bits.u(1):
                    break
                put(n, time)
        if known.offset:
            put(known.offset, 0)
    return int("".join(out), 2).to_bytes(len(data), "big")


def _plain(data: bytes) -> bytes:
    """§7.3.1: without the bytes that keep start codes out."""
    return data.replace(b"\0\0\3", b"\0\0")


def _escaped(data: bytes) -> bytes:
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", data)
