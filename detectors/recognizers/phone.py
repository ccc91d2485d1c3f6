"""Telephone numbers, by the numbering plans of many regions (ITU-T E.164)."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import regex

from detectors.rules import Family, Hit, Rule

REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "PL", "SE", "NO", "DK", "FI",
    "IE", "PT", "AU", "NZ", "IN", "BR", "MX", "ZA", "JP", "IL", "TR", "CZ",
)  # fmt: skip

CONTEXT = (
    "phone", "phones", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "call", "called",
    "calling", "text", "texted", "dial", "ring", "whatsapp", "sms", "number", "handy", "telefon",
    "tél", "téléphone", "teléfono", "telefono", "móvil", "contact", "reach", "ext", "hotline",
)  # fmt: skip

_CANDIDATE = regex.compile(
    r"(?<![\w.,/=#$€£%@-])(?:\+|00)?\(?\+?\d(?:[ \t.()/~-]{0,3}\d){5,16}(?:\s?(?:x|ext\.?|#)\s?\d{1,6})?(?![\w%€£$]|[.,-]\d)"
)
_PIECE = regex.compile(r"[+(]*\d(?:(?!\s*[/~]\s*|\s{2}|\t|\s-\s).)*\d")
_NOT_PHONE = regex.compile(
    r"\d{4}[-./ ]\d{1,2}[-./ ]\d{1,2}(?:\D.*)?|\d{1,2}[-./ ]\d{1,2}[-./ ]\d{4}(?:\D.*)?"
    r"|\d{3}[- ]\d{2}[- ]\d{4}"  # the shape of a social security number
    r"|(?:\d{1,3}\.){3}\d{1,3}|\d+\.\d+|\d{4}\s?[-/~]\s?\d{4}|(?:\d{4}[ -]){3}\d{1,4}"
    r"|\d{1,3}(?: \d{3}){1,4}|(?:(?:19|20)\d\d[ -/]+)+(?:19|20)\d\d|\d{1,2}(?:[ .-]\d{1,2}){2,}[ .-]?"
)

_INTERNATIONAL = Rule("phone-international", "PHONE_NUMBER", "", 0.9, code=True)
_NATIONAL = Rule("phone-national", "PHONE_NUMBER", "", 0.6, 0.9, CONTEXT)
_NANP = Rule("phone-nanp", "PHONE_NUMBER", "", 0.7, 0.9, CONTEXT)
_BARE = Rule("phone-bare", "PHONE_NUMBER", "", 0.2, 0.75, CONTEXT)


def find(text: str) -> Iterator[Hit]:
    """Candidates with at least seven digits that a numbering plan allows."""
    at = 0
    while match := _CANDIDATE.search(text, at):
        at = match.end()
        rule = _judge(match.group())
        if rule is None:  # several numbers in a row: take the first, go on behind it
            piece = _PIECE.match(match.group())
            if piece is None or piece.end() == len(match.group()):
                continue
            rule, at = _judge(piece.group()), match.start() + piece.end()
        if rule is not None:
            yield Hit(match.start(), at, rule)


@lru_cache(maxsize=8192)
def _judge(candidate: str) -> Rule | None:
    digits = sum(char.isdigit() for char in candidate)
    if digits < 7:
        return None
    stripped = candidate.strip("( ")
    if stripped.startswith("+"):
        return _INTERNATIONAL if digits <= 19 else None
    french = regex.fullmatch(r"0\d(?:[ .-]\d\d){4}", candidate)
    if not french and _NOT_PHONE.fullmatch(candidate):
        return None
    separated = not candidate.isdigit()
    if regex.fullmatch(
        r"(?:1[ .-]?)?(?:\(\d{3}\)[-. ]?|\d{3}[-. /])\d{3}[-. ]\d{4}(?:\D+\d+)?", candidate
    ):
        return _NANP
    if digits == 7 and regex.fullmatch(r"\d{3}[-. ]\d{4}", candidate):
        return _BARE
    if _in_a_plan(candidate):
        strong = separated and candidate.lstrip("(").startswith("0") and digits >= 9
        return _NATIONAL if strong else _BARE
    return _BARE if 9 <= digits <= 13 and separated else None


def _in_a_plan(candidate: str) -> bool:
    import phonenumbers

    for region in REGIONS:
        try:
            parsed = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            return True
    return False


FAMILY = Family("phone", (), (find,), (_INTERNATIONAL, _NATIONAL, _NANP, _BARE))

POSITIVES = (
    ("call +1 202 555 0143 now", "PHONE_NUMBER", "+1 202 555 0143"),
    ("(202) 555-0143", "PHONE_NUMBER", "(202) 555-0143"),
    ("202.555.0143", "PHONE_NUMBER", "202.555.0143"),
    ("my number is 2025550143", "PHONE_NUMBER", "2025550143"),
    ("phone 555-0143", "PHONE_NUMBER", "555-0143"),
    ("020 7946 0958", "PHONE_NUMBER", "020 7946 0958"),
    ("(415)555.0123 / 415 555 0145", "PHONE_NUMBER", "(415)555.0123"),
    ("tel. 01 99 00 12 34", "PHONE_NUMBER", "01 99 00 12 34"),
    ("+49 30 23125 000", "PHONE_NUMBER", "+49 30 23125 000"),
    ("202-555-0143 x123", "PHONE_NUMBER", "202-555-0143 x123"),
)
NEGATIVES = (
    "2024-01-15 10:00",
    "15/01/2024",
    "255.255.255.0",
    "version 1.2.3.4",
    "1 234 567 890 people",
    "3.14159265358979",
    "1999-2004",
    "order 20240115",
    "0x12345678",
    "$1,234,567.00",
    "10 000 000",
    "078-05-1120",
    "1 2 3 4 5 6 7 8 9",
)
