"""AC-3 and E-AC-3: what stands around the frames goes; free bytes inside them are held."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, BEFORE, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.ac3 import Ac3
from scrubber.identify import identify
from scrubber.readers.ac3 import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
KINDS = ("ac3", "eac3")


def made(kind: str = "ac3", **options: object) -> bytes:
    return encoded(kind, kind, **options)


def frames(data: bytes) -> list[bytes]:
    """Cut at the sync words, which a short recording holds nowhere else."""
    rows = [b"\x0b\x77" + row for row in data.split(b"\x0b\x77")[1:]]
    assert len({len(row) for row in rows}) <= 2
    return rows


def assert_clean(data: bytes, like: bytes) -> bytes:
    out = assert_laws(Ac3(), read, data)
    assert PLANTED not in out
    assert np.array_equal(decoded(out), decoded(like))
    return out


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", BEFORE)
def test_what_stands_before_the_frames_goes(place: str, kind: str) -> None:
    assert assert_clean(BEFORE[place] + made(kind), made(kind)) == made(kind)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_frames_goes(place: str, kind: str) -> None:
    assert assert_clean(made(kind) + AFTER[place], made(kind)) == made(kind)
    assert read(MemorySource(made(kind) + AFTER[place])).leftovers


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rate", [32000, 44100, 48000])
def test_every_rate_and_layout(kind: str, rate: int) -> None:
    for channels, bits in ((1, 64_000), (2, 192_000)):
        data = made(kind, rate=rate, channels=channels, bit_rate=bits)
        assert assert_clean(ARTIST + data, data) == data


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_between_frames_and_a_last_frame_that_is_cut_off_go(kind: str) -> None:
    rows = frames(made(kind))
    for hidden in (PLANTED, b"\x0b\x77" + PLANTED, ARTIST):
        data = b"".join((*rows[:5], hidden, *rows[5:]))
        assert assert_laws(Ac3(), read, data) == made(kind)
    lost = b"".join((*rows[:5], rows[5][:60], *rows[6:]))
    assert assert_laws(Ac3(), read, lost) == b"".join((*rows[:5], *rows[6:]))
    assert clean(Ac3(), made(kind)[:-3]) == b"".join(rows[:-1])


def _auxiliary(kind: str) -> bytes:
    rows = frames(made(kind))
    row = bytearray(rows[3])
    row[-3] |= 2
    rows[3] = bytes(row)
    return b"".join(rows)


def _additional() -> bytes:
    """Stereo: after the layout come two bits, lfeon, dialnorm and five flags, then addbsie."""
    rows = frames(made())
    row = bytearray(rows[3])
    assert row[6] >> 5 == 2
    row[8] |= 0x20
    rows[3] = bytes(row)
    return b"".join(rows)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 50, Damaged),
        (_auxiliary("ac3"), Unsupported),
        (_auxiliary("eac3"), Unsupported),
        (_additional(), Unsupported),
        (made() + made(rate=48000), Unsupported),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Ac3(), data)


def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ARTIST + made(seconds=2.0) + ID3V1
    whole = clean(Ac3(), data)
    for window in (4200, 5137):
        monkeypatch.setattr("scrubber.formats.frame_chain.WINDOW", window)
        monkeypatch.setattr("scrubber.readers.ac3._BLOCK", window)
        assert clean(Ac3(), data) == whole
        assert read(MemorySource(whole)).leftovers == ()


def test_real_recordings() -> None:
    found = sorted((*CORPUS.glob("*.ac3"), *CORPUS.glob("*.eac3")))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        assert assert_clean(ARTIST + data + ape() + ID3V1, data) == data


def robust_samples() -> dict[str, bytes]:
    return {kind: ARTIST + made(kind)[:3200] + ape() + ID3V1 for kind in KINDS}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Ac3(), read, data, seed=3, n=100, prefixes=40) > 10


def test_it_is_known_behind_a_tag() -> None:
    for kind in KINDS:
        assert identify(MemorySource(ARTIST + made(kind))).container.name == "ac3"
