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

    apart: set[int] = field(default_factory=set)  # DQT number; 256 + DHT class and number
    used: set[int] = field(default_factory=set)
    head: bytes = b"\xff\xd8"  # the tables, as they stand before a block

    def tables(self, data: bytes) -> Runs:
        """Of JPEGTables: SOI, DQT, DHT, DRI, EOI. Raises Held."""
        found: set[int] = set()
        runs, components = _walk(data, found, set(), b"")
        if components is not None:
            raise Damaged("The JPEG tables of a page hold a picture.")
        self.apart = found
        self.head = b"".join(data[start:end] for start, end in runs)[:-2]
        return runs

    def block(self, data: bytes, geometry: Geometry, index: int) -> Runs:
        """Of a strip or tile. Raises Held."""
        found: set[int] = set()
        used: set[int] = set()
        runs, frame = _walk(data, found, used, self.head)
        if frame is None or not used:
            raise Damaged(f"Strip or tile {index} holds no JPEG picture.")
        if used - found - self.apart:
            raise Damaged(f"Strip or tile {index} uses a table that the page does not have.")
        if found - used:
            raise Unsupported(f"Strip or tile {index} has a table that no decoder reads.")
        self.used |= used
        bits, height, width, components = frame
        most = geometry.block_length
        if (
            bits != geometry.bits
            or components != (geometry.samples if geometry.planes == 1 else 1)
            or width != geometry.block_width
            or height not in (geometry.rows(index), most)
        ):
            raise Unsupported(f"The JPEG of strip or tile {index} has another size than its rows.")
        return runs

    def check(self) -> None:
        """After the last block. Raises Unsupported if a table apart was of no use."""
        if self.apart - self.used:
            raise Unsupported("The JPEG tables of a page hold one that no decoder reads.")


def _walk(
    data: bytes, found: set[int], used: set[int], head: bytes
) -> tuple[Runs, tuple[int, int, int, int] | None]:
    """The runs that stay, tables found and used, and what the frame header says.

    `head`: the tables that stand apart, or nothing where no picture may stand.
    """
    if data[:2] != b"\xff\xd8":
        raise Damaged("The JPEG of a strip has no beginning (SOI).")
    runs: Runs = [(0, 2)]
    frame: tuple[int, int, int, int] | None = None
    quantisation: dict[int, int] = {}
    at = 2
    while True:
        if data[at : at + 1] != b"\xff" or at + 2 > len(data):
            raise Damaged("The JPEG of a strip does not hold together, or has no end (EOI).")
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            _add(runs, at, at + 2)
            return runs, frame
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if end > len(data) or end < at + 4 or marker in (0xD8, 0x01) or 0xD0 <= marker <= 0xD7:
            raise Damaged("A segment of the JPEG of a strip is cut off.")
        body = data[at + 4 : end]
        if marker in _FRAMES and head and frame is None:
            frame = _frame(body, quantisation)
        elif marker == 0xDA and frame is not None:
            _scan(body, quantisation, used)
            cut, end = _scan_end(data, end, head)
            _add(runs, at, cut)
            at = end
            continue
        elif _is_comment(marker, body):
            at = end
            continue
        else:
            found |= _tables(marker, body)
        _add(runs, at, end)
        at = end


def _add(runs: Runs, start: int, end: int) -> None:
    if runs[-1][1] == start:
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))


def _is_comment(marker: int, body: bytes) -> bool:
    return (0xE0 <= marker <= 0xEF or marker == 0xFE) and not _steers(marker, body)


def _tables(marker: int, body: bytes) -> set[int]:
    """Names of the tables in a segment that is needed. Raises Unsupported for any other."""
    if marker == 0xDB:
        return _quantisation(body)
    if marker == 0xC4:
        return _huffman(body)
    if _steers(marker, body) or (marker == 0xDD and len(body) == 2):
        return set()
    raise Unsupported(f"The JPEG of a strip has a segment FF{marker:02X}.")


def _steers(marker: int, body: bytes) -> bool:
    """APP0 JFIF without a thumbnail, or APP14 with nothing but its transform."""
    if marker == 0xE0:
        return len(body) == 14 and body.startswith(b"JFIF\0") and body[12:] == b"\0\0"
    return marker == 0xEE and _ADOBE.fullmatch(body) is not None


def _frame(body: bytes, quantisation: dict[int, int]) -> tuple[int, int, int, int]:
    count = body[5]
    if len(body) != 6 + 3 * count or not count:
        raise Damaged("A frame header in a strip has a wrong length.")
    for row in range(6, len(body), 3):
        quantisation[body[row]] = body[row + 2]
    height, width = int.from_bytes(body[1:3], "big"), int.from_bytes(body[3:5], "big")
    return body[0], height, width, count


def _quantisation(body: bytes) -> set[int]:
    found: set[int] = set()
    at = 0
    while at < len(body):
        if body[at] >> 4 > 1:
            raise Damaged("A quantisation table in a strip is damaged.")
        found.add(body[at] & 15)
        at += 129 if body[at] >> 4 else 65
    if at != len(body):
        raise Damaged("A quantisation table in a strip is cut off.")
    return found


def _huffman(body: bytes) -> set[int]:
    found: set[int] = set()
    at = 0
    while at < len(body):
        found.add(256 + body[at])
        at += 17 + sum(body[at + 1 : at + 17])
    if at != len(body):
        raise Damaged("A Huffman table in a strip is cut off.")
    return found


def _scan(body: bytes, quantisation: dict[int, int], used: set[int]) -> None:
    count = body[0]
    if len(body) != 4 + 2 * count or not 1 <= count <= 4:
        raise Damaged("A scan header in a strip has a wrong length.")
    first, last, approximation = body[-3:]
    for row in range(1, 1 + 2 * count, 2):
        if body[row] not in quantisation:
            raise Damaged("A scan in a strip names a component that is not there.")
        used.add(quantisation[body[row]])
        if first == 0 and not approximation >> 4:
            used.add(256 + (body[row + 1] >> 4))
        if last:
            used.add(256 + (0x10 | body[row + 1] & 15))


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
