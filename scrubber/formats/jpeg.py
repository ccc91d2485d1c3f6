"""JPEG (ITU-T T.81 | ISO 10918-1, Annex B; JFIF T.871; Adobe T.872 §6.5.3).

Kept: frame headers, the tables that a scan uses, scans, restart intervals,
JFIF and Adobe in canonical form (they decide the colours), Orientation, and
the ICC profile (cleaned as a file of its own). Everything else is private,
wherever it stands: before the frame, between scans, between segments, after
the end. The content digest is over the frame headers, used tables, scan
headers and entropy-coded bytes, in order.
"""

from __future__ import annotations

import contextlib
import re
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.exif import split_exif
from scrubber.formats.icc import colour_digest
from scrubber.formats.jpeg_segments import name_of, trailer_of
from scrubber.formats.photoshop import split_photoshop
from scrubber.formats.xmp import (
    XMP_SIGNATURE,
    effective_orientation,
    orientation_part,
    split_xmp,
)
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

_EXIF = re.compile(rb"Exif\0[\0\xff]", re.IGNORECASE)
_ICC = b"ICC_PROFILE\0"
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7]")  # one literal first: searched at memchr's speed
_UNSTUFFED = re.compile(rb"\xff[^\x00]")
_RESTART = re.compile(rb"\xff[\xd0-\xd7]")
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF}
_ADOBE_CANONICAL = b"\0\x64\0\0\0\0"
_ORIENTATION_APP1 = (
    b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"
)


@dataclass(slots=True)
class _Table:
    """One table of a DQT or DHT segment, until it is known whether a scan uses it."""

    segment: PartId
    start: int
    end: int
    name: str
    used: bool = False


@dataclass(slots=True)
class _Picture:
    ledger: Ledger
    source: Source
    data: bytes
    quantisation: dict[int, _Table] = field(default_factory=dict)
    huffman: dict[int, _Table] = field(default_factory=dict)
    tables: list[_Table] = field(default_factory=list)
    components: dict[int, int] = field(default_factory=dict)  # id → quantisation table
    frame: int = 0
    interval: int = 0
    icc: list[tuple[int, PartId, int, int, int]] = field(default_factory=list)
    exif: list[tuple[PartId, int, int]] = field(default_factory=list)
    xmp: list[tuple[PartId, int, int]] = field(default_factory=list)
    jfif: bool = False
    adobe: int = -1
    scans: int = 0
    latched: set[int] = field(default_factory=set)  # components whose DQT is taken
    oriented: PartId | None = None


class Jpeg:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        data = source.read(0, source.size)
        if data[:2] != b"\xff\xd8":
            raise Damaged("A JPEG must start with the marker SOI.")
        ledger.leaf(ROOT, "SOI", Role.FRAME, 0, 2)
        picture = _Picture(ledger, source, data)
        end = _segments(picture, 2)
        _claim_tables(picture)
        _claim_profile(picture)
        _claim_exif(picture)
        if end < len(data):
            name, entity = trailer_of(data[end : end + 32], data[-32:])
            ledger.leaf(ROOT, name, Role.PRIVATE, end, len(data), entity=entity)
        _render(picture)


def _segments(picture: _Picture, at: int) -> int:
    """Walks the markers (T.81 B.1.1) up to EOI. Returns the offset after it."""
    data, ledger = picture.data, picture.ledger
    while True:
        start, marker_at = _next_marker(data, at)
        if marker_at + 2 > len(data):
            raise Damaged("The picture has no end marker (EOI).", "It was cut off.")
        if start > at:
            ledger.leaf(ROOT, "junk", Role.SLACK, at, start, entity="HIDDEN_DATA")
        if marker_at > start:
            ledger.leaf(ROOT, "fill", Role.SLACK, start, marker_at, entity="PADDING")
        marker = data[marker_at + 1]
        at = marker_at + 2
        if marker == 0xD9:
            if not picture.scans:
                raise Damaged("The picture ends before its first scan.")
            ledger.leaf(ROOT, "EOI", Role.FRAME, marker_at, at)
            return at
        if marker == 0xD8:
            raise Damaged(f"A second picture starts at offset {marker_at} inside the first.")
        if marker == 0x01:
            ledger.leaf(ROOT, "TEM", Role.SLACK, marker_at, at, entity="HIDDEN_DATA")
            continue
        if at + 2 > len(data):
            raise Damaged("The last segment is cut off.")
        length = data[at] << 8 | data[at + 1]
        if length < 2 or at + length > len(data):
            raise Damaged(
                f"The segment FF{marker:02X} at offset {marker_at} declares {length} bytes;",
                f"{len(data) - at} remain.",
            )
        at = _segment(picture, marker, marker_at, at + length)


