"""The credit of a HEIF picture: an item of XMP that describes the primary one.

ISO/IEC 23008-12 Annex A.3: an item of type `mime`, with a reference `cdsc`. Its rows come first
in their tables, and its data stand in a box of their own.
"""

from __future__ import annotations

import struct

from scrubber.formats.bmff import Box, boxes, number, version_and_flags
from scrubber.formats.heif_choice import Picture
from scrubber.formats.heif_items import entries_of
from scrubber.ledger import CreditWriter, PartId

_TYPE = b"application/rdf+xml\0"
_KEPT_LINKS = (b"dimg", b"auxl", b"prem")


def offer_credit(picture: Picture, tops: list[Box]) -> None:
    """No place is offered where the tables have no width for offsets, or a box has no end."""
    tables, ledger = picture.tables, picture.ledger
    number_ = _free_number(picture)
    if not tables.offset_width or not tables.length_width or number_ > 0xFFFF:
        return
    payload = [box for box in tops if box.kind == b"mdat"]
    if not payload and tops[-1].open:
        return
    place = payload[0].at if payload else picture.source.size

    def write(packet: bytes, part: PartId) -> None:
        picture.credited.append(part)
        data = ledger.insert(place, _box(b"mdat", packet), part)
        _entry(picture, number_, part)
        _location(picture, number_, len(packet), part, data)
        _link(picture, number_, part)

    ledger.credit = CreditWriter(write)


def _free_number(picture: Picture) -> int:
    """Above those of all items and groups that stay."""
    used = {*picture.keep, *picture.rewritten}
    if b"grpl" in picture.tables.inner:
        box = picture.tables.inner[b"grpl"]
        for group in boxes(picture.source, box.body, box.end):
            if group.kind == b"altr":
                used.add(number(picture.source, group.body + 4, 4))
    return max(used) + 1


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def _entry(picture: Picture, number_: int, part: PartId) -> None:
    _, _, first = entries_of(picture.source, picture.tables.inner[b"iinf"])
    body = struct.pack(">IHH4s", 2 << 24, number_, 0, b"mime") + b"\0" + _TYPE
    picture.ledger.insert(first, _box(b"infe", body), part)


def _location(picture: Picture, number_: int, size: int, part: PartId, data: int) -> None:
    """ISO/IEC 14496-12 §8.11.3, in the widths that the table has."""
    tables = picture.tables
    iloc = tables.inner[b"iloc"]
    version, _ = version_and_flags(picture.source, iloc)
    wide = 4 if version == 2 else 2
    index = number(picture.source, iloc.body + 5, 1) & 15 if version else 0
    head = number_.to_bytes(wide, "big") + bytes(2 if version else 0) + bytes(2)
    head += bytes(tables.base_width) + b"\0\1" + bytes(index)
    row = head + bytes(tables.offset_width) + size.to_bytes(tables.length_width, "big")
    at = picture.ledger.insert(iloc.body + 6 + wide, row, part)
    picture.ledger.aim(at, len(head), tables.offset_width, "big", data, 8)


def _link(picture: Picture, number_: int, part: PartId) -> None:
    """§8.11.12. Where no other reference stays, the table of references is a new one."""
    tables = picture.tables
    stays = any(
        (row.kind in _KEPT_LINKS if row.source in picture.keep else row.kind == b"cdsc")
        and picture.stays(row.source)
        and picture.keep.intersection(to for to, _ in row.to)
        for row in tables.references
    )
    wide = tables.references[0].width if stays else 2 if tables.primary <= 0xFFFF else 4
    ids = (number_.to_bytes(wide, "big"), b"\0\1", tables.primary.to_bytes(wide, "big"))
    row = _box(b"cdsc", b"".join(ids))
    if stays:
        picture.ledger.insert(tables.references[0].box.at, row, part)
    else:
        head = b"\1\0\0\0" if wide == 4 else bytes(4)
        picture.ledger.insert(tables.inner[b"iloc"].at, _box(b"iref", head + row), part)
