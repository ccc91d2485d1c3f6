"""The files below a folder in the byte order of their paths, links never followed.

Holds the names of the folders on the way down, nothing more. Whatever is no
regular file, has no portable name, or stands empty is reported on the way.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from reports.bag import PAYLOAD
from reports.portable import folded, unportable_part
from reports.problems import Problems

SHOWN = PAYLOAD + "/"
"""Before every path in a problem."""


def walk_files(root: Path, problems: Problems) -> Iterator[str]:
    """Yields the paths below `root` of regular files with UTF-8 names.

    A folder sorts as its name with a slash, so that the order is that of whole
    paths, and of the lists.
    """
    stack = [("", iter(_entries(str(root), "", problems)))]
    while stack:
        above, entries = stack[-1]
        entry = next(entries, None)
        if entry is None:
            stack.pop()
            continue
        key, path = entry
        below = above + key
        if not key.endswith("/"):
            yield below
            continue
        inner = _entries(path, below, problems)
        stack.append((below, iter(inner)))


def _entries(folder: str, below: str, problems: Problems) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    seen: set[str] = set()
    empty = True
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                empty = False
                key = _key(entry, below, problems)
                name = folded(entry.name)
                if name in seen:
                    problems.add(SHOWN + below + entry.name, "name", "It differs in case alone.")
                seen.add(name)
                if key is not None:
                    found.append((key, entry.path))
    except OSError as error:
        problems.add(SHOWN + below, "unreadable", f"The folder cannot be read: {error.strerror}.")
    else:
        if empty and below:
            problems.add(
                SHOWN + below, "empty-folder", "An empty folder: its name is all it tells."
            )
    found.sort()
    return found


def _key(entry: os.DirEntry[str], below: str, problems: Problems) -> str | None:
    name = entry.name
    if why := unportable_part(name):
        problems.add(SHOWN + below + name, "name", f"The name {why}.")
        if not name.isascii() and not _is_utf8(name):
            return None
    if entry.is_file(follow_symlinks=False):
        return name
    if entry.is_dir(follow_symlinks=False):
        return name + "/"
    code = "link" if entry.is_symlink() else "special"
    problems.add(SHOWN + below + name, code, "Neither a regular file nor a folder.")
    return None


def _is_utf8(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
