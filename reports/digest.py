"""Hashing a file that somebody else may have put there."""

from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

BLOCK = 1 << 18
OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
"""Never through a link in the last component, never waiting for a pipe."""


def file_digest(path: Path | str, limit: int) -> tuple[str, int] | None:
    """SHA-256 (hex) and size in bytes of a regular file of at most `limit` bytes.

    None if it is larger (a sparse file costs its maker nothing and its reader
    hours), no regular file, or unreadable.
    """
    try:
        handle = os.open(path, OPEN_FLAGS)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return None
        block = os.read(handle, BLOCK)
        digest, size = sha256(block), len(block)
        while block and size <= limit and (size < found.st_size or len(block) == BLOCK):
            block = os.read(handle, BLOCK)
            digest.update(block)
            size += len(block)
        return digest.hexdigest(), size
    except OSError:
        return None
    finally:
        os.close(handle)
