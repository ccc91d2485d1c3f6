"""Payment cards (ISO/IEC 7812), IBAN (ISO 13616) and bank accounts."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import re

from detectors.recognizers.checksums import digits, iso7064_97, luhn
from detectors.rules import Family, Rule

_CARD_PREFIX = re.compile(r"3[0-9]|4|5[0-9]|6[0-9]|2[2-7]|1800|2131")
IBAN_LENGTH = {
    "AD": 24, "AE": 23, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22,
    "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28,
    "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27,
    "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "SA": 24, "SE": 24, "SI": 19,
    "SK": 24, "SM": 27, "TR": 26, "UA": 29, "BR": 29,
}  # fmt: skip


def is_card(value: str) -> bool:
    compact = "".join(map(str, digits(value)))
    return bool(_CARD_PREFIX.match(compact)) and luhn(value)


# Issuer and length (ISO/IEC 7812): Visa, Mastercard, American Express, Discover, JCB, Diners, UnionPay.
_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}"
    r"|(?:6011|64[4-9]\d|65\d\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11}|62\d{14,17}"
)


def is_issued(value: str) -> bool:
    """A card of a known issuer's length: what may stand without a word beside it."""
    return bool(_ISSUED.fullmatch("".join(map(str, digits(value))))) and luhn(value)


def is_iban(value: str) -> bool:
    compact = re.sub(r"[\s-]", "", value).upper()
    return IBAN_LENGTH.get(compact[:2], len(compact)) == len(compact) and iso7064_97(compact)


_CARD_WORDS = ("card", "visa", "mastercard", "amex", "credit", "debit", "cc", "pan", "payment")
_BANK_WORDS = ("account", "acct", "bank", "konto", "sort code", "routing", "iban", "aba", "bsb")

FAMILY = Family(
    "payment",
    (
        Rule(
            "card-grouped",
            "CREDIT_CARD",
            r"(?<![\w.-])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}|3\d{3}([ -])\d{6}\2\d{4,5})(?![\w.-]*\d)",
            0.95,
            check=is_card,
            code=True,
        ),
        Rule(
            "card",
            "CREDIT_CARD",
            r"(?<![\w.,-])\d{12,19}(?![\w,-]|\.\d)",
            0.7,
            0.95,
            _CARD_WORDS,
            check=is_issued,
        ),
        Rule(
            "card-cued",
            "CREDIT_CARD",
            r"(?<![\w.,-])\d{12,19}(?![\w,-]|\.\d)",
            0.1,
            0.95,
            _CARD_WORDS,
            check=is_card,
        ),
        Rule(
            "card-unchecked",
            "CREDIT_CARD",
            r"(?<![\w.-])(?:\d[ -]?){11,18}\d(?![\w-])",
            0.1,
            0.6,
            _CARD_WORDS,
            weak=True,
        ),
        Rule(
            "iban",
            "IBAN_CODE",
            r"(?<![A-Za-z0-9])(?:[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}|[a-z]{2}\d{2}[a-z0-9]{11,30})(?![A-Za-z0-9])",
            0.95,
            check=is_iban,
            code=True,
            needs=("00",),
            reach=(4, 72),
        ),
        Rule(
            "iban-grouped",
            "IBAN_CODE",
            r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,4})?(?![A-Za-z0-9])",
            0.95,
            check=is_iban,
        ),
        Rule(
            "bank-account",
            "BANK_ACCOUNT",
            r"(?<![\w.-])\d{8,17}(?![\w.-]*\d)",
            0.1,
            0.6,
            _BANK_WORDS,
        ),
        Rule(
            "bic",
            "BANK_ACCOUNT",
            r"(?<![\w-])[A-Z]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![\w-])",
            0.05,
            0.7,
            ("bic", "swift", "swift code", "bic/swift", "swift-bic"),
        ),
        Rule(
            "card-tail",
            "CREDIT_CARD",
            r"(?i)(?<![\w*])(?:(?:[x*•]{4}[ -]?){1,3}\d{4}|\b(?:card|visa|mastercard|amex|account)\s(?:number\s)?ending\s(?:in|with)\s\d{4})(?!\w)",
            0.6,
            needs=("x", "*", "•", "ending"),
            where=lambda match: not match[0].lower().startswith("0x"),
        ),
        Rule(
            "card-code",
            "CREDIT_CARD",
            r"(?i)(?<!\w)(?:cvv2?|cvc2?|cid|security code|card code)\s?(?:is|:|=|#)?\s?(?P<code>\d{3,4})(?!\w)",
            0.75,
            group="code",
            needs=("cv", "cid", "code"),
            reach=(16, 12),
        ),
        Rule(
            "card-expiry",
            "CREDIT_CARD",
            r"(?i)(?<!\w)(?:exp(?:iry|ires|iration)?(?:\sdate)?|valid (?:thru|until)|gültig bis)\.?\s?(?:is|:|=)?\s?(?P<code>(?:0[1-9]|1[0-2])\s?[/-]\s?(?:20)?\d\d)(?!\w)",
            0.6,
            group="code",
            needs=("exp", "valid", "gültig"),
            reach=(2, 40),
        ),
        Rule(
            "sort-code",
            "BANK_ACCOUNT",
            r"(?<![\w-])\d{2}-\d{2}-\d{2}(?![\w-])",
            0.1,
            0.7,
            ("sort code", "sort-code", "sortcode"),
        ),
    ),
)

POSITIVES = (
    ("SWIFT code DEUTDEFF500", "BANK_ACCOUNT", "DEUTDEFF500"),
    ("CVV: 123", "CREDIT_CARD", "123"),
    ("visa ending in 4242", "CREDIT_CARD", "visa ending in 4242"),
    ("expires 04/27", "CREDIT_CARD", "04/27"),
    ("4111-1111-1111-1111", "CREDIT_CARD", "4111-1111-1111-1111"),
    ("4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111"),
    ("card 5500005555555559", "CREDIT_CARD", "5500005555555559"),
    ("3782 822463 10005", "CREDIT_CARD", "3782 822463 10005"),
    ("GB82 WEST 1234 5698 7654 32", "IBAN_CODE", "GB82 WEST 1234 5698 7654 32"),
    ("DE89370400440532013000", "IBAN_CODE", "DE89370400440532013000"),
    ("gb82west12345698765432", "IBAN_CODE", "gb82west12345698765432"),
    ("bank account 12345678", "BANK_ACCOUNT", "12345678"),
    ("sort code 20-00-00", "BANK_ACCOUNT", "20-00-00"),
)
NEGATIVES = (
    "the SWIFTLY moving",
    "error code 404",
    "0xxxxx1234",
    "4111 1111 1111 1112",
    "0000 0000 0000 0000",
    "order 1234567890123",
    "0.1234567890123456",
    "GB82 WEST 1234 5698 7654 33",
    "AB12 and so on",
    "on 20-00-00 it rang",
    "id 12345678",
)
