"""Real sentences with other names in them, so that a name is known by where it stands."""

from __future__ import annotations

import random
from dataclasses import replace

from benchmarks.detection.labelled import Labelled
from training.fill_people import person
from training.fill_places import anywhere


def swapped(item: Labelled, rng: random.Random) -> Labelled:
    """Return *item* with each name of a person (and some of its places) replaced.

    The same name becomes the same other one; a name written in capitals or in lower case stays so.
    """
    made: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    last, length = 0, 0
    for start, end, label in item.spans:
        value = item.text[start:end]
        key = (label, value)
        if key not in made:
            made[key] = _other(value, label, rng)
        before = item.text[last:start]
        parts += [before, made[key]]
        length += len(before)
        spans.append((length, length + len(made[key]), label))
        length += len(made[key])
        last = end
    parts.append(item.text[last:])
    return replace(item, text="".join(parts), spans=tuple(spans))


def _other(value: str, label: str, rng: random.Random) -> str:
    if label == "PERSON" and value.replace(" ", "").isalpha():
        who = person(rng)
        name = who.plain if " " in value else rng.choice((who.first, who.last))
    elif label == "LOCATION" and value.isalpha() and len(value) > 3 and rng.random() < 0.4:
        name = anywhere(rng)
    else:
        return value
    if len(value) > 1 and value.isupper():
        return name.upper()
    return name.lower() if value.islower() else name
