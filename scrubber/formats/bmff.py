"""Boxes of the ISO base media file format (ISO/IEC 14496-12 §4.2)."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

MAX_BOXES = 200_000


class Box(NamedTuple):
    """`body` is where its content starts. `open`: its size is written as 0, "to the end"."""

    kind: bytes
    at: int
    body: int
    end: int
    open: bool

    @property
    def name(self) -> str:
        return self.kind.decode("latin-1").strip() or "unnamed"


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill [start, end). Fewer than eight bytes at the end are left over.

    Raises Damaged for a size that leads outside.
    """
    for _ in range(MAX_BOXES):
        if end - start < 8:
            return
        size, kind = struct.unpack(">I4s", source.read(start, 8))
        body = start + 8
        if size == 1 and end - start >= 16:
            size = int.from_bytes(source.read(body, 8), "big")
            body += 8
        elif size == 0 and end == source.size:
            yield Box(kind, start, body, end, True)
            return
        if size < body - start or start + size > end:
            raise Damaged(f"The box at offset {start} declares {size} bytes; {end - start} remain.")
        yield Box(kind, start, body, start + size, False)
        start += size
    raise Damaged(f"A box holds more than {MAX_BOXES} others.")


def number(source: Source, at: int, width: int) -> int:
    """An unsigned integer; one of no bytes is 0."""
    return int.from_bytes(source.read(at, width), "big") if width else 0


def version_and_flags(source: Source, box: Box) -> tuple[int, int]:
    """Of a FullBox (§4.2)."""
    if box.end - box.body < 4:
        raise Damaged(f"The box {box.name} at offset {box.at} is too short.")
    word = number(source, box.body, 4)
    return word >> 24, word & 0xFFFFFF


def open_box(ledger: Ledger, parent: PartId, box: Box, head: int = 0) -> PartId:
    """A box that may lose some of what is in it; `head` bytes of its body belong to its frame."""
    part = ledger.part(parent, box.name, Role.FRAME)
    ledger.scope(part, box.at, box.end)
    ledger.claim(part, box.at, box.body + head)
    if not box.open:
        wide = box.body - box.at == 16
        ledger.length(box.at + 8 * wide, 8 if wide else 4, "big", box.at, box.end)
    return part


def fewer(
    ledger: Ledger, at: int, width: int, parts: Iterable[PartId], credited: Sequence[PartId] = ()
) -> None:
    """The count at `at` goes down by one for each of `parts` that goes.

    It goes up by one for each of `credited`, in whose place something comes.
    """
    counted = tuple(parts)

    def rewrite(alive: object, old: bytes) -> bytes:
        assert callable(alive)
        left = int.from_bytes(old, "big") - sum(not alive(part) for part in counted)
        left += sum(not alive(part) for part in credited)
        if left < 0:
            raise Damaged(f"The count at offset {at} is smaller than what it counts.")
        return left.to_bytes(width, "big")

    ledger.mend(at, width, rewrite)


def zeroed(
    ledger: Ledger, source: Source, part: PartId, name: str, start: int, end: int, entity: str
) -> None:
    """Bytes that nothing is read from: zero in the output."""
    if any(source.read(start, end - start)):
        ledger.leaf(part, name, Role.PRIVATE, start, end, entity=entity, on_drop=bytes(end - start))
    else:
        ledger.leaf(part, name, Role.DISPLAY, start, end)


def brands(ledger: Ledger, source: Source, box: Box, known: Collection[bytes]) -> None:
    """`ftyp` and `styp` (§4.3): brands that are not `known` go, and the minor version is zero.

    Makers add brands of their own; QuickTime writes a date as the minor version.
    """
    part = open_box(ledger, ROOT, box, 4)
    minor = box.body + 4
    zeroed(ledger, source, part, "minor version", minor, minor + 4, "SOFTWARE")
    for at in range(minor + 4, box.end - 3, 4):
        if source.read(at, 4) in known:
            ledger.leaf(part, "brand", Role.DISPLAY, at, at + 4)
        else:
            ledger.leaf(part, "vendor's brand", Role.PRIVATE, at, at + 4, entity="SOFTWARE")
