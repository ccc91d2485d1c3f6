"""Apple's gain maps in the layout that phones write: an Exif tree with a maker note, and XMP."""

from __future__ import annotations

import struct
from collections.abc import Mapping

APPLE = b"urn:com:apple:photo:2020:aux:hdrgainmap"
NUMBERS = {0x21: (31249, 37059), 0x30: (1, 125)}
Rational = tuple[int, int]


def maker_note(numbers: Mapping[int, Rational] = NUMBERS, planted: bytes = b"") -> bytes:
    """`Apple iOS`, then a directory whose offsets count from the start of the note."""
    entries: list[tuple[int, int, int, bytes]] = [(0x01, 9, 1, struct.pack(">i", 14))]
    if planted:
        entries.append((0x11, 2, len(planted) + 1, planted + b"\0"))
        entries.append((0x08, 10, 1, planted[:8]))
    entries += [(tag, 10, 1, struct.pack(">ii", *value)) for tag, value in numbers.items()]
    first = 14 + 2 + 12 * len(entries) + 4
    rows = values = b""
    for tag, kind, count, value in sorted(entries):
        if len(value) <= 4:
            rows += struct.pack(">HHI4s", tag, kind, count, value)
        else:
            rows += struct.pack(">HHII", tag, kind, count, first + len(values))
            values += value
    count = struct.pack(">H", len(entries))
    return b"Apple iOS\0\0\1MM" + count + rows + bytes(4) + values + planted


def tree(note: bytes, planted: bytes = b"", order: str = ">", turn: int = 0) -> bytes:
    """An Exif tree with a maker's name, a turn, a place for words, and the note."""
    names = [(0x10F, 2, planted + b"\0")] if planted else []
    first = [(0x112, 3, struct.pack(order + "HH", turn, 0))] if turn else []
    count = len(names) + len(first) + 1
    at = 8 + 2 + 12 * count + 4
    values = b"".join(value for _, _, value in names)
    rows = b""
    for tag, kind, value in names:
        rows += struct.pack(order + "HHII", tag, kind, len(value), at)
        at += len(value)
    for tag, kind, value in first:
        rows += struct.pack(order + "HHI4s", tag, kind, 1, value)
    at += at % 2
    values = values.ljust(at - (8 + 2 + 12 * count + 4), b"\0")
    rows += struct.pack(order + "HHII", 0x8769, 4, 1, at)
    inner = struct.pack(order + "H", 2)
    inner += struct.pack(order + "HHI4s", 0x9000, 7, 4, b"0232")
    inner += struct.pack(order + "HHII", 0x927C, 7, len(note), at + 2 + 24 + 4) + bytes(4)
    head = b"MM\0*" if order == ">" else b"II*\0"
    head += struct.pack(order + "IH", 8, count)
    return head + rows + bytes(4) + values + inner + note


def packet(
    version: str = "65536", headroom: str = "", planted: str = "", *, typed: bool = False,
    more: str = "",
) -> bytes:  # fmt: skip
    """XMP of the map. `typed`: as in JPEG, where nothing else says what the picture is."""
    rows = f"<HDRGainMap:HDRGainMapVersion>{version}</HDRGainMap:HDRGainMapVersion>\n"
    if headroom:
        rows += f"<HDRGainMap:HDRGainMapHeadroom>{headroom}</HDRGainMap:HDRGainMapHeadroom>\n"
    if typed:
        rows += (
            "<apdi:NativeFormat>1278226488</apdi:NativeFormat>\n"
            "<apdi:StoredFormat>1278226488</apdi:StoredFormat>\n"
            f"<apdi:AuxiliaryImageType>{APPLE.decode()}</apdi:AuxiliaryImageType>\n"
        )
    if planted:
        rows += f"<dc:source>{planted}</dc:source><!-- {planted} -->\n"
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0 {planted}">\n'
        '   <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '      <rdf:Description rdf:about=""\n'
        '            xmlns:dc="http://purl.org/dc/elements/1.1/"\n'
        '            xmlns:apdi="http://ns.apple.com/pixeldatainfo/1.0/"\n'
        f'            xmlns:HDRGainMap="http://ns.apple.com/HDRGainMap/1.0/"{more}>\n'
        f"{rows}      </rdf:Description>\n   </rdf:RDF>\n</x:xmpmeta>\n"
    ).encode()
