"""Ogg files built page by page around real sound, with something hidden in every place."""

from __future__ import annotations

import io
import itertools
import struct
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import av
from sounds import encoded, tone

from scrubber.formats.flac_frames import walk
from scrubber.source import MemorySource

SPEEX_HEAD = bytes.fromhex(
    "5370656578202020312e322e310000000000000000000000000000000100000050000000401f0000"
    "000000000400000001000000ffffffffa0000000010000000100000000000000"
    "0000000000000000"
)
SPEEX_SOUND = (
    bytes((20, 15, 15, 15, 10, 10, 10, 6, 6)),
    bytes.fromhex(
        "184f89000039ce7000528024549f51d22766e216104f885e1c3e3ee099f70fbaf9e5dc104f885e1c3ee3"
        "e777773bbbb827dc104f885e1c33eee0b7771b8cf967dc404f885c20ac24eac24e404f885c20ac24eac2"
        "4e404f885c20ac24eac24e084f885c200f084f885c1e0f"
    ),
)


@dataclass(frozen=True)
class Page:
    """The fields of RFC 3533 §6, as they are written; `check` overrides the checksum."""

    lacing: bytes
    body: bytes
    flags: int = 0
    granule: int = 0
    serial: int = 777
    sequence: int = 0
    version: int = 0
    check: int | None = None

    def __bytes__(self) -> bytes:
        head = struct.pack(
            "<4sBBqII", b"OggS", self.version, self.flags, self.granule, self.serial,
            self.sequence,
        )  # fmt: skip
        rest = bytes((len(self.lacing),)) + self.lacing + self.body
        check = crc(head + bytes(4) + rest) if self.check is None else self.check
        return head + struct.pack("<I", check) + rest


def _row(value: int) -> int:
    value <<= 24
    for _ in range(8):
        value = value << 1 ^ (0x104C11DB7 if value & 0x80000000 else 0)
    return value


_TABLE = [_row(value) for value in range(256)]


def crc(data: bytes) -> int:
    value = 0
    for byte in data:
        value = (value << 8 & 0xFFFFFFFF) ^ _TABLE[value >> 24 ^ byte]
    return value


def parsed(data: bytes) -> list[Page]:
    """The pages of a file without anything between them."""
    rows: list[Page] = []
    at = 0
    while at < len(data):
        _, version, flags, granule, serial, number, check, count = struct.unpack_from(
            "<4sBBqIIIB", data, at
        )
        lacing = data[at + 27 : at + 27 + count]
        end = at + 27 + count + sum(lacing)
        body = data[at + 27 + count : end]
        rows.append(Page(lacing, body, flags, granule, serial, number, version, check))
        at = end
    return rows


def laced(packet: bytes) -> bytes:
    return b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,))


def paged(packets: list[bytes], most: int = 255) -> list[Page]:
    """Pages of headers, each with at most `most` lacing values."""
    lacing, data = b"".join(map(laced, packets)), b"".join(packets)
    rows: list[Page] = []
    for start in range(0, len(lacing), most):
        part = lacing[start : start + most]
        body, data = data[: sum(part)], data[sum(part) :]
        goes_on = bool(rows) and rows[-1].lacing[-1] == 255
        ends = bool(part.strip(b"\xff"))
        rows.append(Page(part, body, int(goes_on), 0 if ends else -1))
    return rows


@dataclass(frozen=True)
class Sound:
    """One stream: its first packet, the header packets that follow, its pages of sound."""

    head: bytes
    headers: tuple[bytes, ...]
    pages: tuple[Page, ...]

    def all(self, serial: int = 777, *, most: int = 255, start: int = 0) -> list[Page]:
        first = Page(laced(self.head), self.head, 2)
        rows = [first, *paged(list(self.headers), most), *self.pages]
        return [
            replace(row, serial=serial, sequence=start + i, check=None)
            for i, row in enumerate(rows)
        ]

    def file(self, serial: int = 777, *, most: int = 255, start: int = 0) -> bytes:
        return joined(self.all(serial, most=most, start=start))

    def said(self, comment: bytes) -> Sound:
        """The same with another comment header."""
        return replace(self, headers=(comment, *self.headers[1:]))


