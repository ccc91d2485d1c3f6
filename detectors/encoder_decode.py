"""From the encoder's logits to spans: numpy alone, and the one place where this is decided.

Training scores its checkpoints with these functions, so that what is measured is what runs.
A word is what the tokenizer's pre-tokenizer makes one of: a run of letters and digits, or a
single mark.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

ENTITIES = (
    "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION", "DATE", "AGE", "USERNAME", "PHONE", "EMAIL",
    "ID", "NRP",
)  # fmt: skip
LABELS = ("O", *(f"{part}-{name}" for name in ENTITIES for part in "BI"))
UNKNOWN, LOWER, TITLE, UPPER, MIXED, DIGITS, ALNUM, MARK = range(8)
SURE = 0.8  # a name this sure somewhere makes the same word likelier everywhere
CONSISTENT = 3.0  # by so much the O of such a word is lowered more
ACROSS_LINES = frozenset({"ADDRESS"})

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """Log-probabilities of the words of one text.

    `starts` and `ends` are code points; `outside` is [w], `inside` [w, entities] (B and I of
    an entity summed), `begins` [w, entities] (log B minus log I).
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    outside: Floats
    inside: Floats
    begins: Floats


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Code points [start, end) that show `entity`, a label of the model.

    `weak` says that no word of it would have counted without the bias.
    """

    start: int
    end: int
    entity: str
    score: float
    weak: bool


@lru_cache(maxsize=65_536)
def case_of(word: str) -> int:
    """Which of the eight shapes `word` has."""
    letters = [char for char in word if char.isalpha()]
    digits = any(char.isdigit() for char in word)
    if not letters:
        return DIGITS if digits else MARK
    if digits:
        return ALNUM
    plain = "".join(letters)
    if plain.islower():
        return LOWER
    if plain[0].isupper() and (len(plain) == 1 or plain[1:].islower()):
        return TITLE
    if plain.isupper():
        return UPPER
    return MIXED if any(char.isupper() for char in plain) else LOWER


def has_case(text: str) -> bool:
    """Whether capitals mean anything in `text`: it has some, and not only capitals."""
    return text.lower() != text and text.upper() != text


def case_ids(words: Sequence[str], cased: bool) -> list[int]:
    """The shape of each word; `cased` False makes it unknown where the word has letters."""
    shapes = [case_of(word) for word in words]
    if cased:
        return shapes
    return [shape if shape in (DIGITS, MARK) else UNKNOWN for shape in shapes]


def log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    made: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return made


def word_scores(
    logits: Floats, first: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """(outside, inside, begins) of each word from the logits [pieces, labels] of all pieces.

    `first` is the first piece of each word and `counts` how many it has, in order and
    without gaps. A word's log-probability is the mean over its pieces, made to sum to one.
    """
    if not len(first):
        empty = np.zeros((0, (logits.shape[-1] - 1) // 2), np.float32)
        return empty[:, 0].copy(), empty, empty.copy()
    summed = np.add.reduceat(log_softmax(logits), first, axis=0)
    means = log_softmax((summed / counts[:, None]).astype(np.float32))
    begin, within = means[:, 1::2], means[:, 2::2]
    return means[:, 0], np.logaddexp(begin, within), begin - within


def labels_of(words: Words, bias: Floats, more: Floats | None = None) -> NDArray[np.int64]:
    """The entity of each word, or -1.

    An entity stands where its log-probability beats that of O lowered by the entity's
    `bias`, and by `more` ([w, entities]) beyond that; among several the likeliest.
    """
    lowered = bias[None, :] if more is None else bias[None, :] + more
    stands = words.inside > words.outside[:, None] - lowered
    chosen = np.where(stands, words.inside, -np.inf)
    best = chosen.argmax(axis=1) if len(chosen) else np.zeros(0, np.int64)
    made: NDArray[np.int64] = np.where(stands.any(axis=1), best, -1)
    return made


def sure_names(words: Words, text: str, person: int, least: float = SURE) -> set[str]:
    """Capitalised words that are surely part of a person's name."""
    places = np.flatnonzero(np.exp(words.inside[:, person]) >= least)
    shown = (text[words.starts[at] : words.ends[at]] for at in places)
    return {word for word in shown if len(word) > 1 and case_of(word) in (TITLE, UPPER, MIXED)}


def consistency(
    words: Words, text: str, names: Collection[str], person: int, by: float = CONSISTENT
) -> Floats | None:
    """What `labels_of` takes as `more`: the words in `names` are likelier a person."""
    if not names:
        return None
    shown = [text[a:b] in names for a, b in zip(words.starts, words.ends, strict=True)]
    if not any(shown):
        return None
    more = np.zeros_like(words.inside)
    more[:, person] = np.where(shown, np.float32(by), np.float32(0))
    return more


def spans(
    words: Words,
    text: str,
    entities: Sequence[str],
    bias: Floats,
    more: Floats | None = None,
) -> list[Found]:
    """Spans of one text: neighbouring words of one entity, unless the second clearly begins.

    No span crosses an empty line or, but for addresses, a line.
    """
    labels = labels_of(words, bias, more)
    plain = words.inside > words.outside[:, None]
    found: list[Found] = []
    run: list[int] = []
    for at in np.flatnonzero(labels >= 0).tolist():
        if run and not _joins(words, text, labels, run[-1], at, entities):
            found.append(_found(words, run, int(labels[run[0]]), entities, plain))
            run = []
        run.append(at)
    if run:
        found.append(_found(words, run, int(labels[run[0]]), entities, plain))
    return [one for one in found if any(map(str.isalnum, text[one.start : one.end]))]


def _joins(
    words: Words,
    text: str,
    labels: NDArray[np.int64],
    last: int,
    at: int,
    entities: Sequence[str],
) -> bool:
    label = labels[at]
    if at != last + 1 or labels[last] != label or words.begins[at, label] > 0:
        return False
    low, high = int(words.ends[last]), int(words.starts[at])
    lines = text.count("\n", low, high)
    return lines == 0 or (lines == 1 and entities[label] in ACROSS_LINES)


def _found(
    words: Words, run: list[int], label: int, entities: Sequence[str], plain: NDArray[np.bool_]
) -> Found:
    chances = np.exp(words.inside[run, label])
    return Found(
        int(words.starts[run[0]]),
        int(words.ends[run[-1]]),
        entities[label],
        round(float(chances.mean()), 3),
        not bool(plain[run, label].any()),
    )


def biases(config: Mapping[str, Any], entities: Sequence[str]) -> Floats:
    """The bias of each entity, 0 where the configuration has none."""
    return np.array([float(config.get(name, 0.0)) for name in entities], np.float32)
