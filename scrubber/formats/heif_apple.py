"""Apple's gain map in HEIF: an auxiliary item, described by XMP of its own (see apple_gain_map).

It stays where its numbers can be read, and it covers what the picture shows and no more.
"""

from __future__ import annotations

from scrubber.errors import Held
from scrubber.formats.apple_gain_map import (
    AUXILIARY,
    Described,
    described,
    exif_tree,
    look,
    maker_numbers,
)
from scrubber.formats.bmff import number
from scrubber.formats.heif_choice import Picture, auxiliary_type, check_item, closure
from scrubber.formats.heif_items import Item, Tables

XMP_TYPE = b"application/rdf+xml\0"
_MOST = 1 << 20


def keep_apple_gain_map(picture: Picture) -> None:
    """Adds the map, its XMP, and the Exif item where the map needs numbers of a maker note."""
    tables = picture.tables
    maps = [
        row.source
        for row in tables.references
        if row.kind == b"auxl"
        and [to for to, _ in row.to] == [tables.primary]
        and row.source in tables.items
        and auxiliary_type(tables, tables.items[row.source]) == AUXILIARY
    ]
    if len(maps) != 1:
        return
    items = closure(tables, maps[0])
    if not _fits(tables, items) or not _same_shape(tables, maps[0]):
        return
    texts = _describing(tables, maps[0], b"mime")
    trees = _describing(tables, tables.primary, b"Exif")
    text = _text(tables, texts)
    numbers = _numbers(tables, trees) if text is not None and not text.headroom else {}
    if text is None or numbers is None:
        picture.undescribed = (maps[0], tuple(item.id for item in (*texts, *trees)))
        return
    if numbers:
        picture.rewritten[trees[0].id] = bytes(4) + exif_tree(numbers)
    picture.rewritten[texts[0].id] = text.packet()
    picture.keep |= items
    picture.gain_map = look(text, numbers)


def tie_undescribed(picture: Picture) -> None:
    """A map that goes because of its texts goes when they do: else it would come to stay."""
    item, texts = picture.undescribed
    inside = {picture.parts[text] for text in texts}
    for row in picture.ledger.parts if texts else ():
        if row.parent in inside:
            inside.add(row.id)
    if texts:
        picture.ledger.parts[picture.parts[item]].needs += tuple(sorted(inside))


def _text(tables: Tables, texts: list[Item]) -> Described | None:
    if len(texts) != 1 or texts[0].content_type != XMP_TYPE[:-1].decode() or texts[0].encoding:
        return None
    packet = _data(tables, texts[0])
    return described(packet) if packet is not None else None


def _numbers(tables: Tables, trees: list[Item]) -> dict[int, int] | None:
    """Of the maker note; none where no tree is, None where they cannot be read."""
    if not trees:
        return {}
    data = _data(tables, trees[0])
    return maker_numbers(_tree(data)) if data is not None and len(trees) == 1 else None


def _tree(data: bytes) -> bytes:
    """An Exif item starts with the distance to its tree (ISO/IEC 23008-12 A.2.1)."""
    return data[4 + int.from_bytes(data[:4], "big") :]


def _describing(tables: Tables, target: int, kind: bytes) -> list[Item]:
    return [
        tables.items[row.source]
        for row in tables.references
        if row.kind == b"cdsc"
        and [to for to, _ in row.to] == [target]
        and row.source in tables.items
        and tables.items[row.source].kind == kind
    ]


def _data(tables: Tables, item: Item) -> bytes | None:
    """The data of a text in one run, None where it has another form."""
    if len(item.extents) != 1 or item.external or item.method > 1 or item.properties:
        return None
    start, end = item.extents[0].start, item.extents[0].end
    inside = any(low <= start and end <= high for low, high in tables.data)
    protected = number(tables.source, item.name[0] - 6, 2)
    if not inside or protected or not 4 < end - start <= _MOST or not tables.length_width:
        return None
    return tables.source.read(start, end - start)


def _fits(tables: Tables, items: set[int]) -> bool:
    try:
        for item in items:
            check_item(tables, tables.items.get(item))
    except Held:
        return False
    return True


def _same_shape(tables: Tables, item: int) -> bool:
    """Of a picture that was cropped, a map of the old one would show more."""
    sizes = []
    for one in (tables.primary, item):
        boxes = [tables.properties[i - 1] for i, _, _ in tables.items[one].properties if i]
        found = [box for box in boxes if box.kind == b"ispe"]
        if len(found) != 1 or any(box.kind == b"clap" for box in boxes):
            return False
        at = found[0].body + 4
        sizes.append((number(tables.source, at, 4), number(tables.source, at + 4, 4)))
    (width, height), (across, down) = sizes
    return abs(width * down - height * across) <= 2 * max(width, height)
