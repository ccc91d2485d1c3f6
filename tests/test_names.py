from __future__ import annotations

import random
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.known import KnownValues
from detectors.names import inspect_component, is_placeholder
from scrubber.names import Entry, plan_names, rewrite_references
from scrubber.portable import fold, is_device, portable
from scrubber.suffixes import split

KEY = bytes(range(32))


def plan(*paths: str, suffix: str = ".jpg", keep: bool = False) -> dict[str, str]:
    entries = [(n, path, suffix, None) for n, path in enumerate(paths)]
    made = plan_names(entries, tag_key=KEY, policy_keep=keep)
    return {path: made[n] for n, path in enumerate(paths)}


STAYS = """DSC_1234|IMG_0001|DSCN0021|_MG_1234|P1010001|GOPR0001|DJI_0001|MVI_1234|100CANON|DCIM
100APPLE|track 01|chapter-03|img001|12|0001|beach sunset|BeachSunset|beach (1)|IMG_1234 (1)
IMG_1234-edited|image00971|readme|src|v2|page 1 of 3|train_0003|DSC01234|3rd take|mp3 files"""
PRIVATE = """IMG_20240101_101112|Screenshot 2024-05-01|Screenshot_20240101-101112_com.app
WhatsApp Image 3|IMG-20240101-WA0001|jane|JaneDoe|jane.doe@example.com|+1 555 010 0199|5550100199
52.5200,13.4050|rose|Paris|will smith|mark|12 high street|2023|beach 2023|may|photo-marshall
01-02-99|100SMITH|Nikon_D70|J. Doe|PXL_20240101|90210|photo 90210|image 010190|P7150023
192.0.2.1|janedoe42|beach\n|IMG_1234 Jane|240501|1714550400|x\u202ey|москва|photo-abcdefg2aa"""


@pytest.mark.parametrize("name", re.split(r"[|\n]", STAYS))
def test_common_words_and_camera_counters_stay(name: str) -> None:
    assert not inspect_component(name).private


@pytest.mark.parametrize("name", re.split(r"\||\n(?!\|)", PRIVATE))
def test_everything_else_is_private(name: str) -> None:
    verdict = inspect_component(name)
    assert verdict.private
    assert verdict.entity
    assert verdict.reason


def test_the_verdict_names_its_entity() -> None:
    expected = {
        "jane.doe@example.com": "EMAIL_ADDRESS",
        "IMG_20240101_101112": "DATE",
        "555-010-0199": "PHONE_NUMBER",
        "550e8400-e29b-41d4-a716-446655440000": "UUID",
        "52.5200,13.4050": "COORDINATES",
        "WhatsApp Image": "SOFTWARE",
        "12 high street": "ADDRESS",
    }
    assert {name: inspect_component(name).entity for name in expected} == expected


def test_private_parts_become_kind_and_tag() -> None:
    new = plan("Jane/DSC_0001.JPG", "Jane/rome 2024.jpg", "beach/Jane/x.jpg")
    folder, name = new["Jane/DSC_0001.JPG"].split("/")
    assert name == "DSC_0001.JPG"
    assert re.fullmatch(r"folder-[a-z2-7]{10}", folder)
    assert new["Jane/rome 2024.jpg"].startswith(f"{folder}/photo-")
    assert new["beach/Jane/x.jpg"].startswith(f"beach/{folder}/photo-")


def test_another_key_gives_another_tag() -> None:
    entry = [(0, "jane.jpg", ".jpg", None)]
    assert plan_names(entry, tag_key=KEY)[0] != plan_names(entry, tag_key=b"x" * 32)[0]


def test_pairs_keep_one_stem() -> None:
    entries: list[Entry] = [
        (0, "a/Jane.JPG", ".jpg", "g"),
        (1, "a/Jane.CR2", ".cr2", "g"),
        (2, "a/Jane.txt", ".txt", None),
        (3, "a/Jane.JPG.txt", ".txt", None),
        (4, "labels/jane.txt", ".txt", None),
    ]
    new = [path.rpartition("/")[2] for path in plan_names(entries, tag_key=KEY).values()]
    stem = new[0].removesuffix(".jpg")
    assert new[:4] == [f"{stem}.jpg", f"{stem}.cr2", f"{stem}.txt", f"{stem}.jpg.txt"]
    assert new[4].partition("-")[2] == f"{stem.partition('-')[2]}.txt"


