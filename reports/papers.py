"""Papers that outlive a batch, kept in the audit folder: contracts and receipts.

A paper is copied as it is, into a name made of its digest: what somebody called it
stays outside, and the same paper is kept once.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from reports.audit import AuditFolder
from scrubber.canonical import canonical
from scrubber.commit import fact_secrets
from scrubber.errors import FolderError, UsageError
from scrubber.merkle import leaf_hash

CONTRACTS, RECEIPTS, REQUESTS = "contracts", "receipts", "requests"
LIMIT = 64 << 20
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept file: its place below the audit folder, SHA-256 (hex) and size in bytes."""

    place: str
    sha256: str
    size: int


def read_paper(path: Path) -> bytes:
    """The bytes of a paper. Raises UsageError for what is none, FolderError if unreadable."""
    try:
        if not path.is_file():
            raise UsageError(f"There is no file {path}.", fix="Check the path.")
        if path.stat().st_size > LIMIT:
            raise UsageError(
                f"{path} is larger than {LIMIT >> 20} MiB.", fix="Is it the right file?"
            )
        data = path.read_bytes()
    except OSError as error:
        raise FolderError(f"{path} cannot be read.", f"({error.strerror}).") from error
    if not data:
        raise UsageError(f"{path} is empty.", fix="Is it the right file?")
    return data


def keep_paper(audit: AuditFolder, kind: str, path: Path, data: bytes) -> Paper:
    """Copy `data`, read from `path`, into the audit folder, 0600, synced. Raises FolderError."""
    digest = hashlib.sha256(data).hexdigest()
    suffix = path.suffix.lower() if _SUFFIX.fullmatch(path.suffix) else ".bin"
    folder = audit.path / kind
    paper = Paper(f"{kind}/{digest[:32]}{suffix}", digest, len(data))
    write_private(folder, audit.path / paper.place, data)
    return paper


def write_private(folder: Path, target: Path, data: bytes) -> None:
    """Write `target` in one step into `folder`, which is made 0700; the file 0600. FolderError."""
    temporary = folder / f".{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, target)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise FolderError(f"{folder} cannot be written.", f"({error.strerror}).") from error


def contract_fact(commit_key: bytes, sha256: str) -> tuple[str, str]:
    """The salted fact of a contract (canonical JSON) and its public commitment (hex).

    The commitment is the leaf hash of the fact, as in scrub-commit/v1: whoever is shown the
    fact can check it, nobody can guess the contract from the commitment.
    """
    salt, _ = fact_secrets(commit_key, "", "contract", 0)
    fact = canonical({"fact": "contract", "salt": salt.hex(), "sha256": sha256})
    return fact, leaf_hash(fact.encode("utf-8")).hex()
