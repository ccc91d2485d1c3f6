"""Finished batches as other commands take them: verified, and with their private log."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from scrubber.cli.progress import Meter

if TYPE_CHECKING:
    from reports.audit import AuditFolder
    from reports.manifest import Head
    from scrubber.keys import ProjectKey

_ID = re.compile(r"b-[a-z2-7]{16}")


def whole(folder: Path, meter: Meter) -> tuple[Head, str]:
    """The head of a batch that `scrub verify` accepts, and the SHA-256 of its manifest.json.

    Raises FolderError or UsageError for what is no batch, VerificationError for one that
    is not whole and clean.
    """
    from reports.bag import PAYLOAD
    from reports.manifest import HEAD
    from reports.misplaced import misplaced
    from reports.quote import for_terminal
    from reports.verify import kept_entities, surrogate_entities, verify_bag
    from scrubber.errors import VerificationError
    from scrubber.recheck import Wish, in_workers

    if error := misplaced(folder):
        raise error
    before = _digest(folder / HEAD)
    wish = Wish(str(folder / PAYLOAD), kept_entities(folder), surrogate_entities(folder))
    report = verify_bag(
        folder,
        check_files=in_workers(wish, os.cpu_count() or 1, {}),
        progress=lambda done, total: meter("verify", done, total, ""),
    )
    meter.clear()
    if not report.ok or report.head is None or before != _digest(folder / HEAD):
        first = report.problems[0] if report.problems else None
        raise VerificationError(
            f"{folder} is not a whole, clean batch.",
            f"{for_terminal(first.path)}: {first.what}" if first else "It changed meanwhile.",
            f"See `scrub verify {for_terminal(str(folder))}`.",
        )
    return report.head, before


def _digest(path: Path) -> str:
    from scrubber.errors import FolderError

    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise FolderError(f"{path} cannot be read.", f"({error.strerror}).") from error


def audit_folders(near_path: Path, audit_dir: Path | None) -> list[AuditFolder]:
    """Audit folders in the order in which they are asked.

    The one that is named, or that the configuration names, else those beside `near_path` and
    above it, then those in the data directory. No list of them is kept anywhere.
    """
    from reports.audit import AuditFolder
    from scrubber.cli.where import near
    from scrubber.config import load_config
    from scrubber.keys import AUDIT_MARKER, data_home

    if audit_dir is not None:
        return [AuditFolder.open(audit_dir)]
    configured = load_config().audit_dir
    places = [
        *([configured] if configured else []),
        *near(near_path),
        *sorted((data_home() / "audit").glob("*")),
    ]
    return [AuditFolder(place) for place in places if (place / AUDIT_MARKER).is_file()]


def audit_of(batch_id: str, near_path: Path, audit_dir: Path | None) -> AuditFolder:
    """The audit folder that has the log of a batch. Raises FolderError."""
    from scrubber.errors import FolderError

    folders = audit_folders(near_path, audit_dir)
    for audit in folders:
        if batch_id in audit.batches():
            return audit
    looked = ", ".join(str(audit.path) for audit in folders) or "none was found"
    raise FolderError(
        f"The private log of batch {batch_id} was not found.",
        f"Audit folders: {looked}.",
        "Name the right one with --audit-dir, or restore it from your backup.",
    )


def named_batch(name: str) -> tuple[str, Path]:
    """Id of the batch that `name`, a folder or an id, stands for, and where to look for its log.

    Raises UsageError.
    """
    from reports.manifest import HEAD, parse_head
    from scrubber.errors import UsageError

    folder = Path(name)
    if folder.is_dir():
        try:
            return parse_head((folder / HEAD).read_bytes()).batch_id, folder.absolute() / HEAD
        except (OSError, ValueError) as error:
            raise UsageError(
                f"{name} is no batch.", fix="Give the folder that --out named, or a batch id."
            ) from error
    if _ID.fullmatch(name):
        return name, Path.cwd() / HEAD
    raise UsageError(
        f"{name} is no folder and no batch id.", fix="`scrub ledger list` shows the ids."
    )


def published(audit: AuditFolder, batch_id: str) -> tuple[Head, str]:
    """The head of a batch as the audit folder keeps it, and its SHA-256. Raises FolderError."""
    from reports.audit import HEAD_COPY
    from reports.manifest import parse_head
    from scrubber.errors import FolderError

    try:
        data = (audit.batch(batch_id) / HEAD_COPY).read_bytes()
        return parse_head(data), sha256(data).hexdigest()
    except (OSError, ValueError) as error:
        raise FolderError(
            f"{audit.path} has no copy of the manifest of batch {batch_id}.",
            fix="Give the clean folder instead of the id.",
        ) from error


def check_head(audit: AuditFolder, head: Head, digest: str) -> None:
    """Refuse a second head for one batch. Raises VerificationError.

    Two manifests with one id and one log would let two recipients hold different terms.
    """
    from reports.audit import HEAD_COPY
    from scrubber.errors import VerificationError

    copy = audit.batch(head.batch_id) / HEAD_COPY
    if copy.is_file() and published(audit, head.batch_id)[1] != digest:
        raise VerificationError(
            f"This manifest.json is not the one that batch {head.batch_id} was published with.",
            "Two heads for one batch contradict each other.",
            "Run scrub again: a new batch gets an id of its own.",
        )


def events(audit: AuditFolder, head: Head) -> Iterator[dict[str, object]]:
    """The private log of a batch, which must end as its head says. Raises VerificationError."""
    from reports.audit import LOG
    from reports.log import read_log

    yield from read_log(audit.batch(head.batch_id) / LOG, head.batch_id, head.log_head)


def project_key(key_file: Path | None) -> ProjectKey:
    """The key that batches were made with; none is made here. Raises UsageError, FolderError."""
    from scrubber.errors import UsageError
    from scrubber.keys import key_path, load_key

    path = key_file or key_path()
    if not path.exists():
        raise UsageError(
            f"The project key is not there: {path}",
            "Without it nothing in the private log can be proved or used.",
            "Restore it from your backup, or name it with --key.",
        )
    return load_key(key_file=path)[0]
