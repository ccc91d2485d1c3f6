"""Rows of a database in code (SQL INSERT): every string is a value under its column."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.formats.labels import private_entities
from scrubber.formats.stretches import Stretch
from scrubber.model import Context

_INSERT = re.compile(
    r"\b(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+[^\s(;]{1,200}\s*"
    r"(?:\((?P<columns>[^();]{0,4000})\)\s*)?VALUES\b|"
    r"^[ \t]*(?=\((?:'|-?\d|NULL\b)[^\n]*\)[,;]?[ \t\r]*$)",  # rows behind a cut
    re.IGNORECASE | re.MULTILINE,
)
_TOKEN = re.compile(r"'(?P<string>(?:[^'\\]|\\.|'')*+)'|[(),;]", re.DOTALL)


def rows_in(text: str, start: int, end: int) -> Iterator[Stretch]:
    """The strings of all rows in [start, end), in order; their place is not said."""
    at = start
    while match := _INSERT.search(text, at, end):
        names = [name.strip(' \t\r\n`"[]') for name in (match["columns"] or "").split(",")]
        labels = private_entities(names)
        at = match.end()
        column = depth = 0
        for token in _TOKEN.finditer(text, at, end):
            if not depth and text[at : token.start()].strip():
                break  # another statement
            at = token.end()
            sign = token.group()
            if sign == "(":
                depth += 1
                column = 0 if depth == 1 else column
            elif sign == ")":
                depth -= 1
            elif sign == ",":
                column += depth == 1
            elif sign == ";":
                break
            elif token["string"].strip():
                known = column < len(names)
                name, entity = (names[column], labels[column]) if known else ("", None)
                context = Context("cell", name, private_label=entity)
                yield Stretch(token.start("string"), token.end("string"), context, "")
