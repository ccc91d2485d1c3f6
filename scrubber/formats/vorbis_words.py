"""Lyrics and chapters in Vorbis comments (by custom; CHAPTERxxx is OGM's, as FFmpeg writes it)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from scrubber.formats.vorbis_comment import comments
from scrubber.formats.word_slots import LONGEST, Kept, Pieces, Slot, lyrics
from scrubber.formats.words import is_plain
from scrubber.model import Source

_LYRICS = ("LYRICS", "UNSYNCEDLYRICS", "SYNCEDLYRICS")
_TIME = re.compile(rb"CHAPTER(\d{3})=(\d\d:[0-5]\d:[0-5]\d(?:\.\d{1,3})?)", re.I)
_NAME = re.compile(rb"CHAPTER(\d{3})NAME=", re.I)


def vorbis_words(source: Source, start: int, end: int) -> Kept | None:
    """What stays of the comments [start, end) of `source`; None if they hold no words.

    `Kept.write` gives the vendor, which is empty, the count and the fields.
    """
    if end - start > LONGEST:
        return None
    keys: list[str] = []
    pieces: list[Pieces] = []
    told: list[str] = []
    timed: set[bytes] = set()
    behind: list[bytes] = []
    for low, high in comments(source, start, end)[1:]:
        row = source.read(low + 4, high - low - 4)
        found = _field(source, low + 4, row, timed)
        if found is not None:
            key, value, times = found
            keys.append(key)
            pieces.append(value)
            told.append(f"{key} {times}")
    if not any(not isinstance(one, str) for value in pieces for one in value):
        return None

    def write(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
        rows = [f"{key}={text}".encode() for key, text in zip(keys, texts, strict=True)]
        rows += behind
        fields = [*credit, *(len(row).to_bytes(4, "little") + row for row in rows)]
        return bytes(4) + len(fields).to_bytes(4, "little") + b"".join(fields)

    return Kept(source, pieces, write, told, behind=behind)


def _field(
    source: Source, at: int, row: bytes, timed: set[bytes]
) -> tuple[str, Pieces, str] | None:
    """Key, pieces and times of a comment of words; `timed` are the chapters with a time."""
    time, name = _TIME.fullmatch(row), _NAME.match(row)
    if time and time[1] not in timed:
        timed.add(time[1])
        return f"CHAPTER{time[1].decode()}", (time[2].decode(),), time[2].decode()
    if name and name[1] in timed and len(row) > name.end() and is_plain(row[name.end() :]):
        number = name[1].decode()
        timed.add(name[0].upper())
        slot = Slot(at + name.end(), at + len(row), "utf-8", f"chapter {int(number)}")
        return f"CHAPTER{number}NAME", (slot,), ""
    key, _, text = row.partition(b"=")
    shown = key.decode("latin-1").upper()
    if shown in _LYRICS and text:
        found = lyrics(source, at + len(key) + 1, at + len(row), "utf-8")
        return (shown, *found) if found else None
    return None
