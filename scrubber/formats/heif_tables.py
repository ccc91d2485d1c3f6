"""The tables of a HEIF picture: each loses the rows of the items and properties that go."""

from __future__ import annotations

import functools
from collections.abc import Callable

from scrubber.errors import Damaged
from scrubber.formats.bmff import Box, boxes, fewer, number, open_box, version_and_flags
from scrubber.formats.heif_choice import Picture
from scrubber.formats.heif_items import Reference, associations, entries_of
from scrubber.formats.heif_properties import KEPT, keep_property
from scrubber.ledger import PartId
from scrubber.model import Role


def information(picture: Picture, parent: PartId, box: Box) -> None:
    """`iinf`: its count goes down with the items."""
    at, width, first = entries_of(picture.source, box)
    open_box(picture.ledger, parent, box, first - box.body)
    rows = [picture.parts[item.id] for item in picture.tables.items.values() if item.infe != (0, 0)]
    fewer(picture.ledger, at, width, rows, picture.credited)


def locations(picture: Picture, parent: PartId, box: Box) -> None:
    version, _ = version_and_flags(picture.source, box)
    width = 4 if version == 2 else 2
    open_box(picture.ledger, parent, box, 6 + width)
    rows = [picture.parts[item.id] for item in picture.tables.items.values() if item.row != (0, 0)]
    fewer(picture.ledger, box.body + 6, width, rows, picture.credited)


def references(picture: Picture, parent: PartId, box: Box) -> None:
    """A reference goes with the item that refers, or with the last one that it names."""
    if not picture.tables.references:
        picture.ledger.leaf(parent, "iref", Role.SLACK, box.at, box.end, entity="PADDING")
        return
    open_box(picture.ledger, parent, box, 4)
    for row in picture.tables.references:
        _reference(picture, parent, row)


def _reference(picture: Picture, parent: PartId, row: Reference) -> None:
    ledger = picture.ledger
    here = picture.parts.get(row.source)
    gone = [(item, at) for item, at in row.to if item not in picture.keep]
    if not picture.stays(row.source):
        if here is None:
            ledger.leaf(parent, row.box.name, Role.PRIVATE, row.box.at, row.box.end, entity="TAG")
        else:
            ledger.claim(here, row.box.at, row.box.end)
        return
    assert here is not None  # kept items have parts
    kinds = (b"cdsc",) if row.source in picture.rewritten else (b"dimg", b"auxl", b"prem")
    if row.kind not in kinds or len(gone) == len(row.to):
        ledger.leaf(parent, row.box.name, Role.PRIVATE, row.box.at, row.box.end, entity="TAG")
        return
    if gone and row.kind == b"dimg":
        raise Damaged("The picture is made from an item that does not exist.")
    part = open_box(ledger, parent, row.box)
    end = row.to[-1][1] + row.width
    ledger.leaf(part, "from", Role.DISPLAY, row.box.body, row.box.body + row.width + 2)
    for item, at in row.to:
        if item in picture.keep:
            ledger.leaf(part, "to", Role.DISPLAY, at, at + row.width)
        else:
            ledger.claim(picture.parts.get(item, part), at, at + row.width)
    fewer(
        ledger, row.box.body + row.width, 2,
        [picture.parts[item] for item, _ in gone if item in picture.parts],
    )  # fmt: skip
    if end > row.box.end:
        raise Damaged("A reference between items is cut off.")


def idat(picture: Picture, parent: PartId, box: Box) -> None:
    if box.end > box.body:
        open_box(picture.ledger, parent, box)
    else:
        picture.ledger.leaf(parent, "idat", Role.SLACK, box.at, box.end, entity="PADDING")


def groups(picture: Picture, parent: PartId, box: Box) -> None:
    """ISO/IEC 14496-12 §8.18: alternatives of the kept picture stay, albums and bursts go."""
    ledger, source = picture.ledger, picture.source
    inside = list(boxes(source, box.body, box.end))
    part = open_box(ledger, parent, box)
    for group in inside:
        kept = False
        if group.kind == b"altr" and group.end - group.body >= 12:
            count = number(source, group.body + 8, 4)
            if group.body + 12 + 4 * count == group.end:
                ids = [number(source, at, 4) for at in range(group.body + 12, group.end, 4)]
                kept = len(ids) > 1 and picture.keep.issuperset(ids)
        if kept:
            ledger.leaf(part, group.name, Role.DISPLAY, group.at, group.end)
        else:
            ledger.leaf(part, group.name, Role.PRIVATE, group.at, group.end, entity="TAG")


def iprp(picture: Picture, parent: PartId, box: Box) -> None:
    """The list of properties. Those that no kept item needs go; the others are renumbered."""
    ledger, source, tables = picture.ledger, picture.source, picture.tables
    part = open_box(ledger, parent, box)
    used = {index for item in picture.keep for index, _, _ in tables.items[item].properties}
    for inner in boxes(source, box.body, box.end):
        if inner.kind == b"ipco":
            store = open_box(ledger, part, inner)
            for index, one in enumerate(tables.properties, 1):
                if index in used and one.kind in KEPT:
                    number_ = keep_property(ledger, source, store, one)
                else:
                    number_ = ledger.leaf(
                        store, one.name, Role.PRIVATE, one.at, one.end, entity="TECHNICAL"
                    )
                picture.properties.append(number_)
        elif inner.kind == b"ipma":
            open_box(ledger, part, inner, 8)
        else:
            ledger.leaf(part, inner.name, Role.PRIVATE, inner.at, inner.end, entity="HIDDEN_DATA")


def associations_of(picture: Picture) -> None:
    """`ipma`: rows go with their items, single entries with their properties."""
    ledger, source, tables = picture.ledger, picture.source, picture.tables
    if b"iprp" not in tables.inner:
        return
    iprp = tables.inner[b"iprp"]
    for box in boxes(source, iprp.body, iprp.end):
        if box.kind != b"ipma":
            continue
        version, flags = version_and_flags(source, box)
        wide, width = 4 if version else 2, 2 if flags & 1 else 1
        owners = []
        for item, (start, end, first) in associations(source, box):
            part = picture.parts[item]
            owners.append(part)
            kept = item in picture.keep
            ledger.claim(part, start, first if kept else end)
            going = []
            for at in range(first, end, width):
                index = number(source, at, width) & (0x7FFF if width == 2 else 0x7F)
                target = picture.properties[index - 1] if index else part
                if kept:
                    private = ledger.parts[target].role is Role.PRIVATE
                    ledger.claim(target if private else part, at, at + width)
                    going += [target] if private else []
                if index:
                    ledger.mend(at, width, functools.partial(_renumbered, picture, index, width))
            if kept:
                fewer(ledger, start + wide, 1, going)
        fewer(ledger, box.body + 4, 4, owners)


def _renumbered(
    picture: Picture, index: int, width: int, alive: Callable[[PartId], bool], old: bytes
) -> bytes:
    """The new index of a property; 0 where it has gone. The essential bit stays."""
    before = picture.properties[:index]
    essential = int.from_bytes(old, "big") & (0x8000 if width == 2 else 0x80)
    if not alive(before[-1]):
        return bytes(width)
    return (essential | sum(map(alive, before))).to_bytes(width, "big")