def joined(rows: list[Page]) -> bytes:
    return b"".join(map(bytes, rows))


def comments(*rows: bytes, vendor: bytes = b"Lavf") -> bytes:
    words = b"".join(struct.pack("<I", len(row)) + row for row in rows)
    return struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(rows)) + words


def _taken(data: bytes, headers: int) -> Sound:
    rows = parsed(data)
    packets: list[bytes] = []
    part, used = b"", 1
    while len(packets) < headers:
        at = 0
        for value in rows[used].lacing:
            part += rows[used].body[at : at + value]
            at += value
            if value < 255:
                packets.append(part)
                part = b""
        used += 1
    return Sound(rows[0].body, tuple(packets), tuple(rows[used:]))


@cache
def vorbis() -> Sound:
    out = io.BytesIO()
    with av.open(out, "w", format="ogg", options={"page_duration": "100000"}) as box:
        stream = box.add_stream("vorbis", rate=44100, layout="stereo", options={"strict": "-2"})
        frame = av.AudioFrame.from_ndarray(tone(), format="s16", layout="stereo")
        frame.sample_rate, frame.pts, at = 44100, 0, 0
        sampler = av.AudioResampler(stream.format, "stereo", 44100, stream.frame_size or 4096)
        for part in [*sampler.resample(frame), *sampler.resample(None)]:
            part.pts, part.time_base, at = at, Fraction(1, 44100), at + part.samples
            box.mux(stream.encode(part))
        box.mux(stream.encode(None))
    return _taken(out.getvalue(), 2)


@cache
def opus() -> Sound:
    options = (("page_duration", "100000"),)
    return _taken(encoded("ogg", "libopus", rate=48000, options=options, bit_rate=40_000), 1)


@cache
def speex() -> Sound:
    page = Page(*SPEEX_SOUND, 4, 1400)
    return Sound(SPEEX_HEAD, (comments(),), (page,))


@cache
def flac() -> Sound:
    data = encoded("flac", "flac")
    at = 4
    while True:
        last, size = data[at] & 0x80, int.from_bytes(data[at + 1 : at + 4], "big")
        if not data[at] & 0x7F:
            info = bytearray(data[at + 4 : at + 4 + size])
        at += 4 + size
        if last:
            break
    bits = (int.from_bytes(info[10:18], "big") >> 36 & 31) + 1
    points = sorted(walk(MemorySource(data), at, len(data), bits).points)
    starts = [*(at + point for point in points), len(data)]
    frames = [data[low:high] for low, high in itertools.pairwise(starts)]
    rows = []
    for index, frame in enumerate(frames):
        last = index == len(frames) - 1
        rows.append(Page(laced(frame), frame, 4 if last else 0, 4608 * (index + 1)))
    head = b"\x7fFLAC\x01\0\0\x01fLaC\0\0\0\x22" + bytes(info)
    block = comments()
    return Sound(head, (b"\x84" + len(block).to_bytes(3, "big") + block,), tuple(rows))


SOUNDS = {"vorbis": vorbis, "opus": opus, "speex": speex, "flac": flac}


def skeleton(presentation: int = 0, base: int = 0, utc: bytes = bytes(20)) -> tuple[Page, Page]:
    """The first page of a Skeleton and one that names a stream."""
    head = b"fishead\0" + struct.pack("<HHqqqq", 3, 0, presentation, 1000, 0, 1000) + utc
    bone = b"fisbone\0" + struct.pack("<IIIqqqIB3x", 44, 777, 3, 44100, 1, base, 2, 0)
    bone += b"Content-Type: audio/vorbis\r\nName: " + utc + b"\r\n"
    return (
        Page(laced(head), head, 2, serial=99),
        Page(laced(bone), bone, 0, serial=99, sequence=1),
    )
