"""Subtitles and chapters in Matroska that stay with names masked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from laws import assert_laws
from robustness import assert_robust
from test_mp4_words import CHAPTERS, NAME, SRT, TAG, chapters
from test_word_tags import Worded, masked, parsed_words, reader

from scrubber.containers import load_format, load_reader, table
from scrubber.model import Action
from scrubber.plan import output_of, plan
from scrubber.shapes import WORDS
from scrubber.source import MemorySource

pytestmark = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
KINDS = ["srt", "ass", "webvtt"]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("films")
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "a.txt").write_text(CHAPTERS, encoding="utf-8")
    for kind in KINDS:
        command = (
            "ffmpeg -v error -f lavfi -i testsrc=s=64x48:d=1:r=5 -f lavfi -i sine=d=1 -i a.srt"
            f" -i a.txt -map 0:v -map 1:a -map 2:s -map_chapters 3 -c:v mpeg4 -c:a aac -c:s {kind}"
            f" -metadata:s:s:0 language=fre -metadata:s:s:0 title=Private {kind}.mkv"
        )
        subprocess.run(command.split(), check=True, cwd=folder)
    return {kind: (folder / f"{kind}.mkv").read_bytes() for kind in KINDS}


def subtitles(path: Path) -> str:
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    said = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    for mark in ("<i>", "</i>", "\r"):
        said = said.replace(mark, "")
    return said


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_masked_and_times_stay(
    kind: str, films: dict[str, bytes], tmp_path: Path
) -> None:
    output, passages = masked(films[kind], "mkv")
    assert [p.text for p in passages if NAME in p.text]
    assert NAME.encode() not in output
    assert b"Private" not in output
    before, after = tmp_path / "before.mkv", tmp_path / "after.mkv"
    before.write_bytes(films[kind])
    after.write_bytes(output)
    assert subtitles(after) == subtitles(before).replace(NAME, TAG)
    assert "élan" in subtitles(after)
    assert chapters(after) == chapters(before).replace(NAME, TAG)
    again = parsed_words(output, "mkv")
    assert output_of(again, plan(again, lambda *_: Action.DROP)) == output


@pytest.mark.parametrize("kind", KINDS)
def test_laws_with_words(kind: str, films: dict[str, bytes]) -> None:
    assert_laws(Worded("mkv"), reader("mkv"), films[kind])
    output, _ = masked(films[kind], "mkv")
    assert_laws(Worded("mkv"), reader("mkv"), output)
    left = load_reader(table()["mkv"])(MemorySource(output)).leftovers
    assert left
    assert all(row.startswith(WORDS) for row in left)


def test_without_the_rule_all_words_go(films: dict[str, bytes]) -> None:
    form, read = load_format(table()["mkv"]), load_reader(table()["mkv"])
    output = assert_laws(form, read, films["srt"], surgeries=1)
    assert b"ordinary words" not in output
    assert b"The rest" not in output


@pytest.mark.slow
def test_robust_with_words(films: dict[str, bytes]) -> None:
    for kind in KINDS:
        assert_robust(Worded("mkv"), reader("mkv"), films[kind], seed=5, n=150, prefixes=30)


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_reader_looks_into_words(kind: str, films: dict[str, bytes]) -> None:
    output, _ = masked(films[kind], "mkv")
    read = load_reader(table()["mkv"])
    old = TAG.encode()
    assert output.count(old) == 2
    first = output.index(old)
    for at in (first, output.index(old, first + 1)):  # a chapter, a subtitle
        told = output[:at] + b"ann.e@example.co.uk" + output[at + len(old) :]
        assert "an e-mail address" in read(MemorySource(told)).leftovers
    if kind == "ass":
        styled = output.replace(b"Here is", b"{\\b1}is", 1).replace(b"Default,,0", b"DefaulT,,0", 1)
        assert any("style" in row for row in read(MemorySource(styled)).leftovers)
    hidden = output.replace("élan".encode(), b"\xe2\x80\x8b" + b"an")
    assert any("invisible" in row for row in read(MemorySource(hidden)).leftovers)
