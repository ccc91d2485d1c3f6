"""Second reader for MP3 and its kin (ISO/IEC 11172-3, 13818-3 layers I to III, MPEG 2.5).

Content digest: SHA-256 over the audio frames in order, without info frames
(Xing, Info and VBRI: the first frame, or a silent one further on from which
the next borrows no bits).

A clean recording is frames from the first byte to the last. mutagen looks for
tags as well and must find none; an info frame must be in its canonical form.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.source_file import SourceFile
from scrubber.readers.word_tags import id3_words

_BLOCK = 1 << 20
_LARGEST = 1 << 13  # no frame is longer
_LARGEST_TAG = 1 << 20
_HERTZ = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_SLOT = {1: (32,) * 4 + (64,) * 4 + (128,) * 4 + (256,) * 2}
_V1L1 = range(32, 449, 32)
_V1L2 = (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384)
_V1L3 = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_V2L1 = (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256)
_V2L23 = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_FIXED_NAME = b"LAME3.100"


@dataclass(slots=True)
class _Seen:
    digest: Any
    stream: int = -1
    frames: int = 0
    infos: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    words: str = ""
    leftovers: list[str] = field(default_factory=list)


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the frames once, in windows. Raises Damaged or Unsupported."""
    seen = _Seen(hashlib.sha256())
    start = _credit(source, seen)
    _tags(source, seen, start)
    at = _walk(source, seen, start)
    if at != source.size:
        seen.leftovers.append(f"{source.size - at} bytes that are no frame at {at}")
    if seen.frames == 0:
        raise Damaged("The recording has no frames.")
    facts = {"delay": 0, "padding": 0, **seen.facts, "frames": seen.frames}
    return Reading(
        "mp3",
        seen.digest.hexdigest(),
        Rendering.of(**facts, words=seen.words),
        tuple(seen.leftovers),
    )


def _credit(source: Source, seen: _Seen) -> int:
    """Bytes of a tag at the start that is a credit, lyrics and chapters, and nothing else."""
    head = source.read(0, min(10, source.size))
    if head[:3] != b"ID3" or head[6] or head[7] > _LARGEST_TAG >> 14:
        return 0
    size = 10 + (head[7] << 14) + (head[8] << 7) + head[9]
    found = id3_words(source.read(0, min(size, source.size)))
    if found is None:
        return 0
    seen.leftovers += found.said()
    seen.words = found.digest()
    return size


def _walk(source: Source, seen: _Seen, base: int) -> int:
    """Frame by frame, from `base` on. Returns where the chain ends."""
    lengths: dict[bytes, int] = {}
    data, at = b"", 0
    pending = 0  # start of the audio bytes that are not hashed yet
    while True:
        if at + _LARGEST > len(data) and base + len(data) < source.size:
            seen.digest.update(memoryview(data)[pending:at])
            base, pending = base + at, 0
            data, at = source.read(base, min(_BLOCK, source.size - base)), 0
        head = data[at : at + 4]
        size = lengths.get(head[:3])
        if size is None:
            size = lengths[head[:3]] = _length(head)
        if not size or at + size > len(data):
            break
        if seen.stream != head[1] << 8 | head[2] & 0x0C:
            _stream(seen, head)
        if _is_info(data, at, size, seen):
            seen.digest.update(memoryview(data)[pending:at])
            _info(data[at : at + size], seen)
            pending = at + size
        else:
            seen.frames += 1
        at += size
    seen.digest.update(memoryview(data)[pending:at])
    return base + at


def _stream(seen: _Seen, head: bytes) -> None:
    kind = head[1] & 0x1E
    if seen.facts and (kind != seen.stream >> 8 & 0x1E or head[2] & 0x0C != seen.stream & 0x0C):
        raise Unsupported("The recording changes its kind midway.")
    seen.stream = head[1] << 8 | head[2] & 0x0C
    if not seen.facts:
        seen.facts = {
            "rate": _HERTZ[head[1] >> 3 & 3][head[2] >> 2 & 3],
            "channels": 2 - (head[3] >> 6 == 3),
            "layer": 4 - (head[1] >> 1 & 3),
        }


