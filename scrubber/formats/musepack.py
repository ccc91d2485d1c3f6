"""Musepack: stream version 8 (packets) and stream version 7 (one stream of bits).

Kept: the sound and what decoding needs. Of version 8 the encoder's settings,
chapters and unknown packets go, the loudness becomes "not measured", and the
seek table and its offset are mended. Of version 7 loudness and the encoder's
version become zero. Tags at both ends and what follows the sound go.

The content digest of version 8 is over the packets SH, AP and SE; that of
version 7 is over the whole stream, with those numbers zero.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.formats.blanked_runs import claim_runs
from scrubber.formats.musepack_packets import Packets
from scrubber.formats.musepack_stream import Stream
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source


class Musepack:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        start = tags_before(ledger, source, 0, source.size)
        end = tags_after(ledger, source, start)
        head = source.read(start, min(4, end - start))
        if head == b"MPCK":
            stop = Packets(source, ledger, start, end).claim()
        elif head[:3] == b"MP+" and len(head) == 4 and head[3] & 15 == 7:
            stream = Stream(source, start, end)
            stop = stream.stop
            claim_runs(
                ledger, [(start, stop)], stream.blanks(), "numbers of the encoder", "TECHNICAL"
            )  # fmt: skip
            ledger.render(version=7, frames=stream.frames, last=stream.last)
        elif head[:3] == b"MP+":
            raise Unsupported("This version of the Musepack stream is not known.")
        else:
            raise Damaged("The recording does not begin with a Musepack header.")
        if stop < end:
            ledger.leaf(ROOT, "bytes after the sound", Role.SLACK, stop, end, entity="TRAILER")
