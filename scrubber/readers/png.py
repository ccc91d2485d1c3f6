"""Second reader for PNG and APNG (W3C PNG, third edition).

Content digest: SHA-256 over, in the order of the file, name, length (8 bytes)
and data of IHDR, PLTE and tRNS (entries that no pixel uses counted as zero),
the colour chunks, acTL, fcTL, and for each frame `rows` with the SHA-256 of
its filtered scanlines.

The file is read as a grammar: each chunk name has one place where it may
stand and one shape; every other chunk is left over.
"""

from __future__ import annotations

import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import exif, icc
from scrubber.readers.xmp_credit import credit_in

_MAGIC = bytes((137, 80, 78, 71, 13, 10, 26, 10))
_SHAPES = {  # name → lengths that its data may have
    "cICP": {4}, "mDCV": {24}, "cLLI": {8}, "cHRM": {32}, "gAMA": {4}, "sRGB": {1}, "pHYs": {9},
}  # fmt: skip
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
_GREY_OR_COLOUR = {0: 1, 2: 3}
_ACCURACY = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}
_INDEXED_LIMIT = 64 << 20
_BLOCK = 1 << 20
_TURN = re.compile(r'tiff:Orientation\s*(?:=\s*["\']|>)\s*([2-8])')


@dataclass(slots=True)
class _Look:
    source: Source
    width: int = 0
    height: int = 0
    bits: int = 0
    kind: int = 0
    interlaced: bool = False
    announced: int | None = None  # frames that acTL names
    controls: int = 0
    sequence: int = 0
    data_seen: bool = False
    data_over: bool = False
    palette: int = 0
    once: set[str] = field(default_factory=set)
    used: bytes | None = None
    rows: _Rows | None = None
    frames: int = 1
    expected: tuple[int, int] = (0, 0)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    facts: dict[str, object] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)

    def record(self, name: bytes, data: bytes) -> None:
        self.digest.update(b"".join((name, len(data).to_bytes(8, "big"), data)))


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the file once. Raises Damaged or Unsupported; leftovers name what is not content."""
    look = _Look(source)
    if source.size < 8 or source.read(0, 8) != _MAGIC:
        raise Damaged("A PNG must start with its signature.")
    rows = list(_chunks(source))
    _open(look, rows)
    for name, at, size in rows:
        _chunk(look, name, at, size)
    _finish_rows(look)
    if look.announced is not None and look.announced != look.controls:
        raise Damaged("The animation does not have the frames that it declares.")
    if rows[-1][1] + rows[-1][2] + 4 != source.size:
        look.leftovers.append("bytes after IEND")
    look.facts.setdefault("orientation", _foreign_orientation(look, rows))
    look.facts.update(width=look.width, height=look.height, frames=look.frames)
    facts = Rendering.of(**look.facts)
    return Reading("png", look.digest.hexdigest(), facts, tuple(look.leftovers))


def _chunks(source: Source) -> Iterator[tuple[str, int, int]]:
    """Name, offset and length of each chunk's data, through IEND."""
    at = 8
    while True:
        head = source.read(at, 8)  # Damaged beyond the end
        size, name = int.from_bytes(head[:4], "big"), head[4:].decode("latin-1")
        if not re.fullmatch("[A-Za-z]{4}", name):
            raise Damaged(f"There is no chunk at offset {at}.")
        if at + 12 + size > source.size:
            raise Damaged(f"The chunk {name} is cut off.")
        yield name, at + 8, size
        if name == "IEND":
            return
        at += 12 + size


def _open(look: _Look, rows: list[tuple[str, int, int]]) -> None:
    name, at, size = rows[0]
    if name != "IHDR" or size != 13:
        raise Damaged("The picture must start with its header.")
    data = look.source.read(at, 13)
    look.width, look.height = int.from_bytes(data[:4], "big"), int.from_bytes(data[4:8], "big")
    look.kind, look.interlaced = data[9], data[12] == 1
    if look.kind not in _SAMPLES or data[10:12] != b"\0\0" or data[12] > 1:
        raise Damaged("The header holds numbers that no decoder knows.")
    look.bits = data[8] * _SAMPLES[look.kind]
    if data[8] not in (1, 2, 4, 8, 16) or not look.width or not look.height:
        raise Damaged("The header makes no picture.")
    names = [row[0] for row in rows]
    if "IDAT" not in names:
        raise Damaged("The picture has no data.")
    control = [row for row in rows[: names.index("IDAT")] if row[0] == "acTL"]
    if len(control) == 1 and control[0][2] == 8:
        look.announced = int.from_bytes(look.source.read(control[0][1], 4), "big")
    elif look.kind == 3 and look.width * look.height <= _INDEXED_LIMIT:
        look.used = _indices(look, rows)


