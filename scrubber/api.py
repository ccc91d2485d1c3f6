"""The main job as one call, for the command line and for other programs.

Joins the pipeline with the record: audit folder and key before the run,
manifest and log after it, then OUT appears.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from reports.audit import AuditFolder
from reports.batch import write_bag
from reports.doubts import DoubtWriter
from reports.exports import PrivateLists
from reports.html import About, Gathered, closing, write_report
from reports.log import LogWriter
from reports.manifest import HEAD, parse_head
from reports.papers import CONTRACTS, contract_fact, keep_paper, read_paper
from reports.parted import Parted
from reports.rights import exports_of
from reports.samples import Samples
from reports.tally import count
from scrubber.claims_file import NO_CLAIMS, Claims
from scrubber.commit import held_root
from scrubber.decision_file import NAME as DECISIONS
from scrubber.decision_file import read_decisions
from scrubber.disclosure import check_before, check_known
from scrubber.errors import FolderError, UsageError
from scrubber.keys import ProjectKey, draw_batch_id, load_key
from scrubber.model import Batch, ItemRecord, Outcome, Tally
from scrubber.obeyed import Obeyed
from scrubber.people import load_people, people_files
from scrubber.pipeline import Progress, Ready, Request, publish, run, signature_of
from scrubber.policy import Policy
from scrubber.releases import load_rulings
from scrubber.resume import JOURNAL, WORK, release, unfinished, wish_of, work_folder
from scrubber.rulings import Rulings
from scrubber.staging import check_destination, is_ours
from scrubber.tables.rules import measures_of
from scrubber.workers import Interrupted

Each = Callable[[ItemRecord], None]

CHECKED = ("image-metadata", "audio-metadata", "location", "text-pii", "secrets", "names")


@dataclass(frozen=True, slots=True)
class Options:
    """What `clean` is asked to do. Paths are taken as given; nothing is read from the input."""

    inputs: tuple[Path, ...]
    out: Path | None
    policy: Policy
    audit_dir: Path | None = None
    recipient: str = ""
    jobs: int = 0  # 0: one for each core
    exclude: tuple[str, ...] = ()
    decode: bool = False
    fresh: bool = False
    key_file: Path | None = None
    decisions: Path | None = None  # None: scrub-decisions.jsonl in the audit folder
    sign: Callable[[bytes], bytes] | None = None  # head → its signature, as a file
    isolate: bool = True
    today: date | None = None  # on which releases must be in force; None: the system's
    claims: Claims = NO_CLAIMS
    exports: tuple[str, ...] = ()


@dataclass(slots=True)
class Result:
    """What came of it. `tally` counts, `samples` names a bounded number of what stood out."""

    batch: Batch
    tally: Tally
    samples: Samples
    out: Path | None
    audit: Path | None
    log: Path | None
    reused: int = 0
    seeds: int = 0
    refused_seeds: list[str] = field(default_factory=list)
    new_key: bool = False
    decided: Obeyed | None = None  # what became of the decisions, None without any

    @property
    def exit_code(self) -> int:
        return 3 if self.tally.outcomes.get(Outcome.HELD.value) else 0


def clean(options: Options, progress: Progress, each: Each | None = None) -> Result:
    """Cleans `options.inputs` into `options.out`, or only reports when that is None.

    `each` sees every record, in the order of the walk, before anything is published.
    Raises UsageError for overlapping folders, FolderError when a folder cannot be read or
    written, Interrupted on Ctrl-C (what was done is kept and goes on next time).
    """
    try:
        for path in options.inputs:
            _check_input(path)
        _check_claims(options)
        if options.out is None:
            return _dry_run(options, progress, each)
        return _real_run(options, progress, each)
    except (OSError, sqlite3.Error) as error:
        raise _folder_error(error) or error from error


def _check_input(path: Path) -> None:
    if not os.path.lexists(path):
        raise FolderError(f"There is no {path}.", fix="Check the path.")
    if path.is_dir() and not os.access(path, os.R_OK | os.X_OK):
        raise FolderError(f"{path} cannot be read.", fix="Check its permissions.")


def _check_claims(options: Options) -> None:
    """Before any work: what the creator says must not give away what the run takes out."""
    if not options.claims.sections and options.claims.contract is None:
        return
    contract = options.claims.contract
    for path in options.inputs:
        if contract is not None and contract.resolve().is_relative_to(path.resolve()):
            raise UsageError(
                f"The contract {contract} lies inside the input {path}.",
                "It would be cleaned and uploaded with the rest.",
                "Move it elsewhere, for example into the audit folder.",
            )
    people = load_people(people_files(audit_place(options)))
    check_before(options.claims, people, options.policy.text_models)


_FOLDERS = (
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EFBIG, errno.EIO,
    errno.ENAMETOOLONG,
)  # fmt: skip


def _folder_error(error: OSError | sqlite3.Error) -> FolderError | None:
    """The folders' own trouble in words; None for what is a mistake of ours."""
    fix = "Free some space or check the permissions, then run the same command again."
    if isinstance(error, sqlite3.OperationalError):
        return FolderError("The audit folder cannot be written", f"({error}).", fix)
    if isinstance(error, OSError) and error.errno in _FOLDERS:
        place = error.filename2 or error.filename or "A folder"
        return FolderError(f"{place} cannot be used", f"({error.strerror}).", fix)
    return None


