"""DSF and DSDIFF: tags, comments and names go, sizes and pointers are mended, the same bits."""

from __future__ import annotations

import os
import random
import struct
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from sounds import decoded
from test_mp3 import AFTER, ARTIST, PLANTED

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.dff import Dff
from scrubber.formats.dsf import Dsf
from scrubber.readers.dff import read as read_dff
from scrubber.readers.dsf import read as read_dsf
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"


def noise(n: int) -> bytes:
    return random.Random(9).randbytes(n)


def dsf(
    samples: int = 50_000, channels: int = 2, fill: bytes = b"\0", tag: bytes = b"",
    reserved: bytes = bytes(4), total: int | None = None, pointer: int | None = None, bits: int = 1,
) -> bytes:  # fmt: skip
    used = -(-samples // 8) if bits == 1 else samples
    rounds = -(-used // 4096)
    body = b""
    for index in range(rounds):
        own = noise(min(4096, used - index * 4096))
        body += (own + (fill * 4096)[: 4096 - len(own)]) * channels
    fmt = struct.pack(
        "<4sQIIIIIIQI", b"fmt ", 52, 1, 0, channels, channels, 2822400, bits, samples, 4096
    )
    data = b"data" + struct.pack("<Q", 12 + len(body)) + body
    size = 80 + len(data)
    place = (size if tag else 0) if pointer is None else pointer
    head = b"DSD " + struct.pack("<QQQ", 28, size + len(tag) if total is None else total, place)
    return head + fmt + reserved + data + tag


def clean_dsf(data: bytes) -> bytes:
    out = assert_laws(Dsf(), read_dsf, data)
    assert PLANTED not in out
    return out


@pytest.mark.parametrize(
    "options", [{}, {"channels": 1}, {"samples": 65536}, {"bits": 8, "samples": 5000}]
)
def test_a_tag_goes_and_the_pointer_with_it(options: dict[str, int]) -> None:
    data = dsf(tag=ARTIST, **options)
    assert read_dsf(MemorySource(data)).leftovers
    assert clean_dsf(data) == dsf(**options)
    assert read_dsf(MemorySource(dsf(**options))).leftovers == ()


def test_the_same_sound_is_decoded() -> None:
    assert np.array_equal(decoded(clean_dsf(dsf(tag=ARTIST))), decoded(dsf(tag=ARTIST)))


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_data_goes(place: str) -> None:
    for tag in (AFTER[place], ARTIST + AFTER[place]):
        assert clean_dsf(dsf(tag=tag)) == dsf()
    assert clean_dsf(dsf() + AFTER[place]) == dsf()


def test_what_fills_up_the_last_blocks() -> None:
    hidden = dsf(fill=PLANTED)
    assert read_dsf(MemorySource(hidden)).leftovers
    assert clean_dsf(hidden) == dsf()
    idle = dsf(fill=b"\x69")
    assert clean_dsf(idle) == idle


def test_fields_that_say_something_else() -> None:
    for data in (dsf(reserved=b"PLAN"), dsf(total=7), dsf(pointer=40), dsf(pointer=1 << 60)):
        assert read_dsf(MemorySource(data)).leftovers
        assert clean_dsf(data) == dsf()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (dsf()[:-1], Damaged),
        (dsf(samples=50_000)[:64] + (9).to_bytes(8, "little") + dsf()[72:], Damaged),
        (dsf()[:60] + b"\x09" + dsf()[61:], Unsupported),
        (dsf()[:44] + b"\x01" + dsf()[45:], Unsupported),
    ],
)
def test_a_dsf_that_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Dsf(), data)


def chunk(name: bytes, data: bytes, pad: bytes = b"\0") -> bytes:
    return name + struct.pack(">Q", len(data)) + data + (pad if len(data) & 1 else b"")


FVER = chunk(b"FVER", b"\1\5\0\0")
FS, CHNL = chunk(b"FS  ", struct.pack(">I", 2822400)), chunk(b"CHNL", b"\0\2SLFTSRGT")
PLAIN, PACKED = chunk(b"CMPR", b"DSD \x0fnot compressed\0"), chunk(b"CMPR", b"DST \x0bDST Encoded")
SOUND = chunk(b"DSD ", noise(4000))


def prop(*rows: bytes) -> bytes:
    return chunk(b"PROP", b"SND " + b"".join(rows or (FS, CHNL, PLAIN)))


def dff(*rows: bytes) -> bytes:
    return chunk(b"FRM8", b"DSD " + b"".join(rows or (FVER, prop(), SOUND)))


def dst(*more: bytes) -> bytes:
    frames = chunk(b"FRTE", b"\0\0\0\2\0\x4b") + chunk(b"DSTF", noise(31)) + chunk(b"DSTC", b"abcd")
    return dff(
        FVER, prop(FS, CHNL, PACKED), chunk(b"DST ", frames + chunk(b"DSTF", noise(40))), *more
    )


def clean_dff(data: bytes) -> bytes:
    out = assert_laws(Dff(), read_dff, data)
    assert PLANTED not in out
    return out


