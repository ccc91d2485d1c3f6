"""The same text as other people write it, with the spans still right. Pure, seeded functions."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace

from benchmarks.detection.labelled import Gold, Labelled

Edit = tuple[int, int, str]  # [start, end) of the text becomes this

_OCR = {
    "l": "1", "1": "l", "I": "l", "O": "0", "0": "O", "o": "0", "S": "5", "5": "S", "B": "8",
    "8": "B", "Z": "2", "e": "c", "c": "e", "h": "b", "u": "v", "i": "j", "g": "q", "t": "f",
}  # fmt: skip
_OCR_PAIRS = {"rn": "m", "cl": "d", "vv": "w", "li": "h", "ri": "n", "nn": "m"}
_SIGNS = re.compile(r"(?:(?!(?<=\w)['’](?=\w))[\W_])+")  # all but the apostrophe in "don't"


def lower(item: Labelled) -> Labelled:
    return _by_character(item, str.lower)


def upper(item: Labelled) -> Labelled:
    return _by_character(item, str.upper)


def no_accents(item: Labelled) -> Labelled:
    """Letters without their marks, as old forms and file names have them."""
    return _by_character(item, _bare)


def ocr(item: Labelled, seed: int = 0, rate: float = 0.03) -> Labelled:
    """Letters mistaken, pairs joined, now and then a blank lost, gained or become a line end.

    `rate` is the chance of each character; the noise depends on `seed` and the text alone.
    """
    draw = random.Random(f"{seed}:{item.text}")
    edits: list[Edit] = []
    at = 0
    while at < len(item.text):
        pair = item.text[at : at + 2]
        step = 1
        if draw.random() < rate:
            if pair in _OCR_PAIRS:
                edits.append((at, at + 2, _OCR_PAIRS[pair]))
                step = 2
            elif item.text[at] == " ":
                edits.append((at, at + 1, draw.choice(["", "  ", "\n"])))
            elif item.text[at] in _OCR:
                edits.append((at, at + 1, _OCR[item.text[at]]))
        at += step
    return edited(item, edits)


def speech(item: Labelled) -> Labelled:
    """As a speech recogniser writes: lower case, no punctuation, single blanks."""
    edits: list[Edit] = []
    for match in _SIGNS.finditer(item.text):
        at_an_end = match.start() == 0 or match.end() == len(item.text)
        edits.append((match.start(), match.end(), "" if at_an_end else " "))
    return lower(edited(item, edits))


VARIANTS: dict[str, Callable[[Labelled], Labelled]] = {
    "lower": lower,
    "upper": upper,
    "no-accents": no_accents,
    "ocr": ocr,
    "asr": speech,
}


def edited(item: Labelled, edits: list[Edit]) -> Labelled:
    """The text after replacements that are sorted and do not overlap.

    A replacement across the edge of a span counts to the side that most of it is on; what is
    left of a span loses the blanks at its ends, and a span without a character is gone.
    """
    parts: list[str] = []
    starts = [0] * (len(item.text) + 1)  # new place of each old boundary, as a beginning
    ends = [0] * (len(item.text) + 1)  # and as an end
    at = made = 0
    for start, end, new in [*edits, (len(item.text), len(item.text), "")]:
        for place in range(at, start + 1):
            starts[place] = ends[place] = made + place - at
        parts += [item.text[at:start], new]
        made += start - at
        for place in range(start + 1, end):
            late = 2 * (place - start) > end - start
            starts[place] = ends[place] = made + (len(new) if late else 0)
        starts[start] = made
        if start:
            ends[start] = made
        made += len(new)
        at = end
        starts[end] = ends[end] = made
    text = "".join(parts)
    spans = (_trimmed(text, starts[s], ends[e], label) for s, e, label in item.spans)
    return replace(item, text=text, spans=tuple(span for span in spans if span[0] < span[1]))


def _trimmed(text: str, start: int, end: int, label: str) -> Gold:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end, label


def _by_character(item: Labelled, change: Callable[[str], str]) -> Labelled:
    changed = [change(char) for char in item.text]
    edits = [
        (at, at + 1, new)
        for at, (old, new) in enumerate(zip(item.text, changed, strict=True))
        if new != old
    ]
    return edited(item, edits)


def _bare(char: str) -> str:
    apart = unicodedata.normalize("NFD", char)
    return "".join(c for c in apart if not unicodedata.combining(c)) or char
