"""Where names end, and how much a word looks like one."""

from __future__ import annotations

import numpy as np
import pytest

from detectors.encoder_decode import Words
from detectors.encoder_priors import CASELESS, HASHTAG, bias_of, kind_of, priors
from detectors.name_ends import extended, trimmed, with_end
from detectors.spans import Span


def person(text: str, name: str, rule: str = "people/given-name") -> Span:
    at = text.index(name)
    return Span(at, at + len(name), "PERSON", 0.6, rule)


@pytest.mark.parametrize(
    ("text", "hit", "name"),
    [
        ("Louis Quist Reaches Social Media", "Louis Quist Reaches Social", "Louis Quist"),
        ("Tony Mayo RT", "Tony Mayo RT", "Tony Mayo"),
        ("Justin I'm here", "Justin I'm", "Justin"),
        ("Sarah Green came", "Sarah Green", "Sarah Green"),
    ],
)
def test_everyday_words_behind_a_name_are_none(text: str, hit: str, name: str) -> None:
    span = trimmed(person(text, hit), text)
    assert span is not None
    assert text[span.start : span.end] == name


def test_only_everyday_words_are_no_name() -> None:
    text = "Reaches Social Media"
    assert trimmed(person(text, text), text) is None


def test_what_a_model_saw_is_not_cut() -> None:
    text = "Louis Reaches"
    assert trimmed(person(text, text, "encoder"), text) == person(text, text, "encoder")


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("an Hannelore Piepenbrink, Köln", "Hannelore", "Hannelore Piepenbrink"),
        ("told Hannelore Tuesday", "Hannelore", "Hannelore"),
        ("HANNELORE PIEPENBRINK", "HANNELORE", "HANNELORE"),
        ("Hannelore's Zquist", "Hannelore's", "Hannelore's"),
    ],
)
def test_an_unknown_capitalised_word_behind_a_first_name(text: str, name: str, whole: str) -> None:
    span = extended(person(text, name), text)
    assert text[span.start : span.end] == whole


def test_other_kinds_keep_their_ends() -> None:
    place = Span(0, 5, "LOCATION", 0.9, "encoder")
    assert with_end(place, "Paris Quistowa") == place


def test_kinds_of_words() -> None:
    words = ("Jennifer", "Quist", "Rose", "table", "groggily", "haahaaha", "dass", "Siobhanne", "3")
    kinds = ["given", "unknown", "given-or-word", "common", "odd", "odd", "odd", "unknown", "mark"]
    assert [kind_of(word) for word in words] == kinds
    assert bias_of("Jennifer") > bias_of("Siobhanne") > bias_of("Groggily") > bias_of("table")


def test_priors_know_hashtags_and_texts_without_capitals() -> None:
    def of(text: str, *places: tuple[int, int]) -> list[float]:
        starts, ends = (np.array(column, np.int64) for column in zip(*places, strict=True))
        nothing = np.zeros((len(places), 1), np.float32)
        found: list[float] = priors(
            Words(starts, ends, nothing[:, 0], nothing, nothing), text
        ).tolist()
        return found

    assert of("Zquist #Zquist", (0, 6), (8, 14)) == [bias_of("Zquist"), HASHTAG]
    assert of("zquist", (0, 6)) == [bias_of("zquist") + CASELESS]
