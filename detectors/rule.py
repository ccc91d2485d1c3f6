"""A rule: a pattern, the entity that it shows, and how sure it is with and without context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Check = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """`score` counts alone, `lifted` when a word of `context` stands near or in the label.

    `group` is the part of the match that is private; `check` gets its text, and `where`
    the whole match. `needs` are lower-case literals of which one must be in the text:
    without any, the pattern is not tried; "0" stands for any digit. With `reach` (code
    points before and after) every match must touch one of the `needs` and stay inside
    that reach of it: only there is the pattern tried. So many `digits` are in every match,
    and a run of letters for which `word` holds. `code` marks rules that are safe on source
    code. `vote` marks rules that list words and see no more than that: where a
    model ran, such a hit counts only if something else speaks for it too (spans.counted).
    """

    name: str
    entity: str
    pattern: str
    score: float
    lifted: float = 0.0
    context: tuple[str, ...] = ()
    group: str | int = 0
    check: Check | None = None
    where: Callable[[Any], bool] | None = None
    needs: tuple[str, ...] = ()
    reach: tuple[int, int] | None = None
    digits: int = 0
    word: Check | None = None
    code: bool = False
    weak: bool = False
    vote: bool = False
    overlapped: bool = False  # try again inside a match that failed its check
