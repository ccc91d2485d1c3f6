"""Reads a device-independent bitmap as one run of bytes and lays it out again as it should be.

The second look at what BMP files and icons hold: from the facts of the head a clean bitmap
is composed, and every byte that differs from it is a leftover.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported

_DEPTHS = {(0, 1), (0, 2), (0, 4), (0, 8), (0, 16), (0, 24), (0, 32), (1, 8), (2, 4), (3, 16),
           (3, 32), (6, 16), (6, 32)}  # fmt: skip


@dataclass(slots=True)
class Bitmap:
    """Facts of a head at the start of `data`, and what is wrong in it."""

    data: bytes
    size: int = 0
    width: int = 0
    height: int = 0
    depth: int = 0
    coding: int = 0
    colours: int = 0
    masks: bytes = b""
    palette: int = 0  # where the colours start
    step: int = 4
    leftovers: list[str] = field(default_factory=list)

    def u32(self, at: int) -> int:
        return int(struct.unpack_from("<I", self.data, at)[0])

    def zero(self, name: str, start: int, end: int) -> None:
        if self.data[start:end].count(0) != end - start:
            self.leftovers.append(name)


def parse(data: bytes, icon: bool = False) -> Bitmap:
    """The head. Raises Damaged or Unsupported."""
    look = Bitmap(data)
    try:
        _parse(look, icon)
    except struct.error as error:
        raise Damaged("The head of the bitmap is cut off.") from error
    return look


def _parse(look: Bitmap, icon: bool) -> None:
    look.size = look.u32(0)
    if look.size not in {12, 16, 40, 52, 56, 64, 108, 124}:
        raise Damaged("The bitmap has a head of no known version.")
    layout = "<HHHH" if look.size == 12 else "<iiHH"
    look.width, look.height, planes, look.depth = struct.unpack_from(layout, look.data, 4)
    look.step = 3 if look.size == 12 else 4
    if icon:
        look.height = look.height // 2
    if look.size >= 40:
        look.coding, look.colours = look.u32(16), look.u32(32)
    if (look.coding, look.depth) not in _DEPTHS or (look.size == 64 and look.depth <= 8):
        raise Unsupported("The bitmap is coded in an unknown way.")
    if look.width < 1 or not look.height or (look.coding in (1, 2) and look.height < 0):
        raise Damaged("The bitmap has no size.")
    if planes != 1:
        look.leftovers.append("planes")
    _masks(look)
    _numbers(look)


def _masks(look: Bitmap) -> None:
    look.palette = look.size
    if look.coding in (3, 6):
        short = 12 if look.coding == 3 else 16
        count = short if look.size == 40 else min(look.size, 56) - 40
        look.masks = look.data[40 : 40 + count]
        look.palette += count if look.size == 40 else 0
        if not _apart(look.masks, look.depth):
            raise Damaged("The masks of the bitmap overlap.")
    elif look.size > 40 and look.size != 64:
        masks = look.data[40 : min(look.size, 56)]
        if any(masks) and not _apart(masks, look.depth):
            look.leftovers.append("masks")


def _numbers(look: Bitmap) -> None:
    if look.size == 64:
        look.zero("OS/2 fields", 40, 64)
    if look.size >= 40:
        if max(look.u32(24), look.u32(28)) > 200_000:
            look.leftovers.append("density")
        if look.u32(36) > 2 ** min(look.depth, 8):
            look.leftovers.append("important colours")
    if look.colours > (2**look.depth if look.depth <= 8 else 0):
        if look.depth <= 8 or look.colours > 65536:
            raise Damaged("The bitmap has too many colours.")
        look.leftovers.append("surplus colours")
    elif look.depth <= 8:
        look.colours = look.colours or 2**look.depth


def _apart(masks: bytes, depth: int) -> bool:
    """True if each mask is one run of bits and none covers another; only alpha may be empty."""
    words: tuple[int, ...] = struct.unpack(f"<{len(masks) // 4}I", masks)
    spelt = [format(word, "032b").strip("0") for word in words]
    if "0" in "".join(spelt) or not all(spelt[:3]):
        return False
    total = sum(words)
    return total == _union(words) and total < 1 << depth


def _union(words: tuple[int, ...]) -> int:
    union = 0
    for word in words:
        union |= word
    return union


def start_of_pixels(look: Bitmap) -> int:
    """Where the pixels stand when nothing comes between."""
    return look.palette + look.step * look.colours


def unpadded(look: Bitmap, at: int, depth: int) -> tuple[bytes, int]:
    """Rows of `depth` bits from `at`, without padding. Returns them and where they end."""
    height = abs(look.height)
    bits = look.width * depth
    size = -(-bits // 8)
    stride = -(-bits // 32) * 4
    end = at + stride * height
    if end > len(look.data):
        raise Damaged("The bitmap is cut off.")
    if stride == size and not bits % 8:
        return look.data[at:end], end
    lines = []
    for start in range(at, end, stride):
        line = look.data[start : start + size]
        if bits % 8:
            last = line[-1] >> (8 - bits % 8) << (8 - bits % 8)
            if last != line[-1]:
                look.leftovers.append("unused bits of a row")
            line = line[:-1] + bytes([last])
        if any(look.data[start + size : start + stride]):
            look.leftovers.append("padding of a row")
        lines.append(line)
    return b"".join(lines), end


def indices(look: Bitmap, packed: bytes) -> set[int]:
    """Colours that rows without padding name."""
    if look.depth == 8:
        return set(packed)
    per = 8 // look.depth
    size = -(-look.width // per)
    found: set[int] = set()
    odd = look.width % per
    cells = [
        [byte >> 8 - look.depth * (i + 1) & 2**look.depth - 1 for i in range(per)]
        for byte in range(256)
    ]
    if odd:
        ends = packed[size - 1 :: size]
        for byte in set(ends):
            found.update(cells[byte][:odd])
        packed = b"".join(packed[i : i + size - 1] for i in range(0, len(packed), size))
    for byte in set(packed):
        found.update(cells[byte])
    return found


def unrolled(look: Bitmap, at: int) -> tuple[bytes, int, set[int]]:
    """Runs from `at` to their end, that end, and the colours they name with the background."""
    nibbles = look.depth == 4
    data, place = look.data, at
    found, column, line = {0}, 0, 0
    try:
        while data[place : place + 2] != b"\0\1":
            length, value = data[place], data[place + 1]
            place += 2
            if length:
                pair = [value >> 4, value & 15] if nibbles else [value]
                found.update(pair[:length])
                if nibbles and length == 1 and pair[1] not in (0, pair[0]):
                    look.leftovers.append("unused half of a run")
                column += length
            elif value == 0:
                column, line = 0, line + 1
            elif value == 2:
                column, line = column + data[place], line + data[place + 1]
                place += 2
            else:
                size = -(-value // 2) if nibbles else value
                body = data[place : place + size + size % 2]
                if len(body) < size + size % 2:
                    raise Damaged("The bitmap is cut off.")
                cells = list(body[:size])
                if nibbles:
                    cells = list(
                        itertools.chain.from_iterable((b >> 4, b & 15) for b in body[:size])
                    )
                found.update(cells[:value])
                if any(cells[value:]) or any(body[size:]):
                    look.leftovers.append("padding of a run")
                place += len(body)
                column += value
            if column > look.width or line > look.height or (line == look.height and column):
                raise Damaged("A run leads outside the bitmap.")
        return data[at : place + 2], place + 2, found
    except IndexError as error:
        raise Damaged("The bitmap is cut off.") from error


def colours_of(look: Bitmap, used: set[int]) -> bytes:
    """Index and colour of what is in use; all else must be black, or the ramp of greys."""
    count = look.colours if look.depth <= 8 else 0
    table = [look.data[look.palette + look.step * i :][: look.step] for i in range(count)]
    if any(index >= count for index in used):
        raise Damaged("A pixel names a colour that is not there.")
    if look.step == 4 and any(entry[3] for entry in table):
        look.leftovers.append("fourth byte of a colour")
    greys = count in (2, 4, 16, 256) and [entry[:3] for entry in table] == [
        bytes([255 * i // (count - 1)] * 3) for i in range(count)
    ]
    if not greys and any(any(table[i][:3]) for i in range(count) if i not in used):
        look.leftovers.append("unused colour")
    return b"".join(i.to_bytes(2, "little") + table[i][:3] for i in sorted(used))


def content(look: Bitmap, colours: bytes, *pixels: bytes) -> str:
    """The digest that the page of BMP defines; an icon's mask comes after its pixels."""
    head = struct.pack("<iiHI", look.width, look.height, look.depth, look.coding)
    parts = b"".join(hashlib.sha256(run).digest() for run in pixels)
    return hashlib.sha256(head + look.masks + colours + parts).hexdigest()
