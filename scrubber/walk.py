"""Folder → items, and what is left out with the reason.

Order is the byte order of paths below the root. One folder's names are held at a
time for each level, never the tree. Links are never followed, nothing is opened.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from scrubber import companions, junk
from scrubber.errors import FolderError, UsageError
from scrubber.model import Item, Outcome, Skipped

Entry = Item | Skipped

_OFFLINE = 0x1000 | 0x40000 | 0x400000  # Windows: OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS
_REPARSE = 0x400
_DATALESS = 0x40000000  # macOS: SF_DATALESS
_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISCHR, "a device"),
)


def walk(
    roots: Sequence[str | os.PathLike[str]],
    *,
    exclude: Sequence[str] = (),
    outside: Iterable[str | os.PathLike[str]] = (),
) -> Iterator[Entry]:
    """Items and left-out entries below `roots`, in the byte order of their paths.

    `os.path.join(item.root, item.path)` is the file. With several roots a path begins
    with the last components that tell them apart. A folder that is left out is one entry
    whose path ends in "/". `exclude` holds gitignore-like globs, `outside` absolute or
    relative paths that are never entered.

    Raises FolderError for a root that does not exist, UsageError for a negated glob.
    """
    for pattern in exclude:
        if pattern.startswith("!") or not pattern.strip("/"):
            raise UsageError(
                f"--exclude {pattern!r} is not understood.",
                "A glob names what is left out; it cannot bring something back.",
                "Write for instance --exclude 'drafts/**' or --exclude '*.tif'.",
            )
    state = _State(
        tuple(junk.exclusion(pattern) for pattern in exclude),
        frozenset(os.path.realpath(path) for path in outside),
    )
    for base, path in sorted(_bases(roots), key=lambda pair: os.fsencode(pair[1])):
        yield from _root(state, base, path)


@dataclass(slots=True)
class _State:
    exclude: tuple[re.Pattern[str], ...]
    outside: frozenset[str]
    count: int = 0
    linked: set[tuple[int, int]] = field(default_factory=set)

    def excluded(self, *paths: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self.exclude for path in paths)


def _bases(roots: Sequence[str | os.PathLike[str]]) -> list[tuple[str, str]]:
    """(base, path below it) of each root that lies in no other, base + path being the root."""
    real: dict[str, None] = {}
    for root in roots:
        name = os.fspath(root)
        if not os.path.lexists(name):
            raise FolderError(
                f"{name!r} does not exist.", "There is nothing to read.", "Check the path."
            )
        real[os.path.realpath(name)] = None
    kept = [path for path in real if not any(_inside(path, other) for other in real)]
    if len(kept) == 1:
        only = kept[0]
        if os.path.isdir(only) and not junk.is_history(os.path.basename(only)):
            return [(only, "")]
        return [os.path.split(only)]
    pieces = [[piece for piece in path.split(os.sep) if piece] for path in kept]
    depth = 1
    while len({tuple(parts[-depth:]) for parts in pieces}) < len(kept):
        depth += 1
    return [
        (os.sep + os.path.join("", *parts[:-depth]), "/".join(parts[-depth:])) for parts in pieces
    ]


def file_of(roots: Sequence[str | os.PathLike[str]]) -> Callable[[str], str]:
    """The way from a path that `walk(roots)` gives to the file that it names, an absolute path."""
    bases = _bases(roots)

    def find(path: str) -> str:
        for base, top in bases:
            if not top or path == top or path.startswith(f"{top}/"):
                return os.path.join(base, path)
        return path

    return find


def _inside(path: str, other: str) -> bool:
    return path != other and path.startswith(other.rstrip(os.sep) + os.sep)


def _root(state: _State, base: str, path: str) -> Iterator[Entry]:
    full = os.path.join(base, path) if path else base
    if full in state.outside:
        yield _own(path + "/")
        return
    if os.path.isdir(full):
        name = os.path.basename(full)
        verdict = junk.judge_folder(name) if junk.is_history(name) else None
        if verdict is not None:
            yield Skipped(path + "/", *verdict)
            return
        yield from _folder(state, base, path)
        return
    try:
        status = os.lstat(full)
    except OSError as error:
        yield _unreadable(path, error)
        return
    name = path.rpartition("/")[2]
    held = junk.judge_path(name) if stat.S_ISREG(status.st_mode) else None
    if held is not None:
        yield Skipped(path, *held, size=status.st_size)
        return
    yield _file(state, base, path, name, status, _ALONE)


_ALONE = companions.relate(())


@dataclass(slots=True)
class _Level:
    path: str
    entries: Iterator[tuple[str, bool]]
    family: companions.Family
    beside_audio: bool


def _folder(state: _State, base: str, top: str) -> Iterator[Entry]:
    """Depth first with a stack of its own: no recursion limit decides how deep a tree may be."""
    stack: list[_Level] = []
    opened: _Level | Skipped | None = _open(state, base, top)
    while True:
        if isinstance(opened, Skipped):
            yield opened
        elif opened is not None:
            stack.append(opened)
        opened = None
        while stack and (entry := next(stack[-1].entries, None)) is None:
            stack.pop()
        if not stack or entry is None:
            return
        name, is_folder = entry
        level = stack[-1]
        path = f"{level.path}/{name}" if level.path else name
        if is_folder:
            skipped = _skip_folder(state, base, top, path, name)
            if skipped is not None:
                yield skipped
            else:
                opened = _open(state, base, path)
        else:
            yield _entry(state, base, top, path, name, level)


def _open(state: _State, base: str, path: str) -> _Level | Skipped:
    """The sorted names of one folder. A folder sorts as if its name ended in "/"."""
    full = os.path.join(base, path) if path else base
    try:
        with os.scandir(full) as scan:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in scan]
    except OSError as error:
        return _unreadable(path + "/", error)
    names = {name for name, is_folder in found if not is_folder}
    if junk.AUDIT_MARKER in names:
        return _own(path + "/")
    folders = {name for name, is_folder in found if is_folder}
    if "HEAD" in names and {"objects", "refs"} <= folders:
        why = "This is a bare Git repository: it keeps what was deleted."
        return Skipped(path + "/", Outcome.DROPPED, "vcs", why)
    found.sort(key=lambda pair: os.fsencode(pair[0]) + (b"/" if pair[1] else b""))
    audio = any(junk.suffix(name) in companions.SOUNDS for name in names)
    return _Level(path, iter(found), companions.relate(names), audio)


def _skip_folder(state: _State, base: str, top: str, path: str, name: str) -> Skipped | None:
    full = os.path.join(base, path)
    if full in state.outside:
        return _own(path + "/")
    if state.excluded(path + "/", _below(path, top) + "/", path, _below(path, top)):
        return Skipped(path + "/", Outcome.EXCLUDED, "excluded", "An --exclude glob names it.")
    verdict = junk.judge_folder(name)
    if verdict is None:
        try:
            attributes = getattr(os.lstat(full), "st_file_attributes", 0)
        except OSError as error:
            return _unreadable(path + "/", error)
        return _link(path + "/") if attributes & _REPARSE else None
    return Skipped(path + "/", *verdict)


def _below(path: str, top: str) -> str:
    return path[len(top) + 1 :] if top else path


def _entry(state: _State, base: str, top: str, path: str, name: str, level: _Level) -> Entry:
    """The verdict for everything that is no folder."""
    full = os.path.join(base, path)
    try:
        status = os.lstat(full)
    except OSError as error:
        return _unreadable(path, error)
    if full in state.outside:
        return _own(path)
    if state.excluded(path, _below(path, top)):
        why = "An --exclude glob names it."
        return Skipped(path, Outcome.EXCLUDED, "excluded", why, status.st_size)
    if not stat.S_ISREG(status.st_mode):
        return _special(path, status)
    verdict = junk.judge_file(name, level.beside_audio) or junk.judge_path(_below(path, top))
    if verdict is not None:
        return Skipped(path, *verdict, size=status.st_size, follows=_lock_follows(name, level))
    target = level.family.follows.get(name)
    if target is not None:
        follows = f"{level.path}/{target}" if level.path else target
        why = "It describes a photo or film, or previews it."
        outcome = Outcome.DROPPED
        beside = follows if target else None
        group = _group(path, name, level.family)
        return Skipped(path, outcome, "companion", why, status.st_size, beside, group)
    return _file(state, base, path, name, status, level.family)


def _group(path: str, name: str, family: companions.Family) -> str | None:
    group = family.groups.get(name)
    return path[: len(path) - len(name)] + group if group is not None else None


def _lock_follows(name: str, level: _Level) -> str | None:
    if not name.startswith(("~$", ".~lock.")):
        return None
    rest = name[2:] if name.startswith("~$") else name[7:-1]
    for open_name in sorted(level.family.open_now):
        if open_name.lower().endswith(rest.lower()):
            return f"{level.path}/{open_name}" if level.path else open_name
    return None


def _file(
    state: _State,
    base: str,
    path: str,
    name: str,
    status: os.stat_result,
    family: companions.Family,
) -> Entry:
    if not stat.S_ISREG(status.st_mode):
        return _special(path, status)
    group = _group(path, name, family)
    attributes = getattr(status, "st_file_attributes", 0)
    if attributes & _OFFLINE or getattr(status, "st_flags", 0) & _DATALESS:
        why = "The file is in the cloud and not downloaded."
        return Skipped(path, Outcome.HELD, "unreadable", why, status.st_size, group=group)
    full = os.path.join(base, path)
    if not os.access(full, os.R_OK):
        why = "You have no permission to read it."
        return Skipped(path, Outcome.HELD, "unreadable", why, status.st_size, group=group)
    notes = ("open-now",) if name in family.open_now else ()
    if status.st_nlink > 1:
        key = (status.st_dev, status.st_ino)
        if key in state.linked:
            notes = (*notes, "hard-link")
        state.linked.add(key)
    folder = path[: len(path) - len(name)]
    item = Item(
        index=state.count,
        root=base,
        path=path,
        size=status.st_size,
        mtime_ns=status.st_mtime_ns,
        ctime_ns=status.st_ctime_ns,
        inode=status.st_ino,
        group=group,
        companions=tuple(folder + other for other in family.companions.get(name, ())),
        notes=notes,
    )
    state.count += 1
    return item


def _special(path: str, status: os.stat_result) -> Skipped:
    if stat.S_ISLNK(status.st_mode):
        return _link(path)
    what = next((what for test, what in _SPECIAL if test(status.st_mode)), "no regular file")
    return Skipped(path, Outcome.HELD, "unreadable", f"This is {what}, not a file with bytes.")


def _link(path: str) -> Skipped:
    return Skipped(path, Outcome.DROPPED, "symlink", "Links are not followed.")


def _own(path: str) -> Skipped:
    return Skipped(path, Outcome.DROPPED, "own-file", "This belongs to scrub and is never read.")


def _unreadable(path: str, error: OSError) -> Skipped:
    why = f"The system refuses it ({error.strerror})."
    return Skipped(path, Outcome.HELD, "unreadable", why)
