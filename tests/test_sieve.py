"""The sieve tries less than it could, and misses nothing."""

from __future__ import annotations

import pytest

from detectors import sieve
from detectors.recognizers.catalogue import FAMILIES, MODULES
from detectors.required import masked
from detectors.rules import Rule, hits
from detectors.sieve import Sieve, compiled, digits_near

RULES = [rule for family in FAMILIES for rule in family.rules]
TEXTS = [text for module in MODULES for text, *_ in getattr(module, "POSITIVES", ())]


def found(rule: Rule, text: str) -> list[tuple[int, int]]:
    return sorted({(hit.start, hit.end) for hit in hits(Sieve([rule]), text)})


def test_together_rules_find_what_each_pattern_finds_alone() -> None:
    together = Sieve(RULES)
    seen = 0
    for text in TEXTS[::3]:
        expected = {
            (rule.name, rule.entity, match.span(rule.group))
            for rule in RULES
            if not rule.needs or any(masked(need) in masked(text) for need in rule.needs)
            for match in compiled(rule.pattern).finditer(text, overlapped=rule.overlapped)
        }
        ours = {
            (rule.name, rule.entity, match.span(rule.group))
            for rule, match in together.matches(text, 20.0)
        }
        # a rule of words leaves out texts in which its check holds for no word
        missing = {row for row in expected - ours if not _worded(row[0])}
        assert not missing
        assert ours <= expected
        seen += len(ours)
    assert seen > 100


def _worded(name: str) -> bool:
    return any(rule.name == name and rule.word is not None for rule in RULES)


def test_words_decide_whether_a_rule_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    real = sieve._found

    def counting(rule: Rule, *rest: object) -> object:
        tried.append(rule.name)
        return real(rule, *rest)  # type: ignore[arg-type]  # the same arguments

    monkeypatch.setattr(sieve, "_found", counting)
    rule = Rule("named", "PERSON", r"(?<!\w)\p{L}+(?!\w)", 0.5, word=lambda word: word == "Jane")
    assert found(rule, "nobody here") == []
    assert tried == []
    assert found(rule, "é Jane") == [(0, 1), (2, 6)]
    assert tried == ["named"]


def test_needs_with_a_reach_bound_where_a_long_text_is_searched() -> None:
    rule = Rule("near", "PERSON", r"a{2}", 0.5, needs=("mark",), reach=(3, 3))
    assert found(rule, "aa mark aa" + " aa" * 9) == [(0, 2), (8, 10)]
    assert found(rule, "aa mar aa" + " aa" * 9) == []


@pytest.mark.parametrize("text", ["x 7 old", "x 7\nold", "x 7\u2003old", "\u0130 7 old"])
def test_a_blank_of_a_literal_is_any_blank(text: str) -> None:
    rule = Rule("age", "AGE", r"\d\sold", 0.5, needs=(" old",), reach=(4, 1))
    assert found(rule, text) == [(2, 7)]


def test_rules_of_one_pattern_each_get_its_matches() -> None:
    rules = [Rule(name, "DATE", r"\d{4}", 0.5) for name in ("one", "two")]
    rules.append(Rule("three", "DATE", r"\d{4}", 0.5, needs=("0",), reach=(4, 4)))
    names = [hit.rule.name for hit in hits(Sieve(rules), "in 1987")]
    assert sorted(names) == ["one", "three", "two"]


def test_reach_without_needs_is_an_error() -> None:
    with pytest.raises(ValueError, match="wide has a reach and no needs"):
        Sieve([Rule("wide", "DATE", "a", 0.5, reach=(1, 1))])


def test_half_of_a_pair_hides_nothing() -> None:
    assert found(Rule("year", "DATE", r"\d{4}", 0.5), "\ud800 1987") == [(2, 6)]


def test_digits_near() -> None:
    assert digits_near("ab 12 cd", (1, 2)) == [(2, 7)]
    assert digits_near("abcd", (1, 2)) == []


def test_parts_without_what_a_match_holds_are_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    searched: list[tuple[int, int]] = []
    real = sieve._found

    def noting(rule: Rule, text: str, parts: list[tuple[int, int]], timeout: float) -> object:
        searched.extend(parts)
        return real(rule, text, parts, timeout)

    monkeypatch.setattr(sieve, "_found", noting)
    pattern = r"(?:[0-9a-f]{2}:){5}[0-9a-f]{2}"
    rule = Rule("mac", "MAC_ADDRESS", pattern, 0.5, needs=("0",), reach=(17, 17))
    filler = " 1 " + "x " * 40
    address = "02:00:5e:10:00:01"
    text = filler + address + filler + "a:1"
    assert found(rule, text) == [(len(filler), len(filler) + 17)]
    assert len(searched) == 1
