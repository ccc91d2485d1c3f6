"""The chunks of a PNG while it is split (W3C PNG §5.3)."""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import ROOT, Ledger, PartId
from scrubber.model import Role, Source
from scrubber.source import blocks

_MAX_CHUNKS = 150_000


class Chunk(NamedTuple):
    """`at` is the offset of its length field; data stand in [start, end), CRC after them."""

    kind: bytes
    at: int
    start: int
    end: int

    @property
    def stop(self) -> int:
        return self.end + 4


@dataclass(slots=True)
class Frame:
    """One picture of the file: the default image, or a frame of the animation."""

    width: int
    height: int
    chunks: list[Chunk] = field(default_factory=list)
    skip: int = 0  # bytes of each chunk before the stream: 4 in fdAT


@dataclass(slots=True)
class Picture:
    ledger: Ledger
    source: Source
    chunks: list[Chunk]
    width: int = 0
    height: int = 0
    depth: int = 0
    kind: int = 0
    interlaced: bool = False
    animated: bool = False
    colours: int = 0  # of the palette
    first_data: int = 0  # index of the first IDAT in `chunks`
    seen: set[bytes] = field(default_factory=set)
    turns: list[tuple[int, int, PartId]] = field(default_factory=list)
    oriented: PartId | None = None
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def data(self, chunk: Chunk) -> bytes:
        return self.source.read(chunk.start, chunk.end - chunk.start)

    def record(self, name: bytes, data: bytes) -> None:
        self.digest.update(name + len(data).to_bytes(8, "big") + data)


def walk_chunks(source: Source) -> list[Chunk]:
    """All chunks up to IEND (§5.3). Raises Damaged where one does not fit."""
    at, chunks = 8, list[Chunk]()
    while not chunks or chunks[-1].kind != b"IEND":
        if at + 12 > source.size:
            raise Damaged("The picture has no end chunk (IEND).", "It was cut off.")
        length, kind = struct.unpack(">I4s", source.read(at, 8))
        if not kind.isalpha() or not kind.isascii():
            raise Damaged(f"There is no chunk at offset {at}.")
        if length > 0x7FFFFFFF or at + 12 + length > source.size:
            raise Damaged(f"The chunk {kind.decode()} at offset {at} is cut off.")
        if len(chunks) >= _MAX_CHUNKS:
            raise Unsupported(f"The picture has more than {_MAX_CHUNKS} chunks.")
        chunks.append(Chunk(kind, at, at + 8, at + 8 + length))
        at += 12 + length
    if chunks[-1].start != chunks[-1].end:
        raise Damaged("The end chunk (IEND) is not empty.")
    return chunks


def check(picture: Picture, chunk: Chunk) -> None:
    stored = int.from_bytes(picture.source.read(chunk.end, 4), "big")
    if _crc(blocks(picture.source, chunk.at + 4, chunk.end)) != stored:
        raise Damaged(f"The checksum of {chunk.kind.decode()} at offset {chunk.at} is wrong.")


def _crc(data: Iterable[bytes]) -> int:
    value = 0
    for block in data:
        value = zlib.crc32(block, value)
    return value


def keep(picture: Picture, chunk: Chunk, role: Role = Role.DISPLAY) -> None:
    """A chunk that stays byte for byte."""
    check(picture, chunk)
    if chunk.kind != b"IEND":
        picture.record(chunk.kind, picture.data(chunk))
    picture.ledger.leaf(ROOT, chunk.kind.decode(), role, chunk.at, chunk.stop)


def open_chunk(picture: Picture, chunk: Chunk) -> PartId:
    """A chunk with parts of its own: it lives while any of them does."""
    ledger = picture.ledger
    part = ledger.part(ROOT, chunk.kind.decode(), Role.FRAME)
    ledger.scope(part, chunk.at, chunk.stop)
    ledger.claim(part, chunk.at, chunk.start)
    ledger.claim(part, chunk.end, chunk.stop)
    mended(ledger, chunk)
    return part


def mended(ledger: Ledger, chunk: Chunk) -> None:
    ledger.length(chunk.at, 4, "big", chunk.start, chunk.end)
    ledger.checksum(chunk.end, 4, "big", chunk.at + 4, chunk.end, _crc)
