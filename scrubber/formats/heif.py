"""HEIC and AVIF still pictures (ISO/IEC 23008-12; AV1 Image File Format 1.1).

Kept: the primary item, what it is derived from, its transparency, a gain map in
the form of ISO 21496-1, and the properties that decoders need. All other
items go with their data and their rows in every table: Exif, XMP, thumbnails,
depth, mattes, Apple's own gain map. So do bytes that no item reaches, names,
vendors' brands, and units of the coded picture that no decoder needs.

The content digest is over the data of the kept items, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import (
    Box,
    boxes,
    brands,
    open_box,
)
from scrubber.formats.heif_choice import Picture, choose
from scrubber.formats.heif_credit import offer_credit
from scrubber.formats.heif_items import read_tables
from scrubber.formats.heif_meta import BOXES, claim_meta, render
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"miaf", b"MiHB", b"avif", b"avio",
    b"MA1A", b"MA1B", b"tmap", b"1pic",
}  # fmt: skip
_SEQUENCES = {b"hevc", b"hevx", b"msf1", b"avis"}


class Heif:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        tops = list(_top(source, ledger))
        kinds = [box.kind for box in tops]
        if kinds[:1] != [b"ftyp"] or kinds.count(b"meta") != 1:
            raise Damaged("A HEIF picture starts with its type and has one table of items (meta).")
        if b"moov" in kinds:
            raise Unsupported("The file holds a sequence of pictures.", fix="Export the pictures.")
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
        meta = tops[kinds.index(b"meta")]
        payload = [box for box in tops if box.kind == b"mdat"]
        picture = Picture(source, ledger, read_tables(source, meta, payload))
        choose(picture)
        brands(ledger, source, tops[0], _BRANDS | _SEQUENCES)
        for box in tops[1:]:
            if box.kind == b"mdat" and box.end > box.body:
                open_box(ledger, ROOT, box)
            elif box.kind == b"meta":
                claim_meta(picture, box)
            else:
                entity = BOXES.get(box.kind, "HIDDEN_DATA")
                ledger.leaf(ROOT, box.name, Role.PRIVATE, box.at, box.end, entity=entity)
        offer_credit(picture, tops)
        render(picture)


def _top(source: Source, ledger: Ledger) -> Iterator[Box]:
    """Boxes of the file; what follows the last whole one is a trailer."""
    end = 0
    try:
        for box in boxes(source, 0, source.size):
            end = box.end
            yield box
    except Damaged:
        if end < source.size // 2:
            raise
    if end < source.size:
        ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")
