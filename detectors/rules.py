"""A rule: a pattern, the entity that it shows, and how sure it is with and without context."""

from __future__ import annotations

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
    lowered = _lower(text)
    where: dict[tuple[tuple[str, ...], tuple[int, int]], list[tuple[int, int]]] = {}
    last: tuple[object, ...] = ()
    whole = [(0, len(text))]
    matches: list[regex.Match[str]] = []
    for rule in rules:
        if rule.needs and (rule.reach is None or len(text) <= sum(rule.reach)):
            if not _needed(rule.needs, lowered):
                continue
            parts = whole
        elif rule.reach is not None:
            key = (rule.needs, rule.reach)
            if key not in where:
                where[key] = _parts(lowered, len(text), *key)
            parts = where[key]
        else:
            parts = whole
        if not parts:
            continue
        if last != (rule.pattern, rule.overlapped, rule.reach):
            matches = _matches(rule, text, parts, timeout)
            last = (rule.pattern, rule.overlapped, rule.reach)
        for match in matches:
            start, end = match.span(rule.group)
            if start < end and _holds(rule, match):
                yield Hit(start, end, rule)


@lru_cache(maxsize=2)
def _lower(text: str) -> str:
    return text.lower()


def _matches(
    rule: Rule, text: str, parts: Sequence[tuple[int, int]], timeout: float
) -> list[regex.Match[str]]:
    finditer = compiled(rule.pattern).finditer
    found: list[regex.Match[str]] = []
    until = time.monotonic() + timeout
    try:
        for low, high in parts:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            found += finditer(text, low, high, overlapped=rule.overlapped, timeout=left)
        return found
    except TimeoutError as slow:
        raise DetectionIncomplete(
            f"The rule {rule.name} ran out of time ({timeout:g} s) on a text of "
            f"{len(text)} characters."
        ) from slow


_DIGITS = regex.compile("[0-9]+")


def _needed(needs: tuple[str, ...], lowered: str) -> bool:
    return any(
        _DIGITS.search(lowered) is not None if need == "0" else need in lowered for need in needs
    )


def _places(need: str, lowered: str) -> Iterator[tuple[int, int]]:
    if need == "0":
        for digits in _DIGITS.finditer(lowered):
            yield digits.span()
        return
    at = lowered.find(need)
    while at >= 0:
        yield at, at + len(need)
        at = lowered.find(need, at + len(need))


def near(text: str, needs: tuple[str, ...], reach: tuple[int, int]) -> list[tuple[int, int]]:
    """Ranges of `text` within `reach` (code points before, after) of any of `needs`."""
    return _parts(_lower(text), len(text), needs, reach)


def _parts(
    lowered: str, size: int, needs: tuple[str, ...], reach: tuple[int, int]
) -> list[tuple[int, int]]:
    """Where a match can lie: `reach` around each literal, joined where they touch."""
    if len(lowered) != size:  # lower case is longer for a few letters: offsets would not fit
        return [(0, size)] if _needed(needs, lowered) else []
    before, after = reach
    parts: list[tuple[int, int]] = []
    low, high = -1, -1
    for start, end in sorted(place for need in needs for place in _places(need, lowered)):
        if start - before > high:
            if high >= 0:
                parts.append((max(0, low), min(size, high)))
            low = start - before
        high = max(high, end + after)
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
