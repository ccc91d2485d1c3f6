"""SARIF 2.1.0 (OASIS Standard, with errata 01): findings for code scanners and editors.

One run. A result names a rule and a place, never a value: it has no snippet, and its region
begins where the finding does and tells no end. Fingerprints are over rule, path and ordinal,
so that they are the same in every run and tell nothing of a value. Results are kept as text
until the end and bounded in number; errors go before warnings, warnings before notes.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

from reports.rows import CANONICAL, Level, Row, Seen, Sink, rows_of
from scrubber.canonical import plain
from scrubber.entities import CATALOGUE

VERSION = "2.1.0"
SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
BASE = "%SRCROOT%"
MOST = 25_000
"""Results that a code scanner takes of one run."""

FINGERPRINT = "ruleAndOrdinal/v1"
_EXITS = {0: "nothing to remove", 1: "something would be removed", 3: "a file would be held"}

Explain = Callable[[str], str]
"""What a hold code means, in a few sentences."""


class Sarif:
    """A writer. Paths of files must be relative to the checkout; `version` is the tool's."""

    def __init__(self, sink: Sink, version: str, explain: Explain, most: int = MOST) -> None:
        self._sink, self._version, self._explain, self._most = sink, version, explain, most
        self._results: dict[Level, list[str]] = {level: [] for level in Level}
        self._rules: dict[str, int] = {}
        self._kept = self._over = 0

    def file(self, seen: Seen) -> None:
        uri = uri_of(seen.path)
        ordinals: Counter[str] = Counter()
        for row in rows_of(seen):
            if self._room(row.level):
                self._results[row.level].append(json.dumps(self._result(row, uri, ordinals)))
            ordinals[row.rule] += 1

    def _room(self, level: Level) -> bool:
        """Whether a result of this level is kept; it may take the place of a lesser one."""
        if self._kept < self._most:
            self._kept += 1
            return True
        self._over += 1
        for lesser in (Level.NOTE, Level.WARNING):
            if lesser is level:
                return False
            if self._results[lesser]:
                self._results[lesser].pop()
                return True
        return False

    def _result(self, row: Row, uri: str, ordinals: Counter[str]) -> dict[str, object]:
        place: dict[str, object] = {
            "physicalLocation": {
                "artifactLocation": {"uri": uri, "uriBaseId": BASE},
                **_region(row),
            }
        }
        if row.where:
            place["logicalLocations"] = [{"fullyQualifiedName": row.where}]
        index = self._rules.setdefault(row.rule, len(self._rules))
        seed = f"{row.rule}\0{uri}\0{ordinals[row.rule]}"
        return {
            "ruleId": row.rule,
            "ruleIndex": index,
            "level": row.level.value,
            "message": {"text": message(row.message)},
            "locations": [place],
            "partialFingerprints": {FINGERPRINT: sha256(seed.encode()).hexdigest()},
        }

    def close(self, code: int) -> None:
        """Everything is written here: a scanner wants the whole."""
        driver = {
            "name": "scrub",
            "version": self._version,
            "rules": [self._rule(name) for name in self._rules],
        }
        base = {"description": {"text": "The folder in which the command ran."}}
        self._sink(f'{{"$schema": "{SCHEMA}", "version": "{VERSION}", "runs": [{{')
        self._sink(f'"tool": {json.dumps({"driver": driver})},')
        self._sink(f'"invocations": {json.dumps([self._invocation(code)])},')
        self._sink(f'"originalUriBaseIds": {json.dumps({BASE: base})},')
        self._sink('"columnKind": "unicodeCodePoints",')
        self._sink('"results": [')
        rows = [row for level in Level for row in self._results[level]]
        for row in rows[:-1]:
            self._sink(f"{row},")
        self._sink("".join(rows[-1:]))
        self._sink("]}]}")

    def _invocation(self, code: int) -> dict[str, object]:
        said: dict[str, object] = {"executionSuccessful": True, "exitCode": code}
        if code in _EXITS:
            said["exitCodeDescription"] = _EXITS[code]
        if self._over:
            words = f"{self._over} more results are left out: a run may have {self._most}."
            notice = {"level": "warning", "message": {"text": words}}
            said["toolExecutionNotifications"] = [notice]
        return said

    def _rule(self, name: str) -> dict[str, object]:
        kind, _, code = name.partition("/")
        level = "error" if kind == "held" else "warning"
        if kind == "held":
            short, more = f"The file would be held back: {code}.", plain(self._explain(code))
        elif name == CANONICAL:
            short, more = "The file would be written in its canonical form.", ""
        else:
            short, more = CATALOGUE[code].why, ""
        more = more or f"{short} `scrub explain` says more."
        words = "".join(part.capitalize() for part in code.replace("-", "_").split("_"))
        return {
            "id": name,
            "name": words,
            "shortDescription": {"text": message(short)},
            "fullDescription": {"text": message(more)},
            "help": {"text": message(f"{more} To take it out: scrub PATH --out DIR.")},
            "defaultConfiguration": {"level": level},
            "properties": {"tags": ["privacy", kind]},
        }


def _region(row: Row) -> dict[str, object]:
    """Where it begins. No end: the length of what stands there is nobody's business."""
    if not row.line:
        return {}
    return {"region": {"startLine": row.line, "startColumn": row.column}}


def uri_of(path: str) -> str:
    """A relative path as a URI reference (RFC 3986 §4.2); bytes that are no UTF-8 stay bytes."""
    return quote(os.fsencode(path), safe="/")


def message(text: str) -> str:
    """`text` as a message in which nothing is a placeholder or a link (SARIF §3.11.5, §3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
