"""Metadata that goes as a whole, with the names that its own format finds in it.

Where a structure has a size that its parts would disturb (a pad byte, a chain of counted
blocks) none of them may leave alone.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role


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
