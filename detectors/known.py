"""Exact search of many known values, however they are spelled or encoded.

A value is found whatever its case, Unicode form and the blanks, hyphens, dots and
underscores between its tokens: "Jane Doe" in `jane.doe`, `JaneDoe` and `JANE-DOE`, never
inside a longer word. One Aho-Corasick automaton holds all values; it reads the bytes
without separators, and each hit is then judged in the text as it stands. Where a value
stands in a code is worked out only after a quick look has seen it there.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import ahocorasick_rs

from detectors import folding
from detectors.encoded import views
from detectors.spans import SECRETS
from detectors.traced import Traced
from detectors.words import is_common, is_word

Value = tuple[str, str, str]
"""Text, entity, scope: "" for the whole batch, else the path prefix where the value counts."""
Hit = tuple[int, int, str]
"""Start, end, entity."""

MIN_LETTERS, MAX_LETTERS, MAX_VALUES = 2, 60, 10_000
MAX_SECRET = 1_024  # tokens are longer than names
_SHORT_IN_BYTES, _SHORT_IN_CODED = 4, 6
_PHONE_RUN = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[\s\-._()/]{0,3}\d){6,19}(?!\d)")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_SMALL = 120_000  # bytes of spellings: the faster automaton takes about 100 times as many
_ANY_GAP = 0.4  # from this share of digits on, separators may stand anywhere in a value


class _Machine:
    """An automaton over squashed spellings; `rows` of pattern k: (value, borders of its tokens)."""

    def __init__(
        self, values: Sequence[Value], spell: Callable[[str], Iterator[str]], coding: str
    ) -> None:
        table: dict[bytes, dict[tuple[int, frozenset[int] | None], None]] = {}
        for number, (text, _, _) in enumerate(values):
            for spelling in spell(text):
                squashed, borders = folding.squash_value(spelling, coding)
                if not squashed:
                    continue
                digits = sum(48 <= byte < 58 for byte in squashed)
                loose = digits >= _ANY_GAP * len(squashed) and len(squashed) >= 6
                table.setdefault(squashed, {})[number, None if loose else borders] = None
        patterns = sorted(table)
        self.rows = [tuple(table[pattern]) for pattern in patterns]
        self._automaton: Any = None
        if patterns:
            small = sum(map(len, patterns)) <= _SMALL
            kind = ahocorasick_rs.Implementation.DFA if small else None
            self._automaton = ahocorasick_rs.BytesAhoCorasick(patterns, implementation=kind)

    def matches(self, squashed: bytes) -> list[tuple[int, int, int]]:
        """(pattern, start, end) of everything in `squashed`, overlapping or not."""
        if self._automaton is None:
            return []
        found: list[tuple[int, int, int]] = self._automaton.find_matches_as_indexes(
            squashed, overlapping=True
        )
        return found

    def stands_in(self, data: bytes) -> bool:
        """Whether any pattern is in `data`, which was decoded from something."""
        squashed = folding.Squashed.of_bytes(data).data
        return any(end - start >= _SHORT_IN_CODED for _, start, end in self.matches(squashed))


class KnownValues:
    """Many values, ready to be looked for. Equal sets of values search and freeze alike."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = sorted({(text, entity, scope) for text, entity, scope in values if text})
        self._words = _Machine(self._values, folding.spellings, "utf-8")
        self._bytes: _Machine | None = None
        self._phones = self._phone_table()
        keys = sorted(key.encode() for key in self._phones)
        self._phone_keys: Any = ahocorasick_rs.BytesAhoCorasick(keys) if keys else None

    def __len__(self) -> int:
        return len(self._values)

    @property
    def values(self) -> tuple[Value, ...]:
        return tuple(self._values)

    def find(self, text: str, scope_path: str = "") -> list[Hit]:
        """Hits in `text`, in code points, sorted; a hit inside a longer one is left out.

        `scope_path` is the POSIX path of the item: values with a scope count only there
        and below.
        """
        folded = folding.fold(text)
        squashed = folding.Squashed.of_text(folded.text)
        hits = set(self._search(self._words, squashed, folded, text, scope_path, 1))
        if self._may_hold_phones(squashed.data):
            hits.update(self._search_phones(text, scope_path))
        return _outermost(hits)

    def find_bytes(self, data: bytes, scope_path: str = "") -> list[Hit]:
        """Hits in `data`, in bytes, in plain and encoded form, sorted.

        Looked at: UTF-8, Latin-1, UTF-16 in both orders, base64 in all alignments, hex,
        percent-encoding, quoted-printable, JSON escapes and character references.
        """
        if not self._values or not data:
            return []
        if self._bytes is None:
            self._bytes = _Machine(self._values, folding.byte_spellings, "latin-1")
        hits: set[Hit] = set()
        for view in views(data, self._bytes.stands_in):
            text = view.data.decode("latin-1")
            shortest = _SHORT_IN_CODED if view.coded else _SHORT_IN_BYTES
            squashed = folding.Squashed.of_bytes(view.data)
            found = self._search(self._bytes, squashed, None, text, scope_path, shortest)
            hits.update((*view.back(start, end), entity) for start, end, entity in found)
            if not view.coded and self._may_hold_phones(view.data):
                phones = self._search_phones(text, scope_path)
                hits.update((*view.back(start, end), entity) for start, end, entity in phones)
        return _outermost(hits)

    def to_bytes(self) -> bytes:
        """The frozen form, in clear: the caller encrypts it."""
        return json.dumps(self._values, separators=(",", ":")).encode("ascii")

    @classmethod
    def from_bytes(cls, frozen: bytes) -> KnownValues:
        """The values that `to_bytes` froze. Raises ValueError on anything else."""
        rows = json.loads(frozen)
        if not isinstance(rows, list) or not all(
            isinstance(row, list) and len(row) == 3 and all(isinstance(x, str) for x in row)
            for row in rows
        ):
            raise ValueError("not a list of frozen values")
        return cls((text, entity, scope) for text, entity, scope in rows)

    def _search(
        self,
        machine: _Machine,
        squashed: folding.Squashed,
        folded: Traced | None,
        text: str,
        scope_path: str,
        shortest: int,
    ) -> Iterator[Hit]:
        for pattern, first, stop in machine.matches(squashed.data):
            length = stop - first
            if length < shortest:
                continue
            start, end = squashed.place(first), squashed.place(stop - 1) + 1
            begin, beyond = folded.back(start, end) if folded else (start, end)
            if not (folding.is_border(text, begin) and folding.is_border(text, beyond)):
                continue
            gaps = squashed.gaps(first, stop - 1)
            if gaps is None:
                continue
            for number, borders in machine.rows[pattern]:
                _, entity, scope = self._values[number]
                if (borders is None or gaps <= borders) and _in_scope(scope, scope_path):
                    yield begin, beyond, entity

    def _may_hold_phones(self, data: bytes) -> bool:
        """Whether the last digits of a number stand in a row once all else is taken out."""
        digits = data.translate(None, _NO_DIGITS) if self._phone_keys else b""
        return bool(digits) and bool(self._phone_keys.find_matches_as_indexes(digits))

    def _phone_table(self) -> dict[str, list[tuple[str, int]]]:
        table: dict[str, list[tuple[str, int]]] = {}
        for number, (text, entity, _) in enumerate(self._values):
            digits = folding.phone_digits(text)
            if entity == "PHONE_NUMBER" and len(digits) >= 7:
                table.setdefault(digits[-7:], []).append((digits, number))
        return table

    def _search_phones(self, text: str, scope_path: str) -> Iterator[Hit]:
        if not self._phones:
            return
        for run in _PHONE_RUN.finditer(text):
            found = folding.phone_digits(run.group())
            places = [run.start() + i for i, c in enumerate(run.group()) if c.isdigit()]
            skipped = len(places) - len(found)
            for stop in range(7, len(found) + 1):
                for digits, number in self._phones.get(found[stop - 7 : stop], ()):
                    _, entity, scope = self._values[number]
                    head = found[:stop]
                    if folding.same_phone(head, digits) and _in_scope(scope, scope_path):
                        begin = run.start() if len(head) - len(digits) <= 4 else places[skipped]
                        yield begin, places[skipped + stop - 1] + 1, entity


