"""The one writer: lays out the parts that stay and mends the frame around them.

Layout comes before writing: first every kept run gets its place, then
integers are moved by how much the distance that they measure changed, then
checksums are recomputed, each after those that it covers. The result is a
list of pieces, so large runs are streamed and never held.
"""

from __future__ import annotations

import bisect
import sys
from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from scrubber.errors import Damaged, Unsupported
from scrubber.layout import Layout, Piece
from scrubber.ledger import Chain, Checksum, Field, Ledger, Order, PartId, Table, Tile
from scrubber.model import Source
from scrubber.patches import Patches
from scrubber.source import blocks

_CODES = {2: "H", 4: "I", 8: "Q"}
_MAX_PAIRS = 2_000_000


@dataclass(frozen=True, slots=True)
class Joined:
    """What a plan makes of one source.

    `pieces` in output order. `removed` are the tiles that left or were rewritten, `edited`
    the runs of the output that were not in the source, `coded` the runs of the source that
    carry the content and stay as they are, `alive` the verdict for every part.
    """

    pieces: list[Piece]
    size: int
    identical: bool
    removed: tuple[Tile, ...]
    edited: tuple[tuple[int, int], ...]
    coded: tuple[tuple[int, int], ...]
    alive: tuple[bool, ...]


def join(
    ledger: Ledger,
    source: Source,
    dropped: Collection[PartId] = (),
    edits: Mapping[PartId, bytes] | None = None,
    *,
    tiles: list[Tile] | None = None,
    force: bool = False,
) -> Joined:
    """Writes `source` without the `dropped` parts and with `edits` in place of others.

    `force` rewrites every frame field even where nothing moved (for the identity law).
    Raises Damaged when one byte has two verdicts, Unsupported when a number no longer fits.
    """
    tiles = ledger.tile() if tiles is None else tiles
    layout = Layout(ledger, tiles, dropped, edits or {})
    if not layout.removed and not force and not layout.inserted:
        whole: list[Piece] = [(0, source.size)] if source.size else []
        return Joined(whole, source.size, True, (), (), layout.coded(), tuple(layout.alive))
    patches = Patches(layout.runs, layout.size, source)
    _move_integers(layout, patches, source, force)
    _state(layout, patches)
    for table in ledger.tables:
        _move_table(layout, patches, source, table, force)
    for chain in ledger.chains:
        _link(layout, patches, source, chain)
    _mend(layout, patches, source)
    for row in _inner_first(ledger.checksums):
        _checksum(layout, patches, row, force)
    pieces = patches.pieces()
    return Joined(
        pieces,
        layout.size,
        pieces == ([(0, source.size)] if source.size else []),
        tuple(layout.removed),
        tuple(layout.edited),
        layout.coded(),
        tuple(layout.alive),
    )


def chunks(joined: Joined, source: Source) -> Iterator[bytes]:
    """The output in bounded blocks."""
    for piece in joined.pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from blocks(source, piece[0], piece[1])


def pack(value: int, width: int, order: Order) -> bytes:
    """`value` in `width` bytes. Raises Unsupported when it does not fit."""
    if order == "syncsafe":
        if not 0 <= value < 1 << (7 * width):
            raise Unsupported(f"The number {value} does not fit in {width} syncsafe bytes.")
        return bytes((value >> (7 * shift)) & 0x7F for shift in range(width - 1, -1, -1))
    if order == "vint":  # all ones would say that the size is unknown
        if not 0 <= value < (1 << 7 * width) - 1:
            raise Unsupported(f"The size {value} does not fit in {width} bytes of EBML.")
        return (1 << 7 * width | value).to_bytes(width, "big")
    if order == "quoted":  # decimal digits, the quote that ends them, and spaces behind it
        if len(str(value)) >= width:
            raise Unsupported(f"The number {value} does not fit in {width - 1} digits.")
        return f'{value}"'.encode().ljust(width)
    if not 0 <= value < 1 << (8 * width):
        raise Unsupported(f"The number {value} does not fit in {width} bytes.")
    return value.to_bytes(width, "big" if order == "big" else "little")


def unpack(data: bytes, order: Order) -> int:
    if order == "syncsafe":
        value = 0
        for byte in data:
            value = value << 7 | byte & 0x7F
        return value
    if order == "vint":
        return int.from_bytes(data, "big") & (1 << 7 * len(data)) - 1
    if order == "quoted":
        return int(data.partition(b'"')[0])
    return int.from_bytes(data, "big" if order == "big" else "little")


def _moved(layout: Layout, row: Field) -> int:
    """The new distance that `row` measures, in bytes."""
    if row.is_offset:
        return layout.map_begin(row.end) - layout.map_base(row.start)
    return max(layout.map_end(row.end) - layout.map_begin(row.start), 0)


