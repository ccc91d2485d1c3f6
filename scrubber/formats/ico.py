"""Windows icons and pointers, ICO and CUR ([MS-RC] ICONDIR; Windows GDI).

A directory and, for each of its entries, a PNG file (cleaned as a file of its own) or a
bitmap with a mask behind its rows. Two entries may share a picture. Gaps,
padding, unused colours and reserved bytes go; lengths and offsets follow. Hot spots,
and the sizes and depths by which systems choose a picture, stay.

Content digest: SHA-256 over, for every entry in order, `PNG ` and the content digest of the
PNG, or `BMP ` and that of the bitmap: as in a BMP, the SHA-256 of the rows of the mask,
without padding, coming last where there is a mask.
"""

from __future__ import annotations

import hashlib
import itertools
import struct
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.dib import RGB, claim_colours, claim_head, head_at
from scrubber.formats.dib_pixels import claim_pixels, rows
from scrubber.formats.png import Png
from scrubber.formats.settled import settle
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source
from scrubber.source import Slice

_PNG = b"\x89PNG\r\n\x1a\n"
_MOST = 4096
_DEPTHS = (0, 1, 2, 4, 8, 16, 24, 32)


@dataclass(frozen=True, slots=True)
class _Entry:
    at: int
    height: int
    bits: int  # as a system reads it that chooses a picture
    start: int
    end: int


class Ico:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        zero, kind, count = struct.unpack("<3H", source.read(0, 6))
        if zero or kind not in (1, 2) or not 0 < count <= _MOST:
            raise Damaged("An icon starts with the number of its pictures.")
        ledger.leaf(ROOT, "directory", Role.FRAME, 0, 6)
        entries = [_entry(source, 6 + 16 * n, 6 + 16 * count) for n in range(count)]
        _apart(entries)
        known: dict[int, bytes] = {}
        digest = hashlib.sha256()
        spots = []
        for number, entry in enumerate(entries, 1):
            spots.append(_row(ledger, source, kind, entry))
            if entry.start not in known:
                known[entry.start] = _picture(ledger, source, number, entry)
            digest.update(known[entry.start])
        ledger.render(kind=kind, pictures=count, hot_spots=spots if kind == 2 else None)
        ledger.content = lambda _: digest.hexdigest()
        ledger.not_checked += ["FACE", "TEXT_IN_IMAGE"]


def _entry(source: Source, at: int, least: int) -> _Entry:
    length, start = struct.unpack("<II", source.read(at + 8, 8))
    if start < least or start + length > source.size or length < 40:
        raise Damaged("A picture of the icon lies outside the file.")
    height = source.read(at + 1, 1)[0] or 256
    bits = int.from_bytes(source.read(at + 6, 2), "little")
    return _Entry(at, height, bits, start, start + length)


def _apart(entries: list[_Entry]) -> None:
    ends = sorted({(entry.start, entry.end) for entry in entries})
    for (_, end), (start, _) in itertools.pairwise(ends):
        if start < end:
            raise Damaged("Two pictures of the icon lie over one another.")


def _row(ledger: Ledger, source: Source, kind: int, entry: _Entry) -> tuple[int, int]:
    """An entry of the directory. Returns its hot spot, where it has one."""
    at = entry.at
    ledger.leaf(ROOT, "entry", Role.DISPLAY, at, at + 3)
    settle(ledger, source, ROOT, "reserved", at + 3, b"\0")
    x, y = struct.unpack("<HH", source.read(at + 4, 4))
    if kind == 2:
        ledger.leaf(ROOT, "hot spot", Role.DISPLAY, at + 4, at + 8)
    else:
        planes, bits = min(x, 1), y if y in _DEPTHS else 0
        settle(ledger, source, ROOT, "depth", at + 4, struct.pack("<HH", planes, bits))
    ledger.leaf(ROOT, "place", Role.FRAME, at + 8, at + 16)
    ledger.length(at + 8, 4, "little", entry.start, entry.end)
    ledger.offset(at + 12, 4, "little", 0, entry.start)
    return x, y


def _picture(ledger: Ledger, source: Source, number: int, entry: _Entry) -> bytes:
    """What the content digest says of one picture."""
    start, end = entry.start, entry.end
    part = ledger.part(ROOT, f"picture {number}", Role.FRAME)
    ledger.scope(part, start, end)
    if source.read(start, 8) == _PNG:
        inner = ledger.leaf(part, "PNG", Role.CODED, start, end)
        ledger.nest(inner, (), "png")
        scratch = Ledger(end - start)
        view = Slice(source, start, end)
        Png().split(view, scratch)
        if scratch.content is None:
            raise Damaged("A picture of the icon has no pixels.")
        return b"PNG " + bytes.fromhex(scratch.content(view))
    return b"BMP " + _bitmap(ledger, source, part, entry)


def _bitmap(ledger: Ledger, source: Source, part: PartId, entry: _Entry) -> bytes:
    head = head_at(source, entry.start, doubled=True)
    if head.size != 40 or head.compression != RGB or (head.bits > 8 and head.declared):
        raise Unsupported(
            "A picture of the icon is coded in a way that scrub does not know.",
            fix="Save the icon again with plain bitmaps or PNG pictures in it.",
        )
    if entry.height == 2 * head.height and head.height > 1:
        raise Unsupported("It is not clear where a picture of the icon ends.")
    pixels = rows(source, head.table_end, entry.end, head.width, head.height, head.bits)
    masked = pixels.end < entry.end or head.bits != 32
    digests = pixels.digest.digest()
    if masked:
        mask = rows(source, pixels.end, entry.end, head.width, head.height, 1)
        claim_pixels(ledger, part, "mask", pixels.end, mask)
        digests += mask.digest.digest()
        transparent = head.bits == entry.bits == 32  # then no program needs the mask
        if mask.end < entry.end and not transparent:  # some count it from the end
            raise Unsupported("It is not clear where the mask of a picture starts.")
    claim_head(
        ledger, source, part, head, pixels.end - head.table_end,
        mask=mask.end - pixels.end if masked else 0,
    )  # fmt: skip
    colours = claim_colours(ledger, source, part, head, pixels.used)
    claim_pixels(ledger, part, "pixels", head.table_end, pixels)
    return hashlib.sha256(head.facts + colours + digests).digest()
