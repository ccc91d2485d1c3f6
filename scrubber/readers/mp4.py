"""Second reader for MP4, M4A, QuickTime and 3GPP (ISO/IEC 14496-12; QTFF).

Content digest: SHA-256 over the samples of all tracks of film and sound, each byte
once, in the order of the file. Words are said as leftovers, which a policy may keep.

The tree of boxes is held against a list of what may stand where, by path. Then
the tables are followed: every byte of `mdat` must be in a sample, and no coded
picture may hold a message.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.aac import has_note
from scrubber.readers.coded_units import extra_obus, is_extra_avc, is_extra_hevc
from scrubber.readers.matroska_grammar import words_of_mpeg
from scrubber.readers.mp4_grammar import (
    ALLOWED,
    HOLDERS,
    TABLES,
    TEXT_HEADS,
    WORDS,
    check_box,
    entry_leftovers,
    start_of_boxes,
)
from scrubber.readers.mp4_jpeg import has_notes
from scrubber.readers.mp4_words import (
    HANDLERS,
    check_words,
    is_media_header,
    is_text_entry,
    text_of_sample,
    text_of_tag,
)

_BLOCK = 1 << 20
_SEI_MOST = 1 << 20


@dataclass(slots=True)
class _Box:
    path: str
    at: int
    body: int
    end: int

    @property
    def kind(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(slots=True)
class _Track:
    boxes: dict[str, _Box] = field(default_factory=dict)
    number: int = 0
    handler: str = ""
    codes: list[str] = field(default_factory=list)
    width: int = 0  # of NAL lengths
    layered: bool = False
    words: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)  # samples, in order


@dataclass(slots=True)
class _File:
    source: Source
    leftovers: list[str] = field(default_factory=list)
    tracks: list[_Track] = field(default_factory=list)
    payload: list[tuple[int, int]] = field(default_factory=list)
    defaults: dict[int, int] = field(default_factory=dict)
    quicktime: bool = True

    def uint(self, at: int, width: int) -> int:
        return int.from_bytes(self.source.read(at, width), "big")

    def left(self, what: str) -> None:
        self.leftovers.append(what)


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads a film or recording. Raises Damaged, Encrypted or Unsupported."""
    file = _File(source)
    fragments = _boxes_of_file(file)
    if not file.tracks:
        raise Damaged("The file has no track.")
    for track in file.tracks:
        _describe(file, track)
        _samples(file, track)
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
        _messages(file, track)
    facts = {f"track{index}": _look(file, track) for index, track in enumerate(file.tracks, 1)}
    return Reading(
        "mp4", digest.hexdigest(), Rendering.of(tracks=len(file.tracks), **facts),
        tuple(file.leftovers),
    )  # fmt: skip


def _boxes_of_file(file: _File) -> list[_Box]:
    """Walks the file; returns its fragments."""
    fragments: list[_Box] = []
    for box in _inside(file, "", 0, file.source.size):
        if box.kind == "mdat":
            file.payload.append((box.body, box.end))
        elif box.kind == "moof":
            fragments.append(box)
        elif box.kind == "moov":
            _walk(file, box, None)
        elif not _is_allowed(file, box):
            file.left(f"{box.path} at offset {box.at}")
        elif box.kind == "ftyp":
            file.quicktime = file.source.read(box.body, 4) == b"qt  "
    return fragments


def _inside(file: _File, path: str, start: int, end: int) -> Iterator[_Box]:
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
        yield _Box(f"{path}/{name}" if path else name, start, body, start + size)
        start += size


def _is_allowed(file: _File, box: _Box) -> bool:
    if box.kind in ("pssh", "senc", "sinf"):
        raise Encrypted("The file is copy-protected.")
    return box.path in ALLOWED and check_box(file.source, box.path, box.body, box.end)


