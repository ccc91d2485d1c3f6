"""Where values survive in a JPEG picture (ITU-T T.81 Annex B, and what others put into it)."""

from __future__ import annotations

import struct
from collections.abc import Callable

from benchmarks.picture_values import (
    Places,
    Plant,
    behind,
    exif_with,
    iptc_with,
    jumbf_with,
    profile_with,
    xmp_with,
)
from benchmarks.planting import picture as with_exif


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _front(marker: int, head: bytes = b"", wrap: Callable[[bytes], bytes] = bytes) -> Plant:
    """A segment behind SOI."""
    return lambda data, value: data[:2] + _segment(marker, head + wrap(value)) + data[2:]


def _between_scans(marker: int, head: bytes = b"") -> Plant:
    def plant(data: bytes, value: bytes) -> bytes:
        first = data.index(b"\xff\xda")
        at = data.index(b"\xff\xda", first + 2)
        tables = data.find(b"\xff\xc4", first + 2, at)  # a scan may bring its own tables
        at = tables if tables >= 0 else at
        return data[:at] + _segment(marker, head + value) + data[at:]

    return plant


def _table(data: bytes, value: bytes) -> bytes:
    """A quantisation table that nobody uses."""
    return data[:2] + _segment(0xDB, b"\x03" + value.ljust(64, b"z")[:64]) + data[2:]


def _adobe(data: bytes, value: bytes) -> bytes:
    return data[:2] + _segment(0xEE, b"Adobe\0\x64\0\0\0\0\1" + value) + data[2:]


def _in_front_of_end(data: bytes, value: bytes) -> bytes:
    return data[:-2] + value + data[-2:]


def _between_segments(data: bytes, value: bytes) -> bytes:
    at = data.index(b"\xff\xdb")
    return data[:at] + value + data[at:]


def _extended(value: bytes) -> bytes:
    return bytes(32).replace(b"\0", b"A") + struct.pack(">II", len(value), 0) + value


def _film(value: bytes) -> bytes:
    return (
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + struct.pack(">I4s", len(value) + 8, b"free") + value
    )


def _samsung(value: bytes) -> bytes:
    name = b"Image_UTC_Data"
    block = struct.pack("<HHI", 0, 0x0A01, len(name)) + name + value
    rows = struct.pack("<HHII", 0, 0x0A01, len(block), len(block))
    head = b"SEFH" + struct.pack("<II", 106, 1) + rows
    return block + head + struct.pack("<I", len(head)) + b"SEFT"


def _thumbnail(value: bytes) -> bytes:
    """An Exif block whose second directory has a picture, which says something itself."""
    small = with_exif(value.decode())
    first = struct.pack("<HHHI4sI", 1, 0x0112, 3, 1, b"\6\0\0\0", 26)
    at = 26 + 2 + 24 + 4
    second = struct.pack("<H", 2) + struct.pack("<HHII", 0x0201, 4, 1, at)
    second += struct.pack("<HHII", 0x0202, 4, 1, len(small)) + bytes(4)
    return b"II*\0\x08\0\0\0" + first + second + small


def _second_exif(data: bytes, value: bytes) -> bytes:
    return _front(0xE1, exif_with(b"Example"))(_front(0xE1, b"", exif_with)(data, value), b"")


_APP1 = b"http://ns.adobe.com/xap/1.0/\0"
_MORE = b"http://ns.adobe.com/xmp/extension/\0"
PLACES: Places = (
    ("comment", _front(0xFE), True),
    ("Exif", _front(0xE1, b"", exif_with), True),
    ("Exif thumbnail's own Exif", _front(0xE1, b"Exif\0\0", _thumbnail), True),
    ("second Exif", _second_exif, True),
    ("XMP", _front(0xE1, _APP1, xmp_with), True),
    ("extended XMP that nobody names", _front(0xE1, _MORE, _extended), True),
    ("JFXX", _front(0xE0, b"JFXX\0\x10"), True),
    ("private tag of the colour profile", _front(0xE2, b"ICC_PROFILE\0\1\1", profile_with), True),
    ("FlashPix", _front(0xE2, b"FPXR\0"), True),
    ("APP4", _front(0xE4, b"Example\0"), True),
    ("APP7", _front(0xE7, b"Example\0"), True),
    ("JUMBF", _front(0xEB, b"", jumbf_with), True),
    ("Ducky", _front(0xEC, b"Ducky\0\2\0"), True),
    ("IPTC", _front(0xED, b"Photoshop 3.0\0", iptc_with), True),
    ("tail of Adobe's APP14", _adobe, True),
    ("unused quantisation table", _table, True),
    ("comment between scans", _between_scans(0xFE), True),
    ("XMP between scans", _between_scans(0xE1, _APP1), True),
    ("bytes behind the end", behind(), True),
    ("picture behind the end", behind(lambda v: with_exif(v.decode())), True),
    ("film behind the end", behind(_film), True),
    ("Samsung's trailer", behind(_samsung), True),
    ("junk between segments", _between_segments, False),
    ("junk in the coded picture", _in_front_of_end, False),
)  # fmt: skip
