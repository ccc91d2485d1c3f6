"""What surrounds a text, as far as detectors care."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class ContextLike(Protocol):
    """Any object with these fields will do."""

    @property
    def kind(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def neighbours(self) -> tuple[str, ...]: ...

    @property
    def language(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The plain form: kind (prose, cell, key, number, code, comment, caption, name) and label."""

    kind: str = "prose"
    label: str = ""
    neighbours: tuple[str, ...] = ()
    language: str | None = None


PROSE = Surroundings()

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


def words(label: str) -> tuple[str, ...]:
    """Lower-case words of a header, key path or tag: `user.homePhone_2` → user, home, phone, 2."""
    return tuple(word.casefold() for word in _WORD.findall(label))


def contexts_for(
    texts: Sequence[str], contexts: Sequence[ContextLike] | None
) -> Sequence[ContextLike]:
    """One context a text. Raises ValueError when the numbers differ."""
    if contexts is None:
        return [PROSE] * len(texts)
    if len(contexts) != len(texts):
        raise ValueError(f"{len(texts)} texts but {len(contexts)} contexts")
    return contexts
