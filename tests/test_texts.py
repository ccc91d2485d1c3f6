"""What a text teaches the batch, through the real detectors."""

from __future__ import annotations

import pytest

from detectors.name_forms import forms_of_name
from scrubber.bench import Setup, prepare
from scrubber.containers import table
from scrubber.nesting import parse
from scrubber.policy import load_policy
from scrubber.source import MemorySource
from scrubber.texts import learn


def taught(text: str, kind: str = "text") -> set[tuple[str, str]]:
    """(value, scope) of every person that `text` teaches."""
    bench = prepare(Setup(load_policy("standard"), "", b"c" * 32, b"t" * 32, "", False, False))
    parsed = parse(MemorySource(text.encode()), table()[kind])
    learnt = learn(parsed, bench.text, bench.text_action, lambda _: None, ("en",), "a/b.txt")
    return {(seed.text, seed.scope) for seed in learnt.seeds if seed.entity == "PERSON"}


@pytest.mark.parametrize(
    ("text", "kind", "seeds"),
    [
        ("My name is Elizabeth Bennet.\n", "text", {("Elizabeth Bennet", "")}),
        ("Best regards,\nElizabeth\n", "text", {("Elizabeth", "a/b.txt")}),
        ("# Author: Elizabeth Bennet\nx = 1\n", "code", {("Elizabeth Bennet", "")}),
        ("# TODO(elizabeth): mend\nx = 1  # for Elizabeth\n", "code", set()),
    ],
)
def test_a_full_name_counts_everywhere_a_part_at_home(
    text: str, kind: str, seeds: set[tuple[str, str]]
) -> None:
    found = taught(text, kind)
    assert found >= seeds
    assert {text for text, scope in found if not scope} <= {
        form for text, _ in seeds for form in (text, *(f.text for f in forms_of_name(text)))
    }
