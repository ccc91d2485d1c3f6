"""Which parts live, and where each run of the source stands in the output.

This comes before any byte is written: `scrubber.join` asks it by how much the
distances that frame fields measure have changed.
"""

from __future__ import annotations

import bisect
from collections.abc import Collection, Mapping

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import ROOT, Claim, Ledger, PartId, Tile
from scrubber.model import Role

Piece = tuple[int, int] | bytes
"""A run [start, end) of the source, or bytes that were not there before."""

_ROUNDS = 100


class Layout:
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
        self.placed = _scatter(ledger, tiles, edits)
        self.alive = _life(ledger, tiles, dropped, edits, self.placed)
        self.starts = [tile.start for tile in tiles]
        self.begin: list[int] = []  # output position of a tile, after alignment
        self.close: list[int] = []  # where the tile before it ended
        self.length: list[int] = []  # bytes of the tile in the output
        self.runs: list[tuple[int, Piece]] = []  # output position and what stands there
        self.removed: list[Tile] = []
        self.edited: list[tuple[int, int]] = []
        self.inserted = False
        self.literals: dict[PartId, int] = {}  # where the `on_drop` of a part stands
        self.inserts: dict[int, int] = {}  # where each insert stands
        self._windows: list[tuple[int, int, int]] = []
        self._place()

    def _place(self) -> None:
        aligned = {claim.start: claim for claim in self.ledger.claims if claim.align > 1}
        inserts = self._inserts()
        out = 0
        for tile in self.tiles:
            keep = self._verdict(tile)
            self.close.append(out)
            if tile.start in inserts:
                out = self._insert(out, inserts.pop(tile.start))
            self.begin.append(out)
            if keep and tile.start in aligned:
                out = self._literal(out, self._padding(tile, aligned[tile.start], out))
                self.begin[-1] = out
            before = out
            if not keep:
                self.removed.append(tile)
                out = self._literal(out, self._instead(tile, out))
            elif tile.start in self.placed:
                self.removed.append(tile)
                out = self._literal(out, self.placed[tile.start])
            else:
                self.runs.append((out, (tile.start, tile.end)))
                out += tile.end - tile.start
            self.length.append(out - before)
        self.close.append(out)
        out = self._insert(out, inserts.pop(self.ledger.size, []))
        self.begin.append(out)
        self.size = out
        if inserts:
            raise Damaged(f"Nothing can be inserted at offset {min(inserts)}, inside a part.")

    def _inserts(self) -> dict[int, list[int]]:
        """Numbers of the inserts that come at each place."""
        inserts: dict[int, list[int]] = {}
        for number, row in enumerate(self.ledger.inserts):
            if not self.alive[row.instead_of]:
                inserts.setdefault(row.at, []).append(number)
        self.inserted = bool(inserts)
        return inserts

    def _insert(self, out: int, numbers: list[int]) -> int:
        for number in numbers:
            row = self.ledger.inserts[number]
            out = self._literal(out, bytes(-out % row.align))
            self.inserts[number] = out
            out = self._literal(out, row.data)
        return out

    def _padding(self, tile: Tile, claim: Claim, out: int) -> bytes:
        """What keeps the residue of `claim` when things before it have moved."""
        if claim.part not in tile.owners or claim.base > tile.start:
            return b""
        moved = (tile.start - claim.base) - (out - self.map_base(claim.base))
        return bytes(moved % claim.align)

    def _instead(self, tile: Tile, out: int) -> bytes:
        """What stands for a dropped tile: the `on_drop` of its part, once, inside a live frame."""
        parts = self.ledger.parts
        for owner in tile.owners:
            literal = parts[owner].on_drop
            if literal is not None:
                if owner in self.literals or not self.alive[parts[owner].parent]:
                    return b""
                self.literals[owner] = out
                return literal
        return b""

    def _literal(self, out: int, data: bytes) -> int:
        if data:
            self.runs.append((out, data))
            self.edited.append((out, out + len(data)))
        return out + len(data)

    def _verdict(self, tile: Tile) -> bool:
        keep = self.alive[tile.owners[0]]
        for other in tile.owners[1:]:
            if self.alive[other] != keep:
                raise _two_verdicts(self.ledger, tile, tile.owners[0], other)
        return keep

    def _index(self, position: int) -> int:
        return bisect.bisect_right(self.starts, position) - 1

    def map_begin(self, position: int) -> int:
        """Where the byte at `position`, or else the next one that lives, stands in the output.

        A position outside the source keeps its distance from the border.
        """
        if position >= self.ledger.size:
            return self.size + position - self.ledger.size
        if position < 0:
            return position
        index = self._index(position)
        inside = position - self.starts[index]
        if not inside:
            return self.begin[index]
        if self.length[index]:
            return self.begin[index] + min(inside, self.length[index])
        return self.begin[index + 1] if index + 1 < len(self.begin) else self.begin[index]

    def map_base(self, position: int) -> int:
        """As `map_begin`, for what offsets count from: the file's start is before any insert."""
        return self.map_begin(position) if position else 0

    def map_end(self, position: int) -> int:
        """Where what stood before `position` ends in the output."""
        if position >= self.ledger.size:
            return self.close[-1] + position - self.ledger.size
        if position < 0:
            return position
        index = self._index(position)
        inside = position - self.starts[index]
        if not inside:
            return self.close[index]
        if self.length[index]:
            return self.begin[index] + min(inside, self.length[index])
        return self.close[index + 1]

    def _stays(self, index: int) -> bool:
        tile = self.tiles[index]
        return self.alive[tile.owners[0]] and tile.start not in self.placed

    def lives(self, at: int, width: int = 1) -> bool:
        """True if the `width` bytes at `at` are in the output as they were, one after the other.

        Raises Damaged when only some of them are: a field of which half is gone means nothing.
        """
        if at < 0 or at + width > self.ledger.size:
            raise Damaged(f"A field of {width} bytes is declared at offset {at}, outside the file.")
        index = self._index(at)
        stays = self._stays(index)
        while self.tiles[index].end < at + width:
            index += 1
            together = self.begin[index] == self.begin[index - 1] + self.length[index - 1]
            if self._stays(index) != stays or (stays and not together):
                raise Damaged(f"Only a part of the field at offset {at} may stay.")
        return stays

    def touched(self, start: int, end: int) -> bool:
        """True if anything in [start, end) left or was rewritten, or something came between."""
        if self.map_end(end) - self.map_begin(start) != end - start:
            return True
        last = bisect.bisect_left(self.starts, end)
        return any(not self._stays(index) for index in range(max(self._index(start), 0), last))

    def shift(self, position: int) -> tuple[int, int, int]:
        """The source run [low, high) around `position` that moves as one, and by how much.

        The run is empty if the byte at `position` does not stay as it was.
        """
        if not self._windows:
            self._windows = self._moving_as_one()
        index = bisect.bisect_right(self._windows, (position, self.ledger.size + 1, 0)) - 1
        if index >= 0 and position < self._windows[index][1]:
            return self._windows[index]
        return position, position, 0

    def _moving_as_one(self) -> list[tuple[int, int, int]]:
        windows: list[tuple[int, int, int]] = []
        for index, tile in enumerate(self.tiles):
            if self._stays(index):
                by = self.begin[index] - tile.start
                if windows and windows[-1][1] == tile.start and windows[-1][2] == by:
                    windows[-1] = (windows[-1][0], tile.end, by)
                else:
                    windows.append((tile.start, tile.end, by))
        return windows

    def coded(self) -> tuple[tuple[int, int], ...]:
        """The runs of the source that carry the content and stay as they are."""
        runs = list[tuple[int, int]]()
        coded = {part.id for part in self.ledger.parts if part.role is Role.CODED}
        for index, tile in enumerate(self.tiles):
            if not coded.isdisjoint(tile.owners) and self._stays(index):
                if runs and runs[-1][1] == tile.start:
                    runs[-1] = (runs[-1][0], tile.end)
                else:
                    runs.append((tile.start, tile.end))
        return tuple(runs)