def _next_marker(data: bytes, at: int) -> tuple[int, int]:
    """Where the next marker's fill bytes (T.81 B.1.1.2) and its own FF stand; the end if none."""
    while match := _MARKER.search(data, at):
        start = match.start()
        last = start
        while data[last + 1 : last + 2] == b"\xff":
            last += 1
        code = data[last + 1 : last + 2]
        if code and code != b"\0" and not b"\xd0" <= code <= b"\xd7":
            return start, last
        at = last + 2
    return len(data), len(data)


def _segment(picture: _Picture, marker: int, at: int, end: int) -> int:
    """One segment [at, end), marker included. Returns where the next one is looked for."""
    if marker in _FRAMES:
        _frame(picture, marker, at, end)
    elif marker == 0xDA:
        return _scan(picture, at, end)
    elif marker == 0xDB:
        _quantisation(picture, at, end)
    elif marker == 0xC4:
        _huffman(picture, at, end)
    elif marker == 0xDD:
        if end - at != 6:
            raise Damaged("The restart interval (DRI) has a wrong length.")
        picture.interval = int.from_bytes(picture.data[at + 4 : at + 6], "big")
        picture.ledger.leaf(ROOT, "DRI", Role.CODED, at, end)
    elif marker == 0xCC:
        picture.ledger.leaf(ROOT, "DAC", Role.CODED, at, end)
    elif marker == 0xDC:
        picture.ledger.leaf(ROOT, "DNL", Role.SLACK, at, end, entity="HIDDEN_DATA")
    elif marker == 0xFE:
        picture.ledger.leaf(ROOT, "COM", Role.PRIVATE, at, end, entity="CAPTION", describe=_comment)
    elif 0xE0 <= marker <= 0xEF:
        _application(picture, marker - 0xE0, at, end)
    elif marker in _OTHER_FRAMES:
        raise Unsupported(
            f"This kind of JPEG (marker FF{marker:02X}) cannot be checked by two decoders.",
            fix="Export it again as a baseline or progressive JPEG.",
        )
    else:
        raise Unsupported(f"The marker FF{marker:02X} at offset {at} is reserved.")
    return end


def _comment(data: bytes) -> str:
    return data[4:].decode("utf-8", "replace").rstrip("\0")


def _frame(picture: _Picture, marker: int, at: int, end: int) -> None:
    data = picture.data
    if picture.frame:
        raise Damaged("The picture has two frame headers.")
    count = data[at + 9] if end - at > 9 else 0
    if end - at != 10 + 3 * count or not count:
        raise Damaged("The frame header (SOF) has a wrong length.")
    if data[at + 4] != 8:
        raise Unsupported(f"The picture has {data[at + 4]} bits a sample.")
    height, width = (int.from_bytes(data[at + i : at + i + 2], "big") for i in (5, 7))
    if not height or not width:
        raise Unsupported("The picture does not state its height.")
    for index in range(count):
        row = at + 10 + 3 * index
        picture.components[data[row]] = data[row + 2]
    if len(picture.components) != count:
        raise Damaged("Two components have the same number.")
    picture.frame = marker
    picture.ledger.leaf(ROOT, f"SOF{marker - 0xC0}", Role.CODED, at, end)
    picture.ledger.render(width=width, height=height)


