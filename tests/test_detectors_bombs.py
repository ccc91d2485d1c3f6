"""No text is slow: what repeats itself costs as much as what does not, in every family."""

from __future__ import annotations

import time

import pytest

from detectors.recognizers.catalogue import FAMILIES, MODULES
from detectors.rules import Family

UNITS = (
    "a", "1", "a@", " . . .", "1-", "Aa ", "\n", "A. ", "x_at_", "12 Main ", "am 1. Mai ",
    "née ", "+1 ", "%2F", "://a", "lat 1.2345, ", "1 Aa, ", "John Smith ",
)  # fmt: skip
SIZE = 24_000
SECONDS = 4.0  # of CPU; the slowest takes a tenth of it


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
@pytest.mark.slow
def test_repeated_text_is_not_slow(family: Family) -> None:
    family.hits("warm 1 up a@b.example")
    slow = {}
    for unit in UNITS:
        text = (unit * (SIZE // len(unit) + 1))[:SIZE]
        began = time.process_time()
        family.hits(text)
        spent = time.process_time() - began
        if spent > SECONDS:
            slow[unit] = spent
    assert not slow


def test_blank_lines_are_not_slow() -> None:
    for module in MODULES:
        began = time.process_time()
        module.FAMILY.hits("\n" * SIZE)
        assert time.process_time() - began < SECONDS, module.__name__
