"""A JPEG while it is split: what the markers have said so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_FILL = re.compile(rb"\xff+")
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")  # one literal first: searched at memchr's speed


@dataclass(slots=True)
class Table:
    """A table of DQT, DHT or DAC, or a DRI, until it is known whether a scan uses it."""

    segment: PartId
    start: int
    end: int
    name: str
    used: bool = False


@dataclass(slots=True)
class Packet:
    """An XMP packet in its segment. `whole`: canonical; `instead`: what shall stand for it."""

    segment: PartId
    start: int
    end: int
    whole: bool = False
    instead: bytes = b""
    gain_map: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class SeveralSegments:
    """Segments that speak of further pictures, as [start, end), until it is known what stays."""

    mpf: list[tuple[int, int]] = field(default_factory=list)
    iso: list[tuple[int, int]] = field(default_factory=list)
    iso_block: bytes = b""


@dataclass(slots=True)
class Picture:
    """`root` is the file, or the part of a picture that stands behind the first; at `start`."""

    ledger: Ledger
    source: Source
    data: bytes
    root: PartId = ROOT
    start: int = 0
    end: int = 0
    quantisation: dict[int, Table] = field(default_factory=dict)
    huffman: dict[int, Table] = field(default_factory=dict)
    conditioning: dict[int, Table] = field(default_factory=dict)
    restart: Table | None = None  # the interval in effect
    tables: list[Table] = field(default_factory=list)
    components: dict[int, int] = field(default_factory=dict)  # id → quantisation table
    frame: int = 0
    size: tuple[int, int] = (0, 0)  # width, height
    interval: int = 0
    icc: list[tuple[int, PartId, int, int, int]] = field(default_factory=list)
    exif: list[tuple[PartId, int, int]] = field(default_factory=list)
    xmp: list[Packet] = field(default_factory=list)
    several: SeveralSegments = field(default_factory=SeveralSegments)
    jfif: bool = False
    adobe: int = -1
    scans: int = 0
    latched: set[int] = field(default_factory=set)  # components whose DQT is taken
    oriented: PartId | None = None
    apples: bool = False  # this is a gain map of Apple
    turned_by_xmp: bool = False  # and the tree that is written anew says so
    maker: dict[int, int] = field(default_factory=dict)  # numbers that a gain map needs


def has_profile(picture: Picture) -> bool:
    """ICC.1 Annex B.4: chunks with a number and a count; decoders ignore any other set."""
    numbers = sorted(row[0] for row in picture.icc)
    count = len(numbers)
    return (
        count > 0
        and numbers == list(range(1, count + 1))
        and all(row[2] == count for row in picture.icc)
    )


def next_marker(data: bytes, at: int) -> tuple[int, int]:
    """Where the next marker's fill bytes (T.81 B.1.1.2) and its own FF stand; the end if none."""
    while match := _MARKER.search(data, at):
        start = match.start()
        fill = _FILL.match(data, start)
        last = fill.end() - 1 if fill else start
        code = data[last + 1 : last + 2]
        if code and code != b"\0" and not b"\xd0" <= code <= b"\xd7":
            return start, last
        at = last + 2
    return len(data), len(data)


def open_segment(picture: Picture, name: str, at: int, end: int) -> PartId:
    """A segment whose content has parts of its own: marker and length live while any of it does."""
    ledger = picture.ledger
    part = ledger.part(picture.root, name, Role.FRAME)
    ledger.scope(part, at, end)
    ledger.claim(part, at, at + 4)
    ledger.length(at + 2, 2, "big", at + 2, end)
    return part