TEXT = struct.pack(">I", len(PLANTED)) + PLANTED
MASTER = (
    chunk(b"EMID", PLANTED) + chunk(b"DIAR", TEXT) + chunk(b"DITI", TEXT) + chunk(b"MARK", TEXT)
)
PRIVATE = {
    "comments": chunk(b"COMT", b"\0\1" + PLANTED),
    "edited master": chunk(b"DIIN", MASTER),
    "a broken master": chunk(b"DIIN", PLANTED),
    "manufacturer": chunk(b"MANF", PLANTED + b"!"),
    "tag": chunk(b"ID3 ", ARTIST),
    "no tag": chunk(b"ID3 ", PLANTED),
    "index": chunk(b"DSTI", PLANTED),
    "unknown": chunk(b"XXXX", PLANTED),
    "odd": chunk(b"X\0\1X", PLANTED + b"!", b"P"),
}


@pytest.mark.parametrize("place", PRIVATE)
def test_chunks_that_are_not_needed_go(place: str) -> None:
    extra = PRIVATE[place]
    rows = [FVER, prop(), SOUND]
    places = [dff(*rows[:i], extra, *rows[i:]) for i in range(4)]
    for data in (*places, dff(FVER, prop(FS, extra, CHNL, PLAIN), SOUND)):
        assert read_dff(MemorySource(data)).leftovers
        assert clean_dff(data) == dff()
    assert clean_dff(dst(extra)) == dst()


def test_the_same_sound_comes_out_of_it() -> None:
    data = dff(FVER, prop(), SOUND, PRIVATE["tag"])
    assert np.array_equal(decoded(clean_dff(data)), decoded(data))


def test_a_name_of_the_compression_gets_its_usual_form() -> None:
    for name in (PLANTED, PLANTED + b"!", b"x"):
        body = b"DSD " + bytes((len(name),)) + name
        data = dff(FVER, prop(FS, CHNL, chunk(b"CMPR", body)), SOUND)
        assert read_dff(MemorySource(data)).leftovers
        assert clean_dff(data) == dff()
        data = dff(FVER, prop(FS, chunk(b"CMPR", body), CHNL), SOUND)
        assert clean_dff(data) == dff(FVER, prop(FS, PLAIN, CHNL), SOUND)


def test_padding_and_trailing_bytes_go() -> None:
    odd = dff(FVER, prop(), chunk(b"DSD ", noise(4001)))
    assert clean_dff(odd) == odd
    assert clean_dff(dff(FVER, prop(), chunk(b"DSD ", noise(4001), b"P"))) == odd
    for place in AFTER.values():
        assert clean_dff(dff() + place) == dff()
        assert read_dff(MemorySource(dff() + place)).leftovers


def test_what_is_private_is_named() -> None:
    data = dff(FVER, prop(), SOUND, PRIVATE["edited master"])
    ledger = ledger_of(Dff(), data)
    part = next(row for row in ledger.parts if row.name == "DIAR")
    assert part.entity == "CREATOR"
    assert part.describe is not None
    assert PLANTED.decode() in part.describe(b"".join(data[a:b] for a, b in part.spans))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 9, Damaged),
        (dff()[:-2], Damaged),
        (dff(FVER, prop()), Damaged),
        (dff(FVER, SOUND, prop()), Damaged),
        (dff(FVER, prop(), SOUND, SOUND), Damaged),
        (dff(FVER, prop(FS, CHNL), SOUND), Damaged),
        (dff(FVER, prop(FS, FS, CHNL, PLAIN), SOUND), Damaged),
        (dff(chunk(b"FVER", PLANTED), prop(), SOUND), Damaged),
        (dff(FVER, prop(chunk(b"FS  ", PLANTED), CHNL, PLAIN), SOUND), Damaged),
        (dff(FVER, prop(FS, chunk(b"CHNL", b"\0\1" + PLANTED), PLAIN), SOUND), Damaged),
        (dff(FVER, chunk(b"PROP", b"XXXX" + PLANTED), SOUND), Unsupported),
        (dff(FVER, prop(FS, CHNL, chunk(b"CMPR", b"XXXX\0\0")), SOUND), Unsupported),
        (dff(FVER, prop(FS, CHNL, PACKED), chunk(b"DST ", chunk(b"XXXX", PLANTED))), Unsupported),
    ],
)
def test_a_dff_that_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Dff(), data)


def test_real_recordings() -> None:
    found = sorted((*CORPUS.glob("*.dsf"), *CORPUS.glob("*.dff")))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        form, read = (Dsf(), read_dsf) if path.suffix == ".dsf" else (Dff(), read_dff)
        if path.name == "5644800-2ch-s01-silence.dsf":  # eight times as long as it says
            with pytest.raises(Damaged, match="samples"):
                clean(form, data)
            continue
        out = assert_laws(form, read, data)
        if "s01" in path.name and "dst" not in path.name:
            assert np.array_equal(decoded(out), decoded(data)), path.name


def robust_samples() -> dict[str, bytes]:
    return {"dsf": dsf(900, 1, PLANTED, ARTIST)}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Dsf(), read_dsf, data, seed=3, n=150, prefixes=40) > 10
    data = dff(FVER, prop(), chunk(b"DSD ", noise(100)), PRIVATE["edited master"])
    for sound in (data, dst(PRIVATE["tag"])):
        assert assert_robust(Dff(), read_dff, sound, seed=3, n=200, prefixes=60) > 5
