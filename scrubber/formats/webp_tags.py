"""Metadata chunks of WebP: split for their names, and gone as a whole.

Chunks start at even offsets, so what is left of a block in parts would need another pad byte.
A block goes whole instead, and the one value that matters comes back in a block of its own.
"""

from __future__ import annotations

import functools

from scrubber.formats.xmp import effective_orientation
from scrubber.model import Source

EXIF = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\0\0\0\0\0\0\0\0"
TAGS = {
    b"EXIF": "TAG", b"XMP ": "TAG", b"META": "TAG", b"ICCP": "COLOR_PROFILE",
    b"C2PA": "PROVENANCE", b"ANMF": "EMBEDDED_MEDIA", b"VP8 ": "EMBEDDED_MEDIA",
    b"VP8L": "EMBEDDED_MEDIA", b"ALPH": "EMBEDDED_MEDIA",
}  # fmt: skip


@functools.cache
def exif_chunk(turn: int) -> bytes:
    """An EXIF chunk whose one entry is Orientation (Exif 3.0 §4.6.2)."""
    return b"EXIF" + len(EXIF).to_bytes(4, "little") + EXIF[:18] + bytes((turn,)) + EXIF[19:]


def orientation_in(source: Source, start: int, end: int) -> int:
    """tiff:Orientation of the XMP chunk at `start`, 1 if it has none."""
    size = int.from_bytes(source.read(start + 4, 4), "little")
    return effective_orientation(source.read(start + 8, min(size, end - start - 8)))


def xmp_chunk(packet: bytes) -> bytes:
    """A chunk of XMP (RFC 9649 §2.7.1.5)."""
    return b"XMP " + len(packet).to_bytes(4, "little") + packet + bytes(len(packet) & 1)
