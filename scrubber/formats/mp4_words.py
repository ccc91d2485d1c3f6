"""Words along a film or recording that may stay once names in them are masked.

Timed text of 3GPP (`tx3g`, TS 26.245 §5) and QuickTime (`text`), also as titles of chapters,
WebVTT, Nero's `chpl`, and iTunes' lyrics (`©lyr`). Times stay; styles of single words go, because
they count characters. What is built in any other way is not readable here and goes.
"""

from __future__ import annotations

from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, boxes, number, open_box, zeroed
from scrubber.formats.mp4_movie import Movie, Track, chunk_offsets, chunks_of, sizes_of
from scrubber.formats.mp4_webvtt import (
    WEBVTT,
    claim_web_entry,
    claim_web_sample,
    web_entry_is_plain,
    web_sample_is_plain,
)
from scrubber.formats.words import Words, is_plain
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_HANDLERS = (b"sbtl", b"subt", b"text")
_FONTS = {b"", b"Serif", b"Sans-Serif", b"Arial", b"Helvetica", b"Times", b"Courier", b"Monospace"}
_ENCODED = b"\0\0\0\x0cencd\0\0\1\0"
"""QuickTime: the text of the sample is UTF-8."""
_ENTRY = 38  # bytes of a tx3g entry before its table of fonts
_PLAIN_ENTRY = 51  # of QuickTime's before the name of its font
_MEDIA_HEADERS = {b"gmin": 16, b"text": 36}
_MOST = 100_000  # samples
_LONGEST = 1 << 16  # bytes of one text
_LONGEST_TITLE = 160  # of a chapter in chpl, whose length is one byte


# tracks ---------------------------------------------------------------------------


def is_readable(movie: Movie, track: Track) -> bool:
    """Can every sample of a track of text be read and written anew? Never raises Held."""
    try:
        return _is_readable(movie, track)
    except (Damaged, Unsupported):
        return False


def _is_readable(movie: Movie, track: Track) -> bool:
    if (
        movie.words is None
        or movie.fragmented
        or track.handler not in _HANDLERS
        or len(track.entries) != 1
    ):
        return False
    source, sizes = movie.source, sizes_of(movie, track)
    table = track.boxes.get("mdia/minf/stbl/stsz")
    if table is None or sizes.every or not 0 < sizes.count <= _MOST:
        return False
    if not _entry_is_plain(source, track.entries[0]) or not _head_is_plain(source, track):
        return False
    chunk_offsets(movie, track)
    plain = web_sample_is_plain if track.entries[0].kind == WEBVTT else _sample_is_plain
    return all(plain(source, start, end) for start, end in samples_of(movie, track))


def samples_of(movie: Movie, track: Track) -> Iterator[tuple[int, int]]:
    """Where each sample stands. Raises Damaged when one is outside the data of the film."""
    sizes = sizes_of(movie, track).each
    for start, end, first, count in chunks_of(movie, track):
        if not any(low <= start and end <= high for low, high in movie.payload):
            raise Damaged("A sample stands outside the data of the film.")
        at = start
        for size in sizes[first : first + count]:
            yield at, at + size
            at += size


def _entry_is_plain(source: Source, entry: Box) -> bool:
    size = entry.end - entry.body
    if entry.kind == WEBVTT:
        return web_entry_is_plain(source, entry)
    if any(source.read(entry.body, min(size, 6))):
        return False
    if entry.kind not in (b"tx3g", b"text"):
        return False
    fonts = _fonts(source, entry)
    if fonts is not None:
        return fonts <= _FONTS
    if entry.kind != b"text" or not _PLAIN_ENTRY <= size <= _PLAIN_ENTRY + 40:
        return False
    name = source.read(entry.body + _PLAIN_ENTRY, size - _PLAIN_ENTRY)
    return not name or (name[0] == len(name) - 1 and name[1:] in _FONTS)


def _fonts(source: Source, entry: Box) -> set[bytes] | None:
    """The names in the table of fonts of a tx3g entry; None if it has none."""
    rows = [box for box in _behind(source, entry) if box.kind == b"ftab"]
    if len(rows) != 1:
        return None
    body = source.read(rows[0].body, rows[0].end - rows[0].body)
    names, at = set[bytes](), 2
    for _ in range(int.from_bytes(body[:2], "big")):
        if at + 3 > len(body):
            return None
        names.add(body[at + 3 : at + 3 + body[at + 2]])
        at += 3 + body[at + 2]
    return names if at == len(body) else None


def _behind(source: Source, entry: Box) -> Iterator[Box]:
    if entry.end - entry.body >= _ENTRY + 8:
        yield from boxes(source, entry.body + _ENTRY, entry.end)


def _head_is_plain(source: Source, track: Track) -> bool:
    """QuickTime's general media header holds numbers of fixed size."""
    head = track.boxes.get("mdia/minf/gmhd")
    if head is None:
        return True
    rows = list(boxes(source, head.body, head.end))
    return (
        bool(rows)
        and rows[-1].end == head.end
        and all(_MEDIA_HEADERS.get(row.kind) == row.end - row.body for row in rows)
    )


def _sample_is_plain(source: Source, start: int, end: int) -> bool:
    if not 2 <= end - start <= _LONGEST:
        return False
    size = number(source, start, 2)
    return start + 2 + size <= end and is_plain(source.read(start + 2, size))


