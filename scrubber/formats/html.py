"""HTML pages (HTML Living Standard): the text and what it looks like stay, in place.

Every text, and every value of an attribute, is inspected: words as prose, the rest as code.
Comments go, and so does what is said of the page and nobody sees: `meta` but for a few, `link`
to the author. Data in scripts (JSON) is cleaned as what it is, programs as code. Between tags
each text is read for itself; only markup in the middle of a word is read through.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, TooLarge, Unsupported
from scrubber.formats.charset import Charset, charset_of, claim_text
from scrubber.formats.code import segment
from scrubber.formats.html_tokens import Attribute, Token, tokens
from scrubber.formats.passages import Unit, Written, markup_write
from scrubber.formats.stretches import Stretch, emit, hide
from scrubber.ledger import Ledger, PartId
from scrubber.model import Context, Role, Source

_MAX = 64 << 20
_PROSE = Context("prose")
_CODE = Context("code")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?")
_WORDS = re.compile(r"[^\W\d_]{2,}[^\w\n]*[ \t][^\n]*?[^\W\d_]{2,}")
_SAID = frozenset(
    ("alt", "title", "placeholder", "aria-label", "label", "summary", "content", "value", "abbr",
     "aria-description", "aria-placeholder", "aria-roledescription", "aria-valuetext")
)  # fmt: skip
"""Attributes that people read."""
META = frozenset(
    ("description", "keywords", "viewport", "theme-color", "color-scheme", "robots", "referrer",
     "format-detection", "og:title", "og:description", "og:type", "twitter:title",
     "twitter:description", "twitter:card", "x-apple-disable-message-reformatting")
)  # fmt: skip
HTTP = frozenset(("content-type", "x-ua-compatible", "content-language", "default-style"))
RELATIONS = frozenset(
    ("author", "me", "publisher", "pingback", "edituri", "wlwmanifest", "shortlink")
)
_JSON = frozenset(("application/json", "application/ld+json", "importmap", "speculationrules"))
_PROGRAM = frozenset(
    ("", "text/javascript", "application/javascript", "module", "text/ecmascript", "text/babel")
)
_LATIN = frozenset(
    ("utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252", "cp1252")
)


class Html:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > _MAX:
            raise TooLarge(f"The page has {source.size} bytes, more than {_MAX}.")
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        page = _page(source, charset)
        if page.declared - _LATIN and not (charset.mark or page.text.isascii()):
            raise Unsupported(
                "The page says that it is in another encoding than UTF-8 or Latin-1.", "",
                "Save it as UTF-8, and scrub that.",
            )  # fmt: skip
        spared = _drop(ledger, part, page, charset)
        hide(source, ledger, part, charset, spared=spared)
        ledger.render(structure=page.digest)
        write = markup_write(charset.codec)

        def passages() -> Iterator[Written]:
            again = _page(source, charset)
            return emit(again.text, charset.mark, charset, part, again.stretches, write)

        ledger.passages = passages


@dataclass(slots=True)
class _Page:
    """What a walk over the tokens collects, in characters of the text."""

    text: str
    stretches: list[Stretch] = field(default_factory=list)
    gone: list[tuple[str, int, int, str]] = field(default_factory=list)
    data: list[tuple[int, int]] = field(default_factory=list)  # JSON in scripts
    shape: list[str] = field(default_factory=list)
    declared: set[str] = field(default_factory=set)
    line: int = 1
    _counted: int = 0
    _script: str = ""
    _before: int = -1  # where the text before ended

    def walk(self) -> None:
        for token in tokens(self.text):
            self.line += self.text.count("\n", self._counted, token.start)
            self._counted = token.start
            if token.kind == "comment":
                self.gone.append(("comment", token.start, token.end, "CAPTION"))
            elif token.kind == "text":
                self._text(token)
            elif token.kind == "raw":
                self._raw(token)
            elif token.kind == "start":
                self._start(token)
            elif token.kind == "end":
                self.shape.append(f"/{token.name}")

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.shape).encode("utf-8", "replace")).hexdigest()

    def _text(self, token: Token) -> None:
        start, end = token.start, token.end
        last = self.stretches[-1] if self.stretches else None
        before, self._before = self._before, end
        if last and last.end == before and last.context is _PROSE and self._in_word(before, start):
            mark = Unit(last.end, start, "")  # markup in the middle of a word
            units = (*last.units, mark, *references(self.text, start, end))
            self.stretches[-1] = last._replace(end=end, units=units)
            return
        self._read(start, end, _PROSE)

    def _in_word(self, end: int, start: int) -> bool:
        text = self.text
        if end == start:
            return True
        near = text[end - 1].isalnum() and text[start].isalnum()
        return near and text[end:start].startswith("<") and not _BLOCKS.search(text, end, start)

    def _read(self, start: int, end: int, context: Context) -> None:
        if start < end and not self.text[start:end].isspace():
            units = references(self.text, start, end)
            self.stretches.append(Stretch(start, end, context, f"line {self.line}", units))

    def _raw(self, token: Token) -> None:
        kind = self._script if token.name == "script" else ""
        if kind in _JSON and self.text[token.start : token.end].strip():
            self.data.append((token.start, token.end))
        elif kind in _PROGRAM:
            self._program(token)
        else:
            self._read(token.start, token.end, _PROSE)  # a template

    def _program(self, token: Token) -> None:
        """Comments apart from code, as in a file of its own."""
        at = token.start
        for one in segment(self.text[at : token.end], self.line, "slash"):
            units = tuple(Unit(u.start + at, u.end + at, u.text) for u in one.units)
            self.stretches.append(one._replace(start=one.start + at, end=one.end + at, units=units))

    def _start(self, token: Token) -> None:
        said = {one.name: self._value(one) for one in token.attributes}
        if token.name == "meta":
            self._charset(said)
        if name := unwanted(token.name, said):
            self.gone.append((name, token.start, token.end, "TAG"))
            return
        self._script = said.get("type", "").strip().lower() if token.name == "script" else ""
        self.shape.append(" ".join([token.name, *sorted(said)]))
        for one in token.attributes:
            self._attribute(token, one, said)

    def _value(self, one: Attribute) -> str:
        return html.unescape(self.text[one.start : one.end])

    def _charset(self, said: dict[str, str]) -> None:
        found = re.search(r"charset=[\"']?([\w-]+)", said.get("content", ""), re.IGNORECASE)
        name = said.get("charset") or (found[1] if found else "")
        if name:
            self.declared.add(name.strip().lower())

    def _attribute(self, token: Token, one: Attribute, said: dict[str, str]) -> None:
        if one.start >= one.end:
            return
        value = said[one.name]
        if one.name in _SAID and not (token.name == "meta" and "http-equiv" in said):
            self._read(one.start, one.end, Context("prose", one.name))
        elif one.name.startswith("data-") and _WORDS.search(value):
            self._read(one.start, one.end, Context("comment", one.name))
        else:
            self._read(one.start, one.end, _CODE)


_BLOCKS = re.compile(
    r"</?(?:p|div|td|th|tr|table|tbody|thead|li|ul|ol|dl|dt|dd|h[1-6]|br|hr|img|section|article|"
    r"header|footer|nav|main|aside|blockquote|pre|form|option|select|button|body|head|html|title|"
    r"figure|figcaption|caption|label|textarea|script|style|input|text|tspan|!)\b",
    re.IGNORECASE,
)


def unwanted(element: str, said: dict[str, str]) -> str:
    """Under which name a tag goes that says something of the page and shows nothing, or ""."""
    if element == "meta":
        name = (said.get("name") or said.get("property") or "").strip().lower()
        if "charset" in said and not name:
            return ""
        kept = name in META if name else said.get("http-equiv", "").strip().lower() in HTTP
        return "" if kept else "meta"
    if element == "link":
        relations = set(said.get("rel", "").lower().split())
        return "link" if relations & RELATIONS else ""
    return ""


def references(text: str, start: int, end: int) -> tuple[Unit, ...]:
    """Character references and percent escapes of @ and blanks in [start, end)."""
    units = []
    for match in _REFERENCE.finditer(text, start, end):
        reads = html.unescape(match.group())
        if reads != match.group():
            units.append(Unit(match.start(), match.end(), reads))
    for match in re.finditer(r"%(?:40|20|2[Bb])", text[start:end]):
        low, high = start + match.start(), start + match.end()
        units.append(Unit(low, high, chr(int(text[low + 1 : high], 16))))
    return tuple(sorted(units))


def structure_of(text: str) -> str:
    """Digest of the elements of a page, without those that go. Raises Damaged, Unsupported."""
    return _walked(text).digest


def _page(source: Source, charset: Charset) -> _Page:
    data = source.read(charset.mark, source.size - charset.mark)
    return _walked(data.decode(charset.codec))


def _walked(text: str) -> _Page:
    page = _Page(text)
    if "\0" in page.text:
        raise Damaged("The page holds NUL characters.")
    page.walk()
    return page


def _drop(ledger: Ledger, part: PartId, page: _Page, charset: Charset) -> list[tuple[int, int]]:
    """Claims what goes and nests what is cleaned as a file of its own; both as byte spans."""
    rows = [(start, end, name, entity) for name, start, end, entity in page.gone]
    rows += [(start, end, "data", "") for start, end in page.data]
    spared, at, byte = [], 0, charset.mark
    for start, end, name, entity in sorted(rows):
        low = byte + len(page.text[at:start].encode(charset.codec))
        high = low + len(page.text[start:end].encode(charset.codec))
        at, byte = end, high
        spared.append((low, high))
        if entity:
            ledger.leaf(
                part, name, Role.PRIVATE, low, high, entity=entity, on_drop=b"",
                describe=lambda data: data.decode(charset.codec, "replace").strip(),
            )  # fmt: skip
            continue
        child = ledger.leaf(part, name, Role.CODED, low, high, entity="EMBEDDED_FILE")
        ledger.nest(child, charset.codings, "json")
    return spared
