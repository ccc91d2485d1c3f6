"""Damaged input ends in Held or in an output that the second reader accepts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from laws import Read, assert_same, clean, ledger_of

from scrubber.errors import Held
from scrubber.source import MemorySource


def assert_robust(
    form: Any, read: Read, data: bytes, seed: int = 1, n: int = 1000, *, prefixes: int = 400
) -> int:
    """Prefixes and seeded mutations of `data`. Returns how many were cleaned all the same."""
    cleaned = 0
    for bad in (*_prefixes(data, prefixes), *_mutations(data, seed, n)):
        try:
            output = clean(form, bad)
            _assert_accepted(form, read, bad, output)
        except Held:
            continue
        assert clean(form, output) == output
        cleaned += 1
    return cleaned


def _assert_accepted(form: Any, read: Read, bad: bytes, output: bytes) -> None:
    if hasattr(form, "rebuild"):
        reading = read(MemorySource(output))
        assert reading.leftovers == ()
        assert reading.content == read(MemorySource(bad)).content
        return
    ledger = ledger_of(form, bad)
    ledger.tile()
    assert_same(ledger, bad, read, output)


def _prefixes(data: bytes, n: int) -> Iterator[bytes]:
    step = max(1, len(data) // n)
    for end in range(0, len(data), step):
        yield data[:end]


def _mutations(data: bytes, seed: int, n: int) -> Iterator[bytes]:
    """Bytes set, bits turned, runs cut, doubled and swapped: deterministic in `seed`."""
    draw = random.Random(seed)
    for _ in range(n):
        bad = bytearray(data)
        for _ in range(draw.choice((1, 1, 2, 5))):
            at = draw.randrange(len(bad)) if bad else 0
            kind = draw.randrange(6)
            run = draw.choice((1, 2, 4, 12, 64))
            if kind == 0:
                bad[at : at + 1] = bytes((draw.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF)),))
            elif kind == 1:
                bad[at : at + 1] = bytes((bad[at] ^ 1 << draw.randrange(8),)) if bad else b""
            elif kind == 2:
                del bad[at : at + run]
            elif kind == 3:
                bad[at:at] = bad[at : at + run]
            elif kind == 4:
                bad[at : at + run] = draw.randbytes(run)
            else:
                bad[at : at + 4] = draw.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
        yield bytes(bad)
