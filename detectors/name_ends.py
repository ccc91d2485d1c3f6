"""Where a name ends: everyday words behind it are none of it, an unknown word beside it is."""

from __future__ import annotations

import re
from dataclasses import replace

from detectors.recognizers.people import is_dictionary_word
from detectors.spans import Span
from detectors.words import is_common

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_NEVER = frozenset(["rt", "i'm", "i’m", "i've", "i'll", "i'd", "via", "aka", "ft", "feat"])
_RULES = frozenset(
    ["title-name", "introduced", "i-am", "greeting", "name-suffix", "given-name", "copyright"]
)  # those that take capitalised words as they come


def trimmed(span: Span, text: str) -> Span | None:
    """`span` without the everyday words at its end, or None if nothing else is in it.

    "Louis Quist Reaches Social Media" in a headline is "Louis Quist". Other spans stay.
    """
    if span.entity != "PERSON" or span.detector.rpartition("/")[2] not in _RULES:
        return span
    tokens = list(_TOKEN.finditer(text, span.start, span.end))
    if len(tokens) < 2:
        return span
    kept = len(tokens)
    while kept and _is_everyday(tokens[kept - 1].group()):
        kept -= 1
    if kept == len(tokens):
        return span
    if not kept:
        return None
    # A stop stays only behind an initial.
    return replace(span, end=tokens[kept - 1].end())


def _is_everyday(token: str) -> bool:
    low = token.casefold()
    return low in _NEVER or is_common(_POSSESSIVE.sub("", low))


_BEHIND = re.compile(r"[ ](?P<word>[^\W\d_a-z]\w{2,}(?:[-'’][^\W\d_]{2,})*)(?![\w@/.-]\w)")


def extended(span: Span, text: str) -> Span:
    """`span` with the capitalised word behind it that is in no list of words.

    Where a first name is sure, what stands behind it is a family name though the model
    does not know it. Not in capitals or titles of works, where every word is capitalised.
    """
    if span.entity != "PERSON" or span.end - span.start < 3 or not text[span.start].isupper():
        return span
    if len(_TOKEN.findall(text[span.start : span.end])) != 1 or text[span.end - 1] in "'’s.":
        return span
    match = _BEHIND.match(text, span.end)
    if match is None or not match["word"][1:].islower() or is_dictionary_word(match["word"]):
        return span
    return replace(span, end=match.end("word"))


def with_end(span: Span, text: str) -> Span | None:
    """`span` trimmed, or extended, or None."""
    cut = trimmed(span, text)
    return extended(cut, text) if cut is not None and cut == span else cut
