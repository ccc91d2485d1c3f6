"""Lyrics and chapters in tags of recordings that stay with names masked: ID3, Vorbis comments."""

from __future__ import annotations

import contextlib
import importlib
import io
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from laws import assert_laws
from robustness import assert_robust
from runs import Runs

from scrubber.containers import load_format, load_reader, table
from scrubber.errors import Damaged, Unsupported
from scrubber.formats.ogg_pages import checksum
from scrubber.model import Action, Passage, Reading, Source
from scrubber.nesting import Budget, Parsed, parse
from scrubber.plan import Masked, output_of, plan
from scrubber.shapes import WORDS
from scrubber.source import MemorySource

id3: Any = importlib.import_module("mutagen.id3")  # mutagen has no types
mutagen: Any = importlib.import_module("mutagen")

NAME = "Ann Example"
TAG = "[PERSON-7f3a91k2mq]"
LRC = f"[ti:Title]\n[offset:+20]\n[00:01.50]La {NAME} la\n[00:02.00][00:09.00]élan\n"
needs_ffmpeg = pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")


class Worded:
    """A format as a policy that cleans words asks for it."""

    def __init__(self, name: str) -> None:
        self.form: Any = load_format(table()[name])

    def split(self, source: Source, ledger: Any) -> None:
        self.form.split_words(source, ledger)


def reader(name: str) -> Callable[..., Reading]:
    """The second reader, with the words allowed."""
    read: Callable[..., Reading] = load_reader(table()[name])

    def read_words(source: Source, edited: Any = ()) -> Reading:
        reading = read(source, edited)
        left = tuple(row for row in reading.leftovers if not row.startswith(WORDS))
        return replace(reading, leftovers=left)

    return read_words


def parsed_words(data: bytes, name: str) -> Parsed:
    return parse(MemorySource(data), table()[name], Budget(words=True))


def masked(data: bytes, name: str) -> tuple[bytes, list[Passage]]:
    """With TAG where NAME stood, and the passages of the original."""
    parsed = parsed_words(data, name)
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


def sound(folder: Path, suffix: str, *how: str) -> bytes:
    out = folder / f"sound.{suffix}"
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "sine=d=1"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact"]
    subprocess.run([*command, *plain, *how, str(out)], check=True)
    return out.read_bytes()


def tag_of(version: int = 4) -> bytes:
    """A tag with a title that goes, and with words."""
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text="A private title"))
    tags.add(id3.USLT(encoding=1, lang="eng", desc=NAME, text=LRC))
    tags.add(id3.USLT(encoding=0, lang="deu", desc="", text=f"{NAME} sang"))
    lines = [(f"La {NAME}", 500), ("\nlé", 700)]
    tags.add(id3.SYLT(encoding=1, lang="eng", format=2, type=1, desc=NAME, text=lines))
    for number, title in enumerate((f"{NAME} speaks", "The rest")):
        inner = [id3.TIT2(encoding=1, text=title), id3.TIT3(encoding=3, text="A private note")]
        tags.add(
            id3.CHAP(
                element_id=f"private {number}", start_time=500 * number,
                end_time=500 * number + 500, start_offset=7, end_offset=9, sub_frames=inner,
            )
        )  # fmt: skip
    tags.add(
        id3.CTOC(
            element_id="private", flags=3, child_element_ids=["private 0", "private 1"],
            sub_frames=[id3.TIT2(encoding=3, text=f"By {NAME}")],
        )
    )  # fmt: skip
    out = io.BytesIO()
    tags.save(out, v2_version=version, v1=0)
    return out.getvalue()


def mp3(folder: Path, version: int) -> bytes:
    plain = sound(folder, "mp3", "-c:a", "libmp3lame", "-write_id3v2", "0", "-id3v2_version", "0")
    return tag_of(version) + plain


def chunked(plain: bytes, name: bytes, order: Any) -> bytes:
    tag = tag_of()
    row = name + len(tag).to_bytes(4, order) + tag + bytes(len(tag) % 2)
    size = len(plain) + len(row) - 8
    return plain[:4] + size.to_bytes(4, order) + plain[8:] + row


