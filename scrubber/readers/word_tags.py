"""Lyrics and chapters in the one form that they may have in tags, for second readers.

`words` of the rendering is the SHA-256 of the kinds and times of all of them, one a line.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers.credit_tags import id3_credit, vorbis_credit
from scrubber.readers.text_checks import leftovers

_STAMPS = re.compile(r"(?:^|(?<=\n))[ \t]*(?:\[[0-9]{1,3}:[0-9]{2}(?:[.:][0-9]{1,3})?\][ \t]*)+")
_CLOCK = re.compile(r"[0-9]{2}:[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?")
_CHAPTER = re.compile(r"CHAPTER([0-9]{3})(NAME)?")
_LARGEST = 1 << 21  # bytes of a tag
_LYRICS = ("LYRICS", "UNSYNCEDLYRICS", "SYNCEDLYRICS")


@dataclass(slots=True)
class Found:
    """What a tag holds: entities of a credit, texts, kinds and times."""

    credit: tuple[str, ...] = ()
    texts: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def said(self) -> list[str]:
        """As leftovers: the credit, the words, and what must not stand in them."""
        said = [f"credit: {', '.join(self.credit)}"] if self.credit else []
        if self.told:
            said.append("words: lyrics or chapters in a tag")
        return [*said, *leftovers("\n".join(self.texts), net=True)]

    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.told).encode()).hexdigest() if self.told else ""


def vorbis_words(fields: list[bytes]) -> Found | None:
    """Comments that are a credit, then words, and nothing else; None for any others."""
    found = Found()
    start = 0
    while start < len(fields) and vorbis_credit(fields[: start + 1]):
        start += 1
    found.credit = vorbis_credit(fields[:start]) if start else ()
    timed: set[str] = set()
    for row in fields[start:]:
        key, mark, raw = row.partition(b"=")
        text, name = _plain(raw), key.decode("latin-1")
        chapter = _CHAPTER.fullmatch(name)
        if not mark or text is None:
            return None
        if chapter and not chapter[2]:
            if name in timed or not _CLOCK.fullmatch(text):
                return None
            timed.add(name)
            found.told.append(f"{name} {text}")
        elif chapter and f"CHAPTER{chapter[1]}" in timed and name not in timed:
            timed.add(name)
            found.told.append(f"{name} ")
            found.texts.append(text)
        elif name in _LYRICS:
            found.told.append(f"{name} {_times(text)}")
            found.texts.append(text)
        else:
            return None
    return found if found.texts or found.credit else None


def _times(text: str) -> str:
    return " ".join(match[0].strip() for match in _STAMPS.finditer(text))


def _plain(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if text and "\0" not in text else None


def id3_words(data: bytes) -> Found | None:
    """A tag of ID3v2.4 that is a credit, then words, and nothing else; None for any other."""
    if data[:6] != b"ID3\4\0\0" or _number(data[6:10]) != len(data) - 10:
        return None
    found, rows, at = Found(), list[tuple[bytes, bytes]](), 10
    try:
        while at < len(data):
            name, body, at = _row(data, at)
            if name in (b"TPE1", b"TCOP", b"WCOP") and not rows:
                credit = b"ID3\4\0\0" + _syncsafe(at - 10) + data[10:at]
                found.credit = id3_credit(credit)
                if not found.credit:
                    return None
            else:
                rows.append((name, body))
        ids: list[bytes] = [body.split(b"\0")[0] for name, body in rows if name in _TREE]
        if len(ids) != len(set(ids)):
            return None
        for name, body in rows:
            if name not in _READ or not _READ[name](found, body, ids):
                return None
    except (IndexError, UnicodeDecodeError, ValueError, Damaged):
        return None
    return found if rows or found.credit else None


def chunk_words(source: Source, start: int, end: int, left: list[str]) -> str:
    """The digest of the words of a tag that fills a chunk; anything else is left over."""
    found = id3_words(source.read(start, end - start)) if end - start < _LARGEST else None
    left += found.said() if found else ["chunk ID3"]
    return found.digest() if found else ""


def _row(data: bytes, at: int) -> tuple[bytes, bytes, int]:
    name, size = data[at : at + 4], _number(data[at + 4 : at + 8])
    end = at + 10 + size
    if size < 0 or end > len(data) or any(data[at + 8 : at + 10]):
        raise Damaged("A frame of the tag is not as it should be.")
    return name, data[at + 10 : end], end


def _language(body: bytes) -> str:
    if body[0] != 3 or not re.fullmatch(rb"[a-z]{3}|XXX", body[1:4]):
        raise Damaged("Lyrics are not as they should be.")
    return body[1:4].decode()


def _unsynced(found: Found, body: bytes, ids: list[bytes]) -> bool:
    language, text = _language(body), _plain(body[5:])
    if body[4] or text is None:
        return False
    found.texts.append(text)
    found.told.append(f"USLT {language} {_times(text)}")
    return True


def _synced(found: Found, body: bytes, ids: list[bytes]) -> bool:
    language, form, content = _language(body), body[4], body[5]
    if form not in (1, 2) or content > 8 or body[6]:
        return False
    at, times = 7, list[int]()
    while at < len(body):
        end = body.index(b"\0", at)
        found.texts.append(body[at:end].decode("utf-8"))
        if len(body) < end + 5:
            return False
        times.append(int.from_bytes(body[end + 1 : end + 5], "big"))
        at = end + 5
    found.told.append(f"SYLT {language} {form} {content} {' '.join(map(str, times))}")
    return bool(times)


def _chapter(found: Found, body: bytes, ids: list[bytes]) -> bool:
    name, rest = body.split(b"\0", 1)
    if not re.fullmatch(rb"chp[0-9]+", name) or rest[8:16] != bytes([255] * 8):
        return False
    start, end = int.from_bytes(rest[:4], "big"), int.from_bytes(rest[4:8], "big")
    found.told.append(f"CHAP {name.decode()} {start} {end}")
    return _title(found, rest[16:])


def _table(found: Found, body: bytes, ids: list[bytes]) -> bool:
    name, rest = body.split(b"\0", 1)
    flags, count, rest = rest[0], rest[1], rest[2:]
    children = []
    for _ in range(count):
        one, rest = rest.split(b"\0", 1)
        children.append(one)
    if not re.fullmatch(rb"toc[0-9]+", name) or flags > 3 or not set(children) <= set(ids):
        return False
    found.told.append(f"CTOC {name.decode()} {flags} {b' '.join(children).decode()}")
    return _title(found, rest)


def _title(found: Found, data: bytes) -> bool:
    if not data:
        return True
    name, body, end = _row(data, 0)
    text = _plain(body[1:])
    if name != b"TIT2" or end != len(data) or body[:1] != b"\3" or text is None:
        return False
    found.texts.append(text)
    return True


_TREE = (b"CHAP", b"CTOC")
_READ = {b"USLT": _unsynced, b"SYLT": _synced, b"CHAP": _chapter, b"CTOC": _table}


def _number(data: bytes) -> int:
    if len(data) != 4 or max(data) > 127:
        return -1
    return data[0] << 21 | data[1] << 14 | data[2] << 7 | data[3]


def _syncsafe(value: int) -> bytes:
    return bytes((value >> 21 & 127, value >> 14 & 127, value >> 7 & 127, value & 127))
