"""Second reader for Monkey's Audio, version 3.98 and later.

Content digest: SHA-256 over the 24 bytes of the header without its flags
(bytes 2 and 3), and the frames.

A clean recording begins with its descriptor and ends with its last frame;
nothing of the file that was packed is stored, and the MD5 is right or zero.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import credited_end

_BLOCK = 1 << 20


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """One pass over the frames. Raises Damaged or Unsupported."""
    if source.size < 76 or source.read(0, 4) != b"MAC ":
        raise Damaged("The recording does not begin with a descriptor.")
    head = source.read(0, 76)
    whole = [int.from_bytes(head[i : i + 4], "little") for i in range(8, 36, 4)]
    if not 3980 <= int.from_bytes(head[4:6], "little") < 4000 or whole[:2] != [52, 24]:
        raise Unsupported("This version of Monkey's Audio is not known.")
    _, _, seek, wave, low, high, tail = whole
    leftovers = [
        name
        for name, found in (
            ("the header of another file", wave),
            ("the trailer of another file", tail),
            ("padding that is not zero", any(head[6:8])),
            ("flags of another file", head[55]),
        )
        if found
    ]
    if 76 + seek > source.size:
        raise Damaged("The recording is cut off.")
    facts, count = _header(head[52:])
    table = source.read(76, seek)
    first = 76 + seek + wave
    end = first + (low | high << 32)
    facts["seek"] = _seek(table, count, first, end)
    if any(table[count * 4 :]):
        leftovers.append("entries of the seek table without a frame")
    stop, tags = credited_end(source)
    if end + tail > stop:
        raise Damaged("The recording is cut off.")
    if end + tail < stop:
        leftovers.append(f"{stop - end - tail} bytes after the frames")
    content = hashlib.sha256(head[52:54] + head[56:76])
    digest = hashlib.md5(usedforsecurity=False)
    digest.update(source.read(76 + seek, wave))
    for at in range(first, end, _BLOCK):
        block = source.read(at, min(_BLOCK, end - at))
        content.update(block)
        digest.update(block)
    digest.update(source.read(end, tail))
    digest.update(head[52:] + table)
    if any(head[36:52]) and digest.digest() != head[36:52]:
        raise Damaged("The MD5 of the recording is wrong.")
    return Reading("ape", content.hexdigest(), Rendering.of(**facts), (*leftovers, *tags))


def _header(head: bytes) -> tuple[dict[str, object], int]:
    def number(at: int, width: int) -> int:
        return int.from_bytes(head[at : at + width], "little")

    count = number(12, 4)
    facts: dict[str, object] = {
        "level": number(0, 2), "blocks": number(4, 4), "last": number(8, 4), "frames": count,
        "bits": number(16, 2), "channels": number(18, 2), "rate": number(20, 4),
    }  # fmt: skip
    return facts, count


def _seek(table: bytes, count: int, first: int, end: int) -> str:
    """Where the frames begin, counted from the first one, as a digest."""
    if not count or len(table) < count * 4:
        raise Damaged("The seek table is too short.")
    places = [int.from_bytes(table[i : i + 4], "little") for i in range(0, count * 4, 4)]
    if places[0] != first or places != sorted(set(places)) or places[-1] >= end:
        raise Damaged("The seek table does not point to the frames.")
    return hashlib.sha256(
        b"".join((place - first).to_bytes(4, "little") for place in places)
    ).hexdigest()
