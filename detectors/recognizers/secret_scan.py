"""One pass for the literals of all rules, then each rule only where one of its literals stands.

A rule without `reach` begins with its literal: its pattern is tried at that place alone. With
`reach` (code points before and after) it is searched for around the literal.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import ahocorasick_rs
import regex

from detectors.errors import DetectionIncomplete
from detectors.rules import TIMEOUT_SECONDS, Hit, Rule

Place = Callable[[str, int, int], Iterator[Hit]]
"""Text, start and end of a literal → hits that begin at or around it."""
_LOOK_AT_THE_CLOCK = 512  # tries
_LONG = 1_000  # code points


@dataclass(frozen=True)
class Scan:
    """Rules by their `needs`, and functions by literals of their own."""

    rules: tuple[Rule, ...]
    functions: tuple[tuple[tuple[str, ...], Place], ...] = ()

    @cached_property
    def _machine(self) -> tuple[Any, list[_Row]]:
        """The automaton, and what is to be tried at each of its literals."""
        table: dict[str, _Row] = {}
        for rule in self.rules:
            for need in rule.needs:
                row = table.setdefault(need, ([], [], []))
                if rule.reach is None:
                    row[0].append((rule, re.compile(rule.pattern, re.MULTILINE)))
                else:
                    row[1].append((rule, regex.compile(rule.pattern, regex.MULTILINE)))
        for needs, function in self.functions:
            for need in needs:
                table.setdefault(need, ([], [], []))[2].append(function)
        literals = sorted(table)
        kind = ahocorasick_rs.Implementation.DFA
        machine = ahocorasick_rs.AhoCorasick(literals, implementation=kind)
        return machine, [table[need] for need in literals]

    def hits(self, text: str, timeout: float = TIMEOUT_SECONDS) -> list[Hit]:
        """All matches. Raises DetectionIncomplete after `timeout` seconds and one a megabyte."""
        found: dict[tuple[int, int, str], Hit] = {}
        until = time.monotonic() + timeout + len(text) / 1e6
        done: dict[str, int] = {}  # where a long match ended: none of its rule begins inside
        windows: _Windows = {}
        machine, rows = self._machine
        places_of = machine.find_matches_as_indexes(lower(text), overlapping=True)
        for tries, (at, start, end) in enumerate(places_of, 1):
            here, near, places = rows[at]
            if not tries % _LOOK_AT_THE_CLOCK:
                _check(until, text)
            if here:
                _begin(text, start, here, done, found)
            if near:
                _around(text, start, end, near, windows)
            for place in places:
                for hit in place(text, start, end):
                    found[hit.start, hit.end, hit.rule.name] = hit
        for rule, pattern, parts in windows.values():
            for low, high in parts:
                for match in _search(rule, pattern, text, low, high, until):
                    _take(rule, match, found)
        return list(found.values())


_Rules = list[tuple[Rule, Any]]
_Row = tuple[_Rules, _Rules, list[Place]]
_Windows = dict[int, tuple[Rule, Any, list[list[int]]]]


def _begin(
    text: str,
    start: int,
    rules: _Rules,
    done: dict[str, int],
    found: dict[tuple[int, int, str], Hit],
) -> None:
    """Rules that begin with the literal at `start`."""
    for rule, pattern in rules:
        if start < done.get(rule.name, 0):
            continue
        match = pattern.match(text, start)
        if match is not None:
            _take(rule, match, found)
            if match.end() - start > _LONG:
                done[rule.name] = match.end()


def _around(text: str, start: int, end: int, rules: _Rules, windows: _Windows) -> None:
    """Where rules are to be searched for, joined where it touches."""
    for rule, pattern in rules:
        before, after = rule.reach or (0, 0)
        row = windows.setdefault(id(rule), (rule, pattern, []))[2]
        low, high = max(0, start - before), min(len(text), end + after)
        if row and low <= row[-1][1]:
            row[-1][1] = max(high, row[-1][1])
        else:
            row.append([low, high])


def lower(text: str) -> str:
    """Lower case of the same length, which can be encoded: the one letter that grows stays."""
    low = "\u0130".join(part.lower() for part in text.split("\u0130"))
    return low if low.isascii() else low.encode("utf-8", "replace").decode()


def _check(until: float, text: str) -> None:
    if time.monotonic() > until:
        raise DetectionIncomplete(
            f"Looking for secrets ran out of time on a text of {len(text)} characters."
        )


def _search(
    rule: Rule, pattern: Any, text: str, low: int, high: int, until: float
) -> Sequence[Any]:
    left = until - time.monotonic()
    try:
        if left <= 0:
            raise TimeoutError
        return list(pattern.finditer(text, low, high, overlapped=rule.overlapped, timeout=left))
    except TimeoutError as slow:
        raise DetectionIncomplete(
            f"The rule {rule.name} ran out of time on a text of {len(text)} characters."
        ) from slow


def _take(rule: Rule, match: Any, found: dict[tuple[int, int, str], Hit]) -> None:
    start, end = match.span(rule.group)
    if start >= end:
        return
    if rule.check is not None and not rule.check(match[rule.group]):
        return
    if rule.where is None or rule.where(match):
        found[start, end, rule.name] = Hit(start, end, rule)
