"""A splitter for ISO base media files (ISO/IEC 14496-12), for the tests of ledger and join alone.

It exists because chunk offset tables, fragments and 64-bit sizes ask of the ledger what no
picture does. It knows no track kinds and judges no codec: it is not fit for real files.
"""

from __future__ import annotations

import itertools
import struct
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf"}
_TAGS = {b"udta", b"meta", b"ilst"}
_KEPT = {
    b"ftyp", b"styp", b"elst", b"tref", b"vmhd", b"smhd", b"nmhd", b"sthd", b"gmhd", b"dinf",
    b"stts", b"ctts", b"cslg", b"stsc", b"stsz", b"stz2", b"stss", b"sdtp", b"sgpd", b"sbgp",
    b"mehd", b"trex", b"mfhd", b"tfdt",
}  # fmt: skip
_TIMED = {b"mvhd", b"tkhd", b"mdhd"}


class Box(NamedTuple):
    """ISO/IEC 14496-12 §4.2. `open`: its size is written as 0, "to the end of the file"."""

    kind: bytes
    at: int
    body: int
    end: int
    open: bool


@dataclass(slots=True)
class Track:
    number: int = 0
    handler: bytes = b""
    offsets: list[int] = field(default_factory=list)
    to_chunk: bytes = b""
    size: int = 0
    count: int = 0
    sizes: bytes = b""


@dataclass(slots=True)
class _Movie:
    source: Source
    ledger: Ledger
    tracks: list[Track] = field(default_factory=list)
    defaults: dict[int, int] = field(default_factory=dict)  # track → sample size (trex)
    runs: list[tuple[int, int]] = field(default_factory=list)
    moof: int = 0
    base: int = 0
    next_run: int = 0
    sample_size: int = 0

    def number(self, at: int, width: int = 4) -> int:
        return int.from_bytes(self.source.read(at, width), "big")


class Mp4:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        movie = _Movie(source, ledger)
        kinds = [_box(movie, ROOT, box) for box in boxes(source, 0, source.size)]
        if b"moov" not in kinds:
            raise Damaged("The file has no movie box (moov).")
        for track in movie.tracks:
            movie.runs.extend(_chunks(track))
        samples = ledger.part(ROOT, "samples", Role.CODED)
        for start, end in _union(movie.runs):
            ledger.claim(samples, start, end)


