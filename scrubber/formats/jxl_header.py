"""Headers of a JPEG XL codestream (ISO/IEC 18181-1 Annexes B, D, F): enough to know its end.

Names of channels and frames, previews, extensions and embedded colour profiles are coded
among the bits of the picture and cannot be cut out: such pictures are held.
"""

from __future__ import annotations

from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source

U32 = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]
"""Four choices of (bits, what is added)."""

_SIZE: U32 = ((9, 1), (13, 1), (18, 1), (30, 1))
_ENUM: U32 = ((0, 0), (0, 1), (4, 2), (6, 18))
_NAME: U32 = ((0, 0), (4, 0), (5, 16), (10, 48))
_POWER: U32 = ((0, 1), (0, 2), (0, 4), (0, 8))
_CROP: U32 = ((8, 0), (11, 256), (14, 2304), (30, 18688))
_POINT: U32 = ((19, 0), (19, 524288), (20, 1048576), (21, 2097152))
_TOC: U32 = ((10, 0), (14, 1024), (22, 17408), (30, 4211712))
_RATIOS = ((1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1))
_REGULAR, _LF, _REFERENCE = 0, 1, 2
_USE_LF = 32
_FRAMES = 100_000
_ENTRIES = 1 << 22
_WINDOW = 1 << 12


class Bits:
    """Bits of a source from byte `at`, the lowest first."""

    def __init__(self, source: Source, at: int) -> None:
        self._source = source
        self._from = at
        self._data = b""
        self._at = at * 8

    def take(self, count: int) -> int:
        first, last = self._at >> 3, (self._at + count + 7) >> 3
        if last > self._from + len(self._data) or first < self._from:
            size = min(_WINDOW, self._source.size - first)
            self._data, self._from = self._source.read(first, max(size, last - first)), first
        run = self._data[first - self._from : last - self._from]
        value = int.from_bytes(run, "little") >> (self._at & 7) & ((1 << count) - 1)
        self._at += count
        return value

    def flag(self) -> bool:
        return self.take(1) == 1

    def u32(self, choices: U32) -> int:
        bits, plus = choices[self.take(2)]
        return self.take(bits) + plus

    def u64(self) -> int:
        kind = self.take(2)
        if kind < 3:
            return self.take((0, 4, 8)[kind]) + (0, 1, 17)[kind]
        value, shift = self.take(12), 12
        while self.flag():
            if shift == 60:
                return value | self.take(4) << 60
            value |= self.take(8) << shift
            shift += 8
        return value

    def align(self) -> int:
        """Zero bits up to the next byte. Returns where that is."""
        if self.take(-self._at % 8):
            raise Damaged("Bits between two headers are not zero.")
        return self._at >> 3


@dataclass(slots=True)
class Picture:
    """What the header of the picture says. `end`: of its codestream."""

    width: int = 0
    height: int = 0
    orientation: int = 1
    animated: bool = False
    timecodes: bool = False
    channels: int = 0  # beside the colours
    opsin: bool = True  # coded in XYB
    frames: int = 0
    end: int = 0


def examine(source: Source) -> Picture:
    """The headers of a whole codestream. Raises Damaged or Unsupported."""
    if source.read(0, 2) != b"\xff\x0a":
        raise Damaged("A codestream of JPEG XL starts with FF 0A.")
    bits = Bits(source, 2)
    picture = Picture()
    picture.width, picture.height = _size(bits)
    if not bits.flag():
        _metadata(bits, picture)
    if not bits.flag():
        _transform(bits, picture)
    at = bits.align()
    for _ in range(_FRAMES):
        at, last = _frame(source, at, picture)
        picture.frames += 1
        if at > source.size:
            raise Damaged("A frame of the picture is cut off.")
        if last:
            picture.end = at
            return picture
    raise Unsupported(f"The picture has more than {_FRAMES} frames.")


def _size(bits: Bits) -> tuple[int, int]:
    small = bits.flag()
    height = 8 * (1 + bits.take(5)) if small else bits.u32(_SIZE)
    ratio = bits.take(3)
    if ratio:
        over, under = _RATIOS[ratio - 1]
        return height * over // under, height
    return (8 * (1 + bits.take(5)) if small else bits.u32(_SIZE)), height


