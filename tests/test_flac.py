"""FLAC: every block, both ends, seek points, and frames whose end is exact."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import struct
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held
from scrubber.formats.flac import Flac
from scrubber.formats.flac_frames import Walk, crc16, walk
from scrubber.readers.flac import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
GOING_FORMS = (PLANTED, PLANTED.decode().encode("utf-16-le"), base64.b64encode(PLANTED)[:-4])


def made(**options: object) -> tuple[bytes, bytes]:
    """STREAMINFO and frames of a recording as FFmpeg's encoder writes it."""
    data = encoded("flac", "flac", **options)
    at, info = 4, b""
    while True:
        kind, size = data[at], int.from_bytes(data[at + 1 : at + 4], "big")
        if not kind & 0x7F:
            info = data[at + 4 : at + 4 + size]
        at += 4 + size
        if kind & 0x80:
            return info, data[at:]


def flac(
    *blocks: tuple[int, bytes], info: bytes | None = None, frames: bytes | None = None
) -> bytes:
    known = made()
    rows = [(0, info or known[0]), *blocks]
    out = b"fLaC"
    for index, (kind, body) in enumerate(rows):
        last = 0x80 if index == len(rows) - 1 else 0
        out += bytes((kind | last,)) + len(body).to_bytes(3, "big") + body
    return out + (known[1] if frames is None else frames)


def comments(*rows: bytes, vendor: bytes = b"reference libFLAC") -> bytes:
    words = [struct.pack("<I", len(row)) + row for row in rows]
    head = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(rows))
    return head + b"".join(words)


def picture(data: bytes) -> bytes:
    kind, text = b"image/jpeg", PLANTED
    head = struct.pack(">II", 3, len(kind)) + kind + struct.pack(">I", len(text)) + text
    return head + struct.pack(">IIIII", 1, 1, 24, 0, len(data)) + data


def walked() -> Walk:
    info, frames = made()
    bits = (int.from_bytes(info[10:18], "big") >> 36 & 31) + 1
    return walk(MemorySource(frames), 0, len(frames), bits)


MASK = b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x3"
HIDING = {
    "PADDING": (1, bytes(300) + PLANTED),
    "APPLICATION": (2, b"riffLIST" + PLANTED),
    "VORBIS_COMMENT": (4, comments(b"ARTIST=" + PLANTED, b"COMMENT=" + PLANTED)),
    "vendor": (4, comments(vendor=PLANTED)),
    "after the comments": (4, comments() + PLANTED),
    "base64 picture": (4, comments(b"METADATA_BLOCK_PICTURE=" + base64.b64encode(PLANTED))),
    "CUESHEET": (5, PLANTED.ljust(396, b"\0")),
    "PICTURE": (6, picture(b"\xff\xd8\xff\xe0" + PLANTED)),
    "reserved": (77, PLANTED),
    "placeholder": (3, b"\xff" * 8 + PLANTED[:10] + bytes(18)),
    "false seek point": (3, bytes(16) + b"\x12\x01" + PLANTED[:18]),
}


def assert_clean(data: bytes, like: bytes | None = None) -> bytes:
    out = assert_laws(Flac(), read, data)
    for form in GOING_FORMS:
        assert form.lower() not in out.lower()
    assert np.array_equal(decoded(out), decoded(like or flac()))
    return out


@pytest.mark.parametrize("place", HIDING)
def test_blocks_go(place: str) -> None:
    out = assert_clean(flac(HIDING[place]))
    assert out == flac()
    assert out[4] == 0x80  # STREAMINFO is the last block now


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_last_frame_goes(place: str) -> None:
    assert assert_clean(flac() + AFTER[place]) == flac()


def test_tags_before_the_marker_go() -> None:
    assert assert_clean(ARTIST + ARTIST + flac() + ape() + ID3V1) == flac()


