"""Common words: what may stay in a name, and what alone teaches nothing.

The lists and their licence stand in detectors/data/README.md.
"""

from __future__ import annotations

import gzip
import unicodedata
from functools import cache
from importlib.resources import files


def is_common(word: str) -> bool:
    """Whether `word` is an everyday word that is not also a name (so `rose` and `will` are not)."""
    return _fold(word) in _common()


def is_word(word: str) -> bool:
    """Whether `word` is an everyday word, names or not (so `rose` is, and `miller` too)."""
    folded = _fold(word)
    return folded in _common() or folded in _names()


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


@cache
def _common() -> frozenset[str]:
    lines = _data("words_media.txt").decode().splitlines()
    media = [word for line in lines if not line.startswith("#") for word in line.split()]
    words = gzip.decompress(_data("words.txt.gz")).decode().split()
    return frozenset(words).union(media)


@cache
def _names() -> frozenset[str]:
    return frozenset(gzip.decompress(_data("words_that_are_names.txt.gz")).decode().split())


@cache
def chat_words() -> frozenset[str]:
    """Words of chat that dictionaries lack. None is a name, none may stay in one."""
    lines = _data("words_chat.txt").decode().splitlines()
    return frozenset(w for line in lines if not line.startswith("#") for w in line.split())


@cache
def rare_words() -> frozenset[str]:
    """Rarer words, inflected forms and words of chat."""
    return chat_words().union(gzip.decompress(_data("words_rare.txt.gz")).decode().split())


def _data(name: str) -> bytes:
    return (files("detectors") / "data" / name).read_bytes()
