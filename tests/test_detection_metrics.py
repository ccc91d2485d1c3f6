"""The figures of the detection benchmark, on cases that were counted by hand."""

from __future__ import annotations

import pytest

from benchmarks.detection.labelled import Gold, Labelled
from benchmarks.detection.metrics import f_score, figures, interval, score

TEXT = "Ann Lee met Bob in Rivertown, maybe."
#       0   4   8   12  16 19        29
GOLD: tuple[Gold, ...] = ((0, 7, "PERSON"), (12, 15, "PERSON"), (19, 28, "LOCATION"))
ITEM = Labelled(TEXT, GOLD, frozenset({"PERSON", "LOCATION"}), "made", "one")


def test_an_entity_is_masked_when_no_letter_of_it_is_visible_whatever_the_mask_is_called() -> None:
    found = score([ITEM], [[(0, 3, "ORGANIZATION"), (4, 7, "PERSON"), (12, 14, "PERSON")]])
    person = figures(found.labels["PERSON"])
    # "Ann Lee" is covered but for its blank, "Bob" but for one of nine letters.
    assert person["fully_masked"] == 1 / 2
    assert person["partly_visible"] == 1 / 2
    assert person["character_leak"] == 1 / 9
    place = figures(found.labels["LOCATION"])
    assert place["fully_masked"] == place["partly_visible"] == 0
    assert place["character_leak"] == 1


def test_precision_counts_characters_in_any_entity_and_overlap_counts_the_label() -> None:
    # "Rivertown" called a person: private, but not one. "maybe" is neither.
    found = score([ITEM], [[(0, 7, "PERSON"), (19, 28, "PERSON"), (30, 35, "PERSON")]])
    person = figures(found.labels["PERSON"])
    assert person["character_precision"] == (6 + 9) / (6 + 9 + 5)
    assert person["precision"] == 1 / 3
    assert person["recall"] == 1 / 2
    assert person["f2"] == pytest.approx(5 * (1 / 3) * (1 / 2) / (4 / 3 + 1 / 2))
    assert person["exact_f1"] == pytest.approx(2 * (1 / 3) * (1 / 2) / (1 / 3 + 1 / 2))
    assert figures(found.every)["character_precision"] == 15 / 20


def test_a_mask_is_false_when_it_touches_no_entity_and_its_label_is_labelled() -> None:
    found = score([ITEM], [[(8, 11, "PERSON"), (30, 35, "DATE_TIME"), (14, 18, "PERSON")]])
    assert (found.masks, found.false_masks, found.words) == (3, 1, 7)


def test_overlapping_masks_count_their_characters_once_together() -> None:
    found = score([ITEM], [[(0, 7, "PERSON"), (0, 11, "DATE_TIME")]])
    assert figures(found.every)["character_precision"] == 6 / 9
    assert found.every.leaked == 3 + 9


def test_an_address_called_a_place_is_found_but_not_exact() -> None:
    item = Labelled("1 Mill Lane", ((0, 11, "ADDRESS"),), frozenset({"ADDRESS"}), "made")
    found = score([item], [[(0, 11, "LOCATION")]])
    address = figures(found.labels["ADDRESS"])
    assert (address["recall"], address["exact_f1"], address["fully_masked"]) == (1, 0, 1)


def test_what_is_not_there_has_no_figure() -> None:
    empty = figures(score([Labelled("x", (), frozenset(), "made")], [[]]).every)
    assert set(empty.values()) == {None}
    assert f_score(0.0, 0.0, 2) == 0.0


def test_the_interval_draws_whole_documents_and_is_the_same_every_time() -> None:
    assert interval([(1, 2)]) is None
    assert interval([(0, 3), (0, 5)]) == (0.0, 0.0)
    bounds = interval([(10, 10), (0, 10)] * 10, seed=1)
    assert bounds == interval([(10, 10), (0, 10)] * 10, seed=1)
    # 20 documents: the share of the first kind has the deviation sqrt(.25/20) = .112
    assert bounds is not None
    assert bounds[0] == pytest.approx(0.5 - 1.96 * 0.112, abs=0.06)
    assert bounds[1] == pytest.approx(0.5 + 1.96 * 0.112, abs=0.06)


def test_groups_hold_the_persons_of_their_texts() -> None:
    found = score([ITEM, ITEM], [[(0, 7, "PERSON")], []])
    assert found.groups == {"one": (1, 4)}
