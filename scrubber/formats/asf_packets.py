"""One data packet of ASF (specification §5.2): its payloads, and what is left at its end."""

from __future__ import annotations

from collections.abc import Collection

from scrubber.errors import Damaged, Unsupported

_WIDTHS = (0, 1, 2, 4)


def padding_of(packet: bytes, streams: Collection[int]) -> int:
    """Bytes after the last payload.

    Raises Damaged when the packet does not hold together, Unsupported for a payload of
    a stream that is not one of `streams`.
    """
    at = 0
    if packet[0] & 0x80:
        if packet[0] & 0x70:
            raise Unsupported("A packet has error correction of an unknown kind.")
        at = 1 + (packet[0] & 15)
    flags, properties = packet[at], packet[at + 1]
    at += 2
    numbers = []
    for shift in (5, 1, 3):  # length of the packet, sequence, padding
        width = _WIDTHS[flags >> shift & 3]
        numbers.append(int.from_bytes(packet[at : at + width], "little"))
        at += width
    size = numbers[0] if flags >> 5 & 3 else len(packet)
    end = size - numbers[2]
    at += 6  # send time and duration
    if size > len(packet) or at > end:
        raise Damaged("The header of a packet does not fit into it.")
    return len(packet) - _payloads(packet[:end], at, flags & 1, properties, streams)


def _payloads(
    packet: bytes, at: int, several: int, properties: int, streams: Collection[int]
) -> int:  # fmt: skip
    """Where the last one ends."""
    count = width = 0
    if several:
        count, width = packet[at] & 63, _WIDTHS[packet[at] >> 6]
        at += 1
    number, offset, replicated = (_WIDTHS[properties >> shift & 3] for shift in (4, 2, 0))
    if properties >> 6 != 1 or (several and not (count and width)):
        raise Damaged("The header of a packet states what cannot be.")
    for _ in range(max(count, 1)):
        if packet[at] & 0x7F not in streams:
            raise Unsupported("A packet holds a payload of a stream that there is not.")
        at += 1 + number + offset
        at += replicated + int.from_bytes(packet[at : at + replicated], "little")
        if not several:
            at = max(at, len(packet))
        else:
            at += width + int.from_bytes(packet[at : at + width], "little")
    if at > len(packet):
        raise Damaged("A payload does not fit into its packet.")
    return at
