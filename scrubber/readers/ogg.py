"""Second reader for Ogg (RFC 3533) with Vorbis, Opus, Speex or FLAC sound.

Content digest: SHA-256 over every page of sound in the order of the file: flags (low three
bits), granule position, the number of its stream counted from 1 (four bytes, little-endian),
count of lacing values, lacing values, body. A page on which no packet ends and which is not
the last of its stream counts with granule position -1. Sound that shares the last page of
its headers counts by its own lacing values and bytes, of the flags only the third.

Every page is looked at whole: checksum, number in its stream, place of its packets. Headers
are compared with the one form that they may have; the modes at the end of a Vorbis setup
header are read backwards, so nothing can follow them.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.ogg_headers import Heads, after_heads, heads, opus_padding

_CHUNK = 1 << 20
_MOST = 65307
_TURNED = bytes(sum((value >> bit & 1) << 7 - bit for bit in range(8)) for value in range(256))


@dataclass(slots=True)
class _Stream:
    number: int
    serial: int
    heads: Heads
    expected: int = 1
    packets: list[bytes] = field(default_factory=list)  # of the headers after the first
    tail: bytes = b""
    unfinished: bool = False
    sounding: bool = False
    ended: bool = False
    sizes: list[int] = field(default_factory=lambda: [1 << 30, 0])


@dataclass(slots=True)
class _Seen:
    leftovers: list[str] = field(default_factory=list)
    streams: list[_Stream] = field(default_factory=list)
    active: dict[int, _Stream | None] = field(default_factory=dict)  # None: no sound
    content: hashlib._Hash = field(default_factory=hashlib.sha256)
    body_begun: bool = False


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads every page. Raises Damaged."""
    seen = _Seen()
    for at, page in _pages(source, seen.leftovers):
        _look(seen, at, page)
    if not seen.streams:
        raise Damaged("No stream of sound is in the file.")
    words, heads_digest = [], hashlib.sha256()
    for stream in seen.streams:
        if not stream.sounding or stream.unfinished:
            raise Damaged("A stream is cut off.")
        known = stream.heads
        seen.leftovers += after_heads(known, stream.sizes)
        words.append(f"{known.name} {known.rate} {known.channels}")
        for packet in (known.packet, *known.kept):
            heads_digest.update(packet)
    spoken = [stream.heads.words for stream in seen.streams if stream.heads.words]
    if len(spoken) > 1:
        seen.leftovers.append("comments")
    facts = Rendering.of(
        streams="; ".join(words), headers=heads_digest.hexdigest(), words="".join(spoken)
    )
    return Reading("ogg", seen.content.hexdigest(), facts, tuple(dict.fromkeys(seen.leftovers)))


def _pages(source: Source, leftovers: list[str]) -> Iterator[tuple[int, bytes]]:
    at, buffer, base = 0, b"", 0
    while at < source.size:
        if at + _MOST > base + len(buffer) and base + len(buffer) < source.size:
            base, buffer = at, source.read(at, min(_CHUNK, source.size - at))
        here = at - base
        if buffer[here : here + 4] != b"OggS":
            leftovers.append("bytes that are no page")
            following = buffer.find(b"OggS", here)
            at = base + (following if following >= 0 else max(len(buffer) - 3, here + 1))
            continue
        count = buffer[here + 26] if len(buffer) > here + 26 else 0
        size = 27 + count + sum(buffer[here + 27 : here + 27 + count])
        page = buffer[here : here + size]
        if len(page) < size:
            raise Damaged("A page is cut off.")
        if not _proved(page):
            raise Damaged("A page has a wrong checksum.")
        yield at, page
        at += size


def _proved(page: bytes) -> bool:
    """RFC 3533 §6: CRC-32, not mirrored, over the page with zeros in place of the checksum."""
    turned = bytearray(page.translate(_TURNED))
    turned[22:26] = bytes(4)
    value = ~zlib.crc32(turned, 0xFFFFFFFF) & 0xFFFFFFFF
    stated = struct.unpack("<I", page[22:26])[0]
    return int(f"{value:032b}"[::-1], 2) == int(stated)


def _look(seen: _Seen, at: int, page: bytes) -> None:
    _, version, flags, granule, serial, number = struct.unpack_from("<4sBBqII", page)
    count = page[26]
    lacing, body = page[27 : 27 + count], page[27 + count :]
    if version:
        raise Damaged("A page is of another version.")
    if flags & 0xF8:
        seen.leftovers.append("reserved flags")
    if flags & 2:
        _open(seen, flags, granule, serial, number, lacing, body)
        return
    seen.body_begun = True
    if serial not in seen.active:
        raise Damaged("A page has no stream.")
    stream = seen.active[serial]
    if stream is None:
        return
    _follow(seen, stream, flags, number, lacing)
    ends = min(lacing, default=255) < 255
    if len(stream.packets) < stream.heads.follow or not stream.heads.complete(stream.packets):
        _header(seen, stream, flags, granule, lacing, body)
        return
    stream.sounding = True
    if not -1 <= granule < 1 << 47:
        raise Damaged("A page has a position that no recording reaches.")
    if not ends and not flags & 4 and granule != -1:
        seen.leftovers.append("position of no packet")
        granule = -1
    _sound(seen, stream, lacing, body)
    seen.content.update(struct.pack("<BqI", flags & 7, granule, stream.number))
    seen.content.update(page[26:])


