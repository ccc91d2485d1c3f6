"""What the chunks of a WAV recording that are not sound hold, as parts with names.

RIFF 1991 (INFO, adtl, cue), EBU Tech 3285 (bext), iXML 2.10, AES46 (cart), GUANO 1.0.
Every chunk here goes as a whole; its parts only say what went.
"""

from __future__ import annotations

import re

from scrubber.formats.bundle import Inner, after, words
from scrubber.formats.id3 import id3_parts
from scrubber.formats.xmp_inner import xmp_parts
from scrubber.model import Source

_SHOWN = 1 << 20  # a text chunk beyond this is one part without inner names

CHUNKS: dict[bytes, tuple[str, str]] = {
    b"bext": ("bext", "TAG"),
    b"iXML": ("iXML", "TAG"),
    b"aXML": ("aXML", "TAG"),
    b"axml": ("axml", "TAG"),
    b"chna": ("chna", "TECHNICAL"),
    b"cart": ("cart", "TAG"),
    b"_PMX": ("_PMX XMP", "EDIT_HISTORY"),
    b"id3 ": ("id3", "TAG"),
    b"ID3 ": ("id3", "TAG"),
    b"guan": ("guan GUANO", "GPS_POSITION"),
    b"wamd": ("wamd", "GPS_POSITION"),
    b"cue ": ("cue", "TECHNICAL"),
    b"plst": ("plst", "TECHNICAL"),
    b"smpl": ("smpl", "TECHNICAL"),
    b"inst": ("inst", "TECHNICAL"),
    b"acid": ("acid", "TECHNICAL"),
    b"strc": ("strc", "TECHNICAL"),
    b"fact": ("fact", "TECHNICAL"),
    b"PEAK": ("PEAK", "CAPTURE_TIME"),
    b"levl": ("levl", "CAPTURE_TIME"),
    b"MD5 ": ("MD5", "UNIQUE_ID"),
    b"umid": ("umid", "UNIQUE_ID"),
    b"minf": ("minf", "EDIT_HISTORY"),
    b"elm1": ("elm1", "EDIT_HISTORY"),
    b"regn": ("regn", "EDIT_HISTORY"),
    b"afsp": ("afsp", "OWNER_NAME"),
    b"ResU": ("ResU", "EDIT_HISTORY"),
    b"LGWV": ("LGWV", "EDIT_HISTORY"),
    b"SyLp": ("SyLp", "TECHNICAL"),
    b"DISP": ("DISP", "THUMBNAIL"),
    b"C2PA": ("C2PA", "PROVENANCE"),
    b"cset": ("cset", "TECHNICAL"),
    b"bwxf": ("bwxf", "TAG"),
    b"LIST": ("LIST", "TAG"),
    b"JUNK": ("JUNK", "PADDING"),
    b"junk": ("junk", "PADDING"),
    b"PAD ": ("PAD", "PADDING"),
    b"FLLR": ("FLLR", "PADDING"),
    b"filr": ("filr", "PADDING"),
    b"RIFF": ("RIFF after the end", "TRAILER"),
}
"""Chunk id → name and entity of the chunk as a whole."""

_INFO: dict[bytes, str] = {
    **dict.fromkeys((b"IART", b"IENG", b"ITCH", b"ICMS", b"IWRI", b"IMUS"), "CREATOR"),
    **dict.fromkeys((b"ISTR", b"IPRO", b"IEDT", b"ICNM", b"IPDS"), "CREATOR"),
    **dict.fromkeys((b"ICMT", b"ISBJ", b"CMNT"), "CAPTION"),
    **dict.fromkeys((b"ICRD", b"IDIT", b"ISMP", b"IDPI"), "CAPTURE_TIME"),
    **dict.fromkeys((b"INAM", b"IPRD", b"IPRT", b"ITRK"), "TITLE"),
    **dict.fromkeys((b"IGNR", b"IKEY", b"IRTD", b"ISGN"), "KEYWORDS"),
    **dict.fromkeys((b"IARL", b"ICNT", b"ILOC"), "PLACE_NAME"),
    **dict.fromkeys((b"IBSU", b"ILGU", b"IURL", b"IMIU"), "URL"),
    b"ICOP": "COPYRIGHT_NOTICE",
    b"ISFT": "SOFTWARE",
    b"ISRF": "DEVICE_MODEL",
    b"IMED": "DEVICE_MODEL",
}

