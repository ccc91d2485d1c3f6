"""`scrub report`: the private page of a batch, written again from its log; `--reveal` one file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.quote import for_csv, for_json, for_terminal
from scrubber.errors import FolderError, UsageError

if TYPE_CHECKING:
    from reports.audit import AuditFolder
    from scrubber.model import ItemRecord

COLUMNS = (
    "path", "out_path", "outcome", "code", "media_type", "size", "out_size", "findings", "reason",
    "next_step",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A batch in its audit folder. `head` is its public manifest.json, empty if none is left."""

    audit: AuditFolder
    batch: str
    head: bytes

    def events(self) -> Iterator[dict[str, object]]:
        """The log, its chain and its end checked. Raises VerificationError, FolderError."""
        from reports.audit import LOG
        from reports.log import read_log

        end = _log_head(self.head)
        return read_log(self.audit.batch(self.batch) / LOG, self.batch, end)


@click.command(
    epilog="Exit: 0 done, 2 usage, 4 no audit folder or log, 5 the log was changed.",
)
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--batch", "batch_id", metavar="ID", help="Another batch than the newest.")
@click.option("--audit-dir", type=click.Path(path_type=Path), help="Where the private log is.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "csv", "jsonl"]),
    default="html",
    help="csv, jsonl: every file with its outcome, to stdout.",
)
@click.option(
    "--reveal",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read this original again and show what was found, with values, on the terminal.",
)
@click.option("--force", is_flag=True, help="Reveal even where stdout is no terminal.")
def command(
    path: Path | None,
    batch_id: str | None,
    audit_dir: Path | None,
    form: str,
    reveal: Path | None,
    force: bool,
) -> int:
    """Write the private page of a batch again, from its log, and say where it is.

    PATH is the clean folder, the folder of originals, or the audit folder. The log is
    checked on the way.

    \b
    scrub report ./clean
    scrub report ./clean --format csv > files.csv
    scrub report --reveal ./portfolio/IMG_0042.JPG
    """
    if reveal is not None:
        _check_terminal(reveal, force)
    place = find(path or (reveal.parent if reveal else None), audit_dir, batch_id)
    if reveal is not None:
        from scrubber.cli.reveal import reveal as show

        return show(place.events(), place.batch, reveal)
    if form == "html":
        click.echo(for_terminal(str(_write(place))))
    else:
        _list(place, form)
    return 0


def _check_terminal(reveal: Path, force: bool) -> None:
    if not reveal.is_file():
        raise UsageError(f"There is no file {reveal}.", fix="Name an original.")
    if not force and not sys.stdout.isatty():
        raise UsageError(
            "--reveal shows private values, and the output is not a terminal.",
            "They would end up in a file or in another program.",
            "Add --force if that is what you want.",
        )


def find(path: Path | None, audit_dir: Path | None, batch: str | None) -> Place:
    """The batch that is meant. Raises UsageError, FolderError."""
    from reports.audit import HEAD_COPY, AuditFolder
    from reports.manifest import HEAD

    if path is not None and not path.exists():
        raise UsageError(f"There is no {path}.", fix="Check the path.")
    head = b""
    if path is not None and (path / HEAD).is_file() and (path / "data").is_dir():
        head = (path / HEAD).read_bytes()
        batch = batch or _batch_of(head)
    candidates = [audit_dir] if audit_dir else _folders(path, of_clean=bool(head))
    for folder in candidates:
        audit = AuditFolder.open(folder)
        known = audit.batches()
        wanted = batch or (known[0] if known else "")
        if wanted in known:
            copy = audit.batch(wanted) / HEAD_COPY
            own = _batch_of(head) == wanted
            return Place(audit, wanted, head if own else _bytes_of(copy))
    names = ", ".join(for_terminal(str(folder)) for folder in candidates)
    if not candidates:
        raise FolderError(
            "No audit folder was found.",
            "It lies beside the originals and ends in .audit, unless it was put elsewhere.",
            "Name it: scrub report --audit-dir FOLDER",
        )
    if batch:
        raise UsageError(
            f"No log of batch {batch!r} in {names}.", fix="Name another folder with --audit-dir."
        )
    raise FolderError(
        f"There is no batch in {names}.", "No run has ended yet.", "Clean something with --out."
    )


def _folders(path: Path | None, *, of_clean: bool) -> list[Path]:
    """Audit folders that `path` may mean: itself, one around it, or one of its originals."""
    from scrubber.cli.where import near
    from scrubber.keys import AUDIT_MARKER

    start = (path or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / AUDIT_MARKER).is_file():
            return [folder]
    if path is None:
        from scrubber.config import load_config

        if (found := load_config().audit_dir) is not None:
            return [found]
    for folder in (start, *start.parents):  # originals, or a file among them
        own = folder.parent / f"{folder.name}.audit"
        if (own / AUDIT_MARKER).is_file():
            return [own]
    inside = sorted(found for found in start.glob("*.audit") if (found / AUDIT_MARKER).is_file())
    if path is None and len(inside) > 1:
        names = ", ".join(for_terminal(found.name) for found in inside)
        raise UsageError(f"Which of {names}?", fix="Name one: scrub report FOLDER")
    return [*inside, *near(start)] if of_clean else inside


def _bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _head(head: bytes) -> dict[str, object]:
    try:
        found = json.loads(head) if head else {}
    except ValueError:
        return {}
    predicate = found.get("predicate") if isinstance(found, dict) else None
    return predicate if isinstance(predicate, dict) else {}


def _batch_of(head: bytes) -> str:
    batch = _head(head).get("batch")
    return str(batch.get("id", "")) if isinstance(batch, dict) else ""


def _log_head(head: bytes) -> str | None:
    private = _head(head).get("private")
    found = private.get("log_head") if isinstance(private, dict) else None
    return found if isinstance(found, str) else None


def _write(place: Place) -> Path:
    from reports.html import closed, write_report

    folder = place.audit.batch(place.batch)
    whole = closed(place.batch, folder, place.head, place.events())
    if whole is None:
        raise FolderError(
            f"The batch {place.batch} was not finished.",
            "Its log has no end.",
            "Give the command again that was interrupted.",
        )
    return write_report(folder.absolute(), whole)


def _list(place: Place, form: str) -> None:
    """Every file of the batch, one line each."""
    from reports.html.gather import record_from

    records = (record_from(event) for event in place.events() if event["event"] == "item")
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="")
    if form == "csv":
        click.echo(",".join(COLUMNS))
    for record in records:
        row = _row(record)
        if form == "jsonl":
            click.echo(json.dumps(row, ensure_ascii=False))
            continue
        line.seek(0)
        line.truncate()
        writer.writerow([for_csv("" if row[name] is None else str(row[name])) for name in COLUMNS])
        click.echo(line.getvalue())


def _row(record: ItemRecord) -> dict[str, object]:
    return {
        "path": for_json(record.path),
        "out_path": record.out_path,
        "outcome": record.outcome.value,
        "code": record.code,
        "media_type": record.media_type,
        "size": record.size,
        "out_size": record.out_size if record.out_path else None,
        "findings": len(record.findings),
        "reason": " ".join(part for part in (record.what, record.why) if part),
        "next_step": record.fix,
    }
