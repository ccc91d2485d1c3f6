"""Second reader for JPEG (ITU-T T.81 | ISO 10918-1; JFIF T.871; Adobe T.872 §6.5.3).

Content digest: SHA-256 over, in the order of the file, whole SOFn and DRI
segments (marker included), each table of DQT, DHT and DAC that a scan uses
(without marker and length), and each SOS header with its entropy-coded bytes
up to the next marker.

A gain map behind the end of the picture is content too: its pieces follow, in
the same way. It is clean if the picture tells of it in a canonical form.

A scan ends before the first FF that is followed by neither 00 nor, where the
picture has restart intervals, a restart number.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import apple_gain_map, exif, gain_map, icc
from scrubber.readers.xmp_credit import credit_in

_STANDALONE = re.compile(rb"\xff(?=[^\x00\xff\xd0-\xd7])")
_UNSTUFFED = re.compile(rb"\xff(?=[^\x00\xff])")
_COLOURS = {0: "CMYK", 2: "YCCK"}
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ISO = b"urn:iso:std:iso:ts:21496:-1\0"
_XMP_TURN = re.compile(rb"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([2-8])")

Slot = list[int]  # start, end, used


@dataclass(slots=True)
class _Seen:
    """What the walk has met so far."""

    pieces: list[Slot] = field(default_factory=list)  # candidates of the content digest
    tables: dict[int, Slot] = field(default_factory=dict)
    """DQT: number; DHT: 256 + class/number; DAC: 512 + class/number; DRI: 1024."""
    latched: set[int] = field(default_factory=set)
    planes: dict[int, int] = field(default_factory=dict)
    frame: int = 0
    size: tuple[int, int] = (0, 0)  # width, height
    scans: int = 0
    restarts: bool = False
    jfif: bool = False
    adobe: int | None = None
    exif: bytes | None = None
    maker: str = ""  # numbers of a maker note, for a gain map of Apple
    apples: bool = False  # is one of those, and needs the numbers
    xmp: list[bytes] = field(default_factory=list)
    profile: list[tuple[int, int, bytes]] = field(default_factory=list)
    indexes: list[tuple[int, bytes]] = field(default_factory=list)  # MPF: where, and what
    blocks: list[bytes] = field(default_factory=list)  # ISO 21496-1
    directories: list[int] = field(default_factory=list)  # the lengths that they state
    leftovers: list[str] = field(default_factory=list)


def read(
    source: Source, edited: tuple[tuple[int, int], ...] = (), *, digest: bool = True
) -> Reading:
    """Walks the file once. Raises Damaged or Unsupported; leftovers name what is not content.

    Without `digest` only the runs of the content are told: the caller compares them itself.
    """
    data = source.read(0, source.size)
    if not data.startswith(b"\xff\xd8"):
        raise Damaged("A JPEG must start with the marker SOI.")
    seen = _Seen()
    end = _walk(data, seen, 2)
    if any(not used for _, _, used in seen.pieces):
        seen.leftovers.append("a table that no scan uses")
    facts = _facts(seen)
    brighter = _second(data, end) if end != len(data) else None
    if brighter is not None:
        facts["gain_map"] = _announced(seen, brighter, end, len(data))
        facts |= {"headroom": seen.maker} if seen.maker else {}
    else:
        seen.leftovers += ["bytes after EOI"] if end != len(data) else []
        seen.leftovers += ["APP2"] * (len(seen.indexes) + len(seen.blocks))
        seen.leftovers += ["APP1"] * len(seen.directories)
    if seen.maker and not (brighter and brighter.apples):
        seen.leftovers.append("APP1/Exif MakerNote")
    runs = tuple((start, stop) for start, stop, used in seen.pieces if used)
    content = ""
    if digest:
        hashed, view = hashlib.sha256(), memoryview(data)
        for start, stop in runs:
            hashed.update(view[start:stop])
        content = hashed.hexdigest()
    return Reading("jpeg", content, Rendering.of(**facts), tuple(seen.leftovers), runs=runs)


def _second(data: bytes, start: int) -> _Seen | None:
    """The picture from `start` to the end of the file, None if nothing whole stands there."""
    if data[start : start + 3] != b"\xff\xd8\xff":
        return None
    seen = _Seen()
    try:
        if _walk(data, seen, start + 2) != len(data):
            return None
    except (Held, ValueError, IndexError):  # damaged: bytes after the end, whatever they were
        return None
    texts = [text for body in seen.xmp if (text := gain_map.numbers(body[len(_XMP) :]))]
    apples = [body for body in seen.xmp if apple_gain_map.is_typed(body[len(_XMP) :])]
    blocks = [block for block in seen.blocks if gain_map.is_block(block)]
    if not texts and not blocks and apples:
        seen.apples = apple_gain_map.packet_numbers(apples[0][len(_XMP) :]).endswith(" -")
    return seen if texts or blocks or apples else None


def _announced(seen: _Seen, brighter: _Seen, start: int, end: int) -> str:
    """Takes the gain map at [start, end) into `seen`. Returns the digest of how it looks."""
    left = brighter.leftovers
    if any(not used for _, _, used in brighter.pieces):
        left.append("a table that no scan uses")
    facts = _facts(brighter)
    texts = [_numbers(body[len(_XMP) :]) for body in brighter.xmp]
    for body, text in zip(brighter.xmp, texts, strict=True):
        if text and text.encode() == body[len(_XMP) :]:
            left.remove("APP1")
    blocks = [block for block in brighter.blocks if gain_map.is_block(block)]
    left += ["APP2/ISO 21496-1 version"] * any(block[2:4] != b"\0\0" for block in blocks[:1])
    left += ["APP2"] * (len(brighter.blocks) - len(blocks[:1]) + len(brighter.indexes))
    left += ["APP1"] * len(brighter.directories)
    facts["numbers"] = next((text for text in texts if text), "")
    facts["iso"] = blocks[0][4:].hex() if blocks else ""
    right = [at for at, index in seen.indexes if gain_map.is_index(index, at, start, end)]
    seen.leftovers += ["APP2/MPF"] * (len(seen.indexes) - len(right[:1]))
    versions = [block for block in seen.blocks if block == bytes(4)]
    seen.leftovers += ["APP2/ISO 21496-1"] * (len(seen.blocks) - len(versions[:1]))
    told = [length for length in seen.directories if length == end - start]
    seen.leftovers += ["APP1/XMP"] * (len(seen.directories) - len(told[:1]))
    if not (right or versions or told):
        left.append("no word of it")
    width, height = seen.size
    if abs(width * brighter.size[1] - height * brighter.size[0]) > 2 * max(seen.size):
        left.append("of another shape")
    seen.leftovers += [f"gain map: {name}" for name in left]
    seen.pieces += brighter.pieces
    look = "; ".join(f"{name}={value}" for name, value in Rendering.of(**facts).facts)
    return hashlib.sha256(look.encode()).hexdigest()


def _numbers(packet: bytes) -> str:
    """The text that stands for the numbers of a gain map, of either kind."""
    return packet.decode() if apple_gain_map.is_typed(packet) else gain_map.numbers(packet)


def _walk(data: bytes, seen: _Seen, at: int) -> int:
    """From behind SOI to EOI. Returns the offset after EOI."""
    while True:
        match = _STANDALONE.search(data, at)
        if match is None:
            raise Damaged("The picture has no end marker (EOI).", "It was cut off.")
        start = match.start()
        kind = data[start + 1]
        if start != at:
            seen.leftovers.append(f"bytes between segments at {at}")
        if kind == 0xD9:
            if not seen.scans:
                raise Damaged("The picture ends before its first scan.")
            return start + 2
        elif kind == 0x01:
            seen.leftovers.append("TEM")
            at = start + 2
        else:
            stop = start + 2 + int.from_bytes(data[start + 2 : start + 4], "big")
            if stop > len(data) or stop < start + 4:
                raise Damaged(f"The segment at offset {start} is cut off.")
            at = _segment(data, seen, kind, start, stop)


def _segment(data: bytes, seen: _Seen, kind: int, start: int, stop: int) -> int:
    if kind == 0xDB:
        _tables(data, seen, start + 4, stop, 0)
    elif kind in (0xC4, 0xCC):
        _tables(data, seen, start + 4, stop, 256 if kind == 0xC4 else 512)
    elif kind == 0xDA:
        return _scan(data, seen, start, stop)
    elif kind in (0xC0, 0xC1, 0xC2, 0xC9, 0xCA):
        _frame(data, seen, kind, start, stop)
    elif kind == 0xDD:
        seen.restarts = data[start + 4 : stop] != b"\0\0"
        seen.tables[1024] = [start, stop, 0]
        seen.pieces.append(seen.tables[1024])
    elif 0xE0 <= kind <= 0xEF:
        _application(data[start + 4 : stop], seen, kind - 0xE0, start + 4)
    elif kind in (0xFE, 0xDC):
        seen.leftovers.append("COM" if kind == 0xFE else "DNL")
    else:
        raise Unsupported(f"The marker FF{kind:02X} has no place in a picture for everybody.")
    return stop


def _frame(data: bytes, seen: _Seen, kind: int, start: int, stop: int) -> None:
    body = data[start + 4 : stop]
    if seen.frame or len(body) < 9 or len(body) != 6 + 3 * body[5] or body[0] != 8:
        raise Damaged("The frame header cannot be read.")
    seen.frame = kind
    seen.size = (int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big"))
    seen.planes = dict(zip(body[6::3], body[8::3], strict=True))
    if not all(seen.size) or len(seen.planes) != body[5]:
        raise Damaged("The frame header makes no picture.")
    seen.pieces.append([start, stop, 1])


def _tables(data: bytes, seen: _Seen, at: int, stop: int, first_key: int) -> None:
    """Each table is a candidate; a scan makes it count. Keys count from `first_key`."""
    if at == stop:
        seen.leftovers.append("an empty table segment")
    while at < stop:
        head = data[at]
        if first_key == 256:
            size, key = 17 + sum(data[at + 1 : at + 17]), 256 + head
        elif first_key == 512:
            size, key = 2, 512 + head
        else:
            size, key = (129, head & 15) if head >> 4 else (65, head & 15)
        if at + size > stop:
            raise Damaged("A table is cut off.")
        slot = [at, at + size, 0]
        seen.pieces.append(slot)
        seen.tables[key] = slot
        at += size


def _scan(data: bytes, seen: _Seen, start: int, stop: int) -> int:
    """One scan: marks what it uses, finds where it ends."""
    body = data[start + 4 : stop]
    if not body or len(body) != 4 + 2 * body[0] or not 1 <= body[0] <= 4 or not seen.frame:
        raise Damaged("A scan header cannot be read.")
    lowest, highest, steps = body[-3:]
    sequential = seen.frame in (0xC0, 0xC1, 0xC9)
    coder = 512 if seen.frame >= 0xC9 else 256
    _count(seen, 1024)
    for plane, choice in zip(body[1:-3:2], body[2:-3:2], strict=True):
        if plane not in seen.planes:
            raise Damaged("A scan names a component that is not there.")
        if plane not in seen.latched:
            seen.latched.add(plane)
            _count(seen, seen.planes[plane])
        if sequential or (lowest == 0 and steps < 16):
            _count(seen, coder + (choice >> 4))
        if sequential or highest:
            _count(seen, coder + 16 + (choice & 15))
    end = _scan_end(data, seen, stop)
    if end == stop:
        raise Damaged("A scan is empty.")
    seen.scans += 1
    seen.pieces.append([start, end, 1])
    return end


def _count(seen: _Seen, key: int) -> None:
    if key in seen.tables:
        seen.tables[key][2] = 1


def _scan_end(data: bytes, seen: _Seen, at: int) -> int:
    """Where the entropy-coded bytes from `at` on end (T.81 B.1.1.5)."""
    match = (_STANDALONE if seen.restarts else _UNSTUFFED).search(data, at)
    if not match:
        raise Damaged("The picture has no end marker (EOI).", "It was cut off.")
    end = match.start()
    if 0xD0 <= data[end + 1] <= 0xD7:
        raise Damaged("A scan has restart markers but no restart interval.")
    while end > at and data[end - 1] == 0xFF:
        end -= 1
    return end


def _application(body: bytes, seen: _Seen, number: int, at: int) -> None:
    """JFIF, Adobe, Exif, ICC and gain maps before the first scan; anything else is left over."""
    if number == 0 and body.startswith(b"JFIF\0") and len(body) >= 14 and _early(seen, seen.jfif):
        seen.jfif = True
        if len(body) != 14 or body[12:] != b"\0\0":
            seen.leftovers.append("APP0/JFIF thumbnail")
    elif (
        number == 14
        and body.startswith(b"Adobe")
        and len(body) >= 12
        and _early(seen, seen.adobe is not None)
    ):
        seen.adobe = body[11]
        if len(body) != 12 or body[5:11] != b"\0\x64\0\0\0\0":
            seen.leftovers.append("APP14/Adobe extra")
    elif number == 1 and body.startswith(b"Exif\0") and _early(seen, seen.exif is not None):
        seen.exif = body[6:]
        if body[5:6] != b"\0":
            seen.leftovers.append("APP1/Exif identifier")
    elif number == 2 and body.startswith(b"ICC_PROFILE\0") and len(body) > 14 and not seen.scans:
        seen.profile.append((body[12], body[13], body[14:]))
    elif seen.scans or not _of_two(body, seen, number, at):
        credit = credit_in(body[len(_XMP) :]) if number == 1 and body.startswith(_XMP) else ()
        if credit and not seen.xmp and not seen.scans:
            seen.leftovers.append(f"credit: {', '.join(credit)}")
        else:
            seen.leftovers.append(f"APP{number}")
        if number == 1 and body.startswith(_XMP):
            seen.xmp.append(body)


def _of_two(body: bytes, seen: _Seen, number: int, at: int) -> bool:
    """Takes in what speaks of a second picture. False if the segment speaks of something else."""
    if number == 2 and body.startswith(b"MPF\0"):
        seen.indexes.append((at + 4, body[4:]))
    elif number == 2 and body.startswith(_ISO):
        seen.blocks.append(body[len(_ISO) :])
    elif number == 1 and body.startswith(_XMP):
        length = gain_map.directory_length(body[len(_XMP) :])
        seen.directories += [length] if length else []
        return bool(length)
    else:
        return False
    return True


def _early(seen: _Seen, doubled: bool) -> bool:
    return not seen.scans and not doubled


def _facts(seen: _Seen) -> dict[str, object]:
    facts: dict[str, object] = {"width": seen.size[0], "height": seen.size[1]}
    facts["colour"] = _colour(seen)
    if profile := _profile(seen):
        facts["profile"] = profile
    turned = None
    if seen.exif is not None:
        turned, seen.maker = apple_gain_map.turned_numbers(seen.exif)
    if seen.exif is not None and not seen.maker:
        look = exif.look(seen.exif)
        turned = look.orientation
        seen.leftovers += [f"APP1/Exif {name}" for name in look.leftovers]
        if look.adobe_rgb and not seen.profile:
            facts["exif_colour"] = "AdobeRGB"
        elif look.colour_kept:
            seen.leftovers.append("APP1/Exif ColorSpace")
    if turned is None:
        matches = (_XMP_TURN.search(packet.replace(b"\0", b"")) for packet in seen.xmp)
        turned = next((int(match[1]) for match in matches if match), 1)
    facts["orientation"] = turned
    return facts


def _profile(seen: _Seen) -> str | None:
    """ICC.1 Annex B.4. Returns the digest of the colours, None where decoders see no profile."""
    rows = sorted(seen.profile, key=lambda row: row[0])
    if not rows:
        return None
    if [row[:2] for row in rows] != [(i + 1, len(rows)) for i in range(len(rows))]:
        seen.leftovers.append("APP2/ICC_PROFILE parts that make no profile")
        seen.profile.clear()
        return None
    try:
        digest, left = icc.examine(b"".join(row[2] for row in rows))
    except Held as error:
        seen.leftovers.append(f"APP2/ICC_PROFILE: {error.what}")
        return None
    seen.leftovers += left
    return digest


def _colour(seen: _Seen) -> str:
    """What libjpeg's default_decompress_parms makes of the markers."""
    names = bytes(seen.planes)
    if len(names) == 4:
        if seen.adobe is None:
            return "CMYK"
        return f"{_COLOURS.get(seen.adobe, 'CMYK')} inverted"
    if len(names) != 3:
        return str(len(names))
    if seen.jfif:
        return "YCbCr"
    rgb = names == b"RGB" if seen.adobe is None else seen.adobe == 0
    return "RGB" if rgb else "YCbCr"
