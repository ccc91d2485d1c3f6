"""Pictures behind the first one: where they stand, and which is a gain map (CIPA DC-007).

A gain map is a whole JPEG behind the end of the picture. It says of itself
that it is one, so that an index with wrong offsets hides none.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.formats.apple_gain_map import SCHEMA, Described, described
from scrubber.formats.gain_map import (
    CONTAINER_HEAD,
    HDRGM,
    ISO_21496,
    ISO_VERSIONS,
    LENGTH_WIDTH,
    MP_ENTRIES,
    container,
    is_iso_block,
    mp_index,
    rewritten,
)
from scrubber.formats.jpeg_picture import (
    Packet,
    Picture,
    SeveralSegments,
    next_marker,
    open_segment,
)
from scrubber.formats.xmp import XMP_SIGNATURE
from scrubber.ledger import Part, PartId
from scrubber.model import Role

_MPF = b"MPF\0"
_ITEM = re.compile(rb"Item:Semantic[\s=\"'>]+([^\s\"'<]*)")
_TRIES = 16
_SEGMENTS = 2000
_NO_FRAMES = (0xC4, 0xC8, 0xCC)
_APPLES = (b"HDRGainMap", b"AuxiliaryImageType", b"NativeFormat", b"StoredFormat")
_AUXILIARY = (
    (b"aux:hdrgainmap", "Apple HDR gain map (the picture keeps its SDR look)"),
    (SCHEMA, "Apple HDR gain map (the picture keeps its SDR look)"),
    (b"aux:disparity", "disparity map"),
    (b"aux:depth", "depth map"),
    (b"aux:portraiteffectsmatte", "portrait matte"),
    (b"aux:semantic", "matte"),
)
_MP_TYPES = {
    0x010001: "large thumbnail", 0x010002: "large thumbnail", 0x020001: "panorama frame",
    0x020002: "disparity view", 0x020003: "multi-angle view",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Extent:
    """A whole JPEG at [start, end), with its application segments before the first scan."""

    start: int
    end: int
    segments: tuple[tuple[int, int, int], ...]  # marker, start, end
    width: int
    height: int


def extent(data: bytes, at: int) -> Extent | None:
    """The JPEG that starts at `at`, None if it has no end or its segments do not hold together."""
    if data[at : at + 3] != b"\xff\xd8\xff":
        return None
    start, segments, scans = at, list[tuple[int, int, int]](), 0
    width = height = 0
    at += 2
    for _ in range(_SEGMENTS):
        where, marker_at = next_marker(data, at)
        if marker_at + 4 > len(data) and data[marker_at + 1 : marker_at + 2] != b"\xd9":
            return None
        if where != at and not scans:
            return None
        marker = data[marker_at + 1]
        if marker == 0xD9:
            end = marker_at + 2
            return Extent(start, end, tuple(segments), width, height) if scans else None
        if marker == 0xD8 or marker == 1:
            return None
        stop = marker_at + 2 + int.from_bytes(data[marker_at + 2 : marker_at + 4], "big")
        if stop > len(data) or stop < marker_at + 4:
            return None
        if marker == 0xDA:
            scans += 1
        elif 0xE0 <= marker <= 0xEF and not scans:
            segments.append((marker, marker_at, stop))
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAMES and stop - marker_at > 9:
            height, width = struct.unpack(">HH", data[marker_at + 5 : marker_at + 9])
        at = stop
    return None


def pictures(data: bytes, at: int, end: int) -> Iterator[Extent]:
    """Whole JPEGs in [at, end), in order."""
    for _ in range(_TRIES):
        at = data.find(b"\xff\xd8\xff", at, end)
        if at < 0:
            return
        found = extent(data, at)
        if found is not None and found.end <= end:
            yield found
            at = found.end
        else:
            at += 2


def is_gain_map(data: bytes, found: Extent) -> bool:
    """Whether the picture describes itself as a gain map, in one of the two ways."""
    for marker, at, end in found.segments:
        start = at + 4
        if marker == 0xE2 and data.startswith(ISO_21496, start):
            fits = is_iso_block(data[start + len(ISO_21496) : end])
        elif marker == 0xE1 and data.startswith(XMP_SIGNATURE, start):
            fits = rewritten(data[start + len(XMP_SIGNATURE) : end]) is not None
        else:
            fits = False
        if fits:
            return True
    return False


def is_apples(data: bytes, found: Extent) -> Described | None:
    """What the picture says of itself as a gain map of Apple, if it is one."""
    for marker, at, end in found.segments:
        if marker == 0xE1 and data.startswith(XMP_SIGNATURE, at + 4):
            text = described(data[at + 4 + len(XMP_SIGNATURE) : end])
            if text is not None and text.typed:
                return text
    return None


def same_shape(picture: Picture, found: Extent) -> bool:
    """Whether a gain map covers what the picture shows; of a cropped one it shows more.

    Its sides are those of the picture over one factor, each rounded to a pixel or two.
    """
    width, height = picture.size
    off = abs(width * found.height - height * found.width)
    return off <= 2 * max(width, height)


def name_of_picture(data: bytes, found: Extent) -> str:
    """What a picture that goes is, by its own XMP."""
    for marker, at, end in found.segments:
        if marker == 0xE1 and data.startswith(XMP_SIGNATURE, at + 4):
            for words, name in _AUXILIARY:
                if data.find(words, at, end) >= 0:
                    return name
    return "gain map" if is_gain_map(data, found) else "PreviewImage"


def types_of_index(picture: Picture) -> dict[int, str]:
    """Offset in the file → type, of pictures that the index names. Believes no count."""
    data, types = picture.data, dict[int, str]()
    for at, end in picture.several.mpf:
        base = at + 8
        order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[base : base + 4])
        if order is None or end - base < 10:
            continue
        (directory,) = struct.unpack(order + "I", data[base + 4 : base + 8])
        row = base + directory + 2
        while row + 12 <= end and row < base + directory + 2 + 12 * 16:
            tag, _, size, offset = struct.unpack(order + "HHII", data[row : row + 12])
            if tag == 0xB002:
                for entry in range(base + offset, min(base + offset + size, end - 15), 16):
                    kind, _, where = struct.unpack(order + "III", data[entry : entry + 12])
                    if name := _MP_TYPES.get(kind & 0xFFFFFF):
                        types[base + where] = name
            row += 12
    return types


def is_announced(picture: Picture) -> bool:
    """Whether the primary picture tells decoders of a gain map, or of other pictures at all."""
    several = picture.several
    return bool(several.mpf or _versions(picture)) or _announcing(picture) is not None


def describe_gain_map(picture: Picture) -> None:
    """Inside a gain map: its XMP becomes numbers alone, its ISO block stays."""
    for row in picture.xmp:
        packet = picture.data[row.start : row.end]
        text = rewritten(packet)
        if text is None and picture.apples and (apples := described(packet)) and apples.typed:
            text = apples.packet()
        if text is None:
            continue
        if text == picture.data[row.start : row.end]:
            row.whole = True
        else:
            row.instead = text
        break
    _iso_blocks(picture, gain_map=True)


def numbers_of(data: bytes, packets: list[Packet]) -> str:
    """The numbers of a gain map's XMP in their canonical text, empty if it has none."""
    row = next((row for row in packets if row.whole or row.instead), None)
    if row is None:
        return ""
    text = row.instead or data[row.start : row.end]
    return text.decode()


