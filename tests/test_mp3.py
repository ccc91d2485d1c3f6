"""MP3: every place around and between the frames, the info frame, and sound that stays the same."""

from __future__ import annotations

import os
import re
import struct
import time
from pathlib import Path

import numpy as np
import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from sounds import av, decoded, encoded, packets

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.mp3 import Mp3
from scrubber.formats.mp3_info import crc16
from scrubber.readers.mp3 import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
PLANTED = b"PLANTED-7f3a Jane Doe"


def made(**options: object) -> bytes:
    """An MP3 as libmp3lame writes it, without its ID3v2 tag."""
    data = encoded("mp3", "libmp3lame", options=(("id3v2_version", "0"),), **options)
    assert data[0] == 0xFF
    return data


def frame_starts(data: bytes) -> list[int]:
    """44.1 kHz, 96 kbit/s: 313 bytes, 314 with padding."""
    starts, at = [], 0
    while at < len(data):
        starts.append(at)
        at += 144 * 96000 // 44100 + (data[at + 2] >> 1 & 1)
    return starts


def syncsafe(n: int) -> bytes:
    return bytes(n >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3(body: bytes, version: int = 3, flags: int = 0) -> bytes:
    return b"ID3" + bytes((version, 0, flags)) + syncsafe(len(body)) + body


def frame(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "big") + b"\0\0" + body


def ape(version: int = 2000, header: bool = True) -> bytes:
    item = len(PLANTED).to_bytes(4, "little") + bytes(4) + b"Artist\0" + PLANTED
    numbers = version.to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little")
    numbers += (1).to_bytes(4, "little")
    top = (1 << 31 if header else 0).to_bytes(4, "little") + bytes(8)
    first = ((1 << 31) | (1 << 29)).to_bytes(4, "little") + bytes(8)
    footer = b"APETAGEX" + numbers + top
    return (b"APETAGEX" + numbers + first if header else b"") + item + footer


ID3V1 = b"TAG" + (PLANTED.ljust(30, b"\0") * 3 + b"2024" + PLANTED.ljust(30, b"\0") + b"\x11")
ENHANCED = b"TAG+" + PLANTED.ljust(60, b"\0") * 3 + bytes(1) + bytes(30) + b"000:00001:00"
ARTIST = id3(frame(b"TPE1", b"\0" + PLANTED) + bytes(40))
LYRICS1 = b"LYRICSBEGIN" + PLANTED + b"LYRICSEND"
_FIELDS = b"IND00002" + b"00" + b"EAR00021" + PLANTED
LYRICS2 = b"LYRICSBEGIN" + _FIELDS + b"%06d" % (len(_FIELDS) + 11) + b"LYRICS200"
APPENDED = id3(frame(b"TPE1", b"\0" + PLANTED), 4, 0x10) + b"3DI" + id3(bytes(32), 4, 0x10)[3:10]
MUSICMATCH = PLANTED.ljust(8192, b" ") + b"Brava Software Inc.             3.000000".ljust(48)
BEFORE = {
    "ID3v2.3": ARTIST,
    "ID3v2.4": id3(frame(b"TPE1", b"\3" + PLANTED), 4),
    "ID3v2.2": id3(b"TP1\0\0\x16\0" + PLANTED, 2),
    "two tags": ARTIST + id3(frame(b"COMM", b"\0eng\0" + PLANTED)),
    "zeros between tags": ARTIST + bytes(700) + ARTIST,
    "padding of a tag": id3(bytes(600) + PLANTED),
    "a tag too long for its words": id3(frame(b"TPE1", b"\0" + PLANTED) + b"\xff" * 50),
    "a size that is none": b"ID3\x03\0\0\xff\xff\xff\xff" + PLANTED,
    "APE in front": ape(),
    "bytes in front": PLANTED + b"\xff\xfb\x90" + bytes(60),
}
AFTER = {
    "ID3v1": ID3V1,
    "enhanced": ENHANCED + ID3V1,
    "APEv2": ape(),
    "APEv2 without header": ape(header=False),
    "APEv1": ape(1000, header=False),
    "APE before ID3v1": ape() + ID3V1,
    "Lyrics3 v1": LYRICS1 + ID3V1,
    "Lyrics3 v2": LYRICS2 + ID3V1,
    "everything": LYRICS2 + ape() + ENHANCED + ID3V1,
    "MusicMatch": MUSICMATCH,
    "MusicMatch and ID3v1": MUSICMATCH + ID3V1,
    "trailing text": PLANTED,
    "trailing zeros": bytes(999) + PLANTED,
    "appended without footer": ARTIST,
}


def assert_clean(data: bytes, like: bytes) -> bytes:
    """All laws; the planted words are gone; a player gets the same as from `like`."""
    out = assert_laws(Mp3(), read, data)
    assert PLANTED.lower() not in out.lower()
    assert PLANTED.decode().encode("utf-16-le") not in out
    mine, theirs = packets(out), packets(like)
    assert mine == theirs
    assert np.array_equal(decoded(out), decoded(like))
    return out


@pytest.mark.parametrize("place", BEFORE)
def test_what_stands_before_the_frames_goes(place: str) -> None:
    assert assert_clean(BEFORE[place] + made(), made()) == clean(Mp3(), made())


@pytest.mark.parametrize("place", AFTER)
def test_what_stands_after_the_frames_goes(place: str) -> None:
    assert assert_clean(made() + AFTER[place], made()) == clean(Mp3(), made())


def test_an_appended_tag_with_a_footer_goes() -> None:
    body = frame(b"TPE1", b"\3" + PLANTED)
    head = b"\4\0\x10" + syncsafe(len(body))
    assert assert_clean(made() + b"ID3" + head + body + b"3DI" + head, made())


def test_a_recording_inside_a_tag_is_no_sound() -> None:
    inside = id3(frame(b"GEOB", b"\0audio/mpeg\0\0\0" + made()))
    for data in (inside + made(), ARTIST + bytes(90) + inside + made(), made() + inside):
        assert assert_clean(data, made()) == clean(Mp3(), made())


def test_tags_are_named_and_tell_their_words() -> None:
    data = ARTIST + made() + LYRICS2 + ape() + ENHANCED + ID3V1
    ledger = ledger_of(Mp3(), data)
    said = {}
    for part in ledger.parts[1:]:
        if part.describe:
            value = b"".join(data[start:end] for start, end in part.spans)
            said[ledger.path(part.id)] = (part.entity, part.describe(value))
    name = PLANTED.decode()
    artists = ("ID3v2.3/TPE1", "Lyrics3/EAR", "APE/Artist", "ID3v1 enhanced/artist", "ID3v1/artist")
    for path in artists:
        assert said[path] == ("CREATOR", name)
    assert said["info frame/encoder"][0] == "ENCODER"
    assert said["info frame/encoder"][1].startswith("Lav")


def test_bytes_between_frames_go_and_the_frames_stay() -> None:
    data = made()
    starts = frame_starts(data)
    cut = starts[20]
    for hidden in (PLANTED, b"\xff\xfb" + PLANTED, bytes(400) + PLANTED):
        assert clean(Mp3(), data[:cut] + hidden + data[cut:]) == clean(Mp3(), data)
        assert_laws(Mp3(), read, data[:cut] + hidden + data[cut:])


def test_a_last_frame_that_is_cut_off_goes() -> None:
    data = made()
    starts = frame_starts(data)
    out = assert_laws(Mp3(), read, data[: starts[-1] + 100])
    assert out == clean(Mp3(), data)[: starts[-1]]


@pytest.mark.parametrize(
    "options", [{}, {"channels": 1}, {"rate": 22050}, {"rate": 22050, "channels": 1}]
)
def test_the_info_frame_is_canonical_and_gapless_playback_stays(options: dict[str, int]) -> None:
    data = made(**options)
    out = assert_clean(data, data)
    facts = dict(read(MemorySource(out)).rendering.facts)
    assert facts["delay"] != "0"
    assert int(facts["padding"]) > 0
    at = out.index(b"LAME3.100")
    assert out[at + 9 : at + 21] == bytes(12)
    assert out[at + 24 : at + 34] == bytes(10)
    assert crc16(out[: at + 34], 0, reflected=True) == int.from_bytes(out[at + 34 : at + 36], "big")
    assert b"Lavc" not in out[: at + 36]
    assert b"Lavf" not in out[: at + 36]


def _info_with(place: str) -> bytes:
    data = bytearray(made())
    at = re.search(rb"Lav[cf]", bytes(data))
    assert at is not None
    lame, name = at.start(), bytes(data).index(b"Info") if b"Info" in data[:60] else 36
    end = frame_starts(bytes(data))[1]
    spots = {
        "encoder": lame + 4, "settings": lame + 10, "lengths": lame + 25, "tag CRC": lame + 34,
        "rest": end - 60, "side information": 6, "flags": name + 4, "seek table": name + 16 + 30,
    }  # fmt: skip
    widths = {"encoder": 5, "tag CRC": 2, "flags": 3, "lengths": 9, "settings": 11}
    spot = spots[place]
    data[spot : spot + widths.get(place, 21)] = PLANTED[: widths.get(place, 21)]
    return bytes(data)


@pytest.mark.parametrize(
    "place",
    [
        "encoder",
        "settings",
        "lengths",
        "tag CRC",
        "rest",
        "side information",
        "flags",
        "seek table",
    ],
)
def test_nothing_hides_in_the_info_frame(place: str) -> None:
    data = _info_with(place)
    assert read(MemorySource(data)).leftovers or place == "seek table"
    out = assert_laws(Mp3(), read, data)
    assert PLANTED[:9] not in out
    assert np.array_equal(decoded(out), decoded(made()))


def test_two_recordings_in_one_file() -> None:
    """The second info frame is silent, and the frame after it borrows no bits from it."""
    data = made()
    out = assert_laws(Mp3(), read, data + data)
    assert out == clean(Mp3(), data) * 2


def test_a_frame_of_the_other_kind_keeps_its_table() -> None:
    """VBRI: version, delay, quality, bytes, frames, and a table of entries of two bytes."""
    plain = made()[frame_starts(made())[1] :]
    table = b"VBRI\0\1\4\x60\0\x4b" + struct.pack(">IIHHHH", len(plain), 23, 4, 1, 2, 6)
    table += struct.pack(">4H", 10, 20, 30, 40)
    head = plain[:4].ljust(36, b"\0")
    like = (head + table).ljust(313, b"\0") + plain
    for hidden in (
        (plain[:4] + PLANTED).ljust(36, b"\0") + table + bytes(313 - 36 - len(table)) + plain,
        (head + table + bytes(50) + PLANTED).ljust(313, b"\0") + plain,
    ):
        assert read(MemorySource(hidden)).leftovers
        assert assert_clean(ARTIST + hidden, like) == like


def test_layer_two_and_recordings_without_an_info_frame() -> None:
    plain = made()[frame_starts(made())[1] :]
    assert assert_clean(ARTIST + plain + ID3V1, plain) == plain
    second = encoded("mp2", "mp2", bit_rate=128_000)
    assert assert_laws(Mp3(), read, ARTIST + second + ID3V1) == second


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED * 50, Damaged),
        (ARTIST, Damaged),
        ((b"\xff\xfb\x00\xc4" + bytes(396)) * 9, Unsupported),
        (b"\xff\xfb\x90\x00" + bytes(100), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Mp3(), data)


