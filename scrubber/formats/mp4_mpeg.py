"""MPEG-4 Visual, MPEG-1 and MPEG-2 pictures in MP4: user data in them and in their description.

ISO/IEC 14496-1 §7.2.6 describes the decoder, 14496-2 §6.2.2.1 and 13818-2 §6.2.2.2.2 user data.
"""

from __future__ import annotations

from scrubber.errors import Damaged, Unsupported
from scrubber.formats.bmff import Box
from scrubber.formats.matroska_codecs import look_for_user_data, user_data
from scrubber.model import Source

_MPEG4, _OLDER = 0x20, {0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x6A}
_MOST = 1 << 16  # of a sample entry
_LARGEST = 64 << 20  # of one picture


def private_words(source: Source, entry: Box, start: int, end: int) -> list[tuple[int, int]]:
    """Runs of user data in the picture [start, end) that may go.

    The build of an MPEG-4 encoder stays, as decoders work around its faults. Raises Unsupported
    for other words in a picture of MPEG-4.
    """
    kind, _ = described(source, entry)
    if kind not in _OLDER | {_MPEG4}:
        return []
    if end - start > _LARGEST:
        raise Unsupported("A coded picture is too large to be looked into.")
    data = source.read(start, end - start)
    if kind == _MPEG4:
        look_for_user_data(data, mpeg4=True)
        return []
    return [(start + low, start + high) for low, high in user_data(data)]


def check_description(source: Source, entry: Box) -> None:
    """Raises Unsupported for words in what the decoder is told."""
    kind, told = described(source, entry)
    if kind in _OLDER | {_MPEG4}:
        look_for_user_data(told, mpeg4=kind == _MPEG4)


def described(source: Source, entry: Box) -> tuple[int, bytes]:
    """objectTypeIndication of an `mp4v` entry, and what its decoder is told; 0 if nothing is."""
    data = source.read(entry.body, min(entry.end - entry.body, _MOST))
    at = data.find(b"esds")
    if at < 0:
        return 0, b""
    at, _ = _descriptor(data, at + 8, 3)
    flags = data[at + 2] if at + 2 < len(data) else 0
    if flags & 0x40:
        raise Unsupported("The film's description is in another file.")
    at, end = _descriptor(data, at + 3 + 2 * (flags >> 7) + 2 * (flags >> 5 & 1), 4)
    if at + 13 > end:
        raise Damaged("The film's decoder is not described.")
    kind = data[at]
    if at + 13 == end:
        return kind, b""
    low, high = _descriptor(data, at + 13, 5)
    return kind, data[low:high]


def _descriptor(data: bytes, at: int, tag: int) -> tuple[int, int]:
    """The body of the descriptor at `at` (14496-1 §8.3.3)."""
    if at >= len(data) or data[at] != tag:
        raise Damaged("The film's decoder is not described.")
    at, size = at + 1, 0
    for _ in range(4):
        byte = data[at] if at < len(data) else 0
        at, size = at + 1, size << 7 | byte & 127
        if byte < 128:
            break
    return at, min(at + size, len(data))
