"""Which labels a word outside every span may still carry, where a corpus is silent.

Tweets with their names marked say nothing about dates, ages or account numbers. A word that looks
like one of those is then allowed to be it: without this, real text would unlearn what the written
templates teach. Words that cannot be such a thing stay plain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from training.labels import allow, allow_entity

_DATES: Final = (
    "january february march april may june july august september october november december jan feb "
    "mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday saturday "
    "sunday mon tue tues wed thu thur thurs fri sat sun st nd rd th of the"
)
_AGES: Final = (
    "aged age ages old year years yr yrs yo months month weeks week days day one two three four "
    "five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_DATE_WORDS: Final = frozenset(_DATES.split())
_AGE_WORDS: Final = frozenset(_AGES.split())
_GROUP_ENDINGS: Final = (
    "ish",
    "ian",
    "ians",
    "ese",
    "ist",
    "ists",
    "ans",
    "can",
    "cans",
    "ean",
    "aeli",
    "aelis",
    "aqi",
    "aqis",
    "ani",
    "anis",
    "crat",
    "crats",
    "lim",
    "lims",
    "jew",
    "jews",
    "jewish",
    "hindu",
    "hindus",
    "sikh",
    "sikhs",
    "french",
    "dutch",
    "greek",
    "greeks",
    "swiss",
    "thai",
    "arab",
    "arabs",
    "tory",
    "tories",
    "labour",
    "protestant",
    "christ",
)
_REACH: Final = 5
"""How many words from a number a street name may stand."""


def masks(words: Sequence[str], chunks: Sequence[str], labelled: frozenset[str]) -> list[int]:
    """Return the bit mask of allowed labels of each word that is in no span.

    *words* are the tokenizer's words, *chunks* the white-space separated pieces of text they are
    part of, *labelled* the entities whose absence is a statement.
    """
    silent = [name for name in _RULES if name not in labelled]
    plain = allow("O")
    if not silent:
        return [plain] * len(words)
    near = _near_number(words)
    found = []
    for index, word in enumerate(words):
        mask = plain
        for name in silent:
            if _RULES[name](word, chunks[index], near[index]):
                mask |= allow_entity(name)
        found.append(mask)
    return found


def _near_number(words: Sequence[str]) -> list[bool]:
    near = [False] * len(words)
    for index, word in enumerate(words):
        if any(map(str.isdigit, word)):
            for other in range(max(0, index - _REACH), min(len(words), index + _REACH + 1)):
                near[other] = True
    return near


def _digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def _date(word: str, chunk: str, near: bool) -> bool:
    return _digit(chunk) or word.lower() in _DATE_WORDS or (near and not word.isalnum())


def _age(word: str, chunk: str, near: bool) -> bool:
    return _digit(chunk) or word.lower() in _AGE_WORDS or (word == "-" and "old" in chunk.lower())


def _number(word: str, chunk: str, near: bool) -> bool:
    return _digit(chunk) or (near and not word.isalnum())


def _handle(word: str, chunk: str, near: bool) -> bool:
    return "@" in chunk or "_" in chunk or _digit(chunk)


def _email(word: str, chunk: str, near: bool) -> bool:
    return "@" in chunk


def _address(word: str, chunk: str, near: bool) -> bool:
    return near


def _group(word: str, chunk: str, near: bool) -> bool:
    return word.lower().endswith(_GROUP_ENDINGS)


def _name(word: str, chunk: str, near: bool) -> bool:
    return word != word.lower()


_RULES: Final = {
    "ADDRESS": _address,
    "AGE": _age,
    "DATE": _date,
    "EMAIL": _email,
    "ID": _number,
    "LOCATION": _name,
    "NRP": _group,
    "ORGANIZATION": _name,
    "PERSON": _name,
    "PHONE": _number,
    "USERNAME": _handle,
}
