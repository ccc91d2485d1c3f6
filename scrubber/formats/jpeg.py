"""JPEG (ITU-T T.81 | ISO 10918-1, Annex B; JFIF T.871; Adobe T.872 §6.5.3).

Kept: frame headers, the tables that a scan uses, scans, restart intervals,
JFIF and Adobe in canonical form (they decide the colours), Orientation, and
the ICC profile (cleaned as a file of its own). A gain map behind the picture
stays, cleaned like the picture, with its numbers and what points to it.
Everything else is private, wherever it stands: before the frame, between
scans, between segments, after the end. The content digest is over the frame
headers, used tables, scan headers and entropy-coded bytes, in order, of the
picture and then of the gain map.
"""

from __future__ import annotations

import contextlib
import re
import struct

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.gain_map import CONTAINER_HEAD, ISO_21496, LENGTH_WIDTH
from scrubber.formats.icc import colour_digest
from scrubber.formats.jpeg_behind import claim_behind
from scrubber.formats.jpeg_coding import (
    claim_conditioning,
    claim_frame,
    claim_huffman,
    claim_quantisation,
    claim_scan,
    claim_tables,
)
from scrubber.formats.jpeg_exif import claim_exif
from scrubber.formats.jpeg_multi import (
    describe_gain_map,
    drop_announcements,
    numbers_of,
    speaks_of_gain_map,
)
from scrubber.formats.jpeg_picture import (
    Packet,
    Picture,
    Table,
    has_profile,
    next_marker,
    open_segment,
)
from scrubber.formats.jpeg_segments import name_of
from scrubber.formats.photoshop import split_photoshop
from scrubber.formats.xmp import (
    XMP_SIGNATURE,
    effective_orientation,
    orientation_part,
    split_xmp,
)
from scrubber.ledger import CreditSlot, Ledger, PartId
from scrubber.model import Role, Source

_EXIF = re.compile(rb"Exif\0[\0\xff]", re.IGNORECASE)
_ICC = b"ICC_PROFILE\0"
_FRAMES = {0xC0, 0xC1, 0xC2, 0xC9, 0xCA}
_OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xCB, 0xCD, 0xCE, 0xCF, 0xDE, 0xDF}
_ADOBE_CANONICAL = b"\0\x64\0\0\0\0"
_ORIENTATION_APP1 = (
    b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0%c\0\0\0\0\0\0\0"
)


class Jpeg:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        data = source.read(0, source.size)
        if data[:2] != b"\xff\xd8":
            raise Damaged("A JPEG must start with the marker SOI.")
        ledger.credit = CreditSlot(2, _credit_segment)
        picture = Picture(ledger, source, data)
        _walk(picture)
        if picture.end < len(data):
            claim_behind(picture, _split_gain_map)
        drop_announcements(picture)
        _finish(picture)
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]


def _walk(picture: Picture) -> None:
    at = picture.start
    picture.ledger.leaf(picture.root, "SOI", Role.FRAME, at, at + 2)
    picture.end = _segments(picture, at + 2)
    claim_tables(picture)


def _finish(picture: Picture) -> None:
    _claim_profile(picture)
    claim_exif(picture)
    _claim_packets(picture)
    _render(picture)


def _split_gain_map(ledger: Ledger, picture: Picture) -> None:
    """A gain map: a picture like any other, but for what describes it."""
    _walk(picture)
    describe_gain_map(picture)
    iso = picture.several.iso_block
    drop_announcements(picture)
    _finish(picture)
    numbers = numbers_of(picture.data, picture.xmp)
    if not numbers and not iso:
        raise Damaged("The gain map has no numbers.")
    ledger.render(numbers=numbers, iso=iso.hex())


def _segments(picture: Picture, at: int) -> int:
    """Walks the markers (T.81 B.1.1) up to EOI. Returns the offset after it."""
    data, ledger = picture.data, picture.ledger
    while True:
        start, marker_at = next_marker(data, at)
        if marker_at + 2 > len(data):
            raise Damaged("The picture has no end marker (EOI).", "It was cut off.")
        if start > at:
            ledger.leaf(picture.root, "junk", Role.SLACK, at, start, entity="HIDDEN_DATA")
        if marker_at > start:
            ledger.leaf(picture.root, "fill", Role.SLACK, start, marker_at, entity="PADDING")
        marker = data[marker_at + 1]
        at = marker_at + 2
        if marker == 0xD9:
            if not picture.scans:
                raise Damaged("The picture ends before its first scan.")
            ledger.leaf(picture.root, "EOI", Role.FRAME, marker_at, at)
            return at
        if marker == 0xD8:
            raise Damaged(f"A second picture starts at offset {marker_at} inside the first.")
        if marker == 0x01:
            ledger.leaf(picture.root, "TEM", Role.SLACK, marker_at, at, entity="HIDDEN_DATA")
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


