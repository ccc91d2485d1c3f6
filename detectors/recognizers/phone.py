"""Telephone numbers, by the numbering plans of many regions (ITU-T E.164), and spoken digits."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

import regex

from detectors.recognizers.calendar_words import either
from detectors.rules import Family, Hit, Rule

REGIONS = (
    "US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "PL", "SE", "NO", "DK", "FI",
    "IE", "PT", "AU", "NZ", "IN", "BR", "MX", "AR", "CL", "CO", "ZA", "NG", "KE", "JP", "KR", "CN",
    "SG", "HK", "PH", "ID", "MY", "IL", "TR", "CZ", "SK", "HU", "RO", "GR", "UA", "RU", "HR",
)  # fmt: skip

CONTEXT = (
    "phone", "phones", "telephone", "tel", "mobile", "cell", "cellphone", "fax", "call", "called",
    "calling", "text", "texted", "dial", "ring", "whatsapp", "sms", "number", "handy", "telefon",
    "tél", "téléphone", "teléfono", "telefono", "móvil", "contact", "reach", "ext", "hotline",
    "rufnummer", "telefax", "portable", "appelez", "llamar", "celular", "telemóvel", "cellulare",
    "chiama", "telefoon", "bel", "mobiel", "mobil", "telefonnummer", "puhelin", "numer", "komórka",
    "zadzwoń", "číslo", "telefonszám", "viber", "signal", "telegram", "voicemail", "pager", "office", "mob", "registered", "landline",
)  # fmt: skip

# Digits close together: the only places where the candidate's pattern is tried at all.
_ISLAND = regex.compile(r"\d(?:[ \t.()/~-]{0,3}\d){5,}")
_PLUS_ISLAND = regex.compile(r"(?:\+|(?<!\d)00)\(?\d(?:[ \t.()/~-]{0,3}\d){6,}")
_CANDIDATE = regex.compile(
    r"(?<![\w.,/=#$€£%@-])(?:\+|00)?\(?\+?\d(?:[ \t.()/~-]{0,3}\d){5,16}"
    r"(?:,?\s?(?i:x|ext\.?|extn\.?|extension|poste|durchwahl|interno|#)\s?\d{1,6})?(?![\w%€£$]|[.,-]\d)"
)
_PIECE = regex.compile(r"[+(]*\d(?:(?!\s*[/~]\s*|\s{2}|\t|\s-\s).)*\d")
_NOT_PHONE = regex.compile(
    r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}(?:\D.*)?|\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d(?:\D.*)?"
    r"|\d{3}[- ]\d{2}[- ]\d{4}"  # the shape of a social security number
    r"|(?:\d{1,3}\.){3}\d{1,3}|\d+\.\d+|\d{4}\s?[-/~]\s?\d{4}|(?:\d{4}[ -]){3}\d{1,4}"
    r"|\d{1,3}(?: \d{3}){1,4}|(?:(?:19|20)\d\d[ -/]+)+(?:19|20)\d\d|\d{1,2}(?:[ .-]\d{1,2}){2,}[ .-]?"
)
_PAIRS = regex.compile(r"\d\d(?:[-. ]\d\d){3,4}|\d{2,3} \d{3} \d{3}")
_NORTH_AMERICAN = regex.compile(
    r"(?:1[ .-]?)?(?:\(\d{3}\)[-. ]?|\d{3}[-. /])\d{3}[-. ]\d{4}(?:\D+\d+)?"
)
_EXTENSION = re.compile(r",?\s?(?:[a-zA-Z#]+)\.?\s?\d{1,6}$")

_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d([-/.])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")
_INTERNATIONAL = Rule("phone-international", "PHONE_NUMBER", "", 0.9, code=True)
_NATIONAL = Rule("phone-national", "PHONE_NUMBER", "", 0.6, 0.9, CONTEXT)
_NANP = Rule("phone-nanp", "PHONE_NUMBER", "", 0.7, 0.9, CONTEXT)
_BARE = Rule("phone-bare", "PHONE_NUMBER", "", 0.2, 0.75, CONTEXT)


def find(text: str) -> Iterator[Hit]:
    """Candidates with at least seven digits that a numbering plan allows."""
    at = 0
    for island in _ISLAND.finditer(text):
        start = max(at, island.start() - 4)
        while start < island.end() and (match := _CANDIDATE.search(text, start)):
            if match.start() >= island.end():
                break
            start = match.end()
            rule = _judge(match.group())
            if rule is None:  # several numbers in a row: take the first, go on behind it
                piece = _PIECE.match(match.group())
                if piece is None or piece.end() == len(match.group()):
                    continue
                rule, start = _judge(piece.group()), match.start() + piece.end()
            if rule is not None:
                yield Hit(match.start(), start, rule)
        at = start


def find_international(text: str) -> Iterator[Hit]:
    """In source code: numbers with a country's code that its plan allows."""
    for island in _PLUS_ISLAND.finditer(text):
        match = _CANDIDATE.match(text, island.start())
        if match and _judge(match.group()) is _INTERNATIONAL and is_valid(match.group()):
            yield Hit(match.start(), match.end(), _INTERNATIONAL)


