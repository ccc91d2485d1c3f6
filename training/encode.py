"""Texts with spans as numbers: pieces, case classes and the labels each piece may carry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from detectors.encoder_decode import case_ids, has_case
from training import doubt
from training.labels import NUMBER

Numbers = NDArray[np.int64]


class Marked(Protocol):
    """A text, its spans (code points) and the labels whose absence in it is a statement."""

    @property
    def text(self) -> str: ...

    @property
    def spans(self) -> tuple[tuple[int, int, str], ...]: ...

    @property
    def labelled(self) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Encoded:
    """One text as numbers, one entry a piece, without start and end marks.

    *masks* holds the allowed labels as bits, *words* the number of the word a piece is part of,
    *offsets* where a piece stands in the text (code points).
    """

    pieces: Numbers
    cases: Numbers
    masks: Numbers
    words: Numbers
    offsets: NDArray[np.int64]

    def cut(self, first: int, last: int) -> Encoded:
        """Return pieces *first* to *last* (exclusive)."""
        part = slice(first, last)
        return Encoded(
            self.pieces[part],
            self.cases[part],
            self.masks[part],
            self.words[part],
            self.offsets[part],
        )


def encode(
    tokenizer: Tokenizer, items: Sequence[Marked], *, case: Sequence[bool] | None = None
) -> Iterator[Encoded]:
    """Yield each of *items* as numbers; *case* says for which ones case may be known."""
    found = tokenizer.encode_batch([item.text for item in items], add_special_tokens=False)
    for index, (item, encoding) in enumerate(zip(items, found, strict=True)):
        known = has_case(item.text) and (case is None or case[index])
        yield _encode(item, encoding.ids, encoding.word_ids, encoding.offsets, known)


def _encode(
    item: Marked,
    ids: list[int],
    words: list[int | None],
    offsets: list[tuple[int, int]],
    known: bool,
) -> Encoded:
    numbers = np.array([-1 if word is None else word for word in words], dtype=np.int64)
    places = np.array(offsets, dtype=np.int64).reshape(-1, 2)
    count = int(numbers.max()) + 1 if len(numbers) else 0
    extents = _extents(numbers, places, count)
    texts = [item.text[start:end] for start, end in extents]
    classes = np.array(case_ids(texts, known), dtype=np.int64)
    chunks = [_chunk(item.text, start, end) for start, end in extents]
    masks = doubt.masks(texts, chunks, item.labelled)
    _mark(masks, extents, item.spans)
    marked = np.array(masks, dtype=np.int64)
    return Encoded(
        np.array(ids, dtype=np.int64),
        classes[numbers] if count else numbers,
        marked[numbers] if count else numbers,
        numbers,
        places,
    )


def _extents(numbers: Numbers, places: Numbers, count: int) -> list[tuple[int, int]]:
    extents = [(0, 0)] * count
    for number, (start, end) in zip(numbers.tolist(), places.tolist(), strict=True):
        first, _ = extents[number]
        extents[number] = (start if extents[number] == (0, 0) else first, end)
    return extents


def _chunk(text: str, start: int, end: int) -> str:
    low = start
    while low and start - low < 40 and not text[low - 1].isspace():
        low -= 1
    high = end
    while high < len(text) and high - end < 40 and not text[high].isspace():
        high += 1
    return text[low:high]


def _mark(
    masks: list[int],
    extents: list[tuple[int, int]],
    spans: tuple[tuple[int, int, str], ...],
) -> None:
    index = 0
    for start, end, name in spans:
        while index < len(extents) and extents[index][1] <= start:
            index += 1
        part = "B"
        while index < len(extents) and extents[index][0] < end:
            masks[index] = 1 << NUMBER[f"{part}-{name}"]
            part = "I"
            index += 1


def windows(encoded: Encoded, size: int, shift: int = 0) -> Iterator[Encoded]:
    """Yield *encoded* in parts of at most *size* pieces that never tear a word.

    *shift* shortens the first part, so that other cuts are made in another round.
    """
    total = len(encoded.pieces)
    first, limit = 0, size - shift
    while first < total:
        last = min(total, first + max(limit, 1))
        while last < total and last > first + 1 and encoded.words[last] == encoded.words[last - 1]:
            last -= 1
        yield encoded.cut(first, last)
        first, limit = last, size
