"""`scrub fix --staged`: what is staged is cleaned in the index; the work tree where it is equal.

In this order, so that a run that is killed leaves either what was there or what should be:
the clean files are made outside the repository; originals go into the vault and are listed;
clean objects are stored, which nothing names yet; all entries of the index change in one
step; then copies in the work tree are replaced, each in one step. A run that was killed
between the last two is finished by the next one.
"""

from __future__ import annotations

import os
import posixpath
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scrubber.errors import Damaged, Held, Unsupported, UsageError
from scrubber.git import staged as index
from scrubber.git.entries import SYMLINK, Entry
from scrubber.git.judge import hint_of
from scrubber.git.objects import Objects
from scrubber.git.originals import finish
from scrubber.git.pointers import LARGEST, Stores, pointer_in
from scrubber.git.pushed import Pushed
from scrubber.git.report import FILE, Hit, Report, examine
from scrubber.git.repository import GitFailed, Repository
from scrubber.git.rules import Basis, basis_of
from scrubber.git.stores import put_lfs, stage
from scrubber.git.vault import Kept, Vault, digest_of
from scrubber.git.verdicts import FOUND
from scrubber.git.wishes import Wishes
from scrubber.git.work_tree import OTHER, SAME, WorkTree
from scrubber.git.workspace import workspace
from scrubber.keys import draw_batch_id, load_key
from scrubber.model import ItemRecord, Outcome
from scrubber.pipeline import Request, run

Progress = Callable[[str, int, int, str], None]
_EXECUTABLE = "100755"


