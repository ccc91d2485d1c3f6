"""Private lists made from a closed log: originals.sha256 and findings.csv."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

from reports.audit import AuditFolder
from reports.quote import for_csv
from scrubber.canonical import path_from

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
    folder = audit.batch(batch_id)
    with (
        open(_private(folder / "originals.sha256.part"), "wb") as raw,
        open(_private(folder / "findings.csv.part"), "w", encoding="utf-8", newline="") as text,
    ):
        rows = csv.writer(text, lineterminator="\n")
        rows.writerow(COLUMNS)
        for event in audit.read(batch_id):
            item = event.get("item")
            if not isinstance(item, dict):
                continue
            path = path_from(item)
            if item["sha256"]:
                raw.write(checksum_line(item["sha256"], path))
            out = item["out_path"] or ""
            for fact in _findings(event):
                cells = [path, out, item["outcome"], *(fact[name] for name in COLUMNS[3:])]
                rows.writerow([for_csv(cell) for cell in cells])
    for name in ("originals.sha256", "findings.csv"):
        os.replace(folder / f"{name}.part", folder / name)


def checksum_line(digest: str, path: str) -> bytes:
    """A line for `sha256sum -c`; a name with backslash or line break is escaped as GNU does."""
    raw = path.encode("utf-8", "surrogateescape")
    escaped = raw.replace(b"\\", b"\\\\").replace(b"\n", b"\\n").replace(b"\r", b"\\r")
    mark = b"\\" if escaped != raw else b""
    return mark + digest.encode("ascii") + b"  " + escaped + b"\n"


def _private(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)


def _findings(event: dict[str, object]) -> Iterator[dict[str, str]]:
    facts = event.get("facts")
    for fact in facts if isinstance(facts, list) else []:
        if fact["fact"] == "finding":
            yield fact
