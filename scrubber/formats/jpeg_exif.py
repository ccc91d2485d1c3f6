"""The Exif tree of a JPEG: its turn stays, and two numbers where a gain map of Apple needs them."""

from __future__ import annotations

from scrubber.formats.apple_gain_map import exif_tree, look_of_numbers, maker_numbers
from scrubber.formats.exif import split_exif
from scrubber.formats.jpeg_picture import Picture
from scrubber.formats.xmp import effective_orientation
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role


def maker_numbers_of(picture: Picture) -> dict[int, int]:
    """Those in the first tree of the picture; what no viewer can read is none."""
    for _, start, end in picture.exif[:1]:
        return maker_numbers(picture.data[start:end]) or {}
    return {}


def claim_exif(picture: Picture) -> None:
    """All trees of the picture. Decoders read the first one."""
    ledger = picture.ledger
    for index, (part, start, end) in enumerate(picture.exif):
        if not index and picture.maker:
            _claim_numbers(picture, part, start, end)
            continue
        ledger.leaf(part, "identifier", Role.FRAME, start - 6, start - 1)
        if picture.data[start - 1]:
            ledger.leaf(
                part, "identifier", Role.PRIVATE, start - 1, start,
                entity="HIDDEN_DATA", on_drop=b"\0",
            )  # fmt: skip
        else:
            ledger.leaf(part, "identifier", Role.FRAME, start - 1, start)
        if index:
            ledger.leaf(part, "second Exif", Role.PRIVATE, start, end, entity="HIDDEN_DATA")
        else:
            _split(picture, part, start, end)


def _split(picture: Picture, part: PartId, start: int, end: int) -> None:
    def split(ledger: Ledger) -> None:
        picture.oriented = split_exif(
            ledger, picture.source, part, start, end, keep_colour=not picture.icc
        )

    picture.ledger.attempt(part, "Exif", start, end, "TAG", split)


def _claim_numbers(picture: Picture, part: PartId, start: int, end: int) -> None:
    """A tree of the turn and the numbers stands for the whole one, unless it is that already."""
    ledger = picture.ledger
    ledger.leaf(part, "identifier", Role.DISPLAY, start - 6, start - 1)
    whole = ledger.part(part, "headroom", Role.PRIVATE, entity="MAKER_NOTE")
    ledger.claim(whole, start - 1, end)
    mark = len(ledger.parts)
    _split(picture, whole, start, end)
    turn = int(dict(ledger.rendering.facts).get("orientation", "1"))
    if picture.oriented is None:
        turns = [effective_orientation(picture.data[row.start : row.end]) for row in picture.xmp]
        turn = next((value for value in turns if value != 1), 1)
        picture.turned_by_xmp = turn != 1
        ledger.render(orientation=turn)
        picture.oriented = whole
    tree = exif_tree(picture.maker, turn)
    ledger.render(headroom=look_of_numbers(picture.maker))
    row = ledger.parts[whole]
    if picture.data[start - 1 : end] == b"\0" + tree:
        row.role, row.entity = Role.DISPLAY, None
    else:
        row.on_drop = b"\0" + tree
    for inner in ledger.parts[mark:]:
        inner.needs += (whole,)
        if row.role is Role.DISPLAY or inner.name.startswith(("MakerNote", "Exif (damaged)")):
            inner.role, inner.entity = Role.DISPLAY, None  # the numbers are in it
