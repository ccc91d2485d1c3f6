"""CSV and TSV tables (RFC 4180; IANA text/tab-separated-values).

Cells are found with their spans, never parsed and written again, so that quoting, ragged
rows, line ends and trailing empty columns stay byte for byte. The delimiter is the only one
that gives most rows the same width; when two do, or none, the lines are read as text. A
header that names something private makes the whole column private. Rows are read window
by window: memory does not grow with the table.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.formats.charset import Charset, charset_of, claim_text, windows
from scrubber.formats.encoded_runs import positions
from scrubber.formats.invisible import visible
from scrubber.formats.labels import private_entities, safe_name
from scrubber.formats.passages import (
    Unit,
    Write,
    Written,
    cell_write,
    merged,
    plain_write,
    read_units,
)
from scrubber.formats.stretches import MARK, hidden_units, hide, passages_by
from scrubber.formats.text import paragraphs
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

DELIMITERS = ",;\t|"
_SAMPLE = 200
_SHARE = 0.8
_MAX_CELL = 16 << 20
SEPARATOR = re.compile(r'"?sep=(?P<mark>[,;\t|])"?[ \t]*(?:\r\n|\n|\r|\Z)', re.I)
_NUMBER = re.compile(r"[-+]?(?:\d[\d .,'_]*|\.\d+)(?:[eE][-+]?\d+)?%?")
_SURE = frozenset(("name", "contact", "author", "owner", "customer", "lat", "ip", "token"))


class Row(NamedTuple):
    """One record: its span with the line end, and the spans of its cells without delimiters."""

    start: int
    end: int
    cells: list[tuple[int, int]]


class Csv:
    """See the module."""

    candidates = DELIMITERS

    def split(self, source: Source, ledger: Ledger) -> None:
        charset = charset_of(source)
        part = claim_text(source, ledger, charset)
        hide(source, ledger, part, charset)
        found = dialect(source, charset, self.candidates)
        if found is None:
            ledger.passages = passages_by(source, charset, part, paragraphs)
            return
        _facts(source, ledger, charset, found[0])

        def passages() -> Iterator[Written]:
            return _passages(source, charset, part, *found)

        ledger.passages = passages


class Tsv(Csv):
    """See the module."""

    candidates = "\t"


def dialect(source: Source, charset: Charset, candidates: str) -> tuple[str, int] | None:
    """The one delimiter by which four of five rows are equally wide, and that width.

    None if there is not just one. A `sep=` line decides alone.
    """
    for _, text in windows(source, charset):
        if match := SEPARATOR.match(text):
            mark = match.group("mark")
            return mark, _width(text[match.end() :], mark)
        widths = [(mark, _width(text, mark)) for mark in candidates]
        fits = [row for row in widths if row[1]]
        return fits[0] if len(fits) == 1 else None
    return None


def _width(text: str, delimiter: str) -> int:
    """The cells of four of five of the first rows, 0 if they differ or have but one."""
    widths: Counter[int] = Counter()
    for row in rows(text, delimiter, final=False):
        if not is_comment(text, row) and row.cells != [(row.start, row.start)]:
            widths[len(row.cells)] += 1
            if widths.total() == _SAMPLE:
                break
    if not widths:
        return 0
    width, often = widths.most_common(1)[0]
    return width if width > 1 and often >= _SHARE * widths.total() else 0


def is_comment(text: str, row: Row) -> bool:
    return text.startswith("#", row.start)


def rows(text: str, delimiter: str, *, final: bool = True) -> Iterator[Row]:
    """The records of `text`. Without `final`, an unfinished last quoted cell ends silently.

    A quote counts only at the start of a cell (RFC 4180 §2.5); doubled, it stands for itself.
    Raises Damaged when `final` and a quoted cell never ends.
    """
    grammar = _grammar(delimiter)
    at, size = 0, len(text)
    while at < size:
        match = grammar.row.match(text, at)
        if match is None:
            if final:
                raise Damaged("A quoted cell never ends.", "The table was cut off.")
            return
        start, stop, at = at, match.end(1), match.end()
        yield Row(start, at, _spans(text, start, stop, delimiter, grammar))


class _Grammar(NamedTuple):
    cell: re.Pattern[str]
    row: re.Pattern[str]


@cache
def _grammar(delimiter: str) -> _Grammar:
    mark = re.escape(delimiter)
    plain = f"[^{mark}\r\n]*+"
    cell = f'(?:"[^"]*+(?:""[^"]*+)*+"{plain}|(?!"){plain})'
    return _Grammar(re.compile(cell), re.compile(f"({cell}(?:{mark}{cell})*+)(?:\r\n|\n|\r|\\Z)"))


def _spans(
    text: str, start: int, stop: int, delimiter: str, grammar: _Grammar
) -> list[tuple[int, int]]:
    """The cells of the record [start, stop)."""
    cells: list[tuple[int, int]] = []
    if text.find('"', start, stop) < 0:
        at = start
        for value in text[start:stop].split(delimiter):
            cells.append((at, at + len(value)))
            at += len(value) + 1
        return cells
    at = start
    while True:
        match = grammar.cell.match(text, at, stop)
        assert match is not None  # the row was made of such cells
        cells.append(match.span())
        if match.end() >= stop:
            return cells
        at = match.end() + 1


def tables(source: Source, charset: Charset, delimiter: str) -> Iterator[tuple[int, str, int]]:
    """(byte, text, number of the first row): stretches that end where a row ends."""
    held, base, number = "", charset.mark, 1
    for _, text in windows(source, charset):
        text = held + text
        end, count = _whole_rows(text, delimiter)
        held = text[end:]
        if len(held) > _MAX_CELL:
            raise Damaged("A quoted cell is longer than 16 million characters.", "Is it closed?")
        if end:
            yield base, text[:end], number
            number += count
            base += len(text[:end].encode(charset.codec))
    if held:
        yield base, held, number


def _whole_rows(text: str, delimiter: str) -> tuple[int, int]:
    """Where the last record that is certainly whole ends, and how many there are."""
    if _simple(text):
        return text.rfind("\n") + 1, text.count("\n")
    end = count = whole = 0
    at, row, size = 0, _grammar(delimiter).row, len(text)
    while at < size and (match := row.match(text, at)):
        at = match.end()
        count += 1
        if text[at - 1] == "\n":
            end, whole = at, count
    return end, whole


def _simple(text: str) -> bool:
    """Whether every line feed, and nothing else, ends a row."""
    return '"' not in text and ("\r" not in text or text.count("\r") == text.count("\r\n"))


def _facts(source: Source, ledger: Ledger, charset: Charset, delimiter: str) -> None:
    """Records, and how many of them have how many cells, in the order of the file's widths."""
    widths: Counter[int] = Counter()
    order = hashlib.sha256()
    for _, text, _ in tables(source, charset, delimiter):
        shown = visible(text)
        if shown != text and list(_widths(shown, delimiter)) != list(_widths(text, delimiter)):
            raise Damaged("Characters that nobody sees change how this table is read.")
        for width in _widths(text, delimiter):
            widths[width] += 1
            order.update(b"%d," % width)
    shape = " ".join(f"{width}x{number}" for width, number in sorted(widths.items()))
    ledger.render(
        rows=widths.total(), shape=shape, delimiter=repr(delimiter), widths=order.hexdigest()
    )


