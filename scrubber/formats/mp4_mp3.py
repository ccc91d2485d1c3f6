"""MP3 in MP4 and QuickTime (`.mp3`, `mp4a` of type 6B or 69): the info frame among the samples.

Muxers that take an MP3 file apart frame by frame keep its first frame, which holds no sound:
Xing, Info or VBRI with the encoder's name and settings. It plays as silence, so it stays, in
the form that it has in an MP3 file. What stands inside frames of sound stays, as in MP3 files.
"""

from __future__ import annotations

from collections.abc import Sequence

from scrubber.errors import Unsupported
from scrubber.formats.bmff import Box
from scrubber.formats.mp3_info import info_frame
from scrubber.formats.mpeg_frames import info_offset, sizes
from scrubber.model import Source

_ENTRIES = (b".mp3", b"mp4a", b"ms\0\x55")
_LARGEST = 1 << 13


def may_be_mp3(entry: Box) -> bool:
    """Whether the samples of the entry can be frames of MP3; the first one tells."""
    return entry.kind in _ENTRIES


def info_notes(source: Source, at: int, each: Sequence[int]) -> list[tuple[int, bytes]]:
    """Where the first sample says something of its encoder, and what stands there instead.

    `each` are the sizes of the first samples, which follow each other from `at` on. Raises
    Unsupported where the bytes are heard.
    """
    frame = source.read(at, each[0]) if each and 8 < each[0] <= _LARGEST else b""
    if frame[:1] != b"\xff" or sizes().get(int.from_bytes(frame[1:3], "big")) != len(frame):
        return []
    info = info_frame(frame)
    if info is None:
        return []
    following = source.read(at + len(frame), 8) if len(each) > 1 and each[1] >= 8 else b""
    silent = not any(frame[4 if frame[1] & 1 else 6 : info_offset(frame, b"Xing")])
    if not silent or _borrows(following):
        raise Unsupported("The first frame of the MP3 names its encoder, and is heard.")
    return [
        (at + field.start, field.canonical)
        for field in info.fields
        if frame[field.start : field.end] != field.canonical
    ]


def _borrows(head: bytes) -> bool:
    """Whether a frame takes bits of the one before it (main_data_begin, 11172-3 §2.4.1.7)."""
    if len(head) < 8:
        return False
    at = 4 if head[1] & 1 else 6
    bits = int.from_bytes(head[at : at + 2], "big")
    return bool(bits >> 7 if head[1] >> 3 & 3 == 3 else bits >> 8)
