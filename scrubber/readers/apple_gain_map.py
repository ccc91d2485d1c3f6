"""Second reader for the texts beside Apple's gain map: nothing in them but numbers of one form.

The forms are matched whole: XMP as one pattern, the Exif tree with its maker note byte by byte.
"""

from __future__ import annotations

import re
import struct

AUXILIARY = "urn:com:apple:photo:2020:aux:hdrgainmap"
_PACKET = re.compile(
    rb'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    rb'<rdf:RDF xmlns:rdf="http://www\.w3\.org/1999/02/22-rdf-syntax-ns#">'
    rb'<rdf:Description rdf:about="" xmlns:HDRGainMap="http://ns\.apple\.com/HDRGainMap/1\.0/"'
    rb'(?: xmlns:apdi="http://ns\.apple\.com/pixeldatainfo/1\.0/")?>'
    rb"<HDRGainMap:HDRGainMapVersion>(65536|131072)</HDRGainMap:HDRGainMapVersion>"
    rb"(?:<HDRGainMap:HDRGainMapHeadroom>([1-9]\d?(?:\.\d{1,6})?)</HDRGainMap:HDRGainMapHeadroom>)?"
    rb"(?:<apdi:NativeFormat>1278226488</apdi:NativeFormat>)?"
    rb"(?:<apdi:StoredFormat>1278226488</apdi:StoredFormat>)?"
    rb"(?:<apdi:AuxiliaryImageType>urn:com:apple:photo:2020:aux:hdrgainmap"
    rb"</apdi:AuxiliaryImageType>)?"
    rb"</rdf:Description></rdf:RDF></x:xmpmeta>"
)
_UNIT = 1_000_000


def packet_numbers(packet: bytes) -> str:
    """Version and headroom of a packet that holds nothing else, else empty."""
    match = _PACKET.fullmatch(packet)
    return f"{match[1].decode()} {(match[2] or b'-').decode()}" if match else ""


def is_typed(packet: bytes) -> bool:
    """Whether a packet of numbers says that its picture is a gain map, as JPEG needs it."""
    return bool(packet_numbers(packet)) and b"<apdi:AuxiliaryImageType>" in packet


def turned_numbers(tree: bytes) -> tuple[int, str]:
    """A turn, and the tags of the maker note, of a tree that holds nothing else; else (1, "")."""
    for turn in range(1, 9):
        if said := tree_numbers(tree, turn):
            return turn, said
    return 1, ""


def tree_numbers(tree: bytes, orientation: int = 1) -> str:
    """The tags of a maker note in an Exif tree that holds nothing else, else empty.

    With another `orientation` than 1 the tree states it before the note.
    """
    turn = struct.pack(">HHIHH", 0x112, 3, 1, orientation, 0) if orientation != 1 else b""
    count = 1 + bool(turn)
    second = 14 + 12 * count
    if len(tree) < second + 18 + 40:
        return ""
    head = struct.pack(">2sHIH", b"MM", 42, 8, count) + turn
    head += struct.pack(">HHIIIH", 0x8769, 4, 1, second, 0, 1)
    head += struct.pack(">HHIII", 0x927C, 7, len(tree) - second - 18, second + 18, 0)
    note = tree[len(head) :]
    if not tree.startswith(head) or not note.startswith(b"Apple iOS\0\0\1MM\0"):
        return ""
    tags = note[15] if len(note) > 15 else 0
    first = 16 + 12 * tags + 4
    if tags not in (1, 2) or len(note) != first + 8 * tags or any(note[first - 4 : first]):
        return ""
    said = []
    for index in range(tags):
        tag, kind, number, at = struct.unpack_from(">HHII", note, 16 + 12 * index)
        value, unit = struct.unpack_from(">ii", note, first + 8 * index)
        if (kind, number, at, unit) != (10, 1, first + 8 * index, _UNIT):
            return ""
        if tag not in (0x21, 0x30) or abs(value) > 64 * _UNIT:
            return ""
        said.append((tag, value))
    if said != sorted(set(said)) or len({tag for tag, _ in said}) != tags:
        return ""
    return " ".join(f"{tag}:{value}" for tag, value in said)
