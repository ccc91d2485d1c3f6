"""MIDI: every text and identity goes, every message that sounds keeps its tick."""

from __future__ import annotations

import io
import os
import struct
from pathlib import Path

import pytest
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.midi import Midi
from scrubber.formats.midi_events import number, spelled
from scrubber.readers.midi import read
from scrubber.source import MemorySource

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CORPUS = SHARED / "corpora/mutagen/tests/data"
PLANTED = b"PLANTED-7f3a Jane Doe"
ON, OFF, RUNNING = b"\x90\x3c\x40", b"\x80\x3c\x40", b"\x3e\x41"
END = b"\xff\x2f\0"
TEMPO, METRE = b"\xff\x51\3\7\xa1\x20", b"\xff\x58\4\4\2\x18\x08"


def track(*rows: tuple[int, bytes], after: bytes = b"") -> bytes:
    body = b"".join(spelled(delta) + event for delta, event in rows) + after
    return b"MTrk" + struct.pack(">I", len(body)) + body


def song(*tracks: bytes, kind: int = 1, count: int | None = None, more: bytes = b"") -> bytes:
    n = len(tracks) if count is None else count
    head = struct.pack(">IHHH", 6 + len(more), kind, n, 480)
    return b"MThd" + head + more + b"".join(tracks)


def meta(kind: int, data: bytes = PLANTED) -> bytes:
    return bytes((0xFF, kind)) + spelled(len(data)) + data


def exclusive(data: bytes) -> bytes:
    return b"\xf0" + spelled(len(data) + 1) + data + b"\xf7"


NOTES = ((0, ON), (200, RUNNING), (480, OFF), (100, b"\xc1\x05"), (0, END))
PLAIN = song(track((0, TEMPO), (0, METRE), (5000, END)), track(*NOTES))


def heard(data: bytes) -> list[list[tuple[int, str]]]:
    """What mido says: every message at its tick, without texts."""
    mido = pytest.importorskip("mido")
    rows = []
    for messages in mido.MidiFile(file=io.BytesIO(data), clip=False).tracks:
        time, row = 0, []
        for message in messages:
            time += message.time
            if not message.is_meta or message.type in mido_kept:
                row.append((time, str(message.copy(time=0))))
        rows.append(row)
    return rows


mido_kept = {"set_tempo", "time_signature", "key_signature", "smpte_offset", "end_of_track",
             "midi_port", "sequence_number"}  # fmt: skip


def assert_clean(data: bytes) -> bytes:
    out = assert_laws(Midi(), read, data)
    assert PLANTED not in out
    return out


@pytest.mark.parametrize("kind", [*range(1, 17), 0x20, 0x4B, 0x60, 0x7E, 0x7F])
def test_every_text_goes_and_its_time_stays(kind: int) -> None:
    for data in (PLANTED, b"", PLANTED * 20):
        dirty = song(
            track((0, meta(kind, data)), (0, TEMPO), (0, METRE), (5000, END)),
            track((0, ON), (150, meta(kind, data)), (50, b"\x90" + RUNNING), (480, OFF),
                  (70, meta(kind, data)), (10, meta(kind)), (20, b"\xc1\x05"), (0, END)),
        )  # fmt: skip
        assert read(MemorySource(dirty)).leftovers
        out = assert_clean(dirty)
        assert heard(out) == heard(PLAIN)
        if kind in (*range(1, 8), 9, 0x7F):  # of others mido loses the time
            assert heard(dirty) == heard(PLAIN)
        assert read(MemorySource(out)).content == read(MemorySource(PLAIN)).content


def test_texts_are_named_and_tell_their_words() -> None:
    names = {2: "copyright notice", 5: "lyric", 9: "device name"}
    data = song(track(*((0, meta(kind)) for kind in names), (0, END)))
    one = song(track((0, meta(3)), (3, END)))
    said = {}
    for file in (data, one):
        ledger = ledger_of(Midi(), file)
        for part in ledger.parts[1:]:
            if part.describe:
                spans = b"".join(file[start:end] for start, end in part.spans)
                said[ledger.path(part.id)] = (part.entity, part.describe(spans))
    name = PLANTED.decode()
    assert said["MTrk 1/events/lyric"] == ("LYRICS", name)
    assert said["MTrk 1/events/copyright notice"] == ("COPYRIGHT_NOTICE", name)
    assert said["MTrk 1/track name"] == ("TITLE", name)


def test_running_status_after_a_text() -> None:
    dirty = song(track((0, ON), (9, meta(1)), (0, RUNNING), (0, END)))
    assert assert_clean(dirty) == song(track((0, ON), (9, RUNNING), (0, END)))


def test_events_that_shape_the_time_and_the_sound_stay() -> None:
    kept = (
        b"\0\2\0\1",
        b"\x21\1\3",
        b"\x51\3\7\xa1\x20",
        b"\x54\5\1\2\3\4\5",
        b"\x58\4\4\2\x18\x08",
    )
    rows = [(index, b"\xff" + body) for index, body in enumerate((*kept, b"\x59\2\0\1"))]
    data = song(track(*rows, *((1, bytes((status, 1, 2))) for status in range(0x80, 0xC0, 0x10)),
                      (1, b"\xc1\1"), (1, b"\xd2\1"), (1, b"\xe3\1\2"), (0, END)))  # fmt: skip
    assert read(MemorySource(data)).leftovers == ()
    assert assert_clean(data) == data


