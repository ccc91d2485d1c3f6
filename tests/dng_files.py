"""DNG files as converters, phones and cameras lay them out, with something hidden everywhere."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image
from tiff_files import File, Page, Value

PLANTED = b"PLANTED-5c21d0"
SIDE = 64
Tags = dict[int, tuple[int, Value]]


def mosaic(samples: int = 1) -> np.ndarray:
    """A raw picture of 12 bits that shows something."""
    row, column = np.mgrid[0:SIDE, 0:SIDE]
    plane = (256 + 20 * row + 13 * column + 60 * ((row // 8 + column // 8) % 2)).astype(np.uint16)
    return plane if samples == 1 else np.stack([plane, plane + 40, plane + 90], axis=-1)


def colours() -> Tags:
    """What developing needs, as it stands in the first directory."""
    matrix = (6018, 10000, -617, 10000, -965, 10000, -8645, 10000, 15881, 10000, 2975, 10000,
              -1530, 10000, 1719, 10000, 7642, 10000)  # fmt: skip
    return {
        50706: (1, (1, 4, 0, 0)), 50707: (1, (1, 3, 0, 0)), 50721: (10, matrix),
        50728: (5, (592408, 1000000, 1, 1, 501692, 1000000)), 50778: (3, (21,)),
        50730: (10, (25, 100)), 50731: (5, (133, 100)), 50732: (5, (3, 2)), 50734: (5, (1, 1)),
        50739: (5, (1, 1)), 50940: (11, struct.pack("<6f", 0, 0, 0.5, 0.6, 1, 1)),
        274: (3, (6,)),
    }  # fmt: skip


def private() -> Tags:
    """What names the camera, the person, the file or the tool."""
    text = PLANTED + b"\0"
    return {
        271: (2, text), 272: (2, text), 305: (2, text), 315: (2, text), 700: (1, b"<x/>" + text),
        50708: (2, b"Example Cam " + text), 50709: (1, text), 50735: (2, text),
        50740: (1, b"Adobe\0MakN" + text), 50781: (1, (PLANTED * 2)[:16]), 50827: (2, text),
        50828: (7, text * 3), 50936: (2, text), 50942: (2, text), 50966: (2, text),
        50971: (2, text), 50972: (1, (PLANTED * 2)[:16]), 51111: (1, (PLANTED * 2)[:16]),
        65000: (7, text),
    }  # fmt: skip


def gain_map() -> bytes:
    """An opcode list of one gain map of 2 by 2 (DNG 1.7.1 §7)."""
    area = struct.pack(">8I", 0, 0, SIDE, SIDE, 0, 1, 1, 1)
    body = area + struct.pack(">2I4dI4f", 2, 2, 1.0, 1.0, 0.0, 0.0, 1, 1.0, 1.1, 1.2, 1.0)
    return struct.pack(">5I", 1, 9, 0x01030000, 0, len(body)) + body


def raw(coding: str = "plain", *, linear: bool = False) -> Page:
    """The directory of the raw picture."""
    picture = mosaic(3 if linear else 1)
    samples = 3 if linear else 1
    page = Page(
        tags={
            254: (4, (0,)), 256: (4, (SIDE,)), 257: (4, (SIDE,)), 258: (3, (16,) * samples),
            259: (3, (1,)), 262: (3, (34892 if linear else 32803,)), 277: (3, (samples,)),
            50714: (3, (256,) * samples), 50717: (3, (4095,) * samples),
            50829: (4, (0, 0, SIDE, SIDE)),
            50719: (3, (2, 2)), 50720: (3, (SIDE - 4, SIDE - 4)),
        }
    )  # fmt: skip
    if not linear:
        page.tags |= {
            33421: (3, (2, 2)), 33422: (1, (0, 1, 1, 2)), 50710: (1, (0, 1, 2)), 50711: (3, (1,)),
            50713: (3, (1, 1)),
        }  # fmt: skip
    page.tags[51022] = (7, gain_map())
    page.blocks = [_strip(picture[row : row + 32], coding) for row in (0, 32)]
    page.tags[278] = (4, (32,))
    if coding in ("lossless", "deflate"):
        page.tags[259] = (3, (7 if coding == "lossless" else 8,))
    return page


def _strip(rows: np.ndarray, coding: str) -> bytes:
    if coding == "lossless":
        import imagecodecs

        data: bytes = imagecodecs.ljpeg_encode(rows, bitspersample=16)
        return data
    plain = rows.astype("<u2").tobytes()
    return zlib.compress(plain) if coding == "deflate" else plain


def preview(*, jpeg: bool = True, size: int = 16) -> Page:
    """A smaller copy, as a JPEG with a comment or as plain pixels."""
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").resize((size, size)).save(
        out, "JPEG", comment=PLANTED
    )
    data = out.getvalue() if jpeg else (PLANTED * size * size)[: size * size * 3]
    return Page(
        tags={
            254: (4, (1,)), 256: (3, (size,)), 257: (3, (size,)), 258: (3, (8, 8, 8)),
            259: (3, (7 if jpeg else 1,)), 262: (3, (6 if jpeg else 2,)), 277: (3, (3,)),
            278: (3, (size,)), 305: (2, PLANTED + b"\0"),
        },
        blocks=[data],
    )  # fmt: skip


def exif() -> dict[int, Page]:
    inside = Page(plain=False, tags={0x927C: (7, PLANTED * 4), 0xA431: (2, PLANTED + b"\0")})
    return {0x8769: inside, 0x8825: Page(plain=False, tags={1: (2, b"N\0"), 29: (2, PLANTED)})}


def converter(coding: str = "lossless") -> bytes:
    """A preview first, that holds the numbers; below it the raw picture and more previews."""
    first = preview(jpeg=False)
    first.tags |= colours() | private()
    first.trees = exif()
    first.subs, first.subs_kind = [raw(coding), preview(), preview(size=32)], 4
    return File([first]).build()


def phone(*, big_endian: bool = False) -> bytes:
    """A JPEG preview first, below it one linear raw picture."""
    first = preview()
    tags = colours()
    if big_endian:
        tags[50940] = (11, struct.pack(">6f", 0, 0, 0.5, 0.6, 1, 1))
    first.tags |= tags | private()
    below = raw(linear=True)
    if big_endian:
        below.blocks = [
            np.frombuffer(block, "<u2").astype(">u2").tobytes() for block in below.blocks
        ]
    first.subs = [below]
    return File([first], order=">" if big_endian else "<").build()


def camera(coding: str = "plain") -> bytes:
    """The raw picture first, a preview below it and a thumbnail behind it."""
    first = raw(coding)
    first.tags |= colours() | private()
    first.trees = exif()
    first.subs = [preview()]
    return File([first, preview(jpeg=False)], trailer=PLANTED).build()


LAYOUTS = {
    "converter": converter, "converter, plain": lambda: converter("plain"),
    "converter, deflate": lambda: converter("deflate"), "phone": phone,
    "phone, big-endian": lambda: phone(big_endian=True), "camera": camera,
    "camera, lossless": lambda: camera("lossless"),
}  # fmt: skip
