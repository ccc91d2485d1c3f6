"""Metadata chunks of WebP: split for their names, and gone as a whole.

Chunks start at even offsets, so what is left of a block in parts would need another pad byte.
A block goes whole instead, and the one value that matters comes back in a block of its own.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from scrubber.formats.xmp import effective_orientation
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

EXIF = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0"
TAGS = {
    b"EXIF": "TAG", b"XMP ": "TAG", b"META": "TAG", b"ICCP": "COLOR_PROFILE",
    b"C2PA": "PROVENANCE", b"ANMF": "EMBEDDED_MEDIA", b"VP8 ": "EMBEDDED_MEDIA",
    b"VP8L": "EMBEDDED_MEDIA", b"ALPH": "EMBEDDED_MEDIA",
}  # fmt: skip


@functools.cache
def exif_chunk(turn: int) -> bytes:
    """An EXIF chunk whose one entry is Orientation (Exif 3.0 §4.6.2)."""
    return b"EXIF" + len(EXIF).to_bytes(4, "little") + EXIF[:18] + bytes((turn,)) + EXIF[19:]


def adopt(
    ledger: Ledger,
    name: str,
    start: int,
    end: int,
    scratch: Ledger,
    split: Callable[[Ledger], None],
) -> PartId:
    """A private part [start, end) that names what `split` finds in `scratch`.

    Where `split` fails the part is opaque, and `ledger.doubts` says so.
    """
    doubts = len(ledger.doubts)
    scratch.attempt(ROOT, name, start, end, "TAG", split)
    ledger.doubts += scratch.doubts
    damaged = len(ledger.doubts) > doubts
    title = f"{name} (damaged)" if damaged else name
    whole = ledger.leaf(ROOT, title, Role.PRIVATE, start, end, entity="TAG")
    if damaged:
        return whole
    children: list[PartId] = []
    for part in scratch.parts[1:]:
        if part.role is Role.FRAME or not part.spans:
            continue
        child = ledger.part(
            whole, scratch.path(part.id).removeprefix("Exif/").removeprefix("XMP/"), Role.PRIVATE,
            entity=part.entity or "TECHNICAL", needs=(whole,), describe=part.describe,
        )  # fmt: skip
        for span in part.spans:
            ledger.claim(child, *span)
        children.append(child)
    ledger.parts[whole].needs = tuple(children)
    return whole


def orientation_in(source: Source, start: int, end: int) -> int:
    """tiff:Orientation of the XMP chunk at `start`, 1 if it has none."""
    size = int.from_bytes(source.read(start + 4, 4), "little")
    return effective_orientation(source.read(start + 8, min(size, end - start - 8)))
