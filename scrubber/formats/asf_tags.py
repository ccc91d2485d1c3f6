"""Descriptions in an ASF file (specification §3.10, §3.11, §4.7, §4.8), by name.

Each goes as a whole; here its entries get their names and words.
"""

from __future__ import annotations

from collections.abc import Callable

from scrubber.formats.bundle import Inner
from scrubber.model import Describe

_FIRST = (
    ("title", "TITLE"),
    ("author", "CREATOR"),
    ("copyright", "COPYRIGHT_NOTICE"),
    ("description", "CAPTION"),
    ("rating", "KEYWORDS"),
)
_NAMES_BY_ENTITY = """
CREATOR: author wm/albumartist wm/composer wm/conductor wm/writer wm/director wm/producer
CREATOR: wm/encodedby wm/modifiedby wm/originalartist wm/originallyricist wm/albumartistsort
TITLE: title wm/albumtitle wm/subtitle wm/contentgroupdescription wm/originalalbumtitle
CAPTION: description wm/text
LYRICS: wm/lyrics wm/lyrics_synchronised
COPYRIGHT_NOTICE: copyright copyrighturl
KEYWORDS: wm/genre wm/mood wm/category wm/shareduserrating
ORGANIZATION: wm/publisher
COVER_ART: wm/picture
CAPTURE_TIME: wm/year wm/encodingtime wm/originalreleaseyear
FILE_PATH: wm/originalfilename
ENCODER: wm/encodingsettings wm/toolname wm/toolversion wmfsdkversion wmfsdkneeded
UNIQUE_ID: wm/uniquefileidentifier wm/mcdi wm/isrc wm/providercopyright wm/wmcontentid
UNIQUE_ID: wm/mediaclassprimaryid wm/mediaclasssecondaryid wm/wmcollectionid
URL: wm/authorurl wm/promotionurl wm/audiofileurl wm/audiosourceurl wm/url
"""
_ENTITIES: dict[str, str] = {
    name: row.partition(": ")[0]
    for row in _NAMES_BY_ENTITY.strip().splitlines()
    for name in row.partition(": ")[2].split(" ")
}
_MOST = 2000

Parts = Callable[[bytes, int], list[Inner]]


def description_parts(body: bytes, base: int) -> list[Inner]:
    """Five lengths, then five texts in UTF-16."""
    rows: list[Inner] = []
    at = 10
    for index, (name, entity) in enumerate(_FIRST):
        size = int.from_bytes(body[index * 2 : index * 2 + 2], "little")
        if at + size > len(body):
            break
        if size > 2:
            rows.append(Inner(name, base + at, base + at + size, entity, _wide))
        at += size
    return rows


def extended_parts(body: bytes, base: int) -> list[Inner]:
    """A count; of each entry the length of its name, the name, a type, a length, the value."""
    rows: list[Inner] = []
    at = 2
    for _ in range(min(int.from_bytes(body[:2], "little"), _MOST)):
        name = int.from_bytes(body[at : at + 2], "little")
        value = at + 2 + name + 4
        stop = value + int.from_bytes(body[value - 2 : value], "little")
        if stop > len(body):
            break
        kind = int.from_bytes(body[value - 4 : value - 2], "little")
        rows.append(_entry(body[at + 2 : value - 4], kind, base + at, value - at, base + stop))
        at = stop
    return rows


def record_parts(body: bytes, base: int) -> list[Inner]:
    """A count; of each record language, stream, two lengths around a type, name and value."""
    rows: list[Inner] = []
    at = 2
    for _ in range(min(int.from_bytes(body[:2], "little"), _MOST)):
        name = int.from_bytes(body[at + 4 : at + 6], "little")
        value = at + 12 + name
        stop = value + int.from_bytes(body[at + 8 : at + 12], "little")
        if stop > len(body) or value > len(body):
            break
        kind = int.from_bytes(body[at + 6 : at + 8], "little")
        rows.append(_entry(body[at + 12 : value], kind, base + at, value - at, base + stop))
        at = stop
    return rows


def _entry(name: bytes, kind: int, start: int, skip: int, end: int) -> Inner:
    text = _wide(name)
    entity = _ENTITIES.get(text.lower(), "UNIQUE_ID" if "musicbrainz" in text.lower() else "TAG")
    show: Describe | None = (lambda data: _wide(data[skip:])) if kind == 0 else None
    return Inner(text if text.isprintable() and text else "entry", start, end, entity, show)


def _wide(data: bytes) -> str:
    return data.decode("utf-16-le", "replace").split("\0")[0].strip()
