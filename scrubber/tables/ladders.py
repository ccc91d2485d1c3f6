"""Fixed ladders: what a value becomes, step by step, until it says nothing.

| kind | steps |
|---|---|
| age | 5 years (`30-34`), 10, 20, `*` |
| date | month (`1987-04`, of ISO dates), year, ten years (`1980-1989`), `*` |
| postcode | one character more hidden each time (`1234*`, `123**`, …), `*` |
| other | `*` |

An empty value stays empty until the last step. A value that does not fit its kind is `*`
from the first step on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scrubber.formats.labels import private_entity

AGE, DATE, POSTCODE, OTHER = "age", "date", "postcode", "other"
HIDDEN = "*"
_BANDS = (5, 10, 20)
_MOST = 0.9
_ISO = re.compile(r"(\d{4})-(\d{2})(?:-\d{2}(?:[T ].*)?)?")
_YEAR_LAST = re.compile(r"\d{1,2}[./-]\d{1,2}[./-](\d{4})")
_YEAR = re.compile(r"(?:1[89]|20)\d{2}")
_WHOLE = re.compile(r"\d{1,3}")
_POSTCODE_WORDS = re.compile(r"zip|postcode|postal|plz|postleit|outcode", re.I)
_POSTCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{1,9}")


def kind_of(header: str, texts: Iterable[str]) -> str:
    """The ladder for a column: by its header, then by nine of ten of its different values."""
    values = sorted({text.strip() for text in texts} - {""})
    if not values:
        return OTHER
    entity = private_entity(header)
    if entity == "POSTCODE" or _POSTCODE_WORDS.search(header):
        return POSTCODE if _share(values, _POSTCODE) else OTHER
    if sum(bool(_year(value)) for value in values) >= _MOST * len(values):
        return DATE
    if _share(values, _WHOLE) and all(int(v) <= 130 for v in values if _WHOLE.fullmatch(v)):
        return AGE if entity == "AGE" or not header or _says_age(header) else OTHER
    return OTHER


def _says_age(header: str) -> bool:
    return "age" in re.findall(r"[a-z]+", header.casefold())


def _share(values: Sequence[str], shape: re.Pattern[str]) -> bool:
    return sum(bool(shape.fullmatch(value)) for value in values) >= _MOST * len(values)


def _year(value: str) -> str:
    for shape in (_ISO, _YEAR_LAST):
        if match := shape.fullmatch(value):
            return match[1]
    return value if _YEAR.fullmatch(value) else ""


def ladder(kind: str, texts: Sequence[str]) -> list[list[str]]:
    """For each step, from 0 (as it is) to the last (`*`), what each of `texts` becomes."""
    steps = [list(texts), *_STEPS[kind](texts), [HIDDEN] * len(texts)]
    return [one for at, one in enumerate(steps) if at == 0 or one != steps[at - 1]]


def _ages(texts: Sequence[str]) -> Iterable[list[str]]:
    for band in _BANDS:
        yield [_age(text.strip(), band) for text in texts]


def _age(text: str, band: int) -> str:
    if not _WHOLE.fullmatch(text):
        return _unfit(text)
    low = int(text) // band * band
    return f"{low}-{low + band - 1}"


def _dates(texts: Sequence[str]) -> Iterable[list[str]]:
    stripped = [text.strip() for text in texts]
    months = [
        f"{match[1]}-{match[2]}" if (match := _ISO.fullmatch(text)) else _year(text) or _unfit(text)
        for text in stripped
    ]
    yield months
    years = [_year(text) or _unfit(text) for text in stripped]
    yield years
    yield [f"{year[:3]}0-{year[:3]}9" if year.isdecimal() else year for year in years]


def _postcodes(texts: Sequence[str]) -> Iterable[list[str]]:
    stripped = [text.strip() for text in texts]
    longest = max((len(text) for text in stripped), default=0)
    for hidden in range(1, longest):
        yield [
            _unfit(text) if not _POSTCODE.fullmatch(text) else
            text[: max(0, len(text) - hidden)] + HIDDEN * min(hidden, len(text))
            for text in stripped
        ]  # fmt: skip


def _unfit(text: str) -> str:
    return HIDDEN if text else ""


def _others(texts: Sequence[str]) -> Iterable[list[str]]:
    return ()


_STEPS = {AGE: _ages, DATE: _dates, POSTCODE: _postcodes, OTHER: _others}