def _walk(file: _File, parent: _Box, track: _Track | None) -> None:
    """Boxes below moov or moof, held against the list."""
    start = start_of_boxes(file.source, parent.path, parent.body)
    for box in _inside(file, parent.path, start, parent.end):
        if box.path == "moov/trak":
            track = _Track()
            file.tracks.append(track)
        if box.path in WORDS:
            _tag(file, box)
            continue
        if box.path not in HOLDERS and not _is_allowed(file, box) and not _of_text(file, box):
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
            _walk(file, box, track)


def _of_text(file: _File, box: _Box) -> bool:
    """What stands in tracks of text alone; others that have it are told from their handler."""
    data = file.source.read(box.body, min(box.end - box.body, 512))
    if box.path == "moov/trak/tref":  # checked again when all tracks are known
        return data[4:8] == b"chap" and int.from_bytes(data[:4], "big") == box.end - box.body
    if box.kind == "gmhd" and box.path in TEXT_HEADS:
        return len(data) == box.end - box.body and is_media_header(data)
    return TEXT_HEADS.get(box.path) == box.end - box.body


def _tag(file: _File, box: _Box) -> None:
    """Lyrics and chapters among the tags."""
    data = file.source.read(box.body, min(box.end - box.body, 1 << 16))
    if len(data) < box.end - box.body:
        file.left(f"{box.path} at offset {box.at}")
        return
    file.leftovers += check_words(text_of_tag(box.kind, data))
    file.left(f"words: {box.kind}")


def _words(file: _File, track: _Track) -> None:
    """Texts along the film: nothing but words, in an entry that says nothing else."""
    box = _need(track, "mdia/minf/stbl/stsd")
    entries = list(_inside(file, "entry", box.body + 8, box.end))
    plain = all(
        is_text_entry(e.kind, file.source.read(e.body, min(e.end - e.body, 513))) for e in entries
    )
    if not plain:
        file.left(f"track {track.number} ({track.handler})")
    texts = [text_of_sample(file.source.read(a, min(b - a, 1 << 16))) for a, b in track.spans]
    file.leftovers += check_words(b"\n".join(texts))
    file.left(f"words: track {track.number} ({track.handler})")


def _references(file: _File, track: _Track) -> None:
    """A reference leads to words; what only tracks of text have stands in no other."""
    if "tref" in track.boxes:
        box = track.boxes["tref"]
        words = {one.number for one in file.tracks if one.words}
        if any(file.uint(at, 4) not in words for at in range(box.body + 8, box.end - 3, 4)):
            file.left(f"{box.path} at offset {box.at}")
    for name in ("mdia/minf/gmhd", "mdia/minf/sthd"):
        if name in track.boxes and not track.words:
            file.left(f"{track.boxes[name].path} at offset {track.boxes[name].at}")


def _need(track: _Track, name: str) -> _Box:
    if name not in track.boxes:
        raise Damaged(f"A track has no box {name}.")
    return track.boxes[name]


def _describe(file: _File, track: _Track) -> None:
    head = _need(track, "tkhd")
    track.number = file.uint(head.body + (20 if file.uint(head.body, 1) == 1 else 12), 4)
    handler = _need(track, "mdia/hdlr")
    track.handler = file.source.read(handler.body + 8, 4).decode("latin-1")
    if track.handler in HANDLERS:
        track.words = True
        stsd = _need(track, "mdia/minf/stbl/stsd")
        track.codes = [entry.kind for entry in _inside(file, "entry", stsd.body + 8, stsd.end)]
        return
    if track.handler not in ("vide", "soun"):
        file.left(f"track {track.number} ({track.handler})")
    stsd = _need(track, "mdia/minf/stbl/stsd")
    for entry in _inside(file, "entry", stsd.body + 8, stsd.end):
        track.codes.append(entry.kind)
        video = track.handler == "vide"
        left, width, layered = entry_leftovers(
            file.source, entry.kind, entry.body, entry.end, video=video, quicktime=file.quicktime
        )
        file.leftovers.extend(f"{entry.kind}/{name}" for name in left)
        track.width, track.layered = width or track.width, layered or track.layered


