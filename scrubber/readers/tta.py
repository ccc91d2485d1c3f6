"""Second reader for True Audio (TTA1).

Content digest: SHA-256 over the header, the seek table and the frames, which
in a clean recording is the whole file. mutagen reads its header and looks for
tags as well.
"""

from __future__ import annotations

import binascii
import hashlib
import itertools
from typing import Any

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.end_tags import credited_end
from scrubber.readers.source_file import SourceFile

_BLOCK = 1 << 20


def read(source: Source, edited: tuple[tuple[int, int], ...] = ()) -> Reading:
    """One pass. Raises Damaged."""
    if source.size < 26:
        raise Damaged("The recording is cut off.")
    head = source.read(0, 22)
    if head[:4] != b"TTA1" or head[4] not in (1, 3):
        raise Damaged("The recording does not begin with a header.")
    _checked(head, "header")
    numbers = [int.from_bytes(head[a:b], "little") for a, b in itertools.pairwise(_FIELDS)]
    channels, bits, rate, samples = numbers
    length = rate * 256 // 245
    if not length or not samples:
        raise Damaged("The header of the recording states what cannot be.")
    count = (samples + length - 1) // length
    if 22 + count * 4 + 4 > source.size:
        raise Damaged("The seek table is cut off.")
    table = source.read(22, count * 4 + 4)
    _checked(table, "seek table")
    at = 26 + count * 4
    for i in range(0, count * 4, 4):
        size = int.from_bytes(table[i : i + 4], "little")
        if at + size > source.size:
            raise Damaged("A frame is cut off.")
        _checked(source.read(at, size), "frame")
        at += size
    digest = hashlib.sha256()
    for low in range(0, at, _BLOCK):
        digest.update(source.read(low, min(_BLOCK, at - low)))
    stop, tags = credited_end(source)
    leftovers = [f"{stop - at} bytes after the frames"] if at != stop else []
    leftovers += _tags(source)
    facts = Rendering.of(
        channels=channels, bits=bits, rate=rate, samples=samples, frames=count
    )  # fmt: skip
    return Reading("tta", digest.hexdigest(), facts, (*leftovers, *tags))


_FIELDS = (6, 8, 10, 14, 18)


def _checked(data: bytes, name: str) -> None:
    if len(data) < 4 or binascii.crc32(data[:-4]).to_bytes(4, "little") != data[-4:]:
        raise Damaged(f"The checksum of the {name} is wrong.")


def _tags(source: Source) -> list[str]:
    from mutagen import MutagenError
    from mutagen.id3 import ID3, ID3NoHeaderError

    kind: Any = ID3  # untyped
    try:
        kind(fileobj=SourceFile(source))
    except ID3NoHeaderError:
        return []
    except MutagenError:
        pass
    return ["ID3 tag"]