def _length(head: bytes) -> int:
    """Bytes of the frame that begins with `head`; 0 when none does."""
    if len(head) < 4 or head[0] != 0xFF or head[1] < 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    index, rate = head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or layer == 4 or rate == 3 or not 0 < index < 15:
        return 0
    if version == 3:
        kbits = (_V1L1, _V1L2, _V1L3)[layer - 1][index - 1]
    else:
        kbits = (_V2L1, _V2L23, _V2L23)[layer - 1][index - 1]
    hertz, more = _HERTZ[version][rate], head[2] >> 1 & 1
    samples = {1: 384, 2: 1152, 3: 1152 if version == 3 else 576}[layer]
    if layer == 1:
        return (samples // 32 * kbits * 1000 // hertz + more) * 4
    return samples // 8 * kbits * 1000 // hertz + more


def _name_at(head: bytes) -> int:
    """Where Xing or Info stands: after the header and the side information."""
    mono, lsf = head[3] >> 6 == 3, head[1] & 8 == 0
    return 4 + (9 if mono and lsf else 32 if not mono and not lsf else 17)


def _is_info(data: bytes, at: int, size: int, seen: _Seen) -> bool:
    if seen.facts.get("layer") != 3:
        return False
    name = at + _name_at(data[at : at + 4])
    found = data[name : name + 4]
    if found not in (b"Xing", b"Info") and data[at + 36 : at + 40] != b"VBRI":
        return False
    if not seen.frames and not seen.infos:
        return True
    if any(data[at + 4 : name]):
        return False
    following = data[at + size : at + size + 8]
    if len(following) < 8:
        return True
    main = following[4:] if following[1] & 1 else following[6:]
    begin = (main[0] << 8 | main[1]) >> 7 if following[1] & 8 else main[0]
    return begin == 0


def _info(frame: bytes, seen: _Seen) -> None:
    """An info frame holds numbers, zeros and one fixed name."""
    first = not seen.frames and not seen.infos
    seen.infos += 1
    at = _name_at(frame)
    if frame[36:40] == b"VBRI":
        entries, width = int.from_bytes(frame[54:56], "big"), int.from_bytes(frame[58:60], "big")
        if any(frame[6:36]) or any(frame[62 + entries * width :]):
            seen.leftovers.append("bytes in the VBRI frame that say nothing")
        return
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    end = at + 8 + sum(n for bit, n in ((1, 4), (2, 4), (4, 100), (8, 4)) if flags & bit)
    if flags > 15 or any(frame[6:at]) or (frame[1] & 1 and any(frame[4:6])):
        seen.leftovers.append("bytes in the info frame that say nothing")
    if frame[end : end + 9] == _FIXED_NAME and len(frame) >= end + 36:
        gap = int.from_bytes(frame[end + 21 : end + 24], "big")
        if first:
            seen.facts.update(delay=gap >> 12, padding=gap & 4095)
        if any(frame[end + 9 : end + 21]) or any(frame[end + 24 : end + 34]):
            seen.leftovers.append("encoder settings in the info frame")
        if _arc(frame[: end + 34]) != int.from_bytes(frame[end + 34 : end + 36], "big"):
            seen.leftovers.append("the checksum of the info frame is wrong")
        end += 36
    if any(frame[end:]):
        seen.leftovers.append("bytes at the end of the info frame")


def info_leftovers(frame: bytes) -> list[str]:
    """What the first frame of an MP3 says too much, if it is an info frame."""
    size = _length(frame[:4])
    if not size or size != len(frame) or frame[1] >> 1 & 3 != 1:
        return []
    seen = _Seen(hashlib.sha256(), facts={"layer": 3})
    if _is_info(frame, 0, size, seen):
        _info(frame, seen)
    return seen.leftovers


def _arc(data: bytes) -> int:
    """CRC-16/ARC."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value >> 1) ^ (0xA001 * (value & 1))
    return value


def _tags(source: Source, seen: _Seen, start: int) -> None:
    """What mutagen finds. ID3 looks at both ends (not where a credit is), APEv2 at the end."""
    from mutagen import MutagenError
    from mutagen.apev2 import APEv2
    from mutagen.id3 import ID3, ID3NoHeaderError

    for name, kind in (("ID3", ID3), ("APE", APEv2)):
        if start and kind is ID3:
            continue  # it has been read, and ID3v1 is looked for below
        file = SourceFile(source)
        try:
            kind(fileobj=file)
        except ID3NoHeaderError:
            continue
        except MutagenError as error:
            if name == "APE" and type(error).__name__ == "APENoHeaderError":
                continue
        seen.leftovers.append(f"{name} tag")
    if source.size >= 128 and source.read(source.size - 128, 3) == b"TAG":
        seen.leftovers.append("ID3v1 tag")
