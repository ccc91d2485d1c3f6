"""Tags at the end of a recording, where players look for them whatever stands before."""

from __future__ import annotations

from scrubber.model import Source

_MARKS = ((128, b"TAG"), (32, b"APETAGEX"), (9, b"LYRICS200"), (9, b"LYRICSEND"), (10, b"3DI"))
"""How far from the end each mark stands: ID3v1, APEv2, Lyrics3, ID3v2.4 §3.4."""


def end_tags(source: Source) -> list[str]:
    """What would be read as a tag at the end of `source`, or before an ID3v1 there."""
    tail = source.read(source.size - min(source.size, 256), min(source.size, 256))
    return [
        f"{mark.decode()} at the end"
        for end in (len(tail), len(tail) - 128)
        for back, mark in _MARKS
        if end >= back and tail.startswith(mark, end - back)
    ]
