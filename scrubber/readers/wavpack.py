"""Second reader for WavPack (the WavPack 4 and 5 file format, wavpack.com).

Content digest: SHA-256 over bytes 8 to 31 of every block's header and every
sub-block that decoding needs, with its own head, without a byte of padding.

A clean recording is blocks of sound from the first byte to the last, without
a sub-block that decoding does not need.
"""

from __future__ import annotations

import hashlib
import struct
from typing import Any

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import credited_end

_NEEDED = frozenset((*range(0x02, 0x0F), 0x27, 0x2A, 0x2B, 0x2C))
_MOST = 64 << 20


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the blocks once; checksums where `edited` touches the block, or everywhere."""
    digest = hashlib.sha256()
    leftovers: list[str] = []
    at = frames = samples = 0
    total = -1
    stop, tags = credited_end(source)
    while at < stop:
        head = source.read(at, min(32, stop - at))
        size = int.from_bytes(head[4:8], "little") + 8
        if len(head) < 32 or head[:4] != b"wvpk" or at + size > stop or size < 32:
            leftovers.append(f"{stop - at} bytes that are no block at {at}")
            break
        if size > _MOST:
            raise Damaged(f"The block at offset {at} is too large.")
        block = source.read(at, size)
        changed = not edited or any(low < at + size and at <= high for low, high in edited)
        kept = _sub_blocks(block, digest, leftovers, changed)
        first, count = struct.unpack_from("<I4xI", head, 12)
        if count:
            frames += 1
            samples += count
            total = first if total < 0 else total
        elif not kept:
            leftovers.append(f"an empty block at {at}")
        at += size
    if not frames:
        raise Damaged("The recording has no blocks of sound.")
    facts = Rendering.of(frames=frames, samples=samples, total=total)
    return Reading("wavpack", digest.hexdigest(), facts, (*leftovers[:100], *tags))


def _sub_blocks(block: bytes, digest: Any, leftovers: list[str], check: bool) -> int:
    kept, at = 0, 32
    digest.update(block[8:32])
    while at + 2 <= len(block):
        flags = block[at]
        begin = at + 4 if flags >= 0x80 else at + 2
        end = begin + 2 * int.from_bytes(block[at + 1 : begin], "little")
        if end > len(block):
            raise Damaged("A sub-block is longer than its block.")
        kind, odd = flags & 0x3F, bool(flags & 0x40)
        if kind == 0x2F:
            if end != len(block) or (check and not _adds_up(block[:at], block[begin:end])):
                raise Damaged("The checksum of a block is wrong.")
        elif kind in _NEEDED:
            kept += 1
            digest.update(memoryview(block)[at : end - odd])
            if odd and block[end - 1]:
                leftovers.append("padding that is not zero")
        else:
            leftovers.append(f"a sub-block of kind {kind}")
        at = end
    if at != len(block):
        raise Damaged("The sub-blocks do not fill their block.")
    return kept


def _adds_up(covered: bytes, stated: bytes) -> bool:
    value = -1
    for (word,) in struct.iter_unpack("<H", covered):
        value = value * 3 + word & 0xFFFFFFFF
    if len(stated) == 2:
        return (value & 0xFFFF) ^ (value >> 16) == int.from_bytes(stated, "little")
    return value == int.from_bytes(stated, "little")