def _scan(picture: _Picture, at: int, end: int) -> int:
    """A scan header and its entropy-coded segments (T.81 B.2.3, B.1.1.5)."""
    data, ledger = picture.data, picture.ledger
    if not picture.frame:
        raise Damaged("A scan stands before the frame header.")
    count = data[at + 4] if end - at > 4 else 0
    if not 1 <= count <= 4 or end - at != 8 + 2 * count:
        raise Damaged("A scan header (SOS) has a wrong length.")
    first, last, approximation = data[end - 3 : end]
    if picture.frame in (0xC0, 0xC1, 0xC9) and (first, last, approximation) != (0, 63, 0):
        raise Unsupported("A sequential scan header holds numbers that no decoder reads.")
    coded = picture.frame in (0xC0, 0xC1, 0xC2)  # by Huffman, not by arithmetic
    for index in range(count):
        number, tables = data[at + 5 + 2 * index], data[at + 6 + 2 * index]
        if number not in picture.components:
            raise Damaged("A scan names a component that the frame does not have.")
        if number not in picture.latched:  # the first scan of a component takes its table
            picture.latched.add(number)
            _use(picture.quantisation, picture.components[number], needed=True)
        if picture.frame in (0xC0, 0xC1) or (first == 0 and not approximation >> 4):
            _use(picture.huffman, tables >> 4, needed=coded)
        if picture.frame in (0xC0, 0xC1) or last:
            _use(picture.huffman, 0x10 | tables & 0x0F, needed=coded)
    stop = _scan_end(data, end, bool(picture.interval))
    if stop == end:
        raise Damaged("A scan is empty.")
    picture.scans += 1
    ledger.leaf(ROOT, f"scan {picture.scans}", Role.CODED, at, stop)
    return stop


def _scan_end(data: bytes, at: int, restarts: bool) -> int:
    """Where the entropy-coded bytes from `at` on end: at a marker that is no restart."""
    if restarts:
        return _next_marker(data, at)[0]
    match = _UNSTUFFED.search(data, at)
    near = match.start() if match else len(data)
    stop, _ = _next_marker(data, near)
    if _RESTART.search(data, near, stop):
        raise Damaged("A scan has restart markers but no restart interval.")
    return stop


def _use(tables: dict[int, _Table], number: int, *, needed: bool) -> None:
    if number in tables:
        tables[number].used = True
    elif needed:
        raise Unsupported(
            "A scan uses a table that the picture does not have.",
            "Motion JPEG leaves it out; decoders then do as they like.",
        )


def _quantisation(picture: _Picture, at: int, end: int) -> None:
    """T.81 B.2.4.1: one byte of precision and number, then 64 or 128 bytes."""
    segment = _open(picture, "DQT", at, end)
    where = at + 4
    while where < end:
        head = picture.data[where]
        size = 1 + (128 if head >> 4 else 64)
        if where + size > end or head >> 4 > 1:
            raise Damaged("A quantisation table (DQT) is cut off.")
        table = _Table(segment, where, where + size, f"table {head & 15}")
        picture.quantisation[head & 15] = table
        picture.tables.append(table)
        where += size


def _huffman(picture: _Picture, at: int, end: int) -> None:
    """T.81 B.2.4.2: class and number, 16 counts, then the values."""
    segment = _open(picture, "DHT", at, end)
    where = at + 4
    while where < end:
        size = 17 + sum(picture.data[where + 1 : where + 17])
        if where + size > end or size > 17 + 256:
            raise Damaged("A Huffman table (DHT) is cut off.")
        head = picture.data[where]
        table = _Table(segment, where, where + size, f"table {head >> 4}/{head & 15}")
        picture.huffman[head] = table
        picture.tables.append(table)
        where += size


def _open(picture: _Picture, name: str, at: int, end: int) -> PartId:
    """A segment whose content has parts of its own: marker and length live while any of it does."""
    ledger = picture.ledger
    part = ledger.part(ROOT, name, Role.FRAME)
    ledger.scope(part, at, end)
    ledger.claim(part, at, at + 4)
    ledger.length(at + 2, 2, "big", at + 2, end)
    return part


def _claim_tables(picture: _Picture) -> None:
    """Tables that no scan uses are 64 bytes or more that no decoder reads."""
    for table in picture.tables:
        if table.used:
            role, entity = Role.CODED, None
        else:
            role, entity = Role.SLACK, "HIDDEN_DATA"
        picture.ledger.leaf(table.segment, table.name, role, table.start, table.end, entity=entity)


