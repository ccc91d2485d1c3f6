"""What a look at files found, as rows for people and machines, file by file.

`check` and `inspect` hand every file to one writer as a `Seen`; a writer gives lines to a
sink at once, so that a folder of any size streams. No row holds a value, and a length only
as a class.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Protocol

from reports.quote import for_csv, for_terminal
from scrubber.canonical import path_fields, plain
from scrubber.commit import length_class
from scrubber.entities import CATALOGUE
from scrubber.model import Action, Finding, ItemRecord, Outcome

Sink = Callable[[str], None]
"""Takes one line, without its line feed."""

CANONICAL = "rewrite/canonical-form"
COLUMNS = ("path", "level", "rule", "where", "line", "column", "length", "message")


class Level(StrEnum):
    """How bad it is, in the words of SARIF 2.1.0 §3.27.10."""

    ERROR = "error"  # the file would be held
    WARNING = "warning"  # something would be taken out
    NOTE = "note"  # something stays, because policy or a decision keeps it


@dataclass(frozen=True, slots=True)
class Seen:
    """One file. `path` is what is shown, surrogateescape-decoded; `held` a hold code or ""."""

    path: str
    held: str = ""
    what: str = ""
    why: str = ""
    fix: str = ""
    changes: bool = False  # a cleaned copy would have other bytes
    findings: tuple[Finding, ...] = ()
    kept: tuple[str, ...] = ()  # entities
    container: str | None = None
    size: int = 0
    beside: tuple[str, ...] = ()  # names of what belongs to it

    @classmethod
    def of(cls, record: ItemRecord, path: str = "") -> Seen | None:
        """What a record says, under another path if one is given; None for what is no file."""
        shown = path or record.path
        if record.outcome is Outcome.HELD:
            code = record.code or "held"
            return cls(shown, code, record.what, record.why, record.fix)
        if record.outcome not in (Outcome.CLEANED, Outcome.UNCHANGED):
            return None
        changes = record.outcome is Outcome.CLEANED
        going = tuple(row for row in record.findings if changes and row.action is not Action.KEEP)
        return cls(shown, changes=changes, findings=going, kept=record.kept)

    @property
    def reason(self) -> str:
        return plain(" ".join(text for text in (self.what, self.why) if text))

    def counts(self) -> dict[str, int]:
        """Entity → number of findings, in the order of the catalogue."""
        found: dict[str, int] = {}
        for finding in self.findings:
            found[finding.entity] = found.get(finding.entity, 0) + 1
        return {name: found[name] for name in CATALOGUE if name in found}

    def words(self) -> str:
        """All of it in one line."""
        if self.held:
            return f"held: {self.held} ({self.reason})"
        names = (f"{name} ×{n}" if n > 1 else name for name, n in self.counts().items())
        return ", ".join(names) or "canonical form"


class Row(NamedTuple):
    """One thing in one file. `rule` is kind/ENTITY or held/CODE, `length` a class of bytes."""

    level: Level
    rule: str
    message: str
    where: str = ""
    line: int = 0
    column: int = 0
    length: str = ""


def rows_of(seen: Seen) -> Iterator[Row]:
    """A row for the reason, or one for every finding, then one for every entity that stays."""
    if seen.held:
        message = plain(" ".join(text for text in (seen.reason, seen.fix) if text))
        yield Row(Level.ERROR, f"held/{seen.held}", message)
        return
    for finding in seen.findings:
        yield _of_finding(finding)
    if seen.changes and not seen.findings:
        yield Row(Level.WARNING, CANONICAL, "It would be written in its canonical form.")
    for name in seen.kept:
        yield Row(Level.NOTE, rule_of(name), f"{name} stays: the policy or a decision keeps it.")


def _of_finding(finding: Finding) -> Row:
    name = finding.entity
    verb = "masked" if finding.action is Action.EDIT else "removed"
    message = f"{name} would be {verb}. {CATALOGUE[name].why}"
    place = plain(finding.where), finding.line, finding.column
    return Row(Level.WARNING, rule_of(name), message, *place, length_class(finding.length))


def rule_of(entity: str) -> str:
    """The stable id of what is found: `location/GPS_POSITION`."""
    return f"{CATALOGUE[entity].kind.value}/{entity}"


class Writer(Protocol):
    """Takes every file in turn, then the exit code. Only `close` of some writes anything."""

    def file(self, seen: Seen) -> None: ...

    def close(self, code: int) -> None: ...


Shape = Callable[[Seen], dict[str, object] | None]
"""One file as a JSON object, None for a file that is not listed."""


def checked(seen: Seen) -> dict[str, object] | None:
    """As `check` says it: the reason, or counts and places of findings."""
    path: dict[str, object] = {**path_fields(seen.path)}
    if seen.held:
        return {**path, "held": seen.held, "why": seen.reason, "fix": plain(seen.fix)}
    if not seen.changes:
        return None
    return {**path, "findings": seen.counts(), "places": [_place(one) for one in seen.findings]}


def inspected(seen: Seen) -> dict[str, object]:
    """As `inspect` says it: every file, and all that it gives away."""
    return {
        **path_fields(seen.path),
        "size": seen.size,
        "container": seen.container,
        "held": seen.held or None,
        "why": plain(" ".join(text for text in (seen.reason, seen.fix) if text)),
        "findings": [
            {
                **_place(one),
                "length": one.length,
                "detector": one.detector,
                "score": one.score,
                "weak": one.weak,
            }
            for one in seen.findings
        ],
        "belongs_with": [plain(name) for name in seen.beside],
    }


def _place(finding: Finding) -> dict[str, object]:
    place: dict[str, object] = {
        "entity": finding.entity,
        "where": plain(finding.where),
        "length": length_class(finding.length),
    }
    return {**place, "line": finding.line, "column": finding.column} if finding.line else place


class Text:
    """A line a file, for people."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def file(self, seen: Seen) -> None:
        if seen.held or seen.changes:
            self._sink(f"{for_terminal(seen.path)}: {seen.words()}")

    def close(self, code: int) -> None:
        pass


