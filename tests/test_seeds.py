"""What metadata and names teach."""

from __future__ import annotations

import pytest

from scrubber.model import Action
from scrubber.plan import Found
from scrubber.seeds import from_metadata, from_name


def found(entity: str, words: str) -> Found:
    return Found(entity, "here", Action.DROP, "structure", words.encode(), bytes.decode)


def test_a_field_with_several_names_teaches_each() -> None:
    seeds = from_metadata([found("CREATOR", "Elizabeth Bennet, John Watson and Emma Woodhouse")])
    assert {seed.text for seed in seeds} >= {"Elizabeth Bennet", "John Watson", "Emma Woodhouse"}
    assert {seed.entity for seed in seeds} == {"PERSON"}


def test_settings_teach_nothing() -> None:
    assert from_metadata([found("CAMERA_SETTINGS", "f/8"), found("CREATOR", "  ")]) == []


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("Elizabeth Bennet wedding/IMG_0001.jpg", ["Elizabeth Bennet"]),
        ("work/Bennet_Woodhouse_final.txt", ["Bennet Woodhouse"]),
        ("DCIM/100CANON/IMG_0001.JPG", []),
        ("Holiday Pictures/Blue Sky.jpg", []),
        ("Bennet/a.jpg", []),
    ],
)
def test_two_capitalised_words_that_are_not_common_are_a_name(path: str, names: list[str]) -> None:
    whole = [seed.text for seed in from_name(path) if not seed.scope]
    assert whole[:1] == names
    assert all(name in path.replace("_", " ") for name in names)
