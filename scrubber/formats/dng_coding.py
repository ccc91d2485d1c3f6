"""Strips and tiles of a raw picture (DNG 1.7.1 §2; ITU-T T.81 for lossless JPEG)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.jpeg_slack import suspicious
from scrubber.formats.tiff_coding import JPEG, NONE, Coding, Runs
from scrubber.formats.tiff_tags import Geometry

LOSSY = 34892
_DEFLATE = (8, 32946)
_NAMES = {9: "VC-5", 34892: "lossy JPEG", 50002: "JPEG XL", 52546: "JPEG XL"}
_ENOUGH = 64  # bytes before the end that are looked at
_MARKER = re.compile(rb"\xff[^\0]", re.DOTALL)
_SOF3, _DHT, _SOS, _EOI = 0xC3, 0xC4, 0xDA, b"\xff\xd9"


@dataclass(slots=True)
class RawCoding(Coding):
    """As `Coding`, for the few codings of raw pictures."""

    def __post_init__(self) -> None:
        kind = self.geometry.compression
        if kind not in (NONE, JPEG, LOSSY, *_DEFLATE):
            raise Unsupported(
                f"The raw picture is coded as {_NAMES.get(kind, f'compression {kind}')},",
                "which scrub cannot look into.",
                "Convert it to a DNG with lossless compression, or develop it.",
            )

    def runs(self, index: int, data: bytes) -> Runs:
        kind = self.geometry.compression
        if kind not in (JPEG, LOSSY):
            return Coding.runs(self, index, data)
        if kind == JPEG and _starts_lossless(data):
            _lossless(data, self.geometry, index)
            return [(0, len(data))]
        return self.jpeg.block(data, self.geometry, index)


def _starts_lossless(data: bytes) -> bool:
    """Whether the first frame header is that of lossless Huffman coding."""
    at = 2
    while data[at : at + 1] == b"\xff" and at + 4 <= len(data):
        if data[at + 1] == _SOF3:
            return True
        if data[at + 1] != _DHT:
            return False
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return False


def _lossless(data: bytes, geometry: Geometry, index: int) -> None:
    """T.81 Annex H: SOI, one frame, its tables, one scan, EOI, and nothing else. Raises Held.

    The pixels of a row may be dealt out over more components than the picture has samples.
    """
    at, framed = 2, 0
    while True:
        if data[at : at + 1] != b"\xff" or at + 4 > len(data):
            raise Damaged(f"The JPEG of strip or tile {index} does not hold together.")
        marker, end = data[at + 1], at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        body = data[at + 4 : end]
        if marker == _SOF3:
            framed += _frame(body)
        elif marker == _DHT:
            _tables(body, index)
        elif marker != _SOS:
            raise Unsupported(
                f"The lossless JPEG of strip or tile {index} has a segment FF{marker:02X}.",
                fix="Convert the DNG again.",
            )
        at = end
        if marker == _SOS:
            break
    samples = geometry.samples if geometry.planes == 1 else 1
    wanted = {geometry.rows(index), geometry.block_length}
    if framed not in {geometry.block_width * samples * rows for rows in wanted}:
        raise Unsupported(f"The JPEG of strip or tile {index} has another size than its rows.")
    if len(body) != 4 + 2 * body[0]:
        raise Damaged(f"The scan header of strip or tile {index} has a wrong length.")
    marker_at = _MARKER.search(data, at)
    stop = marker_at.start() if marker_at else len(data)
    if data[stop:] not in (_EOI, _EOI + b"\0"):
        raise Unsupported(
            f"Strip or tile {index} has bytes behind its picture.", fix="Convert the DNG again."
        )
    if suspicious(data[max(at, stop - _ENOUGH) : stop]):
        raise Unsupported(
            f"The coded bytes of strip or tile {index} end in what reads like text.",
            fix="Convert the DNG again.",
        )


def _frame(body: bytes) -> int:
    """How many numbers the frame has."""
    if len(body) != 6 + 3 * body[5]:
        raise Damaged("A frame header in a strip has a wrong length.")
    return int.from_bytes(body[1:3], "big") * int.from_bytes(body[3:5], "big") * body[5]


def _tables(body: bytes, index: int) -> None:
    at = 0
    while at < len(body):
        at += 17 + sum(body[at + 1 : at + 17])
    if at != len(body):
        raise Damaged(f"A Huffman table of strip or tile {index} is cut off.")
