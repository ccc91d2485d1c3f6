"""XML 1.0 documents of any vocabulary: data, settings, feeds, property lists.

Markup stays as it is written. What elements and attributes say are passages under their names;
a key beside a value (`<key>` of a property list, `name="email"` of a field) is its label.
Comments are read as comments, instructions and document types as code. What two parsers could
read in two ways is refused: entities of the document's own, and declared encodings that are
not those of its bytes. Facts: Extensible Markup Language 1.0 (Fifth Edition).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.charset import Charset, charset_of, claim_text
from scrubber.formats.labels import private_entities, private_entity, safe_name
from scrubber.formats.passages import Unit, Write, Written
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.formats.xml_reference import REFERENCE, point_of
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

MAX_SIZE = 64 << 20
MAX_DEPTH = 200
_NEAR = 12  # values beside one that are shown to detectors
_SENTENCE = 6  # words
_NAME = r"[^\W\d][\w.:\u00b7-]{0,127}"
_TOKEN = re.compile(
    rf"<!--(?P<comment>[^-]*+(?:-[^-]++)*+)-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    rf"|<\?(?P<pi>{_NAME}.*?)\?>|<!DOCTYPE"
    rf"(?P<doctype>[ \t\r\n](?:[^<>\[\]\"']|\"[^\"<>]*\"|'[^'<>]*')*+)>"
    rf"|</(?P<end>{_NAME})[ \t\r\n]*>"
    rf"|<(?P<start>{_NAME})(?P<all>(?:[ \t\r\n]+{_NAME}[ \t\r\n]*=[ \t\r\n]*"
    rf"(?:\"[^\"<]*\"|'[^'<]*'))*+)[ \t\r\n]*(?P<empty>/?)>",
    re.DOTALL,
)
_PAIR = re.compile(rf"({_NAME})[ \t\r\n]*=[ \t\r\n]*(?:\"([^\"<]*)\"|'([^'<]*)')")
_ENCODING = re.compile(
    r"<\?xml[ \t\r\n][^<>]*?[ \t\r\n]encoding[ \t\r\n]*=[ \t\r\n]*['\"]([\w.-]+)"
)
_IDENTIFIER = re.compile(
    r"[a-z0-9_.:/#%+-]*+|[a-z]{2,3}[_-][A-Z]{2}|[\w.:/#%+-]*[\d_:/#%][\w.:/#%+-]*"
)
_NAMES = ("name", "key", "id", "label", "field", "property", "type")  # they say what a value is
_VALUES = frozenset(("value", "content", "default", "string", "text"))
_EIGHT_BIT = frozenset(("cp1252", "iso8859-1", "latin-1"))
_COMMENT, _CODE, _KEY = Context("comment"), Context("code"), Context("key")


class _Value(NamedTuple):
    """Characters [start, end) that an element or attribute `name` says."""

    start: int
    end: int
    name: str
    where: str


@dataclass(slots=True)
class _Element:
    name: str
    label: str  # what its attributes call it
    where: str
    values: list[_Value] = field(default_factory=list)  # of its attributes and small children
    texts: list[tuple[int, int]] = field(default_factory=list)
    children: int = 0
    key: str = ""  # the last <key> in it (Apple's property list)


class XmlDocument:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > MAX_SIZE:
            raise TooLarge(f"The document has {source.size} bytes, more than scrub takes of one.")
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        hide(source, ledger, part, charset)
        raw = source.read(charset.mark, source.size - charset.mark)
        text = raw.decode(charset.codec)
        _agree(text, charset)
        walk = _Walk(text)
        ledger.render(elements=walk.elements)
        said = sorted(walk.said, key=lambda one: one.start)

        def passages() -> Iterator[Written]:
            return emit(text, charset.mark, charset, part, said, _writer(charset))

        ledger.passages = passages


class _Walk:
    """What a walk over the document finds, in characters of its text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.said: list[Stretch] = []
        self.elements = 0
        self._open: list[_Element] = [_Element("", "", "")]
        self._rooted = False
        self._walk()

    def _walk(self) -> None:
        at, text = 0, self.text
        while at < len(text):
            sign = text.find("<", at)
            self._text(at, len(text) if sign < 0 else sign)
            if sign < 0:
                break
            match = _TOKEN.match(text, sign)
            if match is None:
                raise _unclear(text, sign)
            self._token(match)
            at = match.end()
        if len(self._open) != 1 or not self._rooted:
            raise Damaged("The document is cut off, or its elements do not close.")

    def _token(self, match: re.Match[str]) -> None:
        kind = match.lastgroup if match.lastgroup != "empty" else "start"
        if match["start"] is not None:
            self._start(match)
        elif kind == "end":
            self._end(match["end"])
        elif kind == "cdata":
            if len(self._open) == 1:
                raise Damaged("A section of characters stands outside the document's root.")
            self._open[-1].texts.append(match.span("cdata"))
            self._open[-1].children += 1  # its own passage: other rules of spelling hold in it
        elif kind == "comment":
            self._say(*match.span("comment"), _COMMENT, "comment", units=False)
        else:
            if kind == "pi" and match["pi"].lower().split()[0] == "xml" and match.start():
                raise Damaged("An XML declaration stands inside the document.")
            if kind == "doctype" and self._rooted:
                raise Damaged("A document type stands inside the document.")
            self._say(*match.span(str(kind)), _CODE, str(kind), units=False)

    def _start(self, match: re.Match[str]) -> None:
        above, name = self._open[-1], _local(match["start"])
        if len(self._open) == 1 and self._rooted:
            raise Damaged("The document has two roots.")
        if len(self._open) > MAX_DEPTH:
            raise Unsupported(f"The document is nested deeper than {MAX_DEPTH} elements.")
        self._rooted = True
        self.elements += 1
        above.children += 1
        where = safe_name(name) or "*"
        element = _Element(match["start"], "", where)
        seen: set[str] = set()
        told: dict[str, str] = {}
        values: list[_Value] = []
        for pair in _PAIR.finditer(self.text, *match.span("all")):
            if pair[1] in seen:
                raise Damaged("An element has one attribute twice.")
            seen.add(pair[1])
            start, end = pair.span(2 if pair[2] is not None else 3)
            key = _local(pair[1])
            told.setdefault(key.lower(), self.text[start:end][:80])
            values.append(_Value(start, end, key, f"{where}/@{safe_name(key) or '*'}"))
        element.label = next((told[one] for one in _NAMES if told.get(one)), "")
        for value in values:
            if value.name.lower() in _NAMES and private_entity(told[value.name.lower()]):
                self._say(value.start, value.end, _KEY, value.where, units=True)
                continue
            called = (
                element.label if value.name.lower() in _VALUES and element.label else value.name
            )
            element.values.append(value._replace(name=called))
        if match["empty"]:
            self._flush(element)
        else:
            self._open.append(element)

    def _end(self, name: str) -> None:
        element = self._open.pop()
        if not self._open or element.name != name:
            raise Damaged("The elements of the document do not close in order.")
        above = self._open[-1]
        own = _local(name)
        if own == "key" and above.name == "dict" and len(element.texts) == 1:
            above.key = self.text[slice(*element.texts[0])].strip()[:80]
        called = element.label or own
        if above.name == "dict" and own != "key" and above.key:
            called, above.key = above.key, ""
        small = not element.children and len(element.texts) == 1
        for start, end in element.texts:
            value = _Value(start, end, called, element.where)
            (above.values if small else element.values).append(value)
        self._flush(element)
        if not self._open[1:]:
            self._flush(above)

    def _text(self, start: int, end: int) -> None:
        if start >= end or self.text[start:end].isspace():
            return
        if len(self._open) == 1:
            if self.text[start:end].strip("\ufeff \t\r\n"):
                raise Damaged("Words stand outside the document's root.")
            return
        if "]]>" in self.text[start:end]:
            raise Damaged("The end of a section stands where none began.")
        self._open[-1].texts.append((start, end))

    def _flush(self, element: _Element) -> None:
        """What stands side by side says together what is private."""
        values, element.values = element.values, []
        found = private_entities([value.name for value in values])
        near = tuple(
            self.text[value.start : value.end]
            for value in values[:_NEAR]
            if value.end - value.start <= 48
        )
        for value, entity in zip(values, found, strict=True):
            inside = self.text[value.start : value.end]
            if not inside.strip():
                continue
            kind = "prose" if len(inside.split()) >= _SENTENCE else "cell"
            if "@" in value.where and entity is None and _IDENTIFIER.fullmatch(inside):
                kind = "code"
            context = Context(
                kind, value.name, None, near, None, entity, f"{element.name}/{value.name}"
            )
            cdata = self.text.startswith("]]>", value.end)
            self._say(value.start, value.end, context, value.where, units=not cdata)

    def _say(self, start: int, end: int, context: Context, where: str, *, units: bool) -> None:
        if self.text[start:end].strip():
            read = _units(self.text, start, end) if units else ()
            self.said.append(Stretch(start, end, context, where, read))


