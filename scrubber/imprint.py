"""Whether anything was written below a folder between two moments, judged by what the system keeps.

A change that was undone leaves equal digests. It leaves another time of change (ctime), which no
program can set, on the file or on the folder in which it came and went.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Imprint:
    """Everything below a folder at one moment, as one digest, and the newest change (ns)."""

    digest: bytes
    newest: int


def imprint(folder: Path) -> Imprint:
    """Names, kinds, inodes, sizes and times below `folder`, itself included, contents not read.

    Memory is that of the names in one folder and the folders above it. Raises OSError.
    """
    digest, newest = sha256(), 0
    for path, status in _walk(os.fspath(folder)):
        newest = max(newest, status.st_ctime_ns)
        row = (
            status.st_mode, status.st_dev, status.st_ino, status.st_size,
            status.st_mtime_ns, status.st_ctime_ns,
        )  # fmt: skip
        digest.update(os.fsencode(path) + b"\0" + repr(row).encode("ascii") + b"\n")
    return Imprint(digest.digest(), newest)


def touched(folder: Path, since: Imprint) -> str:
    """The first path below `folder` that was changed after `since`, "." for itself, "" if none."""
    for path, status in _walk(os.fspath(folder)):
        if status.st_ctime_ns > since.newest:
            return os.path.relpath(path, folder)
    return ""


def _walk(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """What lies deepest first in each folder, so that a file is named before its folder."""
    with os.scandir(folder) as scan:
        entries = sorted(scan, key=lambda entry: entry.name)
    for entry in entries:
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            yield from _walk(entry.path)
        else:
            yield entry.path, status
    yield folder, os.lstat(folder)
