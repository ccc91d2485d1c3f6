"""How far a table of a film goes, by what it counts (ISO/IEC 14496-12 §8).

What stands in a box behind that is read by nobody. Groups of samples that are not listed here,
sizes of padding, priorities and parts of samples are hints that no decoder needs: they go.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.formats.bmff import Box, boxes, number, open_box, version_and_flags, zeroed
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

HEADS = {b"mvhd": (100, 112), b"tkhd": (84, 96), b"mdhd": (24, 36)}
"""Bytes of a head with times of four bytes, and with times of eight (§8.2.2, §8.3.2, §8.4.2)."""

_RESERVED = {
    b"mvhd": (((26, 36),), ((38, 48),)),
    b"tkhd": (((16, 20), (24, 32), (38, 40)), ((24, 28), (36, 44), (50, 52))),
    b"mdhd": ((), ()),
}
"""Bytes of the same heads that mean nothing."""

HINTS = {b"stdp", b"padb", b"subs"}
_ROWS = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stss": 4, b"stps": 4}
_GROUPS = {b"roll": 2, b"prol": 2, b"rap ": 1, b"tele": 1, b"sync": 1, b"tsas": 0, b"stsa": 0}
_SHORT = {b"mfhd": (8, 8), b"tfdt": (8, 12), b"mehd": (8, 12), b"trex": (24, 24), b"cslg": (24, 44)}
_MEDIA_HEADS = {b"vmhd": 12, b"smhd": 8, b"nmhd": 4, b"sthd": 4}
_APERTURES = {b"clef", b"prof", b"enof"}
_HEAD_FIELDS = ((0x1, 8), (0x2, 4), (0x8, 4), (0x10, 4), (0x20, 4))
_RUN_FIELDS = (0x100, 0x200, 0x400, 0x800)


def claim_table(
    ledger: Ledger, source: Source, parent: PartId, box: Box, samples: int | None = None
) -> None:
    """Claims what `box` states; the rest of it is slack. `samples`: of its track or fragment.

    A box of which nobody can say where it ends goes. Raises Damaged if it is cut off.
    """
    end = _end(source, box, samples)
    if end is None:
        ledger.leaf(parent, box.name, Role.PRIVATE, box.at, box.end, entity="TECHNICAL")
        return
    if end > box.end:
        raise Damaged(f"The table {box.name} is cut off.")
    ledger.leaf(open_box(ledger, parent, box), "rows", Role.DISPLAY, box.body, end)


def claim_values(
    ledger: Ledger, source: Source, part: PartId, box: Box, start: int, end: int
) -> None:
    """What [start, end) of a head says; reserved bytes in it become zero."""
    for low, high in _RESERVED[box.kind][number(source, box.body, 1) == 1]:
        low, high = box.body + low, box.body + high
        if start <= low and high <= end:
            if start < low:
                ledger.leaf(part, "values", Role.DISPLAY, start, low)
            zeroed(ledger, source, part, "reserved", low, high, "HIDDEN_DATA")
            start = high
    ledger.leaf(part, "values", Role.DISPLAY, start, end)


def claim_apertures(ledger: Ledger, source: Source, parent: PartId, tapt: Box) -> None:
    """Sizes at which QuickTime shows a track (QTFF, track aperture modes)."""
    part = open_box(ledger, parent, tapt)
    for box in boxes(source, tapt.body, tapt.end):
        if box.kind not in _APERTURES:
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity="HIDDEN_DATA")
        elif box.end - box.body < 12:
            raise Damaged(f"The box {box.name} is too short.")
        else:
            inner = open_box(ledger, part, box)
            ledger.leaf(inner, "size", Role.DISPLAY, box.body, box.body + 12)


def _end(source: Source, box: Box, samples: int | None) -> int | None:
    version, flags = version_and_flags(source, box)
    kind, at = box.kind, box.body
    if kind in _SHORT:
        return at + _SHORT[kind][version] if version < 2 else None
    if kind in _MEDIA_HEADS:
        return at + _MEDIA_HEADS[kind]
    if kind in _ROWS:
        return at + 8 + _ROWS[kind] * number(source, at + 4, 4)
    if kind == b"elst":
        return at + 8 + (20 if version else 12) * number(source, at + 4, 4)
    if kind == b"stsz":
        each = 0 if number(source, at + 4, 4) else 4
        return at + 12 + each * number(source, at + 8, 4)
    if kind == b"stz2":
        return at + 12 + (number(source, at + 7, 1) * number(source, at + 8, 4) + 7) // 8
    if kind == b"sdtp":
        return None if samples is None else at + 4 + samples
    if kind in (b"sgpd", b"sbgp"):
        return _groups(source, box, version)
    if kind == b"tfhd":
        return at + 8 + sum(width for bit, width in _HEAD_FIELDS if flags & bit)
    if kind == b"trun":
        each = 4 * sum(bool(flags & bit) for bit in _RUN_FIELDS)
        head = 8 + 4 * bool(flags & 1) + 4 * bool(flags & 4)
        return at + head + each * number(source, at + 4, 4)
    return None


def _groups(source: Source, box: Box, version: int) -> int | None:
    """§8.9: which samples are alike, and in what."""
    size, at = _GROUPS.get(source.read(box.body + 4, 4)), box.body + 8
    if size is None or version > 1:
        return None
    if box.kind == b"sbgp":
        at += 4 * version
        return at + 4 + 8 * number(source, at, 4)
    stated = number(source, at, 4) if version else size
    at += 4 * version
    count, step = number(source, at, 4), size
    if version and not stated:
        step += 4
        lengths = (number(source, at + 4 + step * i, 4) for i in range(min(count, 1 << 16)))
        if any(length != size for length in lengths):
            return None
    elif stated != size:
        return None
    return at + 4 + step * count
