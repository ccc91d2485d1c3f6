"""Interrupted runs: a run with the same wish goes on where the last one stopped."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sqlite3
from pathlib import Path

from scrubber.errors import FolderError

WORK = "work"
_WISH = "wish"
JOURNAL = "journal.sqlite"


def wish_of(*rows: object) -> str:
    """Digest of everything that must be equal for a run to be resumed."""
    return hashlib.sha256(json.dumps(rows, default=os.fspath).encode()).hexdigest()


def unfinished(audit: Path, wish: str) -> str:
    """Id of the interrupted batch with this wish, "" if there is none.

    Work folders of runs that another wish has overtaken are removed.
    """
    found = ""
    with contextlib.suppress(FileNotFoundError):
        for folder in sorted((audit / WORK).iterdir()):
            lock = _lock(folder)
            if lock is None:
                continue  # that run is still at work
            if not found and _same(folder, wish):
                found = folder.name
            else:
                shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
    return found


def _same(folder: Path, wish: str) -> bool:
    """Is there something in `folder` to go on with, and for this wish?"""
    try:
        if (folder / _WISH).read_text("ascii") != wish:
            return False
        return sound(folder / JOURNAL)
    except (OSError, UnicodeDecodeError):
        return False


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock, or None while another process does."""
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


_held: dict[Path, int] = {}  # locks that end with this process


def release(work: Path) -> None:
    """Lets another run of the same process or of another go on with the batch."""
    lock = _held.pop(work, None)
    if lock is not None:
        os.close(lock)


def work_folder(audit: Path, batch: str, wish: str) -> Path:
    """The private folder of a run until it is recorded, locked while this process lives."""
    folder = audit / WORK / batch
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = _lock(folder)
    if lock is None:
        raise FolderError(f"Another run is working on batch {batch}.", fix="Wait for it to end.")
    _held[folder] = lock
    (folder / _WISH).write_text(wish, "ascii")
    return folder


def sound(path: Path) -> bool:
    """Is there a journal at `path` that SQLite finds whole?"""
    if not path.is_file():
        return False
    try:
        with contextlib.closing(sqlite3.connect(path)) as db:
            return bool(db.execute("PRAGMA quick_check").fetchone()[0] == "ok")
    except sqlite3.Error:
        return False