def _application(picture: _Picture, number: int, at: int, end: int) -> None:
    data, ledger = picture.data, picture.ledger
    head = data[at + 4 : at + 44]
    if picture.scans:  # decoders have read their header; what follows steers nothing
        name, entity = name_of(number, head)
        ledger.leaf(ROOT, f"APP{number}/{name} between scans", Role.PRIVATE, at, end, entity=entity)
    elif number == 0 and head.startswith(b"JFIF\0") and end - at >= 18 and not picture.jfif:
        _jfif(picture, at, end)
    elif number == 14 and head.startswith(b"Adobe") and end - at >= 16 and picture.adobe < 0:
        _adobe(picture, at, end)
    elif number == 1 and head.startswith(b"Exif\0") and end - at >= 10:
        part = _open(picture, "APP1", at, end)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, at + 9)
        if head[5]:
            ledger.leaf(
                part, "identifier", Role.PRIVATE, at + 9, at + 10,
                entity="HIDDEN_DATA", on_drop=b"\0",
            )  # fmt: skip
        else:
            ledger.leaf(part, "identifier", Role.FRAME, at + 9, at + 10)
        picture.exif.append((part, at + 10, end))
    elif number == 1 and _EXIF.search(head, 0, 10):
        ledger.leaf(ROOT, "APP1/Exif after junk", Role.PRIVATE, at, end, entity="TAG")
    elif number == 1 and head.startswith(XMP_SIGNATURE):
        part = _open(picture, "APP1", at, end)
        start = at + 4 + len(XMP_SIGNATURE)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, start)
        picture.xmp.append((part, start, end))
    elif number == 2 and head.startswith(_ICC) and end - at >= 18:
        part = _open(picture, "APP2", at, end)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, at + 18)
        picture.icc.append((data[at + 16], part, data[at + 17], at + 18, end))
    elif number == 13 and head.startswith(b"Photoshop 3.0\0"):
        part = _open(picture, "APP13", at, end)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, at + 18)
        ledger.attempt(
            part, "Photoshop", at + 18, end, "EDIT_HISTORY",
            split_photoshop, picture.source, part, at + 18, end,
        )  # fmt: skip
    else:
        name, entity = name_of(number, head)
        ledger.leaf(ROOT, f"APP{number}/{name}", Role.PRIVATE, at, end, entity=entity)


def _jfif(picture: _Picture, at: int, end: int) -> None:
    """T.871 §10.1. The density stays (it may be an aspect ratio), the thumbnail goes."""
    picture.jfif = True
    data, ledger = picture.data, picture.ledger
    if end == at + 18 and data[at + 16 : at + 18] == b"\0\0":
        ledger.leaf(ROOT, "APP0/JFIF", Role.DISPLAY, at, end)
        return
    part = _open(picture, "APP0", at, end)
    ledger.leaf(part, "JFIF", Role.DISPLAY, at + 4, at + 16)
    ledger.leaf(
        part, "thumbnail size", Role.PRIVATE, at + 16, at + 18, entity="THUMBNAIL", on_drop=b"\0\0"
    )
    ledger.leaf(part, "thumbnail", Role.PRIVATE, at + 18, end, entity="THUMBNAIL")


def _adobe(picture: _Picture, at: int, end: int) -> None:
    """T.872 §6.5.3: version, two flags words, colour transform. Only the transform is needed."""
    data, ledger = picture.data, picture.ledger
    picture.adobe = data[at + 15]
    if end == at + 16 and data[at + 9 : at + 15] == _ADOBE_CANONICAL:
        ledger.leaf(ROOT, "APP14/Adobe", Role.DISPLAY, at, end)
        return
    part = _open(picture, "APP14", at, end)
    ledger.leaf(part, "Adobe", Role.DISPLAY, at + 4, at + 9)
    flags = data[at + 9 : at + 15]
    if flags == _ADOBE_CANONICAL:
        ledger.leaf(part, "flags", Role.DISPLAY, at + 9, at + 15)
    else:
        ledger.leaf(
            part, "flags", Role.PRIVATE, at + 9, at + 15,
            entity="TECHNICAL", on_drop=_ADOBE_CANONICAL,
        )  # fmt: skip
    ledger.leaf(part, "transform", Role.DISPLAY, at + 15, at + 16)
    ledger.leaf(part, "extra bytes", Role.PRIVATE, at + 16, end, entity="HIDDEN_DATA")


