"""Pictures with one value each, in every place where values survive in practice.

A case is one small picture. `sound` is False where the place is damage: to refuse such a file is
as good as to clean it.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks import jpeg_places
from benchmarks.needles import Planter
from benchmarks.picture_values import (
    Places,
    Plant,
    behind,
    exif_with,
    image,
    iptc_with,
    jumbf_with,
    profile_with,
    saved,
    xmp_with,
)


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    suffix: str
    data: bytes
    planter: Planter
    sound: bool = True


def cases() -> Iterator[Case]:
    """Every place of every kind of picture."""
    for suffix, make, places in _KINDS:
        plain = make()
        for name, plant, sound in places:
            planter = Planter(f"{suffix}/{name}")
            value = planter.text(name).encode()
            yield Case(name, suffix, plant(plain, value), planter, sound)


# PNG (W3C PNG, third edition)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(kind: bytes, wrap: Callable[[bytes], bytes] = bytes, *, late: bool = False) -> Plant:
    def plant(data: bytes, value: bytes) -> bytes:
        at = len(data) - 12 if late else 33
        return data[:at] + _chunk(kind, wrap(value)) + data[at:]

    return plant


def _png_rows(*, inside: bool) -> Plant:
    """Words behind the last row, or behind the end of the compressed stream."""

    def plant(data: bytes, value: bytes) -> bytes:
        at = data.index(b"IDAT") - 4
        size = int.from_bytes(data[at : at + 4], "big")
        coded = data[at + 8 : at + 8 + size]
        new = zlib.compress(zlib.decompress(coded) + value, 0) if inside else coded + value
        return data[:at] + _chunk(b"IDAT", new) + data[at + 12 + size :]

    return plant


def _icc(name: bytes, value: bytes) -> bytes:
    return name + b"\0\0" + zlib.compress(profile_with(value), 0)


_PNG_PLACES: Places = (
    ("tEXt", _png(b"tEXt", lambda v: b"parameters\0" + v), True),
    ("zTXt", _png(b"zTXt", lambda v: b"Comment\0\0" + zlib.compress(v, 0)), True),
    ("iTXt", _png(b"iTXt", lambda v: b"Comment\0\0\0\0\0" + v), True),
    ("tEXt behind the pixels", _png(b"tEXt", lambda v: b"Author\0" + v, late=True), True),
    ("XMP", _png(b"iTXt", lambda v: b"XML:com.adobe.xmp\0\0\0\0\0" + xmp_with(v)), True),
    ("eXIf", _png(b"eXIf", lambda v: exif_with(v)[6:]), True),
    ("name of the colour profile", _png(b"iCCP", lambda v: _icc(v, b"Example")), True),
    ("private tag of the colour profile", _png(b"iCCP", lambda v: _icc(b"icc", v)), True),
    ("private chunk", _png(b"zqAr"), True),
    ("sPLT", _png(b"sPLT", lambda v: v + b"\0\x08"), True),
    ("bytes behind the end", behind(), True),
    ("behind the last row", _png_rows(inside=True), False),
    ("behind the compressed stream", _png_rows(inside=False), False),
)  # fmt: skip

# GIF (GIF89a)


def _blocks(value: bytes) -> bytes:
    return bytes([len(value)]) + value + b"\0"


def _gif(block: Callable[[bytes], bytes]) -> Plant:
    """A block behind the global colour table (§18, §19)."""

    def plant(data: bytes, value: bytes) -> bytes:
        at = 13 + (3 << (data[10] & 7) + 1 if data[10] & 0x80 else 0)
        return b"GIF89a" + data[6:at] + block(value) + data[at:]

    return plant


def _gif_picture() -> bytes:
    made = io.BytesIO()
    frames = [image().rotate(90 * turn).convert("P") for turn in range(3)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=70, loop=2)
    return made.getvalue()


_MAGIC = b"\1" + bytes(range(255, -1, -1)) + b"\0"  # XMP part 3 §1.1.2: ends the packet

_GIF_PLACES: Places = (
    ("comment", _gif(lambda v: b"!\xfe" + _blocks(v)), True),
    ("private application block", _gif(lambda v: b"!\xff\x0bEXAMPLE 1.0" + _blocks(v)), True),
    ("plain text", _gif(lambda v: b"!\x01\x0c" + bytes(12) + _blocks(v)), True),
    ("XMP", _gif(lambda v: b"!\xff\x0bXMP DataXMP" + xmp_with(v) + _MAGIC), True),
    ("bytes behind the end", behind(), True),
)  # fmt: skip

# WebP (RFC 9649)


def _webp(kind: bytes, wrap: Callable[[bytes], bytes] = bytes, flag: int = 0) -> Plant:
    def plant(data: bytes, value: bytes) -> bytes:
        body = wrap(value)
        chunk = kind + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
        head = b"VP8X" + struct.pack("<IB3x", 10, flag) + b"\x3f\0\0\x2f\0\0"
        first = chunk if kind == b"ICCP" else b""
        inner = b"WEBP" + head + first + data[12:] + (b"" if first else chunk)
        return b"RIFF" + struct.pack("<I", len(inner)) + inner

    return plant


_WEBP_PLACES: Places = (
    ("Exif", _webp(b"EXIF", lambda v: exif_with(v)[6:], 8), True),
    ("XMP", _webp(b"XMP ", xmp_with, 4), True),
    ("private tag of the colour profile", _webp(b"ICCP", profile_with, 32), True),
    ("unknown chunk", _webp(b"zqzq"), True),
    ("bytes behind the end", behind(), True),
)

# TIFF 6.0


def _tiff(tag: int, kind: int = 2, wrap: Callable[[bytes], bytes] = bytes, page: int = 0) -> Plant:
    """A page's directory anew at the end of the file, with one tag more."""

    def plant(data: bytes, value: bytes) -> bytes:
        link = 4
        for _ in range(page):
            at = int.from_bytes(data[link : link + 4], "little")
            link = at + 2 + 12 * int.from_bytes(data[at : at + 2], "little")
        at = int.from_bytes(data[link : link + 4], "little")
        count = int.from_bytes(data[at : at + 2], "little")
        rows = [data[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(count)]
        body = wrap(value) + b"\0"
        body += bytes(len(body) % 2)
        rows = [row for row in rows if int.from_bytes(row[:2], "little") != tag]
        rows.append(struct.pack("<HHII", tag, kind, len(body), len(data)))
        rows.sort(key=lambda row: int.from_bytes(row[:2], "little"))
        after = data[at + 2 + 12 * count :][:4]
        made = data[:link] + struct.pack("<I", len(data) + len(body)) + data[link + 4 :]
        return made + body + struct.pack("<H", len(rows)) + b"".join(rows) + after

    return plant


def _tiff_pages() -> bytes:
    made = io.BytesIO()
    image().save(made, "TIFF", save_all=True, append_images=[image("L")], compression="tiff_lzw")
    return made.getvalue()


_TIFF_PLACES: Places = (
    ("Artist", _tiff(0x013B), True),
    ("HostComputer", _tiff(0x013C), True),
    ("private tag", _tiff(0xC7A1), True),
    ("XMP", _tiff(0x02BC, 1, xmp_with), True),
    ("IPTC", _tiff(0x83BB, 7, lambda v: iptc_with(v)[12:]), True),
    ("private tag of the colour profile", _tiff(0x8773, 7, profile_with), True),
    ("ImageDescription of page 2", _tiff(0x010E, page=1), True),
    ("bytes that no tag leads to", behind(), True),
)

# HEIF, JPEG XL and JPEG 2000: boxes


def _box(kind: bytes, wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    def plant(data: bytes, value: bytes) -> bytes:
        body = wrap(value)
        return data + struct.pack(">I4s", len(body) + 8, kind) + body

    return plant


def _saved_with(kind: str, field: str, wrap: Callable[[bytes], bytes]) -> Plant:
    def plant(_: bytes, value: bytes) -> bytes:
        options: dict[str, Any] = {field: wrap(value)}
        return saved(kind, **options)()

    return plant


def _heif_places(kind: str) -> Places:
    return (
        ("Exif", _saved_with(kind, "exif", lambda v: exif_with(v, 1)), True),
        ("XMP", _saved_with(kind, "xmp", xmp_with), True),
        ("private tag of the colour profile", _saved_with(kind, "icc_profile", profile_with), True),
        ("free box", _box(b"free"), True),
        ("uuid box", _box(b"uuid", lambda v: bytes(range(16)) + v), True),
        ("bytes behind the end", behind(), False),
    )


_JXL_PLACES: Places = (
    ("Exif", _saved_with("JXL", "exif", lambda v: exif_with(v, 1)), True),
    ("XMP box", _box(b"xml ", xmp_with), True),
    ("unknown box", _box(b"zqzq"), True),
    ("JUMBF box", _box(b"jumb", lambda v: jumbf_with(v)[16:]), True),
)
_JP2_PLACES: Places = (
    ("XML box", _box(b"xml ", xmp_with), True),
    ("uuid box", _box(b"uuid", lambda v: bytes(range(16)) + v), True),
    ("comment of the codestream", lambda d, v: _codestream_comment(d, v), True),
)


def _codestream_comment(data: bytes, value: bytes) -> bytes:
    """COM in the main header (ITU-T T.800 §A.9.2), the box around it longer."""
    box = data.index(b"jp2c") - 4
    at = data.index(b"\xff\x52", box)
    segment = struct.pack(">HHH", 0xFF64, len(value) + 4, 1) + value
    size = int.from_bytes(data[box : box + 4], "big")
    head = struct.pack(">I", size + len(segment)) if size else bytes(4)
    return data[:box] + head + data[box + 4 : at] + segment + data[at:]


_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">%s'
    b'<rect width="40" height="30" fill="#4a8" /></svg>'
)


def _svg(place: bytes) -> Plant:
    return lambda _, value: _SVG % (place % value)


_SVG_PLACES: Places = (
    ("comment", _svg(b"<!-- %s -->"), True),
    ("metadata", _svg(b"<metadata>%s</metadata>"), True),
    ("editor's attribute", _svg(b'<g xmlns:i="https://example.com/i" i:path="%s"/>'), True),
    ("script", _svg(b'<script>var maker = "%s"</script>'), True),
)

_KINDS: tuple[tuple[str, Callable[[], bytes], Places], ...] = (
    (".jpg", saved("JPEG", progressive=True, quality=85), jpeg_places.PLACES),
    (".png", saved("PNG"), _PNG_PLACES),
    (".gif", _gif_picture, _GIF_PLACES),
    (".webp", saved("WEBP", lossless=True), _WEBP_PLACES),
    (".tiff", _tiff_pages, _TIFF_PLACES),
    (".heic", saved("HEIF"), _heif_places("HEIF")),
    (".avif", saved("AVIF"), _heif_places("AVIF")),
    (".jxl", saved("JXL", exif=b""), _JXL_PLACES),
    (".jp2", saved("JPEG2000"), _JP2_PLACES),
    (".bmp", saved("BMP"), (("bytes behind the end", behind(), True),)),
    (".ico", saved("ICO", sizes=[(32, 32)]), (("bytes behind the end", behind(), True),)),
    (".svg", lambda: _SVG % b"", _SVG_PLACES),
)
