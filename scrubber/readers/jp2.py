"""Second reader for JPEG 2000: what a plain JP2 may hold, named place by place.

Content digest: SHA-256 over the codestream without comments, lengths of tile-parts and TLM.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Held
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.xmp_credit import credit_in

_BLOCK = 1 << 20
_SPACES = {12: 4, 14: 32, 16: 4, 17: 4, 18: 4, 24: 4}
_MAIN = bytes.fromhex("505253555657595c5d5e5f606364")
_TILE = bytes.fromhex("5253585c5d5e5f6164")


@dataclass(slots=True)
class _Look:
    source: Source
    facts: dict[str, object] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    components: int = 0
    lengths: list[int] = field(default_factory=list)  # of tile-parts
    tiles: list[int] = field(default_factory=list)
    stated: bytes = b""  # the lengths in TLM, as they should be
    pending: list[bytes] = field(default_factory=list)

    def u(self, at: int, width: int) -> int:
        return int.from_bytes(self.source.read(at, width), "big")

    def feed(self, start: int, end: int) -> None:
        while start < end:
            step = min(_BLOCK, end - start)
            self.digest.update(self.source.read(start, step))
            start += step


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """The whole file. Raises Damaged; leftovers name what is not content."""
    look = _Look(source)
    if source.read(0, min(4, source.size)) == b"\xff\x4f\xff\x51":
        _codestream(look, 0, source.size)
    else:
        _file(look)
    facts = Rendering.of(**look.facts)
    return Reading("jp2", look.digest.hexdigest(), facts, tuple(look.leftovers))


def _rows(look: _Look, start: int, end: int, top: bool = False) -> list[tuple[str, int, int]]:
    """Type, body and end of each box in [start, end)."""
    rows: list[tuple[str, int, int]] = []
    while start < end:
        if end - start < 8:
            look.leftovers.append("bytes that are no box")
            break
        size, kind = struct.unpack(">I4s", look.source.read(start, 8))
        body = start + 8
        if size == 1:
            size, body = look.u(body, 8), body + 8
        elif size == 0 and top:
            size = end - start
        if size < body - start or start + size > end:
            if not any(row[0] == "jp2c" for row in rows):
                raise Damaged("A box is cut off.")
            look.leftovers.append("bytes that are no box")
            break
        rows.append((kind.decode("latin-1"), body, start + size))
        start += size
    return rows


def _file(look: _Look) -> None:
    rows = _rows(look, 0, look.source.size, top=True)
    others = [row for row in rows if row[0] not in _TOP]
    look.leftovers += [_credit(look, others, *row) or f"box {row[0]!a}" for row in others]
    kept = [row for row in rows if row[0] in _TOP]
    if [name for name, _, _ in kept] != ["jP  ", "ftyp", "jp2h", "jp2c"]:
        raise Damaged("The boxes of the picture are not those of a JP2.")
    (_, start, stop), (_, brand, brands), (_, head, tail), (_, body, end) = kept
    if look.source.read(start, stop - start) != b"\r\n\x87\n":
        raise Damaged("The signature of JPEG 2000 is damaged.")
    known = look.source.read(brand, min(brands - brand, 1000))
    if known not in (b"jp2 \0\0\0\0jp2 ", b"jph \0\0\0\0jph "):
        look.leftovers.append("brands")
    _codestream(look, body, end)
    _header(look, head, tail)


def _credit(look: _Look, others: list[tuple[str, int, int]], name: str, body: int, end: int) -> str:
    """A box of XMP with a credit and nothing else, which stands alone."""
    data = look.source.read(body, min(end - body, 1 << 17))
    found = credit_in(data[16:]) if name == "uuid" and data[:16] == _XMP else ()
    alone = len(others) == 1 and len(data) == end - body
    return f"credit: {', '.join(found)}" if found and alone else ""


def _header(look: _Look, head: int, tail: int) -> None:
    channels = hashlib.sha256()
    colours = 0
    for name, at, stop in _rows(look, head, tail):
        if name == "ihdr":
            _size(look, look.source.read(at, stop - at))
        elif name == "colr":
            colours += 1
            _colour(look, look.source.read(at, stop - at))
        elif name in ("bpcc", "pclr", "cmap", "cdef"):
            data = look.source.read(at, stop - at)
            size = _table(look, name, data)
            if len(data) < size or (name == "bpcc" and len(data) > size):
                raise Damaged("A table of the header has a wrong length.")
            if len(data) > size:
                look.leftovers.append(f"bytes behind {name}")
            channels.update(name.encode() + data[:size])
        elif name == "res ":
            _resolution(look, _rows(look, at, stop))
        else:
            look.leftovers.append(f"jp2h {name!a}")
    if colours != 1:
        raise Damaged("The picture needs one statement of its colours.")
    look.facts["channels"] = channels.hexdigest()


def _resolution(look: _Look, rows: list[tuple[str, int, int]]) -> None:
    names = [name for name, _, _ in rows]
    if len(set(names)) < len(names) or not set(names) <= {"resc", "resd"}:
        look.leftovers.append("boxes beside the resolution")
    if any(end - start != 10 for _, start, end in rows):
        look.leftovers.append("bytes behind the resolution")
    for _, start, end in rows:
        powers = look.source.read(start, end - start)[8:10]
        if any(9 < power < 247 for power in powers):
            look.leftovers.append("a resolution that does not exist")


_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_TOP = ("jP  ", "ftyp", "jp2h", "jp2c")


def _size(look: _Look, data: bytes) -> None:
    if len(data) < 14 or data[11] != 7:
        raise Damaged("The header of the picture is damaged.")
    height, width, count = struct.unpack_from(">IIH", data)
    facts = look.facts
    if (width, height, count) != (facts["width"], facts["height"], look.components):
        raise Damaged("Header and codestream differ in size.")
    if data[13:] != b"\0" or data[12] > 1:
        look.leftovers.append("statement of rights")


def _colour(look: _Look, data: bytes) -> None:
    if len(data) < 7:
        raise Damaged("The statement of the colours is cut off.")
    if data[1:2] != b"\0" or data[2] > 4:
        look.leftovers.append("precedence of the colours")
    if data[0] == 2:
        try:
            look.facts["profile"], left = icc.examine(data[3:])
            look.leftovers += left
        except Held as error:
            look.leftovers.append(f"profile: {error.what}")
    elif data[0] == 1:
        size = _SPACES.get(int.from_bytes(data[3:7], "big"), 0)
        size = 4 if len(data) < 3 + size else size
        if not size:
            raise Damaged("The colour space is unknown.")
        look.facts["colours"] = data[3 : 3 + size].hex()
        if len(data) > 3 + size:
            look.leftovers.append("bytes behind the colour space")
    else:
        raise Damaged("The colours are stated in an unknown way.")


def _table(look: _Look, name: str, data: bytes) -> int:
    if name == "bpcc":
        return look.components
    if name == "cmap":
        return len(data) - len(data) % 4
    if name == "cdef":
        return 2 + 6 * int.from_bytes(data[:2], "big")
    widths = [(bits % 128 + 8) // 8 for bits in data[3 : 3 + data[2]]]
    return 3 + len(widths) + (data[0] << 8 | data[1]) * sum(widths)


def _codestream(look: _Look, start: int, end: int) -> None:
    """Main header, tile-parts, end."""
    if look.source.read(start, 4) != b"\xff\x4f\xff\x51":
        raise Damaged("The codestream has no start.")
    siz = look.source.read(start + 6, look.u(start + 4, 2) - 2)
    right, bottom, left, top = struct.unpack_from(">4I", siz, 2)
    look.components = int.from_bytes(siz[34:36], "big")
    if len(siz) != 36 + 3 * look.components or siz[0] & 0x80 or right <= left or bottom <= top:
        raise Damaged("The size of the codestream is damaged.")
    look.facts.update(width=right - left, height=bottom - top, components=look.components)
    look.feed(start, start + 6 + len(siz))
    at = _headers(look, start + 6 + len(siz), end, "90", _MAIN)
    while look.source.read(at, 2) == b"\xff\x90":
        at = _tile_part(look, at, end)
    if look.source.read(at, 2) != b"\xff\xd9" or not look.lengths:
        raise Damaged("The codestream has no end.")
    look.feed(at, at + 2)
    if at + 2 < end:
        look.leftovers.append("bytes behind the codestream")
    _compare(look)


def _headers(look: _Look, at: int, end: int, stop: str, known: bytes) -> int:
    """Marker segments up to `stop`. Returns where that stands."""
    while True:
        marker = look.source.read(at, 2)
        if marker.hex() == "ff" + stop:
            return at
        size = look.u(at + 2, 2)
        if marker[:1] != b"\xff" or marker[1] not in known or size < 2:
            raise Damaged(f"No known marker stands at offset {at}.")
        if at + 2 + size > end:
            raise Damaged("A marker segment is cut off.")
        if marker[1] == 0x64:
            look.leftovers.append("comment")
        elif marker[1] == 0x55:
            look.pending.append(look.source.read(at + 4, size - 2))
        else:
            look.feed(at, at + 2 + size)
        at += 2 + size


def _tile_part(look: _Look, at: int, end: int) -> int:
    length, tile, size = look.u(at + 2, 2), look.u(at + 4, 2), look.u(at + 6, 4)
    if length != 10:
        raise Damaged("The head of a tile-part is damaged.")
    look.feed(at, at + 6)
    look.feed(at + 10, at + 12)
    body = _headers(look, at + 12, end, "93", _TILE)
    if size:
        stop = at + size
    else:  # the last one, up to the end
        place = body
        while look.source.read(place, 2) != b"\xff\xd9":
            window = look.source.read(place, min(_BLOCK, end - place))
            found = window.find(b"\xff\xd9")
            place += found if found >= 0 else len(window) - 1
            if place + 2 > end:
                raise Damaged("The codestream has no end.")
        stop = place
    if stop < body + 2 or stop + 2 > end:
        raise Damaged("A tile-part is cut off.")
    look.feed(body, stop)
    look.lengths.append(stop - at)
    look.tiles.append(tile)
    return stop


def _compare(look: _Look) -> None:
    """TLM, composed from what the tile-parts are."""
    if not look.pending:
        return
    place = 0
    for number, data in enumerate(look.pending):
        style = data[1]
        tag, wide = style >> 4, 4 if style & 0x40 else 2
        tag &= 3
        count = (len(data) - 2) // (tag + wide)
        rows = zip(look.tiles[place:], look.lengths[place:], strict=True)
        true = bytes([number, style & 0x70]) + b"".join(
            tile.to_bytes(2, "big")[2 - tag :] + (size % (1 << 8 * wide)).to_bytes(wide, "big")
            for tile, size in list(rows)[:count]
        )
        place += count
        if tag > 2 or data != true:
            look.leftovers.append("TLM that is not true")
    if place != len(look.lengths):
        look.leftovers.append("TLM that is not true")
