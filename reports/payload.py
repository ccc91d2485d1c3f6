"""The payload against its two lists: three sorted streams, side by side."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from reports.bag import PAYLOAD, PAYLOAD_MANIFEST, Entry
from reports.digest import file_digest
from reports.manifest import ITEMS, Head, PublicItem
from reports.portable import unsafe_path
from reports.problems import Problems
from reports.tree import walk_files
from scrubber.merkle import MerkleStack, leaf_hash

ReadItem = Callable[[Path, str], tuple[str, ...]]
"""Reads a file of a media type again and names what should not be in it."""

Progress = Callable[[int, int], None]
"""Takes files done and files in all."""

Listed = tuple[str, bytes, int, str]
"""A file as the lists tell it: path below the payload, SHA-256, size in bytes, media type."""

CheckFiles = Callable[[Iterator[tuple[Listed, ...]]], Iterator[tuple[str, str, str]]]
"""Takes files in groups and reads them; yields path, code and words of what is wrong,
in any order."""

GROUP = 200
GROUP_BYTES = 16 << 20
"""A group is closed at this many files, or bytes as listed: what one worker reads at a time."""

_Told = tuple[PublicItem, bytes]


def check_here(folder: Path, read_item: ReadItem | None) -> CheckFiles:
    """Reads the files below `folder` in this process, one after the other."""

    def check(groups: Iterator[tuple[Listed, ...]]) -> Iterator[tuple[str, str, str]]:
        for group in groups:
            for path, digest, size, media_type in group:
                file = os.path.join(folder, path)
                found = file_digest(file, size)
                if found is None:
                    yield path, "changed", "It is larger than listed, or cannot be read."
                elif found != (digest.hex(), size):
                    yield path, "changed", "Its bytes are not those that are listed."
                elif read_item is not None:
                    for left in read_item(Path(file), media_type):
                        yield path, "not-clean", left

    return check


class ListError(Exception):
    """A list that cannot be trusted further."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(what)
        self.name = name


class Payload:
    """Counts what the lists say and checks that each file is there as they say."""

    def __init__(self, folder: Path, head: Head | None, problems: Problems) -> None:
        self.items = 0
        self.size = 0
        self._folder = folder
        self._problems = problems
        self._head = head
        self._media = dict.fromkeys(head.media, 0) if head else {}
        self._tree = MerkleStack()

    def check(
        self,
        manifest: Iterator[Entry],
        items: Iterator[_Told],
        check_files: CheckFiles,
        progress: Progress | None,
    ) -> None:
        """Walk files and lists in step, and give what all three name to `check_files`.

        A list that raises ListError is reported and followed no further.
        """
        for path, code, what in check_files(self._groups(manifest, items, progress)):
            self._problems.add(f"{PAYLOAD}/{path}", code, what)

    def _groups(
        self, manifest: Iterator[Entry], items: Iterator[_Told], progress: Progress | None
    ) -> Iterator[tuple[Listed, ...]]:
        total = self._head.items if self._head else 0
        group: list[Listed] = []
        size = 0
        try:
            for listed in self._in_step(manifest, items):
                group.append(listed)
                size += listed[2]
                if len(group) >= GROUP or size >= GROUP_BYTES:
                    yield tuple(group)
                    group, size = [], 0
                    if progress is not None:
                        progress(self.items, total)
        except ListError as error:
            self._problems.add(error.name, "malformed", f"{error}.")
        else:
            self._totals()
        if group:
            yield tuple(group)
        if progress is not None:
            progress(self.items, total)

    def _in_step(self, manifest: Iterator[Entry], items: Iterator[_Told]) -> Iterator[Listed]:
        """What stands in both lists and in the tree. The rest is a problem."""
        files = walk_files(self._folder, self._problems)
        fromhex = bytes.fromhex
        file, entry, told = next(files, None), self._entry(manifest), next(items, None)
        while file is not None or entry is not None or told is not None:
            if file and entry and told and file == entry.path == told[0].path:
                item = told[0]
                self._count(*told)
                if item.sha256 == entry.sha256:
                    yield file, fromhex(item.sha256), item.size, item.media_type
                else:
                    self._problems.add(
                        f"{PAYLOAD}/{file}", "changed", "The two lists give it different digests."
                    )
                file, entry, told = next(files, None), self._entry(manifest), next(items, None)
                continue
            path = _first(file, entry, told)
            here, listed = file == path, entry is not None and entry.path == path
            named = told is not None and told[0].path == path
            self._odd(path, here, listed, named)
            if told is not None and named:
                self._count(*told)
                told = next(items, None)
            if here:
                file = next(files, None)
            if listed:
                entry = self._entry(manifest)

    def _entry(self, manifest: Iterator[Entry]) -> Entry | None:
        """The next line of the manifest that lies in the payload, without `data/`."""
        prefix = PAYLOAD + "/"
        for entry in manifest:
            below = entry.path[len(prefix) :]
            if not entry.path.startswith(prefix):
                self._problems.add(entry.path, "unsafe-path", "It leads outside the payload.")
                continue
            return Entry(below, entry.sha256)
        return None

    def _odd(self, path: str, here: bool, listed: bool, named: bool) -> None:
        """Report a path that is not in all three places."""
        shown = f"{PAYLOAD}/{path}"
        if here and not (listed or named):
            self._problems.add(shown, "extra", "No list names it.")
        elif here:
            lacks = ITEMS if listed else PAYLOAD_MANIFEST
            self._problems.add(shown, "extra", f"It is there, but {lacks} does not name it.")
        elif unsafe_path(path):  # a path that the walk has yielded is safe
            self._problems.add(shown, "unsafe-path", "It is listed, and leads outside the payload.")
        else:
            self._problems.add(shown, "missing", "It is listed and no file of the payload.")

    def _count(self, item: PublicItem, line: bytes) -> None:
        self.items += 1
        self.size += item.size
        self._tree.add(leaf_hash(line))
        if item.media_type in self._media:
            self._media[item.media_type] += 1
        elif self._head is not None:
            self._problems.add(
                f"{PAYLOAD}/{item.path}", "media-type", "The head does not count this media type."
            )

    def _totals(self) -> None:
        head = self._head
        if head is None:
            return
        counted = (self.items, self.size, self._media)
        if counted != (head.items, head.size, head.media):
            self._problems.add("items.jsonl", "count", "The head counts other items or bytes.")
        if self._tree.root().hex() != head.items_root:
            self._problems.add("items.jsonl", "root", "The head has another root for this list.")


def _first(file: str | None, entry: Entry | None, told: _Told | None) -> str:
    """The first path of the three streams, of which at least one goes on."""
    heads = (file, entry and entry.path, told and told[0].path)
    return min(path for path in heads if path is not None)
