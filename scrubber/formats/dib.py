"""Head, masks and colour table of a device-independent bitmap (Microsoft, [MS-WMF] §2.2.2.9).

BMP files and Windows icons hold one each. What decoders do not read stands there as
zero afterwards: reserved fields and bytes, colours that no pixel has, numbers that follow
from others, colour coordinates that the stated colour space does not use.
"""

from __future__ import annotations

import struct
from collections.abc import Collection
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.settled import settle
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
CORE, V2, V3, V4, V5 = 12, 52, 56, 108, 124
RGB, RLE8, RLE4, FIELDS, ALPHA_FIELDS = 0, 1, 2, 3, 6
_DEPTHS = {
    RGB: (1, 2, 4, 8, 16, 24, 32), RLE8: (8,), RLE4: (4,), FIELDS: (16, 32), ALPHA_FIELDS: (16, 32),
}  # fmt: skip
_MOST = 1 << 31  # pixels
_DENSEST = 200_000  # pixels a metre


@dataclass(frozen=True, slots=True)
class Head:
    """Of a bitmap at `at`. `height` is below zero for rows from the top.

    `after` is where head and masks end, `masks` those that decoders use; `declared` is the
    number of colours as written (0: all that the depth allows).
    """

    at: int
    size: int
    width: int
    height: int
    bits: int
    compression: int
    declared: int
    after: int
    masks: bytes

    @property
    def rows(self) -> int:
        return abs(self.height)

    @property
    def entry(self) -> int:
        """Bytes of a colour in the table."""
        return 3 if self.size == CORE else 4

    @property
    def colours(self) -> int:
        """How many the table holds."""
        return self.declared or (1 << self.bits if self.bits <= 8 else 0)

    @property
    def table_end(self) -> int:
        return self.after + self.entry * self.colours

    @property
    def stride(self) -> int:
        """Bytes of a row that is not compressed."""
        return (self.width * self.bits + 31) // 32 * 4

    @property
    def facts(self) -> bytes:
        """What the content digest says of the head."""
        return struct.pack("<iiHI", self.width, self.height, self.bits, self.compression)


def head_at(source: Source, at: int, *, doubled: bool = False) -> Head:
    """The head at `at`; `doubled`: of an icon, whose height counts the mask too.

    Raises Damaged or Unsupported.
    """
    size = _number(source, at)
    if size not in SIZES:
        raise Damaged(f"The bitmap has a head of {size} bytes, which no version has.")
    compression = declared = 0
    if size == CORE:
        width, height, _, bits = struct.unpack("<4H", source.read(at + 4, 8))
    else:
        width, height, _, bits = struct.unpack("<iiHH", source.read(at + 4, 12))
    if size >= 40:
        compression, declared = _number(source, at + 16), _number(source, at + 32)
    if doubled:
        if height % 2 or height < 0:
            raise Damaged("The icon has no room for its mask.")
        height //= 2
    _check(size, width, height, bits, compression)
    after = at + size
    if size == 40 and compression in (FIELDS, ALPHA_FIELDS):
        after += 16 if compression == ALPHA_FIELDS else 12
    masks = b""
    if compression in (FIELDS, ALPHA_FIELDS):
        end = min(after, at + V3)
        masks = source.read(at + 40, end - at - 40)
        if not believable(masks, bits):
            raise Unsupported("The bitmap has bit masks that are none.", fix="Save it as PNG.")
    if declared > (1 << bits if bits <= 8 else 1 << 16):
        raise Damaged(f"The bitmap states {declared} colours.")
    return Head(at, size, width, height, bits, compression, declared, after, masks)


def _check(size: int, width: int, height: int, bits: int, compression: int) -> None:
    if width <= 0 or height == 0 or width * abs(height) > _MOST:
        raise Damaged(f"The bitmap states a size of {width} by {height} pixels.")
    if bits not in _DEPTHS.get(compression, ()) or (size == 64 and compression > RLE4):
        raise Unsupported(
            f"The bitmap is coded in a way that scrub does not know ({bits} bits, {compression}).",
            fix="Save it as a BMP without compression, or as PNG.",
        )
    if size == 64 and bits <= 8:  # some read colours of three bytes, others of four
        raise Unsupported("The bitmap is one of OS/2 with a colour table.", fix="Save it as PNG.")
    if height < 0 and compression in (RLE8, RLE4):
        raise Damaged("A compressed bitmap cannot start at the top.")


def believable(masks: bytes, bits: int) -> bool:
    """True for colour masks that are runs of bits, each in a place of its own."""
    taken = 0
    for number, (mask,) in enumerate(struct.iter_unpack("<I", masks)):
        low = mask & -mask
        if (not mask and number < 3) or mask >> bits or mask & taken or (mask + low) & mask:
            return False
        taken |= mask
    return bool(taken)


