"""Second reader for DSF (Sony, DSF File Format Specification 1.01).

Content digest: SHA-256 over bytes 40 to 75 (the format without its reserved
field) and the samples without what fills up the last blocks.

A clean recording ends with its data, has no pointer to a tag, and says how
long it is.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source

_NAMES = {"layout": 48, "channels": 52, "rate": 56, "bits": 60}


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """One pass over the data. Raises Damaged."""
    if source.size < 92:
        raise Damaged("The recording is cut off.")
    head = source.read(0, 92)
    if (head[:4], head[28:32], head[80:84]) != (b"DSD ", b"fmt ", b"data"):
        raise Damaged("The headers of the recording are not where they belong.")

    def number(at: int, width: int = 4) -> int:
        return int.from_bytes(head[at : at + width], "little")

    facts = {name: number(at) for name, at in _NAMES.items()}
    samples, channels = number(64, 8), facts["channels"]
    end = 80 + number(84, 8)
    if number(72) != 4096 or not channels or end > source.size or end < 92:
        raise Damaged("The data of the recording is cut off.")
    leftovers = [
        name
        for name, found in (
            ("bytes after the data", source.size > end),
            ("a size that is not that of the file", number(12, 8) != source.size),
            ("a pointer to a tag", number(20, 8)),
            ("a reserved field that is not zero", number(76)),
        )
        if found
    ]
    width = samples if facts["bits"] == 8 else (samples + 7) // 8
    digest = hashlib.sha256(head[40:76])
    at, block = 92, 0
    while at < end:
        begin = block // channels * 4096
        data = source.read(at, 4096) if at + 4096 <= end else b""
        if not data or begin > width:
            raise Damaged("The number of samples does not fit the data.")
        own = data[: max(width - begin, 0)]
        digest.update(own)
        if len(set(data[len(own) :])) > 1:
            leftovers.append("bytes that are no samples in the last block")
        at, block = at + 4096, block + 1
    if block // channels * 4096 < width or block % channels:
        raise Damaged("The data of the recording is cut off.")
    rendering = Rendering.of(samples=samples, **facts)
    return Reading("dsf", digest.hexdigest(), rendering, tuple(leftovers))
