"""Photoshop image resources (Adobe Photoshop File Formats, Image Resource Blocks)."""

from __future__ import annotations

import functools

from scrubber.errors import Damaged
from scrubber.formats.iptc import split_iptc
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_SIGNATURES = (b"8BIM", b"MeSa", b"PHUT", b"AgHg", b"DCSR")
_IPTC, _XMP = 0x0404, 0x0424
_NAMES: dict[int, tuple[str, str]] = {
    0x03E9: ("MacintoshPrintInfo", "DEVICE_NAME"),
    0x03ED: ("ResolutionInfo", "TECHNICAL"),
    0x03EE: ("AlphaChannelNames", "TAG"),
    0x03F3: ("PrintFlags", "TECHNICAL"),
    0x0404: ("IPTC", "TAG"),
    0x0406: ("JPEGQuality", "TECHNICAL"),
    0x0408: ("GridGuidesInfo", "EDIT_HISTORY"),
    0x0409: ("Thumbnail", "THUMBNAIL"),
    0x040A: ("CopyrightFlag", "COPYRIGHT_NOTICE"),
    0x040B: ("URL", "URL"),
    0x040C: ("Thumbnail", "THUMBNAIL"),
    0x040F: ("ICC_Profile", "COLOR_PROFILE"),
    0x0414: ("DocumentSpecificIDs", "DOCUMENT_ID"),
    0x041A: ("Slices", "TITLE"),
    0x041B: ("WorkflowURL", "URL"),
    0x041E: ("URLList", "URL"),
    0x0421: ("VersionInfo", "SOFTWARE"),
    0x0422: ("Exif", "TAG"),
    0x0423: ("Exif", "TAG"),
    0x0424: ("XMP", "TAG"),
    0x0425: ("IPTCDigest", "UNIQUE_ID"),
    0x0426: ("PrintScale", "TECHNICAL"),
    0x0428: ("PixelAspectRatio", "TECHNICAL"),
    0x0429: ("LayerComps", "EDIT_HISTORY"),
    0x0435: ("MeasurementScale", "EDIT_HISTORY"),
    0x0436: ("TimelineInfo", "EDIT_HISTORY"),
    0x043A: ("PrintInfo", "DEVICE_NAME"),
    0x043B: ("PrintStyle", "DEVICE_NAME"),
    0x043C: ("MacNSPrintInfo", "DEVICE_NAME"),
    0x043D: ("WindowsDEVMODE", "DEVICE_NAME"),
    0x043F: ("AutoSaveFilePath", "FILE_PATH"),
    0x0BB7: ("ClippingPathName", "TITLE"),
    0x1B58: ("ImageReadyVariables", "EDIT_HISTORY"),
    0x1F40: ("LightroomWorkflow", "EDIT_HISTORY"),
    0x2710: ("PrintFlagsInfo", "TECHNICAL"),
}
_MAX_BLOCKS = 2000


def split_photoshop(ledger: Ledger, source: Source, parent: PartId, start: int, end: int) -> None:
    """Claims the resource blocks in [start, end) below `parent`.

    Raises Damaged where a block does not fit, as in a set that goes on in another segment.
    """
    data = source.read(start, end - start)
    at = 0
    for _ in range(_MAX_BLOCKS):
        while at < len(data) and not data[at]:
            at += 1
        if at + 12 > len(data):
            break
        if data[at : at + 4] not in _SIGNATURES:
            raise Damaged("The Photoshop block holds bytes that are no resource.")
        number = int.from_bytes(data[at + 4 : at + 6], "big")
        name_end = at + 7 + data[at + 6]
        name_end += (name_end - at) % 2  # a Pascal string, padded to be even
        size = int.from_bytes(data[name_end : name_end + 4], "big")
        stop = name_end + 4 + size
        if stop > len(data):
            raise Damaged("A Photoshop resource is cut off.")
        title = data[at + 7 : at + 7 + data[at + 6]]
        _block(
            ledger, source, parent, number, title, start + at, start + name_end + 4, start + stop
        )
        at = stop


def _block(
    ledger: Ledger,
    source: Source,
    parent: PartId,
    number: int,
    title: bytes,
    at: int,
    start: int,
    end: int,
) -> None:
    """One resource: header [at, start), data [start, end)."""
    name, entity = _NAMES.get(number, (f"0x{number:04X}", "TECHNICAL"))
    if 0x07D0 <= number <= 0x0BB6:
        name, entity = "Path", "EDIT_HISTORY"
    nested = {_IPTC: split_iptc, _XMP: split_xmp}.get(number)
    if nested is None or title or start == end:
        words = functools.partial(_words, title, start - at)
        ledger.leaf(parent, name, Role.PRIVATE, at, end, entity=entity, describe=words)
        return
    part = ledger.part(parent, name, Role.FRAME)
    ledger.scope(part, at, end)
    ledger.claim(part, at, start)
    ledger.length(start - 4, 4, "big", start, end)
    ledger.attempt(part, name, start, end, "TAG", nested, source, part, start, end)


def _words(title: bytes, head: int, data: bytes) -> str:
    words = title.decode("latin-1")
    body = data[head:]
    text = body.decode("latin-1") if len(body) < 256 and body.isascii() else f"{len(body)} bytes"
    return f"{words} {text}".strip() if text.isprintable() else words or f"{len(body)} bytes"
