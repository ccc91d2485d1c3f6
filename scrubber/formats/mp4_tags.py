"""Metadata boxes of MP4 and QuickTime, and what each gives away.

iTunes items (`ilst` under the handler `mdir`), QuickTime user data (`udta`) and
keys (`mdta`), 3GPP assets (TS 26.244 §8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.errors import Damaged
from scrubber.formats.bmff import Box, boxes, number
from scrubber.formats.bundle import Inner
from scrubber.formats.vorbis_comment import entity_of_name
from scrubber.formats.xmp_inner import xmp_parts
from scrubber.model import Source

ENTITIES = {
    b"\xa9xyz": "GPS_POSITION", b"loci": "GPS_POSITION", b"\xa9nam": "TITLE", b"\xa9ART": "CREATOR",
    b"aART": "CREATOR", b"\xa9art": "CREATOR", b"\xa9aut": "CREATOR", b"auth": "CREATOR",
    b"\xa9wrt": "CREATOR", b"\xa9com": "CREATOR", b"\xa9dir": "CREATOR", b"\xa9prd": "CREATOR",
    b"perf": "CREATOR", b"\xa9day": "CAPTURE_TIME", b"date": "CAPTURE_TIME",
    b"yrrc": "CAPTURE_TIME", b"purd": "CAPTURE_TIME", b"\xa9too": "SOFTWARE",
    b"\xa9swr": "SOFTWARE", b"\xa9enc": "SOFTWARE",
    b"\xa9mod": "DEVICE_MODEL", b"\xa9mak": "DEVICE_MODEL", b"manu": "DEVICE_MODEL",
    b"modl": "DEVICE_MODEL", b"\xa9cmt": "CAPTION", b"desc": "CAPTION", b"ldes": "CAPTION",
    b"dscp": "CAPTION", b"\xa9des": "CAPTION", b"titl": "TITLE", b"\xa9alb": "TITLE",
    b"albm": "TITLE", b"\xa9lyr": "LYRICS", b"covr": "COVER_ART", b"cprt": "COPYRIGHT_NOTICE",
    b"\xa9cpy": "COPYRIGHT_NOTICE", b"apID": "EMAIL_ADDRESS", b"ownr": "OWNER_NAME",
    b"\xa9own": "OWNER_NAME", b"akID": "ACCOUNT_ID", b"cnID": "UNIQUE_ID", b"xid ": "UNIQUE_ID",
    b"atID": "UNIQUE_ID", b"plID": "UNIQUE_ID", b"geID": "UNIQUE_ID", b"sfID": "UNIQUE_ID",
    b"kywd": "KEYWORDS", b"\xa9key": "KEYWORDS", b"keyw": "KEYWORDS", b"\xa9gen": "KEYWORDS",
    b"gnre": "KEYWORDS", b"XMP_": "EDIT_HISTORY", b"chpl": "TITLE", b"thmb": "THUMBNAIL",
    b"CAME": "CAMERA_SERIAL", b"LENS": "LENS_SERIAL", b"FIRM": "SOFTWARE", b"GPMF": "MAKER_NOTE",
    b"TAGS": "MAKER_NOTE", b"MVTG": "MAKER_NOTE", b"SDLN": "MAKER_NOTE", b"smta": "MAKER_NOTE",
    b"CNTH": "THUMBNAIL", b"name": "TITLE", b"free": "PADDING", b"\xa9inf": "CAPTION",
}  # fmt: skip
_KEYS = (
    ("location", "GPS_POSITION"), ("creationdate", "CAPTURE_TIME"), ("make", "DEVICE_MODEL"),
    ("model", "DEVICE_MODEL"), ("software", "SOFTWARE"), ("author", "CREATOR"),
    ("artist", "CREATOR"), ("director", "CREATOR"), ("producer", "CREATOR"),
    ("content.identifier", "UNIQUE_ID"), ("camera.identifier", "CAMERA_SERIAL"),
    ("android.version", "SOFTWARE"), ("title", "TITLE"), ("displayname", "TITLE"),
    ("description", "CAPTION"), ("comment", "CAPTION"), ("keywords", "KEYWORDS"),
    ("copyright", "COPYRIGHT_NOTICE"), ("detected-face", "PERSON_IN_IMAGE"),
)  # fmt: skip
XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
"""XMP part 3 §1.1.6."""
_GAPLESS = re.compile(rb"(?: [0-9A-Fa-f]{8}| [0-9A-Fa-f]{16}){4,16}\s?\Z")
_MAX_WORDS = 4096


def entity_of(kind: bytes) -> str:
    return ENTITIES.get(kind, "TAG")


def inside(source: Source, box: Box) -> Iterator[Inner]:
    """Named runs inside a metadata box that goes as a whole. Never raises for what it holds."""
    try:
        yield from _inside(source, box, 0)
    except Damaged:
        return


def _inside(source: Source, parent: Box, depth: int) -> Iterator[Inner]:
    start = parent.body
    if parent.kind == b"meta":
        start += 4 * _is_full(source, parent)
    keys: list[str] = []
    for box in boxes(source, start, parent.end):
        if box.kind == b"keys":
            keys = list(_keys(source, box))
        elif box.kind in (b"meta", b"ilst", b"udta") and depth < 3:
            if box.kind == b"ilst" and keys:
                yield from _values(source, box, keys)
            else:
                yield from _inside(source, box, depth + 1)
        elif box.kind == b"XMP_":
            yield from xmp_parts(source, box.body, box.end)
        elif box.kind == b"----":
            yield _freeform(source, box)
        elif box.kind not in (b"hdlr", b"free") and box.end > box.body:
            shown = None if box.kind in (b"covr", b"thmb") else words
            yield Inner(_name(box.kind), box.body, box.end, entity_of(box.kind), shown)


def _is_full(source: Source, box: Box) -> bool:
    """ISO's `meta` starts with version and flags, QuickTime's does not."""
    return box.end - box.body >= 8 and source.read(box.body + 4, 4) != b"hdlr"


def meta_start(source: Source, box: Box) -> int:
    """Where the boxes of a `meta` start."""
    return box.body + 4 * _is_full(source, box)


def _keys(source: Source, box: Box) -> Iterator[str]:
    """QTFF, metadata item keys atom."""
    for entry in boxes(source, box.body + 8, box.end):
        yield source.read(entry.body, entry.end - entry.body).decode("utf-8", "replace")


def _values(source: Source, ilst: Box, keys: list[str]) -> Iterator[Inner]:
    for box in boxes(source, ilst.body, ilst.end):
        index = int.from_bytes(box.kind, "big")
        name = keys[index - 1] if 0 < index <= len(keys) else "unnamed key"
        short = name.removeprefix("com.apple.quicktime.")
        entity = next((what for word, what in _KEYS if word in name.lower()), "TAG")
        if box.end > box.body:
            yield Inner(f"mdta/{short}", box.body, box.end, entity, words)


def _freeform(source: Source, box: Box) -> Inner:
    """iTunes' tags with names of their own (`mean`, `name`, `data`)."""
    name, data = "", box
    for row in boxes(source, box.body, box.end):
        if row.kind == b"name":
            name = source.read(row.body, min(row.end - row.body, 68))[4:].decode("utf-8", "replace")
        elif row.kind == b"data":
            data = row
    shown = f"----:{name}".replace("/", "_") if name.isprintable() else "----"
    entity = entity_of_name(name)
    skip = data.at - box.body if data is not box else 0
    return Inner(shown, box.body, box.end, entity, lambda raw: words(raw[skip:]))


