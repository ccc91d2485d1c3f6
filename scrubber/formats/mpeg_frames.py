"""MPEG audio frames (ISO/IEC 11172-3 §2.4, 13818-3 §2.4; MPEG 2.5 as in use), in windows.

A frame has no mark at its end: it is one because the next one starts where it
ends. A run is a chain of frames of one version, layer and sampling rate.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from scrubber.model import Source

WINDOW = 4 << 20
_CHAIN = 3
_SYNC = re.compile(rb"\xff[\xe2-\xff]")
_RATES = (44100, 48000, 32000)
_KBITS = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_STREAM = 0x1E0C  # version, layer and sampling rate in the second and third byte


@functools.cache
def sizes() -> dict[int, int]:
    """Second and third byte of a header → bytes of the frame. Free format is not in it."""
    found = {}
    for code in range(0xE000, 0x10000):
        version, layer = code >> 11 & 3, code >> 9 & 3
        kbits, rate = code >> 4 & 15, code >> 2 & 3
        if version == 1 or not layer or rate == 3 or kbits in (0, 15):
            continue
        row = _KBITS[(3, layer) if version == 3 else (2, max(layer, 2))]
        bits, padding = row[kbits - 1] * 1000, code >> 1 & 1
        hertz = rate_of(code)
        if layer == 3:
            found[code] = (12 * bits // hertz + padding) * 4
        else:
            found[code] = (72 if layer == 1 and version != 3 else 144) * bits // hertz + padding
    return found


@functools.cache
def _sizes_like(code: int) -> dict[int, int]:
    """Only the headers that a frame of the same stream can have."""
    return {other: n for other, n in sizes().items() if not (other ^ code) & _STREAM}


def rate_of(code: int) -> int:
    """Samples a second, from the second and third byte of a header."""
    return _RATES[code >> 2 & 3] >> {3: 0, 2: 1, 0: 2}[code >> 11 & 3]


@dataclass(frozen=True, slots=True)
class Run:
    """Whole frames [start, end) that follow each other; offsets of those in `tagged`."""

    start: int
    end: int
    code: int
    frames: int
    tagged: tuple[int, ...]

    @property
    def stream(self) -> int:
        return self.code & _STREAM


_TAG = re.compile(rb"Xing|Info|VBRI")


def next_run(source: Source, at: int, end: int, *, first: bool) -> Run | None:
    """The next run of frames in [at, end). `first`: none has been found yet."""
    start = _search(source, at, end, first)
    return _run(source, start, end) if start >= 0 else None


def _run(source: Source, start: int, end: int) -> Run:
    code = int.from_bytes(source.read(start + 1, 2), "big")
    measure = _sizes_like(code)
    at, last, frames, tagged = start, start, 0, list[int]()
    while at + 4 <= end:
        data = source.read(at, min(WINDOW, end - at))
        starts, stop = _follow(data, measure)
        tagged += [at + offset for offset in _tagged(data, starts)]
        frames += len(starts)
        last = at + starts[-1] if starts else last
        at += stop
        if not starts:
            break
    if at < end and frames > 1 and _overlapped(source, last, at, end, measure):
        at, frames = last, frames - 1
        tagged = [offset for offset in tagged if offset != last]
    return Run(start, at, code, frames, tuple(tagged))


def _overlapped(source: Source, last: int, at: int, end: int, measure: dict[int, int]) -> bool:
    """Whether true frames start inside the last one: then it was junk that looked like one."""
    data = source.read(last + 1, at - last - 1)
    return any(
        data[match.start() + 1] << 8 | data[match.start() + 2] in measure
        and _chained(source, last + 1 + match.start(), end, measure)
        for match in _SYNC.finditer(data, 0, len(data) - 1)
    )


def _follow(data: bytes, measure: dict[int, int]) -> tuple[list[int], int]:
    """Offsets of the whole frames that chain from the first byte on, and where they end."""
    starts: list[int] = []
    get, add, last = measure.get, starts.append, len(data) - 4
    at = 0
    while at <= last and data[at] == 0xFF:
        size = get(data[at + 1] << 8 | data[at + 2])
        if size is None:
            break
        add(at)
        at += size
    if at > len(data):  # the last one does not end here: cut off, or left to the next window
        at = starts.pop()
    return starts, at


def _search(source: Source, at: int, end: int, first: bool) -> int:
    """The first frame at or after `at` that two others follow, or that fills up to `end`; -1.

    Before all others an info frame counts alone: players take delay and padding from it.
    """
    while at < end:
        data = source.read(at, min(WINDOW, end - at))
        for match in _SYNC.finditer(data):
            code = int.from_bytes(data[match.start() + 1 : match.start() + 3], "big")
            if code not in sizes():
                continue
            start = at + match.start()
            if _chained(source, start, end, _sizes_like(code)):
                return start
            if first and start + sizes()[code] <= end and _named(source, start, sizes()[code]):
                return start
        at += max(len(data) - 1, 1)
    return -1


def _named(source: Source, at: int, size: int) -> bool:
    return bool(_tagged(source.read(at, min(size, 64)), [0]))


def _chained(source: Source, at: int, end: int, measure: dict[int, int]) -> bool:
    for _ in range(_CHAIN):
        if at + 4 > end:
            return at == end
        head = source.read(at, 3)
        size = measure.get(head[1] << 8 | head[2]) if head[0] == 0xFF else None
        if size is None:
            return False
        at += size
    return at <= end


def free_format(source: Source, at: int, end: int) -> bool:
    """Whether two headers of one stream stand near `at` that state no bit rate."""
    data = source.read(at, min(1 << 16, end - at))
    found = re.findall(rb"\xff[\xe2-\xff][\x00-\x0f]", data)
    return len(found) > 1 and len(set(found)) * 2 < len(found) + 2


def _tagged(data: bytes, starts: list[int]) -> list[int]:
    """Frames of layer III that have the name of an info frame where one may stand."""
    found: list[int] = []
    known: set[int] | None = None
    for match in _TAG.finditer(data):
        known = set(starts) if known is None else known
        for offset in (36, 21, 13):
            start = match.start() - offset
            if start in known and offset == info_offset(data[start : start + 4], match[0]):
                found.append(start)
                break
    return found


def info_offset(header: bytes, name: bytes) -> int:
    """Where an info frame has its name: VBRI after 32 bytes, Xing and Info after the side info."""
    if header[1] >> 1 & 3 != 1:
        return 0
    if name == b"VBRI":
        return 36
    first, mono = header[1] >> 3 & 3 == 3, header[3] >> 6 == 3
    return 4 + ((17 if mono else 32) if first else (9 if mono else 17))
