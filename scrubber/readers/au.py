"""Second reader for AU (Sun Microsystems 1992).

Content digest: SHA-256 over the bytes of the samples without an incomplete
frame at the end. A clean recording is a head of 24 bytes and samples that fill
the size it states; only beyond 4 GB may the size be unstated.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source

_BLOCK = 1 << 20
_BITS = {1: 8, 2: 8, 3: 16, 4: 24, 5: 32, 6: 32, 7: 64, 23: 0, 24: 0, 25: 0, 26: 0, 27: 8}


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Reads the head, then the samples in windows. Raises Damaged or Unsupported."""
    head = source.read(0, 24)
    if not head.startswith(b".snd"):
        raise Damaged("This does not begin as an AU recording.")
    first, size, coding, rate, channels = (
        int.from_bytes(head[at : at + 4], "big") for at in range(4, 24, 4)
    )
    if coding not in _BITS:
        raise Unsupported("The coding of the samples is not known.")
    if not rate or not channels or first < 24 or first > source.size:
        raise Damaged("The head of the recording is not what it should be.")
    left: list[str] = []
    if first != 24:
        left.append("an annotation")
    held = source.size - first
    if size >= 0x7EFF0000 and size > held:
        left.append("the size of the samples is not stated")
        size = held
    elif size == 0xFFFFFFFF:
        size = held
    if size > held:
        raise Damaged("The samples are cut off.")
    if size < held:
        left.append(f"{held - size} bytes after the samples")
    width = _BITS[coding] // 8 * channels or 1
    if size % width:
        left.append("an incomplete frame at the end")
    end = first + size - size % width
    digest = hashlib.sha256()
    for at in range(first, end, _BLOCK):
        digest.update(source.read(at, min(_BLOCK, end - at)))
    facts = {"coding": coding, "rate": rate, "channels": channels, "frames": size // width}
    return Reading("au", digest.hexdigest(), Rendering.of(**facts), tuple(left))
