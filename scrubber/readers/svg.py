"""The second reader of SVG: the events of an XML parser, and lists of its own.

The content digest is SHA-256 over all bytes but the XML declaration, blanks between elements
outside of texts and style sheets, id and class attributes with the blanks before them, names
that refer to them (i1, c1, r1, k1) and the base64 of embedded pictures.
"""

from __future__ import annotations

import binascii
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import gif, jpeg, png, webp
from scrubber.readers.text import outside
from scrubber.readers.text_checks import leftovers

_SVG, _XLINK = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_SHAPES = "path|rect|circle|ellipse|line|polyline|polygon|image|text|tspan|textPath"
_GROUPS = "svg|g|a|defs|symbol|use|switch|style|marker|pattern|mask|clipPath|filter|stop"
_PAINT = "linearGradient|radialGradient|animate|animateMotion|animateTransform|set|mpath"
_EFFECT = "Blend|ColorMatrix|ComponentTransfer|Composite|ConvolveMatrix|DiffuseLighting|" \
    "DisplacementMap|DistantLight|DropShadow|Flood|Func[ABGR]|GaussianBlur|Image|Merge|MergeNode|" \
    "Morphology|Offset|PointLight|SpecularLighting|SpotLight|Tile|Turbulence"  # fmt: skip
_ELEMENT = re.compile(rf"{_SHAPES}|{_GROUPS}|{_PAINT}|fe(?:{_EFFECT})")
_NOT_AN_ATTRIBUTE = re.compile(
    r"on.*|data-.*|aria-.*|role|title|alt|label|name|src|ping|target|download|rel|tabindex|slot|"
    r"nonce|part|is|content|about|property|resource|typeof|datatype|vocab|prefix|author|creator|"
    r"[a-z]+[0-9]{3,}|.{29,}"
)
_ATTRIBUTE_NAME = re.compile(r"[a-z][A-Za-z]*(?:-[a-z]+){0,4}[0-9]?")
_TAG = re.compile(rb"<[^\s/>]+(?:[^\"'>]|\"[^\"]*\"|'[^']*')*>")
_PAIR = re.compile(rb"(\s+)([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_DATA = re.compile(rb"(data:image/[\w.+-]+;\s*base64,)([^\"'()]*)")
_LINK = re.compile(rb"(?<=#)i[0-9]+(?=\s*[\"')]|\s*\Z)|\bi[0-9]+(?=\.(?:begin|end|click|mouseo))")
_TARGET = re.compile(rb"#([^\s\"'();,]+)\s*[\"')]")
_OUTSIDE = re.compile(rb"[a-z]{2,12}:/|javascript:|//|\\|url\(\s*[\"']?\s*(?!#|data:image/)", re.I)
_FEATURE = b"http://www.w3.org/TR/SVG11/feature#"
_BLANK = re.compile(rb"\r?\n?\r?\n?\r?\n?(?: *|\t*)")
_IN_SHEET = re.compile(rb"(?<=[#])i[0-9]+\b|(?<=\.)c[0-9]+\b")
_FRAMES = re.compile(rb"(@(?:-webkit-)?keyframes\s+)([\w-]+)")
_FRAME_NAME = re.compile(rb"(?<![\w#.-])k[0-9]+(?![\w.-])")
_STANDARD = re.compile(rb"(?:Source|Background)(?:Graphic|Alpha|Image)|FillPaint|StrokePaint|")
_KINDS: tuple[tuple[bytes, Callable[..., Reading]], ...] = (
    (b"\xff\xd8\xff", jpeg.read), (b"\x89PNG\r\n\x1a\n", png.read), (b"GIF8", gif.read),
    (b"RIFF", webp.read),
)  # fmt: skip
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A picture inside the picture."""

    data: bytes

    @property
    def size(self) -> int:
        return len(self.data)

    def read(self, offset: int, n: int) -> bytes:
        if offset < 0 or n < 0 or offset + n > len(self.data):
            raise Damaged("The picture ends too early.")
        return self.data[offset : offset + n]


def read(source: Source, edited: tuple[tuple[int, int], ...] = (), *, deep: int = 0) -> Reading:
    """What an SVG picture holds. Raises Damaged if it is no well-formed XML in UTF-8.

    `edited` are the runs of `source` that were not in the original.
    """
    seen = _Seen(source.read(0, source.size), deep)
    seen.run()
    facts = Rendering.of(elements=seen.elements, frame=seen.frame)
    digest = outside(source, tuple(sorted((*edited, *seen.aside))))
    return Reading("svg", digest, facts, tuple(dict.fromkeys(seen.left)))


@dataclass(slots=True)
class _Seen:
    """`aside` are the byte spans that the digest leaves out; `end` closes the last markup."""

    data: bytes
    deep: int
    left: list[str] = field(default_factory=list)
    aside: list[tuple[int, int]] = field(default_factory=list)
    stack: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    elements: int = 0
    frame: str = ""
    end: int = 0
    parser: expat.XMLParserType = field(
        default_factory=lambda: expat.ParserCreate("utf-8", namespace_separator=" ")
    )

    def run(self) -> None:
        parser, data = self.parser, self.data
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._close
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = lambda *_: self.left.append("a document type")
        parser.CommentHandler = lambda _: self.left.append("a comment")
        parser.ProcessingInstructionHandler = lambda *_: self.left.append(
            "a processing instruction"
        )
        parser.StartNamespaceDeclHandler = self._namespace
        parser.CharacterDataHandler = self.words.append
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Damaged("The picture is no well-formed XML.") from error
        self._gap(len(data))
        if data.startswith(b"\xef\xbb\xbf"):
            self.left.append("a byte order mark")

    # events ------------------------------------------------------------------

    def _declaration(self, *_: object) -> None:
        end = self.data.index(b"?>") + 2
        if self.data[:end] != b'<?xml version="1.0" encoding="UTF-8"?>':
            self.left.append("an XML declaration of its own")
        self.aside.append((0, end))
        self.end = end

    def _namespace(self, prefix: str | None, uri: str) -> None:
        if uri not in (_SVG, _XLINK) or prefix not in (None, "svg", "xlink"):
            self.left.append("a foreign namespace")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self.parser.CurrentByteIndex
        self._gap(at)
        space, _, local = name.rpartition(" ")
        if space != _SVG or not _ELEMENT.fullmatch(local):
            self.left.append("an element outside of the list")
        if not self.stack:
            values = (attributes.get(key, "-") for key in ("width", "height", "viewBox"))
            self.frame = " ".join(" ".join(values).split())
        self.elements += "text" not in self.stack
        for key, value in attributes.items():
            self._attribute(key, value)
        tag = _TAG.match(self.data, at)
        if tag is None:
            raise Damaged("The picture has a tag that cannot be read.")
        for pair in _PAIR.finditer(self.data, at, tag.end()):
            self._written(pair)
        self.stack.append(local)
        self.end = tag.end()
        self.words.clear()

    def _close(self, _: str) -> None:
        at = self.parser.CurrentByteIndex
        if self.data.startswith(b"</", at):
            self._gap(at)
            self.end = self.data.index(b">", at) + 1
        self.stack.pop()

    def _gap(self, at: int) -> None:
        """What stands between the last markup and this."""
        start, name = self.end, self.stack[-1] if self.stack else ""
        said, run = "".join(self.words), self.data[start:at]
        self.words.clear()
        if name == "style":
            self._sheet(start, run)
        elif "text" in self.stack:
            self.left += leftovers(said, net=True)
        else:
            if not _BLANK.fullmatch(run):
                self.left.append("characters between elements")
            self.aside.append((start, at))

    # values ------------------------------------------------------------------

    def _attribute(self, key: str, value: str) -> None:
        """The name of an attribute, and what its value says."""
        space, _, name = key.rpartition(" ")
        if space and (space, name) not in ((_XLINK, "href"), (_XML, "space")):
            self.left.append("an attribute of another namespace")
        if _NOT_AN_ATTRIBUTE.fullmatch(name) or not _ATTRIBUTE_NAME.fullmatch(name):
            self.left.append("an attribute outside of the list")
        names = {"id": "i", "class": "c", "result": "r", "in": "r", "in2": "r"}
        if letter := names.get(name):
            for word in value.split():
                standard = letter == "r" and _STANDARD.fullmatch(word.encode())
                if not standard and not re.fullmatch(letter + "[0-9]+", word):
                    self.left.append("a name of its own")
        if ";base64," not in value and len(value) < 4096:
            self.left += leftovers(value, net=True)

    def _written(self, pair: re.Match[bytes]) -> None:
        """An attribute as it is written: what the digest leaves out, and where it points."""
        name, (start, end) = pair[2], pair.span(3)
        if name in (b"id", b"class"):
            self.aside.append(pair.span())
            return
        if name.startswith(b"xmlns"):
            return
        if name in (b"result", b"in", b"in2"):
            if not _STANDARD.fullmatch(pair[3][1:-1]):
                self.aside.append((start + 1, end - 1))
            return
        self._points(start, end)
        if name == b"style":
            self._frame_names(start, end)

    def _points(self, start: int, end: int) -> None:
        data = self.data[start:end]
        for match in _DATA.finditer(data):
            low, high = match.span(2)
            self.aside.append((start + low, start + high))
            self._picture(match[2])
        bare = _DATA.sub(b"", data).replace(_FEATURE, b"")
        if _OUTSIDE.search(bare):
            self.left.append("a link to another file")
        for match in _TARGET.finditer(bare):
            hexadecimal = re.fullmatch(rb"[0-9A-Fa-f]{3,8}", match[1])
            if not hexadecimal and not re.fullmatch(rb"i[0-9]+", match[1]):
                self.left.append("a name of its own")
        for match in _LINK.finditer(self.data, start, end):
            self.aside.append(match.span())

    def _sheet(self, start: int, run: bytes) -> None:
        if re.search(rb"/\*|@import|@font-face|<!--", run, re.I):
            self.left.append("a comment or a link in a style sheet")
        self._points(start, start + len(run))
        self._frame_names(start, start + len(run))
        for head in re.finditer(rb"[^{};]*\{", run):
            for match in _IN_SHEET.finditer(head[0]):
                at = start + head.start()
                self.aside.append((at + match.start(), at + match.end()))
            if re.search(rb"\.(?!c[0-9]+\b)[A-Za-z_-]|#(?!i[0-9]+\b)", head[0]):
                self.left.append("a name of its own")

    def _frame_names(self, start: int, end: int) -> None:
        for match in _FRAME_NAME.finditer(self.data, start, end):
            self.aside.append(match.span())

    def _picture(self, written: bytes) -> None:
        """An embedded picture, read by the reader of its kind."""
        text = re.sub(r"\s+", "", html.unescape(written.decode("ascii", "replace")))
        try:
            data = binascii.a2b_base64(text + "=" * (-len(text) % 4), strict_mode=True)
        except (binascii.Error, ValueError) as error:
            raise Damaged("A picture inside the picture cannot be decoded.") from error
        for magic, reader in _KINDS:
            if data.startswith(magic):
                self.left += reader(_Bytes(data)).leftovers
                return
        if b"<svg" in data[:4096] and self.deep < _DEEPEST:
            self.left += read(_Bytes(data), deep=self.deep + 1).leftovers
            return
        self.left.append("an embedded file of another kind")
