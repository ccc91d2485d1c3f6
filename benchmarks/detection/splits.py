"""Which text may be learned from, which selects, which judges: fixed rules, no draw.

| corpus | train | dev | test |
|---|---|---|---|
| Broad Twitter, WNUT17 | train | dev | test |
| GUM academic, court | all | | |
| GUM interview, news | even documents but the last two | last two even ones | odd ones |
| Presidio-research | the rest | skeleton % 10 = 3 | skeleton % 10 < 3 |
| WikiGold | | | all |

Documents are counted from 0 in the order of their names. A text that occurs word for word in
test is left out of train and dev, one that occurs in dev out of train.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from benchmarks.detection import gum
from benchmarks.detection.corpora import Labelled, for_model, read
from benchmarks.detection.presidio_research import FILES as PRESIDIO

Split = dict[str, list[Labelled]]


def train(shared: Path, *, fine: bool = False) -> Split:
    """Texts to learn from, by corpus. Labels are the model's, or the corpus's own if `fine`."""
    return _labels(_cleaned(shared)[0], fine)


def dev(shared: Path, *, fine: bool = False) -> Split:
    """Texts to select by."""
    return _labels(_cleaned(shared)[1], fine)


def test(shared: Path, *, fine: bool = False) -> Split:  # noqa: PT028  # not a test of pytest
    """Texts to judge by: nothing may be learned from them, nothing chosen by them."""
    return _labels(_all(shared)[2], fine)


def _labels(split: Split, fine: bool) -> Split:
    return dict(split) if fine else {n: [for_model(item) for item in split[n]] for n in split}


@lru_cache(maxsize=1)
def _cleaned(shared: Path) -> tuple[Split, Split, Split]:
    learned, selecting, judging = _all(shared)
    of_test = _texts(judging)
    selecting = _without(selecting, of_test)
    return _without(learned, of_test | _texts(selecting)), selecting, judging


@lru_cache(maxsize=1)
def _all(shared: Path) -> tuple[Split, Split, Split]:
    learned: Split = {}
    selecting: Split = {}
    judging: Split = {}
    for name in ("btc", "wnut17"):
        for split, part in ((learned, "train"), (selecting, "dev"), (judging, "test")):
            split[name] = read(f"{name}.{part}", shared)
    for genre in gum.GENRES:
        name = f"gum-{genre}"
        found = read(name, shared)
        if genre in ("academic", "court"):
            learned[name] = found
        else:
            learned[name], selecting[name] = found[::2][:-2], found[::2][-2:]
            judging[name] = found[1::2]
    for name in PRESIDIO:
        for item in read(name, shared):
            bucket = int(item.group, 16) % 10
            split = judging if bucket < 3 else selecting if bucket == 3 else learned
            split.setdefault(name, []).append(item)
    judging["wikigold"] = read("wikigold", shared)
    return learned, selecting, judging


def _key(item: Labelled) -> str:
    return " ".join(re.findall(r"\w+", item.text.casefold()))


def _texts(split: Mapping[str, Iterable[Labelled]]) -> frozenset[str]:
    return frozenset(_key(item) for items in split.values() for item in items)


def _without(split: Split, known: frozenset[str]) -> Split:
    return {n: [item for item in split[n] if _key(item) not in known] for n in split}
