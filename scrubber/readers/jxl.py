"""Second reader for JPEG XL: boxes by name, then the headers of the codestream bit by bit.

Content digest: SHA-256 over the codestream.
"""

from __future__ import annotations

import functools
import hashlib
import struct

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.xmp_credit import credit_in

_MOST = 1 << 30
_SHAPES = {1: 1.0, 2: 1.2, 3: 4 / 3, 4: 1.5, 5: 16 / 9, 6: 1.25, 7: 2.0}


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """The whole file. Raises Held; leftovers name what is not content."""
    if source.size > _MOST:
        raise TooLarge("The picture is too large to be checked.")
    data = source.read(0, source.size)
    leftovers: list[str] = []
    coded = data if data[:2] == b"\xff\x0a" else _unboxed(data, leftovers)
    if coded[:2] != b"\xff\x0a":
        raise Damaged("The codestream has no start.")
    try:
        walk = _Walk(coded)
        end = walk.run()
    except struct.error as error:
        raise Damaged("The headers of the picture are cut off.") from error
    if end > len(coded):
        raise Damaged("The picture is cut off.")
    if end < len(coded):
        leftovers.append("bytes behind the last frame")
    facts = Rendering.of(
        width=walk.width, height=walk.height, orientation=walk.turn, frames=walk.frames
    )
    return Reading("jxl", hashlib.sha256(coded[:end]).hexdigest(), facts, tuple(leftovers))


def _unboxed(data: bytes, leftovers: list[str]) -> bytes:
    if data[:12] != b"\0\0\0\x0cJXL \r\n\x87\n":
        raise Damaged("This is no JPEG XL picture.")
    if not data[12:32].endswith(b"ftypjxl \0\0\0\0jxl ") or data[12:16] != b"\0\0\0\x14":
        if data[16:24] != b"ftypjxl ":
            raise Damaged("The type of the file is another.")
        leftovers.append("brands")
    at = 12 + int.from_bytes(data[12:16], "big")
    whole: list[bytes] = []
    parts: list[tuple[int, bytes]] = []
    levels = 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8].ljust(8, b"\0"))
        body = at + 8
        if size == 1:
            size, body = int.from_bytes(data[body : body + 8], "big"), body + 8
        stop = len(data) if size == 0 and len(data) - at >= 8 else at + size
        if stop < body or stop > len(data):
            leftovers.append("bytes that are no box")
            break
        run = data[body:stop]
        if kind == b"jxlc":
            whole.append(run)
        elif kind == b"jxlp":
            parts.append((int.from_bytes(run[:4], "big"), run[4:]))
        elif kind == b"jxll" and run in (b"\5", b"\n") and not levels:
            levels = 1
        else:
            leftovers.append(_other(kind, run, bool(whole or parts), leftovers))
        at = stop
    numbers = [number for number, _ in parts]
    if parts and numbers != [*range(len(parts) - 1), 2**31 + len(parts) - 1]:
        raise Damaged("The parts of the codestream are not in order.")
    if len(whole) + bool(parts) != 1:
        raise Damaged("The picture needs one codestream.")
    return whole[0] if whole else b"".join(run for _, run in parts)


def _other(kind: bytes, run: bytes, late: bool, leftovers: list[str]) -> str:
    """One credit may stand before the codestream."""
    if kind == b"xml " and not late and not any(row.startswith("credit: ") for row in leftovers):
        found = credit_in(run)
        if found:
            return f"credit: {', '.join(found)}"
    return f"box {kind!a}"


@functools.cache
def _choices(spec: str) -> tuple[tuple[int, int], ...]:
    """`9+1 13+1 …` → bits and what is added; a plain number needs no bits."""
    rows = []
    for word in spec.split():
        bits, _, plus = word.rpartition("+")
        rows.append((int(bits or 0), int(plus)))
    return tuple(rows)


