"""Ogg (RFC 3533) with sound: Vorbis I, Opus (RFC 7845), Speex, FLAC (RFC 9639 §10.1).

Kept: the identification header, the setup header of Vorbis, and every page of sound with
its lacing and granule position. Comments are replaced by empty ones with an empty vendor;
serial numbers become 1, 2, 3 … and pages are numbered from 0. Gone: gain tags like all
other comments (the output gain of Opus stays), pictures, padding, Skeleton, bytes between
and after pages and of headers, tags of other formats. Held: other streams, version 1 and
up, wrong checksums, missing pages, packets cut off, data in the padding of Opus packets.

The content digest is over every page of sound, in the order of the file: flags, granule
position, neutral serial number, lacing and body. Sound that shares the last page of its
headers counts by its own lacing and bytes.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import Spoken, tags_after, tags_before
from scrubber.formats.ogg_codecs import codec, is_skeleton
from scrubber.formats.ogg_pages import FIRST, LAST, Page, checksum_of, pages
from scrubber.formats.ogg_stream import Renumber, Stream, granule_of
from scrubber.formats.skeleton import Skeleton
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_MOST_STREAMS = 10_000
_MOST_PAGES = 1_000_000  # each takes some 400 bytes of memory while the file is written
_MOST_ODD = 10_000
_KNOWN_FLAGS = 7


@dataclass(slots=True)
class _Ogg:
    ledger: Ledger
    digest: hashlib._Hash
    spoken: Spoken | None
    link: dict[int, Stream | Skeleton] = field(default_factory=dict)  # by serial as found
    begun: bool = False  # other than first pages were seen in this link
    streams: int = 0
    pages: int = 0
    odd: int = 0
    ring: list[PartId] = field(default_factory=list)  # parts that only go together
    skeletons: list[PartId] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    headers: hashlib._Hash = field(default_factory=hashlib.sha256)
    run: tuple[PartId, int, int] = (0, 0, 0)


class Ogg:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Lyrics and chapters in the comments stay, and names in them are masked."""
        self._split(source, ledger, Spoken(Words(source)))

    def _split(self, source: Source, ledger: Ledger, spoken: Spoken | None) -> None:
        start = end = tags_before(ledger, source, 0, source.size)
        ledger.not_checked.append("SPEECH")
        ogg = _Ogg(ledger, hashlib.sha256(), spoken)
        for page in pages(source, start, source.size):
            if page.at > end:
                _between(ogg, end, page.at)
            _page(ogg, page)
            end = page.end
        if not ogg.pages:
            raise Damaged("The file holds no page of Ogg.")
        whole = all(stream.ended for stream in ogg.link.values())
        _finish(ogg)
        _together(ogg)
        digest = ogg.digest.hexdigest()
        ledger.content = lambda _: digest
        ledger.render(streams="; ".join(ogg.said), headers=ogg.headers.hexdigest())
        _trailer(ledger, source, end, whole)


def _between(ogg: _Ogg, start: int, end: int) -> None:
    if not ogg.pages:
        raise Damaged("An Ogg file must start with a page.")
    ogg.ledger.leaf(ROOT, "bytes between pages", Role.SLACK, start, end, entity="HIDDEN_DATA")


def _trailer(ledger: Ledger, source: Source, at: int, whole: bool) -> None:
    """What follows the last page. Where no page says that it is the last, one may be damaged."""
    end = tags_after(ledger, source, at)
    at = tags_before(ledger, source, at, end)
    if at < end:
        if not whole:
            raise Damaged("The recording is cut off, or bytes follow that are no page.")
        ledger.leaf(ROOT, "bytes after the last page", Role.SLACK, at, end, entity="TRAILER")


