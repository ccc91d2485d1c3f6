"""Channel layouts of Core Audio, for the second readers of AIFF-C and CAF."""

from __future__ import annotations

from scrubber.errors import Damaged


def layout_leftover(body: bytes, channels: int) -> tuple[str, ...]:
    """What stands in a layout and is not read. Raises Damaged for what is no layout."""
    if len(body) < 12:
        raise Damaged("The layout of the channels is cut off.")
    tag, bitmap, rows = (int.from_bytes(body[at : at + 4], "big") for at in (0, 4, 8))
    left: list[str] = []
    if tag != 0x10000 and bitmap:
        left.append("a bitmap of channels that is not used")
    if tag and (rows or len(body) > 12):
        left.append("descriptions of channels that are not used")
    if tag not in (0, 0x10000) and tag % 65536 != channels:
        left.append("a layout of another number of channels")
    if not tag:
        if len(body) != 12 + 20 * rows:
            left.append("bytes after the descriptions of the channels")
        for at in range(12, min(len(body) - 19, 12 + 20 * rows), 20):
            flags = int.from_bytes(body[at + 4 : at + 8], "big")
            if flags not in (0, 1, 2) or (not flags and any(body[at + 8 : at + 20])):
                left.append("a description of a channel with numbers that are not used")
    return tuple(left)