def _segment(picture: Picture, marker: int, at: int, end: int) -> int:
    """One segment [at, end), marker included. Returns where the next one is looked for."""
    if marker in _FRAMES:
        claim_frame(picture, marker, at, end)
    elif marker == 0xDA:
        return claim_scan(picture, at, end)
    elif marker == 0xDB:
        claim_quantisation(picture, at, end)
    elif marker == 0xC4:
        claim_huffman(picture, at, end)
    elif marker == 0xDD:
        if end - at != 6:
            raise Damaged("The restart interval (DRI) has a wrong length.")
        picture.interval = int.from_bytes(picture.data[at + 4 : at + 6], "big")
        picture.restart = Table(picture.root, at, end, "DRI")
        picture.tables.append(picture.restart)
    elif marker == 0xCC:
        claim_conditioning(picture, at, end)
    elif marker == 0xDC:
        picture.ledger.leaf(picture.root, "DNL", Role.SLACK, at, end, entity="HIDDEN_DATA")
    elif marker == 0xFE:
        picture.ledger.leaf(
            picture.root, "COM", Role.PRIVATE, at, end, entity="CAPTION", describe=_comment
        )
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


def _credit_segment(packet: bytes) -> bytes:
    """XMP part 3 §1.1.3. A credit is far smaller than a segment can be."""
    body = XMP_SIGNATURE + packet
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


def _comment(data: bytes) -> str:
    return data[4:].decode("utf-8", "replace").rstrip("\0")


def _application(picture: Picture, number: int, at: int, end: int) -> None:
    data, ledger = picture.data, picture.ledger
    head = data[at + 4 : at + 44]
    if picture.scans:  # decoders have read their header; what follows steers nothing
        name, entity = name_of(number, head)
        ledger.leaf(
            picture.root, f"APP{number}/{name} between scans", Role.PRIVATE, at, end, entity=entity
        )
    elif number == 0 and head.startswith(b"JFIF\0") and end - at >= 18 and not picture.jfif:
        _jfif(picture, at, end)
    elif number == 14 and head.startswith(b"Adobe") and end - at >= 16 and picture.adobe < 0:
        _adobe(picture, at, end)
    elif number == 1 and head.startswith(b"Exif\0") and end - at >= 10:
        part = open_segment(picture, "APP1", at, end)
        picture.exif.append((part, at + 10, end))
    elif number == 1 and _EXIF.search(head, 0, 10):
        ledger.leaf(picture.root, "APP1/Exif after junk", Role.PRIVATE, at, end, entity="TAG")
    elif number == 1 and head.startswith(XMP_SIGNATURE):
        part = open_segment(picture, "APP1", at, end)
        picture.xmp.append(Packet(part, at + 4 + len(XMP_SIGNATURE), end))
    elif number == 2 and head.startswith(_ICC) and end - at >= 18:
        part = open_segment(picture, "APP2", at, end)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, at + 18)
        picture.icc.append((data[at + 16], part, data[at + 17], at + 18, end))
    elif number == 2 and head.startswith(b"MPF\0"):
        picture.several.mpf.append((at, end))
    elif number == 2 and head.startswith(ISO_21496):
        picture.several.iso.append((at, end))
    elif number == 13 and head.startswith(b"Photoshop 3.0\0"):
        part = open_segment(picture, "APP13", at, end)
        ledger.leaf(part, "identifier", Role.FRAME, at + 4, at + 18)
        ledger.attempt(
            part, "Photoshop", at + 18, end, "EDIT_HISTORY",
            split_photoshop, picture.source, part, at + 18, end,
        )  # fmt: skip
    else:
        name, entity = name_of(number, head)
        ledger.leaf(picture.root, f"APP{number}/{name}", Role.PRIVATE, at, end, entity=entity)


