"""The ledger: every byte of a file belongs to a part.

A format *claims* the spans that it understands. What nobody claims becomes
slack by itself, so what is not understood is not kept. Claims may nest: the
deepest one owns a byte. Frame fields (lengths, offsets, counts, checksums)
are stated in source positions, not in parts; `scrubber.join` mends them.

All coordinates are absolute in one source. Containers nested in place (Exif
in JPEG) write into the same ledger; coded ones (zlib, base64) get a ledger of
their own and come back as an edit.
"""

from __future__ import annotations

import bisect
import heapq
import struct
import zlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.model import Describe, Passage, Rendering, Role, Source
from scrubber.statements import (
    NO_SCOPE,
    ROOT,
    Aimed,
    Chain,
    Checksum,
    Claim,
    CreditPlaces,
    CreditSlot,
    CreditTags,
    CreditWriter,
    Field,
    Insert,
    Mend,
    Nested,
    Order,
    Part,
    PartId,
    Rewritten,
    Scope,
    Stated,
    Table,
    Tile,
)

__all__ = [
    "MAX_PARTS", "ROOT", "Aimed", "Chain", "Checksum", "Claim", "CreditPlaces", "CreditSlot",
    "CreditTags", "CreditWriter", "Field", "Insert", "Ledger", "Mend", "Nested", "Order", "Part",
    "PartId", "Rewritten", "Scope", "Stated", "Table", "Tile",
]  # fmt: skip

MAX_PARTS = 1_000_000
_MAX_OVERLAP = 64  # claims that lie over one byte, on average over the file
_FAILURES = (
    Held, struct.error, IndexError, KeyError, ValueError, OverflowError, RecursionError, zlib.error,
)  # fmt: skip


