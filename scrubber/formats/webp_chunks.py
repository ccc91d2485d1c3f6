"""The chunks of a WebP (RFC 9649 §2.3)."""

from __future__ import annotations

import struct
from typing import NamedTuple

from scrubber.errors import Damaged
from scrubber.model import Source

_MAX_CHUNKS = 200_000


class Chunk(NamedTuple):
    """Its payload is [start, end); with its pad byte it reaches to `stop`."""

    kind: bytes
    at: int
    start: int
    end: int
    stop: int


def chunk_at(source: Source, at: int, end: int) -> Chunk:
    """The chunk at `at` (§2.3). Raises Damaged unless it fits, with its pad byte, before `end`."""
    if at + 8 > end:
        raise Damaged("The picture is cut off.", f"A chunk is missing at offset {at}.")
    kind, size = struct.unpack("<4sI", source.read(at, 8))
    stop = at + 8 + size + (size & 1)
    if stop > end:
        raise Damaged(f"The chunk {name_of(kind)} at offset {at} is cut off.")
    return Chunk(kind, at, at + 8, at + 8 + size, stop)


def chunks_in(source: Source, at: int, end: int) -> list[Chunk]:
    chunks: list[Chunk] = []
    while at + 8 <= end:
        if len(chunks) >= _MAX_CHUNKS:
            raise Damaged(f"The picture has more than {_MAX_CHUNKS} chunks.")
        chunks.append(chunk_at(source, at, end))
        at = chunks[-1].stop
    return chunks


def name_of(kind: bytes) -> str:
    text = kind.decode("latin-1").strip()
    return text if text.isalnum() and text.isascii() else "unknown"