def _real_run(options: Options, progress: Progress, each: Each | None) -> Result:
    assert options.out is not None  # clean() asked
    check_destination(options.out, list(options.inputs))
    place = audit_place(options)
    key, new_key = load_key(key_file=options.key_file)
    audit = AuditFolder.create(place)
    request, batch = _request(options, key, audit)
    try:
        ready = run(request, progress)
        try:
            check_known(options.claims, ready.known)
            result = _record(ready, batch, audit, progress, each, options)
            publish(ready)
        finally:
            ready.close()
        _remember(request.work, audit)
    finally:
        release(request.work)
    result.new_key = new_key
    return result


def audit_place(options: Options) -> Path:
    """`<first PATH>.audit` beside the originals, else in the user's data directory.

    Raises UsageError when it lies in an input or in OUT, or holds either.
    """
    if options.audit_dir is not None:
        place = options.audit_dir
    else:
        first = options.inputs[0].resolve()
        place = first.with_name(first.name + ".audit")
        if not os.access(place.parent, os.W_OK):
            from scrubber.keys import data_home

            place = data_home() / "audit" / first.name
    target = place.resolve()
    others = [*options.inputs, *([options.out] if options.out else [])]
    for other in (path.resolve() for path in others):
        if target == other or other in target.parents or target in other.parents:
            raise UsageError(
                f"The audit folder {place} overlaps {other}.",
                "It holds private records and must not be shared.",
                "Choose another place with --audit-dir.",
            )
    return place


def _dry_run(options: Options, progress: Progress, each: Each | None) -> Result:
    """The same run into a private temporary folder that is removed at the end."""
    work = Path(tempfile.mkdtemp(prefix="scrub-"))
    try:
        key = ProjectKey(os.urandom(32))
        batch = _batch(options, draw_batch_id())
        base = _base_request(options, key, batch.id, work / "work")
        people = tuple(load_people(people_files(audit_place(options))))
        rulings = _rulings(options, audit_place(options), None)
        request = replace(base, people=people, rulings=rulings)
        ready = run(request, progress)
        check_known(options.claims, ready.known)
        result = _counted(ready, batch, *([each] if each else []))
        ready.close()
        return result
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _batch(options: Options, batch: str) -> Batch:
    from scrubber.engines import engines

    return Batch(
        id=batch,
        policy=options.policy.name,
        policy_sha256=options.policy.sha256,
        engines=engines(options.policy.text_models),
        kept=options.policy.kept,
        surrogates=options.policy.surrogates,
        checked=CHECKED,
        started=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        recipient=options.recipient,
    )


def _base_request(options: Options, key: ProjectKey, batch: str, work: Path) -> Request:
    return Request(
        inputs=options.inputs,
        out=None,
        policy=options.policy,
        key=key,
        batch=batch,
        work=work,
        recipient=options.recipient,
        jobs=options.jobs or os.cpu_count() or 1,
        isolate=options.isolate,
        exclude=options.exclude,
        decode=options.decode,
    )


def _rulings(options: Options, audit: Path, key: ProjectKey | None) -> Rulings:
    """What the user has said about single files: releases, papers that no batch may hold, and
    decisions, which only the project's key can read."""
    asked, today = bool(options.policy.releases.need), options.today or date.today()
    found = load_rulings(audit, asked=asked, today=today) if audit.is_dir() else Rulings()
    place = decisions_place(options.decisions, audit)
    if key is None and place.is_file():  # a dry run makes no key, but obeys what is there
        key = load_key(key_file=options.key_file)[0]
    if key is None:
        return found
    return replace(found, decisions=read_decisions(place, key.decisions_key))


def decisions_place(named: Path | None, audit: Path) -> Path:
    """The file of decisions that a run obeys; it need not exist."""
    return named if named is not None else audit / DECISIONS


def _request(options: Options, key: ProjectKey, audit: AuditFolder) -> tuple[Request, Batch]:
    """A new batch, or the interrupted one with the same inputs, policy and destination."""
    out = options.out
    assert out is not None  # a dry run has no audit folder
    people = tuple(load_people(people_files(audit.path)))
    rulings = _rulings(options, audit.path, key)
    inputs = [path.absolute() for path in options.inputs]
    wish = wish_of(
        inputs, out.absolute(), sorted(options.exclude), people,
        signature_of(replace(_base_request(options, key, "", audit.path), rulings=rulings)),
        rulings.documents, rulings.decisions.digest,
    )  # fmt: skip
    batch_id = unfinished(audit.path, "" if options.fresh else wish)
    if batch_id and batch_id == _published(out):  # all that was missing is to remember it
        _remember(audit.path / WORK / batch_id, audit)
        batch_id = ""
    batch = _batch(options, batch_id or draw_batch_id())
    work = work_folder(audit.path, batch.id, wish)
    base = _base_request(options, key, batch.id, work)
    last = audit.path / "last.sqlite"
    reuse = not options.fresh and out.is_dir() and is_ours(out) and last.is_file()
    request = replace(
        base,
        out=out.absolute(),
        outside=(audit.path,),
        people=people,
        rulings=rulings,
        reuse=last if reuse else None,
        previous=out if reuse else None,
    )
    return request, batch