@dataclass(frozen=True, slots=True)
class Left:
    """A staged file that stays as it is, and why."""

    path: str
    what: str
    why: str = ""
    fix: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A staged file that was cleaned. `tree`: replaced, other (left as it is), absent."""

    row: Kept
    tree: str


@dataclass(slots=True)
class Fixed:
    """What a run has done. `after` is the scan of the same files when it was over."""

    cleaned: list[Cleaned] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    finished: list[str] = field(default_factory=list)  # paths that an earlier run had not replaced
    vault: Path = Path()
    after: Report = field(default_factory=Report)


@dataclass(slots=True)
class _Job:
    """One file on its way: the copy of the original, then the clean one."""

    entry: Entry
    hit: Hit
    copy: Path
    sha256: str = ""
    lfs: bool = False
    clean: Path | None = None
    clean_sha256: str = ""
    new: str = ""

    @property
    def path(self) -> str:
        return os.fsdecode(self.entry.path)


def fix_staged(
    repository: Repository,
    wishes: Wishes,
    paths: Sequence[str] = (),
    *,
    dry: bool = False,
    progress: Progress = lambda *_: None,
) -> Fixed:
    """Cleans what is staged, below `paths` (below the root) if any are given.

    Raises UsageError where nothing staged bears such a path, GitFailed or FolderError when it
    cannot be done; nothing is changed then.
    """
    top = repository.top()
    if top is None:
        raise GitFailed("There is no work tree here.", fix="Run it where you commit.")
    vault = Vault.of(repository)
    made = Fixed(vault=vault.folder)
    with workspace(repository) as work:
        rules = work / "rules"
        rules.mkdir(mode=0o700)
        basis = basis_of(repository, index.base_of(repository), rules.resolve(), wishes)
        if not dry:
            made.finished = finish(repository, vault, top, work)
        entries = _chosen(index.staged(repository), paths)
        before = _look(repository, basis, work / "before", entries, wishes)
        jobs, made.left = _split(before, entries, work / "in", chosen=bool(paths))
        if dry or not jobs:
            made.cleaned = [Cleaned(_planned(job), "") for job in jobs]
            made.after = before
            return made
        vault.open(repository)
        jobs = list(_fetch(repository, jobs, made.left))
        jobs = list(_clean(basis, jobs, work, made.left, wishes, progress))
        tree = WorkTree.of(repository, top)
        rows = _store(repository, vault, jobs, tree)
        stage(repository, [(job.entry, job.new) for job in jobs])
        made.cleaned = _replace(tree, vault, jobs, rows)
        repository.status("update-index", "-q", "--refresh", ok=(0, 1, 128), locks=True)
        ours = {row.path for row in entries}
        now = [row for row in index.staged(repository) if row.path in ours]
        made.after = _look(repository, basis, work / "after", now, wishes)
    return made


def below_root(repository: Repository, given: Sequence[str]) -> list[str]:
    """Paths of the command line as paths below the root. Raises UsageError for others."""
    prefix = os.fsdecode(repository.run("rev-parse", "--show-prefix")).removesuffix("\n")
    top = repository.top()
    found = []
    for path in given:
        whole = path
        if os.path.isabs(path) and top is not None:
            parent = os.path.realpath(os.path.dirname(path))
            whole = os.path.relpath(os.path.join(parent, os.path.basename(path)), top.resolve())
        else:
            whole = posixpath.join(prefix, path)
        whole = posixpath.normpath(whole)
        if whole.startswith("../") or whole == "..":
            raise UsageError(f"{path} lies outside this repository.")
        found.append("" if whole == "." else whole)
    return found


def _chosen(entries: list[Entry], paths: Sequence[str]) -> list[Entry]:
    if not paths:
        return entries
    found: dict[Entry, None] = {}
    for path in paths:
        raw = os.fsencode(path)
        some = [
            row for row in entries if not raw or row.path == raw or row.path.startswith(raw + b"/")
        ]
        if not some:
            raise UsageError(
                f"Nothing is staged at {path}.", fix="`git diff --cached --name-only` lists it all."
            )
        found.update(dict.fromkeys(some))
    return list(found)


def _look(
    repository: Repository, basis: Basis, work: Path, entries: list[Entry], wishes: Wishes
) -> Report:
    work.mkdir(mode=0o700)
    change = Pushed(entries=entries)
    return examine(
        repository, basis, work, change, jobs=wishes.jobs, progress=wishes.progress
    )  # fmt: skip


def _split(
    report: Report, entries: list[Entry], into: Path, *, chosen: bool
) -> tuple[list[_Job], list[Left]]:
    """What can be cleaned, and what stays. Files named on the command line count in any case."""
    by_path = {os.fsdecode(row.path): row for row in entries}
    jobs: list[_Job] = []
    left: list[Left] = []
    for hit in report.hits:
        if hit.kind != FILE:
            continue
        verdict, entry = hit.verdict, by_path[hit.path]
        if verdict.outcome != FOUND or verdict.code:
            fix = _in_toml(verdict.fix)
            left.append(Left(hit.path, verdict.what, verdict.why, fix, verdict.code))
        elif entry.mode == SYMLINK:
            fix = "Make it relative, or (git-annex) unlock it and clean the file."
            left.append(Left(hit.path, "This is a link, and only files are cleaned.", fix=fix))
        elif hit.blocks or chosen:
            name = hint_of(hit.path.rpartition("/")[2])
            jobs.append(_Job(entry, hit, into / f"{len(jobs):06d}" / name))
    return jobs, left


def _planned(job: _Job) -> Kept:
    return Kept(
        job.path, job.entry.oid, job.new, job.sha256, 0, job.clean_sha256, job.lfs,
        job.entry.mode == _EXECUTABLE, False, job.hit.verdict.entities,
    )  # fmt: skip


# making the clean files -----------------------------------------------------------


def _fetch(repository: Repository, jobs: list[_Job], left: list[Left]) -> Iterator[_Job]:
    """Copies each original out; what cannot be had stays as it is."""
    stores = Stores.of(repository)
    with Objects(repository) as objects:
        for job in jobs:
            job.copy.parent.mkdir(parents=True, mode=0o700)
            try:
                _copy(objects, stores, job)
            except Held as error:
                shutil.rmtree(job.copy.parent)
                left.append(Left(job.path, error.what, error.why, _in_toml(error.fix), error.code))
                continue
            yield job


def _copy(objects: Objects, stores: Stores, job: _Job) -> None:
    """The blob, or the file behind a pointer of Git LFS. Raises Held."""
    with job.copy.open("xb") as sink:
        data = objects.blob(job.entry.oid, sink)
    data = data if data is not None and len(data) <= LARGEST else b""
    pointer = pointer_in(data)
    if pointer is not None:
        if pointer.system != "Git LFS" or b"\next-" in data:
            raise Unsupported(
                f"Only {pointer.system} itself can make this kind of pointer.",
                fix="Clean the file and add it again.",
            )
        job.lfs = True
        shutil.copyfile(stores.locate(pointer), job.copy)
    job.sha256 = digest_of(job.copy)
    if pointer is not None and job.sha256 != pointer.sha256:
        raise Damaged("The file behind this pointer is not the one it names.")


def _clean(
    basis: Basis,
    jobs: list[_Job],
    work: Path,
    left: list[Left],
    wishes: Wishes,
    progress: Progress,
) -> Iterator[_Job]:
    """One run of the main job over these files alone. Names stay: they are git's."""
    if not jobs:
        return
    by_copy = {job.copy.relative_to(work / "in").as_posix(): job for job in jobs}
    known_as = {copy: job.path for copy, job in by_copy.items()}
    request = Request(
        inputs=(work / "in",),
        out=work / "out",
        policy=replace(basis.policy, names_mode="keep"),
        key=load_key()[0],
        batch=draw_batch_id(),
        work=work / "run",
        jobs=wishes.jobs or basis.config.jobs or os.cpu_count() or 1,
        people=basis.people,
        rulings=replace(basis.rulings, aliases=known_as),
    )
    ready = run(request, progress)
    try:
        assert ready.staging is not None  # `out` was given
        for record in ready.journal.records():
            job = by_copy.pop(record.path)
            if record.outcome is Outcome.CLEANED:
                job.clean = work / f"clean-{record.index}"
                os.rename(ready.staging.object(record.index), job.clean)
                job.clean_sha256 = record.out_sha256 or ""
                if digest_of(job.clean) != job.clean_sha256 or record.sha256 != job.sha256:
                    raise GitFailed("A clean copy changed on its way.", fix="Try again.")
                yield job
            else:
                left.append(_stays(job, record))
        left += [Left(job.path, "It was not reached.") for job in by_copy.values()]
    finally:
        ready.close()


