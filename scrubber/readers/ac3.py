"""Second reader for AC-3 and E-AC-3 (ETSI TS 102 366).

Content digest: SHA-256 over the frames in order, which in a clean recording
is the whole file: no frame in it carries auxiliary data.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import end_tags

_BLOCK = 1 << 20
_HERTZ = {0: 48000, 1: 44100, 2: 32000}
_WORDS = {  # Table 4.13, for an even code; at 44.1 kHz an odd one has a word more
    0: (
        64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448,
        512, 640, 768, 896, 1024, 1152, 1280,
    ),
    1: (
        69, 87, 104, 121, 139, 174, 208, 243, 278, 348, 417, 487,
        557, 696, 835, 975, 1114, 1253, 1393,
    ),
    2: (
        96, 120, 144, 168, 192, 240, 288, 336, 384, 480, 576, 672,
        768, 960, 1152, 1344, 1536, 1728, 1920,
    ),
}  # fmt: skip


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the frames once, in windows. Raises Damaged or Unsupported."""
    digest = hashlib.sha256()
    facts: dict[str, object] = {}
    leftovers: list[str] = []
    base = frames = 0
    while base < source.size:
        data = source.read(base, min(_BLOCK, source.size - base))
        at = 0
        while at + 8 <= len(data):
            size = _bytes(data[at : at + 6])
            if not size or at + size > len(data):
                break
            if not facts:
                facts = _facts(data[at : at + 8])
            if _hertz(data[at + 4]) != facts["rate"]:
                raise Unsupported("The recording changes its rate midway.")
            if data[at + size - 3] >> 1 & 1:
                leftovers.append(f"auxiliary data at {base + at}")
            frames += 1
            at += size
        digest.update(memoryview(data)[:at])
        base += at
        if not at:
            leftovers.append(f"{source.size - base} bytes that are no frame at {base}")
            break
    if not frames:
        raise Damaged("The recording has no frames.")
    rendering = Rendering.of(frames=frames, **facts)
    return Reading("ac3", digest.hexdigest(), rendering, (*leftovers[:100], *end_tags(source)))


def _bytes(head: bytes) -> int:
    if head[:2] != b"\x0b\x77" or head[5] > 0x87:
        return 0
    if head[5] >= 0x58:
        size = 2 * (1 + (int.from_bytes(head[2:4], "big") & 0x7FF))
        return size if size >= 16 and head[2] < 0xC0 else 0
    words = _WORDS.get(head[4] >> 6)
    code = head[4] & 0x3F
    if words is None or code >= 38:
        return 0
    return 2 * (words[code // 2] + (code % 2 if head[4] >> 6 == 1 else 0))


def _hertz(byte: int) -> int:
    if byte < 0xC0:
        return _HERTZ[byte // 64]
    return _HERTZ[min(byte // 16 % 4, 2)] // 2


def _facts(head: bytes) -> dict[str, object]:
    enhanced = head[5] >= 0x58
    layout = (head[4] & 0x0E) // 2 if enhanced else head[6] // 32
    return {"rate": _hertz(head[4]), "layout": layout, "enhanced": enhanced}
