"""keep-credit in films and recordings; the judges are exiftool, MediaInfo and FFmpeg."""

from __future__ import annotations

import io
import json
import struct
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen.apev2
import mutagen.mp4
import mutagen.oggflac
import pytest
import test_monkeys
from laws import assert_laws
from PIL import Image
from runs import Runs
from test_credit import MINING, NAME, XMP
from test_credit_formats import cleaned

from scrubber.containers import load_format, load_reader
from scrubber.errors import Damaged, Unsupported
from scrubber.identify import identify
from scrubber.model import Outcome
from scrubber.source import MemorySource

RIGHTS = "(c) 2024 Q"
PRIVATE = ("Exampleton", "PLANTED")
TONE = ("-f", "lavfi", "-i", "sine=duration=0.3")
FILM = ("-f", "lavfi", "-i", "testsrc=size=176x144:duration=0.4:rate=5,format=yuv420p")
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "w")


def made(path: Path, *options: str, bare: bool = False) -> bytes:
    """What FFmpeg writes, with names, a notice, and things that go."""
    tags = {} if bare else {"artist": NAME, "copyright": RIGHTS, "title": "PLANTED"}
    given = [word for key, value in tags.items() for word in ("-metadata", f"{key}={value}")]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *options, *given, path], check=True)
    return path.read_bytes()


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def riff(data: bytes, name: bytes, body: bytes, order: str = "<") -> bytes:
    """One more chunk at the end."""
    body = data[12:] + name + struct.pack(order + "I", len(body)) + body + bytes(len(body) & 1)
    return data[:4] + struct.pack(order + "I", 4 + len(body)) + data[8:12] + body


def credit_rows(data: bytes) -> list[str]:
    """What the second reader says of a credit; nothing for a file that it refuses."""
    read = load_reader(identify(MemorySource(data)).container)
    try:
        return [row for row in read(MemorySource(data)).leftovers if row.startswith("credit: ")]
    except (Damaged, Unsupported):
        return []


def assert_one_form(data: bytes) -> None:
    """One more word, another spelling, a second one: each is no credit to the second reader."""
    rows = len(credit_rows(data))
    assert rows
    name, notice = NAME.encode(), RIGHTS.encode()
    for old, new in (
        (name, b"\n" + name[1:]),
        (name, b"  " + name[2:]),
        (name, name[:-1] + b"\0"),
        (notice, notice[:-1] + b"\xff"),
        (b"xap/1.0/rights/", b"xap/1.0/rightz/"),
        (b"<dc:creator>", b"<dc:creatOr>"),
        (b"XMP <?xpacket", b"XMQ <?xpacket"),
    ):
        if old in data:
            assert len(credit_rows(data.replace(old, new))) < rows, new


def shown(path: Path) -> dict[str, str]:
    """What three programs show of the credit."""
    said = subprocess.run(["exiftool", "-j", "-struct", path], capture_output=True)
    (row,) = json.loads(said.stdout)
    media = subprocess.run(["mediainfo", path], capture_output=True, text=True, check=True).stdout
    probe = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", str(path)]
    tags = subprocess.run(probe, capture_output=True, text=True, check=True).stdout
    return {"exiftool": json.dumps(row), "mediainfo": media, "ffprobe": tags}


def assert_credits(
    runs: Runs, files: dict[str, bytes], tmp_path: Path, blind: tuple[str, ...] = ()
) -> None:
    """The credit stays and nothing else; again, it is the same; without the policy, it is gone.

    `blind`: programs that show no tags of such files.
    """
    outputs = cleaned(runs, files)
    assert len(outputs) == len(files)
    again = Runs(tmp_path / "again")
    assert sorted(cleaned(again, outputs).values()) == sorted(outputs.values())
    _, records = again.here(policy="keep-credit", out=tmp_path / "third")
    assert {record.outcome for record in records.values()} == {Outcome.UNCHANGED}
    for name, data in outputs.items():
        assert not [word for word in PRIVATE if word.encode() in data], name
        assert_one_form(data)
        row = identify(MemorySource(data)).container
        assert_laws(load_format(row), load_reader(row), data, surgeries=3)
    for path in (runs.out / "data").iterdir():
        for program, text in shown(path).items():
            if program in blind:
                continue
            assert NAME in text, (path.name, program)
            assert "2024 Q" in text or "<Q>" in text, (path.name, program)
            if MINING.encode() in path.read_bytes() and program == "exiftool":
                assert "PROHIBITED" in text
                assert "https://example.com/licence" in text
    for data in cleaned(Runs(tmp_path / "plain"), files, "standard").values():
        assert NAME.encode() not in data
        assert not credit_rows(data)
    assert sum(MINING.encode() in data for data in outputs.values()) == sum(
        b"Exampleton" in data for data in files.values()
    )


