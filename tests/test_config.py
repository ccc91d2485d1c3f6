"""Configuration cannot betray: it is found outside the input, and a mistake in it is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.config import Config, find_config, load_config
from scrubber.errors import FolderError, UsageError
from scrubber.policy import load_policy


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_nothing_is_set(tmp_path: Path) -> None:
    assert load_config(start=tmp_path).policy is None


def test_the_nearest_file_upwards_is_used_and_named(tmp_path: Path) -> None:
    write(tmp_path / "scrub.toml", 'policy = "strict"')
    near = write(tmp_path / "a" / "scrub.toml", 'policy = "mine.toml"\nout = "clean"\njobs = 3')
    below = tmp_path / "a" / "b"
    below.mkdir()
    config = load_config(start=below)
    assert config.file == near
    assert config.policy == str(near.parent / "mine.toml")
    assert config.out == near.parent / "clean"
    assert dict(config.origin) == {
        "policy": "scrub.toml: policy",
        "out": "scrub.toml: out",
        "jobs": "scrub.toml: jobs",
    }


def test_a_project_file_counts_only_with_our_table(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", '[tool.scrub]\npolicy = "strict"')
    write(tmp_path / "a" / "pyproject.toml", '[tool.other]\npolicy = "weak"')
    assert load_config(start=tmp_path / "a").policy == "strict"


def test_a_file_inside_the_input_is_never_read(tmp_path: Path) -> None:
    inside = write(tmp_path / "in" / "scrub.toml", 'policy = "weak.toml"')
    assert find_config(inside.parent, [tmp_path / "in"]) is None
    assert load_config(start=inside.parent, inputs=[inside.parent]) == Config()
    write(tmp_path / "scrub.toml", 'policy = "strict"')
    assert load_config(start=inside.parent, inputs=[inside.parent]).policy == "strict"
    with pytest.raises(UsageError, match="inside the input"):
        load_config(inside, inputs=[tmp_path / "in"])


def test_a_link_into_the_input_is_inside_it_too(tmp_path: Path) -> None:
    inside = write(tmp_path / "in" / "scrub.toml", 'policy = "strict"')
    link = tmp_path / "link.toml"
    link.symlink_to(inside)
    with pytest.raises(UsageError, match="inside the input"):
        load_config(link, inputs=[tmp_path / "in"])


def test_overrides_reach_the_policy(tmp_path: Path) -> None:
    write(tmp_path / "scrub.toml", '[overrides.entities]\nDATE = "mask"')
    overrides = load_config(start=tmp_path).overrides
    policy = load_policy("standard", dict(overrides or {}))
    assert "DATE" not in policy.text_keep


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('polcy = "strict"', "policy"),
        ('people = ["Ann Example"]', "private list"),
        ('[overrides]\npeople = ["Ann Example"]', "private list"),
        ('[overrides.entities]\nPERSN = "keep"', "PERSON"),
        ('keep = ["PERSN"]', "PERSON"),
        ('keep = "PERSON"', "list"),
        ("jobs = true", "number"),
        ("jobs = -1", "number"),
        ('verify = "deocde"', "decode"),
        ("out = 3", "text"),
        ("policy", "TOML"),
    ],
)
def test_a_mistake_is_an_error_with_a_hint(tmp_path: Path, text: str, hint: str) -> None:
    file = write(tmp_path / "scrub.toml", text)
    with pytest.raises(UsageError) as caught:
        load_config(file)
    assert hint in str(caught.value)


def test_a_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(FolderError, match=r"none\.toml"):
        load_config(tmp_path / "none.toml")
