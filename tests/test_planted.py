"""Words put before and behind every part of every kind of file: they do not pass.

The frame around them is made right again, so a file is as whole as its format lets it be. What
remains may stand in the picture or sound alone.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

import pytest
from fuzz_samples import MAKERS, name_of, samples
from fuzzing import bench_in, check, folder
from mutations import Anatomy, anatomy, paged

from scrubber.bench import Bench
from scrubber.containers import table
from scrubber.errors import Held
from scrubber.join import chunks, join
from scrubber.source import MemorySource

WORDS = b"PLANTED-7f3a91 Jane Doe, 12 Sea Rd"
BINARY = [row for row in MAKERS if not table()[row].textual]


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with folder() as place:
        yield bench_in(place)


def planted(one: Anatomy) -> Iterator[tuple[str, bytes]]:
    """Name of a part, and the file with words in it."""
    source = MemorySource(one.data)
    for part in one.ledger.parts:
        if len(part.spans) != 1:
            continue
        (start, end), name = part.spans[0], one.ledger.path(part.id)
        old = one.data[start:end]
        for body in (old + WORDS, old + WORDS * 8, old + WORDS + old, WORDS + old):
            try:
                joined = join(one.ledger, source, (), {part.id: body}, tiles=one.tiles, force=True)
                yield name, b"".join(chunks(joined, source))
            except (Held, ValueError, IndexError, OverflowError, struct.error, zlib.error):
                continue
    for cut in one.cuts:
        yield f"gap at {cut}", one.data[:cut] + WORDS + one.data[cut:]


@pytest.mark.slow
@pytest.mark.parametrize("row", BINARY)
def test_words_in_any_part_do_not_pass(bench: Bench, row: str) -> None:
    name, told = name_of(row), list[str]()
    for data in samples(row):
        for where, bad in planted(anatomy(row, data)):
            try:
                check(bench, name, paged(bad), again=False)
            except AssertionError as error:
                told.append(f"{where}: {error}")
    assert not told, "\n".join(told)
