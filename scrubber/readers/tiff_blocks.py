"""What a strip or tile holds beside its pixels, as the second reader of TIFF sees it."""

from __future__ import annotations

import lzma
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source

_SEGMENT = re.compile(rb"\xff+([\xc0-\xcf\xda-\xfe])(..)", re.DOTALL)
_SCAN = re.compile(rb"(?:[^\xff]|\xff+(?=\xff)|\xff[\x00\xd0-\xd7])+", re.DOTALL)
_JFIF = re.compile(rb"JFIF\0.{7}\0\0", re.DOTALL)
_ADOBE = re.compile(rb"Adobe\0\x64\0{4}[\0-\2]")
_BACKWARDS = bytes(sum((byte >> bit & 1) << 7 - bit for bit in range(8)) for byte in range(256))
_LOOKED_AT = 1 << 18  # bytes of LZW in one block
_AHEAD = 3  # bytes that some decoders want to see where no code says the end
_PART = 1 << 22


@dataclass(slots=True)
class Blocks:
    """The numbers of a page that tell how large its strips or tiles are."""

    width: int
    height: int
    bits: int
    samples: int
    coding: int
    colours: int
    planar: int
    tile_width: int
    tile_height: int
    strip_rows: int
    subsampling: tuple[int, ...]
    backwards: bool

    @property
    def count(self) -> int:
        if self.tile_width:
            if not self.tile_height:
                raise Damaged("A page does not state the height of its tiles.")
            one = -(-self.width // self.tile_width) * -(-self.height // self.tile_height)
        elif self.strip_rows:
            one = -(-self.height // self.strip_rows)
        else:
            raise Damaged("A page does not state the rows of a strip.")
        return one * (self.samples if self.planar == 2 else 1)

    def bytes_of(self, index: int) -> int:
        """Of block `index` when it is decoded."""
        across, rows = self.tile_width or self.width, self.tile_height
        if not self.tile_width:
            left = self.height - index % -(-self.height // self.strip_rows) * self.strip_rows
            rows = min(self.strip_rows, left)
        if self.colours == 6 and self.planar == 1 and tuple(self.subsampling) != (1, 1):
            h, v = self.subsampling
            return (-(-across // h) * -(-rows // v) * (h * v + 2) * self.bits + 7) // 8
        together = 1 if self.planar == 2 else self.samples
        return (across * together * self.bits + 7) // 8 * rows

    def surplus(self, source: Source, index: int, at: int, size: int) -> Iterator[str]:
        """Names what stands in the block [at, at + size) and is no pixel. Raises Held."""
        if self.coding == 1:
            if size != self.bytes_of(index):
                yield "bytes behind the rows of a strip"
            return
        data = source.read(at, size)
        if self.coding == 7:
            yield from segments(data, tables=False)
            return
        if self.coding in (2, 3, 4):
            return
        if self.backwards:
            data = data.translate(_BACKWARDS)
        wanted = self.bytes_of(index)
        if self.coding in (8, 32946):
            end = _deflated(data, wanted)
        elif self.coding == 34925:
            end = _xz(data, wanted)
        elif self.coding == 32773:
            end = _packbits(data, wanted)
        elif self.coding == 5:
            end = _lzw(data, wanted) if size <= _LOOKED_AT else size
        else:
            raise Unsupported(f"The compression {self.coding} cannot be looked into.")
        if end != size:
            yield "bytes behind the last code of a strip"

    def tables(self, data: bytes) -> Iterator[str]:
        return segments(data, tables=True)


def segments(data: bytes, *, tables: bool) -> Iterator[str]:
    """Names JPEG segments that no decoder needs (ITU-T T.81 B.1.1)."""
    at, scans = 2, 0
    if not data.startswith(b"\xff\xd8"):
        raise Damaged("A JPEG in this TIFF has no beginning.")
    while data[at : at + 2] != b"\xff\xd9":
        match = _SEGMENT.match(data, at)
        if match is None:
            raise Damaged("A JPEG in this TIFF does not hold together.")
        kind, end = match[1][0], match.end(1) + int.from_bytes(match[2], "big")
        body = data[match.end() : end]
        if end > len(data) or end < match.end():
            raise Damaged("A JPEG in this TIFF is cut off.")
        if kind == 0xDA and not tables:
            scan = _SCAN.match(data, end)
            if scan is None:
                raise Damaged("A scan in this TIFF is empty.")
            scans += 1
            end = scan.end()
        elif kind == 0xFE or kind in (0xDA, *range(0xE0, 0xF0)):
            chooses = (kind == 0xE0 and _JFIF.fullmatch(body)) or (
                kind == 0xEE and _ADOBE.fullmatch(body)
            )
            if not chooses:
                yield f"JPEG segment FF{kind:02X}"
        elif kind not in (0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD):
            raise Unsupported(f"A JPEG in this TIFF has the segment FF{kind:02X}.")
        at = end
    if at + 2 != len(data):
        yield "bytes behind a JPEG"
    if not scans and not tables:
        raise Damaged("A JPEG in this TIFF has no scan.")


def _deflated(data: bytes, wanted: int) -> int:
    inflate, got, tail = zlib.decompressobj(), 0, data
    try:
        while not inflate.eof:
            part = inflate.decompress(tail, _PART)
            tail = inflate.unconsumed_tail
            got += len(part)
            if not part and not tail:
                break
            if got > wanted + _PART + (1 << 24):
                break
    except zlib.error as error:
        raise Damaged("A strip does not inflate.") from error
    if got < wanted:
        raise Damaged("A strip does not fill its rows.")
    return len(data) - len(inflate.unused_data)


def _xz(data: bytes, wanted: int) -> int:
    stream = lzma.LZMADecompressor()
    try:
        got = len(stream.decompress(data, wanted + (1 << 24)))
    except lzma.LZMAError as error:
        raise Damaged("A strip is no XZ stream.") from error
    if got < wanted:
        raise Damaged("A strip does not fill its rows.")
    return len(data) - len(stream.unused_data)


def _packbits(data: bytes, wanted: int) -> int:
    at = 0
    while wanted > 0 and at < len(data):
        code = int.from_bytes(data[at : at + 1], "big", signed=True)
        at += 2 + code if code >= 0 else 1 if code == -128 else 2
        wanted -= 1 + code if code >= 0 else 0 if code == -128 else 1 - code
    if wanted > 0 or at > len(data):
        raise Damaged("A strip does not fill its rows.")
    return at


def _lzw(data: bytes, wanted: int) -> int:
    """Where the codes end: table sizes alone are followed (TIFF 6.0 §13)."""
    stream = int.from_bytes(data[:64], "big")
    known, fed, at, width = 64 * 8 if len(data) > 64 else len(data) * 8, 64, 0, 9
    sizes, last = [1] * 256 + [0, 0], 0
    while at + width <= len(data) * 8:
        if at + width > known:
            stream = (stream & (1 << known - at) - 1) << 512
            piece = data[fed : fed + 64].ljust(64, b"\0")
            stream |= int.from_bytes(piece, "big")
            known, fed = known + 512, fed + 64
        code = stream >> known - at - width & (1 << width) - 1
        if wanted <= 0 and code not in (256, 257):
            break
        at += width
        if code == 257:
            if wanted > 0:
                break
            return (at + 7) // 8
        if code == 256:
            sizes, last, width = sizes[:258], 0, 9
            continue
        if last:
            sizes.append(last + 1)
        if code >= len(sizes):
            raise Damaged("The LZW codes of a strip do not hold together.")
        last = sizes[code]
        wanted -= last
        width = min(12, max(9, (len(sizes) + 1).bit_length()))
    if wanted > 0:
        raise Damaged("A strip does not fill its rows.")
    return min((at + 7) // 8 + _AHEAD, len(data))
