"""Second reader for BMP: composes what should stand in the file and compares.

Content digest: SHA-256 over width, height, bits and compression (`<iiHI`), the bit masks in
use, index (`<H`) and colour of every palette entry in use, then the SHA-256 of the pixels:
rows without padding, unused bits zero; of runs all to their end, unused bits zero.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Held, TooLarge
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import dib, icc

_MOST = 1 << 30


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """The whole file. Raises Damaged; leftovers name what is not content."""
    if source.size > _MOST:
        raise TooLarge("The bitmap is too large to be checked.")
    data = source.read(0, source.size)
    if data[:2] != b"BM" or len(data) < 26:
        raise Damaged("This is no BMP picture.")
    look = dib.parse(data[14:])
    offset = int.from_bytes(data[10:14], "little") - 14
    if not dib.start_of_pixels(look) <= offset <= len(look.data):
        raise Damaged("The pixels stand outside the file.")
    if look.coding in (1, 2):
        pixels, end, used = dib.unrolled(look, offset)
    else:
        pixels, end = dib.unpadded(look, offset, look.depth)
        used = dib.indices(look, pixels) if look.depth <= 8 else set()
    colours = dib.colours_of(look, used)
    facts: dict[str, object] = {
        "width": look.width, "height": abs(look.height), "top_down": look.height < 0,
    }  # fmt: skip
    spans = [(0, dib.start_of_pixels(look)), (offset, end)]
    if look.size >= 108:
        spans += _colour(look, facts)
    _frame(look, data, spans, end - offset)
    digest = dib.content(look, colours, pixels)
    return Reading("bmp", digest, Rendering.of(**facts), tuple(look.leftovers))


def _frame(look: dib.Bitmap, data: bytes, spans: list[tuple[int, int]], size: int) -> None:
    if data[6:10] != bytes(4):
        look.leftovers.append("reserved fields of the file")
    if int.from_bytes(data[2:6], "little") != len(data):
        look.leftovers.append("size of the file")
    if look.size >= 40 and look.u32(20) not in (0, size):
        look.leftovers.append("size of the pixels")
    position = 0
    for start, end in sorted(spans):
        if start > position:
            look.leftovers.append(f"gap at {position + 14}")
        elif start < position:
            raise Damaged("Parts of the bitmap overlap.")
        position = end
    if position < len(look.data):
        look.leftovers.append("bytes behind the picture")


def _colour(look: dib.Bitmap, facts: dict[str, object]) -> list[tuple[int, int]]:
    """Colour space, coordinates, intent and profile of versions 4 and 5."""
    space = look.data[56:60][::-1].decode("latin-1")
    if space == "LINK":
        look.leftovers.append("linked profile")
    elif space not in ("\0" * 4, "sRGB", "Win ", "MBED"):
        raise Damaged("The colour space is unknown.")
    if space != "\0" * 4:
        look.zero("coordinates", 60, 108)
    end_points = look.data[60:108] if space == "\0" * 4 else bytes(48)
    named = "sRGB" if space == "LINK" else space
    facts["colours"] = named.encode("latin-1")[::-1].hex() + end_points.hex()
    if look.size < 124:
        return []
    look.zero("reserved field of the head", 120, 124)
    if look.u32(108) not in (0, 1, 2, 4, 8):
        look.leftovers.append("intent")
    facts["intent"] = look.u32(108) if look.u32(108) in (0, 1, 2, 4, 8) else 0
    start, size = look.u32(112), look.u32(116)
    if space != "MBED":
        look.zero("profile", 112, 120)
        return [(start, start + size)] if space == "LINK" else []
    if start + size > len(look.data) or not size:
        raise Damaged("The profile is cut off.")
    try:
        facts["profile"], left = icc.examine(look.data[start : start + size])
        look.leftovers += left
    except Held as error:
        look.leftovers.append(f"profile: {error.what}")
    return [(start, start + size)]
