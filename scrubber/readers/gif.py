"""Second reader for GIF (GIF87a, GIF89a): block by block, code by code.

Content digest: SHA-256 over name, length (8 bytes) and data of `screen` (the first 13 bytes),
for each frame `control` (flags, delay, transparent index), `frame` (descriptor), `colours`
(its own table), `pixels` (minimum code size and codes, with the end code), and at the end
`palette` (the global table). Reserved bits and unused colours count as zero.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import icc
from scrubber.readers.xmp_credit import credit_in

_MOST = 1 << 30  # bytes
_FULL = 4096  # entries of the table of codes
_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


@dataclass(slots=True)
class _Look:
    data: bytes
    at: int = 0
    size: tuple[int, int] = (0, 0)
    background: int | None = None
    table: bytes = b""
    colours: set[int] = field(default_factory=set)  # of the global table, in use
    control: bytes | None = None
    frames: int = 0
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    facts: dict[str, object] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)
    credited: bool = False

    def record(self, name: str, data: bytes) -> None:
        self.digest.update(name.encode() + len(data).to_bytes(8, "big") + data)

    def take(self, n: int) -> bytes:
        piece = self.data[self.at : self.at + n]
        if len(piece) < n:
            raise Damaged("The picture is cut off.")
        self.at += n
        return piece

    def blocks(self) -> list[bytes]:
        """A chain of sub-blocks up to its terminator."""
        found = []
        while length := self.take(1)[0]:
            found.append(self.take(length))
        return found


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads every block and every code. Raises Damaged or Unsupported."""
    if source.size > _MOST:
        raise Unsupported(f"The picture has {source.size} bytes.")
    look = _Look(source.read(0, source.size))
    _screen(look)
    ended = False
    while not ended and look.at < len(look.data):
        introducer = look.take(1)
        if introducer == b"!":
            _extension(look, look.take(1)[0])
        elif introducer == b",":
            _frame(look)
        elif introducer == b";":
            ended = True
        else:
            raise Damaged(f"No block starts at offset {look.at - 1}.")
    if look.control is not None:
        look.leftovers.append("control without a frame")
    if look.at < len(look.data):
        look.leftovers.append("bytes behind the trailer")
    if not look.frames:
        raise Damaged("The file has no picture.")
    if look.background is not None:
        look.colours.add(look.background)
        look.record("palette", _used(look, look.table, look.colours))
    facts = Rendering.of(width=look.size[0], height=look.size[1], frames=look.frames, **look.facts)
    return Reading("gif", look.digest.hexdigest(), facts, tuple(look.leftovers))


def _screen(look: _Look) -> None:
    head = bytearray(look.take(13))
    if head[:3] != b"GIF" or bytes(head[3:6]) not in (b"87a", b"89a"):
        raise Damaged("This is no GIF.")
    if head[10] & 8:
        look.leftovers.append("sort bit of the screen")
        head[10] -= 8
    look.size = head[6] | head[7] << 8, head[8] | head[9] << 8
    look.record("screen", bytes(head))
    if head[10] > 127:
        look.background = head[11]
        look.table = look.take(3 * 2 ** (head[10] % 8 + 1))


def _extension(look: _Look, label: int) -> None:
    start = look.at
    blocks = look.blocks()
    if label == 0xF9:
        _control(look, blocks)
    elif label == 0xFF and blocks and blocks[0] in _LOOPS and "loop" not in look.facts:
        if len(blocks) != 2 or len(blocks[1]) != 3 or blocks[1][0] != 1:
            look.leftovers.append("loop block that is not canonical")
        if len(blocks) > 1 and len(blocks[1]) > 2:
            look.facts["loop"] = blocks[1][1] + 256 * blocks[1][2]
    elif label == 0xFF and blocks[:1] == [b"ICCRGBG1012"] and "profile" not in look.facts:
        _profile(look, blocks, start)
    elif credit := _credit(look, start) if label == 0xFF else ():
        look.credited = True
        look.leftovers.append(f"credit: {', '.join(credit)}")
    else:
        look.leftovers.append(f"extension {label:#04x}")


def _credit(look: _Look, start: int) -> tuple[str, ...]:
    """XMP stands as it is, and 258 bytes behind it lead readers of blocks to its end."""
    run = look.data[start : look.at]
    if look.credited or look.frames or run[:12] != b"\x0bXMP DataXMP":
        return ()
    lead = bytes([1, *range(255, -1, -1), 0])
    return credit_in(run[12 : -len(lead)]) if run.endswith(lead) else ()


def _control(look: _Look, blocks: list[bytes]) -> None:
    if look.control is not None:
        look.leftovers.append("second control")
    if not blocks or len(blocks[0]) < 4:
        raise Damaged("A control block is too short.")
    flags, low, high, index = blocks[0][:4]
    if len(blocks) > 1 or len(blocks[0]) > 4 or flags > 31 or (index and not flags % 2):
        look.leftovers.append("control that is not canonical")
    look.control = bytes([flags & 31, low, high, index if flags % 2 else 0])


