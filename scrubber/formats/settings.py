"""Settings: YAML 1.2, TOML 1.0, INI and properties files, read line by line.

Which of these languages a file is in does not matter: a line is a comment, `key: value`,
`key = value`, an item of a list, or more of what stands before it. Words are read as prose
under their key, a key that names something private makes its value private, and what only
a program reads, secrets among it, is read as code, key and value together. Layout, quotes
and escapes stay as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.formats.code import comments_in, escapes_in
from scrubber.formats.labels import AMBIGUOUS, private_entity, safe_name
from scrubber.formats.stretches import Stretch
from scrubber.formats.text import split_text
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

_CODE = Context("code")
_COMMENT = Context("comment")
_KEY = Context("key")
_FIELD = re.compile(
    r"(?P<indent>[ \t]*(?:-[ \t]+)*)(?:export[ \t]+)?"
    r"(?P<key>\"[^\"\n]{1,80}\"|'[^'\n]{1,80}'|[^\W\d_][\w.$/ -]{0,79}?|_[\w.-]{0,79})"
    r"[ \t]*(?:=|:(?=[ \t\r\n]|\Z))[ \t]*"
)
_SECTION = re.compile(r"[ \t]*\[{1,2}[^\]\n]*\]{1,2}[ \t\r]*\Z")
_ITEM = re.compile(r"[ \t]*(?:-[ \t]+)*(?P<body>[^\n]*?)[ \t\r]*\Z")
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'")
_OPENS = re.compile(r"[ \t]*(?:-[ \t]+)*[\[{]")
_WORDS = re.compile(r"[^\W\d_]{2,}[^\w\n]*[ \t][^\n]*?[^\W\d_]{2,}")
_NOTHING = re.compile(
    r"(?:true|false|yes|no|on|off|null|none|~|[|>][-+0-9]*|!\S.*|[&*]\S+|\W*)\Z|"
    r".*(?:\$\{|\{\{|%\()",
    re.IGNORECASE,
)
_FITS = {
    "PERSON": re.compile(r".*[^\W\d_]{2}"),
    "EMAIL_ADDRESS": re.compile(r".*\S@\S"),
    "PHONE_NUMBER": re.compile(r"(?:\D*\d){6}"),
    "ADDRESS": re.compile(r"(?=.*[^\W\d_]{2}).*[ \t]"),
    "AGE": re.compile(r"\d{1,3}\Z"),
}
_SHORT = re.compile(r"(?:.*\w){2}")
_PEOPLE = frozenset(_FITS) | {
    "DATE_OF_BIRTH", "NATIONAL_ID", "POSTCODE", "IBAN_CODE", "CREDIT_CARD", "BANK_ACCOUNT",
    "PASSPORT", "DRIVER_LICENSE", "LICENSE_PLATE", "MEDICAL_ID", "NRP", "SOCIAL_HANDLE",
    "PRIVATE_FIELD",
}  # fmt: skip
_GROUP = 2000
_SENTENCE = 6  # words


class Settings:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        split_text(source, ledger, settings, prose=False)


@dataclass(slots=True)
class _Field:
    """A key and what may stand beside it. `entity` is what the key makes of its value."""

    key: str
    indent: int
    entity: str | None
    people: list[str] = field(default_factory=list)  # of the fields beside it, without doubt

    @property
    def private(self) -> str | None:
        """`name` also names things: it counts beside a field that is about a person."""
        if self.entity not in _PEOPLE:
            return None
        return self.entity if self.key.casefold() not in AMBIGUOUS or self.people else None


@dataclass(slots=True)
class _Row:
    """Characters [start, end) of one line: the part of it that is no comment."""

    start: int
    end: int
    line: int
    under: _Field | None
    value: int  # where the value begins, `start` in a line without a key
    yaml: bool = True  # no other language has values without a key or behind a colon


def settings(text: str, line: int) -> Iterator[Stretch]:
    """The stretches of a window whose first line has the number `line`."""
    at = 0
    above: list[tuple[int, list[str]]] = []
    rows: list[_Row | Stretch] = []
    under: _Field | None = None
    for start, end in [*comments_in(text, _COMMENTS), (len(text), len(text))]:
        for row in _lines(text, at, start, line):
            under = _place(text, row, above, under)
            rows.append(row)
        line += text.count("\n", at, start)
        if end > start:
            rows.append(Stretch(start, end, _COMMENT, f"line {line}", escapes_in(text, start, end)))
        line += text.count("\n", start, end)
        at = end
    yield from _joined(text, rows)


_COMMENTS = re.compile(
    r"(?P<comment>(?:^[ \t]*[;#]|(?<=[ \t])#)[^\n]*+)|\"(?:[^\"\\\n]|\\.)*+\"|(?<!\w)'[^'\n]*+'",
    re.MULTILINE,
)


def _lines(text: str, start: int, end: int, line: int) -> Iterator[_Row]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        if stop > at and not text[at:stop].isspace():
            yield _Row(at, stop, line, None, at)
        at, line = stop + 1, line + 1


def _place(
    text: str, row: _Row, above: list[tuple[int, list[str]]], under: _Field | None
) -> _Field | None:
    """Finds the key of a row; `above` are the open levels, each with what it says of people."""
    whole = text[row.start : row.end]
    if _SECTION.match(whole):
        above.clear()
        return None
    match = _FIELD.match(whole)
    if match is None:
        row.under = under if under and _goes_on(whole, under) else None
        return under
    indent = len(match.group("indent").expandtabs())
    fresh = "-" in match.group("indent")  # the first field of an item of a list
    while above and (above[-1][0] > indent or (fresh and above[-1][0] == indent)):
        above.pop()
    if not above or above[-1][0] < indent:
        above.append((indent, []))
    key = match.group("key").strip("\"'")
    entity = private_entity(key)
    people = above[-1][1]
    if entity in _PEOPLE and key.casefold() not in AMBIGUOUS:
        people.append(entity)
    row.value = row.start + match.end()
    row.yaml = whole[: match.end()].rstrip().endswith(":")
    row.under = _Field(key, indent, entity, people)
    return row.under


def _goes_on(line: str, under: _Field) -> bool:
    """Whether a line without a key is more of the value above it: deeper, or an item."""
    bare = line.lstrip(" \t")
    indent = len(line[: len(line) - len(bare)].expandtabs())
    return indent > under.indent or (bare.startswith(("-", "]", ")")) and indent == under.indent)


def _joined(text: str, rows: list[_Row | Stretch]) -> Iterator[Stretch]:
    """Rows as stretches; neighbours of one kind are read together."""
    held: Stretch | None = None
    for row in rows:
        for one in [row] if isinstance(row, Stretch) else _read(text, row):
            if held and _is_more(text, held, one):
                held = held._replace(end=one.end, units=(*held.units, *one.units))
                continue
            if held:
                yield held
            held = one
    if held:
        yield held


def _is_more(text: str, held: Stretch, one: Stretch) -> bool:
    if held.context != one.context or held.context.private_label or one.end - held.start > _GROUP:
        return False
    between = text[held.end : one.start]
    return between.count("\n") <= 1 and (between.isspace() or not between)


def _read(text: str, row: _Row) -> Iterator[Stretch]:
    """What of a row is a private value, what is prose, and what is code."""
    under, body = row.under, text[row.value : row.end]
    if under is None:
        item = body.lstrip(" \t").startswith("- ")
        yield _stretch(text, row.start, row.end, _words(body, "") if item else _CODE, row)
        return
    private = under.private
    if (private or _WORDS.search(body)) and _OPENS.match(body):
        yield from _inside(text, row, under)
        return
    match = _ITEM.match(body)
    assert match is not None  # it fits everything
    start, end = row.value + match.start("body"), row.value + match.end("body")
    while end > start and text[end - 1] in ",]}":
        end -= 1
    quoted = end - start > 1 and text[start] in "\"'" and text[end - 1] == text[start]
    if quoted:
        start, end = start + 1, end - 1
    value = text[start:end]
    if _NOTHING.match(value) or not value.strip():
        yield _stretch(text, row.start, row.end, _CODE, row)
    elif private and _FITS.get(private, _SHORT).match(value):
        yield from _key(text, row)
        context = Context("cell", under.key, private_label=private)
        made = _stretch(text, start, end, context, row, under.key)
        yield made._replace(bare=not quoted and (row.yaml or value[0].isdigit()))
    elif private or _WORDS.search(value):
        yield from _key(text, row)
        yield _stretch(text, row.value, row.end, _words(value, under.key), row, under.key)
    else:
        yield _stretch(text, row.start, row.end, _CODE, row)


def _inside(text: str, row: _Row, under: _Field) -> Iterator[Stretch]:
    """A list or table in one line: its strings one by one, what is around them as code."""
    private, at, body = under.private, row.start, text[row.value : row.end]
    strings = list(_QUOTED.finditer(text, row.value, row.end))
    if not strings:
        yield from _key(text, row)
        yield _stretch(text, row.value, row.end, _words(body, under.key), row, under.key)
        return
    for match in strings:
        start, end = match.start() + 1, match.end() - 1
        value = text[start:end]
        fits = bool(private) and bool(_FITS.get(private or "", _SHORT).match(value))
        if not fits and not _WORDS.search(value):
            continue
        if not text[at:start].isspace():
            yield _stretch(text, at, start, _CODE, row)
        label = private if fits and "@" not in value else None
        context = Context("cell", under.key, private_label=label)
        yield _stretch(text, start, end, context, row, under.key)
        at = end
    if at < row.end:
        yield _stretch(text, at, row.end, _CODE, row)


def _key(text: str, row: _Row) -> Iterator[Stretch]:
    if not text[row.start : row.value].isspace() and row.value > row.start:
        yield _stretch(text, row.start, row.value, _KEY, row)


def _words(value: str, key: str) -> Context:
    """A sentence is prose. In few words, only what has the look of a name is one."""
    return Context("prose" if len(value.split()) >= _SENTENCE else "comment", key)


def _stretch(
    text: str, start: int, end: int, context: Context, row: _Row, key: str = ""
) -> Stretch:
    where = f"line {row.line}"
    if key and (name := safe_name(key)):
        where = f"{where}/{name}"
    return Stretch(start, end, context, where, escapes_in(text, start, end))
