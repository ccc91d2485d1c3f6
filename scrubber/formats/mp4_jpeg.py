"""Segments in the JPEG pictures of a film that no player needs (ITU-T T.81 §B.1.1, §B.2.4).

Cameras repeat their Exif tree in every picture, encoders their name. Only the heads
of segments before the first scan are read.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.model import Source

_SOS, _COM = 0xDA, 0xFE
_APP_KEPT = {0xE0, 0xEE}  # JFIF or AVI1, with the order of fields; Adobe's colour transform
_COM_KEPT = (b"AVID", b"CS=ITU601", b"Intel(R) JPEG Library", b"Metasoft MJPEG Codec")
"""Comments by which players tell a range of colours, or a picture upside down."""


def private_segments(source: Source, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of the picture [start, end) that may go. Raises Damaged when no scan is found."""
    runs: list[tuple[int, int]] = []
    at = start
    if end - start < 4 or source.read(at, 2) != b"\xff\xd8":
        raise Damaged("A picture of the film is no JPEG picture.")
    at += 2
    while at + 4 <= end:
        head = source.read(at, 4)
        if head[0] != 0xFF:
            raise Damaged("A picture of the film has bytes between its segments.")
        kind = head[1]
        if kind == 0xFF:  # a fill byte
            at += 1
            continue
        following = at + 2 + int.from_bytes(head[2:], "big")
        if kind == _SOS:
            return runs
        if kind < 0xC0 or 0xD0 <= kind <= 0xD9 or following < at + 4 or following > end:
            break
        if _goes(source, kind, at + 4, following):
            runs.append((at, following))
        at = following
    raise Damaged("A picture of the film has no scan.")


def _goes(source: Source, kind: int, start: int, end: int) -> bool:
    if kind == _COM:
        return not source.read(start, min(end - start, 24)).startswith(_COM_KEPT)
    return 0xE0 <= kind <= 0xEF and kind not in _APP_KEPT
