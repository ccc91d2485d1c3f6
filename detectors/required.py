"""What every match of a pattern must hold, read from the pattern itself.

A text that lacks it need not be searched. The reading errs on the safe side: of what it does
not understand it says nothing. It follows Russ Cox, "Regular Expression Matching with a
Trigram Index" (2012), with whole literals in place of trigrams.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from importlib.resources import files
from itertools import product
from typing import Any

_BLANK_OR_DIGIT = bytes.maketrans(b"123456789\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f", b"0" * 9 + b" " * 9)
_ODD = re.compile("(?![ 0])[\\s\\d\u0131\u017f]")  # dotless i and long s: case-insensitive i, s
_ESCAPE = re.compile(r"\\(?:[pP]\{[^}]*\}|.)", re.DOTALL)
_MOST, _FEW = 240, 4  # literals of a set, characters of a class
_LONGEST = 16  # code points of a literal
_OFTEN = 0.1  # places a code point: so frequent literals tell nothing

Literals = frozenset[str]
_EMPTY: Literals = frozenset({""})


@lru_cache(maxsize=2)
def masked(text: str) -> str:
    """`text` in lower case, 0 for every digit and one blank for each, code point for code point.

    Letters that a pattern without case takes for an ASCII letter become that letter.
    """
    low = text.replace("\u0130", "i").lower()  # the one letter whose lower case is longer
    low = low.encode("utf-8", "replace").translate(_BLANK_OR_DIGIT).decode()
    return low if low.isascii() else _ODD.sub(_plain, low)


def _plain(match: re.Match[str]) -> str:
    char = match.group()
    return {"\u0131": "i", "\u017f": "s"}.get(char) or ("0" if char.isdecimal() else " ")


@dataclass(frozen=True, slots=True)
class Required:
    """Of `literals` one is in the masked form of every match (none: nothing is known), and at
    least so many `digits` are, and a `run` of so many characters without a blank."""

    literals: tuple[str, ...] = ()
    digits: int = 0
    run: int = 0


def required(pattern: str) -> Required:
    """What is known of `pattern`: from the table beside this package, else read now."""
    row = _table().get(key_of(pattern))
    return Required(tuple(row[2:]), row[0], row[1]) if row else read(pattern)


@cache
def _table() -> dict[str, list[Any]]:
    text = (files("detectors") / "data" / "patterns.json").read_text(encoding="utf-8")
    table: dict[str, list[Any]] = json.loads(text)
    return table


def table_of(patterns: Iterable[str]) -> str:
    """The table of `patterns`: the digest of each, with its digits, run and literals."""
    rows = {key_of(one): read(one) for one in patterns}
    lines = (
        json.dumps(key) + ": " + json.dumps([row.digits, row.run, *row.literals])
        for key, row in sorted(rows.items())
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


def key_of(pattern: str) -> str:
    return hashlib.sha256(pattern.encode("utf-8")).hexdigest()[:24]


def read(pattern: str) -> Required:
    """What is known of `pattern`, as `regex` reads it."""
    try:
        parsed = import_module("re._parser").parse(_ESCAPE.sub(_readable, pattern))
        best = _shortest(_sequence(parsed).best or _EMPTY)
        literals = tuple(sorted(best)) if share(best) < _OFTEN else ()
        return Required(literals, _least_digits(parsed), _stretch(parsed).best)
    except (ImportError, re.error, _Unknown):
        return Required()


def _readable(match: re.Match[str]) -> str:
    escape = match.group()
    if escape[1] not in "pP":
        return escape
    return r"\w" if escape.startswith((r"\p{L", r"\p{M", r"\p{N")) else r"\W"


class _Unknown(Exception):
    """A part of a pattern that is not read."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that a part can be, or with which it begins and ends; and its best literals."""

    exact: Literals | None = None
    begins: Literals = _EMPTY
    ends: Literals = _EMPTY
    best: Literals | None = None


def _better(one: Literals | None, other: Literals | None) -> Literals | None:
    """The rarer of two sets."""
    known = [each for each in (one, other) if each and "" not in each]
    return min(known, key=share, default=None)


def share(literals: Iterable[str]) -> float:
    """About how often one of them stands in a text, a code point."""
    return sum(map(_rarity, literals))


@cache
def _rarity(literal: str) -> float:
    share = 1.0
    for char in literal:
        share *= 0.15 if char == " " else 0.06 if char.isalpha() else 0.02
    return share


def _shortest(literals: Literals) -> Literals:
    """Those that hold no other: where one of the rest stands, one of these stands too."""
    kept: list[str] = []
    for literal in sorted(literals, key=lambda each: (len(each), each)):
        if not any(short in literal for short in kept):
            kept.append(literal)
    return frozenset(kept)


def _joined(one: Literals, other: Literals) -> Literals | None:
    if len(one) * len(other) > _MOST:
        return None
    if other is _EMPTY:
        return one
    made = frozenset(a + b for a, b in product(one, other))
    return made if max(map(len, made)) <= _LONGEST else None


def _sequence(nodes: Iterable[tuple[Any, Any]]) -> _Shape:
    run, begins, best = _EMPTY, None, None
    for operator, value in nodes:
        shape = _node(str(operator), value)
        if shape.exact is not None and (longer := _joined(run, shape.exact)) is not None:
            run = longer
            continue
        whole = _joined(run, shape.exact if shape.exact is not None else shape.begins)
        begins = begins or whole or run
        best = _better(_better(best, whole), _better(run, shape.best))
        run = shape.exact if shape.exact is not None else shape.ends
    exact = run if begins is None else None
    return _Shape(exact, begins or run, run, _better(best, run))


