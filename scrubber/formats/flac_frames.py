"""FLAC frames (RFC 9639 §9): found by sync code and header CRC, proved by the frame CRC.

The CRC-16 of all frames is computed at once: each frame is cut into blocks of
equal length (zeros in front change nothing, for the register starts at zero),
the blocks are folded and run in parallel, and their values are joined by a table
that moves a register over one block.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scrubber.errors import Damaged
from scrubber.formats.flac_subframes import frame_end
from scrubber.model import Source

WINDOW = 8 << 20
_SYNC = re.compile(rb"\xff[\xf8\xf9]")
_BLOCK = 256
_ZEROS = bytes(_BLOCK)
_ROWS = 4096  # turned at a time: what the processor's cache holds
_SIZES = (0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)

Words = npt.NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Header:
    """A frame header of `length` bytes; `number` counts frames, or samples if `variable`."""

    length: int
    variable: bool
    number: int
    samples: int
    channels: int  # the four bits of the assignment
    bits: int  # the three bits of the sample size


@functools.cache
def _crc8() -> bytes:
    """x^8+x^2+x+1 (§9.1.8)."""
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value << 1 ^ (0x07 if value & 0x80 else 0)) & 0xFF
        table.append(value)
    return bytes(table)


@functools.cache
def _crc16() -> Words:
    """x^16+x^15+x^2+1 (§9.3): the register after one byte."""
    table = np.arange(256, dtype=np.uint32) << 8
    for _ in range(8):
        table = (table << 1) ^ np.where(table & 0x8000, np.uint32(0x8005), np.uint32(0))
        table &= 0xFFFF
    return table.astype(np.uint16)


@functools.cache
def _crc16_words() -> Words:
    """The register after two bytes, for every state of its 16 bits."""
    table = _crc16()
    state = np.arange(65536, dtype=np.uint32).astype(np.uint16)
    for _ in range(2):
        state = (state << np.uint16(8)) ^ table[state >> np.uint16(8)]
    return state


@functools.cache
def _crc16_block() -> Words:
    """The register after a block of zeros, for every state."""
    state = _crc16_words()
    for _ in range((_BLOCK // 2).bit_length() - 1):  # a table of a table moves twice as far
        state = state[state]
    return state


def crc16(frames: Sequence[bytes | memoryview]) -> list[int]:
    """CRC-16 of every one of `frames`; zero if a frame ends with its own CRC."""
    if not frames:
        return []
    counts = [-(-len(frame) // _BLOCK) for frame in frames]
    pieces: list[bytes | memoryview] = []
    for frame, n in zip(frames, counts, strict=True):
        pieces += (_ZEROS[: n * _BLOCK - len(frame)], frame)
    joined = b"".join(pieces)
    words = np.frombuffer(joined, dtype=">u2").reshape(-1, _BLOCK // 2)
    step = _crc16_words()
    blocks = np.zeros(len(words), dtype=np.uint16)
    for low in range(0, len(words), _ROWS):
        rows = words[low : low + _ROWS]
        registers = blocks[low : low + _ROWS]
        for column in _folded(np.ascontiguousarray(rows.T, dtype=np.uint16)):
            registers[:] = step[registers ^ column]
    ends = np.cumsum(counts)
    first = ends - counts
    over = _crc16_block()
    state = np.zeros(len(frames), dtype=np.uint16)
    for index in range(max(counts)):
        here = first + index
        inside = here < ends
        state[inside] = over[state[inside]] ^ blocks[here[inside]]
    return [int(value) for value in state]


def _folded(columns: Words) -> Words:
    """Sixteen words with the remainder that all the words of a column have; they are used up.

    Squaring in GF(2) squares every term, so the polynomial of the CRC to the power of m, a
    power of two, is x^16m + x^15m + x^2m + 1: what stands at x^16m can be added to the three
    other places instead. m is a number of whole words here.
    """
    step, low = len(columns) // 32, 0
    while step:
        stop = len(columns) - 16 * step
        for at in range(low, stop, step):
            word = columns[at : at + step]
            for place in (1, 14, 16):
                columns[at + place * step : at + (place + 1) * step] ^= word
        step, low = step // 2, stop
    return columns[-16:]


def header(data: bytes, at: int) -> Header | None:
    """The frame header at `at` (§9.1), None when there is none."""
    head = data[at : at + 16]
    start = _prefix(head[:4])
    if start is None or len(head) < 6:
        return None
    size, rate, channels, bits, check = start
    number, used = _coded_number(head)
    end = 4 + used
    samples = _SIZES[size]
    if size in (6, 7):
        width = size - 5
        samples = int.from_bytes(head[end : end + width], "big") + 1
        end += width
    end += (0, 1, 2, 2)[rate - 11] if 12 <= rate <= 14 else 0
    if not used or end >= len(head):
        return None
    table = _crc8()
    for byte in head[4:end]:
        check = table[check ^ byte]
    if check != head[end]:
        return None
    return Header(end + 1, bool(head[1] & 1), number, samples, channels, bits)


@functools.lru_cache(1024)  # most frames of a recording begin alike
def _prefix(head: bytes) -> tuple[int, int, int, int, int] | None:
    """Of the first four bytes: size, rate, channels and bits, coded, and their CRC-8."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xFE != 0xF8 or head[3] & 1:
        return None
    size, rate, channels, bits = head[2] >> 4, head[2] & 15, head[3] >> 4, head[3] >> 1 & 7
    if not size or rate == 15 or channels > 10 or bits == 3:
        return None
    check, table = 0, _crc8()
    for byte in head:
        check = table[check ^ byte]
    return size, rate, channels, bits, check