def test_a_long_pause_is_spelled_anew() -> None:
    dirty = song(track((100, meta(1)), (0x3FFF, ON), (0x0FFFFFFF, END)))
    assert assert_clean(dirty) == song(track((0x3FFF + 100, ON), (0x0FFFFFFF, END)))
    with pytest.raises(Unsupported, match="pause"):
        clean(Midi(), song(track((0x0FFFFFFF, meta(1)), (1, END))))


SOUNDS = {
    "GM on": b"\x7e\x7f\x09\x01",
    "master volume": b"\x7f\x7f\x04\x01\0\x7f",
    "reverb": b"\x7f\x7f\x04\x05\1\1\1\1\1\0\4",
    "GS reset": b"\x41\x10\x42\x12\x40\0\x7f\0\x41",
    "XG on": b"\x43\x10\x4c\0\0\x7e\0",
    "octave tuning": b"\x7f\x7f\x08\x08\3\x7f\x7f" + bytes(12),
}
GOES = {
    "identity": b"\x7e\x10\x06\x02" + PLANTED,
    "time code": b"\x7f\x7f\x01\x01\1\2\3\4",
    "machine control": b"\x7f\x7f\x06\x02",
    "display": b"\x41\x10\x45\x12\x10\0\0" + PLANTED,
    "patch name": b"\x41\x10\x42\x12\x40\1\0" + PLANTED,
    "XG display": b"\x43\x10\x4c\x06\0\0" + PLANTED,
}


@pytest.mark.parametrize("name", SOUNDS)
def test_messages_that_set_up_the_sound_stay(name: str) -> None:
    data = song(track((0, exclusive(SOUNDS[name])), (10, ON), (10, OFF), (0, END)))
    assert read(MemorySource(data)).leftovers == ()
    assert assert_clean(data) == data


@pytest.mark.parametrize("name", GOES)
def test_messages_that_only_tell_go(name: str) -> None:
    data = song(track((5, exclusive(GOES[name])), (10, ON), (10, OFF), (0, END)))
    assert read(MemorySource(data)).leftovers
    assert assert_clean(data) == song(track((15, ON), (10, OFF), (0, END)))


def test_what_is_no_event_goes() -> None:
    alien = b"XFIH" + struct.pack(">I", len(PLANTED)) + PLANTED
    first, second = track((0, TEMPO), (0, METRE), (5000, END)), track(*NOTES)
    for dirty in (
        song(alien, first, second, count=2),
        song(first, alien, second, count=2),
        song(first, second, alien, count=2),
        PLAIN + PLANTED,
        PLAIN + b"MTr",
        song(first, track(*NOTES, after=PLANTED)),
        song(first, second, more=PLANTED),
    ):
        assert read_refuses(dirty)
        assert assert_clean(dirty) == PLAIN


def read_refuses(data: bytes) -> bool:
    try:
        return bool(read(MemorySource(data)).leftovers)
    except Held:
        return True


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLANTED, Damaged),
        (b"RIFF\x40\0\0\0RMIDdata" + PLAIN, Unsupported),
        (song(track((0, END)), count=2), Damaged),
        (song(track((0, END)), track((0, END)), count=1), Damaged),
        (song(track((0, END)), track((0, END)), kind=0), Damaged),
        (song(track((0, END)), kind=3), Damaged),
        (song(track((0, ON))), Damaged),
        (song(track((0, RUNNING), (0, END))), Damaged),
        (song(track((0, b"\x90\x3c\xff"), (0, END))), Damaged),
        (song(track((0, meta(0x51)), (0, END))), Damaged),
        (song(track((0, meta(0x21)), (0, END))), Damaged),
        (song(track((0, meta(0x2F)))), Damaged),
        (song(track((0, exclusive(b"\x7d" + PLANTED)), (0, END))), Unsupported),
        (song(track((0, exclusive(b"\x43\0\0\x09" + PLANTED)), (0, END))), Unsupported),
        (
            song(track((0, b"\xf0\x03\x7e\x7f\x09"), (0, b"\xf7\x02\x01\xf7"), (0, END))),
            Unsupported,
        ),
        (song(track((0, b"\xf7\x02\xf3\x01"), (0, END))), Unsupported),
        (song(track((0, exclusive(SOUNDS["GM on"])), (0, RUNNING), (0, END))), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Midi(), data)


def test_numbers() -> None:
    for value, said in (
        (0, b"\0"),
        (127, b"\x7f"),
        (128, b"\x81\0"),
        (0x0FFFFFFF, b"\xff\xff\xff\x7f"),
    ):
        assert spelled(value) == said
        assert number(said, 0) == (value, len(said))


def test_real_files() -> None:
    found = sorted(CORPUS.glob("*.mid"))
    if not found:
        pytest.skip("no shared corpus")
    for path in found:
        data = path.read_bytes()
        assert b"Wikipedia" in data
        out = assert_clean(data)
        assert b"Wikipedia" not in out
        assert heard(out) == heard(data)


def robust_samples() -> dict[str, bytes]:
    first = track(
        (0, meta(3)), (7, meta(1)), (0, TEMPO), (9, exclusive(SOUNDS["GS reset"])), (0, END)
    )
    second = track((0, ON), (200, meta(5)), (9, b"\x90" + RUNNING), (300, OFF), (0, END))
    return {"song": song(first, second)}


def test_damage_ends_in_held_or_in_a_clean_copy() -> None:
    for data in robust_samples().values():
        assert assert_robust(Midi(), read, data, seed=3, n=400, prefixes=100) > 10
