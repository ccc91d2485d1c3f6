"""Second reader for WAV, RIFX, RF64 and BW64 (RIFF 1991; EBU Tech 3306; ITU-R BS.2088).

Content digest: SHA-256 over the bytes of the samples; for PCM, IEEE float,
A-law and mu-law without an incomplete frame at the end.

A clean recording has one spelling: the head, `ds64` in the 64-bit forms, `fmt `
in the size of its coding, `fact` unless it is PCM, `data`, one zero byte where
the samples are odd, and sizes that are true. The walk compares the file with
that spelling; what differs is a leftover.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.mp3_inside import inner_leftovers
from scrubber.readers.word_tags import chunk_words
from scrubber.readers.xmp_credit import credit_chunk

_BLOCK = 1 << 20
_EVEN = frozenset((1, 3, 6, 7))  # codings whose frames all have the same size
_FIXED = {0x11: 20, 0x31: 20, 0x55: 30}
_SUBFORMAT_TAILS = ("000000001000800000aa00389b71", "00002107d3118644c8c1ca000000")


@dataclass(slots=True)
class _Seen:
    size: int  # where the RIFF chunk ends by its own words; -1: not stated
    order: str  # "<", in RIFX ">"
    large: tuple[int, int, int] | None = None  # ds64: RIFF, data, frames
    facts: dict[str, int] = field(default_factory=dict)
    block: int = 0
    fact: int | None = None
    data: tuple[int, int] | None = None
    words: str = ""
    tags: set[bytes] = field(default_factory=set)  # chunks that can stand once
    leftovers: list[str] = field(default_factory=list)


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the chunks once, in windows. Raises Damaged or Unsupported."""
    order = ">" if source.read(0, 4) == b"RIFX" else "<"
    magic, size, form = struct.unpack(order + "4sI4s", source.read(0, 12))
    if magic not in (b"RIFF", b"RIFX", b"RF64", b"BW64") or form != b"WAVE":
        raise Damaged("This does not begin as a WAV recording.")
    wide = magic in (b"RF64", b"BW64")
    seen = _Seen(size + 8, order)
    position = 12
    while source.size - position >= 8:
        name, size = struct.unpack(order + "4sI", source.read(position, 8))
        position = _take(source, seen, wide, name, position + 8, size)
    if position != source.size:
        seen.leftovers.append(f"{source.size - position} bytes after the last chunk")
    if seen.data is None or not seen.facts:
        raise Damaged("The recording has no format or no samples.")
    _numbers(source, seen)
    start, end = seen.data
    if seen.facts["coding"] == 0x55:
        seen.leftovers.extend(inner_leftovers(source, start, end))
    return Reading(
        "wav", _digest(source, start, end), Rendering.of(**seen.facts, words=seen.words),
        tuple(seen.leftovers),
    )  # fmt: skip


def _take(source: Source, seen: _Seen, wide: bool, name: bytes, at: int, size: int) -> int:
    """One chunk with its body at `at`. Returns where the next one starts."""
    if name == b"data":
        return _samples(source, seen, at, size)
    if at + size > source.size:
        if seen.data is None:
            raise Damaged("A chunk before the samples is cut off.")
        seen.leftovers.append("bytes after the last chunk")
        return source.size
    if name == b"fmt " and not seen.facts:
        seen.facts, seen.block = wave_facts(source.read(at, size), seen.leftovers, order=seen.order)
    elif name == b"ds64" and wide and at == 20:
        if size < 28:
            raise Damaged("The large sizes (ds64) are cut off.")
        riff, data, frames, rows = struct.unpack("<QQQI", source.read(at, 28))
        seen.large = (riff, data, frames)
        if size != 28 or rows:
            seen.leftovers.append("ds64 has a table")
    elif name == b"fact" and seen.facts.get("coding", 1) != 1 and size >= 4 and seen.fact is None:
        (seen.fact,) = struct.unpack(seen.order + "I", source.read(at, 4))
        if size != 4:
            seen.leftovers.append("fact is too long")
    elif name in (b"id3 ", b"_PMX") and name not in seen.tags and seen.order == "<":
        seen.tags.add(name)
        _tag(source, seen, name, at, size)
    elif name == b"fmt ":
        raise Unsupported("The recording has two formats or two chunks of samples.")
    else:
        seen.leftovers.append(f"chunk {name.decode('ascii', 'replace').strip()}")
    return min(at + size + size % 2, source.size)


