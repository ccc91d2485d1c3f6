"""JPEG 2000 pictures: codestreams by OpenJPEG through Pillow, boxes by hand."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image

PLANTED = b"PLANTED-7f3a Jane Doe"
SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
BRAND = b"jp2 " + bytes(4) + b"jp2 "


def box(kind: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def codestream(mode: str = "RGB", **options: Any) -> bytes:
    """A codestream of 40 by 30 pixels, without the comment that its encoder writes."""
    file = io.BytesIO()
    picture = Image.linear_gradient("L").resize((40, 30)).convert(mode)
    picture.save(file, "JPEG2000", no_jp2=True, **options)
    data = file.getvalue()
    at = data.find(b"\xff\x64\0")
    return data[:at] + data[at + 2 + int.from_bytes(data[at + 2 : at + 4], "big") :]


def comment(text: bytes = PLANTED) -> bytes:
    return b"\xff\x64" + struct.pack(">HH", 4 + len(text), 1) + text


def tile_parts(data: bytes) -> list[tuple[int, int]]:
    """Start and stated length of each tile-part."""
    found = []
    at = data.index(b"\xff\x90\0\x0a")
    while data[at : at + 2] == b"\xff\x90":
        found.append((at, int.from_bytes(data[at + 6 : at + 10], "big")))
        at += found[-1][1]
    return found


def in_tiles(data: bytes, segment: bytes) -> bytes:
    """`segment` in the header of every tile-part, whose length counts it."""
    parts = tile_parts(data)
    out = data[: parts[0][0]]
    for at, size in parts:
        out += data[at : at + 6] + struct.pack(">I", size + len(segment))
        out += data[at + 10 : at + 12] + segment + data[at + 12 : at + size]
    return out + data[sum(parts[-1]) :]


def index(data: bytes, *, tagged: bool = True, wrong: int = 0) -> bytes:
    """A TLM of all tile-parts, before the first of them."""
    rows = b"".join(
        (data[at + 4 : at + 6] if tagged else b"") + struct.pack(">I", size + wrong)
        for at, size in tile_parts(data)
    )
    at = tile_parts(data)[0][0]
    body = bytes((0, 0x60 if tagged else 0x40)) + rows
    return data[:at] + b"\xff\x55" + struct.pack(">H", 2 + len(body)) + body + data[at:]


def jp2(
    data: bytes,
    *,
    brands: bytes = BRAND,
    before: bytes = b"",
    behind: bytes = b"",
    header: bytes = b"",
    colour: bytes | None = None,
    rights: int = 0,
    size: bytes = b"",
) -> bytes:
    """The boxes of a JP2 around a codestream; `header` follows the colours."""
    components = int.from_bytes(data[40:42], "big")
    shape = struct.pack(">IIHBBBB", 30, 40, components, 7, 7, 0, rights)
    space = b"\1\0\0" + struct.pack(">I", 16 if components > 2 else 17)
    head = box(b"ihdr", shape) + box(b"colr", space if colour is None else colour) + header
    return (
        SIGNATURE + box(b"ftyp", brands) + before + box(b"jp2h", head)
        + (size or struct.pack(">I", 8 + len(data))) + b"jp2c" + data + behind
    )  # fmt: skip