def _follow(seen: _Seen, stream: _Stream, flags: int, number: int, lacing: bytes) -> None:
    """The page is the next of its stream, or the first after a gap behind the headers."""
    if bool(flags & 1) != stream.unfinished and (lacing or not stream.unfinished):
        raise Damaged("A packet does not go on where it was left.")
    if number != stream.expected:
        if stream.ended or (stream.sounding and number != stream.expected + 1):
            raise Damaged("A page is missing.")
        seen.leftovers.append("page numbers")
    if stream.ended:
        raise Damaged("A page follows the last one.")
    stream.expected = number + 1
    stream.ended = bool(flags & 4)


def _open(
    seen: _Seen, flags: int, granule: int, serial: int, number: int, lacing: bytes, body: bytes
) -> None:
    if seen.body_begun:
        for stream in seen.active.values():
            if stream is not None and (stream.unfinished or not stream.sounding):
                raise Damaged("A link of the file ends in the middle of a packet.")
        seen.active.clear()
        seen.body_begun = False
    if serial in seen.active or len(lacing) != 1 or flags & 1:
        raise Damaged("A first page is not what it must be.")
    known = heads(body, seen.leftovers)
    if known is None:
        seen.leftovers.append("a stream that is no sound")
        seen.active[serial] = None
        return
    stream = _Stream(len(seen.streams) + 1, serial, known)
    if serial != stream.number:
        seen.leftovers.append("serial number")
    if number or granule:
        seen.leftovers.append("numbers of a first page")
        stream.expected = number + 1
    seen.streams.append(stream)
    seen.active[serial] = stream


def _header(
    seen: _Seen, stream: _Stream, flags: int, granule: int, lacing: bytes, body: bytes
) -> None:
    """A page of headers; the first sound may share the last one."""
    used, at = _headers_on(stream, lacing, body)
    rest = lacing[used:]
    timed = min(rest, default=255) < 255
    if not timed and granule != (0 if min(lacing, default=255) < 255 else -1):
        seen.leftovers.append("position of a header")
    done = stream.heads.complete(stream.packets)
    if len(lacing) < 255 and not done:
        seen.leftovers.append("headers over more pages than they need")
    if not done:
        return
    seen.leftovers += stream.heads.judge(stream.packets)
    if rest:
        stream.sounding = True
        _sound(seen, stream, rest, body[at:])
        told = granule if timed or flags & 4 else -1
        seen.content.update(struct.pack("<BqI", flags & 4, told, stream.number))
        seen.content.update(bytes((len(rest),)) + rest + body[at:])


def _headers_on(stream: _Stream, lacing: bytes, body: bytes) -> tuple[int, int]:
    """Gathers headers. Returns how many lacing values and bytes of the page they take."""
    at = size = 0
    for index, value in enumerate(lacing, 1):
        size += value
        if value < 255:
            stream.packets.append(stream.tail + body[at : at + size])
            stream.tail, stream.unfinished = b"", False
            at, size = at + size, 0
            if stream.heads.complete(stream.packets):
                return index, at
    stream.tail += body[at:]
    if lacing:
        stream.unfinished = lacing[-1] == 255
    return len(lacing), len(body)


def _split(stream: _Stream, lacing: bytes, body: bytes) -> Iterator[bytes]:
    at = 0
    size = 0
    for value in lacing:
        size += value
        if value == 255:
            continue
        yield stream.tail + body[at : at + size]
        stream.tail = b""
        at, size = at + size, 0
    stream.tail += body[at:]
    if lacing:
        stream.unfinished = lacing[-1] == 255


def _sound(seen: _Seen, stream: _Stream, lacing: bytes, body: bytes) -> None:
    name = stream.heads.name
    if name not in ("opus", "flac"):
        if lacing:
            stream.unfinished = lacing[-1] == 255
        return
    for packet in _split(stream, lacing, body):
        if name == "opus" and packet and opus_padding(packet, stream.heads.streams).strip(b"\0"):
            seen.leftovers.append("data in the padding of a packet")
        elif name == "flac" and packet:
            if packet[0] != 0xFF or packet[1:2] not in (b"\xf8", b"\xf9"):
                raise Damaged("A packet of FLAC is no frame.")
            low, high = stream.sizes
            stream.sizes[:] = min(low, len(packet)), max(high, len(packet))
