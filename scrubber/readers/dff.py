"""Second reader for DSDIFF (Philips, DSDIFF 1.5).

Content digest: SHA-256 over the form type and, for FVER, PROP with what it
holds, and the sound, the name and the data of each chunk, without sizes and
padding; of CMPR without the name for people.

A clean recording holds nothing else, and its sizes are right.
"""

from __future__ import annotations

import hashlib

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Reading, Rendering, Source

_BLOCK = 1 << 20
_NAMES = (b"\x0fnot compressed\0", b"\x0enot compressed", b"\x0bDST Encoded")
_PROPERTIES = (b"FS  ", b"CHNL", b"CMPR", b"ABSS", b"LSCO")


class _Walk:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.digest = hashlib.sha256()
        self.leftovers: list[str] = []
        self.facts: dict[str, object] = {}

    def chunks(self, at: int, end: int) -> list[tuple[bytes, int, int]]:
        """Name, start of the data and its end."""
        rows = []
        while at + 12 <= end:
            head = self.source.read(at, 12)
            stop = at + 12 + int.from_bytes(head[4:], "big")
            if stop > end:
                break
            rows.append((head[:4], at + 12, stop))
            at = stop
            if stop & 1 and stop < end:
                at += 1
                if self.source.read(stop, 1) != b"\0":
                    self.leftovers.append("padding that is not zero")
        if at != end:
            raise Damaged(f"A chunk at offset {at} is cut off.")
        return rows

    def feed(self, start: int, end: int) -> None:
        for at in range(start, end, _BLOCK):
            self.digest.update(self.source.read(at, min(_BLOCK, end - at)))


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """One pass over the chunks. Raises Damaged or Unsupported."""
    head = source.read(0, min(16, source.size))
    if head[:4] != b"FRM8" or head[12:] != b"DSD ":
        raise Damaged("The file does not begin with a DSDIFF header.")
    end = int.from_bytes(head[4:12], "big") + 12
    if end > source.size:
        raise Damaged("The recording is cut off.")
    walk = _Walk(source)
    walk.digest.update(b"DSD ")
    if end < source.size:
        walk.leftovers.append(f"{source.size - end} bytes after the form")
    seen = []
    for name, start, stop in walk.chunks(16, end):
        if name not in (b"FVER", b"PROP", b"DSD ", b"DST "):
            walk.leftovers.append("a chunk that is not needed")
            continue
        seen.append(name)
        walk.digest.update(name)
        if name == b"PROP":
            _properties(walk, start, stop)
            continue
        walk.feed(start, stop)
        if name == b"DSD ":
            walk.facts["bytes"] = stop - start
        elif name == b"DST ":
            rows = [row[0] for row in walk.chunks(start, stop)]
            walk.facts["frames"] = rows.count(b"DSTF")
            if set(rows[1:]) - {b"DSTF", b"DSTC"} or rows[:1] != [b"FRTE"]:
                raise Unsupported("The compressed sound holds a chunk that is not known.")
    if len(seen) != 3 or seen[:2] != [b"FVER", b"PROP"] or seen[2] not in (b"DSD ", b"DST "):
        raise Damaged("The recording lacks a chunk that it needs, or has it twice.")
    facts = Rendering.of(sound=seen[2].decode().strip(), **walk.facts)
    return Reading("dff", walk.digest.hexdigest(), facts, tuple(walk.leftovers[:100]))


def _properties(walk: _Walk, start: int, end: int) -> None:
    walk.feed(start, start + 4)
    for name, low, high in walk.chunks(start + 4, end):
        if name not in _PROPERTIES:
            walk.leftovers.append("a property that is not needed")
            continue
        walk.digest.update(name)
        if name == b"CMPR":
            if walk.source.read(low + 4, max(high - low - 4, 0)) not in _NAMES:
                walk.leftovers.append("a name of the compression")
            high = min(high, low + 4)
        walk.feed(low, high)
