"""What must look and sound the same in a film after cleaning, track by track."""

from __future__ import annotations

import hashlib

from scrubber.formats.bmff import number
from scrubber.formats.mp4_movie import Movie, Track

ROWS: dict[bytes, int] = {b"stts": 8, b"ctts": 8, b"stsc": 12, b"stss": 4, b"stps": 4}
"""Bytes of a row of a table, behind version, flags and a count."""


def render(movie: Movie) -> None:
    """What must look and sound the same, track by track."""
    facts: dict[str, object] = {}
    kept = [track for track in movie.tracks if track.kept]
    for index, track in enumerate(kept, 1):
        facts[f"track{index}"] = _look(movie, track)
    movie.ledger.render(tracks=len(kept), **facts)


def _look(movie: Movie, track: Track) -> str:
    """Handler, coding, matrix, size, time scale, and a digest of times and edits."""
    source = movie.source
    head, media = track.boxes["tkhd"], track.boxes["mdia/mdhd"]
    wide = number(source, head.body, 1) == 1
    geometry = source.read(head.body + (52 if wide else 40), 44)
    at = media.body + (20 if number(source, media.body, 1) == 1 else 12)
    digest = hashlib.sha256()
    for name in ("edts/elst", "mdia/minf/stbl/stts", "mdia/minf/stbl/ctts", "mdia/minf/stbl/stss"):
        box = track.boxes.get(name)
        if box is not None:
            row = ROWS.get(box.kind) or (20 if number(source, box.body, 1) else 12)  # elst: §8.6.6
            end = box.body + 8 + row * number(source, box.body + 4, 4)
            digest.update(name.encode() + source.read(box.body, end - box.body))
    codes = ",".join(entry.name for entry in track.entries)
    scale = number(source, at, 4)
    handler = track.handler.decode("latin-1")
    return f"{handler} {codes} {geometry.hex()} {scale} {digest.hexdigest()[:16]}"
