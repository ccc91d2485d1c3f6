"""GIF files built for tests, block by block, with an encoder of their own."""

from __future__ import annotations

import random
import struct

PLANTED = b"PLANTED-7f3a91c2"
PALETTE = b"".join(bytes((i * 60, 255 - i * 40, i * 9)) for i in range(4))
SIZE = (23, 17)


def pixels(size: tuple[int, int] = SIZE, colours: int = 4, seed: int = 5) -> list[int]:
    """Colour indices with runs, so that the table of codes is used."""
    draw = random.Random(seed)
    found: list[int] = []
    while len(found) < size[0] * size[1]:
        found += [draw.randrange(colours)] * draw.choice((1, 1, 2, 3, 9))
    return found[: size[0] * size[1]]


def codes(indices: list[int], least: int = 2, *, ending: bool = True, first: bool = True) -> bytes:
    """LZW codes of `indices` (GIF89a, appendix F)."""
    clear = 1 << least
    table: dict[tuple[int, ...], int] = {}
    bits: list[tuple[int, int]] = [(clear, least + 1)] if first else []
    width, top, text = least + 1, clear + 2, tuple[int, ...]()

    def number(string: tuple[int, ...]) -> int:
        return string[0] if len(string) == 1 else table[string]

    for index in indices:
        longer = (*text, index)
        if len(longer) == 1 or longer in table:
            text = longer
            continue
        bits.append((number(text), width))
        if top < 4096:
            table[longer] = top
            top += 1
            width += top - 1 == 1 << width
        text = (index,)
    bits.append((number(text), width))
    if top < 4096:  # the decoder makes one entry more than the encoder
        width += top == 1 << width
    if ending:
        bits.append((clear + 1, min(width, 12)))
    value = at = 0
    for code, size in bits:
        value |= code << at
        at += size
    return value.to_bytes(-(-at // 8), "little")


def chain(data: bytes, size: int = 255) -> bytes:
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return b"".join(bytes([len(piece)]) + piece for piece in pieces) + b"\0"


def screen(
    palette: bytes = PALETTE, *, size: tuple[int, int] = SIZE, flags: int = 0, background: int = 0,
    version: bytes = b"GIF89a",
) -> bytes:  # fmt: skip
    bits = (len(palette) // 3).bit_length() - 2
    packed = (0x80 | bits if palette else 0) | flags
    return version + struct.pack("<HHBBB", *size, packed, background, 0) + palette


def control(
    flags: int = 4, delay: int = 7, index: int = 0, more: bytes = b"", tail: bytes = b""
) -> bytes:
    data = struct.pack("<BHB", flags, delay, index) + more
    return b"\x21\xf9" + bytes([len(data)]) + data + tail + b"\0"


def frame(
    data: bytes | None = None, *, palette: bytes = b"", flags: int = 0, least: int = 2,
    size: tuple[int, int] = SIZE, place: tuple[int, int] = (0, 0), blocks: bytes | None = None,
    seed: int = 5,
) -> bytes:  # fmt: skip
    packed = flags | (0x80 | (len(palette) // 3).bit_length() - 2 if palette else 0)
    data = codes(pixels(size, seed=seed), least) if data is None else data
    head = b"," + struct.pack("<HHHHB", *place, *size, packed) + palette + bytes([least])
    return head + (chain(data) if blocks is None else blocks)


def application(name: bytes, data: bytes) -> bytes:
    """`data` are sub-blocks with their terminator."""
    return b"\x21\xff" + bytes([len(name)]) + name + data


def loop(count: int = 3, name: bytes = b"NETSCAPE2.0", more: bytes = b"") -> bytes:
    return application(name, b"\x03\x01" + count.to_bytes(2, "little") + more + b"\0")


def extension(label: int, data: bytes) -> bytes:
    return b"\x21" + bytes([label]) + chain(data)


def xmp(packet: bytes) -> bytes:
    magic = b"\x01" + bytes(range(255, -1, -1)) + b"\0"
    return application(b"XMP DataXMP", packet + magic)


def gif(*blocks: bytes, head: bytes | None = None, after: bytes = b"") -> bytes:
    return (screen() if head is None else head) + b"".join(blocks) + b";" + after
