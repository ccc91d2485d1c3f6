"""One tag for one person, and never one for two."""

from __future__ import annotations

import re

import pytest

from detectors.persons import People
from detectors.placeholders import placeholder
from scrubber.bench import Setup, prepare
from scrubber.containers import table
from scrubber.join import chunks
from scrubber.looked import passages_of
from scrubber.model import Action
from scrubber.nesting import parse
from scrubber.plan import plan
from scrubber.policy import load_policy
from scrubber.source import MemorySource
from scrubber.texts import LearntSpan, Masker

KEY = b"k" * 32


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zoltana Quist", "Quist, Zoltana"),
        ("Zoltana Quist", "QUIST Zoltana"),
        ("Zoltana Quist", "Dr. Zoltana Quist's"),
        ("Zoltána Quist", "Zoltana Quist"),
        ("Юлия Квист", "Yuliya Kvist"),
        ("Jürgen Quist", "Juergen Quist"),
    ],
)
def test_a_full_name_is_one_person_however_written(one: str, other: str) -> None:
    assert placeholder(KEY, "PERSON", one) == placeholder(KEY, "PERSON", other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Thomas James", "James Thomas"),
        ("Zoltana Quist", "Zoltan Quist"),
        ("Zoltana Quist", "Quist"),
        ("Zoltana M. Quist", "Zoltana Quist"),
    ],
)
def test_across_the_batch_nothing_else_is_linked(one: str, other: str) -> None:
    assert placeholder(KEY, "PERSON", one) != placeholder(KEY, "PERSON", other)


@pytest.mark.parametrize(
    "part", ["Quist", "Zoltana", "Z. Quist", "Quist, Z.", "Zoltana Q.", "Dr. Quist"]
)
def test_a_part_of_the_only_name_is_that_person(part: str) -> None:
    assert People(["Zoltana Quist", "Marlowe Tan", part]).full(part) == "Zoltana Quist"


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("Quist", ["Zoltana Quist", "Marlowe Quist"]),
        ("Z. Quist", ["Zoltana Quist", "Zander Quist"]),
        ("Quist", ["Zoltana Marie Quist", "Zoltana Anna Quist", "Zoltana Quist"]),
        ("M. Quist", ["Zoltana Quist"]),
        ("Quista", ["Zoltana Quist"]),
        ("Q", ["Zoltana Quist"]),
        ("Quist", []),
    ],
)
def test_a_part_of_two_names_or_of_none_stays_itself(part: str, names: list[str]) -> None:
    assert People([*names, part]).full(part) == part


def test_a_shorter_full_name_is_the_longer_one() -> None:
    people = People(["Zoltana Quist", "Zoltana Marie Quist", "Quist"])
    assert people.full("Zoltana Quist") == people.full("Quist") == "Zoltana Marie Quist"


def test_ten_thousand_names_with_one_word_in_common_end() -> None:
    names = [f"{chr(97 + n % 26)}{n:x} Quist".replace("0", "o") for n in range(10_000)]
    assert People(names).full("Quist") == "Quist"


def masked(text: str) -> str:
    """`text` with every name of the Quists and Tans masked."""
    source = MemorySource(text.encode())
    parsed = parse(source, table()["text"])
    spans = [
        LearntSpan(number, index, *match.span(), "PERSON", 0.9, "test")
        for number, index, _, _, passage in passages_of(parsed)
        for match in re.finditer(
            r"Quist, Zoltana|(?:(?:Zoltana|Z\.|Marlowe) )?Quist|Zoltana", passage.text
        )
    ]
    text_tools = prepare(Setup(load_policy("standard"), "", KEY, KEY, "", False, False)).text
    masker = Masker(
        lambda *_: Action.EDIT, lambda *_: Action.EDIT, text_tools.placeholder,
        None, text_tools.merge, lambda *_: [], "a.txt",
    )  # fmt: skip
    made = plan(parsed, lambda *_: Action.EDIT, masker.masks(parsed, spans).by_container)
    assert made.joined is not None
    return b"".join(chunks(made.joined, source)).decode()


def test_one_text_one_person_one_tag() -> None:
    text = (
        "Quist came early.\n\nZoltana Quist spoke; Quist, Zoltana. So Zoltana left.\n\nZ. Quist\n"
    )
    tags = re.findall(r"\[PERSON-\w+\]", masked(text))
    assert len(tags) == 5
    assert set(tags) == {placeholder(KEY, "PERSON", "Zoltana Quist")}


def test_two_of_a_family_are_not_mixed() -> None:
    tags = re.findall(r"\[PERSON-\w+\]", masked("Zoltana Quist met Marlowe Quist. Quist left.\n"))
    assert len(set(tags)) == 3
