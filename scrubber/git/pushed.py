"""What a push would send: every object that the remote is not known to have.

The tip may be clean while an older commit of the same push is not, so all of them count,
under every path at which a commit of the push adds or changes them. For a merge, paths
that differ from all its parents count; the others stand in a parent, which is pushed too
or already there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from scrubber.errors import UsageError
from scrubber.git.entries import SUBMODULE, Entry, raw_entries, tree_entries
from scrubber.git.objects import Objects
from scrubber.git.repository import GitFailed, Repository

_NOTES = "refs/notes/"


@dataclass(frozen=True, slots=True)
class Update:
    """One line of what git tells a pre-push hook (githooks(5))."""

    local_ref: str
    local_oid: str
    remote_ref: str
    remote_oid: str


@dataclass(slots=True)
class Pushed:
    """Files, commits and tags of a push; `missing` are objects that are not here."""

    entries: list[Entry] = field(default_factory=list)
    notes: list[Entry] = field(default_factory=list)
    commits: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    objects: int = 0


def updates(repository: Repository, text: bytes) -> list[Update]:
    """The lines that git gives to pre-push. Raises UsageError for anything else."""
    found = []
    for line in text.decode("utf-8", "surrogateescape").splitlines():
        words = line.rsplit(" ", 3)
        if len(words) != 4 or not all(repository.is_oid(words[n]) for n in (1, 3)):
            raise UsageError(
                "A line on standard input is not one that git gives to a pre-push hook.",
                "So it is not known what would be pushed.",
                "Let git run this command, or give it `LOCAL-REF OBJECT REMOTE-REF OBJECT`.",
            )
        found.append(Update(*words))
    return found


def received(repository: Repository, text: bytes) -> list[Update]:
    """The lines that git gives to pre-receive: old object, new object, ref."""
    found = []
    for line in text.decode("utf-8", "surrogateescape").splitlines():
        words = line.split(" ", 2)
        if len(words) != 3 or not all(map(repository.is_oid, words[:2])):
            raise UsageError("A line on standard input is not one of a pre-receive hook.")
        found.append(Update(words[2], words[1], words[2], words[0]))
    return found


def base_of(repository: Repository, changes: Sequence[Update], remote: str | None) -> str | None:
    """The commit whose rules count for a push: what the other side has already agreed to.

    The remote's main branch as last seen, else the first pushed ref's old commit, else the
    newest commit that the remote has below what is pushed. None when there is none of them.
    """
    names = [f"refs/remotes/{remote}/HEAD"] if remote else []
    names += [change.remote_oid for change in changes if change.remote_oid != repository.null]
    for name in names:
        if (found := repository.resolve(name, "commit")) is not None:
            return found
    tips = [row.local_oid for row in changes if row.local_oid != repository.null]
    if not tips or remote is None:
        return None
    words = ("rev-list", "--boundary", "--topo-order", "--stdin", "--not", f"--remotes={remote}")
    for line in repository.lines(*words, stdin=tips):
        if line.startswith("-"):
            return line[1:]
    return None


def known_remote(repository: Repository, name: str | None) -> str | None:
    """`name` if it is a remote with a configuration; a push to an address has none."""
    if not name or repository.config(f"remote.{name}.url") is None:
        return None
    return name


def pushed(repository: Repository, changes: Iterable[Update], remote: str | None) -> Pushed:
    """Everything that `changes` would send to `remote`. Deletions send nothing."""
    news = [row for row in changes if row.local_oid != repository.null]
    if not news:
        return Pushed()
    old = [
        f"^{row.remote_oid}"
        for row in news
        if row.remote_oid != repository.null and repository.has(row.remote_oid)
    ]
    behind = (f"--remotes={remote}",) if remote else ()
    notes = [row.local_oid for row in news if row.remote_ref.startswith(_NOTES)]
    made = objects_of(repository, [row.local_oid for row in news] + old, ("--not", *behind))
    if notes:
        _set_notes_apart(repository, made, notes)
    return made


def objects_of(repository: Repository, given: Sequence[str], words: Sequence[str] = ()) -> Pushed:
    """Every object below the revisions `given` (`^` leaves out), narrowed by `words`.

    `words` are options of rev-list, checked by the caller. Raises GitFailed when an object
    that should be here is not.
    """
    lost = ("--missing=print",) if repository.partial() else ()
    listed = repository.lines(
        "rev-list", "--objects", "--no-object-names", *lost, "--stdin", *words, stdin=given
    )
    made = Pushed()
    with Objects(repository) as objects:
        oids: list[str] = []
        for line in listed:
            (made.missing if line.startswith("?") else oids).append(line.lstrip("?"))
        made.objects = len(oids)
        blobs = set()
        for info in objects.info(oids):
            if info.kind == "missing":
                made.missing.append(info.oid)
            elif info.kind == "blob":
                blobs.add(info.oid)
            elif info.kind in ("commit", "tag"):
                (made.commits if info.kind == "commit" else made.tags).append(info.oid)
        tips = _bare_trees(repository, objects, given, made.tags)
    made.entries = _places(repository, made.commits, blobs)
    for tip in tips:
        rows = tree_entries(repository.records("ls-tree", "-r", "-z", tip))
        made.entries += [row for row in rows if row.oid in blobs or row.mode == SUBMODULE]
    unseen = blobs - {row.oid for row in made.entries}
    made.entries += [Entry(b"", "100644", oid) for oid in sorted(unseen)]
    return made


def _places(repository: Repository, commits: Sequence[str], blobs: set[str]) -> list[Entry]:
    """Where the commits put the blobs: each path and object once, with the commits' ids."""
    if not commits:
        return []
    words = ("-r", "-c", "--root", "--raw", "-z", "--no-renames", "--no-abbrev")
    given = "".join(f"{oid}\n" for oid in commits).encode("ascii")
    records = repository.records(
        "diff-tree", "--stdin", *words, "--ignore-submodules=none", stdin=given
    )
    return [row for row in raw_entries(records) if row.oid in blobs or row.mode == SUBMODULE]


def _bare_trees(
    repository: Repository, objects: Objects, given: Sequence[str], tags: Sequence[str]
) -> list[str]:
    """Trees that a ref or a tag names without a commit."""
    named = [oid for oid in given if repository.is_oid(oid)]
    for oid in tags:
        _, data = objects.read(oid)
        match = data.split(b"\n", 1)[0].removeprefix(b"object ").decode("ascii", "replace")
        named.append(match)
    if not all(map(repository.is_oid, named)):
        raise GitFailed("A tag does not say which object it names.", fix="Run `git fsck`.")
    return [info.oid for info in objects.info(named) if info.kind == "tree"]


def _set_notes_apart(repository: Repository, made: Pushed, tips: Sequence[str]) -> None:
    """Notes hang on commits of their own; their blobs are words about commits, not files."""
    apart = set(repository.lines("rev-list", "--stdin", stdin=tips))
    made.notes = [row for row in made.entries if row.commit in apart]
    made.entries = [row for row in made.entries if row.commit not in apart]
