"""Is a file of a batch still clean? Judged by the second reader, and by detectors if asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from scrubber.containers import load_reader
from scrubber.errors import Held, ScrubError
from scrubber.identify import identify
from scrubber.shapes import unkept
from scrubber.source import FileSource


class Recheck:
    """Reads items of one batch folder again. `findings` fills when `deep` is asked for.

    `kept` are the entities that the batch says it keeps.
    """

    def __init__(self, *, deep: bool = False, kept: Iterable[str] = ()) -> None:
        self._deep = deep
        self._kept = frozenset(kept)
        self.findings: dict[str, str] = {}

    def read_item(self, path: Path, media_type: str) -> tuple[str, ...]:
        """What should not stand in the file at `path`."""
        try:
            with FileSource(path) as source:
                row = identify(source, path.name).container
                if row.media_type != media_type:
                    return (f"it is {row.label}, the list says {media_type}",)
                leftovers: tuple[str, ...] = load_reader(row)(source, ()).leftovers
        except Held as error:
            return (error.what,)
        leftovers = unkept(leftovers, self._kept.__contains__)
        if self._deep and not leftovers:
            self._look(path)
        return leftovers

    @cached_property
    def _bench(self):  # type: ignore[no-untyped-def]  # a Bench; imported only for --deep
        from scrubber.bench import Setup, prepare
        from scrubber.policy import load_policy

        return prepare(
            Setup(load_policy("standard"), "", b"\0" * 32, os.urandom(32), "", False, False)
        )

    def _look(self, path: Path) -> None:
        from scrubber.look import look

        try:
            seen = look(self._bench, os.fspath(path))
        except ScrubError as error:
            self.findings[str(path)] = str(error)
            return
        if seen.held is not None:
            self.findings[str(path)] = str(seen.held)
        elif seen.found:
            names = sorted({row.entity for row in seen.found} - self._kept)
            if names:
                self.findings[str(path)] = ", ".join(names)