def _depth(bits: Bits) -> None:
    if bits.flag():
        bits.u32(((0, 32), (0, 16), (0, 24), (6, 1)))
        bits.take(4)
    else:
        bits.u32(((0, 8), (0, 10), (0, 12), (6, 1)))


def _metadata(bits: Bits, picture: Picture) -> None:
    extra = bits.flag()
    if extra:
        picture.orientation = 1 + bits.take(3)
        if bits.flag():
            _size(bits)  # as which it should be shown
        if bits.flag():
            raise Unsupported("The picture holds a preview of itself, which cannot be cut out.")
        picture.animated = bits.flag()
        if picture.animated:
            bits.u32(((0, 100), (0, 1000), (10, 1), (30, 1)))
            bits.u32(((0, 1), (0, 1001), (8, 1), (10, 1)))
            bits.u32(((0, 0), (3, 0), (16, 0), (32, 0)))
            picture.timecodes = bits.flag()
    _depth(bits)
    bits.flag()
    picture.channels = bits.u32(((0, 0), (0, 1), (4, 2), (12, 1)))
    for _ in range(picture.channels):
        if not bits.flag():
            _channel(bits)
    picture.opsin = bits.flag()
    if not bits.flag():
        _colours(bits)
    if extra and not bits.flag():
        bits.take(16 + 16 + 1 + 16)  # for how bright a screen
    _no_extensions(bits)


def _channel(bits: Bits) -> None:
    kind = bits.u32(_ENUM)
    _depth(bits)
    bits.u32(((0, 0), (0, 3), (0, 4), (3, 1)))
    _no_name(bits, "channel")
    if kind == 0:
        bits.flag()
    elif kind == 2:
        bits.take(64)  # a spot colour
    elif kind == 5:
        bits.u32(((0, 1), (2, 0), (4, 3), (8, 19)))


def _colours(bits: Bits) -> None:
    if bits.flag():
        raise Unsupported(
            "The picture has a colour profile coded in it, which cannot be cleaned.",
            fix="Export it as sRGB or Display P3.",
        )
    space = bits.u32(_ENUM)
    if space != 2 and bits.u32(_ENUM) == 2:
        _points(bits, 1)
    if space not in (1, 2) and bits.u32(_ENUM) == 2:
        _points(bits, 3)
    if bits.flag():
        bits.take(24)
    else:
        bits.u32(_ENUM)
    bits.u32(_ENUM)


def _points(bits: Bits, count: int) -> None:
    for _ in range(2 * count):
        bits.u32(_POINT)


def _transform(bits: Bits, picture: Picture) -> None:
    if picture.opsin and not bits.flag():
        bits.take(16 * 16)
    mask = bits.take(3)
    for index, weights in enumerate((15, 55, 210)):
        if mask >> index & 1:
            bits.take(16 * weights)


def _no_name(bits: Bits, what: str) -> None:
    if bits.u32(_NAME):
        raise Unsupported(f"A {what} of the picture has a name, which cannot be cut out.")


def _no_extensions(bits: Bits) -> None:
    if bits.u64():
        raise Unsupported("The picture has extensions that scrub does not know.")


