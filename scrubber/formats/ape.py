"""APEv1 and APEv2 tags (the APE tag specification) and Lyrics3 v1 and v2 (id3.org), by name.

Both go as a whole; here their items get names and words.
"""

from __future__ import annotations

import re

from scrubber.formats.bundle import Inner, after, words
from scrubber.formats.vorbis_comment import entity_of_name
from scrubber.model import Source

PREAMBLE = b"APETAGEX"
_SHOWN = 64 << 20
_PICTURE = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n")
_KEYS_BY_ENTITY = """
CREATOR: artist; album artist; composer; author; performer; conductor; producer; mixer; arranger
CREATOR: lyricist; writer; encodedby
TITLE: title; subtitle; album; debut album; work
CAPTION: comment; abstract; description; introplay
KEYWORDS: genre; keywords; mood; rating; language
COPYRIGHT_NOTICE: copyright; license
UNIQUE_ID: isrc; catalog; ean/upc; isbn; lc; accuratediscid
ORGANIZATION: publisher; label
CAPTURE_TIME: year; record date; publicationdate
FILE_PATH: file; related; source
URL: bibliography; discography; buy url; url
ENCODER: encoder; encoder settings; tool name; tool version
PLACE_NAME: record location
LYRICS: lyrics
"""
_KEYS: dict[str, str] = {
    key: row.partition(": ")[0]
    for row in _KEYS_BY_ENTITY.strip().splitlines()
    for key in row.partition(": ")[2].split("; ")
}
_LYRICS: dict[bytes, str] = {
    b"LYR": "LYRICS", b"INF": "CAPTION", b"AUT": "CREATOR", b"EAL": "TITLE",
    b"EAR": "CREATOR", b"ETT": "TITLE", b"IMG": "FILE_PATH",
}  # fmt: skip


def ape_extent(head: bytes, at: int) -> tuple[int, int]:
    """Start and end of the tag whose header or footer (32 bytes) stands at `at`; (0, 0) if none.

    The stated size counts the items and the footer; a header comes on top.
    """
    if head[:8] != PREAMBLE or len(head) < 32:
        return 0, 0
    version = int.from_bytes(head[8:12], "little")
    size = int.from_bytes(head[12:16], "little")
    flags = int.from_bytes(head[20:24], "little")
    if version not in (1000, 2000) or size < 32:
        return 0, 0
    if version == 2000 and flags & 1 << 29:
        return at, at + 32 + size
    header = 32 if version == 2000 and flags & 1 << 31 else 0
    return at + 32 - size - header, at + 32


def ape_parts(source: Source, start: int, end: int) -> list[Inner]:
    """The items of the tag [start, end)."""
    if end - start > _SHOWN or end - start < 32:
        return []
    data = source.read(start, end - start)
    rows: list[Inner] = []
    at = 32 if data.startswith(PREAMBLE) else 0
    while at + 11 <= len(data) and not data.startswith(PREAMBLE, at):
        size = int.from_bytes(data[at : at + 4], "little")
        kind = data[at + 4] >> 1 & 3
        close = data.find(b"\0", at + 8, at + 8 + 256)
        stop = close + 1 + size
        if close <= at + 8 or stop > len(data):
            break
        rows += _item(data, start, at, close, stop, kind)
        at = stop
    return rows


def _item(data: bytes, base: int, at: int, close: int, stop: int, kind: int) -> list[Inner]:
    key = data[at + 8 : close].decode("ascii", "replace")
    name = key if key.isprintable() else "item"
    show = after(close + 1 - at, _values)
    if key.lower().startswith("cover art"):
        picture = _PICTURE.search(data, close + 1, min(stop, close + 600))
        if picture:
            low = picture.start()
            return [
                Inner(name, base + at, base + low, "COVER_ART", show),
                Inner(f"{name} picture", base + low, base + stop, "COVER_ART", picture=True),
            ]
        return [Inner(name, base + at, base + stop, "COVER_ART")]
    entity = _KEYS.get(key.lower()) or entity_of_name(key)
    return [Inner(name, base + at, base + stop, entity, None if kind == 1 else show)]


def _values(data: bytes) -> str:
    """Several values stand between NULs."""
    return "; ".join(words(value) for value in data.split(b"\0") if value.strip())


def lyrics_parts(source: Source, start: int, end: int) -> list[Inner]:
    """The fields of Lyrics3 v2 (three letters, five digits, text), or the text of v1."""
    if end - start > 1 << 20:
        return []
    data = source.read(start, end - start)
    if data.endswith(b"LYRICSEND"):
        return [Inner("text", start + 11, end - 9, "LYRICS", words)]
    rows: list[Inner] = []
    at = 11
    while data[at + 3 : at + 8].isdigit() and at + 8 <= len(data) - 15:
        stop = at + 8 + int(data[at + 3 : at + 8])
        if stop > len(data) - 15:
            break
        name = data[at : at + 3].decode("ascii", "replace")
        entity = _LYRICS.get(data[at : at + 3], "TAG")
        rows.append(Inner(name, start + at, start + stop, entity, after(8)))
        at = stop
    return rows
