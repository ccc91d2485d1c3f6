"""The film of a sequence of pictures, for the second reader of HEIF (ISO/IEC 23008-12 §7)."""

from __future__ import annotations

from dataclasses import dataclass, field

from scrubber.model import Source
from scrubber.readers.mp4_messages import check_messages
from scrubber.readers.mp4_tracks import (
    Box,
    File,
    Track,
    describe,
    find_samples,
    inside,
    look,
    merged_spans,
    need,
    walk,
)

_HEAD = 78  # bytes of a visual sample entry before its boxes


@dataclass(slots=True)
class Film:
    """What the tracks hold. `frames` are samples one by one, `spans` their union."""

    frames: set[tuple[int, int]] = field(default_factory=set)
    spans: list[tuple[int, int]] = field(default_factory=list)
    facts: dict[str, object] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    leftovers: list[str] = field(default_factory=list)


def read_film(source: Source, moov: tuple[int, int, int], payload: list[tuple[int, int]]) -> Film:
    """`moov` is where the box, its body and its end are. Raises Damaged or Unsupported."""
    file = File(source, payload=payload, quicktime=False, pictures=True)
    walk(file, Box("moov", *moov), None)
    film = Film(leftovers=file.leftovers)
    for track in file.tracks:
        describe(file, track)
        find_samples(file, track)
        film.frames.update(track.spans)
        film.codes.update(track.codes)
    for track in file.tracks:
        _references(file, track)
        check_messages(file, track)
    film.spans = merged_spans(film.frames)
    film.facts["tracks"] = len(file.tracks)
    for index, track in enumerate(file.tracks, 1):
        film.facts[f"track{index}"] = look(file, track)
    return film


def _references(file: File, track: Track) -> None:
    """A track of transparency says so, and belongs to one of pictures. No other one refers."""
    pictures = {one.number for one in file.tracks if one.handler in ("pict", "vide")}
    kinds = []
    if "tref" in track.boxes:
        tref = track.boxes["tref"]
        for box in inside(file, "tref", tref.body, tref.end):
            to = [file.uint(at, 4) for at in range(box.body, box.end - 3, 4)]
            known = box.kind in ("auxl", "prem") and (box.end - box.body) % 4 == 0
            if not known or not to or not pictures.issuperset(to) or track.number in to:
                file.left(f"{box.path} at offset {box.at}")
            kinds.append(box.kind)
    beside = track.handler == "auxv" or "auxl" in kinds
    if track.words or (beside and not ("auxl" in kinds and _is_typed(file, track))):
        file.left(f"track {track.number} ({track.handler})")


def _is_typed(file: File, track: Track) -> bool:
    """Every entry has one type, which is one of transparency, or it would be left over."""
    stsd = need(track, "mdia/minf/stbl/stsd")
    counts = [
        sum(box.kind == "auxi" for box in inside(file, "boxes", entry.body + _HEAD, entry.end))
        for entry in inside(file, "entry", stsd.body + 8, stsd.end)
    ]
    return bool(counts) and set(counts) == {1}
