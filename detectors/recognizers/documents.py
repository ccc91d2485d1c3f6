"""Passports, driving licences, number plates and account numbers: never without context."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.rules import Family, Rule

_LICENCE = ("driver's license", "drivers license", "driver license", "driving licence", "driving license", "driver's licence", "licence number", "license number", "license no", "licence no", "dl", "führerschein")  # fmt: skip
_PLATE = ("plate", "plates", "license plate", "licence plate", "number plate", "registration", "reg", "vehicle", "car", "kennzeichen", "vrm")  # fmt: skip
_ACCOUNT = ("account", "account number", "acct", "customer", "customer id", "client id", "member", "membership", "policy number", "invoice", "policy no", "employee id", "student id", "loyalty", "user id", "booking", "reservation", "confirmation")  # fmt: skip


def _has_digits(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 4


FAMILY = Family(
    "documents",
    (
        Rule("passport", "PASSPORT", r"(?<![\w-])(?:[A-Z]{1,2}\d{6,8}|\d{9}|[CFGHJKLMNPRTVWXYZ0-9]{9}|[A-Z]\d{2}[A-Z0-9]{6}|\d{2}[A-Z]{2}\d{5})(?![\w-])", 0.1, 0.8, ("passport", "passports", "reisepass", "passeport", "pasaporte"), check=_has_digits),
        Rule("driver-license", "DRIVER_LICENSE", r"(?<![\w-])(?:[A-Z]{1,2}-?\d{3}-?\d{3,4}-?\d{0,6}(?:-\d{3})?(?:-\d)?|\d{7,10}|[A-Z]{5}\d{6}[A-Z0-9]{5}|[A-Z9]{5}\d{6}[A-Z9]{2}\w{3})(?![\w-])", 0.1, 0.75, _LICENCE, check=_has_digits),
        Rule("uk-driver-license", "DRIVER_LICENSE", r"(?<![\w-])[A-Z9]{5}\d[015]\d[0-3]\d{2}[A-Z9]{2}[A-Z0-9]{3}(?![\w-])", 0.85),
        Rule("plate", "LICENSE_PLATE", r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}[EH]?|[A-Z]{2}-\d{3}-[A-Z]{2}|\d{4} ?[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{3}[- ]?\d{3,4}|\d{1,3}[- ]?[A-Z]{3}|\d[A-Z]{3}\d{3}|[A-Z]{1,2}\d{2,5}[A-Z]?|[A-Z]{2} ?\d{2} ?[A-Z]{1,2} ?\d{4})(?![\w-])", 0.1, 0.7, _PLATE, where=lambda m: m[0][:3] not in {"USB", "ISO", "RFC", "PEP"}),
        Rule("account", "ACCOUNT_ID", r"(?<![\w.-])(?=[A-Z0-9-]*\d{4})[A-Z]{0,4}-?\d[A-Z0-9-]{3,18}(?![\w-])", 0.1, 0.6, _ACCOUNT, where=lambda m: not (len(m[0]) == 4 and m[0][:2] in {"19", "20"}), weak=True),
    ),
)  # fmt: skip

POSITIVES = (
    ("passport number 123456789", "PASSPORT", "123456789"),
    ("Reisepass C01X00T47", "PASSPORT", "C01X00T47"),
    ("driver's license D123-4567-8901", "DRIVER_LICENSE", "D123-4567-8901"),
    ("MORGA753116SM9IJ", "DRIVER_LICENSE", "MORGA753116SM9IJ"),
    ("the licence plate was AB12 CDE", "LICENSE_PLATE", "AB12 CDE"),
    ("Kennzeichen B-XY 1234", "LICENSE_PLATE", "B-XY 1234"),
    ("customer id CU-004512", "ACCOUNT_ID", "CU-004512"),
)
NEGATIVES = (
    "the public API v4",
    "A1 and D3",
    "error E1234567",
    "see AB12 CDE",
    "build 123456789",
    "in the year 2024",
    "RFC 9562",
    "ISO 13616",
    "US-ASCII",
)
