"""Which patterns can match in a text, and where: one pass for the literals of all of them.

Most rules match nowhere in most texts. What a match of a rule must hold (one of its literals,
so many digits, a word of a kind) is looked for in all rules at once; only what is left is tried.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import regex

from detectors.errors import DetectionIncomplete
from detectors.required import masked, required, share
from detectors.rule import Rule

Match = regex.Match[str]
Part = tuple[int, int]
"""Code points [start, end) of a text."""
DIGIT = "0"
_DIGITS = re.compile("0+")
_WORD = regex.compile(r"\p{L}+")
_LATIN = re.compile("[A-Za-z]+")  # the same in ASCII
_REMEMBERED = 65_536  # words
_FEW = 8  # literals that each part of a text is searched for
_SHORT = 4_096  # of longer texts only parts are asked for their longest run
_LONG = 12  # characters without a blank
_RARE = 3e-4  # places a code point: rarer literals need no help


@cache
def compiled(pattern: str) -> regex.Pattern[str]:
    return regex.compile(pattern, regex.MULTILINE)


_Condition = tuple[
    tuple[str, ...], tuple[str, ...], tuple[int, int] | None, tuple[str, ...], int, int
]
"""Signs, needs, reach, literals of every match, digits and run."""


@dataclass(frozen=True, eq=False)
class _Group:
    """Patterns that are tried under one condition; rules of one pattern share its matches.

    One of `signs` must be in the text, and one of `needs`; one of `within` in every match.
    """

    signs: tuple[str, ...]
    needs: tuple[str, ...]
    reach: tuple[int, int] | None
    within: tuple[str, ...]
    digits: int
    run: int
    word: int  # a bit, or 0
    tasks: tuple[tuple[Rule, ...], ...]

    @cached_property
    def span(self) -> int:
        """A text so short is searched whole."""
        return sum(self.reach) if self.reach else 0


class Sieve:
    """The patterns of `rules`, ready to be looked for together."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._kinds: list[Callable[[str], bool]] = []
        groups = self._groups(rules)
        self._always = [group for group in groups if not group.signs]
        self._by_sign: dict[str, list[_Group]] = {}
        for group in groups:
            for sign in group.signs:
                self._by_sign.setdefault(sign, []).append(group)
        literals = {each for group in groups for each in (*group.signs, *group.needs)}
        self._single = sorted(each for each in literals if len(each) == 1)
        self._literals = sorted(each for each in literals if len(each) > 1)
        self._bits = lru_cache(maxsize=_REMEMBERED)(self._bits_of)

    def _groups(self, rules: Sequence[Rule]) -> list[_Group]:
        table: dict[tuple[_Condition, int], dict[tuple[str, bool], list[Rule]]] = {}
        for rule in rules:
            row = table.setdefault((_condition(rule), self._bit(rule)), {})
            row.setdefault((rule.pattern, rule.overlapped), []).append(rule)
        return [
            _Group(*condition, word, tuple(map(tuple, row.values())))
            for (condition, word), row in table.items()
        ]

    def _bit(self, rule: Rule) -> int:
        if rule.word is None:
            return 0
        if rule.word not in self._kinds:
            self._kinds.append(rule.word)
        return 1 << self._kinds.index(rule.word)

    def _bits_of(self, word: str) -> int:
        return sum(1 << at for at, kind in enumerate(self._kinds) if kind(word))

    @cached_property
    def _machine(self) -> Any:
        import ahocorasick_rs

        if not self._literals:
            return None
        kind = ahocorasick_rs.Implementation.DFA
        return ahocorasick_rs.AhoCorasick(self._literals, implementation=kind)

    def matches(self, text: str, timeout: float) -> Iterator[tuple[Rule, Match]]:
        """Every match of every rule. Raises DetectionIncomplete when one runs out of time."""
        shown = masked(text)
        places = self._places(shown)
        digits = shown.count(DIGIT)
        run = max(map(len, shown.split(" "))) if len(shown) < _SHORT else len(shown)
        words = -1
        whole = [(0, len(text))]
        for group in self._possible(places):
            if digits < group.digits or run < group.run:
                continue
            if group.needs != group.signs and not any(map(places.__contains__, group.needs)):
                continue
            if group.word:
                words = self._words_in(text) if words < 0 else words
                if not words & group.word:
                    continue
            parts = whole
            if group.reach is not None and len(text) > group.span:
                parts = _around(group.needs, group.reach, places, shown)
                parts = [part for part in parts if _may_match(group, shown, *part)]
            for rules in group.tasks:
                found = _found(rules[0], text, parts, timeout)
                for rule in rules:
                    for match in found:
                        yield rule, match

    def _places(self, shown: str) -> dict[str, list[Part]]:
        """Where each literal stands; single characters are left for `_around`."""
        places: dict[str, list[Part]] = {need: [] for need in self._single if need in shown}
        if self._machine is not None:
            literals = self._literals
            for at, start, end in self._machine.find_matches_as_indexes(shown, overlapping=True):
                need = literals[at]
                if need in places:
                    places[need].append((start, end))
                else:
                    places[need] = [(start, end)]
        return places

    def _possible(self, places: dict[str, list[Part]]) -> list[_Group]:
        possible = dict.fromkeys(self._always)
        for sign in places:
            for group in self._by_sign.get(sign, ()):
                possible[group] = None
        return list(possible)

    def _words_in(self, text: str) -> int:
        """Of which kinds there are words in `text`."""
        bits = 0
        for found in map(self._bits, (_LATIN if text.isascii() else _WORD).findall(text)):
            bits |= found
        return bits


