"""The pack: one pass for literals, checksums, and nothing lost at odd letters or in slow texts."""

# ruff: noqa: E501  # tables

from __future__ import annotations

import random

import pytest

from benchmarks.detection.secrets_kinds import seed_phrase
from detectors.errors import DetectionIncomplete
from detectors.recognizers import secret_assign, secret_rules, secret_seeds
from detectors.recognizers.secret_scan import Scan, lower
from detectors.recognizers.secret_tokens import base62_crc
from detectors.rules import Rule
from detectors.secret_parts import secrets_inside

BODY = "q7Zt2Lr9Xk4Wm8Vb3Nc6Hd1Jf5Gs0Py7Uo2Ti"


def found(text: str) -> dict[str, bool]:
    return {text[hit.start : hit.end]: hit.rule.weak for hit in secret_rules.in_code(text)}


@pytest.mark.parametrize("letter", ["İ", "ẞ", "\ud800", "𝔘", "\0", "ﬃ"])
def test_letters_that_grow_in_lower_case_shift_nothing(letter: str) -> None:
    text = f"{letter * 9} db_password = 'hV7qLw2zX'"
    assert "hV7qLw2zX" in found(text)
    assert len(lower(text)) == len(text)


def test_github_checksum_makes_a_token_sure() -> None:
    head = BODY[:30]
    right = "gh" + "p_" + head + base62_crc(head)
    assert secret_rules._CODE.hits(right)[0].rule.name == "github"
    assert secret_rules._CODE.hits("gh" + "p_" + BODY[:36])[0].rule.weak


def test_seed_phrase_needs_its_checksum() -> None:
    words = seed_phrase(random.Random(5)).split()
    assert secret_seeds.checksum_holds(words)
    assert not secret_seeds.checksum_holds([*words[1:], words[0]])
    (hit,) = secret_seeds.find(" ".join(words))
    assert hit.rule is secret_seeds.SURE


def test_slow_pattern_is_an_error() -> None:
    slow = Rule("slow", "PERSON", r"(?:a|aa|aaa)+b", 0.9, needs=("start",), reach=(0, 9000))
    with pytest.raises(DetectionIncomplete):
        Scan((slow,)).hits("start" + "a" * 6000 + "c", timeout=0.05)


@pytest.mark.slow
def test_hostile_repeats_end() -> None:
    for piece in (
        "password=",
        'token":"',
        "-----BEGIN ",
        "https://a:",
        "?key=",
        "Cookie: a=",
        "cookie seed ",
    ):
        list(secret_rules.in_code(piece * 5000))


@pytest.mark.parametrize(
    ("key", "value", "quoted"),
    [
        ("password", "string", False), ("api_key", "your-key-here", True), ("token_type", "bearer9x8y", True),
        ("password", "os.environ['X']", False), ("cache_key", BODY, True), ("public_key", BODY, True),
        ("sha256_checksum", BODY, True), ("password", "Enter your password", True), ("key", "value1", True),
    ],
)  # fmt: skip
def test_names_and_placeholders_are_no_credentials(key: str, value: str, quoted: bool) -> None:
    assert secret_assign.judge(key, value, "quoted" if quoted else "bare", quoted) is None


def test_password_inside_an_address_is_told() -> None:
    text = "postgres://svc:hV7q%40Lw2z@db.example.com/x"
    assert list(secrets_inside("CONNECTION_STRING", text)) == ["hV7q%40Lw2z", "hV7q@Lw2z"]
    assert list(secrets_inside("API_KEY", text)) == []
