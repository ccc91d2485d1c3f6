"""Properties of HEIF items that decoders need (ISO/IEC 23008-12 §6.5), and no more of them."""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, number, open_box
from scrubber.formats.decoder_configuration import av1, avc, hevc
from scrubber.formats.heif_items import Item, Tables
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_SIZES = {  # bytes of the body
    b"ispe": 12, b"pasp": 8, b"clap": 32, b"irot": 1, b"imir": 1, b"clli": 4, b"mdcv": 24,
    b"amve": 8, b"lsel": 2, b"a1op": 1, b"reve": 32, b"ndwt": 8,
}  # fmt: skip
KEPT = {*_SIZES, b"pixi", b"a1lx", b"colr", b"auxC", b"hvcC", b"av1C", b"avcC"}
_CUT = 0.05  # of the width or height: less is rounding to whole blocks


def keep_property(ledger: Ledger, source: Source, parent: PartId, box: Box) -> PartId:
    """Claims a property that stays; what it holds beyond its kind is slack, or private."""
    part = open_box(ledger, parent, box)
    size = box.end - box.body
    if box.kind == b"colr":
        _colour(ledger, source, part, box)
    elif box.kind == b"hvcC":
        hevc(ledger, source, part, box)
    elif box.kind == b"av1C":
        av1(ledger, source, part, box)
    elif box.kind == b"avcC":
        avc(ledger, source, part, box)
    elif box.kind == b"auxC":
        text = source.read(box.body + 4, min(size - 4, 256)).split(b"\0")[0]
        end = min(box.body + 4 + len(text) + 1, box.end)
        ledger.leaf(part, "type", Role.DISPLAY, box.body, end)
    else:
        if box.kind == b"pixi":
            needed = 5 + _channels(source, box)
        elif box.kind == b"a1lx":
            needed = 13 if number(source, box.body, 1) & 1 else 7
        else:
            needed = _SIZES[box.kind]
        if size < needed:
            raise Damaged(f"The property {box.name} is too short.")
        ledger.leaf(part, "value", Role.DISPLAY, box.body, box.body + needed)
    return part


def _channels(source: Source, pixi: Box) -> int:
    """ISO/IEC 23008-12 §6.5.6: how many channels there are, each with its bits."""
    depths = source.read(pixi.body + 4, min(pixi.end - pixi.body - 4, 5))
    count = depths[0] if depths else 0
    if not 1 <= count <= 4 or any(not 1 <= depth <= 32 for depth in depths[1 : 1 + count]):
        raise Damaged("The channels of the picture are not stated in a way that exists.")
    return count


def _colour(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """ISO/IEC 14496-12 §12.1.5."""
    kind = source.read(box.body, 4)
    if kind == b"nclx" and box.end - box.body >= 11:
        ledger.leaf(part, "nclx", Role.DISPLAY, box.body, box.body + 11)
    elif kind in (b"prof", b"rICC"):
        ledger.leaf(part, "kind", Role.DISPLAY, box.body, box.body + 4)
        profile = ledger.leaf(part, "profile", Role.DISPLAY, box.body + 4, box.end)
        ledger.nest(profile, (), "icc")
    else:
        raise Unsupported("The colours are described in a way that scrub does not know.")


def width_of_lengths(tables: Tables, item: Item) -> int:
    """How many bytes each NAL unit's length has, by the item's configuration."""
    for index, _, _ in item.properties:
        box = tables.properties[index - 1] if index else None
        if box is not None and box.kind in (b"hvcC", b"avcC"):
            at = box.body + (21 if box.kind == b"hvcC" else 4)
            return (number(tables.source, at, 1) & 3) + 1
    raise Damaged(f"The {item.label} has no configuration for a decoder.")


def shown_size(source: Source, clap: Box) -> tuple[int, int]:
    """Width and height, in whole pixels, of what a `clap` lets be seen (ISO/IEC 14496-12 §12.1.4).

    Raises Damaged for a fraction without a denominator.
    """
    values = [number(source, at, 4) for at in range(clap.body, clap.body + 16, 4)]
    if not values[1] or not values[3]:
        raise Damaged("The cut of the picture is not stated rightly.")
    return values[0] // values[1], values[2] // values[3]