def _page(ogg: _Ogg, page: Page) -> None:
    ogg.pages += 1
    if ogg.pages > _MOST_PAGES:
        raise Unsupported(f"The recording has more than {_MOST_PAGES} pages.", fix="Split it.")
    if page.flags & FIRST:
        _first(ogg, page)
        return
    stream = ogg.link.get(page.serial)
    if stream is None:
        raise Damaged(f"The page at offset {page.at} belongs to no stream.")
    ogg.begun = True
    if isinstance(stream, Skeleton):
        stream.take(ogg.ledger, page)
    elif not stream.ready:
        rest = stream.take_header(page)
        if rest is not None:
            _sound(ogg, stream, rest, shared=True)
    else:
        _sound(ogg, stream, page)


def _first(ogg: _Ogg, page: Page) -> None:
    """RFC 3533 §4: the first pages of all streams of a link come before all its others."""
    if ogg.begun:
        _finish(ogg)
    if page.serial in ogg.link:
        raise Damaged("Two streams of the file have one serial number.")
    packet = bytes(page.body)
    if len(page.lacing) != 1 or page.lacing[0] == 255 or page.flags & 1:
        raise Unsupported("A stream of the file begins with more than one packet to its page.")
    if is_skeleton(packet):
        skeleton = Skeleton(ogg.ledger)
        skeleton.take(ogg.ledger, page)
        ogg.skeletons.append(skeleton.part)
        ogg.link[page.serial] = skeleton
        return
    known = codec(packet)
    ogg.streams += 1
    if ogg.streams > _MOST_STREAMS:
        raise Unsupported(f"The file holds more than {_MOST_STREAMS} streams.", fix="Split it.")
    stream = Stream(known, ogg.streams, page._replace(body=memoryview(b"")), packet)
    stream.spoken = ogg.spoken
    stream.old = page.sequence
    stream.ended = bool(page.flags & LAST)
    ogg.link[page.serial] = stream


def _sound(ogg: _Ogg, stream: Stream, page: Page, shared: bool = False) -> None:
    """A page of sound, or (`shared`) what follows the headers on their last page."""
    if not stream.sound and stream.begin(ogg.ledger, page, shared):
        ogg.ring.append(stream.moved)
    stream.take_sound(page)
    _claim(ogg, stream.sound, page)
    granule, flags = granule_of(page), page.flags & _KNOWN_FLAGS
    odd = granule != page.granule or flags != page.flags
    if odd:
        _odd(ogg, stream.sound, page, flags, granule)
    if stream.moved and not shared:
        rest = page.end - page.at - 26
        rewrite = Renumber(stream.moved, stream.number, stream.new, rest)
        ogg.ledger.mend(page.at + 14, 8 if odd else 12, rewrite)
    ogg.digest.update(struct.pack("<BqI", flags, granule, stream.number))
    ogg.digest.update(bytes((len(page.lacing),)) + page.lacing)
    ogg.digest.update(page.body)
    stream.new += not shared


def _claim(ogg: _Ogg, part: PartId, page: Page) -> None:
    """Pages of one stream that follow each other are one claim."""
    known, start, end = ogg.run
    if known == part and end == page.at:
        ogg.run = part, start, page.end
        return
    ogg.ledger.claim(known, start, end)
    ogg.run = part, page.at, page.end


def _odd(ogg: _Ogg, part: PartId, page: Page, flags: int, granule: int) -> None:
    """What a decoder passes over in a page of sound."""
    ogg.odd += 1
    if ogg.odd > _MOST_ODD:
        raise Unsupported("Too many pages of the file carry values that nothing reads.")
    if flags != page.flags:
        _exchange(ogg.ledger, part, "reserved flags", page.at + 5, bytes((flags,)))
    if granule != page.granule:
        true = struct.pack("<q", granule)
        _exchange(ogg.ledger, part, "position of no packet", page.at + 6, true)
    ogg.ledger.checksum(page.at + 22, 4, "little", page.at, page.end, checksum_of)


def _exchange(
    ledger: Ledger, part: PartId, name: str, at: int, true: bytes, entity: str = "HIDDEN_DATA"
) -> PartId:
    return ledger.leaf(
        part, name, Role.SLACK, at, at + len(true), entity=entity, on_drop=true
    )  # fmt: skip


