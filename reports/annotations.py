"""Workflow commands: what a forge's runner turns into annotations of a change.

`::warning file=…,line=…::message`. A text has one annotation for each finding, with its
line; any other file has one. A runner shows ten of a level for each step and drops the
others without a word, so what is over that is counted in a closing line.
"""

from __future__ import annotations

from collections import Counter

from reports.quote import for_json
from reports.rows import Level, Row, Seen, Sink, rows_of

SHOWN = 10


class Annotations:
    """A writer. The paths of the files must be relative to the checkout."""

    def __init__(self, sink: Sink, command: str) -> None:
        self._sink, self._command = sink, command
        self._count: Counter[Level] = Counter()

    def file(self, seen: Seen) -> None:
        if not (seen.held or seen.changes):
            return
        path = escape_property(seen.path)
        placed = [row for row in rows_of(seen) if row.line]
        for row in placed:
            self._add(row, f"file={path},line={row.line},col={row.column}")
        if rest := len(seen.findings) - len(placed) if placed else 0:
            words = f"{rest} more without a line; `scrub inspect` lists them."
            self._add(Row(Level.WARNING, "", words), f"file={path}")
        if not placed:
            level = Level.ERROR if seen.held else Level.WARNING
            self._add(Row(level, "", seen.words()), f"file={path}")

    def _add(self, row: Row, properties: str) -> None:
        self._count[row.level] += 1
        if self._count[row.level] <= SHOWN:
            self._sink(f"::{row.level.value} {properties}::{escape(row.message)}")

    def close(self, code: int) -> None:
        over = sum(max(0, count - SHOWN) for count in self._count.values())
        if over:
            words = f"{over} more are not shown here. `{self._command}` lists them all."
            self._sink(f"::notice::{escape(words)}")


def escape(text: str) -> str:
    """`text` as the message of a command; what cannot be printed becomes `\\xNN`."""
    text = for_json(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return "".join(
        char if char.isprintable() else ascii(char)[1:-1] for char in text
    )  # nothing acts on the terminal of who reads the log


def escape_property(text: str) -> str:
    """`text` as a property of a command, which a colon or comma would end."""
    return escape(text).replace(":", "%3A").replace(",", "%2C")
