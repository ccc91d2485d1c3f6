"""Rows of a CSV, TSV or JSON lines table as texts, chunk by chunk.

Dialect, encoding, header and comments are those of `formats.csv_table`; the cells are read
by the standard library. Blank lines are no rows. A missing cell, an absent key and `null`
are the empty text; what is over a row's width is counted and not looked at. A JSON string
is its text, anything else its compact JSON text with sorted keys, numbers as written.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import PurePath
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.charset import Charset, charset_of, windows
from scrubber.formats.csv_table import DELIMITERS, SEPARATOR, dialect, is_header
from scrubber.identify import identify
from scrubber.model import Source

CHUNK = 8192
_LOOK = 1000  # JSON lines whose keys are the columns
_FIELD_LIMIT = 16 << 20
_END = "\0end"
_LINES = (".jsonl", ".ndjson", ".jsonlines")
_BY_SUFFIX = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}

Texts = Sequence[str]


class Column(NamedTuple):
    """A column: its header (empty if it has none) and its place from 0, or its JSON key."""

    name: str
    place: int

    @property
    def label(self) -> str:
        return self.name or f"#{self.place + 1}"


@dataclass(slots=True)
class Table:
    """A table that can be read as often as one likes.

    `width` is the cells of most rows. `ragged` counts the rows of the last reading that
    were shorter or longer.
    """

    source: Source
    charset: Charset
    delimiter: str  # empty: JSON lines
    columns: tuple[Column, ...]
    headed: bool
    width: int
    ragged: int = 0

    def chunks(self, wanted: Sequence[Column]) -> Iterator[list[Texts]]:
        """The texts of `wanted`, a list for each column, some thousand rows at a time.

        Raises Damaged when the table does not read.
        """
        self.ragged = 0
        if not self.delimiter:
            yield from _json_chunks(self, [column.name for column in wanted])
            return
        places = [column.place for column in wanted]
        records = _data(self)
        while rows := list(islice(records, CHUNK)):
            yield self._pick(rows, places)

    def _pick(self, rows: list[list[str]], places: list[int]) -> list[Texts]:
        odd = sum(len(row) != self.width for row in rows)
        self.ragged += odd
        if not odd and max(places, default=0) < self.width:
            turned = list(zip(*rows, strict=True))
            return [turned[place] for place in places]
        return [[row[p] if p < len(row) else "" for row in rows] for p in places]


def open_table(source: Source, name: str, headed: bool | None = None) -> Table:
    """The table in `source`; `name` is its file name, `headed` whether it has a header, if known.

    Raises Unsupported when it is no table, Damaged when it cannot be read.
    """
    if PurePath(name).suffix.lower() in _LINES or identify(source, name).container.name == "jsonl":
        charset = charset_of(source)
        if charset.codec in ("cp1252", "latin-1"):
            raise Damaged("JSON must be in UTF-8 (RFC 8259 §8.1), and this is not.")
        table = Table(source, charset, "", (), True, 0)
        keys = dict.fromkeys(key for row in islice(objects(table), _LOOK) for key in row)
        table.columns = tuple(Column(key, at) for at, key in enumerate(keys))
        return table
    container = identify(source, name).container
    kind = container.name
    if container.textual and kind not in ("csv", "tsv"):  # its content does not tell
        kind = {".csv": "csv", ".tsv": "tsv", ".tab": "tsv"}.get(
            PurePath(name).suffix.lower(), kind
        )
    if kind not in ("csv", "tsv"):
        raise Unsupported(
            "This is no table.", "Tables are CSV, TSV and JSON lines.", "Export it as CSV."
        )
    charset = charset_of(source)
    found = dialect(source, charset, "\t" if kind == "tsv" else DELIMITERS)
    if found is None or not found[1]:
        raise Unsupported(
            "This table has no one delimiter.",
            "Its rows are equally wide by none of , ; | and tab, or by two of them.",
            "Export it again with one delimiter, or write a line `sep=;` in front.",
        )
    return _with_columns(Table(source, charset, found[0], (), False, found[1]), headed)


def _with_columns(table: Table, headed: bool | None) -> Table:
    first = next((row for row in _records(table) if any(cell.strip() for cell in row)), [])
    table.headed = is_header(first) if headed is None else headed
    names = first if table.headed else []
    names = names + [""] * (table.width - len(names))
    table.columns = tuple(Column(name.strip(), at) for at, name in enumerate(names))
    return table


def _data(table: Table) -> Iterator[list[str]]:
    """The records below the header."""
    records = _records(table)
    if table.headed:
        for row in records:
            if any(cell.strip() for cell in row):
                break
            yield row
    yield from records


def _records(table: Table) -> Iterator[list[str]]:
    """Records that are neither blank nor a note (as `csv_table` tells notes)."""
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        first = True
        lines = chain(_lines(table), (_END,))
        for row in csv.reader(lines, delimiter=table.delimiter):
            if not row:
                continue
            if first and SEPARATOR.match(table.delimiter.join(row)):
                continue
            first = False
            if row[0].startswith("#") and len(row) != table.width:
                continue
            if row[-1].endswith(_END):
                if row != [_END]:
                    raise Damaged("A quoted cell never ends.", "The table was cut off.")
                return
            yield row
    except csv.Error as error:
        raise Damaged("The table does not read as CSV.") from error
    finally:
        csv.field_size_limit(before)


def _lines(table: Table) -> Iterator[str]:
    """Lines with their ends, of which the last one has one too."""
    line = ""
    for _, text in windows(table.source, table.charset):
        for line in io.StringIO(text, newline=""):
            yield line
        if not line.endswith(("\n", "\r")):
            yield "\n"


def objects(table: Table) -> Iterator[dict[str, object]]:
    """The objects of JSON lines, numbers as they are written. Raises Damaged with the line."""
    number = 0
    for _, text in windows(table.source, table.charset):
        for line in text.split("\n"):
            number += 1
            if line.strip():
                yield _object(line, number)
        number -= text.endswith("\n")


class _Number(str):
    """A number as it is written."""

    __slots__ = ()


def _object(line: str, number: int) -> dict[str, object]:
    try:
        value = json.loads(
            line, parse_int=_Number, parse_float=_Number, parse_constant=_Number,
            object_pairs_hook=_unique,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Damaged(f"Line {number} does not read as JSON.") from error
    if not isinstance(value, dict):
        raise Damaged(f"Line {number} is no object.", "A row has named values.")
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key twice")
    return row


def _json_chunks(table: Table, names: list[str]) -> Iterator[list[Texts]]:
    paths = [(name, name.split(".")) for name in names]
    rows = objects(table)
    while some := list(islice(rows, CHUNK)):
        yield [[_text(_at(row, *path)) for row in some] for path in paths]


def _at(row: dict[str, object], name: str, path: list[str]) -> object:
    """The value of key `name`, or of the path of keys that its dots make."""
    if name in row or len(path) == 1:
        return row.get(name)
    value: object = row
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    return "" if value is None else compact(value)


def compact(value: object) -> str:
    """The JSON text of a value, keys sorted, no blanks, numbers as they were written."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        inner = (
            f"{json.dumps(key, ensure_ascii=False)}:{compact(value[key])}" for key in sorted(value)
        )
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(compact, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def sample(table: Table, columns: Sequence[Column], rows: int) -> list[list[str]]:
    """The first `rows` texts of each column."""
    found: list[list[str]] = [[] for _ in columns]
    chunks: Iterable[list[Texts]] = islice(table.chunks(columns), -(-rows // CHUNK))
    for chunk in chunks:
        for into, texts in zip(found, chunk, strict=True):
            into.extend(texts)
    return found
