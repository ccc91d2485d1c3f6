"""A trial sample as a batch of its own: chosen, copied byte for byte, recorded, published."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from reports.audit import LOG, AuditFolder
from reports.bag import PAYLOAD
from reports.batch import write_bag
from reports.exports import PrivateLists
from reports.log import read_log
from reports.manifest import HEAD, ITEMS, Head, read_items
from reports.rights import exports_of
from reports.sample import candidate, choose, record_from, without_contract
from reports.tally import count
from scrubber.canonical import path_from, plain
from scrubber.commit import fact_secrets, facts_root, held_root
from scrubber.errors import FolderError, Held, UsageError, VerificationError
from scrubber.keys import ProjectKey, draw_batch_id, hkdf_sha256
from scrubber.model import Batch, Engine, ItemRecord, Tally
from scrubber.source import FileSource, sha256_of
from scrubber.staging import Staging, check_destination

PURPOSE = "trial"
_FICLONE = 0x40049409  # ioctl_ficlone(2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A verified batch in `folder` with its private log, and what is to be made of it."""

    folder: Path
    head: Head
    audit: AuditFolder
    key: ProjectKey
    number: int
    out: Path
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What was made: id, paths of the files in it, and its private folder."""

    batch: str
    paths: tuple[str, ...]
    log: Path


def make_trial(wanted: Wanted) -> Trial:
    """Choose, copy, record and publish. Raises UsageError, FolderError, VerificationError."""
    _check_places(wanted)
    records = _records(wanted)
    trial = draw_batch_id()
    staging = Staging(wanted.out.absolute(), trial)
    folder = wanted.audit.batch(trial)
    try:
        for record in records:
            _copy(wanted.folder / PAYLOAD, staging.payload, record)
        head = _write(wanted, staging, trial, records)
        wanted.audit.keep_head(trial, head)
        staging.publish()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        staging.discard()
        raise
    return Trial(trial, tuple(str(record.out_path) for record in records), folder)


def _check_places(wanted: Wanted) -> None:
    """OUT is apart from the batch, its originals and the private folder."""
    audit = wanted.audit.path
    apart = {wanted.folder: "the batch itself", audit: "the private folder"}
    apart |= dict.fromkeys(_originals(wanted), "the originals")
    out = Path(os.path.realpath(wanted.out))
    for path, what in apart.items():
        other = Path(os.path.realpath(path))
        if out == other or other in out.parents or out in other.parents:
            raise UsageError(
                f"{wanted.out} overlaps {path}, {what}.", fix="Choose a new folder for --out."
            )
    check_destination(wanted.out, [])


def _originals(wanted: Wanted) -> list[Path]:
    """Where the originals lay, as the log says, and beside the private folder."""
    found = _opened(wanted).get("inputs")
    places = [Path(path_from(row)) for row in found] if isinstance(found, list) else []
    audit = wanted.audit.path
    beside = audit.with_name(audit.name.removesuffix(".audit"))
    return [*places, *([beside] if beside != audit and beside.exists() else [])]


def _opened(wanted: Wanted) -> dict[str, object]:
    """The first event of the log."""
    head = wanted.head
    return next(read_log(wanted.audit.batch(head.batch_id) / LOG, head.batch_id), {})


def _records(wanted: Wanted) -> list[ItemRecord]:
    """The chosen files, in the order of their paths."""
    head = wanted.head
    log = wanted.audit.batch(head.batch_id) / LOG
    gone = _gone(wanted.audit.path)
    rows = (candidate(event) for event in read_log(log, head.batch_id, head.log_head))
    some = (row for row in rows if row is not None and not gone.intersection(row.releases))
    paths = set(choose(some, wanted.number, _dice(wanted)))
    if not paths:
        raise UsageError(f"{wanted.folder} holds no file, so there is no sample of it.")
    people = _people(wanted.folder, paths)
    records = [
        record_from(event, head.batch_id, people[str(item["out_path"])])
        for event in read_log(log, head.batch_id, head.log_head)
        if isinstance(item := event.get("item"), dict) and item["out_path"] in paths
    ]
    for record in records:
        _check_facts(wanted.key, record)
    return sorted(records, key=lambda record: str(record.out_path))


def _gone(audit: Path) -> set[str]:
    """Ids of releases that let nothing go any more: a file under one is not shown to anybody."""
    from scrubber.releases import read_releases

    today = date.today()
    return {
        release.id
        for release in read_releases(audit)
        if release.revoked or (release.expires is not None and release.expires < today)
    }


def _dice(wanted: Wanted) -> bytes:
    """What decides between files that are about as good: nobody without the key can repeat it."""
    commit = wanted.key.commit_key(wanted.head.batch_id)
    return hkdf_sha256(commit, info=b"scrub/v1/sample/" + wanted.seed.encode("utf-8"))


def _people(folder: Path, paths: set[str]) -> dict[str, str]:
    with (folder / ITEMS).open("rb") as stream:
        found = {item.path: item.people for item, _ in read_items(stream) if item.path in paths}
    if found.keys() != paths:
        raise VerificationError(
            "The private log and the list of the batch name other files.",
            fix="Restore the log from a backup.",
        )
    return found


def _check_facts(key: ProjectKey, record: ItemRecord) -> None:
    """The facts go into the new batch as they are, so they must be what this key can open."""
    commit = key.commit_key(record.commit_batch)
    salt = fact_secrets(commit, record.commit_item, "clean", 0)[0].hex()
    root = facts_root(commit, record.commit_item, record.facts).hex()
    if f'"salt":"{salt}"' not in record.facts[0] or root != record.facts_root:
        raise VerificationError(
            "The project key is not the one that this batch was made with.",
            "Nothing in the sample could be proved with it.",
            "Name the right key with --key, or restore it from your backup.",
        )


def _copy(source: Path, payload: Path, record: ItemRecord) -> None:
    """One file, byte for byte: shared blocks where the filesystem can, then hashed."""
    old, new = source / str(record.out_path), payload / str(record.out_path)
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        _clone(old, new)
        with FileSource(new) as copy:
            same = sha256_of(copy) == record.out_sha256
    except Held as error:
        raise FolderError(f"{new} cannot be read.", error.what) from error
    except OSError as error:
        raise FolderError(f"{new} cannot be written.", f"({error.strerror}).") from error
    if not same:
        raise VerificationError(f"{old} changed while it was copied.", fix="Run the command again.")


def _clone(old: Path, new: Path) -> None:
    """No hard link: the sample and the batch both stay, and editing one must not change both."""
    with old.open("rb") as source, new.open("xb") as target, suppress(OSError):
        fcntl.ioctl(target, _FICLONE, source.fileno())
        return
    shutil.copyfile(old, new)


def _write(wanted: Wanted, staging: Staging, trial: str, records: list[ItemRecord]) -> bytes:
    """Log, private lists and the bag; returns the head."""
    batch = _batch(wanted.head, trial)
    said = without_contract(_predicate(wanted.head))
    tally = Tally()
    folder = wanted.audit.batch(trial)
    with wanted.audit.log(trial) as log, PrivateLists(folder) as lists:
        log.event(
            "open",
            policy=batch.policy,
            policy_sha256=batch.policy_sha256,
            purpose=PURPOSE,
            sample_of=wanted.head.batch_id,
            out=plain(str(wanted.out.absolute())),
            started=batch.started,
            **_told(wanted),
        )
        for record in records:
            log.item(record)
            lists.item(record)
            tally = count(tally, record)
        log_head = log.close(tally)
    private = {
        "held_root": held_root(wanted.key.commit_key(trial), []),
        "log_head": log_head,
    }
    write_bag(
        staging.path, batch, records, tally, private, claims=said, exports=exports_of(said)
    )  # fmt: skip
    return (staging.path / HEAD).read_bytes()


def _told(wanted: Wanted) -> dict[str, object]:
    """What is true of the trial as of the whole: where originals lie, whom placeholders are for."""
    first = _opened(wanted)
    return {name: first[name] for name in ("inputs", "recipient") if name in first}


def _batch(head: Head, trial: str) -> Batch:
    """Cleaned by what cleaned the whole batch, so the process is told as there."""
    process = _predicate(head)["process"]
    assert isinstance(process, Mapping)
    tool, policy = process["tool"], process["policy"]
    engines = [Engine(tool["name"], tool["version"])]
    engines += [Engine(row["name"], row["version"], row["sha256"]) for row in process["engines"]]
    return Batch(
        id=trial,
        policy=policy["name"],
        policy_sha256=policy["sha256"],
        engines=tuple(engines),
        purpose=PURPOSE,
        kept=head.kept,
        surrogates=head.surrogates,
        checked=head.checked,
        started=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
    )


def _predicate(head: Head) -> Mapping[str, object]:
    predicate = head.statement["predicate"]
    assert isinstance(predicate, Mapping)  # parse_head checked
    return predicate
