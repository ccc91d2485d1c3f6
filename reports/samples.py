"""A bounded look at what stood out in a batch, beside the counts.

Counts answer how many; these answer which, for as many as a person reads.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from reports.parted import Parted
from reports.steps import HeldBack
from scrubber.model import ItemRecord, Outcome, Skipped

NAMES = 20
"""Names kept for each reason or note."""

NOT_OPENED = frozenset(
    {
        "changed-while-reading",
        "encrypted",
        "internal",
        "missing-extra",
        "timed-out",
        "too-large",
        "unknown-container",
        "unreadable",
        "worker-died",
    }
)
"""Hold codes of files into which nobody looked."""


@dataclass(slots=True)
class Samples:
    """First items by hold code and next step, and by note, and what the counts of a tally lack."""

    held: HeldBack = field(default_factory=lambda: HeldBack(NAMES))
    noted: dict[str, list[str]] = field(default_factory=dict)
    unseen: dict[str, list[str]] = field(default_factory=dict)
    parted: Parted = field(
        default_factory=Parted
    )  # groups of which one part is held and another goes out
    found: int = 0  # items that the walk found, junk and excluded ones apart
    not_opened: int = 0
    identical: int = 0
    decoded: int = 0

    def add(self, record: ItemRecord | Skipped) -> None:
        """Look at one record, in the order of the walk."""
        if record.outcome is Outcome.HELD:
            self._add_held(record)
        if record.outcome in (Outcome.DROPPED, Outcome.EXCLUDED):
            return
        self.found += 1
        if isinstance(record, Skipped):
            return
        for note in record.notes:
            _keep(self.noted, note, record.path)
        if record.outcome is Outcome.HELD:
            return
        self.identical += record.content_identical is True
        self.decoded += record.decoded_identical is True
        for entity in record.not_checked:
            _keep(self.unseen, entity, record.path)

    def _add_held(self, record: ItemRecord | Skipped) -> None:
        code = record.code or "held"
        self.not_opened += isinstance(record, Skipped) or code in NOT_OPENED
        self.held.add(record)


def _keep(names: dict[str, list[str]], key: str, path: str) -> None:
    kept = names.setdefault(key, [])
    if len(kept) < NAMES:
        kept.append(path)
