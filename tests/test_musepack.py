"""Musepack: packets and numbers that go, a seek table that is mended, the same sound."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.musepack import Musepack
from scrubber.readers.musepack import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
TONE = (Path(__file__).parent / "data/tone.mpc").read_bytes()
TOOLS = all(shutil.which(name) for name in ("mpcenc", "mpcdec", "mpcchap"))
CHAPTER = b"CT"
Row = tuple[bytes, bytes]


def number(value: int) -> bytes:
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def packet(key: bytes, body: bytes) -> bytes:
    size = len(body) + 3
    while len(number(size)) + 2 + len(body) != size:
        size += 1
    return key + number(size) + body


def packets(data: bytes) -> list[Row]:
    rows, at = [], 4
    while at < len(data):
        size, width = 0, 0
        while True:
            byte = data[at + 2 + width]
            size, width = size << 7 | byte & 0x7F, width + 1
            if byte < 0x80:
                break
        rows.append((data[at : at + 2], data[at + 2 + width : at + size]))
        at += size
    return rows


def stream(rows: list[Row]) -> bytes:
    """The packets with a seek offset and a seek table that are right."""
    out, places = b"MPCK", []
    for key, body in rows:
        places.append(len(out))
        out += packet(key, body)
    keys = [key for key, _ in rows]
    sounds = [place for key, place in zip(keys, places, strict=True) if key == b"AP"]
    bits = "0000" + "".join(f"{byte:08b}" for place in sounds[:2] for byte in number(place))
    for a, b, c in zip(sounds, sounds[1:], sounds[2:], strict=False):
        off = c - 2 * b + a
        code = off << 1 if off >= 0 else (-off << 1) - 1
        bits += "0" * (code >> 12) + "1" + f"{code & 0xFFF:012b}"
    bits += "0" * (-len(bits) % 8)
    table = number(len(sounds)) + int(bits, 2).to_bytes(len(bits) // 8, "big")
    made = {b"ST": table}
    if b"SO" in keys and b"ST" in keys:
        offset = places[keys.index(b"ST")] - places[keys.index(b"SO")]
        made[b"SO"] = number(offset).rjust(5, b"\x80")
    final = [(key, made.get(key, body)) for key, body in rows]
    again = b"MPCK" + b"".join(packet(*row) for row in final)
    return again if len(again) == len(out) and final == rows else stream(final)


def with_rows(*more: tuple[int, Row]) -> bytes:
    rows = packets(TONE)
    for index, row in more:
        rows.insert(index, row)
    return stream(rows)


def assert_clean(data: bytes, like: bytes = TONE) -> bytes:
    out = assert_laws(Musepack(), read, data)
    assert PLANTED not in out
    assert np.array_equal(decoded(out), decoded(like))
    return out


def keys(data: bytes) -> list[bytes]:
    return [key for key, _ in packets(data)]


def test_the_sample_loses_its_encoder_and_keeps_its_seek_table() -> None:
    assert keys(TONE) == [b"SH", b"RG", b"EI", b"SO", b"AP", b"ST", b"SE"]
    assert read(MemorySource(TONE)).leftovers
    out = assert_clean(TONE)
    assert keys(out) == [b"SH", b"RG", b"SO", b"AP", b"ST", b"SE"]


@pytest.mark.parametrize("key", [b"EI", b"CT", b"XX"])
@pytest.mark.parametrize("index", [1, 2, 4, 5, 6])
def test_packets_that_are_not_needed_go_and_offsets_are_mended(index: int, key: bytes) -> None:
    data = with_rows((index, (key, PLANTED)))
    assert read(MemorySource(data)).leftovers
    out = assert_clean(data)
    assert keys(out) == [b"SH", b"RG", b"SO", b"AP", b"ST", b"SE"]


def test_packets_between_the_sound_take_the_seek_table_with_them() -> None:
    rows = packets(TONE)
    sound = rows[4]
    data = stream([*rows[:5], (CHAPTER, PLANTED), sound, sound, *rows[5:]])
    out = assert_laws(Musepack(), read, data)
    assert keys(out) == [b"SH", b"RG", b"AP", b"AP", b"AP", b"SE"]
    whole = stream([*rows[:5], sound, sound, sound, *rows[5:]])
    out = assert_laws(Musepack(), read, whole)
    assert keys(out) == [b"SH", b"RG", b"SO", *[b"AP"] * 4, b"ST", b"SE"]


def test_a_seek_table_that_says_more_goes() -> None:
    rows = packets(stream(packets(TONE)))
    body = dict(rows)[b"ST"]
    for bad in (body + PLANTED, body[:-1] + bytes((body[-1] | 1,)) + b"\x01", b"\x01"):
        data = b"MPCK" + b"".join(packet(k, bad if k == b"ST" else b) for k, b in rows)
        assert keys(assert_clean(data)) == [b"SH", b"RG", b"AP", b"SE"]


def test_loudness_and_spare_bytes_become_zero() -> None:
    rows = packets(stream(packets(TONE)))
    swap = {b"RG": b"\1" + PLANTED[:8], b"SO": dict(rows)[b"SO"] + PLANTED}
    data = b"MPCK" + b"".join(packet(k, swap.get(k, b)) for k, b in rows)
    out = assert_clean(data)
    assert dict(packets(out))[b"RG"] == b"\1" + bytes(8)


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_sound_goes(place: str) -> None:
    assert assert_clean(TONE + AFTER[place]) == clean(Musepack(), TONE)
    assert assert_laws(Musepack(), read, old() + AFTER[place]) == clean(Musepack(), old())


def test_a_tag_in_front_goes() -> None:
    assert assert_clean(ARTIST + TONE) == clean(Musepack(), TONE)
    assert assert_laws(Musepack(), read, ARTIST + old()) == clean(Musepack(), old())


def old(last: int = 100, gapless: bool = True, spare: bool = False, told: bool = False) -> bytes:
    """A recording of stream version 7 with noise for frames."""
    draw = random.Random(4)
    bits = ""
    for _ in range(5):
        n = draw.randrange(40, 900)
        bits += f"{n:020b}" + f"{draw.getrandbits(n):0{n}b}"
    bits += f"{last:011b}"
    if gapless and last + 481 >= 1152:
        bits += f"{64:020b}" + f"{draw.getrandbits(64):064b}"
    version = "01110011" if told else "0" * 8
    bits = version + bits
    bits += ("1" if spare else "0") * (-len(bits) % 32)
    end = int(gapless) << 31 | last << 20 | (0x7FFFF if told else 0)
    gain = b"PLANTED!" if told else bytes(8)
    head = struct.pack("<II", 5, 0x5CA018EA) + gain + struct.pack("<I", end)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    words = b"".join(body[i : i + 4][::-1] for i in range(0, len(body), 4))
    return b"MP+\x07" + head + words


@pytest.mark.parametrize("last", [100, 700])
@pytest.mark.parametrize("gapless", [True, False])
def test_version_7_ends_where_its_frames_end(last: int, gapless: bool) -> None:
    data = old(last, gapless)
    assert assert_laws(Musepack(), read, data) == data
    assert assert_laws(Musepack(), read, data + PLANTED) == data


def test_version_7_loses_its_encoder_its_loudness_and_spare_bits() -> None:
    for options in ({"told": True}, {"spare": True}, {"told": True, "spare": True}):
        data = old(**options)
        assert read(MemorySource(data)).leftovers
        assert assert_laws(Musepack(), read, data) == old()


def _header(body: bytes) -> bytes:
    rows = packets(TONE)
    rows[0] = (b"SH", struct.pack(">I", zlib.crc32(body)) + body)
    return b"MPCK" + b"".join(packet(*row) for row in rows)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (b"MPCK", Damaged),
        (b"MPCK" + PLANTED, Damaged),
        (TONE[:-3], Damaged),
        (TONE[:8] + b"\1" + TONE[9:], Damaged),
        (_header(b"\x08" + b"\x58\x08" + PLANTED), Damaged),
        (_header(b"\x09" + b"\x58\x08" + b"\0\1\2"), Damaged),
        (b"MPCK" + packet(b"SH", PLANTED) + packet(b"SE", b""), Damaged),
        (b"MP+\x05" + bytes(40), Unsupported),
        (old()[:-4], Damaged),
        (b"MP+\x07" + bytes(40), Damaged),
        (stream([*packets(TONE)[:-1], (b"SE", PLANTED)]), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Musepack(), data)


@pytest.mark.skipif(not TOOLS, reason="musepack-tools are not installed")
def test_its_own_tools_agree(tmp_path: Path) -> None:
    wave, made, notes = tmp_path / "a.wav", tmp_path / "a.mpc", tmp_path / "c.ini"
    wave.write_bytes(encoded("wav", "pcm_s16le", seconds=12.0))
    subprocess.run(["mpcenc", "--silent", wave, made], check=True)
    notes.write_text(f"[44100]\nTitle={PLANTED.decode()}\n")
    subprocess.run(["mpcchap", made, notes], check=True, capture_output=True)
    data = made.read_bytes()
    assert PLANTED in data
    assert b"CT" in keys(data)
    out = assert_clean(data, data)
    assert b"ST" in keys(out)
    cleaned = tmp_path / "b.mpc"
    cleaned.write_bytes(out)
    sounds = []
    for path in (made, cleaned):
        subprocess.run(["mpcdec", path, tmp_path / "x.wav"], check=True, capture_output=True)
        sounds.append((tmp_path / "x.wav").read_bytes())
    assert sounds[0] == sounds[1]
    assert len(sounds[0]) > 2_000_000
    assert b"ST" in keys(out)


def test_real_recordings() -> None:
    path = CORPUS / "click.mpc"
    if not path.exists():
        pytest.skip("no shared corpus")
    data = path.read_bytes()
    out = assert_laws(Musepack(), read, data)
    assert np.array_equal(decoded(out), decoded(data))
    assert len(out) == len(data)
    header = (CORPUS / "sv8_header.mpc").read_bytes()
    assert any(part.entity == "ENCODER" for part in ledger_of(Musepack(), header).parts)
    assert b"EI" not in keys(assert_laws(Musepack(), read, header))


def robust_samples() -> dict[str, bytes]:
    small = [(k, b[:40] if k == b"AP" else b) for k, b in packets(TONE)]
    return {
        "packets": ARTIST + stream([*small[:5], small[4], small[4], *small[5:]]) + ape() + ID3V1,
        "words": old(told=True, spare=True) + ID3V1,
    }


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Musepack(), read, data, seed=3, n=200, prefixes=60) > 5