def _jfif(picture: Picture, at: int, end: int) -> None:
    """T.871 §10.1. The density stays (it may be an aspect ratio), the thumbnail goes."""
    picture.jfif = True
    data, ledger = picture.data, picture.ledger
    if not picture.start:
        ledger.credit = CreditSlot(end, _credit_segment)
    if end == at + 18 and data[at + 16 : at + 18] == b"\0\0":
        ledger.leaf(picture.root, "APP0/JFIF", Role.DISPLAY, at, end)
        return
    part = open_segment(picture, "APP0", at, end)
    ledger.leaf(part, "JFIF", Role.DISPLAY, at + 4, at + 16)
    ledger.leaf(
        part, "thumbnail size", Role.PRIVATE, at + 16, at + 18, entity="THUMBNAIL", on_drop=b"\0\0"
    )
    ledger.leaf(part, "thumbnail", Role.PRIVATE, at + 18, end, entity="THUMBNAIL")


def _adobe(picture: Picture, at: int, end: int) -> None:
    """T.872 §6.5.3: version, two flags words, colour transform. Only the transform is needed."""
    data, ledger = picture.data, picture.ledger
    picture.adobe = data[at + 15]
    if end == at + 16 and data[at + 9 : at + 15] == _ADOBE_CANONICAL:
        ledger.leaf(picture.root, "APP14/Adobe", Role.DISPLAY, at, end)
        return
    part = open_segment(picture, "APP14", at, end)
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


def _claim_profile(picture: Picture) -> None:
    ledger = picture.ledger
    chunks = sorted(picture.icc, key=lambda row: row[0])
    if has_profile(picture):
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


def _claim_packets(picture: Picture) -> None:
    ledger = picture.ledger
    turned = dict(ledger.rendering.facts).get("orientation", "1")
    for packet in picture.xmp:
        part, start, end = packet.segment, packet.start, packet.end
        if packet.whole:
            ledger.leaf(part, "XMP", Role.DISPLAY, start - len(XMP_SIGNATURE), end)
            _credit_after(picture, end)
            continue
        stands_for = _identifier(picture, packet)
        mark = len(ledger.parts)
        ledger.attempt(part, "XMP", start, end, "TAG", split_xmp, picture.source, part, start, end)
        if packet.instead:
            _credit_after(picture, end)
            for row in ledger.parts[mark:]:
                if row.role is Role.PRIVATE:
                    row.needs += (stands_for,)
                    if speaks_of_gain_map(picture.data, row):
                        row.role, row.entity = Role.DISPLAY, None
            behind = max((stop for row in ledger.parts[mark:] for _, stop in row.spans))
            ledger.leaf(
                part, "padding", Role.SLACK, behind, end, entity="PADDING", needs=(stands_for,)
            )
        value = effective_orientation(picture.data[start:end])
        if value == 1:
            continue
        stated = orientation_part(ledger, mark, part)
        if picture.oriented is not None:
            row = ledger.parts[stated]
            row.needs += (picture.oriented,)  # else it would take over
            if picture.turned_by_xmp:
                row.role, row.entity = Role.DISPLAY, None
        elif turned == "1":
            turned = str(value)
            oriented = _ORIENTATION_APP1.replace(b"%c", bytes((value,)))
            ledger.insert(picture.start + 2, oriented, stated)
    ledger.render(orientation=turned)


def _credit_after(picture: Picture, end: int) -> None:
    """Decoders that take the first packet alone must find the gain map's."""
    if not picture.start:
        picture.ledger.credit = CreditSlot(end, _credit_segment)


def _identifier(picture: Picture, packet: Packet) -> PartId:
    """Claims what stands before the packet; with it goes a packet that another stands for."""
    ledger, part, start = picture.ledger, packet.segment, packet.start
    first = start - len(XMP_SIGNATURE)
    if not packet.instead:
        return ledger.leaf(part, "identifier", Role.FRAME, first, start)
    ledger.leaf(part, "identifier", Role.DISPLAY, first, start - 1)
    stands_for = ledger.leaf(
        part, "text around the gain map's numbers", Role.PRIVATE, start - 1, start,
        entity="TECHNICAL", on_drop=b"\0" + packet.instead,
    )  # fmt: skip
    if packet.gain_map[1]:
        at = 1 + len(CONTAINER_HEAD)
        ledger.state(stands_for, at, LENGTH_WIDTH, "quoted", *packet.gain_map)
    return stands_for


def _render(picture: Picture) -> None:
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
