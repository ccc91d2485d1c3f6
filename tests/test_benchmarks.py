"""The benchmarks' own parts: material, turns, ratios, tables. What they measure is not judged."""

from __future__ import annotations

import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

from benchmarks import material
from benchmarks.measure import ROOT, SCRUB, Run, of, run, take_turns, wall
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
