"""The movie of an MP4 or QuickTime file: its tracks, and where their samples lie.

ISO/IEC 14496-12 §8; QuickTime File Format. Reads positions only; the other
modules `mp4_*` decide and claim.
"""

from __future__ import annotations

import itertools
import sys
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box, boxes, number, version_and_flags
from scrubber.formats.words import Words
from scrubber.ledger import Ledger, PartId
from scrubber.model import Source

_MAX_SAMPLES = 50_000_000
_CONTAINERS = (b"mdia", b"minf", b"stbl", b"edts")
Run = tuple[int, int]


@dataclass(slots=True)
class Track:
    """One track. `boxes` are those of its tree, by their path (`mdia/minf/stbl/stsz`)."""

    box: Box
    boxes: dict[str, Box] = field(default_factory=dict)
    number: int = 0
    enabled: bool = True
    alternate: int = 0
    handler: bytes = b""
    entries: list[Box] = field(default_factory=list)
    kept: bool = False
    words: bool = False  # text that stays, masked
    part: PartId = 0
    runs: list[Run] = field(default_factory=list)  # of samples, in the order of the track

    @property
    def visual(self) -> bool:
        """True for tracks of pictures: a film's, a sequence's, and their transparency."""
        return self.handler in (b"vide", b"pict", b"auxv")

    @property
    def label(self) -> str:
        return f"track {self.number} ({self._kind})"

    @property
    def full_label(self) -> str:
        """With the code of its samples, which says what a track of data holds."""
        code = self.entries[0].name if self.entries else ""
        kind = self._kind if code in ("", self._kind) else f"{self._kind} {code}"
        return f"track {self.number} ({kind})"

    @property
    def _kind(self) -> str:
        return self.handler.decode("latin-1").strip() or "unnamed"


@dataclass(slots=True)
class Movie:
    """What the file says of its tracks, and the ledger that it is claimed in."""

    source: Source
    ledger: Ledger
    quicktime: bool = False
    tracks: list[Track] = field(default_factory=list)
    payload: list[Run] = field(default_factory=list)  # bodies of mdat
    sample_sizes: dict[int, int] = field(default_factory=dict)  # trex: track → size
    fragmented: bool = False
    words: Words | None = None  # None: all words go
    pictures: bool = False  # a sequence of pictures, not a film

    def track(self, number_: int) -> Track:
        for track in self.tracks:
            if track.number == number_:
                return track
        raise Damaged("A fragment belongs to a track that is not there.")


def read_tracks(movie: Movie, moov: Box) -> None:
    """Finds the tracks. Raises Damaged or Unsupported."""
    source = movie.source
    for box in boxes(source, moov.body, moov.end):
        if box.kind == b"trak":
            track = Track(box)
            _tree(source, track, box, "")
            _describe(source, track)
            if any(other.number == track.number for other in movie.tracks):
                raise Damaged("Two tracks of the film have one number.")
            movie.tracks.append(track)
        elif box.kind == b"cmov":
            raise Unsupported("The description of the film is compressed.")
        elif box.kind in (b"rmra", b"rmda"):
            raise Unsupported("The film is a reference to others.")
        elif box.kind == b"mvex":
            movie.fragmented = True
            for inner in boxes(source, box.body, box.end):
                if inner.kind == b"trex" and inner.end - inner.body >= 24:
                    size = number(source, inner.body + 16, 4)
                    movie.sample_sizes[number(source, inner.body + 4, 4)] = size
    if not movie.tracks:
        raise Damaged("The film has no track.")


def _tree(source: Source, track: Track, parent: Box, path: str) -> None:
    for box in boxes(source, parent.body, parent.end):
        name = f"{path}{box.name}"
        if name in track.boxes and box.kind not in (b"sgpd", b"sbgp", b"uuid", b"free", b"udta"):
            raise Damaged(f"A track has two boxes {box.name}.")
        track.boxes[name] = box
        if box.kind in _CONTAINERS:
            _tree(source, track, box, f"{name}/")


def _describe(source: Source, track: Track) -> None:
    for name in ("tkhd", "mdia/mdhd", "mdia/hdlr", "mdia/minf/stbl/stsd"):
        if name not in track.boxes:
            raise Damaged(f"A track of the film has no box {name}.")
    head = track.boxes["tkhd"]
    version, flags = version_and_flags(source, head)
    at = head.body + (20 if version == 1 else 12)
    track.number, track.enabled = number(source, at, 4), bool(flags & 1)
    track.alternate = number(source, at + (26 if version == 1 else 22), 2)
    track.handler = source.read(track.boxes["mdia/hdlr"].body + 8, 4)
    stsd = track.boxes["mdia/minf/stbl/stsd"]
    track.entries = list(boxes(source, stsd.body + 8, stsd.end))
    if len(track.entries) != number(source, stsd.body + 4, 4):
        raise Damaged("The sample entries of a track are not as many as stated.")


# samples --------------------------------------------------------------------------


@dataclass(slots=True)
class Sizes:
    """`stsz` or `stz2`: one size for all samples, or one for each."""

    count: int
    every: int
    each: array[int]

    def ends(self) -> list[int]:
        return list(itertools.accumulate(self.each, initial=0))


