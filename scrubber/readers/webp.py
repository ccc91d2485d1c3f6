"""Second reader for WebP (RFC 9649), by grammar, with libwebp as the judge of the pictures.

Content digest: SHA-256 over, in the order of the file, name, length (8 bytes) and data of
VP8X (its alpha and animation bits, then the canvas), ANIM, each frame's header, ALPH,
VP8 and VP8L, with reserved bits zero.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import exif, icc
from scrubber.readers.xmp_credit import credit_in

_TURN = re.compile(rb"""tiff:Orientation\s*(?:=\s*["']\s*|>\s*)([1-8])""")
_FILLING = 8  # bytes at the end of a coded picture that may be the coder's own
_MOST = 89_000_000  # pixels
_FLAGS = {"ICCP": 32, "EXIF": 8, "XMP ": 4}


@dataclass(slots=True)
class _Look:
    source: Source
    flags: int = 0
    canvas: tuple[int, int] = (0, 0)
    pictures: int = 0
    metadata: dict[str, bytes] = field(default_factory=dict)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)
    facts: dict[str, object] = field(default_factory=dict)
    leftovers: list[str] = field(default_factory=list)

    def record(self, name: str, data: bytes) -> None:
        self.digest.update(name.encode("ascii") + len(data).to_bytes(8, "big") + data)


class _Payload:
    """The data of a chunk, read like a file."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.size = len(data)

    def read(self, offset: int, n: int) -> bytes:
        return self._data[offset : offset + n]


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads and decodes the whole file. Raises Damaged; leftovers name what is not content."""
    head = source.read(0, 12)
    end = 8 + int.from_bytes(head[4:8], "little")
    if head[:4] + head[8:] != b"RIFFWEBP" or end > source.size:
        raise Damaged("This is no whole WebP picture.")
    look = _Look(source)
    if end < source.size:
        look.leftovers.append("bytes after the end")
    rows = _rows(look, 12, end)
    name, body = next(rows)
    if name == "VP8X":
        _extended(look, body, rows)
    else:
        look.canvas = _picture(look, name, body)
        look.pictures = 1
        look.leftovers += [f"{name} that is not read" for name, _ in _lenient(rows)]
    look.facts.setdefault("orientation", _turn(look))
    look.facts.update(width=look.canvas[0], height=look.canvas[1], frames=look.pictures)
    _decode(look)
    facts = Rendering.of(**look.facts)
    return Reading("webp", look.digest.hexdigest(), facts, tuple(look.leftovers))


def _rows(look: _Look, at: int, end: int) -> Iterator[tuple[str, bytes]]:
    """Name and data of each chunk in [at, end)."""
    if end - at < 8:
        raise Damaged("The picture has no chunk.")
    while end - at >= 8:
        head = look.source.read(at, 8)
        size = int.from_bytes(head[4:], "little")
        after = at + 8 + size + size % 2
        if after > end:
            raise Damaged(f"The chunk at offset {at} is cut off.")
        if size % 2 and look.source.read(after - 1, 1) != b"\0":
            look.leftovers.append(f"pad byte at {after - 1}")
        yield head[:4].decode("latin-1"), look.source.read(at + 8, size)
        at = after
    if at < end:
        look.leftovers.append(f"bytes at {at} that are no chunk")


