"""References between files: where a text names a walked file, the planned name takes its place."""

from __future__ import annotations

import re
import urllib.parse
from array import array
from collections.abc import Iterator
from typing import Protocol

from scrubber.portable import fold

Rewrite = tuple[int, int, str]
"""Start and end in code points, and the text that goes there."""

_END = re.compile(r"\.[A-Za-z0-9]{1,8}(?![A-Za-z0-9])")
_LEFT_STOP = re.compile('[\n\r\t"<>|*?\0]')
_START = re.compile(r"(?<![\w%.\-~])(?=\S)|(?<=[/\\(\[{='`,;:])(?=\S)")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_LONGEST = 400


class Planned(Protocol):
    """What a name plan offers here: positions of files, their names, old and new paths."""

    def positions(self) -> range: ...
    def old_name(self, position: int) -> str: ...
    def old_path(self, position: int) -> str: ...
    def new_path(self, position: int) -> str: ...


class References:
    """The file names of one plan, indexed for many texts."""

    def __init__(self, plan: Planned) -> None:
        self._plan = plan
        self._names: dict[str, array[int]] = {}
        for position in plan.positions():
            self._names.setdefault(fold(plan.old_name(position)), array("l")).append(position)
        self._endings = {"." + name.rpartition(".")[2] for name in self._names}

    def rewrite(self, text: str, folder: str = "") -> list[Rewrite]:
        """Spans of `text` that name a walked file, longest first at each place, and the new names.

        `folder` is the original folder of the text, for relative paths. A name that several
        files share is taken from the nearest of them.
        """
        found: list[Rewrite] = []
        done = 0
        for match in _END.finditer(text):
            if match.group().lower() not in self._endings:
                continue
            low = max(done, match.end() - _LONGEST)
            best: tuple[int, Rewrite] | None = None
            for start in self._starts(text, low, match.end()):
                named = self._named(text, start, match.end(), folder)
                if named is None:
                    continue
                depth, whole, rewrite = named
                if whole or best is None or depth > best[0]:
                    best = depth, rewrite
                if whole:
                    break
            if best is not None:
                start, done, fresh = best[1]
                if text[start:done] != fresh:
                    found.append(best[1])
        return found

    def _starts(self, text: str, low: int, end: int) -> Iterator[int]:
        stops = [match.end() for match in _LEFT_STOP.finditer(text, low, end)]
        for match in _START.finditer(text, stops[-1] if stops else low, end):
            yield match.start()

    def _named(
        self, text: str, start: int, end: int, folder: str
    ) -> tuple[int, bool, Rewrite] | None:
        """How deep [start, end) names a file, whether all of it does, and what to write."""
        written = text[start:end]
        slash = "\\" if "\\" in written and "/" not in written else "/"
        parts = written.split(slash)
        encoded = _PERCENT.search(written) is not None
        for decode in (True, False) if encoded else (False,):
            plain = [urllib.parse.unquote(p) for p in parts] if decode else parts
            positions = self._names.get(fold(plain[-1]))
            if positions is not None:
                break
        else:
            return None
        tail = [fold(part) for part in plain]
        position, depth = max(
            ((p, self._depth(p, tail)) for p in positions),
            key=lambda found: (found[1], self._near(found[0], folder), -found[0]),
        )
        fresh = self._plan.new_path(position).split("/")[-depth:]
        if decode:
            fresh = [urllib.parse.quote(part) for part in fresh]
        head = slash.join(parts[: len(parts) - depth])
        whole = all(part in ("", ".", "..") for part in parts[: len(parts) - depth])
        begin = start + len(head) + (1 if depth < len(parts) else 0)
        return depth, whole, (begin, end, slash.join(fresh))

    def _depth(self, position: int, tail: list[str]) -> int:
        """How many trailing components of the file's path the reference spells out."""
        path = [fold(part) for part in self._plan.old_path(position).split("/")]
        depth = 0
        while depth < min(len(path), len(tail)) and path[-1 - depth] == tail[-1 - depth]:
            depth += 1
        return depth

    def _near(self, position: int, folder: str) -> int:
        own, path = folder.split("/"), self._plan.old_path(position).split("/")[:-1]
        if path == [part for part in own if part]:
            return len(own) + 1
        shared = 0
        for one, other in zip(own, path, strict=False):
            if one != other:
                break
            shared += 1
        return shared


def rewrite_references(text: str, mapping: Planned, folder: str = "") -> list[Rewrite]:
    """`References(mapping).rewrite(text, folder)` for a single text."""
    return References(mapping).rewrite(text, folder)
