"""Second reader for Wave64 (Sony Pictures Digital 2003).

Content digest: SHA-256 over the bytes of the samples; for PCM, IEEE float,
A-law and mu-law without an incomplete frame at the end.

A clean recording holds the chunks fmt, data and, unless all frames have one
size, fact; zeros between them up to eight bytes; sizes that are true.
"""

from __future__ import annotations

import hashlib
import uuid

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.mp3_inside import inner_leftovers
from scrubber.readers.wav import wave_facts

_BLOCK = 1 << 20
_EVEN = (1, 3, 6, 7)
_NAMES = {
    uuid.UUID("20746d66-acf3-11d3-8cd1-00c04f8edb8a"): "fmt",
    uuid.UUID("74636166-acf3-11d3-8cd1-00c04f8edb8a"): "fact",
    uuid.UUID("61746164-acf3-11d3-8cd1-00c04f8edb8a"): "data",
}
_FILE = uuid.UUID("66666972-912e-11cf-a5d6-28db04c10000")
_FORM = uuid.UUID("65766177-acf3-11d3-8cd1-00c04f8edb8a")


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """Walks the chunks once, in windows. Raises Damaged or Unsupported."""
    if _guid(source, 0) != _FILE or _guid(source, 24) != _FORM:
        raise Damaged("This does not begin as a Wave64 recording.")
    left: list[str] = []
    chunks, last = _chunks(source, left)
    if "fmt" not in chunks or "data" not in chunks:
        raise Damaged("The recording has no format or no samples.")
    at, end = chunks["fmt"]
    facts, block = wave_facts(source.read(at, min(end - at, 1 << 16)), left)
    first, end = chunks["data"]
    if facts["coding"] in _EVEN:
        facts["frames"], rest = divmod(end - first, block)
        end -= rest
        if rest:
            left.append("an incomplete frame after the samples")
        if "fact" in chunks:
            left.append("chunk fact")
    elif "fact" in chunks:
        at, stop = chunks["fact"]
        if stop - at not in (4, 8):
            left.append("fact is of another size")
        facts["frames"] = int.from_bytes(source.read(at, min(stop - at, 8)), "little")
    if facts["coding"] == 0x55:
        left.extend(inner_leftovers(source, first, end))
    if int.from_bytes(source.read(16, 8), "little") not in (source.size, last):
        left.append("the size of the file is not the one stated")
    digest = hashlib.sha256()
    for at in range(first, end, _BLOCK):
        digest.update(source.read(at, min(_BLOCK, end - at)))
    return Reading("w64", digest.hexdigest(), Rendering.of(**facts), tuple(left))


def _guid(source: Source, at: int) -> uuid.UUID:
    return uuid.UUID(bytes_le=source.read(at, 16))


def _chunks(source: Source, left: list[str]) -> tuple[dict[str, tuple[int, int]], int]:
    """(name → body, where the last chunk ends without its padding)."""
    chunks: dict[str, tuple[int, int]] = {}
    at = last = 40
    while at + 24 <= source.size:
        name = _NAMES.get(_guid(source, at), "")
        size = int.from_bytes(source.read(at + 16, 8), "little")
        if size < 24 or at + size > source.size:
            break
        if name in chunks or (name == "data" and "fmt" not in chunks):
            raise Unsupported("The format or the samples stand twice, or in the wrong order.")
        if name:
            chunks[name] = (at + 24, at + size)
        else:
            left.append("another chunk")
        last = at + size
        at = min((last + 7) // 8 * 8, source.size)
        if any(source.read(last, at - last)):
            left.append("padding that is not zero")
    if at != source.size:
        if "data" not in chunks:
            raise Damaged("The recording is cut off.")
        left.append(f"{source.size - at} bytes after the last chunk")
    return chunks, last
