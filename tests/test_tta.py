"""TTA: what stands around the frames goes, and every checksum is looked at."""

from __future__ import annotations

import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, BEFORE, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Encrypted, Held, Unsupported
from scrubber.formats.tta import Tta
from scrubber.readers.tta import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"


def made(**options: object) -> bytes:
    """A recording without the tag that the muxer writes."""
    return clean(Tta(), encoded("tta", "tta", **options))


def assert_clean(data: bytes) -> bytes:
    out = assert_laws(Tta(), read, data)
    assert PLANTED not in out
    assert np.array_equal(decoded(out), decoded(made()))
    return out


def test_the_muxers_tag_goes() -> None:
    data = encoded("tta", "tta")
    assert b"Lavf" in data
    assert b"Lavf" not in made()
    assert data.startswith(made())


@pytest.mark.parametrize("place", BEFORE)
def test_what_stands_before_goes(place: str) -> None:
    assert assert_clean(BEFORE[place] + made()) == made()
    with pytest.raises(Damaged):
        read(MemorySource(BEFORE[place] + made()))


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_goes(place: str) -> None:
    assert assert_clean(made() + AFTER[place]) == made()
    assert read(MemorySource(made() + AFTER[place])).leftovers


def _header(kind: int, samples: int = 1000) -> bytes:
    head = b"TTA1" + struct.pack("<HHHII", kind, 2, 16, 44100, samples)
    return head + struct.pack("<I", zlib.crc32(head)) + bytes(40)


def _edited(at: int) -> bytes:
    data = bytearray(made())
    data[at] ^= 1
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (_header(2), Encrypted),
        (_header(7), Damaged),
        (_header(1, 0), Damaged),
        (_header(1, 0xFFFFFFFF), Damaged),
        (b"TTA2" + bytes(40), Unsupported),
        (made()[:-1], Damaged),
        (_edited(10), Damaged),
        (_edited(23), Damaged),
        (_edited(200), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Tta(), data)


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.tta"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        out = assert_laws(Tta(), read, ARTIST + data + ape() + ID3V1)
        assert np.array_equal(decoded(out), decoded(data)), path.name


def robust_samples() -> dict[str, bytes]:
    return {"tags": ARTIST + made(seconds=0.02) + ape() + ID3V1}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Tta(), read, data, seed=3, n=200, prefixes=80) > 5
