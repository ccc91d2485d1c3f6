"""Which bytes of a strip or tile its decoder needs (TIFF 6.0 §9 to §13, §22; Technical Note 2).

A decoder stops when the block is full. What the strip holds after that point is cut, where
the point can be found; a coding that cannot be looked into holds the file.
"""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.jpeg_slack import suspicious
from scrubber.formats.tiff_jpeg import Jpeg
from scrubber.formats.tiff_tags import Geometry

Runs = list[tuple[int, int]]
NONE, LZW, OLD_JPEG, JPEG, PACKBITS = 1, 5, 6, 7, 32773
_FAX = (2, 3, 4)
_DEFLATE = (8, 32946)
_LZMA = 34925
_NAMES = {
    9: "JBIG", 10: "JBIG", 32766: "NeXT", 32771: "CCITT with words", 32809: "ThunderScan",
    33003: "JPEG 2000", 33004: "JPEG 2000", 33005: "JPEG 2000", 33007: "ALT", 34661: "JBIG",
    34676: "SGILog", 34677: "SGILog24", 34712: "JPEG 2000", 34887: "LERC", 34926: "Zstandard",
    34933: "PNG", 34934: "JPEG XR", 50000: "Zstandard", 50001: "WebP", 50002: "JPEG XL",
    52546: "JPEG XL", 32908: "Pixar film", 32909: "Pixar log",
    32767: "Sony's raw coding", 32769: "a raw coding", 32770: "Samsung's raw coding",
    34316: "Panasonic's raw coding", 34713: "Nikon's raw coding", 34892: "lossy DNG",
    65000: "Kodak's raw coding", 65535: "Pentax's raw coding",
}  # fmt: skip
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_STEP = 1 << 24
_AHEAD = 3
_FREELY = 1 << 20  # bytes of LZW that are measured without a reason
_MOST = 1 << 26  # bytes of LZW that are measured at all


@dataclass(slots=True)
class Coding:
    """One page's way of coding, over all its blocks."""

    geometry: Geometry
    jpeg: Jpeg = field(default_factory=Jpeg)
    measured: int = 0

    def __post_init__(self) -> None:
        kind = self.geometry.compression
        if kind == OLD_JPEG:
            raise Unsupported(
                "A page is coded as JPEG of the old kind (compression 6),",
                "which decoders read in different ways.",
                "Open the picture and save it again with LZW or ZIP compression.",
            )
        if kind not in (NONE, LZW, JPEG, PACKBITS, _LZMA, *_FAX, *_DEFLATE):
            raise Unsupported(
                f"A page is coded as {_NAMES.get(kind, f'compression {kind}')},",
                "which scrub cannot look into.",
                "Save it again with LZW or ZIP compression.",
            )

    @property
    def opaque(self) -> bool:
        """False where the length of a block alone says what is needed."""
        return self.geometry.compression != NONE

    def uncoded(self, index: int, length: int) -> int:
        """How many of `length` bytes block `index` needs, where nothing is coded."""
        size = self.geometry.size(index)
        if length < size:
            raise Damaged(f"Strip or tile {index} has {length} bytes and needs {size}.")
        return size

    def runs(self, index: int, data: bytes) -> Runs:
        """The runs of a block's `data` that are needed, in order. Raises Held."""
        kind = self.geometry.compression
        if kind == JPEG:
            return self.jpeg.block(data, self.geometry, index)
        if self.geometry.reverse:
            data = data.translate(_REVERSED)
        if kind in _FAX:
            return [(0, _fax(data, index, group_4=kind == _FAX[-1]))]
        size = self.geometry.size(index)
        return [(0, self._end(kind, data, size, index))]

    def _end(self, kind: int, data: bytes, size: int, index: int) -> int:
        if kind == LZW:
            if data[:1] == b"\0" and data[1:2] and data[1] & 1:
                raise Unsupported("A page is coded in LZW of the old kind.")
            self.measured += len(data)
            if self.measured > _FREELY and _ends_in_eoi(data) and not suspicious(data[-4096:]):
                self.measured -= len(data)
                return len(data)
            if self.measured > _MOST:
                raise Unsupported("The page is too large to be looked into.")
            end = _lzw(data, size)
        elif kind == PACKBITS:
            end = _packbits(data, size)
        else:
            return _inflated(zlib.decompressobj if kind in _DEFLATE else _xz, data, size, index)
        if end < 0:
            raise Damaged(f"Strip or tile {index} is cut off: it does not fill its rows.")
        return end


