"""The samples of tracks that stay, without the messages in them, and their tables of sizes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.avc_clock import CLOCK, Timing, clocks, timings
from scrubber.formats.blanked_runs import digest_of
from scrubber.formats.bmff import Box
from scrubber.formats.coded_units import private_obus
from scrubber.formats.mp4_aac import is_aac, note_in
from scrubber.formats.mp4_entries import AVC, HEVC, is_layered, length_width, parameter_sets
from scrubber.formats.mp4_jpeg import private_segments
from scrubber.formats.mp4_movie import Movie, Track, chunks_of, integers, merged, packed, sizes_of
from scrubber.formats.mp4_mp3 import info_notes, may_be_mp3
from scrubber.formats.mp4_mpeg import check_description, private_words
from scrubber.formats.mp4_units import private_units
from scrubber.ledger import ROOT, PartId
from scrubber.model import Role

_MOST_MESSAGES = 200_000
LOOKED_INTO = {b"av01", b"jpeg", b"mp4v"}
PRORES = {b"apcn", b"apch", b"apcs", b"apco", b"ap4h", b"ap4x"}
_LARGEST = 256 << 20  # of one AV1 picture
_SIGNED = ("encoder identifier", "TECHNICAL")


@dataclass(slots=True)
class Samples:
    """What has been found inside the samples, track by track."""

    movie: Movie
    parts: dict[int, PartId] = field(default_factory=dict)  # the messages of a track
    runs: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    notes: dict[int, bytes] = field(default_factory=dict)  # where, and what stands there instead
    signed: set[int] = field(default_factory=set)  # of these, names of the encoder of one picture
    timings: dict[int, Timing | None] = field(default_factory=dict)  # by sample entry
    begun: set[int] = field(default_factory=set)  # tracks of MP3
    clocks: set[int] = field(default_factory=set)  # of these, clock times of one picture

    def part_of(self, track: Track) -> PartId:
        """The part that owns all messages in the samples of `track`."""
        if track.number not in self.parts:
            self.parts[track.number] = self.movie.ledger.part(
                ROOT, f"{track.label}/messages", Role.PRIVATE, entity="ENCODER"
            )
            self.runs[track.number] = []
        return self.parts[track.number]

    def look_into(
        self, track: Track, entry: Box, start: int, sizes: Sequence[int]
    ) -> dict[int, int]:
        """Bytes to be removed from each of the samples that stand from `start` on, by index."""
        if track.handler == b"soun":
            self._sound(track, entry, start, sizes)
            return {}
        if entry.kind in PRORES:
            self._unsign(start, sizes)
            return {}
        if not track.visual or entry.kind not in AVC | HEVC | LOOKED_INTO:
            return {}
        if entry.kind == b"mp4v":
            check_description(self.movie.source, entry)
        movie, removed = self.movie, dict[int, int]()
        width = length_width(movie, entry)
        layered = bool(width) and is_layered(movie, entry)
        if entry.kind in AVC and entry.at not in self.timings:
            self.timings[entry.at] = timings(parameter_sets(movie.source, entry))
        known = self.timings.get(entry.at)
        clocked = entry.kind in AVC and (known is None or known.clocked)
        at = start
        for index, size in enumerate(sizes):
            if at + size > movie.source.size:
                raise Damaged("The samples of the film lie outside the file.", "It was cut off.")
            if not size:
                continue
            if clocked:
                self._stop_clocks(at, at + size, width, known)
            runs = self._private(entry, at, at + size, width, layered)
            if runs:
                self.part_of(track)
                self.runs[track.number].extend(runs)
                removed[index] = sum(end - low for low, end in runs)
                if len(self.runs[track.number]) > _MOST_MESSAGES:
                    raise Unsupported("The film holds too many messages.")
            at += size
        return removed

    def _private(
        self, entry: Box, start: int, end: int, width: int, layered: bool
    ) -> list[tuple[int, int]]:
        """Runs that no decoder needs in one picture."""
        source = self.movie.source
        if width:
            return private_units(source, start, end, width, avc=entry.kind in AVC, layered=layered)
        if entry.kind == b"jpeg":
            return private_segments(source, start, end)
        if entry.kind == b"mp4v":
            return private_words(source, entry, start, end)
        return self._obus(start, end - start)

    def _stop_clocks(self, start: int, end: int, width: int, known: Timing | None) -> None:
        """Clock times beside the pictures of AVC become zero where they stand."""
        for at, unit in clocks(self.movie.source, start, end, width, known):
            self.notes[at] = unit
            self.clocks.add(at)
            if len(self.notes) > _MOST_MESSAGES:
                raise Unsupported("The film holds too many messages.")

    def _sound(self, track: Track, entry: Box, start: int, sizes: Sequence[int]) -> None:
        """The first frame of an MP3 can hold its encoder's name in place of sound."""
        if is_aac(self.movie.source, entry):
            self._listen(start, sizes)
        elif may_be_mp3(entry) and track.number not in self.begun:
            self.begun.add(track.number)
            self.notes.update(info_notes(self.movie.source, start, sizes))

    def _listen(self, at: int, sizes: Sequence[int]) -> None:
        """Free bytes before the sound of AAC frames become zero: no frame changes its size."""
        source = self.movie.source
        for size in sizes:
            if at + size > source.size:
                raise Damaged("The samples of the film lie outside the file.", "It was cut off.")
            if note := note_in(source, at, at + size):
                self.notes[note[0]] = note[1]
                if len(self.notes) > _MOST_MESSAGES:
                    raise Unsupported("The recording holds too many messages.")
            at += size

    def _unsign(self, at: int, sizes: Sequence[int]) -> None:
        """ProRes frames (SMPTE RDD 36 §5.1) name their encoder in four bytes, which become zero."""
        source = self.movie.source
        for size in sizes:
            if at + size > source.size:
                raise Damaged("The samples of the film lie outside the file.", "It was cut off.")
            head = source.read(at, 16) if size >= 28 else b""
            if head[4:8] == b"icpf" and any(head[12:]):
                self.notes[at + 12] = bytes(4)
                self.signed.add(at + 12)
                if len(self.notes) > _MOST_MESSAGES:
                    raise Unsupported("The film holds too many messages.")
            at += size

    def _obus(self, at: int, size: int) -> list[tuple[int, int]]:
        if size > _LARGEST:
            raise Unsupported("A coded picture is too large to be looked into.")
        data = self.movie.source.read(at, size)
        runs = [(at + unit.start, at + unit.end) for unit in private_obus(data)]
        if sum(end - start for start, end in runs) == size:
            raise Damaged("A coded picture holds nothing but messages.")
        return runs

    def claim(self) -> None:
        """Claims all samples: one part for those that stay, one for each track that goes."""
        movie, ledger = self.movie, self.movie.ledger
        playing = [track for track in movie.tracks if track.kept and not track.words]
        kept = merged([run for track in playing for run in track.runs])
        outside = [
            run for run in kept if not any(a <= run[0] and run[1] <= b for a, b in movie.payload)
        ]
        if outside:
            raise Damaged("The samples lie outside the boxes for data.", "The file was cut off.")
        samples = ledger.part(ROOT, "samples", Role.CODED)
        for start, end in kept:
            ledger.claim(samples, start, end)
        for number_, part in self.parts.items():
            ledger.parts[part].parent = samples
            for start, end in self.runs[number_]:
                ledger.claim(part, start, end)
        self._claim_notes(samples, kept)
        for track in movie.tracks:
            if not track.kept:
                for start, end in merged(track.runs):
                    if self._placed((start, end)):
                        ledger.claim(track.part, start, end)

    def _claim_notes(self, samples: PartId, kept: list[tuple[int, int]]) -> None:
        ledger = self.movie.ledger
        for at, blank in self.notes.items():
            signed = at in self.signed  # one for each picture: they count as one finding
            name, entity = ("fill element", "ENCODER") if not signed else _SIGNED
            name, entity = CLOCK if at in self.clocks else (name, entity)
            ledger.leaf(
                samples, name, Role.PRIVATE, at, at + len(blank), entity=entity, on_drop=blank
            )  # fmt: skip
        if self.notes:
            gone = sorted(run for runs in self.runs.values() for run in runs)
            runs = _without(kept, gone)
            ledger.content = lambda source: digest_of(source, runs, self.notes)

    def _placed(self, run: tuple[int, int]) -> bool:
        return any(low <= run[0] and run[1] <= high for low, high in self.movie.payload)