def test_all_at_once_and_with_names() -> None:
    data = ARTIST + flac(*(row for row in HIDING.values() if row[0] != 3)) + PLANTED
    assert_clean(data)
    ledger = ledger_of(Flac(), data)
    said = {}
    for part in ledger.parts[1:]:
        if part.describe:
            value = b"".join(data[start:end] for start, end in part.spans)
            said[ledger.path(part.id)] = (part.entity, part.describe(value))
    name = PLANTED.decode()
    assert said["VORBIS_COMMENT/ARTIST"] == ("CREATOR", name)
    assert said["VORBIS_COMMENT/vendor"] == ("ENCODER", "reference libFLAC")
    assert said["PICTURE/description"] == ("CAPTION", name)
    assert said["ID3v2.3/TPE1"] == ("CREATOR", name)


def test_the_channel_mask_stays_alone() -> None:
    rows = comments(b"ARTIST=" + PLANTED, MASK, b"TITLE=" + PLANTED, vendor=PLANTED)
    out = assert_clean(flac((1, PLANTED), (4, rows + PLANTED), (1, PLANTED)))
    assert out == flac((4, comments(MASK, vendor=b"")))
    assert dict(read(MemorySource(out)).rendering.facts)["mask"] == "3"
    odd = comments(b"WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x3 Jane", MASK + b"4" * 30)
    assert assert_clean(flac((4, odd))) == flac()


def test_true_seek_points_stay() -> None:
    found = walked()
    rows = [struct.pack(">QQH", first, at, n) for at, (first, n) in found.points.items()]
    assert len(rows) > 3
    table = b"".join(rows[:4])
    data = flac((1, PLANTED), (3, table + b"\xff" * 8 + PLANTED[:10]), (6, picture(PLANTED)))
    assert assert_clean(data) == flac((3, table))


def test_sizes_in_streaminfo_are_true() -> None:
    info, _ = made()
    assert clean(Flac(), flac(info=PLANTED[:10] + info[10:])) == flac()
    assert_clean(flac(info=info[:4] + PLANTED[:6] + info[10:]))
    unknown = flac(info=info[:4] + bytes(6) + info[10:])
    assert assert_clean(unknown) == unknown


def test_the_end_is_exact_for_every_kind_of_last_frame() -> None:
    """Trailing bytes of any value are cut, whatever coding the last frame has."""
    quiet = {"seconds": 0.05}
    for options in (quiet, {"seconds": 0.31, "channels": 1}, {"seconds": 0.2, "rate": 8000}):
        info, frames = made(**options)
        plain = flac(info=info, frames=frames)
        for rest in (b"\0", b"\xff\xf8", PLANTED, bytes(5000) + PLANTED):
            assert clean(Flac(), plain + rest) == plain


@pytest.mark.skipif(not shutil.which("flac"), reason="flac is not installed")
@pytest.mark.parametrize("level", ["-0", "-5", "-8e"])
@pytest.mark.parametrize("shape", ["noise", "silence", "tone", "wasted bits", "six channels"])
def test_recordings_of_the_reference_encoder(tmp_path: Path, level: str, shape: str) -> None:
    rng = np.random.default_rng(3)
    channels = 6 if shape == "six channels" else 2
    samples = {
        "noise": rng.integers(-32768, 32767, 30000 * channels),
        "silence": np.zeros(30000 * channels),
        "tone": np.sin(np.arange(30000 * channels) / 30) * 9000,
        "wasted bits": rng.integers(-2000, 2000, 30000 * channels) * 16,
        "six channels": rng.normal(0, 900, 30000 * channels),
    }[shape].astype("<i2")
    raw, path = tmp_path / "in.raw", tmp_path / "out.flac"
    raw.write_bytes(samples.tobytes())
    form = ["--force-raw-format", "--endian=little", "--sign=signed", "--bps=16"]
    command = ["flac", "-s", level, *form, f"--channels={channels}", "--sample-rate=44100"]
    tag = ["-T", f"ARTIST={PLANTED.decode()}", "-o", str(path), str(raw)]
    subprocess.run([*command, *tag], check=True)
    data = path.read_bytes()
    out = assert_clean(data + PLANTED, data)
    path.write_bytes(out)
    subprocess.run(["flac", "-t", "-s", "-w", str(path)], check=True)
    assert data.endswith(out[-50:])


