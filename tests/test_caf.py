"""CAF: every place where something can hide, and packets that stay the same."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.caf import Caf
from scrubber.formats.caf_packets import packet_table
from scrubber.readers.caf import read
from scrubber.readers.decoded import decoded_digest
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a Jane Doe"
STEREO = struct.pack(">III", 0x650002, 0, 0)


def samples(n: int = 600) -> bytes:
    tone = np.sin(np.arange(n * 2) / 7.0) * 9000
    return tone.astype(">i2").tobytes()


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack(">q", len(body)) + body


def desc(
    coding: bytes = b"lpcm", flags: int = 0, block: int = 4, per: int = 1, channels: int = 2,
    bits: int = 16, rate: float = 8000.0,
) -> bytes:  # fmt: skip
    return chunk(
        b"desc", struct.pack(">d4s5I", rate, coding, flags, block, per, channels, bits)
    )  # fmt: skip


def sound(data: bytes, edits: bytes = b"\0\0\0\0") -> bytes:
    return chunk(b"data", edits + data)


def caf(*chunks: bytes, flags: bytes = b"\0\0") -> bytes:
    return b"caff\0\1" + flags + b"".join(chunks)


def varint(value: int) -> bytes:
    out = bytes((value & 127,))
    while value := value >> 7:
        out = bytes((value & 127 | 128,)) + out
    return out


def pakt(sizes: list[int], valid: int, priming: int = 0, rest: int = 0, more: bytes = b"") -> bytes:
    head = struct.pack(">qqii", len(sizes), valid, priming, rest)
    return chunk(b"pakt", head + b"".join(map(varint, sizes)) + more)


PLAIN = caf(desc(), chunk(b"chan", STEREO), sound(samples()))
INFO = struct.pack(">I", 2) + b"artist\0" + PLANTED + b"\0comments\0" + PLANTED + b"\0"
HIDING = {
    "info": chunk(b"info", INFO),
    "strg": chunk(b"strg", struct.pack(">IIq", 1, 1, 0) + PLANTED + b"\0"),
    "mark": chunk(b"mark", bytes(8) + PLANTED),
    "regn": chunk(b"regn", PLANTED),
    "inst": chunk(b"inst", PLANTED),
    "midi": chunk(b"midi", b"MThd" + PLANTED),
    "ovvw": chunk(b"ovvw", PLANTED),
    "peak": chunk(b"peak", PLANTED),
    "edct": chunk(b"edct", PLANTED),
    "umid": chunk(b"umid", PLANTED.ljust(64, b"\0")),
    "uuid": chunk(b"uuid", bytes(16) + PLANTED),
    "free": chunk(b"free", bytes(100) + PLANTED),
    "empty cookie": chunk(b"kuki", b"") + chunk(b"free", PLANTED),
    "unknown": chunk(b"qZq9", PLANTED),
}


def assert_clean(data: bytes, marker: bytes = PLANTED) -> bytes:
    """All laws, the marker gone in its usual forms, and the sound decodes to the same samples."""
    out = assert_laws(Caf(), read, data)
    low = out.lower()
    text = marker.decode("latin-1")
    for spelled in (marker, text.encode("utf-16-le"), text.encode("utf-16-be")):
        assert spelled.lower() not in low
    after = decoded_digest("caf", MemorySource(out))
    try:
        assert decoded_digest("caf", MemorySource(data)) == after
    except Damaged:  # FFmpeg stumbles over what has gone
        pass
    return out


@pytest.mark.parametrize("place", HIDING)
def test_chunks_go_before_and_after_the_samples(place: str) -> None:
    hidden, layout = HIDING[place], chunk(b"chan", STEREO)
    for data in (
        caf(desc(), hidden, layout, sound(samples())),
        caf(desc(), layout, hidden, sound(samples())),
        caf(desc(), layout, sound(samples()), hidden),
    ):
        assert assert_clean(data) == PLAIN


def test_private_fields_have_names_entities_and_words() -> None:
    data = caf(desc(), *HIDING.values(), sound(samples()))
    ledger = ledger_of(Caf(), data)
    said = {}
    for part in ledger.parts[1:]:
        if part.describe:
            value = b"".join(data[start:end] for start, end in part.spans)
            said[ledger.path(part.id)] = (part.entity, part.describe(value))
    name = PLANTED.decode()
    assert said["info/artist"] == ("CREATOR", name)
    assert said["info/comments"] == ("CAPTION", name)
    assert said["strg/string"] == ("CAPTION", name)


@pytest.mark.parametrize(
    "data",
    [
        PLAIN + PLANTED,
        PLAIN + b"Jane",
        caf(desc(), chunk(b"chan", STEREO), sound(samples()), flags=b"JD"),
        caf(desc(), chunk(b"chan", STEREO), sound(samples(), b"Jane")),
        caf(desc(), chunk(b"chan", STEREO), sound(samples() + b"Jan")),
        caf(desc(), chunk(b"chan", STEREO + PLANTED), sound(samples())),
        caf(desc(), chunk(b"chan", STEREO[:4] + b"JaneJane"), sound(samples())),
        caf(desc(flags=0x4A4E0000), chunk(b"chan", STEREO), sound(samples())),
        caf(desc(rate=8000 + 2**-20), chunk(b"chan", STEREO), sound(samples())),
        caf(
            chunk(b"desc", desc()[12:] + PLANTED), chunk(b"chan", STEREO), sound(samples())
        ),
        caf(desc(), chunk(b"chan", STEREO), b"data" + b"\xff" * 8 + bytes(4) + samples() + b"J"),
    ],
)  # fmt: skip
def test_surplus_bytes_and_untrue_numbers(data: bytes) -> None:
    assert assert_clean(data) == PLAIN


BOXES = bytes.fromhex("0000000c66726d61616c6163 00000024616c616300000000")


def alac(n: int = 3) -> tuple[bytes, list[bytes], int]:
    """(configuration, packets, frames) as FFmpeg's encoder makes them."""
    config, packets = encoded("alac", n * 4096)
    return config[12:36], packets, n * 4096