def _frame(source: Source, at: int, picture: Picture) -> tuple[int, bool]:
    """F.2, F.3. Returns where the frame ends and whether it is the last."""
    bits = Bits(source, at)
    width, height, shift, passes, last = picture.width, picture.height, 1, 1, True
    if not bits.flag():
        width, height, shift, passes, last = _frame_header(bits, picture)
    side = 128 << shift
    groups = -(-width // side) * -(-height // side)
    coarse = -(-width // (8 * side)) * -(-height // (8 * side))
    entries = 1 if groups == passes == 1 else 2 + coarse + groups * passes
    if entries > _ENTRIES:
        raise Unsupported("The picture has too many groups.")
    if bits.flag():
        raise Unsupported("The groups of the picture are in an order of their own.")
    bits.align()
    size = sum(bits.u32(_TOC) for _ in range(entries))
    return bits.align() + size, last


def _frame_header(bits: Bits, picture: Picture) -> tuple[int, int, int, int, bool]:
    """Width, height, size of the groups, passes, and whether it is the last frame."""
    kind, modular, flags = bits.take(2), bits.flag(), bits.u64()
    ycbcr = not picture.opsin and bits.flag()
    shift, passes, upsampling = 1, 1, 1
    if not flags & _USE_LF:
        if ycbcr:
            bits.take(6)
        upsampling = bits.u32(_POWER)
        for _ in range(picture.channels):
            bits.u32(_POWER)
    if modular:
        shift = bits.take(2)
    elif picture.opsin:
        bits.take(6)
    if kind != _REFERENCE:
        passes = _passes(bits)
    level = 1 + bits.take(2) if kind == _LF else 0
    width, height, whole = picture.width, picture.height, True
    if kind != _LF and bits.flag():
        left, top = (bits.u32(_CROP), bits.u32(_CROP)) if kind != _REFERENCE else (0, 0)
        width, height = bits.u32(_CROP), bits.u32(_CROP)
        whole = _covers(left, width, picture.width) and _covers(top, height, picture.height)
    last = _placed(bits, picture, kind, whole)
    _no_name(bits, "frame")
    _filters(bits, modular)
    _no_extensions(bits)
    scale = upsampling << 3 * level
    return -(-width // scale), -(-height // scale), shift, passes, last


def _covers(origin: int, size: int, canvas: int) -> bool:
    """True if a frame covers the canvas; its origin is a number with a sign, zigzag."""
    start = origin >> 1 if origin % 2 == 0 else -(origin + 1 >> 1)
    return start <= 0 and start + size >= canvas


def _passes(bits: Bits) -> int:
    passes = bits.u32(((0, 1), (0, 2), (0, 3), (3, 4)))
    if passes > 1:
        steps = bits.u32(((0, 0), (0, 1), (0, 2), (1, 3)))
        bits.take(2 * (passes - 1))
        for _ in range(steps):
            bits.u32(_POWER)
        for _ in range(steps):
            bits.u32(((0, 0), (0, 1), (0, 2), (3, 0)))
    return passes


def _placed(bits: Bits, picture: Picture, kind: int, whole: bool) -> bool:
    """How a frame is put on those before it. Returns whether it is the last."""
    last, mode, duration, saved = False, 0, 0, 0
    if kind not in (_LF, _REFERENCE):
        mode = _blending(bits, picture, whole)
        for _ in range(picture.channels):
            _blending(bits, picture, whole)
        if picture.animated:
            duration = bits.u32(((0, 0), (0, 1), (8, 0), (32, 0)))
            if picture.timecodes and bits.take(32):
                raise Unsupported("The frames of the picture have time codes.")
        last = bits.flag()
    if kind != _LF and not last:
        saved = bits.take(2)
    referenced = kind != _LF and not last and (duration == 0 or saved != 0)
    if kind == _REFERENCE or (kind != _LF and referenced and mode == 0 and whole):
        bits.flag()
    return last


def _blending(bits: Bits, picture: Picture, whole: bool) -> int:
    mode = bits.u32(((0, 0), (0, 1), (0, 2), (2, 3)))
    if picture.channels and mode in (2, 3):
        bits.u32(((0, 0), (0, 1), (0, 2), (3, 3)))
    if (picture.channels and mode in (2, 3)) or mode == 4:
        bits.flag()
    if mode or not whole:
        bits.take(2)
    return mode


def _filters(bits: Bits, modular: bool) -> None:
    if bits.flag():
        return
    if bits.flag() and bits.flag():
        bits.take(6 * 16)
    if bits.take(2):
        if not modular and bits.flag():
            bits.take(8 * 16)
        if bits.flag():
            bits.take(5 * 16)
        if bits.flag():
            bits.take((3 if modular else 4) * 16)
        if modular:
            bits.take(16)
    _no_extensions(bits)