def _tag(source: Source, seen: _Seen, name: bytes, at: int, size: int) -> None:
    """What a policy may keep: words and a credit in ID3, a credit in XMP."""
    if size % 2 and (at + size >= source.size or source.read(at + size, 1) != b"\0"):
        seen.leftovers.append("a pad byte that is not zero")
    if name == b"_PMX":
        seen.leftovers.append(credit_chunk(source, at, size))
    else:
        seen.words = chunk_words(source, at, at + size, seen.leftovers)


def wave_facts(
    body: bytes, leftovers: list[str], *, order: str = "<"
) -> tuple[dict[str, int], int]:
    """(facts, bytes of a frame or block) of a format chunk; what it says too much is a leftover."""
    if len(body) < 16:
        raise Damaged("The format is cut off.")
    tag, channels, rate, speed, block, bits = struct.unpack_from(order + "2H2I2H", body)
    coding, mask = tag, 0
    sizes: tuple[int, ...] = (16, 18)
    extension = struct.unpack_from(order + "H", body.ljust(18, b"\0"), 16)[0]
    if order == ">" and tag not in _EVEN:
        raise Unsupported("The coding of the big-endian samples is not known.")
    if tag == 0xFFFE:
        mask, coding = struct.unpack_from("<IH", body, 20)
        sizes = (40,)
        if body[26:40].hex() not in _SUBFORMAT_TAILS:
            raise Unsupported("The coding of the samples has no known name.")
    elif tag == 2:
        sizes = (22 + 4 * int.from_bytes(body[20:22], "little"),)
    elif tag in _FIXED:
        sizes = (_FIXED[tag],)
    elif tag not in _EVEN:
        raise Unsupported(f"The coding of the samples ({tag:#06x}) is not known.")
    if not (channels and rate and block):
        raise Damaged("The format has no channels, rate or frame size.")
    if len(body) not in sizes or (len(body) > 16 and extension != len(body) - 18):
        leftovers.append("fmt is longer than its coding needs")
    if coding in _EVEN and speed != rate * block and rate * block < 1 << 32:
        leftovers.append("fmt states a false number of bytes a second")
    facts = {
        "format": tag, "coding": coding, "channels": channels,
        "rate": rate, "bits": bits, "mask": mask,
    }  # fmt: skip
    return facts, block


def _samples(source: Source, seen: _Seen, at: int, size: int) -> int:
    if seen.data is not None or not seen.facts:
        raise Unsupported("The samples stand twice, or before their format.")
    if size == 0xFFFFFFFF and seen.large:
        size = seen.large[1]
    elif seen.large and seen.large[1] != size:
        seen.leftovers.append("ds64 states another size of the samples")
    end = at + size
    if (size > 0x7FFEFFFF or not size) and not seen.large and end != source.size:
        unstated = end > source.size or (not size and at < source.size)
        if unstated:
            seen.leftovers.append("the size of the samples is not stated")
            end = source.size
    if end > source.size:
        raise Damaged("The samples are cut off.")
    frames = (end - at) // seen.block
    if seen.facts["coding"] in _EVEN:
        seen.facts["frames"] = frames
        if at + frames * seen.block != end:
            seen.leftovers.append("an incomplete frame after the samples")
            seen.data = (at, at + frames * seen.block)
    seen.data = seen.data or (at, end)
    if (end - at) % 2 and end < source.size:
        if source.read(end, 1) != b"\0":
            seen.leftovers.append("a pad byte that is not zero")
        end += 1
    return end


def _numbers(source: Source, seen: _Seen) -> None:
    """Sizes and counts that follow from the rest must be true."""
    coding = seen.facts["coding"]
    assert seen.data is not None
    if seen.large:
        if seen.size != 0x100000007:
            seen.leftovers.append("the 32-bit size is not empty")
        seen.size = seen.large[0] + 8
        if coding in _EVEN and seen.large[2] != seen.facts["frames"]:
            seen.leftovers.append("ds64 states another number of frames")
    if seen.size not in (source.size, 0x100000007) and not (
        seen.size == source.size - 1 and (seen.data[1] - seen.data[0]) % 2
    ):
        seen.leftovers.append("the size of the file is not the one stated")
    if seen.fact is not None:
        if coding not in _EVEN:
            seen.facts["frames"] = seen.fact
        elif seen.fact != seen.facts["frames"] and not (seen.large and seen.fact == 0xFFFFFFFF):
            seen.leftovers.append("fact states another number of frames")


def _digest(source: Source, start: int, end: int) -> str:
    digest = hashlib.sha256()
    for at in range(start, end, _BLOCK):
        digest.update(source.read(at, min(_BLOCK, end - at)))
    return digest.hexdigest()
