"""Private lists made from a closed log: originals.sha256 and findings.csv."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Self

from reports.audit import AuditFolder
from reports.quote import for_csv
from scrubber.canonical import path_from, plain
from scrubber.commit import length_class
from scrubber.model import ItemRecord

_ORIGINALS, _FINDINGS = "originals.sha256", "findings.csv"

COLUMNS = (
    "path",
    "out_path",
    "outcome",
    "entity",
    "where",
    "action",
    "detector",
    "length",
)


def write_private_lists(audit: AuditFolder, batch_id: str) -> None:
    """Write originals.sha256 and findings.csv beside the log, from the log."""
    with PrivateLists(audit.batch(batch_id)) as lists:
        for event in audit.read(batch_id):
            item = event.get("item")
            if isinstance(item, dict):
                path, out = path_from(item), item["out_path"]
                facts = ([fact[name] for name in COLUMNS[3:]] for fact in _findings(event))
                lists.add(path, out, item["outcome"], item["sha256"], facts)


class PrivateLists:
    """originals.sha256 and findings.csv in the making. They appear when the last row is in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._raw = open(_private(folder / f"{_ORIGINALS}.part"), "wb")  # noqa: SIM115 - see __exit__
        self._text = open(  # noqa: SIM115
            _private(folder / f"{_FINDINGS}.part"), "w", encoding="utf-8", newline=""
        )
        self._rows = csv.writer(self._text, lineterminator="\n")
        self._rows.writerow(COLUMNS)

    def item(self, record: ItemRecord) -> None:
        """One item, as it goes into the log."""
        facts = (
            (row.entity, plain(row.where), row.action.value, row.detector, length_class(row.length))
            for row in record.findings
        )
        self.add(record.path, record.out_path, record.outcome.value, record.sha256, facts)

    def add(
        self,
        path: str,
        out_path: str | None,
        outcome: str,
        sha256: str | None,
        findings: Iterable[Iterable[str]],
    ) -> None:
        if sha256:
            self._raw.write(checksum_line(sha256, path))
        first = (for_csv(path), for_csv(out_path or ""), for_csv(outcome))
        self._rows.writerows((*first, *map(_cell, fact)) for fact in findings)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._raw.close()
        self._text.close()
        if kind is None:
            for name in (_ORIGINALS, _FINDINGS):
                os.replace(self._folder / f"{name}.part", self._folder / name)


def checksum_line(digest: str, path: str) -> bytes:
    """A line for `sha256sum -c`; a name with backslash or line break is escaped as GNU does."""
    raw = path.encode("utf-8", "surrogateescape")
    escaped = raw.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    mark = b"\\" if escaped != raw else b""
    return mark + digest.encode("ascii") + b"  " + escaped + b"\n"


_cell = lru_cache(maxsize=4096)(for_csv)  # places and entities repeat from item to item


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def _findings(event: dict[str, object]) -> Iterator[dict[str, str]]:
    facts = event.get("facts")
    for fact in facts if isinstance(facts, list) else []:
        if fact["fact"] == "finding":
            yield fact
