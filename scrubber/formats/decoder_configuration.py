"""What a decoder is told before the first picture or sample: parameter sets, and no messages.

In HEIF these are properties of items, in MP4 boxes of a sample entry.
"""

from __future__ import annotations

import re

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, boxes, fewer, number, open_box, zeroed
from scrubber.formats.coded_units import needed_nal, private_obus
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

ALPHA = {
    b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1",
    b"urn:mpeg:avc:2015:auxid:1",
}  # fmt: skip
"""Types of auxiliary pictures that are transparency."""


def hevc(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """HEVCDecoderConfigurationRecord (ISO/IEC 14496-15 §8.3.3): arrays of parameter sets."""
    if box.end - box.body < 23:
        raise Damaged("The configuration of the decoder is too short.")
    ledger.leaf(part, "configuration", Role.DISPLAY, box.body, box.body + 23)
    at, going = box.body + 23, []
    for _ in range(number(source, box.body + 22, 1)):
        start, count = at, number(source, at + 1, 2)
        at += 3
        units = []
        for _ in range(count):
            size = number(source, at, 2)
            units.append(source.read(at + 2, size))
            at += 2 + size
        if at > box.end:
            raise Damaged("The configuration of the decoder is cut off.")
        if units and all(map(needed_nal, units)):
            ledger.leaf(part, "parameter sets", Role.DISPLAY, start, at)
        elif any(map(needed_nal, units)):
            _some_units(ledger, part, start, units)
        else:
            going.append(ledger.leaf(part, "SEI", Role.PRIVATE, start, at, entity="ENCODER"))
    fewer(ledger, box.body + 22, 1, going)


def _some_units(ledger: Ledger, part: PartId, at: int, units: list[bytes]) -> None:
    """An array with messages of both sorts, as x265 writes it for HDR: what is shown stays."""
    array = ledger.part(part, "parameter sets", Role.DISPLAY)
    ledger.claim(array, at, at + 3)
    count, going = at + 1, []
    at += 3
    for unit in units:
        end = at + 2 + len(unit)
        if needed_nal(unit):
            ledger.claim(array, at, end)
        else:
            going.append(ledger.leaf(array, "SEI", Role.PRIVATE, at, end, entity="ENCODER"))
        at = end
    fewer(ledger, count, 2, going)


def av1(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """AV1CodecConfigurationRecord (AV1-ISOBMFF §2.3)."""
    if box.end - box.body < 4:
        raise Damaged("The configuration of the decoder is too short.")
    whole = ledger.leaf(part, "configuration", Role.DISPLAY, box.body, box.end)
    first = box.body + 4
    for unit in private_obus(source.read(first, box.end - first)):
        ledger.leaf(
            whole, unit.name, Role.PRIVATE, first + unit.start, first + unit.end, entity="ENCODER"
        )


def avc(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """AVCDecoderConfigurationRecord (ISO/IEC 14496-15 §5.3.3)."""
    size = box.end - box.body
    if size < 7:
        raise Damaged("The configuration of the decoder is too short.")
    data = source.read(box.body, size)
    at = 6
    for sets in range(2):
        count = data[at - 1] & 31 if not sets else data[at - 1]
        for _ in range(count):
            length = int.from_bytes(data[at : at + 2], "big")
            if at + 2 + length > size or not needed_nal(data[at + 2 : at + 2 + length], avc=True):
                raise Damaged("The parameter sets of the film are not what they should be.")
            at += 2 + length
        at += not sets  # the count of picture parameter sets
        if at > size:
            raise Damaged("The configuration of the decoder is cut off.")
    if data[1] in (100, 110, 122, 144, 244, 44, 83, 86) and at + 4 <= size:
        extensions, at = data[at + 3], at + 4
        for _ in range(extensions):
            at += 2 + int.from_bytes(data[at : at + 2], "big")
    if at > size:
        raise Damaged("The configuration of the decoder is cut off.")
    ledger.leaf(part, "configuration", Role.DISPLAY, box.body, box.body + at)


def flac(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """`dfLa` (FLAC in ISOBMFF §3.3.2): of the metadata blocks only STREAMINFO is needed."""
    ledger.leaf(part, "version", Role.DISPLAY, box.body, box.body + 4)
    at, first = box.body + 4, True
    while at + 4 <= box.end:
        head = number(source, at, 4)
        end = at + 4 + (head & 0xFFFFFF)
        if end > box.end or (first and head >> 24 & 127):
            raise Damaged("The FLAC stream is not described.")
        if not first:
            ledger.leaf(part, "metadata block", Role.PRIVATE, at, end, entity="TAG")
        elif head >> 31:
            ledger.leaf(part, "STREAMINFO", Role.DISPLAY, at, end)
        else:
            ledger.leaf(
                part, "last block", Role.PRIVATE, at, at + 1,
                entity="TECHNICAL", on_drop=b"\x80",
            )  # fmt: skip
            ledger.leaf(part, "STREAMINFO", Role.DISPLAY, at + 1, end)
        first, at = False, end
    if first:
        raise Damaged("The FLAC stream is not described.")


def elementary_stream(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """`esds` (ISO/IEC 14496-1 §7.2.6.5): one descriptor; what follows it is slack."""
    at = box.body + 4
    if box.end - at < 2 or number(source, at, 1) != 3:
        raise Damaged("The elementary stream is not described.")
    at, size = at + 1, 0
    for _ in range(4):
        byte = number(source, at, 1)
        at, size = at + 1, size << 7 | byte & 127
        if byte < 128:
            break
    end = min(at + size, box.end)  # some writers count a byte too many
    without_builder(ledger, source, part, "descriptor", box.body, end)


_BUILDER = re.compile(rb"\x00\x00\x01\xb2(Lavc([0-9]+)\.([0-9]+)\.([0-9]+))(?![0-9.])")
_FAULTLESS = (57, 66, 104)  # FFmpeg's decoder works around faults of builds before this one
_MOST_TOLD = 1 << 16


def without_builder(
    ledger: Ledger, source: Source, part: PartId, name: str, start: int, end: int
) -> None:
    """What an MPEG-4 decoder is told: FFmpeg's name in it (14496-2 §6.2.2.1) becomes spaces.

    Of a build that decoders need not work around: the others stay.
    """
    at = start
    for found in _BUILDER.finditer(source.read(start, min(end - start, _MOST_TOLD))):
        if tuple(map(int, found.groups()[1:])) < _FAULTLESS:
            continue
        low, high = start + found.start(1), start + found.end(1)
        ledger.leaf(part, name, Role.DISPLAY, at, low)
        blank = b" " * (high - low)
        ledger.leaf(part, "encoder", Role.PRIVATE, low, high, entity="ENCODER", on_drop=blank)
        at = high
    if at < end:
        ledger.leaf(part, name, Role.DISPLAY, at, end)


def amr(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """`damr` (3GPP TS 26.244 §6.7): the maker of the encoder and its version, then the modes."""
    if box.end - box.body < 9:
        raise Damaged("The speech coding AMR is not described.")
    zeroed(ledger, source, part, "vendor", box.body, box.body + 5, "SOFTWARE")
    ledger.leaf(part, "modes", Role.DISPLAY, box.body + 5, box.body + 9)


def of_fixed_size(ledger: Ledger, part: PartId, box: Box, size: int) -> None:
    """A box whose body has `size` bytes; more is slack."""
    if box.end - box.body < size:
        raise Damaged(f"The box {box.name} is too short.")
    ledger.leaf(part, "value", Role.DISPLAY, box.body, box.body + size)


def wave(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """QuickTime's siDecompressionParam atom: boxes that name and configure the codec."""
    for inner in boxes(source, box.body, box.end):
        if inner.kind == b"esds":
            elementary_stream(ledger, source, open_box(ledger, part, inner), inner)
        elif inner.kind in (b"frma", b"mp4a", b"enda", b"alac", b"chan", b"\0\0\0\0"):
            ledger.leaf(part, inner.name, Role.DISPLAY, inner.at, inner.end)
        else:
            ledger.leaf(part, inner.name, Role.PRIVATE, inner.at, inner.end, entity="HIDDEN_DATA")


def coding_constraints(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """`ccst` (ISO/IEC 23008-12 §7.2.3): six bits that are read, the others are reserved."""
    if box.end - box.body < 8:
        raise Damaged("The constraints of the coding are too short.")
    zeroed(ledger, source, part, "version", box.body, box.body + 4, "HIDDEN_DATA")
    at = box.body + 4
    value = number(source, at, 4)
    read = value & 0xFC000000
    if read == value:
        ledger.leaf(part, "value", Role.DISPLAY, at, at + 4)
    else:
        ledger.leaf(part, "reserved bits", Role.PRIVATE, at, at + 4, entity="HIDDEN_DATA",
                    on_drop=read.to_bytes(4, "big"))  # fmt: skip


def auxiliary_kind(source: Source, box: Box) -> bytes:
    """What an `auxi` says that the pictures of its track are (ISO/IEC 23008-12 §7.5.1)."""
    return source.read(box.body + 4, min(max(box.end - box.body - 4, 0), 256)).split(b"\0")[0]


def auxiliary_type(ledger: Ledger, source: Source, part: PartId, box: Box) -> None:
    """`auxi` of transparency: its type, one of few. What follows is slack."""
    kind = auxiliary_kind(source, box)
    end = box.body + 4 + len(kind) + 1
    if kind not in ALPHA or end > box.end:
        raise Unsupported("A track of the film is an auxiliary one of another type.")
    zeroed(ledger, source, part, "version", box.body, box.body + 4, "HIDDEN_DATA")
    ledger.leaf(part, "type", Role.DISPLAY, box.body + 4, end)