class _Walk:
    """Annexes B, D and F of ISO/IEC 18181-1, without what the pictures themselves are."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bit = 16
        self.width = self.height = self.frames = self.extra = 0
        self.turn = 1
        self.moving = self.coded_times = False
        self.xyb = True

    def u(self, count: int) -> int:
        stop = self.bit + count
        if stop > 8 * len(self.data):
            raise Damaged("The headers of the picture are cut off.")
        run = self.data[self.bit // 8 : -(-stop // 8)]
        value = int.from_bytes(run, "little") >> self.bit % 8
        self.bit = stop
        return value & ~(-1 << count)

    def pick(self, spec: str) -> int:
        bits, plus = _choices(spec)[self.u(2)]
        return plus + self.u(bits)

    def nothing(self, what: str) -> None:
        """A length that must be zero."""
        if self.pick("0 4+0 5+16 10+48"):
            raise Unsupported(f"A {what} of the picture has a name.")

    def plain(self) -> None:
        """Extensions, a number of up to 64 bits, of which there must be none."""
        if self.u(2):
            raise Unsupported("The picture has extensions.")

    def flags(self) -> int:
        first = self.u(2)
        if first == 0:
            return 0
        if first < 3:
            return self.u(4) + 1 if first == 1 else self.u(8) + 17
        value, place = self.u(12), 12
        while self.u(1):
            width = 8 if place < 60 else 4
            value += self.u(width) << place
            place += width
            if width == 4:
                break
        return value

    def byte(self) -> int:
        if self.u(-self.bit % 8):
            raise Damaged("Padding in the headers is not zero.")
        return self.bit // 8

    def size(self) -> tuple[int, int]:
        eighths = self.u(1)
        spec = "9+1 13+1 18+1 30+1"
        high = 8 + 8 * self.u(5) if eighths else self.pick(spec)
        shape = self.u(3)
        if shape:
            return int(round(high * _SHAPES[shape] * 60) // 60), high
        return (8 + 8 * self.u(5) if eighths else self.pick(spec)), high

    def run(self) -> int:
        """All headers. Returns where the last frame ends."""
        self.width, self.height = self.size()
        if not self.u(1):
            self.image()
        if not self.u(1):
            if self.xyb and not self.u(1):
                self.u(256)
            for bit, weights in zip(f"{self.u(3):03b}"[::-1], (15, 55, 210), strict=True):
                self.u(16 * weights * int(bit))
        last = False
        while not last:
            self.byte()
            last = self.frame()
            self.frames += 1
        return self.bit // 8

    def depth(self) -> None:
        if self.u(1):
            self.pick("32 16 24 6+1")
            self.u(4)
        else:
            self.pick("8 10 12 6+1")

    def image(self) -> None:
        more = self.u(1)
        if more:
            self.turn += self.u(3)
            if self.u(1):
                self.size()
            if self.u(1):
                raise Unsupported("The picture holds a preview.")
            self.moving = bool(self.u(1))
            if self.moving:
                for spec in ("100 1000 10+1 30+1", "1 1001 8+1 10+1", "0 3+0 16+0 32+0"):
                    self.pick(spec)
                self.coded_times = bool(self.u(1))
        self.depth()
        self.u(1)
        self.extra = self.pick("0 1 4+2 12+1")
        for _ in range(self.extra):
            if self.u(1):
                continue
            kind = self.pick("0 1 4+2 6+18")
            self.depth()
            self.pick("0 3 4 3+1")
            self.nothing("channel")
            self.u({0: 1, 2: 64}.get(kind, 0))
            if kind == 5:
                self.pick("1 2+0 4+3 8+19")
        self.xyb = bool(self.u(1))
        if not self.u(1):
            self.colours()
        if more and not self.u(1):
            self.u(49)
        self.plain()

    def colours(self) -> None:
        if self.u(1):
            raise Unsupported("The picture holds a colour profile.")
        kinds, point = "0 1 4+2 6+18", "19+0 19+524288 20+1048576 21+2097152"
        space = self.pick(kinds)
        for skipped, points in (((2,), 1), ((1, 2), 3)):
            if space not in skipped and self.pick(kinds) == 2:
                for _ in range(2 * points):
                    self.pick(point)
        if self.u(1):
            self.u(24)
        else:
            self.pick(kinds)
        self.pick(kinds)

    def frame(self) -> bool:
        wide, high, side, steps, last = self.width, self.height, 256, 1, True
        if not self.u(1):
            wide, high, side, steps, last = self.details()
        cells = -(-wide // side) * -(-high // side)
        count = cells * steps
        if count > 1:
            count += 2 + -(-wide // side // 8) * -(-high // side // 8)
        if count > 2**22 or self.u(1):
            raise Unsupported("The groups of the picture are too many, or in another order.")
        self.byte()
        total = sum(self.pick("10+0 14+1024 22+17408 30+4211712") for _ in range(count))
        self.bit = 8 * (self.byte() + total)
        return last

    def details(self) -> tuple[int, int, int, int, bool]:
        kind, modular = self.u(2), self.u(1)
        flags = self.flags()
        chroma = 0 if self.xyb else self.u(1)
        side, steps, scale = 256, 1, 1
        if flags >> 5 & 1 == 0:
            self.u(6 * chroma)
            scale = self.pick("1 2 4 8")
            for _ in range(self.extra):
                self.pick("1 2 4 8")
        if modular:
            side = 128 << self.u(2)
        else:
            self.u(6 * self.xyb)
        if kind != 2:
            steps = self.passes()
        if kind == 1:
            scale *= 8 ** (self.u(2) + 1)
        wide, high, full = self.width, self.height, True
        if kind != 1 and self.u(1):
            crop = "8+0 11+256 14+2304 30+18688"
            corner = [0, 0] if kind == 2 else [self.pick(crop), self.pick(crop)]
            x, y = ((-1) ** v * ((v + 1) // 2) for v in corner)
            wide, high = self.pick(crop), self.pick(crop)
            full = max(x, y) <= 0 and x + wide >= self.width and y + high >= self.height
        last = self.placing(kind, full)
        self.nothing("frame")
        self.filters(modular)
        self.plain()
        return -(-wide // scale), -(-high // scale), side, steps, last

    def passes(self) -> int:
        steps = self.pick("1 2 3 3+4")
        if steps > 1:
            sizes = self.pick("0 1 2 1+3")
            self.u(2 * steps - 2)
            for spec in ["1 2 4 8"] * sizes + ["0 1 2 3+0"] * sizes:
                self.pick(spec)
        return steps

    def placing(self, kind: int, full: bool) -> bool:
        """Blending, duration, and where the frame is kept. True for the last one."""
        last, modes, duration = False, [0], 0
        if kind in (0, 3):
            modes = [self.blend(full) for _ in range(1 + self.extra)]
            if self.moving:
                duration = self.pick("0 1 8+0 32+0")
                if self.coded_times and self.u(32):
                    raise Unsupported("The frames have time codes.")
            last = bool(self.u(1))
        if kind == 1 or last:
            return last
        slot = self.u(2)
        if kind == 2 or (full and not modes[0] and (slot or not duration)):
            self.u(1)
        return False

    def blend(self, full: bool) -> int:
        mode = self.pick("0 1 2 2+3")
        mixing = self.extra > 0 and mode in (2, 3)
        if mixing:
            self.pick("0 1 2 3+3")
        if mixing or mode == 4:
            self.u(1)
        if mode or not full:
            self.u(2)
        return mode

    def filters(self, modular: int) -> None:
        if self.u(1):
            return
        if self.u(1):
            self.u(96 * self.u(1))
        if self.u(2):
            if not modular:
                self.u(128 * self.u(1))
            self.u(80 * self.u(1))
            self.u((48 if modular else 64) * self.u(1))
            self.u(16 * modular)
        self.plain()
