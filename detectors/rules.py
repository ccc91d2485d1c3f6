"""Families of rules, their hits in a text, and what context makes of a hit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import regex

from detectors.rule import Check, Rule
from detectors.sieve import Sieve

TIMEOUT_SECONDS = 20.0
BEFORE, AFTER = 60, 24  # code points of context looked at

Finder = Callable[[str], Iterable["Hit"]]


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


@dataclass(frozen=True)
class Family:
    """Rules that belong together, and finders for what no pattern can say."""

    name: str
    rules: tuple[Rule, ...]
    finders: tuple[Finder, ...] = ()
    finder_rules: tuple[Rule, ...] = field(default=())
    code_finders: tuple[Finder, ...] | None = None  # where source code needs fewer than prose

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(sorted({rule.entity for rule in (*self.rules, *self.finder_rules)}))

    def for_code(self) -> Family | None:
        """The part that is safe on source code, or None."""
        rules = tuple(rule for rule in self.rules if rule.code)
        safe = tuple(rule for rule in self.finder_rules if rule.code)
        finders = self.finders if self.code_finders is None else self.code_finders
        finders = finders if safe else ()
        return Family(self.name, rules, finders, safe) if rules or safe else None

    @cached_property
    def sieve(self) -> Sieve:
        """The patterns of this family's rules."""
        return Sieve(self.rules)

    def hits(self, text: str, timeout: float = TIMEOUT_SECONDS) -> list[Hit]:
        """All matches in `text`. Raises DetectionIncomplete when a pattern runs out of time."""
        found = list(hits(self.sieve, text, timeout)) if self.rules else []
        return found + self.found(text)

    @cached_property
    def _allowed(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self.finder_rules)

    def found(self, text: str) -> list[Hit]:
        """What the finders see in `text`, of the rules that this family has."""
        allowed = self._allowed
        return [hit for finder in self.finders for hit in finder(text) if hit.rule.name in allowed]


def scan(rules: Sequence[Rule], text: str, timeout: float = TIMEOUT_SECONDS) -> Iterator[Hit]:
    """Matches of `rules` in `text`, overlapping ones of different rules included."""
    return hits(Sieve(rules), text, timeout)


def hits(sieve: Sieve, text: str, timeout: float = TIMEOUT_SECONDS) -> Iterator[Hit]:
    """Matches of the rules of `sieve` in `text` that pass their checks."""
    for rule, match in sieve.matches(text, timeout):
        start, end = match.span(rule.group)
        if start < end and _holds(rule, match):
            yield Hit(start, end, rule)


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


__all__ = [
    "AFTER",
    "BEFORE",
    "TIMEOUT_SECONDS",
    "Check",
    "Family",
    "Finder",
    "Hit",
    "Rule",
    "hits",
    "scan",
    "weigh",
]
