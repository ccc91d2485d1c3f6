"""Tags, chapters and attachments of Matroska (RFC 9559 §5.1.5 to §5.1.8): names for what goes."""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import Inner, bundle, words
from scrubber.formats.ebml import Element, elements, uint
from scrubber.formats.matroska_names import ATTACHMENTS, CHAPTERS, TAGS
from scrubber.ledger import Ledger, PartId
from scrubber.model import Source

_DEPTH = 8
_TAG, _SIMPLE_TAG, _TAG_NAME, _TAG_STRING, _TAG_BINARY = 0x7373, 0x67C8, 0x45A3, 0x4487, 0x4485
_FILE, _FILE_NAME, _FILE_TYPE, _FILE_DATA = 0x61A7, 0x466E, 0x4660, 0x465C
_DESCRIPTION = 0x467E
_EDITION, _ORDERED, _ATOM, _DISPLAY, _CHAPTER = 0x45B9, 0x45DD, 0xB6, 0x80, 0x85
_ENTITIES = {
    "TITLE": "TITLE", "SUBTITLE": "TITLE", "ALBUM": "TITLE", "PART_NUMBER": "TAG",
    "ARTIST": "CREATOR", "ALBUM_ARTIST": "CREATOR", "LEAD_PERFORMER": "CREATOR",
    "DIRECTOR": "CREATOR", "PRODUCER": "CREATOR", "COMPOSER": "CREATOR", "WRITTEN_BY": "CREATOR",
    "AUTHOR": "CREATOR", "EDITED_BY": "CREATOR", "DIRECTOR_OF_PHOTOGRAPHY": "CREATOR",
    "ACTOR": "PERSON_IN_IMAGE", "CHARACTER": "TAG", "PUBLISHER": "CREDIT_LINE",
    "COPYRIGHT": "COPYRIGHT_NOTICE", "PRODUCTION_COPYRIGHT": "COPYRIGHT_NOTICE",
    "LICENSE": "USAGE_TERMS", "TERMS_OF_USE": "USAGE_TERMS", "URL": "URL",
    "COMMENT": "CAPTION", "DESCRIPTION": "CAPTION", "SYNOPSIS": "CAPTION", "SUMMARY": "CAPTION",
    "SUBJECT": "KEYWORDS", "KEYWORDS": "KEYWORDS", "GENRE": "KEYWORDS", "LYRICS": "LYRICS",
    "ENCODER": "ENCODER", "ENCODER_SETTINGS": "ENCODER", "ENCODED_BY": "CREATOR",
    "HANDLER_NAME": "SOFTWARE", "VENDOR_ID": "SOFTWARE", "_STATISTICS_WRITING_APP": "SOFTWARE",
    "_STATISTICS_WRITING_DATE_UTC": "EDIT_TIME", "CREATION_TIME": "CAPTURE_TIME",
    "DATE_RECORDED": "CAPTURE_TIME", "DATE_ENCODED": "EDIT_TIME", "DATE_TAGGED": "EDIT_TIME",
    "DATE_DIGITIZED": "CAPTURE_TIME", "DATE": "CAPTURE_TIME", "TIMECODE": "CAPTURE_TIME",
    "RECORDING_LOCATION": "PLACE_NAME", "COMPOSITION_LOCATION": "PLACE_NAME",
    "LOCATION": "GPS_POSITION", "LOCATION-ENG": "GPS_POSITION", "MAKE": "DEVICE_MODEL",
    "MODEL": "DEVICE_MODEL", "COM.APPLE.QUICKTIME.LOCATION.ISO6709": "GPS_POSITION",
    "COM.APPLE.QUICKTIME.MODEL": "DEVICE_MODEL", "COM.APPLE.QUICKTIME.MAKE": "DEVICE_MODEL",
    "COM.APPLE.QUICKTIME.CREATIONDATE": "CAPTURE_TIME", "FILENAME": "FILE_PATH",
    "DURATION": "TECHNICAL", "BPS": "TECHNICAL", "NUMBER_OF_FRAMES": "TECHNICAL",
    "NUMBER_OF_BYTES": "TECHNICAL", "_STATISTICS_TAGS": "TECHNICAL", "ALPHA_MODE": "TECHNICAL",
    "MAJOR_BRAND": "TECHNICAL", "MINOR_VERSION": "TECHNICAL", "COMPATIBLE_BRANDS": "TECHNICAL",
}  # fmt: skip


def claim_gone(ledger: Ledger, source: Source, parent: PartId, row: Element) -> PartId:
    """Tags, Chapters or Attachments, as a whole."""
    name, entity, inside = {
        TAGS: ("Tags", "TAG", _tags),
        CHAPTERS: ("Chapters", "TITLE", _chapters),
        ATTACHMENTS: ("Attachments", "EMBEDDED_MEDIA", _attachments),
    }[row.id]
    return bundle(ledger, parent, name, entity, row.at, row.end, _bounded(inside(source, row, 0)))


def _bounded(rows: Iterator[Inner]) -> Iterator[Inner]:
    """What is damaged in something that goes as a whole has no name."""
    try:
        yield from rows
    except (Damaged, Unsupported):
        return


def _tags(source: Source, parent: Element, depth: int) -> Iterator[Inner]:
    name = ""
    for row in elements(source, parent.body, parent.end):
        if row.id in (_TAG, _SIMPLE_TAG) and depth < _DEPTH:
            yield from _tags(source, row, depth + 1)
        elif row.id == _TAG_NAME:
            name = words(source.read(row.body, min(row.end - row.body, 200)))
        elif row.id in (_TAG_STRING, _TAG_BINARY) and row.end > row.body:
            entity = _ENTITIES.get(name.upper(), "TAG")
            shown = name if name.isprintable() and 0 < len(name) < 60 else "SimpleTag"
            describe = words if row.id == _TAG_STRING else None
            yield Inner(shown.replace("/", "_"), row.body, row.end, entity, describe)


def _chapters(source: Source, parent: Element, depth: int) -> Iterator[Inner]:
    for row in elements(source, parent.body, parent.end):
        if row.id in (_EDITION, _ATOM, _DISPLAY) and depth < _DEPTH:
            yield from _chapters(source, row, depth + 1)
        elif row.id == _CHAPTER and row.end > row.body:
            yield Inner("ChapString", row.body, row.end, "TITLE", words)


def _attachments(source: Source, parent: Element, depth: int) -> Iterator[Inner]:
    picture = False
    for row in elements(source, parent.body, parent.end):
        if row.id == _FILE and depth == 0:
            yield from _attachments(source, row, 1)
        elif row.id == _FILE_TYPE:
            picture = source.read(row.body, min(row.end - row.body, 6)) == b"image/"
        elif row.id == _FILE_NAME and row.end > row.body:
            yield Inner("FileName", row.body, row.end, "FILE_PATH", words)
        elif row.id == _DESCRIPTION and row.end > row.body:
            yield Inner("FileDescription", row.body, row.end, "CAPTION", words)
        elif row.id == _FILE_DATA and row.end > row.body:
            entity = "COVER_ART" if picture else "EMBEDDED_MEDIA"
            yield Inner("FileData", row.body, row.end, entity, None, picture)


def is_ordered(source: Source, chapters: Element) -> bool:
    """True when an edition plays the film in an order of its own (RFC 9559 §20.1.3)."""
    for edition in elements(source, chapters.body, chapters.end):
        if edition.id == _EDITION:
            for row in elements(source, edition.body, edition.end):
                if row.id == _ORDERED and uint(source, row):
                    return True
    return False