def vorbis(path: Path) -> bytes:
    song = mutagen.File(str(path))
    song.delete()
    song["TITLE"] = "A private title"
    song["LYRICS"] = LRC
    song["UNSYNCEDLYRICS"] = f"{NAME} sang\r\nand sang"
    song["CHAPTER000"] = "00:00:00.000"
    song["CHAPTER000NAME"] = f"{NAME} speaks"
    song["CHAPTER000URL"] = "https://example.com/private"
    song["CHAPTER001"] = "00:00:00.500"
    song["CHAPTER001NAME"] = "The rest"
    song.save()
    return path.read_bytes()


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, bytes]]:
    if not shutil.which("ffmpeg"):
        pytest.skip("needs ffmpeg")
    folder = tmp_path_factory.mktemp("songs")
    made = {"mp3-4": ("mp3", mp3(folder, 4)), "mp3-3": ("mp3", mp3(folder, 3))}
    made["wav"] = "wav", chunked(sound(folder, "wav"), b"id3 ", "little")
    made["aiff"] = "aiff", chunked(sound(folder, "aiff"), b"ID3 ", "big")
    sound(folder, "flac")
    made["flac"] = "flac", vorbis(folder / "sound.flac")
    for suffix, how in (
        ("ogg", ["-c:a", "libvorbis"]), ("opus", ["-c:a", "libopus"]),
        ("spx", ["-c:a", "libspeex"]), ("oga", ["-c:a", "flac"]),
    ):  # fmt: skip
        sound(folder, suffix, *how)
        made[suffix] = "ogg", vorbis(folder / f"sound.{suffix}")
    return made


KINDS = [
    "mp3-4", "wav", "flac", "ogg",
    *(pytest.param(kind, marks=pytest.mark.slow)
      for kind in ("mp3-3", "aiff", "opus", "spx", "oga")),
]  # fmt: skip
OGG = ("flac", "ogg", "opus", "spx", "oga")


@pytest.mark.parametrize("kind", KINDS)
def test_names_are_masked_and_the_rest_stays(
    kind: str, songs: dict[str, tuple[str, bytes]], tmp_path: Path
) -> None:
    name, data = songs[kind]
    output, passages = masked(data, name)
    assert any(NAME in passage.text for passage in passages)
    for private in (NAME, "rivate", "Title"):
        for codec in ("utf-8", "utf-16-le"):
            assert private.encode(codec) not in output
    assert f"La {TAG} la\n[00:02.00][00:09.00]élan\n".encode() in output
    assert b"[offset:+20]\n[00:01.50]" in output
    before, after = tmp_path / f"before.{name}", tmp_path / f"after.{name}"
    before.write_bytes(data)
    after.write_bytes(output)
    if name in ("mp3", "flac", "ogg"):
        assert chapters(after) == chapters(before).replace(NAME, TAG) != ""
    assert load_reader(table()[name])(MemorySource(output)).rendering.facts
    again = parsed_words(output, name)
    assert output_of(again, plan(again, lambda *_: Action.DROP)) == output


def chapters(path: Path) -> str:
    command = ["ffprobe", "-v", "error", "-show_chapters", "-of", "compact", str(path)]
    said = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    rows = [row.replace("|tag:TIT3=A private note", "") for row in said.splitlines()]
    return "\n".join(row for row in rows if row.startswith("chapter"))


@pytest.mark.parametrize("kind", KINDS)
def test_times_of_lines_are_as_they_were(kind: str, songs: dict[str, tuple[str, bytes]]) -> None:
    """In the eyes of mutagen."""
    name, data = songs[kind]
    output, _ = masked(data, name)
    if kind in OGG:
        tags = mutagen.File(io.BytesIO(output)).tags
        assert [key for key, _ in tags] == [
            "LYRICS", "UNSYNCEDLYRICS", "CHAPTER000", "CHAPTER000NAME", "CHAPTER001",
            "CHAPTER001NAME",
        ]  # fmt: skip
        return
    start = output.index(b"ID3\4")
    read = id3.ID3(io.BytesIO(output[start:]))
    assert sorted(read) == [
        "CHAP:chp0", "CHAP:chp1", "CTOC:toc0", "SYLT::eng", "USLT::deu", "USLT::eng",
    ]  # fmt: skip
    assert read["SYLT::eng"].text == [(f"La {TAG}", 500), ("\nlé", 700)]
    inner = [read[f"CHAP:{one}"] for one in read["CTOC:toc0"].child_element_ids]
    assert [(one.start_time, one.end_time) for one in inner] == [(0, 500), (500, 1000)]


@pytest.mark.parametrize("kind", KINDS)
def test_laws_with_words(kind: str, songs: dict[str, tuple[str, bytes]]) -> None:
    name, data = songs[kind]
    assert_laws(Worded(name), reader(name), data)
    output, _ = masked(data, name)
    assert_laws(Worded(name), reader(name), output)


@pytest.mark.parametrize("kind", KINDS)
def test_without_the_rule_all_words_go(kind: str, songs: dict[str, tuple[str, bytes]]) -> None:
    name, data = songs[kind]
    output = assert_laws(load_format(table()[name]), load_reader(table()[name]), data, surgeries=1)
    assert "élan".encode() not in output