def _claim_profile(picture: _Picture) -> None:
    """ICC.1 Annex B.4: chunks with a number and a count; decoders ignore any other set."""
    ledger = picture.ledger
    chunks = sorted(picture.icc, key=lambda row: row[0])
    whole = [row[0] for row in chunks] == list(range(1, len(chunks) + 1))
    if chunks and whole and all(row[2] == len(chunks) for row in chunks):
        profile = ledger.part(chunks[0][1], "ICC_PROFILE", Role.DISPLAY, entity="COLOR_PROFILE")
        for number, part, _, start, end in chunks:
            ledger.claim(profile, start, end)
            ledger.mend(start - 1, 1, _alive_count([row[1] for row in chunks]))
            if part != chunks[0][1] and number < 1:
                raise Damaged("The colour profile's parts are out of order.")
        if [row[3] for row in chunks] != sorted(row[3] for row in chunks):
            raise Unsupported("The parts of the colour profile stand in another order.")
        ledger.nest(profile, (), "icc")
        with contextlib.suppress(Held, struct.error):  # its own split says what is wrong with it
            colours = b"".join(picture.data[row[3] : row[4]] for row in chunks)
            ledger.render(profile=colour_digest(colours))
        return
    if chunks:
        stray = ledger.part(chunks[0][1], "stray ICC chunks", Role.PRIVATE, entity="HIDDEN_DATA")
        for _, _, _, start, end in chunks:
            ledger.claim(stray, start, end)
    picture.icc.clear()


def _alive_count(parts: list[PartId]):  # type: ignore[no-untyped-def]  # typed by ledger.mend
    return lambda alive, old: bytes((sum(map(alive, parts)),))


def _claim_exif(picture: _Picture) -> None:
    ledger = picture.ledger
    for index, (part, start, end) in enumerate(picture.exif):
        if index:
            ledger.leaf(part, "second Exif", Role.PRIVATE, start, end, entity="HIDDEN_DATA")
            continue

        def split(ledger: Ledger, part: PartId = part, start: int = start, end: int = end) -> None:
            picture.oriented = split_exif(
                ledger, picture.source, part, start, end, keep_colour=not picture.icc
            )

        ledger.attempt(part, "Exif", start, end, "TAG", split)
    turned = dict(ledger.rendering.facts).get("orientation", "1")
    for part, start, end in picture.xmp:
        mark = len(ledger.parts)
        ledger.attempt(part, "XMP", start, end, "TAG", split_xmp, picture.source, part, start, end)
        value = effective_orientation(picture.data[start:end])
        if value == 1:
            continue
        stated = orientation_part(ledger, mark, part)
        if picture.oriented is not None:
            ledger.parts[stated].needs += (picture.oriented,)  # else it would take over
        elif turned == "1":
            turned = str(value)
            ledger.insert(2, _ORIENTATION_APP1.replace(b"%c", bytes((value,))), stated)
    ledger.render(orientation=turned)


def _render(picture: _Picture) -> None:
    """The colour decision that decoders take (libjpeg's default_decompress_parms; T.872)."""
    ids = tuple(picture.components)
    if len(ids) == 3:
        if picture.jfif:
            colour = "YCbCr"
        elif picture.adobe >= 0:
            colour = "RGB" if picture.adobe == 0 else "YCbCr"
        else:
            colour = "RGB" if ids == (82, 71, 66) else "YCbCr"
    elif len(ids) == 4:
        colour = {0: "CMYK", 2: "YCCK"}.get(picture.adobe, "CMYK")
        colour += "" if picture.adobe < 0 else " inverted"
    else:
        colour = str(len(ids))
    picture.ledger.render(colour=colour)
    picture.ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
