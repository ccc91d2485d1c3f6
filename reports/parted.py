"""Groups of which a part is held and another part goes out, for people to see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from scrubber.canonical import path_fields, path_from
from scrubber.model import Member, Outcome

SHOWN = 20
_WIDEST = 12  # files of one group
_ORDER = (
    Outcome.HELD, Outcome.CLEANED, Outcome.UNCHANGED, Outcome.DROPPED, Outcome.EXCLUDED,
)  # fmt: skip
_WORDS = {
    Outcome.CLEANED: "goes out",
    Outcome.UNCHANGED: "goes out",
    Outcome.DROPPED: "is left out",
    Outcome.EXCLUDED: "is excluded",
}


@dataclass(frozen=True, slots=True)
class Parted:
    """How many such groups there are, and the first of them."""

    count: int = 0
    groups: tuple[tuple[Member, ...], ...] = ()

    @classmethod
    def of(cls, groups: Iterable[Sequence[Member]]) -> Parted:
        count, first = 0, list[tuple[Member, ...]]()
        for group in groups:
            count += 1
            if len(first) < SHOWN:
                ordered = sorted(group, key=lambda one: _ORDER.index(one.outcome))
                first.append(tuple(ordered[:_WIDEST]))
        return cls(count, tuple(first))

    def fields(self) -> dict[str, object]:
        """For the log and for JSON."""
        rows = [
            [
                {**path_fields(one.path), "outcome": one.outcome.value, "code": one.code}
                for one in group
            ]
            for group in self.groups
        ]
        return {"count": self.count, "items": rows}

    @classmethod
    def from_fields(cls, told: Mapping[str, object]) -> Parted:
        """Undo `fields`."""
        rows = cast("list[list[dict[str, object]]]", told["items"])
        groups = tuple(
            tuple(
                Member(-1, path_from(one), Outcome(str(one["outcome"])), str(one["code"] or ""))
                for one in row
            )
            for row in rows
        )
        return cls(cast(int, told["count"]), groups)


def fate(member: Member) -> str:
    """What became of one file, to be read after its name."""
    return _WORDS.get(member.outcome, f"is held ({member.code})")