def encoded(codec: str, frames: int) -> tuple[bytes, list[bytes]]:
    import av

    box: Any = io.BytesIO()
    with av.open(box, "w", format="mp4") as film:
        stream: Any = film.add_stream(codec, rate=44100, layout="mono")
        wave = (np.sin(np.arange(frames) / 9.0) * 9000).astype("<i2")
        shape = {"alac": "s16p", "aac": "fltp"}[codec]
        size = {"alac": 4096, "aac": 1024}[codec]
        packets: list[bytes] = []
        for at in range(0, frames, size):
            piece = wave[at : at + size].reshape(1, -1)
            if codec == "aac":
                piece = (piece / 32768).astype("<f4")
            frame = av.AudioFrame.from_ndarray(piece, format=shape, layout="mono")
            frame.sample_rate, frame.pts = 44100, at
            packets += map(bytes, stream.encode(frame))
        packets += map(bytes, stream.encode(None))
        return bytes(stream.codec_context.extradata), [packet for packet in packets if packet]


def compressed(
    coding: bytes, cookie: bytes, packets: list[bytes], valid: int, *, per: int, more: bytes = b"",
    behind: bytes = b"", rest: int = 0, priming: int = 0,
) -> bytes:  # fmt: skip
    return caf(
        desc(coding, 0, 0, per, 1, 0, 44100.0),
        chunk(b"kuki", cookie),
        pakt([len(packet) for packet in packets], valid, priming, rest, more),
        sound(b"".join(packets) + behind),
    )


def test_packets_their_table_and_the_cookie_of_alac() -> None:
    config, packets, frames = alac()
    for cookie in (config, BOXES + config, BOXES + config + bytes.fromhex("0000000800000000")):
        plain = compressed(b"alac", cookie, packets, frames, per=4096)
        assert assert_clean(plain) == plain
        for more, behind, surplus in (
            (PLANTED, b"", b""), (b"", PLANTED, b""), (b"", b"", PLANTED)
        ):  # fmt: skip
            data = compressed(
                b"alac", cookie + surplus, packets, frames, per=4096, more=more, behind=behind
            )
            assert assert_clean(data) == plain


def test_the_frames_that_are_heard_stay_as_they_are() -> None:
    config, packets, frames = alac()
    data = compressed(b"alac", config, packets, frames - 700, per=4096, priming=300, rest=400)
    out = assert_clean(caf(data[8:52], HIDING["info"], data[52:]))
    facts = dict(read(MemorySource(out)).rendering.facts)
    assert (facts["valid"], facts["priming"], facts["remainder"]) == ("11588", "300", "400")


def descriptor(tag: int, body: bytes, long: bool = True) -> bytes:
    size = b"\x80\x80\x80" if long else b""
    return bytes((tag,)) + size + bytes((len(body),)) + body


def es(specific: bytes, *, flags: int = 0, more: bytes = b"", long: bool = True) -> bytes:
    config = b"\x40\x15" + bytes(3) + struct.pack(">II", 64000, 64000)
    inner = descriptor(4, config + descriptor(5, specific, long) + more, long)
    return descriptor(3, struct.pack(">HB", 0, flags) + inner + descriptor(6, b"\2", long), long)


def test_the_cookie_of_aac_says_no_more_than_a_decoder_needs() -> None:
    specific, packets = encoded("aac", 8 * 1024)
    specific = specific[:2]
    frames = len(packets) * 1024
    plain = compressed(b"aac ", es(specific), packets, frames, per=1024)
    assert assert_clean(plain) == plain
    data = compressed(b"aac ", es(specific) + PLANTED, packets, frames, per=1024)
    assert assert_clean(data) == plain
    short = compressed(b"aac ", es(specific, long=False), packets, frames, per=1024)
    assert assert_laws(Caf(), read, short) == short  # FFmpeg reads the long spelling only
    for cookie in (
        es(specific + PLANTED),
        es(specific, more=descriptor(0x13, PLANTED)),
        es(specific, flags=0x40),
        es(specific)[:20],
        specific,
    ):
        with pytest.raises(Held):
            clean(Caf(), compressed(b"aac ", cookie, packets, frames, per=1024))


