"""Metadata of an ASF file (specification §4.7, §4.8): records, of which a film needs two.

A record has a stream, a name, a type and a value. The shape of pixels stands
in two of them, as numbers; all others go.
"""

from __future__ import annotations

import struct

from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role, Source

_SHAPE = tuple(f"AspectRatio{axis}\0".encode("utf-16-le") for axis in "XY")
_NUMBER = 3
_LARGEST = 16 << 20


def claim_shape(
    ledger: Ledger, source: Source, start: int, data: int, end: int, runs: list[tuple[int, int]]
) -> bool:
    """Claims the object if it states the shape of pixels; False if all of it may go.

    The records that stay are added to `runs`.
    """
    body = source.read(data, min(end - data, _LARGEST))
    rows = _records(body)
    kept = [row for row in rows if row[2]]
    if not kept:
        return False
    ledger.leaf(ROOT, "metadata", Role.FRAME, start, data + 2)
    ledger.length(start + 16, 8, "little", start, end)
    going = []
    for low, high, needed in rows:
        if needed:
            runs.append((data + low, data + high))
            continue
        going.append(
            ledger.leaf(
                ROOT, "metadata/record", Role.PRIVATE, data + low, data + high, entity="TAG"
            )
        )  # fmt: skip
    stated = int.from_bytes(body[:2], "little")
    if stated != len(rows):
        raise ValueError("the records are cut off")
    ledger.mend(
        data, 2,
        lambda alive, _: (stated - sum(not alive(part) for part in going)).to_bytes(2, "little"),
    )  # fmt: skip
    return True


def _records(body: bytes) -> list[tuple[int, int, bool]]:
    """Start and end of each whole record, and whether it is one that a film needs."""
    rows: list[tuple[int, int, bool]] = []
    at = 2
    for _ in range(int.from_bytes(body[:2], "little")):
        if at + 12 > len(body):
            break
        reserved, _, name, kind, size = struct.unpack_from("<HHHHI", body, at)
        stop = at + 12 + name + size
        if stop > len(body):
            break
        text = body[at + 12 : at + 12 + name]
        rows.append((at, stop, text in _SHAPE and (reserved, kind, size) == (0, _NUMBER, 4)))
        at = stop
    return rows
