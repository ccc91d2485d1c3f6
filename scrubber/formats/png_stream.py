"""The zlib streams of a PNG: where they end, and their scanlines (W3C PNG §7, §8, §10)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.model import Source
from scrubber.source import BLOCK

MAX_SCANLINES = 8 << 30
_ADAM7 = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)

Run = tuple[int, int]


class End(NamedTuple):
    """Where a stream ends: in which run, at which offset. `overlong`: it holds more rows."""

    run: int
    at: int
    overlong: bool


def scanline_bytes(width: int, height: int, bits: int, interlaced: bool) -> int:
    """Bytes of all filtered scanlines: a filter byte and the packed samples of each row."""
    if not interlaced:
        return height * (1 + (width * bits + 7) // 8)
    total = 0
    for x, y, step_x, step_y in _ADAM7:
        columns, rows = (width - x + step_x - 1) // step_x, (height - y + step_y - 1) // step_y
        if columns > 0 and rows > 0:
            total += rows * (1 + (columns * bits + 7) // 8)
    return total


def inflate(source: Source, runs: list[Run], expected: int, feed: Callable[[bytes], object]) -> End:
    """Feeds exactly `expected` bytes, in blocks. Raises Damaged if the stream holds fewer."""
    if expected > MAX_SCANLINES:
        raise Unsupported(f"The picture has {expected} bytes of scanlines.")
    left, engine = expected, zlib.decompressobj()
    for index, at, block in _blocks(source, runs):
        pending = block
        while True:
            limit = min(BLOCK, left + 1)
            out = _step(engine, pending, limit)
            if len(out) > left:
                feed(out[:left])
                return End(index, at + len(block), True)
            feed(out)
            left -= len(out)
            if engine.eof:
                if left:
                    raise Damaged("The picture data end before the last row.")
                return End(index, at + len(block) - len(engine.unused_data), False)
            pending = engine.unconsumed_tail
            if not pending and len(out) < limit:
                break
    raise Damaged("The picture data are cut off.")


def recode(source: Source, runs: list[Run], expected: int) -> bytes:
    """The first `expected` bytes of the stream in a stream of their own."""
    packer = zlib.compressobj(9)
    out: list[bytes] = []
    inflate(source, runs, expected, lambda rows: out.append(packer.compress(rows)))
    return b"".join(out) + packer.flush()


def _blocks(source: Source, runs: list[Run]) -> Iterator[tuple[int, int, bytes]]:
    for index, (start, end) in enumerate(runs):
        for at in range(start, end, BLOCK):
            yield index, at, source.read(at, min(BLOCK, end - at))


def _step(engine: zlib._Decompress, pending: bytes, limit: int) -> bytes:
    try:
        return engine.decompress(pending, limit)
    except zlib.error as error:
        raise Damaged("The picture data do not decompress.") from error


def inflated(data: bytes, limit: int) -> tuple[bytes, int] | None:
    """A small stream that starts `data`: its content and its length; None if it is none."""
    engine = zlib.decompressobj()
    try:
        out = engine.decompress(data, limit)
    except zlib.error:
        return None
    if not engine.eof:
        return None
    return out, len(data) - len(engine.unused_data)