def boxes(source: Source, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill [start, end); fewer than eight bytes at the end are left over."""
    while end - start >= 8:
        size, kind = struct.unpack(">I4s", source.read(start, 8))
        body = start + 8
        if size == 1:
            size = int.from_bytes(source.read(body, 8), "big")
            body += 8
        elif size == 0 and end == source.size:
            size = end - start
            yield Box(kind, start, body, end, True)
            return
        if size < body - start or start + size > end:
            raise Damaged(f"The box at offset {start} declares {size} bytes of {end - start}.")
        yield Box(kind, start, body, start + size, False)
        start += size


def _open(movie: _Movie, parent: PartId, box: Box, extra: int = 0) -> PartId:
    """A box that may lose some of what is in it."""
    ledger = movie.ledger
    part = ledger.part(parent, _name(box), Role.FRAME)
    ledger.scope(part, box.at, box.end)
    ledger.claim(part, box.at, box.body + extra)
    if not box.open:
        wide = box.body - box.at == 16
        ledger.length(box.at + 8 * wide, 8 if wide else 4, "big", box.at, box.end)
    return part


def _name(box: Box) -> str:
    return box.kind.decode("latin-1")


def _box(movie: _Movie, parent: PartId, box: Box) -> bytes:
    kind, ledger = box.kind, movie.ledger
    reader = _READERS.get(kind)
    if kind in _HOLDERS or kind in _TAGS:
        _holder(movie, parent, box)
    elif kind == b"mdat" and box.body < box.end:
        _open(movie, parent, box)
    elif reader:
        reader(movie, parent, box)
    elif kind in _TIMED:
        part = ledger.leaf(parent, _name(box), Role.DISPLAY, box.at, box.end)
        width = 16 if movie.number(box.body, 1) else 8  # §8.2.2.2: version 1 has 64-bit times
        ledger.leaf(
            part, "times", Role.PRIVATE, box.body + 4, box.body + 4 + width,
            entity="DATE_TIME", on_drop=bytes(width),
        )  # fmt: skip
        if kind == b"tkhd":
            movie.tracks[-1].number = movie.number(box.body + 4 + width)
    elif kind in _KEPT:
        ledger.leaf(parent, _name(box), Role.DISPLAY, box.at, box.end)
    else:
        role = Role.PRIVATE if kind in (b"free", b"skip", b"uuid") else Role.UNKNOWN
        ledger.leaf(parent, _name(box), role, box.at, box.end, entity="HIDDEN_DATA")
    if kind == b"stsz":
        if box.end - box.body < 12:
            raise Damaged("The table of sample sizes is cut off.")
        track = movie.tracks[-1]
        track.size, track.count = movie.number(box.body + 4), movie.number(box.body + 8)
        track.sizes = b"" if track.size else movie.source.read(box.body + 12, 4 * track.count)
    elif kind == b"stsc":
        count = movie.number(box.body + 4)
        movie.tracks[-1].to_chunk = movie.source.read(box.body + 8, 12 * count)
    elif kind == b"trex":
        movie.defaults[movie.number(box.body + 4)] = movie.number(box.body + 16)
    return kind


def _holder(movie: _Movie, parent: PartId, box: Box) -> None:
    full = box.kind == b"meta" and movie.source.read(box.body, 8)[4:] != b"hdlr"
    start = box.body + 4 * full
    inside = list(boxes(movie.source, start, box.end))
    if not inside:  # a frame around nothing would die with nothing dropped
        movie.ledger.leaf(parent, _name(box), Role.SLACK, box.at, box.end, entity="HIDDEN_DATA")
        return
    if box.kind == b"trak":
        movie.tracks.append(Track())
    elif box.kind == b"moof":
        movie.moof = movie.next_run = box.at
    part = _open(movie, parent, box, 4 * full)
    for child in inside:
        if box.kind in _TAGS and child.kind not in _TAGS:
            role = Role.FRAME if child.kind == b"hdlr" else Role.PRIVATE
            movie.ledger.leaf(part, _name(child), role, child.at, child.end, entity="TAG")
        else:
            _box(movie, part, child)


def _handler(movie: _Movie, parent: PartId, box: Box) -> None:
    """§8.4.3: the name is free text that players do not need."""
    if movie.tracks and not movie.tracks[-1].handler:
        movie.tracks[-1].handler = movie.source.read(box.body + 8, 4)
    part = _open(movie, parent, box)
    name = min(box.body + 24, box.end)
    movie.ledger.leaf(part, "hdlr", Role.DISPLAY, box.body, name)
    if name < box.end:
        movie.ledger.leaf(
            part, "name", Role.PRIVATE, name, box.end, entity="SOFTWARE", on_drop=b"\0"
        )


def _descriptions(movie: _Movie, parent: PartId, box: Box) -> None:
    """§12.1.3: the compressor's name of a visual sample entry is free text."""
    part = movie.ledger.leaf(parent, "stsd", Role.DISPLAY, box.at, box.end)
    for entry in boxes(movie.source, box.body + 8, box.end):
        if movie.tracks[-1].handler == b"vide" and entry.end - entry.at >= 86:
            movie.ledger.leaf(
                part, "compressorname", Role.PRIVATE, entry.at + 50, entry.at + 82,
                entity="SOFTWARE", on_drop=bytes(32),
            )  # fmt: skip


def _offsets(movie: _Movie, parent: PartId, box: Box) -> None:
    """§8.7.5."""
    width = 8 if box.kind == b"co64" else 4
    count = movie.number(box.body + 4)
    if box.body + 8 + count * width != box.end:
        raise Damaged("The table of chunk offsets has a wrong length.")
    movie.ledger.leaf(parent, _name(box), Role.FRAME, box.at, box.end)
    movie.ledger.table(box.body + 8, count, width, "big")
    raw = movie.source.read(box.body + 8, count * width)
    movie.tracks[-1].offsets = _integers(raw, "Q" if width == 8 else "I")


def _integers(raw: bytes, code: str) -> list[int]:
    numbers = array(code, raw)
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tolist()


def _chunks(track: Track) -> Iterator[tuple[int, int]]:
    """§8.7.4: which samples each chunk holds, hence how long it is."""
    rows = _integers(track.to_chunk, "I")
    firsts = rows[::3]
    if not track.size:
        ends = list(itertools.accumulate(_integers(track.sizes, "I"), initial=0))
    sample = 0
    for index, first in enumerate(firsts):
        after = firsts[index + 1] if index + 1 < len(firsts) else len(track.offsets) + 1
        for offset in track.offsets[first - 1 : after - 1]:
            last = min(sample + rows[3 * index + 1], track.count)
            size = (last - sample) * track.size if track.size else ends[last] - ends[sample]
            yield offset, offset + size
            sample = last


def _union(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _fragment_header(movie: _Movie, parent: PartId, box: Box) -> None:
    """§8.8.7. For display, although a field in it moves: a frame of frames alone would die."""
    movie.ledger.leaf(parent, "tfhd", Role.DISPLAY, box.at, box.end)
    flags, at = movie.number(box.body) & 0xFFFFFF, box.body + 8
    movie.sample_size = movie.defaults.get(movie.number(box.body + 4), 0)
    if flags & 1:
        movie.base = movie.next_run = movie.number(at, 8)
        movie.ledger.offset(at, 8, "big", 0, movie.base)
        at += 8
    else:
        movie.base = movie.moof if flags & 0x20000 else movie.next_run
    at += 4 * bool(flags & 2) + 4 * bool(flags & 8)
    if flags & 0x10:
        movie.sample_size = movie.number(at)


def _fragment_run(movie: _Movie, parent: PartId, box: Box) -> None:
    """§8.8.8."""
    movie.ledger.leaf(parent, "trun", Role.DISPLAY, box.at, box.end)
    flags, count, at = movie.number(box.body) & 0xFFFFFF, movie.number(box.body + 4), box.body + 8
    start = movie.next_run
    if flags & 1:
        start = movie.base + movie.number(at)
        movie.ledger.offset(at, 4, "big", movie.base, start)
        at += 4
    at += 4 * bool(flags & 4)
    row = sum(4 for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit)
    if at + row * count != box.end:
        raise Damaged("A run of samples (trun) has a wrong length.")
    size = count * movie.sample_size
    if flags & 0x200:
        rows = _integers(movie.source.read(at, row * count), "I")
        size = sum(rows[bool(flags & 0x100) :: row // 4])
    movie.runs.append((start, start + size))
    movie.next_run = start + size


_READERS = {
    b"hdlr": _handler,
    b"stsd": _descriptions,
    b"stco": _offsets,
    b"co64": _offsets,
    b"tfhd": _fragment_header,
    b"trun": _fragment_run,
}
