"""A copy of a text in which tricks of spelling are gone, with the way back.

Zero-width characters, soft hyphens, full-width letters, foreign digits and typographic
dashes hide an address from a pattern but not from a reader.
"""

from __future__ import annotations

import unicodedata
from array import array
from dataclasses import dataclass

import regex

from detectors.placeholders import find_placeholders

NEUTRAL = "\ue000"  # stands for a placeholder: one character that no pattern and no word holds

_FOREIGN = regex.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_CLUSTER = regex.compile(r"\X")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x02BC: "'"}
_TWINS = _DASHES | _QUOTES
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` is what detectors read; `back` turns its code points into those of the original."""

    text: str
    starts: array[int] | None
    ends: array[int] | None

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Original range of code points [start, end) of the copy, start < end."""
        if self.starts is None or self.ends is None:
            return start, end
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """The copy of `text`. Lone surrogates become U+FFFD, placeholders one neutral character."""
    blocks = list(find_placeholders(text))
    if text.isascii() and not blocks:
        return Normalised(text, None, None)
    pieces: list[str] = []
    starts: array[int] = array("q")
    ends: array[int] = array("q")
    done = 0
    for start, end in [*blocks, (len(text), len(text))]:
        for match in _FOREIGN.finditer(text, done, start):
            _plain(text, done, match.start(), pieces, starts, ends)
            _foreign(match.group(), match.start(), pieces, starts, ends)
            done = match.end()
        _plain(text, done, start, pieces, starts, ends)
        if start < end:
            pieces.append(NEUTRAL)
            starts.append(start)
            ends.append(end)
        done = end
    return Normalised("".join(pieces), starts, ends)


def _plain(
    text: str, start: int, end: int, pieces: list[str], starts: array[int], ends: array[int]
) -> None:
    if start < end:
        pieces.append(text[start:end])
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))


def _foreign(run: str, at: int, pieces: list[str], starts: array[int], ends: array[int]) -> None:
    for cluster in _CLUSTER.finditer(run):
        folded = _fold(cluster.group())
        pieces.append(folded)
        starts.extend([at + cluster.start()] * len(folded))
        ends.extend([at + cluster.end()] * len(folded))


def _fold(cluster: str) -> str:
    composed = unicodedata.normalize("NFKC", cluster.translate(_TWINS)).translate(_TWINS)
    return "".join(filter(None, map(_visible, composed)))


def _visible(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category == "Cs":
        return "\ufffd"
    if category == "Cf" or char in _BLANKS or "\ufe00" <= char <= "\ufe0f":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(char))
    return char
