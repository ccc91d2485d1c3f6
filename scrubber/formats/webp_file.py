"""A WebP while it is split: what its header says, and what has been seen so far."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from scrubber.formats.webp_chunks import Chunk
from scrubber.ledger import Ledger, PartId
from scrubber.model import Source

ICC_FLAG, ALPHA_FLAG, EXIF_FLAG, XMP_FLAG, ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x04, 0x02
"""Flags of VP8X (RFC 9649 §2.7)."""


@dataclass(slots=True)
class File:
    ledger: Ledger
    source: Source
    end: int = 0  # of the RIFF chunk
    flags: int = 0
    canvas: tuple[int, int] = (0, 0)
    frames: int = 0
    loop: int | None = None
    seen: set[bytes] = field(default_factory=set)
    flagged: dict[int, PartId] = field(default_factory=dict)  # flag → the chunk it announces
    turn: int = 1
    alpha: bool = False
    oriented: bool = False  # Exif has an Orientation, of any value
    replaced: PartId | None = None  # in whose place a block with the orientation comes
    credited: PartId | None = None  # in whose place a packet with the credit comes
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)

    def data(self, chunk: Chunk) -> bytes:
        return self.source.read(chunk.start, chunk.end - chunk.start)

    def record(self, name: bytes, data: bytes) -> None:
        self.digest.update(name + len(data).to_bytes(8, "big") + data)
