"""report.html: the private page of a batch, for the person whose files they are."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from reports.html.gather import About, Gathered, Whole, from_log
from reports.html.page import page
from reports.samples import Samples
from scrubber.model import Tally

REPORT = "report.html"

__all__ = ["REPORT", "About", "Gathered", "Whole", "closed", "closing", "page", "write_report"]


def write_report(folder: Path, whole: Whole) -> Path:
    """Write the page into the batch's folder, 0600, whole or not at all. Returns its path."""
    path, part = folder / REPORT, folder / f"{REPORT}.part"
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(page(whole))
    os.replace(part, path)
    return path


def closing(
    about: About, gathered: Gathered, tally: Tally, samples: Samples, folder: Path, head: bytes
) -> Whole:
    """A batch at the end of its run; `head` is its manifest.json."""
    return Whole(about, gathered, tally, samples, str(folder.resolve()), _predicate(head))


def closed(
    batch: str, folder: Path, head: bytes, events: Iterable[Mapping[str, object]]
) -> Whole | None:
    """A batch from its log, as `closing` had it; None if the log was never closed."""
    return from_log(batch, str(folder.resolve()), _predicate(head), events)


def _predicate(head: bytes) -> Mapping[str, object]:
    found = json.loads(head).get("predicate") if head else None
    return found if isinstance(found, Mapping) else {}
