"""AMR and AMR-WB speech (RFC 4867 §5): a magic line and frames, each with its type.

Kept: both. Tags, bytes after the last frame and a last frame that is cut off
go; the bits that fill up the last byte of a frame become zero. The content
digest is over the magic line and the frames, with those bits zero.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.formats.blanked_runs import claim_runs
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_WINDOW = 4 << 20
_BITS = {
    b"#!AMR\n": (95, 103, 118, 134, 148, 159, 204, 244, 39, *(None,) * 6, 0),
    b"#!AMR-WB\n": (132, 177, 253, 285, 317, 365, 397, 461, 477, 40, *(None,) * 4, 0, 0),
}
"""Bits of a frame by its type; types that a file cannot hold have none."""


class Amr:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        start = tags_before(ledger, source, 0, source.size)
        end = tags_after(ledger, source, start)
        head = source.read(start, min(16, end - start))
        if b"_MC1.0\n" in head:
            raise Unsupported("The recording has several channels (AMR_MC1.0).")
        magic = next((line for line in _BITS if head.startswith(line)), None)
        if magic is None:
            raise Damaged("The recording does not begin with its magic line.")
        frames, stop, blanks = _walk(source, start + len(magic), end, _BITS[magic])
        if not frames:
            raise Damaged("The recording has no frames.")
        claim_runs(ledger, [(start, stop)], blanks, "unused bits", "HIDDEN_DATA")
        if stop < end:
            ledger.leaf(ROOT, "bytes after the last frame", Role.SLACK, stop, end, entity="TRAILER")
        ledger.render(frames=frames, wide=len(magic) > 6)


def _walk(
    source: Source, at: int, end: int, bits: tuple[int | None, ...]
) -> tuple[int, int, list[tuple[int, bytes]]]:
    """How many frames there are, where they end, and the bytes whose unused bits are set."""
    sizes = [0 if n is None else 1 + (n + 7) // 8 for n in bits]
    masks = [0 if n is None else (1 << -n % 8) - 1 for n in bits]
    blanks: list[tuple[int, bytes]] = []
    frames = 0
    while at < end:
        data = source.read(at, min(_WINDOW, end - at))
        place = 0
        while place < len(data):
            head = data[place]
            kind = head >> 3 & 15
            stop = place + sizes[kind]
            if head & 0x83 or stop == place or stop > len(data):
                break
            if data[stop - 1] & masks[kind]:
                blanks.append((at + stop - 1, bytes((data[stop - 1] & ~masks[kind],))))
            frames += 1
            place = stop
        at += place
        if not place:
            break
    return frames, at, blanks