def _node(operator: str, value: Any) -> _Shape:
    if operator in ("AT", "ASSERT", "ASSERT_NOT"):
        return _Shape(_EMPTY)
    if operator == "LITERAL":
        return _one_of([value])
    if operator == "IN":
        return _class(value)
    if operator == "SUBPATTERN":
        return _sequence(value[3])
    if operator == "ATOMIC_GROUP":
        return _sequence(value)
    if operator == "BRANCH":
        return _branch([_sequence(each) for each in value[1]])
    if operator.endswith("_REPEAT"):
        return _repeat(value[0], value[1], _sequence(value[2]))
    if operator in ("NOT_LITERAL", "ANY", "GROUPREF", "GROUPREF_EXISTS"):
        return _Shape()
    raise _Unknown(operator)


def _one_of(codes: Iterable[int]) -> _Shape:
    chars = frozenset(map(chr, codes))
    if not all(map(_is_plain, chars)):
        return _Shape()
    made = frozenset(map(_masked_char, chars))
    return _Shape(made, made, made, made) if len(made) <= _FEW else _Shape()


def _is_plain(char: str) -> bool:
    """Whether no other letter than its capital is the same without case."""
    return char.isascii() or char.lower() == char.upper() or "\u00c0" <= char < "\u0130"


@cache
def _masked_char(char: str) -> str:
    return masked(char)


def _class(items: Sequence[tuple[Any, Any]]) -> _Shape:
    codes: list[int] = []
    for operator, value in items:
        name = str(operator)
        if name == "LITERAL":
            codes.append(value)
        elif name == "RANGE" and value[1] - value[0] < 64:
            codes += range(value[0], value[1] + 1)
        elif name == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            codes.append(ord("0"))
        elif name == "CATEGORY" and str(value) == "CATEGORY_SPACE":
            codes.append(ord(" "))
        else:
            return _Shape()
    return _one_of(codes)


def _branch(shapes: Sequence[_Shape]) -> _Shape:
    def union(sets: Sequence[Literals | None]) -> Literals | None:
        known = [each for each in sets if each is not None]
        made = frozenset().union(*known)
        return made if len(known) == len(sets) and len(made) <= _MOST else None

    return _Shape(
        union([shape.exact for shape in shapes]),
        union([shape.begins for shape in shapes]) or _EMPTY,
        union([shape.ends for shape in shapes]) or _EMPTY,
        union([shape.best for shape in shapes]),
    )


def _repeat(least: int, most: int, shape: _Shape) -> _Shape:
    if least == 0:
        if most == 1 and shape.exact is not None:
            return _Shape(shape.exact | _EMPTY)
        return _Shape()
    run = shape.exact
    if run is None:
        return _Shape(None, shape.begins, shape.ends, shape.best)
    for _ in range(least - 1):
        longer = _joined(run, shape.exact or _EMPTY)
        if longer is None:
            return _Shape(None, run, run, run)
        run = longer
    return _Shape(run if least == most else None, run, run, run)


def _least_digits(nodes: Iterable[tuple[Any, Any]]) -> int:
    return sum(_digits_of(str(operator), value) for operator, value in nodes)


def _digits_of(operator: str, value: Any) -> int:
    if operator == "LITERAL":
        return int(chr(value).isdecimal())
    if operator == "IN":
        return int(all(_is_digit(str(name), each) for name, each in value))
    if operator == "SUBPATTERN":
        return _least_digits(value[3])
    if operator == "ATOMIC_GROUP":
        return _least_digits(value)
    if operator == "BRANCH":
        return min(map(_least_digits, value[1]))
    if operator.endswith("_REPEAT"):
        return int(value[0]) * _least_digits(value[2])
    return 0


def _is_digit(operator: str, value: Any) -> bool:
    if operator == "LITERAL":
        return chr(value).isdecimal()
    if operator == "RANGE":
        return bool(ord("0") <= value[0] <= value[1] <= ord("9"))
    return operator == "CATEGORY" and str(value) == "CATEGORY_DIGIT"


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The `least` length of a part, whether it is `whole` (never has a blank), and the longest
    stretch without a blank that every match has."""

    least: int = 0
    whole: bool = False
    best: int = 0


def _stretch(nodes: Iterable[tuple[Any, Any]]) -> _Stretch:
    run = best = least = 0
    whole = True
    for operator, value in nodes:
        part = _stretch_of(str(operator), value)
        least += part.least
        if part.whole:
            run += part.least
        else:
            best, run, whole = max(best, run, part.best), 0, False
    return _Stretch(least, whole, max(best, run))


def _stretch_of(operator: str, value: Any) -> _Stretch:
    if operator in ("AT", "ASSERT", "ASSERT_NOT"):
        return _Stretch(whole=True)
    if operator == "LITERAL":
        ink = not chr(value).isspace()
        return _Stretch(1, ink, int(ink))
    if operator == "IN":
        return _Stretch(1, all(_is_ink(str(name), each) for name, each in value), 0)
    if operator == "SUBPATTERN":
        return _stretch(value[3])
    if operator == "ATOMIC_GROUP":
        return _stretch(value)
    if operator == "BRANCH":
        ways = [_stretch(each) for each in value[1]]
        return _Stretch(
            min(way.least for way in ways),
            all(way.whole for way in ways),
            min(way.best for way in ways),
        )
    if operator.endswith("_REPEAT"):
        part = _stretch(value[2])
        return _Stretch(value[0] * part.least, part.whole, part.best if value[0] else 0)
    return _Stretch()


def _is_ink(operator: str, value: Any) -> bool:
    if operator == "LITERAL":
        return not chr(value).isspace()
    if operator == "RANGE":
        return bool(value[0] > 0x20 and (value[1] < 0x85 or 0xA0 < value[0] <= value[1] < 0x1680))
    return operator == "CATEGORY" and str(value) in ("CATEGORY_DIGIT", "CATEGORY_WORD")
