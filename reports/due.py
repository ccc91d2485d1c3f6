"""What is due for batches that were sent: reports, ends, deletions, receipts.

Computed from the ledger alone, which took the terms from the manifest when it noted that
a batch was sent.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scrubber.claims import REPORTS

Event = Mapping[str, object]
ASKED_DAYS = 30
"""Days after which a deletion that was asked for should have been confirmed."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that should have happened by `since`."""

    kind: str  # report, end, deletion, receipt
    batch: str
    to: str
    since: date
    what: str


def due(events: Sequence[Event], on: date, patience: int) -> list[Due]:
    """What is due `on` a day, oldest first; `patience` is in days, for receipts of deliveries."""
    rows: list[Due] = []
    for sent in _sent(events):
        replies = [row for row in events if row.get("event") == "receipt" and _same(row, sent)]
        rows += _receipt(sent, replies, on, patience)
        rows += _reports(sent, replies, on)
        rows += _end(sent, replies, on)
        rows += _asked(sent, events, replies, on)
    return sorted(rows, key=lambda row: (row.since, row.batch, row.to, row.kind))


def _sent(events: Sequence[Event]) -> Iterator[Event]:
    """The first time that each batch went to each recipient, with its latest terms."""
    seen: dict[tuple[object, object], dict[str, object]] = {}
    for row in events:
        if row.get("event") == "sent":
            known = seen.setdefault((row.get("batch"), row.get("to")), dict(row))
            known["terms"] = row.get("terms")
    yield from seen.values()


def _same(row: Event, sent: Event) -> bool:
    return row.get("batch") == sent.get("batch") and row.get("to") == sent.get("to")


def _receipt(sent: Event, replies: Sequence[Event], on: date, patience: int) -> Iterator[Due]:
    since = _day(sent) + timedelta(days=patience)
    if since <= on and not _of_kind(replies, "delivery"):
        yield _due(sent, "receipt", since, f"no receipt {patience} days after it was sent")


def _reports(sent: Event, replies: Sequence[Event], on: date) -> Iterator[Due]:
    months = REPORTS.get(str(_terms(sent).get("reports")), 0)
    if not months:
        return
    until = _until(sent)
    here = len(_of_kind(replies, "report"))
    missing: list[date] = []
    for number in range(1, 1201):
        when = add_months(_day(sent), months * number)
        if when > min(on, until or on):
            break
        if number > here:
            missing.append(when)
    if missing:
        more = f", and {len(missing) - 1} more since" if missing[1:] else ""
        yield _due(sent, "report", missing[0], f"a {_terms(sent)['reports']} report{more}")


def _end(sent: Event, replies: Sequence[Event], on: date) -> Iterator[Due]:
    until = _until(sent)
    if until is None or until >= on or _of_kind(replies, "deletion"):
        return
    if _terms(sent).get("deletion") == "at-end":
        yield _due(sent, "deletion", until, "the licence ended: deletion is to be confirmed")
    else:
        yield _due(sent, "end", until, "the licence ended: ask what became of the files")


def _asked(
    sent: Event, events: Sequence[Event], replies: Sequence[Event], on: date
) -> Iterator[Due]:
    for row in events:
        if row.get("event") != "delete-request" or not _same(row, sent):
            continue
        since = _day(row) + timedelta(days=ASKED_DAYS)
        later = [one for one in _of_kind(replies, "deletion") if _number(one) > _number(row)]
        if since <= on and not later:
            yield _due(sent, "deletion", since, f"asked for on {_day(row)}, not confirmed")


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = min(day.year + years, date.max.year), month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _of_kind(replies: Sequence[Event], kind: str) -> list[Event]:
    return [row for row in replies if row.get("kind") == kind]


def _number(row: Event) -> int:
    seq = row.get("seq")
    return seq if isinstance(seq, int) else 0


def _terms(sent: Event) -> Mapping[str, object]:
    terms = sent.get("terms")
    return terms if isinstance(terms, Mapping) else {}


def _day(row: Event) -> date:
    return date.fromisoformat(str(row["on"]))


def _until(sent: Event) -> date | None:
    until = _terms(sent).get("until")
    return None if until is None else date.fromisoformat(str(until))


def _due(sent: Event, kind: str, since: date, what: str) -> Due:
    return Due(kind, str(sent["batch"]), str(sent["to"]), since, what)
