"""Decisions applied to the passages of one file, and what of them is left to decide.

One judge serves one visit to one file. It says what is decided about a finding, notes what
was obeyed, and lists what a person can still decide, without any value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from scrubber.decisions import (
    AROUND,
    Decision,
    Decisions,
    Ids,
    Verdict,
    ids_of,
    is_high_risk,
    tokens,
)
from scrubber.memo import Hit
from scrubber.model import Doubt, Passage, Ruled

SURE = 0.5
"""A score below this is a guess, whoever made it."""
_STRONG_LISTED = 500  # findings that are not doubtful, listed for each file
_NAMES = frozenset(
    ("PERSON", "LOCATION", "ORGANIZATION", "NRP", "USERNAME", "SOCIAL_HANDLE", "PLACE_NAME")
)


def is_doubtful(hit: Hit) -> bool:
    """Is this a guess that a person should be able to look at?"""
    return hit.weak or hit.score < SURE


def alike(one: str, other: str) -> bool:
    """Do two entities say the same of a word? Models take names for places and back."""
    return one == other or (one in _NAMES and other in _NAMES)


@dataclass(frozen=True, slots=True)
class Kept:
    """Code points [start, end) of a passage that a decision keeps."""

    start: int
    end: int
    entity: str
    decision: Decision


@dataclass(slots=True)
class Judge:
    """`about` is the decision on the file itself. Without a key nothing is named or listed.

    `values`, where somebody at a terminal asks for them, takes the words and what stands around
    them by the name of the passage.
    """

    decisions: Decisions
    path: str
    sha256: str
    about: Decision | None = None
    values: dict[str, tuple[str, str, str]] | None = None
    doubts: list[Doubt] = field(default_factory=list)
    _strong: int = 0
    _places: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _seen: set[tuple[object, ...]] = field(default_factory=set)  # two recognizers, one passage

    def new_look(self) -> None:
        """Forgets what an earlier round over the same file noted."""
        self.doubts.clear()
        self._places.clear()
        self._seen.clear()
        self._strong = 0

    def of(
        self, number: int, index: int, passage: Passage, hit: Hit
    ) -> tuple[str, Decision | None]:
        """`keep`, `redact` or "" for one finding, and the decision behind it.

        A finding inside a nested file (`number` above 0) can be redacted alone.
        """
        if not self.decisions.key:
            return "", None
        text = passage.text
        ids = ids_of(
            self.decisions.key, self.path, self.sha256, f"{number}.{index}", text,
            hit.start, hit.end, hit.entity,
        )  # fmt: skip
        value = text[hit.start : hit.end]
        if self.values is not None:
            before, after = text[max(0, hit.start - AROUND) : hit.start], text[hit.end :]
            self.values[ids.span] = before, value, after[:AROUND]
        decision = self.decisions.about(ids, hit.entity, value) if self.decisions else None
        doubtful = is_doubtful(hit)
        if decision is None and self.about is not None and doubtful:
            decision = self._by_file(hit.entity)
        word = decision.verdict.value if decision is not None else ""
        if word == Verdict.KEEP and number:
            word = ""
        if (place := (ids.span, number, index, hit.start)) not in self._seen:
            self._seen.add(place)
            self._note(number, passage, hit, ids, doubtful, word)
        return word, decision if word else None

    def _by_file(self, entity: str) -> Decision | None:
        """A decision on the file counts for what is doubtful in it, never to keep high risks."""
        about = self.about
        if about is None or about.verdict is Verdict.DROP:
            return None
        if about.verdict is Verdict.KEEP and is_high_risk(entity):
            return None
        return about

    def _note(
        self, number: int, passage: Passage, hit: Hit, ids: Ids, doubtful: bool, word: str
    ) -> None:
        if not doubtful:
            self._strong += 1
            if self._strong > _STRONG_LISTED and not word:
                return
        at = passage.locate(hit.start, hit.end)[0] if number == 0 else -1
        self.doubts.append(
            Doubt(
                hit.entity, passage.where, hit.detector, hit.score, doubtful,
                tokens(passage.text[hit.start : hit.end]) > 1,
                ids.span, ids.item, ids.value, word, at,
            )
        )  # fmt: skip

    def obeyed(self, decision: Decision, entity: str, place: tuple[int, int, int]) -> None:
        """Notes that a decision counted: container, passage and first code point."""
        self._count(decision.id, decision.verdict.value, entity, place)

    def overruled(self, decision: Decision, entity: str, place: tuple[int, int, int]) -> None:
        """Notes that policy, list or another finding was stricter than a decision."""
        self._count(decision.id, "overruled", entity, place)

    def _count(self, name: str, verdict: str, entity: str, place: tuple[int, int, int]) -> None:
        key = (name, verdict, entity)
        if (*key, *place) not in self._seen:
            self._seen.add((*key, *place))
            self._places[key] = self._places.get(key, 0) + 1

    @property
    def ruled(self) -> tuple[Ruled, ...]:
        """What was obeyed or overruled, with the number of places."""
        return tuple(Ruled(*key, places) for key, places in sorted(self._places.items()))


def shielded(hit: Hit, kept: Sequence[Kept]) -> bool:
    """Does `hit` only say again, inside of it, what was decided to stay?"""
    return any(
        one.start <= hit.start and hit.end <= one.end and alike(one.entity, hit.entity)
        for one in kept
    )
