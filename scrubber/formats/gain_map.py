"""Gain maps: the numbers that show a picture brighter on a display that can (HDR).

Two ways to write them: attributes of the XMP schema hdrgm (Ultra HDR 1.1,
"Metadata", as in Adobe's gain map specification), and the block of ISO 21496-1.
From XMP the numbers are read and written anew, in one fixed text. The block
holds nothing but numbers and stays as it is if its length is right.
"""

from __future__ import annotations

import re
import struct
from decimal import Decimal
from xml.parsers import expat

HDRGM = b"http://ns.adobe.com/hdr-gain-map/1.0/"
ISO_21496 = b"urn:iso:std:iso:ts:21496:-1\0"
ISO_VERSIONS = bytes(4)
"""Lowest version that a reader must know, version of the writer: what the primary picture says."""

_TRIPLES = ("GainMapMin", "GainMapMax", "Gamma", "OffsetSDR", "OffsetHDR")
_SINGLES = ("HDRCapacityMin", "HDRCapacityMax")
_NEEDED = ("GainMapMax", "HDRCapacityMax")
_NUMBER = re.compile(r"[+-]?(?:\d{1,9}(?:\.\d{0,40})?|\.\d{1,40})(?:[eE][+-]?\d)?")
_LEAST, _MOST = 1e-9, 1e9
_LONGEST = 1 << 20
_HEAD = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description rdf:about="" xmlns:hdrgm="{HDRGM.decode()}"'
)
_TAIL = "</rdf:Description></rdf:RDF></x:xmpmeta>"

CONTAINER_HEAD = (
    f'{_HEAD} xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    ' xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0">'
    "<Container:Directory><rdf:Seq>"
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="Primary" Item:Mime="image/jpeg"/></rdf:li>'
    '<rdf:li rdf:parseType="Resource">'
    '<Container:Item Item:Semantic="GainMap" Item:Mime="image/jpeg" Item:Length="'
).encode()
CONTAINER_TAIL = (f"/></rdf:li></rdf:Seq></Container:Directory>{_TAIL}").encode()
LENGTH_WIDTH = 11  # ten digits and the quote
"""Between them stands the length of the gain map, in this many bytes (order "quoted")."""

MP_ENTRIES = 50
_MP_INDEX = struct.pack(
    ">2sHIHHHI4sHHIIHHIII",
    b"MM", 42, 8, 3, 0xB000, 7, 4, b"0100", 0xB001, 4, 1, 2, 0xB002, 7, 32, MP_ENTRIES, 0,
)  # fmt: skip


def container(length: int) -> bytes:
    """The primary picture's XMP: a directory of itself and of a gain map of `length` bytes."""
    number = f'{length}"'.encode().ljust(LENGTH_WIDTH)
    return CONTAINER_HEAD + number + CONTAINER_TAIL


def mp_index(primary: int, length: int, offset: int) -> bytes:
    """A multi-picture index (CIPA DC-007 §5) of two: baseline primary, and one of no type.

    `offset` counts from the first byte that is returned.
    """
    first = struct.pack(">IIIHH", 0x030000, primary, 0, 0, 0)
    return _MP_INDEX + first + struct.pack(">IIIHH", 0, length, offset, 0, 0)


def rewritten(packet: bytes) -> bytes | None:
    """The XMP of a gain map with its numbers alone, None if the packet describes no gain map."""
    packet = without_padding(packet)
    if HDRGM not in packet or len(packet) > _LONGEST:
        return None
    found = Properties(HDRGM)
    if not found.parse(packet) or found.values.get("Version") != ["1.0"]:
        return None
    flat, deep = [' hdrgm:Version="1.0"'], []
    base = found.values.get("BaseRenditionIsHDR", [])
    if base:
        flat.append(f' hdrgm:BaseRenditionIsHDR="{base[0].lower() == "true"}"')
    for name in (*_TRIPLES, *_SINGLES):
        texts = found.values.get(name, [])
        numbers = [spelled for text in texts if (spelled := _spelled(text)) is not None]
        if len(numbers) != len(texts) or len(numbers) not in (0, 1, 3):
            return None
        if (not numbers and name in _NEEDED) or (len(numbers) == 3 and name in _SINGLES):
            return None
        if len(numbers) == 1:
            flat.append(f' hdrgm:{name}="{numbers[0]}"')
        elif numbers:
            items = "".join(f"<rdf:li>{number}</rdf:li>" for number in numbers)
            deep.append(f"<hdrgm:{name}><rdf:Seq>{items}</rdf:Seq></hdrgm:{name}>")
    return f"{_HEAD}{''.join(flat)}>{''.join(deep)}{_TAIL}".encode()


def _spelled(text: str) -> str | None:
    """The shortest decimal text of the same double."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text) + 0.0  # no minus before zero
    if value and not _LEAST <= abs(value) <= _MOST:
        return None
    return format(Decimal(repr(value)), "f")


def without_padding(packet: bytes) -> bytes:
    """XMP up to its end: what follows is no XML."""
    end = packet.find(b"<?xpacket end")
    return packet[: packet.find(b"?>", end) + 2] if end > 0 else packet.rstrip(b"\0 \r\n\t")


class Properties:
    """Values of the properties of one schema, as attributes or as elements."""

    def __init__(self, schema: bytes) -> None:
        self.values: dict[str, list[str]] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self._prefix = schema.decode() + " "

    def parse(self, packet: bytes) -> bool:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(packet, True)
        except (expat.ExpatError, ValueError):
            return False
        return True

    def _doctype(self, *_: object) -> None:
        raise ValueError("a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith(self._prefix):
                self._take(key, value)
        self._path.append(name)
        self._text.clear()

    def _end(self, _: str) -> None:
        name = self._path.pop()
        above = self._path[-2] if len(self._path) > 1 else ""
        text = "".join(self._text).strip()
        self._text.clear()
        if name.startswith(self._prefix) and text:
            self._take(name, text)
        elif name.endswith(" li") and above.startswith(self._prefix) and text:
            self._take(above, text)

    def _take(self, name: str, text: str) -> None:
        self.values.setdefault(name[len(self._prefix) :], []).append(text)


def is_iso_block(block: bytes) -> bool:
    """ISO 21496-1 Annex C: versions, flags, then fractions for one channel or for three.

    Also the form of its drafts, in which all fractions have one denominator.
    """
    if len(block) < 5 or block[:2] != b"\0\0" or block[4] & 0b00110011:
        return False
    channels = 3 if block[4] & 0x80 else 1
    if block[4] & 8:
        return len(block) == 17 + 20 * channels and block[5:9] != bytes(4)
    if len(block) != 21 + 40 * channels:
        return False
    fractions = struct.iter_unpack(">II", block[5:])
    return all(denominator for _, denominator in fractions)
