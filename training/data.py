"""What one round of training reads: real texts, filled templates, texts with nothing in them.

A round is made from the corpora, a seed and its number alone. Rounds are kept as arrays under
`build/training`, so that the teacher and every student learn from the same ones.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.detection import splits, variants
from benchmarks.detection.labelled import Labelled
from training.encode import Encoded, encode, windows
from training.negatives import negatives
from training.swap import swapped
from training.synthesis import samples

SYNTHETIC: Final = 9_000
EMPTY: Final = 1_800
"""How many filled templates and how many texts without anything private a round has."""

_REPEATED: Final = {"gum-academic": 2, "gum-court": 2, "gum-interview": 3, "gum-news": 3}
_SIZES: Final = (64, 126, 254)
TOGETHER: Final = 0.12
"""How often a short text begins a window that is then filled with the texts after it."""


@dataclass(frozen=True, slots=True)
class Round:
    """Windows of one round, end to end; window i is [starts[i], starts[i + 1])."""

    pieces: NDArray[np.int32]
    cases: NDArray[np.int8]
    masks: NDArray[np.int32]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def lengths(self) -> NDArray[np.int64]:
        """Return the number of pieces of each window."""
        return np.diff(self.starts)


def round_of(number: int, seed: int, shared: Path, tokenizer: Tokenizer, cache: Path) -> Round:
    """Return round *number*; *shared* holds the corpora, *cache* keeps what was made."""
    kept = cache / f"round-{seed}-{number}.npz"
    if kept.exists():
        with np.load(kept, allow_pickle=False) as arrays:
            return Round(*(arrays[name] for name in Round.__slots__))
    made = _joined(_parts(texts(number, seed, shared), number, seed, tokenizer))
    cache.mkdir(parents=True, exist_ok=True)
    with kept.with_suffix(".part").open("wb") as out:
        np.savez(out, **{name: getattr(made, name) for name in Round.__slots__})
    kept.with_suffix(".part").rename(kept)
    return made


def texts(number: int, seed: int, shared: Path) -> list[Labelled]:
    """Return the texts of round *number*, in an order the seed draws."""
    rng = random.Random(f"{seed}:{number}")
    found: list[Labelled] = []
    for name, items in sorted(splits.train(shared).items()):
        for item in items * _REPEATED.get(name, 1):
            other = number > 0 and not name.startswith("presidio") and rng.random() < 0.35
            found.append(swapped(item, rng) if other else item)
    fresh = seed * 1_000 + number
    found += samples(fresh, SYNTHETIC)
    found = [_varied(item, rng) for item in found]
    found += negatives(fresh, EMPTY)
    rng.shuffle(found)
    return found


def _varied(item: Labelled, rng: random.Random) -> Labelled:
    draw = rng.random()
    if draw < 0.07:
        return variants.lower(item)
    if draw < 0.095:
        return variants.upper(item)
    if draw < 0.115:
        return variants.no_accents(item)
    if draw < 0.14:
        return variants.ocr(item, rng.randrange(1 << 30))
    if draw < 0.17:
        return variants.speech(item)
    return item


def _parts(
    items: list[Labelled], number: int, seed: int, tokenizer: Tokenizer
) -> Iterator[Encoded]:
    """Yield windows; some hold several short texts, as the passages of a document stand."""
    rng = random.Random(f"{seed}:{number}:windows")
    known = [rng.random() >= 0.25 for _ in items]
    group: list[Encoded] = []
    room = 0
    for encoded in encode(tokenizer, items, case=known):
        size = rng.choice(_SIZES)
        count = len(encoded.pieces)
        if group and count > room:
            yield _one(group)
            group = []
        if 0 < count < size and (group or rng.random() < TOGETHER):
            room = (room if group else size) - count
            group.append(encoded)
            continue
        for part in windows(encoded, size, rng.randrange(size // 2) if count > size else 0):
            if len(part.pieces) > 1:
                yield part
    if group:
        yield _one(group)


def _one(group: list[Encoded]) -> Encoded:
    if len(group) == 1:
        return group[0]
    return Encoded(
        *(np.concatenate([getattr(part, name) for part in group]) for name in Encoded.__slots__)
    )


def _joined(parts: Iterator[Encoded]) -> Round:
    found = list(parts)
    starts = np.cumsum([0, *(len(part.pieces) for part in found)])
    return Round(
        np.concatenate([part.pieces for part in found]).astype(np.int32),
        np.concatenate([part.cases for part in found]).astype(np.int8),
        np.concatenate([part.masks for part in found]).astype(np.int32),
        starts.astype(np.int64),
    )