def _two_verdicts(ledger: Ledger, tile: Tile, one: PartId, other: PartId) -> Damaged:
    return Damaged(
        f"Bytes {tile.start} to {tile.end} belong to two parts "
        f"({ledger.path(one)} and {ledger.path(other)}),",
        "of which only one may stay.",
    )


def _scatter(ledger: Ledger, tiles: list[Tile], edits: Mapping[PartId, bytes]) -> dict[int, bytes]:
    """New bytes of a part over its tiles: each to its old length, the last takes the rest.

    Raises Damaged when an edited part shares a byte: the bytes of the other would not be these.
    """
    if not edits:
        return {}
    own: dict[PartId, list[Tile]] = {part: [] for part in edits}
    for tile in tiles:
        for owner in tile.owners:
            if owner in own:
                if len(tile.owners) > 1:
                    raise _two_verdicts(ledger, tile, *tile.owners[:2])
                own[owner].append(tile)
    placed: dict[int, bytes] = {}
    for part, runs in own.items():
        claimed = sum(end - start for start, end in ledger.parts[part].spans)
        if not runs or sum(tile.end - tile.start for tile in runs) != claimed:
            raise Damaged(f"{ledger.path(part)} is rewritten, but its bytes are not all its own.")
        data = edits[part]
        for tile in runs[:-1]:
            placed[tile.start] = data[: tile.end - tile.start]
            data = data[tile.end - tile.start :]
        placed[runs[-1].start] = data
    return placed


