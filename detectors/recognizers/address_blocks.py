"""Addresses that show by their last line: a postcode with its city, and a street before it."""

# a table reads better with one row a line

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from collections.abc import Iterator

import regex

from detectors.errors import DetectionIncomplete
from detectors.recognizers.address_parts import (
    CA_LINE,
    CITY,
    COUNTRY,
    EIRCODE,
    EURO_POST,
    UK_POST,
    UNIT,
    US_LINE,
    W,
)
from detectors.recognizers.calendar_words import MONTHS
from detectors.rules import TIMEOUT_SECONDS, Hit, Rule
from detectors.sieve import digits_near

BLOCK = Rule("address-block", "ADDRESS", "", 0.8)
_BREAK = r"(?:[ \t]{0,3},[ \t]{0,3}(?:\r?\n[ \t>|*]{0,12})?|[ \t]{0,3}(?:\r?\n|\\n)[ \t>|*]{0,12})"
_LAST_LINE = regex.compile(
    rf"(?<![\w.,$€£#-])(?:{EURO_POST}\s{CITY}|{US_LINE}|{CA_LINE}|{UK_POST}|{EIRCODE}|\d{{6}}|\d{{4}}(?=\s*(?:$|[,.;)\n])))(?![\w-]){COUNTRY}",
    regex.MULTILINE,
)
_NUMBER = r"\d{1,4}\s?[a-zA-Z]?(?:\s?[-/]\s?\d{1,4}[a-z]?)?(?!\w)"
_STREET = rf"(?:{_NUMBER},?\s(?:{W}\s){{0,4}}{W}|(?:{W}\s(?:(?:de|van|der|den|la|du|von|del)\s)?){{1,4}}(?:n[ro°º]\.?\s?)?{_NUMBER})"
_BEFORE = regex.compile(
    rf"(?r)(?<![\w.])(?:{UNIT}{_BREAK})?(?:{W}(?:\s{W}){{0,2}}{_BREAK})??{_STREET}(?:{_BREAK}{UNIT})?(?:{_BREAK}{CITY}){{0,2}}(?:{_BREAK}|{_BREAK}{CITY}(?:,\s?|\s[-–]\s|\s))$"
)
_WINDOW = 170
_MONTHS = frozenset({*MONTHS, "may"})


def find(text: str) -> Iterator[Hit]:
    """A postcode with its city, and the street on the line or part before it.

    Raises DetectionIncomplete when a pattern runs out of time.
    """
    try:
        for low, high in digits_near(text, (26, 70)):
            for last in _LAST_LINE.finditer(text, low, high, timeout=TIMEOUT_SECONDS):
                first = max(0, last.start() - _WINDOW)
                before = _BEFORE.search(text[first : last.start()], timeout=TIMEOUT_SECONDS)
                if before is not None and before.group().split()[0].lower() not in _MONTHS:
                    yield Hit(first + before.start(), last.end(), BLOCK)
    except TimeoutError as slow:
        raise DetectionIncomplete("The rule address-block ran out of time.") from slow
