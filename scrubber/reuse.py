"""Results of the last whole batch that are still exactly true.

A result is reused only if original, companions, effective policy, key and
recipient, engines and version are equal, and, for a text, also the seed set,
the decisions and the planned names; for another file, what was decided about
it. The reused output is hashed again before it is linked: somebody may have
touched it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from scrubber import __version__
from scrubber.bench import Visit
from scrubber.decisions import NO_DECISIONS, Decisions
from scrubber.errors import Held, ScrubError
from scrubber.journal import Earlier, Journal
from scrubber.keys import ProjectKey
from scrubber.model import Item, Outcome, Seed
from scrubber.policy import Policy
from scrubber.source import FileSource, sha256_of

_WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)
PAYLOAD = "data"


def signature(policy: Policy, key: ProjectKey, recipient: str, decode: bool, engines: str) -> str:
    """Equal signatures, equal inputs: equal results."""
    tag = hashlib.sha256(key.tag_key(recipient)).hexdigest()
    rows = [__version__, policy.sha256, tag, str(decode), engines]
    return hashlib.sha256("\0".join(rows).encode()).hexdigest()


def frozen_digest(seeds: Iterable[Seed], names: Mapping[str, str]) -> str:
    """Digest of what the batch taught."""
    rows = sorted((seed.text, seed.entity, seed.scope) for seed in seeds)
    text = json.dumps([rows, sorted(names.items())])
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class Reuse:
    """Looks results up in the journal of the last whole batch; finds nothing without one."""

    def __init__(
        self,
        journal: Journal | None,
        previous: Path | None,
        objects: Path,
        keep: bool,
        decisions: Decisions = NO_DECISIONS,
    ):
        self._decisions = decisions
        decided = journal.get("decisions") if journal is not None else ""
        self._same_decisions = decided == decisions.digest
        self._journal = journal
        self._previous = previous
        self._objects = objects
        self._keep = keep
        self._same_frozen = False
        self.count = 0

    @classmethod
    def open(
        cls,
        last: Path | None,
        previous: Path | None,
        key: ProjectKey,
        now: str,
        objects: Path,
        keep: bool,
        decisions: Decisions = NO_DECISIONS,
    ) -> Reuse:
        """`now` is the signature of this run; another one finds nothing."""
        nothing = cls(None, None, objects, keep)
        if last is None or previous is None or not last.is_file():
            return nothing
        try:
            journal = Journal(last, key.spool_key(batch_of(last)))
            same = journal.get("signature") == now
        except (OSError, ScrubError, sqlite3.Error):
            return nothing
        if not same:
            journal.close()
            return nothing
        return cls(journal, previous, objects, keep, decisions)

    def frozen(self, digest: str) -> None:
        self._same_frozen = self._journal is not None and self._journal.get("frozen") == digest

    def first(self, item: Item, is_paper: Callable[[str], bool]) -> Visit | None:
        """A finished picture or recording, or what a text taught, without reading it again.

        `is_paper` knows by its SHA-256 what has turned out to be no content.
        """
        row = self._journal.earlier(item) if self._journal is not None else None
        if row is None or is_paper(row.record.sha256 or ""):
            return None
        if not self._same_decisions and (row.learnt is not None or self._decided(item, row)):
            return None
        if row.learnt is not None:
            return Visit(
                item.index, None, row.seeds, row.learnt,
                sha256=row.sha256, suffix=row.suffix, kind=row.kind,
            )  # fmt: skip
        return self._written(item, row)

    def second(self, item: Item, out_path: str) -> Visit | None:
        """A finished text, if the batch taught the same and its name is the same."""
        if self._journal is None or not (self._same_frozen and self._same_decisions):
            return None
        row = self._journal.earlier(item)
        if row is None or row.record.out_path != out_path:
            return None
        made = self._written(item, row)
        # What it taught was noted by `first`.
        return None if made is None else replace(made, seeds=(), suffix="", kind="")

    def _decided(self, item: Item, row: Earlier) -> bool:
        """Was anything decided about the file itself, then or now?"""
        sha256 = row.record.sha256 or ""
        return bool(row.record.ruled) or self._decisions.about_file(item.path, sha256) is not None

    def _written(self, item: Item, row: Earlier) -> Visit | None:
        record = row.record
        if record.outcome not in _WRITTEN or not record.out_path:
            return None
        if self._keep and not self._link(item.index, record.out_path, record.out_sha256 or ""):
            return None
        self.count += 1
        earlier = record.commit_item or str(record.index)
        batch = record.commit_batch or self._batch
        return Visit(
            item.index,
            replace(record, index=item.index, commit_item=earlier, commit_batch=batch),
            row.seeds,
            residue=row.residue,
            suffix=row.suffix,
            kind=row.kind,
        )

    @property
    def _batch(self) -> str:
        return self._journal.get("batch") if self._journal is not None else ""

    def _link(self, index: int, out_path: str, sha256: str) -> bool:
        if self._previous is None:
            return False
        old = self._previous / PAYLOAD / out_path
        new = self._objects / f"{index:08x}"
        try:
            with FileSource(old) as source:
                if sha256_of(source) != sha256:
                    return False
            new.unlink(missing_ok=True)
            try:
                os.link(old, new, follow_symlinks=False)
            except OSError:
                shutil.copyfile(old, new)
        except (Held, OSError):
            return False
        return True

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()


def batch_of(path: Path) -> str:
    """Id of the batch whose journal stands at `path`. Raises sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        row = db.execute("SELECT value FROM meta WHERE name = 'batch'").fetchone()
    return "" if row is None else str(row[0])
