"""BMP, all versions from OS/2 to V5 ([MS-WMF] §2.2.2; Windows GDI, BITMAPV5HEADER).

Kept: head, colours in use, pixels, the embedded colour profile (cleaned as a file of its
own), the colour space and its coordinates where they count. Gaps, padding, unused and
surplus colours, reserved fields and bytes behind the picture go. So does the path of a
linked profile, which names a file of the maker's machine: such a picture is sRGB then.
The fourth byte of 32 bits stays: decoders do not agree whether it is transparency.

Content digest: SHA-256 over width, height, bits and compression (`<iiHI`), the bit masks in
use, index (`<H`) and colour of every palette entry in use, then the SHA-256 of the pixels:
rows without padding, unused bits zero; of runs all to their end, unused bits zero.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.dib import (
    RLE4,
    RLE8,
    V4,
    V5,
    Head,
    claim_colours,
    claim_head,
    head_at,
)
from scrubber.formats.dib_pixels import claim_pixels, rows, runs
from scrubber.formats.icc import MAX_SIZE, colour_digest
from scrubber.formats.settled import settle
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_SRGB, _WINDOWS, _LINKED, _EMBEDDED = b"BGRs", b" niW", b"KNIL", b"DEBM"
_CALIBRATED = bytes(4)


class Bmp:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size < 26 or source.read(0, 2) != b"BM":
            raise Damaged("A BMP picture must start with BM.")
        size, _, at = struct.unpack("<III", source.read(2, 12))
        head = head_at(source, 14)
        if not head.table_end <= at <= source.size:
            raise Damaged("The pixels start outside the file, or inside its head.")
        code = runs if head.compression in (RLE8, RLE4) else rows
        pixels = code(source, at, source.size, head.width, head.rows, head.bits)
        ledger.leaf(ROOT, "BM", Role.FRAME, 0, 2)
        _file_size(ledger, size, pixels.end)
        settle(ledger, source, ROOT, "reserved", 6, bytes(4))
        ledger.leaf(ROOT, "offset", Role.FRAME, 10, 14)
        ledger.offset(10, 4, "little", 0, at)
        claim_head(ledger, source, ROOT, head, pixels.end - at)
        ledger.render(width=head.width, height=head.rows, top_down=head.height < 0)
        if head.size >= V4:
            _colour_space(ledger, source, head, (at, pixels.end))
        colours = claim_colours(ledger, source, ROOT, head, pixels.used)
        claim_pixels(ledger, ROOT, "pixels", at, pixels)
        said = head.facts + head.masks + colours + pixels.digest.digest()
        digest = hashlib.sha256(said).hexdigest()
        ledger.content = lambda _: digest
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]


def _file_size(ledger: Ledger, size: int, end: int) -> None:
    if size in (end, ledger.size):
        ledger.leaf(ROOT, "file size", Role.FRAME, 2, 6)
        ledger.length(2, 4, "little", 0, size)
        return
    part = ledger.leaf(
        ROOT, "file size", Role.SLACK, 2, 6, entity="HIDDEN_DATA", on_drop=bytes(4)
    )  # fmt: skip
    ledger.state(part, 0, 4, "little", 0, ledger.size)


def _colour_space(ledger: Ledger, source: Source, head: Head, pixels: tuple[int, int]) -> None:
    """BITMAPV4HEADER and what V5 adds: how the numbers of the pixels are meant."""
    at = head.at
    kind = source.read(at + 56, 4)
    if kind not in (_CALIBRATED, _SRGB, _WINDOWS, _LINKED, _EMBEDDED) or (
        head.size < V5 and kind in (_LINKED, _EMBEDDED)
    ):
        raise Unsupported("The bitmap has a colour space that scrub does not know.")
    ledger.leaf(ROOT, "colour space", Role.DISPLAY, at + 56, at + 60)
    if kind == _CALIBRATED:
        ledger.leaf(ROOT, "coordinates", Role.DISPLAY, at + 60, at + V4)
    else:
        settle(ledger, source, ROOT, "coordinates", at + 60, bytes(48), role=Role.DISPLAY)
    coordinates = source.read(at + 60, 48) if kind == _CALIBRATED else bytes(48)
    space = _SRGB if kind == _LINKED else kind
    ledger.render(colours=(space + coordinates).hex())
    if head.size < V5:
        return
    intent = source.read(at + V4, 4)
    true = intent if intent[0] in (0, 1, 2, 4, 8) and intent[1:] == bytes(3) else bytes(4)
    settle(ledger, source, ROOT, "intent", at + V4, true, role=Role.DISPLAY)
    ledger.render(intent=true[0])
    settle(ledger, source, ROOT, "reserved", at + 120, bytes(4), role=Role.DISPLAY)
    if kind not in (_LINKED, _EMBEDDED):
        settle(ledger, source, ROOT, "profile", at + 112, bytes(8), role=Role.DISPLAY)
        return
    start, length = struct.unpack("<II", source.read(at + 112, 8))
    start, end = at + start, at + start + length
    if start < head.table_end or end > source.size or not length:
        raise Damaged("The colour profile lies outside the file, or inside its head.")
    if start < pixels[1] and end > pixels[0]:
        raise Damaged("The colour profile lies over the pixels.")
    part = _profile(ledger, source, kind, start, end)
    ledger.leaf(ROOT, "profile's place", Role.DISPLAY, at + 112, at + 120)
    ledger.offset(at + 112, 4, "little", at, start, null_if_gone=part)
    ledger.length(at + 116, 4, "little", start, end)
    if kind == _LINKED:
        ledger.mend(at + 56, 4, lambda alive, old: old if alive(part) else _SRGB)


def _profile(ledger: Ledger, source: Source, kind: bytes, start: int, end: int) -> PartId:
    if kind == _LINKED:
        return ledger.leaf(
            ROOT, "linked profile", Role.PRIVATE, start, end, entity="FILE_PATH",
            describe=lambda data: data.split(b"\0")[0].decode("cp1252", "replace"),
        )  # fmt: skip
    part = ledger.leaf(ROOT, "profile", Role.DISPLAY, start, end)
    ledger.nest(part, (), "icc")
    with contextlib.suppress(Held, struct.error, IndexError):  # its own rebuild says why
        ledger.render(profile=colour_digest(source.read(start, min(end - start, MAX_SIZE))))
    return part
