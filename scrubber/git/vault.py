"""Where originals go when `scrub fix` takes them out of the index: private, outside the repository.

One folder a work tree in the user's data directory, 0700; files, 0600, under the SHA-256 of
their bytes; and a listing with a line for each, which holds no removed value. An original is
on the disk, and listed, before anything in the repository changes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scrubber.canonical import path_fields, path_from
from scrubber.errors import FolderError, VerificationError
from scrubber.git.repository import Repository
from scrubber.keys import AUDIT_MARKER, data_home

LISTING = "listing.jsonl"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One original. `path` is below the root; oids are the blobs before and after."""

    path: str
    old: str
    new: str
    sha256: str
    size: int
    clean_sha256: str  # of the clean file, which is the file behind a pointer of Git LFS
    lfs: bool
    executable: bool
    tree: bool  # the copy in the work tree was the same and is to be replaced
    entities: tuple[tuple[str, int], ...]
    time: str = ""


@dataclass(frozen=True, slots=True)
class Vault:
    """The kept originals of one work tree."""

    folder: Path

    @classmethod
    def of(cls, repository: Repository) -> Vault:
        """The vault of one work tree."""
        place = repository.git_dir.resolve()
        top = repository.top() or place
        told = re.sub(r"[^A-Za-z0-9._-]", "_", top.name)[:60]
        digest = hashlib.sha256(os.fsencode(place)).hexdigest()[:12]
        return cls(data_home() / "vault" / f"{told}-{digest}")

    def open(self, repository: Repository) -> None:
        """Makes the folder. Raises FolderError where it would lie in the repository itself."""
        for place in (repository.top(), repository.common_dir):
            if place is not None and self.folder.resolve().is_relative_to(place.resolve()):
                raise FolderError(
                    f"Originals would be kept inside the repository, in {self.folder}.",
                    fix="Set SCRUB_DATA_HOME to a folder outside it.",
                )
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.folder.chmod(0o700)
            (self.folder / AUDIT_MARKER).touch(0o600)
        except OSError as error:
            raise _refused(self.folder, error) from error

    def keep(self, path: Path) -> str:
        """Copies a file in, to last; returns its SHA-256. Raises FolderError."""
        try:
            handle, name = tempfile.mkstemp(prefix=".new-", dir=self.folder)
            digest = hashlib.sha256()
            try:
                with os.fdopen(handle, "wb") as to, path.open("rb") as source:
                    while block := source.read(_BLOCK):
                        digest.update(block)
                        to.write(block)
                    to.flush()
                    os.fsync(to.fileno())
                os.replace(name, self.folder / digest.hexdigest())
            except BaseException:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(name)
                raise
        except OSError as error:
            raise _refused(self.folder, error) from error
        return digest.hexdigest()

    def note(self, rows: Iterable[Kept]) -> None:
        """Lists originals that are kept."""
        now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._append(
            {
                "event": "kept", "time": now, **path_fields(row.path), "old": row.old,
                "new": row.new, "sha256": row.sha256, "size": row.size,
                "clean_sha256": row.clean_sha256, "lfs": row.lfs, "executable": row.executable,
                "tree": row.tree, "entities": dict(row.entities),
            }
            for row in rows
        )  # fmt: skip

    def settle(self, rows: Iterable[Kept]) -> None:
        """Notes that nothing is left to do in the work tree for these."""
        self._append({"event": "done", **path_fields(row.path), "new": row.new} for row in rows)

    def kept(self) -> list[Kept]:
        """Every listed original, oldest first. A line cut short by a crash is passed over."""
        return [_kept(row) for row in self._rows() if row.get("event") == "kept"]

    def unsettled(self) -> list[Kept]:
        """The newest row of each path whose work tree copy may still have to be replaced."""
        open_rows: dict[str, Kept] = {}
        for row in self._rows():
            path = path_from(row)
            open_rows.pop(path, None)
            if row.get("event") == "kept" and row.get("tree"):
                open_rows[path] = _kept(row)
        return list(open_rows.values())

    def original(self, row: Kept) -> Path:
        """The file. Raises FolderError when it is gone, VerificationError when it is another."""
        path = self.folder / row.sha256
        if not path.is_file():
            raise FolderError(
                f"The original is no longer in {self.folder}.", "Somebody has removed it."
            )
        if digest_of(path) != row.sha256:
            raise VerificationError(
                f"The kept original {path} is damaged.", fix="Take it from a backup."
            )
        return path

    def _rows(self) -> Iterator[dict[str, object]]:
        try:
            text = (self.folder / LISTING).read_text("utf-8")
        except FileNotFoundError:
            return
        except OSError as error:
            raise _refused(self.folder, error) from error
        for line in text.splitlines():
            with contextlib.suppress(ValueError):
                row = json.loads(line)
                if isinstance(row, dict) and "path" in row:
                    yield row

    def _append(self, rows: Iterable[dict[str, object]]) -> None:
        text = "".join(f"{json.dumps(row, sort_keys=True)}\n" for row in rows)
        if not text:
            return
        path = self.folder / LISTING
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        try:
            with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as stream:
                end = stream.seek(0, os.SEEK_END)
                torn = end and os.pread(stream.fileno(), 1, end - 1) != b"\n"
                stream.write((b"\n" if torn else b"") + text.encode("ascii"))
                os.fsync(stream.fileno())
        except OSError as error:
            raise _refused(self.folder, error) from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _kept(row: dict[str, object]) -> Kept:
    words = {name: str(row[name]) for name in ("old", "new", "sha256", "clean_sha256", "time")}
    entities, size = row["entities"], row["size"]
    return Kept(
        path=path_from(row),
        size=size if isinstance(size, int) else 0,
        lfs=bool(row["lfs"]),
        executable=bool(row["executable"]),
        tree=bool(row["tree"]),
        entities=tuple(entities.items()) if isinstance(entities, dict) else (),
        **words,
    )


def _refused(folder: Path, error: OSError) -> FolderError:
    return FolderError(
        f"Originals cannot be kept in {folder}",
        f"({error.strerror}), so nothing was changed.",
        "Free some space or check the permissions, or set SCRUB_DATA_HOME to another folder.",
    )
