"""What the commands of `scrub ledger` share: names and days as typed, and which ledger is meant."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from reports.audit import AuditFolder
    from reports.ledger import Event, Ledger
    from reports.manifest import Head


def ledger_of(audit: AuditFolder) -> Ledger:
    from reports.ledger import Ledger

    return Ledger(audit)


def ledgers_here(audit_dir: Path | None) -> list[Ledger]:
    """Ledgers of the audit folders that are found from here. Raises FolderError for none."""
    from scrubber.cli.batches import audit_folders
    from scrubber.errors import FolderError

    folders = audit_folders(Path.cwd() / "here", audit_dir)
    if not folders:
        raise FolderError(
            "No audit folder was found here.",
            "One lies beside each folder that was cleaned, as NAME.audit.",
            "Go to that place, or name it with --audit-dir.",
        )
    return [ledger_of(audit) for audit in folders]


def of_batch(name: str, audit_dir: Path | None) -> tuple[Ledger, Head, list[Event]]:
    """Ledger, head and lines `sent` of one batch. Raises UsageError if it was never sent."""
    from scrubber.cli.batches import audit_of, named_batch, published
    from scrubber.errors import UsageError

    batch_id, near = named_batch(name)
    audit = audit_of(batch_id, near, audit_dir)
    head, _ = published(audit, batch_id)
    ledger = ledger_of(audit)
    rows = [row for row in ledger.events() if row["event"] == "sent" and row["batch"] == batch_id]
    if not rows:
        raise UsageError(
            f"The ledger does not say that batch {batch_id} was sent.",
            fix="First: scrub ledger sent FOLDER --to NAME",
        )
    return ledger, head, rows


def one_recipient(rows: list[Event], chosen: str | None, batch: str) -> str:
    from scrubber.errors import UsageError

    names = sorted({str(row["to"]) for row in rows})
    if chosen is not None:
        if chosen in names:
            return chosen
        raise UsageError(
            f"The ledger does not say that {shown(chosen)} got {batch}.",
            f"It went to: {', '.join(map(shown, names))}.",
        )
    if len(names) > 1:
        raise UsageError(
            f"{batch} went to {', '.join(map(shown, names))}.", fix="Say who with --from or --to."
        )
    return names[0]


def asked(
    batch: str | None, to: str | None, audit_dir: Path | None
) -> list[tuple[Ledger, Head, str, str]]:
    """Ledger, head, SHA-256 of the manifest and recipient of each batch to ask about."""
    from scrubber.cli.batches import published
    from scrubber.errors import UsageError

    if batch is not None:
        ledger, head, rows = of_batch(batch, audit_dir)
        who = one_recipient(rows, to, batch)
        return [
            (ledger, head, [str(r["manifest_sha256"]) for r in rows if r["to"] == who][-1], who)
        ]
    if to is None:
        raise UsageError("Say which batch, or --to whom.", fix="scrub ledger list shows both.")
    found = {}
    for ledger in ledgers_here(audit_dir):
        for row in ledger.events():
            if row["event"] == "sent" and row["to"] == to:
                head, _ = published(ledger.audit, str(row["batch"]))
                found[head.batch_id] = (ledger, head, str(row["manifest_sha256"]), to)
    if not found:
        raise UsageError(
            f"The ledger does not say that {shown(to)} got anything.",
            fix="`scrub ledger list` shows the names.",
        )
    return list(found.values())


def does_quote(data: bytes, digest: str) -> bool:
    """Whether a paper holds the digest as plain text, in any case, as bytes or UTF-16."""
    plain = data.replace(b"\0", b"").lower()
    return digest.encode("ascii") in b"".join(plain.split())


def name_of(text: str, option: str, limit: int) -> str:
    from scrubber.errors import UsageError

    name = " ".join(text.split(" "))
    if not name.strip() or len(name) > limit or not name.isprintable():
        raise UsageError(
            f"{option} must be one line of 1 to {limit} visible characters,",
            f"not {shown(text)[:120]}.",
            "Line breaks and characters that turn the direction of reading are refused.",
        )
    return name.strip()


def day_of(text: str | None, *, future: bool = False) -> date:
    from scrubber.errors import UsageError

    today = date.today()
    if text is None:
        return today
    try:
        day = date.fromisoformat(text)
        if day.isoformat() != text:
            raise ValueError
    except ValueError:
        raise UsageError(f"--on must be a day such as {today}, not {shown(text)[:40]}.") from None
    if not future and day > today + timedelta(days=1):
        raise UsageError(f"{day} is in the future.", fix="The ledger notes what has happened.")
    if day.year < 1990 or day.year > today.year + 100:
        raise UsageError(f"{day} cannot be meant.", fix="Check the year.")
    return day


def shown(text: str) -> str:
    from reports.quote import for_terminal

    return for_terminal(text)


def files_of(count: object) -> str:
    return "1 file" if count == 1 else f"{count} files"


def note(text: str) -> None:
    click.echo(f"Note: {text}", err=True)
