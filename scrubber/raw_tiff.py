"""The directories of a camera's raw file in the shape of a TIFF (TIFF 6.0 §2; TIFF/EP).

Only what tells a raw file from a picture, and where a preview lies, is read; everything is
bounded, and damage ends the walk without an error.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from scrubber.model import Source

Fields = dict[int, tuple[int, int, bytes, int]]
"""Tag → type, count, value (its first bytes, when it is long), where that stands."""

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 7: 1, 13: 4}
_MOST = 64  # directories
_LONGEST = 1 << 12
_MAKE, _COMPRESSION, _PHOTOMETRIC, _SUB_IFDS, _EXIF = 271, 259, 262, 330, 0x8769
_RAW_COLOURS = (32803, 34892)
_RAW_CODINGS = (32767, 32769, 32770, 34316, 34713, 65000, 65535)
_MAKERS = {
    b"NIKON": "nef", b"SONY": "arw", b"PENTAX": "pef", b"RICOH": "pef", b"SAMSUNG": "srw",
    b"CANON": "cr2", b"OLYMPUS": "orf", b"OM DIGITAL": "orf", b"PANASONIC": "rw2", b"LEICA": "rw2",
}  # fmt: skip


def raw_maker(source: Source, head: bytes) -> str | None:
    """The row of a raw file that calls itself TIFF, or None for a picture."""
    if head[8:12] in (b"IIII", b"MMMM"):  # Phase One, Leaf
        return "raw"
    make = b""
    for fields in directories(source):
        make = make or text_of(fields, _MAKE).upper()
        if (
            number(source, fields, _PHOTOMETRIC) in _RAW_COLOURS
            or number(source, fields, _COMPRESSION) in _RAW_CODINGS
        ):
            return next((row for name, row in _MAKERS.items() if make.startswith(name)), "raw")
    return None


def directories(source: Source) -> Iterator[Fields]:
    """Those of the chain and those below them, each once; whatever the two magic bytes are."""
    head = _read(source, 0, 8)
    if head[:2] not in (b"II", b"MM") or len(head) < 8:
        return
    order = "<" if head[:2] == b"II" else ">"
    waiting, met = [struct.unpack_from(order + "I", head, 4)[0]], set[int]()
    while waiting and len(met) < _MOST:
        at = waiting.pop(0)
        if at in met or not 8 <= at < source.size:
            continue
        met.add(at)
        fields, following = _directory(source, at, order)
        yield fields
        waiting += [following, *numbers(source, fields, _SUB_IFDS)[:8]]
        waiting += numbers(source, fields, _EXIF)


def _directory(source: Source, at: int, order: str) -> tuple[Fields, int]:
    count = int.from_bytes(_read(source, at, 2), "little" if order == "<" else "big")
    table = _read(source, at + 2, 12 * count + 4)
    fields: Fields = {}
    for where in range(0, len(table) - 11, 12)[:count]:
        tag, kind, n = struct.unpack_from(order + "HHI", table, where)
        size = _SIZES.get(kind, 8) * n
        data, place = table[where + 8 : where + 12][:size], at + 2 + where + 8
        if size > 4:
            (place,) = struct.unpack_from(order + "I", table, where + 8)
            data = _read(source, place, min(size, _LONGEST))
        fields.setdefault(tag, (kind, n, data, place))
    tail = table[12 * count : 12 * count + 4]
    return fields, struct.unpack(order + "I", tail)[0] if len(tail) == 4 else 0


def numbers(source: Source, fields: Fields, tag: int) -> list[int]:
    """The whole numbers of a field, as many as were read."""
    kind, _, data, _ = fields.get(tag, (0, 0, b"", 0))
    step = {1: 1, 3: 2, 4: 4, 13: 4}.get(kind, 0)
    if not step:
        return []
    code = ("<" if _read(source, 0, 2) == b"II" else ">") + {1: "B", 2: "H", 4: "I"}[step]
    return [row[0] for row in struct.iter_unpack(code, data[: len(data) // step * step])]


def number(source: Source, fields: Fields, tag: int) -> int:
    """The first of them, -1 for none."""
    return next(iter(numbers(source, fields, tag)), -1)


def text_of(fields: Fields, tag: int) -> bytes:
    """A field of letters, to the first NUL."""
    kind, _, data, _ = fields.get(tag, (0, 0, b"", 0))
    return data.split(b"\0")[0].strip() if kind == 2 else b""


def _read(source: Source, at: int, n: int) -> bytes:
    return source.read(at, min(n, source.size - at)) if 0 <= at < source.size else b""
