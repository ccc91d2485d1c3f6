"""The one writer: lays out the parts that stay and mends the frame around them.

Layout comes before writing: first every kept run gets its place, then
integers are moved by how much the distance that they measure changed, then
checksums are recomputed from the inside out. The result is a list of pieces,
so large runs are streamed and never held.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import ROOT, Checksum, Field, Ledger, Order, PartId, Tile
from scrubber.model import Role, Source
from scrubber.source import blocks

Piece = tuple[int, int] | bytes
"""A run [start, end) of the source, or bytes that were not there before."""


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
    layout = _Layout(ledger, tiles, dropped, edits or {})
    if not layout.removed and not force and not layout.inserted:
        whole: list[Piece] = [(0, source.size)] if source.size else []
        coded = _coded(layout)
        return Joined(whole, source.size, True, (), (), coded, tuple(layout.alive))
    patches = _Patches(layout, source)
    _move_integers(layout, patches, source, force)
    _mend(layout, patches, source)
    for row in sorted(ledger.checksums, key=lambda row: row.end - row.start):
        _checksum(layout, patches, row, force)
    pieces = patches.pieces()
    return Joined(
        pieces,
        layout.size,
        pieces == [(0, source.size)],
        tuple(layout.removed),
        tuple(layout.edited),
        _coded(layout),
        tuple(layout.alive),
    )


def chunks(joined: Joined, source: Source) -> Iterator[bytes]:
    """The output in bounded blocks."""
    for piece in joined.pieces:
        if isinstance(piece, bytes):
            yield piece
        else:
            yield from blocks(source, piece[0], piece[1])


class _Layout:
    """Source positions → output positions, once it is known which parts live."""

    def __init__(
        self,
        ledger: Ledger,
        tiles: list[Tile],
        dropped: Collection[PartId],
        edits: Mapping[PartId, bytes],
    ) -> None:
        self.ledger = ledger
        self.tiles = tiles
        self.placed = _scatter(ledger, edits)
        self.alive = _life(ledger, tiles, dropped, self.placed)
        self.starts = [tile.start for tile in tiles]
        self.begin: list[int] = []  # output position of a tile, after alignment
        self.close: list[int] = []  # where the tile before it ended
        self.length: list[int] = []  # bytes of the tile in the output
        self.runs: list[tuple[int, Piece]] = []  # output position and what stands there
        self.removed: list[Tile] = []
        self.edited: list[tuple[int, int]] = []
        self.inserted = False
        self._place()

    def _place(self) -> None:
        alive = self.alive
        aligned = {claim.start: claim for claim in self.ledger.claims if claim.align > 1}
        inserts = {row.at: row.data for row in self.ledger.inserts if not alive[row.instead_of]}
        blanked: set[PartId] = set()
        out = 0
        for tile in self.tiles:
            keep = self._verdict(tile)
            self.close.append(out)
            if tile.start in inserts:
                out = self._literal(out, inserts[tile.start])
                self.inserted = True
            claim = aligned.get(tile.start)
            if claim and keep and claim.part in tile.owners and claim.base < tile.start:
                moved = (tile.start - claim.base) - (out - self.map_begin(claim.base))
                out = self._literal(out, bytes(moved % claim.align))
            self.begin.append(out)
            owner = tile.owners[0]
            before = out
            if keep and (owner, tile.start) in self.placed:
                self.removed.append(tile)
                out = self._literal(out, self.placed[owner, tile.start])
            elif keep:
                self.runs.append((out, (tile.start, tile.end)))
                out += tile.end - tile.start
            else:
                self.removed.append(tile)
                literal = self.ledger.parts[owner].on_drop
                if literal and owner not in blanked and alive[self.ledger.parts[owner].parent]:
                    out = self._literal(out, literal)
                blanked.add(owner)
            self.length.append(out - before)
        self.size = out
        self.close.append(out)
        self.begin.append(out)

    def _literal(self, out: int, data: bytes) -> int:
        if data:
            self.runs.append((out, data))
            self.edited.append((out, out + len(data)))
        return out + len(data)

    def _verdict(self, tile: Tile) -> bool:
        keep = self.alive[tile.owners[0]]
        for other in tile.owners[1:]:
            if self.alive[other] != keep:
                names = f"({self.ledger.path(tile.owners[0])} and {self.ledger.path(other)})"
                raise Damaged(
                    f"Bytes {tile.start} to {tile.end} belong to two parts {names},",
                    "of which only one may stay.",
                )
        return keep

    def _index(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position) - 1

    def map_begin(self, position: int) -> int:
        """Where the byte at `position`, or else the next one that lives, stands in the output."""
        if position >= self.ledger.size:
            return self.size
        index = self._index(position)
        inside = position - self.starts[index]
        if not inside:
            return self.begin[index]
        if self.length[index]:
            return self.begin[index] + min(inside, self.length[index])
        return self.begin[index + 1]

    def map_end(self, position: int) -> int:
        """Where what stood before `position` ends in the output."""
        if position >= self.ledger.size:
            return self.size
        index = self._index(position)
        inside = position - self.starts[index]
        if not inside:
            return self.close[index]
        if self.length[index]:
            return self.begin[index] + min(inside, self.length[index])
        return self.close[index + 1]

    def lives(self, position: int) -> bool:
        """True if the byte at `position` is in the output as it was."""
        tile = self.tiles[self._index(position)]
        owner = tile.owners[0]
        return self.alive[owner] and (owner, tile.start) not in self.placed

    def touched(self, start: int, end: int) -> bool:
        """True if anything in [start, end) left, was rewritten or moved."""
        if self.map_end(end) - self.map_begin(start) != end - start:
            return True
        first = self._index(start)
        return any(
            not self.lives(tile.start)
            for tile in self.tiles[first : bisect.bisect_left(self.starts, end)]
        )


def _scatter(ledger: Ledger, edits: Mapping[PartId, bytes]) -> dict[tuple[PartId, int], bytes]:
    """New bytes of a part over its spans: each to its old length, the last takes the rest."""
    placed: dict[tuple[PartId, int], bytes] = {}
    for part, data in edits.items():
        spans = sorted(ledger.parts[part].spans)
        for index, (start, end) in enumerate(spans):
            take = len(data) if index == len(spans) - 1 else end - start
            placed[part, start] = data[:take]
            data = data[take:]
    return placed


def _life(
    ledger: Ledger,
    tiles: list[Tile],
    dropped: Collection[PartId],
    placed: Mapping[tuple[PartId, int], bytes],
) -> list[bool]:
    """For every part whether it stays.

    Explicit verdicts first, then what each part needs, then frames: a frame lives while a
    descendant lives or anything inside its scope does; a frame leaf lives with its parent.
    """
    parts = ledger.parts
    alive = [part.role is not Role.FRAME for part in parts]
    for number in dropped:
        alive[number] = False
    _follow_needs(ledger, alive)
    emptied = {key for key, data in placed.items() if not data}
    _raise_frames(ledger, alive, emptied)
    _raise_scopes(ledger, tiles, alive, emptied)
    alive[ROOT] = True
    holds = bytearray(len(parts))
    for part in parts[1:]:
        holds[part.parent] = 1
    for scope in ledger.scopes:
        holds[scope.part] = 1
    for part in parts[1:]:
        if part.role is Role.FRAME and not holds[part.id]:
            alive[part.id] = alive[part.parent]
    for number in dropped:
        alive[number] = False
    return alive


def _raise(ledger: Ledger, alive: list[bool], number: PartId) -> None:
    """Every frame from `number` upwards lives."""
    while number != ROOT:
        if ledger.parts[number].role is Role.FRAME:
            if alive[number]:
                return
            alive[number] = True
        number = ledger.parts[number].parent


def _raise_frames(ledger: Ledger, alive: list[bool], emptied: set[tuple[PartId, int]]) -> None:
    for part in ledger.parts[1:]:
        if part.role is not Role.FRAME and alive[part.id] and part.parent != ROOT:
            spans = part.spans
            if not emptied or not spans or any((part.id, at) not in emptied for at, _ in spans):
                _raise(ledger, alive, part.parent)


def _raise_scopes(
    ledger: Ledger, tiles: list[Tile], alive: list[bool], emptied: set[tuple[PartId, int]]
) -> None:
    if not ledger.scopes:
        return
    parts = ledger.parts
    living = [
        tile.start
        for tile in tiles
        if (owner := parts[tile.owners[0]]).role is not Role.FRAME
        and alive[owner.id]
        and (owner.id, tile.start) not in emptied
    ]
    for scope in ledger.scopes:
        at = bisect.bisect_left(living, scope.start)
        if at < len(living) and living[at] < scope.end:
            _raise(ledger, alive, scope.part)


def _follow_needs(ledger: Ledger, alive: list[bool]) -> None:
    needing = [part for part in ledger.parts if part.needs]
    changed = bool(needing)
    while changed:
        changed = False
        for part in needing:
            if alive[part.id] and not all(alive[need] for need in part.needs):
                alive[part.id] = False
                changed = True


class _Patches:
    """New values of frame fields, by output position, laid over the runs."""

    def __init__(self, layout: _Layout, source: Source) -> None:
        self._runs = layout.runs
        self._starts = [start for start, _ in layout.runs]
        self._source = source
        self._by_run: dict[int, dict[int, bytes]] = {}

    def put(self, out: int, data: bytes) -> None:
        run = bisect.bisect_right(self._starts, out) - 1
        self._by_run.setdefault(run, {})[out] = data

    def any_within(self, start: int, end: int) -> bool:
        first = max(bisect.bisect_right(self._starts, start) - 1, 0)
        last = bisect.bisect_left(self._starts, end)
        return any(
            start <= out < end for run in range(first, last) for out in self._by_run.get(run, ())
        )

    def pieces(self, start: int = 0, end: int | None = None) -> list[Piece]:
        """The output [start, end) as pieces, neighbours merged."""
        merged: list[Piece] = []
        first = max(bisect.bisect_right(self._starts, start) - 1, 0)
        last = len(self._runs) if end is None else bisect.bisect_left(self._starts, end)
        for run in range(first, last):
            at, piece = self._runs[run]
            for where, part in self._patched(run, at, piece):
                trimmed = _trim(where, part, start, end)
                if not trimmed:
                    continue
                _append(merged, trimmed)
        return merged

    def _patched(self, run: int, at: int, piece: Piece) -> Iterator[tuple[int, Piece]]:
        patches = self._by_run.get(run)
        if not patches:
            yield at, piece
            return
        if isinstance(piece, bytes):
            data = bytearray(piece)
            for out, new in patches.items():
                data[out - at : out - at + len(new)] = new
            yield at, bytes(data)
            return
        start, end = piece
        shift = start - at
        cursor = start
        for out in sorted(patches):
            where = out + shift
            if where > cursor:
                yield cursor - shift, (cursor, where)
            yield out, patches[out]
            cursor = where + len(patches[out])
        if cursor < end:
            yield cursor - shift, (cursor, end)

    def content(self, start: int, end: int) -> Iterator[bytes]:
        for piece in self.pieces(start, end):
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from blocks(self._source, piece[0], piece[1])


def _trim(at: int, piece: Piece, start: int, end: int | None) -> Piece | None:
    length = len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]
    low = max(start - at, 0)
    high = length if end is None else min(end - at, length)
    if low >= high:
        return None
    return piece[low:high] if isinstance(piece, bytes) else (piece[0] + low, piece[0] + high)


def _append(merged: list[Piece], piece: Piece) -> None:
    """Adds `piece`, as one with its neighbour where both are of one kind and adjacent."""
    if merged:
        last = merged[-1]
        if isinstance(last, bytes) and isinstance(piece, bytes):
            merged[-1] = last + piece
            return
        if isinstance(last, tuple) and isinstance(piece, tuple) and last[1] == piece[0]:
            merged[-1] = (last[0], piece[1])
            return
    merged.append(piece)


def pack(value: int, width: int, order: Order) -> bytes:
    """`value` in `width` bytes. Raises Unsupported when it does not fit."""
    if order == "syncsafe":
        if not 0 <= value < 1 << (7 * width):
            raise Unsupported(f"The number {value} does not fit in {width} syncsafe bytes.")
        return bytes((value >> (7 * shift)) & 0x7F for shift in range(width - 1, -1, -1))
    if not 0 <= value < 1 << (8 * width):
        raise Unsupported(f"The number {value} does not fit in {width} bytes.")
    return value.to_bytes(width, "big" if order == "big" else "little")


def unpack(data: bytes, order: Order) -> int:
    if order == "syncsafe":
        value = 0
        for byte in data:
            value = value << 7 | byte & 0x7F
        return value
    return int.from_bytes(data, "big" if order == "big" else "little")


def _moved(layout: _Layout, row: Field) -> int:
    """The new distance that `row` measures, in bytes."""
    if row.is_offset:
        return layout.map_begin(row.end) - layout.map_begin(row.start)
    return layout.map_end(row.end) - layout.map_begin(row.start)


def _move_integers(layout: _Layout, patches: _Patches, source: Source, force: bool) -> None:
    for row in layout.ledger.fields:
        if not layout.lives(row.at):
            continue
        gone = row.null_if_gone is not None and not layout.alive[row.null_if_gone]
        change = _moved(layout, row) - (row.end - row.start)
        if not gone and not change and not force:
            continue
        if change % row.unit:
            raise Unsupported(f"The field at offset {row.at} counts units of {row.unit} bytes.")
        old = unpack(source.read(row.at, row.width), row.order)
        new = 0 if gone else old + change // row.unit
        patches.put(layout.map_begin(row.at), pack(new, row.width, row.order))
    for table in layout.ledger.tables:
        if layout.lives(table.at):
            base = layout.map_begin(table.base)
            data = source.read(table.at, table.entries * table.width)
            width, order = table.width, table.order
            moved = b"".join(
                pack(
                    layout.map_begin(table.base + unpack(data[i : i + width], order)) - base,
                    width,
                    order,
                )
                for i in range(0, len(data), width)
            )
            if moved != data or force:
                patches.put(layout.map_begin(table.at), moved)


def _mend(layout: _Layout, patches: _Patches, source: Source) -> None:
    alive = layout.alive
    for row in layout.ledger.mends:
        if layout.lives(row.at):
            old = source.read(row.at, row.width)
            new = row.rewrite(alive.__getitem__, old)
            if new != old:
                patches.put(layout.map_begin(row.at), new)


def _checksum(layout: _Layout, patches: _Patches, row: Checksum, force: bool) -> None:
    if not layout.lives(row.at):
        return
    start, end = layout.map_begin(row.start), layout.map_end(row.end)
    if force or layout.touched(row.start, row.end) or patches.any_within(start, end):
        value = row.algorithm(patches.content(start, end))
        patches.put(layout.map_begin(row.at), pack(value, row.width, row.order))


def _coded(layout: _Layout) -> tuple[tuple[int, int], ...]:
    parts, runs = layout.ledger.parts, list[tuple[int, int]]()
    for tile in layout.tiles:
        if parts[tile.owners[0]].role is Role.CODED and layout.lives(tile.start):
            if runs and runs[-1][1] == tile.start:
                runs[-1] = (runs[-1][0], tile.end)
            else:
                runs.append((tile.start, tile.end))
    return tuple(runs)
