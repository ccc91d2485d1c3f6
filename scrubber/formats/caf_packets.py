"""How long the packets of a CAF are, and what its decoder is told first (CAF 1.0)."""

from __future__ import annotations

import struct

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_MOST_BYTES = 64 << 20  # of a table: more packets than a month of sound has
_SPECIFIC = 8  # bytes of an AudioSpecificConfig, with both extensions
_CONFIG = 24  # bytes of an ALACSpecificConfig
_LAYOUT = b"\0\0\0\x18chan\0\0\0\0"


def packet_table(
    source: Source, start: int, end: int, *, sizes: bool, frames: bool
) -> tuple[int, int, int, int]:
    """(packets, their bytes, their frames, where the table ends) of a table at `start`.

    §Packet Table Chunk: numbers in groups of seven bits, for each packet its size and its
    frames where they vary. Raises Damaged when it is cut off, Unsupported for long spellings.
    """
    count = int.from_bytes(source.read(start, 8), "big", signed=True)
    each = sizes + frames
    if count < 0 or count * each > end - start - 24 or end - start > _MOST_BYTES:
        raise Damaged("The table of packets is cut off.")
    if not each:
        return count, 0, 0, start + 24
    data = source.read(start + 24, end - start - 24)
    totals = [0, 0]
    at, size, wanted, done = 0, len(data), count * each, 0
    while done < wanted:
        value = 0
        first = at
        while True:
            if at >= size:
                raise Damaged("The table of packets is cut off.")
            byte = data[at]
            at += 1
            value = value << 7 | byte & 127
            if byte < 128:
                break
        if at - first > 5 or (data[first] == 128 and at - first > 1):
            raise Unsupported("The table of packets spells a number in too many bytes.")
        totals[done % each] += value
        done += 1
    total_sizes = totals[0] if sizes else 0
    return count, total_sizes, totals[each - 1] if frames else 0, start + 24 + at


def cookie(
    ledger: Ledger, source: Source, part: PartId, coding: bytes, start: int, end: int
) -> bytes:
    """§Magic Cookie Chunk: the part that a decoder reads is kept, the rest goes. Returns it.

    Raises Unsupported for a cookie whose coding is not known, Damaged for one that is cut off.
    """
    if end - start > 1 << 12:
        raise Unsupported("The decoder's configuration is too long.")
    data = source.read(start, end - start)
    if coding == b"alac":
        last = _lossless(data)
    elif coding[:3] == b"aac":
        last = _elementary_stream(data)
    else:
        raise Unsupported("The recording has a configuration for a decoder that needs none.")
    ledger.leaf(part, "configuration", Role.DISPLAY, start, start + last)
    ledger.leaf(part, "surplus", Role.SLACK, start + last, end, entity="HIDDEN_DATA")
    return data[:last]


def _lossless(data: bytes) -> int:
    """ALACMagicCookieDescription: a bare configuration, or one in boxes, and a layout."""
    at, boxed = 0, data[:12] == b"\0\0\0\x0cfrmaalac"
    if boxed:
        if data[12:24] != b"\0\0\0\x24alac\0\0\0\0":
            raise Unsupported("The decoder's configuration is spelled in an unknown way.")
        at = 24
    if at + _CONFIG > len(data):
        raise Damaged("The decoder's configuration is cut off.")
    channels = data[at + 9]
    at += _CONFIG
    chan = data[at : at + 24]
    told = int.from_bytes(chan[12:16], "big") & 0xFFFF
    if len(chan) == 24 and chan[:12] == _LAYOUT and told == channels and not any(chan[16:]):
        at += 24
    if boxed and data[at : at + 8] == b"\0\0\0\x08\0\0\0\0":
        at += 8
    return at


def _elementary_stream(data: bytes) -> int:
    """ES_Descriptor (ISO/IEC 14496-1 §7.2.6.5) with nothing optional. Returns its end."""
    at, end = _descriptor(data, 0, 3)
    if at + 3 > end or data[at + 2]:
        raise Unsupported("The decoder's configuration says more than a decoder needs.")
    inner, stop = _descriptor(data, at + 3, 4)
    specific, last = _descriptor(data, inner + 13, 5)
    if last != stop or stop > end or last - specific > _SPECIFIC:
        raise Unsupported("The decoder's configuration says more than a decoder needs.")
    if stop < end:
        at, stop = _descriptor(data, stop, 6)
        if data[at:stop] != b"\2":
            raise Unsupported("The decoder's configuration says more than a decoder needs.")
    if stop != end:
        raise Unsupported("The decoder's configuration says more than a decoder needs.")
    return end


def _descriptor(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """Body and end of the descriptor at `at`, whose tag must be `tag`."""
    if at >= len(data) or data[at] != tag:
        raise Unsupported("The decoder's configuration is spelled in an unknown way.")
    at, size = at + 1, 0
    for _ in range(4):
        if at >= len(data):
            break
        byte = data[at]
        at, size = at + 1, size << 7 | byte & 127
        if byte < 128:
            break
    if at + size > len(data):
        raise Damaged("The decoder's configuration is cut off.")
    return at, at + size


def valid_frames(data: bytes, frames: int) -> tuple[int, int, int]:
    """(valid, priming, remainder) of a table's 24 bytes of numbers; `frames`: those there are.

    Raises Unsupported for numbers that cannot be true.
    """
    valid, priming, remainder = struct.unpack(">qii", data[8:24])
    if valid < 0 or not 0 <= priming <= frames or not 0 <= remainder <= frames or valid > frames:
        raise Unsupported("The table of packets states more frames than its packets have.")
    return valid, priming, remainder