def _stays(job: _Job, record: ItemRecord) -> Left:
    what = record.what or "It cannot be cleaned by itself."
    return Left(job.path, what, record.why, _in_toml(record.fix), record.code or "")


def _in_toml(fix: str) -> str:
    return fix.replace("with --exclude", "with `exclude` under [hook] in scrub.toml")


# changing the repository ----------------------------------------------------------


def _store(repository: Repository, vault: Vault, jobs: list[_Job], tree: WorkTree) -> list[Kept]:
    """Originals into the vault and its listing; then clean objects, which nothing names yet."""
    for job in jobs:
        if vault.keep(job.copy) != job.sha256:
            raise GitFailed("A copy changed on its way.", fix="Try again.")
    blobs = [_blob(repository, job) for job in jobs]
    words = ("hash-object", "-w", "--no-filters", "--stdin-paths")
    names = "".join(f"{path}\n" for path in blobs)
    new = repository.run(*words, stdin=os.fsencode(names)).decode("ascii").split()
    for job, oid in zip(jobs, new, strict=True):
        job.new = oid
    rows = []
    for job in jobs:
        size = job.copy.stat().st_size
        same = tree.state(job.path, job.sha256, size) == SAME
        rows.append(replace(_planned(job), size=size, tree=same))
    vault.note(rows)
    return rows


def _blob(repository: Repository, job: _Job) -> Path:
    """The file that becomes the new blob: the clean one, or a pointer to it."""
    assert job.clean is not None  # made by _clean
    if not job.lfs:
        return job.clean
    pointer = job.clean.with_name(f"{job.clean.name}.pointer")
    pointer.write_bytes(put_lfs(Stores.of(repository), job.clean, job.clean_sha256))
    return pointer


def _replace(tree: WorkTree, vault: Vault, jobs: list[_Job], rows: list[Kept]) -> list[Cleaned]:
    done = []
    for job, row in zip(jobs, rows, strict=True):
        assert job.clean is not None  # made by _clean
        state = tree.state(row.path, row.sha256, row.size)
        if row.tree and state == SAME:
            tree.write(row.path, job.clean)
            state = "replaced"
        done.append(Cleaned(row, OTHER if state == SAME else state))
    vault.settle(rows)
    return done
