"""Tags before and after the sound, whatever the sound is: ID3v1, ID3v2, APE, Lyrics3.

Each goes as a whole. Several may follow each other in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from scrubber.formats.ape import PREAMBLE, ape_extent, ape_parts, lyrics_parts
from scrubber.formats.bundle import Inner, bundle
from scrubber.formats.id3 import id3_parts, id3v1_parts, syncsafe, tag_size
from scrubber.formats.id3_words import id3_words
from scrubber.formats.word_slots import Kept, claim_kept, credit_beside
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Source

_LYRICS3V1 = 5100 + 20  # the text is at most 5100 bytes


def tags_before(
    ledger: Ledger, source: Source, at: int, end: int, spoken: Spoken | None = None
) -> int:
    """Claims every ID3v2 and APE tag that stands at `at`, one after the other.

    The first at the start of the file may leave words (`spoken`).
    """
    while end - at >= 10:
        head = source.read(at, min(32, end - at))
        size = tag_size(head)
        if size and at + size <= end:
            kept = id3_words(source, 0, size) if spoken and not at else None
            if spoken and kept:
                rows = id3_parts(source, 0, size)
                spoken.claim(ledger, kept, f"ID3v2.{head[3]}", 0, size, rows)
            else:
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


@dataclass(slots=True)
class Spoken:
    """The words of a recording that stay in one of its tags."""

    words: Words
    kept: Kept | None = None
    part: PartId = 0

    def claim(
        self, ledger: Ledger, kept: Kept, name: str, start: int, end: int, rows: list[Inner],
        parent: PartId = ROOT,
    ) -> None:  # fmt: skip
        """The tag [start, end) leaves its words."""
        self.kept = kept
        self.part = claim_kept(ledger, self.words, kept, name, "TAG", start, end, rows, parent)
        ledger.passages = self.words.passages

    def chunk(
        self, ledger: Ledger, kind: bytes, order: Literal["big", "little"],
        at: int, start: int, end: int, after: int,
    ) -> bool:  # fmt: skip
        """A chunk of RIFF or AIFF [at, after) that holds an ID3 tag; False if no words stay."""
        source = self.words.source
        kept = id3_words(source, start, end) if self.kept is None else None
        if kept is None:
            return False
        write = kept.write

        def chunked(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
            tag = write(texts, credit)
            return kind + len(tag).to_bytes(4, order) + tag + bytes(len(tag) & 1)

        kept.write = chunked
        self.claim(ledger, kept, "ID3", at, after, id3_parts(source, start, end))
        return True

    def credit(self, ledger: Ledger, fields: list[bytes]) -> bytes | None:
        """None where no words are: then the credit gets a tag of its own."""
        return credit_beside(ledger, self.part, self.kept, fields) if self.kept else None


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
