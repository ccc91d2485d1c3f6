"""AAC in ADTS frames (ISO/IEC 13818-7 §6.2, 14496-3 §1.A.2).

Kept: the frames. Tags at both ends, bytes before, between and after the
frames and a last frame that is cut off go; free bytes at the start of a frame
(the encoder's name) become zero. The content digest is over the frames in
order, with those bytes zero.

Fill elements after the sound of a frame stay: where they begin can only be
told by decoding the frame. The buffer fullness in each header stays as well.
"""

from __future__ import annotations

import re

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.aac_elements import has_notes, without_notes
from scrubber.formats.blanked_runs import claim_runs
from scrubber.formats.frame_chain import Framing, find_runs
from scrubber.ledger import Ledger
from scrubber.model import Source

_SYNC = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")
_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_LARGEST = 8191


class Aac:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        if source.read(0, min(4, source.size)) == b"ADIF":
            raise Unsupported(
                "The AAC frames have no headers of their own (ADIF).",
                "Where the sound ends cannot be told without decoding it.",
                "Convert it to ADTS or M4A without re-encoding, for example with a remuxer.",
            )
        frames = _Frames()
        found = find_runs(source, ledger, Framing(_SYNC, 8, _LARGEST, _measure, frames.visit))
        first = frames.first
        spans = [(run.start, run.end) for run in found]
        claim_runs(ledger, spans, frames.notes, "fill element", "ENCODER", _words)
        ledger.render(
            frames=sum(run.frames for run in found),
            blocks=frames.blocks,
            rate=_RATES[first[2] >> 2 & 15],
            channels=(first[2] & 1) << 2 | first[3] >> 6,
            profile=first[2] >> 6,
        )


def _measure(data: bytes, at: int) -> tuple[int, int]:
    """Size and stream; the private and copyright bits belong to no stream."""
    if data[at] != 0xFF or data[at + 1] & 0xF6 != 0xF0 or data[at + 2] >> 2 & 15 > 12:
        return 0, 0
    third = data[at + 3]
    size = (third & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
    if size < (8 if data[at + 1] & 1 else 10):
        return 0, 0
    return size, (data[at + 1] << 16) | (data[at + 2] & 0xFD) << 8 | third & 0xC0


class _Frames:
    """What stands in the frames beside sound."""

    def __init__(self) -> None:
        self.first = b""
        self.blocks = 0
        self.notes: list[tuple[int, bytes]] = []

    def visit(self, base: int, data: bytes, starts: list[int]) -> None:
        if not starts:
            return
        if not self.first:
            self.first = data[starts[0] : starts[0] + 7]
        free = self.first[2] & 2, self.first[3] & 0x3C
        header = 7 if self.first[1] & 1 else 9
        for at in starts:
            if (data[at + 2] & 2, data[at + 3] & 0x3C) != free:
                raise Unsupported(
                    "The private and copyright bits of the frames spell a number.",
                    f"They change at offset {base + at}.",
                )
            blocks = data[at + 6] & 3
            self.blocks += blocks + 1
            if has_notes(data[at + header]) and not (blocks and header == 9):
                self._note(base + at, data, at, header)

    def _note(self, place: int, data: bytes, at: int, header: int) -> None:
        size, _ = _measure(data, at)
        payload = data[at + header : at + size]
        try:
            blank = without_notes(payload)
        except ValueError as error:
            raise Damaged(f"The frame at offset {place} ends inside an element.") from error
        if blank == payload:
            return
        if header == 9:
            raise Unsupported(
                "A frame with a checksum holds a note of its encoder", f"(at offset {place})."
            )
        differ = [i for i, (a, b) in enumerate(zip(payload, blank, strict=True)) if a != b]
        low, high = differ[0], differ[-1] + 1
        self.notes.append((place + header + low, blank[low:high]))


def _words(data: bytes) -> str:
    """The text, wherever its bits begin."""
    value = int.from_bytes(data, "big")
    texts = [
        match.group()
        for shift in range(8)
        for match in re.finditer(rb"[ -~]{4,}", (value >> shift).to_bytes(len(data), "big"))
    ]
    return max(texts, key=len, default=b"").decode("ascii").strip()
