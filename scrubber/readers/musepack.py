"""Second reader for Musepack, stream versions 7 and 8.

Content digest: of version 8 SHA-256 over the packets SH, AP and SE; of
version 7 over the stream, which in a clean recording is the whole file.

A clean recording holds no other packets but loudness that is not measured,
and a seek table that begins with the first packet of sound.
"""

from __future__ import annotations

import hashlib
import struct
import zlib

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import end_tags


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Raises Damaged or Unsupported."""
    head = source.read(0, min(4, source.size))
    if head == b"MPCK":
        return _packets(source)
    if head[:3] == b"MP+" and len(head) == 4 and head[3] % 16 == 7:
        return _stream(source)
    raise Unsupported("The recording does not begin with a Musepack header.")


def _packets(source: Source) -> Reading:
    digest = hashlib.sha256()
    leftovers: list[str] = []
    facts: dict[str, object] = {"version": 8}
    at, frames, key = 4, 0, b""
    first = pointed = -1
    table = (-1, b"")
    while key != b"SE":
        head = source.read(at, min(11, source.size - at))
        key = head[:2]
        size, skip = _size(head[2:])
        if size < skip + 2 or at + size > source.size:
            raise Damaged(f"The packet at offset {at} is cut off.")
        data = source.read(at, size)
        body = data[skip + 2 :]
        if key in (b"SH", b"AP", b"SE"):
            digest.update(data)
            frames += key == b"AP"
            first = at if key == b"AP" and first < 0 else first
            facts |= _shape(body) if key == b"SH" else {}
        elif key == b"RG":
            if body != bytes((1, 0, 0, 0, 0, 0, 0, 0, 0)):
                leftovers.append("loudness")
        elif key == b"SO":
            offset, width = _size(body)
            pointed = at + offset
            if any(body[width:]):
                leftovers.append("spare bytes of the seek offset")
        elif key == b"ST":
            table = (at, body)
        else:
            leftovers.append(f"a packet at {at} that is not needed")
        at += size
    if first < 0 or "samples" not in facts:
        raise Damaged("The recording lacks its header or its sound.")
    if at < source.size:
        leftovers.append(f"{source.size - at} bytes after the sound")
    leftovers += _seeking(table, pointed, first)
    rendering = Rendering.of(frames=frames, **facts)
    return Reading("musepack", digest.hexdigest(), rendering, (*leftovers[:100], *end_tags(source)))


def _size(data: bytes) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(data[:9]):
        value = value * 128 + byte % 128
        if byte < 128:
            return value, index + 1
    raise Damaged("A number of the stream does not end.")


def _shape(body: bytes) -> dict[str, object]:
    if len(body) < 9 or body[4] != 8 or struct.pack(">I", zlib.crc32(body[4:])) != body[:4]:
        raise Damaged("The header of the recording is wrong.")
    samples, width = _size(body[5:])
    silence, more = _size(body[5 + width :])
    return {"samples": samples, "silence": silence, "shape": body[5 + width + more :].hex()}


def _seeking(table: tuple[int, bytes], pointed: int, first: int) -> list[str]:
    """The table must lie where it is said to, begin with the first packet, and say no more."""
    at, body = table
    if at < 0:
        return ["a seek offset without a table"] if pointed >= 0 else []
    if pointed >= 0 and pointed != at:
        raise Damaged("The seek offset does not point to the table.")
    entries, width = _size(body)
    bits = "".join(f"{byte:08b}" for byte in body[width:])[4:]
    offsets: list[int] = []
    while len(offsets) < min(entries, 2):
        group, value = "1", 0
        while group[0] == "1":
            group, bits = bits[:8], bits[8:]
            if len(group) < 8:
                raise Damaged("The seek table is cut off.")
            value = value * 128 + int(group[1:], 2)
        offsets.append(value)
    if offsets[:1] != [first]:
        raise Damaged("The seek table does not begin with the first packet.")
    for _ in range(entries - 2):
        _, one, bits = bits.partition("1")
        if not one or len(bits) < 12:
            raise Damaged("The seek table is cut off.")
        bits = bits[12:]
    return ["bits after the seek table"] if "1" in bits or len(bits) > 7 else []


def _stream(source: Source) -> Reading:
    if source.size < 28:
        raise Damaged("The recording is cut off.")
    head = source.read(0, 28)
    frames = int.from_bytes(head[4:8], "little")
    told = any(head[12:22]) or head[22] & 7 or head[27]
    leftovers = ["numbers of the encoder"] if told else []
    at = 200
    for _ in range(frames):
        at += 20 + _bits(source, at, 20)
    last = _bits(source, at, 11)
    at += 11
    if head[23] >= 128 and last >= 1152 - 481 and at + 20 <= source.size // 4 * 32:
        further = at + 20 + _bits(source, at, 20)
        at = further if further <= source.size // 4 * 32 else at
    stop = -(-at // 32) * 4
    if not frames or stop > source.size:
        raise Damaged("The recording is cut off.")
    if stop < source.size:
        leftovers.append(f"{source.size - stop} bytes after the sound")
    if at % 32 and stop > 28 and _bits(source, at, 32 - at % 32):
        leftovers.append("bits after the sound")
    digest = hashlib.sha256()
    for low in range(0, stop, 1 << 20):
        digest.update(source.read(low, min(1 << 20, stop - low)))
    facts = Rendering.of(version=7, frames=frames, last=last)
    return Reading("musepack", digest.hexdigest(), facts, tuple(leftovers))


def _bits(source: Source, at: int, n: int) -> int:
    """`n` bits at `at` of a stream of words that are stored low byte first."""
    low, high = at // 32, (at + n + 31) // 32
    if high * 4 > source.size:
        raise Damaged("The recording is cut off.")
    value = 0
    for (word,) in struct.iter_unpack("<I", source.read(low * 4, (high - low) * 4)):
        value = value << 32 | word
    return value >> high * 32 - at - n & (1 << n) - 1
