"""Padding in Opus packets (RFC 6716 §3.2.5): bytes that the sound of RFC 6716 does not need."""

from __future__ import annotations

from scrubber.errors import Damaged


def hides(packet: bytes | memoryview, streams: int) -> bool:
    """True if any padding in `packet` of `streams` Opus streams is not zero.

    Raises Damaged where the packet's own lengths do not fit.
    """
    at = 0
    for _ in range(streams - 1):  # RFC 7845 §3: all but the last tell their length
        at, padding = _delimited(packet, at)
        if any(packet[at - padding : at]):
            return True
    if at >= len(packet):
        raise _broken()
    if packet[at] & 3 != 3:
        return False
    _, padding = _counted(packet, at + 1)
    if padding > len(packet) - at - 2:
        raise _broken()
    return any(packet[len(packet) - padding :])


def _broken() -> Damaged:
    return Damaged("A packet of the Opus sound is damaged.")


def _counted(packet: bytes | memoryview, at: int) -> tuple[int, int]:
    """§3.2.5: what follows the frame count byte at `at`; where, and how much padding."""
    if at >= len(packet):
        raise _broken()
    padded = packet[at] & 0x40
    at += 1
    padding = 0
    while padded:
        if at >= len(packet):
            raise _broken()
        value = packet[at]
        padding += min(value, 254)
        at += 1
        if value != 255:
            break
    return at, padding


def _size(packet: bytes | memoryview, at: int) -> tuple[int, int]:
    """§3.2.1: a frame's length in one or two bytes."""
    if at >= len(packet):
        raise _broken()
    if packet[at] < 252:
        return at + 1, packet[at]
    if at + 1 >= len(packet):
        raise _broken()
    return at + 2, packet[at + 1] * 4 + packet[at]


def _delimited(packet: bytes | memoryview, at: int) -> tuple[int, int]:
    """Appendix B: where the packet at `at` ends, and how much padding it ends with."""
    if at >= len(packet):
        raise _broken()
    code = packet[at] & 3
    at += 1
    padding, frames, sizes = 0, (1, 2, 2, 0)[code], (1, 1, 2, 1)[code]
    if code == 3:
        if at >= len(packet):
            raise _broken()
        frames = packet[at] & 0x3F
        sizes = frames if packet[at] & 0x80 else 1
        at, padding = _counted(packet, at)
    total = 0
    for _ in range(sizes):
        at, size = _size(packet, at)
        total += size
    if sizes == 1:
        total *= frames
    at += total + padding
    if at > len(packet):
        raise _broken()
    return at, padding
