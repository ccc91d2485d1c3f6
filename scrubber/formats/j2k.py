"""The codestream of JPEG 2000 (ISO/IEC 15444-1 Annex A), and of its fast form (15444-15).

Comments go, from the main header and from the headers of tile-parts, whose lengths follow
them here and in the index of tile-parts (TLM). So does an index that is not true, and what
stands behind the end. Everything else is content.

What stands behind the last packet of a tile-part can only be told by decoding, unless the
stream states the lengths of its packets (PLT): they must then fill the tile-part.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import bundle
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_SOC, _SIZ, _COD, _COC, _TLM, _PLM, _PLT, _QCD, _QCC, _RGN, _POC, _PPM, _PPT, _CRG, _COM = (
    0xFF4F, 0xFF51, 0xFF52, 0xFF53, 0xFF55, 0xFF57, 0xFF58, 0xFF5C, 0xFF5D, 0xFF5E, 0xFF5F,
    0xFF60, 0xFF61, 0xFF63, 0xFF64,
)  # fmt: skip
_CAP, _PRF, _CPF, _SOT, _SOD, _EOC = 0xFF50, 0xFF56, 0xFF59, 0xFF90, 0xFF93, 0xFFD9
_MAIN = {_COD, _COC, _TLM, _PLM, _QCD, _QCC, _RGN, _POC, _PPM, _CRG, _CAP, _PRF, _CPF}
_TILE = {_COD, _COC, _QCD, _QCC, _RGN, _POC, _PPT, _PLT}
_SEGMENTS = 100_000
_PARTS = 200_000
_BLOCK = 1 << 20
_PROGRAMS = ("created by", "kakadu", "kdu", "openjpeg", "jasper", "aware", "encoded", "lead")


class Segment(NamedTuple):
    """A marker segment; `at` is its marker, `body` what comes after its length."""

    kind: int
    at: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Shape:
    """Of the picture. `packed`: all bytes of all tile-parts are known to be packets."""

    width: int
    height: int
    components: int
    packed: bool


@dataclass(slots=True)
class _Walk:
    source: Source
    ledger: Ledger
    parent: PartId
    end: int
    components: int = 0
    levels: int = 0  # of the wavelet, the most that any component has
    steps: int = 0  # of the quantisation, likewise
    indices: list[Segment] = field(default_factory=list)
    parts: list[tuple[int, int, int]] = field(default_factory=list)  # tile, start, end
    packed: bool = True

    def u16(self, at: int) -> int:
        return int.from_bytes(self.source.read(at, 2), "big")

    def coded(self, start: int, end: int) -> None:
        self.ledger.leaf(self.parent, "codestream", Role.CODED, start, end)


def split_codestream(
    ledger: Ledger, source: Source, parent: PartId, start: int, end: int
) -> tuple[Shape, int]:
    """Claims the codestream in [start, end) below `parent`. Returns its shape and its end.

    Raises Damaged, or Unsupported for what Part 1 does not know.
    """
    walk = _Walk(source, ledger, parent, end)
    if walk.u16(start) != _SOC or walk.u16(start + 2) != _SIZ:
        raise Damaged("A codestream of JPEG 2000 starts with its size.")
    walk.coded(start, start + 2)
    at, shape = start + 2, (0, 0)
    for segment in _segments(walk, at, _SOT):
        if segment.kind == _SIZ and not walk.components:
            shape = _size(walk, segment)
            walk.coded(segment.at, segment.end)
        elif segment.kind == _TLM:
            walk.indices.append(segment)
        else:
            _segment(walk, segment, _MAIN)
        at = segment.end
    while walk.u16(at) != _EOC:
        if len(walk.parts) == _PARTS:
            raise Unsupported(f"The picture has more than {_PARTS} tile-parts.")
        at = _tile_part(walk, at)
    if not walk.parts or walk.steps > 3 * walk.levels + 1:
        raise Damaged("The picture has no tile, or numbers for more than it has.")
    walk.coded(at, at + 2)
    _index(walk)
    return Shape(*shape, walk.components, walk.packed), at + 2


def _segments(walk: _Walk, at: int, stop: int) -> Iterator[Segment]:
    for _ in range(_SEGMENTS):
        kind = walk.u16(at)
        if kind == stop:
            return
        end = at + 2 + walk.u16(at + 2)
        if end < at + 4 or end > walk.end:
            raise Damaged(f"The marker segment at offset {at} leads outside.")
        yield Segment(kind, at, at + 4, end)
        at = end
    raise Damaged("A header has too many marker segments.")


def _size(walk: _Walk, segment: Segment) -> tuple[int, int]:
    """A.5.1. Bit 15 of the capabilities: extensions of Part 2."""
    data = walk.source.read(segment.body, segment.end - segment.body)
    rsiz, right, bottom, left, top = struct.unpack_from(">HIIII", data)
    walk.components = int.from_bytes(data[34:36], "big")
    if len(data) != 36 + 3 * walk.components or not walk.components:
        raise Damaged("The size of the picture is damaged.")
    if rsiz & 0x8000:
        raise Unsupported("The picture uses extensions of JPEG 2000 (Part 2).")
    if right <= left or bottom <= top:
        raise Damaged("The picture has no size.")
    return right - left, bottom - top


def _segment(walk: _Walk, segment: Segment, known: set[int]) -> None:
    if segment.kind == _COM:
        _comment(walk, segment)
        return
    if segment.kind not in known:
        raise Unsupported(f"The picture has a marker ({segment.kind:04X}) that is not of Part 1.")
    _measure(walk, segment)
    walk.coded(segment.at, segment.end)


def _measure(walk: _Walk, segment: Segment) -> None:
    """Lengths that follow from what the segment says (A.6): nothing stands behind it."""
    kind, size = segment.kind, segment.end - segment.body
    data = walk.source.read(segment.body, min(size, 16))
    wide = 2 if walk.components > 256 else 1
    if kind in (_COD, _COC):
        skip = wide if kind == _COC else 0
        style, levels = data[skip], data[skip + (1 if kind == _COC else 5)]
        walk.levels = max(walk.levels, levels)
        true = skip + (6 if kind == _COC else 10) + (levels + 1 if style & 1 else 0)
    elif kind in (_QCD, _QCC):
        skip = wide if kind == _QCC else 0
        style, rest = data[skip] & 31, size - skip - 1
        steps = rest if style == 0 else rest // 2
        if style > 2 or (style and rest % 2) or (style == 1 and steps != 1) or not steps:
            raise Damaged("The quantisation is damaged.")
        walk.steps = max(walk.steps, steps)
        return
    elif kind == _RGN:
        true = wide + 2
    elif kind == _POC:
        true = size - size % (5 + 2 * wide)
    elif kind == _CRG:
        true = 4 * walk.components
    elif kind == _CAP:
        true = 4 + 2 * int.from_bytes(data[:4], "big").bit_count()
    else:
        return
    if size != true:
        raise Damaged(f"The marker segment at offset {segment.at} has a wrong length.")


def _comment(walk: _Walk, segment: Segment) -> None:
    """A.9.2: a comment, bytes or Latin-1."""
    text = walk.source.read(segment.body, min(segment.end - segment.body, 300))[2:]
    words = text.decode("latin-1").lower()
    entity = "SOFTWARE" if words.startswith(_PROGRAMS) else "CAPTION"
    bundle(
        walk.ledger, walk.parent, "COM", entity, segment.at, segment.end,
        describe=lambda data: data[6:].decode("latin-1"),
    )  # fmt: skip


def _tile_part(walk: _Walk, at: int) -> int:
    """A.4.2: a header, packets. Returns where it ends."""
    if walk.u16(at) != _SOT or walk.u16(at + 2) != 10:
        raise Damaged(f"No tile-part starts at offset {at}.")
    tile, length = struct.unpack(">HI", walk.source.read(at + 4, 6))
    body, packets, indexed = at + 12, 0, False
    pending: list[Segment] = []
    for segment in _segments(walk, body, _SOD):
        pending.append(segment)
        if segment.kind == _PLT:
            packets += _packets(walk.source.read(segment.body + 1, segment.end - segment.body - 1))
            indexed = True
        body = segment.end
    end = at + length if length else _end_of_stream(walk, body + 2)
    if end < body + 2 or end + 2 > walk.end:
        raise Damaged(f"The tile-part at offset {at} is cut off.")
    walk.coded(at, at + 6)
    walk.ledger.leaf(walk.parent, "length", Role.FRAME, at + 6, at + 10)
    if length:
        walk.ledger.length(at + 6, 4, "big", at, end)
    walk.coded(at + 10, at + 12)
    for segment in pending:
        _segment(walk, segment, _TILE)
    walk.coded(body, end)
    if indexed and packets != end - body - 2:
        raise Unsupported("A tile-part holds something else than its packets.")
    walk.packed &= indexed
    walk.parts.append((tile, at, end))
    return end


def _packets(lengths: bytes) -> int:
    """A.7.3: the sum of packet lengths, seven bits a byte."""
    total = value = 0
    for byte in lengths:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            total += value
            value = 0
    if value:
        raise Unsupported("The lengths of packets are spread over marker segments.")
    return total


def _end_of_stream(walk: _Walk, at: int) -> int:
    """No packet holds FF D9, so the first one ends the stream."""
    while at < walk.end:
        block = walk.source.read(at, min(_BLOCK, walk.end - at))
        found = block.find(b"\xff\xd9")
        if found >= 0:
            return at + found
        at += max(len(block) - 1, 1)
    raise Damaged("The codestream has no end.")


def _index(walk: _Walk) -> None:
    """A.7.1: the lengths of all tile-parts in their order. One that is not true goes."""
    rows: list[tuple[int, int, int | None]] = []  # where the length stands, its bytes, tile
    true = True
    ledger = walk.ledger
    for number, segment in enumerate(walk.indices):
        data = walk.source.read(segment.body, segment.end - segment.body)
        tag, wide = data[1] >> 4 & 3, 4 if data[1] & 0x40 else 2
        true = true and data[0] == number and not data[1] & 0x8F and tag < 3
        true = true and (len(data) - 2) % (tag + wide) == 0
        for at in range(2, len(data), tag + wide):
            tile = int.from_bytes(data[at : at + tag], "big") if tag else None
            rows.append((segment.body + at + tag, wide, tile))
    true = true and len(rows) == len(walk.parts)
    for (at, wide, tile), (own, start, end) in zip(rows, walk.parts, strict=False):
        if not true or at + wide > walk.end:
            break
        stated = int.from_bytes(walk.source.read(at, wide), "big")
        true = stated == end - start and tile in (None, own)
    for segment in walk.indices:
        if true:
            ledger.leaf(walk.parent, "TLM", Role.FRAME, segment.at, segment.end)
        else:
            ledger.leaf(
                walk.parent, "TLM that is not true", Role.SLACK, segment.at, segment.end,
                entity="HIDDEN_DATA",
            )  # fmt: skip
    if true:
        for (at, wide, _), (_, start, end) in zip(rows, walk.parts, strict=True):
            ledger.length(at, wide, "big", start, end)
