"""True Audio (the TTA1 format): a header, a seek table and frames, each with a CRC-32.

All sizes are known, so everything else goes: tags at both ends, bytes before
the header and after the last frame. The content digest is over the header,
the seek table and the frames: none of them changes.
"""

from __future__ import annotations

import struct
import zlib

from scrubber.errors import Damaged, Encrypted, Unsupported
from scrubber.formats.audio_tags import tags_after, tags_before
from scrubber.formats.credit_tags import ape_tag
from scrubber.ledger import ROOT, CreditTags, Ledger
from scrubber.model import Role, Source

_HEADER = 22
_MOST_FRAMES = 4_000_000
_LARGEST = 64 << 20


class Tta:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        ledger.not_checked.append("SPEECH")
        ledger.credit = CreditTags(source.size, lambda texts, _: ape_tag(texts))
        start = tags_before(ledger, source, 0, source.size)
        end = tags_after(ledger, source, start)
        found = source.read(start, min(1 << 20, end - start)).find(b"TTA1")
        if found < 0:
            if source.read(start, min(4, end - start)) == b"TTA2":
                raise Unsupported("The recording is in the format TTA2.")
            raise Damaged("The recording has no header.")
        if found:
            ledger.leaf(
                ROOT, "bytes before the header", Role.SLACK, start, start + found,
                entity="HIDDEN_DATA",
            )  # fmt: skip
        start += found
        count, samples = _header(ledger, source, start)
        table = start + _HEADER
        frames = table + count * 4 + 4
        sizes = _seek_table(source, table, count)
        stop = frames + sum(sizes)
        if stop > end:
            raise Damaged("The recording is cut off.", f"{stop - end} bytes are missing.")
        at = frames
        for size in sizes:
            _frame(source, at, size)
            at += size
        ledger.leaf(ROOT, "recording", Role.CODED, start, stop)
        if stop < end:
            ledger.leaf(ROOT, "bytes after the frames", Role.SLACK, stop, end, entity="TRAILER")
        ledger.render(frames=count, samples=samples)


def _header(ledger: Ledger, source: Source, start: int) -> tuple[int, int]:
    """Frames and samples; a frame lasts 256/245 seconds."""
    head = source.read(start, _HEADER)
    kind, channels, bits, rate, samples, crc = struct.unpack("<HHHIII", head[4:])
    if zlib.crc32(head[:18]) != crc:
        raise Damaged("The checksum of the header is wrong.")
    if kind == 2:
        raise Encrypted("The recording has a password.")
    if kind not in (1, 3) or not rate or not samples:
        raise Damaged("The header of the recording states what cannot be.")
    count = -(-samples // (256 * rate // 245 or 1))
    if count > _MOST_FRAMES:
        raise Damaged("The recording states too many frames.")
    ledger.render(channels=channels, bits=bits, rate=rate)
    return count, samples


def _seek_table(source: Source, at: int, count: int) -> tuple[int, ...]:
    data = source.read(at, count * 4 + 4)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise Damaged("The checksum of the seek table is wrong.")
    return struct.unpack(f"<{count}I", data[:-4])


def _frame(source: Source, at: int, size: int) -> None:
    """A frame whose checksum is wrong is silence to a decoder: no telling what is in it."""
    if not 4 <= size <= _LARGEST:
        raise Damaged(f"The frame at offset {at} has a length that it cannot have.")
    data = source.read(at, size)
    if zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise Damaged(f"The checksum of the frame at offset {at} is wrong.")
