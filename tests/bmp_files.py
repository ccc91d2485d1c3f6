"""Bitmaps of every version, with room for planted bytes."""

from __future__ import annotations

import random
import struct

PLANTED = b"PLANTED-7f3a"
HEADS = (12, 16, 40, 52, 56, 64, 108, 124)


def dib(
    size: int = 40,
    width: int = 5,
    height: int = 4,
    bits: int = 24,
    coding: int = 0,
    *,
    image_size: int = 0,
    density: int = 2835,
    colours: int = 0,
    important: int = 0,
    planes: int = 1,
    masks: bytes = b"",
    space: bytes = b"BGRs",
    coordinates: bytes = bytes(48),
    tail: bytes = bytes(16),
    os2: bytes = bytes(24),
) -> bytes:
    """A head and, behind one of 40 bytes, its masks."""
    if size == 12:
        return struct.pack("<I4H", size, width, height, planes, bits)
    head = struct.pack("<IiiHH", size, width, height, planes, bits)
    if size == 16:
        return head
    head += struct.pack("<6I", coding, image_size, density, density, colours, important)
    if size == 64:
        return head + os2
    if size == 40:
        return head + masks
    head += masks.ljust(16, b"\0")[: min(size, 56) - 40]
    if size >= 108:
        head += space + coordinates
    return head + (tail if size == 124 else b"")


def bmp(
    head: bytes,
    palette: bytes,
    pixels: bytes,
    *,
    gap: bytes = b"",
    behind: bytes = b"",
    reserved: bytes = bytes(4),
    size: int = -1,
) -> bytes:
    offset = 14 + len(head) + len(palette) + len(gap)
    whole = offset + len(pixels) + len(behind)
    return (
        b"BM"
        + struct.pack("<I4sI", whole if size < 0 else size, reserved, offset)
        + head + palette + gap + pixels + behind
    )  # fmt: skip


def rows(
    width: int, height: int, bits: int, *, top: int = 256, fill: bytes = b"\0", seed: int = 3
) -> bytes:
    """Random pixels below `top`; `fill` stands in all padding, unused bits included."""
    draw = random.Random(seed)
    out = b""
    for _ in range(height):
        line = 0
        for _ in range(width):
            line = line << bits | draw.randrange(min(top, 1 << bits))
        unused = -width * bits % 32
        spare = int.from_bytes((fill * 4)[:4], "big") & ((1 << unused) - 1)
        out += (line << unused | spare).to_bytes((width * bits + 31) // 32 * 4, "big")
    return out


def palette(count: int, step: int = 4, fourth: bytes = b"\0") -> bytes:
    """Colours that are all different and not grey."""
    return b"".join(
        bytes((i, 255 - i, i * 7 % 256)) + (fourth if step == 4 else b"") for i in range(count)
    )
