"""Files that belong together: what is held with what, and what people are told."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from PIL import Image
from runs import Runs

from reports.parted import Parted, fate
from scrubber.companions import PAIRS
from scrubber.errors import UsageError
from scrubber.groups import Beside, partners, relation
from scrubber.model import Member, Outcome
from scrubber.policy import load_policy

TAKEOUT = b'{"photoTakenTime":{}, "geoData":{"latitude":1}}'
CAPTION = "A quiet pier in the morning light.\n"


def picture() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((32, 24), 40).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    """A Live Photo of which the film is cut short, with sidecars, and pictures beside it."""
    runs = Runs(tmp_path)
    runs.write("roll/IMG_0001.JPG", picture())
    runs.write("roll/IMG_0001.MOV", b"\0\0\0\x14ftypqt  \0\0\0\0qt  \0\0\0\x20moov")
    runs.write("roll/IMG_0001.txt", CAPTION)
    runs.write("roll/IMG_0001.JPG.supplemental-meta.json", TAKEOUT)
    runs.write("roll/IMG_0001.JPG.json", TAKEOUT)
    runs.write("roll/IMG_0002.JPG", picture())
    runs.write("roll/IMG_0001/IMG_0001.JPG", picture())
    return runs


def together(path: Path, *pairs: str) -> Path:
    path.write_text(f"[groups]\ntogether = {json.dumps(pairs)}\n")
    return path


@pytest.mark.parametrize(
    ("one", "other", "pair"),
    [
        ("a/x.HEIC", "a/x.MOV", "live"),
        ("x.CR2", "x.JPG", "raw"),
        ("x.CR2", "x.CR2.preview.jpg", ""),
        ("x.jpg", "x-edited.jpg", "copies"),
        ("x.mp4", "x.wav", "copies"),
        ("x.mp4", "x.de.vtt", "captions"),
        ("x.CR2", "x.MOV", ""),
        ("x.jpg", "x.jpg.json", ""),
    ],
)
def test_pairs(one: str, other: str, pair: str) -> None:
    assert relation(one, other) == relation(other, one) == pair
    assert pair in ("", *PAIRS)


@pytest.mark.slow
def test_each_goes_alone_unless_the_policy_says_so(runs: Runs) -> None:
    result, records = runs.here()
    held = {path for path, record in records.items() if record.outcome is Outcome.HELD}
    assert held == {"roll/IMG_0001.MOV"}
    (group,) = result.samples.parted.groups
    assert [(one.path.rpartition("/")[2], fate(one)) for one in group] == [
        ("IMG_0001.MOV", "is held (damaged)"),
        ("IMG_0001.JPG", "goes out"),
        ("IMG_0001.txt", "goes out"),
        ("IMG_0001.JPG.json", "is left out"),
        ("IMG_0001.JPG.supplemental-meta.json", "is left out"),
    ]
    assert Parted.from_fields(result.samples.parted.fields()).fields() == (
        result.samples.parted.fields()
    )
    assert result.log is not None
    page = (result.log / "report.html").read_text()
    assert "Parted from what belongs to it" in page
    (result.log / "report.html").unlink()
    assert runs.scrub("report", str(runs.out)).returncode == 0  # from the log
    assert (result.log / "report.html").read_text() == page


def test_a_pair_is_held_and_what_hangs_on_it(runs: Runs) -> None:
    policy = together(runs.base / "p.toml", "live", "captions")
    result, records = runs.here(policy=str(policy))
    held = {path: record.code for path, record in records.items() if record.code}
    assert held == {
        "roll/IMG_0001.MOV": "damaged",
        "roll/IMG_0001.JPG": "partner-held",
        "roll/IMG_0001.txt": "partner-held",
        "roll/IMG_0001.JPG.json": "companion",
        "roll/IMG_0001.JPG.supplemental-meta.json": "companion",
    }
    assert "IMG_0001.MOV" in records["roll/IMG_0001.JPG"].what
    assert result.samples.parted.count == 0
    outputs = [path for path in (runs.out / "data").rglob("*") if path.is_file()]
    assert len(outputs) == 2
    objects = [path for path in runs.out.rglob("*") if path.is_file()]
    assert not [path for path in objects if CAPTION.encode() in path.read_bytes()]


def test_what_was_held_for_another_is_free_when_that_one_is(runs: Runs) -> None:
    policy = together(runs.base / "p.toml", "live")
    _, records = runs.here(policy=str(policy))
    assert records["roll/IMG_0001.JPG"].code == "partner-held"
    assert records["roll/IMG_0001.txt"].outcome is Outcome.UNCHANGED  # not named by the policy
    (runs.inside / "roll/IMG_0001.MOV").unlink()
    _, records = runs.here(policy=str(policy))
    assert records["roll/IMG_0001.JPG"].outcome is Outcome.UNCHANGED


def test_an_unreadable_half_counts() -> None:
    group = [
        Member(3, "x.MOV", Outcome.CLEANED),
        Member(4, "x.heic", Outcome.HELD, "unreadable"),
        Member(5, "x.aae", Outcome.DROPPED, "companion"),
    ]
    found = list(partners([group], ("live",)))
    assert [(index, error.code) for index, error in found] == [(3, "partner-held")]
    assert not list(partners([group], ("raw", "copies", "captions")))


def test_what_is_held_for_another_holds_on() -> None:
    """The film goes with the picture, which goes with the raw file."""
    group = [
        Member(1, "x.CR2", Outcome.HELD, "unsupported"),
        Member(2, "x.JPG", Outcome.CLEANED),
        Member(3, "x.MOV", Outcome.UNCHANGED),
    ]
    found = dict(partners([group], ("live", "raw")))
    assert "x.JPG, which is held (partner-held)" in str(found[3])
    assert list(dict(partners([group], ("raw",)))) == [2]


def test_a_name_that_is_no_utf8_has_a_group(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for name in (b"\xff1.jpg", b"\xff1.jpeg"):
        Path(os.fsdecode(os.path.join(os.fsencode(runs.inside), name))).write_bytes(picture())
    (runs.inside / os.fsdecode(b"\xff1.mov")).write_bytes(b"\0\0\0\x14ftypqt  \0\0\0\0qt  ")
    result, _ = runs.here()
    assert result.samples.parted.count == 1
    again, _ = runs.here()
    assert again.reused == 2


def test_names_tell_what_belongs_together(runs: Runs) -> None:
    found = Beside().of(str(runs.inside / "roll/IMG_0001.JPG"))
    assert found == (
        ("IMG_0001.JPG.json", False),
        ("IMG_0001.JPG.supplemental-meta.json", True),
        ("IMG_0001.MOV", False),
        ("IMG_0001.txt", False),
    )
    assert Beside().of(str(runs.inside / "roll/IMG_0002.JPG")) == ()


@pytest.mark.slow
def test_inspect_says_so(runs: Runs) -> None:
    done = runs.scrub("inspect", str(runs.inside))
    assert "Belongs together with: IMG_0001.JPG.json, " in done.stdout
    assert "is left out: Google Takeout keeps" in done.stdout


def test_a_pair_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lives"):
        load_policy(str(together(tmp_path / "p.toml", "lives")))
    none = load_policy(str(together(tmp_path / "p.toml")), {"groups": {"together": []}})
    assert "groups.together: without 'live'" in none.weaker_than("strict")
