"""Second reader for ICO and CUR: every picture by its own reader, and nothing between them.

Content digest: SHA-256 over, for every entry in order, `PNG ` and the content digest of the
PNG, or `BMP ` and that of the bitmap: as in a BMP, the SHA-256 of the rows of the mask,
without padding, coming last where there is a mask.
"""

from __future__ import annotations

import hashlib
import struct

from scrubber.errors import Damaged, TooLarge
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import dib, png

_MOST = 1 << 28


class _Bytes:
    """A picture of the icon, read like a file."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)

    def read(self, offset: int, n: int) -> bytes:
        if offset + n > self.size:
            raise Damaged("A picture of the icon is cut off.")
        return self.data[offset : offset + n]


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """The whole file. Raises Held; leftovers name what is not content."""
    if source.size > _MOST:
        raise TooLarge("The icon is too large to be checked.")
    data = source.read(0, source.size)
    if len(data) < 22 or data[:2] != b"\0\0" or data[2] not in (1, 2) or data[3]:
        raise Damaged("This is no icon.")
    kind, count = data[2], data[4] | data[5] << 8
    directory = data[6 : 6 + 16 * count]
    if len(directory) < 16 * count or not count:
        raise Damaged("The directory of the icon is cut off.")
    leftovers: list[str] = []
    spots, runs, digest = [], {(0, 6 + 16 * count)}, hashlib.sha256()
    for row in struct.iter_unpack("<BBBBHHII", directory):
        _, height, _, reserved, x, y, size, offset = row
        if reserved:
            leftovers.append("reserved byte of an entry")
        if kind == 1 and (x > 1 or y not in {0, 1, 2, 4, 8, 16, 24, 32}):
            leftovers.append("depth of an entry")
        picture = data[offset : offset + size]
        if len(picture) < size or size < 40:
            raise Damaged("A picture of the icon is cut off.")
        spots.append((x, y))
        runs.add((offset, offset + size))
        digest.update(_picture(picture, height or 256, y, leftovers))
    position = 0
    for start, end in sorted(runs):
        if start < position:
            raise Damaged("Pictures of the icon overlap.")
        if start > position:
            leftovers.append(f"gap at {position}")
        position = end
    if position < len(data):
        leftovers.append("bytes behind the pictures")
    facts = Rendering.of(kind=kind, pictures=count, hot_spots=spots if kind == 2 else None)
    return Reading("ico", digest.hexdigest(), facts, tuple(leftovers))


def _picture(data: bytes, height: int, bits: int, leftovers: list[str]) -> bytes:
    if data.startswith(b"\x89PNG"):
        reading = png.read(_Bytes(data))
        leftovers += reading.leftovers
        return b"PNG " + bytes.fromhex(reading.content)
    look = dib.parse(data, icon=True)
    (full,) = struct.unpack_from("<i", data, 8)
    if look.size != 40 or look.coding or full % 2 or full < 2 or (full > 2 and full == height):
        raise Damaged("A picture of the icon is coded in an unknown way.")
    start = dib.start_of_pixels(look)
    pixels, end = dib.unpadded(look, start, look.depth)
    planes = [pixels]
    masked = end
    if end < len(data) or look.depth < 32:
        mask, masked = dib.unpadded(look, end, 1)
        planes.append(mask)
    if masked < len(data):
        if look.depth != 32 or bits != 32:
            raise Damaged("A mask stands in an unclear place.")
        look.leftovers.append("bytes behind a mask")
    if look.u32(20) not in (0, end - start, masked - start):
        look.leftovers.append("size of the pixels")
    used = dib.indices(look, pixels) if look.depth <= 8 else set[int]()
    colours = dib.colours_of(look, used)
    leftovers += look.leftovers
    return b"BMP " + bytes.fromhex(dib.content(look, colours, *planes))
