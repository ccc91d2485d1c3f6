"""The table of items of a HEIF picture (`meta`): what stays of it, and what must look the same."""

from __future__ import annotations

import contextlib
import struct
from collections.abc import Callable

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.bmff import (
    Box,
    boxes,
    number,
    open_box,
    version_and_flags,
    zeroed,
)
from scrubber.formats.decoder_configuration import ALPHA
from scrubber.formats.heif_apple import XMP_TYPE, tie_undescribed
from scrubber.formats.heif_choice import Picture, auxiliary_type
from scrubber.formats.heif_data import kept_data, places, private_data, rewritten_data
from scrubber.formats.heif_items import Item
from scrubber.formats.heif_properties import shown_size
from scrubber.formats.heif_tables import (
    associations_of,
    groups,
    idat,
    information,
    iprp,
    locations,
    references,
)
from scrubber.formats.icc import MAX_SIZE, colour_digest
from scrubber.ledger import ROOT, PartId
from scrubber.model import Describe, Role

BOXES = {  # what goes, and what it gives away
    b"mpvd": "EMBEDDED_MEDIA", b"sefd": "MAKER_NOTE", b"free": "PADDING", b"skip": "PADDING",
    b"wide": "PADDING", b"udta": "TAG", b"jumb": "PROVENANCE",
}  # fmt: skip
_ITEMS = {
    b"Exif": "TECHNICAL", b"mime": "TECHNICAL", b"uri ": "TAG", b"rgan": "PERSON_IN_IMAGE",
    b"text": "CAPTION", b"jumb": "PROVENANCE",
}  # fmt: skip
_CUT = 64  # pixels: a cut of less is what encoders need to round to whole blocks


def claim_meta(picture: Picture, meta: Box) -> None:
    ledger, source = picture.ledger, picture.source
    inner = picture.tables.inner
    part = open_box(ledger, ROOT, meta, 4)
    first = {box.at for box in inner.values()}
    for box in boxes(source, meta.body + 4, meta.end):
        if box.at not in first or box.kind not in _TABLES:
            entity = BOXES.get(box.kind, "HIDDEN_DATA")
            ledger.leaf(part, box.name, Role.PRIVATE, box.at, box.end, entity=entity)
    for kind in (b"iprp", b"iinf", b"iloc", b"iref", b"idat", b"pitm", b"hdlr", b"grpl"):
        if kind == b"iinf":
            _items(picture)
        if kind in inner:
            _TABLES[kind](picture, part, inner[kind])


def _handler(picture: Picture, parent: PartId, box: Box) -> None:
    """ISO/IEC 14496-12 §8.4.3: the name is free text."""
    ledger, source = picture.ledger, picture.source
    if box.end - box.body < 24 or source.read(box.body + 8, 4) != b"pict":
        raise Damaged("The items of this file are not pictures.")
    part = open_box(ledger, parent, box)
    ledger.leaf(part, "type", Role.DISPLAY, box.body, box.body + 12)
    zeroed(ledger, source, part, "reserved", box.body + 12, box.body + 24, "HIDDEN_DATA")
    rest = source.read(box.body + 24, box.end - box.body - 24)
    if rest[:1] == b"\0":
        ledger.leaf(part, "name", Role.DISPLAY, box.body + 24, box.body + 25)
        return  # what follows is slack
    ledger.leaf(
        part, "name", Role.PRIVATE, box.body + 24, box.end, entity="SOFTWARE", on_drop=b"\0"
    )


def _whole(picture: Picture, parent: PartId, box: Box) -> None:
    """`pitm`: the size that its version has."""
    version, _ = version_and_flags(picture.source, box)
    part = open_box(picture.ledger, parent, box)
    end = box.body + (8 if version else 6)
    picture.ledger.leaf(part, "primary item", Role.DISPLAY, box.body, end)


