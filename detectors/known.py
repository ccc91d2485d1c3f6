"""Exact search of many known values, however they are spelled or encoded.

A value is found whatever its case, Unicode form and the blanks, hyphens, dots and
underscores between its tokens: "Jane Doe" in `jane.doe`, `JaneDoe` and `JANE-DOE`, never
inside a longer word. One Aho-Corasick automaton holds all values; it reads the text
without separators, and each hit is then judged in the text as it stands.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ahocorasick

from detectors import folding
from detectors.encoded import views
from detectors.words import is_common, is_word

Value = tuple[str, str, str]
"""Text, entity, scope: "" for the whole batch, else the path prefix where the value counts."""
Hit = tuple[int, int, str]
"""Start, end, entity."""

MIN_LETTERS, MAX_LETTERS, MAX_VALUES = 2, 60, 10_000
_SHORT_IN_BYTES, _SHORT_IN_CODED = 4, 6
_PHONE_RUN = re.compile(r"(?<!\d)[+(]{0,2}\d(?:[\s\-._()/]{0,3}\d){6,19}(?!\d)")
_ANY_GAP = 0.4  # from this share of digits on, separators may stand anywhere in a value


class KnownValues:
    """Many values, ready to be looked for. Equal sets of values search and freeze alike."""

    def __init__(self, values: Iterable[Value]) -> None:
        self._values = sorted({(text, entity, scope) for text, entity, scope in values if text})
        self._words = self._automaton(folding.spellings)
        self._bytes: Any = None
        self._phones = self._phone_table()

    def __len__(self) -> int:
        return len(self._values)

    def find(self, text: str, scope_path: str = "") -> list[Hit]:
        """Hits in `text`, in code points, sorted; a hit inside a longer one is left out.

        `scope_path` is the POSIX path of the item: values with a scope count only there
        and below.
        """
        folded = folding.fold(text)
        hits = set(self._search(self._words, folded, text, scope_path, 1))
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
            self._bytes = self._automaton(folding.byte_spellings)
        hits: set[Hit] = set()
        for view in views(data):
            text = view.data.decode("latin-1")
            shortest = _SHORT_IN_CODED if view.coded else _SHORT_IN_BYTES
            found = self._search(self._bytes, folding.fold_latin1(text), text, scope_path, shortest)
            hits.update((*view.back(start, end), entity) for start, end, entity in found)
            if not view.coded:
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

    def _automaton(self, spell: Callable[[str], Iterator[str]]) -> Any:
        """Squashed spelling → the rows that have it: (value number, borders of its tokens)."""
        machine = ahocorasick.Automaton()
        table: dict[str, dict[tuple[int, frozenset[int] | None], None]] = {}
        for number, (text, _, _) in enumerate(self._values):
            for spelling in spell(text):
                squashed, borders = folding.squash_value(spelling)
                if not squashed:
                    continue
                digits = sum(c.isdigit() for c in squashed)
                loose = digits >= _ANY_GAP * len(squashed) and len(squashed) >= 6
                table.setdefault(squashed, {})[number, None if loose else borders] = None
        for squashed, rows in table.items():
            machine.add_word(squashed, (len(squashed), tuple(rows)))
        if table:
            machine.make_automaton()
        return machine if table else None

    def _search(
        self, machine: Any, folded: folding.Folded, text: str, scope_path: str, shortest: int
    ) -> Iterator[Hit]:
        if machine is None:
            return
        squashed = folding.Squashed(folded.text)
        for last, (length, rows) in machine.iter(squashed.text):
            if length < shortest:
                continue
            first = last - length + 1
            start, end = squashed.place(first), squashed.place(last) + 1
            begin, stop = folded.back(start, end)
            if not (folding.is_border(text, begin) and folding.is_border(text, stop)):
                continue
            gaps = squashed.gaps(first, last) if end - start > length else frozenset()
            if gaps is None:
                continue
            for number, borders in rows:
                _, entity, scope = self._values[number]
                if (borders is None or gaps <= borders) and _in_scope(scope, scope_path):
                    yield begin, stop, entity

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

    Reasons: `length` (not 2–60 characters), `common-word`, `too-short` (fewer than five
    letters or digits and one token, for the whole batch), `limit`.
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
    text, _, scope = value
    if not MIN_LETTERS <= len(text.strip()) <= MAX_LETTERS:
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
