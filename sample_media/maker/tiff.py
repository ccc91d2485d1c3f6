"""Exif blocks as TIFF 6.0 and Exif 3.0 ask: sorted entries, even offsets, nothing shared."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, SRATIONAL = 1, 2, 3, 4, 5, 7, 10
_SIZES = {BYTE: 1, ASCII: 1, SHORT: 2, LONG: 4, RATIONAL: 8, UNDEFINED: 1, SRATIONAL: 8}
_EXIF, _GPS, _THUMBNAIL, _THUMBNAIL_LENGTH = 0x8769, 0x8825, 0x0201, 0x0202

Value = bytes | Callable[[int], bytes]  # a value that must know its own offset is a function
Entries = Mapping[int, tuple[int, Value]]


def ascii_(text: str) -> tuple[int, bytes]:
    return ASCII, text.encode() + b"\0"


def short(*values: int) -> tuple[int, bytes]:
    return SHORT, struct.pack(f">{len(values)}H", *values)


def rationals(*pairs: tuple[int, int]) -> tuple[int, bytes]:
    return RATIONAL, b"".join(struct.pack(">II", *pair) for pair in pairs)


def _directory(entries: Entries, at: int, following: int = 0) -> bytes:
    """One directory that starts at offset `at`, its values right behind it."""
    rows, values = b"", b""
    after = at + 2 + 12 * len(entries) + 4
    for tag, (kind, value) in sorted(entries.items()):
        place = after + len(values)
        data = value if isinstance(value, bytes) else value(place)
        rows += struct.pack(">HHI", tag, kind, len(data) // _SIZES[kind])
        if len(data) <= 4:
            rows += data.ljust(4, b"\0")
        else:
            rows += struct.pack(">I", place)
            values += data + bytes(len(data) % 2)
    return struct.pack(">H", len(entries)) + rows + struct.pack(">I", following) + values


def exif(
    main: Entries, photo: Entries | None = None, gps: Entries | None = None, thumbnail: bytes = b""
) -> bytes:
    """A big-endian TIFF block with IFD0, the Exif and GPS directories, and IFD1."""
    pointers = {tag: (LONG, bytes(4)) for tag, ifd in ((_EXIF, photo), (_GPS, gps)) if ifd}
    size = len(_directory({**main, **pointers}, 8))
    end, parts = 8 + size, b""
    for tag, ifd in ((_EXIF, photo), (_GPS, gps)):
        if ifd:
            pointers[tag] = (LONG, struct.pack(">I", end))
            parts += _directory(ifd, end)
            end = 8 + size + len(parts)
    following = end if thumbnail else 0
    if thumbnail:
        small: dict[int, tuple[int, Value]] = {
            0x0103: short(6),
            _THUMBNAIL: (LONG, bytes(4)),
            _THUMBNAIL_LENGTH: (LONG, struct.pack(">I", len(thumbnail))),
        }
        data = end + len(_directory(small, end))
        small[_THUMBNAIL] = (LONG, struct.pack(">I", data))
        parts += _directory(small, end) + thumbnail
    head = b"MM\0\x2a" + struct.pack(">I", 8)
    return head + _directory({**main, **pointers}, 8, following) + parts