def integers(raw: bytes, width: int) -> array[int]:
    """Big-endian unsigned integers."""
    numbers = array({1: "B", 2: "H", 4: "I", 8: "Q"}[width], raw)
    if sys.byteorder == "little" and width > 1:
        numbers.byteswap()
    return numbers


def packed(numbers: array[int]) -> bytes:
    """The inverse of `integers`."""
    if sys.byteorder == "little" and numbers.itemsize > 1:
        numbers = numbers[:]
        numbers.byteswap()
    return numbers.tobytes()


def sizes_of(movie: Movie, track: Track) -> Sizes:
    """§8.7.3."""
    source = movie.source
    stbl = "mdia/minf/stbl"
    box = track.boxes.get(f"{stbl}/stsz")
    if box is not None:
        every, count = number(source, box.body + 4, 4), number(source, box.body + 8, 4)
        if count > _MAX_SAMPLES:
            raise Unsupported("A track has too many samples.")
        if every:
            return Sizes(count, every, array("I"))
        if box.body + 12 + 4 * count > box.end:
            raise Damaged("The table of sample sizes is cut off.")
        return Sizes(count, 0, integers(source.read(box.body + 12, 4 * count), 4))
    box = track.boxes.get(f"{stbl}/stz2")
    if box is None:
        raise Damaged(f"The {track.label} states no sample sizes.")
    width, count = number(source, box.body + 7, 1), number(source, box.body + 8, 4)
    if width not in (8, 16) or box.body + 12 + width // 8 * count > box.end:
        raise Unsupported("The sample sizes are packed in an unusual way.")
    return Sizes(count, 0, integers(source.read(box.body + 12, width // 8 * count), width // 8))


def chunk_offsets(movie: Movie, track: Track) -> tuple[Box, int, int, array[int]]:
    """The box, the position of the table, the width of an entry, and the entries (§8.7.5)."""
    for name, width in (("stco", 4), ("co64", 8)):
        box = track.boxes.get(f"mdia/minf/stbl/{name}")
        if box is not None:
            count = number(movie.source, box.body + 4, 4)
            if box.body + 8 + count * width > box.end:
                raise Damaged("The table of chunk offsets is cut off.")
            raw = movie.source.read(box.body + 8, count * width)
            return box, box.body + 8, width, integers(raw, width)
    raise Damaged(f"The {track.label} states no chunk offsets.")


def chunks_of(movie: Movie, track: Track) -> Iterator[tuple[int, int, int, int]]:
    """(start, end, first sample, samples) of each chunk (§8.7.4)."""
    sizes = sizes_of(movie, track)
    _, _, _, offsets = chunk_offsets(movie, track)
    box = track.boxes.get("mdia/minf/stbl/stsc")
    if box is None:
        raise Damaged(f"The {track.label} does not say which samples a chunk holds.")
    count = number(movie.source, box.body + 4, 4)
    if box.body + 8 + 12 * count > box.end:
        raise Damaged("The table of samples in chunks is cut off.")
    rows = integers(movie.source.read(box.body + 8, 12 * count), 4)
    every = 0
    if sizes.every:
        every = _bytes_a_sample(movie, track, sizes.every)
    ends = [] if every else sizes.ends()
    sample = 0
    for index in range(count):
        first, per = rows[3 * index], rows[3 * index + 1]
        after = rows[3 * index + 3] if index + 1 < count else len(offsets) + 1
        if first < 1 or after <= first:
            raise Damaged("The table of samples in chunks is not in order.")
        for offset in offsets[first - 1 : after - 1]:
            last = min(sample + per, sizes.count)
            size = (last - sample) * every if every else ends[last] - ends[sample]
            if size:
                yield offset, offset + size, sample, last - sample
            sample = last
    if sample != sizes.count:
        raise Damaged(f"The chunks of {track.label} do not hold all its samples.")


def _bytes_a_sample(movie: Movie, track: Track, stated: int) -> int:
    """QuickTime counts frames of uncompressed or fixed-rate sound as samples of one byte."""
    entry = track.entries[0]
    source = movie.source
    if track.handler != b"soun" or stated != 1 or not movie.quicktime:
        return stated
    version = number(source, entry.body + 8, 2)
    if version == 1:
        return _whole_ratio(number(source, entry.body + 36, 4), number(source, entry.body + 28, 4))
    if version == 2:
        return number(source, entry.body + 56, 4)
    channels, bits = number(source, entry.body + 16, 2), number(source, entry.body + 18, 2)
    return max(1, channels * bits // 8)


def _whole_ratio(bytes_a_frame: int, samples: int) -> int:
    if not bytes_a_frame or samples != 1:
        raise Unsupported("The sound is in packets that the tables do not measure.")
    return bytes_a_frame


def merged(runs: list[Run]) -> list[Run]:
    """The union of runs, sorted."""
    union: list[Run] = []
    for start, end in sorted(runs):
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        elif start < end:
            union.append((start, end))
    return union
