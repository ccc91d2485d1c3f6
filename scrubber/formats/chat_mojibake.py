"""Strings whose UTF-8 was taken for Latin-1 before it was written as JSON.

Some exports escape every byte of a character on its own: U+00C5 U+0082 for one l with a stroke.
Names with such letters would be missed, so the passage reads the character that was meant;
what stands in the file stays as it is.
"""

from __future__ import annotations

from scrubber.formats.json_grammar import string_units
from scrubber.formats.passages import Unit, merged, read_units


def repaired_units(raw: str) -> tuple[Unit, ...]:
    """The units of a string's body; runs that are UTF-8 read as the characters they mean.

    A string that is no UTF-8 as a whole reads as it is written.
    """
    escapes = string_units(raw)
    value = read_units(raw, escapes)
    if value.isascii():
        return escapes
    try:
        meant = value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return escapes
    spans = _spans(raw, escapes)
    repaired: list[Unit] = []
    at = 0
    for character in meant:
        width = len(character.encode("utf-8"))
        if width > 1:
            repaired.append(Unit(spans[at][0], spans[at + width - 1][1], character))
        at += width
    taken = [(unit.start, unit.end) for unit in repaired]
    kept = tuple(unit for unit in escapes if not _inside(unit.start, taken))
    return merged(kept, tuple(repaired))


def _spans(raw: str, escapes: tuple[Unit, ...]) -> list[tuple[int, int]]:
    """Where each read character is written."""
    spans: list[tuple[int, int]] = []
    at = 0
    for unit in (*escapes, Unit(len(raw), len(raw), "")):
        spans += [(place, place + 1) for place in range(at, unit.start)]
        spans += [(unit.start, unit.end)] * len(unit.text)
        at = unit.end
    return spans


def _inside(position: int, spans: list[tuple[int, int]]) -> bool:
    low, high = 0, len(spans)
    while low < high:
        middle = (low + high) // 2
        if spans[middle][1] <= position:
            low = middle + 1
        else:
            high = middle
    return low < len(spans) and spans[low][0] <= position
