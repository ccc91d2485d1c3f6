"""Second reader for Standard MIDI Files 1.0 (RP-001).

Content digest: SHA-256 over format, number of tracks and division (16 bits
each), and for each track, for every event that sounds, its absolute time (64
bits), the length of its message (32 bits) and the message with its status and
without a length, and at its end the number of these events (64 bits). All
numbers are big-endian.

A clean file is a header and tracks; every event in them sounds.
"""

from __future__ import annotations

import hashlib
import io

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source

_MOST = 256 << 20
_METAS = {0x00: {0, 2}, 0x21: {1}, 0x2F: {0}, 0x51: {3}, 0x54: {5}, 0x58: {4}, 0x59: {2}}


class _Track:
    """A track as a stream of bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = io.BytesIO(data)

    def take(self, n: int) -> bytes:
        found = self.data.read(n)
        if len(found) < n:
            raise Damaged("A track ends inside an event.")
        return found

    def number(self) -> int:
        value = 0
        for _ in range(4):
            byte = self.take(1)[0]
            value = value * 128 + byte % 128
            if byte < 128:
                return value
        raise Damaged("A number has more than four bytes.")


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Plays the file through. Raises Damaged."""
    if source.size > _MOST or source.size < 14:
        raise Damaged("The file has a size that no MIDI file has.")
    data = source.read(0, source.size)
    leftovers: list[str] = []
    size = int.from_bytes(data[4:8], "big")
    if data[:4] != b"MThd" or size < 6:
        raise Damaged("The file does not begin with a MIDI header.")
    if size > 6:
        leftovers.append("a header that is too long")
    digest = hashlib.sha256(data[8:14])
    kind, tracks, division = (int.from_bytes(data[i : i + 2], "big") for i in (8, 10, 12))
    at, events, ticks, found = 8 + size, 0, 0, 0
    while at + 8 <= len(data):
        end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] != b"MTrk" or end > len(data):
            break
        count, time = _play(data[at + 8 : end], digest, leftovers)
        events, ticks, found = events + count, max(ticks, time), found + 1
        at = end
    if found != tracks:
        raise Damaged("The number of tracks is not the stated one.")
    if at < len(data):
        leftovers.append(f"{len(data) - at} bytes after the last track")
    facts = Rendering.of(
        format=kind, tracks=tracks, division=division, events=events, ticks=ticks
    )  # fmt: skip
    return Reading("midi", digest.hexdigest(), facts, tuple(leftovers[:100]))


def _play(data: bytes, digest: hashlib._Hash, leftovers: list[str]) -> tuple[int, int]:
    track = _Track(data)
    time = count = running = 0
    while True:
        time += track.number()
        status = track.take(1)
        if status == b"\xff":
            kind = track.take(1)
            body = track.take(track.number())
            if len(body) not in _METAS.get(kind[0], ()):
                leftovers.append(f"a meta event of kind {kind[0]}")
                continue
            message = status + kind + body
        elif status == b"\xf0":
            body = track.take(track.number())
            running = 0
            if not _sounds(body):
                leftovers.append("a system exclusive message")
                continue
            message = status + body
        elif status[0] >= 0xF0:
            raise Damaged("A track has a message that no file may have.")
        else:
            given = status if status[0] < 0x80 else b""
            running = running if given else status[0]
            if not running:
                raise Damaged("A message has no status.")
            given += track.take((1 if running // 16 in (12, 13) else 2) - len(given))
            if max(given) > 127:
                raise Damaged("A message is broken.")
            message = bytes((running,)) + given
        count += 1
        digest.update(time.to_bytes(8, "big") + len(message).to_bytes(4, "big") + message)
        if message[:2] == b"\xff\x2f":
            break
    if rest := track.data.read():
        leftovers.append(f"{len(rest)} bytes after the end of a track")
    digest.update(count.to_bytes(8, "big"))
    return count, time


def _sounds(body: bytes) -> bool:
    """Whether the message resets or sets up instruments of the GM, GS or XG kinds."""
    if len(body) < 5 or body[-1] != 0xF7 or max(body[:-1]) > 127:
        return False
    maker, model, first, n = body[0], body[2], body[3], len(body) - 1
    if maker == 0x7E and model == 9:
        return n == 4 and first in (1, 2, 3)
    if maker == 0x7F and model == 4:
        return (n == 6 and first in (1, 2, 3, 4)) or (first == 5 and 7 <= n <= 20)
    if maker in (0x7E, 0x7F) and model == 8:
        return first in (8, 9) and n in (19, 31)
    if maker == 0x41 and model == 0x42 and first == 0x12:
        return body[4:7] != b"\x40\x01\0" and 9 <= n <= 16
    if maker == 0x43 and body[1] // 16 == 1 and model == 0x4C:
        return first not in (6, 7) and 7 <= n <= 11
    return maker == 0x43 and body[1] // 16 == 1 and model == 0x49 and 7 <= n <= 9
