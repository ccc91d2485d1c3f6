"""What is wrong with a batch, collected without growing with it."""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 1000
"""Problems that are kept; further ones are only counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: `path` below the folder, a stable `code`, and words."""

    path: str
    code: str
    what: str


class Problems:
    """Collects problems, bounded."""

    __slots__ = ("found", "more")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.more = 0

    def add(self, path: str, code: str, what: str) -> None:
        if len(self.found) < LIMIT:
            self.found.append(Problem(path, code, what))
        else:
            self.more += 1
