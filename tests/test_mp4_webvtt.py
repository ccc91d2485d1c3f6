"""WebVTT in MP4 that stays with names masked."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from laws import assert_laws
from mp4_files import box
from robustness import assert_robust
from test_mp4_words import NAME, SRT, TAG, Worded, masked, read_words

from scrubber.errors import Damaged
from scrubber.formats.mp4 import Mp4
from scrubber.readers.mp4 import read
from scrubber.readers.mp4_words import is_text_entry, text_of_sample

needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


def cue(text: bytes) -> bytes:
    if not text:
        return box(b"vtte")
    more = box(b"iden", b"private 7"), box(b"sttg", b"align:left"), box(b"payl", text)
    return box(b"vttc", *more) + box(b"vtta", b"a private note")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Timed text of FFmpeg's with its samples and entry made WebVTT."""
    folder = tmp_path_factory.mktemp("webvtt")
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    command = (
        "ffmpeg -v error -f lavfi -i testsrc=s=64x48:d=1:r=5 -i a.srt -map 0 -map 1 -c:v mpeg4"
        " -c:s mov_text film.mp4"
    )
    subprocess.run(command.split(), check=True, cwd=folder)
    data = (folder / "film.mp4").read_bytes()
    at = data.rindex(b"stsz") + 8
    count = struct.unpack(">I", data[at + 4 : at + 8])[0]
    places = data.rindex(b"stco") + 8
    chunks = struct.unpack(">I", data[places : places + 4])[0]
    starts = struct.unpack(f">{chunks}I", data[places + 4 : places + 4 + 4 * chunks])
    table = data.rindex(b"stsc") + 8
    runs = struct.iter_unpack(
        ">III", data[table + 4 : table + 4 + 12 * int.from_bytes(data[table : table + 4], "big")]
    )
    per = {first: number for first, number, _ in runs}
    samples, sizes = list[int](), data[at + 8 : at + 8 + 4 * count]
    number = 0
    for chunk, place in enumerate(starts, 1):
        number = per.get(chunk, number)
        for _ in range(number):
            samples.append(place)
            place += int.from_bytes(sizes[4 * len(samples) - 4 : 4 * len(samples)], "big")
    assert len(samples) == count
    texts = [data[a + 2 : a + 2 + struct.unpack(">H", data[a : a + 2])[0]] for a in samples]
    cues = [cue(text) for text in texts]
    entry = data.rindex(b"tx3g") - 4
    size = struct.unpack(">I", data[entry : entry + 4])[0]
    inner = bytes(7) + b"\1" + box(b"vttC", b"WEBVTT\nNOTE private")
    new = box(b"wvtt", inner, box(b"free", bytes(size - 16 - len(inner))))
    assert len(new) == size
    grown = data[:entry] + new + data[entry + size :]
    out = bytearray(grown + box(b"mdat", *cues))
    where = len(grown) + 8
    struct.pack_into(f">{count}I", out, at + 8, *map(len, cues))
    for place, one in zip(samples, cues, strict=True):
        if place in starts:
            struct.pack_into(">I", out, places + 4 + 4 * starts.index(place), where)
        where += len(one)
    return bytes(out)


@needs_ffmpeg
def test_names_are_masked_and_the_rest_stays(film: bytes, tmp_path: Path) -> None:
    output, passages = masked(film)
    assert any(NAME in passage.text for passage in passages)
    assert f"Here is {TAG} again.".encode() in output
    assert NAME.encode() not in output
    assert b"rivate" not in output
    assert "élan".encode() in output
    times = []
    for data in (film, output):
        (tmp_path / "film.mp4").write_bytes(data)
        command = ["ffprobe", "-v", "error", "-select_streams", "1", "-show_entries"]
        command += ["packet=pts,duration:stream=codec_tag_string", "-of", "csv", "film.mp4"]
        said = subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)
        times.append(said.stdout)
    assert times[0] == times[1]
    assert b"wvtt" in times[0]


@needs_ffmpeg
def test_laws_with_cues(film: bytes) -> None:
    assert_laws(Worded(), read_words, film)
    output, _ = masked(film)
    assert_laws(Worded(), read_words, output)
    assert b"ordinary words" not in assert_laws(Mp4(), read, film, surgeries=1)


@needs_ffmpeg
def test_robust_with_cues(film: bytes) -> None:
    assert_robust(Worded(), read_words, film, seed=5, n=100, prefixes=20)


@needs_ffmpeg
def test_a_cue_that_is_no_plain_text_makes_the_track_go(film: bytes) -> None:
    bad = film.replace("é".encode(), b"\xff\xff")
    assert b"ordinary words" not in assert_laws(Worded(), read_words, bad, surgeries=1)


def test_the_reader_takes_cues_of_one_text_alone() -> None:
    plain = box(b"vttc", box(b"payl", b"La la")) + box(b"vtte")
    assert text_of_sample(plain) == b"La la"
    for more in (cue(b"La"), box(b"vttc", box(b"payl", b"La"), box(b"iden", b"7")),
                 box(b"vtte", b"x")):  # fmt: skip
        with pytest.raises(Damaged):
            text_of_sample(more)
    assert is_text_entry("wvtt", bytes(7) + b"\1" + box(b"vttC", b"WEBVTT"))
    assert not is_text_entry("wvtt", bytes(7) + b"\1" + box(b"vttC", b"WEBVTT\nNOTE Ann"))
