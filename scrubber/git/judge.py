"""What a worker does with one blob: the verdict that `scrub check` would give for it alone.

Alone, because a verdict is kept: known values are those of the user's own list and those
that the blob itself teaches, never those of other blobs. The engine sees a neutral name
that holds no more than it may take from one, so equal blobs with equal suffixes have
equal verdicts.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from detectors.known import KnownValues, gate
from scrubber.bench import Bench, Setup, Task, Visit
from scrubber.commit import class_range, length_class
from scrubber.containers import suffix_of
from scrubber.engine import Frozen
from scrubber.entities import CATALOGUE
from scrubber.errors import SweptValue
from scrubber.git.verdicts import CLEAN, FOUND, HELD, PLACES, Place, Verdict
from scrubber.model import Action, Finding, Item, ItemRecord, Outcome, Seed
from scrubber.policy import Policy
from scrubber.seeds import listed_seeds
from scrubber.source import FileSource
from scrubber.sweep import Sweep
from scrubber.textual import CODE_NAMES
from scrubber.unwritten import held_record
from scrubber.visit import visit

_SPECIAL = CODE_NAMES | {"metadata.json"}
_GUESSED = frozenset({"PERSON", "LOCATION", "NRP", "ORGANIZATION"})
_MODEL = frozenset({"model", "known-value"})  # a known value that only the model has taught


@dataclass(frozen=True, slots=True)
class Rules:
    """What every blob of a scan is judged by."""

    setup: Setup
    people: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BlobTask:
    """One blob, as a file that can be opened. `number` is unique in the scan.

    `decided` is its path in the repository where a person has decided about that file.
    """

    number: int
    path: str
    hint: str
    size: int
    decided: str = ""


def hint_of(leaf: str) -> str:
    """All that the engine may take from a file name: its suffix, or a name it knows."""
    low = leaf.lower()
    return low if low in _SPECIAL else f"blob{suffix_of(leaf)}"


class Judge:
    """One worker's tools."""

    def __init__(self, rules: Rules) -> None:
        self.bench = Bench(rules.setup)
        self.policy = rules.setup.policy
        self.rulings = rules.setup.rulings
        self.people = listed_seeds(rules.people)
        known = known_values(self.policy, self.people)
        self.sweep = Sweep(known)
        self._listed = Frozen(known)

    def listed(self, task: BlobTask) -> bool:
        """Whether a value of the user's own list stands in the blob."""
        if not self.people:
            return False
        with FileSource(task.path) as source:
            return self._listed.sweep(source, "") is not None

    def tools(self, task: BlobTask) -> Bench:
        """The bench on which decisions know the blob by its path in the repository."""
        aliases = {task.hint: task.decided} if task.decided else {}
        if aliases != self.bench.setup.rulings.aliases:
            rulings = replace(self.rulings, aliases=aliases)
            self.bench.setup = replace(self.bench.setup, rulings=rulings)
        self.bench.frozen = Frozen.empty()
        return self.bench


def prepare(rules: Rules) -> Judge:
    """The initialiser of a worker."""
    return Judge(rules)


def work(judge: Judge, task: BlobTask) -> Verdict:
    """The verdict about one blob. Never raises Held."""
    item = Item(task.number, "", task.hint, task.size)
    bench = judge.tools(task)
    made = visit(bench, Task(item, task.path))
    guessed = False
    if made.record is None:
        guessed = all(span.detector in _MODEL for span in made.learnt) and not judge.listed(task)
        decisions = judge.rulings.decisions
        taught = [one for one in made.seeds if not decisions.keeps_value(one.entity, one.text)]
        seeds = (*judge.people, *taught)
        bench.frozen = Frozen(known_values(judge.policy, seeds))
        second = Task(item, task.path, clean=True, learnt=made.learnt, sha256=made.sha256)
        made = visit(bench, second)
    return _verdict(_swept(judge, item, made), guessed)


def _swept(judge: Judge, item: Item, made: Visit) -> ItemRecord:
    """The record, or that of a held item when a listed value stands in what would be kept."""
    record = made.record
    assert record is not None  # the second visit always has one
    if not made.residue or not (hits := judge.sweep.residue(made.residue)):
        return record
    error = SweptValue("A value of your private list", f"({hits[0].entity}) stands in this file.")
    return held_record(item, error, record.sha256 or "")


def _verdict(record: ItemRecord, guessed: bool) -> Verdict:
    if record.outcome is Outcome.HELD:
        return Verdict(
            HELD, record.code or "", record.what, record.why, record.fix,
            record.container or "", sha256=record.sha256 or "",
        )  # fmt: skip
    if record.outcome is Outcome.DROPPED:
        fix = "It has no place in what is shared: take it out with `git rm --cached`."
        return Verdict(FOUND, record.code or "", record.why, fix=fix, sha256=record.sha256 or "")
    found = [row for row in record.findings if row.action is not Action.KEEP]
    counts = Counter(row.entity for row in found)
    return Verdict(
        FOUND if record.outcome is Outcome.CLEANED else CLEAN,
        container=record.container or "",
        entities=tuple(sorted(counts.items())),
        places=tuple(map(_place, found[:PLACES])),
        guesses=guessed and bool(found) and all(map(_is_guess, found)),
        not_checked=record.not_checked,
        decided=sum(row.places for row in record.ruled if row.verdict == "keep" and row.entity),
        sha256=record.sha256 or "",
    )


def _place(row: Finding) -> Place:
    shortest, _ = class_range(length_class(row.length))
    return row.entity, row.where, row.line, row.column, shortest


def _is_guess(finding: Finding) -> bool:
    return finding.entity in _GUESSED and finding.detector in _MODEL


def known_values(policy: Policy, seeds: tuple[Seed, ...]) -> KnownValues:
    """The values to look for, gated as a run of the main job gates them."""
    listed: set[tuple[str, str, str]] = set()
    learnt: set[tuple[str, str, str]] = set()
    for seed in seeds:
        if seed.entity not in CATALOGUE:
            continue
        people = seed.origin == "people"
        if (policy.action if people else policy.text_action)(seed.entity) is not Action.KEEP:
            (listed if people else learnt).add((seed.text, seed.entity, seed.scope))
    kept, _ = gate(sorted(learnt - listed))
    return KnownValues([*kept, *sorted(listed)])
