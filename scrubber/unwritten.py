"""Records of items of which nothing is written."""

from __future__ import annotations

from scrubber.errors import Held
from scrubber.model import Item, ItemRecord, Outcome


def held_record(item: Item, error: Held, sha256: str = "") -> ItemRecord:
    """The record of an item that is held back."""
    return ItemRecord(
        item.index,
        item.path,
        Outcome.HELD,
        size=item.size,
        sha256=sha256 or None,
        code=error.code,
        what=error.what,
        why=error.why,
        fix=error.fix,
    )


def dropped_record(item: Item, code: str, why: str, sha256: str) -> ItemRecord:
    """The record of an item that is no content; `code` is the drop reason."""
    return ItemRecord(
        item.index,
        item.path,
        Outcome.DROPPED,
        size=item.size,
        sha256=sha256,
        code=code,
        why=why,
    )
