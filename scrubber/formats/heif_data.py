"""The data of HEIF items: coded pictures that stay, and what goes with the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import number
from scrubber.formats.coded_units import Unit, private_nal_units, private_obus
from scrubber.formats.exif import split_exif
from scrubber.formats.heif_choice import CODED, DERIVED, Picture
from scrubber.formats.heif_items import Extent, Item
from scrubber.formats.heif_properties import width_of_lengths
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_MOST = 256 << 20  # of one item that is looked into


def places(picture: Picture, item: Item) -> None:
    """Offsets and lengths of the item's data move with it."""
    tables, ledger = picture.tables, picture.ledger
    rows = [row for row in item.extents if _inside(picture, row)]
    if not rows or item.external or item.method > 1:
        return
    base = tables.inner[b"idat"].body if item.method == 1 and b"idat" in tables.inner else 0
    if tables.base_width and item.base:
        ledger.offset(item.base_at, tables.base_width, "big", base, base + item.base)
        base += item.base
    for row in rows:
        if tables.offset_width:
            ledger.offset(row.offset_at, tables.offset_width, "big", base, row.start)
        if tables.length_width:
            ledger.length(row.length_at, tables.length_width, "big", row.start, row.end)


def _inside(picture: Picture, row: Extent) -> bool:
    return row.end <= picture.source.size


def kept_data(picture: Picture, item: Item, part: PartId) -> None:
    """The coded picture, without the units that no decoder needs."""
    ledger = picture.ledger
    if item.id in picture.framed:
        return  # the film has claimed it
    if not all(_inside(picture, row) for row in item.extents):
        raise Damaged(f"The data of {item.label} lies outside the file.", "It was cut off.")
    total = sum(row.end - row.start for row in item.extents)
    runs = [(row.start, row.end) for row in item.extents]
    if item.kind in DERIVED:
        runs = _derived(picture, item, runs, total)
    data = ledger.part(part, "data", Role.CODED)
    for start, end in runs:
        ledger.claim(data, start, end)
    if item.kind in CODED:
        if total > _MOST:
            raise Unsupported("An item of the picture is too large to be looked into.")
        coded = b"".join(picture.source.read(start, end - start) for start, end in runs)
        units = list(_private_units(picture, item, coded))
        if sum(unit.end - unit.start for unit in units) == total:
            raise Damaged(f"The data of {item.label} holds no picture.")
        for unit in units:
            child = ledger.part(data, unit.name, Role.PRIVATE, entity="ENCODER")
            for start, end in _through(runs, unit):
                ledger.claim(child, start, end)


def _derived(
    picture: Picture, item: Item, runs: list[tuple[int, int]], total: int
) -> list[tuple[int, int]]:
    """Of a derivation, the bytes that its definition has (ISO/IEC 23008-12 §6.6.2)."""
    least, most = DERIVED[item.kind]
    if item.kind == b"grid" and total >= 8:
        flags = number(picture.source, runs[0][0] + 1, 1)
        least = most = 12 if flags & 1 else 8
    if total < least:
        raise Damaged(f"The {item.label} is too short.")
    if total > most and item.kind != b"grid":
        raise Unsupported(f"The {item.label} is larger than its kind can be.")
    return [(s, min(e, s + most)) for s, e in runs[:1]] if item.kind == b"grid" else runs


def _private_units(picture: Picture, item: Item, coded: bytes) -> Iterator[Unit]:
    if item.kind == b"av01":
        return private_obus(coded)
    width = width_of_lengths(picture.tables, item)
    return private_nal_units(coded, width, avc=item.kind == b"avc1")


def _through(runs: list[tuple[int, int]], unit: Unit) -> Iterator[tuple[int, int]]:
    """Positions in the file of a run of the gathered data."""
    at = 0
    for start, end in runs:
        low, high = max(unit.start, at), min(unit.end, at + end - start)
        if low < high:
            yield start + low - at, start + high - at
        at += end - start


def rewritten_data(picture: Picture, item: Item, part: PartId) -> None:
    """A text of which numbers alone stay. What is found in an Exif tree goes with the tree."""
    ledger, source = picture.ledger, picture.source
    start, end = item.extents[0].start, item.extents[0].end
    new = picture.rewritten[item.id]
    if source.read(start, end - start) == new:
        ledger.leaf(part, "numbers", Role.DISPLAY, start, end)
        return
    name, entity = ("Exif", "MAKER_NOTE") if item.kind == b"Exif" else ("XMP", "TAG")
    data = ledger.leaf(part, name, Role.PRIVATE, start, end, entity=entity, on_drop=new)
    if item.kind == b"Exif":
        mark = len(ledger.parts)
        _looked_into(picture, item, data, start, end)
        for inner in ledger.parts[mark:]:
            if inner.name.startswith(("MakerNote", "Exif (damaged)")):
                inner.role, inner.entity = Role.DISPLAY, None  # the numbers are in it


def private_data(picture: Picture, item: Item, part: PartId) -> None:
    """All of it goes; what is known of its kind is split, so that the log can name it."""
    ledger = picture.ledger
    if item.external or item.method > 1 or item.id in picture.framed:
        return
    rows = [row for row in item.extents if _inside(picture, row) and row.end > row.start]
    for row in rows:
        ledger.claim(part, row.start, row.end)
    if len(rows) == 1:
        _looked_into(picture, item, part, rows[0].start, rows[0].end)


def _looked_into(picture: Picture, item: Item, part: PartId, start: int, end: int) -> None:
    """Parts of a text that goes with `part`."""
    ledger, source = picture.ledger, picture.source
    mark = len(ledger.parts)
    rendering = ledger.rendering
    if item.kind == b"Exif" and end - start > 4:
        tiff = start + 4 + number(source, start, 4)
        if tiff < end:
            _named(ledger, part, "Exif", tiff, end, split_exif, source)
    elif item.content_type == "application/rdf+xml" and not item.encoding:
        _named(ledger, part, "XMP", start, end, split_xmp, source)
    ledger.rendering = rendering  # these have no say in how a HEIF picture is turned
    inside = ledger.parts[mark:]
    empty = all(inner.role is Role.FRAME for inner in inside)  # such frames live by nothing
    for inner in inside:
        inner.needs = (*inner.needs, part)
        if inner.role in (Role.DISPLAY, Role.CODED) or empty:
            inner.role, inner.entity = Role.PRIVATE, "TECHNICAL"


def _named(
    ledger: Ledger, part: PartId, name: str, start: int, end: int,
    form: Callable[..., object], source: Source,
) -> None:  # fmt: skip
    def split(target: Ledger) -> None:
        form(target, source, part, start, end)

    ledger.attempt(part, name, start, end, "TAG", split)
    # The second reader compares nothing here: the item goes whole.
    ledger.doubts[:] = [row for row in ledger.doubts if not row.startswith(f"{name}:")]
