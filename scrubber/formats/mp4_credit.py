"""The credit of a film or recording in MP4: a packet of XMP, and what players show of it.

XMP part 3 §1.1.6 (a box `uuid`); iTunes' items `©ART` and `cprt` below `moov/udta/meta/ilst`.
"""

from __future__ import annotations

import struct

from scrubber.formats.bmff import Box, boxes
from scrubber.formats.credit_tags import Texts
from scrubber.formats.mp4_movie import Movie
from scrubber.formats.mp4_tags import XMP_UUID, meta_start
from scrubber.formats.mp4_tree import holds_kept
from scrubber.ledger import CreditPlaces, PartId


def offer_credit(movie: Movie, moov: Box) -> None:
    """Where some tags below `moov/udta` stay, the items come among them."""
    tracks = [track.box.at for track in movie.tracks]
    if not moov.at or min(tracks) == moov.body:
        return
    stores = [box for box in boxes(movie.source, moov.body, moov.end) if box.kind == b"udta"]
    is_kept = any(holds_kept(movie, box) for box in stores)
    place = _kept_list(movie, moov) if is_kept else min(tracks)
    ledger = movie.ledger

    def write(packet: bytes, texts: Texts, part: PartId) -> None:
        ledger.insert(moov.at, _box(b"uuid", XMP_UUID + packet), part)
        items = _items(texts)
        if items and place:
            ledger.insert(place, items if is_kept else _store(items), part)

    ledger.credit = CreditPlaces(write)


def _kept_list(movie: Movie, moov: Box) -> int:
    """Where the items of the list that stays begin; 0 where none stays."""
    path, parent = [b"udta", b"meta", b"ilst"], moov
    for kind in path:
        start = meta_start(movie.source, parent) if parent.kind == b"meta" else parent.body
        found = [box for box in boxes(movie.source, start, parent.end) if box.kind == kind]
        if len(found) != 1:
            return 0
        parent = found[0]
    return parent.body if holds_kept(movie, parent) else 0


def _items(texts: Texts) -> bytes:
    rows = b""
    if names := texts.get("creator"):
        rows += _item(b"\xa9ART", "; ".join(names))
    if notice := texts.get("rights"):
        rows += _item(b"cprt", notice[0])
    return rows


def _item(kind: bytes, text: str) -> bytes:
    return _box(kind, _box(b"data", b"\0\0\0\1\0\0\0\0" + text.encode("utf-8")))


def _store(items: bytes) -> bytes:
    handler = _box(b"hdlr", bytes(8) + b"mdir" + bytes(13))
    return _box(b"udta", _box(b"meta", bytes(4) + handler + _box(b"ilst", items)))


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body