class Lines:
    """JSON Lines: an object a file, each with the schema."""

    def __init__(self, sink: Sink, schema: str, shape: Shape) -> None:
        self._sink, self._schema, self._shape = sink, schema, shape

    def file(self, seen: Seen) -> None:
        if (row := self._shape(seen)) is not None:
            self._sink(json.dumps({"schema": self._schema, **row}))

    def close(self, code: int) -> None:
        pass


class Document:
    """One JSON document, written as it grows: a line a file, the counts last."""

    def __init__(self, sink: Sink, schema: str, shape: Shape) -> None:
        self._sink, self._shape = sink, shape
        self._last = f'{{"schema": {json.dumps(schema)}, "files": ['
        self._comma = ""
        self._findings = self._held = 0

    def file(self, seen: Seen) -> None:
        self._held += bool(seen.held)
        self._findings += seen.changes
        if (row := self._shape(seen)) is not None:
            self._sink(self._last + self._comma)
            self._last, self._comma = json.dumps(row), ","

    def close(self, code: int) -> None:
        self._sink(self._last)
        self._sink(f'], "findings": {self._findings}, "held": {self._held}}}')


class Csv:
    """A row a finding, with fixed columns and cells that no spreadsheet runs (RFC 4180)."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        sink(",".join(COLUMNS))

    def file(self, seen: Seen) -> None:
        for row in rows_of(seen):
            place = (row.where, str(row.line or ""), str(row.column or ""), row.length)
            cells = (seen.path, row.level.value, row.rule, *place, row.message)
            self._sink(_cells(cells))

    def close(self, code: int) -> None:
        pass


def _cells(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(map(for_csv, cells))
    return line.getvalue()
