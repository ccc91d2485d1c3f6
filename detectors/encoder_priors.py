"""How much a word looks like part of a name before any model is asked.

A bias that suits every word is too high for "loners" and too low for "Siobhan". So each word
has its own: by the lists of names and words, and by its capitals. Chosen on the dev texts of
benchmarks/detection, as documented in docs/detection.md.
"""

from __future__ import annotations

import re
from functools import lru_cache

import numpy as np

from detectors.encoder_decode import LOWER, MIXED, TITLE, UPPER, Floats, Words, case_of, has_case
from detectors.language import foreign_words
from detectors.recognizers.people import is_dictionary_word, listed
from detectors.words import is_common, is_word

HASHTAG = 3.5
CASELESS = 0.5
# What O is lowered by for a person: a word with a capital, in small letters, in capitals.
BIAS = {
    "given": (6.5, 6.5, 6.5),
    "family": (6.5, 6.5, 6.5),
    "given-or-word": (3.5, 3.5, 3.5),
    "name-or-word": (5.5, 5.5, 5.5),
    "common": (2.5, 1.5, 2.5),
    "odd": (3.0, 2.5, 2.5),  # rare words, chat, inflected words, laughter, other languages
    "short": (5.5, 1.5, 5.5),
    "unknown": (5.5, 4.5, 4.0),
    "digits": (1.5, 1.5, 1.5),
    "mark": (4.5, 4.5, 4.5),
}
_COLUMN = {TITLE: 0, MIXED: 0, LOWER: 1, UPPER: 2}
_LAUGHTER = re.compile(
    r"(.)\1\1|(?:h[aeiou]+){2,}|(?:[aeiou]+h){2,}|(?:l[aeiou]*){3,}|^(.{1,3})\2{2,}$"
)


def kind_of(word: str) -> str:
    """Which row of BIAS counts for `word`."""
    low = word.lower()
    if not any(map(str.isalpha, word)):
        return "mark"
    if any(map(str.isdigit, word)):
        return "digits"
    if low in listed("given_names"):
        return "given"
    if low in listed("family_names"):
        return "family"
    if low in listed("given_names_that_are_words"):
        return "given-or-word"
    if is_common(low):
        return "common"
    if is_word(low):
        return "name-or-word"
    if is_dictionary_word(low) or _LAUGHTER.search(low) or low in foreign_words():
        return "odd"
    return "short" if len(low) < 3 else "unknown"


@lru_cache(maxsize=65_536)
def bias_of(word: str) -> float:
    """What O is lowered by for a person at `word`."""
    return BIAS[kind_of(word)][_COLUMN.get(case_of(word), 1)]


def priors(words: Words, text: str) -> Floats:
    """[w]: `bias_of` each word; behind a number sign it is at most HASHTAG.

    Where capitals say nothing, small letters are less of a sign against a name.
    """
    more = 0.0 if has_case(text) else CASELESS
    made = np.empty(len(words.starts), np.float32)
    for at, (start, end) in enumerate(zip(words.starts.tolist(), words.ends.tolist(), strict=True)):
        bias = bias_of(text[start:end]) + more
        made[at] = min(bias, HASHTAG) if start and text[start - 1] == "#" else bias
    return made
