"""Words in MP4, QuickTime and M4A that stay with names masked: subtitles, chapters, lyrics."""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from laws import assert_laws
from mp4_files import box, change, film
from robustness import assert_robust
from runs import Runs

from scrubber.containers import table
from scrubber.formats.mp4 import Mp4
from scrubber.model import Action, Passage, Reading, Source
from scrubber.nesting import Budget, Parsed, parse
from scrubber.plan import Masked, output_of, plan
from scrubber.readers.mp4 import read
from scrubber.shapes import WORDS
from scrubber.source import MemorySource

NAME = "Ann Example"
TAG = "[PERSON-7f3a91k2mq]"
SRT = f"""1
00:00:00,000 --> 00:00:00,400
Here is {NAME} again.

2
00:00:00,500 --> 00:00:01,000
<i>Two lines of</i>
ordinary words, élan.
"""
CHAPTERS = f""";FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=500
title={NAME} sings
[CHAPTER]
TIMEBASE=1/1000
START=500
END=1000
title=The rest
"""
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


class Worded:
    """The format as a policy that cleans words asks for it."""

    def split(self, source: Source, ledger: Any) -> None:
        Mp4().split_words(source, ledger)


def read_words(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """The second reader, with the words allowed."""
    reading = read(source, edited)
    left = tuple(row for row in reading.leftovers if not row.startswith(WORDS))
    return replace(reading, leftovers=left)


@pytest.fixture(scope="module", params=["mp4", "mov"])
def worded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("words")
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "a.txt").write_text(CHAPTERS, encoding="utf-8")
    out = folder / f"film.{request.param}"
    command = (
        "ffmpeg -v error -f lavfi -i testsrc=s=64x48:d=1:r=5 -f lavfi -i sine=d=1 -i a.srt"
        " -i a.txt -map 0:v -map 1:a -map 2:s -map_chapters 3 -c:v mpeg4 -c:a aac -c:s mov_text"
    )
    subprocess.run([*command.split(), str(out)], check=True, cwd=folder)
    return out.read_bytes()


def parsed_words(data: bytes) -> Parsed:
    return parse(MemorySource(data), table()["mp4"], Budget(words=True))


def masked(data: bytes) -> tuple[bytes, list[Passage]]:
    """With TAG where NAME stood, and the passages of the original."""
    parsed = parsed_words(data)
    passages = list(parsed.ledger.passages()) if parsed.ledger.passages else []
    masks = []
    for passage in passages:
        at = passage.text.find(NAME)
        if at >= 0:
            low, high = passage.locate(at, at + len(NAME))
            tag = passage.encode(TAG)
            masks.append(Masked(passage.part, low, high, "PERSON", passage.where, tag, "test"))
    made = plan(parsed, lambda *_: Action.DROP, {id(parsed): masks})
    return output_of(parsed, made), passages


def subtitles(data: bytes, path: Path) -> str:
    path.write_bytes(data)
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-map", "0:s:0", "-f", "srt", "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def chapters(path: Path) -> str:
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "compact", str(path)]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


@needs_ffmpeg
def test_names_are_masked_and_times_stay(worded: bytes, tmp_path: Path) -> None:
    output, passages = masked(worded)
    assert [p.text for p in passages if p.where.endswith("text 1") and "Here" in p.text]
    assert NAME.encode() not in output
    before, after = tmp_path / "before.mp4", tmp_path / "after.mp4"
    was, now = subtitles(worded, before), subtitles(output, after)
    assert now == was.replace(NAME, TAG).replace("<i>", "").replace("</i>", "")
    assert "élan" in now
    assert chapters(after) == chapters(before).replace(NAME, TAG)


@needs_ffmpeg
def test_the_second_reader_says_words_and_finds_nothing_else(worded: bytes) -> None:
    output, _ = masked(worded)
    left = read(MemorySource(output)).leftovers
    assert left
    assert all(row.startswith(WORDS) for row in left)
    again = parsed_words(output)
    assert output_of(again, plan(again, lambda *_: Action.DROP)) == output


@needs_ffmpeg
def test_laws_with_words(worded: bytes) -> None:
    assert_laws(Worded(), read_words, worded)


@needs_ffmpeg
def test_robust_with_words(worded: bytes) -> None:
    assert_robust(Worded(), read_words, worded, seed=5, n=150, prefixes=60)


@needs_ffmpeg
def test_without_the_rule_all_words_go(worded: bytes) -> None:
    output = assert_laws(Mp4(), read, worded, surgeries=1)
    assert b"ordinary words" not in output
    assert b"The rest" not in output


@needs_ffmpeg
def test_what_hides_in_a_track_of_text_makes_it_go(worded: bytes) -> None:
    """A font's name, bytes that nobody sees, and a text that is no UTF-8."""
    for old, new in (
        (b"Serif", b"Ann E"),
        ("élan".encode(), b"\xe2\x80\x8b" + b"la"),
        ("é".encode(), b"\xff\xff"),
    ):
        bad = worded.replace(old, new)
        if bad == worded:
            continue
        output = assert_laws(Worded(), read_words, bad, surgeries=1)
        assert b"ordinary words" not in output


def lyrics(text: bytes, kind: int = 1) -> bytes:
    data = box(b"data", struct.pack(">II", kind, 0), text)
    handler = box(b"hdlr", bytes(8), b"mdir", b"appl", bytes(9))
    items = box(b"ilst", box(b"\xa9lyr", data), box(b"\xa9nam", data))
    tags = box(b"udta", box(b"meta", bytes(4), handler, items))
    return change(film(video="", form="ipod"), "moov", lambda body: body + tags)


def test_lyrics_stay_masked_and_the_title_goes() -> None:
    song = lyrics(f"La {NAME} la\nthe end".encode())
    output, passages = masked(song)
    assert passages[-1].text == f"La {NAME} la\nthe end"
    assert f"La {TAG} la\nthe end".encode() in output
    assert b"\xa9nam" not in output
    assert_laws(Worded(), read_words, song)


@pytest.mark.parametrize(
    "song",
    [
        lambda: lyrics(b"La \xff la"),
        lambda: lyrics("La \u200b la".encode()),
        lambda: lyrics(b"La la", kind=13),
    ],
)
def test_lyrics_that_are_no_plain_text_go(song: Callable[[], bytes]) -> None:
    output = assert_laws(Worded(), read_words, song(), surgeries=1)
    assert b"\xa9lyr" not in output


def test_the_reader_looks_into_words_that_stay() -> None:
    output, _ = masked(lyrics(b"Write to ann@example.com, love"))
    assert "an e-mail address" in read(MemorySource(output)).leftovers


@pytest.mark.slow
def test_a_run_masks_the_lyrics_and_says_that_they_stay(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("song.m4a", lyrics(b"Sing for Marlowe Quillfeather, sing\nmarlowe@example.com"))
    policy = tmp_path / "own.toml"
    policy.write_text('base = "standard"\n[sound]\ntexts = "clean"\n', encoding="utf-8")
    said = runs.scrub("clean", "in", "--out", "out", "--policy", str(policy))
    assert said.returncode == 0, said.stdout + said.stderr
    song = (runs.base / "out" / "data" / "song.m4a").read_bytes()
    assert b"Sing for [PERSON-" in song
    assert b"Quillfeather" not in song
    assert b"@example.com" not in song
    assert runs.scrub("verify", "out").returncode == 0
    plain = runs.scrub("clean", "in", "--out", "plain")
    assert plain.returncode == 0
    assert b"Sing" not in (runs.base / "plain" / "data" / "song.m4a").read_bytes()
