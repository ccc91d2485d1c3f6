"""Every recognizer's own examples: what it must see and what it must let pass."""

from __future__ import annotations

import pytest

from detectors.errors import DetectionIncomplete
from detectors.recognizers.catalogue import MODULES
from detectors.rules import Family, Rule, scan, weigh

THRESHOLD = 0.4


def _id(value: object) -> str:
    return str(value)[:40]


POSITIVES = [(module.FAMILY, *example) for module in MODULES for example in module.POSITIVES]
NEGATIVES = [(module.FAMILY, text) for module in MODULES for text in module.NEGATIVES]


def seen(family: Family, text: str) -> list[tuple[str, str]]:
    return [
        (hit.kind, text[hit.start : hit.end])
        for hit in family.hits(text)
        if weigh(hit, text) >= THRESHOLD
    ]


@pytest.mark.parametrize(("family", "text", "entity", "value"), POSITIVES, ids=_id)
def test_example_is_seen_whole(family: Family, text: str, entity: str, value: str) -> None:
    found = seen(family, text)
    assert any(kind == entity and value in shown for kind, shown in found), found
    assert not any(len(shown) > len(value) + 8 for kind, shown in found if value in shown), found


@pytest.mark.parametrize(("family", "text"), NEGATIVES, ids=_id)
def test_counter_example_passes(family: Family, text: str) -> None:
    assert seen(family, text) == []


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_family_has_both_kinds_of_examples(module: object) -> None:
    assert module.POSITIVES  # type: ignore[attr-defined]  # every recognizer module has it
    assert len(module.NEGATIVES) >= 4  # type: ignore[attr-defined]  # as above


def test_pattern_that_runs_out_of_time_is_no_silence() -> None:
    slow = Rule("slow", "PERSON", r"(?:a|aa|aaa)+b", 0.9)
    with pytest.raises(DetectionIncomplete, match="slow"):
        list(scan([slow], "ab" + "a" * 5000 + "c", timeout=0.05))
