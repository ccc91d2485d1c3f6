"""Words in Matroska that stay once names in them are masked: subtitles, titles of chapters.

A block of text is written anew as a whole, for the sizes around a text often have one byte. Of
ASS the order, the text and its breaks stay, in one plain style; of WebVTT the text. Chapters
keep times, nesting and languages. What is built in any other way goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from scrubber.errors import Damaged, Unsupported
from scrubber.formats import matroska_names as names
from scrubber.formats.bundle import Inner
from scrubber.formats.ebml import Element, elements, uint
from scrubber.formats.word_slots import LONGEST, Kept, Pieces, Slot, claim_kept
from scrubber.formats.words import Words, is_plain
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

UTF8, ASS, WEBVTT, OLD_WEBVTT = "S_TEXT/UTF8", "S_TEXT/ASS", "S_TEXT/WEBVTT", "D_WEBVTT/SUBTITLES"
_STYLE = (
    b"[Script Info]\r\nScriptType: v4.00+\r\nPlayResX: 384\r\nPlayResY: 288\r\n"
    b"ScaledBorderAndShadow: yes\r\n\r\n[V4+ Styles]\r\n"
    b"Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour,"
    b" Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline,"
    b" Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\r\n"
    b"Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H0,0,0,0,0,100,100,0,0,1,1,0,2,10,10,10,1\r\n"
    b"\r\n[Events]\r\n"
    b"Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\r\n"
)
PRIVATES = {UTF8: b"", ASS: _STYLE, WEBVTT: b"WEBVTT", OLD_WEBVTT: b""}
_EVENT = re.compile(rb"(\d{1,9}),\d{1,9},[^,]*,[^,]*,\d{0,9},\d{0,9},\d{0,9},[^,]*,")
_FIXED = re.compile(rb"\{[^}]*\}|\\[Nnh]")
_DRAWING = re.compile(rb"\{[^}]*\\p[1-9]")
_HEADS = re.compile(rb"[^\n]*\r?\n[^\n]*\r?\n")
_LONGEST_TEXT = 1 << 16
_NEVER = {names.ENCODINGS, names.OPERATION, names.VIDEO, names.AUDIO, names.MAPPING}
_EDITION, _ATOM, _DISPLAY, _STRING, _LANGUAGE = 0x45B9, 0xB6, 0x80, 0x85, 0x437C
_UID, _START, _END, _HIDDEN, _ENABLED = 0x73C4, 0x91, 0x92, 0x98, 0x4598
_DEPTH, _MOST = 8, 5000


class Numbered(Protocol):
    """What must be known of a track."""

    number: int
    type: int
    codec: str


# subtitles ------------------------------------------------------------------------


def is_text(source: Source, track: Numbered, rows: list[Element]) -> bool:
    """True for a track of subtitles whose blocks are plain text. `rows`: what says so."""
    if track.type != 17 or track.codec not in PRIVATES:
        return False
    if any(row.id in _NEVER or (row.id == names.ENABLED and not uint(source, row)) for row in rows):
        return False
    return track.codec != ASS or any(row.id == names.PRIVATE for row in rows)


def private_of(source: Source, track: Element) -> bytes:
    """CodecPrivate of a TrackEntry; no bytes if it has none."""
    for row in elements(source, track.body, track.end):
        if row.id == names.PRIVATE:
            return source.read(row.body, row.end - row.body)
    return b""


def claim_private(ledger: Ledger, source: Source, part: PartId, row: Element, codec: str) -> None:
    """CodecPrivate of a track of text: how it looks goes."""
    plain = PRIVATES[codec]
    if plain and source.read(row.body, row.end - row.body) == plain:
        ledger.leaf(part, "CodecPrivate", Role.DISPLAY, row.at, row.end)
        return
    new = written(names.PRIVATE, plain) if plain else None
    ledger.leaf(
        part, "CodecPrivate", Role.PRIVATE, row.at, row.end, entity="TECHNICAL", on_drop=new
    )  # fmt: skip


def text_of(source: Source, codec: str, start: int, end: int, where: str) -> Pieces | None:
    """The pieces of one block of text; None if it cannot be read."""
    if not 0 < end - start <= _LONGEST_TEXT:
        return None
    data = source.read(start, end - start)
    if not is_plain(data):
        return None
    if codec == ASS:
        return _event(data, start, where)
    head = ""
    if codec == OLD_WEBVTT:
        heads = _HEADS.match(data)
        if heads is None or heads.end() == len(data):
            return None
        head, start = "\n\n", start + heads.end()
    return (head, Slot(start, end, "utf-8", where))


def _event(data: bytes, start: int, where: str) -> Pieces | None:
    event = _EVENT.match(data)
    if event is None or _DRAWING.search(data):
        return None
    pieces: list[str | Slot] = [f"{int(event[1])},0,Default,,0,0,0,,"]
    at = event.end()
    for fixed in [*_FIXED.finditer(data, at), None]:
        low, high = fixed.span() if fixed else (len(data), len(data))
        if at < low:
            pieces.append(Slot(start + at, start + low, "utf-8", where))
        if fixed and not fixed[0].startswith(b"{"):
            pieces.append(fixed[0].decode())
        at = high
    return tuple(pieces) if any(isinstance(one, Slot) for one in pieces) else None


def claim_block(
    ledger: Ledger, words: Words, track: Numbered, row: Element, head: bytes, pieces: Pieces,
    duration: int | None,
) -> tuple[int, PartId]:  # fmt: skip
    """The part that is written anew with a block of text, and where it begins in the element.

    `head`: number, time and flags of the block. `duration`: in a group, where it states one.
    """
    source = words.source

    def write(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
        body = head + "".join(texts).encode()
        if row.id == names.BLOCK_GROUP:
            body = written(names.BLOCK, body)
            body += b"" if duration is None else written(names.BLOCK_DURATION, _number(duration))
        return written(row.id, body)[1:]

    kept = Kept(source, [pieces], write, [])
    at, new = row.at + 1, kept.made()
    same = source.read(at, row.end - at) == new
    part = ledger.part(
        ROOT, f"text in track {track.number}", Role.DISPLAY if same else Role.PRIVATE,
        entity=None if same else "TECHNICAL", on_drop=None if same else new,
    )  # fmt: skip
    ledger.rewrite(part, kept.made)
    kept.passages(words, part)
    return at, part


# chapters ----------------------------------------------------------------------------


def chapters(source: Source, row: Element) -> Kept | None:
    """What stays of Chapters: size and body of the element. None if nothing can be read."""
    try:
        return _chapters(source, row)
    except (Damaged, Unsupported):
        return None


def _chapters(source: Source, row: Element) -> Kept | None:
    if row.end - row.at > LONGEST:
        return None
    pieces: list[Pieces] = []
    told: list[str] = []
    tree: list[_Atom] = []
    for edition in elements(source, row.body, row.end):
        if edition.id == _EDITION and not tree:
            tree = list(_atoms(source, edition, 1, pieces, told))
    if not pieces or len(told) > _MOST:
        return None

    def write(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
        waiting, numbers = iter(texts), iter(range(1, _MOST + 2))
        body = b"".join(atom.written(waiting, numbers) for atom in tree)
        return written(names.CHAPTERS, written(_EDITION, body))[4:]

    return Kept(source, pieces, write, told)


class _Atom:
    def __init__(self, times: bytes, languages: list[bytes], inner: list[_Atom]) -> None:
        self.times, self.languages, self.inner = times, languages, inner

    def written(self, texts: Iterator[str], numbers: Iterator[int]) -> bytes:
        body = written(_UID, _number(next(numbers))) + self.times
        for language in self.languages:
            title = written(_STRING, next(texts).encode())
            body += written(_DISPLAY, title + written(_LANGUAGE, language))
        return written(_ATOM, body + b"".join(one.written(texts, numbers) for one in self.inner))


def _atoms(
    source: Source, parent: Element, depth: int, pieces: list[Pieces], told: list[str]
) -> Iterator[_Atom]:
    for row in elements(source, parent.body, parent.end):
        if row.id != _ATOM or depth > _DEPTH:
            continue
        inner = list(elements(source, row.body, row.end))
        values = {one.id: uint(source, one) for one in inner if one.id in _NUMBERS}
        if values.get(_HIDDEN) or not values.get(_ENABLED, 1) or _START not in values:
            continue
        times = b"".join(
            written(name, _number(values[name])) for name in (_START, _END) if name in values
        )
        languages: list[bytes] = []
        place = len(told)
        told.append("")
        for one in inner:
            if one.id == _DISPLAY:
                languages += _title(source, one, pieces, place + 1)
        spoken = b" ".join(languages).decode()
        told[place] = f"chapter {depth} {values[_START]} {values.get(_END, '')} {spoken}"
        yield _Atom(times, languages, list(_atoms(source, row, depth + 1, pieces, told)))


_NUMBERS = {_START, _END, _HIDDEN, _ENABLED}


def _title(source: Source, row: Element, pieces: list[Pieces], number: int) -> list[bytes]:
    """Adds the title of a ChapterDisplay. Returns its language."""
    inner = {one.id: one for one in elements(source, row.body, row.end)}
    text, spoken = inner.get(_STRING), inner.get(_LANGUAGE)
    if text is None or not 0 < text.end - text.body <= 4096:
        return []
    data = source.read(text.body, text.end - text.body).rstrip(b"\0")
    if not data or not is_plain(data):
        return []
    language = source.read(spoken.body, spoken.end - spoken.body) if spoken else b"eng"
    pieces.append((Slot(text.body, text.body + len(data), "utf-8", f"chapter {number}"),))
    return [language if re.fullmatch(rb"[a-z]{3}", language) else b"und"]


def claim_chapters(ledger: Ledger, words: Words, row: Element, kept: Kept) -> PartId:
    """Chapters of which `kept` stays. Returns the part that an index may point at."""
    outer = ledger.part(ROOT, "Chapters", Role.DISPLAY)
    ledger.claim(outer, row.at, row.at + 4)
    inner: list[Inner] = []
    claim_kept(ledger, words, kept, "Edition", "TECHNICAL", row.at + 4, row.end, inner, outer)
    return outer


def written(name: int, body: bytes) -> bytes:
    """An element with a size of as few bytes as it needs (RFC 8794 §6.1)."""
    width = next(n for n in range(1, 9) if len(body) < (1 << 7 * n) - 1)
    size = (1 << 7 * width | len(body)).to_bytes(width, "big")
    return name.to_bytes((name.bit_length() + 7) // 8, "big") + size + body


def _number(value: int) -> bytes:
    return value.to_bytes(max((value.bit_length() + 7) // 8, 1), "big")