def test_the_digest_is_over_the_frames() -> None:
    _, frames = made()
    assert read(MemorySource(flac())).content == hashlib.sha256(frames).hexdigest()


def _with_total(info: bytes, change: int) -> bytes:
    numbers = int.from_bytes(info[10:18], "big") + change
    return info[:10] + numbers.to_bytes(8, "big") + info[18:]


def test_what_cannot_be_proved_is_held() -> None:
    info, frames = made()
    starts = sorted(walked().points)
    cut, middle = starts[-1], starts[2]
    flipped = bytearray(frames)
    flipped[starts[1] + 200] ^= 1
    for data in (
        b"",
        b"fLaC",
        flac()[:-1],
        flac()[:-20],
        flac(frames=frames[:cut]),  # a whole frame is missing
        flac(frames=frames[:middle] + PLANTED + frames[middle:]),  # bytes between frames
        flac(frames=PLANTED + frames),
        flac(frames=bytes(flipped)),
        flac(info=info[:33]),
        flac(info=_with_total(info, 5)),
        flac((0, info)),
        flac((127, PLANTED)),
        flac().replace(b"fLaC", b"fLac"),
    ):
        with pytest.raises(Damaged):
            clean(Flac(), data)


def test_a_total_that_is_not_stated_is_no_fault() -> None:
    info, _ = made()
    total = int.from_bytes(info[10:18], "big") & (1 << 36) - 1
    data = flac((1, PLANTED), info=_with_total(info, -total))
    assert_clean(data, data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    assert read(MemorySource(flac())).leftovers == ()
    for place, hidden in HIDING.items():
        if place != "false seek point":
            assert read(MemorySource(flac(hidden))).leftovers, place
    for rest in (*AFTER.values(), b"\0\0\0"):
        assert read(MemorySource(flac() + rest)).leftovers
    assert read(MemorySource(ARTIST + flac())).leftovers
    rows = comments(MASK, b"ARTIST=" + PLANTED, vendor=b"")
    assert read(MemorySource(flac((4, rows)))).leftovers


def test_checksums_of_many_frames_at_once_are_those_of_each() -> None:
    rng = np.random.default_rng(1)
    rows = [rng.bytes(n) for n in (1, 2, 255, 256, 257, 1000)]
    for row, value in zip(rows, crc16(rows), strict=True):
        expected = 0
        for byte in row:
            expected ^= byte << 8
            for _ in range(8):
                expected = (expected << 1 ^ (0x18005 if expected & 0x8000 else 0)) & 0x1FFFF
        assert value == expected


def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    info, frames = made(seconds=2.0)
    data = flac(info=info, frames=frames) + PLANTED
    for window in (60_000, 70_001):
        monkeypatch.setattr("scrubber.formats.flac_frames.WINDOW", window)
        assert clean(Flac(), data) == data[: -len(PLANTED)]


def test_the_walk_is_fast() -> None:
    info, frames = made(seconds=20.0)
    data = flac(info=info, frames=frames)
    clean(Flac(), flac())  # tables are made once
    begun = time.process_time()
    ledger_of(Flac(), data)
    assert len(data) / (time.process_time() - begun) > 20e6


HELD = {
    "106-invalid-streaminfo.flac", "106-short-picture-block-size.flac",
    "52-overwritten-metadata.flac", "52-too-short-block-size.flac",
    "flac_application.flac", "ooming-header.flac", "variable-block.flac",
}  # fmt: skip
"""Broken metadata, or (the last three) cut off in the middle of a frame."""


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.flac"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        if path.name in HELD:
            with pytest.raises(Held):
                clean(Flac(), data)
        else:
            assert_clean(data, data)


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    info, frames = made(seconds=0.05, rate=8000)
    data = ARTIST + flac(*HIDING.values(), (4, comments(MASK)), info=info, frames=frames) + ID3V1
    assert assert_robust(Flac(), read, data, n=700) > 100
