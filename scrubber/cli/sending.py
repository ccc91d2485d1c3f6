"""A line of the ledger that says what went to whom, checked first and written when it has gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli.ledgers import files_of, ledger_of, name_of, note, shown

if TYPE_CHECKING:
    from reports.ledger import Ledger
    from reports.manifest import Head

_NAME, _CHANNEL = 100, 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a batch and how, as typed. Raises UsageError for what cannot stand in a line."""

    name: str
    channel: str = ""

    @classmethod
    def of(cls, to: str, channel: str | None) -> Recipient:
        how = name_of(channel, "--channel", _CHANNEL) if channel else ""
        return cls(name_of(to, "--to", _NAME), how)


@dataclass(frozen=True, slots=True)
class Sending:
    """A batch for a recipient, and the ledger that will tell of it."""

    head: Head
    digest: str
    to: Recipient
    ledger: Ledger
    tags_for: str

    @classmethod
    def prepare(
        cls, head: Head, digest: str, near: Path, audit_dir: Path | None, to: Recipient
    ) -> Sending:
        """Finds the ledger, checks it, and warns of what two recipients could join.

        `near` is where the search for the private log begins. Raises FolderError if it is not
        found, VerificationError if it is not what it was.
        """
        from scrubber.cli.batches import audit_of, check_head, events

        audit = audit_of(head.batch_id, near, audit_dir)
        check_head(audit, head, digest)
        tags_for = ""
        for event in events(audit, head):
            tags_for = str(event.get("recipient", tags_for))
        ledger = ledger_of(audit)
        _warn(ledger, head, to.name, tags_for)
        return cls(head, digest, to, ledger, tags_for)

    def note(self, day: date) -> list[str]:
        """Appends the line, and says so in sentences."""
        head, digest = self.head, self.digest
        predicate = head.statement["predicate"]
        assert isinstance(predicate, dict)  # parse_head checked
        fields: dict[str, object] = {
            "batch": head.batch_id,
            "manifest_sha256": digest,
            "items": head.items,
            "bytes": head.size,
            "purpose": predicate["batch"]["purpose"],
            "terms": predicate.get("terms", {}),
            "to": self.to.name,
            "on": day.isoformat(),
            "tags_for": self.tags_for,
            **({"channel": self.to.channel} if self.to.channel else {}),
        }
        self.ledger.append("sent", head.log_head, fields)
        files, name = files_of(head.items), shown(self.to.name)
        return [
            f"Noted: batch {head.batch_id}, {files}, sent to {name} on {day}.",
            f"manifest.json has SHA-256 {digest}",
            f"Ask for a receipt that quotes it, then: scrub ledger receipt {head.batch_id} FILE",
        ]


def _warn(ledger: Ledger, head: Head, to: str, recipient: str) -> None:
    """Placeholders and names that two recipients share let them join their files."""
    if recipient and recipient != to:
        note(f"This batch was made with --for {shown(recipient)}, and goes to {shown(to)}.")
    others = {
        str(row["to"])
        for row in ledger.events()
        if row["event"] == "sent" and row["to"] != to and row["tags_for"] == recipient
    }
    if others:
        note(
            f"{shown(sorted(others)[0])} has a batch with the same placeholders: both could join"
            " what they have. `--for NAME` makes them differ."
        )