def _counted(ready: Ready, batch: Batch, *sinks: Each) -> Result:
    """One pass over the records: counts, samples, and whatever else wants to see each."""
    tally, samples = Tally(), Samples(parted=Parted.of(ready.journal.parted()))
    decisions = ready.request.rulings.decisions
    obeyed = Obeyed(decisions) if decisions else None
    for record in ready.journal.records():
        for sink in sinks:
            sink(record)
        if obeyed is not None:
            obeyed.add(record)
        tally = count(tally, record)
        samples.add(record)
    return Result(
        batch,
        tally,
        samples,
        None,
        None,
        None,
        reused=ready.reused,
        seeds=ready.seeds,
        refused_seeds=ready.refused_seeds,
        decided=obeyed,
    )


def _record(
    ready: Ready,
    batch: Batch,
    audit: AuditFolder,
    progress: Progress,
    each: Each | None,
    options: Options,
) -> Result:
    """Names, log, manifest: everything that makes the staged objects a batch."""
    progress("record", 0, 0, "")
    assert ready.staging is not None  # only a real run is recorded
    ready.staging.begin_writing_out()
    folder = audit.batch(batch.id)
    shutil.rmtree(folder, ignore_errors=True)  # of a run that stopped before it was published
    inputs = [path.absolute() for path in ready.request.inputs]
    keys = ready.request.rulings.decisions.key
    with (
        audit.log(batch.id) as log,
        PrivateLists(folder) as lists,
        DoubtWriter(folder, batch, inputs, ready.request.out, keys) as doubts,
    ):
        to = {"recipient": batch.recipient} if batch.recipient else {}
        about, gathered = _about(batch, ready.request), Gathered()
        rules = {"policy": batch.policy, "policy_sha256": batch.policy_sha256}
        log.event("open", **rules, **about.fields(), **to)
        said = _said(options.claims, audit, log, ready.request.key.commit_key(batch.id))
        sinks = [log.item, lists.item, doubts.item, gathered.add, *([each] if each else [])]
        result = _counted(ready, batch, *sinks)
        doubts.states(result.decided.states() if result.decided else {})
        if result.samples.parted.count:
            log.event("groups", **result.samples.parted.fields())
        head = log.close(result.tally)
    ready.staging.payload.mkdir(exist_ok=True)  # a batch without a file is a batch
    for index, out_path in ready.journal.placed():
        ready.staging.place(index, out_path)
    roots = ready.journal.held_roots()
    commit = ready.request.key.commit_key(batch.id)
    private = {"held_root": held_root(commit, roots), "log_head": head}
    write_bag(
        ready.staging.path, batch, ready.journal.written(), result.tally, private,
        claims={**said, **measures_of(ready.measures)}, exports=exports_of(said), sign=options.sign,
        croissant="croissant" in options.exports,
    )  # fmt: skip
    published = (ready.staging.path / HEAD).read_bytes()
    audit.keep_head(batch.id, published)
    write_report(folder, closing(about, gathered, result.tally, result.samples, folder, published))
    result.out, result.audit, result.log = ready.request.out, audit.path, folder
    return result


def _about(batch: Batch, request: Request) -> About:
    """What the private page says of the run beside its files."""
    rules = request.policy
    return About(
        batch=batch.id,
        policy=batch.policy,
        started=batch.started,
        out=str(request.out or ""),
        inputs=tuple(str(path.absolute()) for path in request.inputs),
        accepted=tuple(rules.accepted),
        weaker=tuple(rules.weaker_than("standard" if rules.name == rules.base else rules.base)),
    )


def _said(claims: Claims, audit: AuditFolder, log: LogWriter, key: bytes) -> dict[str, object]:
    """The creator's sections as they are published; a contract is kept, and committed to."""
    said: dict[str, object] = dict(claims.sections)
    if claims.contract is not None:
        paper = keep_paper(audit, CONTRACTS, claims.contract, read_paper(claims.contract))
        fact, commitment = contract_fact(key, paper.sha256)
        log.event("contract", fact=fact, file=paper.place)
        said["terms"] = {**claims.sections.get("terms", {}), "contract_commit": commitment}
    return said


def _remember(work: Path, audit: AuditFolder) -> None:
    """The journal of a whole batch is what the next run may reuse."""
    os.replace(work / JOURNAL, audit.path / "last.sqlite")
    shutil.rmtree(work, ignore_errors=True)


def _published(out: Path) -> str:
    """Id of the batch that stands in `out`, "" if none does."""
    if not out.is_dir() or not is_ours(out):
        return ""
    try:
        return parse_head((out / HEAD).read_bytes()).batch_id
    except (OSError, ValueError):
        return ""


__all__ = ["Interrupted", "Options", "Result", "clean"]