def _without(kept: list[tuple[int, int]], gone: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of the runs `kept`; those that have `gone` lie inside them. Both are sorted."""
    left: list[tuple[int, int]] = []
    following = 0
    for start, end in kept:
        while following < len(gone) and gone[following][0] < end:
            if start < gone[following][0]:
                left.append((start, gone[following][0]))
            start = gone[following][1]
            following += 1
        if start < end:
            left.append((start, end))
    return left


def claim_tables(samples: Samples, track: Track) -> None:
    """Runs of a track by its tables, and sample sizes that shrink when messages go."""
    movie = samples.movie
    removed: dict[int, int] = {}
    sizes = sizes_of(movie, track)
    entry = track.entries[0]
    changes = len({row.kind for row in track.entries}) > 1
    looked = track.kept and (track.visual or not changes)
    if track.kept and changes and track.visual:
        raise Unsupported("The film changes its coding on the way.")
    if track.handler == b"soun":
        looked = looked and (is_aac(movie.source, entry) or may_be_mp3(entry))
    for start, end, first, count in chunks_of(movie, track):
        track.runs.append((start, end))
        if looked:
            each = sizes.each[first : first + count] if not sizes.every else [sizes.every] * count
            for index, size in samples.look_into(track, entry, start, each).items():
                removed[first + index] = size
    if removed:
        _shrink(samples, track, removed, sizes.every)


def _shrink(samples: Samples, track: Track, removed: dict[int, int], every: int) -> None:
    box = track.boxes.get("mdia/minf/stbl/stsz")
    if box is None or every:
        raise Unsupported("A message in the film cannot go: its samples have one size.")
    movie = samples.movie
    count = sizes_of(movie, track).count
    rewrite = functools.partial(_smaller, samples.part_of(track), removed)
    movie.ledger.mend(box.body + 12, 4 * count, rewrite)


def _smaller(
    part: PartId, removed: dict[int, int], alive: Callable[[PartId], bool], old: bytes
) -> bytes:
    if alive(part):
        return old
    numbers = integers(old, 4)
    for index, size in removed.items():
        numbers[index] -= size
    return packed(numbers)