def _items(picture: Picture) -> None:
    """One part an item, with its rows in all tables and its data."""
    ledger = picture.ledger
    for item in picture.tables.items.values():
        if picture.stays(item.id):
            part = ledger.part(ROOT, item.label, Role.DISPLAY)
            start, end = item.infe
            ledger.claim(part, start, item.name[0])
            if item.name[1] > item.name[0]:
                ledger.leaf(part, "name", Role.PRIVATE, *item.name, entity="TITLE")
            after = min(item.name[1] + 1, end)
            if item.id in picture.rewritten and item.kind == b"mime":
                after += len(XMP_TYPE)
            ledger.claim(part, item.name[1], after)
            # The entry is a box of its own, whose size counts the name.
            ledger.length(start, 4, "big", start, end)
            ledger.scope(part, start, end)
        else:
            entity = _ITEMS.get(item.kind, "PREVIEW")
            part = ledger.part(
                ROOT, _private_name(picture, item), Role.PRIVATE,
                entity=entity, describe=_words(auxiliary_type(picture.tables, item)),
            )  # fmt: skip
            ledger.claim(part, *item.infe)
        picture.parts[item.id] = part
        ledger.claim(part, *item.row)
        places(picture, item)
        if item.id in picture.keep:
            kept_data(picture, item, part)
        elif item.id in picture.rewritten:
            rewritten_data(picture, item, part)
        else:
            private_data(picture, item, part)
    tie_undescribed(picture)
    associations_of(picture)


def _words(text: bytes) -> Describe:
    return lambda _: text.decode("latin-1")


def _private_name(picture: Picture, item: Item) -> str:
    if item.content_type == "application/rdf+xml":
        return "XMP"
    kinds = {row.kind for row in picture.tables.references if row.source == item.id}
    if b"thmb" in kinds:
        return f"thumbnail {item.id}"
    return f"auxiliary {item.id}" if b"auxl" in kinds else item.label


_TABLES: dict[bytes, Callable[[Picture, PartId, Box], None]] = {
    b"hdlr": _handler,
    b"pitm": _whole,
    b"iinf": information,
    b"iloc": locations,
    b"iref": references,
    b"iprp": iprp,
    b"idat": idat,
    b"grpl": groups,
}


def render(picture: Picture) -> None:
    """What must look the same: size, turn, mirror, cut and the number of items."""
    tables, source = picture.tables, picture.source
    facts: dict[str, int | str] = {"items": len(picture.keep), "turn": 0, "mirror": "none"}
    shown: tuple[int, int] | None = None
    for index, _, _ in tables.items[tables.primary].properties:
        box = tables.properties[index - 1] if index else None
        if box is None:
            continue
        if box.kind == b"ispe":
            facts["width"] = number(source, box.body + 4, 4)
            facts["height"] = number(source, box.body + 8, 4)
        elif box.kind == b"irot":
            facts["turn"] = number(source, box.body, 1) & 3
        elif box.kind == b"imir":
            facts["mirror"] = number(source, box.body, 1) & 1
        elif box.kind == b"colr" and source.read(box.body, 4) != b"nclx":
            with contextlib.suppress(Held, struct.error, IndexError):  # its own split says why
                profile = source.read(box.body + 4, min(box.end - box.body - 4, MAX_SIZE))
                facts["profile"] = colour_digest(profile)
        elif box.kind == b"clap":
            shown = shown_size(source, box)
    if shown is not None and (
        int(facts["width"]) - shown[0] >= _CUT or int(facts["height"]) - shown[1] >= _CUT
    ):
        raise Unsupported(
            "The picture was cropped, and what was cut off is still coded in it.",
            fix="Export the cropped picture as a new file.",
        )
    if picture.gain_map:
        facts["gain_map"] = picture.gain_map
    picture.ledger.render(**facts)
    if shown is not None or _covered(picture):
        picture.ledger.not_checked.append("HIDDEN_PIXELS")


def _covered(picture: Picture) -> bool:
    """Whether transparency, or one picture over another, can hide what is coded."""
    items = picture.tables.items
    return any(
        items[item].kind == b"iovl" or auxiliary_type(picture.tables, items[item]) in ALPHA
        for item in picture.keep
    )
