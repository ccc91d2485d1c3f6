"""AMR: what stands around the frames goes, unused bits become zero, speech stays the same."""

from __future__ import annotations

import random

import numpy as np
import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from sounds import decoded
from test_mp3 import AFTER, ARTIST, BEFORE, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.amr import Amr
from scrubber.readers.amr import read
from scrubber.source import MemorySource

NARROW, WIDE = b"#!AMR\n", b"#!AMR-WB\n"
BITS = {
    NARROW: {0: 95, 1: 103, 2: 118, 3: 134, 4: 148, 5: 159, 6: 204, 7: 244, 8: 39, 15: 0},
    WIDE: {0: 132, 1: 177, 2: 253, 3: 285, 4: 317, 5: 365, 6: 397, 7: 461, 8: 477, 9: 40, 14: 0},
}


def frame(magic: bytes, kind: int, draw: random.Random, unused: int = 0) -> bytes:
    bits = BITS[magic][kind]
    size = -(-bits // 8)
    value = draw.getrandbits(bits) << size * 8 - bits if bits else 0
    return bytes((kind << 3 | 4,)) + (value | unused & (1 << size * 8 - bits) - 1).to_bytes(
        size, "big"
    )


def made(magic: bytes = NARROW, kinds: tuple[int, ...] = (7,) * 20, unused: int = 0) -> bytes:
    draw = random.Random(5)
    return magic + b"".join(frame(magic, kind, draw, unused) for kind in kinds)


def every(magic: bytes, unused: int = 0) -> bytes:
    return made(magic, tuple(BITS[magic]) * 3, unused)


def assert_clean(data: bytes) -> bytes:
    out = assert_laws(Amr(), read, data)
    assert PLANTED not in out
    return out


def test_the_sample_is_speech() -> None:
    assert decoded(made()).shape[1] == 20 * 160
    assert decoded(made(WIDE)).shape[1] == 20 * 320


@pytest.mark.parametrize("magic", [NARROW, WIDE])
def test_every_type_of_frame(magic: bytes) -> None:
    data = every(magic)
    assert assert_clean(data) == data
    facts = dict(read(MemorySource(data)).rendering.facts)
    assert facts["frames"] == str(3 * len(BITS[magic]))


@pytest.mark.parametrize("magic", [NARROW, WIDE])
def test_unused_bits_become_zero(magic: bytes) -> None:
    data = every(magic, 0x7F)
    assert data != every(magic)
    assert read(MemorySource(data)).leftovers
    assert assert_clean(data) == every(magic)
    speech = made(magic, (2,) * 20, 0x7F)
    assert np.array_equal(decoded(clean(Amr(), speech)), decoded(speech))


@pytest.mark.parametrize("place", [place for place in AFTER if place != "trailing zeros"])
def test_what_stands_after_the_frames_goes(place: str) -> None:
    assert assert_clean(made() + AFTER[place]) == made()
    assert read(MemorySource(made() + AFTER[place])).leftovers


@pytest.mark.parametrize("place", [place for place in BEFORE if place.startswith(("ID3", "two"))])
def test_tags_before_go(place: str) -> None:
    assert assert_clean(BEFORE[place] + made()) == made()


def test_zeros_are_frames_to_every_decoder() -> None:
    zeros = made() + bytes(13 * 4)
    assert decoded(zeros).shape[1] == 24 * 160
    assert assert_clean(zeros + PLANTED) == zeros


def test_a_last_frame_that_is_cut_off_goes() -> None:
    assert assert_clean(made()[:-1]) == made(kinds=(7,) * 19)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (NARROW, Damaged),
        (NARROW + PLANTED, Damaged),
        (b"#!AMR_MC1.0\n\0\0\0\2" + made()[6:], Unsupported),
        (b"#!AMR-WB_MC1.0\n\0\0\0\2" + made()[6:], Unsupported),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Amr(), data)


def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    data = every(WIDE, 0x7F) * 1 + ID3V1
    whole = clean(Amr(), data)
    for window in (70, 99):
        monkeypatch.setattr("scrubber.formats.amr._WINDOW", window)
        monkeypatch.setattr("scrubber.readers.amr._BLOCK", window)
        assert clean(Amr(), data) == whole
        assert read(MemorySource(whole)).leftovers == ()


def robust_samples() -> dict[str, bytes]:
    return {"tags": ARTIST + every(NARROW, 0x7F) + ape() + ID3V1, "wide": every(WIDE) + ID3V1}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Amr(), read, data, seed=3, n=150, prefixes=60) > 10