@lru_cache(maxsize=8192)
def is_valid(candidate: str) -> bool:
    """Whether an international number is possible in its country's plan."""
    import phonenumbers

    shown = candidate.strip("( ")
    shown = "+" + shown[2:] if shown.startswith("00") else shown
    try:
        parsed = phonenumbers.parse(_EXTENSION.sub("", shown), None)
    except phonenumbers.NumberParseException:
        return False
    separated = not candidate.lstrip("+").isdigit()
    if separated and candidate.startswith("+"):
        return bool(phonenumbers.is_possible_number(parsed))
    return bool(phonenumbers.is_valid_number(parsed))


@lru_cache(maxsize=8192)
def _judge(candidate: str) -> Rule | None:
    digits = sum(char.isdigit() for char in candidate)
    if digits < 7:
        return None
    if candidate.strip("( ").startswith("+"):
        return _INTERNATIONAL if digits <= 19 else None
    if sum(char.isdigit() for char in _DAY.sub("", candidate)) < min(7, digits):
        return None  # a version or a count beside a day, as change logs have
    if candidate.startswith("00") and digits >= 10 and is_valid(candidate):
        return _INTERNATIONAL if not candidate.isdigit() else _NATIONAL
    french = regex.fullmatch(r"0\d(?:[ .-]\d\d){4}", candidate)
    if not french and _NOT_PHONE.fullmatch(candidate):
        return _BARE if _PAIRS.fullmatch(candidate) and _in_a_plan(candidate) else None
    separated = not candidate.isdigit()
    if _NORTH_AMERICAN.fullmatch(candidate):
        return _NANP
    if digits == 7 and regex.fullmatch(r"\d{3}[-. ]\d{4}", candidate):
        return _BARE
    if _in_a_plan(_EXTENSION.sub("", candidate)):
        strong = separated and candidate.lstrip("(").startswith("0") and digits >= 9
        return _NATIONAL if strong else _BARE
    return _BARE if digits <= 13 and separated else None


@cache
def _plans() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """National prefix and pattern of each region's numbers, from the plans' own tables."""
    from phonenumbers import PhoneMetadata

    plans = []
    for region in REGIONS:
        plan = PhoneMetadata.metadata_for_region(region)
        assert plan is not None
        kinds = (
            plan.fixed_line, plan.mobile, plan.toll_free, plan.premium_rate, plan.shared_cost,
            plan.personal_number, plan.voip, plan.uan,
        )  # fmt: skip
        patterns = [kind.national_number_pattern for kind in kinds if kind]
        whole = "|".join(f"(?:{pattern})" for pattern in patterns if pattern)
        plans.append((plan.national_prefix or "", re.compile(whole)))
    return tuple(plans)