@pytest.mark.parametrize("kind", ["mp3-3", "wav", "flac", "opus"])
@pytest.mark.slow
def test_robust_with_words(kind: str, songs: dict[str, tuple[str, bytes]]) -> None:
    name, data = songs[kind]
    assert_robust(Worded(name), reader(name), data, seed=5, n=150, prefixes=30)


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_reader_looks_into_words_and_at_their_form(
    kind: str, songs: dict[str, tuple[str, bytes]]
) -> None:
    name, data = songs[kind]
    output, _ = masked(data, name)
    read = load_reader(table()[name])
    left = read(MemorySource(output)).leftovers
    assert left
    assert all(row.startswith(WORDS) for row in left)
    mail = mended(output.replace(TAG.encode(), b"ann.e@example.co.uk"))
    assert "an e-mail address" in read(MemorySource(mail)).leftovers
    for old, new in (
        (b"USLT", b"TIT1"), (b"SYLT", b"COMM"), (b"eng\0", b"engX"), (b"chp1\0", b"ann1\0"),
        (b"CHAPTER001=", b"CHAPTER009="), (b"UNSYNCEDLYRICS=", b"UNSYNCEDLYRICZ="),
    ):  # fmt: skip
        if old in output:
            with contextlib.suppress(Damaged):
                other = read(MemorySource(mended(output.replace(old, new, 1))))
                assert any(not row.startswith(WORDS) for row in other.leftovers), old
    moved = output.replace(b"00:00:00.500", b"00:00:00.700").replace(
        struct.pack(">I", 700), struct.pack(">I", 900)
    )
    was, now = (read(MemorySource(one)).rendering.facts for one in (output, mended(moved)))
    assert dict(was)["words"] != dict(now)["words"]


def mended(data: bytes) -> bytes:
    """Pages of Ogg with true checksums."""
    if data[:4] != b"OggS":
        return data
    return b"".join(
        page[:22] + checksum(page) + page[26:]
        for page in (b"OggS" + row for row in data.split(b"OggS")[1:])
    )


def test_words_over_two_pages_of_ogg(songs: dict[str, tuple[str, bytes]], tmp_path: Path) -> None:
    path = tmp_path / "long.opus"
    path.write_bytes(songs["opus"][1])
    song = mutagen.File(str(path))
    line = f"{NAME} la la, and so on, for as long as it takes\n"
    song["LYRICS"] = line * 1300
    song["ARTIST"] = "A private artist"
    song.save()
    data = path.read_bytes()

    def output_with(tag: bytes) -> bytes:
        parsed = parsed_words(data, "ogg")
        assert parsed.ledger.passages
        masks = []
        for one in parsed.ledger.passages():
            for match in re.finditer(NAME, one.text):
                low, high = one.locate(*match.span())
                masks.append(Masked(one.part, low, high, "PERSON", one.where, tag, "test"))
        return output_of(parsed, plan(parsed, lambda *_: Action.DROP, {id(parsed): masks}))

    tag = b"[A-7f3a9]xx"
    output = output_with(tag)
    assert NAME.encode() not in output
    path.write_bytes(output)
    assert mutagen.File(str(path))["LYRICS"] == [line.replace(NAME, tag.decode()) * 1300]
    assert not reader("ogg")(MemorySource(output)).leftovers
    with pytest.raises(Unsupported):
        output_with(tag * 6)


@needs_ffmpeg
@pytest.mark.slow
def test_a_run_masks_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Marlowe Quillfeather"
    monkeypatch.setattr(sys.modules[__name__], "NAME", name)
    runs = Runs(tmp_path)
    runs.write("song.mp3", mp3(tmp_path, 3))
    runs.write("song.wav", chunked(sound(tmp_path, "wav"), b"id3 ", "little"))
    for suffix in ("flac", "opus"):
        sound(tmp_path, suffix)
        runs.write(f"song.{suffix}", vorbis(tmp_path / f"sound.{suffix}"))
    policy = tmp_path / "own.toml"
    policy.write_text('base = "standard"\n[sound]\ntexts = "clean"\n', encoding="utf-8")
    said = runs.scrub("clean", "in", "--out", "out", "--policy", str(policy))
    assert said.returncode == 0, said.stdout + said.stderr
    made = sorted((runs.base / "out" / "data").iterdir())
    assert len(made) == 4
    for path in made:
        data = path.read_bytes()
        assert b"[PERSON-" in data
        assert b"Quillfeather" not in data
        assert "and sang" in data.decode("latin-1") or "The rest" in data.decode("latin-1")
    assert runs.scrub("verify", "out").returncode == 0