def _profile(look: _Look, blocks: list[bytes], start: int) -> None:
    try:
        look.facts["profile"], left = icc.examine(b"".join(blocks[1:]))
    except Held as error:
        look.leftovers.append(f"ICC: {error.what}")
        return
    look.leftovers += left
    if any(len(block) != 255 for block in blocks[1:-1]):
        look.leftovers.append(f"ICC blocks at {start} of uneven size")


def _frame(look: _Look) -> None:
    place = bytearray(look.take(9))
    left, top, wide, high = (place[i] | place[i + 1] << 8 for i in (0, 2, 4, 6))
    if not wide or not high:
        raise Unsupported("A frame has no size.")
    size = max(look.size[0], left + wide), max(look.size[1], top + high)
    if look.frames and size != look.size:
        raise Unsupported("A frame reaches beyond the picture.")
    look.size = size
    look.frames += 1
    transparent = None
    if look.control is not None:
        look.record("control", look.control)
        transparent = look.control[3] if look.control[0] % 2 else None
        look.control = None
    allowed = 0xC7 if place[8] > 127 else 0x40
    if place[8] & ~allowed:
        look.leftovers.append(f"reserved bits of frame {look.frames}")
        place[8] &= allowed
    look.record("frame", bytes(place))
    table = look.take(3 * 2 ** (place[8] % 8 + 1)) if place[8] > 127 else None
    colours, least, codes = _pixels(look, wide * high)
    if transparent is not None:
        colours.add(transparent)
    if table is None:
        look.colours |= colours
    else:
        if look.background is not None:
            colours.add(look.background)
        look.record("colours", _used(look, table, colours))
    look.record("pixels", bytes([least]) + codes)


def _pixels(look: _Look, pixels: int) -> tuple[set[int], int, bytes]:
    """The colours in use, the minimum code size and the codes of a frame."""
    least = look.take(1)[0]
    if not 2 <= least <= 8:
        raise Damaged("A frame has an impossible code size.")
    blocks = look.blocks()
    sizes = {len(block) for block in blocks[:-1]} or {255}
    if not blocks or (sizes not in ({254}, {255})) or len(blocks[-1]) > max(sizes):
        look.leftovers.append(f"block sizes of frame {look.frames}")
    codes = b"".join(blocks)
    colours, needed, width = _decode(codes, least, pixels)
    ending, bits = int.from_bytes(codes[needed // 8 :], "little"), needed % 8
    if len(codes) != -(-(needed + width) // 8) or ending >> bits != 2**least + 1:
        look.leftovers.append(f"codes behind the last pixel of frame {look.frames}")
    return colours, least, codes


def _decode(codes: bytes, least: int, pixels: int) -> tuple[set[int], int, int]:
    """Colours in use, the bit behind the last code that a pixel needs, the width of the next."""
    clear = 2**least
    fresh = [1] * clear + [0, 0]
    lengths, top, width, limit = fresh.copy(), clear + 2, least + 1, 2 * clear
    plain = bytearray(_FULL)  # a 1 for each code that was read
    done = previous = at = 0
    while row := _alike(codes, at, width, limit - top + 1 if top < _FULL else _FULL):
        for code in row:
            at += width
            step = lengths[code] if code < top else previous + 1 if code == top < _FULL else 0
            if not step or not (previous or code < clear):
                if code != clear:
                    raise Damaged("The codes of a frame end before its pixels, or name none.")
                lengths, top, width, limit = fresh.copy(), clear + 2, least + 1, 2 * clear
                previous = 0
                break
            plain[code] = 1
            if previous and top < _FULL:
                lengths.append(previous + 1)
                top += 1
            previous = step
            done += step
            wider = top == limit < _FULL
            if done >= pixels:
                return {code for code in range(clear) if plain[code]}, at, width + wider
            if wider:
                width += 1
                limit *= 2
                break
    raise Damaged("The codes of a frame are cut off.")


def _alike(codes: bytes, at: int, width: int, most: int) -> list[int]:
    """Up to `most` codes of one width from bit `at` on."""
    count = min(most, (8 * len(codes) - at) // width)
    if count < 1:
        return []
    run = np.frombuffer(codes[at // 8 : (at + count * width + 7) // 8], dtype=np.uint8)
    bits = np.unpackbits(run, bitorder="little")[at % 8 :][: count * width]
    values: list[int] = (bits.reshape(count, width) @ (1 << np.arange(width))).tolist()
    return values


def _used(look: _Look, table: bytes, colours: set[int]) -> bytes:
    """`table` with entries that no pixel uses as zero."""
    clean = bytearray(table)
    for index in set(range(len(table) // 3)) - colours:
        clean[3 * index : 3 * index + 3] = b"\0\0\0"
    if clean != table:
        look.leftovers.append("colours that no pixel uses")
    return bytes(clean)
