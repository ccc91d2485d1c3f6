"""AudioChannelLayout of Core Audio, as CHAN in AIFF-C and `chan` in CAF hold it.

Three numbers: a tag, a bitmap, how many descriptions follow (CAF 1.0, "Channel
Layout Chunk"). Only one of the three says which loudspeaker a channel is for.
"""

from __future__ import annotations

import struct

from scrubber.errors import Unsupported

_BY_DESCRIPTION = 0
_BY_BITMAP = 0x10000
_MOST = 512
_ROW = 20


def canonical_layout(data: bytes, channels: int) -> bytes:
    """The layout with nothing in it that is not read. Raises Unsupported if it is no layout."""
    if len(data) < 12:
        raise Unsupported("The layout of the channels is not described.")
    tag, bitmap, count = struct.unpack_from(">III", data)
    if tag == _BY_BITMAP:
        return struct.pack(">III", tag, bitmap, 0)
    if tag != _BY_DESCRIPTION:
        if tag & 0xFFFF != channels:
            raise Unsupported("The layout of the channels is one of another recording.")
        return struct.pack(">III", tag, 0, 0)
    if count > _MOST or 12 + _ROW * count > len(data):
        raise Unsupported("The layout of the channels is cut off.")
    rows = (_row(data[at : at + _ROW]) for at in range(12, 12 + _ROW * count, _ROW))
    return struct.pack(">III", tag, 0, count) + b"".join(rows)


def _row(data: bytes) -> bytes:
    """A label; coordinates where a flag says that they count."""
    label, flags = struct.unpack_from(">II", data)
    known = label <= 0xFFF or label >> 16 in (1, 2) or label == 0xFFFFFFFF
    if not known or flags > 2 or flags == 3:
        raise Unsupported("The layout of the channels has a channel of a kind that is not known.")
    return data if flags else data[:8] + bytes(12)