def gate(
    values: Iterable[Value], limit: int = MAX_VALUES
) -> tuple[list[Value], list[tuple[Value, str]]]:
    """Which values are worth looking for: (kept, refused with the reason), both sorted.

    Reasons: `length` (not 2–60 characters; secrets up to 1,024), `common-word`, `too-short`
    (fewer than five letters or digits and one token, for the whole batch), `limit`.
    """
    kept: list[Value] = []
    refused: list[tuple[Value, str]] = []
    for value in sorted(set(values)):
        reason = _refusal(value)
        if reason:
            refused.append((value, reason))
        else:
            kept.append(value)
    kept.sort(key=lambda value: (value[2] != "", -len(value[0]), value))
    refused += [(value, "limit") for value in kept[limit:]]
    return sorted(kept[:limit]), sorted(refused)


def _refusal(value: Value) -> str:
    text, entity, scope = value
    longest = MAX_SECRET if entity in SECRETS else MAX_LETTERS
    if not MIN_LETTERS <= len(text.strip()) <= longest:
        return "length"
    tokens = re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))
    letters = sum(map(len, tokens))
    if letters < MIN_LETTERS:
        return "too-short"
    if all(map(is_common, tokens)) or (len(tokens) == 1 and is_word(tokens[0])):
        return "common-word"
    if scope == "" and letters < 5 and len(tokens) < 2:
        return "too-short"
    return ""


def _in_scope(scope: str, path: str) -> bool:
    return scope == "" or path == scope or path.startswith(scope.rstrip("/") + "/")


def _outermost(hits: set[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    reach = -1
    for start, end, entity in sorted(hits, key=lambda hit: (hit[0], -hit[1], hit[2])):
        if end > reach or (kept and (start, end) == kept[-1][:2]):
            kept.append((start, end, entity))
            reach = max(reach, end)
    return kept


__all__ = ["Hit", "KnownValues", "Value", "gate"]
