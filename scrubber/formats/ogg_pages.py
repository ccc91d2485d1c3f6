"""Ogg pages (RFC 3533 §6): found in order, each proved by its checksum.

The checksum is CRC-32 with the polynomial 0x04c11db7, most significant bit first. zlib has
the same polynomial mirrored: over mirrored bytes, from a register of zero, it gives the
mirrored result. As the register starts at zero the checksum is linear, so a page whose
number changes needs only the checksum of the difference.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source

CAPTURE = b"OggS"
CONTINUED, FIRST, LAST = 1, 2, 4
UNSET = -1  # granule position of a page on which no packet ends
LARGEST = 27 + 255 + 255 * 255
WINDOW = 4 << 20
_HEAD = struct.Struct("<4sBBqIIIB")
_MIRROR = bytes(int(f"{value:08b}"[::-1], 2) for value in range(256))
_EMPTY = 0xFFFFFFFF  # what zlib calls a register of zero
_ZEROS = bytes(LARGEST)


class Page(NamedTuple):
    """One page. `body` belongs to the window: copy what is kept."""

    at: int
    end: int
    flags: int
    granule: int
    serial: int
    sequence: int
    lacing: bytes
    body: memoryview

    @property
    def ends_packet(self) -> bool:
        return bool(self.lacing.strip(b"\xff"))


def pages(source: Source, at: int, end: int) -> Iterator[Page]:
    """Every page in [at, end). What stands between two is told by their places.

    Raises Damaged for a page that is cut off or whose checksum is wrong.
    """
    base, data = at, b""
    view = mirrored = memoryview(data)
    while at < end:
        if base + len(data) - at < LARGEST and base + len(data) < end:
            base, data = at, source.read(at, min(WINDOW, end - at))
            view, mirrored = memoryview(data), memoryview(data.translate(_MIRROR))
        low = data.find(CAPTURE, at - base)
        if low < 0:
            at = base + len(data) - (0 if base + len(data) == end else 3)
            continue
        if base + low != at:
            at = base + low
            continue
        page = _page(data, view, low, at)
        high = low + page.end - page.at
        value = zlib.crc32(mirrored[low : low + 22], _EMPTY)
        value = zlib.crc32(mirrored[low + 26 : high], zlib.crc32(_ZEROS[:4], value)) ^ _EMPTY
        if value != int.from_bytes(mirrored[low + 22 : low + 26], "big"):
            raise Damaged(f"The page at offset {at} is damaged.", "Its checksum is wrong.")
        yield page
        at = page.end


def _page(data: bytes, view: memoryview, low: int, at: int) -> Page:
    if len(data) - low < 27:
        raise Damaged(f"The page at offset {at} is cut off.")
    _, version, flags, granule, serial, sequence, _, count = _HEAD.unpack_from(data, low)
    if version:
        raise Unsupported(f"The page at offset {at} is of version {version} of Ogg.")
    body = low + 27 + count
    lacing = data[low + 27 : body]
    high = body + sum(lacing)
    if high > len(data):
        raise Damaged(f"The page at offset {at} is cut off.")
    return Page(at, at + high - low, flags, granule, serial, sequence, lacing, view[body:high])


def checksum(page: bytes) -> bytes:
    """The four bytes that must stand at offset 22 of `page`."""
    blank = page[:22] + _ZEROS[:4] + page[26:]
    return _stored(zlib.crc32(blank.translate(_MIRROR), _EMPTY) ^ _EMPTY)


def checksum_of(parts: Iterable[bytes]) -> int:
    """The same as the little-endian number that `Ledger.checksum` writes."""
    return int.from_bytes(checksum(b"".join(parts)), "little")


def _stored(mirrored: int) -> bytes:
    return mirrored.to_bytes(4, "big").translate(_MIRROR)


def renumbered(old: bytes, new: bytes, rest: int) -> bytes:
    """Serial, sequence number and checksum (12 bytes) with the first two exchanged for `new`.

    `rest` is how many bytes of the page follow its checksum.
    """
    change = int.from_bytes(old[:8], "big") ^ int.from_bytes(new, "big")
    value = zlib.crc32(change.to_bytes(8, "big").translate(_MIRROR), _EMPTY)
    value = zlib.crc32(memoryview(_ZEROS)[: rest + 4], value) ^ _EMPTY
    return new + _stored(value ^ int.from_bytes(old[8:12].translate(_MIRROR), "big"))


def written(
    packets: list[bytes], serial: int, sequence: int, rest: Page | None = None
) -> list[bytes]:
    """Pages with `packets` of a header, numbered from `sequence`, as libogg frames them.

    `rest` is sound that shares the last page; vorbisfile would play it otherwise elsewhere.
    Raises Unsupported where it does not fit there.
    """
    laced = b"".join(
        b"\xff" * (len(packet) // 255) + bytes((len(packet) % 255,)) for packet in packets
    )
    data = b"".join(packets)
    out: list[bytes] = []
    open_packet = False
    for start in range(0, len(laced), 255):
        lacing = laced[start : start + 255]
        body, data = data[: sum(lacing)], data[sum(lacing) :]
        ends = bool(lacing.strip(b"\xff"))
        flags = CONTINUED if open_packet else 0
        granule = 0 if ends else UNSET
        if rest is not None and start + 255 >= len(laced):
            lacing, body, flags = lacing + rest.lacing, body + rest.body, flags | rest.flags
            granule = rest.granule if rest.ends_packet else 0
        if len(lacing) > 255:
            raise Unsupported("The first sound does not fit on the page on which the headers end.")
        number = sequence + len(out)
        head = _HEAD.pack(CAPTURE, 0, flags, granule, serial, number, 0, len(lacing))
        page = head + lacing + body
        out.append(page[:22] + checksum(page) + page[26:])
        open_packet = lacing[-1] == 255
    return out
