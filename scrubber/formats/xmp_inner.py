"""What stands in an XMP packet inside a tag or chunk that goes as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.formats.bundle import Inner
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source


def xmp_parts(source: Source, start: int, end: int) -> Iterator[Inner]:
    """Names for the properties of the packet [start, end), in its order; none if it has none."""
    scratch = Ledger(source.size)
    scratch.attempt(
        ROOT, "XMP", start, end, "TAG", lambda _: split_xmp(scratch, source, ROOT, start, end)
    )
    if scratch.doubts:
        return
    rows = [
        Inner(part.name, low, high, part.entity or "TAG", part.describe)
        for part in scratch.parts[1:]
        if part.role is not Role.FRAME and part.name != "XMP"
        for low, high in part.spans
    ]
    yield from sorted(rows, key=lambda row: row.start)
