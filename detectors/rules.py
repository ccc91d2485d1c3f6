"""A rule: a pattern, the entity that it shows, and how sure it is with and without context."""

from __future__ import annotations

import re
import time
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
    without any, the pattern is not tried; "0" stands for any digit. With `reach` (code
    points before and after) every match must touch one of the `needs` and stay inside
    that reach of it: only there is the pattern tried. `code` marks rules that are safe on
    source code. `vote` marks rules that list words and see no more than that: where a
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
    code: bool = False
    weak: bool = False
    vote: bool = False
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
    where: dict[tuple[tuple[str, ...], tuple[int, int]], list[tuple[int, int]]] = {}
    for rule in rules:
        if rule.needs and not _needed(rule.needs, lowered):
            continue
        parts = [(0, len(text))]
        if rule.reach is not None and len(text) > sum(rule.reach):
            key = (rule.needs, rule.reach)
            if key not in where:
                where[key] = _parts(lowered, len(text), *key)
            parts = where[key]
        yield from _search(rule, text, parts, timeout)


def _search(
    rule: Rule, text: str, parts: Sequence[tuple[int, int]], timeout: float
) -> Iterator[Hit]:
    finditer = compiled(rule.pattern).finditer
    until = time.monotonic() + timeout
    try:
        for low, high in parts:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            for match in finditer(text, low, high, overlapped=rule.overlapped, timeout=left):
                start, end = match.span(rule.group)
                if start < end and _holds(rule, match):
                    yield Hit(start, end, rule)
    except TimeoutError as slow:
        raise DetectionIncomplete(
            f"The rule {rule.name} ran out of time ({timeout:g} s) on a text of "
            f"{len(text)} characters."
        ) from slow


@cache
def _literals(needs: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join("[0-9]+" if need == "0" else re.escape(need) for need in needs))


def _needed(needs: tuple[str, ...], lowered: str) -> bool:
    if "0" in needs:
        return _literals(needs).search(lowered) is not None
    return any(need in lowered for need in needs)


def _parts(
    lowered: str, size: int, needs: tuple[str, ...], reach: tuple[int, int]
) -> list[tuple[int, int]]:
    """Where a match can lie: `reach` around each literal, joined where they touch."""
    if len(lowered) != size:  # lower case is longer for a few letters: offsets would not fit
        return [(0, size)]
    before, after = reach
    parts: list[tuple[int, int]] = []
    low, high = -1, -1
    for found in _literals(needs).finditer(lowered):
        start, end = found.start() - before, found.end() + after
        if start > high:
            if high >= 0:
                parts.append((max(0, low), min(size, high)))
            low = start
        high = end
    if high >= 0:
        parts.append((max(0, low), min(size, high)))
    return parts


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