def _lenient(rows: Iterator[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    try:
        yield from rows
    except Damaged:
        yield "?", b""


def _extended(look: _Look, body: bytes, rows: Iterator[tuple[str, bytes]]) -> None:
    if len(body) != 10:
        raise Damaged("The header has a wrong length.")
    look.flags = body[0]
    bits = int.from_bytes(body[4:], "little")
    look.canvas = (bits & 0xFFFFFF) + 1, (bits >> 24) + 1
    if look.canvas[0] * look.canvas[1] > _MOST:
        raise Unsupported("The picture has too many pixels to check them.")
    look.record("VP8X", bytes([body[0] & 0x12]) + body[4:])
    if body[0] & 0xC1 or body[1:4] != bytes(3):
        look.leftovers.append("VP8X reserved bits")
    before = ""
    for name, data in rows:
        if before == "ALPH" and name != "VP8 ":
            raise Damaged("Transparency stands before something else than a picture.")
        if name in (("VP8 ", "VP8L", "ALPH") if body[0] & 2 else ("ANIM", "ANMF")):
            raise Damaged("A still picture and an animation stand in one file.")
        _row(look, name, data)
        before = name
    for name, flag in _FLAGS.items():
        if look.flags & flag and name not in look.metadata:
            look.leftovers.append(f"VP8X flag of {name.strip()}")
    if before == "ALPH" or not look.pictures:
        raise Damaged("The file has no picture.")


def _row(look: _Look, name: str, data: bytes) -> None:
    if name == "ALPH":
        _alpha(look, data, look.canvas)
    elif name in ("VP8 ", "VP8L"):
        if look.pictures or _picture(look, name, data) != look.canvas:
            raise Damaged("The picture is not the one that the header states.")
        look.pictures = 1
    elif name == "ANIM" and "loop" not in look.facts:
        _animation(look, data)
    elif name == "ANMF":
        _frame(look, data)
    elif look.flags & _FLAGS.get(name, 0) and name not in look.metadata:
        look.metadata[name] = data
        _metadata(look, name, data)
    else:
        look.leftovers.append(f"chunk {name!a}")


def _animation(look: _Look, data: bytes) -> None:
    if len(data) < 6 or look.pictures:
        raise Damaged("The header of the animation is cut off or stands too late.")
    if len(data) > 6:
        look.leftovers.append("ANIM surplus")
    look.facts["loop"] = data[4] | data[5] << 8
    look.record("ANIM", data[:6])


def _frame(look: _Look, data: bytes) -> None:
    if "loop" not in look.facts or len(data) < 24:
        raise Damaged("A frame has no header.")
    left, top, wide, high = (int.from_bytes(data[i : i + 3], "little") for i in range(0, 12, 3))
    wide, high = wide + 1, high + 1
    if 2 * left + wide > look.canvas[0] or 2 * top + high > look.canvas[1]:
        raise Damaged("A frame lies outside the picture.")
    if data[15] > 3:
        look.leftovers.append("ANMF reserved bits")
    look.record("ANMF", data[:15] + bytes([data[15] % 4]))
    look.pictures += 1
    rows = _rows(_Look(_Payload(data), leftovers=look.leftovers), 16, len(data))
    name, body = next(rows)
    if name == "ALPH":
        _alpha(look, body, (wide, high))
        name, body = next(rows, ("", b""))
        if name != "VP8 ":
            raise Damaged("Transparency stands before something else than a picture.")
    if _picture(look, name, body) != (wide, high):
        raise Damaged("A frame has no picture of its size.")
    look.leftovers += [f"ANMF {name!a}" for name, _ in _lenient(rows)]


def _alpha(look: _Look, data: bytes, size: tuple[int, int]) -> None:
    if len(data) < 2 or data[0] & 3 > 1:
        raise Damaged("Transparency is in an unknown form.")
    if data[0] & 0xC0:
        look.leftovers.append("ALPH reserved bits")
    look.record("ALPH", bytes([data[0] & 0x3F]) + data[1:])
    if data[0] & 3:
        packed = (size[0] - 1) + ((size[1] - 1) << 14)
        plane = b"\x2f" + packed.to_bytes(4, "little") + data[1:]
        if _surplus("VP8L", plane):
            look.leftovers.append("ALPH bytes after the plane")
    elif len(data) - 1 != size[0] * size[1]:
        if len(data) - 1 < size[0] * size[1]:
            raise Damaged("Transparency is cut off.")
        look.leftovers.append("ALPH bytes after the plane")


def _picture(look: _Look, name: str, data: bytes) -> tuple[int, int]:
    """Records a coded picture. Returns its width and height."""
    if name == "VP8 " and data[3:6] == b"\x9d\x01\x2a" and data[0] & 0x11 == 0x10:
        if len(data) < 10 or (int.from_bytes(data[:3], "little") >> 5) + 10 > len(data):
            raise Damaged("The picture is cut off.")
        numbers = int.from_bytes(data[6:10], "little")
        size = numbers & 0x3FFF, numbers >> 16 & 0x3FFF
    elif name == "VP8L" and data[:1] == b"\x2f" and len(data) > 5 and data[4] < 0x20:
        numbers = int.from_bytes(data[1:5], "little")
        size = (numbers & 0x3FFF) + 1, (numbers >> 14 & 0x3FFF) + 1
    else:
        raise Damaged("A picture is missing or in an unknown form.")
    if size[0] * size[1] > _MOST:
        raise Unsupported("The picture has too many pixels to check them.")
    look.record(name, data)
    if _surplus(name, data):
        look.leftovers.append(f"{name.strip()} bytes after the picture")
    return size


def _surplus(name: str, data: bytes) -> bool:
    """True if more bytes than a coder leaves can be cut off without changing one pixel."""
    if len(data) < 2 * _FILLING + 9:
        return False
    shorter = _pixels(name, data[: len(data) - _FILLING - 1])
    return shorter is not None and shorter == _pixels(name, data)


def _pixels(name: str, data: bytes) -> str | None:
    from PIL import Image

    body = (
        b"WEBP" + name.encode() + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
    )
    try:
        picture = Image.open(
            io.BytesIO(b"RIFF" + len(body).to_bytes(4, "little") + body), formats=["WEBP"]
        )
        return hashlib.sha256(picture.convert("RGBA").tobytes()).hexdigest()
    except (OSError, EOFError, SyntaxError, ValueError):
        return None


def _metadata(look: _Look, name: str, data: bytes) -> None:
    if name == "XMP ":
        credit = credit_in(data)
        look.leftovers.append(f"credit: {', '.join(credit)}" if credit else "XMP")
    elif name == "ICCP":
        try:
            digest, left = icc.examine(data)
        except Held as error:
            look.leftovers.append(f"ICCP: {error.what}")
            return
        look.facts["profile"] = digest
        look.leftovers += left
    else:
        block = data.removeprefix(b"Exif\0\0")
        found = exif.look(block)
        look.leftovers += [f"EXIF {name}" for name in found.leftovers]
        if found.colour_kept or len(data) != 26:
            look.leftovers.append("EXIF beside Orientation")
        if found.orientation is not None:
            look.facts["orientation"] = found.orientation


def _turn(look: _Look) -> int:
    """What XMP says where Exif says nothing."""
    found = _TURN.search(look.metadata.get("XMP ", b"").replace(b"\0", b""))
    return int(found[1]) if found else 1


def _decode(look: _Look) -> None:
    """Every frame, by libwebp. Raises Damaged where one does not decode."""
    from PIL import Image

    data = look.source.read(0, look.source.size)
    try:
        with Image.open(io.BytesIO(data), formats=["WEBP"]) as picture:
            shown = getattr(picture, "n_frames", 1), picture.size
            for index in range(look.pictures):
                picture.seek(index)
                picture.load()
    except (OSError, EOFError, SyntaxError, ValueError) as error:
        raise Damaged("The picture does not decode.") from error
    if shown != (look.pictures, look.canvas):
        raise Damaged("The decoder sees another number of frames, or another size.")
