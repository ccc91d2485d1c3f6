"""Hostile, broken and odd input: the run goes on, the file is named, nothing is lost."""

from __future__ import annotations

import base64
import io
import json
import os
import random
import socket
import stat
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pictures import PNG_SIGNATURE, chunk, png
from PIL import Image
from runs import LETTER, NOBODY, PLAIN, ROOT, Runs, photo, snapshot

from scrubber.errors import FolderError
from scrubber.model import ItemRecord, Outcome

WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)
GPS_WORDS = (b"Exif\0\0", b"GPS", b"Marlowe", b"SN839201")


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path / "w")
    runs.write("good.jpg", photo())  # the run goes on: this one is always there
    return runs


def run(runs: Runs) -> dict[str, ItemRecord]:
    """One run, and what must hold after every run."""
    before = snapshot(runs.inside)
    _, records = runs.here()
    assert snapshot(runs.inside) == before
    check(runs, records)
    return records


def check(runs: Runs, records: dict[str, ItemRecord]) -> None:
    assert records["good.jpg"].outcome is Outcome.CLEANED
    files = [path for path in (runs.out / "data").rglob("*") if not path.is_dir()]
    assert len(files) == sum(record.outcome in WRITTEN for record in records.values())
    for path in files:
        assert path.is_file()
        assert not path.is_symlink()
        data = path.read_bytes()
        assert not any(word in data for word in (b"GPSLat", b"SN839201", b"Marlowe Quill"))
    for record in records.values():
        if record.outcome is Outcome.HELD:
            assert record.code
            assert record.what or record.why


def held(records: dict[str, ItemRecord], name: str) -> str:
    assert records[name].outcome is Outcome.HELD, records[name]
    return str(records[name].code)


# files that are no files ----------------------------------------------------------------------


def test_an_empty_file_is_named_and_an_empty_folder_is_no_trouble(runs: Runs) -> None:
    runs.write("nothing.jpg", b"")
    runs.write("nothing.txt", b"")
    (runs.inside / "empty").mkdir()
    records = run(runs)
    assert {"nothing.jpg", "nothing.txt"} <= set(records)
    assert held(records, "nothing.jpg")


def test_a_folder_without_files_gives_an_empty_batch(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "w")
    done = runs.scrub()
    assert done.returncode == 0
    assert done.stdout.startswith("NOTHING TO UPLOAD")
    assert runs.verified()


@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.97])
def test_a_truncated_picture_is_held_as_damaged(runs: Runs, part: float) -> None:
    data = photo()
    runs.write("cut.jpg", data[: int(len(data) * part)])
    whole = png(width=40, height=40)
    runs.write("cut.png", whole[: int(len(whole) * part)])
    records = run(runs)
    assert held(records, "cut.jpg") in ("damaged", "unknown-container")
    assert held(records, "cut.png") in ("damaged", "unknown-container")


def test_pipes_sockets_devices_and_links_are_named_and_never_opened(runs: Runs) -> None:
    os.mkfifo(runs.inside / "pipe.jpg")
    secret = runs.base / "secret.txt"
    secret.write_text("outside the tree: 555-0100")
    (runs.inside / "link.txt").symlink_to(secret)
    (runs.inside / "folder").symlink_to(runs.base)
    (runs.inside / "loop").symlink_to(runs.inside / "loop")
    (runs.inside / "round").symlink_to(runs.inside)
    here = os.getcwd()
    os.chdir(runs.inside)  # the path of a socket must be short
    listener = socket.socket(socket.AF_UNIX)
    listener.bind("socket.png")
    os.chdir(here)
    if ROOT:
        os.mknod(runs.inside / "zero.wav", stat.S_IFCHR | 0o644, os.makedev(1, 5))
    records = run(runs)
    listener.close()
    assert held(records, "pipe.jpg") == held(records, "socket.png") == "unreadable"
    assert {records[name].code for name in ("link.txt", "folder", "loop", "round")} == {"symlink"}
    if ROOT:
        assert held(records, "zero.wav") == "unreadable"
    assert not any(b"outside the tree" in path.read_bytes() for path in _files(runs.out))


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_hard_links_are_cleaned_twice_and_said(runs: Runs) -> None:
    os.link(runs.inside / "good.jpg", runs.inside / "zweitens.jpg")
    before = (runs.inside / "good.jpg").read_bytes()
    result, records = runs.here()
    check(runs, records)
    assert records["zweitens.jpg"].notes == ("hard-link",)
    assert (runs.inside / "good.jpg").read_bytes() == before
    assert "hard link" in runs.scrub().stdout
    assert result.tally.items_out == 2


