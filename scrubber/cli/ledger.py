"""`scrub ledger sent|receipt|due|delete-request|list`: what became of batches after the run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.ledgers import (
    asked,
    day_of,
    does_quote,
    files_of,
    ledgers_here,
    name_of,
    of_batch,
    one_recipient,
    shown,
)
from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document

if TYPE_CHECKING:
    from reports.ledger import Event, Ledger

SCHEMA, DUE_SCHEMA, REQUEST_SCHEMA = "scrub.ledger/1", "scrub.due/1", "scrub.delete-request/1"
_NAME = 100
KINDS = ("delivery", "report", "deletion")

AUDIT = click.option(
    "--audit-dir", type=click.Path(path_type=Path), help="The private folder, if not found."
)
ON = click.option("--on", metavar="YYYY-MM-DD", help="The day; default: today.")
TO = click.option("--to", metavar="NAME", required=True, help="Who got it.")


@click.group(epilog="Times are those of your clock: private notes, and no proof.")
def command() -> None:
    """A private ledger of what was sent to whom, what came back, and what is due."""


@command.command()
@click.argument("folder", type=click.Path(path_type=Path))
@together(TO, ON, AUDIT, QUIET)
@click.option("--channel", metavar="TEXT", help="How it was sent.")
def sent(
    folder: Path, to: str, on: str | None, audit_dir: Path | None, quiet: bool, channel: str | None
) -> int:
    """Verify the batch in FOLDER and note that it was sent, under the terms in its manifest."""
    from scrubber.cli.batches import whole
    from scrubber.cli.sending import Recipient, Sending

    recipient, day = Recipient.of(to, channel), day_of(on)
    head, digest = whole(folder, Meter(quiet=quiet))
    sending = Sending.prepare(
        head, digest, folder.absolute() / "manifest.json", audit_dir, recipient
    )
    for line in sending.note(day):
        click.echo(line)
    return 0


@command.command()
@click.argument("batch", metavar="FOLDER|BATCH")
@click.argument("file", type=click.Path(path_type=Path))
@together(ON, AUDIT)
@click.option("--from", "sender", metavar="NAME", help="Who wrote it, if several got the batch.")
@click.option(
    "--kind", type=click.Choice(KINDS), default="delivery", show_default=True,
    help="What the paper confirms.",
)  # fmt: skip
def receipt(
    batch: str, file: Path, on: str | None, audit_dir: Path | None, sender: str | None, kind: str
) -> int:
    """Keep a copy of FILE, what the recipient of a batch wrote, and note its SHA-256."""
    from reports.papers import RECEIPTS, keep_paper, read_paper

    day = day_of(on)
    ledger, head, rows = of_batch(batch, audit_dir)
    to = one_recipient(rows, sender, batch)
    digest = [str(row["manifest_sha256"]) for row in rows if row["to"] == to][-1]
    data = read_paper(file)
    quotes = does_quote(data, digest)
    paper = keep_paper(ledger.audit, RECEIPTS, file, data)
    ledger.append(
        "receipt",
        head.log_head,
        {
            "batch": head.batch_id, "to": to, "kind": kind, "on": day.isoformat(),
            "file": paper.place, "sha256": paper.sha256, "size": paper.size,
            "quotes_manifest": quotes,
        },
    )  # fmt: skip
    click.echo(f"Kept as {ledger.audit.path / paper.place}")
    if quotes:
        click.echo("It quotes the SHA-256 of manifest.json: it speaks of this batch and no other.")
    else:
        click.echo(f"It does not quote the SHA-256 of manifest.json in plain text: {digest}")
        click.echo("Without that it does not say which batch was received. Ask for it.")
    return 0


@command.command(epilog="Exit: 0 nothing is due, 1 something is, 2 usage, 4 folders, 5 altered.")
@together(ON, AUDIT, JSON)
@click.option("--patience", type=click.IntRange(0, 3650), default=14, show_default=True,
              metavar="DAYS", help="How long a receipt may take.")  # fmt: skip
def due(on: str | None, audit_dir: Path | None, as_json: bool, patience: int) -> int:
    """What is due: receipts, reports, ends of licences, deletions, releases that expired."""
    from reports.due import due as find_due

    day = day_of(on, future=True)
    rows = []
    for ledger in ledgers_here(audit_dir):
        rows += [
            {"kind": row.kind, "batch": row.batch, "to": row.to, "since": row.since.isoformat(),
             "what": row.what}
            for row in find_due(ledger.events(), day, patience)
        ]  # fmt: skip
        rows += _expired(ledger, day)
    if as_json:
        document(json.dumps({"schema": DUE_SCHEMA, "on": day.isoformat(), "due": rows}, indent=1))
    elif not rows:
        click.echo(f"Nothing is due on {day}.")
    for row in rows if not as_json else ():
        who = f"{shown(row['to'])}, batch {row['batch']}" if row["to"] else "your releases"
        click.echo(f"{row['since']}  {who}: {row['what']}")
    return 1 if rows else 0


def _expired(ledger: Ledger, day: date) -> list[dict[str, str]]:
    from scrubber.releases import read_releases

    return [
        {"kind": "release", "batch": "", "to": "", "since": one.expires.isoformat(),
         "what": f"release {one.id} expired"}
        for one in read_releases(ledger.audit.path)
        if one.expires is not None and one.expires < day and not one.revoked
    ]  # fmt: skip


@command.command("delete-request")
@click.argument("batch", metavar="[FOLDER|BATCH]", required=False)
@together(ON, AUDIT, JSON)
@click.option("--to", metavar="NAME", help="Who is asked; alone: for all that they got.")
@click.option("--only", multiple=True, metavar="GLOB|SHA256", help="These files alone.")
@click.option("--out", type=click.Path(path_type=Path), help="Write FILE, and FILE.json.")
def delete_request(
    batch: str | None,
    on: str | None,
    audit_dir: Path | None,
    as_json: bool,
    to: str | None,
    only: tuple[str, ...],
    out: Path | None,
) -> int:
    """The list of files that a recipient is asked to delete, for a letter. It is noted."""
    from reports.papers import REQUESTS, keep_paper
    from scrubber.cli.requests import as_json as to_json
    from scrubber.cli.requests import as_text, one_request, write_both
    from scrubber.errors import UsageError

    day = day_of(on)
    chosen = name_of(to, "--to", _NAME) if to is not None else None
    pairs = asked(batch, chosen, audit_dir)
    made = [
        (ledger, head, request)
        for ledger, head, digest, who in pairs
        if (request := one_request(ledger.audit, head, digest, who, day, only)).files
    ]
    if not made:
        raise UsageError("No file of it matches --only.", fix="Paths are those in the batch.")
    requests = [request for _, _, request in made]
    text, row = as_text(requests), to_json(REQUEST_SCHEMA, requests)
    if out is not None:
        write_both(out, text, row)
    for ledger, head, request in made:
        data = to_json(REQUEST_SCHEMA, [request]).encode("utf-8")
        paper = keep_paper(ledger.audit, REQUESTS, Path("request.json"), data)
        ledger.append(
            "delete-request",
            head.log_head,
            {
                "batch": request.batch, "to": request.to, "on": day.isoformat(),
                "items": len(request.files), "file": paper.place, "sha256": paper.sha256,
            },
        )  # fmt: skip
    if as_json:
        document(row)
    elif out is None:
        document(text.rstrip("\n"))
    else:
        click.echo(f"{out} and {out}.json list {files_of(sum(len(r.files) for r in requests))}.")
    return 0


@command.command("list")
@together(AUDIT, JSON)
def show(audit_dir: Path | None, as_json: bool) -> int:
    """Every line of the ledger, its chain and its papers checked."""
    ledgers = ledgers_here(audit_dir)
    rows = [row for ledger in ledgers for row in ledger.events()]
    if as_json:
        document(json.dumps({"schema": SCHEMA, "events": rows}, indent=1, ensure_ascii=False))
        return 0
    for row in rows:
        if row["event"] not in ("open", "resumed"):
            click.echo(_line(row))
    if not any(row["event"] != "open" for row in rows):
        click.echo("The ledger is empty. After an upload: scrub ledger sent FOLDER --to NAME")
    return 0


def _line(row: Event) -> str:
    start = f"{row.get('on')}  {row['event']:<14}  {row['batch']}  {shown(str(row.get('to')))}"
    if row["event"] == "sent":
        via = f", {shown(str(row['channel']))}" if "channel" in row else ""
        return f"{start}  {files_of(row['items'])}{via}"
    if row["event"] == "receipt":
        quotes = "quotes the manifest" if row["quotes_manifest"] else "does not quote the manifest"
        return f"{start}  {row['kind']}, {quotes}, {row['file']}"
    if row["event"] == "delete-request":
        return f"{start}  {files_of(row['items'])}, {row['file']}"
    return start
