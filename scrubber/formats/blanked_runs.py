"""Runs of frames in which a few bytes say nothing and become zero where they stand.

The bytes keep their place, so the content digest is over the runs with those
bytes already as they will be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from scrubber.ledger import ROOT, Ledger
from scrubber.model import Describe, Role, Source

_BLOCK = 1 << 20


def claim_runs(
    ledger: Ledger,
    runs: Sequence[tuple[int, int]],
    blanks: Sequence[tuple[int, bytes]],
    name: str,
    entity: str,
    describe: Describe | None = None,
) -> None:
    """`runs` [start, end) as the content; `blanks`: where, and what must stand there, in order."""
    places = iter([*blanks, (ledger.size + 1, b"")])
    blank = next(places)
    for start, end in runs:
        at = start
        while blank[0] < end:
            if at < blank[0]:
                ledger.leaf(ROOT, "frames", Role.CODED, at, blank[0])
            at = blank[0] + len(blank[1])
            ledger.leaf(
                ROOT, f"frames/{name}", Role.PRIVATE, blank[0], at,
                entity=entity, on_drop=blank[1], describe=describe,
            )  # fmt: skip
            blank = next(places)
        if at < end:
            ledger.leaf(ROOT, "frames", Role.CODED, at, end)
    if blanks:
        ledger.content = lambda source: digest_of(source, runs, dict(blanks))


def digest_of(source: Source, runs: Iterable[tuple[int, int]], blanks: dict[int, bytes]) -> str:
    """SHA-256 over `runs`, with the bytes of `blanks` where they must stand, both in order."""
    digest = hashlib.sha256()
    places = sorted(blanks)
    first = 0
    for start, end in runs:
        at = start
        while first < len(places) and places[first] < end:
            place = places[first]
            _feed(digest, source, at, place)
            digest.update(blanks[place])
            at = place + len(blanks[place])
            first += 1
        _feed(digest, source, at, end)
    return digest.hexdigest()


def _feed(digest: hashlib._Hash, source: Source, start: int, end: int) -> None:
    for at in range(start, end, _BLOCK):
        digest.update(source.read(at, min(_BLOCK, end - at)))
