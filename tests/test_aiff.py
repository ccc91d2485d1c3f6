"""AIFF and AIFF-C: every place where something can hide, and samples that stay the same."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.aiff import Aiff
from scrubber.formats.settled import extended_rate
from scrubber.readers.aiff import read
from scrubber.readers.decoded import decoded_digest
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
PLANTED = b"PLANTED-7f3a Jane Doe"
RATE = bytes.fromhex("400bfa00000000000000")  # 8,000 Hz
VERSION = b"FVER\0\0\0\4\xa2\x80\x51\x40"


def samples(n: int = 600) -> bytes:
    tone = np.sin(np.arange(n * 2) / 7.0) * 9000
    return tone.astype(">i2").tobytes()


def chunk(kind: bytes, body: bytes, pad: bytes = b"\0") -> bytes:
    return kind + struct.pack(">I", len(body)) + body + (pad if len(body) & 1 else b"")


def comm(frames: int = 600, *, channels: int = 2, bits: int = 16, rate: bytes = RATE) -> bytes:
    return struct.pack(">HIH", channels, frames, bits) + rate


def comm_c(coding: bytes = b"sowt", name: bytes = b"\0\0", **numbers: int) -> bytes:
    return comm(**numbers) + coding + name


def ssnd(data: bytes, offset: int = 0, block: int = 0) -> bytes:
    return chunk(b"SSND", struct.pack(">II", offset, block) + data)


def form(*chunks: bytes, size: int | None = None, kind: bytes = b"AIFF") -> bytes:
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


PLAIN = form(chunk(b"COMM", comm()), ssnd(samples()))
PLAIN_C = form(VERSION, chunk(b"COMM", comm_c()), ssnd(samples()), kind=b"AIFC")
PASCAL = bytes((len(PLANTED),)) + PLANTED
ID3 = b"ID3\x03\0\0\0\0\0\x2d" + b"TPE1\0\0\0\x16\0\0\0" + PLANTED + bytes(13)
HIDING = {
    "NAME": chunk(b"NAME", PLANTED),
    "AUTH": chunk(b"AUTH", PLANTED),
    "copyright": chunk(b"(c) ", PLANTED),
    "ANNO": chunk(b"ANNO", PLANTED) * 2,
    "COMT": chunk(
        b"COMT", struct.pack(">HIHH", 1, 3_700_000_000, 0, len(PLANTED)) + PLANTED + b"\0"
    ),
    "MARK": chunk(b"MARK", struct.pack(">HHI", 1, 1, 20) + PASCAL),
    "INST": chunk(b"INST", bytes(20)),
    "MIDI": chunk(b"MIDI", b"\xf0" + PLANTED + b"\xf7"),
    "AESD": chunk(b"AESD", PLANTED + bytes(3)),
    "APPL": chunk(b"APPL", b"stoc" + PASCAL),
    "XMP": chunk(b"APPL", b"XMP <x:xmpmeta>" + PLANTED),
    "ID3": chunk(b"ID3 ", ID3),
    "broken ID3": chunk(b"ID3 ", b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + PLANTED),
    "SAXL": chunk(b"SAXL", PLANTED),
    "PEAK": chunk(b"PEAK", PLANTED),
    "Apple loop": chunk(b"cate", PLANTED) + chunk(b"basc", PLANTED) + chunk(b"trns", PLANTED),
    "odd pad": chunk(b"JUNK", PLANTED, b"\x37"),
    "unknown": chunk(b"qZq9", PLANTED),
    "version of AIFF": chunk(b"FVER", PLANTED),
}


def assert_clean(data: bytes, marker: bytes = PLANTED) -> bytes:
    """All laws, the marker gone in its usual forms, and the sound decodes to the same samples."""
    out = assert_laws(Aiff(), read, data)
    low = out.lower()
    for spelled in (
        marker,
        marker.decode().encode("utf-16-le"),
        marker.decode().encode("utf-16-be"),
    ):
        assert spelled.lower() not in low
    assert decoded(data) in (None, decoded(out))
    return out


def decoded(data: bytes) -> str | None:
    """What FFmpeg plays; None where it stumbles over a chunk and plays nothing."""
    try:
        digest = decoded_digest("aiff", MemorySource(data))
    except Damaged:
        return None
    return None if digest == hashlib.sha256(b"8000 2").hexdigest() else digest


@pytest.mark.parametrize("place", HIDING)
def test_chunks_go_before_and_after_the_samples(place: str) -> None:
    hidden = HIDING[place]
    for data in (
        form(hidden, chunk(b"COMM", comm()), ssnd(samples())),
        form(chunk(b"COMM", comm()), hidden, ssnd(samples())),
        form(chunk(b"COMM", comm()), ssnd(samples()), hidden),
        form(chunk(b"COMM", comm()), ssnd(samples())) + hidden,  # after the end of the form
    ):
        assert assert_clean(data) == PLAIN
    if place != "version of AIFF":
        data = form(
            hidden, VERSION, chunk(b"COMM", comm_c()), ssnd(samples()), hidden, kind=b"AIFC"
        )
        assert assert_clean(data) == PLAIN_C


def test_private_fields_have_names_entities_and_words() -> None:
    data = form(*HIDING.values(), chunk(b"COMM", comm()), ssnd(samples()))
    ledger = ledger_of(Aiff(), data)
    said = {}
    for part in ledger.parts[1:]:
        if part.describe:
            value = b"".join(data[start:end] for start, end in part.spans)
            said[ledger.path(part.id)] = (part.entity, part.describe(value))
    name = PLANTED.decode()
    assert said["AUTH/text"] == ("CREATOR", name)
    assert said["NAME/text"] == ("TITLE", name)
    assert said["(c)/text"] == ("COPYRIGHT_NOTICE", name)
    assert said["COMT/text"] == ("CAPTION", name)
    assert said["MARK/markerName"] == ("CAPTION", name)
    assert said["ID3/TPE1"] == ("CREATOR", name)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN + PLANTED,
        PLAIN + b"\0\0" + PLANTED,
        form(chunk(b"COMM", comm() + PLANTED), ssnd(samples())),
        form(chunk(b"COMM", comm()), ssnd(PLANTED + b"J" + samples(), len(PLANTED) + 1)),
        form(chunk(b"COMM", comm()), ssnd(samples(), 0, 0x4A4E)),
        form(chunk(b"COMM", comm()), ssnd(samples() + b"JAN")),
        form(chunk(b"COMM", comm()), ssnd(samples()), size=0x41424344),
        form(chunk(b"COMM", comm()), ssnd(samples()), size=0),
        form(ssnd(samples()), chunk(b"COMM", comm())),
        form(
            chunk(b"COMM", comm(0x1F7F0000)),
            b"SSND\x7f\0\0\x08" + bytes(8) + samples() + b"J",
            size=0x7F00002E,
        ),
    ],
)  # fmt: skip
def test_surplus_bytes_and_untrue_sizes(data: bytes) -> None:
    assert assert_laws(Aiff(), read, data) in (PLAIN, form(ssnd(samples()), chunk(b"COMM", comm())))
    if decoded(data) is not None:
        assert_clean(data)


@pytest.mark.parametrize(
    "name", [PASCAL, PASCAL + b"\0", b"\0" + PLANTED, b"\x0enot compressed\0", b"\0", b"\0\0\0\0"]
)
def test_the_coding_in_words_becomes_empty(name: bytes) -> None:
    data = form(VERSION, chunk(b"COMM", comm_c(name=name), b"J"), ssnd(samples()), kind=b"AIFC")
    assert assert_clean(data) == PLAIN_C or name == b"\0"
    bare = form(VERSION, chunk(b"COMM", comm_c(name=b"")), ssnd(samples()), kind=b"AIFC")
    assert assert_clean(bare) == bare


@pytest.mark.parametrize("rest", [b"", b"P", b"PL", b"PLA"])
@pytest.mark.parametrize("frames", [110, 111])
@pytest.mark.parametrize("last", [True, False])
def test_half_a_frame_goes_and_an_odd_sound_is_padded(rest: bytes, frames: int, last: bool) -> None:
    whole = (samples() * 2)[: frames * 3]
    numbers = chunk(b"COMM", comm(frames, channels=1, bits=24))
    rest = rest[:2]
    data = form(numbers, ssnd(whole + rest), *(() if last else (HIDING["NAME"],)))
    assert assert_clean(data) == form(numbers, ssnd(whole))


def test_a_pad_byte_becomes_zero_and_stays_where_it_is_due() -> None:
    odd = samples()[:333]
    numbers = chunk(b"COMM", comm(333, channels=1, bits=8))
    sound = chunk(b"SSND", bytes(8) + odd, b"\x37")
    assert assert_clean(form(numbers, sound, HIDING["NAME"])) == form(numbers, ssnd(odd))
    bare = form(numbers, chunk(b"SSND", bytes(8) + odd, b""))
    assert assert_clean(bare) == bare


def test_a_rate_holds_no_message() -> None:
    rate = RATE[:4] + b"\0\0" + b"JANE"
    data = form(chunk(b"COMM", comm(rate=rate)), ssnd(samples()))
    assert assert_clean(data, b"JANE") == PLAIN
    half = bytes.fromhex("400dadeee0000000 0000")  # 22,263.4375 Hz
    assert extended_rate(half) == (22263, half)
    for bad in (bytes(10), b"\xc0" + RATE[1:], b"\x7f\xff" + RATE[2:]):
        with pytest.raises(Damaged):
            extended_rate(bad)


def test_the_layout_of_the_channels_stays_and_hides_nothing() -> None:
    def layout(*numbers: int, rest: bytes = b"") -> bytes:
        body = struct.pack(f">{len(numbers)}I", *numbers) + rest
        return form(
            VERSION, chunk(b"COMM", comm_c()), chunk(b"CHAN", body), ssnd(samples()), kind=b"AIFC"
        )

    stereo = layout(0x650002, 0, 0)
    assert assert_clean(stereo) == stereo
    assert assert_clean(layout(0x650002, 0x4A4E, 0, rest=PLANTED + b"\0")) == stereo
    labels = (0, 0, 2, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0)
    assert assert_clean(layout(0, 7, *labels[2:9], 0, 0x4A4E, 0, 0)) == layout(*labels)
    for bad in (layout(0x650003, 0, 0), layout(0, 0, 9), layout(0, 0, 1, 0x4A4E4A4E, 0, 0, 0, 0)):
        with pytest.raises(Unsupported):
            clean(Aiff(), bad)


COMM = chunk(b"COMM", comm())


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (form(COMM, COMM, ssnd(samples())), Unsupported),
        (form(COMM, ssnd(samples()), ssnd(samples())), Unsupported),
        (form(chunk(b"COMM", comm(599)), ssnd(samples())), Unsupported),
        (form(chunk(b"COMM", comm(601)), ssnd(samples())), Unsupported),
        (form(COMM, b"SSND\0\0\0\0" + bytes(8) + samples()), Unsupported),
        (form(COMM, ssnd(samples(), 0, 1 << 20)), Unsupported),
        (form(chunk(b"COMM", comm_c(b"QDM2")), ssnd(samples()), kind=b"AIFC"), Unsupported),
        (
            form(chunk(b"FVER", PLANTED), chunk(b"COMM", comm_c()), ssnd(samples()), kind=b"AIFC"),
            Unsupported,
        ),
        (form(COMM, ssnd(b"J" + samples(), 1)), Unsupported),
        (form(chunk(b"COMM", comm(0)), ssnd(b"")), Damaged),
        (form(chunk(b"COMM", comm()[:17]), ssnd(samples())), Damaged),
        (form(COMM, ssnd(b"", 4000)), Damaged),
        (form(ssnd(samples())), Damaged),
        (form(COMM), Damaged),
        (PLAIN[:-200], Damaged),
        (PLAIN.replace(b"AIFF", b"8SVX"), Damaged),
        (b"", Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Aiff(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    for hidden in HIDING.values():
        assert read(MemorySource(form(COMM, hidden, ssnd(samples())))).leftovers
    for data in (
        PLAIN + PLANTED,
        PLAIN + b"Jane",
        form(COMM, ssnd(samples() + b"J")),
        form(COMM, ssnd(b"Jane" + samples(), 4)),
        form(COMM, ssnd(samples(), 0, 7)),
        form(COMM, ssnd(samples()), size=77),
        form(chunk(b"COMM", comm() + b"Ja"), ssnd(samples())),
        form(chunk(b"COMM", comm(rate=RATE[:6] + b"JANE")), ssnd(samples())),
        form(chunk(b"COMM", comm_c(name=PASCAL)), ssnd(samples()), kind=b"AIFC"),
        form(chunk(b"FVER", b"Jane"), chunk(b"COMM", comm_c()), ssnd(samples()), kind=b"AIFC"),
    ):
        assert read(MemorySource(data)).leftovers
    assert read(MemorySource(PLAIN)).leftovers == ()
    assert read(MemorySource(PLAIN_C)).leftovers == ()


def test_what_is_plain_plays() -> None:
    assert decoded(PLAIN) is not None
    assert decoded(PLAIN_C) is not None


def test_mutagen_finds_no_tag() -> None:
    from mutagen.aiff import AIFF

    data = form(*HIDING.values(), COMM, ssnd(samples()))
    made = AIFF(io.BytesIO(clean(Aiff(), data)))
    assert made.tags is None
    assert (made.info.channels, made.info.sample_rate, made.info.bits_per_sample) == (2, 8000, 16)


CODINGS = (
    "pcm_s8", "pcm_s16be", "pcm_s16le", "pcm_s24be", "pcm_s32be", "pcm_f32be", "pcm_f64be",
    "pcm_alaw", "pcm_mulaw", "adpcm_ima_qt",
)  # fmt: skip


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("codec", CODINGS)
def test_every_coding_that_ffmpeg_writes(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "tone.aiff"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3", "-c:a", codec,
         "-write_id3v2", "1", "-metadata", f"title={PLANTED.decode()}", str(path)],
        check=True,
    )  # fmt: skip
    assert_clean(path.read_bytes())


def test_real_recordings() -> None:
    found = sorted((SHARED / "corpora/mutagen/tests/data").glob("*.aif*"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        assert_clean(path.read_bytes())


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    short = form(
        HIDING["NAME"], VERSION, chunk(b"CHAN", struct.pack(">III", 0x650002, 0, 0)),
        chunk(b"COMM", comm_c(frames=10, name=PASCAL)), HIDING["MARK"], HIDING["COMT"],
        HIDING["ID3"], ssnd(samples(10)), HIDING["AUTH"], kind=b"AIFC",
    )  # fmt: skip
    assert assert_robust(Aiff(), read, short, n=500) > 100
    odd = form(
        chunk(b"COMM", comm(7, channels=1, bits=24)), ssnd(PLANTED + b"J" + samples(6)[:22], 22)
    )
    assert assert_robust(Aiff(), read, odd, seed=2, n=300) > 30