def test_what_the_user_may_not_read_is_held_and_the_rest_is_clean(runs: Runs) -> None:
    runs.write("locked.jpg", photo())
    runs.write("closed/inside.jpg", photo())
    (runs.inside / "locked.jpg").chmod(0)
    (runs.inside / "closed").chmod(0)
    done = runs.scrub(limited=True)
    assert done.returncode == 3, done.stderr
    assert "unreadable: 2 files" in done.stdout
    assert "locked.jpg" in done.stdout
    assert "closed/" in done.stdout
    assert len(_files(runs.out / "data")) == 1
    assert "Looked inside 1 of 3." in done.stdout
    (runs.inside / "closed").chmod(0o755)


# names --------------------------------------------------------------------------------------


@pytest.mark.slow
def test_names_cannot_act_on_the_terminal_or_break_a_list(runs: Runs) -> None:
    odd = [
        b"line\nbreak.jpg",
        b"\x1b[31mred\x1b[0m.jpg",
        "right\u202egpj.exe.jpg".encode(),
        b"not-utf8-\xff\xfe.jpg",
        b"tab\tand\rreturn.jpg",
        b"quote'\"$(touch owned).jpg",
        b"-rf.jpg",
        b"percent%0A.jpg",
        ("x" * 251).encode() + b".jpg",
    ]
    for number, name in enumerate(odd):
        runs.write(name, photo(shade=number))
    runs.write(b"held\nback\x1b[2J\xff.jpg", b"\xff\xd8\xff\xe0broken")
    before = snapshot(runs.inside)
    done = runs.scrub()
    assert done.returncode == 3
    assert snapshot(runs.inside) == before
    assert all(char.isprintable() or char == "\n" for char in done.stdout + done.stderr)
    assert "held" in done.stdout
    written = _files(runs.out / "data")
    assert len(written) == len(odd) + 1
    for path in written:
        assert path.name.isascii()
        assert path.name.isprintable()
    assert runs.verified()
    row = runs.report()
    assert "held_back" not in row
    assert json.dumps(row).isascii()


def test_names_that_some_systems_take_for_one_all_come_out(runs: Runs) -> None:
    runs.write("photo.jpg", photo(shade=1))
    runs.write("PHOTO.JPG", photo(shade=2))
    runs.write("Photo.jpeg", photo(shade=3))
    runs.write("caf\u00e9.jpg", photo(shade=4))
    runs.write("cafe\u0301.jpg", photo(shade=5))
    records = run(runs)
    outs = [str(record.out_path) for record in records.values() if record.out_path]
    assert len({out.lower() for out in outs}) == 6


# moving targets -------------------------------------------------------------------------------

WRITER = """
import os, sys, time
path, end = sys.argv[1], time.monotonic() + 60
print("go", flush=True)
number = 0
while time.monotonic() < end:
    with open(path, "r+b") as file:
        file.seek(-40, os.SEEK_END)
        file.write(b"%036d" % number)
    number += 1
"""


def test_a_file_that_another_program_writes_to_is_held_or_whole(runs: Runs) -> None:
    data = bytearray(photo())
    image = Image.effect_noise((1600, 1200), 90)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    data = bytearray(out.getvalue())
    path = runs.write("busy.jpg", bytes(data))
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    try:
        _, records = runs.here()
    finally:
        writer.kill()
        writer.communicate()
    check(runs, records)
    busy = records["busy.jpg"]
    assert busy.outcome in WRITTEN or busy.code in ("changed-while-reading", "damaged"), busy
    assert runs.verified()


