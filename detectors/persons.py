"""Who is who: the ways in which one text writes one person.

Two full names are one person when they differ in order, case, accents or script. A part of
a name or initials is a person only inside one text, and only when a single full name of
that text has that part: a wrong link would give two people one tag, a missing one costs
a reader a little.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from detectors.name_forms import PARTICLES, SPELLED_OUT

_TITLE = re.compile(
    r"^\s*(?:(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|herr|frau|madame|monsieur"
    r"|mme|señor|señora|sr|sra|sig|signora?)\b\.?\s+)+",
    re.IGNORECASE,
)
_POSSESSIVE = re.compile(r"['’]s?\s*$")
TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_MANY = 64  # as many names with one word in common say nothing of whom that word means
_MOST_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Name:
    """`words` of two letters and more, folded; `initials` in order; `key` equal for one person."""

    words: tuple[str, ...]
    initials: tuple[str, ...]
    key: str

    @property
    def is_full(self) -> bool:
        return 2 <= len(self.words) <= _MOST_TOKENS

    @property
    def weight(self) -> int:
        """Grows with everything that a name says."""
        return sum(map(len, self.words)) + len(self.initials)


def bare(name: str) -> str:
    """`name` without titles in front and the possessive behind."""
    cut = _POSSESSIVE.sub("", _TITLE.sub("", name) or name)
    return cut if any(map(str.isalpha, cut)) else name


def title_in(name: str) -> str:
    """The titles in front of a name, with the blanks behind them."""
    match = _TITLE.match(name)
    return match.group() if match and match.end() < len(name) else ""


@lru_cache(maxsize=65_536)
def read_name(name: str) -> Name:
    """The parts of a name as somebody wrote it."""
    text = bare(unicodedata.normalize("NFKC", name))
    tokens = [latin(token) for token in TOKEN.findall(_family_last(text))]
    told = [token for token in tokens if token not in PARTICLES]
    words = tuple(token for token in told if len(token) > 1)
    initials = tuple(token for token in told if len(token) == 1)
    if len(words) < 2:
        return Name(words, initials, " ".join(text.casefold().split()))
    order = tokens if _either_way(words) else sorted(tokens)
    return Name(words, initials, " ".join(order))


def _family_last(text: str) -> str:
    """`Quist, Zoltana` as `Zoltana Quist`."""
    family, comma, given = text.partition(",")
    if comma and "," not in given and TOKEN.search(family) and TOKEN.search(given):
        return f"{given} {family}"
    return text


def _either_way(words: tuple[str, ...]) -> bool:
    """`Thomas James` and `James Thomas` are two people: both words are given names."""
    from detectors.recognizers.people import is_given

    return is_given(words[0]) and is_given(words[-1])


def latin(token: str) -> str:
    """A word folded and in ASCII."""
    if token.isascii():
        return token.casefold()
    from anyascii import anyascii

    return anyascii(token.translate(SPELLED_OUT)).casefold()


class People:
    """The people whom one text names in full, and which of them a shorter form means."""

    def __init__(self, values: Iterable[str]) -> None:
        self._texts: dict[str, str] = {}
        self._names: dict[str, Name] = {}
        for value in sorted(set(values)):
            name = read_name(value)
            if name.is_full and name.key not in self._names:
                self._texts[name.key], self._names[name.key] = value, name
        self._with_word: dict[str, list[str]] = {}
        for key, name in self._names.items():
            for word in dict.fromkeys(name.words):
                self._with_word.setdefault(word, []).append(key)
        self._roots: dict[str, str] = {}

    def full(self, value: str) -> str:
        """The full name in this text of whom `value` surely means, else `value` as it is."""
        name = read_name(value)
        if not name.words:
            return value
        root = self._root(name)
        return self._texts.get(root, value) if root != name.key else value

    def _root(self, name: Name) -> str:
        known = self._roots.get(name.key)
        if known is None:
            longer = self._longer(name)
            roots = {self._root(self._names[key]) for key in longer}
            known = self._roots[name.key] = roots.pop() if len(roots) == 1 else name.key
        return known

    def _longer(self, name: Name) -> list[str]:
        """Names that say all that `name` says, and more."""
        buckets = [self._with_word.get(word, []) for word in name.words]
        bucket = min(buckets, key=len)
        if len(bucket) > _MANY:
            return []
        return [
            key
            for key in bucket
            if self._names[key].weight > name.weight and _says(self._names[key], name)
        ]


def _says(longer: Name, name: Name) -> bool:
    """Does `longer` have every word of `name`, and a word or initial for each initial?"""
    rest = [*longer.words, *longer.initials]
    for word in name.words:
        if word not in rest:
            return False
        rest.remove(word)
    for initial in name.initials:
        found = next((token for token in rest if token[0] == initial), None)
        if found is None:
            return False
        rest.remove(found)
    return True
