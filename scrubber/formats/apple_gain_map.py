"""Apple's gain map: an auxiliary picture, and the numbers that say how bright it makes a picture.

The XMP of the map states a version, from the second on also the headroom. Before
that the headroom follows from two numbers in the maker note of the picture: tags
33 and 48. All are written anew, to a millionth, in a form that holds nothing else.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from scrubber.formats.gain_map import Properties, without_padding

AUXILIARY = b"urn:com:apple:photo:2020:aux:hdrgainmap"
SCHEMA = b"http://ns.apple.com/HDRGainMap/1.0/"
_PIXELS = b"http://ns.apple.com/pixeldatainfo/1.0/"
_TONES = b"http://ns.apple.com/HDRToneMap/"
_VERSIONS = ("65536", "131072")
_GREY = "1278226488"  # 'L008': one plane of eight bits
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{1,20})?")
_BRIGHTEST = 64
_LONGEST = 1 << 20
_MAKER = b"Apple iOS\0"
_HEADROOM, _GAIN = 0x0021, 0x0030
_UNIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Described:
    """What the XMP of a map says. `headroom` is empty where the maker note has to tell it."""

    version: str
    headroom: str
    formats: tuple[str, ...]  # of pixels: names that are stated, in order
    typed: bool  # says itself that it is a gain map, as in JPEG

    def packet(self) -> bytes:
        """The XMP that holds these numbers and nothing else."""
        rows = [f"<HDRGainMap:HDRGainMapVersion>{self.version}</HDRGainMap:HDRGainMapVersion>"]
        if self.headroom:
            rows.append(
                f"<HDRGainMap:HDRGainMapHeadroom>{self.headroom}</HDRGainMap:HDRGainMapHeadroom>"
            )
        rows += [f"<apdi:{name}>{_GREY}</apdi:{name}>" for name in self.formats]
        if self.typed:
            rows.append(f"<apdi:AuxiliaryImageType>{AUXILIARY.decode()}</apdi:AuxiliaryImageType>")
        pixels = f' xmlns:apdi="{_PIXELS.decode()}"' if self.formats or self.typed else ""
        return (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            f'<rdf:Description rdf:about="" xmlns:HDRGainMap="{SCHEMA.decode()}"{pixels}>'
            f"{''.join(rows)}</rdf:Description></rdf:RDF></x:xmpmeta>"
        ).encode()


def described(packet: bytes) -> Described | None:
    """What the XMP of a map says; None where it is no gain map, or one of a newer kind."""
    packet = without_padding(packet)
    if SCHEMA not in packet or len(packet) > _LONGEST or _TONES in packet:
        return None
    found, pixels = Properties(SCHEMA), Properties(_PIXELS)
    if not found.parse(packet) or not pixels.parse(packet):
        return None
    version = found.values.get("HDRGainMapVersion", [])
    stated = found.values.get("HDRGainMapHeadroom", [])
    if len(version) != 1 or version[0].strip() not in _VERSIONS or len(stated) > 1:
        return None
    headroom = _spelled(stated[0]) if stated else ""
    if headroom is None or (version[0].strip() != _VERSIONS[0] and not headroom):
        return None
    formats = [name for name in ("NativeFormat", "StoredFormat") if name in pixels.values]
    kind = pixels.values.get("AuxiliaryImageType", [])
    if any(pixels.values[name] != [_GREY] for name in formats):
        return None
    if kind not in ([], [AUXILIARY.decode()]):
        return None
    return Described(version[0].strip(), headroom, tuple(formats), bool(kind))


def _spelled(text: str) -> str | None:
    """Decimal, to a millionth."""
    text = text.strip()
    if not _NUMBER.fullmatch(text) or not 1 <= float(text) <= _BRIGHTEST:
        return None
    return f"{float(text):.6f}".rstrip("0").rstrip(".")


def maker_numbers(tree: bytes) -> dict[int, int] | None:
    """Tags 33 and 48 of Apple's maker note in an Exif tree, in millionths; those that are there.

    None where one is there that cannot be a headroom, or the tree does not hold together.
    """
    try:
        note = _maker_note(tree)
        if note is None:
            return {}
        return _rationals(note)
    except (struct.error, IndexError, KeyError):
        return None


def _maker_note(tree: bytes) -> bytes | None:
    """The value of Exif tag 37500, if Apple wrote it (Exif 3.0 §4.6.6)."""
    order = {b"II*\0": "<", b"MM\0*": ">"}[tree[:4]]
    at = struct.unpack_from(order + "I", tree, 4)[0]
    for tag in (0x8769, 0x927C):
        row = _entry(tree, order, at, tag)
        if row is None:
            return None
        _, count, at = row
    note = tree[at : at + count]
    if len(note) != count:
        raise IndexError(count)
    return note if note.startswith(_MAKER) else None


def _entry(data: bytes, order: str, directory: int, tag: int) -> tuple[int, int, int] | None:
    """Type, count and value of an entry of a directory (TIFF 6.0 §2)."""
    count = struct.unpack_from(order + "H", data, directory)[0]
    for at in range(directory + 2, directory + 2 + 12 * count, 12):
        found, kind, number, value = struct.unpack_from(order + "HHII", data, at)
        if found == tag:
            return kind, number, value
    return None


def _rationals(note: bytes) -> dict[int, int] | None:
    """Apple's offsets count from the start of the note, whose own byte order comes at 12."""
    order = {b"II": "<", b"MM": ">"}[note[12:14]]
    values: dict[int, int] = {}
    for tag in (_HEADROOM, _GAIN):
        row = _entry(note, order, 14, tag)
        if row is None:
            continue
        kind, count, at = row
        above, below = struct.unpack_from(order + "ii", note, at)
        if (kind, count) != (10, 1) or not below or abs(above) > _BRIGHTEST * abs(below):
            return None
        values[tag] = round(above * _UNIT / below)
    return values


def exif_tree(numbers: dict[int, int], orientation: int = 1) -> bytes:
    """An Exif tree with a maker note of these numbers, and a turn if there is one."""
    entries = [(0x0112, 3, 1, orientation << 16)] if orientation != 1 else []
    second = 8 + 2 + 12 * (len(entries) + 1) + 4
    entries.append((0x8769, 4, 1, second))
    note_at = second + 2 + 12 + 4
    values_at = len(_MAKER) + 4 + 2 + 12 * len(numbers) + 4
    rows, values = b"", b""
    for tag, value in sorted(numbers.items()):
        rows += struct.pack(">HHII", tag, 10, 1, values_at + len(values))
        values += struct.pack(">ii", value, _UNIT)
    note = _MAKER + b"\0\1MM" + struct.pack(">H", len(numbers)) + rows + bytes(4) + values
    tree = struct.pack(">2sHIH", b"MM", 42, 8, len(entries))
    tree += b"".join(struct.pack(">HHII", *entry) for entry in entries) + bytes(4)
    tree += struct.pack(">HHHII", 1, 0x927C, 7, len(note), note_at) + bytes(4)
    return tree + note


def look(text: Described, numbers: dict[int, int]) -> str:
    """The numbers of a map in one line, for what must look the same."""
    return f"{text.version} {text.headroom or '-'} {look_of_numbers(numbers) or '-'}"


def look_of_numbers(numbers: dict[int, int]) -> str:
    return " ".join(f"{tag}:{value}" for tag, value in sorted(numbers.items()))