def _widths(text: str, delimiter: str) -> Iterator[int]:
    if _simple(text):
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        return (line.count(delimiter) + 1 if line.strip("\r") else 0 for line in lines)
    return (
        len(row.cells) if row.cells != [(row.start, row.start)] else 0
        for row in rows(text, delimiter)
    )


@dataclass(slots=True)
class _Table:
    """What the rows of one table have in common."""

    charset: Charset
    part: int
    delimiter: str
    width: int  # of most rows, 0 if not known
    writes: dict[bool, Write]
    labels: list[str] | None = None  # None until the first row that is no comment
    private: list[str | None] = field(default_factory=list)


def _passages(
    source: Source, charset: Charset, part: int, delimiter: str, width: int
) -> Iterator[Written]:
    writes = {quoted: cell_write(charset.codec, delimiter, quoted) for quoted in (False, True)}
    table = _Table(charset, part, delimiter, width, writes)
    for at, text, number in tables(source, charset, delimiter):
        hidden = _Hidden(hidden_units(text))
        for batch in _batches(text, delimiter):
            where = positions(text, at, charset.codec, _starts(batch))
            for row in batch:
                if _is_note(text, row, table):
                    yield _note(text, row, table, where, number, hidden)
                else:
                    yield from _cells(text, row, table, where, number, hidden)
                number += 1


