"""JPEG 2000 pictures: JP2, JPX that can be read as JP2, JPH, and bare codestreams.

(ISO/IEC 15444-1 Annex I, 15444-2 Annex M, 15444-15 Annex D.) Kept: the boxes that a JP2
reader reads, an ICC profile (cleaned as a file of its own), the resolution, the codestream
without its comments. Everything else goes: Exif, XMP, IPTC, GeoTIFF, XML, links, labels,
rights, signed statements, free space, reader requirements. The file is then a plain JP2, and
says so. Pictures that are composed of layers or of several codestreams are held.

Content digest: SHA-256 over the codestream without comments, lengths of tile-parts and TLM.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
from collections.abc import Iterator

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.adopted import adopt
from scrubber.formats.bmff import Box, boxes, number, open_box
from scrubber.formats.exif import split_exif
from scrubber.formats.icc import MAX_SIZE, colour_digest
from scrubber.formats.j2k import Shape, split_codestream
from scrubber.formats.settled import settle
from scrubber.formats.xmp import split_xmp
from scrubber.ledger import ROOT, CreditSlot, Ledger, PartId
from scrubber.model import Role, Source

_SIGNATURE = b"\0\0\0\x0cjP  \r\n\x87\n"
_COMPOSED = {
    b"jpch", b"jplh", b"comp", b"copt", b"inst", b"cgrp", b"opct", b"creg", b"dtbl", b"ftbl",
    b"flst", b"drep", b"gtso",
}  # fmt: skip
_GOING = {
    b"xml ": "TAG", b"uuid": "TAG", b"uinf": "URL", b"jp2i": "COPYRIGHT_NOTICE", b"asoc": "TAG",
    b"nlst": "TAG", b"lbl ": "CAPTION", b"jumb": "PROVENANCE", b"free": "PADDING",
    b"rreq": "TECHNICAL", b"chck": "PROVENANCE", b"roid": "TECHNICAL",
}  # fmt: skip
_EXIF = (b"JpgTiffExif->JP2", bytes.fromhex("0537cdab9d0c4431a72afa561f2a113e"))
_XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_UUIDS = {  # what else has a known id
    bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03"): ("GeoTIFF", "GPS_POSITION"),
    bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38"): ("IPTC", "TAG"),
    bytes.fromhex("09a14e97c0b442e0bebf36df6f0ce36f"): ("IPTC", "TAG"),
    bytes.fromhex("2c4c0100850440b9a03e562148d6dfeb"): ("Photoshop", "TAG"),
}
_SPACES = (12, 14, 16, 17, 18, 24)


class Jp2:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
        if source.read(0, 4) == b"\xff\x4f\xff\x51":
            shape, end = split_codestream(ledger, source, ROOT, 0, source.size)
            if end < source.size:
                ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")
        else:
            shape = _container(source, ledger)
        if not shape.packed:
            ledger.not_checked.append("HIDDEN_DATA")
        ledger.render(width=shape.width, height=shape.height, components=shape.components)


def _container(source: Source, ledger: Ledger) -> Shape:
    tops = list(_top(source, ledger))
    kinds = [box.kind for box in tops]
    if source.read(0, 12) != _SIGNATURE or kinds[1:2] != [b"ftyp"]:
        raise Damaged("A JPEG 2000 picture starts with its signature and its type.")
    if kinds.count(b"jp2h") != 1 or b"jp2c" not in kinds[kinds.index(b"jp2h") :]:
        raise Damaged("The picture needs one header and then its codestream.")
    if kinds.count(b"jp2c") > 1 or _COMPOSED.intersection(kinds):
        raise Unsupported("The picture is composed of layers.", fix="Export it as one picture.")
    ledger.leaf(ROOT, "jP", Role.FRAME, 0, 12)
    _type(ledger, source, tops[1])
    coded = tops[kinds.index(b"jp2c")]
    ledger.credit = CreditSlot(coded.at, _credit_box)
    for box in tops[2:]:
        if box.kind == b"jp2c":
            part = open_box(ledger, ROOT, box)
            shape, _ = split_codestream(ledger, source, part, box.body, box.end)
        elif box.kind != b"jp2h":
            _private(ledger, source, ROOT, box)
    _header(ledger, source, tops[kinds.index(b"jp2h")], shape)
    return shape


def _top(source: Source, ledger: Ledger) -> Iterator[Box]:
    """Boxes of the file; what follows the last whole one is a trailer."""
    end, seen = 0, False
    try:
        for box in boxes(source, 0, source.size):
            end = box.end
            seen = seen or box.kind == b"jp2c"
            yield box
    except Damaged:
        if not seen:
            raise
    if end < source.size:
        ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")


def _type(ledger: Ledger, source: Source, box: Box) -> None:
    """I.5.2: what goes leaves a plain JP2 (or JPH), so that is what the file is."""
    size = box.end - box.body
    brands = [source.read(at, 4) for at in range(box.body + 8, box.end - 3, 4)]
    plain = next((name for name in (b"jph ", b"jp2 ") if name in brands), None)
    if size < 12 or size % 4 or box.body != box.at + 8 or plain is None:
        raise Unsupported("The picture cannot be read as a plain JP2.", fix="Export it as JP2.")
    part = open_box(ledger, ROOT, box)
    settle(ledger, source, part, "brand", box.body, plain + bytes(4), entity="SOFTWARE")
    for index, name in enumerate(brands):
        at = box.body + 8 + 4 * index
        if index == brands.index(plain):
            ledger.leaf(part, "brand", Role.DISPLAY, at, at + 4)
        else:
            ledger.leaf(part, name.decode("latin-1"), Role.PRIVATE, at, at + 4, entity="SOFTWARE")


def _credit_box(packet: bytes) -> bytes:
    """XMP part 3 §1.1.4."""
    return struct.pack(">I4s", 24 + len(packet), b"uuid") + _XMP + packet


def _private(ledger: Ledger, source: Source, parent: PartId, box: Box) -> None:
    name, entity = box.name, _GOING.get(box.kind, "HIDDEN_DATA")
    if box.kind == b"uuid" and box.end - box.body >= 16:
        own = source.read(box.body, 16)
        start = box.body + 16
        if own in _EXIF or own == _XMP:
            _adopted(ledger, source, box, "XMP" if own == _XMP else "Exif", start)
            return
        name, entity = _UUIDS.get(own, (name, entity))
    elif box.kind == b"xml " and b"adobe:ns:meta" in source.read(
        box.body, min(200, box.end - box.body)
    ):
        _adopted(ledger, source, box, "XMP", box.body)
        return
    ledger.leaf(
        parent, name, Role.PRIVATE, box.at, box.end, entity=entity,
        describe=lambda data: data[8:].decode("utf-8", "replace"),
    )  # fmt: skip


def _adopted(ledger: Ledger, source: Source, box: Box, name: str, start: int) -> None:
    scratch = Ledger(ledger.size)
    skip = 6 if source.read(start, min(6, box.end - start)) == b"Exif\0\0" else 0

    def split(_: Ledger) -> None:
        if name == "XMP":
            split_xmp(scratch, source, ROOT, start, box.end)
        else:
            split_exif(scratch, source, ROOT, start + skip, box.end)

    adopt(ledger, name, box.at, box.end, scratch, split)
    turn = dict(scratch.rendering.facts).get("orientation", "1")
    if turn != "1":
        raise Unsupported(
            "The picture is turned by its metadata, which not all programs obey.",
            fix="Turn it and save it as a new file.",
        )


def _header(ledger: Ledger, source: Source, box: Box, shape: Shape) -> None:
    """I.5.3."""
    part = open_box(ledger, ROOT, box)
    inner = list(boxes(source, box.body, box.end))
    kinds = [row.kind for row in inner]
    if kinds[:1] != [b"ihdr"] or _COMPOSED.intersection(kinds):
        raise Damaged("The header of the picture does not start with its size.")
    if kinds.count(b"colr") != 1 or any(kinds.count(kind) > 1 for kind in _TABLES):
        raise Unsupported("The picture states its colours more than once, or not at all.")
    channels = hashlib.sha256()
    for row in inner:
        if row.kind == b"ihdr":
            _size(ledger, source, part, row, shape)
        elif row.kind == b"colr":
            _colour(ledger, source, open_box(ledger, part, row), row)
        elif row.kind in _TABLES:
            end = row.body + _length(source, row, shape.components)
            if end > row.end or (row.kind == b"bpcc" and end < row.end):
                raise Damaged(f"The box {row.name} has a wrong length.")
            table = open_box(ledger, part, row)
            ledger.leaf(table, "table", Role.DISPLAY, row.body, end)
            channels.update(row.kind + source.read(row.body, end - row.body))
        elif row.kind == b"res ":
            _resolution(ledger, source, part, row)
        else:
            _private(ledger, source, part, row)
    ledger.render(channels=channels.hexdigest())


_TABLES = (b"ihdr", b"bpcc", b"pclr", b"cmap", b"cdef")


def _length(source: Source, box: Box, components: int) -> int:
    """Bytes of a table, by what it counts (I.5.3.2, I.5.3.4 to I.5.3.6)."""
    if box.kind == b"bpcc":
        return components
    if box.kind == b"cdef":
        return 2 + 6 * number(source, box.body, 2)
    if box.kind == b"cmap":
        return (box.end - box.body) // 4 * 4
    entries, columns = number(source, box.body, 2), number(source, box.body + 2, 1)
    depths = source.read(box.body + 3, columns)
    return 3 + columns + entries * sum(((depth & 0x7F) + 8) // 8 for depth in depths)


def _size(ledger: Ledger, source: Source, parent: PartId, box: Box, shape: Shape) -> None:
    """I.5.3.1. The last byte says that rights are stated, in a box that goes."""
    height, width, count, _, coding, unknown, _ = struct.unpack(
        ">IIHBBBB", source.read(box.body, 14)
    )
    if (width, height, count) != (shape.width, shape.height, shape.components):
        raise Damaged("Header and codestream state different sizes.")
    if coding != 7 or unknown > 1:
        raise Damaged("The header of the picture is damaged.")
    part = open_box(ledger, parent, box)
    ledger.leaf(part, "size", Role.DISPLAY, box.body, box.body + 13)
    settle(ledger, source, part, "rights", box.body + 13, b"\0", entity="COPYRIGHT_NOTICE")


def _colour(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """I.5.3.3: a colour space by number, or a profile."""
    if box.end - box.body < 3:
        raise Damaged("The statement of the colours is cut off.")
    method, _, approximation = source.read(box.body, 3)
    if method not in (1, 2) or approximation > 4:
        raise Unsupported("The colours are described in a way that scrub does not know.")
    ledger.leaf(part, "method", Role.DISPLAY, box.body, box.body + 1)
    settle(ledger, source, part, "precedence", box.body + 1, b"\0", role=Role.DISPLAY)
    ledger.leaf(part, "approximation", Role.DISPLAY, box.body + 2, box.body + 3)
    start = box.body + 3
    if method == 2:
        profile = ledger.leaf(part, "profile", Role.DISPLAY, start, box.end)
        ledger.nest(profile, (), "icc")
        with contextlib.suppress(Held, struct.error, IndexError):  # its own rebuild says why
            ledger.render(profile=colour_digest(source.read(start, min(box.end - start, MAX_SIZE))))
        return
    space = number(source, start, 4) if box.end - start >= 4 else 0
    size = 32 if space == 14 and box.end - start >= 32 else 4
    if box.end - start < 4:
        raise Damaged("The colour space is cut off.")
    if space not in _SPACES:
        raise Unsupported("The picture has a colour space that scrub does not know.")
    ledger.leaf(part, "space", Role.DISPLAY, start, start + size)
    ledger.render(colours=source.read(start, size).hex())


def _exists(resolution: bytes) -> bool:
    """Two fractions and powers of ten: more than 10^9 pixels a metre is no resolution."""
    numbers = struct.unpack(">4H2b", resolution)
    return all(numbers[:4]) and all(abs(power) <= 9 for power in numbers[4:])


def _resolution(ledger: Ledger, source: Source, parent: PartId, box: Box) -> None:
    """I.5.3.7: pixels a metre, when captured and when shown."""
    part = open_box(ledger, parent, box)
    seen = set[bytes]()
    for row in boxes(source, box.body, box.end):
        known = row.kind in (b"resc", b"resd") and row.kind not in seen
        if known and row.end - row.body >= 10 and _exists(source.read(row.body, 10)):
            inner = open_box(ledger, part, row)
            ledger.leaf(inner, "resolution", Role.DISPLAY, row.body, row.body + 10)
            seen.add(row.kind)
        else:
            _private(ledger, source, part, row)