def _table(file: _File, track: _Track, name: str, width: int, head: int = 4) -> list[int]:
    """Rows of integers behind a count."""
    box = _need(track, f"mdia/minf/stbl/{name}")
    count = file.uint(box.body + head, 4)
    data = file.source.read(box.body + head + 4, count * width)
    return [int.from_bytes(data[at : at + width], "big") for at in range(0, len(data), width)]


def _samples(file: _File, track: _Track) -> None:
    """Positions of all samples by the tables."""
    wide = "mdia/minf/stbl/co64" in track.boxes
    offsets = _table(file, track, "co64" if wide else "stco", 8 if wide else 4)
    sizes = _sizes(file, track)
    rows = _table(file, track, "stsc", 12)
    firsts = [row >> 64 for row in rows]
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


def _sizes(file: _File, track: _Track) -> list[int]:
    if "mdia/minf/stbl/stz2" in track.boxes:
        box = track.boxes["mdia/minf/stbl/stz2"]
        return _table(file, track, "stz2", file.uint(box.body + 7, 1) // 8, 8)
    box = _need(track, "mdia/minf/stbl/stsz")
    every, count = file.uint(box.body + 4, 4), file.uint(box.body + 8, 4)
    if not every:
        return _table(file, track, "stsz", 4, 8)
    if every == 1 and file.quicktime and track.handler == "soun":
        every = _frame_size(file, track)
    if count > 1 << 26:
        raise Unsupported("The track has too many samples.")
    return [every] * count


def _frame_size(file: _File, track: _Track) -> int:
    """QuickTime: a sample of sound is a frame, whatever its stated size."""
    at = _need(track, "mdia/minf/stbl/stsd").body + 16
    version = file.uint(at + 8, 2)
    if version == 2:
        return file.uint(at + 56, 4)
    if version == 1:
        return file.uint(at + 36, 4)
    return max(1, file.uint(at + 16, 2) * file.uint(at + 18, 2) // 8)


def _fragment(file: _File, moof: _Box) -> None:
    following = moof.at
    for box in _inside(file, "moof", moof.body, moof.end):
        if box.kind == "mfhd":
            continue
        if box.kind != "traf":
            file.left(f"{box.path} at offset {box.at}")
            continue
        track, base, size = file.tracks[0], moof.at, 0
        for row in _inside(file, "moof/traf", box.body, box.end):
            flags = file.uint(row.body, 4) & 0xFFFFFF
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


def _fragment_head(
    file: _File, row: _Box, flags: int, moof: int, following: int, number: int
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
    file: _File, track: _Track, row: _Box, flags: int, base: int, following: int, size: int
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


def _union(file: _File) -> list[tuple[int, int]]:
    """Where film and sound stand. All that is in `mdat` is in a sample of some track."""
    merged = _merged(span for track in file.tracks for span in track.spans)
    covered = sum(end - start for start, end in merged)
    room = sum(end - start for start, end in file.payload)
    inside = all(any(a <= start and end <= b for a, b in file.payload) for start, end in merged)
    if covered != room or not inside:
        file.left("bytes that no sample has")
    if not any(track.words for track in file.tracks):
        return merged
    playing = _merged(span for track in file.tracks if not track.words for span in track.spans)
    beside = _merged(span for track in file.tracks if track.words for span in track.spans)
    if sum(end - start for start, end in (*playing, *beside)) != covered:
        raise Damaged("Film and words share their bytes.")
    return playing


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged


def _noted(file: _File, track: _Track) -> bool | None:
    """Whether a picture or frame of sound that is no stream of units holds a note."""
    if track.codes and track.codes[0] == "jpeg":
        return any(has_notes(file.source.read(start, end - start)) for start, end in track.spans)
    if track.codes and track.codes[0] in _PRORES:
        return any(_is_signed(file, start, end) for start, end in track.spans)
    if track.codes and track.codes[0] == "mp4v":
        return _has_words(file, track)
    if track.handler != "soun":
        return None
    return _is_aac(file, track) and any(
        end > start
        and file.uint(start, 1) > 0x7F
        and has_note(file.source.read(start, end - start))
        for start, end in track.spans
    )


def _messages(file: _File, track: _Track) -> None:
    """No unit that a decoder passes over stands in a coded picture."""
    noted = _noted(file, track)
    if noted is not None:
        if noted:
            file.left(f"a message in track {track.number}")
        return
    if not track.width and "av01" not in track.codes:
        return
    avc = track.codes[0].startswith("avc")
    for start, end in track.spans:
        if not track.width:
            if any(True for _ in extra_obus(file.source.read(start, end - start))):
                file.left(f"a message in track {track.number}")
                return
            continue
        at = start
        while at < end:
            size = file.uint(at, track.width)
            at += track.width
            if at + size > end:
                raise Damaged("The units of a coded picture do not fill it.")
            if _is_extra(file, track, at, size, avc):
                file.left(f"a message in track {track.number}")
                return
            at += size


_TOLD = re.compile(
    rb"esds.{4}\x03[\x80-\xff]{0,3}.{4,8}?\x04[\x80-\xff]{0,3}.([\x20\x60-\x65\x6a]).{12}"
    rb"(?:\x05([\x80-\xff]{0,3}.))?",
    re.DOTALL,
)


def _has_words(file: _File, track: _Track) -> bool:
    """User data in pictures of MPEG or in what their decoder is told, but an encoder's build."""
    box = _need(track, "mdia/minf/stbl/stsd")
    entry = file.source.read(box.body, min(box.end - box.body, 1 << 16))
    told = _TOLD.search(entry)
    if told is None:
        return False
    mpeg4, size = told[1] == b"\x20", 0
    for byte in told[2] or b"":
        size = size << 7 | byte & 127
    if words_of_mpeg(entry[told.end() : told.end() + size], mpeg4=mpeg4):
        return True
    return any(
        words_of_mpeg(file.source.read(start, end - start), mpeg4=mpeg4)
        for start, end in track.spans
    )


_PRORES = ("apcn", "apch", "apcs", "apco", "ap4h", "ap4x")


def _is_signed(file: _File, start: int, end: int) -> bool:
    """A frame of ProRes with the name of its encoder (SMPTE RDD 36 §5.1)."""
    head = file.source.read(start, 16) if end - start >= 28 else b""
    return head[4:8] == b"icpf" and head[12:] != bytes(4)


def _is_aac(file: _File, track: _Track) -> bool:
    """ISO/IEC 14496-1 §7.2.6.6: MPEG-2 AAC, or MPEG-4 audio of a type without resilience."""
    if set(track.codes) != {"mp4a"}:
        return False
    box = _need(track, "mdia/minf/stbl/stsd")
    described = _CONFIGURED.search(file.source.read(box.body, box.end - box.body))
    if described is None:
        return False
    return described[1] != b"\x40" or described[2][0] >> 3 in (1, 2, 3, 4, 5, 29)


_CONFIGURED = re.compile(
    rb"esds.{4}\x03.{4,11}\x04[\x80-\xff]{0,3}.([\x40\x66-\x68]).{12}\x05[\x80-\xff]{0,3}.(.)",
    re.DOTALL,
)


def _is_extra(file: _File, track: _Track, at: int, size: int, avc: bool) -> bool:
    head = file.source.read(at, min(size, 2))
    if avc:
        sei = bool(head) and head[0] & 31 == 6
    else:
        sei = bool(head) and head[0] >> 1 & 63 in (39, 40)
    unit = file.source.read(at, min(size, _SEI_MOST)) if sei else head
    if not avc and track.layered and head and head[0] >> 1 & 63 in (62, 63):
        return False
    return is_extra_avc(unit, film=True) if avc else is_extra_hevc(unit, film=True)


def _look(file: _File, track: _Track) -> str:
    """As the format renders a track."""
    head, media = _need(track, "tkhd"), _need(track, "mdia/mdhd")
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
