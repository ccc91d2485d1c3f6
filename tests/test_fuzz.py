"""Damaged files through the same visits that a worker makes: held, or clean and verified.

Every row of the container table that can be written takes part. `make fuzz` runs 20,000
mutations a row (`SCRUB_FUZZ`) from one seed (`SCRUB_FUZZ_SEED`) and every prefix of its samples;
the slow suite runs 1,000. What ever broke lies in tests/data/crashes and is replayed always.
"""

from __future__ import annotations

import hashlib
import os
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz_samples import MAKERS, name_of, samples
from fuzzing import Stuck, bench_in, check, folder, limited
from mutations import mutations
from robustness import _prefixes

from scrubber.bench import Bench
from scrubber.containers import table
from scrubber.identify import identify
from scrubber.model import Outcome
from scrubber.source import MemorySource

CRASHES = Path(__file__).parent / "data" / "crashes"
MANY = int(os.environ.get("SCRUB_FUZZ", "20000"))
SEED = int(os.environ.get("SCRUB_FUZZ_SEED", "1"))
AGAIN = 4  # of so many cleaned copies one is cleaned once more


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with folder() as place:
        yield bench_in(place)


def damaged(row: str, n: int) -> Iterator[bytes]:
    known = samples(row)
    for data in known:
        yield from _prefixes(data, min(len(data), max(60, n // 5 // len(known))))
    yield from mutations(row, known, SEED, n)


def run(bench: Bench, row: str, n: int) -> None:
    name, outcomes, broken = name_of(row), Counter[str](), dict[str, str]()
    check(bench, name, samples(row)[0])  # all imports, before memory is limited
    began, slowest = time.perf_counter(), (0.0, 0)
    with limited():
        for index, bad in enumerate(damaged(row, n)):
            at = time.perf_counter()
            try:
                record = check(bench, name, bad, again=not index % AGAIN)
                outcomes[record.code if record.outcome is Outcome.HELD else record.outcome] += 1
            except (Exception, Stuck) as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                what = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
                if what not in broken:
                    broken[what] = f"{keep(name, bad)}: {what}: {error}"
            slowest = max(slowest, (time.perf_counter() - at, len(bad)))
    each = (time.perf_counter() - began) / max(1, sum(outcomes.values())) * 1000
    print(
        f"{row}: {each:.2f} ms, slowest {slowest[0]:.2f} s of {slowest[1]} bytes,",
        *outcomes.items(),
    )
    assert not broken, "\n".join(broken.values())


def keep(name: str, bad: bytes) -> str:
    CRASHES.mkdir(parents=True, exist_ok=True)
    kept = CRASHES / f"{hashlib.sha256(bad).hexdigest()[:12]}-{name.replace(' ', '_')}"
    kept.write_bytes(bad)
    return kept.name


def test_every_row_that_is_cleaned_takes_part() -> None:
    rows = {row.name for row in table().values() if row.cleanable and not row.nested}
    assert set(MAKERS) == rows


@pytest.mark.slow
@pytest.mark.parametrize("row", MAKERS)
def test_samples_are_what_they_say(row: str) -> None:
    found = {identify(MemorySource(data), name_of(row)).container.name for data in samples(row)}
    assert found == {row}


@pytest.mark.slow
@pytest.mark.parametrize("row", MAKERS)
def test_a_thousand_damages_are_held_or_clean(bench: Bench, row: str) -> None:
    run(bench, row, 1000)


@pytest.mark.fuzz
@pytest.mark.parametrize("row", MAKERS)
def test_many_damages_are_held_or_clean(bench: Bench, row: str) -> None:
    run(bench, row, MANY)


@pytest.mark.parametrize("crash", sorted(CRASHES.glob("*")) or [None], ids=str)
def test_what_broke_once_does_not_break_again(bench: Bench, crash: Path | None) -> None:
    if crash is not None:
        check(bench, crash.name.split("-", 1)[1], crash.read_bytes())
