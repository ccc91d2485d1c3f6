"""Attribute values and style sheets of SVG: every token is known, or the picture is held.

CSS is read as far as CSS Syntax 3 needs for rules that SVG files have. Whoever refers to a
name is noted with its place, so that names can be written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from scrubber.errors import Unsupported
from scrubber.formats.svg_names import (
    ATTRIBUTES,
    FONTS,
    FUNCTIONS,
    KEYWORDS,
    PATHS,
    PROPERTIES,
    SELECTORS,
    SOURCES,
    UNITS,
)

NAME = rb"[A-Za-z_][A-Za-z0-9_.:-]*"
_TOKEN = re.compile(
    rb"(?P<blank>[\s,/;]+)"
    rb"|(?P<clock>(?:[0-9]{1,3}:){1,2}[0-9]{1,2}(?:\.[0-9]+)?)"
    rb"|(?P<number>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)(?P<unit>%|[A-Za-z]+)?"
    rb"|#(?P<colour>[0-9A-Fa-f]{3,8})(?![\w#-])"
    rb"|url\(\s*(?P<q>[\"']?)#(?P<ref>" + NAME + rb")(?P=q)\s*\)"
    rb"|url\(\s*(?P<q2>[\"']?)data:image/[\w.+-]{1,20};base64,"
    rb"(?P<data>[A-Za-z0-9+/=\s]+)(?P=q2)\s*\)"
    rb"|(?P<foreign>url\()"
    rb"|(?P<function>[A-Za-z-]+[A-Za-z0-9]*)\(|(?P<close>\))|!\s*(?P<bang>important)"
    rb"|(?P<timed>" + NAME + rb"?)\.(?P<event>begin|end|click|mouseover|mouseout)\b"
    rb"|(?P<word>-?[A-Za-z][A-Za-z0-9-]*)|(?P<sign>[+-])"
)
_PATH = re.compile(rb"[MmZzLlHhVvCcSsQqTtAaEe0-9+\-.,\s]*")
_FAMILY = re.compile(rb"[\w \-,'\"%./\x80-\xff!\r\n]{0,400}")
_DECLARATION = re.compile(
    rb"\s*(?P<name>[-\w]+)\s*:(?P<value>(?:\"[^\"]*\"|'[^']*'|\((?:[^()]|\([^()]*\))*\)|[^;\"'(){}])*)"
    rb"(?:;|\Z)"
)
_SELECTOR = re.compile(
    rb"\#(?P<id>" + NAME.replace(rb".:", b"") + rb")|\.(?P<class>-?[A-Za-z_][\w-]*)"
    rb"|(?P<word>[A-Za-z][\w-]*)|(?P<rest>[\s,>+~*():]|[0-9]+%?)"
)
_COMMENT = re.compile(rb"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(rb"\s*(?P<head>[^{}@;]+)\{(?P<body>[^{}]*)\}")
_GROUP = re.compile(
    rb"\s*@(?:-webkit-)?(?:media(?P<media>[^{};]*)|keyframes\s+(?P<frames>[\w-]+)\s*)"
    rb"\{(?P<body>(?:[^{}]|\{[^{}]*\})*)\}"
)
_MEDIA = re.compile(
    rb"(?:\s|[(),:]|[0-9.]+(?:px|em)?|all|screen|print|and|not|only|min-width|max-width|min-height"
    rb"|max-height|prefers-color-scheme|prefers-reduced-motion|reduce|no-preference|dark|light)*"
)
_FOREIGN_PROPERTY = re.compile(rb"-(?!webkit-|moz-|ms-|o-|-)[a-z]+-")
_LANGUAGE = re.compile(rb"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}(?:\s*,\s*[A-Za-z-]{2,17}){0,20}")
_FEATURE = re.compile(rb"(?:\s*http://www\.w3\.org/TR/SVG11/feature#[A-Za-z]{1,40})*\s*")
_QUOTE = re.compile(rb"&(?:quot|apos|#3[49]|#x2[27]);")


@dataclass(slots=True)
class Seen:
    """What values say of other places. Spans are bytes of the file.

    `names` are (kind, name, start, end): `#` an id, `.` a class, `r` a filter result, `k` the
    name of key frames. `pictures` are encoded pictures, `gone` what a style sheet can lose.
    """

    names: list[tuple[str, bytes, int, int]] = field(default_factory=list)
    pictures: list[tuple[int, int]] = field(default_factory=list)
    gone: list[tuple[str, int, int]] = field(default_factory=list)


def value(name: str, raw: bytes, at: int, seen: Seen) -> None:  # noqa: C901 - a case a grammar
    """Looks through the value of the attribute or property `name`, whose first byte is at `at`.

    Raises Unsupported for anything that no listed grammar has.
    """
    text = _QUOTE.sub(lambda match: b'"' + b" " * (len(match.group()) - 1), raw)
    if b"&" in text or b"\\" in text:
        raise Unsupported(f"The value of {name} is written with escapes.")
    if name in FONTS:
        if not _FAMILY.fullmatch(text):
            raise Unsupported(f"The value of {name} is no list of fonts.")
    elif name in PATHS and _PATH.fullmatch(text):
        return
    elif name in ("lang", "systemLanguage"):
        _must(_LANGUAGE, name, text)
    elif name == "requiredFeatures":
        _must(_FEATURE, name, text)
    elif name in ("result", "in", "in2"):
        _result(name, text, at, seen)
    elif name in ("attributeName", "transition-property", "will-change"):
        for word in text.replace(b",", b" ").split():
            if word.decode("latin-1").removeprefix("xlink:") not in ATTRIBUTES | {"all", "auto"}:
                raise Unsupported(f"{name} names something that SVG does not have.")
    elif name == "type" and text == b"text/css":
        return
    elif name in ("animation", "animation-name"):
        _tokens(name, text, at, seen, free="k")
    elif name in ("values", "from", "to", "by") and _PATH.fullmatch(text.replace(b";", b" ")):
        return
    else:
        _tokens(name, text, at, seen)


def _must(pattern: re.Pattern[bytes], name: str, text: bytes) -> None:
    if text and not pattern.fullmatch(text):
        raise Unsupported(f"The value of {name} is none that SVG has.")


def _result(name: str, text: bytes, at: int, seen: Seen) -> None:
    if text.decode("latin-1") in SOURCES or not text:
        return
    if not re.fullmatch(rb"[^\s\"'<>]+(?: [^\s\"'<>]+)*", text):
        raise Unsupported(f"The value of {name} is no name.")
    seen.names.append(("r", text, at, at + len(text)))


def _tokens(name: str, text: bytes, at: int, seen: Seen, free: str = "") -> None:
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise Unsupported(f"The value of {name} has a sign that scrub does not know there.")
        position = match.end()
        kind = match.lastgroup
        if kind == "ref":
            seen.names.append(("#", match["ref"], at + match.start("ref"), at + match.end("ref")))
        elif kind == "data":
            seen.pictures.append((at + match.start("data"), at + match.end("data")))
        elif kind == "foreign":
            raise Unsupported(
                f"The value of {name} points outside the picture.",
                "A linked file is needed to show it.",
                "Embed it in the editor that made the picture, or leave it out with --exclude.",
            )
        elif kind == "event":
            start, end = match.span("timed")
            seen.names.append(("#", match["timed"], at + start, at + end))
        elif kind in ("unit", "function", "word"):
            word = match[kind].decode("latin-1").lower()
            known = {"unit": UNITS | {"%"}, "function": FUNCTIONS, "word": KEYWORDS}[kind]
            if word in known or (kind == "unit" and name == "version"):
                continue
            if kind == "word" and free:
                seen.names.append((free, match[kind], at + match.start(), at + match.end()))
                continue
            raise Unsupported(f"The value of {name} has a word that SVG does not have there.")


def declarations(text: bytes, at: int, seen: Seen) -> None:
    """The inside of a rule or of a style attribute. Raises Unsupported."""
    text = _QUOTE.sub(lambda match: b"'" + b" " * (len(match.group()) - 1), text)
    text = without_comments(text, at, seen)
    position = 0
    while text[position:].strip(b" \t\r\n;"):
        while text[position : position + 1] in (b";", b" ", b"\n", b"\t", b"\r"):
            position += 1
        match = _DECLARATION.match(text, position)
        if match is None:
            raise Unsupported("A style of the picture cannot be read.")
        position = match.end()
        name = match["name"].decode("latin-1").lower()
        if _FOREIGN_PROPERTY.match(match["name"]):
            seen.gone.append((name, at + match.start(), at + match.end()))
            continue
        if name not in PROPERTIES:
            raise Unsupported("A style of the picture has a property that scrub does not know.")
        value(name, match["value"], at + match.start("value"), seen)


def without_comments(text: bytes, at: int, seen: Seen) -> bytes:
    """`text` with blanks for comments, which are noted. Raises Unsupported if one parts words."""
    for match in _COMMENT.finditer(text):
        start, end = match.span()
        around = text[max(start - 1, 0) : start], text[end : end + 1]
        if not any(side in b" \t\r\n;{},:" or not side for side in around):
            raise Unsupported("A comment in a style parts two words.")
        seen.gone.append(("comment", at + start, at + end))
    return _COMMENT.sub(lambda match: b" " * len(match.group()), text)


def style_sheet(text: bytes, at: int, seen: Seen) -> None:
    """A whole style sheet. Raises Unsupported for at-rules other than @media and @keyframes."""
    if b"&" in text or b"\\" in text:
        raise Unsupported("A style sheet of the picture is written with escapes.")
    text = without_comments(text, at, seen)
    if re.search(rb"@font-face|@import", text, re.I):
        raise Unsupported(
            "A style sheet of the picture brings a font or another sheet.",
            "scrub cannot look into fonts yet.",
            "Turn the text into paths in the editor, or leave the picture out with --exclude.",
        )
    _rules(text, at, seen, nested=False)


def _rules(text: bytes, at: int, seen: Seen, nested: bool) -> None:
    position = 0
    while text[position:].strip():
        match = _RULE.match(text, position)
        if match is not None:
            _selector(match["head"], at + match.start("head"), seen)
            declarations(match["body"], at + match.start("body"), seen)
        else:
            match = None if nested else _GROUP.match(text, position)
            if match is None or not _MEDIA.fullmatch(match["media"] or b""):
                raise Unsupported("A style sheet of the picture cannot be read.")
            if match["frames"] and match["frames"].decode().lower() not in KEYWORDS:
                start, end = match.span("frames")
                seen.names.append(("k", match["frames"], at + start, at + end))
            _rules(match["body"], at + match.start("body"), seen, nested=True)
        position = match.end()


def _selector(text: bytes, at: int, seen: Seen) -> None:
    position = 0
    while position < len(text):
        match = _SELECTOR.match(text, position)
        if match is None:
            raise Unsupported("A style sheet of the picture has a selector that scrub cannot read.")
        for kind, group in (("#", "id"), (".", "class")):
            if match[group]:
                start, end = match.span(group)
                seen.names.append((kind, match[group], at + start, at + end))
        if match["word"] and match["word"].decode("latin-1") not in SELECTORS | {"from", "to"}:
            raise Unsupported("A style sheet of the picture selects elements that SVG lacks.")
        position = match.end()
