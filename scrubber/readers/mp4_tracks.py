"""The tracks of a film as the second reader sees them: boxes, sample entries, places of samples."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.model import Source
from scrubber.readers.credit_tags import is_plain
from scrubber.readers.mp4_grammar import (
    ALLOWED,
    CREDITS,
    HOLDERS,
    TABLES,
    TEXT_HEADS,
    WORDS,
    XMP_UUID,
    check_box,
    entry_leftovers,
    start_of_boxes,
)
from scrubber.readers.mp4_words import (
    HANDLERS,
    check_words,
    is_media_header,
    text_of_tag,
)
from scrubber.readers.xmp_credit import credit_in


@dataclass(slots=True)
class Box:
    path: str
    at: int
    body: int
    end: int

    @property
    def kind(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class Track:
    boxes: dict[str, Box] = field(default_factory=dict)
    number: int = 0
    handler: str = ""
    codes: list[str] = field(default_factory=list)
    width: int = 0  # of NAL lengths
    layered: bool = False
    words: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)  # samples, in order


@dataclass(slots=True)
class File:
    source: Source
    leftovers: list[str] = field(default_factory=list)
    tracks: list[Track] = field(default_factory=list)
    payload: list[tuple[int, int]] = field(default_factory=list)
    defaults: dict[int, int] = field(default_factory=dict)
    quicktime: bool = True
    credits: set[str] = field(default_factory=set)  # kinds of boxes that have been seen
    pictures: bool = False  # a sequence of pictures, not a film

    def uint(self, at: int, width: int) -> int:
        return int.from_bytes(self.source.read(at, width), "big")

    def left(self, what: str) -> None:
        self.leftovers.append(what)


def inside(file: File, path: str, start: int, end: int) -> Iterator[Box]:
    while start < end:
        if end - start == 4 and file.source.read(start, 4) == bytes(4) and path:
            return  # QuickTime ends some lists with a zero
        if end - start < 8:
            raise Damaged(f"Bytes stand outside any box at offset {start}.")
        head = file.source.read(start, min(16, end - start))
        size, body = int.from_bytes(head[:4], "big"), start + 8
        if size == 1:
            size, body = int.from_bytes(head[8:16], "big"), start + 16
        elif size == 0 and not path:
            size = end - start
        if size < body - start or size > end - start:
            raise Damaged(f"The box at offset {start} has a wrong size.")
        name = head[4:8].decode("latin-1").strip() or "unnamed"
        yield Box(f"{path}/{name}" if path else name, start, body, start + size)
        start += size


def is_allowed(file: File, box: Box) -> bool:
    if box.kind in ("pssh", "senc", "sinf"):
        raise Encrypted("The file is copy-protected.")
    return box.path in ALLOWED and check_box(file.source, box.path, box.body, box.end)


def walk(file: File, parent: Box, track: Track | None) -> None:
    """Boxes below moov or moof, held against the list."""
    start = start_of_boxes(file.source, parent.path, parent.body)
    for box in inside(file, parent.path, start, parent.end):
        if box.path == "moov/trak":
            track = Track()
            file.tracks.append(track)
        if box.path in CREDITS and _credit(file, box):
            continue
        if box.path in WORDS:
            _tag(file, box)
            continue
        checked_later = file.pictures and box.path == "moov/trak/tref"
        if not (
            box.path in HOLDERS or is_allowed(file, box) or _of_text(file, box) or checked_later
        ):
            file.left(f"{box.path} at offset {box.at}")
            continue
        if box.path == "moov/mvex/trex":
            file.defaults[file.uint(box.body + 4, 4)] = file.uint(box.body + 16, 4)
        if track is not None and box.path.startswith("moov/trak/"):
            name = box.path.removeprefix("moov/trak/")
            if name in track.boxes and box.kind not in ("sgpd", "sbgp"):
                raise Damaged(f"A track has two boxes {name}.")
            track.boxes[name] = box
        if box.path in HOLDERS:
            walk(file, box, track)


def _of_text(file: File, box: Box) -> bool:
    """What stands in tracks of text alone; others that have it are told from their handler."""
    data = file.source.read(box.body, min(box.end - box.body, 512))
    if box.path == "moov/trak/tref":  # checked again when all tracks are known
        return data[4:8] == b"chap" and int.from_bytes(data[:4], "big") == box.end - box.body
    if box.kind == "gmhd" and box.path in TEXT_HEADS:
        return len(data) == box.end - box.body and is_media_header(data)
    return TEXT_HEADS.get(box.path) == box.end - box.body


def _tag(file: File, box: Box) -> None:
    """Lyrics and chapters among the tags."""
    data = file.source.read(box.body, min(box.end - box.body, 1 << 16))
    if len(data) < box.end - box.body:
        file.left(f"{box.path} at offset {box.at}")
        return
    file.leftovers += check_words(text_of_tag(box.kind, data))
    file.left(f"words: {box.kind}")


def _credit(file: File, box: Box) -> bool:
    """An item with one plain text, once in a film."""
    data = file.source.read(box.body, min(box.end - box.body, 1 << 14))
    head = len(data).to_bytes(4, "big") + b"data\0\0\0\1\0\0\0\0"
    said = f"credit: {CREDITS[box.path]}"
    plain = len(data) == box.end - box.body and data[:16] == head and is_plain(data[16:])
    if plain and box.kind not in file.credits:
        file.credits.add(box.kind)
        file.left(said)
        return True
    return False


def packet_credit(file: File, box: Box) -> bool:
    """A packet of XMP with a credit and nothing else, once in a film."""
    data = file.source.read(box.body, min(box.end - box.body, 1 << 17))
    found = credit_in(data[16:]) if data[:16] == XMP_UUID else ()
    if not found or len(data) != box.end - box.body or box.kind in file.credits:
        return False
    file.credits.add(box.kind)
    file.left(f"credit: {', '.join(found)}")
    return True


def need(track: Track, name: str) -> Box:
    if name not in track.boxes:
        raise Damaged(f"A track has no box {name}.")
    return track.boxes[name]


def describe(file: File, track: Track) -> None:
    head = need(track, "tkhd")
    track.number = file.uint(head.body + (20 if file.uint(head.body, 1) == 1 else 12), 4)
    handler = need(track, "mdia/hdlr")
    track.handler = file.source.read(handler.body + 8, 4).decode("latin-1")
    if track.handler in HANDLERS:
        track.words = True
        stsd = need(track, "mdia/minf/stbl/stsd")
        track.codes = [entry.kind for entry in inside(file, "entry", stsd.body + 8, stsd.end)]
        return
    visual = track.handler == "vide" or (file.pictures and track.handler in ("pict", "auxv"))
    if not visual and track.handler != "soun":
        file.left(f"track {track.number} ({track.handler})")
    stsd = need(track, "mdia/minf/stbl/stsd")
    for entry in inside(file, "entry", stsd.body + 8, stsd.end):
        track.codes.append(entry.kind)
        left, width, layered = entry_leftovers(
            file.source, entry.kind, entry.body, entry.end, video=visual, quicktime=file.quicktime
        )
        file.leftovers.extend(f"{entry.kind}/{name}" for name in left)
        track.width, track.layered = width or track.width, layered or track.layered


def _table(file: File, track: Track, name: str, width: int, head: int = 4) -> list[int]:
    """Rows of integers behind a count."""
    box = need(track, f"mdia/minf/stbl/{name}")
    count = file.uint(box.body + head, 4)
    data = file.source.read(box.body + head + 4, count * width)
    return [int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width)]


def find_samples(file: File, track: Track) -> None:
    """Positions of all samples by the tables."""
    wide = "mdia/minf/stbl/co64" in track.boxes
    offsets = _table(file, track, "co64" if wide else "stco", 8 if wide else 4)
    sizes = _sizes(file, track)
    rows = _table(file, track, "stsc", 12)
    firsts = [row >> 64 for row in rows]
    if offsets and firsts[:1] != [1]:
        raise Damaged("The first chunk of a track belongs to no row of its table.")
    sample = 0
    for chunk, offset in enumerate(offsets, 1):
        row = rows[bisect_right(firsts, chunk) - 1]
        at = offset
        for size in sizes[sample : sample + (row >> 32 & 0xFFFFFFFF)]:
            track.spans.append((at, at + size))
            at += size
            sample += 1
    if sample != len(sizes):
        raise Damaged("The chunks do not hold all samples.")
    hints = track.boxes.get("mdia/minf/stbl/sdtp")
    if hints is not None and hints.end - hints.body != 4 + len(sizes):
        file.left(f"{hints.path} at offset {hints.at}")


def _sizes(file: File, track: Track) -> list[int]:
    if "mdia/minf/stbl/stz2" in track.boxes:
        box = track.boxes["mdia/minf/stbl/stz2"]
        return _table(file, track, "stz2", file.uint(box.body + 7, 1) // 8, 8)
    box = need(track, "mdia/minf/stbl/stsz")
    every, count = file.uint(box.body + 4, 4), file.uint(box.body + 8, 4)
    if not every:
        return _table(file, track, "stsz", 4, 8)
    if every == 1 and file.quicktime and track.handler == "soun":
        every = _frame_size(file, track)
    if count > 1 << 26:
        raise Unsupported("The track has too many samples.")
    return [every] * count


def _frame_size(file: File, track: Track) -> int:
    """QuickTime: a sample of sound is a frame, whatever its stated size."""
    at = need(track, "mdia/minf/stbl/stsd").body + 16
    version = file.uint(at + 8, 2)
    if version == 2:
        return file.uint(at + 56, 4)
    if version == 1:
        return file.uint(at + 36, 4)
    return max(1, file.uint(at + 16, 2) * file.uint(at + 18, 2) // 8)


def merged_spans(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def look(file: File, track: Track) -> str:
    """As the format renders a track."""
    head, media = need(track, "tkhd"), need(track, "mdia/mdhd")
    wide = file.uint(head.body, 1) == 1
    shape = file.source.read(head.body + 40 + 12 * wide, 44).hex()
    scale = file.uint(media.body + 12 + 8 * (file.uint(media.body, 1) == 1), 4)
    digest = hashlib.sha256()
    for name in ("edts/elst", "mdia/minf/stbl/stts", "mdia/minf/stbl/ctts", "mdia/minf/stbl/stss"):
        box = track.boxes.get(name)
        if box is not None:
            data = file.source.read(box.body, box.end - box.body)
            if box.kind in TABLES:
                data = data[: 8 + TABLES[box.kind] * int.from_bytes(data[4:8], "big")]
            digest.update(name.encode() + data)
    codes = ",".join(track.codes)
    return f"{track.handler} {codes} {shape} {scale} {digest.hexdigest()[:16]}"
