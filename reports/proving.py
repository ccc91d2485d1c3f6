"""The writer of proofs: from the private log and the project key to `proof.json`.

What the log says is trusted only as far as the published head bears it out: the
chain must end in its `log_head`, the roots must come out equal, and the salts of the
facts must be those that the key gives.
"""

from __future__ import annotations

import json
import os
import secrets
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from reports.audit import HEAD_COPY, LOG, AuditFolder
from reports.log import read_log
from reports.manifest import Head, parse_head
from reports.proof import MOST, SCHEMA
from scrubber.canonical import canonical, path_from
from scrubber.commit import (
    SCHEME,
    batch_leaf,
    fact_secrets,
    facts_root,
    held_leaves,
    item_leaves,
)
from scrubber.errors import FolderError, UsageError, VerificationError
from scrubber.keys import ProjectKey
from scrubber.merkle import inclusion_path, root_from_path

WRITTEN = ("cleaned", "unchanged")


@dataclass(frozen=True, slots=True)
class Sighting:
    """An item with the wanted bytes, as some log has it (its chain not checked yet)."""

    batch: str
    index: int
    path: str
    outcome: str
    has_facts: bool
    published: bool  # a copy of its manifest is kept: the run was not cut short
    written_ns: int  # when its log was closed; orders batches, proves nothing

    @property
    def provable(self) -> bool:
        return self.has_facts and self.outcome in (*WRITTEN, "held")


@dataclass(frozen=True, slots=True)
class Case:
    """One item of a batch whose log was checked against the head."""

    batch: str
    manifest: bytes  # the published head, as it is
    path: str
    out_path: str | None  # None: held
    facts: tuple[str, ...]  # canonical JSON in slot order
    findings: tuple[dict[str, object], ...]
    first: int  # slot of the first finding
    commit_key: bytes = field(repr=False)
    item_id: str
    leaf: int
    leaves: int
    leaf_path: tuple[bytes, ...]


def sightings(audit: AuditFolder, digest: str) -> list[Sighting]:
    """Where the logs, newest batch first, have an original of this SHA-256 (hex)."""
    return [one for batch in audit.batches() for one in _in_log(audit, batch, digest)]


def _in_log(audit: AuditFolder, batch: str, digest: str) -> Iterator[Sighting]:
    needle = f'"sha256":"{digest}"'.encode()
    with (audit.batch(batch) / LOG).open("rb") as stream:
        written = os.fstat(stream.fileno()).st_mtime_ns
        published = (audit.batch(batch) / HEAD_COPY).is_file()
        for line in stream:
            if needle not in line:
                continue
            try:
                event = json.loads(line)
                item = event["item"]
                if item["sha256"] == digest:
                    yield Sighting(
                        batch, int(item["index"]), path_from(item), str(item["outcome"]),
                        bool(item["root"]), published, written,
                    )  # fmt: skip
            except (ValueError, KeyError, TypeError):
                continue  # the chain is checked before anything is proved


def open_case(audit: AuditFolder, seen: Sighting, head: bytes, key: ProjectKey) -> Case:
    """The item with all that a proof of it needs. Raises VerificationError, UsageError."""
    try:
        return _open(audit, seen, head, key)
    except (KeyError, TypeError, ValueError) as error:
        raise _differs("it does not have the form of a log of ours") from error


def _open(audit: AuditFolder, seen: Sighting, head: bytes, key: ProjectKey) -> Case:
    published = _head(head, seen.batch)
    log = _read(audit, seen, published.log_head)
    keys = log.item.get("keys", {"batch": seen.batch, "item": str(seen.index)})
    if not isinstance(keys, dict):
        raise TypeError("keys")
    commit_key, item_id = key.commit_key(str(keys["batch"])), str(keys["item"])
    _check_key(log.facts, commit_key, item_id)
    facts = tuple(canonical(fact) for fact in log.facts)
    if facts_root(commit_key, item_id, facts).hex() != log.item["root"]:
        raise _differs("the facts of this file do not give the root beside them")
    held = log.item["outcome"] == "held"
    leaves, leaf = _tree(log, key.commit_key(seen.batch), held=held)
    path = inclusion_path(leaves, leaf)
    root = published.held_root if held else published.root
    if root_from_path(leaves[leaf], leaf, len(leaves), path).hex() != root:
        raise _differs("the files in the log do not give the root in the manifest")
    kinds = [fact["fact"] for fact in log.facts]
    first = kinds.index("finding") if "finding" in kinds else len(kinds)
    return Case(
        batch=seen.batch,
        manifest=head,
        path=seen.path,
        out_path=None if held else str(log.item["out_path"]),
        facts=facts,
        findings=tuple(log.facts[first:]),
        first=first,
        commit_key=commit_key,
        item_id=item_id,
        leaf=leaf,
        leaves=len(leaves),
        leaf_path=path,
    )


@dataclass(slots=True)
class _Log:
    """What a proof needs of a log. About 300 bytes an item."""

    item: dict[str, object]
    facts: list[dict[str, object]]
    written: list[tuple[str, str]]  # new path and root of what was published
    held: list[str]  # roots of what was held


def _read(audit: AuditFolder, seen: Sighting, log_head: str) -> _Log:
    log = _Log({}, [], [], [])
    for event in read_log(audit.batch(seen.batch) / LOG, seen.batch, log_head):
        item = event.get("item")
        if not isinstance(item, dict) or not item.get("root"):
            continue
        if item["outcome"] in WRITTEN:
            log.written.append((str(item["out_path"]), str(item["root"])))
        elif item["outcome"] == "held":
            log.held.append(str(item["root"]))
        if item.get("index") == seen.index:
            log.item, log.facts = item, _facts(event)
    if not log.item:
        raise _differs("it does not hold this file")
    return log


