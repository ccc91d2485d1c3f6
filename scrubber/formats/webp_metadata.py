"""What a WebP says beside its picture: the colour profile, Exif and XMP (RFC 9649 §2.7.1)."""

from __future__ import annotations

import contextlib
import struct

from scrubber.errors import Held
from scrubber.formats.adopted import adopt
from scrubber.formats.exif import split_exif
from scrubber.formats.icc import MAX_SIZE, colour_digest
from scrubber.formats.webp_chunks import Chunk, name_of
from scrubber.formats.webp_file import EXIF_FLAG, ICC_FLAG, XMP_FLAG, File
from scrubber.formats.webp_tags import EXIF, TAGS, exif_chunk, orientation_in
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role


def private(file: File, chunk: Chunk) -> PartId:
    entity = TAGS.get(chunk.kind, "HIDDEN_DATA")
    return file.ledger.leaf(
        ROOT, name_of(chunk.kind), Role.PRIVATE, chunk.at, chunk.stop, entity=entity
    )


def profile(file: File, chunk: Chunk) -> None:
    if not file.flags & ICC_FLAG or chunk.end - chunk.start > MAX_SIZE:
        private(file, chunk)
        return
    ledger = file.ledger
    part = ledger.part(ROOT, "ICCP", Role.FRAME)
    ledger.scope(part, chunk.at, chunk.stop)
    ledger.claim(part, chunk.at, chunk.start, 2)
    ledger.length(chunk.at + 4, 4, "little", chunk.start, chunk.end)
    profile = ledger.leaf(
        part, "ICC_PROFILE", Role.DISPLAY, chunk.start, chunk.end, entity="COLOR_PROFILE"
    )
    ledger.nest(profile, (), "icc")
    if chunk.end < chunk.stop:  # a cleaned profile has an even size
        ledger.leaf(part, "pad byte", Role.SLACK, chunk.end, chunk.stop, entity="PADDING")
    file.flagged[ICC_FLAG] = part
    with contextlib.suppress(Held, struct.error, IndexError):  # its own split says what is wrong
        ledger.render(profile=colour_digest(file.data(chunk)))


def exif(file: File, chunk: Chunk) -> None:
    """§2.7.1.5. The block is rewritten: all of it goes, and one entry may come in its place."""
    ledger, data = file.ledger, file.data(chunk)
    if not file.flags & EXIF_FLAG:
        private(file, chunk)
        return
    if data[:-8] == EXIF[:-8] and data == exif_chunk(data[18])[8:] and 2 <= data[18] <= 8:
        part = ledger.leaf(ROOT, "EXIF", Role.DISPLAY, chunk.at, chunk.stop)
        file.turn, file.oriented = data[18], True
        file.flagged[EXIF_FLAG] = part
        return
    skip = 6 if data.startswith(b"Exif\0\0") else 0
    scratch = Ledger(ledger.size)

    def split(_: Ledger) -> None:
        oriented = split_exif(scratch, file.source, ROOT, chunk.start + skip, chunk.end)
        file.oriented = oriented is not None

    part = adopt(ledger, "EXIF", chunk.at, chunk.stop, scratch, split)
    file.flagged[EXIF_FLAG] = part
    file.turn = int(dict(scratch.rendering.facts).get("orientation", "1"))
    if file.turn > 1:
        ledger.insert(chunk.at, exif_chunk(file.turn), part)
        file.replaced = part


def xmp(file: File, chunk: Chunk) -> None:
    if not file.flags & XMP_FLAG:
        private(file, chunk)
        return
    scratch = Ledger(file.ledger.size)

    def split(_: Ledger) -> None:
        split_xmp(scratch, file.source, ROOT, chunk.start, chunk.end)

    file.flagged[XMP_FLAG] = adopt(file.ledger, "XMP", chunk.at, chunk.stop, scratch, split)


def turn_by_xmp(file: File) -> None:
    """Some viewers turn by XMP where Exif says nothing."""
    ledger = file.ledger
    xmp, exif = file.flagged.get(XMP_FLAG), file.flagged.get(EXIF_FLAG)
    if xmp is None:
        return
    if file.oriented:
        if exif is not None:
            ledger.parts[xmp].needs += (exif,)  # else it would take over
        return
    start = ledger.parts[xmp].spans[0][0]  # of the whole chunk
    file.turn = orientation_in(file.source, start, file.end)
    if file.turn > 1:
        ledger.insert(start, exif_chunk(file.turn), xmp)
        file.replaced = xmp
