"""Second reader for what describes a gain map: hdrgm XMP, its directory, ISO 21496-1, the index.

XMP is read as XML whatever its form; `canonical` says whether it was written in
the one form that holds the numbers and nothing else.
"""

from __future__ import annotations

import math
import re
import struct
from decimal import Decimal
from xml.etree import ElementTree

_NS = "http://ns.adobe.com/hdr-gain-map/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OPEN = (
    f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">'
    f'<rdf:Description rdf:about="" xmlns:hdrgm="{_NS}"'
)
_CLOSE = "</rdf:Description></rdf:RDF></x:xmpmeta>"
_NAMES = (
    "GainMapMin", "GainMapMax", "Gamma", "OffsetSDR", "OffsetHDR", "HDRCapacityMin",
    "HDRCapacityMax",
)  # fmt: skip
_DIRECTORY = re.compile(
    re.escape(
        f'{_OPEN} xmlns:Container="http://ns.google.com/photos/1.0/container/"'
        ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0">'
        "<Container:Directory><rdf:Seq>"
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="Primary"'
        ' Item:Mime="image/jpeg"/></rdf:li>'
        '<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="GainMap"'
        ' Item:Mime="image/jpeg" Item:Length="'
    ).encode()
    + rb"(?=.{11}/>)([1-9]\d{0,9})\" *"
    + re.escape(f"/></rdf:li></rdf:Seq></Container:Directory>{_CLOSE}").encode()
)
_LARGEST = 1 << 20


def numbers(packet: bytes) -> str:
    """The gain map's numbers in canonical text, empty if the packet has none that are valid."""
    packet = packet.strip(b"\0 \r\n\t")
    if _NS.encode() not in packet or len(packet) > _LARGEST or b"<!DOCTYPE" in packet:
        return ""
    try:
        root = ElementTree.fromstring(packet)
    except (ElementTree.ParseError, ValueError, LookupError):
        return ""
    values = _values(root)
    if values.pop("Version", None) != ["1.0"]:
        return ""
    inside, below = [' hdrgm:Version="1.0"'], []
    if base := values.get("BaseRenditionIsHDR"):
        inside.append(f' hdrgm:BaseRenditionIsHDR="{base[0].lower() == "true"!s}"')
    for name in _NAMES:
        texts = [_decimal(text) for text in values.get(name, [])]
        if "" in texts or len(texts) not in ((0, 1) if name.startswith("HDR") else (0, 1, 3)):
            return ""
        if not texts and name in ("GainMapMax", "HDRCapacityMax"):
            return ""
        if len(texts) == 3:
            rows = "</rdf:li><rdf:li>".join(texts)
            below.append(f"<hdrgm:{name}><rdf:Seq><rdf:li>{rows}</rdf:li></rdf:Seq></hdrgm:{name}>")
        elif texts:
            inside.append(f' hdrgm:{name}="{texts[0]}"')
    return _OPEN + "".join(inside) + ">" + "".join(below) + _CLOSE


def _values(root: ElementTree.Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.startswith(f"{{{_NS}}}"):
                found.setdefault(key[len(_NS) + 2 :], []).append(value)
        if element.tag.startswith(f"{{{_NS}}}"):
            items = [item.text or "" for item in element.iter(f"{{{_RDF}}}li")]
            texts = [text for text in items or [element.text or ""] if text.strip()]
            if texts:
                found.setdefault(element.tag[len(_NS) + 2 :], []).extend(texts)
    return found


def _decimal(text: str) -> str:
    """The text with the fewest digits that gives the same double, without an exponent."""
    try:
        value = float(text)
    except ValueError:
        return ""
    if not math.isfinite(value) or (value and not 1e-9 <= abs(value) <= 1e9):
        return ""
    if value == 0:
        return "0.0"
    plain = repr(value)
    return f"{Decimal(plain):f}" if "e" in plain else plain


def directory_length(packet: bytes) -> int:
    """The length that a canonical directory states for the gain map, 0 for any other packet."""
    match = _DIRECTORY.fullmatch(packet)
    return int(match[1]) if match else 0


def is_block(block: bytes) -> bool:
    """ISO 21496-1 Annex C, or its draft with one denominator for all fractions."""
    try:
        lowest, _, flags = struct.unpack_from(">HHB", block)
        planes = 1 + 2 * (flags >> 7)
        if lowest or flags & 0x33:
            return False
        if flags >> 3 & 1:
            return block[5:9] > bytes(4) and len(block) == 17 + 20 * planes
        below = [struct.unpack_from(">I", block, 9 + 8 * n)[0] for n in range(2 + 5 * planes)]
    except struct.error:
        return False
    return all(below) and len(block) == 21 + 40 * planes


def is_index(index: bytes, base: int, start: int, end: int) -> bool:
    """Whether the index at `base` names two pictures, [0, start) and [start, end), and no more."""
    header = bytes.fromhex(
        "4d4d002a00000008 0003 b000000700000004 30313030 b001000400000001 00000002"
        "b002000700000020 00000032 00000000 00030000"
    )
    rest = struct.pack(">IQQII", start, 0, end - start, start - base, 0)
    return index == header + rest
