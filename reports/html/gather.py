"""What the page needs to know of a batch, gathered in one pass and bounded in memory.

The pass is over the records of a run, or over the events of its closed log: both
give the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from reports.parted import Parted
from reports.samples import Samples
from reports.steps import HeldBack
from reports.tally import WRITTEN, count
from scrubber.canonical import path_fields, path_from, plain
from scrubber.model import Action, Finding, ItemRecord, Outcome, Tally

ROWS = 2_000
"""Files that the page lists. All of them stand in the log."""
HELD_ROWS = 200
"""Held files that it lists for each reason and next step."""


@dataclass(frozen=True, slots=True)
class About:
    """What a run is, beside its files. The first line of its log holds it; paths are absolute."""

    batch: str
    policy: str
    started: str = ""
    out: str = ""
    inputs: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()  # entities that the policy accepts as not looked at
    weaker: tuple[str, ...] = ()  # rules weaker than the preset, in words

    def fields(self) -> dict[str, object]:
        """As fields of the log's first line."""
        return {
            "started": self.started,
            **path_fields(self.out, "out"),
            "inputs": [path_fields(path) for path in self.inputs],
            "accepted": list(self.accepted),
            "weaker": [plain(rule) for rule in self.weaker],
        }

    @classmethod
    def from_log(cls, batch: str, event: Mapping[str, object]) -> About:
        """Undo `fields`. A log of an earlier version says less."""
        inputs = cast("list[dict[str, object]]", event.get("inputs", []))
        return cls(
            batch=batch,
            policy=str(event.get("policy", "")),
            started=str(event.get("started", "")),
            out=path_from(event, "out") if "out" in event else "",
            inputs=tuple(path_from(one) for one in inputs),
            accepted=_texts(event.get("accepted")),
            weaker=_texts(event.get("weaker")),
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One file of the list. `removed` counts findings by entity."""

    path: str
    out_path: str | None
    outcome: Outcome
    code: str | None
    removed: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class Sum:
    """Files of one media type, with their bytes before and after and what was taken out."""

    files: int = 0
    before: int = 0
    after: int = 0
    removed: int = 0


@dataclass(slots=True)
class Gathered:
    """The batch so far; `add` looks at one record, in the order of the walk."""

    total: int = 0
    rows: list[Row] = field(default_factory=list)
    held: HeldBack = field(default_factory=lambda: HeldBack(HELD_ROWS))
    held_findings: int = 0
    removed: dict[str, int] = field(default_factory=dict)  # entity → times, in written files
    removed_in: dict[str, int] = field(default_factory=dict)  # entity → written files
    kept_in: dict[str, int] = field(default_factory=dict)
    media: dict[str, Sum] = field(default_factory=dict)

    def add(self, record: ItemRecord) -> None:
        self.total += 1
        entities: dict[str, int] = {}
        for finding in record.findings:
            if finding.action is Action.KEEP:
                continue
            entities[finding.entity] = entities.get(finding.entity, 0) + 1
        written = record.outcome in WRITTEN
        if written:
            self._add_written(record, entities)
        elif record.outcome is Outcome.HELD:
            self.held_findings += len(record.findings)
            self.held.add(record)
        if self.total <= ROWS:
            shown = tuple(entities.items()) if written else ()
            self.rows.append(Row(record.path, record.out_path, record.outcome, record.code, shown))

    def _add_written(self, record: ItemRecord, entities: dict[str, int]) -> None:
        for entity, times in entities.items():
            self.removed[entity] = self.removed.get(entity, 0) + times
            self.removed_in[entity] = self.removed_in.get(entity, 0) + 1
        for entity in set(record.kept):
            self.kept_in[entity] = self.kept_in.get(entity, 0) + 1
        row = self.media.setdefault(record.media_type or "application/octet-stream", Sum())
        row.files += 1
        row.before += record.size
        row.after += record.out_size
        row.removed += sum(size for _, size in record.removed)


@dataclass(frozen=True, slots=True)
class Whole:
    """A batch, gathered. `predicate` is that of its public head: what it says to everybody."""

    about: About
    gathered: Gathered
    tally: Tally
    samples: Samples
    folder: str  # of the batch in the audit folder, absolute
    predicate: Mapping[str, object]

    def section(self, name: str) -> Mapping[str, object]:
        """A section of the public head, such as `terms`; empty if it has none."""
        found = self.predicate.get(name)
        return found if isinstance(found, Mapping) else {}


def from_log(
    batch: str,
    folder: str,
    predicate: Mapping[str, object],
    events: Iterable[Mapping[str, object]],
) -> Whole | None:
    """Gather a batch from the events of its log; None if the log was never closed."""
    about, closed = About(batch, ""), False
    gathered, tally, samples = Gathered(), Tally(), Samples()
    for event in events:
        kind = event["event"]
        if kind == "open":
            about = About.from_log(batch, event)
        elif kind == "item":
            record = record_from(event)
            gathered.add(record)
            tally = count(tally, record)
            samples.add(record)
        elif kind == "groups":
            samples.parted = Parted.from_fields(event)
        closed = kind == "close"
    return Whole(about, gathered, tally, samples, folder, predicate) if closed else None


def record_from(event: Mapping[str, object]) -> ItemRecord:
    """An item of the log as a record, as far as reports need it: lengths and digests stay out."""
    item = cast("dict[str, object]", event["item"])
    facts = cast("list[dict[str, str]]", event["facts"])
    return ItemRecord(
        index=cast(int, item["index"]),
        path=path_from(item),
        outcome=Outcome(str(item["outcome"])),
        size=cast(int, item["size"]),
        sha256=cast("str | None", item["sha256"]),
        code=cast("str | None", item["code"]),
        what=str(item["what"]),
        why=str(item["why"]),
        fix=str(item["fix"]),
        container=cast("str | None", item["container"]),
        media_type=cast("str | None", item["media_type"]),
        out_path=cast("str | None", item["out_path"]),
        out_size=cast(int, item["out_size"]),
        findings=tuple(
            Finding(fact["entity"], fact["where"], Action(fact["action"]), fact["detector"], 0)
            for fact in facts
            if fact["fact"] == "finding"
        ),
        removed=tuple(
            (part, size) for part, size in cast("list[tuple[str, int]]", item["removed"])
        ),
        kept=_texts(item["kept"]),
        not_checked=_texts(item["not_checked"]),
        notes=_texts(item["notes"]),
        content_identical=cast("bool | None", item["content_identical"]),
        decoded_identical=cast("bool | None", item["decoded_identical"]),
    )


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
