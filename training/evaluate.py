"""How well a network does on texts it did not learn from, and the bias it should run with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.detection.labelled import Labelled
from detectors.encoder_decode import ENTITIES, Floats, Words, labels_of, word_scores
from training.encode import Encoded, encode, windows

PRECISE: Final = 0.80
"""The share of masked characters that must be gold: below it a text stops being readable."""
WINDOW: Final = 254
BIASES: Final = tuple(step / 4 for step in range(29))

Predict = Callable[[Sequence[Encoded]], list[Floats]]


@dataclass(frozen=True, slots=True)
class Table:
    """The words of many texts, one row a word.

    `weights` counts its letters and digits, `gold` is its entity or -1, `mentions` numbers the
    spans, `stated` [w, entities] tells which entities its corpus labels.
    """

    words: Words
    weights: NDArray[np.int64]
    gold: NDArray[np.int64]
    mentions: NDArray[np.int64]
    stated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares: of PERSON characters (all characters) left visible, of whole names masked, of
    masked characters that are gold."""

    person_leak: float
    person_whole: float
    leak: float
    precision: float


def table(predict: Predict, tokenizer: Tokenizer, items: Sequence[Labelled]) -> Table:
    """Return the words of *items* with what *predict* makes of them."""
    encoded = list(encode(tokenizer, items))
    cut = [list(windows(one, WINDOW)) for one in encoded]
    scores = iter(predict([window for parts in cut for window in parts]))
    rows = []
    mentions = 0
    for item, one, parts in zip(items, encoded, cut, strict=True):
        if not parts:
            continue
        logits = np.concatenate([next(scores) for _ in parts])
        rows.append(_rows(item, one, logits, mentions))
        mentions += len(item.spans)
    return _stacked(rows)


def _rows(item: Labelled, encoded: Encoded, logits: Floats, mentions: int) -> Table:
    _, first, counts = np.unique(encoded.words, return_index=True, return_counts=True)
    outside, inside, begins = word_scores(logits, first, counts)
    starts = encoded.offsets[first, 0]
    ends = encoded.offsets[first + counts - 1, 1]
    gold = np.full(len(first), -1)
    mention = np.full(len(first), -1)
    for number, (start, end, label) in enumerate(item.spans):
        here = (starts < end) & (ends > start)
        gold[here] = ENTITIES.index(label)
        mention[here] = mentions + number
    weights = [
        sum(map(str.isalnum, item.text[start:end]))
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]
    stated = np.array([name in item.labelled for name in ENTITIES])
    return Table(
        Words(starts, ends, outside, inside, begins),
        np.array(weights, dtype=np.int64),
        gold,
        mention,
        np.tile(stated, (len(first), 1)),
    )


def _stacked(rows: Sequence[Table]) -> Table:
    words = Words(
        *(
            np.concatenate([getattr(row.words, name) for row in rows])
            for name in ("starts", "ends", "outside", "inside", "begins")
        )
    )
    rest = ("weights", "gold", "mentions", "stated")
    return Table(words, *(np.concatenate([getattr(row, name) for row in rows]) for name in rest))


def figures(given: Table, bias: Floats) -> Figures:
    """Return the figures of *given* when the O of each entity is lowered by *bias*.

    What is predicted as an entity that the corpus does not label is neither right nor wrong.
    """
    found = labels_of(given.words, bias)
    hit = found >= 0
    known = given.gold >= 0
    stated = given.stated[np.arange(len(found)), np.maximum(found, 0)]
    person = given.gold == 0
    judged = hit & (stated | known)
    open_names = np.unique(given.mentions[person & ~hit & (given.weights > 0)])
    names = np.unique(given.mentions[person])
    return Figures(
        _share(given.weights, person & ~hit, person),
        1.0 - len(open_names) / max(1, len(names)),
        _share(given.weights, known & ~hit, known),
        _share(given.weights, judged & known, judged),
    )


def _share(weights: NDArray[np.int64], part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(weights[part].sum() / max(1, weights[whole].sum()))


def even(bias: float) -> Floats:
    """Return *bias* for every entity."""
    return np.full(len(ENTITIES), bias, np.float32)


def selection(tables: Mapping[str, Table]) -> tuple[float, float]:
    """Return the figure checkpoints are chosen by, less is better, and the bias it is at.

    The same bias for every entity is raised while the mean precision over the dev sets stays at
    `PRECISE`; the figure is the mean over the sets of PERSON leak and leak of all there.
    """
    best = (1.0, 0.0)
    for bias in BIASES:
        sets = [figures(one, even(bias)) for one in tables.values()]
        if bias and np.mean([one.precision for one in sets]) < PRECISE:
            break
        best = (float(np.mean([(one.person_leak + one.leak) / 2 for one in sets])), bias)
    return best
