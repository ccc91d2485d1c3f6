"""Which items of a HEIF picture stay, and what they must be before any of it is believed."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.bmff import number
from scrubber.formats.decoder_configuration import ALPHA
from scrubber.formats.heif_items import Extent, Item, Tables
from scrubber.ledger import Ledger, PartId
from scrubber.model import Source

CODED = {b"hvc1", b"hev1", b"av01", b"avc1"}
DERIVED = {b"grid": (8, 12), b"iden": (0, 0), b"iovl": (0, 1 << 20), b"tmap": (4, 1 << 10)}
"""Kinds that are made from others, and the least and most bytes that they take."""


@dataclass(slots=True)
class Picture:
    """A picture in the making: what is read, what stays, and the parts made so far."""

    source: Source
    ledger: Ledger
    tables: Tables
    keep: set[int] = field(default_factory=set)
    parts: dict[int, PartId] = field(default_factory=dict)  # of items
    properties: list[PartId] = field(default_factory=list)
    credited: list[PartId] = field(default_factory=list)  # in whose place the credit comes
    framed: frozenset[int] = frozenset()  # items whose data are a frame of the film as well
    rewritten: dict[int, bytes] = field(default_factory=dict)  # items, and what they come to hold
    gain_map: str = ""  # the numbers of one of Apple's
    undescribed: tuple[int, tuple[int, ...]] = (0, ())  # a map that goes, by which texts

    def stays(self, item: int) -> bool:
        """True for items of the picture, and for texts that are written anew."""
        return item in self.keep or item in self.rewritten


def choose(picture: Picture) -> None:
    """From the primary item along `dimg`, with transparency and a standard gain map."""
    tables = picture.tables
    derived: dict[int, list[int]] = {}
    for row in tables.references:
        if row.kind == b"dimg":
            derived.setdefault(row.source, []).extend(item for item, _ in row.to)

    def add(first: int) -> None:
        waiting = [first]
        while waiting:
            item = waiting.pop()
            if item not in picture.keep:
                picture.keep.add(item)
                waiting += derived.get(item, [])

    add(tables.primary)
    for item in tables.items.values():
        if item.kind == b"tmap" and picture.keep.intersection(derived.get(item.id, [])):
            add(item.id)
    for row in tables.references:
        if row.kind == b"auxl" and picture.keep.intersection(to for to, _ in row.to):
            auxiliary = tables.items.get(row.source)
            if auxiliary is not None and auxiliary_type(tables, auxiliary) in ALPHA:
                add(row.source)
    for number_ in picture.keep:
        check_item(tables, tables.items.get(number_))


def closure(tables: Tables, first: int) -> set[int]:
    """An item and all that it is made from."""
    found: set[int] = set()
    waiting = [first]
    while waiting:
        item = waiting.pop()
        if item not in found:
            found.add(item)
            for row in tables.references:
                if row.kind == b"dimg" and row.source == item:
                    waiting += [to for to, _ in row.to]
    return found


def check_item(tables: Tables, item: Item | None) -> None:
    """What a kept item must be, before any of it is believed."""
    if item is None or item.infe == (0, 0):
        raise Damaged("The picture is made from an item that does not exist.")
    if number(tables.source, item.name[0] - 6, 2):
        raise Encrypted("The picture is protected.")
    if item.kind not in CODED and item.kind not in DERIVED:
        raise Unsupported(f"The picture holds an item of the kind {item.label}.")
    if item.external or item.method > 1:
        raise Unsupported("The data of the picture lies in another file or item.")
    if not all(_placed(tables, row) for row in item.extents if row.end > row.start):
        raise Damaged(f"The data of {item.label} lies outside the boxes for data.")
    if item.extents and not (tables.length_width and (tables.offset_width or tables.base_width)):
        raise Unsupported("The locations of the picture's data are not written out.")
    if item.kind in CODED and not any(row.end > row.start for row in item.extents):
        raise Damaged(f"The {item.label} has no data.")
    kinds = {tables.properties[index - 1].kind for index, _, _ in item.properties if index}
    if b"ispe" not in kinds and item.kind != b"tmap":
        raise Damaged(f"The size of {item.label} is not stated.")


def _placed(tables: Tables, row: Extent) -> bool:
    return any(low <= row.start and row.end <= high for low, high in tables.data)


def auxiliary_type(tables: Tables, item: Item) -> bytes:
    for index, _, _ in item.properties:
        box = tables.properties[index - 1] if index else None
        if box is not None and box.kind == b"auxC":
            data = tables.source.read(box.body, min(box.end - box.body, 256))
            return data[4:].split(b"\0")[0]
    return b""
