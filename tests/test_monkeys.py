"""Monkey's Audio: what stood around the samples, tags and gaps go; the sound is the same."""

from __future__ import annotations

import hashlib
import io
import os
import struct
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from sounds import av, decoded
from test_mp3 import AFTER, ARTIST, BEFORE, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.monkeys import Monkeys
from scrubber.readers.monkeys import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
SILENT = bytes.fromhex("8c621c8d0700000000000100")  # a CRC and a flag: both channels are silent
PER = 73728


def made(
    wave: bytes = b"", tail: bytes = b"", spare: bytes = b"", frames: int = 3, flags: int = 0,
    padding: bytes = bytes(2), version: int = 3990, summed: bool = True,
) -> bytes:  # fmt: skip
    """A silent recording of `frames` frames as the SDK lays it out."""
    header = struct.pack("<HHIIIHHI", 2000, flags, PER, 15040, frames, 16, 2, 44100)
    body = SILENT[:0]
    starts = []
    first = 52 + 24 + frames * 4 + len(spare) + len(wave)
    for _ in range(frames):
        starts.append(first + len(body))
        body += SILENT
    table = struct.pack(f"<{frames}I", *starts) + spare
    sizes = struct.pack("<7I", 52, 24, len(table), len(wave), len(body), 0, len(tail))
    digest = hashlib.md5(wave + body + tail + header + table).digest() if summed else bytes(16)
    head = b"MAC " + struct.pack("<H", version) + padding + sizes + digest
    return head + header + table + wave + body + tail


WAVE = b"RIFF\0\0\0\0WAVELIST" + PLANTED + b"data\0\0\0\0"


def assert_clean(data: bytes, like: bytes) -> bytes:
    out = assert_laws(Monkeys(), read, data)
    assert PLANTED not in out
    assert np.array_equal(decoded(out), decoded(like))
    return out


def test_the_sample_is_a_recording() -> None:
    with av.open(io.BytesIO(made())) as box:
        assert sum(frame.samples for frame in box.decode(audio=0)) == 2 * PER + 15040
    assert read(MemorySource(made())).leftovers == ()
    assert clean(Monkeys(), made()) == made()


@pytest.mark.parametrize(
    "options",
    [
        {"wave": WAVE},
        {"tail": WAVE},
        {"wave": WAVE, "tail": WAVE},
        {"wave": WAVE, "summed": False},
        {"spare": PLANTED.ljust(24)},
        {"padding": b"PL"},
    ],
)
def test_what_is_stored_beside_the_frames_goes(options: dict[str, object]) -> None:
    data = made(**options)
    assert read(MemorySource(data)).leftovers
    out = assert_clean(data, made())
    if "spare" not in options:
        like = made(flags=32 if "wave" in options else 0, summed=bool(options.get("summed", True)))
        assert out == like


@pytest.mark.parametrize("place", BEFORE)
def test_what_stands_before_goes(place: str) -> None:
    assert assert_clean(BEFORE[place] + made(WAVE), made()) == made(flags=32)


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_goes(place: str) -> None:
    assert assert_clean(made(WAVE, WAVE) + AFTER[place], made()) == made(flags=32)
    assert read(MemorySource(made() + AFTER[place])).leftovers


def _edited(at: int, value: int) -> bytes:
    data = bytearray(made())
    data[at] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (made(version=3970), Unsupported),
        (made(version=4100), Unsupported),
        (made(flags=64), Unsupported),
        (made()[:-1], Damaged),
        (_edited(8, 60), Unsupported),
        (_edited(76, 0), Damaged),
        (_edited(80, 0), Damaged),
        (_edited(64, 9), Damaged),
        (_edited(40, 7), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Monkeys(), data)


def test_a_wrong_sum_is_seen() -> None:
    with pytest.raises(Damaged, match="MD5"):
        read(MemorySource(_edited(40, 7)))


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.ape"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        if path.name != "mac-399.ape":
            with pytest.raises(Unsupported, match=r"3\.98"):
                clean(Monkeys(), data)
            continue
        out = assert_laws(Monkeys(), read, data)
        assert np.array_equal(decoded(out), decoded(data)), path.name


def robust_samples() -> dict[str, bytes]:
    data = made(WAVE, WAVE, bytes(8), summed=False)
    return {"tags": ARTIST + data + ape() + ID3V1}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Monkeys(), read, data, seed=3, n=200, prefixes=80) > 10
