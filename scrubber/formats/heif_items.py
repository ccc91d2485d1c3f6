"""The items of a HEIF picture (ISO/IEC 14496-12 §8.11, ISO/IEC 23008-12 §9.3): where each row is.

Reads positions only; `scrubber.formats.heif` decides and claims.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, boxes, number, version_and_flags
from scrubber.model import Source

_MAX_ITEMS = 20_000
_MAX_EXTENTS = 100_000

Run = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Extent:
    """One run of an item's data, and where its offset and length are written."""

    start: int
    end: int
    offset_at: int
    length_at: int


@dataclass(slots=True)
class Item:
    """One row of each table. Runs are positions in the file."""

    id: int
    kind: bytes = b""
    infe: Run = (0, 0)
    name: Run = (0, 0)
    hidden: bool = False
    content_type: str = ""
    encoding: str = ""
    method: int = 0
    external: bool = False
    row: Run = (0, 0)  # in iloc
    base_at: int = 0
    base: int = 0
    extents: list[Extent] = field(default_factory=list)
    rows: list[Run] = field(default_factory=list)  # in ipma
    properties: list[tuple[int, int, int]] = field(default_factory=list)  # index, at, row's start

    @property
    def label(self) -> str:
        kind = self.kind.decode("latin-1").strip() or "unnamed"
        return f"item {self.id} ({kind})"


@dataclass(frozen=True, slots=True)
class Reference:
    """One SingleItemTypeReferenceBox: `to` are (item, position of its id)."""

    kind: bytes
    box: Box
    source: int
    to: tuple[tuple[int, int], ...]
    width: int


@dataclass(slots=True)
class Tables:
    """All that `meta` says about items."""

    source: Source
    items: dict[int, Item] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    properties: list[Box] = field(default_factory=list)
    primary: int = 0
    inner: dict[bytes, Box] = field(default_factory=dict)
    offset_width: int = 0
    length_width: int = 0
    base_width: int = 0
    data: list[Run] = field(default_factory=list)  # bodies of mdat and idat

    def item(self, number: int) -> Item:
        return self.items.setdefault(number, Item(number))


def read_tables(source: Source, meta: Box, payload: list[Box]) -> Tables:
    """`payload` are the boxes mdat. Raises Damaged or Unsupported for tables that contradict."""
    tables = Tables(source)
    for box in boxes(source, meta.body + 4, meta.end):
        if box.kind in tables.inner:
            if box.kind in (b"pitm", b"iinf", b"iloc", b"iref", b"iprp", b"idat"):
                raise Damaged(f"The picture has two boxes {box.name}.")
            continue
        tables.inner[box.kind] = box
    holders = [*payload, *(box for kind, box in tables.inner.items() if kind == b"idat")]
    tables.data = [(box.body, box.end) for box in holders]
    for kind in (b"hdlr", b"pitm", b"iinf", b"iloc"):
        if kind not in tables.inner:
            raise Damaged(f"The picture has no box {kind.decode()}.")
    version, _ = version_and_flags(source, tables.inner[b"pitm"])
    tables.primary = number(source, tables.inner[b"pitm"].body + 4, 4 if version else 2)
    _information(tables, tables.inner[b"iinf"])
    _locations(tables, tables.inner[b"iloc"])
    if b"iref" in tables.inner:
        _references(tables, tables.inner[b"iref"])
    if b"iprp" in tables.inner:
        _properties(tables, tables.inner[b"iprp"])
    if tables.primary not in tables.items:
        raise Damaged("The primary item does not exist.")
    return tables


def entries_of(source: Source, iinf: Box) -> tuple[int, int, int]:
    """Where the count of iinf stands, how wide it is, and where the entries start (§8.11.6)."""
    version, _ = version_and_flags(source, iinf)
    width = 4 if version else 2
    return iinf.body + 4, width, iinf.body + 4 + width


def _information(tables: Tables, iinf: Box) -> None:
    """§8.11.6."""
    source = tables.source
    at, wide, first = entries_of(source, iinf)
    entries = [box for box in boxes(source, first, iinf.end) if box.kind == b"infe"]
    if len(entries) != number(source, at, wide):
        raise Damaged("The number of items is not the one stated.")
    for box in entries:
        version, flags = version_and_flags(source, box)
        if version not in (2, 3):
            raise Unsupported("The item entries are in an old version.")
        width = 2 if version == 2 else 4
        if box.end - box.body < 4 + width + 6:
            raise Damaged("An item entry is too short.")
        item = tables.item(number(source, box.body + 4, width))
        if item.infe != (0, 0) or len(tables.items) > _MAX_ITEMS:
            raise Damaged("An item is described twice, or there are too many.")
        at = box.body + 4 + width + 2
        item.infe, item.hidden = (box.at, box.end), bool(flags & 1)
        item.kind = source.read(at, 4)
        strings = source.read(at + 4, box.end - at - 4).split(b"\0")
        item.name = (at + 4, at + 4 + len(strings[0]))
        if item.kind == b"mime" and len(strings) > 1:
            item.content_type = strings[1].decode("utf-8", "replace")
            item.encoding = strings[2].decode("utf-8", "replace") if len(strings) > 2 else ""