class Ledger:
    """What a format says of one source. See the module's docstring."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[Part] = [Part(ROOT, ROOT, "", Role.FRAME, None, None, (), None)]
        self.claims: list[Claim] = []
        self.scopes: list[Scope] = []
        self.fields: list[Field] = []
        self.tables: list[Table] = []
        self.chains: list[Chain] = []
        self.mends: list[Mend] = []
        self.checksums: list[Checksum] = []
        self.inserts: list[Insert] = []
        self.aimed: list[Aimed] = []
        self.nested: list[Nested] = []
        self.rewritten: list[Rewritten] = []
        self.stated: list[Stated] = []
        self.credit: CreditPlaces | CreditSlot | CreditTags | CreditWriter | None = None
        self.passages: Callable[[], Iterable[Passage]] | None = None
        self.content: Callable[[Source], str] | None = None
        self.rendering = Rendering()
        self.doubts: list[str] = []
        self.not_checked: list[str] = []
        self._paths: dict[PartId, str] = {}  # of parts that hold others

    # parts -----------------------------------------------------------------

    def part(
        self,
        parent: PartId,
        name: str,
        role: Role,
        *,
        entity: str | None = None,
        on_drop: bytes | None = None,
        needs: tuple[PartId, ...] = (),
        describe: Describe | None = None,
    ) -> PartId:
        """A new part below `parent` (ROOT for the file itself), named in the standard's terms.

        `entity` is the catalogue's name for what it gives away. `on_drop` is what must stand
        in its place when it cannot be cut out. It goes when a part that it `needs` goes.
        """
        number = len(self.parts)
        if number >= MAX_PARTS:
            raise Unsupported("The file has too many parts", f"(more than {MAX_PARTS}).")
        self.parts.append(Part(number, parent, name, role, entity, on_drop, needs, describe, []))
        return number

    def claim(self, part: PartId, start: int, end: int, align: int = 1, base: int = 0) -> None:
        """`part` owns [start, end), which keeps its distance from `base` modulo `align`.

        What pads it stands before `start`: a length that must count it starts earlier.
        """
        if not 0 <= start <= end <= self.size:
            raise Damaged(
                f"{self.path(part)} claims bytes {start} to {end}",
                f"of {self.size}.",
            )
        if start < end:
            self.parts[part].spans.append((start, end))
            self.claims.append(Claim(start, end, part, align, base))

    def leaf(
        self,
        parent: PartId,
        name: str,
        role: Role,
        start: int,
        end: int,
        *,
        entity: str | None = None,
        on_drop: bytes | None = None,
        needs: tuple[PartId, ...] = (),
        describe: Describe | None = None,
        align: int = 1,
        base: int = 0,
    ) -> PartId:
        """`part` and `claim` in one, for the usual part of one span."""
        number = self.part(
            parent,
            name,
            role,
            entity=entity,
            on_drop=on_drop,
            needs=needs,
            describe=describe,
        )
        self.claim(number, start, end, align, base)
        return number

    def scope(
        self,
        part: PartId,
        start: int,
        end: int,
        *,
        blank: bool = False,
        entity: str = "HIDDEN_DATA",
    ) -> None:
        """Names the slack inside [start, end); a frame lives while anything inside does."""
        if not 0 <= start <= end <= self.size:
            raise Damaged(f"{self.path(part)} spans bytes {start} to {end}", f"of {self.size}.")
        self.scopes.append(Scope(start, end, part, blank, entity))

    # frame fields ------------------------------------------------------------

    def length(
        self, at: int, width: int, order: Order, start: int, end: int, unit: int = 1
    ) -> None:
        """The integer at `at` counts the bytes (in units) of [start, end)."""
        self.fields.append(Field(at, width, order, start, end, unit, False, None))

    def offset(
        self,
        at: int,
        width: int,
        order: Order,
        base: int,
        target: int,
        *,
        null_if_gone: PartId | None = None,
    ) -> None:
        """The integer at `at` points from `base` to `target`; zero when `null_if_gone` has gone."""
        self.fields.append(Field(at, width, order, base, target, 1, True, null_if_gone))

    def table(self, at: int, count: int, width: int, order: Order, base: int = 0) -> None:
        """`count` offsets from `base`, one after the other."""
        self.tables.append(Table(at, count, width, order, base))

    def chain(
        self,
        pointers: tuple[int, ...],
        width: int,
        order: Order,
        targets: tuple[tuple[PartId, int], ...],
    ) -> None:
        """A linked list of parts, each with its place; no pointer leads to one that has gone.

        `pointers[i]` stands before `targets[i]`; it is zero if nothing lives from there on.
        """
        self.chains.append(Chain(pointers, width, order, targets))

    def mend(
        self,
        at: int,
        width: int,
        rewrite: Callable[[Callable[[PartId], bool], bytes], bytes],
    ) -> None:
        """`rewrite(alive, old)` returns `width` new bytes for a count, a flag or a number."""
        self.mends.append(Mend(at, width, rewrite))

    def checksum(
        self,
        at: int,
        width: int,
        order: Order,
        start: int,
        end: int,
        algorithm: Callable[[Iterable[bytes]], int],
    ) -> None:
        """Recomputed over the new [start, end) if anything in it changed, after those it covers."""
        self.checksums.append(Checksum(at, width, order, start, end, algorithm))

    def state(
        self,
        part: PartId,
        at: int,
        width: int,
        order: Order,
        start: int,
        end: int,
        *,
        is_offset: bool = False,
    ) -> None:
        """The `on_drop` of `part` holds at `at` the length of [start, end), or its offset."""
        self.stated.append(Stated(part, at, width, order, start, end, is_offset))

    def insert(self, at: int, data: bytes, instead_of: PartId, align: int = 1) -> int:
        """A canonical part that stands in for one that goes elsewhere. Returns its number."""
        self.inserts.append(Insert(at, data, instead_of, align))
        return len(self.inserts) - 1

    def aim(
        self, insert: int, at: int, width: int, order: Order, target: int, inside: int = 0
    ) -> None:
        """`width` bytes at `at` of one insert say where byte `inside` of another stands."""
        self.aimed.append(Aimed(insert, at, width, order, target, inside))

    def nest(
        self,
        part: PartId,
        codings: tuple[str, ...],
        container: str | None = None,
        *,
        droppable: bool = False,
    ) -> None:
        """The bytes of `part`, decoded, are a file of their own."""
        self.nested.append(Nested(part, codings, container, droppable))

    def rewrite(
        self, part: PartId, write: Callable[[Iterable[tuple[int, int, bytes]]], bytes]
    ) -> None:
        """What stands in place of `part` holds texts of it: `write` makes it of the masks there."""
        self.rewritten.append(Rewritten(part, write))

    # statements --------------------------------------------------------------

    def render(self, **facts: object) -> None:
        """Adds to what must look or sound the same afterwards."""
        known: Mapping[str, object] = dict(self.rendering.facts)
        self.rendering = Rendering.of(**{**known, **facts})

    def attempt(
        self,
        parent: PartId,
        name: str,
        start: int,
        end: int,
        entity: str,
        split: Callable[..., object],
        *args: Any,  # passed on to `split`, which knows its own types
    ) -> None:
        """Splits a container nested in place; if that fails it is one opaque private leaf.

        The failure stays in `doubts`: the second reader then compares both files.
        """
        tables: tuple[list[Any], ...] = (  # lists of different rows, all cut back alike
            self.parts,
            self.claims,
            self.scopes,
            self.fields,
            self.tables,
            self.chains,
            self.mends,
            self.checksums,
            self.inserts,
            self.aimed,
            self.nested,
            self.rewritten,
            self.stated,
            self.doubts,
            self.not_checked,
        )
        marks = [len(rows) for rows in tables]
        known, claims = len(self.parts), len(self.claims)
        statements = self.rendering, self.passages, self.content
        try:
            split(self, *args)
        except _FAILURES as error:
            for claim in self.claims[claims:]:
                if claim.part < known:
                    self.parts[claim.part].spans.pop()
            for rows, mark in zip(tables, marks, strict=True):
                del rows[mark:]
            self.rendering, self.passages, self.content = statements
            self._paths.clear()
            self.doubts.append(f"{name}: {error}")
            self.leaf(parent, f"{name} (damaged)", Role.PRIVATE, start, end, entity=entity)

    def path(self, part: PartId) -> str:
        """`APP1/Exif/GPS/GPSLatitude`: the names from the file down to `part`."""
        if part == ROOT:
            return "file"
        parent = self.parts[part].parent
        if parent == ROOT:
            return self.parts[part].name
        above = self._paths.get(parent)
        if above is None:
            above = self._paths[parent] = self._names(parent)
        return f"{above}/{self.parts[part].name}"

    def _names(self, part: PartId) -> str:
        names = []
        while part != ROOT:
            names.append(self.parts[part].name)
            part = self.parts[part].parent
        return "/".join(reversed(names))

    # tiling ------------------------------------------------------------------

    def tile(self) -> list[Tile]:
        """The leaf runs: they tile [0, size) with no gap and no overlap (the partition law).

        Unclaimed runs become slack parts here, once; call it when the split is done.
        """
        if not self.size:
            return []
        tiles = self._sweep()
        scopes = self._innermost()
        covered: list[Tile] = []
        position = 0
        for tile in tiles:
            if tile.start > position:
                covered.extend(self._slack(position, tile.start, scopes))
            covered.append(tile)
            position = tile.end
        if position < self.size:
            covered.extend(self._slack(position, self.size, scopes))
        return covered

    def _sweep(self) -> list[Tile]:
        """Claimed runs in order. Claims that do not overlap, the usual case, are runs already."""
        tiles: list[Tile] = []
        end = 0
        for claim in sorted(self.claims):
            if claim.start < end:
                return self._overlapping()
            if tiles and claim.start == end and tiles[-1].owners[0] == claim.part:
                tiles[-1] = Tile(tiles[-1].start, claim.end, tiles[-1].owners)
            else:
                tiles.append(Tile(claim.start, claim.end, (claim.part,)))
            end = claim.end
        return tiles

    def _overlapping(self) -> list[Tile]:
        edges = sorted({edge for claim in self.claims for edge in (claim.start, claim.end)})
        ordered = sorted(self.claims, key=lambda claim: (claim.start, -claim.end))
        tiles: list[Tile] = []
        active: list[Claim] = []
        following = 0
        budget = _MAX_OVERLAP * (len(edges) + 1000)
        for index in range(len(edges) - 1):
            start, end = edges[index], edges[index + 1]
            if active:
                active = [claim for claim in active if claim.end > start]
            while following < len(ordered) and ordered[following].start == start:
                active.append(ordered[following])
                following += 1
            if not active:
                continue
            budget -= len(active)
            if budget < 0:
                raise Unsupported("Too many parts of the file claim the same bytes.")
            if len(active) == 1:
                owners: tuple[PartId, ...] = (active[0].part,)
            else:
                owners = self._deepest({claim.part for claim in active})
            if tiles and tiles[-1].end == start and tiles[-1].owners == owners:
                tiles[-1] = Tile(tiles[-1].start, end, owners)
            else:
                tiles.append(Tile(start, end, owners))
        return tiles

    def _deepest(self, owners: set[PartId]) -> tuple[PartId, ...]:
        above: set[PartId] = set()
        for part in owners:
            parent = self.parts[part].parent
            while parent != ROOT and parent not in above:
                above.add(parent)
                parent = self.parts[parent].parent
        return tuple(sorted(owners - above))

    def _innermost(self) -> tuple[list[int], list[Scope]]:
        """Where the innermost scope changes, and which one it is from there on."""
        ranked = [(row.end - row.start, -row.part, i, row) for i, row in enumerate(self.scopes)]
        opening = sorted((row for row in ranked if row[0]), key=lambda row: row[3].start)
        edges = sorted({0} | {edge for *_, row in opening for edge in (row.start, row.end)})
        starts: list[int] = []
        scopes: list[Scope] = []
        around: list[tuple[int, int, int, Scope]] = []
        following = 0
        for edge in edges:
            while following < len(opening) and opening[following][3].start == edge:
                heapq.heappush(around, opening[following])
                following += 1
            while around and around[0][3].end <= edge:
                heapq.heappop(around)
            scope = around[0][3] if around else NO_SCOPE
            if not scopes or scopes[-1] is not scope:
                starts.append(edge)
                scopes.append(scope)
        return starts, scopes

    def _slack(self, start: int, end: int, around: tuple[list[int], list[Scope]]) -> list[Tile]:
        """One slack part for each innermost scope that [start, end) crosses."""
        tiles: list[Tile] = []
        starts, scopes = around
        index = bisect.bisect_right(starts, start) - 1
        while start < end:
            high = min(end, starts[index + 1]) if index + 1 < len(starts) else end
            scope = scopes[index]
            blank = bytes(high - start) if scope.blank else None
            part = self.leaf(
                scope.part, "slack", Role.SLACK, start, high, entity=scope.entity, on_drop=blank
            )
            tiles.append(Tile(start, high, (part,)))
            start = high
            index += 1
        return tiles