def _indices(look: _Look, rows: list[tuple[str, int, int]]) -> bytes:
    """1 for each palette index that a pixel of the decoded picture has, else 0."""
    from PIL import Image

    plain = [_MAGIC] + [
        look.source.read(at - 8, size + 12)
        for name, at, size in rows
        if name in ("IHDR", "PLTE", "IDAT", "IEND")
    ]
    try:
        picture = Image.open(io.BytesIO(b"".join(plain)), formats=["PNG"])
        colours = picture.getcolors(256) or []
    except (OSError, SyntaxError, ValueError) as error:
        raise Damaged("The picture does not decode.") from error
    found = {int(str(index)) for _, index in colours}
    return bytes(index in found for index in range(256))


def _chunk(look: _Look, name: str, at: int, size: int) -> None:
    if name == "IDAT":
        _image_data(look, at, size)
        return
    if name == "fdAT" and look.announced is not None:
        _frame_data(look, at, size)
        return
    look.data_over = look.data_seen
    if look.announced is not None and (name == "fcTL" or (name == "acTL" and not look.data_seen)):
        _animation(look, name, at, size)
    elif name == "IEND" or name == "IHDR":
        if size != (13 if name == "IHDR" else 0) or name in look.once:
            raise Damaged(f"{name} has a wrong length or stands twice.")
        if name == "IHDR":
            look.record(b"IHDR", _sound(look, at, size))
        else:
            _sound(look, at, size)
    elif not _displayed(look, name, at, size):
        if name[0].isupper() and name != "PLTE":
            raise Unsupported(f"The picture has the unknown critical chunk {name}.")
        credit = _credit(look, at, size) if name == "iTXt" else ()
        look.leftovers.append(f"credit: {', '.join(credit)}" if credit else name)
    look.once.add(name)


def _credit(look: _Look, at: int, size: int) -> tuple[str, ...]:
    """Entities of a chunk that holds a credit and nothing else; one stands before the picture."""
    data = look.source.read(at, min(size, 1 << 16))
    packet = data.removeprefix(b"XML:com.adobe.xmp\0\0\0\0\0")
    if len(data) < size or packet == data or look.data_seen or "iTXt" in look.once:
        return ()
    _sound(look, at, size)
    return credit_in(packet)


def _displayed(look: _Look, name: str, at: int, size: int) -> bool:
    """True for a chunk that steers how the picture is shown, in its place and shape."""
    if name in look.once:
        return False
    if name == "eXIf":
        _exif(look, _sound(look, at, size))
        return True
    if look.data_seen:
        return False
    if name == "iCCP":
        return _profile(look, at, size)
    if name in ("PLTE", "tRNS"):
        return _colours(look, name, at, size)
    fits = size in _SHAPES.get(name, ()) or (name == "sBIT" and size == _ACCURACY[look.kind])
    if fits:
        look.record(name.encode(), _sound(look, at, size))
    return fits


def _sound(look: _Look, at: int, size: int) -> bytes:
    """The data of a chunk whose checksum is right."""
    whole = look.source.read(at - 4, size + 8)
    if zlib.crc32(whole[:-4]) != int.from_bytes(whole[-4:], "big"):
        raise Damaged(f"The checksum of the chunk at offset {at - 8} is wrong.")
    return whole[4:-4]


