"""What the chunks of AIFF and AIFF-C that are not sound hold, as parts with names.

AIFF 1.3 (Apple 1989), AIFF-C draft (1991); ID3 and Apple Loops by custom. Every
chunk here goes as a whole; its parts only say what went.
"""

from __future__ import annotations

from scrubber.formats.bundle import Inner, words
from scrubber.formats.id3 import id3_parts
from scrubber.formats.xmp_inner import xmp_parts
from scrubber.model import Source

CHUNKS: dict[bytes, tuple[str, str]] = {
    b"NAME": ("NAME", "TITLE"),
    b"AUTH": ("AUTH", "CREATOR"),
    b"(c) ": ("(c)", "COPYRIGHT_NOTICE"),
    b"ANNO": ("ANNO", "CAPTION"),
    b"COMT": ("COMT", "CAPTION"),
    b"MARK": ("MARK", "CAPTION"),
    b"INST": ("INST", "TECHNICAL"),
    b"MIDI": ("MIDI", "EMBEDDED_MEDIA"),
    b"AESD": ("AESD", "UNIQUE_ID"),
    b"APPL": ("APPL", "EDIT_HISTORY"),
    b"ID3 ": ("ID3", "TAG"),
    b"id3 ": ("ID3", "TAG"),
    b"SAXL": ("SAXL", "TECHNICAL"),
    b"PEAK": ("PEAK", "CAPTURE_TIME"),
    b"FVER": ("FVER", "TECHNICAL"),
    b"CHAN": ("CHAN", "TECHNICAL"),
    b"basc": ("basc", "TECHNICAL"),
    b"trns": ("trns", "TECHNICAL"),
    b"cate": ("cate", "KEYWORDS"),
    b"bext": ("bext", "TAG"),
    b"iXML": ("iXML", "TAG"),
    b"LIST": ("LIST", "TAG"),
    b"ResU": ("ResU", "EDIT_HISTORY"),
    b"C2PA": ("C2PA", "PROVENANCE"),
    b"FLLR": ("FLLR", "PADDING"),
    b"JUNK": ("JUNK", "PADDING"),
    b"FORM": ("FORM after the end", "TRAILER"),
}
"""Chunk id → name and entity of the chunk as a whole."""

TEXTS = (b"NAME", b"AUTH", b"(c) ", b"ANNO")
_MOST = 2000


def chunk_parts(source: Source, kind: bytes, start: int, end: int) -> list[Inner]:
    """Names for what stands in the body [start, end) of a chunk; none if it is one opaque run."""
    if kind in TEXTS and start < end:
        return [Inner("text", start, end, CHUNKS[kind][1], words)]
    if kind in (b"ID3 ", b"id3 "):
        return id3_parts(source, start, end)
    if kind == b"COMT":
        return _comments(source, start, end)
    if kind == b"MARK":
        return _markers(source, start, end)
    if kind == b"APPL" and end - start > 4:
        signature = source.read(start, 4)
        if signature == b"XMP " and (found := list(xmp_parts(source, start + 4, end))):
            return found
        entity = "EDIT_HISTORY" if signature == b"XMP " else "HIDDEN_DATA"
        return [Inner("data", start + 4, end, entity, words)]
    return []


def _comments(source: Source, start: int, end: int) -> list[Inner]:
    """AIFF 1.3 §COMT: a time stamp (seconds since 1904), a marker, a counted text."""
    rows: list[Inner] = []
    at = start + 2
    while at + 8 <= end and len(rows) < _MOST:
        text = at + 8
        stop = text + int.from_bytes(source.read(at + 6, 2), "big")
        if stop > end:
            break
        rows.append(Inner("timeStamp", at, at + 4, "CAPTURE_TIME"))
        if text < stop:
            rows.append(Inner("text", text, stop, "CAPTION", words))
        at = stop + (stop - text & 1)
    return rows


def _markers(source: Source, start: int, end: int) -> list[Inner]:
    """AIFF 1.3 §MARK: an id, a position, a Pascal string."""
    rows: list[Inner] = []
    at = start + 2
    while at + 7 <= end and len(rows) < _MOST:
        stop = at + 7 + source.read(at + 6, 1)[0]
        if stop > end:
            break
        if at + 7 < stop:
            rows.append(Inner("markerName", at + 7, stop, "CAPTION", words))
        at = stop + (stop - at & 1)
    return rows