_BEXT = (
    ("Description", 0, 256, "CAPTION"),
    ("Originator", 256, 288, "CREATOR"),
    ("OriginatorReference", 288, 320, "UNIQUE_ID"),
    ("OriginationDate", 320, 330, "CAPTURE_TIME"),
    ("OriginationTime", 330, 338, "CAPTURE_TIME"),
    ("TimeReference", 338, 346, "CAPTURE_TIME"),
    ("UMID", 348, 412, "UNIQUE_ID"),
    ("CodingHistory", 602, 1 << 32, "EDIT_HISTORY"),
)
_CART = (
    ("Title", 4, 68, "TITLE"),
    ("Artist", 68, 132, "CREATOR"),
    ("CutID", 132, 196, "UNIQUE_ID"),
    ("ClientID", 196, 260, "ACCOUNT_ID"),
    ("Category", 260, 324, "KEYWORDS"),
    ("Classification", 324, 388, "KEYWORDS"),
    ("OutCue", 388, 452, "CAPTION"),
    ("dates", 452, 488, "CAPTURE_TIME"),
    ("ProducerAppID", 488, 616, "SOFTWARE"),
    ("UserDef", 616, 680, "TAG"),
    ("URL", 1024, 2048, "URL"),
)
_ELEMENT = re.compile(rb"<([A-Za-z_][\w:.-]{0,63})(?:\s[^<>]*)?>([^<>]{1,4096})</\1\s*>")
_LINE = re.compile(rb"(?m)^([A-Za-z][\w |.-]{0,63}):[ \t]*([^\r\n]{1,4096})")
_TELLING = (
    (re.compile(rb"gps|latitude|longitude|loc position|geo", re.I), "GPS_POSITION"),
    (re.compile(rb"originator$|artist|author|creator|mixer|recordist|user", re.I), "CREATOR"),
    (re.compile(rb"serial", re.I), "CAMERA_SERIAL"),
    (re.compile(rb"uid|umid|reference|guid", re.I), "UNIQUE_ID"),
    (re.compile(rb"location", re.I), "PLACE_NAME"),
    (re.compile(rb"date|time", re.I), "CAPTURE_TIME"),
    (re.compile(rb"note|description|scene|take|circled", re.I), "CAPTION"),
    (re.compile(rb"project|tape|title|album|song", re.I), "TITLE"),
    (re.compile(rb"path|file", re.I), "FILE_PATH"),
    (re.compile(rb"make|model|device|host", re.I), "DEVICE_MODEL"),
    (re.compile(rb"software|firmware|version", re.I), "SOFTWARE"),
)


def chunk_parts(source: Source, kind: bytes, start: int, end: int) -> list[Inner]:
    """Names for what stands in the body [start, end) of a chunk; none if it is one opaque run."""
    if kind == b"bext":
        return _fields(_BEXT, start, end)
    if kind == b"cart":
        return _fields(_CART, start, end)
    if kind == b"LIST":
        return _list(source, start, end)
    if kind in (b"id3 ", b"ID3 "):
        return id3_parts(source, start, end)
    if kind == b"_PMX" and (found := list(xmp_parts(source, start, end))):
        return found
    if end - start > _SHOWN:
        return []
    if kind in (b"iXML", b"axml", b"aXML", b"_PMX", b"bwxf"):
        return _pairs(_ELEMENT, source.read(start, end - start), start)
    if kind in (b"guan", b"afsp"):
        return _pairs(_LINE, source.read(start, end - start), start)
    return []


def _fields(rows: tuple[tuple[str, int, int, str], ...], start: int, end: int) -> list[Inner]:
    return [
        Inner(name, start + low, min(start + high, end), entity, words)
        for name, low, high, entity in rows
        if start + low < end
    ]


def _pairs(pattern: re.Pattern[bytes], data: bytes, start: int) -> list[Inner]:
    """Texts with labels: each value is a part."""
    rows: list[Inner] = []
    for match in pattern.finditer(data):
        if match[2].strip():
            name = match[1].decode("ascii", "replace")
            entity = next((entity for look, entity in _TELLING if look.search(match[1])), "TAG")
            rows.append(Inner(name, start + match.start(2), start + match.end(2), entity, words))
    return rows


def _list(source: Source, start: int, end: int) -> list[Inner]:
    """LIST INFO and LIST adtl: chunks of their own below a four-letter kind."""
    kind = source.read(start, min(4, end - start))
    rows: list[Inner] = []
    if kind not in (b"INFO", b"adtl"):
        return rows
    at = start + 4
    while at + 8 <= end:
        head = source.read(at, 8)
        stop = at + 8 + int.from_bytes(head[4:], "little")
        if stop > end:
            break
        name = head[:4].decode("ascii", "replace").strip("\0 ") or "unnamed"
        skip = 8 if kind == b"INFO" else 12
        entity = _INFO.get(head[:4], "TAG") if kind == b"INFO" else "CAPTION"
        padded = min(stop + (stop - at & 1), end)
        rows.append(Inner(name, at, padded, entity, after(skip)))
        at = padded
    return rows