def test_the_suffix_is_the_contents() -> None:
    assert plan("sunset.jpg", suffix=".png") == {"sunset.jpg": "sunset.png"}
    assert plan("sunset.JPEG") == {"sunset.JPEG": "sunset.JPEG"}
    assert plan("main.py", "Makefile", suffix=".txt") == {
        "main.py": "main.py",
        "Makefile": "Makefile",
    }
    assert plan("Jane Doe", suffix=".txt")["Jane Doe"].endswith(".txt")
    assert sorted(plan("a.jpg", "a.png", suffix=".png").values())[1] == "a.png"


def test_suffixes_of_pairs_and_odd_names() -> None:
    assert split("a.JPG.txt", ".txt") == ("a", ".JPG", ".txt")
    assert split("report.smith", ".txt") == ("report.smith", "", "")
    assert split(".jpg", ".jpg") == (".jpg", "", "")


def test_a_known_value_is_never_kept() -> None:
    known = KnownValues([("summer beach holiday", "PLACE_NAME", ""), ("lighthouse", "PERSON", "a")])
    entries = [(0, "beach holiday.jpg", ".jpg", None), (1, "a/lighthouse.jpg", ".jpg", None),
               (2, "beach/lighthouse.jpg", ".jpg", None)]  # fmt: skip
    new = plan_names(entries, tag_key=KEY, known=known)
    assert new[0] == "beach holiday.jpg"
    assert new[1].startswith("a/photo-")
    assert new[2] == "beach/lighthouse.jpg"


def test_case_collisions_are_parted_without_regard_to_order() -> None:
    paths = ["Beach.jpg", "beach.jpg", "BEACH.jpg", "a/B/c.jpg", "a/b/c.jpg", "A/b/c.jpg"]
    new = plan(*paths, keep=True)
    assert len({fold(path) for path in new.values()}) == len(paths)
    assert plan(*paths[::-1], keep=True) == new


def test_a_name_that_was_parted_once_can_be_parted_again() -> None:
    first = plan("beach.jpg", "Beach.jpg")
    parted = max(first.values(), key=len).removesuffix(".jpg")
    entries: list[Entry] = [(0, f"{parted}.jpg", ".jpg", None), (1, f"{parted}.png", ".jpg", None)]
    second = plan_names(entries, tag_key=KEY)
    assert len(set(second.values())) == 2
    again = plan_names([(n, second[n], ".jpg", None) for n in second], tag_key=KEY)
    assert dict(again) == dict(second)


HOSTILE = [
    "a\nb.jpg", "x\u202egpj.exe", "caf\udce9.jpg", "cafe\u0301.jpg", "🏖️ beach.jpg",
    "n" * 251 + ".jpg",
    "CON.txt", "con", "aux.tar.gz", "COM1 .jpg", "trail. .", "trail...", " lead", "-rf", "--help",
    ".hidden", "%0A.jpg", "a:b*c?.jpg", 'q"<>|.jpg', "\u200b", "...", "~$report.docx", "é" * 120,
    "a.jpg" + ".jpg" * 60, "ſtreet.jpg", "Straße.jpg", "STRASSE.jpg", "LPT¹.txt", "\x1b[31m.jpg",
    "nul", "bagit.txt", "beach\u00a0", "\udcff", "a\\b.jpg",
]  # fmt: skip
NAME = st.one_of(
    st.sampled_from(HOSTILE),
    st.sampled_from(["beach", "Beach", "sunset.jpg", "SUNSET.JPG", "DSC_0001.jpg", "Jane.jpg",
                     "jane.txt", "photo", "a.png", "a.jpg", "con.jpg", "n" * 150 + ".jpg",
                     "beach " * 30 + ".jpg", "-beach.jpg", "beach .jpg", "beach."]),
    st.text(min_size=1, max_size=12).filter(lambda s: "/" not in s and s not in (".", "..")),
    st.text("aAbB .-_12é", min_size=1, max_size=6).filter(lambda s: s not in (".", "..")),
)  # fmt: skip
SUFFIX = st.sampled_from([".jpg", ".png", ".txt", "", ".mp3", ".csv"])


