"""Numbers that a state gives to a person, with their check digits where they have any."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re

from detectors.recognizers import checksums as sums
from detectors.rules import Family, Rule

_TAX = ("tax", "steuer", "steuer-id", "steueridentifikationsnummer", "idnr", "tin")
_ID = ("id", "identity", "national", "social", "insurance", "number", "no", "nr", "citizen")


def _not_filler(value: str) -> bool:
    return len(set(sums.digits(value))) > 1


def _pan(value: str) -> bool:
    return value[3] in "PCHFATBLJG"


def _nino(value: str) -> bool:
    prefix = re.sub(r"\s", "", value)[:2].upper()
    return prefix not in {"BG", "GB", "NK", "KN", "TN", "NT", "ZZ"}


def _rule(
    name: str,
    pattern: str,
    score: float,
    lifted: float = 0.0,
    context: tuple[str, ...] = (),
    **more: object,
) -> Rule:
    whole = rf"(?<![\w.-])(?:{pattern})(?![\w-]|\.\d)"
    return Rule(name, "NATIONAL_ID", whole, score, lifted, context, **more)  # type: ignore[arg-type]  # fields of Rule


FAMILY = Family(
    "national_ids",
    (
        # The numbers that were never issued (000, 666, 9xx) stay candidates: people make them up.
        _rule("us-ssn", r"\d{3}-\d{2}-\d{4}", 0.7, 0.95, ("ssn", "social security"), check=_not_filler, code=True),
        _rule("us-ssn-spaced", r"\d{3} \d{2} \d{4}", 0.5, 0.9, ("ssn", "social security"), check=_not_filler),
        _rule("us-ssn-bare", r"\d{9}", 0.1, 0.8, ("ssn", "ssns", "social security", "itin", "social"), check=_not_filler),
        _rule("us-ssn-last4", r"(?:[xX*]{3}-[xX*]{2}-)\d{4}", 0.7),
        _rule("uk-nino", r"[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]", 0.8, check=_nino),
        _rule("de-tax", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", 0.3, 0.9, _TAX, check=sums.steuer_id),
        _rule("fr-nir", r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?(?:\d{2}|2[AB]) ?\d{3} ?\d{3} ?\d{2}", 0.85, check=sums.nir),
        _rule("es-dni", r"\d{2}\.?\d{3}\.?\d{3}[- ]?[A-HJ-NP-TV-Z]", 0.85, check=sums.dni),
        _rule("es-nie", r"[XYZ]-?\d{7}-?[A-HJ-NP-TV-Z]", 0.85, check=sums.dni),
        _rule("it-codice-fiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]", 0.95, check=sums.codice_fiscale),
        _rule("in-aadhaar", r"[2-9]\d{3}([ -])\d{4}\1\d{4}", 0.8, check=sums.verhoeff),
        _rule("in-aadhaar-bare", r"[2-9]\d{11}", 0.1, 0.9, ("aadhaar", "aadhar", "uidai", "uid"), check=sums.verhoeff),
        _rule("in-pan", r"[A-Z]{5}\d{4}[A-Z]", 0.6, 0.9, ("pan", "income tax"), check=_pan),
        _rule("ca-sin", r"\d{3}[- ]\d{3}[- ]\d{3}", 0.5, 0.95, ("sin", "social insurance", "nas"), check=sums.luhn),
        _rule("ca-sin-bare", r"\d{9}", 0.1, 0.9, ("sin", "social insurance"), check=sums.luhn),
        _rule("au-tfn", r"\d{3} ?\d{3} ?\d{3}", 0.2, 0.9, ("tfn", "tax file"), check=sums.tfn),
        _rule("br-cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}", 0.9, check=sums.cpf),
        _rule("br-cpf-bare", r"\d{11}", 0.1, 0.9, ("cpf",), check=sums.cpf),
        _rule("nl-bsn", r"\d{9}|\d{4}\.\d{2}\.\d{3}", 0.1, 0.9, ("bsn", "burgerservicenummer", "sofinummer"), check=sums.bsn),
        _rule("pl-pesel", r"\d{11}", 0.3, 0.95, ("pesel",), check=sums.pesel),
        _rule("se-personnummer", r"(?:19|20)?\d{6}[-+]\d{4}", 0.7, 0.95, ("personnummer", "personal"), check=sums.personnummer),
        _rule("id-cued", r"[A-Z]{0,3}\d[A-Z0-9-]{4,14}", 0.1, 0.6, ("national id", "identity card", "id card", "personal id", "tax id", "citizen id", "id number", "ausweis", "personalausweis"), check=_not_filler, weak=True),
        Rule("uk-nhs", "MEDICAL_ID", r"(?<![\w.-])\d{3}[ -]\d{3}[ -]\d{4}(?![\w-])", 0.65, 0.95, ("nhs", "patient"), check=sums.nhs),
        Rule("uk-nhs-bare", "MEDICAL_ID", r"(?<![\w.-])\d{10}(?![\w-])", 0.1, 0.9, ("nhs", "patient"), check=sums.nhs),
        Rule("au-medicare", "MEDICAL_ID", r"(?<![\w.-])[2-6]\d{3}[ -]?\d{5}[ -]?\d(?:[ -/]?\d)?(?![\w-])", 0.2, 0.9, ("medicare",), check=sums.medicare_au),
        Rule("medical-record", "MEDICAL_ID", r"(?<![\w.-])[A-Z]{0,3}-?\d{5,12}(?![\w-])", 0.1, 0.8, ("mrn", "medical record", "patient id", "patient number", "health card", "npi", "dea")),
    ),
)  # fmt: skip

POSITIVES = (
    ("SSN 536-90-4399", "NATIONAL_ID", "536-90-4399"),
    ("it is 078-05-1120", "NATIONAL_ID", "078-05-1120"),
    ("ssn: 536904399", "NATIONAL_ID", "536904399"),
    ("NINO AB123456C", "NATIONAL_ID", "AB123456C"),
    ("Steuer-ID 86095742719", "NATIONAL_ID", "86095742719"),
    ("1 85 05 78 006 084 91", "NATIONAL_ID", "1 85 05 78 006 084 91"),
    ("DNI 12345678Z", "NATIONAL_ID", "12345678Z"),
    ("NIE X1234567L", "NATIONAL_ID", "X1234567L"),
    ("RSSMRA85T10A562S", "NATIONAL_ID", "RSSMRA85T10A562S"),
    ("2341 2341 2346", "NATIONAL_ID", "2341 2341 2346"),
    ("PAN ABCPE1234F", "NATIONAL_ID", "ABCPE1234F"),
    ("SIN 046 454 286", "NATIONAL_ID", "046 454 286"),
    ("TFN 123 456 782", "NATIONAL_ID", "123 456 782"),
    ("529.982.247-25", "NATIONAL_ID", "529.982.247-25"),
    ("BSN 111222333", "NATIONAL_ID", "111222333"),
    ("PESEL 44051401359", "NATIONAL_ID", "44051401359"),
    ("811218-9876", "NATIONAL_ID", "811218-9876"),
    ("NHS number 943 476 5919", "MEDICAL_ID", "943 476 5919"),
    ("Medicare 2123 45670 1", "MEDICAL_ID", "2123 45670 1"),
)
NEGATIVES = (
    "000-00-0000",
    "part 536904399",
    "code 12345678A",
    "X1234567A",
    "RSSMRA85T10A562T",
    "2341 2341 2347",
    "GB123456A",
    "046 454 287",
    "529.982.247-26",
    "811218-9877",
    "86095742718",
    "44051401358",
    "1 85 05 78 006 084 92",
    "943 476 5918 items",
    "111222333 rows",
    "HELDO1234W",
    "12-34-5678",
    "536-90-43999",
    "2000 2001 2002",
    "ISBN 978-3-16-148410-0",
)