def _in_a_plan(candidate: str) -> bool:
    number = "".join(char for char in candidate if char.isdigit())
    for prefix, pattern in _plans():
        if pattern.fullmatch(number):
            return True
        if prefix and number.startswith(prefix) and pattern.fullmatch(number[len(prefix) :]):
            return True
    return False


_SAID = (
    "zero oh one two three four five six seven eight nine null eins zwei zwo drei vier fünf sechs sieben acht neun "
    "zéro un deux trois quatre cinq sept huit neuf cero uno dos tres cuatro cinco seis siete ocho nueve "
    "due tre quattro cinque sei sette otto nove um dois três quatro meia sete oito"
)
_SPOKEN = _SAID.split()
_CUES = ("three", "seven", "sieben", "drei", "sept", "quatre", "siete", "cuatro", "sette", "quattro", "sete", "quatro", "five", "nine", "eight", "fünf", "neun", "neuf", "huit", "nueve", "ocho", "nove", "otto", "oito", "zero", "four", "six", "two")  # fmt: skip
_DIGIT = either(_SPOKEN)
_EACH = rf"(?:(?:double|triple)[ -])?{_DIGIT}(?:[ ,.-]{{1,3}}(?:area code[ ,]{{1,2}})?(?:(?:double|triple)[ -])?{_DIGIT}){{6,15}}"

FAMILY = Family(
    "phone",
    (
        Rule("phone-spoken", "PHONE_NUMBER", rf"(?i)(?<!\w)(?:\+|plus )?(?:{_EACH})(?!\w)", 0.6, 0.85, CONTEXT, where=lambda m: len(set(re.findall(r"\w+", m[0].lower()))) > 3, needs=_CUES, reach=(150, 150)),
        Rule("phone-lettered", "PHONE_NUMBER", r"(?<![\w.-])(?:1-)?8(?:00|33|44|55|66|77|88)-(?=[A-Z0-9-]*[A-Z]{3})[A-Z0-9]{3}-?[A-Z0-9]{4}(?![\w-])", 0.6, needs=("8",)),
    ),
    (find,),
    (_INTERNATIONAL, _NATIONAL, _NANP, _BARE),
    (find_international,),
)  # fmt: skip

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
    ("202-555-0143, extension 88", "PHONE_NUMBER", "202-555-0143, extension 88"),
    ("0049 30 23125000", "PHONE_NUMBER", "0049 30 23125000"),
    ("my cell is five five five oh one four seven", "PHONE_NUMBER", "five five five oh one four seven"),
    ("ruf an: null eins sieben sechs vier zwei drei neun", "PHONE_NUMBER", "null eins sieben sechs vier zwei drei neun"),
    ("tel:+12025550143", "PHONE_NUMBER", "+12025550143"),
    ("Handy 0171 2345678", "PHONE_NUMBER", "0171 2345678"),
    ("call 1-800-FLOWERS", "PHONE_NUMBER", "1-800-FLOWERS"),
    ("ring 090-1234-5678", "PHONE_NUMBER", "090-1234-5678"),
    ("celular (11) 91234-5678", "PHONE_NUMBER", "(11) 91234-5678"),
    ("móvil 612 34 56 78", "PHONE_NUMBER", "612 34 56 78"),
    ("mobile 98765 43210", "PHONE_NUMBER", "98765 43210"),
    ("Phone:\n60-56-85-91", "PHONE_NUMBER", "60-56-85-91"),
    ("Phone: 0490 75 40 81", "PHONE_NUMBER", "0490 75 40 81"),
    ("phone 72 128 827", "PHONE_NUMBER", "72 128 827"),
    ("mobil 070-174 06 35", "PHONE_NUMBER", "070-174 06 35"),
)  # fmt: skip
NEGATIVES = (
    "0.6.3 / 2022-01-22",
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
    "one two three",
    "one one one one one one one one",
    "00000000 00000000",
)
