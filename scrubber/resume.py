"""Interrupted runs: a run with the same wish goes on where the last one stopped."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
from pathlib import Path

from scrubber.errors import FolderError

_WORK = "work"
_WISH = "wish"


def wish_of(*rows: object) -> str:
    """Digest of everything that must be equal for a run to be resumed."""
    return hashlib.sha256(json.dumps(rows, default=os.fspath).encode()).hexdigest()


def unfinished(audit: Path, wish: str) -> str:
    """Id of the interrupted batch with this wish, "" if there is none.

    Work folders of runs that another wish has overtaken are removed.
    """
    found = ""
    with contextlib.suppress(FileNotFoundError):
        for folder in sorted((audit / _WORK).iterdir()):
            lock = _lock(folder)
            if lock is None:
                continue  # that run is still at work
            try:
                same = (folder / _WISH).read_text("ascii") == wish
            except OSError:
                same = False
            if same and not found:
                found = folder.name
            else:
                shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    return found


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock, or None while another process does."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


_held: list[int] = []  # locks that end with this process


def work_folder(audit: Path, batch: str, wish: str) -> Path:
    """The private folder of a run until it is recorded, locked while this process lives."""
    folder = audit / _WORK / batch
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _lock(folder)
    if lock is None:
        raise FolderError(f"Another run is working on batch {batch}.", fix="Wait for it to end.")
    _held.append(lock)
    (folder / _WISH).write_text(wish, "ascii")
    return folder
