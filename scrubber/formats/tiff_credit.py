"""The credit of a TIFF: one packet in the tag XMP of the first page (XMP part 3 §3.1)."""

from __future__ import annotations

import struct

from scrubber.formats import tiff_tags as tags
from scrubber.formats.tiff_directory import Directory
from scrubber.formats.tiff_file import File
from scrubber.ledger import CreditWriter, PartId


def offer_credit(file: File, page: Directory) -> None:
    """The entry comes where its number belongs, the packet behind everything else."""
    ledger, shape = file.ledger, file.shape
    place = next((entry.at for entry in page.entries if entry.tag > tags.XMP), page.next_at)

    def write(packet: bytes, part: PartId) -> None:
        file.credited[page.at] = part
        kinds = shape.code + ("HHQQ" if shape.big else "HHII")
        row = struct.pack(kinds, tags.XMP, tags.BYTE, len(packet), 0)
        entry = ledger.insert(place, row, part)
        value = ledger.insert(file.source.size, packet, part, align=2)
        ledger.aim(entry, len(row) - shape.width, shape.width, shape.order, value)

    ledger.credit = CreditWriter(write)
