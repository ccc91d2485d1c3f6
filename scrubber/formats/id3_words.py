"""Lyrics and chapters in an ID3v2 tag, written anew as one tag of ID3v2.4 (id3v2.4.0, §4.8, §4.9;
id3v2-chapters-1.0).

Texts become UTF-8 without descriptions. Chapters keep their times in milliseconds, their order
and their titles; the places of their bytes in the file are not stated any more.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from scrubber.formats.id3 import ID, frame_size, syncsafe, tag_size
from scrubber.formats.word_slots import LONGEST, Kept, Pieces, Slot, lyrics
from scrubber.formats.words import is_plain
from scrubber.model import Source

_UNSTATED = b"\xff" * 8
_MOST = 2000  # frames, lines or chapters
_LYRICS = {b"ULT": b"USLT", b"SLT": b"SYLT"}

Frame = Callable[[Iterator[str]], bytes]
"""Takes one text for each of its pieces."""


@dataclass(slots=True)
class _Tag:
    source: Source
    pieces: list[Pieces] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    chapters: dict[bytes, bytes] = field(default_factory=dict)  # id as found → new id
    tables: dict[bytes, bytes] = field(default_factory=dict)


def id3_words(source: Source, start: int, end: int) -> Kept | None:
    """What stays of the tag [start, end); None if it holds no words that can be read."""
    head = source.read(start, min(10, end - start))
    if not tag_size(head) or head[5] & ~0x20 or end - start > LONGEST:
        return None  # unsynchronised, extended or with a footer
    tag, version = _Tag(source), head[3]
    rows = list(_frames(source, start + 10, start + 10 + syncsafe(head[6:10]), version))
    if len(rows) > _MOST:
        return None
    for name, low, high in rows:
        if name == b"CHAP" and low + 18 <= high:
            tag.chapters.setdefault(_id(source, low, high), b"chp%d" % len(tag.chapters))
        elif name == b"CTOC":
            tag.tables.setdefault(_id(source, low, high), b"toc%d" % len(tag.tables))
    readers = {b"USLT": _lyrics, b"SYLT": _synced, b"CHAP": _chapter, b"CTOC": _table}
    for name, low, high in rows:
        read = readers.get(_LYRICS.get(name, name))
        if read:
            read(tag, low, high, version)
    if not any(not isinstance(one, str) for pieces in tag.pieces for one in pieces):
        return None

    def write(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
        waiting = iter(texts)
        body = b"".join([*credit, *(frame(waiting) for frame in tag.frames)])
        return b"ID3\4\0\0" + _size(len(body)) + body

    return Kept(source, tag.pieces, write, tag.told)


def _frames(source: Source, at: int, end: int, version: int) -> Iterator[tuple[bytes, int, int]]:
    """Name and body of every frame that is stored as it is."""
    base, width = at, 6 if version == 2 else 10
    body, at, pattern = source.read(at, end - at), 0, ID[2 if version == 2 else 3]
    while at + width <= len(body) and pattern.match(body, at):
        stop = at + width + frame_size(body, at, version, pattern)
        if stop > len(body):
            return
        if version == 2 or not body[at + 9]:
            yield body[at : at + (3 if version == 2 else 4)], base + at + width, base + stop
        at = stop


def _id(source: Source, low: int, high: int) -> bytes:
    return source.read(low, min(high - low, 256)).partition(b"\0")[0]


def _encoded(source: Source, low: int, high: int, coding: int) -> tuple[int, int, str] | None:
    """Where the characters of an encoded text [low, high) stand, without mark and end, and how."""
    codec = ("latin-1", "", "utf-16-be", "utf-8")[coding]
    wide = coding in (1, 2)
    if coding == 1:
        mark = source.read(low, min(2, high - low))
        codec = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(mark, "")
        low += 2
    zero = b"\0\0" if wide else b"\0"
    while high - low >= len(zero) and source.read(high - len(zero), len(zero)) == zero:
        high -= len(zero)
    if not codec or low > high or (wide and (high - low) % 2):
        return None
    return low, high, codec


def _ends(source: Source, low: int, high: int, coding: int) -> int:
    """Behind the NUL that ends a text at `low`; -1 if none does."""
    data = source.read(low, high - low)
    if coding in (0, 3):
        return low + data.find(b"\0") + 1 if b"\0" in data else -1
    at = next((at for at in range(0, len(data) - 1, 2) if not any(data[at : at + 2])), -1)
    return low + at + 2 if at >= 0 else -1


def _head(tag: _Tag, low: int, high: int, fixed: int) -> tuple[int, bytes, int] | None:
    """Coding and language of lyrics, and where the text behind the description begins."""
    head = tag.source.read(low, min(fixed, high - low))
    if len(head) < fixed or head[0] > 3:
        return None
    language = head[1:4] if head[1:4].isalpha() and head[1:4].islower() else b"XXX"
    behind = _ends(tag.source, low + fixed, high, head[0])
    return (head[0], language, behind) if behind >= 0 else None


def _lyrics(tag: _Tag, low: int, high: int, version: int) -> None:
    known = _head(tag, low, high, 4)
    text = known and _encoded(tag.source, known[2], high, known[0])
    found = lyrics(tag.source, *text) if text else None
    if known is None or found is None:
        return
    pieces, times = found
    tag.pieces.append(pieces)
    tag.told.append(f"USLT {known[1].decode()} {times}")
    head = b"\3" + known[1] + b"\0"
    tag.frames.append(lambda texts: _frame(b"USLT", head + next(texts).encode()))


def _synced(tag: _Tag, low: int, high: int, version: int) -> None:
    known = _head(tag, low, high, 6)
    if known is None:
        return
    form, content = tag.source.read(low + 4, 2)
    if form not in (1, 2) or content > 8:
        return
    rows: list[Pieces] = []
    times: list[bytes] = []
    at = known[2]
    while at < high:
        stop = _ends(tag.source, at, high, known[0])
        text = _encoded(tag.source, at, stop, known[0]) if stop > 0 else None
        if text is None or stop + 4 > high or len(rows) == _MOST:
            return
        if not is_plain(tag.source.read(text[0], text[1] - text[0]), text[2]):
            return
        rows.append((Slot(*text, f"synchronised lyrics, text {len(rows) + 1}"),))
        times.append(tag.source.read(stop, 4))
        at = stop + 4
    if not rows:
        return
    tag.pieces += rows
    shown = " ".join(str(int.from_bytes(time, "big")) for time in times)
    tag.told.append(f"SYLT {known[1].decode()} {form} {content} {shown}")
    head = b"\3" + known[1] + bytes((form, content, 0))

    def frame(texts: Iterator[str]) -> bytes:
        lines = (next(texts).encode() + b"\0" + time for time in times)
        return _frame(b"SYLT", head + b"".join(lines))

    tag.frames.append(frame)


def _title(tag: _Tag, low: int, high: int, version: int, where: str) -> Frame:
    """The title among the frames inside a chapter."""
    for name, start, end in _frames(tag.source, low, high, version):
        if name != b"TIT2" or end - start < 2 or tag.source.read(start, 1)[0] > 3:
            continue
        text = _encoded(tag.source, start + 1, end, tag.source.read(start, 1)[0])
        if (
            text
            and text[0] < text[1]
            and is_plain(tag.source.read(text[0], text[1] - text[0]), text[2])
        ):
            tag.pieces.append((Slot(*text, where),))
            return lambda texts: _frame(b"TIT2", b"\3" + next(texts).encode())
    return lambda texts: b""


def _chapter(tag: _Tag, low: int, high: int, version: int) -> None:
    name = tag.chapters.get(_id(tag.source, low, high), b"")
    at = low + len(_id(tag.source, low, high)) + 1
    told = f"CHAP {name.decode()} "
    if not name or at + 16 > high or any(row.startswith(told) for row in tag.told):
        return
    times = tag.source.read(at, 8)
    tag.told.append(told + " ".join(map(str, struct.unpack(">II", times))))
    title = _title(tag, at + 16, high, version, f"chapter {name.decode()[3:]}")
    head = name + b"\0" + times + _UNSTATED
    tag.frames.append(lambda texts: _frame(b"CHAP", head + title(texts)))


def _table(tag: _Tag, low: int, high: int, version: int) -> None:
    name = tag.tables.get(_id(tag.source, low, high), b"")
    at = low + len(_id(tag.source, low, high)) + 1
    told = f"CTOC {name.decode()} "
    if not name or at + 2 > high or any(row.startswith(told) for row in tag.told):
        return
    flags, count = tag.source.read(at, 2)
    at += 2
    known, children = {**tag.tables, **tag.chapters}, []
    for _ in range(count):
        one = _id(tag.source, at, high)
        children.append(known.get(one, b""))
        at += len(one) + 1
    if at > high or not all(children):
        return
    tag.told.append(f"{told}{flags & 3} {b' '.join(children).decode()}")
    title = _title(tag, at, high, version, "table of contents")
    head = name + b"\0" + bytes((flags & 3, count)) + b"".join(one + b"\0" for one in children)
    tag.frames.append(lambda texts: _frame(b"CTOC", head + title(texts)))


def _frame(name: bytes, body: bytes) -> bytes:
    return name + _size(len(body)) + b"\0\0" + body


def _size(value: int) -> bytes:
    return bytes(value >> shift & 0x7F for shift in (21, 14, 7, 0))
