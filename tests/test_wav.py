"""WAV, RF64 and BW64: every place where something can hide, and samples that stay the same."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.wav import Wav
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.wav import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
PLANTED = b"PLANTED-7f3a Jane Doe"


def samples(n: int = 600) -> bytes:
    tone = np.sin(np.arange(n * 2) / 7.0) * 9000
    return tone.astype("<i2").tobytes()


def chunk(kind: bytes, body: bytes, pad: bytes = b"\0") -> bytes:
    return kind + struct.pack("<I", len(body)) + body + (pad if len(body) & 1 else b"")


def fmt(tag: int = 1, channels: int = 2, bits: int = 16, rate: int = 8000) -> bytes:
    block = channels * bits // 8
    return struct.pack("<HHIIHH", tag, channels, rate, rate * block, block, bits)


def riff(*chunks: bytes, size: int | None = None, magic: bytes = b"RIFF") -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return magic + struct.pack("<I", len(body) if size is None else size) + body


PLAIN = riff(chunk(b"fmt ", fmt()), chunk(b"data", samples()))


def rifx_chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">I", len(body)) + body + b"\0" * (len(body) & 1)


def rifx(*chunks: bytes, size: int | None = None, coding: int = 1) -> bytes:
    """A big-endian WAV of one 16-bit channel around `chunks`."""
    numbers = struct.pack(">HHIIHH", coding, 1, 8000, 16000, 2, 16)
    body = b"".join((b"WAVE", rifx_chunk(b"fmt ", numbers), *chunks))
    return b"RIFX" + struct.pack(">I", len(body) if size is None else size) + body


def text(value: bytes, width: int) -> bytes:
    return value.ljust(width, b"\0")


BEXT = b"".join((
    text(PLANTED, 256), text(PLANTED, 32), text(PLANTED, 32), b"2024-05-0112:00:00", bytes(8),
    b"\2\0", text(PLANTED, 64), bytes(190), b"A=PCM,T=" + PLANTED,
))  # fmt: skip
INFO = b"INFO" + chunk(b"IART", PLANTED + b"\0") + chunk(b"ICMT", PLANTED) + chunk(b"Ixyz", PLANTED)
ID3 = b"ID3\x03\0\0\0\0\0\x2d" + b"TPE1\0\0\0\x16\0\0\0" + PLANTED + bytes(13)
HIDING = {
    "LIST INFO": chunk(b"LIST", INFO),
    "LIST adtl": chunk(b"LIST", b"adtl" + chunk(b"labl", b"\1\0\0\0" + PLANTED)),
    "bext": chunk(b"bext", BEXT),
    "iXML": chunk(b"iXML", b"<BWFXML><SCENE>" + PLANTED + b"</SCENE></BWFXML>"),
    "cart": chunk(b"cart", b"0101" + text(PLANTED, 64) * 4 + bytes(1800)),
    "XMP": chunk(b"_PMX", b"<x:xmpmeta><dc:creator>" + PLANTED + b"</dc:creator></x:xmpmeta>"),
    "id3": chunk(b"id3 ", ID3),
    "broken id3": chunk(b"id3 ", b"ID3\x03\0\0\x7f\x7f\x7f\x7f" + PLANTED),
    "GUANO": chunk(b"guan", b"GUANO|Version: 1.0\nLoc Position: 51.5 -0.12\nNote: " + PLANTED),
    "cue": chunk(b"cue ", struct.pack("<I", 1) + PLANTED),
    "smpl": chunk(b"smpl", bytes(36) + PLANTED),
    "JUNK": chunk(b"JUNK", bytes(400) + PLANTED),
    "odd pad": chunk(b"PEAK", PLANTED, b"\x37"),
    "unknown": chunk(b"qZq9", PLANTED),
    "fact of PCM": chunk(b"fact", PLANTED),
    "Pro Tools": chunk(b"regn", PLANTED) + chunk(b"elm1", PLANTED),
}


def assert_clean(data: bytes, marker: bytes = PLANTED) -> bytes:
    """All laws, the marker gone in its usual forms, and the sound decodes to the same samples."""
    out = assert_laws(Wav(), read, data)
    low = out.lower()
    for form in (marker, marker.decode().encode("utf-16-le"), marker.decode().encode("utf-16-be")):
        assert form.lower() not in low
    assert decoded_digest("wav", MemorySource(out)) == decoded_digest("wav", MemorySource(data))
    return out


@pytest.mark.parametrize("place", HIDING)
def test_chunks_go_before_and_after_the_samples(place: str) -> None:
    hidden = HIDING[place]
    for data in (
        riff(hidden, chunk(b"fmt ", fmt()), chunk(b"data", samples())),
        riff(chunk(b"fmt ", fmt()), hidden, chunk(b"data", samples())),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples()), hidden),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples())) + hidden,  # after the RIFF end
    ):
        assert assert_clean(data) == PLAIN


def test_private_fields_have_names_entities_and_words() -> None:
    data = riff(chunk(b"fmt ", fmt()), *HIDING.values(), chunk(b"data", samples()))
    ledger = ledger_of(Wav(), data)
    said = {}
    for part in ledger.parts[1:]:
        if part.describe:
            value = b"".join(data[start:end] for start, end in part.spans)
            said[ledger.path(part.id)] = (part.entity, part.describe(value))
    name = PLANTED.decode()
    assert said["bext/Originator"] == ("CREATOR", name)
    assert said["bext/Description"] == ("CAPTION", name)
    assert said["LIST INFO/IART"] == ("CREATOR", name)
    assert said["LIST adtl/labl"] == ("CAPTION", name)
    assert said["iXML/SCENE"] == ("CAPTION", name)
    assert said["_PMX XMP/dc:creator"] == ("CREATOR", name)
    assert said["id3/TPE1"] == ("CREATOR", name)
    assert said["guan GUANO/Loc Position"] == ("GPS_POSITION", "51.5 -0.12")


@pytest.mark.parametrize(
    "data",
    [
        PLAIN + PLANTED,
        PLAIN + b"\0\0" + PLANTED,
        riff(chunk(b"fmt ", fmt() + struct.pack("<H", 21) + PLANTED), chunk(b"data", samples())),
        riff(chunk(b"fmt ", fmt() + PLANTED[:1]), chunk(b"data", samples() + b"P")),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples() + PLANTED[:3])),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples()), size=0x41424344),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples()), size=0),
        riff(chunk(b"fmt ", fmt()[:8] + b"JANE" + fmt()[12:]), chunk(b"data", samples())),
        riff(chunk(b"fmt ", fmt()), b"data\xff\xff\xff\xff" + samples(), size=0xFFFFFFFF),
        riff(chunk(b"fmt ", fmt()), b"data\0\0\0\0" + samples(), size=0),
        riff(chunk(b"fmt ", fmt()), b"data\x24\xf0\xff\x7f" + samples(), size=0x7FFFFFFF),
    ],
)  # fmt: skip
def test_surplus_bytes_and_untrue_sizes(data: bytes) -> None:
    out = clean(Wav(), data)
    assert out in (PLAIN, riff(chunk(b"fmt ", fmt() + b"\0\0"), chunk(b"data", samples())))
    assert_clean(data)


def test_a_pad_byte_becomes_zero_and_stays_where_it_is_due() -> None:
    odd = samples()[:333]
    data = riff(chunk(b"fmt ", fmt(1, 1, 8)), chunk(b"data", odd, b"\x37"), chunk(b"JUNK", PLANTED))
    assert assert_clean(data) == riff(chunk(b"fmt ", fmt(1, 1, 8)), chunk(b"data", odd))
    bare = riff(chunk(b"fmt ", fmt(1, 1, 8)), chunk(b"data", odd, b""))
    assert assert_clean(bare) == bare


def test_three_byte_samples_with_an_incomplete_frame() -> None:
    whole = samples()[:333]
    for rest in (b"P", b"PL"):
        data = riff(chunk(b"fmt ", fmt(1, 1, 24)), chunk(b"data", whole + rest))
        reading = read(MemorySource(clean(Wav(), data)))
        assert dict(reading.rendering.facts)["frames"] == "111"
        assert_clean(data)


def test_extensible_keeps_mask_and_loses_what_follows() -> None:
    guid = bytes.fromhex("0100000000001000800000aa00389b71")
    whole = fmt(0xFFFE) + struct.pack("<HHI", 22, 16, 0x30003) + guid
    data = riff(chunk(b"fmt ", whole + PLANTED), chunk(b"data", samples()))
    out = assert_clean(data)
    assert out == riff(chunk(b"fmt ", whole), chunk(b"data", samples()))
    assert dict(read(MemorySource(out)).rendering.facts)["mask"] == str(0x30003)


def test_float_keeps_fact_and_corrects_it() -> None:
    sound = np.linspace(-1, 1, 400).astype("<f4").tobytes()
    data = riff(
        chunk(b"fmt ", fmt(3, 1, 32)), chunk(b"fact", b"JANE" + PLANTED), chunk(b"data", sound)
    )
    out = assert_clean(data)
    assert chunk(b"fact", struct.pack("<I", 400)) in out


def rf64(*, riff_size: int | None = None, table: bytes = b"", magic: bytes = b"RF64") -> bytes:
    sound = samples()
    after = chunk(b"LIST", INFO)
    total = 4 + 8 + 28 + len(table) + 24 + 8 + len(sound) + len(after)
    numbers = struct.pack(
        "<QQQI", total if riff_size is None else riff_size, len(sound), 600, len(table) // 12
    )
    body = chunk(b"ds64", numbers + table) + chunk(b"fmt ", fmt()) + b"data\xff\xff\xff\xff"
    return riff(body, sound, after, size=0xFFFFFFFF, magic=magic)


@pytest.mark.parametrize("magic", [b"RF64", b"BW64"])
def test_large_sizes(magic: bytes) -> None:
    for data in (
        rf64(magic=magic),
        rf64(riff_size=0x4A4E414A4E41, magic=magic),
        rf64(table=PLANTED[:12] + bytes(12), magic=magic),
    ):
        out = assert_clean(data)
        reading = read(MemorySource(out))
        assert out[:4] == magic
        assert len(out) == 12 + 36 + 24 + 8 + 2400
        assert dict(reading.rendering.facts)["frames"] == "600"


def test_the_big_endian_twin() -> None:
    sound = rifx_chunk(b"data", samples()[::-1])
    plain = rifx(sound)
    assert assert_clean(plain) == plain
    hidden = rifx_chunk(b"LIST", b"INFO" + PLANTED), rifx_chunk(b"bext", BEXT)
    for data in (
        rifx(*hidden, sound),
        rifx(sound, *hidden),
        plain + PLANTED,
        rifx(sound, size=0x4A4E),
        rifx(rifx_chunk(b"data", samples()[::-1] + b"J")),
    ):
        assert assert_clean(data) == plain
        assert read(MemorySource(data)).leftovers
    assert assert_robust(Wav(), read, rifx(*hidden, sound[:60]), seed=3, n=200) > 0


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
def test_mp3_inside(tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3", "-c:a", "libmp3lame",
         "-metadata", f"artist={PLANTED.decode()}", str(path)],
        check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("ffmpeg without LAME")
    data = path.read_bytes()
    assert PLANTED in data
    assert_clean(data)
    at = data.index(b"data") + 8
    for tags in (ID3, b"TAG" + PLANTED.ljust(125, b"\0"), PLANTED):
        for frames in (tags + data[at:], data[at:] + tags):
            inside = riff(data[12 : 12 + 38], chunk(b"data", frames))
            with pytest.raises(Unsupported):
                clean(Wav(), inside)
            try:
                assert read(MemorySource(inside)).leftovers
            except Damaged:  # no frame where the sound should start
                assert frames.startswith(tags)


def test_large_sizes_and_small_ones() -> None:
    """Players differ in which of the two they believe."""
    for small, held in ((2400, False), (2399, True), (0, True)):
        data = rf64().replace(b"data\xff\xff\xff\xff", b"data" + struct.pack("<I", small))
        if held:
            with pytest.raises(Damaged):
                clean(Wav(), data)
        else:
            assert_clean(data)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (rifx(coding=0xFFFE), Unsupported),
        (rifx(coding=2), Unsupported),
        (b"RIFX" + PLAIN[4:], Damaged),
        (riff(chunk(b"fmt ", fmt()), chunk(b"LIST", b"wavl" + samples())), Unsupported),
        (
            riff(chunk(b"fmt ", fmt()), chunk(b"fmt ", fmt()), chunk(b"data", samples())),
            Unsupported,
        ),
        (riff(chunk(b"fmt ", fmt()), chunk(b"data", b""), chunk(b"data", samples())), Unsupported),
        (riff(chunk(b"fmt ", fmt(0x55)), chunk(b"data", samples())), Unsupported),
        (riff(chunk(b"fmt ", fmt(0x55) + bytes(14)), chunk(b"data", samples())), Unsupported),
        (riff(chunk(b"fmt ", fmt(0x2000)), chunk(b"data", samples())), Unsupported),
        (riff(chunk(b"data", samples()), chunk(b"fmt ", fmt())), Unsupported),
        (riff(chunk(b"data", samples())), Damaged),
        (riff(chunk(b"fmt ", fmt())), Damaged),
        (PLAIN[:-200], Damaged),
        (b"", Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Wav(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    for hidden in HIDING.values():
        data = riff(chunk(b"fmt ", fmt()), hidden, chunk(b"data", samples()))
        assert read(MemorySource(data)).leftovers
    for data in (
        PLAIN + PLANTED,
        PLAIN + b"Jane",
        riff(chunk(b"fmt ", fmt() + b"\2\0Ja"), chunk(b"data", samples())),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples() + b"J")),
        riff(chunk(b"fmt ", fmt()), chunk(b"data", samples()), size=77),
        rf64(table=PLANTED[:12]),
    ):
        assert read(MemorySource(data)).leftovers
    assert read(MemorySource(PLAIN)).leftovers == ()


def test_the_standard_library_reads_the_same_samples() -> None:
    data = riff(*HIDING.values(), chunk(b"fmt ", fmt()), chunk(b"data", samples()))
    with wave.open(BytesIO(clean(Wav(), data))) as file:
        assert file.getparams()[:4] == (2, 2, 8000, 600)
        assert file.readframes(600) == samples()


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize(
    "codec",
    ["pcm_u8", "pcm_s24le", "pcm_f64le", "pcm_mulaw", "pcm_alaw", "adpcm_ms", "adpcm_ima_wav"],
)
def test_every_coding_that_ffmpeg_writes(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "tone.wav"
    subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3", "-c:a", codec,
         "-write_bext", "1", "-metadata", f"artist={PLANTED.decode()}", str(path)],
        check=True,
    )  # fmt: skip
    assert_clean(path.read_bytes())


def test_real_recordings() -> None:
    found = sorted((SHARED / "corpora/mutagen/tests/data").glob("*.wav"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        assert_clean(path.read_bytes())


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    short = riff(
        chunk(b"fmt ", fmt()), HIDING["LIST INFO"], HIDING["id3"], chunk(b"data", samples(40))
    )
    assert assert_robust(Wav(), read, short, n=700) > 100
    assert assert_robust(Wav(), read, rf64()[:700], seed=2, n=300, prefixes=50) >= 0


_LARGE = """
import sys
from scrubber.formats.wav import Wav
from scrubber.readers.wav import read
from scrubber.join import join
from scrubber.ledger import Ledger
from scrubber.model import Role
from scrubber.source import FileSource
from scrubber.transfer import transfer
source = FileSource(sys.argv[1])
ledger = Ledger(source.size)
Wav().split(source, ledger)
tiles = ledger.tile()
gone = [p.id for p in ledger.parts if p.role in (Role.PRIVATE, Role.SLACK)]
joined = join(ledger, source, gone, tiles=tiles)
if sys.argv[2] == "read":
    reading = read(source)
    assert reading.leftovers == ("chunk JUNK",), reading.leftovers
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(joined.size, int(peak.split()[1]) // 1024)  # ru_maxrss would count the parent's too
"""


def _large(tmp_path: Path, size: int, mode: str) -> None:
    path = tmp_path / "large.wav"
    head = riff(chunk(b"fmt ", fmt()), chunk(b"JUNK", PLANTED), b"data" + struct.pack("<I", size))
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + size)
        file.seek(4)
        file.write(struct.pack("<I", len(head) + size - 8))
    done = subprocess.run(
        [sys.executable, "-c", _LARGE, str(path), mode], capture_output=True, text=True, check=True
    )
    joined, peak = map(int, done.stdout.split())
    assert joined == 44 + size
    assert peak < 200


def test_four_gigabytes_are_split_without_being_read(tmp_path: Path) -> None:
    _large(tmp_path, 0xFFFFFF00, "split")


@pytest.mark.slow
def test_four_gigabytes_are_read_in_windows(tmp_path: Path) -> None:
    _large(tmp_path, 0xFFFFFF00, "read")
