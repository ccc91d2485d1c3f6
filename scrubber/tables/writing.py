"""A remedy applied: rows that stay are copied byte for byte, but for the cells made coarser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from scrubber.errors import Damaged, Unsupported, VerifyFailed
from scrubber.formats.charset import windows
from scrubber.formats.csv_table import SEPARATOR, Row, is_comment, rows, tables
from scrubber.tables.coding import Coded
from scrubber.tables.reading import Table
from scrubber.tables.remedies import Remedy


def write(table: Table, coded: Coded, remedy: Remedy, into: BinaryIO) -> None:
    """Writes the remedied `table`. The first columns of `coded` are those of the remedy.

    Raises VerifyFailed when the rows are not those that were counted, Unsupported when a
    row has no cell where one must become coarser.
    """
    into.write(table.source.read(0, table.charset.mark))
    written = _csv(table, coded, remedy) if table.delimiter else _json(table, coded, remedy)
    for text in written:
        into.write(text.encode(table.charset.codec))


def _changes(coded: Coded, remedy: Remedy, number: int) -> Iterator[tuple[int, str]]:
    """(column of the remedy, new text) of the cells of row `number` that become coarser."""
    for at, texts in enumerate(remedy.texts):
        if texts is not None:
            code = coded.codes[at][number]
            if texts[code] != coded.texts[at][code]:
                yield at, texts[code]


def _csv(table: Table, coded: Coded, remedy: Remedy) -> Iterator[str]:
    number, headed, first = 0, table.headed, True
    for _, text, _ in tables(table.source, table.charset, table.delimiter):
        out: list[str] = []
        for row in rows(text, table.delimiter):
            whole = text[row.start : row.end]
            if row.cells == [(row.start, row.start)] or (
                first and SEPARATOR.match(text, row.start)
            ):
                out.append(whole)
                continue
            first = False
            if is_comment(text, row) and len(row.cells) != table.width:
                out.append(whole)
            elif headed and _says_something(text, row):
                headed = False
                out.append(whole)
            else:
                if number < coded.rows and remedy.keep[number]:
                    out.append(_row(text, row, coded, remedy, number, table))
                number += 1
        yield "".join(out)
    _check(number, coded)


def _says_something(text: str, row: Row) -> bool:
    return any(text[start:end].strip().strip('"').strip() for start, end in row.cells)


def _row(text: str, row: Row, coded: Coded, remedy: Remedy, number: int, table: Table) -> str:
    changes = dict(_changes(coded, remedy, number))
    if not changes:
        return text[row.start : row.end]
    cells = [text[start:end] for start, end in row.cells]
    for at, new in changes.items():
        place = coded.columns[at].place
        if place >= len(cells):
            raise Unsupported("A row has no cell where one must become coarser.", "It is short.")
        cells[place] = f'"{new}"' if cells[place].startswith('"') else _cell(new, table.delimiter)
    return table.delimiter.join(cells) + text[row.cells[-1][1] : row.end]


def _cell(text: str, delimiter: str) -> str:
    """`text`, quoted if it must be (RFC 4180 §2.6). It holds no quote: ladders make none."""
    return f'"{text}"' if delimiter in text else text


def _check(number: int, coded: Coded) -> None:
    if number != coded.rows:
        raise VerifyFailed("The rows that were written are not those that were counted.")


def _json(table: Table, coded: Coded, remedy: Remedy) -> Iterator[str]:
    number = 0
    for _, text in windows(table.source, table.charset):
        lines = text.split("\n")
        out: list[str] = []
        for at, line in enumerate(lines):
            end = "\n" if at + 1 < len(lines) else ""
            if not line.strip():
                out.append(line + end)
                continue
            if number < coded.rows and remedy.keep[number]:
                out.append(_line(line, coded, remedy, number) + end)
            number += 1
        yield "".join(out)
    _check(number, coded)


def _line(line: str, coded: Coded, remedy: Remedy, number: int) -> str:
    spans = []
    for at, new in _changes(coded, remedy, number):
        name = coded.columns[at].name
        spans.append((*_span(line, name), json.dumps(new, ensure_ascii=False)))
    for start, end, new in sorted(spans, reverse=True):
        line = line[:start] + new + line[end:]
    return line


def _span(line: str, name: str) -> tuple[int, int]:
    """Where the value of key `name`, or of the path that its dots make, stands in `line`."""
    start = len(line) - len(line.lstrip())
    found = _values(line, start)
    if name in found:
        return found[name]
    for key in name.split("."):
        if key not in found:
            raise Unsupported("A row has no value where one must become coarser.")
        start, end = found[key]
        found = _values(line, start) if line[start] == "{" else {}
    return start, end


_DECODER = json.JSONDecoder()


def _values(line: str, at: int) -> dict[str, tuple[int, int]]:
    """The spans of the values of the object that begins at `at` (RFC 8259 §4)."""
    found: dict[str, tuple[int, int]] = {}
    at = _blank(line, at + 1)
    while line[at] != "}":
        key, at = _DECODER.raw_decode(line, at)
        at = _blank(line, _blank(line, at) + 1)
        _, end = _DECODER.raw_decode(line, at)
        if not isinstance(key, str):
            raise Damaged("A key is no text.")
        found[key] = at, end
        at = _blank(line, end)
        if line[at] == ",":
            at = _blank(line, at + 1)
    return found


def _blank(line: str, at: int) -> int:
    while line[at] in " \t\r\n":
        at += 1
    return at
