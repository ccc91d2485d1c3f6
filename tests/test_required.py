"""What is read from a pattern holds for everything that the pattern matches."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.recognizers.catalogue import FAMILIES, MODULES
from detectors.required import Required, key_of, masked, read, required

RULES = [rule for family in FAMILIES for rule in family.rules]


@pytest.mark.parametrize(
    ("pattern", "literals", "digits", "run"),
    [
        (r"\d{3}-\d{2}-\d{4}", ("000-00-0000",), 9, 11),
        (r"(?i)\bname(?:'s| is)", ("name is", "name's"), 0, 4),
        (r"\d{1,3}\.\d{4,}", ("0.0000",), 5, 6),
        (r"(?:Mr|Mrs)\.?[ ]+(?P<who>\p{Lu}\p{Ll}+)", ("mr ", "mr. ", "mrs ", "mrs. "), 0, 2),
        (r"(?:a|aa)+b", ("ab",), 0, 2),
        (r"(?:cat)?dog|bird", ("bird", "dog"), 0, 3),
        (r"(?<!x)[A-F]{44}(?!y)", (), 0, 44),
        (r"[^a]\W.\S", (), 0, 0),
        (r"(?i)straße", ("straße",), 0, 6),
        (r"Οδός \d", (" 0",), 1, 4),
        (r"(?=abc)(?!d)e+", ("e",), 0, 1),
        (r"\x1c[^\s]{40}", (), 0, 0),
    ],
)
def test_what_a_pattern_requires(
    pattern: str, literals: tuple[str, ...], digits: int, run: int
) -> None:
    assert read(pattern) == Required(literals, digits, run)


@pytest.mark.parametrize("pattern", [r"(?r)abc", r"(?<n>a)", r"a{e<=1}\X", "(", r"\K"])
def test_of_what_is_not_understood_nothing_is_said(pattern: str) -> None:
    assert read(pattern) in (Required(), Required(("a{e<=1}",), 1, 7))


def _holds(known: Required, value: str) -> None:
    shown = masked(value)
    assert not known.literals or any(literal in shown for literal in known.literals)
    assert shown.count("0") >= known.digits
    assert max(map(len, shown.split(" ")), default=0) >= known.run


def test_every_match_of_every_rule_holds_what_its_pattern_requires() -> None:
    matches = 0
    for module in MODULES:
        samples = [text for text, *_ in module.POSITIVES]
        text = "\n".join((*samples, *map(str.upper, samples), *map(str.lower, samples)))
        for rule in module.FAMILY.rules:
            known = read(rule.pattern)
            for match in regex.finditer(rule.pattern, text, regex.MULTILINE, overlapped=True):
                _holds(known, match.group())
                matches += 1
    assert matches > 500


_PARTS = st.recursive(
    st.sampled_from(["a", "B", "7", r"\d", r"\s", " ", "[ab-]", r"[^x]", r"\w", "[0-9]", "é", "."]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})"),
        st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{2,}?"])).map(
            lambda pair: f"(?:{pair[0]}){pair[1]}"
        ),
        inner.map(lambda each: f"(?i:{each})"),
        inner.map(lambda each: f"(?={each})"),
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(_PARTS, st.data())
def test_matches_of_any_pattern_hold_what_it_requires(pattern: str, data: st.DataObject) -> None:
    text = data.draw(st.text("aAbB79 -\tx\u0131é\u0664", max_size=40))
    known = read(pattern)
    for match in regex.finditer(pattern, text, overlapped=True, timeout=1):
        _holds(known, match.group())


@pytest.mark.parametrize("char", ["\u0130", "\u0131", "\u017f", "\u212a", "\u0664", "\u2003", "ß"])
def test_masking_keeps_places_and_letters_that_are_the_same_without_case(char: str) -> None:
    text = f"a{char}b"
    assert len(masked(text)) == 3
    for other in "iskIK0 ":
        if regex.fullmatch(regex.escape(other), char, regex.IGNORECASE):
            assert masked(text)[1] == other.lower()


def test_digits_and_blanks_of_every_script_are_masked() -> None:
    assert masked("7\u0664\t\u2003\x85X") == "00   x"


def test_the_table_is_true_and_nearly_whole() -> None:
    """`python docs/refresh.py` writes it; what is not in it costs time when a run starts."""
    path = files("detectors") / "data" / "patterns.json"
    table = json.loads(path.read_text(encoding="utf-8"))
    patterns = sorted({rule.pattern for rule in RULES})
    assert sum(key_of(pattern) in table for pattern in patterns) > 0.8 * len(patterns)
    for pattern in patterns[::4]:
        assert required(pattern) == read(pattern), pattern
