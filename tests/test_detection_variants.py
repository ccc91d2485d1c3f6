"""Texts that are changed keep their spans on the same words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.detection.labelled import Gold, Labelled
from benchmarks.detection.variants import VARIANTS, edited, lower, no_accents, ocr, speech, upper


def made(text: str, *names: str) -> Labelled:
    spans: list[Gold] = []
    for name in names:
        at = text.index(name)
        spans.append((at, at + len(name), "PERSON"))
    return Labelled(text, tuple(sorted(spans)), frozenset({"PERSON"}), "made", "one")


def names(item: Labelled) -> list[str]:
    return [item.text[start:end] for start, end, _ in item.spans]


def test_case_may_change_the_length() -> None:
    item = made("Frau Groß traf İpek Öz.", "Groß", "İpek Öz")
    assert names(upper(item)) == ["GROSS", "İPEK ÖZ"]
    assert names(lower(item)) == ["groß", "İpek öz".lower()]


def test_accents_go_composed_or_not() -> None:
    assert names(no_accents(made("Zoë met José", "Zoë", "José"))) == ["Zoe", "Jose"]


def test_speech_has_no_punctuation_and_no_capitals() -> None:
    item = made("“Hi,” said Ann-Marie O’Neil (aged 7)... Bob Ray.", "Ann-Marie O’Neil", "Bob Ray")
    changed = speech(item)
    assert changed.text == "hi said ann marie o’neil aged 7 bob ray"
    assert names(changed) == ["ann marie o’neil", "bob ray"]


def test_noise_is_the_same_for_the_same_seed_and_text() -> None:
    item = made("Clara Lindorn will call in the morning. " * 20, "Clara Lindorn")
    assert ocr(item, 1) == ocr(item, 1)
    assert ocr(item, 1).text != ocr(item, 2).text
    assert ocr(item, rate=0).text == item.text


def test_an_edit_across_the_edge_of_a_span_takes_the_side_of_most_of_it() -> None:
    item = Labelled("ab (cd) ef", ((4, 6, "PERSON"),), frozenset(), "made")
    assert names(edited(item, [(2, 4, " "), (6, 8, " ")])) == ["cd"]
    assert names(edited(item, [(5, 7, "xy")])) == ["c"]
    assert names(edited(item, [(2, 5, "xyz")])) == ["d"]
    assert names(edited(item, [(4, 6, "")])) == []


@given(
    st.text("abÉßİ. ,'-\n1l\u0301", max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
    st.sampled_from(sorted(VARIANTS)),
)
def test_the_letters_of_a_span_are_those_of_its_own_variant(
    text: str, bounds: list[tuple[int, int]], variant: str
) -> None:
    spans: list[Gold] = []
    for start, end in sorted(bounds):
        if start < end <= len(text) and (not spans or spans[-1][1] <= start):
            spans.append((start, end, "PERSON"))
    item = Labelled(text, tuple(spans), frozenset(), "made")
    changed = VARIANTS[variant](item)
    for start, end, _ in changed.spans:
        assert 0 <= start < end <= len(changed.text)
        assert changed.text[start:end].strip() == changed.text[start:end]
    assert list(changed.spans) == sorted(changed.spans)
    if variant in ("lower", "upper", "no-accents"):
        change = {"lower": str.lower, "upper": str.upper}.get(variant)
        if change and len(changed.spans) == len(spans):
            expected = ["".join(map(change, text[s:e])).strip() for s, e, _ in spans]
            assert names(changed) == expected


@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_every_variant_keeps_every_span_of_a_sentence(variant: str) -> None:
    item = made("Dr. Ann Lee and Bob Ray met Cy Day, then left.", "Ann Lee", "Bob Ray", "Cy Day")
    assert len(VARIANTS[variant](item).spans) == 3