def gapless(path: Path) -> bytes:
    """With iTunes' numbers for playing without a gap, which stay."""
    made(path, *TONE)
    tags: Any = mutagen.mp4  # it has no types
    file = tags.MP4(path)
    free = tags.MP4FreeForm(b" 00000000 00000840 000001CA 00000000003F31F6")
    file["----:com.apple.iTunes:iTunSMPB"] = [free]
    file.save()
    return path.read_bytes()


@pytest.mark.slow
def test_films(runs: Runs, tmp_path: Path) -> None:
    """The samples stand before and behind the description, in fragments, beside no-gap numbers."""
    made_ = tmp_path / "made"
    made_.mkdir()
    plain = made(made_ / "f.mp4", *FILM, "-movflags", "faststart", bare=True)
    files = {
        "a.m4a": made(made_ / "a.m4a", *TONE),
        "b.mp4": made(made_ / "b.mp4", *FILM, *TONE, "-movflags", "faststart"),
        "c.mov": made(made_ / "c.mov", *FILM),
        "d.mov": made(made_ / "d.mov", *FILM, "-movflags", "use_metadata_tags"),
        "e.3gp": made(made_ / "e.3gp", *FILM, "-c:v", "h263"),
        "f.mp4": plain + box(b"uuid", XMP_UUID + XMP.encode()),
        "g.mp4": made(made_ / "g.mp4", *FILM, "-movflags", "frag_keyframe+empty_moov"),
        "h.m4a": gapless(made_ / "h.m4a"),
    }
    assert_credits(runs, files, tmp_path)
    kept = [path for path in (runs.out / "data").iterdir() if b"iTunSMPB" in path.read_bytes()]
    assert [path.read_bytes().count(b"ilst") for path in kept] == [1]


def test_an_item_of_another_kind_is_no_credit(tmp_path: Path, runs: Runs) -> None:
    (data,) = cleaned(runs, {"a.m4a": made(tmp_path / "a.m4a", *TONE)}).values()
    rows = len(credit_rows(data))
    for old, new in (
        (b"data\0\0\0\1", b"data\0\0\0\2"),
        (b"data\0\0\0\1\0\0\0\0", b"data\0\0\0\1\0\0\0\1"),
        (b"cprt", b"\xa9ART"),
        (XMP_UUID, XMP_UUID[::-1]),
    ):
        assert old in data
        assert len(credit_rows(data.replace(old, new))) < rows, old


def test_recordings(runs: Runs, tmp_path: Path) -> None:
    made_ = tmp_path / "made"
    made_.mkdir()
    wav = made(made_ / "w.wav", *TONE, bare=True)
    aiff = made(made_ / "w.aiff", *TONE, bare=True)
    files = {
        "a.wav": made(made_ / "a.wav", *TONE),
        "b.wav": made(made_ / "b.wav", *TONE, "-rf64", "always"),
        "c.wav": riff(wav, b"_PMX", XMP.encode()),
        "d.aiff": made(made_ / "d.aiff", *TONE, "-write_id3v2", "1"),
        "e.aiff": riff(riff(aiff, b"AUTH", NAME.encode(), ">"), b"(c) ", RIGHTS.encode(), ">"),
        "f.aiff": riff(aiff, b"APPL", b"XMP " + XMP.encode(), ">"),
    }
    assert_credits(runs, files, tmp_path)


def test_tags_at_the_end(runs: Runs, tmp_path: Path) -> None:
    """APEv2, which players of WavPack and Monkey's Audio read."""
    made_ = tmp_path / "made"
    made_.mkdir()
    monkeys = made_ / "b.ape"
    monkeys.write_bytes(test_monkeys.made())
    tags: Any = mutagen.apev2  # it has no types
    file = tags.APEv2()
    file["artist"], file["Copyright"], file["Title"] = NAME, RIGHTS, "PLANTED"
    file["License"] = "https://example.com/licence"
    file.save(monkeys)
    files = {"a.wv": made(made_ / "a.wv", *TONE), "b.ape": monkeys.read_bytes()}
    files["c.tta"] = made(made_ / "c.tta", *TONE)
    assert_credits(runs, files, tmp_path, blind=("exiftool", "mediainfo"))
    (data, *_) = (path.read_bytes() for path in (runs.out / "data").iterdir())
    rows = len(credit_rows(data))
    for old, new in (
        (b"Artist\0", b"Artisi\0"),
        (b"\0\0\0\xa0", b"\0\0\0\xa1"),
        (b"\0\0\0\x80", b"\0\0\0\xa0"),
        (b"\xd0\7\0\0", b"\xe8\3\0\0"),
    ):
        assert old in data
        assert len(credit_rows(data.replace(old, new))) < rows, old


