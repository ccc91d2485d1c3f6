"""SVG pictures (SVG 2; XML 1.0): an allow-list over the bytes of the file.

What must be the same is the picture in secure static mode (SVG 2 §2.2.6): no scripts, no
interaction, nothing from outside. Elements, attributes and values that `svg_names` lists stay
byte for byte; names that only tie elements together are written anew, names that nothing uses
go. Text is read by the detectors; an embedded picture is cleaned as a file of its own. What a
picture needs and cannot be looked into (linked files, fonts, HTML, entities) holds it.

The content digest is SHA-256 over the bytes that stay, without the XML declaration, blanks
between elements, ids, classes, the names that refer to them, and embedded pictures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats import svg_names as names
from scrubber.formats.svg_letters import Letters
from scrubber.formats.svg_markup import comment_words, raw_value, well_formed, words
from scrubber.formats.svg_values import NAME, Seen, declarations, style_sheet, value
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source

MAX_SIZE = 64 << 20
_MARKUP = re.compile(
    rb"<!--(?P<comment>.*?)-->|<!\[CDATA\[(?P<cdata>.*?)\]\]>|<\?(?P<pi>.*?)\?>"
    rb"|(?P<doctype><!DOCTYPE(?:\"[^\"]*\"|'[^']*'|[^>\"'])*>)"
    rb"|</(?P<close>[^\s>]+)(?P<blank>\s*)>"
    rb"|<(?P<open>[^\s/>!?]+)(?P<attributes>(?:\s+[^\s=>]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)"
    rb"(?P<rest>\s*)(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(
    rb"(?P<before>\s+)(?P<name>[^\s=>]+)(?P<is>\s*=\s*)(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')"
)
_BLANK = re.compile(rb"(?:\r?\n){0,3}(?: {0,200}|\t{0,60})")
_DECLARED = re.compile(
    rb"xml\s+version\s*=\s*[\"']1\.0[\"'](?:\s+encoding\s*=\s*[\"'](?P<encoding>[\w.:-]+)[\"'])?"
    rb"(?:\s+standalone\s*=\s*[\"'](?:yes|no)[\"'])?\s*"
)
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'
_LOCAL = re.compile(rb"\s*#(" + NAME + rb")\s*")
_EMBEDDED = re.compile(rb"\s*data:image/[\w.+-]{1,20};\s*base64,(?P<data>[A-Za-z0-9+/=\s&#;]+)")
_CORE = re.compile(
    rb"<dc:(?P<name>[a-z]+)\b[^>]*(?<!/)>(?P<text>.{1,4000}?)</dc:(?P=name)>", re.DOTALL
)
_WORD = re.compile(rb"[^\s]+")
_TRUE_NAME = re.compile(NAME)


class Svg:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > MAX_SIZE:
            raise Unsupported(f"The picture has {source.size} bytes, more than scrub takes of SVG.")
        data = source.read(0, source.size)
        well_formed(data)
        walk = _Walk(data, ledger)
        walk.run()
        walk.write_names()
        if walk.letters.rows:
            ledger.passages = walk.letters.passages


@dataclass(slots=True)
class _Open:
    """An element that stays and is not closed yet."""

    tag: bytes
    name: str
    spaces: dict[str, str]
    text: bool
    start: int
    after: int


@dataclass(slots=True)
class _Walk:
    """One pass over the markup. `blank` is where the characters since the last markup begin."""

    data: bytes
    ledger: Ledger
    seen: Seen = field(default_factory=Seen)
    letters: Letters = field(init=False)
    stack: list[_Open] = field(default_factory=list)
    tied: list[tuple[str, int, int, int, int]] = field(default_factory=list)
    picture: PartId = ROOT
    blanks: PartId = ROOT
    blank: int = 0
    elements: int = 0
    frame: str = ""

    def run(self) -> None:
        data, ledger = self.data, self.ledger
        self.picture = ledger.leaf(ROOT, "picture", Role.CODED, 0, len(data))
        self.blanks = ledger.part(self.picture, "blanks", Role.DISPLAY)
        self.letters = Letters(data, self.picture)
        if data.startswith(b"\xef\xbb\xbf"):
            self._go("byte order mark", "TECHNICAL", 0, 3, Role.SLACK)
            self.blank = 3
        at = self.blank
        while (at := data.find(b"<", at)) >= 0:
            match = _MARKUP.match(data, at)
            if match is None:
                raise Unsupported("The picture has markup that scrub does not know.")
            at = self._markup(match)
            self.blank = at
        self._characters(len(data))
        if self.stack or not self.elements:
            raise Damaged("The picture has no whole svg element.")
        ledger.render(elements=self.elements, frame=self.frame)

    # markup ------------------------------------------------------------------

    def _markup(self, match: re.Match[bytes]) -> int:
        """What one piece of markup is; returns where the next can begin."""
        start, end = match.span()
        if match["comment"] is not None:
            self._leave("comment", "CAPTION", start, end, comment_words)
        elif match["pi"] is not None:
            self._instruction(match)
        elif match["doctype"] is not None:
            self._leave("DOCTYPE", "TECHNICAL", start, end)
        elif match["cdata"] is not None:
            self._cdata(match)
        elif match["close"] is not None:
            self._characters(start)
            self._close(match)
        elif (entity := self._judged(match)) is not None:
            end = self._subtree(match)
            self._leave(*entity, start, end, words)
            if entity[0] == "metadata":
                self._dublin_core(start, end)
        else:
            self._characters(start)
            self._open(match)
        return end

    def _instruction(self, match: re.Match[bytes]) -> None:
        start, end = match.span()
        if match["pi"].startswith(b"xml-stylesheet"):
            raise Unsupported("The picture is shown with a style sheet that lies outside of it.")
        if not match["pi"].startswith((b"xml ", b"xml\t", b"xml\n", b"xml\r")):
            self._leave("processing instruction", "TAG", start, end, words)
            return
        declared = _DECLARED.fullmatch(match["pi"])
        encoding = (declared["encoding"] or b"utf-8").lower() if declared else b""
        if encoding not in (b"utf-8", b"utf8", b"us-ascii", b"ascii") and not (
            encoding
            and self.data.isascii()
            and not encoding.startswith((b"utf", b"ucs", b"iso-10"))
        ):
            raise Unsupported("The picture is not in UTF-8.", "", "Save it again as UTF-8.")
        self._go("XML declaration", "TECHNICAL", start, end, on_drop=_DECLARATION)

    def _cdata(self, match: re.Match[bytes]) -> None:
        if not self.stack or self.stack[-1].name != "style":
            raise Unsupported("The picture has a CDATA section outside of a style sheet.")
        self._characters(match.start())
        style_sheet(match["cdata"], match.start("cdata"), self.seen)

    def _judged(self, match: re.Match[bytes]) -> tuple[str, str] | None:
        """Name and entity of an element that goes, None for one that stays. Raises Unsupported."""
        space, local = self._resolve(match["open"], self._spaces(match))
        if space in names.LIVE:
            raise Unsupported("The picture holds elements of a web page.")
        if space != names.SVG:
            if not self.stack:
                raise Unsupported(
                    "The picture does not say that it is SVG.", "Its root has another namespace."
                )
            return "element of an editor", "TAG"
        if local in names.DESCRIPTIVE:
            return local, names.DESCRIPTIVE[local]
        if local == "script":
            return "script", "HIDDEN_DATA"
        if local == "foreignObject":
            needed = re.search(
                rb"\srequiredExtensions\s*=\s*[\"']\s*http://ns\.adobe\.com/", match[0]
            )
            if needed and self.stack and self.stack[-1].name == "switch":
                return "foreignObject", "EMBEDDED_FILE"
        if local not in names.ELEMENTS:
            known = f"({local})." if local in names.OTHERS else "."
            raise Unsupported("The picture has an element that scrub cannot look into", known)
        if not self.stack and local != "svg":
            raise Unsupported("The root of the picture is no svg element.")
        return None

    def _subtree(self, match: re.Match[bytes]) -> int:
        """The end of the element that `match` opens."""
        depth, at = 0 if match["empty"] else 1, match.end()
        while depth:
            found = _MARKUP.match(self.data, self.data.index(b"<", at))
            if found is None:
                raise Unsupported("The picture has markup that scrub does not know.")
            at = found.end()
            if found["close"] is not None:
                depth -= 1
            elif found["open"] is not None and not found["empty"]:
                depth += 1
        return at

    def _dublin_core(self, start: int, end: int) -> None:
        """Says which of the usual properties stood in the metadata, which goes as a whole."""
        whole = len(self.ledger.parts) - 1
        for match in _CORE.finditer(self.data, start, end):
            name = match["name"].decode()
            if entity := names.DUBLIN_CORE.get(name):
                self.ledger.leaf(
                    whole, f"dc:{name}", Role.PRIVATE, *match.span("text"), entity=entity,
                    needs=(whole,), describe=words,
                )  # fmt: skip

    def _open(self, match: re.Match[bytes]) -> None:
        spaces = self._spaces(match)
        name = self._resolve(match["open"], spaces)[1]
        inside = bool(self.stack and self.stack[-1].text)
        if inside and name not in names.IN_TEXTS:
            raise Unsupported(
                "A text of the picture holds an element that SVG does not have there."
            )
        self.elements += not inside  # a masked text can lose its own
        if not self.stack:
            if self.elements > 1:
                raise Damaged("The picture has two roots.")
            found = {
                row["name"]: raw_value(row) for row in _ATTRIBUTE.finditer(match["attributes"])
            }
            frame = (found.get(key, b"-").decode() for key in (b"width", b"height", b"viewBox"))
            self.frame = " ".join(" ".join(frame).split())
        moved = False
        for row in _ATTRIBUTE.finditer(match["attributes"]):
            moved |= self._attribute(name, row, match.start("attributes"), spaces)
        self._between(match.start("rest"), match.end("rest"))
        text = inside or name == "text"
        if text:
            self.letters.tag(*match.span(), opens=not match["empty"], moved=moved and inside)
        if not match["empty"]:
            self.stack.append(_Open(match["open"], name, spaces, text, match.start(), match.end()))

    def _close(self, match: re.Match[bytes]) -> None:
        opened = self.stack.pop()
        if opened.tag != match["close"]:
            raise Damaged("The elements of the picture do not close in order.")
        if match["blank"]:
            self._go("slack in a tag", "PADDING", *match.span("blank"), Role.SLACK)
        if opened.text:
            self.letters.tag(*match.span(), closes=True)
            if not self.stack or not self.stack[-1].text:
                self.letters.finish(opened.after, match.start(), self.ledger)

    # namespaces --------------------------------------------------------------

    def _spaces(self, match: re.Match[bytes]) -> dict[str, str]:
        spaces = self.stack[-1].spaces if self.stack else {"xml": names.XML}
        found = {}
        if b"xmlns" in match["attributes"]:
            for row in _ATTRIBUTE.finditer(match["attributes"]):
                name = row["name"].decode()
                if name == "xmlns" or name.startswith("xmlns:"):
                    found[name[6:]] = raw_value(row).decode()
        return {**spaces, **found} if found else spaces

    def _resolve(self, tag: bytes, spaces: dict[str, str]) -> tuple[str, str]:
        prefix, colon, local = tag.decode().partition(":")
        return (spaces.get(prefix, ""), local) if colon else (spaces.get("", ""), prefix)

    # attributes --------------------------------------------------------------

    def _attribute(  # noqa: C901 - one case after the other
        self, element: str, row: re.Match[bytes], base: int, spaces: dict[str, str]
    ) -> bool:
        """Keeps, cleans or drops one attribute. Returns True if it moves text to another place."""
        start, end = base + row.start(), base + row.end()
        prefix, colon, local = row["name"].decode().rpartition(":")
        raw = raw_value(row)
        at = base + (row.start("double") if row["double"] is not None else row.start("single"))
        space = spaces.get(prefix, "") if colon else ""
        if prefix == "xmlns" or (not colon and local == "xmlns"):
            if raw.decode() not in (names.SVG, names.XLINK):
                self._go("xmlns", "TECHNICAL", start, end)
                return False
            if colon and local not in ("svg", "xlink"):
                raise Unsupported("The picture calls SVG's namespaces by names of its own.")
        elif colon and (space, local) == (names.XML, "space") and raw in (b"preserve", b"default"):
            pass
        elif colon and space == names.XML and local in ("base", "id"):
            raise Unsupported(
                f"The picture has an xml:{local} attribute, on which references depend."
            )
        elif local == "href" and space in ("", names.XLINK):
            if not self._reference(element, raw, at, start, end):
                return False
        elif colon:
            entity = names.EDITOR_ATTRIBUTES.get(local, "TAG")
            known = local if local in names.EDITOR_ATTRIBUTES else "other"
            self._go(f"attribute of an editor ({known})", entity, start, end, describe=words)
            return False
        elif (
            local not in names.ATTRIBUTES
            or local in names.IGNORED
            or (element == "a" and local in ("type",))
        ):
            entity = "HIDDEN_DATA" if local.startswith("on") else "TAG"
            name = "event handler" if entity == "HIDDEN_DATA" else "other attribute"
            self._go(name, entity, start, end, describe=words)
            return False
        elif local in ("id", "class"):
            quote = base + row.start("before")
            self.tied.append((local, start, end, at, quote + len(row["before"])))
            return False
        elif local == "style":
            declarations(raw, at, self.seen)
        elif local == "requiredExtensions" and raw.strip():
            raise Unsupported("The picture asks for extensions of SVG.")
        else:
            value(local, raw, at, self.seen)
        self._between(start, base + row.end("before"))
        sign = base + row.start("is") + row["is"].index(b"=")
        for low, high in ((base + row.start("is"), sign), (sign + 1, base + row.end("is"))):
            if low < high:
                self._go("slack in a tag", "PADDING", low, high, Role.SLACK)
        return local in ("x", "y", "dy")

    def _reference(self, element: str, raw: bytes, at: int, start: int, end: int) -> bool:
        """A link: to a place inside, to a picture in the file, or outside. True if it stays."""
        if match := _LOCAL.fullmatch(raw):
            self.seen.names.append(("#", match[1], at + match.start(1), at + match.end(1)))
            return True
        if element == "a":
            self._go("href", "URL", start, end, describe=words)
            return False
        if element in ("image", "feImage") and (match := _EMBEDDED.fullmatch(raw)):
            self.seen.pictures.append((at + match.start("data"), at + match.end("data")))
            return True
        if not raw.strip() or raw.strip() == b"#":
            self._go("href", "URL", start, end)
            return False
        raise Unsupported(
            "The picture shows a file that lies outside of it, or embeds one in an unusual way.",
            "",
            "Embed it in the editor that made the picture, or leave it out with --exclude.",
        )

    # what goes ---------------------------------------------------------------

    def _go(
        self, name: str, entity: str, start: int, end: int, role: Role = Role.PRIVATE, *,
        on_drop: bytes | None = None, describe: Callable[[bytes], str] | None = None,
    ) -> None:  # fmt: skip
        self.ledger.leaf(
            self.picture, name, role, start, end, entity=entity, on_drop=on_drop, describe=describe
        )

    def _leave(
        self, name: str, entity: str, start: int, end: int,
        describe: Callable[[bytes], str] | None = None,
    ) -> None:  # fmt: skip
        """Something between the elements goes, with the blanks before it."""
        blank = self.blank
        if self.stack and self.stack[-1].text:
            self.letters.tag(start, end)
            blank = start
        elif self.stack and self.stack[-1].name == "style":
            raise Unsupported("A style sheet of the picture holds other markup.")
        elif self.data[blank:start].strip(b" \t\r\n"):
            self._stray(blank, start)
            blank = start
        self._go(name, entity, blank, end, describe=describe)

    def _stray(self, start: int, end: int, on_drop: bytes | None = None) -> None:
        self._go("slack between elements", "HIDDEN_DATA", start, end, Role.SLACK, on_drop=on_drop)

    def _characters(self, end: int) -> None:
        """The characters before markup that stays: text, a style sheet or blanks."""
        start = self.blank
        if start == end or (self.stack and self.stack[-1].text):
            return
        run = self.data[start:end]
        if self.stack and self.stack[-1].name == "style":
            style_sheet(run, start, self.seen)
        elif _BLANK.fullmatch(run):
            self.ledger.claim(self.blanks, start, end)
        else:
            self._stray(start, end, b"\n")

    def _between(self, start: int, end: int) -> None:
        """Blanks inside a tag: of a run that can say something only the first stays."""
        if not _BLANK.fullmatch(self.data[start:end]):
            self._go("slack in a tag", "PADDING", start + 1, end, Role.SLACK)

    # names -------------------------------------------------------------------

    def write_names(self) -> None:
        """Names in the order in which they first stand in the file: i1, c1, r1, k1."""
        used = {(kind, name) for kind, name, *_ in self.seen.names}
        places = [(start, kind, name) for kind, name, start, _ in self.seen.names]
        for local, _, end, at, _ in self.tied:
            kind = "#" if local == "id" else "."
            places += [(start, kind, name) for start, name in self._parts(at, end)
                       if (kind, name) in used]  # fmt: skip
        new: dict[tuple[str, bytes], bytes] = {}
        counts = dict.fromkeys("#.rk", 0)
        for _, kind, name in sorted(places):
            if (kind, name) not in new:
                counts[kind] += 1
                new[kind, name] = b"%c%d" % (b"icrk"["#.rk".index(kind)], counts[kind])
        for kind, name, start, end in self.seen.names:
            self._go("name", "TAG", start, end, on_drop=new[kind, name], describe=words)
        for local, start, end, at, name_at in self.tied:
            kind = "#" if local == "id" else "."
            kept = [new[kind, name] for _, name in self._parts(at, end) if (kind, name) in used]
            before = self.data[start:name_at]
            before = before if _BLANK.fullmatch(before) else b" "
            literal = before + local.encode() + b'="' + b" ".join(kept) + b'"' if kept else None
            self._go(local, "TAG", start, end, on_drop=literal, describe=words)
        for start, end in self.seen.pictures:
            part = self.ledger.leaf(self.picture, "embedded picture", Role.DISPLAY, start, end)
            written = b"&" in self.data[start:end]
            self.ledger.nest(part, ("xml-text", "base64") if written else ("base64",))
        for what, start, end in self.seen.gone:
            self._go(
                "comment" if what == "comment" else "property of an editor",
                "TAG",
                start,
                end,
                describe=words,
            )

    def _parts(self, at: int, end: int) -> Iterator[tuple[int, bytes]]:
        for match in _WORD.finditer(self.data, at, end - 1):
            if _TRUE_NAME.fullmatch(match[0]):
                yield match.start(), match[0]
