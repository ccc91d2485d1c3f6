"""How much of a GIF frame's LZW codes the pixels need, and which colours they use (GIF89a §22, F).

The width of a code follows from how many came since the last clear code, so all codes up to
the next one are taken out of the bits at once. A code stands for its prefix and one pixel
more, so lengths follow from lengths; pixels are never unfolded. Every colour first appears
as a code of its own, so the plain codes are the colours in use.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scrubber.errors import Damaged, Unsupported

_FULL = 4096
_WINDOW = 96  # codes that are looked at first after a clear code
_LARGEST = _WINDOW << 8  # more codes than it takes to fill the table
_MAX_CLEARS = 400_000

Numbers = npt.NDArray[np.int64]


class Measured(NamedTuple):
    """`codes` end with the end code right after the last pixel; `used` has a 1 for each colour."""

    codes: bytes
    used: bytes


class _Plan(NamedTuple):
    """Of the codes after a clear code, as many as fill the table and one window more."""

    widths: Numbers
    offsets: Numbers  # in bits from the first
    sizes: Numbers  # entries of the table when a code is read


@cache
def _plan(least: int, count: int, full: bool) -> _Plan:
    """§F: the first code adds no entry; a code is as wide as the number of entries needs."""
    index = np.arange(count, dtype=np.int64) + (_FULL if full else 0)
    sizes = np.minimum((1 << least) + 2 + np.maximum(index - 1, 0), _FULL)
    widths = np.full(count, least + 1, dtype=np.int64)
    for bits in range(least + 1, 12):
        widths[sizes >= 1 << bits] = bits + 1
    return _Plan(widths, np.cumsum(widths) - widths, sizes)


def measure(data: bytes, least: int, pixels: int) -> Measured:
    """The codes of `data` that `pixels` pixels need. `least`: the minimum code size.

    Raises Damaged where the codes end before the pixels do or name no entry.
    """
    if not 2 <= least <= 8:
        raise Damaged(f"A frame has the minimum code size {least}.")
    clear, bits = 1 << least, 8 * len(data)
    stream = np.frombuffer(data + bytes(4), dtype=np.uint8)
    used = np.zeros(clear, dtype=bool)
    at = done = clears = 0
    entries: Numbers | None = None  # lengths, once the table is full
    while True:
        plan, codes = _run(stream, bits, at, least, entries is not None)
        stop = np.flatnonzero((codes == clear) | (codes == clear + 1))
        n = int(stop[0]) if len(stop) else len(codes)
        if n:
            if entries is None:
                entries = _entries(codes[:n], plan, clear)
            steps = np.where(codes[:n] < clear, 1, entries[np.maximum(codes[:n] - clear - 2, 0)])
            reached = done + np.cumsum(steps)
            last = int(np.searchsorted(reached, pixels))
            used[codes[: min(last + 1, n)][codes[: min(last + 1, n)] < clear]] = True
            if last < n:
                end = at + int(plan.offsets[last] + plan.widths[last])
                return _ended(data, end, int(plan.widths[last + 1]), clear + 1, used)
            done = int(reached[-1])
        if not len(stop) and n == _LARGEST:
            at += int(plan.offsets[n])
            continue
        if not len(stop) or codes[n] == clear + 1:
            raise Damaged("The data of a frame end before its last pixel.")
        at += int(plan.offsets[n] + plan.widths[n])
        entries = None
        clears += 1
        if clears > _MAX_CLEARS:
            raise Unsupported("The data of a frame begin anew too often.")


def _run(
    stream: npt.NDArray[np.uint8], bits: int, at: int, least: int, full: bool
) -> tuple[_Plan, Numbers]:
    """The codes from bit `at` to the next clear or end code, to the end, or `_LARGEST` codes."""
    count = _LARGEST if full else _WINDOW
    while True:
        plan = _plan(least, count + 1, full)  # one more, for the end code's width
        fits = int(np.searchsorted(plan.offsets[:count] + plan.widths[:count], bits - at, "right"))
        places = at + plan.offsets[:fits]
        first = places >> 3
        low, middle, high = (stream[first + i].astype(np.int64) for i in range(3))
        words = low | middle << 8 | high << 16
        codes = words >> (places & 7) & (1 << plan.widths[:fits]) - 1
        if fits < count or count == _LARGEST or bool((codes >> 1 == 1 << (least - 1)).any()):
            return plan, codes
        count *= 4


def _entries(codes: Numbers, plan: _Plan, clear: int) -> Numbers:
    """Pixels of each entry: one more than of the code that was read when it was made."""
    count = len(codes)
    if codes[0] >= clear or bool((codes > plan.sizes[:count]).any()) or int(codes.max()) >= _FULL:
        raise Damaged("The data of a frame name a code that does not exist.")
    under = np.maximum(codes[: min(count, _FULL)] - (clear + 2), -1)  # the entry it extends
    lengths = np.where(under < 0, 2, 1)
    while bool((under >= 0).any()):
        held = under >= 0
        lengths = lengths + np.where(held, lengths[under], 0)
        under = np.where(held, under[under], -1)
    return lengths


def _ended(data: bytes, bit: int, width: int, code: int, used: npt.NDArray[np.bool_]) -> Measured:
    """The bits before `bit`, the end code, and zeros up to the byte's end."""
    whole, rest = bit >> 3, bit & 7
    tail = (data[whole] & (1 << rest) - 1 if rest else 0) | code << rest
    ending = tail.to_bytes((rest + width + 7) // 8, "little")
    return Measured(data[:whole] + ending, used.astype(np.uint8).tobytes())
