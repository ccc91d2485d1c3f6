"""A copy of a text in which tricks of spelling are gone, with the way back.

Zero-width characters, soft hyphens, full-width letters, foreign digits, look-alikes from
other scripts, typographic dashes, escapes of HTML, URLs and JSON, and words broken over a
line end hide an address from a pattern but not from a reader.
"""

from __future__ import annotations

import html
import re
import unicodedata

import regex

from detectors.lookalikes import latin
from detectors.placeholders import find_placeholders
from detectors.traced import Traced, Tracing

NEUTRAL = "\ue000"  # stands for a placeholder: one character that no pattern and no word holds

_FOREIGN = regex.compile(r"[^\x00-\x7f]+")
_CLUSTER = regex.compile(r"\X")
# Escapes of printing characters only: a pattern reads what they stand for. A `%` escape counts
# only inside something that looks like an address or a name, never in "100%25".
_ESCAPED = regex.compile(
    r"&(?:\#0*(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6]|1[6-9]\d|[2-9]\d\d|\d{4,6});|\#[xX]0*[0-9a-fA-F]{2,5};|(?:commat|period|lowbar|hyphen|dash|plus|colon|nbsp|shy|amp|[AEIOUYaeiouycnoszCNOSZ](?:acute|grave|circ|uml|tilde|cedil|ring|slash|caron)|szlig|oslash|Oslash|aring|aelig|AElig);)"
    r"|(?<=\w)%(?:2[0BbDdEe]|40|3[Aa]|[CcDd][0-9A-Fa-f]%[89ABab][0-9A-Fa-f])(?=[\w%])"
    r"|\\u(?:00[2-7a-fA-F][0-9a-fA-F]|0[1-9a-fA-F][0-9a-fA-F]{2}|[1-9a-cA-C][0-9a-fA-F]{3}|[eEfF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2})"
    r"|\\x(?:[2-7][0-9a-fA-F]|[a-fA-F][0-9a-fA-F])"
    r"|(?<=\p{Ll})(?:\u00ad|[-\u2010])[ \t]{0,2}\r?\n[ \t]{0,8}(?=\p{Ll})"
)
_HAS_ESCAPE = regex.compile(r"&[#\w]|%[2-4CcDd]|\\[ux]|[-\u2010\u00ad][ \t]{0,2}\r?\n")
_PLAIN_ESCAPES = tuple(  # the same in ASCII, each found by its first character
    re.compile(pattern) for pattern in (r"&[#\w]", r"%[2-4CcDd]", r"\\[ux]", r"-[ \t]{0,2}\r?\n")
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"), "-")
_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x02BC: "'"}
_TWINS = _DASHES | _QUOTES
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u034f\u2800")


def normalise(text: str) -> Traced:
    """The copy of `text`. Lone surrogates become U+FFFD, placeholders one neutral character."""
    blocks = list(find_placeholders(text))
    escaped = _may_be_escaped(text)
    if text.isascii() and not blocks and not escaped:
        return Traced(text)
    copy = Tracing()
    done = 0
    for start, end in [*blocks, (len(text), len(text))]:
        if escaped:
            for match in _ESCAPED.finditer(text, done, start):
                _span(text, done, match.start(), copy)
                copy.unit(_read(match.group()), match.start(), match.end())
                done = match.end()
        _span(text, done, start, copy)
        if start < end:
            copy.unit(NEUTRAL, start, end)
        done = end
    return copy.traced(latin(copy.text))


def _may_be_escaped(text: str) -> bool:
    if text.isascii():
        return any(pattern.search(text) for pattern in _PLAIN_ESCAPES)
    return _HAS_ESCAPE.search(text) is not None


def _span(text: str, start: int, end: int, copy: Tracing) -> None:
    done = start
    for match in _FOREIGN.finditer(text, start, end):
        at = max(done, match.start() - 1)  # a letter goes with what combines with it
        copy.plain(text[done:at], done)
        for cluster in _CLUSTER.finditer(text[at : match.end()]):
            copy.unit(_fold(cluster.group()), at + cluster.start(), at + cluster.end())
        done = match.end()
    copy.plain(text[done:end], done)


def _read(escape: str) -> str:
    """What an escape stands for; nothing for a word's break at a line end."""
    if escape[0] == "&":
        return _fold(html.unescape(escape))
    if escape[0] == "%":
        return _fold(bytes.fromhex(escape.replace("%", "")).decode("utf-8", "replace"))
    if escape[0] == "\\":
        return _fold(chr(int(escape[2:], 16)))
    return ""


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
