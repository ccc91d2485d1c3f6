"""Passports, driving licences, number plates and account numbers: never without context."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

from detectors.recognizers.checksums import vin
from detectors.rules import Family, Rule

_LICENCE = ("permis de conduire", "carnet de conducir", "licencia de conducir", "patente", "rijbewijs", "prawo jazdy", "carta de condução", "cnh", "körkort", "førerkort", "kørekort", "ajokortti", "fahrerlaubnis", "ehliyet", "driver's license", "drivers license", "driver license", "driving licence", "driving license", "driver's licence", "licence number", "license number", "license no", "licence no", "dl", "führerschein")  # fmt: skip
_PLATE = ("nummernschild", "plaque", "immatriculation", "matrícula", "matricula", "targa", "kenteken", "tablica rejestracyjna", "rejestracja", "spz", "registreringsnummer", "reg no", "regnummer", "rekisterinumero", "placa", "patente", "plaka", "rego", "tag number", "number-plate", "license tag", "plate", "plates", "license plate", "licence plate", "number plate", "registration", "reg", "vehicle", "car", "kennzeichen", "vrm")  # fmt: skip
_ACCOUNT = ("account", "account number", "acct", "customer", "customer id", "client id", "member", "membership", "policy number", "invoice", "policy no", "employee id", "student id", "loyalty", "user id", "booking", "reservation", "confirmation")  # fmt: skip


def _has_digits(value: str) -> bool:
    return sum(char.isdigit() for char in value) >= 4


FAMILY = Family(
    "documents",
    (
        Rule("passport", "PASSPORT", r"(?<![\w-])(?:[A-Z]{1,2}\d{6,8}|\d{9}|[CFGHJKLMNPRTVWXYZ0-9]{9}|[A-Z]\d{2}[A-Z0-9]{6}|\d{2}[A-Z]{2}\d{5})(?![\w-])", 0.1, 0.8, ("passport", "passports", "reisepass", "passeport", "pasaporte", "passaporto", "passaporte", "paspoort", "paszport", "pas", "pass", "passnummer", "útlevél", "pașaport", "pasaport", "passi", "travel document"), check=_has_digits, needs=("0",), reach=(26, 30)),
        Rule("driver-license", "DRIVER_LICENSE", r"(?<![\w-])(?:[A-Z]{1,2}-?\d{3}-?\d{3,4}-?\d{0,6}(?:-\d{3})?(?:-\d)?|\d{7,10}|[A-Z]{5}\d{6}[A-Z0-9]{5}|[A-Z9]{5}\d{6}[A-Z9]{2}\w{3})(?![\w-])", 0.1, 0.75, _LICENCE, check=_has_digits, needs=("0",), reach=(26, 30)),
        Rule("uk-driver-license", "DRIVER_LICENSE", r"(?<![\w-])[A-Z9]{5}\d[015]\d[0-3]\d{2}[A-Z9]{2}[A-Z0-9]{3}(?![\w-])", 0.85, needs=("0",), reach=(26, 30)),
        Rule("plate", "LICENSE_PLATE", r"(?<![\w-])(?:[A-Z]{2}\d{2} ?[A-Z]{3}|[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[- ]?\d{1,4}[EH]?|[A-Z]{2}[- ]?\d{3}[- ]?[A-Z]{2}|\d{4} ?[B-DF-HJ-NP-TV-Z]{3}|[A-Z]{3}[- ]?\d{3,4}|\d{1,3}[- ]?[A-Z]{3}|\d[A-Z]{3}\d{3}|[A-Z]{1,2}\d{2,5}[A-Z]?|[A-Z]{2} ?\d{2} ?[A-Z]{1,2} ?\d{4})(?![\w-])", 0.1, 0.7, _PLATE, where=lambda m: m[0][:3] not in {"USB", "ISO", "RFC", "PEP"}, needs=("0",), reach=(26, 30)),
        Rule("id-card", "NATIONAL_ID", r"(?<![\w-])(?:[CFGHJKLMNPRTVWXYZ0-9]{9}\d?D?|[A-Z]{2}\d{5}[A-Z]{2}|[A-Z]{3} ?\d{6}|\d{12}|[A-Z]{2}\d{7}|[A-Z]{2}[A-Z0-9]{6}\d|\d{6,9}[A-Z]{2}|[A-Z]\d{7,8})(?![\w-])", 0.1, 0.8, ("personalausweis", "ausweis", "ausweisnummer", "carte d'identité", "cni", "carta d'identità", "documento de identidad", "identiteitskaart", "identity card", "id card", "dowód osobisty", "dowodu", "občanský průkaz", "legitimation", "henkilökortti", "buletin", "carte de identitate", "nüfus cüzdanı"), check=_has_digits, needs=("0",), reach=(14, 14)),
        Rule("vin", "LICENSE_PLATE", r"(?<![\w-])(?=[A-Z0-9]*[A-Z][A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![\w-])", 0.85, check=vin, needs=("0",), reach=(18, 18)),
        Rule("vin-cued", "LICENSE_PLATE", r"(?i)(?<![\w-])[a-hj-npr-z0-9]{17}(?![\w-])", 0.1, 0.85, ("vin", "chassis", "vehicle identification", "fahrgestellnummer", "fin", "bastidor", "telaio"), check=_has_digits, needs=("0",), reach=(18, 18)),
        Rule("plate-lower", "LICENSE_PLATE", r"(?i)(?<![\w-])(?:[a-z]{1,3}[ -]?\d{1,4}[ -]?[a-z]{0,3}|\d{1,4}[ -]?[a-z]{2,3}[ -]?\d{0,4})(?![\w-])", 0.05, 0.6, ("license plate", "licence plate", "number plate", "plate number", "plate no", "kennzeichen", "plaque", "targa", "kenteken"), where=lambda m: sum(c.isdigit() for c in m[0]) >= 2 and any(c.isalpha() for c in m[0]), needs=("0",), reach=(12, 12)),
        Rule("account", "ACCOUNT_ID", r"(?<![\w.-])(?=[A-Z0-9-]*\d{4})[A-Z]{0,4}-?\d[A-Z0-9-]{3,18}(?![\w-])", 0.1, 0.6, _ACCOUNT, where=lambda m: not (len(m[0]) == 4 and m[0][:2] in {"19", "20"}), weak=True, needs=("0",), reach=(26, 30)),
    ),
)  # fmt: skip

POSITIVES = (
    ("passport number 123456789", "PASSPORT", "123456789"),
    ("Reisepass C01X00T47", "PASSPORT", "C01X00T47"),
    ("driver's license D123-4567-8901", "DRIVER_LICENSE", "D123-4567-8901"),
    ("MORGA753116SM9IJ", "DRIVER_LICENSE", "MORGA753116SM9IJ"),
    ("the licence plate was AB12 CDE", "LICENSE_PLATE", "AB12 CDE"),
    ("Kennzeichen B-XY 1234", "LICENSE_PLATE", "B-XY 1234"),
    ("1M8GDM9AXKP042788", "LICENSE_PLATE", "1M8GDM9AXKP042788"),
    ("VIN WVWZZZ1KZ9W000001", "LICENSE_PLATE", "WVWZZZ1KZ9W000001"),
    ("Personalausweis L01X00T47", "NATIONAL_ID", "L01X00T47"),
    ("plaque AB-123-CD", "LICENSE_PLATE", "AB-123-CD"),
    ("targa AB 123 CD", "LICENSE_PLATE", "AB 123 CD"),
    ("customer id CU-004512", "ACCOUNT_ID", "CU-004512"),
)
NEGATIVES = (
    "1M8GDM9AXKP042789",
    "SHA 0123456789ABCDEF0",
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