def _coded_number(head: bytes) -> tuple[int, int]:
    """§9.1.5: as UTF-8, up to seven bytes. Returns the number and how many; 0 if malformed."""
    lead = head[4]
    if lead < 0x80:
        return lead, 1
    used = 8 - (lead ^ 0xFF).bit_length()
    if not 2 <= used <= 7 or len(head) < 4 + used:
        return 0, 0
    value = lead & (0x7F >> used)
    for byte in head[5 : 4 + used]:
        if byte & 0xC0 != 0x80:
            return 0, 0
        value = value << 6 | byte & 0x3F
    return value, used


@dataclass(slots=True)
class Walk:
    """What is known of the frames so far."""

    bits: int  # of a sample, from STREAMINFO
    start: int = 0
    end: int = 0
    frames: int = 0
    samples: int = 0
    largest: int = 0  # samples in a frame
    variable: bool = False
    points: dict[int, tuple[int, int]] = field(default_factory=dict)  # offset → first sample, count


def walk(source: Source, start: int, end: int, bits: int) -> Walk:
    """The frames from `start` on: where they end exactly, and how many samples they hold.

    Every frame but the last ends where the next begins and its CRC-16 says so. The last
    one is read bit by bit, so bytes after it are not mistaken for part of it. Raises
    Damaged where frames do not follow each other.
    """
    known = Walk(bits, start)
    at = start
    while True:
        data = source.read(at, min(WINDOW, end - at))
        last = at + len(data) == end
        starts, headers = _starts(known, data)
        _prove(data, starts, at)
        for offset, found in zip(starts[:-1], headers, strict=False):
            known.points[at + offset - start] = (known.samples, found.samples)
            known.samples += found.samples
        known.frames += len(starts) - 1
        if last or len(starts) == 1:  # bytes that are no frame may follow by the megabyte
            return _finish(known, data, at, starts[-1], headers[-1])
        at += starts[-1]


def _starts(known: Walk, data: bytes) -> tuple[list[int], list[Header]]:
    """Offsets in `data` of the frames that follow each other by number, the first at 0."""
    first = header(data, 0)
    if first is None:
        raise Damaged("Where a frame should start, none does.", "The recording is damaged.")
    if not known.frames:
        known.variable = first.variable
        known.largest = first.samples
    starts, headers = [0], [first]
    expected = _next(first)
    for match in _SYNC.finditer(data, first.length):
        found = header(data, match.start())
        if found is None or found.variable != known.variable or found.number != expected:
            continue
        if not found.variable and found.samples > known.largest:
            continue
        starts.append(match.start())
        headers.append(found)
        expected = _next(found)
    return starts, headers


def _next(found: Header) -> int:
    return found.number + (found.samples if found.variable else 1)


def _prove(data: bytes, starts: list[int], at: int) -> None:
    view = memoryview(data)
    frames = [view[low:high] for low, high in itertools.pairwise(starts)]
    for index, value in enumerate(crc16(frames)):
        if value:
            raise Damaged(
                f"The frame at offset {at + starts[index]} is damaged,",
                "or bytes stand between it and the next one.",
            )


def _finish(known: Walk, data: bytes, at: int, start: int, last: Header) -> Walk:
    size = frame_end(data[start:], last.length, last.samples, last.channels, known.bits)
    if crc16([data[start : start + size]])[0]:
        raise Damaged("The last frame is damaged.", "Its checksum is wrong.")
    known.end = at + start + size
    known.points[at + start - known.start] = (known.samples, last.samples)
    known.frames += 1
    known.samples += last.samples
    return known
