"""Source code and settings: everything is inspected, comments as prose, the rest as code.

The language is not known, only which of a few comment signs the file uses; where that
is unclear, whole lines are code. Strings are told from comments so that a sign inside a
string opens none. Escapes in code (`\\x40`, `\\u0040`, `%40`) read as their characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.formats.charset import charset_of, claim_text, windows
from scrubber.formats.passages import Unit
from scrubber.formats.sql_rows import rows_in
from scrubber.formats.stretches import Stretch, hide, passages_by
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

_COMMENT = Context("comment")
_CODE = Context("code")
_HEADER = Context("comment", "author")
_ESCAPE = re.compile(
    r"\\x(?P<byte>[0-9A-Fa-f]{2})|\\u(?P<unit>[0-9A-Fa-f]{4})|%(?P<percent>40|2B|2b|20)"
)
_NO_HASH = (  # the preprocessor, colours and selectors of style sheets
    r"[ \t]*(?:include|define|undef|if|ifdef|ifndef|else|elif|endif|pragma|error|line)\b|"
    r"import\b|[0-9A-Fa-f]{3,8}\b|[\w-]+[ \t]*[{,]"
)
_HASH = re.compile(rf"^[ \t]*#(?!{_NO_HASH})", re.M)
_SIGNS = (
    ("dash", re.compile(r"^[ \t]*--(?:[ \t\[]|$)", re.M)),
    ("slash", re.compile(r"^[ \t]*(?://|/\*)", re.M)),
    ("hash", _HASH),
    ("semicolon", re.compile(r"^[ \t]*;", re.M)),
    ("percent", re.compile(r"^[ \t]*%(?![{}=<>])", re.M)),
)
_STRING = r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'"
_LONG = r"(?P<doc>\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'''(?:[^\\]|\\.)*?(?:'''|\Z))"
_SCANNERS = {
    "slash": rf"(?P<comment>//[^\n]*+|/\*.*?(?:\*/|\Z))|{_STRING}|`(?:[^`\\]|\\.)*+`",
    "hash": rf"{_LONG}|(?P<comment>(?<![^\s;,()\[\]{{}}])#[^\n]*+)|{_STRING}",
    "dash": rf"(?P<comment>--\[\[.*?(?:\]\]|\Z)|--[^\n]*+|/\*.*?(?:\*/|\Z))|{_STRING}",
    "semicolon": rf"(?P<comment>(?<!\S);[^\n]*+|^[ \t]*#[^\n]*+)|{_STRING}",
    "percent": r"(?P<comment>(?<!\\)%[^\n]*+)",
}
_COMPILED = {
    name: re.compile(pattern, re.DOTALL | re.MULTILINE) for name, pattern in _SCANNERS.items()
}
_AUTHOR = re.compile(
    r"\$(?:Id|Author|Header|Revision|Date|Log)\b[^$\n]*\$|@author\b|\bauthors?\s*[:=]", re.I
)
_MARKUP = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_JOIN = re.compile(r"[ \t]*\r?\n[ \t]*")
_GROUP = 2000


class Code:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        hide(source, ledger, part, charset)
        head = next(iter(windows(source, charset)), (0, ""))[1]
        family = family_of(head)

        def stretches(text: str, line: int) -> Iterator[Stretch]:
            return segment(text, line, family)

        ledger.passages = passages_by(source, charset, part, stretches)


def family_of(text: str) -> str | None:
    """Which comment signs a file uses: the kind that begins most of its lines, None if none."""
    if text.startswith("#!"):
        if "node" in text[:80]:
            return "slash"
        return "dash" if "lua" in text[:80] else "hash"
    sample = text[:200_000]
    counts = [(sum(1 for _ in sign.finditer(sample)), name) for name, sign in _SIGNS]
    most, name = max(counts, key=lambda row: row[0])
    return name if most else None


def segment(text: str, line: int, family: str | None) -> Iterator[Stretch]:
    """Comments, neighbouring ones together, and the code between them."""
    at = 0
    for start, end in _comments(text, family):
        yield from _code(text, at, start, line)
        line += text.count("\n", at, start)
        context = _HEADER if _AUTHOR.search(text, start, end) else _COMMENT
        yield Stretch(start, end, context, f"line {line}", escapes_in(text, start, end))
        line += text.count("\n", start, end)
        at = end
    yield from _code(text, at, len(text), line)


def _comments(text: str, family: str | None) -> Iterator[tuple[int, int]]:
    """Spans of comments and documentation strings, neighbours joined up to a bound."""
    yield from comments_in(text, _COMPILED[family] if family else _MARKUP)


def comments_in(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """What `pattern` calls a comment or documentation, neighbours joined up to a bound."""
    named = bool(pattern.groupindex)
    held: tuple[int, int] | None = None
    for match in pattern.finditer(text):
        groups = match.groupdict()
        if named and groups.get("comment") is None and groups.get("doc") is None:
            continue
        start, end = match.span()
        if held and _JOIN.fullmatch(text, held[1], start) and end - held[0] < _GROUP:
            held = (held[0], end)
            continue
        if held:
            yield held
        held = (start, end)
    if held:
        yield held


def _code(text: str, start: int, end: int, line: int) -> Iterator[Stretch]:
    """Code in stretches of whole lines, each of a bounded size."""
    at = start
    for row in rows_in(text, start, end):
        if row.start > at:
            yield from _whole_lines(text, at, row.start, line)
            line += text.count("\n", at, row.start)
        yield row._replace(where=f"line {line}")
        line += text.count("\n", row.start, row.end)
        at = row.end
    yield from _whole_lines(text, at, end, line)


def _whole_lines(text: str, start: int, end: int, line: int) -> Iterator[Stretch]:
    at = start
    while at < end:
        stop = end
        if end - at > _GROUP:
            stop = text.rfind("\n", at, at + _GROUP) + 1
            if stop <= at:
                stop = text.find("\n", at, end) + 1 or end
        if not text[at:stop].isspace():
            yield Stretch(at, stop, _CODE, f"line {line}", escapes_in(text, at, stop))
        line += text.count("\n", at, stop)
        at = stop


def escapes_in(text: str, start: int, end: int) -> tuple[Unit, ...]:
    """Escapes in [start, end), with the characters that they stand for."""
    units: list[Unit] = []
    for match in _ESCAPE.finditer(text, start, end):
        digits = match.group("byte") or match.group("unit") or match.group("percent")
        point = int(digits, 16)
        if 0x20 <= point < 0x7F or 0xA0 <= point < 0xD800 or point >= 0xE000:
            units.append(Unit(match.start(), match.end(), chr(point)))
    return tuple(units)
