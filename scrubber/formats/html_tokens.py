"""HTML taken apart, strictly: what two parsers could read in two ways is refused.

Text, tags with their attributes, comments and what stands in scripts and styles, each with its
place. Facts: HTML Living Standard §13.1 (syntax) and §13.2.5 (tokenization).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9:_.-]{0,63}")
_END = re.compile(r"</([A-Za-z][A-Za-z0-9:_.-]{0,63})[ \t\r\n\f]*>")
_ATTRIBUTE = re.compile(
    r"[ \t\r\n\f]+(?P<name>[!#-&(-.0-;?-_a-~]{1,128})"
    r"(?:[ \t\r\n\f]*=[ \t\r\n\f]*"
    r"(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'=<>`]+)))?"
)
_CLOSE = re.compile(r"[ \t\r\n\f]*(?P<own>/?)>")
_COMMENT = re.compile(r"<!--(?!-?>)(.*?)-->", re.DOTALL)
_CONDITION = re.compile(r"<!\[(?:if [^\[\]<>]{1,80}|endif)\]>", re.IGNORECASE)
_DOCTYPE = re.compile(
    r"<!doctype[ \t\r\n]+html(?:[ \t\r\n]+(?:public|system)[^<>]{0,200})?[ \t\r\n]*>", re.IGNORECASE
)
RAW = frozenset(("script", "style"))
_WORDS_ONLY = frozenset(("title", "textarea"))
_REFUSED = frozenset(("xmp", "iframe", "noembed", "noframes", "plaintext", "frameset", "listing"))
EMPTY = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)


class Attribute(NamedTuple):
    """`start` and `end` are those of the value, without its quotes."""

    name: str
    start: int
    end: int
    bare: bool


class Token(NamedTuple):
    """`kind`: text, raw, start, end, comment, doctype. `name` is that of the element."""

    kind: str
    start: int
    end: int
    name: str = ""
    attributes: tuple[Attribute, ...] = ()


def tokens(text: str) -> Iterator[Token]:
    """All of `text`, in order and without gaps. Raises Damaged and Unsupported."""
    at = 0
    while at < len(text):
        sign = text.find("<", at)
        stop = len(text) if sign < 0 else sign
        if stop > at:
            yield Token("text", at, stop)
        if sign < 0:
            return
        token = _token(text, sign)
        yield token
        at = token.end
        if token.kind == "start" and token.name in RAW | _WORDS_ONLY:
            close = re.compile(rf"</{token.name}[ \t\r\n\f]*>", re.IGNORECASE).search(text, at)
            if close is None:
                raise Damaged(f"An element <{token.name}> does not end.")
            inside = text[at : close.start()]
            if "<!--" in inside or (token.name in _WORDS_ONLY and "<" in inside):
                raise Unsupported(f"Markup stands in <{token.name}>, which parsers read otherwise.")
            if close.start() > at:
                kind = "raw" if token.name in RAW else "text"
                yield Token(kind, at, close.start(), token.name)
            yield Token("end", *close.span(), token.name)
            at = close.end()


def _token(text: str, at: int) -> Token:
    follows = text[at + 1 : at + 2]
    if follows == "/":
        match = _END.match(text, at)
        if match is None:
            raise Damaged("An end tag of the page is not well formed.")
        return Token("end", *match.span(), match[1].lower())
    if follows in "!?":
        return _declaration(text, at)
    name = _NAME.match(text, at + 1)
    if name is None:
        if follows.isspace() or not follows or follows.isdigit():
            return Token("text", at, at + 1)  # a lone sign is text (§13.2.5.6)
        raise Damaged("A tag of the page is not well formed.")
    element = name[0].lower()
    if element in _REFUSED:
        raise Unsupported(f"The page holds <{element}>, whose content no two programs read alike.")
    stop = name.end()
    found: list[Attribute] = []
    while match := _ATTRIBUTE.match(text, stop):
        which = match.lastgroup or "name"
        place = match.span(which) if which != "name" else (match.end(), match.end())
        found.append(Attribute(match["name"].lower(), *place, which == "bare"))
        stop = match.end()
    close = _CLOSE.match(text, stop)
    if close is None or len({one.name for one in found}) < len(found):
        raise Damaged(f"A tag <{element}> of the page is not well formed.")
    if close["own"] and found and found[-1].bare and close.start() == stop:
        raise Unsupported("A slash stands behind a value without quotes.")
    return Token("start", at, close.end(), element, tuple(found))


def _declaration(text: str, at: int) -> Token:
    for kind, pattern in (("comment", _COMMENT), ("comment", _CONDITION), ("doctype", _DOCTYPE)):
        match = pattern.match(text, at)
        if match is None:
            continue
        if pattern is _COMMENT and ("--!>" in match[1] or "<!--" in match[1]):
            break  # where it ends depends on who reads
        return Token(kind, *match.span())
    if text.startswith("<?", at) and (end := text.find(">", at)) > 0 and at < 4:
        return Token("comment", at, end + 1)  # <?xml …?> of XHTML, which HTML ignores
    raise Unsupported("The page holds a declaration that parsers read in several ways.")
