"""Second reader for MP4, M4A, QuickTime and 3GPP (ISO/IEC 14496-12; QTFF).

Content digest: SHA-256 over the samples of all tracks of film and sound, each byte
once, in the order of the file. Words are said as leftovers, which a policy may keep.

The tree of boxes is held against a list of what may stand where, by path. Then
the tables are followed: every byte of `mdat` must be in a sample, and no coded
picture may hold a message.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.mp4_extent import fits_table
from scrubber.readers.mp4_messages import check_messages
from scrubber.readers.mp4_tracks import (
    Box,
    File,
    Track,
    describe,
    find_samples,
    inside,
    is_allowed,
    look,
    merged_spans,
    need,
    packet_credit,
    walk,
)
from scrubber.readers.mp4_words import check_words, is_text_entry, text_of_sample

_BLOCK = 1 << 20


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads a film or recording. Raises Damaged, Encrypted or Unsupported."""
    file = File(source)
    fragments = _boxes_of_file(file)
    if not file.tracks:
        raise Damaged("The file has no track.")
    for track in file.tracks:
        describe(file, track)
        find_samples(file, track)
    for moof in fragments:
        _fragment(file, moof)
    for track in file.tracks:
        _references(file, track)
        if track.words:
            _words(file, track)
    runs = _union(file)
    digest = hashlib.sha256()
    for start, end in runs:
        for at in range(start, end, _BLOCK):
            digest.update(source.read(at, min(_BLOCK, end - at)))
    for track in file.tracks:
        check_messages(file, track)
    facts = {f"track{index}": look(file, track) for index, track in enumerate(file.tracks, 1)}
    return Reading(
        "mp4", digest.hexdigest(), Rendering.of(tracks=len(file.tracks), **facts),
        tuple(file.leftovers),
    )  # fmt: skip


def _boxes_of_file(file: File) -> list[Box]:
    """Walks the file; returns its fragments."""
    fragments: list[Box] = []
    for box in inside(file, "", 0, file.source.size):
        if box.kind == "mdat":
            file.payload.append((box.body, box.end))
        elif box.kind == "moof":
            fragments.append(box)
        elif box.kind == "moov":
            walk(file, box, None)
        elif box.kind == "uuid" and packet_credit(file, box):
            continue
        elif not is_allowed(file, box):
            file.left(f"{box.path} at offset {box.at}")
        elif box.kind == "ftyp":
            file.quicktime = file.source.read(box.body, 4) == b"qt  "
    return fragments


def _words(file: File, track: Track) -> None:
    """Texts along the film: nothing but words, in an entry that says nothing else."""
    box = need(track, "mdia/minf/stbl/stsd")
    entries = list(inside(file, "entry", box.body + 8, box.end))
    plain = all(
        is_text_entry(e.kind, file.source.read(e.body, min(e.end - e.body, 513))) for e in entries
    )
    if not plain:
        file.left(f"track {track.number} ({track.handler})")
    texts = [text_of_sample(file.source.read(a, min(b - a, 1 << 16))) for a, b in track.spans]
    file.leftovers += check_words(b"\n".join(texts))
    file.left(f"words: track {track.number} ({track.handler})")


def _references(file: File, track: Track) -> None:
    """A reference leads to words; what only tracks of text have stands in no other."""
    if "tref" in track.boxes:
        box = track.boxes["tref"]
        words = {one.number for one in file.tracks if one.words}
        if any(file.uint(at, 4) not in words for at in range(box.body + 8, box.end - 3, 4)):
            file.left(f"{box.path} at offset {box.at}")
    for name in ("mdia/minf/gmhd", "mdia/minf/sthd"):
        if name in track.boxes and not track.words:
            file.left(f"{track.boxes[name].path} at offset {track.boxes[name].at}")


def _fragment(file: File, moof: Box) -> None:
    following = moof.at
    for box in inside(file, "moof", moof.body, moof.end):
        if box.kind == "mfhd" and _is_whole(file, box):
            continue
        if box.kind != "traf":
            file.left(f"{box.path} at offset {box.at}")
            continue
        track, base, size = file.tracks[0], moof.at, 0
        known, hints = sum(len(one.spans) for one in file.tracks), list[Box]()
        for row in inside(file, "moof/traf", box.body, box.end):
            flags = file.uint(row.body, 4) & 0xFFFFFF
            if not _is_whole(file, row):
                file.left(f"{row.path} at offset {row.at}")
            if row.kind == "sdtp":
                hints.append(row)
            if row.kind == "tfhd":
                number = file.uint(row.body + 4, 4)
                found = [one for one in file.tracks if one.number == number]
                if not found:
                    raise Damaged("A fragment belongs to no track.")
                track = found[0]
                base, size = _fragment_head(file, row, flags, moof.at, following, number)
                following = base
            elif row.kind == "trun":
                following = _fragment_run(file, track, row, flags, base, following, size)
            elif row.kind not in ("tfdt", "sbgp", "sgpd", "sdtp"):
                file.left(f"{row.path} at offset {row.at}")
        more = sum(len(one.spans) for one in file.tracks) - known
        if any(row.end - row.body != 4 + more for row in hints):
            file.left("bytes behind the samples of moof/traf/sdtp")


def _is_whole(file: File, row: Box) -> bool:
    return fits_table(row.kind, file.source.read(row.body, row.end - row.body))


def _fragment_head(
    file: File, row: Box, flags: int, moof: int, following: int, number: int
) -> tuple[int, int]:
    at, base, size = row.body + 8, following, file.defaults.get(number, 0)
    if flags & 0x020000:
        base = moof
    if flags & 0x01:
        base = file.uint(at, 8)
        at += 8
    at += 4 * (flags >> 1 & 1) + 4 * (flags >> 3 & 1)
    if flags & 0x10:
        size = file.uint(at, 4)
    return base, size


def _fragment_run(
    file: File, track: Track, row: Box, flags: int, base: int, following: int, size: int
) -> int:
    count, at = file.uint(row.body + 4, 4), row.body + 8
    if flags & 1:
        following = base + int.from_bytes(file.source.read(at, 4), "big", signed=True)
        at += 4
    at += 4 * (flags >> 2 & 1)
    step = 4 * bin(flags & 0xF00).count("1")
    rows = file.source.read(at, step * count)
    skip = 4 * (flags >> 8 & 1)
    for index in range(count):
        here = size
        if flags & 0x200:
            place = index * step + skip
            here = int.from_bytes(rows[place : place + 4], "big")
        track.spans.append((following, following + here))
        following += here
    return following


def _union(file: File) -> list[tuple[int, int]]:
    """Where film and sound stand. All that is in `mdat` is in a sample of some track."""
    merged = merged_spans(span for track in file.tracks for span in track.spans)
    covered = sum(end - start for start, end in merged)
    room = sum(end - start for start, end in file.payload)
    inside = all(any(a <= start and end <= b for a, b in file.payload) for start, end in merged)
    if covered != room or not inside:
        file.left("bytes that no sample has")
    if not any(track.words for track in file.tracks):
        return merged
    playing = merged_spans(span for track in file.tracks if not track.words for span in track.spans)
    beside = merged_spans(span for track in file.tracks if track.words for span in track.spans)
    if sum(end - start for start, end in (*playing, *beside)) != covered:
        raise Damaged("Film and words share their bytes.")
    return playing