def test_matroska(runs: Runs, tmp_path: Path) -> None:
    made_ = tmp_path / "made"
    made_.mkdir()
    film = (*FILM, *TONE, "-c:v", "libx264", "-metadata", "license=https://example.com/licence")
    files = {
        "a.mkv": made(made_ / "a.mkv", *film),
        "b.mkv": made(made_ / "b.mkv", *FILM, "-live", "1"),
        "c.webm": made(made_ / "c.webm", *TONE, "-c:a", "libopus"),
    }
    assert_credits(runs, files, tmp_path)
    tested: list[Path] = []
    for path in (runs.out / "data").iterdir():
        data = path.read_bytes()
        rows = len(credit_rows(data))
        for old, new in (
            (b"ARTIST", b"ARTISA"),
            (b"COPYRIGHT", b"ARTIST\0\0\0"),
            (b"https://example.com/", b"ftps://example.com/x"),
        ):
            if old in data:
                assert len(credit_rows(data.replace(old, new))) < rows, old
        if b"\x18\x53\x80\x67\x01" + b"\xff" * 7 in data:  # of no stated size
            at = data.index(b"\x12\x54\xc3\x67") + 4
            assert data[at + 1 : at + 3] == b"\x73\x73"
            more = bytearray(data.replace(b"\x63\xc0\x80", b"\x63\xc0\x84\x68\xca\x81\x32"))
            more[at] += 4
            more[at + 3] += 4
            assert not credit_rows(bytes(more))
            tested.append(path)
    assert tested


def test_flac_in_ogg(runs: Runs, tmp_path: Path) -> None:
    made_ = tmp_path / "made"
    made_.mkdir()
    files = {"a.oga": made(made_ / "a.oga", *TONE, "-c:a", "flac")}
    flac: Any = mutagen.oggflac  # it has no types
    file = flac.OggFLAC(made_ / "a.oga")
    file.tags["WAVEFORMATEXTENSIBLE_CHANNEL_MASK"] = "0x4"
    file.save()
    files["b.oga"] = (made_ / "a.oga").read_bytes()
    assert b"CHANNEL_MASK=" in files["b.oga"]
    assert_credits(runs, files, tmp_path, blind=("mediainfo",))
    masked = [b"CHANNEL_MASK=" in one.read_bytes() for one in (runs.out / "data").iterdir()]
    assert sorted(masked) == [False, True]


def test_jpeg_2000(runs: Runs, tmp_path: Path) -> None:
    out = io.BytesIO()
    Image.effect_noise((32, 24), 40).save(out, "JPEG2000")
    data = out.getvalue()
    packet = box(b"uuid", XMP_UUID + XMP.encode())
    at = data.index(b"jp2c") - 4
    files = {"a.jp2": data[:at] + packet + data[at:], "b.jp2": data + packet}
    outputs = cleaned(runs, files)
    assert len(set(outputs.values())) == 1
    again = Runs(tmp_path / "again")
    assert sorted(cleaned(again, outputs).values()) == sorted(outputs.values())
    for path in (runs.out / "data").iterdir():
        made_ = path.read_bytes()
        assert_one_form(made_)
        said = shown(path)["exiftool"]
        assert NAME in said
        assert "PROHIBITED" in said
        row = identify(MemorySource(made_)).container
        assert_laws(load_format(row), load_reader(row), made_, surgeries=3)
        with Image.open(io.BytesIO(made_)) as picture, Image.open(io.BytesIO(data)) as was:
            assert picture.tobytes() == was.tobytes()
        doubled = made_ + packet
        assert not credit_rows(doubled)
    for plain in cleaned(Runs(tmp_path / "plain"), files, "standard").values():
        assert NAME.encode() not in plain
        assert not credit_rows(plain)


def twice(name: bytes, order: str) -> Callable[[bytes], bytes]:
    def doubled(data: bytes) -> bytes:
        at = data.index(name)
        size = struct.unpack(order + "I", data[at + 4 : at + 8])[0]
        return riff(data, name, data[at + 8 : at + 8 + size], order)

    return doubled


@pytest.mark.parametrize(
    ("suffix", "edit"),
    [
        ("wav", twice(b"id3 ", "<")),
        ("wav", lambda data: riff(data, b"_PMX", b"<x/>")),
        ("aiff", lambda data: riff(data, b"APPL", b"stoc1", ">")),
        ("aiff", twice(b"ID3 ", ">")),
    ],
)
def test_a_chunk_more_is_no_credit(
    suffix: str, edit: Callable[[bytes], bytes], tmp_path: Path, runs: Runs
) -> None:
    source = made(tmp_path / f"a.{suffix}", *TONE, *(["-write_id3v2", "1"] * (suffix == "aiff")))
    (data,) = cleaned(runs, {f"a.{suffix}": source}).values()
    read = load_reader(identify(MemorySource(data)).container)
    try:
        left = read(MemorySource(edit(data))).leftovers
    except (Damaged, Unsupported):
        return
    assert [row for row in left if not row.startswith("credit: ")]
