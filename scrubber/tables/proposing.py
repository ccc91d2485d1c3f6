# ruff: noqa: E501 - a table of words
"""Which columns an outsider may know of a person: proposed by header and by what stands below.

A header counts in several languages. A column whose cells are all dates or all ages counts
without one. What differs in nearly every row is an identifier and no quasi-identifier; what
never differs tells nothing. A proposal is a start: only people know what outsiders know.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from scrubber.formats.labels import private_entity
from scrubber.tables.ladders import AGE, DATE, OTHER, POSTCODE, kind_of
from scrubber.tables.reading import Column, Table, sample

ROWS = 100_000
MOST = 8
_NEARLY_ALL = 0.95
_ENOUGH = 50  # rows, before a share of them says something
_FROM_ENTITY = {
    "AGE": "age", "DATE_OF_BIRTH": "birth date", "POSTCODE": "postcode", "NRP": "group",
}  # fmt: skip
_DIRECT = frozenset(
    [
        "EMAIL_ADDRESS",
        "PHONE_NUMBER",
        "PERSON",
        "USERNAME",
        "NATIONAL_ID",
        "ADDRESS",
        "IP_ADDRESS",
        "MAC_ADDRESS",
        "IBAN_CODE",
        "CREDIT_CARD",
        "BANK_ACCOUNT",
        "PASSPORT",
        "DRIVER_LICENSE",
        "LICENSE_PLATE",
        "MEDICAL_ID",
        "ACCOUNT_ID",
        "SOCIAL_HANDLE",
        "COORDINATES",
    ]
)
_WORDS = {
    "birth date": "birth birthyear yob jahrgang",
    "sex": "sex gender geschlecht sexo sexe genre genero sesso kon kjonn 性别 性別 пол",
    "place": "city town village municipality county state province region district country nation suburb borough "
    "stadt ort gemeinde landkreis bundesland land ciudad pais provincia ville pays departement citta comune "
    "plaats gemeente lan fylke zip3 zip5 城市 国家 市 город страна",
    "postcode": "zip3 zip5 plz3 outcode",
    "job": "job occupation profession employer department position beruf profesion ocupacion metier professione "
    "beroep yrke 职业 職業 профессия",
    "family": "marital children household familienstand etat civil",
    "schooling": "education degree school university ausbildung studium educacion",
    "group": "ethnicity race nationality religion language native citizenship nationalitat muttersprache",
    "date": "admission discharge visit admitted hired joined enrolled date datum fecha",
}
_BY_WORD = {word: kind for kind, words in _WORDS.items() for word in words.split()}


class Proposal(NamedTuple):
    """A column, and why it is proposed: what it seems to hold."""

    column: Column
    why: str


class Proposed(NamedTuple):
    """Proposed quasi-identifiers, and columns that point at people by themselves."""

    quasi: tuple[Proposal, ...]
    direct: tuple[Proposal, ...]


def propose(table: Table) -> Proposed:
    """Looks at the headers and the first `ROWS` rows of `table`."""
    columns = table.columns
    cells = sample(table, columns, ROWS) if columns else []
    quasi, direct = [], []
    for column, texts in zip(columns, cells, strict=True):
        if private_entity(column.name) in _DIRECT:
            direct.append(Proposal(column, "names a person or points at one"))
            continue
        why = _why(column, texts)
        different = len(set(texts))
        if why and different > 1:
            quasi.append(Proposal(column, why))
        elif not why and len(texts) >= _ENOUGH and different >= _NEARLY_ALL * len(texts):
            direct.append(Proposal(column, "differs in nearly every row"))
    return Proposed(tuple(quasi[:MOST]), tuple(direct))


def _why(column: Column, texts: Sequence[str]) -> str:
    """What an outsider may know by this column, or nothing."""
    known = _FROM_ENTITY.get(private_entity(column.name) or "")
    if known:
        return known
    split = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column.name)
    words = re.findall(r"[^\W_]+", split.casefold())
    for word in reversed(words):
        if word in _BY_WORD:
            return _BY_WORD[word]
    kind = kind_of("", texts)
    if kind == AGE and not _looks_like_ages(texts):
        kind = OTHER
    return {AGE: "age, by its values", DATE: "date, by its values", POSTCODE: "postcode"}.get(
        kind, ""
    )


def _looks_like_ages(texts: Sequence[str]) -> bool:
    """Many different whole numbers between 1 and 110, most of them of grown-ups."""
    ages = [int(text) for text in texts if text.isdecimal()]
    adult = sum(16 <= age <= 99 for age in ages)
    return len(set(ages)) >= 20 and min(ages) >= 1 and max(ages) <= 110 and adult >= 0.8 * len(ages)
