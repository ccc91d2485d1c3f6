"""What a model sees in one passage, and how several models are heard."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # who only asks for names and digests loads no numpy
    import numpy as np
    from numpy.typing import NDArray

NAMED = (
    "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION", "DATE", "AGE", "USERNAME", "PHONE_NUMBER",
    "EMAIL_ADDRESS", "ACCOUNT_ID", "NRP",
)  # fmt: skip
LOW = 0.7  # what only one of several models sees, and less surely than this, is weak


@dataclass(frozen=True, slots=True, order=True)
class Sighting:
    """Code points [start, end) that show `entity` (a name of the catalogue)."""

    start: int
    end: int
    entity: str
    score: float
    detector: str
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Chances:
    """How likely each word is some kind of name, as far as the model knows."""

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    chances: NDArray[np.float32]

    def of(self, start: int, end: int) -> float:
        """The highest of the words that [start, end) touches, or 0."""
        first = bisect_right(self.ends, start)
        last = bisect_left(self.starts, end)
        return float(self.chances[first:last].max()) if first < last else 0.0


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that a model says of one passage."""

    sightings: tuple[Sighting, ...] = ()
    chances: Chances | None = None


NOTHING = Seen()


class Model(Protocol):
    """A recogniser of names. `look` takes the passages of one document, in order."""

    @property
    def name(self) -> str: ...

    def load(self) -> None: ...

    def look(self, passages: Sequence[str]) -> list[Seen]: ...

    def engines(self) -> list[tuple[str, str, str]]: ...


def heard(models: Sequence[Model], passages: Sequence[str]) -> list[Seen]:
    """What any of `models` sees. With several, a lone and unsure voice is weak."""
    each = [model.look(passages) for model in models]
    if len(each) == 1:
        return each[0]
    return [_together([seen[at] for seen in each]) for at in range(len(passages))]


def _together(voices: Sequence[Seen]) -> Seen:
    made: list[Sighting] = []
    for voice in voices:
        others = [one for other in voices if other is not voice for one in other.sightings]
        for one in voice.sightings:
            alone = not any(o.start < one.end and one.start < o.end for o in others)
            made.append(replace(one, weak=True) if alone and one.score < LOW else one)
    return Seen(tuple(sorted(made)), next((v.chances for v in voices if v.chances), None))