def test_a_text_that_is_another_one_at_the_second_reading_is_held(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrubber import pipeline

    path = runs.write("letter.txt", PLAIN)
    runs.write("other.txt", PLAIN)

    def clean(self: pipeline._Run, pool: object) -> None:
        path.write_text("A wholly different text, with jane.roe@example.com in it.\n")
        real(self, pool)

    real = pipeline._Run.clean
    monkeypatch.setattr(pipeline._Run, "clean", clean)
    _, records = runs.here()
    assert held(records, "letter.txt") == "changed-while-reading"
    check(runs, records)


@pytest.mark.parametrize("how", ["vanishes", "shrinks", "becomes a link", "becomes a pipe"])
def test_a_file_that_is_gone_when_its_turn_comes_is_held(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    from scrubber import pipeline

    path = runs.write("moving.jpg", photo())

    def learn(self: pipeline._Run, pool: object) -> None:
        if how == "shrinks":
            path.write_bytes(path.read_bytes()[:-60])
        else:
            path.unlink()
        if how == "becomes a link":
            path.symlink_to("/etc/hostname")
        if how == "becomes a pipe":
            os.mkfifo(path)
        real(self, pool)

    real = pipeline._Run.learn
    monkeypatch.setattr(pipeline._Run, "learn", learn)
    _, records = runs.here()
    assert held(records, "moving.jpg") in ("unreadable", "damaged", "changed-while-reading")
    check(runs, records)


# bombs --------------------------------------------------------------------------------------


def bomb_png(width: int, height: int, rows: int) -> bytes:
    """Declares `width` × `height`, and packs `rows` rows of zeros into very little."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(bytes(width + 1)) for _ in range(rows)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG_SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND")


def test_sizes_are_checked_before_they_are_believed(runs: Runs) -> None:
    runs.write("huge.png", bomb_png(2_000_000_000, 2_000_000_000, 0))
    runs.write("deep.png", bomb_png(60_000, 60_000, 500))
    profile = zlib.compress(bytes(200 << 20), 9)
    runs.write("profile.png", png(before=chunk(b"iCCP", b"p\0\0" + profile)))
    runs.write("text.png", png(before=chunk(b"zTXt", b"Comment\0\0" + profile)))
    jpeg = bytearray(photo())
    at = jpeg.index(b"\xff\xc0")
    jpeg[at + 5 : at + 9] = b"\xff\xff\xff\xff"
    runs.write("huge.jpg", bytes(jpeg))
    wav = b"RIFF" + struct.pack("<I", 0xFFFFFFF0) + b"WAVEfmt " + struct.pack("<I", 16)
    wav += struct.pack("<HHIIHH", 1, 2, 44100, 176400, 4, 16) + b"data" + b"\xf0\xff\xff\xff"
    runs.write("huge.wav", wav + bytes(600))
    began = time.monotonic()
    records = run(runs)
    assert time.monotonic() - began < 30
    for name in ("huge.png", "deep.png"):
        assert held(records, name)
    for name in ("profile.png", "text.png"):  # held, or clean without it
        size = records[name].out_size
        assert records[name].outcome is Outcome.HELD or size < 20_000
    assert records["huge.wav"].out_size in (0, 644)  # held, or with its true size


def test_a_json_of_a_hundred_thousand_brackets_is_held(runs: Runs) -> None:
    runs.write("deep.json", "[" * 100_000 + "]" * 100_000)
    runs.write("deep.jsonl", '{"a":' * 50_000 + "1" + "}" * 50_000 + "\n")
    runs.write("number.json", '{"n": ' + "9" * 100_000 + "}")
    records = run(runs)
    assert held(records, "deep.json")
    assert held(records, "deep.jsonl")


def test_texts_that_are_no_texts_are_held(runs: Runs) -> None:
    runs.write("zeros.txt", b"some words\0\0\0and more\n")
    runs.write("binary.txt", random.Random(3).randbytes(4000))
    runs.write("mixed.txt", PLAIN.encode() + b"caf\xe9 \xff\xfe\x80\x81 r\xf6ck\n")
    records = run(runs)
    assert held(records, "zeros.txt")
    assert held(records, "binary.txt")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("letter.txt", rb"{\rtf1\ansi{\info{\author Jane Roe}}Hello}"),
        ("contact.txt", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane\r\nTEL:555-0100\r\nEND:VCARD\r\n"),
        (
            "way.txt",
            '<?xml version="1.0"?><gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
            '<trk><trkseg><trkpt lat="48.8584" lon="2.2945"/></trkseg></trk></gpx>',
        ),
        (
            "flight.txt",
            "1\n00:00:00,000 --> 00:00:00,033\n<font size=\"36\">FrameCnt : 1, DiffTime : 33ms\n"
            "2023-01-01 10:00:00.000\n[iso : 100] [shutter : 1/50.0] [latitude : 48.858400] "
            "[longitude : 2.294500] </font>\n\n",
        ),
        ("card.txt", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Jane Roe\r\nEND:VCARD\r\n"),
    ],
)  # fmt: skip
def test_what_is_only_named_txt_is_no_text(runs: Runs, name: str, data: bytes | str) -> None:
    runs.write(name, data)
    records = run(runs)
    assert held(records, name) in ("unknown-container", "unsupported")
    assert records[name].fix


def test_a_page_that_is_named_txt_is_cleaned_as_a_page(runs: Runs) -> None:
    runs.write("page.txt", "<!DOCTYPE html><html><head><meta name=by content=Jane></head></html>")
    record = run(runs)["page.txt"]
    assert record.media_type == "text/html"
    assert b"Jane" not in (runs.out / "data" / str(record.out_path)).read_bytes()


def test_a_key_that_is_named_txt_is_held_as_a_key(runs: Runs) -> None:
    edge = "RSA PRIVATE" + " KEY-----"
    runs.write("key.txt", f"-----BEGIN {edge}\n{'A' * 64}\n-----END {edge}")
    assert held(run(runs), "key.txt") == "credential-store"


def test_a_second_file_behind_the_end_of_a_picture_does_not_come_along(runs: Runs) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("secret.txt", LETTER)
    runs.write("zip.jpg", photo() + packed.getvalue())
    runs.write("two.jpg", photo(shade=1) + photo(shade=2))
    runs.write("zip.png", png() + packed.getvalue())
    runs.write("html.jpg", photo() + b"<html><script>alert('planted')</script>")
    run(runs)
    for path in _files(runs.out / "data"):
        data = path.read_bytes()
        assert b"PK\x03\x04" not in data
        assert b"planted" not in data
        assert data.count(b"\xff\xd8\xff") <= 1


def test_archives_that_cannot_be_opened_are_held(runs: Runs) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("secret.txt", LETTER)
    data = bytearray(packed.getvalue())
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):  # APPNOTE 4.4.4: bit 0 says encrypted
        at = data.index(mark) + (6 if mark[2] == 3 else 8)
        data[at] |= 1
    runs.write("locked.zip", bytes(data))
    runs.write("open.zip", packed.getvalue())
    records = run(runs)
    assert held(records, "locked.zip")
    assert held(records, "open.zip")


# pictures inside texts ------------------------------------------------------------------------


def data_url(data: bytes) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(data).decode()


def test_a_picture_inside_jsonl_is_cleaned_where_it_stands(runs: Runs) -> None:
    original = photo()
    rows = [
        {"role": "user", "image": data_url(original), "text": "what does it show?"},
        {"role": "assistant", "text": "a grey circle"},
    ]
    runs.write("chat.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    records = run(runs)
    assert records["chat.jsonl"].outcome is Outcome.CLEANED, records["chat.jsonl"]
    (path,) = (runs.out / "data").glob("*.jsonl")
    first, second = map(json.loads, path.read_text().splitlines())
    assert second == rows[1]
    assert first["text"] == rows[0]["text"]
    cleaned = base64.b64decode(first["image"].partition(",")[2], validate=True)
    assert not any(word in cleaned for word in (b"GPS", b"Marlowe", b"SN839201"))
    before, after = Image.open(io.BytesIO(original)), Image.open(io.BytesIO(cleaned))
    assert before.tobytes() == after.tobytes()
    assert dict(after.getexif()) in ({}, {0x0112: 6})


def test_an_address_in_base64_does_not_pass(runs: Runs) -> None:
    hidden = base64.b64encode(b"Dear all, please write to jane.roe@example.com. " * 3).decode()
    runs.write("note.txt", f"The code of the day is {hidden} as always.\n")
    records = run(runs)
    assert records["note.txt"].outcome is Outcome.CLEANED
    text = (runs.out / "data" / str(records["note.txt"].out_path)).read_text()
    run_ = max(text.split(), key=len)
    decoded = base64.b64decode(run_, validate=True)
    assert b"jane.roe" not in decoded
    assert decoded.count(b"[EMAIL_ADDRESS-") == 3


def test_noise_in_base64_is_held(runs: Runs) -> None:
    noise = base64.b64encode(random.Random(5).randbytes(600)).decode()
    runs.write("note.txt", f"Here it is: {noise}\n")
    assert held(run(runs), "note.txt") == "opaque-text"


# the destination ------------------------------------------------------------------------------


def test_a_destination_that_cannot_be_written_stops_with_4(runs: Runs) -> None:
    closed = runs.base / "closed"
    closed.mkdir()
    closed.chmod(0o555)
    before = snapshot(runs.inside)
    done = runs.scrub(runs.inside, "--out", closed / "out", limited=True)
    assert done.returncode == 4
    assert "closed" in done.stderr
    assert "Traceback" not in done.stderr
    done = runs.scrub(runs.inside, "--out", runs.out, "--audit-dir", closed / "audit", limited=True)
    assert done.returncode == 4
    assert "audit" in done.stderr
    assert snapshot(runs.inside) == before
    assert not runs.out.exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if not ROOT:
        pytest.skip("mounting needs root")
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", place]).returncode:
        pytest.skip("nothing can be mounted here")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_fills_up_stops_with_4_and_publishes_nothing(
    runs: Runs, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scrubber import staging

    for number in range(8):
        out = io.BytesIO()
        Image.effect_noise((500, 500), 90).save(out, "JPEG", quality=95)
        runs.write(f"IMG_{number:04d}.jpg", out.getvalue())
    done = runs.scrub(runs.inside, "--out", small_disk / "out")
    assert done.returncode == 4
    assert "bytes free" in done.stderr
    monkeypatch.setattr(staging.Staging, "need", lambda *_: None)  # it fills up while we run
    with pytest.raises(FolderError, match=r"cannot (take more|be written|be used)"):
        runs.here(out=small_disk / "out")
    with pytest.raises(FolderError, match=r"cannot (take more|be written|be used)"):
        runs.here(out=small_disk / "out", isolate=True, jobs=1)
    monkeypatch.undo()
    assert not (small_disk / "out").exists()
    subprocess.run(["mount", "-o", "remount,size=9m", small_disk], check=True)
    result, _ = runs.here(out=small_disk / "out")
    assert result.exit_code == 0
    assert runs.verified(small_disk / "out")


def test_a_mount_point_as_out_is_refused_before_any_work(runs: Runs, small_disk: Path) -> None:
    done = runs.scrub(runs.inside, "--out", small_disk)
    assert done.returncode == 4
    assert f"{small_disk}/clean" in done.stderr
    assert not runs.audit.exists()


def test_the_audit_folder_may_fill_up_too(runs: Runs, small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(bytes((1 << 20) - 20_000))
    for number in range(40):
        runs.write(f"IMG_{number:04d}.jpg", photo(shade=number))
    done = runs.scrub(runs.inside, "--out", runs.out, "--audit-dir", small_disk / "audit")
    assert done.returncode == 4, done.stderr
    assert "Traceback" not in done.stderr
    assert not runs.out.exists()


def test_a_file_of_another_user_does_not_stop_the_run(runs: Runs) -> None:
    if not ROOT:
        pytest.skip("needs two users")
    os.chown(runs.inside / "good.jpg", NOBODY, NOBODY)
    (runs.inside / "good.jpg").chmod(0o644)
    done = runs.scrub(limited=True)
    assert done.returncode == 0, done.stderr