def claim_head(
    ledger: Ledger, source: Source, part: PartId, head: Head, coded: int, *, mask: int = 0
) -> None:
    """All of the head up to what V4 adds. `coded`: bytes of the pixels; `mask`: an icon's."""
    at = head.at
    if head.size == CORE:
        ledger.leaf(part, "size", Role.DISPLAY, at, at + 8)
        settle(ledger, source, part, "planes", at + 8, b"\1\0", role=Role.DISPLAY)
        ledger.leaf(part, "bits", Role.DISPLAY, at + 10, at + 12)
        return
    ledger.leaf(part, "size", Role.DISPLAY, at, at + 12)
    settle(ledger, source, part, "planes", at + 12, b"\1\0", role=Role.DISPLAY)
    ledger.leaf(part, "bits", Role.DISPLAY, at + 14, at + 16)
    if head.size < 40:
        return
    ledger.leaf(part, "compression", Role.DISPLAY, at + 16, at + 20)
    _either(ledger, source, part, "size of the pixels", at + 20, {0, coded, coded + mask}, coded)
    for place in (at + 24, at + 28):
        density = _number(source, place)
        _either(
            ledger, source, part, "density", place, {density} if density <= _DENSEST else {0}, 0
        )
    ledger.leaf(part, "colours", Role.DISPLAY, at + 32, at + 36)
    important = _number(source, at + 36)
    known = {important} if important <= 1 << min(head.bits, 8) else {0}
    _either(ledger, source, part, "important colours", at + 36, known, 0)
    if head.size == 64:  # OS/2 2: units, halftoning, an identifier of the program's own
        settle(ledger, source, part, "reserved", at + 40, bytes(24), role=Role.DISPLAY)
    elif head.masks:
        end = at + 40 + len(head.masks)
        ledger.leaf(part, "masks", Role.DISPLAY, at + 40, end)
        if end < min(head.after, at + V3):
            settle(ledger, source, part, "mask", end, bytes(4), role=Role.DISPLAY)
    elif head.size > 40:
        masks = source.read(at + 40, min(head.size, V3) - 40)
        true = masks if believable(masks, head.bits) else bytes(len(masks))
        settle(ledger, source, part, "masks", at + 40, true, role=Role.DISPLAY)


def _either(
    ledger: Ledger, source: Source, part: PartId, name: str, at: int, good: set[int], else_: int
) -> None:
    """A number that may be one of `good` and else becomes another."""
    value = _number(source, at)
    true = value if value in good else else_
    if true >> 32:
        raise Unsupported("The bitmap is too large.")
    settle(ledger, source, part, name, at, true.to_bytes(4, "little"), role=Role.DISPLAY)


def claim_colours(
    ledger: Ledger, source: Source, part: PartId, head: Head, used: Collection[int]
) -> bytes:
    """The colour table. Returns what the content digest says of the colours in use.

    Raises Damaged when a pixel has a colour that the table lacks.
    """
    real = min(head.colours, 1 << head.bits if head.bits <= 8 else 0)
    if used and max(used) >= real:
        raise Damaged("A pixel has a colour that the table lacks.")
    table = source.read(head.after, head.entry * head.colours)
    ramp = is_ramp(table, head.entry, real)
    facts = []
    for index in range(real):
        at = head.after + head.entry * index
        colour = table[head.entry * index :][:3]
        if index in used or ramp or not any(colour):
            ledger.leaf(part, "colour", Role.DISPLAY, at, at + 3)
        else:
            settle(ledger, source, part, "unused colour", at, bytes(3), role=Role.DISPLAY)
        if index in used:
            facts.append(struct.pack("<H", index) + colour)
        if head.entry == 4:
            settle(ledger, source, part, "reserved", at + 3, b"\0", role=Role.DISPLAY)
    end = head.after + head.entry * real
    if head.table_end > end:  # a table for screens of few colours, or beyond what bits can say
        ledger.leaf(
            part, "surplus colours", Role.SLACK, end, head.table_end, entity="HIDDEN_DATA"
        )  # fmt: skip
    if head.declared:
        ledger.length(head.at + 32, 4, "little", head.after, head.table_end, unit=head.entry)
    return b"".join(facts)


def is_ramp(table: bytes, entry: int, colours: int) -> bool:
    """True for the usual table of greys, which says nothing: some decoders know grey by it."""
    top = max(colours - 1, 1)
    if colours not in (2, 4, 16, 256) or len(table) < entry * colours:
        return False
    return all(table[entry * i :][:3] == bytes((i * 255 // top,)) * 3 for i in range(colours))


def _number(source: Source, at: int) -> int:
    return int.from_bytes(source.read(at, 4), "little")