def _is_note(text: str, row: Row, table: _Table) -> bool:
    """A `sep=` line, or a comment that is not as wide as the table."""
    if table.labels is None and SEPARATOR.match(text, row.start):
        return True
    return is_comment(text, row) and len(row.cells) != table.width


def _batches(text: str, delimiter: str) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in rows(text, delimiter):
        batch.append(row)
        if len(batch) == 512:
            yield batch
            batch = []
    yield batch


def _starts(batch: list[Row]) -> list[int]:
    return [edge for row in batch for start, _ in row.cells for edge in (start, start + 1)]


class _Hidden:
    """The hidden units of a window, handed out to cells in ascending order."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self._units = units
        self._next = 0

    def within(self, start: int, end: int) -> tuple[Unit, ...]:
        if not self._units:
            return ()
        while self._next < len(self._units) and self._units[self._next].start < start:
            self._next += 1
        found, index = [], self._next
        while index < len(self._units) and self._units[index].end <= end:
            unit = self._units[index]
            found.append(Unit(unit.start - start, unit.end - start, unit.text))
            index += 1
        return tuple(found)


def is_header(values: list[str]) -> bool:
    """A first row of distinct words, none of them a number; empty ones only at the edges."""
    inner = [value.strip() for value in values]
    while inner and not inner[-1]:
        inner.pop()
    if inner and not inner[0]:
        inner.pop(0)  # the column that a data frame's index leaves
    distinct = len(set(inner)) == len(inner)
    words = all(value and not _NUMBER.fullmatch(value) and "@" not in value for value in inner)
    return bool(inner) and distinct and words and all(len(value) <= 120 for value in inner)


def _value(
    text: str, span: tuple[int, int], hidden: _Hidden
) -> tuple[str, int, int, tuple[Unit, ...]]:
    """What a cell reads as; the span of its written form inside the quotes; its units."""
    start, end = span
    doubled: tuple[Unit, ...] = ()
    if text.startswith('"', start):
        start += 1
        close = end - 1 if text[end - 1] == '"' and end - 1 >= start else end
        raw = text[start:close]
        if '"' in raw:
            doubled = _doubled(raw)
        end = close
    raw = text[start:end]
    units = merged(hidden.within(start, end), doubled) if doubled else hidden.within(start, end)
    return read_units(raw, units), start, end, units


def _doubled(raw: str) -> tuple[Unit, ...]:
    """`""` is one quote; a single one ends the quoted part of a cell and is read as nothing."""
    return tuple(
        Unit(match.start(), match.end(), '"' if match.end() - match.start() == 2 else "")
        for match in re.finditer('""|"', raw)
    )


def _cells(
    text: str, row: Row, table: _Table, where: dict[int, int], number: int, hidden: _Hidden
) -> Iterator[Written]:
    read = [_value(text, span, hidden) for span in row.cells]
    kind, labels = "cell", table.labels or []
    if table.labels is None and any(value.strip() for value, *_ in read):
        values = [value for value, *_ in read]
        table.labels = []
        if is_header(values):
            kind, table.labels = "key", values
            table.private = private_entities(values, _SURE)
    near = tuple(value for value, *_ in read if 0 < len(value) <= 40)[:12]
    for index, (value, start, end, units) in enumerate(read):
        if not value.strip():
            continue
        label = labels[index] if index < len(labels) else ""
        entity = table.private[index] if label and index < len(table.private) else None
        if entity and MARK in value:  # seen whole, so that it is masked or held
            value, units = text[start:end], ()
        shape = "number" if kind == "cell" and _NUMBER.fullmatch(value.strip()) else kind
        quoted = text.startswith('"', row.cells[index][0])
        yield Written(
            value, Context(shape, label, number, near, None, entity, str(index)), table.part,
            f"row {number}/{safe_name(label) or index + 1}", where[start], text[start:end],
            table.charset.codec, table.writes[quoted], units,
        )  # fmt: skip


def _note(
    text: str, row: Row, table: _Table, where: dict[int, int], number: int, hidden: _Hidden
) -> Written:
    raw = text[row.start : row.end].rstrip("\r\n")
    units = hidden.within(row.start, row.start + len(raw))
    codec = table.charset.codec
    return Written(
        read_units(raw, units), Context("comment"), table.part, f"row {number}/comment",
        where[row.start], raw, codec, plain_write(codec), units,
    )  # fmt: skip
