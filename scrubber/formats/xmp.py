"""XMP packets (ISO 16684-1; storage in part 3).

A packet is private as a whole. It is split by top-level property, so that the
log can say which ones stood there. One value matters to the look: an
Orientation that stands in XMP alone.
"""

from __future__ import annotations

import re

from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

XMP_SIGNATURE = b"http://ns.adobe.com/xap/1.0/\0"
_ORIENTATION = re.compile(rb"""tiff:Orientation\s*(?:=\s*["']\s*|>\s*)(\d)""")


def effective_orientation(packet: bytes) -> int:
    """tiff:Orientation of a packet, 1 if it has none."""
    match = _ORIENTATION.search(packet.replace(b"\0", b""))
    value = int(match[1]) if match else 1
    return value if 1 <= value <= 8 else 1


def split_xmp(ledger: Ledger, source: Source, parent: PartId, start: int, end: int) -> None:
    """Claims the packet in [start, end) below `parent`."""
    ledger.leaf(parent, "XMP", Role.PRIVATE, start, end, entity="TAG")