def claim_text_entry(movie: Movie, track: Track, parent: PartId) -> None:
    """`stsd` of a track that `is_readable`."""
    ledger, source = movie.ledger, movie.source
    part = open_box(ledger, parent, track.boxes["mdia/minf/stbl/stsd"], 8)
    entry = track.entries[0]
    if entry.kind == WEBVTT:
        claim_web_entry(ledger, source, part, entry)
        return
    inner = open_box(ledger, part, entry)
    if _fonts(source, entry) is None:
        ledger.leaf(inner, "entry", Role.DISPLAY, entry.body, entry.end)
        return
    ledger.leaf(inner, "entry", Role.DISPLAY, entry.body, entry.body + _ENTRY)
    for box in _behind(source, entry):
        if box.kind == b"ftab":
            ledger.leaf(inner, "ftab", Role.DISPLAY, box.at, box.end)
        else:
            ledger.leaf(inner, box.name, Role.PRIVATE, box.at, box.end, entity="TECHNICAL")


def claim_texts(movie: Movie, track: Track) -> None:
    """The samples of a track that `is_readable`, each with its two lengths."""
    ledger, source, words = movie.ledger, movie.source, movie.words
    assert words is not None  # else nothing is readable
    table = track.boxes["mdia/minf/stbl/stsz"].body + 12
    store = ledger.part(track.part, "texts", Role.FRAME)
    part = ledger.part(store, "text", Role.DISPLAY)
    if track.entries[0].kind == WEBVTT:
        for index, (start, end) in enumerate(samples_of(movie, track)):
            ledger.length(table + 4 * index, 4, "big", start, end)
            where = f"track {track.number}, text {index + 1}"
            claim_web_sample(ledger, words, (store, part), start, end, where)
        return
    for index, (start, end) in enumerate(samples_of(movie, track)):
        ledger.length(table + 4 * index, 4, "big", start, end)
        ledger.claim(store, start, start + 2)
        close = start + 2 + number(source, start, 2)
        ledger.length(start, 2, "big", start + 2, close)
        ledger.claim(part, start + 2, close)
        words.add(part, start + 2, close, f"track {track.number}, text {index + 1}")
        if source.read(close, min(end - close, 12)) == _ENCODED:
            ledger.leaf(store, "encd", Role.DISPLAY, close, close + 12)
            close += 12
        if close < end:
            ledger.leaf(store, "styles", Role.PRIVATE, close, end, entity="TECHNICAL")


# tags -----------------------------------------------------------------------------


def has_words(source: Source, box: Box) -> bool:
    """True for `©lyr` and `chpl` that can be read and written anew. Never raises Held."""
    try:
        if box.kind == b"\xa9lyr":
            return _lyrics(source, box) is not None
        return box.kind == b"chpl" and bool(_titles(source, box))
    except Damaged:
        return False


def _lyrics(source: Source, box: Box) -> Box | None:
    """The `data` of iTunes' lyrics: type 1 is UTF-8, and the locale is not told."""
    rows = list(boxes(source, box.body, box.end))
    if len(rows) != 1 or rows[0].kind != b"data" or rows[0].end != box.end:
        return None
    size = rows[0].end - rows[0].body
    if not 8 < size <= _LONGEST or source.read(rows[0].body, 8) != b"\0\0\0\1\0\0\0\0":
        return None
    return rows[0] if is_plain(source.read(rows[0].body + 8, size - 8)) else None


def _titles(source: Source, box: Box) -> list[tuple[int, int]]:
    """Where the title of each of Nero's chapters stands, one byte behind its time and length."""
    body = source.read(box.body, min(box.end - box.body, _LONGEST))
    at = 9 if body[:1] == b"\1" else 5
    if len(body) < at or any(body[1 : at - 1]):
        return []
    rows = []
    for _ in range(body[at - 1]):
        if at + 9 > len(body):
            return []
        low, high = at + 9, at + 9 + body[at + 8]
        if high > len(body) or high - low > _LONGEST_TITLE or not is_plain(body[low:high]):
            return []
        rows.append((box.body + low, box.body + high))
        at = high
    return rows if at == len(body) == box.end - box.body else []


def claim_words(ledger: Ledger, source: Source, words: Words, parent: PartId, box: Box) -> None:
    """A box that `has_words`."""
    part = open_box(ledger, parent, box)
    if box.kind == b"chpl":
        at = box.body
        for index, (low, high) in enumerate(_titles(source, box), 1):
            ledger.leaf(part, "time", Role.DISPLAY, at, low - 1)
            ledger.claim(part, low - 1, low)
            ledger.length(low - 1, 1, "big", low, high)
            title = ledger.leaf(part, "title", Role.DISPLAY, low, high)
            words.add(title, low, high, f"chapter {index}")
            at = high
        return
    data = _lyrics(source, box)
    assert data is not None  # has_words
    store = open_box(ledger, part, data, 8)
    text = ledger.leaf(store, "text", Role.DISPLAY, data.body + 8, data.end)
    words.add(text, data.body + 8, data.end, "lyrics", "prose")


def claim_media_header(ledger: Ledger, source: Source, parent: PartId, box: Box) -> None:
    """`gmhd` of a track that `is_readable`: numbers, and reserved ones that are zero."""
    part = open_box(ledger, parent, box)
    for row in boxes(source, box.body, box.end):
        inner = open_box(ledger, part, row)
        if row.kind == b"gmin":
            ledger.leaf(inner, "values", Role.DISPLAY, row.body, row.end - 2)
            zeroed(ledger, source, inner, "reserved", row.end - 2, row.end, "HIDDEN_DATA")
        else:
            ledger.leaf(inner, "matrix", Role.DISPLAY, row.body, row.end)
