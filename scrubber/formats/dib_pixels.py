"""Pixels of a bitmap: rows with what pads them, or runs ([MS-WMF] §2.1.1.7, §3.1.6).

Rows are padded to four bytes, and bits that no pixel needs can hold anything; so can
the second half of a byte that codes one pixel, and the byte that pads a run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_BLOCK = 1 << 20
_LONGEST = 64 << 20  # bytes of a compressed bitmap


@dataclass(slots=True)
class Pixels:
    """`end`: where they end. `blanks`: (offset, what must stand there). `used`: colours."""

    end: int
    blanks: list[tuple[int, bytes]] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    digest: hashlib._Hash = field(default_factory=hashlib.sha256)


def rows(source: Source, at: int, end: int, width: int, height: int, bits: int) -> Pixels:
    """`height` rows from `at`, before `end`. Raises Damaged if they are cut off."""
    stride = (width * bits + 31) // 32 * 4
    whole, left = divmod(width * bits, 8)
    found = Pixels(at + stride * height)
    if found.end > end:
        raise Damaged("The picture is cut off.", f"Its rows need {stride * height} bytes.")
    step = max(1, _BLOCK // stride)
    known, tails = bytearray(), set[int]()
    for row in range(0, height, step):
        count = min(step, height - row)
        start = at + row * stride
        block = source.read(start, count * stride)
        if whole == stride:
            found.digest.update(block)
            content = block
        else:
            content, last = _padded(block, start, stride, whole, left, found)
            tails |= last
        if bits <= 8:
            _learn(content, known)
    if bits <= 8:
        for byte in known:
            found.used.update(_indices(byte, bits, 8 // bits))
        for byte in tails:
            found.used.update(_indices(byte, bits, left // bits))
    return found


def _padded(
    block: bytes, start: int, stride: int, whole: int, left: int, found: Pixels
) -> tuple[bytes, set[int]]:
    """Whole bytes of pixels of all rows, and the bytes of which only some bits are pixels."""
    mask = 0xFF00 >> left & 0xFF
    kept = whole + bool(left)
    dirty = {i for column in range(kept, stride) for i in _set(block[column::stride])}
    if left:
        column = block[whole::stride]
        dirty |= {i for i, byte in enumerate(column) if byte & ~mask}
    pieces, tails = [], set[int]()
    for number in range(len(block) // stride):
        row = block[number * stride : number * stride + kept]
        if left:
            tails.add(row[-1] & mask)
            row = row[:-1] + bytes((row[-1] & mask,))
        if number in dirty:
            at = start + number * stride + whole
            found.blanks.append((at, row[whole:] + bytes(stride - kept)))
        pieces.append(row)
    found.digest.update(b"".join(pieces))
    return b"".join(row[:whole] for row in pieces), tails


def _set(column: bytes) -> Iterator[int]:
    if any(column):
        yield from (i for i, byte in enumerate(column) if byte)


def _learn(data: bytes, known: bytearray) -> None:
    """Adds to `known` every byte value that `data` has."""
    rest = data.translate(None, bytes(known))
    while rest:
        known.append(rest[0])
        rest = rest.replace(rest[:1], b"")


def _indices(byte: int, bits: int, count: int) -> Iterator[int]:
    for n in range(count):
        yield byte >> (8 - bits * (n + 1)) & ((1 << bits) - 1)


def runs(source: Source, at: int, end: int, width: int, height: int, bits: int) -> Pixels:
    """Runs of 4 or 8 bits from `at`, before `end`. Raises Damaged for one that leads outside."""
    if end - at > _LONGEST:
        raise Unsupported("The compressed bitmap is too large.", fix="Save it as PNG.")
    data = source.read(at, end - at)
    found = Pixels(at, used={0})
    place = x = y = 0
    while True:
        count, value = data[place], data[place + 1]
        place += 2
        if not count and value == 1:
            break
        if count:
            x += count
            if bits == 8:
                found.used.add(value)
            else:
                found.used.add(value >> 4)
                if count > 1:
                    found.used.add(value & 15)
                elif value & 15 not in (0, value >> 4):
                    found.blanks.append((at + place - 1, bytes((value & 0xF0,))))
        elif not value:
            x, y = 0, y + 1
        elif value == 2:
            x, y = x + data[place], y + data[place + 1]
            place += 2
        else:
            x += value
            place = _verbatim(data, place, value, bits, at, found)
        if x > width or y > height or (y == height and x):
            raise Damaged("A run of the bitmap leads outside the picture.")
    found.end = at + place
    clean = bytearray(data[:place])
    for where, true in found.blanks:
        clean[where - at : where - at + len(true)] = true
    found.digest.update(clean)
    return found


def _verbatim(data: bytes, place: int, count: int, bits: int, at: int, found: Pixels) -> int:
    """Pixels one by one, padded to two bytes. Returns where they end."""
    size = count if bits == 8 else (count + 1) // 2
    stop = place + size + size % 2
    if stop > len(data):
        raise Damaged("The picture is cut off.")
    body = data[place : place + size]
    if bits == 8:
        found.used.update(body)
        true = body[-1:]
    else:
        found.used.update(byte >> 4 for byte in body)
        found.used.update(byte & 15 for byte in (body if count % 2 == 0 else body[:-1]))
        true = bytes((body[-1] & (0xF0 if count % 2 else 0xFF),))
    true += bytes(size % 2)
    if data[stop - len(true) : stop] != true:
        found.blanks.append((at + stop - len(true), true))
    return stop


def claim_pixels(ledger: Ledger, part: PartId, name: str, at: int, pixels: Pixels) -> None:
    """The pixels as content, and each padding that is not zero as slack."""
    coded = ledger.part(part, name, Role.CODED)
    for start, true in pixels.blanks:
        ledger.claim(coded, at, start)
        at = start + len(true)
        ledger.leaf(
            part, f"{name} padding", Role.SLACK, start, at, entity="HIDDEN_DATA", on_drop=true
        )
    ledger.claim(coded, at, pixels.end)
