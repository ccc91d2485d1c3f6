"""Vorbis comments (Vorbis I §5; RFC 9639 §8.6): where the vendor and every comment stand."""

from __future__ import annotations

import re

from scrubber.formats.bundle import Inner, words
from scrubber.model import Source

MASK = re.compile(rb"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x([0-9A-Fa-f]{1,8})", re.IGNORECASE)
"""Which loudspeaker plays which channel of a FLAC recording (RFC 9639 §8.6.2)."""
_NAMES: dict[str, str] = {
    **dict.fromkeys(("ARTIST", "ALBUMARTIST", "COMPOSER", "PERFORMER", "AUTHOR"), "CREATOR"),
    **dict.fromkeys(("CONDUCTOR", "LYRICIST", "ENSEMBLE", "ARRANGER", "ENCODED-BY"), "CREATOR"),
    **dict.fromkeys(("TITLE", "ALBUM", "WORK", "VERSION", "SUBTITLE"), "TITLE"),
    **dict.fromkeys(("COMMENT", "DESCRIPTION"), "CAPTION"),
    **dict.fromkeys(("GENRE", "MOOD", "KEYWORDS"), "KEYWORDS"),
    **dict.fromkeys(("LYRICS", "UNSYNCEDLYRICS"), "LYRICS"),
    **dict.fromkeys(("DATE", "YEAR", "ORIGINALDATE"), "CAPTURE_TIME"),
    **dict.fromkeys(("ENCODER", "ENCODED_BY", "ENCODER_OPTIONS"), "ENCODER"),
    **dict.fromkeys(("ENGINEER", "MIXER", "PRODUCER"), "CREATOR"),
    **dict.fromkeys(("LOCATION", "VENUE"), "PLACE_NAME"),
    **dict.fromkeys(("ORGANIZATION", "LABEL", "PUBLISHER"), "ORGANIZATION"),
    **dict.fromkeys(("ISRC", "BARCODE", "CATALOGNUMBER", "DISCID"), "UNIQUE_ID"),
    **dict.fromkeys(("CONTACT", "EMAIL"), "EMAIL_ADDRESS"),
    "COPYRIGHT": "COPYRIGHT_NOTICE",
    "LICENSE": "USAGE_TERMS",
    "URL": "URL",
    "METADATA_BLOCK_PICTURE": "COVER_ART",
}
_IDS = ("MUSICBRAINZ", "ACOUSTID", "CDDB", "PURCHASE", "UMID", "GUID")
_LIKE = (
    ("ENCOD", "ENCODER"), ("ENGINEER", "CREATOR"), ("MIXER", "CREATOR"), ("PRODUCER", "CREATOR"),
    ("RECORDIST", "CREATOR"), ("GPS", "GPS_POSITION"), ("LATITUDE", "GPS_POSITION"),
    ("LONGITUDE", "GPS_POSITION"), ("LOCATION", "PLACE_NAME"), ("PATH", "FILE_PATH"),
    ("FILE", "FILE_PATH"), ("SOFTWARE", "SOFTWARE"), ("DEVICE", "DEVICE_MODEL"),
    ("MODEL", "DEVICE_MODEL"), ("EMAIL", "EMAIL_ADDRESS"), ("E-MAIL", "EMAIL_ADDRESS"),
    ("TIME", "CAPTURE_TIME"), ("DATE", "CAPTURE_TIME"), ("COMMENT", "CAPTION"),
    ("CHAPTER", "TITLE"), ("LYRIC", "LYRICS"),
)  # fmt: skip


def entity_of_name(name: str) -> str:
    """What a field gives away that people or programs named themselves, in any case."""
    name = name.upper()
    if any(word in name for word in _IDS):
        return "UNIQUE_ID"
    return _NAMES.get(name) or next((e for word, e in _LIKE if word in name), "TAG")


def comments(source: Source, start: int, end: int) -> list[tuple[int, int]]:
    """Where the vendor and every comment stand, each with its length before it."""
    rows: list[tuple[int, int]] = []
    at, left = start, 1
    while left and at + 4 <= end:
        stop = at + 4 + int.from_bytes(source.read(at, 4), "little")
        if stop > end:
            break
        rows.append((at, stop))
        at, left = stop, left - 1
        if len(rows) == 1 and at + 4 <= end:
            left = int.from_bytes(source.read(at, 4), "little")
            at += 4
    return rows


def comment(source: Source, low: int, high: int, vendor: bool) -> Inner:
    """The row [low, high) under the name of its field."""
    key = source.read(low + 4, min(high - low - 4, 64)).partition(b"=")[0]
    name = "vendor" if vendor else key.decode("ascii", "replace").upper()
    name = name if name.isprintable() and name else "comment"
    entity = "ENCODER" if vendor else entity_of_name(name)
    skip = 4 if vendor else 5 + len(key)
    return Inner(name, low, high, entity, lambda data: words(data[skip:]))
