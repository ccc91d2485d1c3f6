"""A policy says what it says, and a typo never weakens it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.entities import CATALOGUE
from scrubber.errors import FolderError, UsageError
from scrubber.model import Action
from scrubber.policy import Verdict, load_policy
from scrubber.policy_file import PRESETS

MUST_GO = [
    *("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "ADDRESS", "CREDIT_CARD", "NATIONAL_ID"),
    *("API_KEY", "PASSWORD", "PRIVATE_KEY", "DATE_OF_BIRTH", "COORDINATES", "LOCATION"),
]


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_decides_about_every_entity(preset: str) -> None:
    policy = load_policy(preset)
    assert [name for name, _ in policy.verdicts] == list(CATALOGUE)
    for name in MUST_GO:
        assert policy.text_action(name) is Action.EDIT
        assert policy.action(name) is Action.DROP


def test_standard_keeps_the_content_of_texts_and_strict_does_not() -> None:
    standard, strict = load_policy("standard"), load_policy("strict")
    for name in ("DATE", "ORGANIZATION", "URL", "NRP"):
        assert standard.text_action(name) is Action.KEEP
        assert standard.action(name) is Action.DROP
        assert strict.text_action(name) is Action.EDIT
    assert strict.kept == ()
    assert (standard.not_checked, strict.not_checked) == ("note", "hold")
    assert (standard.small_model, strict.small_model) == ("note", "hold")


def test_keep_credit_is_standard_but_for_the_credit() -> None:
    credit, standard = load_policy("keep-credit"), load_policy("standard")
    changed = {a[0] for a, b in zip(credit.verdicts, standard.verdicts, strict=True) if a != b}
    assert changed == {"CREATOR", "COPYRIGHT_NOTICE", "CREDIT_LINE", "USAGE_TERMS"}
    assert all(credit.keeps(name) for name in changed)


def test_an_entity_outside_the_catalogue_is_an_error() -> None:
    with pytest.raises(UsageError, match="PHONE_NUMBER"):
        load_policy("standard").action("PHONE_NUMBR")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('[entities]\nPERSN = "keep"', "PERSON"),
        ('[entities]\nperson = "keep"', "PERSON"),
        ('[entities]\nPERSON = "maks"', "mask"),
        ('[kinds]\nlocaton = "keep"', "location"),
        ('[entitys]\nPERSON = "keep"', "entities"),
        ('base = "strickt"', "strict"),
        ("[limits]\nmax_deth = 3", "max_depth"),
        ('[limits]\nmax_depth = "3"', "number"),
        ("[limits]\nmax_depth = true", "number"),
        ("[limits]\nseconds = -1", "number"),
        ('[text]\nkeep = ["DATES"]', "DATE"),
        ('[text]\nkeep = "DATE"', "list"),
        ('[text]\nlanguages = ["English"]', "language"),
        ('[accept]\nnot_checked = ["FACES"]', "FACE"),
        ('[names]\nmode = "kept"', "keep"),
        ('people = ["Ann Example"]', "private list"),
        ('[text]\nwords = ["Ann Example"]', "private list"),
        ('entities = "keep"', "table"),
        ('name = "strict"', "preset"),
        ('name = "of Ann Example"', "published"),
        ("= 3", "not TOML"),
    ],
)
def test_a_mistake_is_refused_with_the_nearest_name(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        load_policy(write(tmp_path, text))
    assert hint in str(caught.value)


def test_an_unknown_preset_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="'strict'"):
        load_policy("stric")


def test_a_missing_file_is_no_usage_error() -> None:
    with pytest.raises(FolderError, match=r"absent\.toml"):
        load_policy("/nonexistent/absent.toml")


def test_what_a_file_does_not_say_its_base_says(tmp_path: Path) -> None:
    path = write(tmp_path, 'base = "strict"\n[entities]\nENCODER = "keep"\n')
    policy, strict = load_policy(path), load_policy("strict")
    assert policy.name == "mine"
    assert policy.base == "strict"
    assert policy.keeps("ENCODER")
    assert policy.limits == strict.limits
    assert policy.weaker_than("strict") == ["ENCODER: keep instead of remove"]


def test_an_entity_named_by_the_user_is_no_longer_kept_in_texts(tmp_path: Path) -> None:
    by_entity = load_policy(write(tmp_path, '[entities]\nDATE = "mask"\n'))
    assert by_entity.text_action("DATE") is Action.EDIT
    assert by_entity.text_action("URL") is Action.KEEP
    by_kind = load_policy(write(tmp_path, '[kinds]\ntime = "remove"\n'))
    assert by_kind.text_action("DATE") is Action.EDIT


def test_a_kind_named_by_the_user_overrides_the_base_entity(tmp_path: Path) -> None:
    assert load_policy("keep-credit").verdict("CREATOR") is Verdict.KEEP
    path = write(tmp_path, 'base = "keep-credit"\n[kinds]\ncredit = "remove"\n')
    assert load_policy(path).verdict("CREATOR") is Verdict.REMOVE


def test_keep_on_the_command_line_counts_in_metadata_and_texts() -> None:
    policy = load_policy("strict", keep=["DATE", "CAPTION"])
    assert policy.kept == ("CAPTION", "DATE")
    assert policy.text_action("DATE") is Action.KEEP
    with pytest.raises(UsageError, match="CAPTION"):
        load_policy("strict", keep=["CAPTON"])


def test_overrides_lie_on_top() -> None:
    policy = load_policy("standard", {"names": {"mode": "keep"}, "limits": {"seconds": 5}})
    assert policy.names_mode == "keep"
    assert policy.limits.deadline(10_000_000) == pytest.approx(7.0)
    assert policy.weaker_than("standard") == ["names.mode: 'keep' instead of 'private'"]
    with pytest.raises(UsageError, match="mode"):
        load_policy("standard", {"names": {"mod": "keep"}})


def test_the_digest_is_of_the_rules_not_of_the_name(tmp_path: Path) -> None:
    same = load_policy(write(tmp_path, 'base = "strict"\n[entities]\nPERSON = "remove"\n'))
    assert same.sha256 == load_policy("strict").sha256
    other = load_policy("strict", {"limits": {"max_depth": 3}})
    assert other.sha256 != same.sha256
    assert len({load_policy(preset).sha256 for preset in PRESETS}) == len(PRESETS)


def test_weaker_rules_are_named_one_by_one(tmp_path: Path) -> None:
    assert all(load_policy(preset).weaker_than(preset) == [] for preset in PRESETS)
    weak = load_policy(
        write(tmp_path, '[accept]\nnot_checked = ["FACE"]\n[text]\nunknown_language = "note"\n')
    )
    assert weak.weaker_than("standard") == [
        "text.unknown_language: 'note' instead of 'hold'",
        "FACE: accepted without looking",
    ]
    assert weak.unaccepted(["FACE", "SPEECH"]) == ("SPEECH",)
    assert "DATE: kept in texts" in load_policy("standard").weaker_than("strict")


@pytest.mark.parametrize(
    ("written", "models"),
    [
        ('"encoder"', ("encoder",)),
        ('"small"', ("small",)),
        ('"none"', ("none",)),
        ('["encoder", "spacy:en_core_web_sm", "encoder"]', ("encoder", "spacy:en_core_web_sm")),
        ('"gliner:/models/one"', ("gliner:/models/one",)),
    ],
)
def test_models_are_named_by_kind(tmp_path: Path, written: str, models: tuple[str, ...]) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f"[text]\nmodel = {written}\n", encoding="utf-8")
    assert load_policy(str(file)).text_models == models


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('"encodr"', "Did you mean 'encoder'"),
        ('"en_core_web_lg"', "spacy:en_core_web_lg"),
        ('"gliner:"', "It is one of"),
        ('["encoder", "none"]', "a list"),
        ("[]", "a list"),
    ],
)
def test_a_model_of_no_kind_is_refused(tmp_path: Path, written: str, said: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f"[text]\nmodel = {written}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=said):
        load_policy(str(file))
