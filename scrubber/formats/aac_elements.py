"""The elements at the start of an AAC frame that hold no sound (ISO/IEC 14496-3 §4.4.2.1).

Encoders write their names into a fill element at the start of the first
frame. A fill element, a data stream element and the comment of a program
configuration are free bytes: they become zero where they stand, bit by bit,
so that no other bit of the frame moves. What follows the first element with
sound can only be told apart by decoding, and stays.
"""

from __future__ import annotations

import re

_DSE, _PCE, _FIL = 4, 5, 6
_MEANT = (0xB, 0xD, 0xE)  # dynamic range, spectral band replication: heard
_FAAC = re.compile(rb"libfaac \d+\.\d+")
FAAC = b"libfaac 1.0"
"""Players drop a fixed delay behind this name, so a name of this kind stays in one form."""


def has_notes(first: int) -> bool:
    """Whether a frame whose payload begins with the byte `first` begins without sound."""
    return first >> 5 in (_DSE, _PCE, _FIL)


def without_notes(payload: bytes) -> bytes:
    """`payload` (a raw data block) with its leading free bytes zero. Raises ValueError if cut."""
    bits = _Bits(payload)
    while bits.at + 3 <= len(payload) * 8:
        kind = bits.take(3)
        if kind == _FIL:
            _fill(bits)
        elif kind == _DSE:
            _data_stream(bits)
        elif kind == _PCE:
            _configuration(bits)
        else:
            break
    return bits.value.to_bytes(len(payload), "big")


class _Bits:
    def __init__(self, data: bytes) -> None:
        self.value = int.from_bytes(data, "big")
        self.size = len(data) * 8
        self.at = 0

    def take(self, n: int) -> int:
        self.at += n
        if self.at > self.size:
            raise ValueError("the frame ends inside an element")
        return self.value >> (self.size - self.at) & (1 << n) - 1

    def put(self, n: int, value: int) -> None:
        """`value` in place of the next `n` bits."""
        self.take(n)
        low = self.size - self.at
        self.value = self.value & ~(((1 << n) - 1) << low) | value << low

    def align(self) -> None:
        self.put(-self.at % 8, 0)


def _fill(bits: _Bits) -> None:
    """Table 4.57: a count of bytes, of which the first four bits are a type."""
    count = bits.take(4)
    if count == 15:
        count += bits.take(8) - 1
    if not count:
        return
    start = bits.at
    kind = bits.take(4)
    rest = bits.take(count * 8 - 4)
    if kind in _MEANT:
        return
    bits.at = start
    n = count * 8 - 17
    text = (rest & (1 << max(n, 0)) - 1).to_bytes(max(n, 0) // 8 + 1, "big") if n > 0 else b""
    kept = 0
    if n >= len(FAAC) * 8:
        text = (rest >> n % 8 & (1 << n - n % 8) - 1).to_bytes(n // 8, "big")
        if _FAAC.match(text):
            kept = int.from_bytes(FAAC.ljust(n // 8, b"\0"), "big") << n % 8
    bits.put(count * 8, kept)


def _data_stream(bits: _Bits) -> None:
    """Table 4.10."""
    bits.take(4)
    aligned = bits.take(1)
    count = bits.take(8)
    if count == 255:
        count += bits.take(8)
    if aligned:
        bits.align()
    bits.put(count * 8, 0)


def _configuration(bits: _Bits) -> None:
    """Table 4.2: who has which place, then a comment."""
    bits.take(10)
    front, side, back = bits.take(4), bits.take(4), bits.take(4)
    low, associated, coupling = bits.take(2), bits.take(3), bits.take(4)
    for width in (4, 4, 3):
        if bits.take(1):
            bits.take(width)
    bits.take((front + side + back + coupling) * 5 + (low + associated) * 4)
    bits.align()
    bits.put(bits.take(8) * 8, 0)
