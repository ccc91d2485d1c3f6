"""Second reader for AMR and AMR-WB (RFC 4867 §5).

Content digest: SHA-256 over the magic line and the frames with the unused
bits of their last bytes zero, which in a clean recording is the whole file.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source

_BLOCK = 1 << 20
_SPEECH = {  # bytes after the type, and how many bits of the last one are unused
    False: {0: (12, 1), 1: (13, 1), 2: (15, 2), 3: (17, 2), 4: (19, 4), 5: (20, 1), 6: (26, 4),
            7: (31, 4), 8: (5, 1), 15: (0, 0)},
    True: {0: (17, 4), 1: (23, 7), 2: (32, 3), 3: (36, 3), 4: (40, 3), 5: (46, 3), 6: (50, 3),
           7: (58, 3), 8: (60, 3), 9: (5, 0), 14: (0, 0), 15: (0, 0)},
}  # fmt: skip


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the frames once. Raises Damaged."""
    head = source.read(0, min(9, source.size))
    wide = head == b"#!AMR-WB\n"
    if not wide and not head.startswith(b"#!AMR\n"):
        raise Damaged("The recording does not begin with its magic line.")
    table = _SPEECH[wide]
    digest = hashlib.sha256(b"#!AMR-WB\n" if wide else b"#!AMR\n")
    leftovers: list[str] = []
    base, frames = 9 if wide else 6, 0
    while base < source.size:
        data = source.read(base, min(_BLOCK, source.size - base))
        at = 0
        while at < len(data) and not data[at] & 0x83:
            size, spare = table.get(data[at] >> 3, (-1, 0))
            end = at + 1 + size
            if size < 0 or end > len(data):
                break
            if size and data[end - 1] % (1 << spare):
                leftovers.append("unused bits that are not zero")
            frames += 1
            at = end
        digest.update(memoryview(data)[:at])
        base += at
        if not at:
            leftovers.append(f"{source.size - base} bytes after the last frame")
            break
    if not frames:
        raise Damaged("The recording has no frames.")
    facts = Rendering.of(frames=frames, wide=wide)
    return Reading("amr", digest.hexdigest(), facts, tuple(leftovers[:100]))