def test_a_change_of_rate_is_held() -> None:
    with pytest.raises(Unsupported, match="midway"):
        clean(Mp3(), made() + made(rate=22050))


def test_the_second_reader_sees_each_hiding_place_by_itself() -> None:
    sound = clean(Mp3(), made())
    assert read(MemorySource(sound)).leftovers == ()
    for hidden in BEFORE.values():
        try:
            assert read(MemorySource(hidden + sound)).leftovers
        except Held:
            pass
    for hidden in AFTER.values():
        assert read(MemorySource(sound + hidden)).leftovers


def test_a_long_recording_is_one_part_and_quick() -> None:
    sound = clean(Mp3(), made())
    starts = frame_starts(sound)
    data = sound + sound[starts[1] :] * 1000
    begun = time.process_time()
    ledger = ledger_of(Mp3(), data)
    assert time.process_time() - begun < 0.5
    assert sum(part.name == "frames" for part in ledger.parts) == 1


def test_windows_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    data = ARTIST + made(seconds=3.0) + ID3V1
    whole = clean(Mp3(), data)
    for window in (3000, 3137, 4096):
        monkeypatch.setattr("scrubber.formats.mpeg_frames.WINDOW", window)
        monkeypatch.setattr("scrubber.readers.mp3._BLOCK", 9000 + window)
        assert clean(Mp3(), data) == whole
        assert read(MemorySource(whole)).leftovers == ()


CORPUS_HELD = {"bad-POPM-frame.mp3", "emptyfile.mp3"}  # tags without sound


def test_real_recordings() -> None:
    found = sorted(CORPUS.glob("*.mp3"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        if path.name in CORPUS_HELD:
            with pytest.raises(Damaged):
                clean(Mp3(), data)
            continue
        out = assert_laws(Mp3(), read, data)
        try:
            before = decoded(data)
        except av.error.InvalidDataError:
            continue  # too short for this judge
        after = decoded(out)
        n = min(before.shape[1], after.shape[1])
        assert before.shape[1] - n <= 1152, path.name  # a last frame that was cut off
        if path.name != "apev2-lyricsv2.mp3":  # its first frames were cut out of the middle
            assert np.array_equal(before[:, :n], after[:, :n]), path.name


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    data = ARTIST + made()[:2500] + ape() + ID3V1
    assert assert_robust(Mp3(), read, data, n=600) > 300


@pytest.mark.slow
def test_more_damage() -> None:
    data = ARTIST + made()[:4000] + LYRICS2 + ape() + ENHANCED + ID3V1
    assert assert_robust(Mp3(), read, data, seed=9, n=4000) > 1000