def speaks_of_gain_map(data: bytes, part: Part) -> bool:
    """Whether a property of a packet that is written anew is there for the gain map alone."""
    if part.name.startswith(("hdrgm:", "HDRGainMap:")):
        return True
    if part.name == "other property":
        return any(word in data[start:end] for start, end in part.spans for word in _APPLES)
    if part.name != "Container:Directory":
        return False
    items = {word for start, end in part.spans for word in _ITEM.findall(data, start, end)}
    return bool(items) and items <= {b"Primary", b"GainMap"}


def announce(picture: Picture, start: int, end: int) -> None:
    """In the primary picture: what tells of the gain map at [start, end), in canonical form."""
    data, ledger = picture.data, picture.ledger
    row = _announcing(picture)
    if row is not None:
        if data[row.start : row.end] == container(end - start):
            row.whole = True
            at = row.start + len(CONTAINER_HEAD)
            ledger.length(at, LENGTH_WIDTH, "quoted", start, end)
        else:
            row.instead = container(end - start)
            row.gain_map = (start, end)
    if picture.several.mpf:
        _index(picture, *picture.several.mpf.pop(0), start, end)
    _iso_blocks(picture, gain_map=False)


def drop_announcements(picture: Picture) -> None:
    """What is left of indexes and blocks, all of them where no gain map stays."""
    several = picture.several
    for at, end in several.mpf:
        picture.ledger.leaf(picture.root, "APP2/MPF", Role.PRIVATE, at, end, entity="UNIQUE_ID")
    for at, end in several.iso:
        picture.ledger.leaf(
            picture.root, "APP2/ISO 21496-1", Role.PRIVATE, at, end, entity="TECHNICAL"
        )
    picture.several = SeveralSegments()


