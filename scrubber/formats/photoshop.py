"""Photoshop image resources (Adobe Photoshop File Formats, Image Resource Blocks)."""

from __future__ import annotations

from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source


def split_photoshop(ledger: Ledger, source: Source, parent: PartId, start: int, end: int) -> None:
    """Claims the resource blocks in [start, end) below `parent`."""
    ledger.leaf(parent, "Photoshop", Role.PRIVATE, start, end, entity="EDIT_HISTORY")
