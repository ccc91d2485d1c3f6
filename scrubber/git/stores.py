"""Writing what git and Git LFS keep: objects of LFS, and entries of the index in one step."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import FolderError
from scrubber.git.entries import Entry
from scrubber.git.pointers import Stores
from scrubber.git.repository import GitFailed, Repository

_POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"


def put_lfs(stores: Stores, path: Path, sha256: str) -> bytes:
    """Stores a file as Git LFS would, and returns its pointer (git-lfs `docs/spec.md`)."""
    size = path.stat().st_size
    place = stores.lfs / sha256[:2] / sha256[2:4] / sha256
    if not place.is_file() or place.stat().st_size != size:
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".scrub-", dir=place.parent)
            try:
                with os.fdopen(handle, "wb") as to, path.open("rb") as source:
                    shutil.copyfileobj(source, to, 1 << 20)
                    os.fchmod(to.fileno(), 0o644)
                    to.flush()
                    os.fsync(to.fileno())
                os.replace(name, place)
            except BaseException:
                with suppress(FileNotFoundError):
                    os.unlink(name)
                raise
        except OSError as error:
            raise FolderError(f"{stores.lfs} cannot be written", f"({error.strerror}).") from error
    return _POINTER.format(sha256, size).encode("ascii")


def stage(repository: Repository, changes: Sequence[tuple[Entry, str]]) -> None:
    """Gives entries of the index new objects, all in one step; mode and flags stay.

    Raises GitFailed when an entry is no longer what it was; the index is as it was then.
    """
    if not changes:
        return
    now = indexed(repository)
    for entry, _ in changes:
        row = now.get(entry.path)
        if row is None or row.oid != entry.oid:
            raise GitFailed(
                f"{os.fsdecode(entry.path)} was staged anew meanwhile.",
                "Nothing was changed.",
                "Run it again.",
            )
    rows = b"".join(
        f"{entry.mode} {oid}\t".encode("ascii") + entry.path + b"\0" for entry, oid in changes
    )
    repository.run("update-index", "-z", "--index-info", stdin=rows, locks=True)
    _flag(repository, "--skip-worktree", [e.path for e, _ in changes if now[e.path].sparse])
    _flag(repository, "--assume-unchanged", [e.path for e, _ in changes if now[e.path].assumed])


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the index: its object, and the two flags that a new entry lacks."""

    oid: str
    sparse: bool  # skip-worktree: not checked out
    assumed: bool  # assume-unchanged


def indexed(repository: Repository) -> dict[bytes, Row]:
    """The whole index but what is unmerged, by path below the root. git-ls-files(1), -v and -s."""
    found = {}
    for record in repository.records("ls-files", "-v", "-s", "-z", "--full-name", "--", ":/"):
        head, _, path = record.partition(b"\t")
        tag, _, oid, stage_ = head.decode("ascii").split(" ")
        if stage_ == "0":
            found[path] = Row(oid, tag in "Ss", tag.islower())
    return found


def _flag(repository: Repository, flag: str, paths: Sequence[bytes]) -> None:
    """update-index takes paths from the working directory, so it goes to the root."""
    if paths:
        text = b"".join(path + b"\0" for path in paths)
        top = os.fspath(repository.top() or ".")
        words = ("-C", top, "update-index", flag, "-z", "--stdin")
        repository.run(*words, stdin=text, locks=True)
