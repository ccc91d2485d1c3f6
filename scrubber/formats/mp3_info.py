"""The first frame of an MP3 that holds no sound: Xing, Info with LAME's extension, or VBRI.

Players need its counts, seek table, and the delay and padding that make
playback gapless. Those stay. The encoder's name becomes one fixed name (a
player honours delay and padding only behind a name that it knows), its
settings, loudness and checksums and the rest of the frame become zero, and the
checksum of the tag is made anew.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from scrubber.formats.mpeg_frames import info_offset

ENCODER = b"LAME3.100"
_KNOWN = (b"LAME", b"Lavf", b"Lavc")


@dataclass(frozen=True, slots=True)
class Field:
    """Bytes [start, end) of the frame and what must stand there."""

    name: str
    start: int
    end: int
    canonical: bytes
    entity: str


@dataclass(frozen=True, slots=True)
class InfoFrame:
    fields: tuple[Field, ...]
    delay: int = 0
    padding: int = 0


def info_frame(frame: bytes) -> InfoFrame | None:
    """The fields of a whole `frame`, or None if it holds sound."""
    if frame[36:40] == b"VBRI" and info_offset(frame, b"VBRI"):
        return _vbri(frame)
    at = info_offset(frame, b"Xing")
    if at and frame[at : at + 4] in (b"Xing", b"Info") and len(frame) >= at + 8:
        return _xing(frame, at)
    return None


def _xing(frame: bytes, at: int) -> InfoFrame | None:
    flags = frame[at + 7] & 15
    fields = [Field("name", at, at + 4, frame[at : at + 4], "TECHNICAL")]
    fields.append(Field("flags", at + 4, at + 8, bytes((0, 0, 0, flags)), "HIDDEN_DATA"))
    end = at + 8
    for bit, name, size in ((1, "frames", 4), (2, "bytes", 4), (4, "TOC", 100), (8, "quality", 4)):
        if flags & bit:
            stated = frame[end : end + size]
            if len(stated) < size:
                return None
            fields.append(Field(name, end, end + size, _sensible(name, stated), "HIDDEN_DATA"))
            end += size
    delay = padding = 0
    tail: list[Field] = []
    if len(frame) >= end + 36 and frame[end : end + 4] in _KNOWN:
        gap = int.from_bytes(frame[end + 21 : end + 24], "big")
        delay, padding = gap >> 12, gap & 0xFFF
        tail = _lame(frame, end)
        fields += tail[:-1]
    whole = _with_ends(frame, at, fields, tail[-1:], end + 36 if tail else end)
    return InfoFrame(tuple(whole), delay, padding)


def _sensible(name: str, stated: bytes) -> bytes:
    """A seek table rises, a quality is at most 100: anything else says something else."""
    if name == "TOC" and any(a > b for a, b in itertools.pairwise(stated)):
        return bytes(256 * i // 100 for i in range(100))
    if name == "quality" and int.from_bytes(stated, "big") > 100:
        return bytes(4)
    return stated


def _lame(frame: bytes, at: int) -> list[Field]:
    """LAME's extension: 36 bytes, of which 21 to 23 are delay and padding."""
    return [
        Field("encoder", at, at + 9, ENCODER, "ENCODER"),
        Field("settings", at + 9, at + 21, bytes(12), "TECHNICAL"),
        Field("delay and padding", at + 21, at + 24, frame[at + 21 : at + 24], "TECHNICAL"),
        Field("preset and lengths", at + 24, at + 34, bytes(10), "TECHNICAL"),
        Field("tag CRC", at + 34, at + 36, bytes(2), "TECHNICAL"),
    ]


def _with_ends(
    frame: bytes, at: int, fields: list[Field], crc: list[Field], end: int
) -> list[Field]:
    """Header and side information before, zeros after, and both checksums over the result."""
    side = bytes(at - 4)
    if not frame[1] & 1:  # the frame is protected (11172-3 §2.4.3.1)
        covered = frame[2:4] + (side + b"".join(f.canonical for f in fields))[2 : at - 2]
        side = crc16(covered, 0xFFFF, reflected=False).to_bytes(2, "big") + side[2:]
    whole = [Field("header", 0, 4, frame[:4], "TECHNICAL")]
    whole.append(Field("side information", 4, at, side, "HIDDEN_DATA"))
    whole += fields
    for field in crc:
        value = crc16(b"".join(f.canonical for f in whole), 0, reflected=True)
        whole.append(
            Field(field.name, field.start, field.end, value.to_bytes(2, "big"), field.entity)
        )
    whole.append(Field("rest", end, len(frame), bytes(len(frame) - end), "HIDDEN_DATA"))
    return whole


def _vbri(frame: bytes) -> InfoFrame | None:
    """Fraunhofer's table: version, delay, quality, bytes, frames, and a seek table."""
    if len(frame) < 62:
        return None
    entries, _, width = (int.from_bytes(frame[i : i + 2], "big") for i in (54, 56, 58))
    end = 62 + entries * width
    if width > 4 or end > len(frame):
        return None
    fields = [Field("VBRI", 36, end, frame[36:end], "TECHNICAL")]
    return InfoFrame(tuple(_with_ends(frame, 36, fields, [], end)))


def crc16(data: bytes, value: int, *, reflected: bool) -> int:
    """CRC-16 of x^16+x^15+x^2+1: reflected as LAME's tag has it, else as a frame has it."""
    for byte in data:
        if reflected:
            value ^= byte
            for _ in range(8):
                value = value >> 1 ^ (0xA001 if value & 1 else 0)
        else:
            value ^= byte << 8
            for _ in range(8):
                value = (value << 1 ^ (0x8005 if value & 0x8000 else 0)) & 0xFFFF
    return value
