"""Tokens back to text, with the range of every token."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NO_SPACE_BEFORE = frozenset(
    {",", ".", "!", "?", ";", ":", ")", "]", "}", "%", "”", "’", "…", "..."}
)
_NO_SPACE_AFTER = frozenset({"(", "[", "{", "$", "£", "€", "“", "‘"})
_CLITIC = re.compile(r"(?:n't|['’´`](?:s|m|re|ve|ll|d|t|em))", re.IGNORECASE)
_ENDING = re.compile(r"(?:s|m|re|ve|ll|d|t)", re.IGNORECASE)
_APOSTROPHES = frozenset({"'", "’", "´"})
_BARE_AT = frozenset({"the", "home", "girls", "me", "work", "school", "my", "our"})
_HANDLE = re.compile(r"(?=\w*[^\W\d])\w{2,30}")


def join(tokens: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """The text and each token's [start, end) in it. `@` and `#` join what they mark."""
    parts: list[str] = []
    ranges: list[tuple[int, int]] = []
    at = 0
    quotes = 0
    for index, token in enumerate(tokens):
        if index and _space(tokens, index, quotes):
            parts.append(" ")
            at += 1
        if token == '"':
            quotes += 1
        parts.append(token)
        ranges.append((at, at + len(token)))
        at += len(token)
    return "".join(parts), ranges


def is_handle(tokens: Sequence[str], index: int) -> bool:
    """Is this `@` the first half of a handle that was cut in two?"""
    if tokens[index] != "@" or index + 1 >= len(tokens):
        return False
    name = tokens[index + 1]
    return bool(_HANDLE.fullmatch(name)) and name not in _BARE_AT


def _space(tokens: Sequence[str], index: int, quotes: int) -> bool:
    """Does a blank stand before this token? `quotes` counts the straight marks before it."""
    token, before = tokens[index], tokens[index - 1]
    if before == "#" or (before == "@" and is_handle(tokens, index - 1)):
        return False
    if token == '"':
        return quotes % 2 == 0
    if token in _NO_SPACE_BEFORE or _CLITIC.fullmatch(token) or before in _NO_SPACE_AFTER:
        return False
    if before == '"':
        return quotes % 2 == 0
    following = tokens[index + 1] if index + 1 < len(tokens) else ""
    if token in _APOSTROPHES and _ENDING.fullmatch(following) and before[-1:].isalnum():
        return False
    joined = before in _APOSTROPHES and index >= 2 and tokens[index - 2][-1:].isalnum()
    return not (joined and _ENDING.fullmatch(token))