def _condition(rule: Rule) -> _Condition:
    needs = tuple(dict.fromkeys(map(masked, rule.needs)))
    if rule.reach is not None and not needs:
        raise ValueError(f"the rule {rule.name} has a reach and no needs")
    if needs and share(needs) < _RARE:
        return needs, needs, rule.reach, (), 0, 0
    known = required(rule.pattern)
    signs = needs
    if not needs or (known.literals and share(known.literals) < share(needs)):
        signs = known.literals
    if rule.reach is None:
        return signs, signs, None, (), known.digits, known.run
    within = known.literals if len(known.literals) <= _FEW else ()
    return signs, needs, rule.reach, within, known.digits, known.run


def digits_near(text: str, reach: tuple[int, int]) -> list[Part]:
    """Parts of `text` within `reach` (code points before, after) of a digit."""
    return _around((DIGIT,), reach, {DIGIT: []}, masked(text))


def _around(
    needs: tuple[str, ...],
    reach: tuple[int, int],
    places: dict[str, list[Part]],
    shown: str,
) -> list[Part]:
    """`reach` around each literal, joined where they touch."""
    every: list[Part] = []
    for need in needs:
        if need in places:
            if len(need) == 1 and not places[need]:
                places[need] = _single_places(need, shown)
            every += places[need]
    if len(needs) > 1:
        every.sort()
    before, after = reach
    size = len(shown)
    parts: list[Part] = []
    low, high = 0, -1
    for start, end in every:
        begin, stop = start - before, end + after
        if begin > high:
            if high >= 0:
                parts.append((low, high))
            low = begin if begin > 0 else 0
            high = stop
        elif stop > high:
            high = stop
    if high >= 0:
        parts.append((low, high if high < size else size))
    return parts


def _may_match(group: _Group, shown: str, low: int, high: int) -> bool:
    """Whether a part holds what every match does."""
    if group.run >= _LONG and max(map(len, shown[low:high].split(" "))) < group.run:
        return False
    return not group.within or any(shown.find(each, low, high) >= 0 for each in group.within)


def _single_places(need: str, shown: str) -> list[Part]:
    if need == DIGIT:
        return [match.span() for match in _DIGITS.finditer(shown)]
    places = []
    at = shown.find(need)
    while at >= 0:
        places.append((at, at + 1))
        at = shown.find(need, at + 1)
    return places


def _found(rule: Rule, text: str, parts: Sequence[Part], timeout: float) -> list[Match]:
    finditer = compiled(rule.pattern).finditer
    found: list[Match] = []
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
