"""Tags at the end of a recording, where players look for them whatever stands before."""

from __future__ import annotations

from scrubber.model import Source
from scrubber.readers.credit_tags import ape_credit

_MARKS = ((128, b"TAG"), (32, b"APETAGEX"), (9, b"LYRICS200"), (9, b"LYRICSEND"), (10, b"3DI"))
"""How far from the end each mark stands: ID3v1, APEv2, Lyrics3, ID3v2.4 §3.4."""


def credited_end(source: Source) -> tuple[int, list[str]]:
    """Where the recording ends before an APEv2 tag that is a credit and nothing else, and what
    to say of that; without one, what `end_tags` says.
    """
    foot = source.read(max(source.size - 32, 0), min(source.size, 32))
    size = int.from_bytes(foot[12:16], "little") + 32
    if foot.startswith(b"APETAGEX") and size < min(source.size, 1 << 16):
        at = source.size - size
        if found := ape_credit(source.read(at, size)):
            return at, [f"credit: {', '.join(found)}", *end_tags(source, at)]
    return source.size, end_tags(source)


def end_tags(source: Source, stop: int = -1) -> list[str]:
    """What would be read as a tag at `stop` (else the end), or before an ID3v1 there."""
    stop = source.size if stop < 0 else stop
    tail = source.read(stop - min(stop, 256), min(stop, 256))
    return [
        f"{mark.decode()} at the end"
        for end in (len(tail), len(tail) - 128)
        for back, mark in _MARKS
        if end >= back and tail.startswith(mark, end - back)
    ]