def _tree(log: _Log, batch_key: bytes, *, held: bool) -> tuple[list[bytes], int]:
    """The leaves of the tree in which the item stands, and which of them it is."""
    own = batch_leaf(str(log.item["root"]))
    if held:
        leaves = held_leaves(batch_key, log.held)
        return leaves, leaves.index(own)
    log.written.sort()
    index = bisect_left(log.written, (str(log.item["out_path"]),))
    return [batch_leaf(root) for _, root in log.written], index


def _head(head: bytes, batch: str) -> Head:
    try:
        published = parse_head(head)
    except ValueError as error:
        raise _differs(f"the manifest cannot be read: {error}") from None
    if published.batch_id != batch:
        raise UsageError(
            "The manifest is of another batch.",
            f"It says {published.batch_id}; the file is in {batch}.",
            "Name the folder of that batch, or leave --out-folder away.",
        )
    return published


def _facts(event: dict[str, object]) -> list[dict[str, object]]:
    facts = event.get("facts")
    if not isinstance(facts, list) or len(facts) < 3:
        raise _differs("this file has no facts in the log")
    return [dict(fact) for fact in facts]


def _check_key(facts: list[dict[str, object]], commit_key: bytes, item_id: str) -> None:
    counts: dict[str, int] = {}
    for fact in facts:
        kind = str(fact["fact"])
        ordinal = counts.get(kind, 0)
        counts[kind] = ordinal + 1
        if fact["salt"] != fact_secrets(commit_key, item_id, kind, ordinal)[0].hex():
            raise VerificationError(
                "The project key is not the one that this batch was made with.",
                "It gives other salts than those in the log.",
                "Name the right key with --key, or restore it from your backup.",
            )


def _differs(why: str) -> VerificationError:
    return VerificationError(
        "Nothing can be proved from this log:", f"{why}.", "Restore the log from a backup."
    )


def finding_key(case: Case, number: int) -> bytes:
    """The key (32 bytes) of finding `number` (1, 2, …). It opens this one and no other."""
    return fact_secrets(case.commit_key, case.item_id, "finding", number - 1)[1]


def proof_bytes(case: Case, numbers: Iterable[int] = (), *, name: bool = False) -> bytes:
    """`proof.json`: clean and original, the name if asked, and the findings `numbers` (1, …).

    Raises UsageError for a finding that there is not, or for more than a proof may hold.
    """
    wanted = sorted(set(numbers))
    for number in wanted:
        if not 1 <= number <= len(case.findings):
            raise UsageError(
                f"There is no finding {number}.",
                f"This file has {len(case.findings)}.",
                "List them with --list.",
            )
    slots = [0, 1, *([2] if name else []), *(case.first + number - 1 for number in wanted)]
    leaves = item_leaves(case.commit_key, case.item_id, case.facts)
    opened: list[dict[str, object]] = []
    for slot in slots:
        path = [one.hex() for one in inclusion_path(leaves, slot)]
        entry: dict[str, object] = {"slot": slot, "fact": case.facts[slot], "path": path}
        if slot >= case.first:
            entry["key"] = finding_key(case, slot - case.first + 1).hex()
        opened.append(entry)
    proof = {
        "schema": SCHEMA,
        "scheme": SCHEME,
        "batch": case.batch,
        "head": sha256(case.manifest).hexdigest(),
        "tree": "items" if case.out_path is not None else "held",
        "leaf": {
            "index": case.leaf,
            "size": case.leaves,
            "path": [one.hex() for one in case.leaf_path],
        },
        "item": {"size": len(leaves), "facts": opened},
    }
    data = canonical(proof).encode("utf-8") + b"\n"
    if len(data) > MOST:
        raise UsageError("That is too much for one proof.", "", "Open fewer findings at once.")
    return data


def place_for(folder: Path, original: str, numbers: Iterable[int], *, name: bool) -> Path:
    """Where a proof of this original goes: `proofs/` in the private folder of its batch."""
    chosen = sorted(set(numbers))
    tail = "-name" if name else ""
    tail += "".join(f"-{number}" for number in chosen[:8]) + ("-etc" if chosen[8:] else "")
    return folder / "proofs" / f"{original[:16]}{tail}.json"


def write_proof(target: Path, data: bytes, *, replace: bool) -> None:
    """Write a proof, mode 0600, whole or not at all. The same proof again is no error.

    Raises UsageError for another file there (unless `replace`) and for a place inside a
    batch, FolderError when the folder cannot be written.
    """
    whole = Path(os.path.abspath(target))
    if any((parent / "bagit.txt").exists() for parent in whole.parents):
        raise UsageError(
            f"The proof would lie inside a published batch: {target}",
            "It holds the SHA-256 of an original, which is private.",
            "Choose another place with --out.",
        )
    try:
        if replace:
            whole.parent.mkdir(mode=0o700, exist_ok=True)
        elif os.path.lexists(whole):
            if whole.is_file() and whole.read_bytes() == data:
                return
            raise UsageError(
                f"There is something else already: {target}", "", "Choose another name."
            )
        part = whole.with_name(f".{whole.name}.{secrets.token_hex(6)}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(data)
        os.replace(part, whole)
    except OSError as error:
        raise FolderError(
            f"The proof cannot be written: {target}",
            f"{error.strerror}.",
            "Choose another place with --out.",
        ) from error
