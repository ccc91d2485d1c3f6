"""Second reader for AAC in ADTS frames (ISO/IEC 13818-7 §6.2).

Content digest: SHA-256 over the frames in order, with the free bytes at their
start zero. A clean recording is frames from the first byte to the last, and
those bytes are zero in it already.
"""

from __future__ import annotations

import hashlib
import re

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import end_tags

_HERTZ = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
_BLOCK = 1 << 20
_FAAC = re.compile("libfaac 1[.]0\0*")


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the frames once, in windows. Raises Damaged or Unsupported."""
    digest = hashlib.sha256()
    facts: dict[str, int] = {}
    leftovers: list[str] = []
    fixed = -1
    frames = blocks = base = 0
    while base < source.size:
        data = source.read(base, min(_BLOCK, source.size - base))
        at = 0
        while at + 7 <= len(data):
            head = int.from_bytes(data[at : at + 7], "big")
            size = head >> 13 & 0x1FFF
            if head >> 44 != 0xFFF or head >> 41 & 3 or size < 8 or at + size > len(data):
                break
            if fixed < 0:
                fixed = head >> 26 << 26
                facts = _facts(head)
            if head >> 26 << 26 != fixed:
                raise Unsupported("The headers of the frames do not agree.")
            frames += 1
            blocks += (head & 3) + 1
            if not head >> 40 & 1:
                says = not head & 3 and has_note(data[at + 9 : at + size])
            else:
                says = data[at + 7] > 0x7F and has_note(data[at + 7 : at + size])
            if says:
                leftovers.append("a note in a frame")
            at += size
        digest.update(memoryview(data)[:at])
        base += at
        if not at:
            leftovers.append(f"{source.size - base} bytes that are no frame at {base}")
            break
    if not frames:
        raise Damaged("The recording has no frames.")
    rendering = Rendering.of(frames=frames, blocks=blocks, **facts)
    return Reading("aac", digest.hexdigest(), rendering, (*leftovers[:100], *end_tags(source)))


def _facts(head: int) -> dict[str, int]:
    index = head >> 34 & 15
    if index > 12:
        raise Damaged("The recording has a sampling rate that does not exist.")
    return {"rate": _HERTZ[index], "channels": head >> 30 & 7, "profile": head >> 38 & 3}


def has_note(payload: bytes) -> bool:
    """Whether free bytes before the sound say anything."""
    try:
        return _says(payload)
    except (ValueError, IndexError) as error:
        raise Damaged("A frame ends inside an element.") from error


def _says(payload: bytes) -> bool:
    """Read as a string of bits."""
    bits = "".join(f"{byte:08b}" for byte in payload[:1200])
    at = 0
    while bits[at : at + 3] in ("100", "101", "110"):
        kind, at = bits[at : at + 3], at + 3
        if kind == "110":
            n, at = int(bits[at : at + 4], 2), at + 4
            if n == 15:
                n, at = 14 + int(bits[at : at + 8], 2), at + 8
            said, at = bits[at : at + 8 * n], at + 8 * n
            if said[:4] in ("1011", "1101", "1110"):
                continue
            text = "".join(chr(int(said[i : i + 8], 2)) for i in range(17, len(said) - 7, 8))
            if "1" in said and ("1" in said[:17] or not _FAAC.fullmatch(text)):
                return True
        elif kind == "100":
            aligned, n, at = bits[at + 4], int(bits[at + 5 : at + 13], 2), at + 13
            if n == 255:
                n, at = n + int(bits[at : at + 8], 2), at + 8
            stop = at + (-at % 8 if aligned == "1" else 0) + 8 * n
            if "1" in bits[at:stop]:
                return True
            at = stop
        else:
            counts = [int(bits[at + a : at + b], 2) for a, b in _COUNTS]
            at += 31
            for width in (4, 4, 3):
                at += 1 + (width if bits[at] == "1" else 0)
            at += sum(n * w for n, w in zip(counts, (5, 5, 5, 4, 4, 5), strict=True))
            start, at = at, at + -at % 8
            n = int(bits[at : at + 8], 2)
            if "1" in bits[start:at] + bits[at + 8 : at + 8 + 8 * n]:
                return True
            at += 8 + 8 * n
    return False


_COUNTS = ((10, 14), (14, 18), (18, 22), (22, 24), (24, 27), (27, 31))
