"""AAC: tags and bytes around the ADTS frames, notes inside them, and sound that stays the same."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, BEFORE, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.aac import Aac
from scrubber.formats.aac_elements import FAAC
from scrubber.readers.aac import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"


def made(**options: object) -> bytes:
    data = encoded("adts", "aac", **options)
    assert data[0] == 0xFF
    return data


def frames(data: bytes) -> list[bytes]:
    found, at = [], 0
    while at < len(data):
        size = (data[at + 3] & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        found.append(data[at : at + size])
        at += size
    return found


def framed(payload: bytes, like: bytes) -> bytes:
    size = len(payload) + 7
    head = bytearray(like[:7])
    head[3] = head[3] & 0xFC | size >> 11
    head[4] = size >> 3 & 0xFF
    head[5] = head[5] & 0x1F | (size & 7) << 5
    return bytes(head) + payload


def before_sound(bits: str, frame: bytes) -> bytes:
    """`frame` with further elements in front of its own."""
    old = "".join(f"{byte:08b}" for byte in frame[7:])
    all_bits = bits + old
    all_bits += "0" * (-len(all_bits) % 8)
    return framed(int(all_bits, 2).to_bytes(len(all_bits) // 8, "big"), frame)


def as_bits(data: bytes) -> str:
    return "".join(f"{byte:08b}" for byte in data)


def planted_in(data: bytes, out: bytes) -> bool:
    """Whether the value stands in `out` at any bit."""
    return as_bits(PLANTED) in as_bits(out)


def assert_clean(data: bytes, like: bytes) -> bytes:
    out = assert_laws(Aac(), read, data)
    assert not planted_in(data, out)
    assert np.array_equal(decoded(out), decoded(like))
    return out


@pytest.mark.parametrize("place", BEFORE)
def test_what_stands_before_the_frames_goes(place: str) -> None:
    assert assert_clean(BEFORE[place] + made(), made()) == clean(Aac(), made())


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_frames_goes(place: str) -> None:
    assert assert_clean(made() + AFTER[place], made()) == clean(Aac(), made())


def test_the_encoders_name_goes() -> None:
    data = made()
    name = next(part for part in ledger_of(Aac(), data).parts if part.entity == "ENCODER")
    said = b"".join(data[start:end] for start, end in name.spans)
    assert name.describe is not None
    assert name.describe(said).startswith("Lavc")
    assert as_bits(b"Lavc") in as_bits(data)
    out = assert_clean(data, data)
    assert as_bits(b"Lavc") not in as_bits(out)
    assert len(out) == len(data)


def test_notes_at_the_start_of_any_frame_go() -> None:
    rows = frames(clean(Aac(), made()))
    count = f"{len(PLANTED):08b}"
    fill = "110" + "1111" + f"{len(PLANTED) + 2 - 14:08b}" + "0" * 16 + as_bits(PLANTED)
    stream = "100" + "0000" + "0" + count + as_bits(PLANTED)
    aligned = "100" + "0000" + "1" + count + as_bits(PLANTED)
    configuration = "101" + "0000" + "01" + "0100" + "0001" + "0" * 17 + "000" + "10000"
    configuration += "0" * (-len(configuration) % 8) + count + as_bits(PLANTED)
    for note in (fill, stream, aligned, configuration, fill + stream):
        data = b"".join((*rows[:4], before_sound(note, rows[4]), *rows[5:]))
        assert planted_in(data, data)
        assert read(MemorySource(data)).leftovers
        assert_clean(data, data)


def test_a_name_that_players_act_on_stays_in_one_form() -> None:
    rows = frames(clean(Aac(), made()))
    name = b"libfaac 1.28 (UNSTABLE) " + PLANTED
    note = "110" + "1111" + f"{len(name) + 3 - 14:08b}" + "0" * 17 + as_bits(name) + "0" * 7
    data = before_sound(note, rows[0]) + b"".join(rows[1:])
    out = assert_clean(data, data)
    assert as_bits(FAAC + b"\0") in as_bits(out)


def test_bytes_between_frames_go_and_the_frames_stay() -> None:
    rows = frames(made())
    for hidden in (PLANTED, b"\xff\xf1" + PLANTED, bytes(400) + PLANTED, ARTIST):
        data = b"".join((*rows[:9], hidden, *rows[9:]))
        assert clean(Aac(), data) == clean(Aac(), made())
        assert_laws(Aac(), read, data)


def test_a_frame_that_lost_bytes_hides_no_other() -> None:
    rows = frames(made())
    data = b"".join((*rows[:9], rows[9][:40], *rows[10:]))
    assert assert_laws(Aac(), read, data) == clean(Aac(), b"".join((*rows[:9], *rows[10:])))
    out = assert_laws(Aac(), read, b"".join(rows)[:-5])
    assert out == clean(Aac(), b"".join(rows[:-1]))


def _headers(data: bytes, index: int, value: int) -> bytes:
    rows = frames(data)
    row = bytearray(rows[7])
    row[index] ^= value
    rows[7] = bytes(row)
    return b"".join(rows)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 50, Damaged),
        (b"ADIF" + bytes(400), Unsupported),
        (_headers(made(), 3, 4), Unsupported),  # one bit of a copyright number
        (_headers(made(), 3, 8), Unsupported),
        (_headers(made(), 2, 2), Unsupported),
        (made() + made(rate=22050), Unsupported),
        (_headers(made(), 2, 4), Unsupported),  # one frame of another rate
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Aac(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    sound = clean(Aac(), made())
    assert read(MemorySource(sound)).leftovers == ()
    for hidden in BEFORE.values():
        with pytest.raises(Damaged):
            read(MemorySource(hidden + sound))
    for hidden in AFTER.values():
        assert read(MemorySource(sound + hidden)).leftovers


def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ARTIST + made(seconds=3.0) + ID3V1
    whole = clean(Aac(), data)
    for window in (8200, 9137, 12000):
        monkeypatch.setattr("scrubber.formats.frame_chain.WINDOW", window)
        monkeypatch.setattr("scrubber.readers.aac._BLOCK", window)
        assert clean(Aac(), data) == whole
        assert read(MemorySource(whole)).leftovers == ()


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.aac"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        if path.name == "adif.aac":
            with pytest.raises(Unsupported, match="ADIF"):
                clean(Aac(), data)
            continue
        out = assert_laws(Aac(), read, data)
        assert np.array_equal(decoded(out), decoded(data)), path.name


def robust_samples() -> dict[str, bytes]:
    return {"tags": ARTIST + made()[:2500] + ape() + ID3V1}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Aac(), read, data, seed=3, n=150, prefixes=60) > 10
