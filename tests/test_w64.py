"""Wave64: every place where something can hide, and samples that stay the same."""

from __future__ import annotations

import shutil
import struct
import subprocess
import uuid
from pathlib import Path

import pytest
from laws import assert_laws, clean
from robustness import assert_robust
from test_wav import BEXT, PLANTED, fmt, samples

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.w64 import W64
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.w64 import read
from scrubber.source import MemorySource

RIFF = uuid.UUID("66666972-912e-11cf-a5d6-28db04c10000").bytes_le
LIST = uuid.UUID("7473696c-912f-11cf-a5d6-28db04c10000").bytes_le
MARKER = uuid.UUID("abf76256-392d-11d2-86c7-00c04f8edb8a").bytes_le
SUMMARY = uuid.UUID("bc945f92-5a52-11d2-86dc-00c04f8edb8a").bytes_le


def guid(name: bytes) -> bytes:
    return name + uuid.UUID("00000000-acf3-11d3-8cd1-00c04f8edb8a").bytes_le[4:]


def chunk(kind: bytes, body: bytes, pad: bytes = b"\0") -> bytes:
    kind = guid(kind) if len(kind) == 4 else kind
    return kind + struct.pack("<Q", 24 + len(body)) + body + pad * (-len(body) % 8)


def w64(*chunks: bytes, size: int | None = None) -> bytes:
    body = guid(b"wave") + b"".join(chunks)
    return RIFF + struct.pack("<Q", 24 + len(body) if size is None else size) + body


FMT = chunk(b"fmt ", fmt())
PLAIN = w64(FMT, chunk(b"data", samples()))
HIDING = {
    "bext": chunk(b"bext", BEXT),
    "junk": chunk(b"junk", bytes(40) + PLANTED),
    "levl": chunk(b"levl", PLANTED),
    "list": chunk(LIST, b"INFO" + PLANTED),
    "marker": chunk(MARKER, PLANTED),
    "summary": chunk(SUMMARY, PLANTED),
    "padding": chunk(b"junk", PLANTED, b"J"),
    "unknown": chunk(PLANTED[:16], PLANTED),
    "fact of PCM": chunk(b"fact", PLANTED[:8]),
}


def assert_clean(data: bytes) -> bytes:
    """All laws, the marker gone, and the sound decodes to the same samples."""
    out = assert_laws(W64(), read, data)
    for spelled in (PLANTED, PLANTED.decode().encode("utf-16-le")):
        assert spelled.lower() not in out.lower()
    after = decoded_digest("w64", MemorySource(out))
    try:
        assert decoded_digest("w64", MemorySource(data)) == after
    except Damaged:  # FFmpeg counts its padding of an MP3 as sound, and stumbles over it
        pass
    return out


@pytest.mark.parametrize("place", HIDING)
def test_chunks_go_before_and_after_the_samples(place: str) -> None:
    hidden, sound = HIDING[place], chunk(b"data", samples())
    for data in (
        w64(hidden, FMT, sound),
        w64(FMT, hidden, sound),
        w64(FMT, sound, hidden),
        w64(FMT, sound) + hidden,  # after the end
    ):
        assert assert_clean(data) == PLAIN


@pytest.mark.parametrize(
    "data",
    [
        PLAIN + PLANTED,
        w64(FMT, chunk(b"data", samples()), size=0x4A4E414E45),
        w64(FMT, chunk(b"data", samples()), size=4711),
        w64(FMT, chunk(b"data", samples() + PLANTED[:3], b"J")),
        w64(FMT, chunk(b"data", samples() + PLANTED[:1], b"J"), HIDING["junk"]),
        w64(chunk(b"fmt ", fmt()[:8] + b"JANE" + fmt()[12:]), chunk(b"data", samples())),
    ],
)
def test_surplus_bytes_and_untrue_sizes(data: bytes) -> None:
    assert assert_clean(data) == PLAIN


@pytest.mark.parametrize("surplus", [b"", PLANTED[:1], PLANTED[:7], PLANTED])
@pytest.mark.parametrize("pad", [b"\0", b"J"])
def test_a_format_of_18_bytes_and_its_padding(surplus: bytes, pad: bytes) -> None:
    sound = chunk(b"data", samples())
    data = w64(chunk(b"fmt ", fmt() + b"\0\0" + surplus, pad), sound)
    assert assert_clean(data) == w64(chunk(b"fmt ", fmt() + b"\0\0"), sound)


@pytest.mark.parametrize("frames", range(105, 114))
def test_samples_of_every_length_are_padded(frames: int) -> None:
    numbers = chunk(b"fmt ", fmt(1, 1, 24))
    whole = samples()[: 3 * frames]
    for rest in (b"", b"J", b"JD"):
        data = w64(numbers, chunk(b"data", whole + rest, b"\x37"), HIDING["junk"])
        assert assert_clean(data) == w64(numbers, chunk(b"data", whole))
        last = w64(numbers, chunk(b"data", whole + rest, b""))
        assert read(MemorySource(assert_clean(last))).leftovers == ()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (w64(FMT, FMT, chunk(b"data", samples())), Unsupported),
        (w64(chunk(b"data", samples()), FMT), Unsupported),
        (w64(FMT, chunk(b"data", samples()), chunk(b"data", samples())), Unsupported),
        (w64(chunk(b"fmt ", fmt(0x2000)), chunk(b"data", samples())), Unsupported),
        (w64(chunk(b"fmt ", fmt(0x55) + bytes(14)), chunk(b"data", samples())), Unsupported),
        (w64(FMT, guid(b"data") + bytes(8) + samples()), Damaged),
        (w64(FMT, chunk(b"data", b"")), Damaged),
        (w64(FMT), Damaged),
        (PLAIN[:-200], Damaged),
        (RIFF + PLAIN[16:24] + guid(b"cave") + PLAIN[40:], Damaged),
        (b"", Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(W64(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    sound = chunk(b"data", samples())
    for hidden in HIDING.values():
        assert read(MemorySource(w64(FMT, hidden, sound))).leftovers
    for data in (
        PLAIN + b"J",
        w64(chunk(b"fmt ", fmt() + b"\0\0J"), sound),
        w64(chunk(b"fmt ", fmt() + b"\0\0", b"J"), sound),
        w64(FMT, chunk(b"data", samples() + b"J")),
        w64(FMT, sound, size=77),
    ):
        assert read(MemorySource(data)).leftovers
    assert read(MemorySource(PLAIN)).leftovers == ()


CODINGS = (
    "pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f64le", "pcm_mulaw", "pcm_alaw", "adpcm_ms",
    "adpcm_ima_wav", "libmp3lame",
)  # fmt: skip


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("codec", CODINGS)
def test_every_coding_that_ffmpeg_writes(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "tone.w64"
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3", "-c:a", codec, str(path)],
        check=False,
    )
    if done.returncode and codec.startswith("lib"):
        pytest.skip(f"ffmpeg without {codec}")
    data = path.read_bytes()
    assert_clean(data)
    assert_clean(data + HIDING["bext"])


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    small = w64(
        chunk(b"fmt ", fmt() + b"\0\0" + PLANTED), HIDING["marker"],
        chunk(b"data", samples()[:79], b"J"), HIDING["junk"],
    )  # fmt: skip
    assert assert_robust(W64(), read, small, n=500) > 60
