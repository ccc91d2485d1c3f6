"""A rule: a pattern, the entity that it shows, and how sure it is with and without context."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import regex

from detectors.errors import DetectionIncomplete

TIMEOUT_SECONDS = 20.0
BEFORE, AFTER = 60, 24  # code points of context looked at

Check = Callable[[str], bool]
Finder = Callable[[str], Iterable["Hit"]]


@dataclass(frozen=True, slots=True)
class Rule:
    """`score` counts alone, `lifted` when a word of `context` stands near or in the label.

    `group` is the part of the match that is private; `check` gets its text, and `where`
    the whole match. `needs` are lower-case literals of which one must be in the text:
    without any, the pattern is not tried. `code` marks rules that are safe on source code.
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
    code: bool = False
    weak: bool = False
    overlapped: bool = False  # try again inside a match that failed its check


@dataclass(frozen=True, slots=True)
class Hit:
    """A match of `rule` over code points [start, end), before context is weighed."""

    start: int
    end: int
    rule: Rule
    entity: str = ""

    @property
    def kind(self) -> str:
        return self.entity or self.rule.entity


@dataclass(frozen=True, slots=True)
class Family:
    """Rules that belong together, and finders for what no pattern can say."""

    name: str
    rules: tuple[Rule, ...]
    finders: tuple[Finder, ...] = ()
    finder_rules: tuple[Rule, ...] = field(default=())

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(sorted({rule.entity for rule in (*self.rules, *self.finder_rules)}))

    def for_code(self) -> Family | None:
        """The part that is safe on source code, or None."""
        rules = tuple(rule for rule in self.rules if rule.code)
        safe = tuple(rule for rule in self.finder_rules if rule.code)
        finders = self.finders if safe else ()
        return Family(self.name, rules, finders, safe) if rules or safe else None

    def hits(self, text: str, timeout: float = TIMEOUT_SECONDS) -> list[Hit]:
        """All matches in `text`. Raises DetectionIncomplete when a pattern runs out of time."""
        found = list(scan(self.rules, text, timeout))
        allowed = {rule.name for rule in self.finder_rules}
        for finder in self.finders:
            found += [hit for hit in finder(text) if hit.rule.name in allowed]
        return found


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.MULTILINE)


def scan(rules: Sequence[Rule], text: str, timeout: float = TIMEOUT_SECONDS) -> Iterator[Hit]:
    """Matches of `rules` in `text`, overlapping ones of different rules included."""
    lowered = text.lower()
    for rule in rules:
        if rule.needs and not any(need in lowered for need in rule.needs):
            continue
        try:
            for match in compiled(rule.pattern).finditer(
                text, overlapped=rule.overlapped, timeout=timeout
            ):
                start, end = match.span(rule.group)
                if start < end and _holds(rule, match):
                    yield Hit(start, end, rule)
        except TimeoutError as slow:
            raise DetectionIncomplete(
                f"The rule {rule.name} ran out of time ({timeout:g} s) on a text of "
                f"{len(text)} characters."
            ) from slow


def _holds(rule: Rule, match: regex.Match[str]) -> bool:
    if rule.check is not None and not rule.check(match[rule.group]):
        return False
    return rule.where is None or rule.where(match)


@lru_cache(maxsize=4096)
def _context_pattern(context: tuple[str, ...]) -> regex.Pattern[str]:
    alternatives = "|".join(sorted(map(regex.escape, context), key=len, reverse=True))
    return regex.compile(rf"(?<![^\W\d_])(?:{alternatives})(?![^\W\d_])", regex.IGNORECASE)


def weigh(hit: Hit, text: str, label: Sequence[str] = ()) -> float:
    """The score of `hit` with what stands around it and the words of its label."""
    rule = hit.rule
    if not rule.context or rule.lifted <= rule.score:
        return rule.score
    near = (
        " ".join(label)
        + " \n "
        + text[max(0, hit.start - BEFORE) : hit.start]
        + " \n "
        + text[hit.end : hit.end + AFTER]
    )
    return rule.lifted if _context_pattern(rule.context).search(near) else rule.score