def _finish(ogg: _Ogg) -> None:
    """The end of a link: its streams must be whole; only now is all known of first pages."""
    for stream in ogg.link.values():
        if isinstance(stream, Stream):
            stream.finish()
            _identification(ogg, stream)
    ogg.link.clear()
    ogg.begun = False
    ogg.ledger.claim(*ogg.run)
    ogg.run = 0, 0, 0


def _identification(ogg: _Ogg, stream: Stream) -> None:
    """The page that begins a stream: every field that says nothing to a decoder is exchanged."""
    ledger, page, known = ogg.ledger, stream.first, stream.codec
    part = ledger.part(ROOT, f"stream {stream.number} identification", Role.DISPLAY)
    ledger.claim(part, page.at, page.end)
    if page.flags & _KNOWN_FLAGS != page.flags:
        true = bytes((page.flags & _KNOWN_FLAGS,))
        _exchange(ledger, part, "reserved flags", page.at + 5, true)
    if page.granule:
        _exchange(ledger, part, "position of no packet", page.at + 6, bytes(8))
    body = page.at + 28
    if stream.moved:
        number = struct.pack("<II", stream.number, 0)
        if (page.serial, page.sequence) != (stream.number, 0):
            ogg.ring.append(
                ledger.leaf(
                    part, "serial number", Role.PRIVATE, page.at + 14, page.at + 22,
                    entity="UNIQUE_ID", on_drop=number,
                )
            )  # fmt: skip
    packet = bytearray(stream.identification[: known.size])
    for name, start, true, entity, counts in _stated(stream):
        if packet[start : start + len(true)] != true:
            packet[start : start + len(true)] = true
            number_ = _exchange(ledger, part, name, body + start, true, entity)
            if counts:
                ogg.ring.append(number_)
    if body + known.size < page.end:
        name = "bytes after the identification"
        ledger.leaf(part, name, Role.SLACK, body + known.size, page.end, entity="HIDDEN_DATA")
        ledger.length(page.at + 27, 1, "little", body, page.end)
    ledger.checksum(page.at + 22, 4, "little", page.at, page.end, checksum_of)
    ogg.said.append(f"{known.name} {known.rate} {known.channels}")
    ogg.headers.update(packet)
    for setup in stream.canonical:
        ogg.headers.update(setup)


def _stated(stream: Stream) -> list[tuple[str, int, bytes, str, bool]]:
    rows = [(row.name, row.start, row.true, row.entity, row.counts) for row in stream.codec.fields]
    frames = stream.frames
    if frames is None:
        return rows
    info = stream.identification[17:27]
    least, most = struct.unpack_from(">HH", info)
    low, high = min(frames.counts[0], frames.counts[1]), frames.counts[1]
    fits = most >= high and (least == most or least <= low)  # RFC 9639 §8.2
    true = info[:4] if fits else min(high, 0xFFFF).to_bytes(2, "big") * 2
    rows.append(("block sizes", 17, true, "HIDDEN_DATA", False))
    for name, at, value in (
        ("least frame", 4, frames.sizes[0]), ("largest frame", 7, frames.sizes[1]),
    ):  # fmt: skip
        stated = info[at : at + 3]
        number = value.to_bytes(3, "big") if any(stated) else stated
        rows.append((name, 17 + at, number, "TECHNICAL", False))
    return rows


def _together(ogg: _Ogg) -> None:
    """All new numbers come at once, for two streams must not have one; Skeleton names serials."""
    parts = ogg.ledger.parts
    for part, other in zip(ogg.ring, [*ogg.ring[1:], *ogg.ring[:1]], strict=True):
        if part != other:
            parts[part].needs = (*parts[part].needs, other)
    for part in ogg.skeletons if ogg.ring else ():
        parts[part].needs = (*parts[part].needs, ogg.ring[0])