def _units(text: str, start: int, end: int) -> tuple[Unit, ...]:
    """References of XML 1.0 §4.1. Raises Unsupported for entities that only a DTD declares."""
    found: list[Unit] = []
    at = start
    while (at := text.find("&", at, end)) >= 0:
        match = REFERENCE.match(text, at, end)
        if match is None:
            raise Unsupported(
                "The document uses entities that XML itself does not define.",
                "scrub does not know what they stand for.",
                "Save it with plain characters in their place.",
            )
        point = point_of(match)
        if (
            point > 0x10FFFF
            or 0xD800 <= point < 0xE000
            or (point < 32 and point not in (9, 10, 13))
        ):
            raise Damaged("The document refers to a character that XML does not have.")
        found.append(Unit(at, match.end(), chr(point)))
        at = match.end()
    return tuple(found)


def _unclear(text: str, at: int) -> Damaged | Unsupported:
    if text.startswith("<!DOCTYPE", at):
        return Unsupported(
            "The document's type declares entities or elements of its own.",
            "scrub does not expand them.",
            "Save it without the declarations between [ and ].",
        )
    return Damaged(f"No markup of XML begins at character {at}.")


def _agree(text: str, charset: Charset) -> None:
    """The declared encoding is that of the bytes. Raises Unsupported."""
    match = _ENCODING.match(text)
    if match is None:
        if charset.codec in _EIGHT_BIT:
            raise Damaged("The document is not in UTF-8 and declares no other encoding.")
        return
    try:
        declared = codecs.lookup(match[1]).name
    except LookupError:
        declared = ""
    if declared in ("utf-16", charset.codec) and charset.codec.startswith("utf-16"):
        return
    eight = declared in ("cp1252", "ascii") or declared.startswith(("iso8859", "windows"))
    if declared == "utf-8" and (charset.codec == "utf-8" or charset.ascii_only):
        return
    if eight and (charset.ascii_only or (declared in _EIGHT_BIT and charset.codec in _EIGHT_BIT)):
        return
    raise Unsupported(
        "The document declares an encoding that is not that of its bytes.",
        "Programs would read it in different ways.",
        "Save it as UTF-8.",
    )


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _writer(charset: Charset) -> Write:
    def write(text: str) -> bytes:
        for mark, name in (
            ("&", "&amp;"),
            ("<", "&lt;"),
            (">", "&gt;"),
            ('"', "&quot;"),
            ("'", "&apos;"),
        ):
            text = text.replace(mark, name)
        return text.encode(charset.codec, "xmlcharrefreplace")

    return write