def _life(
    ledger: Ledger,
    tiles: list[Tile],
    dropped: Collection[PartId],
    edits: Mapping[PartId, bytes],
    placed: Mapping[int, bytes],
) -> list[bool]:
    """For every part whether it stays.

    Explicit verdicts first, then what each part needs, then frames: a frame lives while a
    descendant lives or anything inside its scope does; a frame leaf lives with its parent.
    A frame that dies takes with it what needs it, so this goes on until nothing changes.
    """
    gone = set(dropped)
    needing = [part for part in ledger.parts if part.needs]
    emptied = {part for part, data in edits.items() if not data}
    for _ in range(_ROUNDS):
        _follow_needs(ledger, gone)
        alive = [part.role is not Role.FRAME and part.id not in gone for part in ledger.parts]
        _raise_frames(ledger, alive, emptied)
        _raise_scopes(ledger, tiles, alive, placed)
        _settle_frames(ledger, alive, gone)
        lost = [
            part.id
            for part in needing
            if part.id not in gone and not all(alive[need] for need in part.needs)
        ]
        if not lost:
            return alive
        gone.update(lost)
    raise Unsupported("Too many parts of the file need one another.")


def _settle_frames(ledger: Ledger, alive: list[bool], gone: set[PartId]) -> None:
    """Frames that hold nothing of their own live with their parent; the file always does."""
    parts = ledger.parts
    for number in gone:
        alive[number] = False
    alive[ROOT] = True
    holds = bytearray(len(parts))
    for part in parts[1:]:
        holds[part.parent] = 1
    for scope in ledger.scopes:
        holds[scope.part] = 1
    for part in parts[1:]:
        if part.role is Role.FRAME and not holds[part.id] and part.id not in gone:
            alive[part.id] = alive[part.parent]


def _raise(ledger: Ledger, alive: list[bool], number: PartId) -> None:
    """Every frame from `number` upwards lives."""
    while number != ROOT:
        if ledger.parts[number].role is Role.FRAME:
            if alive[number]:
                return
            alive[number] = True
        number = ledger.parts[number].parent


def _raise_frames(ledger: Ledger, alive: list[bool], emptied: set[PartId]) -> None:
    for part in ledger.parts:
        if part.role is not Role.FRAME and alive[part.id] and part.id not in emptied:
            _raise(ledger, alive, part.parent)


def _raise_scopes(
    ledger: Ledger, tiles: list[Tile], alive: list[bool], placed: Mapping[int, bytes]
) -> None:
    if not ledger.scopes:
        return
    content = {part.id for part in ledger.parts if alive[part.id] and part.role is not Role.FRAME}
    living = [
        tile.start
        for tile in tiles
        if not content.isdisjoint(tile.owners) and placed.get(tile.start) != b""
    ]
    for scope in ledger.scopes:
        at = bisect.bisect_left(living, scope.start)
        if at < len(living) and living[at] < scope.end:
            _raise(ledger, alive, scope.part)


def _follow_needs(ledger: Ledger, gone: set[PartId]) -> None:
    """Adds to `gone` every part that needs, through any chain, one that has gone."""
    users: dict[PartId, list[PartId]] = {}
    for part in ledger.parts:
        for need in part.needs:
            users.setdefault(need, []).append(part.id)
    waiting = list(gone) if users else []
    while waiting:
        for user in users.get(waiting.pop(), ()):
            if user not in gone:
                gone.add(user)
                waiting.append(user)