def _name(kind: bytes) -> str:
    return kind.decode("latin-1").strip() or "unnamed"


def words(data: bytes) -> str:
    """The text of an item: of a `data` box, of a sized string, of 3GPP, or as it stands."""
    if data[4:8] == b"data":
        data = data[16:]
    elif len(data) >= 4 and int.from_bytes(data[:2], "big") == len(data) - 4:
        data = data[4:]
    elif data[:4] == bytes(4) and len(data) > 6 and 0 < data[4] < 0x80:  # TS 26.244 §8.2: language
        data = data[6:]
        if data[:2] == b"\xfe\xff":
            data = data[2:].decode("utf-16-be", "replace").encode("utf-8", "replace")
    text = data[:_MAX_WORDS].decode("utf-8", "replace").replace("\0", " ").strip()
    return text if text.isprintable() else ""


def is_gapless(source: Source, box: Box) -> bool:
    """True for iTunes' encoder delay and padding (`----:com.apple.iTunes:iTunSMPB`).

    Players without edit lists need it to play an album without gaps; only hexadecimal numbers
    in the usual form are let through.
    """
    if box.kind != b"----":
        return False
    try:
        rows = list(boxes(source, box.body, box.end))
    except Damaged:
        return False
    if [row.kind for row in rows] != [b"mean", b"name", b"data"] or rows[-1].end != box.end:
        return False
    mean, name, data = (source.read(row.body, min(row.end - row.body, 512)) for row in rows)
    return (
        mean == b"\0\0\0\0com.apple.iTunes"
        and name == b"\0\0\0\0iTunSMPB"
        and data[:8] in (b"\0\0\0\1\0\0\0\0", bytes(8))
        and rows[2].end - rows[2].body <= 512
        and _GAPLESS.match(data[8:]) is not None
        and number(source, box.at, 4) == box.end - box.at
    )
