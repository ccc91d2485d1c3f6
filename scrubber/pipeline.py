"""The run: walk → learn → freeze → clean into staging → sweep → record → publish.

`run` is the order of the steps; each step is one method that says what it
hands on. The parent owns order, names, progress and recording; workers
compute. What crosses between learning and cleaning is the frozen artefact.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from detectors.known import MAX_VALUES, KnownValues, gate
from scrubber.bench import Setup, Task, Visit
from scrubber.commit import item_facts
from scrubber.containers import by_suffix, suffix_of
from scrubber.credit import ENTITIES as CREDITS
from scrubber.engine import freeze
from scrubber.engines import engines, engines_digest
from scrubber.entities import CATALOGUE
from scrubber.errors import HOLD_CODES, FolderError, Held, SweptValue
from scrubber.groups import partners
from scrubber.journal import Journal, Row
from scrubber.keys import ProjectKey
from scrubber.model import Action, Engine, Outcome, Seed
from scrubber.names import plan_names
from scrubber.policy import Policy
from scrubber.raw_previews import path_of, with_previews
from scrubber.reuse import Reuse, frozen_digest, signature
from scrubber.rulings import NO_RULINGS, Rulings
from scrubber.seeds import CREDIT, from_name, inside, listed_seeds, spaced
from scrubber.source import FileSource, sha256_of
from scrubber.staging import Staging
from scrubber.sweep import Sweep
from scrubber.unwritten import held_after_all, held_record
from scrubber.walk import walk
from scrubber.workers import Failed, Pool, SerialPool, Workers

Progress = Callable[[str, int, int, str], None]
"""Step, done, total, what is being worked on. Called by the parent alone."""

WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)
_SPARE = 1.05


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for, after configuration and options."""

    inputs: tuple[Path, ...]
    out: Path | None  # None: a dry run, nothing is written
    policy: Policy
    key: ProjectKey
    batch: str
    work: Path  # folder of this batch in the audit folder, or a temporary one
    recipient: str = ""
    jobs: int = 1
    isolate: bool = True
    exclude: tuple[str, ...] = ()
    outside: tuple[Path, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    rulings: Rulings = NO_RULINGS
    decode: bool = False
    reuse: Path | None = None  # journal of the last whole batch
    previous: Path | None = None  # the OUT that it made


@dataclass(slots=True)
class Ready:
    """A batch that is staged and swept, before it is recorded."""

    request: Request
    journal: Journal
    staging: Staging | None
    refused_seeds: list[str] = field(default_factory=list)
    seeds: int = 0
    reused: int = 0
    engines: tuple[Engine, ...] = ()
    measures: list[dict[str, object]] = field(default_factory=list)  # of tables, public
    known: KnownValues = field(default_factory=lambda: KnownValues([]))

    def close(self) -> None:
        """Lets go of the journal and of OUT. May be called twice."""
        self.journal.close()
        if self.staging is not None:
            self.staging.release()


def run(request: Request, progress: Progress) -> Ready:
    """Everything up to a staged, swept batch. Recording and publishing follow in `publish`."""
    steps = _Run(request, progress)
    try:
        steps.walk()
        with steps.workers() as pool:
            steps.learn(pool)
            steps.freeze()
            steps.clean(pool)
        steps.sweep()
        steps.tables()
        steps.together()
        steps.ready.reused = steps.reuse.count
        steps.reuse.close()
        return steps.ready
    except BaseException:
        steps.ready.close()
        raise


def publish(ready: Ready) -> None:
    """The staged folder becomes OUT in one step; the journal stays for the next run."""
    ready.journal.close()
    if ready.staging is not None:
        ready.staging.publish()


def signature_of(request: Request) -> str:
    """Digest of everything but the files and what they teach that decides about results."""
    return signature(
        request.policy,
        request.key,
        request.recipient,
        request.decode,
        engines_digest(engines(request.policy.text_models)) + request.rulings.digest,
    )


def _may_be_text(task: Task) -> bool:
    """By the name, before anybody has looked: only a known suffix of another kind says no."""
    rows = by_suffix().get(suffix_of(task.item.path), ())
    return task.clean or not rows or any(row.textual for row in rows)


class _Run:
    def __init__(self, request: Request, progress: Progress) -> None:
        self.request = request
        self.progress = progress
        key = request.key.spool_key(request.batch)
        request.work.mkdir(parents=True, exist_ok=True, mode=0o700)
        staging = Staging(request.out, request.batch) if request.out is not None else None
        journal = Journal(request.work / "journal.sqlite", key)
        self.ready = Ready(request, journal, staging, engines=engines(request.policy.text_models))
        self.journal = journal
        self.objects = staging.objects if staging else request.work / "objects"
        self.objects.mkdir(exist_ok=True, mode=0o700)
        self.frozen = request.work / "frozen"
        self.setup = Setup(
            policy=request.policy,
            batch=request.batch,
            commit_key=request.key.commit_key(request.batch),
            tag_key=request.key.tag_key(request.recipient),
            objects=os.fspath(self.objects),
            keep=staging is not None,
            decode=request.decode,
            rulings=request.rulings,
            frozen=os.fspath(self.frozen),
            frozen_key=key,
        )
        signed = signature_of(request)
        journal.set("signature", signed)
        journal.set("batch", request.batch)
        journal.set("decisions", request.rulings.decisions.digest)
        self.reuse = Reuse.open(
            request.reuse, request.previous, request.key, signed, self.objects,
            staging is not None, request.rulings.decisions,
        )  # fmt: skip

    # walk --------------------------------------------------------------------

    def walk(self) -> None:
        """Folder → rows of the journal. Rows of an interrupted run that still hold stay."""
        outside = [*self.request.outside, self.request.work]
        if self.ready.staging is not None:
            outside += [self.ready.staging.path, self.ready.staging.out]
        self.progress("walk", 0, 0, "")
        found = walk(self.request.inputs, exclude=self.request.exclude, outside=outside)
        extract = self.request.policy.raw_previews == "extract"
        self.journal.walked(with_previews(found) if extract else found)
        self.journal.forget_passing()
        self._forget_lost_objects()
        if self.ready.staging is not None:
            self.ready.staging.need(int(self.journal.size_to_come() * _SPARE))

    def _forget_lost_objects(self) -> None:
        """After an interruption: what the journal says must be there, whole, and nothing else."""
        present = {entry.name: entry.stat().st_size for entry in os.scandir(self.objects)}
        for index, size, sha256 in list(self.journal.staged()) if self.setup.keep else ():
            name = f"{index:08x}"
            if present.get(name) == size and self._digest(name) == sha256:
                del present[name]
            else:
                self.journal.forget(index)
        for stray in present:
            (self.objects / stray).unlink()

    def _digest(self, name: str) -> str:
        with suppress(Held), FileSource(self.objects / name) as source:
            return sha256_of(source)
        return ""

    # learn and clean -----------------------------------------------------------

    def workers(self) -> AbstractContextManager[Workers]:
        prepare, work = "scrubber.bench:prepare", "scrubber.visit:work"
        if not self.request.isolate:
            return nullcontext(SerialPool(initialise=prepare, work=work, setup=self.setup))
        memory = self.request.policy.limits.worker_memory
        return Pool(
            self.request.jobs, initialise=prepare, work=work, setup=self.setup, memory=memory
        )

    def learn(self, pool: Workers) -> None:
        """Every item once; what needs no words of other items is cleaned in the same visit."""
        self._visit(pool, "learn", "record IS NULL AND learnt IS NULL", self._first_task)

    def clean(self, pool: Workers) -> None:
        """The texts again, now that the batch has said what it knows."""
        self._visit(pool, "clean", "record IS NULL AND learnt IS NOT NULL", self._second_task)

    def _visit(
        self,
        pool: Workers,
        step: str,
        condition: str,
        task_of: Callable[[Row], Task | None],
    ) -> None:
        total = self.journal.count(condition)

        def tasks() -> Iterator[Task]:
            for row in self.journal.items(condition):
                task = task_of(row)
                if task is not None:
                    yield task

        limits = self.request.policy.limits
        results = pool.run(
            tasks(), deadline=lambda task: limits.deadline(task.item.size, text=_may_be_text(task))
        )
        for done, result in enumerate(results, 1):
            self.progress(step, done, total, result.task.item.path)
            if isinstance(result, Failed):
                self._failed(result)
            else:
                self._take(result.value)
        self.journal.commit()

    def _first_task(self, row: Row) -> Task | None:
        earlier = self.reuse.first(row.item, self.request.rulings.names_document)
        if earlier is not None:
            self._take(earlier)
            return None
        return Task(row.item, path_of(row.item))

    def _second_task(self, row: Row) -> Task | None:
        earlier = self.reuse.second(row.item, row.out_path)
        if earlier is not None:
            self._take(earlier)
            return None
        path = os.path.join(row.item.root, row.item.path)
        return Task(row.item, path, clean=True, learnt=row.learnt, sha256=row.sha256)

    def _take(self, visit: Visit) -> None:
        if visit.stopped is not None:
            raise FolderError(*visit.stopped)
        record = visit.stored or visit.record
        if visit.suffix:
            waiting = visit.learnt if record is None else None
            self.journal.learnt(
                visit.index, waiting, visit.seeds, visit.sha256, visit.suffix, visit.kind
            )
        elif visit.seeds:
            self.journal.taught(visit.index, visit.seeds)
        if record is not None:
            self.journal.record(record, visit.residue)

    def _failed(self, failed: Failed[Task]) -> None:
        item = failed.task.item
        kind = HOLD_CODES.get(failed.code, HOLD_CODES["internal"])
        what = {
            "worker-died": "The worker that read this file died.",
            "timed-out": "This file took longer than its limit.",
            "too-large": "This file needs more memory than a worker may have.",
        }.get(failed.code, "scrub made a mistake on this file.")
        (self.objects / f"{item.index:08x}").unlink(missing_ok=True)
        record = held_record(item, kind(what, failed.detail))
        facts, root = item_facts(self.setup.commit_key, record)
        self.journal.record(replace(record, facts=facts, facts_root=root))

    # freeze ------------------------------------------------------------------

    def freeze(self) -> None:
        """Seeds, output names and references between files: one sealed, read-only artefact."""
        self.progress("freeze", 0, 0, "")
        seeds = self._seeds()
        known = KnownValues([(seed.text, seed.entity, seed.scope) for seed in seeds])
        planned = plan_names(
            self.journal.names(),
            tag_key=self.setup.tag_key,
            policy_keep=self.request.policy.names_mode == "keep",
            known=known,
        )
        for index, out_path in planned.items():
            self.journal.set_out_path(index, out_path)
        self.journal.commit()
        self.known = self.ready.known = known
        names = {planned.original(index): planned[index] for index in planned}
        freeze(self.frozen, self.setup.frozen_key, seeds, names)
        digest = frozen_digest(seeds, names)
        if self.journal.get("frozen", digest) != digest:  # of this run, before it was interrupted
            for index in self.journal.forget_texts():
                (self.objects / f"{index:08x}").unlink(missing_ok=True)
        self.journal.set("frozen", digest)
        self.journal.commit()
        self.reuse.frozen(digest)

    def _seeds(self) -> list[Seed]:
        """What people, metadata, names and texts taught, gated."""
        policy = self.request.policy
        public: set[str] = set()
        if any(policy.keeps(name) for name in CREDITS):
            public = {spaced(s.text) for s in self.journal.seeds() if s.origin == CREDIT}
        rows = itertools.chain(  # one by one: most teach what others have taught
            self.journal.seeds(),
            (seed for _, path, *_ in self.journal.names() for seed in from_name(path)),
            listed_seeds(self.request.people),
        )
        wanted = {
            (seed.text, seed.entity, seed.scope): seed
            for seed in rows
            if seed.entity in CATALOGUE
            and seed.origin != CREDIT
            and (seed.origin == "people" or not inside(seed.text, public))
            and (seed.origin == "people" or not self._is_kept(seed))
            # A kind that may stay in texts goes where the user has listed it by name.
            and (policy.action if seed.origin == "people" else policy.text_action)(seed.entity)
            is not Action.KEEP
        }
        # What the user has listed is looked for even if it is a common word.
        listed = [value for value, seed in wanted.items() if seed.origin == "people"]
        learnt = sorted(wanted.keys() - set(listed))
        kept, refused = gate(learnt, max(0, MAX_VALUES - len(listed)))
        kept += listed
        self.ready.refused_seeds = sorted({reason for _, reason in refused})
        self.ready.seeds = len(kept)
        return [wanted[value] for value in sorted(kept)]

    def _is_kept(self, seed: Seed) -> bool:
        """Has a person decided that this value stays wherever it stands?"""
        return self.request.rulings.decisions.keeps_value(seed.entity, seed.text)

    # sweep -------------------------------------------------------------------

    def sweep(self) -> None:
        """No value that was removed stands in what is kept of pictures and recordings."""
        self.progress("sweep", 0, 0, "")
        sweep = Sweep(self.known)
        for number, data in list(self.journal.residues()):
            hits = sweep.residue(data)
            for index in self.journal.with_residue(number) if hits else ():
                self._hold_swept(index, hits[0].entity)
        self.journal.commit()

    def _hold_swept(self, index: int, entity: str) -> None:
        self._hold(
            index,
            SweptValue(
                "A value that was removed elsewhere in the batch", f"({entity}) still stands in it."
            ),
        )

    def _hold(self, index: int, error: Held) -> None:
        record = self.journal.one(index)
        if record is None or record.outcome not in WRITTEN:
            return
        (self.objects / f"{index:08x}").unlink(missing_ok=True)
        # The digests of its findings stay, so their keys must be those of the batch that made them.
        commit = self.setup.commit_key
        if record.commit_batch:
            commit = self.request.key.commit_key(record.commit_batch)
        self.journal.record(held_after_all(record, error, commit))

    def tables(self) -> None:
        """What was written of each table that the policy names is counted; some are held."""
        rules = self.request.policy.tables
        if not rules.qi or not self.setup.keep:
            return
        from scrubber.tables.batch import measured_tables  # NumPy, which most runs do not need

        self.progress("tables", 0, 0, "")
        for one in measured_tables(self.journal.records(), self.objects, rules):
            if one.error is not None:
                self._hold(one.index, one.error)
            else:
                self.ready.measures.append(one.public)
        self.journal.commit()

    def together(self) -> None:
        """Where the policy says so, what belongs to a held file is held with it."""
        pairs = self.request.policy.together
        for index, error in partners(list(self.journal.parted()) if pairs else [], pairs):
            self._hold(index, error)
        self.journal.commit()
