"""Typed, keyed placeholders: `[PERSON-k7q2m4xaed]`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from detectors.persons import read_name
from detectors.tags import PATTERN, is_tag, tag

PLACEHOLDER = re.compile(rf"\[[A-Z_]+-({PATTERN})\]")
"""The shape alone; `find_placeholders` also checks the tag."""

_DIGITS_ONLY = frozenset({"PHONE_NUMBER", "CREDIT_CARD"})


def placeholder(tag_key: bytes, entity: str, value: str) -> str:
    """`[ENTITY-tag]`, the same for the same key, entity and normalised value.

    The tag is the first 40 bits of HMAC-SHA-256 (RFC 2104) over entity, NUL and value in
    base32 (RFC 4648) lower case. The value counts in NFKC, case-folded, with white space
    collapsed; phones and cards count by their digits alone; people without their titles, in
    whatever order, accents or script their full name is written (detectors.persons).
    """
    if not re.fullmatch(r"[A-Z_]+", entity):
        raise ValueError(f"{entity!r} is no entity name")
    message = entity.encode() + b"\0" + normal_value(entity, value).encode("utf-8", "replace")
    return f"[{entity}-{tag(tag_key, message)}]"


def find_placeholders(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every placeholder. A tag whose check is wrong makes none: it is text."""
    if "[" in text:
        for match in PLACEHOLDER.finditer(text):
            if is_tag(match[1]):
                yield match.span()


def without_placeholders(text: str) -> str:
    """`text` with a space in place of every placeholder."""
    pieces, done = [], 0
    for start, end in find_placeholders(text):
        pieces += [text[done:start], " "]
        done = end
    return "".join([*pieces, text[done:]])


def normal_value(entity: str, value: str) -> str:
    """The form in which two spellings of one value are equal."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    if entity == "PERSON":
        return read_name(value).key
    if entity in _DIGITS_ONLY:
        digits = "".join(str(unicodedata.decimal(c)) for c in folded if c.isdecimal())
        return digits or folded
    return " ".join(folded.split())
