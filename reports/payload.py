"""The payload against its two lists: three sorted streams, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from reports.bag import PAYLOAD, Entry
from reports.digest import file_digest
from reports.manifest import Head, PublicItem
from reports.portable import unsafe_path
from reports.problems import Problems
from reports.tree import walk_files
from scrubber.merkle import MerkleStack, leaf_hash

ReadItem = Callable[[Path, str], tuple[str, ...]]
"""Reads a file of a media type again and names what should not be in it."""

Progress = Callable[[int, int], None]
"""Takes files done and files in all."""

_Listed = tuple[PublicItem, bytes]


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
        items: Iterator[_Listed],
        read_item: ReadItem | None,
        progress: Progress | None,
    ) -> None:
        """Walk files and lists in step. Raises BadLine when a list cannot be trusted further."""
        total = self._head.items if self._head else 0
        files = walk_files(self._folder, self._problems)
        file, entry, item = next(files, None), self._entry(manifest), next(items, None)
        while file or entry or item:
            path = _first(file, entry, item)
            here = file if file and file[0] == path else None
            listed = entry if entry and entry.path == path else None
            told = item if item and item[0].path == path else None
            self._one(path, here and here[1], listed, told, read_item)
            if here:
                file = next(files, None)
            if listed:
                entry = self._entry(manifest)
            if told:
                item = next(items, None)
            if progress is not None:
                progress(self.items, total)
        self._totals()

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

    def _one(
        self,
        path: str,
        file: str | None,
        entry: Entry | None,
        told: _Listed | None,
        read_item: ReadItem | None,
    ) -> None:
        shown = f"{PAYLOAD}/{path}"
        if told is not None:
            self._count(shown, *told)
        if file is None:
            # A path that the walk has yielded is safe; only others need a look.
            code = "unsafe-path" if unsafe_path(path) else "missing"
            self._problems.add(shown, code, "It is listed and no file of the payload.")
            return
        if entry is None or told is None:
            self._problems.add(shown, "extra", "It is not in every list.")
            return
        item = told[0]
        found = file_digest(file, item.size)
        if found is None:
            self._problems.add(shown, "changed", "It is larger than listed, or cannot be read.")
        elif found != (entry.sha256, item.size) or item.sha256 != entry.sha256:
            self._problems.add(shown, "changed", "Its bytes are not those that are listed.")
        elif read_item is not None:
            for left in read_item(Path(file), item.media_type):
                self._problems.add(shown, "not-clean", left)

    def _count(self, shown: str, item: PublicItem, line: bytes) -> None:
        self.items += 1
        self.size += item.size
        self._tree.add(leaf_hash(line))
        if item.media_type in self._media:
            self._media[item.media_type] += 1
        elif self._head is not None:
            self._problems.add(shown, "media-type", "The head does not count this media type.")

    def _totals(self) -> None:
        head = self._head
        if head is None:
            return
        counted = (self.items, self.size, self._media)
        if counted != (head.items, head.size, head.media):
            self._problems.add("items.jsonl", "count", "The head counts other items or bytes.")
        if self._tree.root().hex() != head.items_root:
            self._problems.add("items.jsonl", "root", "The head has another root for this list.")


def _first(file: tuple[str, str] | None, entry: Entry | None, item: _Listed | None) -> str:
    """The first path of the three streams, of which at least one goes on."""
    if file and entry and item and file[0] == entry.path == item[0].path:
        return file[0]
    heads = (file and file[0], entry and entry.path, item and item[0].path)
    return min(path for path in heads if path is not None)
