"""Recordings that are nothing but frames, each with its own length (ADTS, AC-3).

A frame is one because the next one starts where it ends. A run is a chain of
frames of one stream; everything around the runs is no sound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source
from scrubber.source import Slice

WINDOW = 4 << 20
_CHAIN = 3
_MOST_RUNS = 20_000


@dataclass(frozen=True, slots=True)
class Framing:
    """How a frame begins. `measure(data, at)`: bytes of the frame and its stream; 0 if none.

    `head` bytes are enough to measure; `largest` bounds a frame. `visit(at, data, starts)`
    sees every whole frame once: `data` stands at `at` in the source, frames at `starts` in it.
    """

    sync: re.Pattern[bytes]
    head: int
    largest: int
    measure: Callable[[bytes, int], tuple[int, int]]
    visit: Callable[[int, bytes, list[int]], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Whole frames [start, end) that follow each other."""

    start: int
    end: int
    stream: int
    frames: int


def find_runs(source: Source, ledger: Ledger, framing: Framing) -> list[Run]:
    """Every run of frames. Tags and other bytes around them are claimed on the way.

    Raises Damaged when there is none, Unsupported when the stream changes.
    """
    at = tags_before(ledger, source, 0, source.size)
    end = tags_after(ledger, source, at)
    found: list[Run] = []
    while (start := _search(source, at, end, framing)) >= 0:
        if at < start:
            name = "bytes between frames" if found else "bytes before the first frame"
            ledger.leaf(ROOT, name, Role.SLACK, at, start, entity="HIDDEN_DATA")
        found.append(_run(source, start, end, framing))
        at = found[-1].end
        if found[-1].stream != found[0].stream or _other_stream(source, at, end, framing):
            raise Unsupported("The recording changes its kind midway", f"(at {start}).")
        if len(found) > _MOST_RUNS:
            raise Damaged("The recording is broken into too many pieces.")
        at = tags_before(ledger, source, at, end)
    if not found:
        raise Damaged("The recording has no frames that follow each other.")
    if at < end:
        name = "bytes after the last frame"
        ledger.leaf(ROOT, name, Role.SLACK, at, end, entity="TRAILER")
    if tags_after(Ledger(at), Slice(source, 0, at), found[-1].start) < at:
        raise Damaged("A tag stands inside the last frame.", "Its length is not true.")
    return found


def _measure(source: Source, at: int, end: int, framing: Framing) -> tuple[int, int]:
    if at + framing.head > end:
        return 0, 0
    return framing.measure(source.read(at, framing.head), 0)


def _other_stream(source: Source, at: int, end: int, framing: Framing) -> bool:
    """Whether a frame of another stream follows: it would be heard, so it is no left-over."""
    size, _ = _measure(source, at, end, framing)
    if not size or at + size > end:
        return False
    return at + size == end or bool(_measure(source, at + size, end, framing)[0])


def _search(source: Source, at: int, end: int, framing: Framing) -> int:
    """The first frame at or after `at` that two others follow, or that fills up to `end`; -1."""
    while at < end:
        data = source.read(at, min(WINDOW, end - at))
        for match in framing.sync.finditer(data):
            if _chained(source, at + match.start(), end, framing):
                return at + match.start()
        at += max(len(data) - framing.head, 1)
    return -1


def _chained(source: Source, at: int, end: int, framing: Framing) -> bool:
    stream = None
    for _ in range(_CHAIN):
        if at == end and stream is not None:
            return True
        size, this = _measure(source, at, end, framing)
        if not size or (stream is not None and this != stream):
            return False
        stream = this
        at += size
    return at <= end


def _run(source: Source, start: int, end: int, framing: Framing) -> Run:
    _, stream = _measure(source, start, end, framing)
    at, frames = start, 0
    while at + framing.head <= end:
        data = source.read(at, min(WINDOW, end - at))
        starts, stop = _follow(data, framing, stream)
        ends = at + len(data) == end or len(data) - stop >= framing.largest
        if ends and starts and _overlapped(source, at, starts, stop, end, framing):
            stop = starts.pop()
        framing.visit(at, data, starts)
        frames += len(starts)
        at += stop
        if ends or not starts:
            break
    return Run(start, at, stream, frames)


def _follow(data: bytes, framing: Framing, stream: int) -> tuple[list[int], int]:
    """Offsets of the whole frames that chain from the first byte on, and where they end."""
    starts: list[int] = []
    measure, add, last = framing.measure, starts.append, len(data) - framing.head
    at = 0
    while at <= last:
        size, this = measure(data, at)
        if not size or this != stream:
            break
        add(at)
        at += size
    if at > len(data):  # the last one does not end here: cut off, or left to the next window
        at = starts.pop()
    return starts, at


def _overlapped(
    source: Source, at: int, starts: list[int], stop: int, end: int, framing: Framing
) -> bool:
    """Whether true frames start inside the last one: then bytes of it were lost."""
    if at + stop == end:
        return False
    low = at + starts[-1] + 1
    data = source.read(low, at + stop - low)
    return any(
        _chained(source, low + match.start(), end, framing) for match in framing.sync.finditer(data)
    )
