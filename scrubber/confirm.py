"""Finds the value of a finding again in its original, by its keyed digest.

First among what the formats and detectors find in the file, then among all runs of
bytes of the noted length, where the file is small enough for that. Best effort: a value
that is not one run of bytes of a large file may stay unfound, and proves no less.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrubber.commit import class_range
from scrubber.errors import ScrubError

TRIES = 1_500_000
"""Digests that are tried at most over the runs of a file: a second or two."""
WHOLE = 1 << 28


@dataclass(frozen=True, slots=True)
class Wanted:
    """Finding `number`: its key, its keyed digest (hex) and its length class."""

    number: int
    key: bytes
    value: str
    length: str

    def is_value(self, data: bytes) -> bool:
        return hmac.digest(self.key, data, "sha256").hex() == self.value


@dataclass(frozen=True, slots=True)
class Again:
    """A value that was found, and the runs (offset, length) of the original that it is made of.

    A value may have several runs, as an Exif entry and its data; none are given for one that
    was unpacked or is too large to look for.
    """

    data: bytes
    runs: tuple[tuple[int, int], ...]
    words: str


def find_again(path: str, wanted: Sequence[Wanted]) -> dict[int, Again]:
    """The values found, by number of the finding."""
    found: dict[int, Again] = {}
    whole = Path(path).read_bytes() if os.path.getsize(path) <= WHOLE else b""
    for value, words in _seen(path):
        for one in wanted:
            if one.number not in found and one.is_value(value):
                found[one.number] = Again(value, _runs(whole, value), words)
        if len(found) == len(wanted):
            return found
    for one in wanted:
        if one.number not in found and (again := _by_runs(whole, one)) is not None:
            found[one.number] = again
    return found


def _seen(path: str) -> Iterator[tuple[bytes, str]]:
    from scrubber.bench import Setup, prepare
    from scrubber.look import look
    from scrubber.policy import load_policy

    none = b"\0" * 32
    try:
        seen = look(prepare(Setup(load_policy("standard"), "", none, none, "", False, False)), path)
    except ScrubError:
        return
    for row in seen.found:
        yield row.value, row.words or row.value.decode("utf-8", "replace")


def _by_runs(data: bytes, one: Wanted) -> Again | None:
    shortest, longest = class_range(one.length)
    lengths = range(max(1, shortest), min(longest, len(data)) + 1)
    if not lengths or len(lengths) * len(data) > TRIES:
        return None
    for length in lengths:
        for offset in range(len(data) - length + 1):
            run = data[offset : offset + length]
            if one.is_value(run):
                return Again(run, ((offset, length),), run.decode("utf-8", "replace"))
    return None


def _runs(data: bytes, value: bytes) -> tuple[tuple[int, int], ...]:
    """`value` as few runs of `data`, the longest first taken each time; () if it is not so."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at < len(value) and len(runs) < 8:
        low, high = 0, len(value) - at  # the longest piece that stands there, by halving
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if value[at : at + middle] in data else (low, middle - 1)
        if not low:
            return ()
        runs.append((data.find(value[at : at + low]), low))
        at += low
    return tuple(runs) if at == len(value) else ()
