"""The second reader of HTML: the standard library's parser, with tables of its own.

It says that no comment and no tag is there that speaks of the page alone, what elements the page
is made of, and looks at every text and value. The content digest is SHA-256 over the bytes
outside the edited spans.
"""

from __future__ import annotations

import hashlib
import html.parser
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers import text
from scrubber.readers.text import Edited
from scrubber.readers.text_checks import leftovers

_NAMES = frozenset(
    """description keywords viewport theme-color color-scheme robots referrer format-detection
    og:title og:description og:type twitter:title twitter:description twitter:card
    x-apple-disable-message-reformatting""".split()  # noqa: SIM905 - three lines, not fifteen
)
_HTTP = frozenset(("content-type", "x-ua-compatible", "content-language", "default-style"))
_PEOPLE = frozenset(
    ("author", "me", "publisher", "pingback", "edituri", "wlwmanifest", "shortlink")
)


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """What a page holds. Raises Damaged when it cannot be read."""
    whole, codec, mark = text.whole(source)
    look = page(whole, net=net)
    rendering = Rendering.of(encoding=text.label(codec, mark), structure=look.structure)
    return Reading("html", text.outside(source, edited), rendering, look.found)


@dataclass(frozen=True, slots=True)
class Page:
    """What should not be there, and a digest of the elements."""

    found: tuple[str, ...]
    structure: str


def page(whole: str, *, net: bool) -> Page:
    """Looks at the text of a page. Raises Damaged."""
    seen = _Seen()
    try:
        seen.feed(whole)
        seen.close()
    except (AssertionError, ValueError, RecursionError) as error:
        raise Damaged("A second parser refuses the page.") from error
    found = dict.fromkeys(seen.found)
    for words in seen.words:
        found.update(dict.fromkeys(leftovers(words, net=net)))
    digest = hashlib.sha256("\n".join(seen.shape).encode("utf-8", "replace")).hexdigest()
    return Page(tuple(found), digest)


class _Seen(html.parser.HTMLParser):
    """Elements, words, and what should not be there."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[str] = []
        self.words: list[str] = []
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.shape.append(" ".join([tag, *sorted(said)]))
        self.words += [value for value in said.values() if value.strip()]
        name = (said.get("name") or said.get("property") or "").strip().lower()
        if tag == "meta" and not (name in _NAMES if name else _is_technical(said)):
            self.found.append("a meta tag that is not allowed")
        if tag == "link" and _PEOPLE & set(said.get("rel", "").lower().split()):
            self.found.append("a link to somebody")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        self.shape.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.found.append("a comment")

    def handle_decl(self, decl: str) -> None:
        if not decl.lower().startswith("doctype html"):
            self.found.append("a declaration")

    def unknown_decl(self, data: str) -> None:
        self.found.append("a declaration")

    def handle_pi(self, data: str) -> None:
        self.found.append("a processing instruction")


def _is_technical(said: dict[str, str]) -> bool:
    return "charset" in said or said.get("http-equiv", "").strip().lower() in _HTTP
