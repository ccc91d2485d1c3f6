"""How far a text can be trusted to be clean: few doubtful findings, known words, readable."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"(?<![^\W_])[^\W\d_]{3,}(?![^\W_])")
# What is left of a text that was decoded wrongly: replacement characters, UTF-8 read as Latin.
_BROKEN = re.compile("\ufffd|[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac")
LEAST_WORDS = 100
"""Words of prose below which the share of unknown ones says nothing."""
LEAST_BROKEN = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """What a document may have before a person must look; shares are 0 to 1."""

    weak_per_1000_words: float
    weak_least: int  # so many doubtful findings are always allowed
    unknown_words: float
    unreadable: float


@dataclass(slots=True)
class Risk:
    """Counts over one document, passage by passage."""

    words: int = 0
    weak: int = 0  # doubtful findings that nobody has decided about
    plain: int = 0  # lower-case words of prose
    unknown: int = 0  # those that no dictionary has
    characters: int = 0
    broken: int = 0

    def add(self, text: str, *, prose: bool, english: bool) -> None:
        """Counts the words of one passage. Only English has a dictionary here."""
        self.words += len(_WORD.findall(text))
        self.characters += len(text)
        if not text.isascii():
            self.broken += len(_BROKEN.findall(text))
        if prose and english:
            plain = [word for word in _PLAIN.findall(text) if word.islower()]
            self.plain += len(plain)
            self.unknown += sum(not _is_known(word) for word in plain)

    def over(self, budget: Budget) -> str:
        """What is too much of it, in a sentence, or ""."""
        share = self.weak * 1000 / max(self.words, 1)
        if self.weak > budget.weak_least and share > budget.weak_per_1000_words:
            return f"{self.weak:,} doubtful passages stand in {self.words:,} words"
        if self.plain >= LEAST_WORDS and self.unknown > budget.unknown_words * self.plain:
            part = 100 * self.unknown // self.plain
            return f"{part} of 100 words are in no dictionary, so names are not told from words"
        if self.broken > max(LEAST_BROKEN, budget.unreadable * self.characters):
            return f"{self.broken:,} characters were lost when the text was made"
        return ""


@lru_cache(maxsize=1 << 16)
def _is_known(word: str) -> bool:
    from detectors.words import is_word  # the lists load only when a text comes

    return is_word(word)
