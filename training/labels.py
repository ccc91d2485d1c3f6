"""Sets of labels as bits: what a piece of text may be."""

from __future__ import annotations

from typing import Final

from detectors.encoder_decode import LABELS

NUMBER: Final = {label: index for index, label in enumerate(LABELS)}
EVERY: Final = (1 << len(LABELS)) - 1
"""A mask that allows every label: such a piece teaches nothing."""


def allow(*labels: str) -> int:
    """Return the bit mask of *labels* ("O", "B-PERSON", …)."""
    mask = 0
    for label in labels:
        mask |= 1 << NUMBER[label]
    return mask


def allow_entity(name: str) -> int:
    """Return the bit mask of both labels of the entity *name*."""
    return allow(f"B-{name}", f"I-{name}")
