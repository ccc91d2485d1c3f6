"""No value that was removed stands anywhere in the staged batch."""

from __future__ import annotations

from dataclasses import dataclass

from detectors.known import KnownValues


@dataclass(frozen=True, slots=True)
class Hit:
    """A known value stands at [start, end); the value itself is not repeated."""

    entity: str
    start: int
    end: int


class Sweep:
    """Looks for known values in texts, bytes and names."""

    def __init__(self, known: KnownValues) -> None:
        self._known = known

    def text(self, text: str, scope: str = "") -> list[Hit]:
        """Hits in code points. `scope`: original path of the item, for values that count there."""
        return [Hit(entity, start, end) for start, end, entity in self._known.find(text, scope)]

    def residue(self, data: bytes, scope: str = "") -> list[Hit]:
        """Hits in bytes of a non-coded part or a record file, in every usual encoding."""
        found = self._known.find_bytes(data, scope)
        return [Hit(entity, start, end) for start, end, entity in found]

    def name(self, path: str, scope: str = "") -> list[Hit]:
        """Hits in code points of a relative output path; a value may not span two components."""
        hits: list[Hit] = []
        at = 0
        for component in path.split("/"):
            hits += (
                Hit(entity, at + start, at + end)
                for start, end, entity in self._known.find(component, scope)
            )
            at += len(component) + 1
        return hits
