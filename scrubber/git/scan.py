"""The scan: entries and words in, verdicts out; only what was never judged is looked at.

Blobs are copied one by one into a private folder when a worker is free for them, and
removed when it has answered. A file behind a pointer is read where it lies. Whatever goes
wrong on the way makes a held file or an error, never a pass.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from scrubber.bench import Setup
from scrubber.containers import by_suffix, suffix_of
from scrubber.decisions import NO_DECISIONS, Decisions
from scrubber.engines import engines, engines_digest
from scrubber.errors import HOLD_CODES, Damaged, Held, ScrubError, TooLarge
from scrubber.git.commits import said
from scrubber.git.entries import SYMLINK, Entry
from scrubber.git.judge import BlobTask, Rules, hint_of
from scrubber.git.objects import Info, Objects
from scrubber.git.objects import missing as missing_object
from scrubber.git.pointers import LARGEST, Pointer, Stores, pointer_in
from scrubber.git.repository import Repository
from scrubber.git.rules import Basis
from scrubber.git.verdicts import CLEAN, HELD, Verdict, Verdicts
from scrubber.git.wishes import Progress
from scrubber.keys import ProjectKey, load_key
from scrubber.policy import Policy
from scrubber.workers import Failed, Pool

FORMAT = "3"  # of kept verdicts and of how a blob is judged
MESSAGE = "message"

_FAILURES = {
    "worker-died": "The worker that read this file died.",
    "timed-out": "This file took longer than its limit.",
    "too-large": "This file needs more memory than a worker may have.",
}


@dataclass(frozen=True, slots=True)
class Want:
    """One thing to be judged: an object under a kind of name. `link`: a symlink's target.

    `path` is there where a person has decided about the file at it alone.
    """

    oid: str
    hint: str
    link: bool = False
    path: str = ""

    @property
    def name(self) -> str:
        """All of the name that the verdict about a file depends on."""
        return f"{self.hint}\0{self.path}" if self.path else self.hint

    @property
    def kept_as(self) -> str:
        """The name under which the verdict about the object itself is kept."""
        return f"link/{self.name}" if self.link else self.name


@dataclass(slots=True)
class _Open:
    """A task under way: what is wanted, the content's name for the cache, the copy to remove."""

    want: Want
    content: str
    hint: str
    copy: str
    sha256: str = ""


