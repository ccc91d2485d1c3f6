"""The benchmarks' own parts: material, turns, ratios, tables. What they measure is not judged."""

from __future__ import annotations

import base64
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import material
from benchmarks.codings import MADE
from benchmarks.comparing import End
from benchmarks.measure import ROOT, SCRUB, Run, of, run, take_turns, wall
from benchmarks.media import Case, comparison
from benchmarks.needles import Planter
from benchmarks.planting import make
from benchmarks.remnants import decoded, left, said_of
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
        case.ends[name] = End(out, places, ("decoded frames changed",) if changed else ())
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