def _locations(tables: Tables, iloc: Box) -> None:
    """§8.11.3."""
    source = tables.source
    version, _ = version_and_flags(source, iloc)
    if version > 2:
        raise Unsupported("The item locations are in an unknown version.")
    widths = number(source, iloc.body + 4, 2)
    offset, length, base = widths >> 12, widths >> 8 & 15, widths >> 4 & 15
    index = widths & 15 if version else 0
    if not {offset, length, base, index} <= {0, 4, 8}:
        raise Damaged("The item locations have impossible widths.")
    tables.offset_width, tables.length_width, tables.base_width = offset, length, base
    wide = 4 if version == 2 else 2
    count = number(source, iloc.body + 6, wide)
    at, total = iloc.body + 6 + wide, 0
    for _ in range(count):
        start = at
        item = tables.item(number(source, at, wide))
        if item.row != (0, 0):
            raise Damaged("An item has two locations.")
        at += wide
        if version:
            item.method = number(source, at, 2) & 15
            at += 2
        item.external = number(source, at, 2) != 0
        item.base_at, item.base = at + 2, number(source, at + 2, base)
        at += 2 + base
        extents = number(source, at, 2)
        at += 2
        total += extents
        if total > _MAX_EXTENTS or at + extents * (index + offset + length) > iloc.end:
            raise Damaged("The item locations are cut off.")
        for _ in range(extents):
            at += index
            item.extents.append(_extent(tables, item, at, offset, length))
            at += offset + length
        item.row = (start, at)
    if at > iloc.end:
        raise Damaged("The item locations are cut off.")


def _extent(tables: Tables, item: Item, at: int, offset: int, length: int) -> Extent:
    source = tables.source
    idat = tables.inner.get(b"idat")
    start = item.base + number(source, at, offset)
    size = number(source, at + offset, length)
    if item.method == 1 and idat is not None:
        start += idat.body
    return Extent(start, start + size, at, at + offset)


def _references(tables: Tables, iref: Box) -> None:
    """§8.11.12."""
    source = tables.source
    version, _ = version_and_flags(source, iref)
    width = 4 if version else 2
    for box in boxes(source, iref.body + 4, iref.end):
        count = number(source, box.body + width, 2)
        if box.body + width + 2 + count * width > box.end:
            raise Damaged("A reference between items is cut off.")
        places = range(box.body + width + 2, box.body + width + 2 + count * width, width)
        to = tuple((number(source, place, width), place) for place in places)
        row = Reference(box.kind, box, number(source, box.body, width), to, width)
        tables.references.append(row)


def _properties(tables: Tables, iprp: Box) -> None:
    """ISO/IEC 23008-12 §9.3."""
    source = tables.source
    for box in boxes(source, iprp.body, iprp.end):
        if box.kind == b"ipco":
            if tables.properties:
                raise Damaged("The picture has two lists of properties.")
            tables.properties = list(boxes(source, box.body, box.end))
        elif box.kind == b"ipma":
            for owner, row in associations(source, box):
                one = tables.item(owner)
                one.rows.append((row[0], row[1]))
                one.properties.extend(
                    (index, at, row[0]) for index, at in _indices(source, box, row)
                )
    for item in tables.items.values():
        if any(index > len(tables.properties) for index, _, _ in item.properties):
            raise Damaged("An item refers to a property that does not exist.")


def associations(source: Source, ipma: Box) -> Iterator[tuple[int, tuple[int, int, int]]]:
    """(item, (start, end of its row, first association)) of one ipma."""
    version, flags = version_and_flags(source, ipma)
    wide, width = 4 if version else 2, 2 if flags & 1 else 1
    at = ipma.body + 8
    for _ in range(number(source, ipma.body + 4, 4)):
        if at + wide + 1 > ipma.end:
            raise Damaged("The associations of properties are cut off.")
        count = number(source, at + wide, 1)
        end = at + wide + 1 + count * width
        if end > ipma.end:
            raise Damaged("The associations of properties are cut off.")
        yield number(source, at, wide), (at, end, at + wide + 1)
        at = end


def _indices(source: Source, ipma: Box, row: tuple[int, int, int]) -> Iterator[tuple[int, int]]:
    width = 2 if version_and_flags(source, ipma)[1] & 1 else 1
    mask = 0x7FFF if width == 2 else 0x7F
    for at in range(row[2], row[1], width):
        yield number(source, at, width) & mask, at
