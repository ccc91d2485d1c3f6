"""What stands behind the end of a picture: one gain map stays, all else is named and goes.

Motion photos, previews, mattes, and the trailers of makers and programs as the
metadata tools of the field know them, several of them one after the other.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable

from scrubber.errors import Damaged
from scrubber.formats.apple_gain_map import Described
from scrubber.formats.jpeg_exif import maker_numbers_of
from scrubber.formats.jpeg_multi import (
    Extent,
    announce,
    extent,
    is_announced,
    is_apples,
    is_gain_map,
    name_of_picture,
    pictures,
    same_shape,
    types_of_index,
)
from scrubber.formats.jpeg_picture import Picture, has_profile
from scrubber.formats.jpeg_trailers import film_end, known_trailer, trailer_of
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Rendering, Role

SplitGainMap = Callable[[Ledger, Picture], None]
_MOST = 64  # trailers that state their size
_TOLD_APART = 16  # other things, each looked for in all that is left


def claim_behind(picture: Picture, split: SplitGainMap) -> None:
    """Claims [picture.end, size). `split` takes the picture of a gain map apart."""
    data, ledger = picture.data, picture.ledger
    types = types_of_index(picture)
    kept, apples = None, None
    if is_announced(picture):
        kept, apples = _brighter(picture)
    if kept is None:
        _trailers(picture, picture.end, len(data), types)
        return
    _trailers(picture, picture.end, kept.start, types)
    before, ledger.rendering = ledger.rendering, Rendering()
    inner = Picture(ledger, picture.source, data, start=kept.start, apples=apples is not None)
    ledger.attempt(
        ROOT, "gain map", kept.start, kept.end, "PREVIEW", _gain_map, inner, kept.end, split
    )
    facts, ledger.rendering = ledger.rendering.facts, before
    if inner.end == kept.end and facts:
        look = "; ".join(f"{name}={value}" for name, value in facts)
        ledger.render(gain_map=hashlib.sha256(look.encode()).hexdigest())
        announce(picture, kept.start, kept.end)
        if apples is not None and not apples.headroom:
            picture.maker = maker_numbers_of(picture)
    _trailers(picture, kept.end, len(data), types)


def _brighter(picture: Picture) -> tuple[Extent | None, Described | None]:
    """The gain map of the picture; with what it says of itself where it is Apple's.

    One of another shape was made for another picture: most likely before a crop. Apple's
    goes where the colours are told by an Exif tree, which would be written anew.
    """
    data = picture.data
    behind = list(pictures(data, picture.end, len(data)))
    found = next((one for one in behind if is_gain_map(data, one)), None)
    apples = None
    if found is None and has_profile(picture):
        found = next((one for one in behind if is_apples(data, one)), None)
        apples = is_apples(data, found) if found is not None else None
    if found is None or not same_shape(picture, found):
        return None, None
    return found, apples


def _gain_map(ledger: Ledger, inner: Picture, end: int, split: SplitGainMap) -> None:
    inner.root = ledger.part(ROOT, "gain map", Role.FRAME)
    ledger.scope(inner.root, inner.start, end)
    split(ledger, inner)
    if inner.end != end:
        raise Damaged("The gain map ends before its end.")


def _trailers(picture: Picture, start: int, end: int, types: dict[int, str]) -> None:
    """One part for each thing in [start, end) that can be told apart."""
    data = picture.data
    rows: list[tuple[str, str, int, int]] = []
    while start < end and len(rows) < _MOST:
        found = known_trailer(data, start, end)
        if found is None:
            break
        name, entity, begin = found
        rows.append((name, entity, begin, end))
        end = begin
    for _ in range(_TOLD_APART):
        if start >= end:
            break
        name, entity, stop = _next(data, start, end)
        rows.append((name, entity, start, stop))
        start = stop
    if start < end:
        rows.append(("trailer", "TRAILER", start, end))
    for name, entity, first, last in sorted(rows, key=lambda row: row[2]):
        picture.ledger.leaf(
            ROOT, name, Role.PRIVATE, first, last, entity=entity,
            describe=functools.partial(_size, types.get(first, ""), last - first),
        )  # fmt: skip


def _next(data: bytes, at: int, end: int) -> tuple[str, str, int]:
    """Name and entity of what starts at `at`, and where it stops."""
    found = extent(data, at)
    if found is not None and found.end <= end:
        return name_of_picture(data, found), "PREVIEW", found.end
    stop = film_end(data, at, end)
    if stop > at:
        return "MotionPhoto video", "EMBEDDED_MEDIA", stop
    following = next((found.start for found in pictures(data, at + 1, end)), end)
    film = data.find(b"ftyp", at + 5, following)
    while film >= 0 and film_end(data, film - 4, end) <= film:
        film = data.find(b"ftyp", film + 4, following)
    stop = film - 4 if film >= 0 else following
    known = known_trailer(data, at, stop)
    if known is not None and known[2] == at:
        return known[0], known[1], stop
    name, entity = trailer_of(data[at : min(at + 32, stop)], data[max(at, stop - 32) : stop])
    return name, entity, stop


def _size(kind: str, size: int, _: bytes) -> str:
    return f"{kind}, {size} bytes" if kind else f"{size} bytes"
