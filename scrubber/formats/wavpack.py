"""WavPack (the WavPack 4 and 5 file format, wavpack.com): blocks of metadata sub-blocks.

Kept: of every block the header and the sub-blocks that decoding needs. The
stored header and trailer of the file that was packed, its suffix, MD5 sums,
the settings of the encoder, dummies and unknown optional sub-blocks go, and
with them a block that holds nothing else. Sizes and checksums are mended.

The content digest is over the header of every block, without its size, and
the sub-blocks that are kept.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.formats.bundle import words
from scrubber.formats.credit_tags import ape_tag
from scrubber.ledger import ROOT, CreditTags, Ledger, PartId
from scrubber.model import Role, Source

_HEADER = 32
_LARGEST = 64 << 20
_SEARCH = 1 << 20
_OPTIONAL = 0x20
_CHECKSUM = 0x2F
_CONFIGURATION = 0x2A
_NEEDED = {  # the most bytes that each can have
    0x02: 16, 0x03: 32, 0x04: 512, 0x05: 12, 0x06: 16, 0x07: 16, 0x08: 4, 0x09: 4, 0x0A: _LARGEST,
    0x0B: _LARGEST, 0x0C: _LARGEST, 0x0D: 8, 0x0E: _LARGEST, 0x27: 4, 0x2A: 259, 0x2B: 255,
    0x2C: _LARGEST,
}  # fmt: skip
_PRIVATE = {
    0x00: ("dummy", "PADDING"),
    0x21: ("header of the packed file", "TAG"),
    0x22: ("trailer of the packed file", "TAG"),
    0x23: ("header of the packed file", "TAG"),
    0x24: ("trailer of the packed file", "TAG"),
    0x25: ("encoder settings", "TECHNICAL"),
    0x26: ("MD5", "UNIQUE_ID"),
    0x28: ("suffix of the packed file", "TECHNICAL"),
    0x29: ("MD5", "UNIQUE_ID"),
}


class WavPack:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        ledger.credit = CreditTags(source.size, lambda texts, _: ape_tag(texts))
        at = tags_before(ledger, source, 0, source.size)
        end = tags_after(ledger, source, at)
        blocks = 0
        samples = 0
        total = -1
        while (start := _next(source, at, end)) >= 0:
            if at < start:
                name = "bytes between blocks" if blocks else "bytes before the first block"
                ledger.leaf(ROOT, name, Role.SLACK, at, start, entity="HIDDEN_DATA")
            block = _block(source, start)
            _claim(ledger, source, block)
            at = block.end
            if block.samples:
                blocks += 1
                samples += block.samples
                total = block.total if total < 0 else total
        if not blocks:
            raise Damaged("The recording has no blocks of sound.")
        if at < end:
            ledger.leaf(
                ROOT, "bytes after the last block", Role.SLACK, at, end, entity="TRAILER"
            )  # fmt: skip
        ledger.render(frames=blocks, samples=samples, total=total)


@dataclass(frozen=True, slots=True)
class _Sub:
    kind: int
    start: int
    data: int  # where its bytes begin
    stop: int  # where they end
    end: int  # after a byte of padding


@dataclass(frozen=True, slots=True)
class _Block:
    start: int
    end: int
    total: int
    samples: int
    subs: tuple[_Sub, ...]


def _next(source: Source, at: int, end: int) -> int:
    """The first header at or after `at` whose block ends before `end`; -1."""
    while at + _HEADER <= end:
        data = source.read(at, min(_SEARCH, end - at))
        found = data.find(b"wvpk")
        while found >= 0:
            if _size(source, at + found, end):
                return at + found
            found = data.find(b"wvpk", found + 1)
        at += max(len(data) - 3, 1)
    return -1


def _size(source: Source, at: int, end: int) -> int:
    if at + _HEADER > end:
        return 0
    head = source.read(at, 10)
    size = 8 + int.from_bytes(head[4:8], "little")
    version = int.from_bytes(head[8:10], "little")
    if not _HEADER <= size <= _LARGEST or at + size > end or size % 2:
        return 0
    return size if 0x402 <= version <= 0x410 else 0


def _block(source: Source, start: int) -> _Block:
    head = source.read(start, _HEADER)
    end = start + 8 + int.from_bytes(head[4:8], "little")
    total, _, samples = (int.from_bytes(head[i : i + 4], "little") for i in (12, 16, 20))
    subs: list[_Sub] = []
    at = start + _HEADER
    while at < end:
        head = source.read(at, min(4, end - at))
        wide = head[0] & 0x80
        data = at + (4 if wide else 2)
        stop = data + int.from_bytes(head[1 : 4 if wide else 2], "little") * 2
        if len(head) < 2 or stop > end:
            raise Damaged(f"A sub-block at offset {at} is longer than its block.")
        odd = head[0] >> 6 & 1
        if odd and stop == data:
            raise Damaged(f"A sub-block at offset {at} has no last byte.")
        subs.append(_Sub(head[0] & 0x3F, at, data, stop - odd, stop))
        at = stop
    return _Block(start, end, total, samples, tuple(subs))


def _claim(ledger: Ledger, source: Source, block: _Block) -> None:
    if any(sub.kind == _CHECKSUM for sub in block.subs[:-1]):
        raise Damaged(f"The block at offset {block.start} has a checksum that is not its last.")
    going = [sub for sub in block.subs if _goes(sub)]
    kept = [sub for sub in block.subs if not _goes(sub) and sub.kind != _CHECKSUM]
    _check_kept(source, kept)
    parent = ROOT
    start = block.start
    if not block.samples and not kept:
        if not going:
            ledger.leaf(ROOT, "empty block", Role.SLACK, start, block.end, entity="HIDDEN_DATA")
            return
        parent = ledger.part(ROOT, "block", Role.FRAME)
        ledger.claim(parent, start, start + _HEADER)
    else:
        ledger.leaf(ROOT, "block", Role.FRAME, start, start + 8)
        ledger.leaf(ROOT, "block header", Role.CODED, start + 8, start + _HEADER)
    ledger.length(start + 4, 4, "little", start + 8, block.end)
    padded = False
    for sub in block.subs:
        if sub.kind == _CHECKSUM:
            _checksum(ledger, parent, sub)
        elif _goes(sub):
            _private(ledger, parent, sub)
        else:
            ledger.leaf(ROOT, "sound", Role.CODED, sub.start, sub.stop)
            padded |= _padding(ledger, source, sub)
    if going or padded:
        _mend(ledger, source, block)


def _goes(sub: _Sub) -> bool:
    return sub.kind in _PRIVATE or (
        sub.kind & _OPTIONAL != 0 and sub.kind not in _NEEDED and sub.kind != _CHECKSUM
    )


def _check_kept(source: Source, kept: list[_Sub]) -> None:
    kinds = [sub.kind for sub in kept]
    for sub in kept:
        if sub.kind == _CONFIGURATION and sub.stop - sub.data > 3:
            order = source.read(sub.data + 3, sub.stop - sub.data - 3)
            if sorted(order) != list(range(len(order))):
                raise Unsupported("The order of the channels is none", f"(at offset {sub.start}).")
        if sub.kind not in _NEEDED:
            raise Unsupported(
                "A block holds a part that decoders must know and scrub does not",
                f"(kind {sub.kind}, at offset {sub.start}).",
            )
        if sub.stop - sub.data > _NEEDED[sub.kind] or kinds.count(sub.kind) > 1:
            raise Damaged(f"A sub-block at offset {sub.start} is too long or stands twice.")
    if 0x0B in kinds and 0x0A not in kinds:
        raise Unsupported(
            "This is the correction file of a hybrid recording.",
            "It is of use only beside the recording that it belongs to.",
            "Unpack both with wvunpack and clean the result, or leave it out with --exclude.",
        )


def _private(ledger: Ledger, parent: PartId, sub: _Sub) -> None:
    name, entity = _PRIVATE.get(sub.kind, (f"optional sub-block {sub.kind}", "HIDDEN_DATA"))
    role = Role.UNKNOWN if sub.kind not in _PRIVATE else Role.PRIVATE
    skip = sub.data - sub.start
    show = (lambda data: words(data[skip:])) if sub.kind == 0x28 else None
    ledger.leaf(parent, name, role, sub.start, sub.end, entity=entity, describe=show)


def _padding(ledger: Ledger, source: Source, sub: _Sub) -> bool:
    """The byte that makes a size even says nothing."""
    if sub.stop == sub.end:
        return False
    blank = source.read(sub.stop, 1) == b"\0"
    ledger.leaf(
        ROOT, "padding", Role.DISPLAY if blank else Role.SLACK, sub.stop, sub.end,
        entity=None if blank else "PADDING", on_drop=None if blank else b"\0",
    )  # fmt: skip
    return not blank


def _checksum(ledger: Ledger, parent: PartId, sub: _Sub) -> None:
    if sub.stop - sub.data not in (2, 4) or sub.stop != sub.end:
        raise Damaged(f"The checksum at offset {sub.start} has a size that none has.")
    if parent == ROOT:
        ledger.leaf(ROOT, "block checksum", Role.FRAME, sub.start, sub.end)
    else:
        ledger.claim(parent, sub.start, sub.end)


def _mend(ledger: Ledger, source: Source, block: _Block) -> None:
    """A wrong checksum makes decoders skip the block: a new one would bring it back."""
    for sub in block.subs:
        if sub.kind != _CHECKSUM:
            continue
        width = sub.stop - sub.data
        algorithm = checksum32 if width == 4 else checksum16
        stated = int.from_bytes(source.read(sub.data, width), "little")
        if algorithm([source.read(block.start, sub.start - block.start)]) != stated:
            raise Damaged(f"The checksum of the block at offset {block.start} is wrong.")
        ledger.checksum(sub.data, width, "little", block.start, sub.start, algorithm)


def checksum32(pieces: Iterable[bytes]) -> int:
    """Of a block without its last sub-block: three times the sum and the next 16-bit word."""
    value = 0xFFFFFFFF
    for (word,) in struct.iter_unpack("<H", b"".join(pieces)):
        value = (value * 3 + word) & 0xFFFFFFFF
    return value


def checksum16(pieces: Iterable[bytes]) -> int:
    value = checksum32(pieces)
    return (value ^ value >> 16) & 0xFFFF
