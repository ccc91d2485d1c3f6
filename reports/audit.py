"""The private record: an audit folder with one hash-chained log a batch.

Everything here may hold original paths in clear, and no removed value. The
chain proves nothing against its owner; its head, published in the manifest, does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reports.log import LogWriter, read_log
from scrubber.canonical import path_from
from scrubber.errors import FolderError, UsageError
from scrubber.keys import AUDIT_MARKER

LOG = "log.jsonl"
HEAD_COPY = "manifest.json"
_BATCH_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which original an output file is: batch, original path, its SHA-256 (hex), outcome."""

    batch: str
    path: str
    sha256: str | None
    outcome: str


@dataclass(frozen=True, slots=True)
class AuditFolder:
    """A private folder, 0700, with a marker that walk, gate and hook refuse."""

    path: Path

    @classmethod
    def create(cls, path: Path) -> AuditFolder:
        """Make the folder, or open one that is ours. Raises FolderError."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not (path / AUDIT_MARKER).exists() and any(path.iterdir()):
                raise FolderError(
                    f"The audit folder is in use by something else: {path!s}",
                    "It holds files and no marker of ours.",
                    "Choose another folder with --audit-dir.",
                )
            path.chmod(0o700)
            _write_once(path / AUDIT_MARKER, "Private audit records of scrub. Never upload.\n")
            _write_once(path / ".gitignore", "*\n")
            (path / "batches").mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise FolderError(
                f"The audit folder cannot be written: {path!s}",
                f"{error.strerror}.",
                "Choose another folder with --audit-dir.",
            ) from error
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> AuditFolder:
        """Open an existing folder for reading. Raises FolderError."""
        if not (path / AUDIT_MARKER).is_file():
            raise FolderError(f"This is no audit folder of scrub: {path!s}")
        return cls(path)

    def batch(self, batch_id: str) -> Path:
        """The folder of one batch. Raises UsageError for what cannot be an id."""
        if not _BATCH_ID.fullmatch(batch_id):
            raise UsageError("The batch id is malformed.", "", "Use an id that `scrub` printed.")
        return self.path / "batches" / batch_id

    def log(self, batch_id: str) -> LogWriter:
        """The log of a batch, new or continued. Raises FolderError once it is closed."""
        folder = self.batch(batch_id)
        folder.mkdir(mode=0o700, exist_ok=True)
        return LogWriter(folder / LOG, batch_id)

    def keep_head(self, batch_id: str, head: bytes) -> None:
        """Keep a copy of the published manifest, so that proofs work when OUT has gone away."""
        path = self.batch(batch_id) / HEAD_COPY
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as copy:
            copy.write(head)
            copy.flush()
            os.fsync(copy.fileno())

    def batches(self) -> list[str]:
        """Ids of the batches that have a log, newest first."""
        logs = [
            (log.stat().st_mtime_ns, log.parent.name) for log in self.path.glob(f"batches/*/{LOG}")
        ]
        return [name for _, name in sorted(logs, reverse=True)]

    def read(self, batch_id: str) -> Iterator[dict[str, object]]:
        """The events of a batch, chain verified. Raises VerificationError."""
        return read_log(self.batch(batch_id) / LOG, batch_id)

    def where(self, out_path: str, batch_id: str | None = None) -> Origin | None:
        """Which original is this? Looks in the newest batch first; None if in none."""
        for name in [batch_id] if batch_id else self.batches():
            for event in self.read(name):
                item = event.get("item")
                if isinstance(item, dict) and item.get("out_path") == out_path:
                    digest = item["sha256"]
                    return Origin(
                        batch=name,
                        path=path_from(item),
                        sha256=None if digest is None else str(digest),
                        outcome=str(item["outcome"]),
                    )
        return None


def _write_once(path: Path, text: str) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
