"""The head of a message in a WhatsApp export: a time, a person, a colon, in the phone's language.

    [24/12/2023, 18:05:11] Emma: text          iOS
    24.12.23, 18:05 - Emma: text               Android

Facts by custom: no document of the maker says how an export is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged

MARK = "[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]*"
_GAP = "[ \u00a0\u202f]"
_DATE = (
    rf"\d{{1,4}}(?:[./-]{_GAP}?|년{_GAP}|年)\d{{1,2}}(?:[./-]{_GAP}?|월{_GAP}|月)\d{{1,4}}[.일日]?"
)
_HALF = rf"(?:[APap]\.?{_GAP}?[Mm]\.?|上午|下午|午前|午後|오전|오후|[صم])"
_TIME = rf"(?:{_HALF}{_GAP}?)?\d{{1,2}}[:.]\d\d(?:[:.]\d\d)?(?:{_GAP}?{_HALF})?"
_COMMA = rf"(?:(?:[,،]| à| um| kl\.?| klo| at| a las| alle| às){_GAP}|{_GAP}(?=[上下午오]))"
_SHORT = rf"\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}{_GAP}"  # without a comma only day first
BRACKET = "[01/01/00, 00:00:00] "
DASH = "01/01/00, 00:00 - "
_BRACKET = re.compile(
    rf"^(?P<mark>{MARK})(?P<stamp>\[{MARK}(?:{_DATE}{_COMMA}|{_SHORT}){_TIME}{MARK}\]{_GAP})", re.M
)
_DASH = re.compile(
    rf"^(?P<mark>{MARK})(?P<stamp>(?:{_DATE}{_COMMA}{_TIME}|{_SHORT}\d{{1,2}}[:.]\d\d"
    rf"(?:{_GAP}?{_HALF})?){_GAP}[-–]{_GAP})",
    re.M,
)
_LIKE = re.compile(
    rf"^{MARK}\[?{MARK}\d{{1,4}}[./-]{_GAP}?\d{{1,2}}[./-]{_GAP}?\d{{1,4}}.{{0,24}}?\d{{1,2}}[:.]\d\d"
    r".{0,24}?[\])–-]",
    re.M,
)
_PERSON = re.compile(
    rf"(?P<before>{MARK}(?:~{_GAP}?)?{MARK})(?P<name>[^:\r\n]{{1,100}}?)(?P<after>{MARK}:)"
    rf"(?:{_GAP}|(?=\r?$))",
    re.M,
)


class Head(NamedTuple):
    """Characters of a text: the stamp, who speaks (-1 for nobody), and where the text begins."""

    start: int
    stamp: tuple[int, int]
    name: tuple[int, int]
    text: int


def is_export(start: str) -> bool:
    """Whether a text begins like an export: two heads at least, the first at its start."""
    for pattern in (_BRACKET, _DASH):
        match = pattern.match(start)
        if match is None:
            continue
        heads = [one for one, _ in zip(pattern.finditer(start), range(8), strict=False)]
        spoken = sum(_PERSON.match(start, head.end()) is not None for head in heads)
        return len(heads) > 1 and spoken > 0
    return False


def heads(text: str) -> tuple[list[Head], str]:
    """The heads of an export in order, and the stamp that they get. Raises Damaged."""
    pattern, new = (_BRACKET, BRACKET) if _BRACKET.match(text) else (_DASH, DASH)
    found = list(_heads(text, pattern))
    if not found or text[: found[0].start].strip():
        raise Damaged("The chat does not begin with a message.")
    starts = {head.start for head in found}
    for match in _LIKE.finditer(text):
        if match.start() not in starts:
            line = text.count("\n", 0, match.start()) + 1
            raise Damaged(
                f"Line {line} looks like the head of a message, but is written otherwise.",
                "Who speaks from there on cannot be told.",
            )
    return found, new


def _heads(text: str, pattern: re.Pattern[str]) -> Iterator[Head]:
    for match in pattern.finditer(text):
        person = _PERSON.match(text, match.end())
        name = person.span("name") if person else (-1, -1)
        after = person.end() if person else match.end()
        yield Head(match.start(), match.span("stamp"), name, after)
