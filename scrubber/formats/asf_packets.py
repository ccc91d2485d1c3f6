"""One data packet of ASF (specification §5.2): how many bytes at its end are padding."""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported

_WIDTHS = (0, 1, 2, 4)


def padding_of(packet: bytes) -> int:
    """Bytes of padding. Raises Damaged when the header does not fit into the packet."""
    at = 0
    if packet[0] & 0x80:
        if packet[0] & 0x70:
            raise Unsupported("A packet has error correction of an unknown kind.")
        at = 1 + (packet[0] & 15)
    flags = packet[at]
    at += 2
    numbers = []
    for shift in (5, 1, 3):  # length of the packet, sequence, padding
        width = _WIDTHS[flags >> shift & 3]
        numbers.append(int.from_bytes(packet[at : at + width], "little"))
        at += width
    size = numbers[0] if flags >> 5 & 3 else len(packet)
    padding = numbers[2] + max(len(packet) - size, 0)
    if size > len(packet) or at + 6 + padding > len(packet):
        raise Damaged("The header of a packet does not fit into it.")
    return padding
