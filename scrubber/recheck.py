"""Are the files of a batch those that are listed, and still clean? Judged by the second reader.

A batch may be hostile, so files are read in workers: a crash, a hang or a memory blow-up is
a problem of one file. Each file is opened once, for its digest and for its structure.
"""

from __future__ import annotations

import os
import stat
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from scrubber.errors import Held, ScrubError, Unreadable
from scrubber.source import FLAGS, FileSource, blocks

Listed = tuple[str, bytes, int, str]
"""Path below the payload, SHA-256, size in bytes, media type."""

Group = tuple[Listed, ...]

SMALL = 1 << 20
"""Bytes of a file whose digest is taken in one read."""

Wrong = tuple[str, str, str]
"""Path, code and words."""

_WORDS = {
    "worker-died": "The process that read it crashed",
    "timed-out": "Reading it takes longer than a file of its size may take",
    "too-large": "Reading it needs more memory than one file may take",
    "internal": "Reading it ended in a mistake of ours, please report it",
}
PATIENCE = 20
"""Files that may end their workers before the rest of the batch is not read any more."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked about the files below `payload`.

    `kept` are the entities that the batch says it keeps, `surrogates` those that invented values
    stand for; `structure` asks the second readers,
    `deep` the detectors as well.
    """

    payload: str
    kept: tuple[str, ...] = ()
    surrogates: tuple[str, ...] = ()
    structure: bool = True
    deep: bool = False


class Recheck:
    """Reads files again. `findings` fills with what detectors see, when `deep` is asked for."""

    def __init__(self, wish: Wish) -> None:
        self._wish = wish
        self._kept = frozenset(wish.kept)
        self._surrogates = frozenset(wish.surrogates)
        self.findings: dict[str, str] = {}

    def check(self, listed: Listed) -> Iterator[tuple[str, str]]:
        """Code and words of everything wrong with one file."""
        path, digest, size, media_type = listed
        file = f"{self._wish.payload}/{path}"
        if not self._wish.structure and size <= SMALL and _is(file, digest, size):
            return
        try:
            with FileSource(file) as source:
                if source.size != size:
                    yield "changed", f"It has {source.size} bytes, the lists say {size}."
                    return
                if _digest(source) != digest:
                    yield "changed", "Its bytes are not those that are listed."
                    return
                if not self._wish.structure:
                    return
                leftovers = self._leftovers(source, path, media_type)
                for words in leftovers:
                    yield "not-clean", words
                if not source.unchanged():
                    yield "changed", "Another program wrote to it while it was read."
        except Unreadable as error:
            yield "unreadable", f"{error.what} {error.why}".strip()
            return
        except Held as error:
            yield "not-clean", f"{error.what} {error.why}".strip()
            return
        if self._wish.deep and not leftovers:
            self._look(path, file)

    def read_item(self, path: Path, media_type: str) -> tuple[str, ...]:
        """What should not stand in the file at `path`."""
        try:
            with FileSource(path) as source:
                return self._leftovers(source, path.name, media_type)
        except Held as error:
            return (error.what,)

    def _leftovers(self, source: FileSource, name: str, media_type: str) -> tuple[str, ...]:
        from scrubber.containers import load_reader
        from scrubber.identify import identify
        from scrubber.shapes import unkept

        row = identify(source, name).container
        if row.media_type != media_type:
            return (f"It is {row.label}, the list says {media_type}.",)
        leftovers: tuple[str, ...] = load_reader(row)(source, ()).leftovers
        return unkept(leftovers, (self._kept | self._surrogates).__contains__)

    @cached_property
    def _bench(self):  # type: ignore[no-untyped-def]  # a Bench; imported only for --deep
        from scrubber.bench import Setup, prepare
        from scrubber.policy import load_policy

        return prepare(
            Setup(load_policy("standard"), "", b"\0" * 32, os.urandom(32), "", False, False)
        )

    def _look(self, path: str, file: str) -> None:
        from scrubber.look import look

        try:
            seen = look(self._bench, file)
        except ScrubError as error:
            self.findings[path] = str(error)
            return
        if seen.held is not None:
            self.findings[path] = str(seen.held)
        elif seen.found:
            counts = Counter(row.entity for row in seen.found if row.entity not in self._kept)
            if counts:
                self.findings[path] = ", ".join(map(self._told, sorted(counts.items())))

    def _told(self, found: tuple[str, int]) -> str:
        """An entity; where surrogates may stand, how many, for nobody can tell them from leaks."""
        name, count = found
        return f"{name} ({count}, surrogates or left behind)" if name in self._surrogates else name


def _is(file: str, digest: bytes, size: int) -> bool:
    """Whether `file` is a regular file of `size` bytes with that SHA-256. Says no more, fast."""
    try:
        handle = os.open(file, FLAGS)
        try:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                return False
            data = os.read(handle, size + 1)
        finally:
            os.close(handle)
    except OSError:
        return False
    return len(data) == size and sha256(data).digest() == digest


def _digest(source: FileSource) -> bytes:
    if source.data is not None:
        return sha256(source.data).digest()
    digest = sha256()
    for block in blocks(source):
        digest.update(block)
    return digest.digest()


def prepare(wish: Wish) -> Recheck:
    """The state of a worker."""
    return Recheck(wish)


def work(state: Recheck, group: Group) -> tuple[list[Wrong], dict[str, str]]:
    """What is wrong with the files of one group, and what detectors see in them."""
    state.findings = {}
    wrong = [(one[0], code, what) for one in group for code, what in state.check(one)]
    return wrong, state.findings


def in_workers(
    wish: Wish, jobs: int, findings: dict[str, str]
) -> Callable[[Iterator[Group]], Iterator[Wrong]]:
    """Checks groups of files in `jobs` processes and yields what is wrong, as it comes.

    What detectors see goes to `findings`. A group whose worker ended is read again file by
    file, so that the one to blame is named; after `PATIENCE` such files the check ends.
    """
    from scrubber.policy import load_policy
    from scrubber.workers import Done, Pool

    limits = load_policy("standard").limits
    again: deque[Group] = deque()

    def deadline(group: Group) -> float:
        return limits.deadline(sum(listed[2] for listed in group), text=wish.deep)

    def feed(groups: Iterator[Group]) -> Iterator[Group]:
        for group in groups:
            while again:
                yield again.popleft()
            yield group

    def check(groups: Iterator[Group]) -> Iterator[Wrong]:
        failures = 0
        tasks = feed(groups)
        with Pool(
            jobs,
            initialise="scrubber.recheck:prepare",
            work="scrubber.recheck:work",
            setup=wish,
            memory=limits.worker_memory,
        ) as pool:
            while True:
                for result in pool.run(tasks, deadline=deadline):
                    if isinstance(result, Done):
                        wrong, seen = result.value
                        findings.update(seen)
                        yield from wrong
                    elif len(result.task) > 1:
                        again.extend((listed,) for listed in result.task)
                    else:
                        failures += 1
                        yield result.task[0][0], result.code, _words(result.code, result.detail)
                        if failures == PATIENCE:
                            yield "", "stopped", "Too many files end what reads them."
                            return
                if not again:
                    return
                tasks = feed(iter([again.popleft()]))

    return check


def _words(code: str, detail: str) -> str:
    return f"{_WORDS[code]} ({detail})." if detail else f"{_WORDS[code]}."
