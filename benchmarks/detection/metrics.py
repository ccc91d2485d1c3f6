"""What a set of predictions is worth. Every figure is a ratio of counts that add up over texts.

Only letters and digits count as characters: a blank or comma that stays visible tells nothing.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks.detection.labelled import Gold, Labelled

ROUNDS = 2000
_KIN = {"ADDRESS": "place", "LOCATION": "place"}


@dataclass(slots=True)
class Counts:
    """Counts for one label, or for all together."""

    entities: int = 0
    full: int = 0  # entities of which no letter or digit is visible
    untouched: int = 0  # entities that are visible as a whole
    characters: int = 0
    leaked: int = 0  # characters under no prediction of any label
    found: int = 0  # entities that a prediction of the label overlaps
    exact: int = 0  # predictions with the very range and label of an entity
    predicted: int = 0
    right: int = 0  # predictions that overlap an entity of the label
    predicted_characters: int = 0
    right_characters: int = 0  # of them, in an entity of any label

    def __iadd__(self, other: Counts) -> Counts:
        for name in Counts.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self


@dataclass(slots=True)
class Score:
    """Counts by label, over all labels, and what only a whole set has."""

    labels: dict[str, Counts] = field(default_factory=dict)
    every: Counts = field(default_factory=Counts)
    words: int = 0
    lines: int = 0
    masks: int = 0  # predictions of any label
    false_masks: int = 0  # predictions of a labelled kind that touch no entity
    texts: int = 0
    falsely_masked_texts: int = 0  # with a false mask
    masks_by_label: Counter[str] = field(default_factory=Counter)
    groups: dict[str, tuple[int, int]] = field(default_factory=dict)  # PERSON: (full, entities)


def score(items: Sequence[Labelled], predictions: Sequence[Iterable[Gold]]) -> Score:
    """Scores predictions, which may overlap, against the spans of the same texts."""
    total = Score()
    for number, (item, predicted) in enumerate(zip(items, predictions, strict=True)):
        _add(total, item, sorted(set(predicted)), item.group or f"{item.source}:{number}")
    return total


def _add(total: Score, item: Labelled, predicted: list[Gold], group: str) -> None:
    size = len(item.text)
    masked, private = bytearray(size), bytearray(size)
    for start, end, _ in predicted:
        masked[start:end] = b"\1" * (end - start)
    for start, end, _ in item.spans:
        private[start:end] = b"\1" * (end - start)
    total.words += len(item.text.split())
    total.lines += item.text.count("\n") + 1
    for start, end, label in item.spans:
        counts = _visible(item.text, masked, start, end)
        counts.found = int(any(_meet((start, end), p) and _same(label, p[2]) for p in predicted))
        _count(total, label, counts)
        if label == "PERSON" and counts.entities:
            full, entities = total.groups.get(group, (0, 0))
            total.groups[group] = (full + counts.full, entities + 1)
    before = total.false_masks
    for prediction in predicted:
        _predicted(total, item, private, prediction)
    total.texts += 1
    total.falsely_masked_texts += int(total.false_masks > before)
    marked = [at for at in range(size) if masked[at] and item.text[at].isalnum()]
    total.every.predicted_characters += len(marked)
    total.every.right_characters += sum(private[at] for at in marked)


def _visible(text: str, masked: bytearray, start: int, end: int) -> Counts:
    places = [at for at in range(start, end) if text[at].isalnum()]
    seen = sum(not masked[at] for at in places)
    return Counts(
        entities=int(bool(places)),
        full=int(bool(places) and not seen),
        untouched=int(bool(places) and seen == len(places)),
        characters=len(places),
        leaked=seen,
    )


def _predicted(total: Score, item: Labelled, private: bytearray, prediction: Gold) -> None:
    start, end, label = prediction
    touched = [gold for gold in item.spans if _meet((start, end), gold)]
    places = [at for at in range(start, end) if item.text[at].isalnum()]
    counts = Counts(
        exact=int(prediction in touched),
        predicted=1,
        right=int(any(_same(gold[2], label) for gold in touched)),
        predicted_characters=len(places),
        right_characters=sum(private[at] for at in places),
    )
    total.labels.setdefault(label, Counts()).__iadd__(counts)
    counts.predicted_characters = counts.right_characters = 0  # overlaps count once in `every`
    total.every += counts
    total.masks += 1
    total.masks_by_label[label] += 1
    total.false_masks += int(not touched and label in item.labelled)


def _count(total: Score, label: str, counts: Counts) -> None:
    total.labels.setdefault(label, Counts()).__iadd__(counts)
    total.every += counts


def _meet(one: tuple[int, int], other: Gold) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _same(gold: str, predicted: str) -> bool:
    """The same kind; an address that is called a place counts as found."""
    return gold == predicted or _KIN.get(gold, gold) == _KIN.get(predicted, predicted)


def ratio(part: float, whole: float) -> float | None:
    """part ÷ whole, None where there is nothing to divide."""
    return part / whole if whole else None


def figures(counts: Counts) -> dict[str, float | None]:
    """The ratios by their names, as README.md defines them."""
    precision = ratio(counts.right, counts.predicted)
    recall = ratio(counts.found, counts.entities)
    partly = counts.entities - counts.full - counts.untouched
    return {
        "fully_masked": ratio(counts.full, counts.entities),
        "partly_visible": ratio(partly, counts.entities),
        "character_leak": ratio(counts.leaked, counts.characters),
        "character_precision": ratio(counts.right_characters, counts.predicted_characters),
        "precision": precision,
        "recall": recall,
        "f2": f_score(precision, recall, 2),
        "exact_f1": f_score(
            ratio(counts.exact, counts.predicted), ratio(counts.exact, counts.entities), 1
        ),
    }


def f_score(precision: float | None, recall: float | None, beta: float) -> float | None:
    """F-beta; 0 when both are 0, None without entities."""
    if recall is None:
        return None
    precision = precision or 0.0
    weight = beta * beta
    bottom = weight * precision + recall
    return (1 + weight) * precision * recall / bottom if bottom else 0.0


def interval(
    groups: Sequence[tuple[int, int]], seed: int = 0, rounds: int = ROUNDS, share: float = 0.95
) -> tuple[float, float] | None:
    """Percentile bootstrap over documents: (low, high) of the pooled part ÷ whole.

    A document is drawn as a whole, because names repeat in it. None with fewer than two.
    """
    if len(groups) < 2:
        return None
    draw = random.Random(seed)
    found = []
    for _ in range(rounds):
        chosen = draw.choices(groups, k=len(groups))
        whole = sum(pair[1] for pair in chosen)
        if whole:
            found.append(sum(pair[0] for pair in chosen) / whole)
    found.sort()
    cut = (1 - share) / 2
    return found[round(cut * (len(found) - 1))], found[round((1 - cut) * (len(found) - 1))]
