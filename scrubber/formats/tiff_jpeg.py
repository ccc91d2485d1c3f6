"""JPEG in strips and tiles, its tables apart (TIFF Technical Note 2; ITU-T T.81 Annex B).

Decoders read frame headers, tables and scans, and APP0 and APP14 where they choose colours by
them; every other segment goes. A table that no scan uses holds the file. Bytes that read like
text behind a scan, where a decoder says that it does not need them, are cut.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.jpeg_slack import refuse_readable_intervals, slack_start
from scrubber.formats.tiff_tags import Geometry

Runs = list[tuple[int, int]]
_FRAMES = (0xC0, 0xC1, 0xC2)
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_ADOBE = re.compile(rb"Adobe\0\x64\0\0\0\0[\0-\2]", re.DOTALL)


@dataclass(slots=True)
class Jpeg:
    """The tables that stand apart, and the walk over the blocks of one page."""

    apart: dict[int, bytes] = field(default_factory=dict)  # DQT number; 256 + DHT class and number
    used: set[int] = field(default_factory=set)
    head: bytes = b"\xff\xd8"  # the tables, as they stand before a block

    def tables(self, data: bytes) -> Runs:
        """Of JPEGTables: SOI, DQT, DHT, DRI, EOI. Raises Held."""
        walk = _walk(data, b"")
        if walk.frame is not None:
            raise Damaged("The JPEG tables of a page hold a picture.")
        self.apart = walk.found
        self.head = b"".join(data[start:end] for start, end in walk.runs)[:-2]
        return walk.runs

    def block(self, data: bytes, geometry: Geometry, index: int) -> Runs:
        """Of a strip or tile. Raises Held."""
        walk = _walk(data, self.head)
        if walk.frame is None or not walk.scans:
            raise Damaged(f"Strip or tile {index} holds no JPEG picture.")
        if walk.lacking - self.apart.keys():
            raise Damaged(f"Strip or tile {index} uses a table that the page does not have.")
        if walk.idle:
            raise Unsupported(f"Strip or tile {index} has a table that no decoder reads.")
        self.used |= walk.lacking
        self.used |= {name for name, table in walk.found.items() if self.apart.get(name) == table}
        bits, height, width, components = walk.frame
        if (
            bits != geometry.bits
            or components != (geometry.samples if geometry.planes == 1 else 1)
            or width != geometry.block_width
            or height not in (geometry.rows(index), geometry.block_length)
        ):
            raise Unsupported(f"The JPEG of strip or tile {index} has another size than its rows.")
        return walk.runs

    def check(self) -> None:
        """After the last block. Raises Unsupported if a table apart was of no use."""
        if self.apart.keys() - self.used:
            raise Unsupported("The JPEG tables of a page hold one that no decoder reads.")


@dataclass(slots=True)
class _Walk:
    """What the markers of one JPEG have said so far."""

    runs: Runs = field(default_factory=lambda: [(0, 2)])  # that stay
    frame: tuple[int, int, int, int] | None = None  # bits, height, width, components
    quantisation: dict[int, int] = field(default_factory=dict)  # component → table
    found: dict[int, bytes] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)  # found, and not used since
    lacking: set[int] = field(default_factory=set)  # used, and not found before
    latched: set[int] = field(default_factory=set)  # components whose DQT is taken
    steering: set[int] = field(default_factory=set)
    scans: int = 0

    def tables(self, stated: list[tuple[int, bytes]]) -> None:
        for name, table in stated:
            if name in self.idle:
                raise Unsupported("The JPEG of a strip states a table twice.")
            self.found[name] = table
            self.idle.add(name)

    def use(self, name: int) -> None:
        self.idle.discard(name)
        if name not in self.found:
            self.lacking.add(name)

    def steers(self, marker: int, body: bytes) -> bool:
        """APP0 JFIF without a thumbnail, or APP14 with nothing but its transform; once each."""
        if marker == 0xE0:
            fits = len(body) == 14 and body.startswith(b"JFIF\0") and body[12:] == b"\0\0"
        else:
            fits = marker == 0xEE and _ADOBE.fullmatch(body) is not None
            if fits and marker in self.steering:
                raise Unsupported("The JPEG of a strip states its colours twice.")
        fits = fits and marker not in self.steering and not self.scans
        if fits:
            self.steering.add(marker)
        return fits


def _walk(data: bytes, head: bytes) -> _Walk:
    """`head`: the tables that stand apart, or nothing where no picture may stand. Raises Held."""
    if data[:2] != b"\xff\xd8":
        raise Damaged("The JPEG of a strip has no beginning (SOI).")
    walk = _Walk()
    at = 2
    while True:
        if data[at : at + 1] != b"\xff" or at + 2 > len(data):
            raise Damaged("The JPEG of a strip does not hold together, or has no end (EOI).")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            _add(walk.runs, at, at + 2)
            return walk
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4 or marker in (0xD8, 0x01) or 0xD0 <= marker <= 0xD7:
            raise Damaged("A segment of the JPEG of a strip is cut off.")
        body = data[at + 4 : end]
        if marker == 0xDA and walk.frame is not None:
            _scan(body, walk)
            cut, end = _scan_end(data, end, head)
            _add(walk.runs, at, cut)
        elif _segment(marker, body, walk, picture=bool(head)):
            _add(walk.runs, at, end)
        at = end


def _segment(marker: int, body: bytes, walk: _Walk, *, picture: bool) -> bool:
    """Whether a segment other than a scan stays. Raises Unsupported for an unknown one."""
    if marker in _FRAMES and picture and walk.frame is None:
        walk.frame = _frame(body, walk.quantisation)
    elif marker == 0xDB:
        walk.tables(_quantisation(body))
    elif marker == 0xC4:
        walk.tables(_huffman(body))
    elif 0xE0 <= marker <= 0xEF or marker == 0xFE:
        return walk.steers(marker, body)
    elif marker != 0xDD or len(body) != 2:
        raise Unsupported(f"The JPEG of a strip has a segment FF{marker:02X}.")
    return True


def _add(runs: Runs, start: int, end: int) -> None:
    if runs[-1][1] == start:
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))


def _frame(body: bytes, quantisation: dict[int, int]) -> tuple[int, int, int, int]:
    count = body[5]
    if len(body) != 6 + 3 * count or not count:
        raise Damaged("A frame header in a strip has a wrong length.")
    for row in range(6, len(body), 3):
        quantisation[body[row]] = body[row + 2]
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return body[0], height, width, count


def _quantisation(body: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(body):
        if body[at] >> 4 > 1:
            raise Damaged("A quantisation table in a strip is damaged.")
        end = at + (129 if body[at] >> 4 else 65)
        found.append((body[at] & 15, body[at:end]))
        at = end
    if at != len(body):
        raise Damaged("A quantisation table in a strip is cut off.")
    return found


def _huffman(body: bytes) -> list[tuple[int, bytes]]:
    found: list[tuple[int, bytes]] = []
    at = 0
    while at < len(body):
        end = at + 17 + sum(body[at + 1 : at + 17])
        found.append((256 + body[at], body[at:end]))
        at = end
    if at != len(body):
        raise Damaged("A Huffman table in a strip is cut off.")
    return found


def _scan(body: bytes, walk: _Walk) -> None:
    """T.81 B.2.3. A component takes its quantisation table in its first scan."""
    count = body[0]
    if len(body) != 4 + 2 * count or not 1 <= count <= 4:
        raise Damaged("A scan header in a strip has a wrong length.")
    walk.scans += 1
    first, last, approximation = body[-3:]
    for row in range(1, 1 + 2 * count, 2):
        number, tables = body[row], body[row + 1]
        if number not in walk.quantisation:
            raise Damaged("A scan in a strip names a component that is not there.")
        if number not in walk.latched:
            walk.latched.add(number)
            walk.use(walk.quantisation[number])
        if first == 0 and not approximation >> 4:
            walk.use(256 + (tables >> 4))
        if last:
            walk.use(256 + (0x10 | tables & 15))


def _scan_end(data: bytes, at: int, head: bytes) -> tuple[int, int]:
    """Where the coded bytes of a scan end, and where the next marker stands."""
    match = _MARKER.search(data, at)
    if match is None:
        raise Damaged("The JPEG of a strip has no end (EOI).")
    stop = match.start()
    if b"\xff\xdd" in data[:at] or b"\xff\xdd" in head:
        refuse_readable_intervals(data, at, stop)
    moved = len(head) - 2
    return slack_start(head + data[2:], at + moved, stop + moved) - moved, stop
