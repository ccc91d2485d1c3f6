"""AU, also called SND: a head of 24 bytes, an annotation, samples (Sun Microsystems 1992; NeXT).

Kept: the numbers of the head and the samples. The annotation goes, and so does
what stands after the samples. Without a stated size they reach to the end. The
content digest is over the sample bytes (whole frames).
"""

from __future__ import annotations

import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bundle import words
from scrubber.formats.settled import runs
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_HEAD = 24
_UNSTATED = 0xFFFFFFFF
_STREAMED = 0x7EFF0000  # some writers put a large number where they do not know the size
_BYTES = {1: 1, 2: 1, 3: 2, 4: 3, 5: 4, 6: 4, 7: 8, 27: 1}
"""Encoding → bytes of a sample: mu-law, linear, IEEE float, A-law."""
_STREAMS = {23: "G.721", 24: "G.722", 25: "G.723 3 bit", 26: "G.723 5 bit"}
"""Encodings whose codes do not fill bytes."""


class Au:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        magic, start, size, coding, rate, channels = struct.unpack(">4s5I", source.read(0, _HEAD))
        if magic != b".snd":
            raise Damaged("An AU recording must start with .snd.")
        if not _HEAD <= start <= source.size:
            raise Damaged("The samples are said to start outside the file.")
        if not rate or not 1 <= channels <= 1024:
            raise Damaged("The head states no rate or an impossible number of channels.")
        if coding not in _BYTES and coding not in _STREAMS:
            raise Unsupported(f"The samples are in a coding ({coding}) that scrub does not know.")
        unstated = size == _UNSTATED or (size >= _STREAMED and start + size > source.size)
        end = source.size if unstated else start + size
        if end > source.size:
            raise Damaged(
                f"The samples should take {size} bytes; {source.size - start} remain.",
                "The recording was cut off.",
            )
        if not size and start < source.size:
            raise Unsupported("The size of the samples is not stated.")
        block = _BYTES.get(coding, 0) * channels or 1
        whole = end - (end - start) % block
        ledger.not_checked.append("SPEECH")
        _head(ledger, start)
        _size(ledger, start, whole, end, unstated)
        ledger.leaf(ROOT, "samples", Role.CODED, start, whole)
        if end < source.size:
            ledger.leaf(ROOT, "trailer", Role.PRIVATE, end, source.size, entity="TRAILER")
        ledger.render(coding=coding, rate=rate, channels=channels, frames=(whole - start) // block)


def _head(ledger: Ledger, start: int) -> None:
    ledger.leaf(ROOT, ".snd", Role.FRAME, 0, 4)
    ledger.leaf(ROOT, "data offset", Role.FRAME, 4, 8)
    ledger.length(4, 4, "big", 0, start)
    ledger.leaf(ROOT, "format", Role.DISPLAY, 12, _HEAD)
    if start > _HEAD:
        ledger.leaf(
            ROOT, "annotation", Role.PRIVATE, _HEAD, start, entity="CAPTION", describe=words
        )  # fmt: skip


def _size(ledger: Ledger, start: int, whole: int, end: int, unstated: bool) -> None:
    if not unstated:
        ledger.leaf(ROOT, "data size", Role.FRAME, 8, 12)
        ledger.length(8, 4, "big", start, end)
        if whole < end:
            ledger.leaf(ROOT, "half a frame", Role.SLACK, whole, end, entity="HIDDEN_DATA")
    elif whole - start < _UNSTATED:
        true = (whole - start).to_bytes(4, "big")
        runs(ledger, ROOT, "unstated size", ((8, 12), (whole, end)), on_drop=true)
    else:
        ledger.leaf(ROOT, "data size", Role.FRAME, 8, 12)
        ledger.leaf(ROOT, "half a frame", Role.SLACK, whole, end, entity="HIDDEN_DATA")
