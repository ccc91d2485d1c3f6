"""Sequences of pictures: a film beside or instead of the items (ISO/IEC 23008-12 §7; AVIF §4).

Kept: the tracks that a viewer plays, with their transparency. Thumbnails, depth
and all other tracks go. Pictures and frames may be the same bytes, as libavif
writes the first frame: those stay once, and both tables lead to them.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, boxes, number
from scrubber.formats.decoder_configuration import ALPHA, auxiliary_kind
from scrubber.formats.heif_choice import CODED, Picture
from scrubber.formats.heif_items import Item
from scrubber.formats.heif_properties import width_of_lengths
from scrubber.formats.mp4_entries import VISUAL_HEAD, length_width
from scrubber.formats.mp4_movie import Movie, Run, Track, chunks_of, merged, read_tracks, sizes_of
from scrubber.formats.mp4_render import render
from scrubber.formats.mp4_samples import Samples
from scrubber.formats.mp4_tree import claim_moov
from scrubber.ledger import Ledger
from scrubber.model import Source

_SHOWN = (b"pict", b"vide", b"soun")


class Film:
    """The film of a sequence: its tracks, chosen, and what its samples share with items."""

    def __init__(self, source: Source, ledger: Ledger, moov: Box, payload: list[Box]) -> None:
        self.movie = Movie(source, ledger, pictures=True)
        self.movie.payload = [(box.body, box.end) for box in payload]
        read_tracks(self.movie, moov)
        if self.movie.fragmented:
            raise Unsupported("The sequence of pictures is in fragments.")
        _choose(self.movie)
        self._samples = Samples(self.movie)
        self._moov = moov

    def claim(self, picture: Picture | None) -> None:
        """Claims the film, and tells `picture` which of its items are frames too."""
        movie = self.movie
        claim_moov(movie, self._samples, self._moov)
        self._samples.claim()
        if picture is not None:
            picture.framed = _framed(movie, picture)
        movie.ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]
        if any(track.handler == b"soun" for track in movie.tracks if track.kept):
            movie.ledger.not_checked.append("SPEECH")
        render(movie)


def _choose(movie: Movie) -> None:
    for track in movie.tracks:
        leads = _references(movie, track)
        beside = leads.keys() & {b"thmb", b"auxl"}
        shown = track.enabled or track.alternate
        track.kept = track.handler in _SHOWN and bool(shown) and not beside
    masters = {track.number for track in movie.tracks if track.kept and track.visual}
    if not any(track.kept for track in movie.tracks):
        raise Unsupported("The film beside the picture has nothing that a viewer would show.")
    for track in movie.tracks:
        to = _references(movie, track).get(b"auxl", ())
        if track.handler in (b"auxv", b"pict") and masters.intersection(to):
            track.kept = _is_alpha(movie, track)
        if track.kept and to and not masters.issuperset(to):
            raise Unsupported("A track of transparency belongs to pictures that nobody sees.")


def _references(movie: Movie, track: Track) -> dict[bytes, tuple[int, ...]]:
    """Tracks that one refers to, by the kind of reference (ISO/IEC 14496-12 §8.3.3)."""
    if "tref" not in track.boxes:
        return {}
    tref = track.boxes["tref"]
    return {
        box.kind: tuple(number(movie.source, at, 4) for at in range(box.body, box.end - 3, 4))
        for box in boxes(movie.source, tref.body, tref.end)
    }


def _is_alpha(movie: Movie, track: Track) -> bool:
    for entry in track.entries:
        kinds = [
            auxiliary_kind(movie.source, box)
            for box in boxes(movie.source, entry.body + VISUAL_HEAD, entry.end)
            if box.kind == b"auxi"
        ]
        if len(kinds) != 1 or kinds[0] not in ALPHA:
            return False
    return bool(track.entries)


def _framed(movie: Movie, picture: Picture) -> frozenset[int]:
    """Items whose data are exactly one frame of a track that stays.

    Raises Unsupported where an item that stays and the frames share bytes in another way.
    """
    wanted: dict[Run, list[Item]] = {}
    for item in picture.tables.items.values():
        if item.kind in CODED and len(item.extents) == 1 and not item.external and item.method < 2:
            row = item.extents[0]
            wanted.setdefault((row.start, row.end), []).append(item)
    found: set[int] = set()
    for track in movie.tracks:
        if track.kept and track.visual:
            for run in _frames(movie, track):
                for item in wanted.get(run, ()):
                    _same_coding(movie, track, picture, item)
                    found.add(item.id)
    runs = merged([run for track in movie.tracks if track.kept for run in track.runs])
    for number_ in picture.keep - found:
        for row in picture.tables.items[number_].extents:
            before = bisect.bisect_left(runs, (row.end, 0))
            if before and runs[before - 1][1] > row.start < row.end:
                raise Unsupported("A picture and the frames of the sequence share some bytes.")
    return frozenset(found)


def _frames(movie: Movie, track: Track) -> Iterator[Run]:
    sizes = sizes_of(movie, track)
    for start, _, first, count in chunks_of(movie, track):
        at = start
        for index in range(first, first + count):
            size = sizes.every or sizes.each[index]
            yield at, at + size
            at += size


def _same_coding(movie: Movie, track: Track, picture: Picture, item: Item) -> None:
    """An item and a frame that are the same bytes are read in the same way."""
    entry = track.entries[0]
    if entry.kind != item.kind or len(track.entries) > 1:
        raise Unsupported("A picture and a frame are the same bytes in different codings.")
    width = length_width(movie, entry)
    if width and item.properties and width != width_of_lengths(picture.tables, item):
        raise Damaged("A picture and a frame are the same bytes in different codings.")
