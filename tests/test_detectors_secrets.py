"""Secrets without a language model, and nothing in clean code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from detectors.secrets import find_secrets

VALUE = "hV7q" + "Lw2z" + "Xk4W"


@pytest.mark.parametrize("comment", ["# pragma: allowlist secret", "# gitleaks:allow", "# nosec"])
def test_comment_that_asks_to_look_away_is_not_heeded(comment: str) -> None:
    text = f'password = "{VALUE}"  {comment}'
    assert [text[s.start : s.end] for s in find_secrets(text)] == [VALUE]


def test_nothing_hides_behind_a_nul_byte() -> None:
    text = f"x\0password = '{VALUE}'"
    assert [text[s.start : s.end] for s in find_secrets(text)] == [VALUE]


def test_invisible_characters_hide_nothing() -> None:
    hidden = VALUE[:4] + "\u200b" + VALUE[4:]
    text = f"password: {hidden}"
    assert [text[s.start : s.end] for s in find_secrets(text)] == [hidden]


def test_strong_and_weak_are_told_apart() -> None:
    (strong,) = find_secrets(f"postgres://app:{VALUE}@db.example.com/x")
    (weak,) = find_secrets(f"the wifi password is {VALUE}")
    assert (strong.weak, weak.weak) == (False, True)
    assert strong.score > weak.score


def test_one_finding_a_megabyte_of_clean_code_at_most() -> None:
    found = size = 0
    for path in sorted(Path(os.__file__).parent.glob("[a-i]*.py")):
        text = path.read_text(encoding="utf-8", errors="replace")
        size += len(text)
        found += len(find_secrets(text))
    assert size > 1_000_000
    assert found <= size / 1_000_000


def test_secrets_load_neither_presidio_nor_spacy() -> None:
    code = (
        "import sys, detectors.secrets, detectors.text; "
        "print({'spacy', 'presidio_analyzer'} & set(sys.modules))"
    )
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert out.stdout.strip() == "set()"
