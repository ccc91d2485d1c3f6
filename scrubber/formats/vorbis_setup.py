"""The setup header of Vorbis I (§4.2.4), read to its last bit.

A decoder stops at the framing bit, so more bytes may follow it unseen. Fields that a
decoder reads and throws away are blanked.
"""

from __future__ import annotations

from scrubber.errors import Damaged

_LARGEST = 1 << 18


class _Bits:
    """Bits from the least significant one of each byte (§2.1.4)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, n: int) -> int:
        low = self.at >> 3
        word = int.from_bytes(self._data[low : low + 6], "little") >> (self.at & 7)
        self.skip(n)
        return word & ((1 << n) - 1)

    def skip(self, n: int) -> None:
        self.at += n
        if self.at > len(self._data) * 8:
            raise Damaged("The setup header of the Vorbis sound is cut off.")

    def zero(self, n: int) -> None:
        self.expect(n, 0)

    def expect(self, n: int, value: int) -> None:
        if self.take(n) != value:
            raise Damaged("The setup header of the Vorbis sound does not hold together.")

    def at_most(self, n: int, most: int) -> int:
        value = self.take(n)
        if value > most:
            raise Damaged("The setup header of the Vorbis sound does not hold together.")
        return value


def canonical_setup(packet: bytes, channels: int) -> bytes:
    """`packet` up to its framing bit, with what decoders throw away set to zero.

    Raises Damaged where it does not parse.
    """
    if not packet.startswith(b"\x05vorbis") or len(packet) > _LARGEST:
        raise Damaged("The Vorbis sound has no valid setup header.")
    bits = _Bits(packet)
    bits.skip(56)
    for _ in range(bits.take(8) + 1):
        _codebook(bits)
    for _ in range(bits.take(6) + 1):
        bits.zero(16)  # §4.2.4: time domain transforms are placeholders
    for _ in range(bits.take(6) + 1):
        _floor(bits)
    for _ in range(bits.take(6) + 1):
        _residue(bits)
    unread: list[int] = []
    for _ in range(bits.take(6) + 1):
        _mapping(bits, channels, unread)
    for _ in range(bits.take(6) + 1):
        bits.skip(1)
        bits.zero(32)  # window and transform type
        bits.skip(8)
    bits.expect(1, 1)
    value = int.from_bytes(packet, "little") & ((1 << bits.at) - 1)
    for at in unread:
        value &= ~(0xFF << at)
    return value.to_bytes((bits.at + 7) // 8, "little")


def _codebook(bits: _Bits) -> None:
    """§3.2.1."""
    bits.expect(24, 0x564342)
    dimensions, entries = bits.take(16), bits.take(24)
    if not dimensions or not entries:
        raise Damaged("The setup header of the Vorbis sound has an empty codebook.")
    if bits.take(1):
        _ordered(bits, entries)
    elif bits.take(1):
        for _ in range(entries):
            if bits.take(1):
                bits.skip(5)
    else:
        bits.skip(5 * entries)
    lookup = bits.at_most(4, 2)
    if lookup:
        bits.skip(64)
        width = bits.take(4) + 1
        bits.skip(1)
        values = _lookup_values(entries, dimensions) if lookup == 1 else entries * dimensions
        bits.skip(width * values)


def _ordered(bits: _Bits, entries: int) -> None:
    bits.skip(5)
    for _ in range(33):
        if entries <= 0:
            break
        entries -= bits.take(entries.bit_length())
    if entries:
        raise Damaged("A codebook in the setup header does not hold together.")


def _lookup_values(entries: int, dimensions: int) -> int:
    """§9.2.3: the greatest integer whose power of `dimensions` is at most `entries`."""
    value = int(entries ** (1 / dimensions)) + 1
    while value**dimensions > entries:
        value -= 1
    return value


def _floor(bits: _Bits) -> None:
    """§6.2.1, §7.2.2."""
    if not bits.at_most(16, 1):
        bits.skip(8 + 16 + 16 + 6 + 8)
        bits.skip(8 * (bits.take(4) + 1))
        return
    classes = [bits.take(4) for _ in range(bits.take(5))]
    sizes: list[int] = []
    for _ in range(max(classes, default=-1) + 1):
        sizes.append(bits.take(3) + 1)
        subclasses = bits.take(2)
        bits.skip((8 if subclasses else 0) + (8 << subclasses))
    bits.skip(2)
    width = bits.take(4)
    bits.skip(width * sum(sizes[number] for number in classes))


def _residue(bits: _Bits) -> None:
    """§8.6.1."""
    bits.at_most(16, 2)
    bits.skip(24 * 3)
    classifications = bits.take(6) + 1
    bits.skip(8)
    books = 0
    for _ in range(classifications):
        books += bits.take(3).bit_count()
        if bits.take(1):
            books += bits.take(5).bit_count()
    bits.skip(8 * books)


def _mapping(bits: _Bits, channels: int, unread: list[int]) -> None:
    """§4.2.4: each submap begins with eight bits that are read and thrown away."""
    bits.zero(16)
    submaps = bits.take(4) + 1 if bits.take(1) else 1
    if bits.take(1):
        bits.skip((bits.take(8) + 1) * 2 * (channels - 1).bit_length())
    bits.zero(2)
    if submaps > 1:
        bits.skip(4 * channels)
    for _ in range(submaps):
        unread.append(bits.at)
        bits.skip(24)
