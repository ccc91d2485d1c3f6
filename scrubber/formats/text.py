"""Plain text (RFC 2046 §4.1.3) and Markdown (RFC 7763; CommonMark 0.31).

The whole text is coded; what goes is what nobody sees. Passages are paragraphs. In
Markdown a backslash escape or a character reference reads as its character, front matter
gives its keys as labels, and code and comments are told apart from prose. The content
digest is over the bytes outside edited spans, the mark included.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from scrubber.formats.charset import charset_of, claim_text
from scrubber.formats.labels import private_entity
from scrubber.formats.passages import Unit
from scrubber.formats.stretches import Segment, Stretch, hide, passages_by
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

_BLANK = re.compile(r"\n[ \t\r]*(?:\n[ \t\r]*)+")
_PROSE = Context("prose")
_CODE = Context("code")
_COMMENT = Context("comment")
_FRONT = re.compile(
    r"(?:---|\+\+\+)[ \t]*\r?\n(?P<body>.{0,65536}?)^(?:---|\+\+\+|\.\.\.)[ \t\r]*$",
    re.DOTALL | re.MULTILINE,
)
_FIELD = re.compile(r"^[ \t]*(?:-[ \t]+)?['\"]?([\w .-]{1,60}?)['\"]?[ \t]*[:=][ \t]*(?=\S)", re.M)
_BLOCK = re.compile(
    r"(?P<fence>^[ ]{0,3}(?P<mark>`{3,}|~{3,})[^\n]*\n(?:.*?^[ ]{0,3}(?P=mark)[`~]*[ \t\r]*$|.*\Z))"
    r"|(?P<comment><!--.*?(?:-->|\Z))",
    re.DOTALL | re.MULTILINE,
)
_ESCAPE = re.compile(
    r"%(?P<percent>40|2[0Bb])|"
    r"\\(?P<mark>[!-/:-@\[-`{-~])|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
)


class Text:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        split_text(source, ledger, paragraphs, prose=True)


class Markdown:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        split_text(source, ledger, _markdown, prose=False)


def split_text(source: Source, ledger: Ledger, segment: Segment, *, prose: bool) -> None:
    """Any text that is read window by window."""
    charset = charset_of(source)
    part = claim_text(source, ledger, charset)
    hide(source, ledger, part, charset, prose=prose)
    ledger.passages = passages_by(source, charset, part, segment)


def paragraphs(text: str, line: int) -> Iterator[Stretch]:
    """Runs of lines between blank lines, numbered from `line`."""
    yield from blocks_in(text, 0, len(text), line, _PROSE)


def blocks_in(
    text: str,
    start: int,
    end: int,
    line: int,
    context: Context,
    units: tuple[Unit, ...] = (),
) -> Iterator[Stretch]:
    """[start, end) cut at blank lines; `line` is the number of the line at `start`."""
    at = start
    while at < end:
        gap = _BLANK.search(text, at, end)
        stop = gap.start() if gap else end
        if stop > at and not text[at:stop].isspace():
            yield Stretch(at, stop, context, f"line {line}", units)
        after = gap.end() if gap else end
        line += text.count("\n", at, after)
        at = after


def _markdown(text: str, line: int) -> Iterable[Stretch]:
    at = 0
    if line == 1 and (front := _FRONT.match(text)):
        yield from _front_matter(text, front.start("body"), front.end("body"))
        at = front.end()
        line += text.count("\n", 0, at)
    for block in _BLOCK.finditer(text, at):
        yield from _prose(text, at, block.start(), line)
        line += text.count("\n", at, block.start())
        context = _CODE if block.group("fence") is not None else _COMMENT
        yield Stretch(block.start(), block.end(), context, f"line {line}")
        line += text.count("\n", block.start(), block.end())
        at = block.end()
    yield from _prose(text, at, len(text), line)


def _prose(text: str, start: int, end: int, line: int) -> Iterator[Stretch]:
    yield from blocks_in(text, start, end, line, _PROSE, _escapes(text, start, end))


def _escapes(text: str, start: int, end: int) -> tuple[Unit, ...]:
    """Backslash escapes, character references (CommonMark §2.4, §2.5), @ and blank in links."""
    units = []
    for match in _ESCAPE.finditer(text, start, end):
        mark = match.group("mark")
        percent = match.group("percent")
        if percent is not None:
            reads = chr(int(percent, 16))
        else:
            reads = mark if mark is not None else html.unescape(match.group())
        if reads != match.group():
            units.append(Unit(match.start(), match.end(), reads))
    return tuple(units)


def _front_matter(text: str, start: int, end: int) -> Iterator[Stretch]:
    """`key: value` lines of YAML or TOML, the key as label; list items keep their key."""
    fields = list(_FIELD.finditer(text, start, end))
    at, label = start, ""
    for match in [*fields, None]:
        stop = match.start() if match else end
        line = 1 + text.count("\n", 0, at)
        if not text[at:stop].isspace() and stop > at:
            entity = private_entity(label)
            context = Context("cell", label, private_label=entity)
            yield Stretch(at, stop, context, f"line {line}/{label}" if label else f"line {line}")
        if match:
            label, at = match.group(1), match.end()
