"""WavPack: sub-blocks and tags that go, sizes and checksums that are mended, the same sound."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from sounds import decoded, encoded
from test_mp3 import AFTER, ARTIST, ID3V1, PLANTED, ape

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.wavpack import WavPack, checksum16, checksum32
from scrubber.readers.wavpack import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
needs_wavpack = pytest.mark.skipif(not shutil.which("wavpack"), reason="wavpack is not installed")


def made(**options: object) -> bytes:
    """Blocks alone, without the tag that the muxer writes."""
    return b"".join(blocks(encoded("wv", "wavpack", **options)))


def sub(kind: int, data: bytes) -> bytes:
    odd = len(data) & 1
    size = (len(data) + odd) // 2
    flags = kind | odd << 6 | (0x80 if size > 255 else 0)
    head = bytes((flags,)) + size.to_bytes(3 if size > 255 else 1, "little")
    return head + data + bytes(odd)


def blocks(data: bytes) -> list[bytes]:
    found, at = [], 0
    while data[at : at + 4] == b"wvpk":
        size = 8 + int.from_bytes(data[at + 4 : at + 8], "little")
        found.append(data[at : at + size])
        at += size
    return found


def sealed(block: bytes, width: int = 0) -> bytes:
    """With its size, and a checksum of `width` bytes."""
    size = len(block) - 8 + (2 + width if width else 0)
    block = block[:4] + size.to_bytes(4, "little") + block[8:]
    if not width:
        return block
    value = (checksum32 if width == 4 else checksum16)([block])
    return block + sub(0x2F, value.to_bytes(width, "little"))


def without_checksum(block: bytes) -> bytes:
    at = 32
    while at < len(block):
        if block[at] & 0x3F == 0x2F:
            return block[:at]
        wide = block[at] & 0x80
        at += (4 if wide else 2) + 2 * int.from_bytes(
            block[at + 1 : at + (4 if wide else 2)], "little"
        )
    return block


def with_sub(kind: int, data: bytes, index: int = 0, width: int = 0) -> bytes:
    rows = blocks(made())
    row = without_checksum(rows[index])
    rows[index] = sealed(row[:32] + sub(kind, data) + row[32:], width)
    return b"".join(rows)


def assert_clean(data: bytes, like: bytes) -> bytes:
    out = assert_laws(WavPack(), read, data)
    assert PLANTED not in out
    assert np.array_equal(decoded(out), decoded(like))
    return out


HEADER = b"RIFF\0\0\0\0WAVELIST" + PLANTED


@pytest.mark.parametrize("width", [0, 2, 4])
@pytest.mark.parametrize("kind", [0, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x28, 0x29, 0x2D, 0x3F])
def test_what_decoding_does_not_need_goes(kind: int, width: int) -> None:
    for data in (PLANTED, PLANTED + b"!", PLANTED * 40):
        hidden = with_sub(kind, data, width=width)
        assert read(MemorySource(hidden)).leftovers
        out = assert_clean(hidden, made())
        assert len(out) == len(clean(WavPack(), made())) + (2 + width if width else 0)


def test_the_muxers_tag_goes() -> None:
    data = encoded("wv", "wavpack")
    assert b"Lavf" in data
    assert clean(WavPack(), data) == made()


def test_a_block_that_held_nothing_else_goes() -> None:
    rows = blocks(made())
    head = bytearray(rows[-1][:32])
    head[20:24] = bytes(4)
    for width in (0, 4):
        for body in (sub(0x22, HEADER), sub(0x26, PLANTED[:16]) + sub(0x24, HEADER), b""):
            data = made() + sealed(bytes(head) + body, width)
            assert read(MemorySource(data)).leftovers
            assert assert_clean(data, made()) == clean(WavPack(), made())


def test_padding_that_is_not_zero_goes() -> None:
    rows = blocks(made())
    row = without_checksum(rows[0])
    entry = sub(0x2A, b"\0\0\0")
    dirty = sealed(row[:32] + entry[:-1] + b"P" + row[32:], 4)
    data = dirty + b"".join(rows[1:])
    assert read(MemorySource(data)).leftovers
    out = assert_laws(WavPack(), read, data)
    assert out[32 : 32 + len(entry)] == entry


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_blocks_goes(place: str) -> None:
    assert assert_clean(made() + AFTER[place], made()) == clean(WavPack(), made())


def test_what_stands_before_and_between_the_blocks_goes() -> None:
    rows = blocks(made())
    for hidden in (ARTIST, PLANTED, b"wvpk" + PLANTED):
        assert clean(WavPack(), hidden + made()) == clean(WavPack(), made())
        between = rows[0] + hidden + b"".join(rows[1:])
        assert assert_laws(WavPack(), read, between) == clean(WavPack(), made())


def test_a_wrong_checksum_is_not_made_right() -> None:
    data = bytearray(with_sub(0x21, HEADER, width=4))
    data[100] ^= 1
    with pytest.raises(Damaged, match="checksum"):
        clean(WavPack(), bytes(data))
    with pytest.raises(Damaged, match="checksum"):
        read(MemorySource(bytes(data)))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (with_sub(0x01, PLANTED), Unsupported),
        (with_sub(0x10, PLANTED), Unsupported),
        (with_sub(0x27, PLANTED), Damaged),
        (with_sub(0x2A, b"\0\0\0" + PLANTED), Unsupported),
        (with_sub(0x05, bytes(12)), Damaged),  # twice
        (with_sub(0x2F, bytes(4)), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(WavPack(), data)


@needs_wavpack
@pytest.mark.parametrize("options", [(), ("-h",), ("-m", "-x"), ("-b256", "-c"), ("-b256",)])
def test_its_own_tools_agree(tmp_path: Path, options: tuple[str, ...]) -> None:
    wave = tmp_path / "a.wav"
    body = encoded("wav", "pcm_s16le") + b"LIST" + struct.pack("<I", 40) + PLANTED.ljust(40)
    wave.write_bytes(body[:4] + struct.pack("<I", len(body) - 8) + body[8:])
    packed = tmp_path / "a.wv"
    tag = ("-w", "Artist=" + PLANTED.decode())
    subprocess.run(["wavpack", "-q", "-y", *options, *tag, wave, "-o", packed], check=True)
    data = packed.read_bytes()
    assert PLANTED in data
    out = assert_clean(data, data)
    cleaned = tmp_path / "b.wv"
    cleaned.write_bytes(out)
    sounds = []
    for path in (packed, cleaned):
        subprocess.run(
            ["wvunpack", "-q", "-y", "-i", "--raw", path, "-o", "x.raw"], check=True, cwd=tmp_path
        )
        sounds.append((tmp_path / "x.raw").read_bytes())
    assert sounds[0] == sounds[1]
    assert len(sounds[0]) > 1000
    subprocess.run(["wvunpack", "-q", "-vv", cleaned], check=True)
    correction = tmp_path / "a.wvc"
    if correction.exists():
        with pytest.raises(Unsupported, match="correction"):
            clean(WavPack(), correction.read_bytes())


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.wv"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        out = assert_laws(WavPack(), read, data)
        assert np.array_equal(decoded(out), decoded(data)), path.name


def robust_samples() -> dict[str, bytes]:
    small = blocks(made(seconds=0.05))[0]
    return {
        "checksum": sealed(small[:32] + sub(0x21, HEADER) + small[32:], 4) + ape() + ID3V1,
        "two": small + ARTIST + small,
    }


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(WavPack(), read, data, seed=3, n=150, prefixes=40) > 5
