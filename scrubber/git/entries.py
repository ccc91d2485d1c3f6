"""What git is about to let out, file by file: one row for each path and object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scrubber.git.repository import GitFailed

SYMLINK, SUBMODULE, TREE = "120000", "160000", "040000"


@dataclass(frozen=True, slots=True)
class Entry:
    """A path (bytes, below the root), the object that stands there, and a commit that adds it."""

    path: bytes
    mode: str  # 100644, 100755, 120000 (a symlink), 160000 (a submodule)
    oid: str
    commit: str = ""
    unmerged: bool = False


def raw_entries(records: Sequence[bytes]) -> Iterator[Entry]:
    """Rows of `--raw -z` output; a combined diff (`-c`) and commit lines are understood too.

    gitdiffcore(7), "Raw output format" and "diff format for merges". Raises GitFailed for
    anything else: a row that is not understood must not pass.
    """
    commit, at = "", 0
    while at < len(records):
        head = records[at].lstrip(b"\n")
        if not head.startswith(b":"):
            commit = head.split(b" ", 1)[0].decode("ascii", "replace")
            at += 1
            continue
        parents = len(head) - len(head.lstrip(b":"))
        words = head[parents:].decode("ascii", "replace").split(" ")
        if len(words) != 2 * (parents + 1) + 1 or at + 1 >= len(records):
            raise GitFailed("git listed its changes in a way that is not known.", fix="Update git.")
        mode, oid, status = words[parents], words[2 * parents + 1], words[-1]
        path = records[at + 1]
        at += 2
        unmerged = status == "U"
        if mode != "000000" or unmerged:
            yield Entry(path, mode, oid, commit, unmerged)


def tree_entries(records: Sequence[bytes]) -> Iterator[Entry]:
    """Rows of `ls-tree -r -z`: mode, kind, object, TAB, path."""
    for record in records:
        head, _, path = record.partition(b"\t")
        mode, _, oid = head.decode("ascii", "replace").split(" ")
        yield Entry(path, mode, oid)
