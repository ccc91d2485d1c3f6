"""The directories of TIFF and BigTIFF, as they stand in the file (TIFF 6.0 §2; BigTIFF)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.ledger import Order
from scrubber.model import Source

SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    16: 8, 17: 8, 18: 8, 129: 1,
}  # fmt: skip
_CODES = {
    1: "B", 3: "H", 4: "I", 5: "I", 6: "b", 8: "h", 9: "i", 10: "i", 11: "f", 12: "d", 13: "I",
    16: "Q", 17: "q", 18: "Q",
}  # fmt: skip
_MAX_ENTRIES = 65535  # of one directory; what TIFF can say, and BigTIFF does not need more


@dataclass(frozen=True, slots=True)
class Shape:
    """Byte order, and the widths that tell TIFF from BigTIFF."""

    order: Order
    big: bool

    @property
    def code(self) -> str:
        return "<" if self.order == "little" else ">"

    @property
    def width(self) -> int:
        """Bytes of an offset, and of a value that stands in its entry."""
        return 8 if self.big else 4

    @property
    def entry(self) -> int:
        return 20 if self.big else 12

    @property
    def count(self) -> int:
        """Bytes of the number of entries."""
        return 8 if self.big else 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One field: where its entry stands and where its value does."""

    tag: int
    kind: int
    count: int
    at: int
    field_at: int  # of the value or of its offset
    value_at: int
    size: int
    outside: bool
    order: Order


@dataclass(frozen=True, slots=True)
class Directory:
    at: int
    entries: tuple[Entry, ...]
    next_at: int
    following: int
    end: int


def header(source: Source) -> tuple[Shape, int, int]:
    """Shape, where the first offset stands, and its value. Raises Damaged."""
    head = source.read(0, min(source.size, 16))
    shapes: dict[bytes, Shape] = {
        b"II*\0": Shape("little", False), b"MM\0*": Shape("big", False),
        b"II+\0": Shape("little", True), b"MM\0+": Shape("big", True),
    }  # fmt: skip
    shape = shapes.get(head[:4])
    if shape is None or len(head) < (16 if shape.big else 8):
        raise Damaged("A TIFF must start with its byte order and the number 42 or 43.")
    if shape.big and struct.unpack_from(shape.code + "HH", head, 4) != (8, 0):
        raise Damaged("The header of this BigTIFF is not as it must be.")
    at = 8 if shape.big else 4
    (first,) = struct.unpack_from(shape.code + ("Q" if shape.big else "I"), head, at)
    return shape, at, first


def directory(source: Source, shape: Shape, at: int) -> Directory:
    """The directory at `at`. Raises Damaged if it does not lie in the file."""
    if at < (16 if shape.big else 8):
        raise Damaged("A directory lies inside the file's header.")
    (count,) = struct.unpack(shape.code + ("Q" if shape.big else "H"), source.read(at, shape.count))
    if not 0 < count <= _MAX_ENTRIES:
        raise Damaged(f"A directory declares {count} entries.")
    start = at + shape.count
    table = source.read(start, count * shape.entry)
    rows = struct.iter_unpack(shape.code + ("HHQQ" if shape.big else "HHII"), table)
    entries = []
    for index, (tag, kind, n, value) in enumerate(rows):
        where = start + index * shape.entry
        field_at = where + (12 if shape.big else 8)
        size = SIZES.get(kind, 1) * n
        outside = size > shape.width
        entries.append(
            Entry(
                tag, kind, n, where, field_at, value if outside else field_at, size, outside,
                shape.order,
            )
        )  # fmt: skip
    next_at = start + len(table)
    raw = source.read(next_at, shape.width)
    (following,) = struct.unpack(shape.code + ("Q" if shape.big else "I"), raw)
    return Directory(at, tuple(entries), next_at, following, next_at + shape.width)


def values(source: Source, entry: Entry) -> tuple[int | float, ...]:
    """The numbers of an entry; of a fraction, both."""
    code = _CODES.get(entry.kind)
    if code is None or entry.count > 1 << 20:
        return ()
    data = source.read(entry.value_at, entry.size)
    order = "<" if entry.order == "little" else ">"
    return struct.unpack(f"{order}{len(data) // struct.calcsize(code)}{code}", data)
