"""Kept originals: put back, and what a run that was killed left to do."""

from __future__ import annotations

import os
from pathlib import Path

from scrubber.errors import UsageError
from scrubber.git.objects import Objects
from scrubber.git.pointers import Stores
from scrubber.git.repository import GitFailed, Repository
from scrubber.git.stores import indexed
from scrubber.git.vault import Kept, Vault, digest_of
from scrubber.git.work_tree import OTHER, SAME, WorkTree


def finish(repository: Repository, vault: Vault, top: Path, work: Path) -> list[str]:
    """Copies in the work tree that a run was to replace before it was killed."""
    rows = vault.unsettled()
    if not rows:
        return []
    tree = WorkTree.of(repository, top)
    stores = Stores.of(repository)
    done = []
    now = indexed(repository)
    for number, row in enumerate(rows):
        entry = now.get(os.fsencode(row.path))
        if entry is None or entry.oid != row.new:
            continue
        if tree.state(row.path, row.sha256, row.size) != SAME:
            continue
        clean = work / f"late-{number}"
        if row.lfs:
            name = row.clean_sha256
            clean = stores.lfs / name[:2] / name[2:4] / name
        else:
            with Objects(repository) as objects, clean.open("xb") as sink:
                objects.blob(row.new, sink)
        if clean.is_file() and digest_of(clean) == row.clean_sha256:
            tree.write(row.path, clean)
            done.append(row.path)
    vault.settle(rows)
    return done


def restore(repository: Repository, path: str, to: Path | None) -> Kept:
    """Puts the newest kept original of `path` back into the work tree, or at `to`.

    The index stays clean. Raises UsageError where none is kept or something else stands there.
    """
    vault = Vault.of(repository)
    found = [row for row in vault.kept() if row.path == path]
    if not found:
        raise UsageError(f"No original of {path} is kept.", fix="`scrub fix --list` lists them.")
    row = found[-1]
    original = vault.original(row)
    if to is not None:
        if os.path.lexists(to):
            raise UsageError(f"{to} is there already.", fix="Choose another --to.")
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            sink.write(original.read_bytes())
        return row
    top = repository.top()
    if top is None:
        raise GitFailed("There is no work tree here.", fix="Name a file with --to.")
    tree = WorkTree.of(repository, top)
    place = top / path
    size = place.stat().st_size if place.is_file() else 0
    if tree.state(path, row.clean_sha256, size) == OTHER:
        if tree.state(path, row.sha256, row.size) == SAME:
            return row
        raise UsageError(
            f"{path} in the work tree is neither there nor the clean copy any more.",
            "It would be lost.",
            "Name another file with --to.",
        )
    tree.write(path, original, row.executable)
    vault.settle([row])
    return row