def _move_integers(layout: Layout, patches: Patches, source: Source, force: bool) -> None:
    for row in layout.ledger.fields:
        if not layout.lives(row.at, row.width):
            continue
        gone = row.null_if_gone is not None and not layout.alive[row.null_if_gone]
        change = _moved(layout, row) - (row.end - row.start)
        if not gone and not change and not force:
            continue
        if change % row.unit:
            raise Unsupported(f"The field at offset {row.at} counts units of {row.unit} bytes.")
        raw = source.read(row.at, row.width)
        old = unpack(raw, row.order)
        new = 0 if gone else old + change // row.unit
        # A number that does not change keeps its spelling: syncsafe has more than one.
        patches.put(
            layout.map_begin(row.at), raw if new == old else pack(new, row.width, row.order)
        )


def _state(layout: Layout, patches: Patches) -> None:
    """Numbers of the parts that stand in for others, and of inserts."""
    for row in layout.ledger.stated:
        if (out := layout.literals.get(row.part)) is None:
            continue
        field = Field(row.at, row.width, row.order, row.start, row.end, 1, row.is_offset, None)
        patches.put(out + row.at, pack(_moved(layout, field), row.width, row.order))
    for aimed in layout.ledger.aimed:
        if aimed.insert in layout.inserts and aimed.target in layout.inserts:
            place = layout.inserts[aimed.target] + aimed.inside
            out = layout.inserts[aimed.insert] + aimed.at
            patches.put(out, pack(place, aimed.width, aimed.order))


def _move_table(
    layout: Layout, patches: Patches, source: Source, table: Table, force: bool
) -> None:
    """Entries come in runs that move as one, so most need neither a search nor a rounding."""
    if not table.entries or not layout.lives(table.at, table.entries * table.width):
        return
    data = source.read(table.at, table.entries * table.width)
    old = _integers(data, table)
    base, moved_base = table.base, layout.map_base(table.base)
    new: list[int] = []
    low = high = by = 0
    for value in old:
        position = base + value
        if not low <= position < high:
            low, high, by = layout.shift(position)
            if low == high:
                new.append(layout.map_begin(position) - moved_base)
                continue
            by += base - moved_base
        new.append(value + by)
    if new != old or force:
        moved = data if new == old else b"".join(pack(v, table.width, table.order) for v in new)
        patches.put(layout.map_begin(table.at), moved)


def _integers(data: bytes, table: Table) -> list[int]:
    width, order = table.width, table.order
    code = _CODES.get(width)
    if code is None or order in ("syncsafe", "vint"):
        return [unpack(data[i : i + width], order) for i in range(0, len(data), width)]
    numbers = array(code, data)
    if order != sys.byteorder:
        numbers.byteswap()
    return numbers.tolist()


def _link(layout: Layout, patches: Patches, source: Source, chain: Chain) -> None:
    following = 0
    for at, (part, target) in reversed(list(zip(chain.pointers, chain.targets, strict=True))):
        if layout.alive[part]:
            following = layout.map_begin(target)
        if layout.lives(at, chain.width):
            new = pack(following, chain.width, chain.order)
            if new != source.read(at, chain.width):
                patches.put(layout.map_begin(at), new)


def _mend(layout: Layout, patches: Patches, source: Source) -> None:
    alive = layout.alive
    for row in layout.ledger.mends:
        if layout.lives(row.at, row.width):
            old = source.read(row.at, row.width)
            new = row.rewrite(alive.__getitem__, old)
            if len(new) != row.width:
                raise Damaged(f"The field at offset {row.at} does not fit in {row.width} bytes.")
            if new != old:
                patches.put(layout.map_begin(row.at), new)


def _inner_first(rows: list[Checksum]) -> list[Checksum]:
    """Each checksum after those whose own field stands in its range. Raises Damaged on a circle."""
    places = sorted(range(len(rows)), key=lambda index: rows[index].at)
    fields = [rows[index].at for index in places]
    covers: dict[int, list[int]] = {}
    pairs = 0
    for index, row in enumerate(rows):
        low, high = bisect.bisect_left(fields, row.start), bisect.bisect_left(fields, row.end)
        inner = [other for other in places[low:high] if other != index]
        if inner:
            covers[index] = inner
            pairs += len(inner)
            if pairs > _MAX_PAIRS:
                raise Unsupported("Too many checksums of the file cover one another.")
    if not covers:
        return rows
    try:
        first = list(TopologicalSorter(covers).static_order())
    except CycleError as error:
        raise Damaged("Two checksums of the file cover one another.") from error
    known = set(first)
    alone = [row for index, row in enumerate(rows) if index not in known]
    return [rows[index] for index in first] + alone


def _checksum(layout: Layout, patches: Patches, row: Checksum, force: bool) -> None:
    if not layout.lives(row.at, row.width):
        return
    start, end = layout.map_begin(row.start), layout.map_end(row.end)
    if force or layout.touched(row.start, row.end) or patches.any_within(start, end):
        value = row.algorithm(patches.content(start, end))
        patches.put(layout.map_begin(row.at), pack(value, row.width, row.order))
