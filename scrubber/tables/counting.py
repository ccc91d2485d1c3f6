"""k-anonymity, l-diversity, t-closeness, and how unique rows are.

k-anonymity: Sweeney 2002. Distinct and entropy l-diversity: Machanavajjhala et al. 2006,
§4.1 and §4.2 (entropy l is exp of the least entropy of a class). t-closeness: Li et al. 2007
with the equal distance, which is half the sum of differences. Definitions that a stranger
can recompute stand in docs/measure.md.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scrubber.tables.coding import Coded, keys

if TYPE_CHECKING:
    from scrubber.tables.coding import Codes, Keys

BANDS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))


@dataclass(frozen=True, slots=True)
class Classes:
    """Rows that are equal in all of `columns`: their number, the smallest, and the rows alone."""

    columns: tuple[str, ...]
    rows: int
    classes: int
    smallest: int  # 0 in a table without rows
    unique: int
    below: int  # rows in classes smaller than the k that was asked for


@dataclass(frozen=True, slots=True)
class Band:
    """Classes of `least` to `most` rows (None: and more)."""

    least: int
    most: int | None
    classes: int
    rows: int


@dataclass(frozen=True, slots=True)
class Sensitive:
    """What the classes say of one more column; l and t in thousandths, rounded against you."""

    column: str
    distinct_l: int
    entropy_l: int
    closeness_t: int


def group(coded: Coded, which: Sequence[int]) -> Keys:
    """One number a row for the columns at the places `which`."""
    sizes = [len(coded.texts[at]) for at in which]
    return keys([coded.codes[at] for at in which], sizes, coded.rows)


def sizes_of(key: Keys) -> Keys:
    """How many rows each class has."""
    ordered = np.sort(key)
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    return np.diff(np.append(starts, len(ordered))) if len(ordered) else ordered


def classes(coded: Coded, which: Sequence[int], k: int) -> tuple[Classes, Keys]:
    """The classes by the columns at `which`, and their sizes."""
    sizes = sizes_of(group(coded, which))
    names = tuple(coded.columns[at].label for at in which)
    found = Classes(
        names, coded.rows, len(sizes), int(sizes.min(initial=coded.rows)),
        int((sizes == 1).sum()), int(sizes[sizes < k].sum()),
    )  # fmt: skip
    return found, sizes


def bands(sizes: Keys) -> tuple[Band, ...]:
    """How many classes have how many rows; empty bands are left out."""
    found = []
    for least, most in BANDS:
        inside = sizes[(sizes >= least) & (sizes <= (most or np.iinfo(np.int64).max))]
        if len(inside):
            found.append(Band(least, most, len(inside), int(inside.sum())))
    return tuple(found)


def combinations(coded: Coded, which: Sequence[int], most: int, k: int) -> tuple[Classes, ...]:
    """Every choice of 1 to `most` of the columns, fewest first, then the most unique ones."""
    found = [
        classes(coded, some, k)[0]
        for size in range(1, min(most, len(which)) + 1)
        for some in itertools.combinations(which, size)
    ]
    return tuple(sorted(found, key=lambda one: (len(one.columns), -one.unique)))


def sensitive(coded: Coded, which: Sequence[int], at: int) -> Sensitive:
    """Diversity of the column at `at` within the classes by `which`."""
    name = coded.columns[at].label
    if not coded.rows:
        return Sensitive(name, 0, 0, 0)
    owner = np.unique(group(coded, which), return_inverse=True)[1].reshape(coded.rows)
    kinds = len(coded.texts[at])
    pair, count = np.unique(owner.astype(np.int64) * kinds + coded.codes[at], return_counts=True)
    of, value = pair // kinds, pair % kinds
    totals = np.bincount(owner)
    share = count / totals[of]
    whole = np.bincount(coded.codes[at], minlength=kinds) / coded.rows
    entropy = np.bincount(of, weights=-share * np.log(share))
    apart = np.bincount(of, weights=np.abs(share - whole[value]) - whole[value])
    return Sensitive(
        name,
        int(np.bincount(of).min()),
        math.floor(round(math.exp(float(entropy.min())) * 1000, 6)),
        math.ceil(round((float(apart.max()) + 1) / 2 * 1000, 6)),
    )


def rows_below(coded: Coded, codes: Sequence[Codes], sizes: Sequence[int], k: int) -> Keys:
    """For each row whether its class is smaller than k (1) or not (0)."""
    key = keys(codes, sizes, coded.rows)
    _, owner, count = np.unique(key, return_inverse=True, return_counts=True)
    small: Keys = (count < k)[owner.reshape(coded.rows)].astype(np.int64)
    return small
