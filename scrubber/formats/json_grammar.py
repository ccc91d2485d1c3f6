"""The JSON grammar (RFC 8259) as tokens with spans, without recursion.

NaN and the infinities are let through as they are written, since many programs write them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.formats.passages import Unit

MAX_DEPTH = 500

_SPACE = r"[ \t\r\n]*+"
_STRING = r'"(?:[^"\\\x00-\x1f]++|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"'
_TOKEN = re.compile(
    rf"{_SPACE}(?:(?P<s>{_STRING})|"
    r"(?P<n>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][-+]?[0-9]++)?(?![\w.+-])|-?Infinity\b|NaN\b)|"
    r"(?P<w>true|false|null)\b|(?P<m>[\[\]{},:]))"
)
_ESCAPE = re.compile(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|u(?P<unit>[0-9a-fA-F]{4})|(?P<short>.))"
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Token(NamedTuple):
    """`kind`: { } [ ] k (key) s (string) n (number) t f z (true, false, null)."""

    kind: str
    start: int
    end: int


def tokens(  # noqa: C901 - one grammar, one loop
    text: str, start: int = 0, end: int | None = None
) -> Iterator[Token]:
    """The tokens of the one value in text[start:end], commas and colons left out.

    Spans of strings include the quotes. Raises Damaged with the offset where it goes wrong.
    """
    end = len(text) if end is None else end
    stack: list[str] = []
    wants = "value"
    at = start
    while True:
        match = _TOKEN.match(text, at, end)
        if match is None:
            if not text[at:end].strip(" \t\r\n") and wants == "end":
                return
            raise Damaged(f"The JSON goes wrong at character {at}.", _reason(text, at, end, wants))
        at = match.end()
        kind = match.lastgroup or "m"
        low, high = match.span(kind)
        mark = text[low] if kind == "m" else kind
        if wants == "end":
            raise Damaged(f"Something follows the JSON value at character {low}.")
        if mark in ",:":
            if wants != ("comma" if mark == "," else "colon"):
                raise Damaged(f"The JSON goes wrong at character {low}.", "A value is missing.")
            wants = "key" if mark == "," and stack[-1] == "{" else "value"
        elif mark in "]}":
            opened = stack.pop() if stack else ""
            if opened + mark not in ("[]", "{}") or wants not in ("comma", f"first{mark}"):
                raise Damaged(f"The JSON goes wrong at character {low}.", "A bracket is wrong.")
            yield Token(mark, low, high)
            wants = "comma" if stack else "end"
        elif wants in ("key", "first}"):
            if mark != "s":
                raise Damaged(f"The JSON goes wrong at character {low}.", "A key is missing.")
            yield Token("k", low, high)
            wants = "colon"
        elif wants in ("value", "first]"):
            if mark in "[{":
                stack.append(mark)
                if len(stack) > MAX_DEPTH:
                    raise Damaged(f"The JSON is nested more than {MAX_DEPTH} deep.")
                wants = "first]" if mark == "[" else "first}"
            else:
                wants = "comma" if stack else "end"
            yield Token({"w": "z" if text[low] == "n" else text[low]}.get(mark, mark), low, high)
        else:
            raise Damaged(f"The JSON goes wrong at character {low}.", "A comma is missing.")


def _reason(text: str, at: int, end: int, wants: str) -> str:
    rest = text[at : at + 64].lstrip()
    if not text[at:end].strip():
        return "It ends too early."
    if rest.startswith(("//", "/*", "#")):
        return "It holds comments, which JSON does not have."
    if rest.startswith(("'", '"')):
        return "A string never ends, or holds a wrong escape."
    return f"A {wants.rstrip(']}')} is expected."


def string_units(raw: str) -> tuple[Unit, ...]:
    """The escapes of a string's body. Raises Damaged for half a surrogate pair (§8.2)."""
    if "\\" not in raw:
        return ()
    units = []
    for match in _ESCAPE.finditer(raw):
        short, unit = match.group("short"), match.group("unit")
        if short is not None:
            reads = _SHORT.get(short, short)
        elif unit is not None:
            point = int(unit, 16)
            if 0xD800 <= point < 0xE000:
                raise Damaged("A JSON string holds half a surrogate pair.")
            reads = chr(point)
        else:
            high, low = int(match.group("high"), 16), int(match.group("low"), 16)
            reads = chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00)
        units.append(Unit(match.start(), match.end(), reads))
    return tuple(units)
