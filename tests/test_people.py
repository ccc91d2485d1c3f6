"""The private list is read whole or refused, and no message repeats what it holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.errors import UsageError
from scrubber.people import load_people, people_files

LIST = """
[[people]]
name = "Ann  Example"
aliases = ["Annie", "@annexample", "ann@example.com"]

[[places]]
name = "Example Heights"

[[places]]
name = "12 Example Street"
entity = "ADDRESS"

[[words]]
name = "Project Heron"
entity = "ORGANIZATION"
"""


def test_every_name_and_alias_gets_its_entity(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text(LIST, encoding="utf-8")
    assert load_people([path, path]) == [
        ("12 Example Street", "ADDRESS"),
        ("@annexample", "SOCIAL_HANDLE"),
        ("Ann Example", "PERSON"),
        ("Annie", "PERSON"),
        ("Example Heights", "PLACE_NAME"),
        ("Project Heron", "ORGANIZATION"),
        ("ann@example.com", "EMAIL_ADDRESS"),
    ]


def test_it_is_looked_for_in_the_audit_folder_and_the_users_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert people_files(tmp_path) == []
    own = tmp_path / "config" / "prescrub" / "people.toml"
    own.parent.mkdir(parents=True)
    for path in (own, tmp_path / "people.toml"):
        path.write_text(LIST, encoding="utf-8")
    assert people_files(tmp_path) == [own, tmp_path / "people.toml"]


@pytest.mark.parametrize(
    "text",
    [
        '[[people]]\nname = "Zebediah Example"\nnick = "Zeb"',
        '[[people]]\nname = ["Zebediah Example"]',
        '[[people]]\nname = "Z"',
        '[[people]]\nname = "Zebediah Example"\naliases = "Zeb"',
        '[[words]]\nname = "Zebediah Example"',
        '[people]\nname = "Zebediah Example"',
        'people = ["Zebediah Example"]',
        '[[persons]]\nname = "Zebediah Example"',
        '[[people]]\nname = "Zebediah Example\n',
    ],
)
def test_a_mistake_is_refused_without_repeating_the_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_people([path])
    assert "people.toml" in str(caught.value)
    assert "Zeb" not in str(caught.value)