def _colours(look: _Look, name: str, at: int, size: int) -> bool:
    width = 3 if name == "PLTE" else 1
    if look.kind != 3:
        if name == "PLTE" or look.kind not in _GREY_OR_COLOUR:
            return False
        if size != 2 * _GREY_OR_COLOUR[look.kind]:
            raise Damaged("The transparency has a wrong length.")
        look.record(b"tRNS", _sound(look, at, size))
        return True
    limit = 768 if name == "PLTE" else look.palette
    if not 0 < size <= limit or size % width:
        raise Damaged(f"{name} has a wrong length.")
    if name == "PLTE":
        look.palette = size // 3
    data = bytearray(_sound(look, at, size))
    unused = False
    for index in range(size // width):
        entry = slice(index * width, (index + 1) * width)
        if look.used is not None and not look.used[index] and any(data[entry]):
            data[entry] = bytes(width)
            unused = True
    if unused:
        look.leftovers.append(f"{name} entries that no pixel uses")
    look.record(name.encode(), bytes(data))
    return True


def _exif(look: _Look, block: bytes) -> None:
    if block.startswith(b"Exif\0\0"):
        look.leftovers.append("eXIf identifier")
        block = block[6:]
    found = exif.look(block)
    look.leftovers += [f"eXIf {name}" for name in found.leftovers]
    if found.colour_kept:
        look.leftovers.append("eXIf ColorSpace")
    if found.orientation is not None:
        look.facts["orientation"] = found.orientation


def _profile(look: _Look, at: int, size: int) -> bool:
    data = _sound(look, at, size)
    name, _, rest = data.partition(b"\0")
    engine = zlib.decompressobj()
    try:
        profile = engine.decompress(rest[1:], 16 << 20)
    except zlib.error:
        return False
    if not engine.eof or rest[:1] != b"\0":
        return False
    if name != b"icc":
        look.leftovers.append("iCCP name")
    if engine.unused_data:
        look.leftovers.append("iCCP bytes after the profile")
    try:
        digest, left = icc.examine(profile)
    except Held as error:
        look.leftovers.append(f"iCCP: {error.what}")
        return True
    look.facts["profile"] = digest
    look.leftovers += left
    return True


class _Rows:
    """The scanlines of one frame, hashed while they are inflated."""

    __slots__ = ("_engine", "digest", "left", "over")

    def __init__(self, width: int, height: int, look: _Look) -> None:
        self.left = _row_bytes(width, height, look.bits, look.interlaced)
        self.digest = hashlib.sha256()
        self.over = False
        self._engine = zlib.decompressobj()

    def feed(self, data: bytes) -> int:
        """Takes compressed bytes. Returns how many of them do not belong to the stream."""
        if self.over:
            return len(data)
        while True:
            ask = min(_BLOCK, self.left) or 1
            try:
                out = self._engine.decompress(data, ask)
            except zlib.error as error:
                raise Damaged("The picture data do not decompress.") from error
            if not self.left and out:
                self.over = True
                return max(len(data), 1)  # rows behind the last row
            self.digest.update(out)
            self.left -= len(out)
            if self._engine.eof:
                self.over = True
                return len(self._engine.unused_data)
            data = self._engine.unconsumed_tail
            if not data and len(out) < ask:
                return 0


def _row_bytes(width: int, height: int, bits: int, interlaced: bool) -> int:
    if not interlaced:
        return (1 + -(-width * bits // 8)) * height
    total = 0
    for step in range(7):  # §8.1: Adam7 by its starts and steps
        x0, y0 = ((0, 0), (4, 0), (0, 4), (2, 0), (0, 2), (1, 0), (0, 1))[step]
        dx, dy = ((8, 8), (8, 8), (4, 8), (4, 4), (2, 4), (2, 2), (1, 2))[step]
        columns, lines = len(range(x0, width, dx)), len(range(y0, height, dy))
        if columns and lines:
            total += lines * (1 + -(-columns * bits // 8))
    return total


def _image_data(look: _Look, at: int, size: int) -> None:
    if look.data_over:
        raise Damaged("Another chunk stands between the picture data.")
    if not look.data_seen:
        look.data_seen = True
        look.rows = _Rows(look.width, look.height, look)
    if not size:
        look.leftovers.append("empty IDAT")
    _feed(look, at, size, 0, "IDAT")


def _frame_data(look: _Look, at: int, size: int) -> None:
    _next(look, at, size)
    if look.rows is None:
        if not look.frames or look.expected == (0, 0):
            raise Damaged("A frame has data and no header.")
        look.rows = _Rows(*look.expected, look)
    _feed(look, at, size, 4, "fdAT")


def _feed(look: _Look, at: int, size: int, skip: int, name: str) -> None:
    check, extra = zlib.crc32(name.encode()), 0
    for start in range(at, at + size, _BLOCK):
        block = look.source.read(start, min(_BLOCK, at + size - start))
        check = zlib.crc32(block, check)
        if look.rows is None:
            raise Damaged("Picture data stand where none are due.")
        extra += look.rows.feed(block[skip:] if start == at else block)
    if check != int.from_bytes(look.source.read(at + size, 4), "big"):
        raise Damaged(f"The checksum of {name} is wrong.")
    if extra:
        look.leftovers.append(f"{name} bytes after the picture")


def _finish_rows(look: _Look) -> None:
    if look.rows is None:
        return
    if look.rows.left or not look.rows.over:
        raise Damaged("The picture data are cut off.")
    look.record(b"rows", look.rows.digest.digest())
    look.rows = None


def _next(look: _Look, at: int, size: int) -> None:
    if size < 4 or int.from_bytes(look.source.read(at, 4), "big") != look.sequence:
        raise Damaged("The frames of the animation are out of order.")
    look.sequence += 1


def _animation(look: _Look, name: str, at: int, size: int) -> None:
    data = _sound(look, at, size)
    if name == "acTL":
        look.record(b"acTL", data)
        return
    if size != 26:
        raise Damaged("The header of a frame has a wrong length.")
    _next(look, at, size)
    look.controls += 1
    if look.data_seen:
        _finish_rows(look)
        look.frames += 1
        look.expected = (int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big"))
    look.record(b"fcTL", data)


def _foreign_orientation(look: _Look, rows: list[tuple[str, int, int]]) -> int:
    """What Pillow makes of orientations in text chunks, where no eXIf has one."""
    if not any(name in ("tEXt", "zTXt", "iTXt") for name, _, _ in rows):
        return 1
    from PIL import Image

    plain = [_MAGIC] + [
        look.source.read(at - 8, size + 12)
        for name, at, size in rows
        if name in ("IHDR", "tEXt", "zTXt", "iTXt", "IDAT", "IEND") and size <= _BLOCK
    ]
    try:
        picture = Image.open(io.BytesIO(b"".join(plain)), formats=["PNG"])
        turn = picture.getexif().get(0x0112, 1)
    except Exception:
        return 1
    return turn if isinstance(turn, int) and 1 <= turn <= 8 else 1
