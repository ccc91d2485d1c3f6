"""The benchmarks' own parts: material, turns, ratios, tables. What they measure is not judged."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import wave
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from benchmarks import material
from benchmarks.codings import MADE
from benchmarks.comparing import HEADER, Group, Subject, rows_of
from benchmarks.comparing import End as Ended
from benchmarks.looks import look, same
from benchmarks.material import Scale
from benchmarks.measure import ROOT, SCRUB, Run, of, run, take_turns, wall
from benchmarks.media import Case, comparison
from benchmarks.needles import Planter
from benchmarks.peers import Cleaned, Peer
from benchmarks.picture_places import cases
from benchmarks.planting import make
from benchmarks.remnants import decoded, left, said_of
from benchmarks.structural import structural, structural_exifread, structural_exiv2
from benchmarks.tables import Table


def test_without_the_corpora_photos_are_made_from_sample_media(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(material, "SHARED", tmp_path / "nowhere")
    made = material.photos(tmp_path / "photos", 10)
    files = sorted(made.folder.iterdir())
    assert "sample_media" in made.origin
    assert len(files) == made.count >= 10
    assert sum(path.stat().st_size for path in files) == made.size
    with Image.open(files[0]) as picture:
        picture.load()


def test_a_large_recording_takes_no_room(tmp_path: Path) -> None:
    path = tmp_path / "silence.wav"
    size = 64 << 20
    material.sparse_wav(path, size)
    assert size - 4 <= path.stat().st_size <= size
    assert path.stat().st_blocks * 512 < 1 << 20
    with wave.open(str(path)) as sound:
        assert sound.getnchannels() == 2
        assert sound.getnframes() * 4 < size


def test_candidates_take_turns_and_are_compared_in_their_round() -> None:
    order: list[str] = []

    def candidate(name: str, walls: list[float]) -> Run:
        order.append(name)
        return Run(walls[order.count(name) - 1], 1.0)

    runs = take_turns(
        {
            "a": lambda: candidate("a", [1.0, 20.0, 3.0]),
            "b": lambda: candidate("b", [2.0, 10.0, 6.0]),
        },
        3,
    )
    assert order == ["a", "b"] * 3
    assert wall(runs["a"]) == 3.0
    assert of(runs, "a", "b") == 0.5
    assert of(runs, "a", "b", "cpu") == 1.0


def test_memory_of_processes_below_is_counted() -> None:
    hold = "import time; data = bytearray(b'x' * (64 << 20)); time.sleep(0.4)"
    below = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}], check=True)"
    each = run([sys.executable, "-c", below], watch=True)
    assert each.peak > 64 << 20 > each.first > 0


def test_a_command_that_fails_is_no_figure() -> None:
    with pytest.raises(RuntimeError, match="what was said"):
        run([sys.executable, "-c", "print('what was said'); raise SystemExit(9)"])


def test_the_command_under_test_is_this_checkout() -> None:
    assert run([*SCRUB, "--version"]).output.startswith("scrub ")
    assert str(ROOT) in SCRUB


def test_a_table_is_markdown() -> None:
    table = Table("Title", "What it says.", ("", "wall"), notes=["A note."])
    table.add("scrub", "1.00 s")
    assert table.markdown().splitlines() == [
        "## Title", "", "What it says.", "", "|  | wall |", "| --- | ---: |",
        "| scrub | 1.00 s |", "", "- A note.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nonsense"], "startup, photos"), (["--write", "--small"], "usual size")],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], said: str) -> None:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 2
    assert said in " ".join(ended.stderr.split())


def test_words_are_found_in_every_form(tmp_path: Path) -> None:
    planter = Planter("a file")
    text = planter.text("title")
    needles = planter.needles.values()
    path = tmp_path / "file"
    forms = [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
    forms += [base64.b64encode(b"." * shift + text.encode() + b"...") for shift in range(3)]
    for form in forms:
        path.write_bytes(b"before" + form + b"after")
        assert left(path, needles, "") == ("title",)
    path.write_bytes(b"nothing")
    assert left(path, needles, f'{{"Title": "{text}"}}') == ("title",)
    assert left(path, needles, "Example") == ()
    assert Planter("another").text("title") != text


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_frames_are_told_apart_and_tags_are_not(tmp_path: Path) -> None:
    coding = next(row for row in MADE if row.row == "flac")
    path, planter, plain = make(coding, tmp_path / "in")
    said = said_of(tmp_path / "in")[path]
    planted = left(path, planter.needles.values(), said)
    assert {"title", "PICTURE's Exif", "comment of its own", "encoder"} <= set(planted)
    assert plain == decoded(path) != ()
    louder = tmp_path / "louder.flac"
    run(["ffmpeg", "-v", "error", "-i", str(path), "-af", "volume=1.1", "-map", "0:a", str(louder)])
    assert decoded(louder) != plain


def _case(**ends: tuple[bool, tuple[str, ...], bool]) -> Case:
    case = Case("mp3", "MP3", Path("recording.mp3"), planted=("title", "cover"))
    for name, (written, places, changed) in ends.items():
        out = Path("out") if written else None
        case.ends[name] = Ended(out, places, ("decoded frames changed",) if changed else ())
    return case


def test_who_is_better_is_said_with_the_file_and_the_value() -> None:
    tools = ("scrub", "other")
    equal = _case(scrub=(True, (), False), other=(True, (), False))
    worse = _case(scrub=(True, ("title",), False), other=(True, (), False))
    cheated = _case(scrub=(True, ("title",), False), other=(True, (), True))
    refused = _case(scrub=(False, (), False), other=(True, ("title", "cover"), False))
    table = comparison([equal, worse, cheated, refused], tools, {"scrub": 2.0, "other": 3.0})
    assert table.rows == [
        ("mp3", "4", "8", "2 / 0 / 1", "2 / 1 / 0"),
        ("all", "4", "8", "2 / 0 / 1", "2 / 1 / 0"),
        ("time", "", "", "2.00 s, 1.00×", "3.00 s, 1.50×"),
    ]
    assert table.notes.count("mp3 (MP3): scrub leaves title.") == 2
    assert table.notes.count("mp3 (MP3): better than scrub: other.") == 2
    assert table.notes[-1].endswith("in 2 of 4 files.")


@pytest.mark.parametrize(
    ("tag", "value", "known"),
    [
        ("IFD0:Orientation", "Rotate 90 CW", True),
        ("IFD12:StripOffsets", "8", True),
        ("IFD0:Artist", "Anne Example", False),
        ("MPEG:Encoder", "LAME3.100", True),
        ("MPEG:Encoder", "LAME3.97", False),
        ("Track2:MediaCreateDate", "0000:00:00 00:00:00", True),
        ("Track2:MediaCreateDate", "2011:03:07 05:09:11", False),
        ("XMP-dc:Creator", "Anne Example", False),
    ],
)
def test_structure_is_told_from_what_says_something(tag: str, value: str, known: bool) -> None:
    assert structural(tag, value) == known


def test_exiv2_and_exifread_have_names_of_their_own() -> None:
    assert structural_exiv2("Exif.SubImage2.Compression")
    assert not structural_exiv2("Exif.Image.Artist")
    assert not structural_exiv2("Exif.Photo.LensModel")
    assert structural_exifread("EXIF SubIFD0 ImageWidth")
    assert structural_exifread("IFD 2 StripOffsets")
    assert not structural_exifread("Image Artist")
    assert not structural_exifread("EXIF LensModel")


def test_what_looks_different_is_named(tmp_path: Path) -> None:
    one = Image.linear_gradient("L").resize((40, 30)).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    kinds: dict[str, dict[str, Any]] = {
        "plain": {},
        "turned": {"exif": exif},
        "other": {"quality": 60},
    }
    shown = {}
    for name, options in kinds.items():
        one.save(tmp_path / f"{name}.jpg", **options)
        shown[name] = look(tmp_path / f"{name}.jpg")
    (tmp_path / "none.jpg").write_bytes(b"no picture")
    assert look(tmp_path / "none.jpg") is None
    plain, turned, other = (shown[name] for name in kinds)
    assert plain is not None
    assert turned is not None
    assert other is not None
    assert same(plain, plain) == []
    assert same(plain, turned) == ["size, orientation or frames"]
    assert same(plain, other) == ["pixels"]
    profiled = replace(plain, colours=bytes(3 * 512))
    assert same(plain, profiled) == ["colours"]
    assert same(plain, replace(plain, gain_map=True)) == ["gain map"]


def test_every_planted_picture_holds_its_value(tmp_path: Path) -> None:
    count = 0
    for case in cases():
        if case.suffix not in (".jpg", ".png", ".gif", ".webp", ".tiff", ".bmp", ".svg"):
            continue
        path = tmp_path / f"{count}{case.suffix}"
        path.write_bytes(case.data)
        assert left(path, case.planter.needles.values(), ""), case.name
        count += 1
    assert count > 50


def test_a_row_of_ours_that_is_not_best_is_a_note() -> None:
    path = Path("picture.jpg")

    def subject(name: str, ours: Ended, other: Ended, *, sound: bool = True) -> Subject:
        return Subject(name, path, sound=sound, ends={"scrub": ours, "other": other})

    clean, leaking = Ended(path), Ended(path, ("Exif",))
    refused = Ended(None, said="damaged: cut off")
    group = Group(
        "set",
        [
            subject("equal", clean, clean),
            subject("worse", leaking, clean),
            subject("refused", refused, clean),
            subject("damaged", refused, refused, sound=False),
        ],
        {"scrub": 2.0, "other": 1.0},
    )
    table = Table("Title", "What.", HEADER)
    absent = "a-command-that-nobody-has"
    peers = [Peer("scrub", nobody), Peer("other", nobody), Peer("absent", nobody, absent)]
    rows_of(table, group, peers)
    assert table.rows == [
        ("set: scrub", "4", "1", "1", "0", "2 (1 damaged)", "2.00 s", "1.00×"),
        ("set: other", "4", "0", "0", "0", "1 (1 damaged)", "1.00 s", "0.50×"),
        ("set: absent", "", "", "", "", "", "", "not installed here"),
    ]
    assert "set, worse: better than scrub: other." in table.notes
    assert "set, refused: better than scrub: other." in table.notes
    assert table.notes[-1].endswith("in 2 of 4 files.")


def nobody(scale: Scale, paths: Sequence[Path], folder: Path) -> Cleaned:
    raise AssertionError("nobody is run here")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("question", ["pictures", "stills", "corpora"])
def test_pictures_are_compared(tmp_path: Path, question: str) -> None:
    command = [sys.executable, "-m", "benchmarks", question, "--small", "--rounds", "1"]
    ended = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert not ended.returncode, ended.stderr
    if question == "pictures":
        assert "| planted: scrub | 12 | 0 | 0 | 0 | 0 |" in ended.stdout
        assert "refusals in every file." in ended.stdout
    if question == "stills":
        assert "held some back" not in ended.stdout


@pytest.mark.slow
@pytest.mark.parametrize("question", ["media", "large"])
def test_recordings_are_compared(tmp_path: Path, question: str) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    command = [sys.executable, "-m", "benchmarks", question, "--small", "--rounds", "1"]
    ended = subprocess.run(
        [*command, "--work", str(tmp_path)], cwd=ROOT, capture_output=True, text=True
    )
    assert not ended.returncode, ended.stderr
    assert "scrub" in ended.stdout
    if question == "media":
        assert "| flac | 1 | 13 | 0 / 0 / 0 |" in ended.stdout
        assert "refused in every file." in ended.stdout
