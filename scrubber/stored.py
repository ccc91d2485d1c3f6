"""A record as text: how it crosses from a worker to the parent, and how the journal keeps it.

The text is made where the record is made, so that the parent, of which there is one, has
nothing to do for an item but to write it down.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from scrubber.model import Action, Doubt, Finding, ItemRecord, Outcome, Ruled


@dataclass(frozen=True, slots=True)
class Stored:
    """`record` without findings and facts, which are in `detail`: most readers need no more."""

    index: int
    outcome: str
    code: str | None
    record: str
    detail: str


def store(record: ItemRecord) -> Stored:
    return Stored(
        record.index, record.outcome.value, record.code, dump_record(record), dump_detail(record)
    )


_DETAILS = ("findings", "removed", "facts", "doubts")
_RECORD_FIELDS = [field.name for field in fields(ItemRecord) if field.name not in _DETAILS]
_RULED = _RECORD_FIELDS.index("ruled")
_FINDING_FIELDS = [field.name for field in fields(Finding)]
_of_record, _of_finding = attrgetter(*_RECORD_FIELDS), attrgetter(*_FINDING_FIELDS)
_of_doubt = attrgetter(*(field.name for field in fields(Doubt)))
_of_ruled = attrgetter(*(field.name for field in fields(Ruled)))
_encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def dump_record(record: ItemRecord) -> str:
    """A record without its details as one line of JSON (an array in the order of the fields)."""
    if not record.ruled:
        return _encode(_of_record(record))
    row = list(_of_record(record))
    row[_RULED] = list(map(_of_ruled, record.ruled))
    return _encode(row)


def dump_detail(record: ItemRecord) -> str:
    findings = list(map(_of_finding, record.findings))
    doubts = list(map(_of_doubt, record.doubts))
    return _encode([findings, record.removed, record.facts, doubts])


def load_record(text: str, out_path: str | None = None, detail: str | None = None) -> ItemRecord:
    """The record; its findings, facts and doubts only where `detail` is given."""
    row = dict(zip(_RECORD_FIELDS, json.loads(text), strict=True))
    row["outcome"] = Outcome(row["outcome"])
    for name in ("kept", "not_checked", "notes", "releases"):
        row[name] = tuple(row[name])
    row["ruled"] = tuple(Ruled(*values) for values in row["ruled"])
    row["out_path"] = out_path if row["outcome"] in (Outcome.CLEANED, Outcome.UNCHANGED) else None
    if detail is not None:
        findings, removed, facts, doubts = json.loads(detail)
        row["findings"] = tuple(map(_finding, findings))
        row["removed"] = tuple((path, size) for path, size in removed)
        row["facts"] = tuple(facts)
        row["doubts"] = tuple(Doubt(*values) for values in doubts)
    return ItemRecord(**row)


_ACTIONS = {action.value: action for action in Action}


def _finding(values: list[Any]) -> Finding:
    values[_FINDING_FIELDS.index("action")] = _ACTIONS[values[2]]
    return Finding(*values)