class _Xz:
    """The decompressor of lzma with the words of zlib's."""

    def __init__(self) -> None:
        self._under = lzma.LZMADecompressor()
        self.unconsumed_tail = b""

    @property
    def eof(self) -> bool:
        return self._under.eof

    @property
    def unused_data(self) -> bytes:
        return self._under.unused_data

    def decompress(self, data: bytes, most: int) -> bytes:
        try:
            return self._under.decompress(data, most)
        except (lzma.LZMAError, EOFError) as error:
            raise Damaged("A strip is no XZ stream.") from error


def _xz() -> _Xz:
    return _Xz()


def _inflated(start: Callable[[], object], data: bytes, size: int, index: int) -> int:
    """Where the stream ends. Raises if it holds less than `size` bytes, or more than padding."""
    stream: zlib._Decompress = start()  # type: ignore[assignment]  # or one with its methods
    left, feed = size, data
    surplus = 0
    while not stream.eof:
        block = stream.decompress(feed, min(max(left, 1 << 16), _STEP))
        feed = stream.unconsumed_tail
        if len(block) > left and block[left:].strip(b"\0"):
            raise Unsupported(
                f"The coded bytes of strip or tile {index} hold more than its rows,",
                "which no decoder shows.",
                "Open the picture and save it again.",
            )
        surplus += max(0, len(block) - left)
        left -= min(left, len(block))
        if surplus > _STEP:
            raise Unsupported(f"Strip or tile {index} is longer than its rows.")
        if not block and not feed:
            break
    if left:
        raise Damaged(f"Strip or tile {index} is cut off: it does not fill its rows.")
    return len(data) - len(stream.unused_data)


def _fax(data: bytes, index: int, *, group_4: bool) -> int:
    """Where EOFB ends (T.6 §2.4.1.1), a code that nothing else contains; else the end.

    Without it only a decoder knows where the rows end: text behind them holds the file.
    """
    if group_4:
        number = int.from_bytes(data, "big")
        ends = []
        for shift in range(8):
            shifted = (number << shift).to_bytes(len(data) + 1, "big")
            at = shifted.find(b"\0\x10\x01")
            if at >= 0:
                ends.append(8 * (at - 1) + shift + 24)
        if ends:
            return min(-(-min(ends) // 8), len(data))
    if suspicious(data.rstrip(b"\0")[-64:]):
        raise Unsupported(
            f"Strip or tile {index} ends in bytes that are no fax coding.",
            fix="Open the picture and save it again.",
        )
    return len(data)


def _packbits(data: bytes, size: int) -> int:
    """TIFF 6.0 §9. -1 if the block does not fill."""
    at = out = 0
    while out < size:
        if at >= len(data):
            return -1
        head = data[at]
        if head < 128:
            at += head + 2
            out += head + 1
        elif head > 128:
            at += 2
            out += 257 - head
        else:
            at += 1
    return at if at <= len(data) else -1


def _ends_in_eoi(data: bytes) -> bool:
    """Whether the last code can be EndOfInformation, with fewer than eight zero bits after it."""
    last = int.from_bytes(data[-4:], "big")
    return any(last >> pad & (1 << wide) - 1 == 257 and not last & (1 << pad) - 1
               for wide in (9, 10, 11, 12) for pad in range(8))  # fmt: skip


def _lzw(data: bytes, size: int) -> int:
    """TIFF 6.0 §13: lengths alone are followed. -1 if the block does not fill."""
    lengths = [1] * 256 + [0, 0]
    kept = bits = at = out = before = 0
    width, total = 9, len(data)
    while True:
        while bits < width and at < total:
            kept = (kept << 8 | data[at]) & 0xFFFFFF
            bits += 8
            at += 1
        if bits < width:
            return total if out >= size else -1
        bits -= width
        code = kept >> bits & (1 << width) - 1
        if code == 257:
            return at - bits // 8 if out >= size else -1
        if code == 256:
            del lengths[258:]
            width, before = 9, 0
            continue
        if out >= size:  # full, and no end is said: some decoders look ahead
            return min(at - (bits + width) // 8 + _AHEAD, total)
        if before:
            if code > len(lengths):
                raise Damaged("The LZW codes of a strip do not hold together.")
            lengths.append(before + 1)
            if len(lengths) >= 511:
                width = 10 if len(lengths) < 1023 else 11 if len(lengths) < 2047 else 12
            if len(lengths) > 4096:
                raise Damaged("The LZW codes of a strip do not hold together.")
        elif code > 255:
            raise Damaged("The LZW codes of a strip do not hold together.")
        before = lengths[code]
        out += before
