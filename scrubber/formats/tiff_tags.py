"""TIFF tags that decoding or showing a picture needs, each of exact type and count.

TIFF 6.0 §8, §11 to §23; the Technical Notes 1 to 3; BigTIFF. Everything that is not here
describes maker, place, time, device or edits, and goes.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from scrubber.errors import Unsupported
from scrubber.formats.tiff_directory import Directory, Entry, values
from scrubber.model import Source

BYTE, SHORT, LONG, RATIONAL, UNDEFINED, IFD, LONG8, IFD8 = 1, 3, 4, 5, 7, 13, 16, 18
_WHOLE = (SHORT, LONG)

SUBFILE, OLD_SUBFILE, WIDTH, LENGTH, BITS, COMPRESSION = 254, 255, 256, 257, 258, 259
PHOTOMETRIC, FILL_ORDER, DESCRIPTION, ORIENTATION, SAMPLES, ROWS = 262, 266, 270, 274, 277, 278
STRIP_OFFSETS, STRIP_COUNTS, TILE_OFFSETS, TILE_COUNTS = 273, 279, 324, 325
PLANAR, TILE_WIDTH, TILE_LENGTH, SUB_IFDS, JPEG_TABLES = 284, 322, 323, 330, 347
SUBSAMPLING, XMP, IPTC, PHOTOSHOP, ICC = 530, 700, 33723, 34377, 34675
EXTRA_SAMPLES = 338
EXIF_IFD, GPS_IFD, INTEROP_IFD, JPEG_AT, JPEG_LENGTH = 0x8769, 0x8825, 0xA005, 513, 514
LAYERS, DNG_VERSION = 37724, 50706

TABLES = {STRIP_OFFSETS: STRIP_COUNTS, TILE_OFFSETS: TILE_COUNTS}

_SINGLE: dict[int, tuple[int, ...]] = {  # tag → types of its one value
    SUBFILE: _WHOLE, OLD_SUBFILE: (SHORT,), WIDTH: _WHOLE, LENGTH: _WHOLE, COMPRESSION: (SHORT,),
    PHOTOMETRIC: (SHORT,), FILL_ORDER: (SHORT,), ORIENTATION: (SHORT,), SAMPLES: (SHORT,),
    ROWS: _WHOLE, 282: (RATIONAL,), 283: (RATIONAL,), PLANAR: (SHORT,), 286: (RATIONAL,),
    287: (RATIONAL,), 290: (SHORT,), 292: _WHOLE, 293: _WHOLE, 296: (SHORT,), 317: (SHORT,),
    TILE_WIDTH: _WHOLE, TILE_LENGTH: _WHOLE, 332: (SHORT,), 334: (SHORT,), 531: (SHORT,),
}  # fmt: skip
_FIXED: dict[int, tuple[tuple[int, ...], int]] = {  # tag → types, count
    297: ((SHORT,), 2), 318: ((RATIONAL,), 2), 319: ((RATIONAL,), 6), 342: ((SHORT,), 6),
    529: ((RATIONAL,), 3), SUBSAMPLING: ((SHORT,), 2), 532: ((LONG, RATIONAL), 6),
}  # fmt: skip
_PER_SAMPLE: dict[int, tuple[int, ...]] = {
    BITS: (SHORT,), 280: (SHORT,), 281: (SHORT,), 339: (SHORT,),
    340: tuple(range(1, 13)), 341: tuple(range(1, 13)),
}  # fmt: skip
_ONLY_WITH: dict[int, tuple[int, tuple[int, ...]]] = {  # no decoder reads it for another picture
    290: (PHOTOMETRIC, (0, 1)), 291: (PHOTOMETRIC, (0, 1)), 320: (PHOTOMETRIC, (3,)),
    529: (PHOTOMETRIC, (6,)), SUBSAMPLING: (PHOTOMETRIC, (6,)), 531: (PHOTOMETRIC, (6,)),
    532: (PHOTOMETRIC, (2, 6)), 292: (COMPRESSION, (3,)), 293: (COMPRESSION, (4,)),
    332: (PHOTOMETRIC, (5,)), 334: (PHOTOMETRIC, (5,)), 336: (PHOTOMETRIC, (5,)),
    JPEG_TABLES: (COMPRESSION, (7,)),
}  # fmt: skip
_IDLE = (280, 281, 286, 287, 297, 336, 340, 341, 342)  # no pixel depends on them
_OTHERS = {*TABLES, *TABLES.values(), 291, 301, 320, 336, 338, SUB_IFDS, JPEG_TABLES, ICC}
NEEDED = _OTHERS | set(_SINGLE) | set(_FIXED) | set(_PER_SAMPLE)


@dataclass(frozen=True, slots=True)
class Geometry:
    """What the numbers of one directory say of its picture (TIFF 6.0 §3, §15, §21)."""

    width: int
    length: int
    bits: int
    samples: int
    compression: int
    photometric: int
    planes: int
    tiled: bool
    block_width: int
    block_length: int
    subsampling: tuple[int, int]
    reverse: bool  # FillOrder 2

    @property
    def across(self) -> int:
        return -(-self.width // self.block_width)

    @property
    def down(self) -> int:
        return -(-self.length // self.block_length)

    @property
    def blocks(self) -> int:
        return self.across * self.down * self.planes

    def rows(self, index: int) -> int:
        """Of a block: a tile is always whole, the last strip is not."""
        if self.tiled:
            return self.block_length
        return min(self.block_length, self.length - index % self.down * self.block_length)

    def size(self, index: int) -> int:
        """Bytes of a block that is not compressed."""
        rows, samples = self.rows(index), self.samples if self.planes == 1 else 1
        if self.photometric == 6 and self.planes == 1 and self.compression != 7:
            across, down = self.subsampling
            units = -(-self.block_width // across) * -(-rows // down)
            if (across, down) != (1, 1):
                return -(-units * (across * down + 2) * self.bits // 8)
        return rows * -(-self.block_width * samples * self.bits // 8)


def needed(
    source: Source, directory: Directory, more: Mapping[int, object] = MappingProxyType({})
) -> dict[int, Entry]:
    """The entries that stay, by tag; of `more` too, which the caller checks.

    Raises Unsupported for a type or count out of order.
    """
    found: dict[int, Entry] = {}
    for entry in directory.entries:
        if entry.tag in NEEDED or entry.tag in more:
            if entry.tag in found:
                raise Unsupported(f"The tag {entry.tag} stands twice; decoders differ in which.")
            found[entry.tag] = entry
    for tag, (other, allowed) in _ONLY_WITH.items():
        if tag in found and number(source, found, other, 1) not in allowed:
            del found[tag]
    samples = number(source, found, SAMPLES, 1)
    first = values(source, found[BITS])[:1] if BITS in found else (1,)
    for tag, entry in list(found.items()):
        if tag not in more and not _fits(tag, entry, samples, int(first[0]) if first else 1):
            if tag in _IDLE:
                del found[tag]
                continue
            raise Unsupported(
                f"The tag {tag} has the type {entry.kind} and {entry.count} values,",
                "which its definition does not allow.",
            )
    return found


def _fits(tag: int, entry: Entry, samples: int, bits: int) -> bool:
    kind, count = entry.kind, entry.count
    if tag in _SINGLE:
        return kind in _SINGLE[tag] and count == 1
    if tag in _FIXED:
        return kind in _FIXED[tag][0] and count == _FIXED[tag][1]
    if tag in _PER_SAMPLE:
        return kind in _PER_SAMPLE[tag] and count == samples
    if tag in (JPEG_TABLES, ICC):
        return kind in (BYTE, UNDEFINED) and entry.outside
    if tag == SUB_IFDS:
        return kind in (LONG, IFD, LONG8, IFD8) and 0 < count <= 1024
    if tag == EXTRA_SAMPLES:
        return kind == SHORT and 0 < count <= samples
    if tag == 336:
        return kind in (BYTE, SHORT) and count in (2, 2 * samples)
    if tag in (291, 301, 320):
        levels = 1 << min(bits, 16)
        allowed = {291: (levels,), 301: (levels, 3 * levels), 320: (3 * levels,)}[tag]
        return kind == SHORT and count in allowed
    return kind in (SHORT, LONG, LONG8) and count > 0


def number(source: Source, entries: dict[int, Entry], tag: int, default: int) -> int:
    """The first value of `tag`, a whole number."""
    if tag not in entries or entries[tag].kind not in (BYTE, SHORT, LONG, LONG8):
        return default
    found = values(source, entries[tag])
    return int(found[0]) if found else default


_COLOURS = (0, 1, 2, 3, 4, 5, 6, 8, 9, 10)
RAW_COLOURS = (32803, 34892)  # TIFF/EP: through a colour filter; DNG: linear


def geometry(
    source: Source, entries: dict[int, Entry], colours: tuple[int, ...] = _COLOURS
) -> Geometry:
    """Raises Unsupported for pictures that two decoders would read differently."""

    def of(tag: int, default: int) -> int:
        return number(source, entries, tag, default)

    width, length = of(WIDTH, 0), of(LENGTH, 0)
    if not width or not length:
        raise Unsupported("A page states no width or height.")
    samples, planar = of(SAMPLES, 1), of(PLANAR, 1)
    bits = set(values(source, entries[BITS])) if BITS in entries else {1}
    if len(bits) != 1 or not 1 <= min(bits) <= 128:
        raise Unsupported("The samples of a page are not all of one size.")
    tiled = TILE_OFFSETS in entries
    if tiled == (STRIP_OFFSETS in entries) or planar not in (1, 2) or not 0 < samples <= 65535:
        raise Unsupported("A page has neither strips nor tiles, or both.")
    down = of(TILE_LENGTH, 0) if tiled else min(of(ROWS, length), length)
    across = of(TILE_WIDTH, 0) if tiled else width
    if not down or not across or (TILE_WIDTH in entries) != tiled:
        raise Unsupported("A page does not state the size of its tiles or strips.")
    sub = values(source, entries[SUBSAMPLING]) if SUBSAMPLING in entries else (2, 2)
    if any(value not in (1, 2, 4) for value in sub):
        raise Unsupported("A page has an unknown chroma subsampling.")
    photometric = of(PHOTOMETRIC, -1)
    if photometric < 0:
        raise Unsupported("A page does not say what its numbers stand for as colours.")
    if photometric not in colours:
        if photometric in RAW_COLOURS:
            raise Unsupported(
                "This is a camera's raw picture.", fix="Develop it and export a TIFF or JPEG."
            )
        raise Unsupported(
            f"A page's colours are of the kind {photometric}, which scrub does not know."
        )
    if photometric == 6 and planar == 2 and sub != (1, 1) and samples > 1:
        raise Unsupported("A page has subsampled planes of their own.")
    return Geometry(
        width, length, int(bits.pop()), samples, of(COMPRESSION, 1), photometric,
        samples if planar == 2 else 1, tiled, across, down, (int(sub[0]), int(sub[1])),
        of(FILL_ORDER, 1) == 2,
    )  # fmt: skip


def packed(source: Source, entry: Entry) -> tuple[int, ...]:
    """All values of a table of offsets or lengths."""
    width = {SHORT: 2, LONG: 4, LONG8: 8}[entry.kind]
    code = {2: "H", 4: "I", 8: "Q"}[width]
    order = "<" if entry.order == "little" else ">"
    data = source.read(entry.value_at, entry.size)
    return struct.unpack(f"{order}{entry.count}{code}", data)
