"""The encoding of a text, and its characters in windows of whole lines.

UTF-8 unless it is not; UTF-16 by its mark or by its zero bytes; Windows-1252 or Latin-1
only when few bytes are above 0x7F and none of them reads as UTF-8. Anything else is
Damaged: a guess would hide words from the detectors.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source
from scrubber.source import blocks

WINDOW = 1 << 20
_LONGEST = 32 << 20  # characters of one encoded block that are kept together
_MULTIBYTE = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_CODED_LINE = re.compile(r"[ \t]*[A-Za-z0-9+/=_-]{40,}[ \t\r]*")
_SAVE = "Save it as UTF-8 in a text editor, or leave it out with --exclude."


@dataclass(frozen=True, slots=True)
class Charset:
    """A stateless Python codec, the bytes of the mark before the text, and what was seen."""

    codec: str
    mark: int
    ascii_only: bool

    @property
    def name(self) -> str:
        """As facts say it. One-byte encodings and UTF-8 without a mark are one: masking the
        last letter above 0x7F makes them alike."""
        if not self.mark and not self.codings:
            return "8-bit"
        return f"{self.codec}+mark" if self.mark else self.codec

    @property
    def codings(self) -> tuple[str, ...]:
        """What stands between a byte run of this file and its ASCII."""
        return (self.codec,) if self.codec.startswith("utf-16") else ()


def charset_of(source: Source) -> Charset:
    """The encoding of `source`, which is read once in blocks. Raises Damaged."""
    head = source.read(0, min(source.size, 4))
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Damaged("The text is in UTF-32.", "scrub does not edit that encoding.", _SAVE)
    for mark, codec in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            _check(source, codec)
            return Charset(codec, 2, False)
    marked = 3 if head.startswith(codecs.BOM_UTF8) else 0
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii_only = True
    try:
        for block in blocks(source):
            if b"\0" in block:
                return _wide(source)
            ascii_only = ascii_only and block.isascii()
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        if marked:
            raise Damaged(
                "The text is marked as UTF-8 but is not.", "Some bytes do not decode.", _SAVE
            ) from error
        return _western(source)
    return Charset("utf-8", marked, ascii_only)


def _wide(source: Source) -> Charset:
    """UTF-16 without a mark: zeros stand at one parity and hardly at the other."""
    head = source.read(0, min(source.size, 1 << 16))
    half = max(1, len(head) // 2)
    even, odd = head[0::2].count(0) / half, head[1::2].count(0) / half
    if source.size % 2 == 0:
        for codec, many, few in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
            if many > 0.4 and few < 0.02:
                _check(source, codec)
                return Charset(codec, 0, False)
    raise Damaged("The text holds NUL bytes.", "Texts have none.", _SAVE)


def _check(source: Source, codec: str) -> None:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for block in blocks(source):
            if "\0" in decoder.decode(block):
                raise Damaged("The text holds NUL characters.", "Texts have none.", _SAVE)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Damaged(f"The text is in {codec.upper()} but does not decode.", "", _SAVE) from error


def _western(source: Source) -> Charset:
    high = letters = 0
    codec = "latin-1"
    for block in blocks(source):
        if b"\0" in block:
            raise Damaged("The text holds NUL bytes.", "Texts have none.", _SAVE)
        if _MULTIBYTE.search(block):
            raise Damaged("The text mixes two encodings.", "Parts are UTF-8, parts not.", _SAVE)
        upper = block.translate(None, bytes(range(0x80)))
        high += len(upper)
        letters += len(block.translate(None, bytes(range(0x41))))
        if upper.translate(None, bytes(range(0xA0, 0x100))):
            codec = "cp1252"
    if high > 0.3 * letters + 2:
        raise Damaged("The text's encoding cannot be told.", "", _SAVE)
    try:
        for block in blocks(source):
            block.decode(codec)
    except UnicodeDecodeError as error:
        raise Damaged("The text is in no encoding that scrub knows.", "", _SAVE) from error
    return Charset(codec, 0, False)


def claim_text(source: Source, ledger: Ledger, charset: Charset) -> PartId:
    """The mark and the whole text as coded parts; the encoding as a fact. Returns the text."""
    if charset.mark:
        ledger.leaf(ROOT, "byte order mark", Role.CODED, 0, charset.mark)
    ledger.render(encoding=charset.name)
    return ledger.leaf(ROOT, "text", Role.CODED, charset.mark, source.size)


def windows(source: Source, charset: Charset) -> Iterator[tuple[int, str]]:
    """(byte offset, characters) of stretches of whole lines, about a megabyte each.

    Lines of one encoded block stay together, so that a long one is seen whole.
    """
    decoder = codecs.getincrementaldecoder(charset.codec)()
    at, held = charset.mark, ""
    for block in blocks(source, charset.mark):
        held += decoder.decode(block)
        if len(held) < WINDOW // 2:
            continue
        end = held.rfind("\n") + 1
        while end and len(held) < _LONGEST:
            line = held.rfind("\n", 0, end - 1) + 1
            if not _CODED_LINE.fullmatch(held, line, end - 1):
                break
            end = line
        if end:
            yield at, held[:end]
            at += _width(held[:end], charset.codec)
            held = held[end:]
    if held:
        yield at, held


def _width(text: str, codec: str) -> int:
    return len(text) if text.isascii() and codec[:6] != "utf-16" else len(text.encode(codec))
