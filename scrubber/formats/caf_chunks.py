"""What the chunks of CAF that are not sound hold, as parts with names (CAF 1.0, Apple 2006).

Every chunk here goes as a whole; its parts only say what went.
"""

from __future__ import annotations

from scrubber.formats.bundle import Inner, words
from scrubber.model import Source

CHUNKS: dict[bytes, tuple[str, str]] = {
    b"info": ("info", "TAG"),
    b"strg": ("strg", "CAPTION"),
    b"mark": ("mark", "TECHNICAL"),
    b"regn": ("regn", "TECHNICAL"),
    b"inst": ("inst", "TECHNICAL"),
    b"midi": ("midi", "EMBEDDED_MEDIA"),
    b"ovvw": ("ovvw", "TECHNICAL"),
    b"peak": ("peak", "TECHNICAL"),
    b"edct": ("edct", "EDIT_HISTORY"),
    b"umid": ("umid", "UNIQUE_ID"),
    b"uuid": ("uuid", "TAG"),
    b"user": ("user", "TAG"),
    b"free": ("free", "PADDING"),
    b"ID3 ": ("ID3", "TAG"),
    b"ldat": ("ldat", "TECHNICAL"),
    b"caff": ("caff after the end", "TRAILER"),
}
"""Chunk type → name and entity of the chunk as a whole."""

_INFO = {
    **dict.fromkeys(("artist", "composer", "lyricist", "nominal artist"), "CREATOR"),
    **dict.fromkeys(("title", "album", "subtitle", "tempo", "track number"), "TITLE"),
    **dict.fromkeys(("comments", "comment", "description"), "CAPTION"),
    **dict.fromkeys(("recorded date", "year", "date", "time signature"), "CAPTURE_TIME"),
    **dict.fromkeys(("encoding application", "encoder", "software"), "SOFTWARE"),
    **dict.fromkeys(("genre", "key signature", "keywords"), "KEYWORDS"),
    "copyright": "COPYRIGHT_NOTICE",
    "source encoder": "ENCODER",
    "lyrics": "LYRICS",
}
_SHOWN = 1 << 20
_MOST = 2000


def chunk_parts(source: Source, kind: bytes, start: int, end: int) -> list[Inner]:
    """Names for what stands in the body [start, end) of a chunk; none if it is one opaque run."""
    if end - start > _SHOWN:
        return []
    data = source.read(start, end - start)
    if kind == b"info":
        return _information(data, start)
    if kind == b"strg":
        return _strings(data, start)
    return []


def _information(data: bytes, base: int) -> list[Inner]:
    """§Information Chunk: a count, then keys and values that end in NUL."""
    rows: list[Inner] = []
    at = 4
    while at < len(data) and len(rows) < _MOST:
        middle = data.find(b"\0", at)
        stop = data.find(b"\0", middle + 1) if middle > 0 else -1
        if stop < 0:
            break
        key = data[at:middle].decode("utf-8", "replace")
        name = key if key.isascii() and key.isprintable() and 0 < len(key) < 64 else "entry"
        if middle + 1 < stop:
            entity = _INFO.get(key.lower(), "TAG")
            rows.append(Inner(name, base + middle + 1, base + stop, entity, words))
        at = stop + 1
    return rows


def _strings(data: bytes, base: int) -> list[Inner]:
    """§Strings Chunk: a count, rows of an id and an offset, then texts that end in NUL."""
    count = int.from_bytes(data[:4], "big")
    at = 4 + 12 * count
    if count > _MOST or at > len(data):
        return []
    rows: list[Inner] = []
    for text in data[at:].split(b"\0"):
        if text and len(rows) < _MOST:
            rows.append(Inner("string", base + at, base + at + len(text), "CAPTION", words))
        at += len(text) + 1
    return rows
