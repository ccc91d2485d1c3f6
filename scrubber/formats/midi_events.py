"""Events of one MIDI track (Standard MIDI Files 1.0; MIDI 1.0 detailed specification).

What sounds stays: channel messages, tempo, metre, key, SMPTE offset, port,
sequence number, and the system exclusive messages that reset or set up the
instruments of the GM, GS and XG kinds. Texts of every kind, what only one
sequencer understands, identities and displays go. A system exclusive message
of any other kind could change the sound or tell anything: it is held.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported

_LENGTHS = {8: 2, 9: 2, 10: 2, 11: 2, 12: 1, 13: 1, 14: 2}
END = 0x2F
_KEPT = {0x00: (0, 2), 0x21: (1,), END: (0,), 0x51: (3,), 0x54: (5,), 0x58: (4,), 0x59: (2,)}
_TEXTS = {
    0x01: ("text", "CAPTION"),
    0x02: ("copyright notice", "COPYRIGHT_NOTICE"),
    0x03: ("track name", "TITLE"),
    0x04: ("instrument name", "TAG"),
    0x05: ("lyric", "LYRICS"),
    0x06: ("marker", "TAG"),
    0x07: ("cue point", "TAG"),
    0x08: ("program name", "TAG"),
    0x09: ("device name", "DEVICE_NAME"),
    0x20: ("channel prefix", "TECHNICAL"),
    0x4B: ("karaoke", "TAG"),
    0x7F: ("sequencer-specific", "UNIQUE_ID"),
}
_SOUNDS = re.compile(
    rb"\x7e[\0-\x7f]\x09[\x01-\x03]"  # GM on, off, GM2 on
    rb"|\x7f[\0-\x7f]\x04[\x01-\x04][\0-\x7f]{2}"  # master volume, balance, tuning
    rb"|\x7f[\0-\x7f]\x04\x05[\0-\x7f]{3,16}"  # reverb and chorus
    rb"|[\x7e\x7f][\0-\x7f]\x08[\x08\x09][\0-\x7f]{3}(?:[\0-\x7f]{12}){1,2}"  # tuning of an octave
    rb"|\x41[\0-\x7f]\x42\x12(?!\x40\x01\0)[\0-\x7f]{5,12}"  # GS parameter, but no name of a patch
    rb"|\x43[\x10-\x1f]\x4c(?![\x06\x07])[\0-\x7f]{4,8}"  # XG parameter, but no display
    rb"|\x43[\x10-\x1f]\x49[\0-\x7f]{4,6}"  # XG system
)
_GOES = (
    (re.compile(rb"[\x7e\x7f][\0-\x7f]\x06[\0-\x7f]*"), "identity", "UNIQUE_ID"),
    (re.compile(rb"\x7f[\0-\x7f][\x01-\x03\x07][\0-\x7f]*"), "machine control", "TECHNICAL"),
    (re.compile(rb"\x7e[\0-\x7f][\x7b-\x7f][\0-\x7f]*"), "handshake", "TECHNICAL"),
    (re.compile(rb"\x41[\0-\x7f]\x45\x12[\0-\x7f]*"), "display", "CAPTION"),
    (re.compile(rb"\x41[\0-\x7f]\x42\x12\x40\x01\0[\0-\x7f]*"), "patch name", "CAPTION"),
    (re.compile(rb"\x43[\x10-\x1f]\x4c[\x06\x07][\0-\x7f]*"), "display", "CAPTION"),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Delta time at `start`, status or first data byte at `body`. `name` is "" if it stays."""

    start: int
    body: int
    text: int
    end: int
    delta: int
    message: bytes
    name: str = ""
    entity: str = ""


def events(data: bytes) -> Iterator[Event]:
    """The events of a track up to its end, which is the last one. Raises Damaged, Unsupported."""
    at, status = 0, 0
    while True:
        start = at
        delta, at = number(data, at)
        first = data[at]
        if first < 0xF0:
            body = at
            if first >= 0x80:
                status, at = first, at + 1
            elif not status:
                raise Damaged(f"A track has a message without a status, {start} bytes into it.")
            end = at + _LENGTHS[status >> 4]
            rest = data[at:end]
            if end > len(data) or not rest.isascii():
                raise Damaged(f"A track has a message that is broken, {start} bytes into it.")
            yield Event(start, body, body, end, delta, bytes((status,)) + rest)
            at = end
            continue
        if first not in (0xF0, 0xFF):
            raise Unsupported("A track has messages that are no events, or parts of events.")
        kind = data[at + 1] if first == 0xFF else -1
        size, text = number(data, at + 1 + (first == 0xFF))
        end = text + size
        if end > len(data):
            raise Damaged(f"An event is longer than its track, {start} bytes into it.")
        name, entity = _meta(kind, size) if first == 0xFF else _exclusive(data[text:end])
        status = status if first == 0xFF else 0
        # A length may be written in several ways: the event is what it says.
        message = bytes((first, *([kind] if first == 0xFF else []))) + data[text:end]
        yield Event(start, at, text, end, delta, message, name, entity)
        if kind == END:
            return
        at = end


def number(data: bytes, at: int) -> tuple[int, int]:
    """A number of variable length (at most four bytes) and where it ends."""
    value = 0
    for index in range(at, at + 4):
        value = value << 7 | data[index] & 0x7F
        if data[index] < 0x80:
            return value, index + 1
    raise Damaged("A track has a number of more than four bytes.")


def spelled(value: int) -> bytes:
    """`value` as a number of variable length. Raises Unsupported when it is too large."""
    if value > 0x0FFFFFFF:
        raise Unsupported("A pause becomes longer than a MIDI file can say.")
    out = [value & 0x7F]
    while value := value >> 7:
        out.append(value & 0x7F | 0x80)
    return bytes(reversed(out))


def _meta(kind: int, size: int) -> tuple[str, str]:
    if kind in _KEPT:
        if size not in _KEPT[kind]:
            raise Damaged(f"A meta event of kind {kind:#04x} has a length that it cannot have.")
        return "", ""
    return _TEXTS.get(kind, (f"meta event {kind:#04x}", "TAG" if kind < 16 else "HIDDEN_DATA"))


def _exclusive(data: bytes) -> tuple[str, str]:
    if data[-1:] != b"\xf7":
        raise Unsupported("A system exclusive message is spread over several events.")
    if _SOUNDS.fullmatch(data, 0, len(data) - 1):
        return "", ""
    for pattern, name, entity in _GOES:
        if pattern.fullmatch(data, 0, len(data) - 1):
            return name, entity
    raise Unsupported(
        "The file sets up an instrument with system exclusive messages",
        "that scrub does not know: they may change the sound, or name a device.",
    )
