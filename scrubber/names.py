"""Output names, frozen before cleaning.

A private path component becomes `<kind>-<keyed tag>`. The tag depends on the component
alone, so a folder keeps one new name everywhere, `images/x.jpg` still pairs with
`labels/x.txt`, and neither the order of the input nor the number of workers matters.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping

from detectors.known import KnownValues
from detectors.names import KINDS, inspect_component, is_placeholder, split_mark
from detectors.tags import tag
from scrubber import suffixes
from scrubber.portable import MAX_BYTES, fold, is_portable, portable
from scrubber.references import rewrite_references

Entry = tuple[int, str, str, str | None]
"""Index, original POSIX path (surrogateescape), suffix by content (".jpg", "" unknown), group."""

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}")
_ROOM = 48  # bytes left for a keyed tag and suffixes behind a stem that stays


class NamePlan(Mapping[int, str]):
    """Index of an item → its path below the output folder. About 200 bytes an item."""

    def __init__(self) -> None:
        self._folders: list[tuple[str, str]] = []  # original path, new path
        self._folder = array("l")
        self._old: list[str] = []
        self._new: list[str] = []
        self._indices = array("q")
        self._order = array("q")

    def __len__(self) -> int:
        return len(self._old)

    def __iter__(self) -> Iterator[int]:
        return (self._indices[at] for at in self._order)

    def __getitem__(self, index: int) -> str:
        return self.new_path(self._position(index))

    def original(self, index: int) -> str:
        """The path that the walk gave for `index`."""
        return self.old_path(self._position(index))

    def renamed(self, index: int) -> bool:
        return self[index] != self.original(index)

    def folders(self) -> list[tuple[str, str]]:
        """Original and new path of every folder, parents first; the root is ""."""
        return list(self._folders)

    def positions(self) -> range:
        return range(len(self._old))

    def old_name(self, position: int) -> str:
        return self._old[position]

    def old_path(self, position: int) -> str:
        return _below(self._folders[self._folder[position]][0], self._old[position])

    def new_path(self, position: int) -> str:
        return _below(self._folders[self._folder[position]][1], self._new[position])

    def _position(self, index: int) -> int:
        at = bisect_left(self._order, index, key=self._indices.__getitem__)
        if at == len(self._order) or self._indices[self._order[at]] != index:
            raise KeyError(index)
        return self._order[at]

    def _add_folder(self, old: str, new: str) -> int:
        self._folders.append((old, new))
        return len(self._folders) - 1

    def _add(self, folder: int, old: str, new: str, index: int) -> None:
        self._folder.append(folder)
        self._old.append(old)
        self._new.append(old if old == new else new)
        self._indices.append(index)

    def _close(self) -> None:
        self._order = array("q", sorted(range(len(self._old)), key=self._indices.__getitem__))


def plan_names(
    entries: Iterable[Entry],
    *,
    tag_key: bytes,
    policy_keep: bool = False,
    known: KnownValues | None = None,
) -> NamePlan:
    """The output path of every item.

    Takes entries in any order; the plan depends on their set alone. With `policy_keep`
    names stay and are only made portable. `known` adds values that no name may hold.
    Every new component is portable and unique in its folder under NFC and case folding.
    """
    tree = _Tree()
    for index, path, suffix, _ in entries:
        tree.add(index, path, suffix)
    plan = NamePlan()
    namer = _Namer(tag_key, policy_keep, known)
    pending: list[tuple[str, str]] = [("", "")]
    while pending:
        old, new = pending.pop()
        taken: set[str] = set()
        number = plan._add_folder(old, new)
        below = [
            (_below(old, name), _below(new, namer.folder(old, name, taken)))
            for name in sorted(tree.subfolders.get(old, ()))
        ]
        for name, fresh, index in namer.files(old, tree.files.pop(old, []), taken):
            plan._add(number, name, fresh, index)
        pending.extend(reversed(below))
    plan._close()
    return plan


class _Tree:
    """What stands in every folder; a file is one string `name/suffix/index`."""

    def __init__(self) -> None:
        self.files: dict[str, list[str]] = {}
        self.subfolders: dict[str, set[str]] = {}

    def add(self, index: int, path: str, suffix: str) -> None:
        folder, _, name = path.rpartition("/")
        if folder not in self.files:
            self.files[folder] = []
            self._add_folder(folder)
        self.files[folder].append(f"{name}/{suffix}/{index}")

    def _add_folder(self, folder: str) -> None:
        while folder:
            parent, _, name = folder.rpartition("/")
            names = self.subfolders.setdefault(parent, set())
            if name in names:
                return
            names.add(name)
            folder = parent


class _Namer:
    def __init__(self, tag_key: bytes, keep: bool, known: KnownValues | None) -> None:
        self._key = tag_key
        self._keep = keep
        self._known = known if known is not None and len(known) else None

    def folder(self, parent: str, name: str, taken: set[str]) -> str:
        stem = self._staying(name, _below(parent, name)) or f"folder-{self.tag(fold(name))}"
        return self._unique(stem, "", name, taken)

    def files(
        self, folder: str, packed: list[str], taken: set[str]
    ) -> Iterator[tuple[str, str, int]]:
        """(name, new name, index) of every file of one folder; equal stems stay equal."""
        groups: dict[tuple[str, str], list[tuple[str, str, str, int]]] = {}
        for row in sorted(packed):
            name, content, index = row.rsplit("/", 2)
            content = content if _SUFFIX.fullmatch(content) else ""
            stem, inner, suffix = suffixes.split(name, content)
            stays = self._staying(stem, _below(folder, name))
            key = (stays, stem) if stays else ("", fold(stem))
            ending = (inner if stays else inner.lower()) + self._suffix(suffix, content, stays)
            groups.setdefault(key, []).append((name, ending, suffix or content, int(index)))
        packed.clear()
        for (stays, stem), rows in groups.items():
            kinds = [suffixes.kind_of(suffix) for _, _, suffix, _ in rows]
            fresh = stays or f"{min(kinds, key=KINDS.index)}-{self.tag(stem)}"
            counter = 0
            while any(fold(fresh + ending) in taken for _, ending, _, _ in rows):
                counter += 1
                fresh = self._marked(fresh, f"{rows[0][0]}/{counter}")
            for name, ending, _, number in rows:
                yield name, self._unique(fresh, ending, name, taken), number

    def tag(self, text: str) -> str:
        """The keyed tag of a component or path."""
        return tag(self._key, b"name\0" + text.encode("utf-8", "surrogateescape"))

    def _staying(self, stem: str, path: str) -> str:
        """The portable spelling of a stem that may stay, else ""."""
        base, mark = split_mark(stem)
        fresh = portable(base, MAX_BYTES - _ROOM)
        if self._keep or fresh == "":
            return fresh and fresh + mark
        if inspect_component(stem).private or inspect_component(fresh + mark).private:
            return ""
        if self._known and not is_placeholder(stem) and self._known.find(stem, path):
            return ""
        return fresh + mark if fresh == portable(base) else ""

    def _suffix(self, suffix: str, content: str, stays: str) -> str:
        if suffix and suffixes.agree(suffix, content):
            return suffix if stays else suffix.lower()
        if not suffix and stays and "." not in stays and content.lower() == ".txt":
            return ""
        return content.lower()

    def _unique(self, stem: str, ending: str, original: str, taken: set[str]) -> str:
        fresh, counter = stem, 0
        while fold(fresh + ending) in taken or not is_portable(fresh + ending):
            counter += 1
            fresh = self._marked(stem, f"{original}/{counter}")
        taken.add(fold(fresh + ending))
        return fresh + ending

    def _marked(self, stem: str, text: str) -> str:
        return f"{split_mark(stem)[0]}-{self.tag(text)}"


def _below(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


__all__ = ["Entry", "NamePlan", "plan_names", "rewrite_references"]