@st.composite
def batches(draw: st.DrawFn) -> list[Entry]:
    """Files in folders; no path is both."""
    paths = draw(st.lists(st.lists(NAME, min_size=1, max_size=3), max_size=12))
    files = {"/".join(parts) for parts in paths}
    folders = {path.rpartition("/")[0] for path in files}
    folders |= {folder.rpartition("/")[0] for folder in folders}
    chosen = sorted(files - folders)
    return [(n, path, draw(SUFFIX), None) for n, path in enumerate(chosen)]


def check_portable(path: str) -> None:
    for part in path.split("/"):
        assert part
        assert len(part.encode()) <= 200
        assert unicodedata.is_normalized("NFC", part)
        assert not any(unicodedata.category(c)[0] == "C" for c in part)
        assert not set(part) & set('%\\:*?"<>|')
        assert part == part.strip(" ")
        assert not part.startswith(("-", "."))
        assert not part.endswith(".")
        assert not is_device(part)


@given(batches(), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_plans_are_portable_unique_ordered_by_nothing_and_settled(
    entries: list[Entry], keep: bool, dice: random.Random
) -> None:
    made = plan_names(entries, tag_key=KEY, policy_keep=keep)
    assert list(made) == [index for index, *_ in entries]
    for path in made.values():
        check_portable(path)
    tree = {path[:at] for path in made.values() for at in (*slashes(path), len(path))}
    assert len({fold(path) for path in tree}) == len(tree)
    assert len(set(made.values())) == len(entries)
    shuffled = list(entries)
    dice.shuffle(shuffled)
    assert dict(plan_names(shuffled, tag_key=KEY, policy_keep=keep)) == dict(made)
    again = [(index, made[index], suffix, None) for index, _, suffix, _ in entries]
    assert dict(plan_names(again, tag_key=KEY, policy_keep=keep)) == dict(made)
    assert all(made.original(index).count("/") == made[index].count("/") for index in made)


def slashes(path: str) -> list[int]:
    return [at for at, char in enumerate(path) if char == "/"]


@given(st.text(max_size=40))
@settings(max_examples=200)
def test_portable_settles(name: str) -> None:
    assert portable(portable(name)) == portable(name)


def test_a_look_alike_of_a_placeholder_is_not_believed() -> None:
    assert not is_placeholder("photo-marshallxy")
    made = plan("jane.jpg")["jane.jpg"]
    assert is_placeholder(made.removesuffix(".jpg"))


def test_references_follow_the_names() -> None:
    entries: list[Entry] = [
        (0, "Jane 2024/jane portrait.jpg", ".jpg", None),
        (1, "Jane 2024/notes.txt", ".txt", None),
        (2, "sunset.jpg", ".jpg", None),
    ]
    made = plan_names(entries, tag_key=KEY)
    text = (
        "See the jane portrait.jpg, ![x](../Jane%202024/jane%20portrait.jpg), sunset.jpg,\n"
        r'"C:\pics\jane portrait.jpg" and other.jpg.'
    )
    spans = rewrite_references(text, made, "Jane 2024")
    new = made[0].rpartition("/")[2]
    for start, end, fresh in reversed(spans):
        text = text[:start] + fresh + text[end:]
    assert text == (
        f"See the {new}, ![x](../{made[0]}), sunset.jpg,\n" rf'"C:\pics\{new}" and other.jpg.'
    )


def test_a_shared_name_means_the_nearest_file() -> None:
    entries: list[Entry] = [(0, "a/index.jpg", ".png", None), (1, "b/index.jpg", ".jpg", None)]
    made = plan_names(entries, tag_key=KEY)
    assert rewrite_references("index.jpg", made, "a") == [(0, 9, "index.png")]
    assert rewrite_references("index.jpg", made, "b") == []
    assert rewrite_references("a/index.jpg", made, "b") == [(0, 11, "a/index.png")]
