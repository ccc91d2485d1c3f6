"""AU: an annotation before the samples, bytes behind them, and samples that stay the same."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.au import Au
from scrubber.readers.au import read
from scrubber.readers.decoded import decoded_digest
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a Jane Doe"


def samples(n: int = 600) -> bytes:
    tone = np.sin(np.arange(n * 2) / 7.0) * 9000
    return tone.astype(">i2").tobytes()


def au(
    data: bytes, note: bytes = b"", *, size: int = -1, coding: int = 3, channels: int = 2
) -> bytes:
    size = len(data) if size < 0 else size
    return struct.pack(">4s5I", b".snd", 24 + len(note), size, coding, 8000, channels) + note + data


PLAIN = au(samples())


def assert_clean(data: bytes) -> bytes:
    out = assert_laws(Au(), read, data)
    assert PLANTED not in out
    assert decoded_digest("au", MemorySource(out)) == decoded_digest("au", MemorySource(data))
    return out


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        au(samples(), bytes(4)),
        au(samples(), PLANTED + b"\0"),
        au(samples(), PLANTED.decode().encode("utf-16-be")),
        au(samples(), bytes(8) + PLANTED * 100),
        PLAIN + PLANTED,
        au(samples() + PLANTED[:3]),
        au(samples() + PLANTED[:3], PLANTED, size=0xFFFFFFFF),
        au(samples() + PLANTED[:1], size=0x7FFFFFFF),
    ],
)
def test_nothing_but_the_samples_stays(data: bytes) -> None:
    assert assert_clean(data) == PLAIN


def test_the_annotation_is_told() -> None:
    data = au(samples(), PLANTED + b"\0\0\0")
    part = next(row for row in ledger_of(Au(), data).parts if row.name == "annotation")
    assert part.describe is not None
    assert (part.entity, part.describe(data[24:48])) == ("CAPTION", PLANTED.decode())


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (PLAIN[:-1], Damaged),
        (b".snd" + struct.pack(">5I", 20, 4, 3, 8000, 2) + samples(), Damaged),
        (b".snd" + struct.pack(">5I", 9999, 4, 3, 8000, 2) + samples(), Damaged),
        (au(samples(), channels=0), Damaged),
        (au(samples(), size=0), Unsupported),
        (au(samples(), coding=12), Unsupported),
        (b"dns." + PLAIN[4:], Damaged),
        (b"", Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Au(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    for data in (
        au(samples(), PLANTED),
        PLAIN + b"J",
        au(samples() + b"JAN"),
        au(samples(), size=0xFFFFFFFF),
    ):
        assert read(MemorySource(data)).leftovers
    assert read(MemorySource(PLAIN)).leftovers == ()


CODINGS = (
    "pcm_s8", "pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_f64be", "pcm_alaw",
    "pcm_mulaw",
)  # fmt: skip


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("codec", CODINGS)
def test_every_coding_that_ffmpeg_streams(codec: str) -> None:
    made = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3", "-c:a", codec,
         "-metadata", f"title={PLANTED.decode()}", "-f", "au", "-"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert PLANTED in made.stdout
    assert_clean(made.stdout)


@pytest.mark.skipif(not shutil.which("sox"), reason="sox is not installed")
@pytest.mark.parametrize("bits", ["8", "16", "24", "32"])
def test_sox_hears_the_same(bits: str, tmp_path: Path) -> None:
    path, cleaned = tmp_path / "a.au", tmp_path / "b.au"
    subprocess.run(
        ["sox", "-n", "-b", bits, "-e", "signed", "--comment", PLANTED.decode(), str(path),
         "synth", "0.2", "sine", "300"],
        check=True,
    )  # fmt: skip
    cleaned.write_bytes(assert_clean(path.read_bytes()))
    raw = [
        subprocess.run(
            ["sox", str(file), "-t", "raw", "-"], check=True, capture_output=True
        ).stdout
        for file in (path, cleaned)
    ]  # fmt: skip
    assert raw[0] == raw[1]


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    assert assert_robust(Au(), read, au(samples(12), PLANTED), n=400) > 40
    streamed = au(samples(12) + b"J", PLANTED, size=0xFFFFFFFF)
    assert assert_robust(Au(), read, streamed, seed=2, n=400) > 100
