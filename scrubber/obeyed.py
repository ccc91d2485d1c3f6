"""What became of the decisions in a run: applied, overruled, stale, unused."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.decisions import Decision, Decisions, item_id
from scrubber.model import ItemRecord


@dataclass(slots=True)
class Obeyed:
    """Adds up while the records of a run stream by.

    *Stale*: the file is there, but what was decided about is not in it any more. *Unused*:
    nothing in the batch is what the decision is about. *Overruled*: policy, the user's own
    list, or a larger finding around it was stricter.
    """

    decisions: Decisions
    kept_places: int = 0
    _applied: set[str] = field(default_factory=set)
    _overruled: set[str] = field(default_factory=set)
    _present: set[str] = field(default_factory=set)
    _places: dict[str, int] = field(default_factory=dict)

    def add(self, record: ItemRecord) -> None:
        self._present.add(item_id(self.decisions.key, record.path))
        for one in record.ruled:
            if one.verdict == "overruled":
                self._overruled.add(one.id)
                continue
            self._applied.add(one.id)
            self._places[one.id] = self._places.get(one.id, 0) + one.places
            self.kept_places += one.places if one.verdict == "keep" and one.entity else 0

    def state(self, row: Decision) -> str:
        """`applied`, `overruled`, `stale` or `unused`."""
        if row.id in self._applied:
            return "applied"
        if row.id in self._overruled:
            return "overruled"
        return "stale" if row.item in self._present else "unused"

    def states(self) -> dict[str, str]:
        """The state of every decision, by its id."""
        return {row.id: self.state(row) for row in self.decisions.rows}

    def counts(self) -> dict[str, int]:
        """Decisions by what became of them, and the places that they keep."""
        found = dict.fromkeys(("applied", "overruled", "stale", "unused"), 0)
        for row in self.decisions.rows:
            found[self.state(row)] += 1
        return {**found, "kept_places": self.kept_places}

    def places(self, row: Decision) -> int:
        """In how many places it counted."""
        return self._places.get(row.id, 0)

    def words(self) -> str:
        """`Decisions: 12 applied (they keep 14 places), 1 stale, 2 unused.`"""
        counts = self.counts()
        kept = counts.pop("kept_places")
        said = [f"{n:,} {word}" for word, n in counts.items() if n or word == "applied"]
        if kept:
            said[0] += f" (they keep {kept:,} place{'' if kept == 1 else 's'})"
        return f"Decisions: {', '.join(said)}."
