"""Tags before and after the sound, whatever the sound is: ID3v1, ID3v2, APE, Lyrics3.

Each goes as a whole. Several may follow each other in any order.
"""

from __future__ import annotations

from scrubber.formats.ape import PREAMBLE, ape_extent, ape_parts, lyrics_parts
from scrubber.formats.bundle import bundle
from scrubber.formats.id3 import id3_parts, id3v1_parts, syncsafe, tag_size
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Source

_LYRICS3V1 = 5100 + 20  # the text is at most 5100 bytes


def tags_before(ledger: Ledger, source: Source, at: int, end: int) -> int:
    """Claims every ID3v2 and APE tag that stands at `at`, one after the other."""
    while end - at >= 10:
        head = source.read(at, min(32, end - at))
        size = tag_size(head)
        if size and at + size <= end:
            _id3v2(ledger, source, at, at + size, head[3])
            at += size
            continue
        low, high = ape_extent(head, at)
        if low == at and low < high <= end:
            _ape(ledger, source, low, high)
            at = high
            continue
        zeros = _zeros(source, at, end)
        if not zeros or at + zeros + 10 > end:
            return at
        head = source.read(at + zeros, 10)
        if not tag_size(head) or at + zeros + tag_size(head) > end:
            return at
        at += zeros
    return at


def _zeros(source: Source, at: int, end: int) -> int:
    """How many of the next bytes are zero, as far as a padding of some kilobytes goes."""
    data = source.read(at, min(1 << 16, end - at))
    return len(data) - len(data.lstrip(b"\0"))


def tags_after(ledger: Ledger, source: Source, start: int) -> int:
    """Claims every tag that ends the file, from the end inwards. Returns where they begin."""
    end = source.size
    while True:
        found = (
            _id3v1(ledger, source, start, end)
            or _ape_after(ledger, source, start, end)
            or _lyrics(ledger, source, start, end)
            or _id3v2_after(ledger, source, start, end)
        )
        if not found:
            return end
        end = found


def _id3v1(ledger: Ledger, source: Source, start: int, end: int) -> int:
    at = end - 128
    if at >= start and source.read(at, 3) == b"TAG" and source.read(at, 4) != b"TAG+":
        bundle(ledger, ROOT, "ID3v1", "TAG", at, end, id3v1_parts(at))
        return at
    at = end - 227
    if at >= start and source.read(at, 4) == b"TAG+":
        bundle(ledger, ROOT, "ID3v1 enhanced", "TAG", at, end, id3v1_parts(at, enhanced=True))
        return at
    return 0


def _ape_after(ledger: Ledger, source: Source, start: int, end: int) -> int:
    at = end - 32
    if at < start:
        return 0
    head = source.read(at, 32)
    if head[:8] != PREAMBLE:
        return 0
    low, high = ape_extent(head, at)
    if high != end or low < start:
        return 0
    _ape(ledger, source, low, high)
    return low


def _lyrics(ledger: Ledger, source: Source, start: int, end: int) -> int:
    if end - start < 30:
        return 0
    close = source.read(end - 15, 15)
    low = -1
    if close[6:] == b"LYRICS200" and close[:6].isdigit():
        low = end - 15 - int(close[:6])
    elif close[6:] == b"LYRICSEND":
        near = max(start, end - _LYRICS3V1)
        found = source.read(near, end - near).rfind(b"LYRICSBEGIN")
        low = near + found if found >= 0 else -1
    if low < start or source.read(low, 11) != b"LYRICSBEGIN":
        return 0
    bundle(ledger, ROOT, "Lyrics3", "LYRICS", low, end, lyrics_parts(source, low, end))
    return low


def _id3v2_after(ledger: Ledger, source: Source, start: int, end: int) -> int:
    """An appended tag has a footer with the same size (id3v2.4.0 §3.4)."""
    if end - start < 20:
        return 0
    close = source.read(end - 10, 10)
    size = syncsafe(close[6:])
    low = end - 20 - size
    if close[:3] != b"3DI" or size < 0 or low < start or source.read(low, 3) != b"ID3":
        return 0
    _id3v2(ledger, source, low, end, close[3])
    return low


def _id3v2(ledger: Ledger, source: Source, start: int, end: int, version: int) -> None:
    bundle(ledger, ROOT, f"ID3v2.{version}", "TAG", start, end, id3_parts(source, start, end))


def _ape(ledger: Ledger, source: Source, start: int, end: int) -> None:
    bundle(ledger, ROOT, "APE", "TAG", start, end, ape_parts(source, start, end))