def _announcing(picture: Picture) -> Packet | None:
    return next((r for r in picture.xmp if picture.data.find(HDRGM, r.start, r.end) >= 0), None)


def _versions(picture: Picture) -> tuple[int, int] | None:
    """The first block of the primary picture that states versions (ISO 21496-1 Annex C)."""
    for at, end in picture.several.iso:
        start = at + 4 + len(ISO_21496)
        if end - start == len(ISO_VERSIONS) and picture.data[start : start + 2] == b"\0\0":
            return at, end
    return None


def _iso_blocks(picture: Picture, *, gain_map: bool) -> None:
    """The first right block stays, with no word on the writer's version."""
    ledger, several = picture.ledger, picture.several
    if gain_map:
        start = 4 + len(ISO_21496)
        fits = (r for r in several.iso if is_iso_block(picture.data[r[0] + start : r[1]]))
        found = next(fits, None)
    else:
        found = _versions(picture)
    if found is None:
        return
    several.iso.remove(found)
    at, end = found
    part = open_segment(picture, "APP2", at, end)
    start = at + 4 + len(ISO_21496)
    ledger.leaf(part, "ISO 21496-1", Role.DISPLAY, at + 4, start + 2)
    if picture.data[start + 2 : start + 4] == b"\0\0":
        ledger.leaf(part, "version", Role.DISPLAY, start + 2, start + 4)
    else:
        ledger.leaf(
            part, "version", Role.PRIVATE, start + 2, start + 4,
            entity="TECHNICAL", on_drop=b"\0\0",
        )  # fmt: skip
    ledger.leaf(part, "numbers", Role.DISPLAY, start + 4, end)
    several.iso_block = picture.data[start + 4 : end]


def _index(picture: Picture, at: int, end: int, start: int, stop: int) -> None:
    """The index at [at, end) comes to name the primary picture and the gain map alone."""
    ledger, base = picture.ledger, at + 8
    part = open_segment(picture, "APP2", at, end)
    ledger.leaf(part, "identifier", Role.DISPLAY, at + 4, base)
    canonical = mp_index(picture.end, stop - start, start - base)
    fields = (
        (MP_ENTRIES + 4, 0, picture.end, False),
        (MP_ENTRIES + 20, start, stop, False),
        (MP_ENTRIES + 24, base, start, True),
    )
    if picture.data[base:end] == canonical:
        ledger.leaf(part, "MPF", Role.DISPLAY, base, end)
        for where, first, last, is_offset in fields:
            if is_offset:
                ledger.offset(base + where, 4, "big", first, last)
            else:
                ledger.length(base + where, 4, "big", first, last)
        return
    index: PartId = ledger.leaf(
        part, "MPF", Role.PRIVATE, base, end, entity="UNIQUE_ID", on_drop=canonical
    )
    for where, first, last, is_offset in fields:
        ledger.state(index, where, 4, "big", first, last, is_offset=is_offset)
