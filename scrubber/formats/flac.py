"""FLAC (RFC 9639).

Kept: STREAMINFO with the digest of the samples, the points of the seek table
that point at a frame, the channel mask where a comment states one, and the
frames. Everything else goes: padding, application data, cue sheets, pictures,
comments, reserved blocks, tags of other formats before and after, and bytes
after the last frame. The content digest is over the frames.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from scrubber.errors import Damaged
from scrubber.formats.audio_tags import Spoken, tags_after, tags_before
from scrubber.formats.bundle import Inner, bundle, words
from scrubber.formats.credit_tags import Texts, vorbis_fields
from scrubber.formats.flac_frames import Walk, walk
from scrubber.formats.vorbis_comment import MASK, comment, comments
from scrubber.formats.vorbis_words import vorbis_words
from scrubber.formats.word_slots import Kept
from scrubber.formats.words import Words
from scrubber.ledger import ROOT, CreditTags, Ledger, PartId
from scrubber.model import Role, Source

_MOST_BLOCKS = 10_000
BLOCKS = {
    1: ("PADDING", "PADDING"),
    2: ("APPLICATION", "EMBEDDED_MEDIA"),
    3: ("SEEKTABLE", "TECHNICAL"),
    4: ("VORBIS_COMMENT", "TAG"),
    5: ("CUESHEET", "UNIQUE_ID"),
    6: ("PICTURE", "COVER_ART"),
}
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG")


@dataclass(slots=True)
class _Flac:
    ledger: Ledger
    source: Source
    spoken: Spoken | None
    info: bytes = b""
    blocks: list[tuple[int, PartId]] = field(default_factory=list)  # header and what it heads
    streaminfo: int = 0
    table: tuple[int, int, int] | None = None  # header, body, end
    mask: int = 0
    mask_rows: int = 0  # where the first comment beside a channel mask stands
    credited: tuple[PartId, int] | None = None  # in whose place, and how many comments come


class Flac:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        self._split(source, ledger, None)

    def split_words(self, source: Source, ledger: Ledger) -> None:
        """Lyrics and chapters in the comments stay, and names in them are masked."""
        self._split(source, ledger, Spoken(Words(source)))

    def _split(self, source: Source, ledger: Ledger, spoken: Spoken | None) -> None:
        at = tags_before(ledger, source, 0, source.size)
        if source.size - at < 8 or source.read(at, 4) != b"fLaC":
            raise Damaged("A FLAC recording must start with the marker fLaC.")
        ledger.not_checked.append("SPEECH")
        ledger.leaf(ROOT, "fLaC", Role.FRAME, at, at + 4)
        flac = _Flac(ledger, source, spoken)
        start = _blocks(flac, at + 4)
        numbers = int.from_bytes(flac.info[10:18], "big")
        bits, total = (numbers >> 36 & 31) + 1, numbers & (1 << 36) - 1
        found = walk(source, start, source.size, bits)
        if total not in (0, found.samples):
            raise Damaged(
                f"The recording should hold {total} samples and holds {found.samples}.",
                "It was cut off, or something was added.",
            )
        ledger.leaf(ROOT, "frames", Role.CODED, start, found.end)
        _stream_info(flac, found)
        _seek_table(flac, found.points)
        ledger.credit = CreditTags(
            flac.mask_rows or flac.streaminfo + 34,
            lambda texts, part: _credit(flac, texts, part),
        )
        for index, (header, _) in enumerate(flac.blocks):
            ledger.mend(header, 1, _last_flag(flac, index))
        ledger.render(
            rate=numbers >> 44, channels=(numbers >> 41 & 7) + 1, bits=bits, total=total,
            md5=flac.info[18:].hex(), mask=flac.mask,
        )  # fmt: skip
        _trailer(flac, found.end)


def _trailer(flac: _Flac, at: int) -> None:
    """What stands after the last frame."""
    ledger, source = flac.ledger, flac.source
    end = tags_after(ledger, source, at)
    at = tags_before(ledger, source, at, end)
    if at < end:
        name = "bytes after the last frame"
        ledger.leaf(ROOT, name, Role.SLACK, at, end, entity="TRAILER")


def _last_flag(flac: _Flac, index: int) -> Callable[[Callable[[PartId], bool], bytes], bytes]:
    """§8.1: the first bit says that no metadata block follows."""

    def rewrite(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        follows = any(alive(part) for _, part in flac.blocks[index + 1 :])
        if flac.credited and not index and not flac.mask_rows:
            follows = follows or not alive(flac.credited[0])
        return bytes((old[0] & 0x7F | (0 if follows else 0x80),))

    return rewrite


def _blocks(flac: _Flac, at: int) -> int:
    """§8: the metadata blocks. Returns where the frames start."""
    source = flac.source
    for _ in range(_MOST_BLOCKS):
        head = source.read(at, 4)
        kind, start = head[0] & 0x7F, at + 4
        end = start + int.from_bytes(head[1:], "big")
        if end > source.size:
            raise Damaged(f"The metadata block at offset {at} is cut off.")
        if kind == 127:
            raise Damaged(f"The metadata block at offset {at} is of a forbidden kind.")
        if (kind == 0) != (not flac.info):
            raise Damaged("The first metadata block, and no other, must be STREAMINFO.")
        _block(flac, kind, at, start, end)
        at = end
        if head[0] & 0x80:
            return at
    raise Damaged("The recording has too many metadata blocks.")


def _block(flac: _Flac, kind: int, at: int, start: int, end: int) -> None:
    ledger, source = flac.ledger, flac.source
    if kind == 0:
        if end - start != 34:
            raise Damaged("STREAMINFO has a wrong length.")
        flac.info = source.read(start, 34)
        part = ledger.leaf(ROOT, "STREAMINFO", Role.FRAME, at, start)
        flac.streaminfo = start
        flac.blocks.append((at, part))
        return
    if kind == 3 and flac.table is None:
        flac.table = (at, start, end)
        flac.blocks.append((at, _open(flac, "SEEKTABLE", at, start, end)))
        return
    inner = _picture(source, start, end) if kind == 6 else []
    if kind == 4:
        if flac.spoken and not flac.spoken.kept and not flac.mask:
            kept = vorbis_words(source, start, end)
            if kept is not None:
                flac.blocks.append((at, _worded(flac, flac.spoken, kept, at, start, end)))
                return
        rows = comments(source, start, end)
        masked = any(MASK.fullmatch(source.read(low + 4, high - low - 4)) for low, high in rows[1:])
        if masked and not flac.mask:
            flac.blocks.append((at, _kept_comments(flac, at, start, end, rows)))
            return
        inner = [comment(source, low, high, not i) for i, (low, high) in enumerate(rows)]
    name, entity = BLOCKS.get(kind, (f"reserved block {kind}", "HIDDEN_DATA"))
    show = words if kind == 2 else None
    flac.blocks.append((at, bundle(ledger, ROOT, name, entity, at, end, inner, show)))


def _open(flac: _Flac, name: str, at: int, start: int, end: int) -> PartId:
    """A block of which something is kept."""
    part = flac.ledger.part(ROOT, name, Role.FRAME)
    flac.ledger.scope(part, at, end)
    flac.ledger.claim(part, at, start)
    flac.ledger.length(at + 1, 3, "big", start, end)
    return part


def _stream_info(flac: _Flac, found: Walk) -> None:
    """§8.2: four sizes that the frames tell as well, then what only STREAMINFO tells."""
    at, info = flac.streaminfo, flac.info
    starts = [*sorted(found.points), found.end - found.start]
    frames = [high - low for low, high in itertools.pairwise(starts)]
    counts = [count for _, count in found.points.values()]
    least, most = int.from_bytes(info[:2], "big"), int.from_bytes(info[2:4], "big")
    fits = most >= max(counts) and (least == most or least <= min(counts[:-1] or counts))
    true = max(counts).to_bytes(2, "big") if max(counts) < 1 << 16 else b"\xff\xff"
    _stated(flac, "block sizes", at, info[:4] if fits else true * 2)
    for name, low, value in (("least frame", 4, min(frames)), ("largest frame", 7, max(frames))):
        stated = info[low : low + 3]
        _stated(flac, name, at + low, value.to_bytes(3, "big") if any(stated) else stated)
    flac.ledger.leaf(ROOT, "STREAMINFO numbers", Role.DISPLAY, at + 10, at + 34)


def _stated(flac: _Flac, name: str, at: int, true: bytes) -> None:
    end = at + len(true)
    if flac.source.read(at, len(true)) == true:
        flac.ledger.leaf(ROOT, f"STREAMINFO {name}", Role.DISPLAY, at, end)
        return
    flac.ledger.leaf(
        ROOT, f"STREAMINFO {name}", Role.SLACK, at, end, entity="HIDDEN_DATA", on_drop=true
    )  # fmt: skip


def _seek_table(flac: _Flac, points: dict[int, tuple[int, int]]) -> None:
    """§8.5: 18 bytes a point. Offsets count from the first frame, so none needs mending.

    A placeholder carries ten free bytes; a point at no frame carries as much.
    """
    if flac.table is None:
        return
    _, start, end = flac.table
    ledger, part = flac.ledger, dict(flac.blocks)[flac.table[0]]
    data = flac.source.read(start, end - start)
    before = -1
    spans: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    for at in range(0, len(data), 18):
        sample, offset = (int.from_bytes(data[i : i + 8], "big") for i in (at, at + 8))
        count = int.from_bytes(data[at + 16 : at + 18], "big")
        true = at + 18 <= len(data) and points.get(offset) == (sample, count) and sample > before
        before = sample if true else before
        spans[true].append((start + at, min(start + at + 18, end)))
    for true, name, role in (
        (True, "points", Role.DISPLAY), (False, "placeholders", Role.SLACK),
    ):  # fmt: skip
        if spans[true]:
            number = ledger.part(part, name, role, entity=None if true else "HIDDEN_DATA")
            for low, high in spans[true]:
                ledger.claim(number, low, high)


def _kept_comments(
    flac: _Flac, at: int, start: int, end: int, rows: list[tuple[int, int]]
) -> PartId:
    """The channel mask decides which loudspeaker plays what: its comment stays alone."""
    ledger, source = flac.ledger, flac.source
    block = _open(flac, "VORBIS_COMMENT", at, start, end)
    (low, high), count = rows[0], rows[0][1]
    if len(rows) - 1 != int.from_bytes(source.read(count, 4), "little"):
        raise Damaged("The comments do not fill their block.")
    ledger.leaf(block, "vendor length", Role.FRAME, low, low + 4)
    ledger.length(low, 4, "little", low + 4, high)
    inner = comment(source, low, high, True)
    ledger.leaf(block, "vendor", Role.PRIVATE, low + 4, high, entity="ENCODER", describe=words)
    ledger.leaf(block, "count", Role.FRAME, count, count + 4)
    parts: list[PartId] = []
    flac.mask_rows = rows[1][0]
    for low, high in rows[1:]:
        found = MASK.fullmatch(source.read(low + 4, high - low - 4))
        if found and not flac.mask:
            flac.mask = int(found[1], 16)
            parts.append(ledger.leaf(block, "channel mask", Role.DISPLAY, low, high))
            continue
        inner = comment(source, low, high, False)
        parts.append(
            ledger.leaf(
                block, inner.name, Role.PRIVATE, low, high,
                entity=inner.entity, describe=inner.describe,
            )
        )  # fmt: skip

    def recount(alive: Callable[[PartId], bool], old: bytes) -> bytes:
        more = flac.credited[1] if flac.credited and not alive(flac.credited[0]) else 0
        return (sum(map(alive, parts)) + more).to_bytes(4, "little")

    ledger.mend(count, 4, recount)
    return block


def _worded(
    flac: _Flac, spoken: Spoken, kept: Kept, at: int, start: int, end: int
) -> PartId:  # fmt: skip
    """A block of which lyrics and chapters stay, and behind them a channel mask."""
    source, rows = flac.source, comments(flac.source, start, end)
    masks = (MASK.fullmatch(source.read(low + 4, high - low - 4)) for low, high in rows[1:])
    mask = next((found for found in masks if found), None)
    if mask:
        flac.mask = int(mask[1], 16)
        kept.behind.append(mask[0])
    block = _open(flac, "VORBIS_COMMENT", at, start, end)
    flac.ledger.parts[block].role = Role.DISPLAY  # lives although all that it holds is written anew
    inner = [comment(source, low, high, not i) for i, (low, high) in enumerate(rows)]
    spoken.claim(flac.ledger, kept, "comments", start, end, inner, block)
    return block


def _credit(flac: _Flac, texts: Texts, part: PartId) -> bytes:
    """Comments beside others that stay, or a block of comments behind STREAMINFO (§8.6)."""
    fields = vorbis_fields(texts)
    if not fields:
        return b""
    beside = flac.spoken.credit(flac.ledger, fields) if flac.spoken else None
    if beside is not None:
        return beside
    flac.credited = (part, len(fields))
    if flac.mask_rows:
        return b"".join(fields)
    body = bytes(4) + len(fields).to_bytes(4, "little") + b"".join(fields)
    points = any(row.name == "points" for row in flac.ledger.parts)
    return bytes((4 if points else 0x84,)) + len(body).to_bytes(3, "big") + body


def _picture(source: Source, start: int, end: int) -> list[Inner]:
    """§8.8: kind, media type, description, four numbers, then the picture itself."""
    rows: list[Inner] = []
    at = start + 4
    for name, entity in (("media type", "TECHNICAL"), ("description", "CAPTION")):
        if at + 4 > end:
            return rows
        stop = at + 4 + int.from_bytes(source.read(at, 4), "big")
        if stop > end:
            return rows
        rows.append(Inner(name, at + 4, stop, entity, words))
        at = stop
    at += 20
    if at < end:
        known = source.read(at, min(4, end - at)).startswith(_PICTURES)
        rows.append(Inner("picture", at, end, "COVER_ART", picture=known))
    return rows
