"""Reading objects in bulk: one `cat-file` process for many, each object checked by its id.

A damaged object costs one blob, not the scan: the process is started again. An object
that a partial clone has left with its remote is never asked for, so nothing is fetched.
"""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import IO

from scrubber.errors import Damaged, Held, Unreadable
from scrubber.git.repository import Repository, environment

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Info:
    """What git says of an object; `kind` is "missing" when it is not here."""

    oid: str
    kind: str  # blob, tree, commit, tag, missing
    size: int = 0


class Objects:
    """A reader of objects. Use as a context manager."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Objects:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _here(self) -> frozenset[str] | None:
        """Every object that is here, in a partial clone; None where none may be missing."""
        if not self._repository.partial():
            return None
        wanted = ("--batch-all-objects", "--unordered", "--batch-check=%(objectname)")
        return frozenset(self._repository.lines("cat-file", *wanted))

    def here(self, oid: str) -> bool:
        """False for an object that a partial clone left with its remote."""
        return self._here is None or oid in self._here

    def info(self, oids: Iterable[str]) -> Iterator[Info]:
        """Kind and size of each, in order. Raises GitFailed when git stops."""
        wanted = list(oids)
        absent = {oid for oid in wanted if not self.here(oid)}
        asked = [oid for oid in wanted if oid not in absent]
        said = self._repository.lines("cat-file", "--batch-check", stdin=asked)
        for oid in wanted:
            if oid in absent:
                yield Info(oid, "missing")
                continue
            words = next(said, "").split(" ")
            yield Info(oid, words[1], int(words[2])) if len(words) == 3 else Info(oid, "missing")
        for _ in said:  # the exit status is looked at when the last line has come
            pass

    def read(self, oid: str) -> tuple[str, bytes]:
        """Kind and content of one object, whole. Raises Held when it is missing or damaged."""
        kind, size, pipe, digest = self._open(oid)
        data = self._take(oid, pipe, size)
        digest.update(data)
        self._end(oid, pipe, digest)
        return kind, data

    def blob(self, oid: str, sink: IO[bytes], whole: int = _BLOCK) -> bytes | None:
        """Writes a blob to `sink`; one of at most `whole` bytes is also returned."""
        kind, size, pipe, digest = self._open(oid)
        kept = b"" if size <= whole else None
        left = size
        while left:
            block = self._take(oid, pipe, min(left, _BLOCK))
            digest.update(block)
            sink.write(block)
            kept = block if kept is not None else None
            left -= len(block)
        self._end(oid, pipe, digest)
        if kind != "blob":
            raise Damaged(f"git calls the object {oid[:12]} a {kind}, not a file.")
        return kept

    def close(self) -> None:
        """Ends the process. May be called twice."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _open(self, oid: str) -> tuple[str, int, IO[bytes], hashlib._Hash]:
        if not self.here(oid):
            raise missing(oid)
        if self._process is None:
            self._process = subprocess.Popen(
                self._repository.command(("cat-file", "--batch")),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=environment(),
            )  # fmt: skip
        process = self._process
        assert process.stdin is not None  # pipes were asked for
        assert process.stdout is not None
        try:
            process.stdin.write(oid.encode("ascii") + b"\n")
            process.stdin.flush()
        except BrokenPipeError:
            raise self._broken(oid) from None
        words = process.stdout.readline().decode("ascii", "replace").split()
        if len(words) == 2 and words[1] == "missing":
            raise missing(oid)
        if len(words) != 3 or words[0] != oid:
            raise self._broken(oid)
        digest = hashlib.new(self._repository.hash_name, usedforsecurity=False)
        digest.update(f"{words[1]} {words[2]}\0".encode("ascii"))
        return words[1], int(words[2]), process.stdout, digest

    def _take(self, oid: str, pipe: IO[bytes], n: int) -> bytes:
        data = pipe.read(n)
        if len(data) != n:
            raise self._broken(oid)
        return data

    def _end(self, oid: str, pipe: IO[bytes], digest: hashlib._Hash) -> None:
        if pipe.read(1) != b"\n":
            raise self._broken(oid)
        if digest.hexdigest() != oid:
            raise Damaged(
                f"The object {oid[:12]} is not what its name says.",
                fix="The repository is damaged: run `git fsck`.",
            )

    def _broken(self, oid: str) -> Held:
        self.close()
        return Damaged(
            f"git could not read the object {oid[:12]}.",
            fix="The repository is damaged: run `git fsck`.",
        )


def missing(oid: str) -> Unreadable:
    """The error for an object that is not here."""
    return Unreadable(
        f"The object {oid[:12]} is not in this repository,",
        "so nobody looked inside, and scrub fetches nothing.",
        "Fetch it with git (`git fetch --refetch`, or check the file out), then try again.",
    )