def test_a_packet_table_with_frames_that_vary() -> None:
    body = struct.pack(">qqii", 2, 300, 0, 0) + varint(200) + varint(100) + varint(5) + varint(200)
    source = MemorySource(body + b"J")
    assert packet_table(source, 0, source.size, sizes=True, frames=True) == (2, 205, 300, 30)
    for bad in (varint(200)[:1], b"\x80\x05", b"\xff\xff\xff\xff\xff\xff\1"):
        source = MemorySource(struct.pack(">qqii", 1, 1, 0, 0) + bad)
        with pytest.raises((Damaged, Unsupported)):
            packet_table(source, 0, source.size, sizes=True, frames=False)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (caf(desc(), desc(), sound(samples())), Damaged),
        (caf(sound(samples()), desc()), Damaged),
        (caf(desc(), sound(samples()), sound(samples())), Unsupported),
        (caf(desc(b"QDM2"), sound(samples())), Unsupported),
        (caf(desc(b"flac", block=0), sound(samples())), Unsupported),
        (caf(desc(block=3), sound(samples())), Damaged),
        (caf(desc(b"alac", block=0, per=4096), sound(samples())), Damaged),
        (caf(desc(b"opus", block=0, per=960), sound(samples())), Damaged),
        (caf(desc(b"opus", block=0, per=960), pakt([9000], 960), sound(samples())), Damaged),
        (caf(desc(b"opus", block=0, per=960), pakt([90], 961), sound(samples())), Unsupported),
        (caf(desc(b"opus", block=0, per=960), pakt([90], 960, -1), sound(samples())), Unsupported),
        (caf(desc(b"opus", block=0, per=960), pakt([90], -1), sound(samples())), Unsupported),
        (caf(desc(b"ima4", block=68, per=64), pakt([0], 64), sound(samples())), Unsupported),
        (caf(desc(), chunk(b"kuki", PLANTED), sound(samples())), Unsupported),
        (caf(desc(), chunk(b"chan", bytes(4)), sound(samples())), Unsupported),
        (caf(desc(b".mp3", block=0, per=1152), pakt([90], 1152), sound(samples())), Unsupported),
        (caf(desc(), sound(b"")), Damaged),
        (caf(desc()), Damaged),
        (PLAIN[:-200], Damaged),
        (PLAIN.replace(b"caff\0\1", b"caff\0\2"), Unsupported),
        (b"", Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Caf(), data)


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    for hidden in HIDING.values():
        assert read(MemorySource(caf(desc(), hidden, sound(samples())))).leftovers
    config, packets, frames = alac()
    for data in (
        PLAIN + PLANTED,
        caf(desc(), sound(samples()), flags=b"JD"),
        caf(desc(), sound(samples(), b"Jane")),
        caf(desc(), sound(samples() + b"J")),
        caf(desc(flags=0x4A4E0000), sound(samples())),
        caf(desc(rate=8000 + 2**-20), sound(samples())),
        caf(desc(), chunk(b"chan", STEREO + b"J"), sound(samples())),
        compressed(b"alac", config + b"J", packets, frames, per=4096),
        compressed(b"alac", config, packets, frames, per=4096, more=b"J"),
        compressed(b"alac", config, packets, frames, per=4096, behind=b"J"),
        compressed(b"aac ", es(PLANTED), packets, frames, per=4096),
    ):
        assert read(MemorySource(data)).leftovers
    assert read(MemorySource(PLAIN)).leftovers == ()


CODINGS = (
    "pcm_s8", "pcm_s16be", "pcm_s16le", "pcm_s24le", "pcm_s32be", "pcm_f32le", "pcm_f64be",
    "pcm_alaw", "pcm_mulaw", "adpcm_ima_qt", "alac", "libopus", "libmp3lame", "ac3",
)  # fmt: skip


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="ffmpeg is not installed")
@pytest.mark.parametrize("codec", CODINGS)
def test_every_coding_that_ffmpeg_writes(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "tone.caf"
    done = subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=300:d=0.3:r=48000", "-c:a", codec,
         "-metadata", f"title={PLANTED.decode()}", str(path)],
        check=False,
    )  # fmt: skip
    if done.returncode and codec.startswith("lib"):
        pytest.skip(f"ffmpeg without {codec}")
    data = path.read_bytes()
    assert PLANTED in data
    assert_clean(data)


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    small = caf(desc(), *HIDING.values(), chunk(b"chan", STEREO), sound(samples(10), b"Jane"))
    assert assert_robust(Caf(), read, small, n=400) > 80
    config, packets, frames = alac(1)
    tight = compressed(b"alac", BOXES + config, packets, frames, per=4096, behind=PLANTED)
    assert assert_robust(Caf(), read, tight[:180] + tight[180:], seed=2, n=300, prefixes=50) > 30
