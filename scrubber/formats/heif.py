"""HEIC and AVIF pictures and sequences of them (ISO/IEC 23008-12; AV1 Image File Format 1.1).

Kept: the primary item, what it is derived from, its transparency, a gain map in
the form of ISO 21496-1 or Apple's with its numbers, and the properties that
decoders need. All other items go with their data and their rows in every table:
Exif, XMP, thumbnails, depth, mattes. So do bytes that no item reaches, names,
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
from scrubber.formats.heif_apple import keep_apple_gain_map
from scrubber.formats.heif_choice import Picture, choose
from scrubber.formats.heif_credit import offer_credit
from scrubber.formats.heif_items import read_tables
from scrubber.formats.heif_meta import BOXES, claim_meta, render
from scrubber.formats.heif_sequence import Film
from scrubber.formats.mp4 import BRANDS as FILMS
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_STILLS = {
    b"heic", b"heix", b"heim", b"heis", b"mif1", b"mif2", b"miaf", b"MiHB", b"avif", b"avio",
    b"MA1A", b"MA1B", b"tmap", b"1pic",
}  # fmt: skip
_SEQUENCES = {b"hevc", b"hevx", b"msf1", b"avis"}


class Heif:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        tops = list(_top(source, ledger))
        kinds = [box.kind for box in tops]
        count = kinds.count(b"meta")
        if b"mini" in kinds:
            raise Unsupported("The picture describes itself in the short form (mini).")
        if kinds[:1] != [b"ftyp"] or count > 1 or not (count or b"moov" in kinds):
            raise Damaged("A HEIF picture starts with its type and has one table of items (meta).")
        film = _film(source, ledger, tops) if b"moov" in kinds else None
        brands(ledger, source, tops[0], _STILLS | _SEQUENCES | (FILMS if film else set()))
        picture = None
        meta = tops[kinds.index(b"meta")] if count else None
        if meta is not None and not (film and _is_empty(source, meta)):
            picture = Picture(source, ledger, read_tables(source, meta, _payload(tops)))
            choose(picture)
            keep_apple_gain_map(picture)
        if film is not None:
            film.claim(picture)
        for box in tops[1:]:
            if box.kind == b"mdat" and box.end > box.body:
                open_box(ledger, ROOT, box)
            elif box.kind == b"meta" and picture is not None:
                claim_meta(picture, box)
            elif box.kind != b"moov":
                entity = BOXES.get(box.kind, "HIDDEN_DATA")
                ledger.leaf(ROOT, box.name, Role.PRIVATE, box.at, box.end, entity=entity)
        if picture is not None:
            ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
            offer_credit(picture, tops)
            render(picture)
        if film is not None and picture is not None and source.read(tops[0].body, 4) in _STILLS:
            ledger.not_checked.append("HIDDEN_PIXELS")  # viewers of stills show no frame
        ledger.not_checked[:] = dict.fromkeys(ledger.not_checked)


def _is_empty(source: Source, meta: Box) -> bool:
    """True for a table without a primary picture, as some write beside a film: nobody shows it."""
    return all(box.kind != b"pitm" for box in boxes(source, meta.body + 4, meta.end))


def _payload(tops: list[Box]) -> list[Box]:
    return [box for box in tops if box.kind == b"mdat"]


def _film(source: Source, ledger: Ledger, tops: list[Box]) -> Film:
    """The film of a file whose type says that it holds one."""
    films = [box for box in tops if box.kind == b"moov"]
    if len(films) > 1 or any(box.kind == b"moof" for box in tops):
        raise Unsupported("The sequence of pictures is in fragments or in several films.")
    said = {source.read(at, 4) for at in range(tops[0].body, tops[0].end - 3, 4)}
    if not said & (_SEQUENCES | (FILMS - _STILLS)):
        raise Unsupported("The file holds a film that its type does not announce.")
    return Film(source, ledger, films[0], _payload(tops))


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
