"""Lyrics and chapters in the comments of an Ogg stream: the pages of headers with names masked.

The words stand in a packet that is cut into pages, so their places are mapped; the pages are
written anew around them, in the number that they have without masks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scrubber.errors import Unsupported
from scrubber.formats.audio_tags import Spoken
from scrubber.formats.credit_tags import vorbis_fields
from scrubber.formats.ogg_codecs import Codec
from scrubber.formats.ogg_pages import Page, written
from scrubber.formats.vorbis_words import vorbis_words
from scrubber.formats.word_slots import Kept, follow
from scrubber.ledger import CreditTags, Ledger, PartId
from scrubber.source import MemorySource

_AROUND = {"vorbis": (b"\x03vorbis", b"\x01"), "opus": (b"OpusTags", b"")}


@dataclass(slots=True)
class HeaderWords:
    """The header packets of a stream (`canonical`: without words) around `kept`."""

    spoken: Spoken
    codec: Codec
    canonical: list[bytes]
    pages: list[tuple[int, int, int]]  # as they stand: start, body, end of the headers on it
    number: int
    rest: Page | None
    kept: Kept
    made: int = 0

    def packets(self, texts: Sequence[str] = (), credit: Sequence[bytes] = ()) -> list[bytes]:
        """The packets with these texts, or with those of the file."""
        body = self.kept.write(texts, credit) if self.made else self.kept.made()
        if self.codec.name == "flac":
            return [b"\x84" + len(body).to_bytes(3, "big") + body]
        head, tail = _AROUND.get(self.codec.name, (b"", b""))
        return [head + body + tail, *self.canonical[1:]]

    def follow(self, ledger: Ledger, part: PartId, pages: int) -> None:
        """`part` stands for the headers, which take so many pages."""
        body, self.made = self.kept.write, pages

        def write(texts: Sequence[str], credit: Sequence[bytes]) -> bytes:
            self.kept.write = body
            made = written(self.packets(texts, credit), self.number, 1, self.rest)
            self.kept.write = write
            if len(made) != self.made:
                raise Unsupported("The masked words are too long for the headers of the recording.")
            data = b"".join(made)
            return data[: len(data) - len(self.rest.body)] if self.rest else data

        self.kept.write = write
        self.spoken.part = part
        follow(ledger, self.spoken.words, part, self.kept)
        ledger.passages = self.spoken.words.passages
        spoken = self.spoken
        ledger.credit = CreditTags(
            0, lambda texts, _: spoken.credit(ledger, vorbis_fields(texts)) or b""
        )

    def place(self, at: int, end: bool) -> int:
        """Where in the file a byte of the first header stands, or what ends before it."""
        for _, low, high in self.pages:
            size = high - low
            if at < size or (end and at == size):
                return low + at
            at -= size
        return self.pages[-1][2]


def header_words(
    spoken: Spoken | None, codec: Codec, headers: list[bytes], canonical: list[bytes],
    pages: list[tuple[int, int, int]], number: int, rest: Page | None,
) -> HeaderWords | None:  # fmt: skip
    """The words of a stream, if it is the first one that has some."""
    if spoken is None or spoken.kept is not None:
        return None
    kept = vorbis_words(MemorySource(headers[0]), *codec.tags(headers))
    if kept is None:
        return None
    spoken.kept = kept
    if codec.name == "flac" and len(canonical[0]) > 12:
        kept.behind.append(canonical[0][16:])  # the channel mask
    made = HeaderWords(spoken, codec, canonical, pages, number, rest, kept)
    kept.place = made.place
    return made
