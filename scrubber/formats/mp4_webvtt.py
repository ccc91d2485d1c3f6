"""WebVTT in MP4 (ISO/IEC 14496-30 §7): cues that stay once names in them are masked.

Of a cue its text stays (`payl`), and where no cue is, that (`vtte`). Settings, identifiers and
notes of cues go, and styles in the head of the file.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.formats.bmff import Box, boxes, open_box
from scrubber.formats.words import Words, is_plain
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

WEBVTT = b"wvtt"
_HEAD = b"WEBVTT"
_LONGEST = 1 << 16  # bytes of a sample
_ENTRY = 8


def web_entry_is_plain(source: Source, entry: Box) -> bool:
    """Can the sample entry be written anew?"""
    if entry.end - entry.body < _ENTRY or any(source.read(entry.body, 6)):
        return False
    rows = list(boxes(source, entry.body + _ENTRY, entry.end))
    return [row.kind for row in rows].count(b"vttC") == 1 and rows[-1].end == entry.end


def web_sample_is_plain(source: Source, start: int, end: int) -> bool:
    """Can the sample [start, end) be read? Raises Damaged where its boxes do not fill it."""
    if not 8 <= end - start <= _LONGEST:
        return False
    rows = list(boxes(source, start, end))
    if not rows or rows[-1].end != end or any(row.body - row.at != 8 for row in rows):
        return False
    kinds = {row.kind for row in rows}
    if not kinds & {b"vttc", b"vtte"} or any(
        row.kind == b"vtte" and row.end > row.body for row in rows
    ):
        return False
    return all(_payload(source, row) is not None for row in rows if row.kind == b"vttc")


def _payload(source: Source, cue: Box) -> Box | None:
    rows = list(boxes(source, cue.body, cue.end))
    found = [row for row in rows if row.kind == b"payl"]
    if len(found) != 1 or rows[-1].end != cue.end or found[0].body - found[0].at != 8:
        return None
    text = source.read(found[0].body, found[0].end - found[0].body)
    return found[0] if text and is_plain(text) else None


def claim_web_entry(ledger: Ledger, source: Source, parent: PartId, entry: Box) -> None:
    """A sample entry whose head says nothing but what it is."""
    inner = open_box(ledger, parent, entry)
    ledger.leaf(inner, "entry", Role.DISPLAY, entry.body, entry.body + _ENTRY)
    for box in boxes(source, entry.body + _ENTRY, entry.end):
        plain = (8 + len(_HEAD)).to_bytes(4, "big") + b"vttC" + _HEAD
        if box.kind != b"vttC":
            ledger.leaf(inner, box.name, Role.PRIVATE, box.at, box.end, entity="TECHNICAL")
        elif source.read(box.at, box.end - box.at) == plain:
            ledger.leaf(inner, "vttC", Role.DISPLAY, box.at, box.end)
        else:
            ledger.leaf(
                inner, "vttC", Role.PRIVATE, box.at, box.end, entity="TECHNICAL", on_drop=plain
            )  # fmt: skip


def claim_web_sample(
    ledger: Ledger, words: Words, parts: tuple[PartId, PartId], start: int, end: int, where: str
) -> None:
    """A sample that is plain; `parts` hold its frame and its texts."""
    store, text = parts
    source = words.source
    for box in boxes(source, start, end):
        if box.kind == b"vtte":
            ledger.claim(text, box.at, box.end)
            continue
        if box.kind != b"vttc":
            ledger.leaf(store, box.name, Role.PRIVATE, box.at, box.end, entity="CAPTION")
            continue
        payload = _payload(source, box)
        if payload is None:
            raise Damaged("A cue along the film has no text.")
        ledger.claim(store, box.at, box.body)
        ledger.length(box.at, 4, "big", box.at, box.end)
        for row in boxes(source, box.body, box.end):
            if row.at != payload.at:
                ledger.leaf(store, row.name, Role.PRIVATE, row.at, row.end, entity="TECHNICAL")
        ledger.claim(store, payload.at, payload.body)
        ledger.length(payload.at, 4, "big", payload.at, payload.end)
        ledger.claim(text, payload.body, payload.end)
        words.add(text, payload.body, payload.end, where)
