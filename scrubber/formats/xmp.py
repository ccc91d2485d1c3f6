"""XMP packets (ISO 16684-1; storage in part 3).

A packet is private as a whole. It is split by top-level property, so that the
log can say which ones stood there. One value matters to the look: an
Orientation that stands in XMP alone.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import dataclass, field
from xml.parsers import expat

from scrubber.errors import Damaged
from scrubber.formats.xmp_names import PREFIXES, entity_of_property, name_of_property
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

XMP_SIGNATURE = b"http://ns.adobe.com/xap/1.0/\0"
ORIENTATION = "tiff:Orientation"
MAX_PACKET = 32 << 20
_TURN = re.compile(rb"""tiff:Orientation\s*(?:=\s*["']\s*|>\s*)(\d)""")
_PACKET_END = re.compile(rb"<\?xpacket\s+end[^>]*\?>")
_ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ITEM = re.compile(rb"<rdf:li(?:\s[^>]*[^/>])?>([^<]+)</rdf:li>")
_NAME = re.compile(rb"""(?:Name|PersonDisplayName)\s*(?:=\s*(?:"([^"]+)"|'([^']+)')|>([^<]+)<)""")
_TAG = re.compile(r"<[^>]*>")
_VALUE = re.compile(r"""\s*=\s*["'](.*)["']""", re.DOTALL)
_GROUPED = ("crs",)  # hundreds of slider positions: one part
_LISTED = ("CREATOR", "KEYWORDS", "PERSON_IN_IMAGE", "PLACE_NAME")
_MAX_DEPTH = 100


def effective_orientation(packet: bytes) -> int:
    """tiff:Orientation of a packet, 1 if it has none."""
    match = _TURN.search(packet) or _TURN.search(packet.replace(b"\0", b""))
    value = int(match[1]) if match else 1
    return value if 1 <= value <= 8 else 1


def orientation_part(ledger: Ledger, mark: int, otherwise: PartId) -> PartId:
    """The part of tiff:Orientation among those made since `mark`, else `otherwise`."""
    return next((part.id for part in ledger.parts[mark:] if part.name == ORIENTATION), otherwise)


def split_xmp(ledger: Ledger, source: Source, parent: PartId, start: int, end: int) -> None:
    """Claims the packet in [start, end) below `parent`, property by property.

    Raises Damaged if it is no well-formed XML or has a document type. A packet in UTF-16 or
    UTF-32 is one part.
    """
    if end - start > MAX_PACKET:
        raise Damaged(f"The XMP packet has {end - start} bytes.")
    data = source.read(start, end - start)
    if b"\0" in data[:64]:
        words = functools.partial(_wide_words, data[:4])
        ledger.leaf(parent, "XMP", Role.PRIVATE, start, end, entity="TAG", describe=words)
        return
    match = _PACKET_END.search(data)
    stop = match.end() if match else len(data.rstrip(b"\0 \t\r\n"))
    found = _Properties(data[:stop])
    found.parse()
    if not found.rows:  # no property, and still text can stand in it
        ledger.leaf(parent, "XMP", Role.PRIVATE, start, end, entity="TAG", describe=_words)
        return
    part = ledger.part(parent, "XMP", Role.FRAME)
    ledger.scope(part, start, end)
    ledger.claim(part, start, start + stop)
    groups: dict[str, PartId] = {}
    for row in found.rows:
        _claim(ledger, part, start, data, row, groups)
    if data[stop:].strip(b"\0 \t\r\n"):
        ledger.leaf(parent, "second packet", Role.PRIVATE, start + stop, end, entity="TAG")


@dataclass(slots=True)
class _Row:
    """One property, or one attribute of the wrapper, at [start, end) of the packet."""

    name: str
    start: int
    end: int


@dataclass(slots=True)
class _Properties:
    """Finds the children and attributes of top-level rdf:Description elements by position."""

    data: bytes
    rows: list[_Row] = field(default_factory=list)
    prefixes: dict[str, str] = field(default_factory=dict)
    path: list[str] = field(default_factory=list)
    opened: int = 0
    parser: expat.XMLParserType = field(default_factory=expat.ParserCreate)

    def parse(self) -> None:
        parser = self.parser
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        try:
            parser.Parse(self.data, True)
        except expat.ExpatError as error:
            raise Damaged("The XMP packet is no well-formed XML.") from error

    def _doctype(self, *_: object) -> None:
        raise Damaged("The XMP packet has a document type.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        for key, value in attributes.items():
            if key.startswith("xmlns:") and value in PREFIXES:
                self.prefixes[key[6:]] = PREFIXES[value]
        path = self.path
        if len(path) > _MAX_DEPTH:
            raise Damaged("The XMP packet is nested too deep.")
        if path[-2:] == ["rdf:RDF", "rdf:Description"]:
            self.opened = self.parser.CurrentByteIndex
        elif path[-1:] == ["rdf:RDF"] or "x:xmptk" in attributes:
            self._attributes()
        path.append(name)

    def _end(self, name: str) -> None:
        self.path.pop()
        if self.path[-2:] == ["rdf:RDF", "rdf:Description"]:
            at = self.parser.CurrentByteIndex
            end = self.data.index(b">", at) + 1 if self.data[at : at + 2] == b"</" else at
            self.rows.append(_Row(self._canonical(name), self.opened, end))

    def _attributes(self) -> None:
        """The attributes of the tag that starts here, by position."""
        at = self.parser.CurrentByteIndex
        at = re.compile(rb"<[^\s/>]+").match(self.data, at).end()  # type: ignore[union-attr]  # a tag is there
        while match := _ATTRIBUTE.match(self.data, at):
            name = match[1].decode("utf-8", "replace")
            if not name.startswith(("xmlns", "rdf:", "xml:")):
                self.rows.append(_Row(self._canonical(name), match.start(), match.end()))
            at = match.end()

    def _canonical(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{self.prefixes.get(prefix, prefix)}:{local}" if colon else name


def _claim(
    ledger: Ledger, parent: PartId, base: int, data: bytes, row: _Row, groups: dict[str, PartId]
) -> None:
    entity = "SOFTWARE" if row.name == "x:xmptk" else entity_of_property(row.name)
    prefix = row.name.partition(":")[0]
    start, end = base + row.start, base + row.end
    if prefix in _GROUPED and entity == "EDIT_HISTORY":
        if prefix not in groups:
            groups[prefix] = ledger.part(parent, f"{prefix}:*", Role.PRIVATE, entity=entity)
        ledger.claim(groups[prefix], start, end)
        return
    name = row.name if row.name == "x:xmptk" else name_of_property(row.name)
    part = ledger.leaf(parent, name, Role.PRIVATE, start, end, entity=entity, describe=_words)
    if entity not in _LISTED:
        return
    pattern = _NAME if row.name in ("mwg-rs:Regions", "MP:RegionInfo") else _ITEM
    matches = list(pattern.finditer(data, row.start, row.end))
    if pattern is _ITEM and len(matches) < 2:
        return
    for match in matches:
        group = match.lastindex or 1
        ledger.leaf(
            part, "item", Role.PRIVATE, base + match.start(group), base + match.end(group),
            entity=entity, needs=(part,), describe=_plain,
        )  # fmt: skip


def _plain(data: bytes) -> str:
    return html.unescape(data.decode("utf-8", "replace")).strip()


def _words(data: bytes) -> str:
    """The text of an element, or the value of an attribute."""
    text = data.decode("utf-8", "replace")
    if text.lstrip().startswith("<"):
        text = "; ".join(words for run in _TAG.split(text) if (words := " ".join(run.split())))
    elif match := _VALUE.search(text):
        text = match[1]
    return html.unescape(text)


def _wide_words(head: bytes, data: bytes) -> str:
    wide = 4 if head[:2] == b"\0\0" or head[2:4] == b"\0\0" else 2
    order = "be" if head[0] == 0 or head[:2] == b"\xfe\xff" else "le"
    text = data.decode(f"utf-{wide * 8}-{order}", "replace")
    return " ".join(_TAG.sub(" ", text).split())
