"""Numbers that follow from the rest of a file, and rates that need no more bits than they have.

A field that states something else is a place to hide in: what must stand there
stands there afterwards.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from scrubber.errors import Damaged
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

_FRACTION = 1 << 16  # no clock of a recording is told apart more finely than in 16.16


def settle(
    ledger: Ledger,
    source: Source,
    parent: PartId,
    name: str,
    at: int,
    true: bytes,
    *,
    role: Role = Role.FRAME,
    entity: str = "HIDDEN_DATA",
) -> PartId:
    """The field at `at` stays if it is `true`; else `true` comes to stand in its place."""
    end = at + len(true)
    if source.read(at, len(true)) == true:
        return ledger.leaf(parent, name, role, at, end)
    return ledger.leaf(parent, name, Role.SLACK, at, end, entity=entity, on_drop=true)


def runs(
    ledger: Ledger,
    parent: PartId,
    name: str,
    spans: Sequence[tuple[int, int]],
    *,
    on_drop: bytes | None = None,
    entity: str = "HIDDEN_DATA",
) -> PartId:
    """One slack part of several runs, which go together; `on_drop` stands at the first."""
    part = ledger.part(parent, name, Role.SLACK, entity=entity, on_drop=on_drop)
    for start, end in spans:
        ledger.claim(part, start, end)
    return part


def extended_rate(data: bytes) -> tuple[int, bytes]:
    """A rate as 80-bit extended (IEEE 754-1985; AIFF 1.3 §COMM) → (in Hz, its one spelling).

    Raises Damaged for what is no rate.
    """
    head, mantissa = struct.unpack(">HQ", data)
    shift = head - 0x3FFF - 63
    if not mantissa or not -80 < shift <= -31:
        raise Damaged("The recording has no sampling rate.")
    return _rate(mantissa * _FRACTION >> -shift)


def _rate(parts: int) -> tuple[int, bytes]:
    """`parts` of 1/65536 Hz."""
    rate = parts + _FRACTION // 2 >> 16
    if not rate:
        raise Damaged("The recording has no sampling rate.")
    size = parts.bit_length()
    return rate, struct.pack(">HQ", 0x3FFF + size - 17, parts << 64 - size)


def double_rate(data: bytes) -> tuple[int, bytes]:
    """A rate as a big-endian double (CAF) → (in Hz, its one spelling). Raises Damaged."""
    value = float(struct.unpack(">d", data)[0])
    if not 0.5 <= value < 1 << 32:
        raise Damaged("The recording has no sampling rate.")
    parts = int(value * _FRACTION)
    return _rate(parts)[0], struct.pack(">d", parts / _FRACTION)
