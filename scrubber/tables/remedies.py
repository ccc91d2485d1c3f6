"""Two remedies for a table below k: rows are left out, or values are made coarser.

Leaving out takes exactly the rows of the classes that are smaller than k. Coarser values come
from fixed ladders, by the lowest total of steps at which every class has k rows (the height of
Samarati 2001, searched by halving, since a table that is k-anonymous stays so one step higher);
of equally low ones, that with the most classes, then that with the lowest steps from the left.
If there are too many choices to look at, the column with the most different values goes one
step up until it is enough (Sweeney 2002, Datafly). The same table and k give the same result.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scrubber.errors import PolicyHold
from scrubber.tables.coding import Coded, keys
from scrubber.tables.counting import group
from scrubber.tables.ladders import kind_of, ladder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from scrubber.tables.coding import Codes, Keys

WORK = 3_000_000_000
"""Rows times choices that are looked at before the quick search takes over."""
SUPPRESS, GENERALISE = "suppress", "generalise"


@dataclass(frozen=True, slots=True)
class Step:
    """How far one column went: `step` of `steps` of the ladder of its `kind`."""

    column: str
    kind: str
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to write: which rows stay, and for each column what its codes become (None: same)."""

    action: str
    keep: NDArray[np.bool_]
    texts: tuple[tuple[str, ...] | None, ...]
    steps: tuple[Step, ...]
    rows: int
    classes: int
    smallest: int
    least_change: bool = True

    @property
    def dropped(self) -> int:
        return len(self.keep) - self.rows


def suppress(coded: Coded, which: Sequence[int], k: int) -> Remedy:
    """Leaves out the rows of small classes. Raises PolicyHold when no row would stay."""
    return _remedy(SUPPRESS, group(coded, which), k, (None,) * len(which), (), least=True)


def generalise(coded: Coded, which: Sequence[int], k: int, may_drop: int = 0) -> Remedy:
    """Makes values coarser until at most `may_drop` rows are left in small classes.

    Those are left out. Raises PolicyHold when the table has fewer rows than k.
    """
    rungs = [_Rungs.of(coded, at) for at in which]
    _, first, count = np.unique(group(coded, which), return_index=True, return_counts=True)
    codes = [coded.codes[at][first] for at in which]
    lattice = _Lattice(rungs, codes, count.astype(np.int64), k, may_drop)
    node, least = lattice.lowest()
    if node is None:
        raise PolicyHold(f"The table has fewer than {k} rows.", "", "Leave it out with --exclude.")
    texts = tuple(
        rung.texts[step] if step else None for rung, step in zip(rungs, node, strict=True)
    )
    maps = [rung.maps[step] for rung, step in zip(rungs, node, strict=True)]
    whole = [one[coded.codes[at]] for one, at in zip(maps, which, strict=True)]
    key = keys(whole, [int(one.max(initial=0)) + 1 for one in maps], coded.rows)
    steps = tuple(
        Step(coded.columns[at].label, rung.kind, step, len(rung.maps) - 1)
        for rung, at, step in zip(rungs, which, node, strict=True)
    )
    return _remedy(GENERALISE, key, k, texts, steps, least=least)


def _remedy(
    action: str, key: Keys, k: int, texts: tuple[tuple[str, ...] | None, ...],
    steps: tuple[Step, ...], *, least: bool,
) -> Remedy:  # fmt: skip
    _, owner, count = np.unique(key, return_inverse=True, return_counts=True)
    keep = (count >= k)[owner.reshape(len(key))]
    if not keep.any():
        raise PolicyHold(
            "No row of the table would be left.", f"No {k} rows are alike.",
            "Use fewer columns or a smaller k, or generalise.",
        )  # fmt: skip
    large = count[count >= k]
    return Remedy(
        action, keep, texts, steps, int(keep.sum()), len(large), int(large.min()), least
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Rungs:
    """The ladder of one column: for each step the new texts of its codes, and their numbers."""

    kind: str
    texts: tuple[tuple[str, ...], ...]
    maps: tuple[Codes, ...]

    @classmethod
    def of(cls, coded: Coded, at: int) -> _Rungs:
        kind = kind_of(coded.columns[at].name, coded.texts[at])
        steps = ladder(kind, coded.texts[at])
        maps = []
        for step in steps:
            book: dict[str, int] = {}
            numbers = [book.setdefault(text, len(book)) for text in step]
            maps.append(np.array(numbers, np.int32))
        return cls(kind, tuple(tuple(step) for step in steps), tuple(maps))


Node = tuple[int, ...]


@dataclass(slots=True)
class _Lattice:
    """All choices of a step for each column, and what each does to the different rows."""

    rungs: Sequence[_Rungs]
    codes: Sequence[Codes]
    count: Keys
    k: int
    may_drop: int

    def lowest(self) -> tuple[Node | None, bool]:
        """The best choice, and whether all choices were weighed."""
        tops = tuple(len(rung.maps) - 1 for rung in self.rungs)
        if self._classes(tops) is None:
            return None, True
        choices = 1
        for top in tops:
            choices *= top + 1
        if choices * len(self.count) > WORK:
            return self._quick(tops), False
        low, high, best = 0, sum(tops), tops
        while low < high:
            middle = (low + high) // 2
            found = self._best_at(middle, tops)
            if found is None:
                low = middle + 1
            else:
                high, best = middle, found
        return (self._best_at(low, tops) or best), True

    def _best_at(self, height: int, tops: Node) -> Node | None:
        best: tuple[int, Node] | None = None
        for node in _nodes(height, tops):
            number = self._classes(node)
            if number is not None and (best is None or number > best[0]):
                best = number, node
        return best[1] if best else None

    def _quick(self, tops: Node) -> Node:
        node = [0] * len(tops)
        while self._classes(tuple(node)) is None:
            left = [at for at, top in enumerate(tops) if node[at] < top]
            widest = max(left, key=lambda at: int(self.rungs[at].maps[node[at]].max(initial=0)))
            node[widest] += 1
        return tuple(node)

    def _classes(self, node: Node) -> int | None:
        """How many classes are large enough; None if too many rows are in small ones."""
        maps = [rung.maps[step] for rung, step in zip(self.rungs, node, strict=True)]
        codes = [one[code] for one, code in zip(maps, self.codes, strict=True)]
        key = keys(codes, [int(one.max(initial=0)) + 1 for one in maps], len(self.count))
        owner = np.unique(key, return_inverse=True)[1].reshape(len(key))
        size = np.bincount(owner, weights=self.count)
        small = int(size[size < self.k].sum())
        return None if small > self.may_drop else int((size >= self.k).sum())


def _nodes(height: int, tops: Node) -> Iterator[Node]:
    """Choices whose steps add up to `height`, lowest from the left first."""
    for head in itertools.product(*(range(top + 1) for top in tops[:-1])):
        last = height - sum(head)
        if 0 <= last <= tops[-1]:
            yield (*head, last)
