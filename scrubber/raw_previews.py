"""The large JPEG that a camera puts into its raw file, as an item of its own.

The raw file stays held. Where the policy says `raw_previews = "extract"`, the walk gives one
more item behind it, named after it; its bytes are those of the preview, and it is cleaned and
verified like any JPEG. Previews that stand in a maker's own notes are not looked for.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from dataclasses import replace

from scrubber.companions import RAWS
from scrubber.containers import Container, suffix_of
from scrubber.errors import ChangedWhileReading, Held
from scrubber.identify import identify
from scrubber.model import Item, Skipped, Source
from scrubber.raw_tiff import directories, number, numbers
from scrubber.source import WHOLE, FilePart, FileSource

NOTE = "raw-preview"
"""The note of such an item."""
TAIL = ".preview.jpg"
INSTEAD = "The preview in it is cleaned as a file of its own, if it has one that is large enough."
_LEAST = 1000  # pixels of its longer side: smaller ones are thumbnails
_STRIPS, _STRIP_SIZES, _JPEG, _JPEG_SIZE, _PANASONIC = 273, 279, 513, 514, 0x2E
_CODING, _JPEG_CODINGS = 259, (6, 7)
_DEEPEST_BOX = 6
_FRAMES = (0xC0, 0xC1, 0xC2)

Run = tuple[int, int]


def is_raw(row: Container) -> bool:
    """A camera's raw file that is held for what it is."""
    return row.kind == "photo" and bool(row.held)


def with_previews(found: Iterable[Item | Skipped]) -> Iterator[Item | Skipped]:
    """The walk, and behind each raw file its preview. What cannot be read has none."""
    for entry in found:
        yield entry
        if isinstance(entry, Skipped) or suffix_of(entry.path) not in RAWS:
            continue
        path = os.path.join(entry.root, entry.path)
        run = _found_in(path, entry.path)
        if run is not None and not os.path.lexists(path + TAIL):
            start, end = run
            yield replace(
                entry, path=entry.path + TAIL, size=end - start, companions=(), notes=(NOTE,)
            )


def path_of(item: Item) -> str:
    """The file that holds the bytes of `item`."""
    path = os.path.join(item.root, item.path)
    return path.removesuffix(TAIL) if NOTE in item.notes else path


def opened(item: Item, path: str) -> FileSource:
    """The bytes of `item`. Raises Held, ChangedWhileReading if its preview is another now."""
    if NOTE not in item.notes:
        return FileSource(path)
    run = _found_in(path, item.path.removesuffix(TAIL))
    if run is None or run[1] - run[0] != item.size:
        raise ChangedWhileReading("The raw file that holds this preview has changed.")
    return FilePart(path, *run)


def _found_in(path: str, name: str) -> Run | None:
    try:
        with FileSource(path) as source:
            return preview(source) if is_raw(identify(source, name).container) else None
    except Held:
        return None


def preview(source: Source) -> Run | None:
    """Where the largest JPEG of a raw file stands that is no thumbnail, or None."""
    best, pixels = None, 0
    for at, size in _candidates(source):
        if not 0 < size <= min(WHOLE, source.size - at) or at < 8:
            continue
        width, height = _size(source, at, at + size)
        if max(width, height) >= _LEAST and width * height > pixels:
            best, pixels = (at, at + size), width * height
    return best


def _candidates(source: Source) -> Iterator[Run]:
    """Places and sizes that the file states; none of them is believed yet."""
    head = source.read(0, min(source.size, 100))
    if head.startswith(b"FUJIFILMCCD-RAW") and len(head) >= 92:
        place, size = struct.unpack_from(">II", head, 84)
        yield place, size
    elif head[4:8] == b"ftyp":
        yield from _first_samples(source)
    else:
        for fields in directories(source):
            for first, second in ((_JPEG, _JPEG_SIZE), (_STRIPS, _STRIP_SIZES)):
                places, sizes = numbers(source, fields, first), numbers(source, fields, second)
                coded = first == _JPEG or number(source, fields, _CODING) in _JPEG_CODINGS
                if len(places) == len(sizes) == 1 and coded:
                    yield places[0], sizes[0]
            if _PANASONIC in fields:
                _, size, _, place = fields[_PANASONIC]
                yield place, size


def _first_samples(source: Source) -> Iterator[Run]:
    """CR3: the first sample of each track (ISO/IEC 14496-12 §8.7.3, §8.7.5)."""
    sizes: list[int] = []
    for kind, start, end in _boxes(source, 0, source.size, 0):
        if kind == b"stsz" and end - start >= 12:
            fixed, count = struct.unpack(">II", source.read(start + 4, 8))
            first = source.read(start + 12, 4) if count and end - start >= 16 else bytes(4)
            sizes.append(fixed or int.from_bytes(first, "big"))
        elif kind in (b"co64", b"stco") and end - start >= 16 and sizes:
            width = 8 if kind == b"co64" else 4
            yield int.from_bytes(source.read(start + 8, width), "big"), sizes[-1]


def _boxes(source: Source, at: int, stop: int, depth: int) -> Iterator[tuple[bytes, int, int]]:
    while at + 8 <= stop and depth < _DEEPEST_BOX:
        size, kind = struct.unpack(">I4s", source.read(at, 8))
        start = at + 8
        if size == 1 and at + 16 <= stop:
            size, start = int.from_bytes(source.read(at + 8, 8), "big"), at + 16
        end = stop if size == 0 else at + size
        if end < start or end > stop:
            return
        yield kind, start, end
        if kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
            yield from _boxes(source, start, end, depth + 1)
        at = end


def _size(source: Source, at: int, end: int) -> tuple[int, int]:
    """Width and height of a JPEG of 8 bits that viewers show (ITU-T T.81 B.2.2), or zeros."""
    if source.read(at, min(3, end - at)) != b"\xff\xd8\xff":
        return 0, 0
    at += 2
    while at + 10 <= end:
        mark, kind, length = struct.unpack(">BBH", source.read(at, 4))
        if mark != 0xFF or kind in (0xD9, 0xDA) or length < 2:
            break
        if kind in _FRAMES:
            bits, height, width = struct.unpack(">BHH", source.read(at + 4, 5))
            return (width, height) if bits == 8 else (0, 0)
        at += 2 + length
    return 0, 0