@dataclass(slots=True)
class Scan:
    """The judge of one repository under one basis. Verdicts come back by `Want`."""

    repository: Repository
    basis: Basis
    work: Path
    jobs: int = 0
    progress: Progress | None = None
    kept: bool = True  # whether verdicts are kept between scans
    looked: int = 0  # judged in this scan, not known before
    _open: dict[int, _Open] = field(default_factory=dict)

    def judge(self, wants: Iterable[Want]) -> dict[Want, Verdict]:
        """The verdict for every want. Raises GitFailed or FolderError when it cannot be had."""
        key, cache = self._cache()
        found: dict[Want, Verdict] = {}
        with cache:
            unknown = []
            for want in dict.fromkeys(wants):
                verdict = self._known(cache, want)
                if verdict is None:
                    unknown.append(want)
                else:
                    found[want] = verdict
            self.looked += len(unknown)
            if unknown:
                self._look(key, cache, unknown, found)
        return found

    # what is known ---------------------------------------------------------------

    def _cache(self) -> tuple[ProjectKey, Verdicts]:
        try:
            key, _ = load_key()
        except ScrubError:  # no home to keep a key in: nothing is kept either
            return ProjectKey(os.urandom(32)), Verdicts(None, b"", "")
        basis = self.basis
        people = "\n".join(f"{name}\0{text}" for text, name in sorted(basis.people))
        digest = engines_digest(engines(basis.policy.text_models))
        rulings = basis.rulings
        words = (FORMAT, basis.policy.sha256, digest, rulings.digest, rulings.decisions.digest)
        folder = self.repository.common_dir / "scrub" if self.kept else None
        return key, Verdicts(folder, key.hook_key, "\n".join([*words, people]))

    def _known(self, cache: Verdicts, want: Want) -> Verdict | None:
        verdict = cache.get(want.oid, want.kept_as)
        if verdict is None or not verdict.behind:
            return verdict
        return cache.get(verdict.behind, want.name)

    # what must be looked at --------------------------------------------------------

    def _look(
        self, key: ProjectKey, cache: Verdicts, wants: list[Want], found: dict[Want, Verdict]
    ) -> None:
        policy = self.basis.policy
        objects = self.work / "objects"
        objects.mkdir(mode=0o700, exist_ok=True)
        setup = Setup(
            policy=policy,
            batch="hook",
            commit_key=os.urandom(32),
            tag_key=key.tag_key(),
            objects=os.fspath(objects),
            keep=False,
            decode=False,
            rulings=self.basis.rulings,
        )
        limits = policy.limits
        jobs = self.jobs or self.basis.config.jobs or os.cpu_count() or 1
        pool = Pool(
            min(jobs, len(wants)),
            initialise="scrubber.git.judge:prepare",
            work="scrubber.git.judge:work",
            setup=Rules(setup, self.basis.people),
            memory=limits.worker_memory,
        )
        done = 0
        with pool, Objects(self.repository) as reader:
            tasks = self._tasks(reader, cache, wants, found)
            for result in pool.run(tasks, deadline=deadline(policy)):
                task: BlobTask = result.task
                under = self._open.pop(task.number)
                if isinstance(result, Failed):
                    verdict = failed(result.code, result.detail)
                else:
                    verdict = self._checked(under, result.value)
                found[under.want] = verdict
                if verdict.keeps and under.content:
                    cache.put(under.content, under.hint, verdict)
                if under.copy:
                    with suppress(FileNotFoundError):
                        os.unlink(under.copy)
                done += 1
                if done % 100 == 0:
                    cache.commit()
                if self.progress is not None:
                    self.progress(done, len(wants))

    def _tasks(
        self, reader: Objects, cache: Verdicts, wants: list[Want], found: dict[Want, Verdict]
    ) -> Iterator[BlobTask]:
        """Copies out what is wanted, one by one. What cannot be copied gets its verdict here."""
        stores = Stores.of(self.repository)
        for number, (want, info) in enumerate(
            zip(wants, reader.info(w.oid for w in wants), strict=True)
        ):
            try:
                made = self._task(reader, cache, stores, number, want, info)
            except Held as error:
                found[want] = held(error)
                continue
            if isinstance(made, Verdict):
                found[want] = made
            else:
                yield made

    def _task(
        self, reader: Objects, cache: Verdicts, stores: Stores, number: int, want: Want, info: Info
    ) -> BlobTask | Verdict:
        if info.kind == "missing":
            raise missing_object(want.oid)
        if info.kind == "blob" and not info.size:
            return Verdict(CLEAN)  # whatever its name says, there is nothing in it
        if info.size > self.basis.policy.limits.max_file:
            raise TooLarge(f"The file has {info.size} bytes, more than the limit.")
        copy = self.work / f"{number:08x}"
        if want.hint == MESSAGE and info.kind in ("commit", "tag"):
            text = said(reader.read(want.oid)[1]).text
            copy.write_bytes(text)
            return self._started(number, want, want.oid, copy, len(text))
        try:
            with copy.open("xb") as sink:
                data = reader.blob(want.oid, sink)
            pointer = None
            if data is not None and info.size <= LARGEST and want.hint != MESSAGE:
                pointer = pointer_in(data, link=want.link)
        except BaseException:
            copy.unlink(missing_ok=True)
            raise
        if pointer is None:
            return self._started(number, want, want.oid, copy, info.size)
        copy.unlink()
        return self._behind(cache, stores, number, want, pointer)

    def _behind(
        self, cache: Verdicts, stores: Stores, number: int, want: Want, pointer: Pointer
    ) -> BlobTask | Verdict:
        """The file that a pointer stands for, read where it lies."""
        if pointer.sha256:
            cache.put(want.oid, want.kept_as, Verdict(CLEAN, behind=pointer.sha256))
            known = cache.get(pointer.sha256, want.name)
            if known is not None:
                return known
            if pointer.size == 0 and pointer.sha256 == hashlib.sha256(b"").hexdigest():
                return Verdict(CLEAN)
        path = stores.locate(pointer).resolve()
        size = path.stat().st_size
        if pointer.size is not None and size != pointer.size:
            raise Damaged(f"The file behind this {pointer.system} pointer has another size.")
        if size > self.basis.policy.limits.max_file:
            raise TooLarge(f"The file has {size} bytes, more than the limit.")
        self._open[number] = _Open(want, pointer.sha256, want.name, "", pointer.sha256)
        return BlobTask(number, os.fspath(path), want.hint, size, want.path)

    def _started(self, number: int, want: Want, content: str, copy: Path, size: int) -> BlobTask:
        self._open[number] = _Open(want, content, want.kept_as, os.fspath(copy))
        words = want.link or want.hint == MESSAGE
        hint = "words.txt" if words else want.hint
        return BlobTask(number, os.fspath(copy), hint, size, want.path)

    def _checked(self, under: _Open, verdict: Verdict) -> Verdict:
        """The verdict, if what was read is what the pointer promised."""
        if under.sha256 and verdict.sha256 != under.sha256:
            under.content = ""
            return held(Damaged("The file behind this pointer is not the one it names."))
        return verdict


def want_of(entry: Entry, decisions: Decisions = NO_DECISIONS) -> Want:
    """What must be judged for an entry that is a file or a symlink."""
    path = os.fsdecode(entry.path)
    decided = path if decisions.names(path) else ""
    return Want(entry.oid, hint_of(path.rpartition("/")[2]), entry.mode == SYMLINK, decided)


def deadline(policy: Policy) -> Callable[[BlobTask], float]:
    """Seconds that a blob may take; one that may be a text has more of them."""

    def seconds(task: BlobTask) -> float:
        rows = by_suffix().get(suffix_of(task.hint), ())
        text = not rows or any(row.textual for row in rows)
        return policy.limits.deadline(task.size, text=text)

    return seconds


def held(error: Held) -> Verdict:
    """A held file, as a verdict."""
    return Verdict(HELD, error.code, error.what, error.why, error.fix)


def failed(code: str, detail: str) -> Verdict:
    """The verdict for a file on which a worker failed."""
    kind = HOLD_CODES.get(code, HOLD_CODES["internal"])
    return held(kind(_FAILURES.get(code, "scrub made a mistake on this file."), detail))
