"""Pictures built for tests: every kind of PNG and JPEG, with room for planted bytes."""

from __future__ import annotations

import io
import random
import struct
import warnings
import zlib
from collections.abc import Iterator

from PIL import Image, ImageCms, ImageOps, ImageSequence

PLANTED = b"PLANTED-7f3a91c2"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2))  # fmt: skip


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """One PNG chunk with its checksum."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scanlines(kind: int, depth: int, interlaced: bool, width: int, height: int, seed: int) -> bytes:
    """Random filtered rows, each with a random filter type where that is allowed."""
    draw, bits, rows = random.Random(seed), depth * CHANNELS[kind], []
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    for x, y, dx, dy in passes:
        columns, lines = len(range(x, width, dx)), len(range(y, height, dy))
        for _ in range(lines if columns else 0):
            row = draw.randbytes((columns * bits + 7) // 8)
            if kind == 3:  # only filter 0 keeps the indices inside the palette
                rows.append(b"\0" + bytes(byte & 0x33 if depth < 8 else byte & 3 for byte in row))
            else:
                rows.append(bytes((draw.randrange(5),)) + row)
    return b"".join(rows)


def png(
    kind: int = 2,
    depth: int = 8,
    *,
    interlaced: bool = False,
    width: int = 13,
    height: int = 11,
    before: bytes = b"",
    after: bytes = b"",
    stream: bytes | None = None,
    pieces: int = 3,
    palette: bytes = b"",
    seed: int = 7,
) -> bytes:
    """A PNG of one kind, with chunks `before` and `after` the data or another `stream` of them."""
    header = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    rows = scanlines(kind, depth, interlaced, width, height, seed)
    data = zlib.compress(rows) if stream is None else stream
    step = max(1, len(data) // pieces)
    cuts = [data[i : i + step] for i in range(0, len(data), step)]
    if kind == 3:
        colours = palette or bytes(range(3 * min(1 << depth, 64)))
        before += chunk(b"PLTE", colours)
    return (
        PNG_SIGNATURE
        + chunk(b"IHDR", header)
        + before
        + b"".join(chunk(b"IDAT", cut) for cut in cuts)
        + after
        + chunk(b"IEND")
    )


def every_png() -> Iterator[tuple[str, bytes]]:
    """Every colour type, depth and interlacing, with a name."""
    for kind, depths in DEPTHS.items():
        for depth in depths:
            for interlaced in (False, True):
                name = f"{kind}-{depth}-{'adam7' if interlaced else 'plain'}"
                yield name, png(kind, depth, interlaced=interlaced)


def animation(frames: int = 3, size: tuple[int, int] = (24, 16), mode: str = "RGB") -> bytes:
    """An APNG by Pillow."""
    pictures = [gradient(size, mode, turn) for turn in range(frames)]
    out = io.BytesIO()
    pictures[0].save(
        out, "PNG", save_all=True, append_images=pictures[1:], duration=[100, 70, 50][:frames],
        loop=2,
    )  # fmt: skip
    return out.getvalue()


def gradient(size: tuple[int, int] = (48, 32), mode: str = "RGB", turn: int = 0) -> Image.Image:
    """A picture without equal rows."""
    width, height = size
    data = bytes(
        value & 0xFF
        for y in range(height)
        for x in range(width)
        for value in (x * 5 + turn * 40, y * 7, (x * y + turn * 90))
    )
    return Image.frombytes("RGB", size, data).convert(mode)


def jpeg(mode: str = "RGB", size: tuple[int, int] = (48, 32), **options: object) -> bytes:
    """A JPEG by Pillow."""
    out = io.BytesIO()
    gradient(size, mode).save(out, "JPEG", quality=85, **options)
    return out.getvalue()


def segment(marker: int, payload: bytes) -> bytes:
    """One JPEG segment."""
    return bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload


def srgb_profile() -> bytes:
    """The profile that LittleCMS builds for sRGB."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def tiff(entries: list[tuple[int, int, int, bytes]], order: str = "<") -> bytes:
    """A TIFF block of one IFD: tag, type, count, and the value's bytes."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8)
    rows, data, at = [], b"", 8 + 6 + 12 * len(entries)
    for tag, kind, count, value in sorted(entries):
        if len(value) <= 4:
            field = value.ljust(4, b"\0")
        else:
            field = struct.pack(order + "I", at + len(data))
            data += value + bytes(len(value) % 2)
        rows.append(struct.pack(order + "HHI", tag, kind, count) + field)
    return head + struct.pack(order + "H", len(rows)) + b"".join(rows) + bytes(4) + data


def exif_with(orientation: int, text: bytes = PLANTED, order: str = "<") -> bytes:
    """Exif with an Orientation, an Artist and a date."""
    return tiff(
        [
            (0x0112, 3, 1, struct.pack(order + "H", orientation)),
            (0x013B, 2, len(text) + 1, text + b"\0"),
            (0x0132, 2, 20, b"2001:02:03 04:05:06\0"),
        ],
        order,
    )


def xmp_with(orientation: int | None = None, text: str = PLANTED.decode()) -> bytes:
    """An XMP packet with a creator and, if given, an orientation."""
    turn = "" if orientation is None else f' tiff:Orientation="{orientation}"'
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:tiff="http://ns.adobe.com/tiff/1.0/"{turn} photoshop:City="Springfield">
<dc:creator><rdf:Seq><rdf:li>{text}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta>
{" " * 200}
<?xpacket end="w"?>""".encode()


def pixels(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    """Every frame as decoded by Pillow, turned as displayed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MPF that names no pictures
        return _pixels(data)


def _pixels(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    with Image.open(io.BytesIO(data)) as picture:
        seen = []
        for frame in ImageSequence.Iterator(picture):
            turned = ImageOps.exif_transpose(frame)
            shown = turned.convert("RGBA") if turned.mode in ("P", "PA", "LA", "1") else turned
            seen.append((shown.mode, shown.size, shown.tobytes()))
            if picture.format == "MPO":
                break
        return seen
