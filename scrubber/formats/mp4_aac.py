"""AAC in MP4 and Matroska: frames without headers, each a sample or block.

ISO/IEC 14496-3 §4.4.2.1, and 14496-1 §7.2.6 for what describes them in MP4.
"""

from __future__ import annotations

from scrubber.errors import Damaged
from scrubber.formats.aac_elements import has_notes, without_notes
from scrubber.formats.bmff import Box
from scrubber.model import Source

_AAC = {0x66, 0x67, 0x68}  # MPEG-2 AAC; 14496-1 Table 5
_MPEG4 = 0x40
_TYPES = {1, 2, 3, 4, 5, 29}  # whose frames are raw data blocks; 14496-3 Table 1.17
_MOST = 4096  # of an `mp4a` entry
_LEAST = 13 + 2  # of a decoder configuration: its fields, and the head of what follows


def is_aac(source: Source, entry: Box) -> bool:
    """Whether the samples of the sample entry are frames of AAC that can begin with notes."""
    if entry.kind != b"mp4a":
        return False
    data = source.read(entry.body, min(entry.end - entry.body, _MOST))
    at = data.find(b"esds")
    if at < 0:
        return False
    at = _inside(data, at + 8, 3)
    if at + 3 > len(data):
        return False
    flags = data[at + 2]
    at += 3 + 2 * (flags >> 7) + 2 * (flags >> 5 & 1)
    if flags & 0x40:
        return False
    at = _inside(data, at, 4)
    if at + _LEAST > len(data):
        return False
    if data[at] != _MPEG4:
        return data[at] in _AAC
    at = _inside(data, at + 13, 5)
    return is_plain(data[at:])


def is_plain(configuration: bytes) -> bool:
    """Whether frames of this AudioSpecificConfig (14496-3 §1.6.2.1) are raw data blocks."""
    return bool(configuration) and configuration[0] >> 3 in _TYPES


def _inside(data: bytes, at: int, tag: int) -> int:
    """Where the descriptor at `at` has its body (14496-1 §8.3.3); the end if it is another."""
    if at >= len(data) or data[at] != tag:
        return len(data)
    at += 1
    for _ in range(4):
        if at >= len(data) or data[at] < 0x80:
            break
        at += 1
    return at + 1


def note_in(source: Source, start: int, end: int) -> tuple[int, bytes] | None:
    """Where the frame [start, end) says something before its sound, and what must stand there.

    Raises Damaged when an element does not end.
    """
    if start == end or not has_notes(source.read(start, 1)[0]):
        return None
    frame = source.read(start, end - start)
    try:
        blank = without_notes(frame)
    except ValueError as error:
        raise Damaged(f"The frame at offset {start} ends inside an element.") from error
    if blank == frame:
        return None
    differ = [i for i, (a, b) in enumerate(zip(frame, blank, strict=True)) if a != b]
    return start + differ[0], blank[differ[0] : differ[-1] + 1]
