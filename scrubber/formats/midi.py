"""Standard MIDI Files 1.0 (RP-001): a header and tracks of timed events.

The play list stays: every message that sounds, at its tick. Texts, lyrics,
names, markers, sequencers' own data and identities go; the time before an
event that goes is added to the next one that stays. Chunks of other kinds,
bytes behind the end of a track and behind the last track go as well.

The content digest is over the format, the division and, for each track, the
absolute time and the message (with its status) of every event that stays.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import Inner, bundle, words
from scrubber.formats.midi_events import Event, events, spelled
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Describe, Role, Source

_MOST = 256 << 20


class Midi:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        if source.size > _MOST:
            raise Unsupported("The MIDI file is larger than any that is played.")
        data = source.read(0, source.size)
        if data[:4] == b"RIFF":
            raise Unsupported(
                "The MIDI file is wrapped in RIFF (RMID).", "It may bring instruments of its own."
            )
        kind, tracks, division, at = _header(ledger, data)
        digest = hashlib.sha256(struct.pack(">HHH", kind, tracks, division))
        found = total = ticks = 0
        while found < tracks or data[at : at + 4] == b"MTrk":
            name, size = struct.unpack_from(">4sI", data, at)
            end = at + 8 + size
            if end > len(data):
                raise Damaged("A track is cut off.")
            if name == b"MTrk":
                found += 1
                count, time = _track(ledger, data, at, end, found, digest)
                total, ticks = total + count, max(ticks, time)
            else:
                ledger.leaf(ROOT, "unknown chunk", Role.UNKNOWN, at, end, entity="HIDDEN_DATA")
            at = end
        if found != tracks:
            raise Damaged(f"The header states {tracks} tracks, and there are {found}.")
        if at < len(data):
            ledger.leaf(
                ROOT, "bytes after the last track", Role.SLACK, at, len(data), entity="TRAILER"
            )  # fmt: skip
        content = digest.hexdigest()
        ledger.content = lambda _: content
        ledger.render(format=kind, tracks=tracks, division=division, events=total, ticks=ticks)


def _header(ledger: Ledger, data: bytes) -> tuple[int, int, int, int]:
    if data[:4] != b"MThd":
        raise Damaged("The file does not begin with a MIDI header.")
    size, kind, tracks, division = struct.unpack_from(">IHHH", data, 4)
    if size < 6 or 8 + size > len(data):
        raise Damaged("The header has a length that it cannot have.")
    if kind > 2 or not tracks or not division or (kind == 0 and tracks != 1):
        raise Damaged("The header states a format or a number of tracks that cannot be.")
    ledger.leaf(ROOT, "MThd", Role.FRAME, 0, 8)
    ledger.leaf(ROOT, "MThd", Role.CODED, 8, 14)
    ledger.length(4, 4, "big", 8, 8 + size)
    if size > 6:
        ledger.leaf(ROOT, "MThd/rest", Role.UNKNOWN, 14, 8 + size, entity="HIDDEN_DATA")
    return kind, tracks, division, 8 + size


def _track(
    ledger: Ledger, data: bytes, at: int, end: int, number: int, digest: Any
) -> tuple[int, int]:
    """Claims the track. Returns how many of its events stay, and its length in ticks."""
    ledger.leaf(ROOT, "MTrk", Role.FRAME, at, at + 8)
    ledger.length(at + 4, 4, "big", at + 8, end)
    base = at + 8
    body = data[base:end]
    going: list[Event] = []
    kept = time = start = stop = 0
    for event in events(body):
        time += event.delta
        stop = event.end
        if event.name:
            going.append(event)
            continue
        kept += 1
        digest.update(struct.pack(">QI", time, len(event.message)) + event.message)
        if going:
            _claim(ledger, base + start, base + going[0].start)
            pause = spelled(sum(row.delta for row in going) + event.delta)
            _remove(ledger, base, going, event.body, pause, number)
            going, start = [], event.body
    _claim(ledger, base + start, base + stop)
    if base + stop < end:
        ledger.leaf(
            ROOT, "MTrk/bytes after its end", Role.SLACK, base + stop, end, entity="HIDDEN_DATA"
        )  # fmt: skip
    digest.update(struct.pack(">Q", kept))
    return kept, time


def _claim(ledger: Ledger, start: int, end: int) -> None:
    if start < end:
        ledger.leaf(ROOT, "events", Role.CODED, start, end)


def _remove(
    ledger: Ledger, base: int, going: list[Event], end: int, pause: bytes, number: int
) -> None:
    """The events that go and the times between them, up to the body of the next that stays."""
    first = going[0]
    if len(going) == 1:
        ledger.leaf(
            ROOT, f"MTrk {number}/{first.name}", Role.PRIVATE, base + first.start, base + end,
            entity=first.entity, on_drop=pause,
            describe=_slice(first.text - first.start, first.end - first.start),
        )  # fmt: skip
        return
    rows = [
        Inner(
            row.name, base + row.body, base + row.end, row.entity,
            _slice(row.text - row.body, row.end - row.body),
        )
        for row in going
    ]  # fmt: skip
    whole = bundle(
        ledger, ROOT, f"MTrk {number}/events", first.entity, base + first.start, base + end, rows
    )  # fmt: skip
    ledger.parts[whole].on_drop = pause


def _slice(start: int, end: int) -> Describe:
    return lambda data: words(data[start:end])
