"""Windows of like length together, so that little of a batch is filler."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from training.data import Round
from training.labels import EVERY

START: Final = 101
END: Final = 102
_POOL: Final = 40
"""Batches whose windows are sorted together: enough that lengths are alike, few enough to mix."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors [batch, n]; `allowed` is a bit mask of labels, every bit where nothing is taught.

    `index` tells which windows of the round these are.
    """

    pieces: Tensor
    cases: Tensor
    attention: Tensor
    allowed: Tensor
    index: list[int]


def batches(given: Round, size: int, rng: random.Random) -> Iterator[Batch]:
    """Yield every window once, in batches of at most *size* pieces, filler included."""
    order = list(range(len(given)))
    rng.shuffle(order)
    lengths = given.lengths()
    pool = max(1, int(_POOL * size / max(1.0, float(lengths.mean()))))
    groups: list[list[int]] = []
    for first in range(0, len(order), pool):
        near = sorted(order[first : first + pool], key=lambda i: int(lengths[i]))
        groups += _grouped(near, lengths.tolist(), size)
    rng.shuffle(groups)
    for group in groups:
        yield batch(given, group)


def _grouped(order: list[int], lengths: list[int], size: int) -> list[list[int]]:
    groups: list[list[int]] = []
    group: list[int] = []
    for index in order:
        if group and (len(group) + 1) * (lengths[index] + 2) > size:
            groups.append(group)
            group = []
        group.append(index)
    return [*groups, group] if group else groups


def batch(given: Round, group: list[int]) -> Batch:
    """Return the windows *group* of a round as one batch."""
    longest = max(int(given.starts[i + 1] - given.starts[i]) for i in group) + 2
    pieces = np.zeros((len(group), longest), np.int64)
    cases = np.zeros_like(pieces)
    attention = np.zeros_like(pieces)
    allowed = np.full_like(pieces, EVERY)
    for row, index in enumerate(group):
        part = slice(int(given.starts[index]), int(given.starts[index + 1]))
        count = part.stop - part.start
        pieces[row, 0], pieces[row, count + 1] = START, END
        pieces[row, 1 : count + 1] = given.pieces[part]
        cases[row, 1 : count + 1] = given.cases[part]
        attention[row, : count + 2] = 1
        allowed[row, 1 : count + 1] = given.masks[part]
    made = [torch.from_numpy(array) for array in (pieces, cases, attention, allowed)]
    return Batch(made[0], made[1], made[2], made[3], group)
