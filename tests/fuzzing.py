"""One damaged file through the same visits that a worker makes, in this process, with limits.

What may come of it: held with a reason, dropped, or a copy that was verified. Everything else,
an endless loop and a heap without bound among them, is raised.
"""

from __future__ import annotations

import hashlib
import resource
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from scrubber.bench import Bench, Setup, Task, Visit, prepare
from scrubber.containers import load_format, load_reader, table
from scrubber.ledger import Ledger
from scrubber.model import Item, ItemRecord, Outcome, Role
from scrubber.policy import load_policy
from scrubber.source import FileSource, MemorySource
from scrubber.visit import visit

SECONDS = 10.0  # of processor time, for a file of a few thousand bytes
MEMORY = 2 << 30  # bytes on top of what the imports needed: a picture of 89 million pixels decodes
PLANTED = b"PLANTED-"
_NUMBERS = 100  # bytes of one head; in DNG the numbers for developing stand together
_SHARED_MEMORY = Path("/dev/shm")


class Stuck(BaseException):
    """Too much time. No `except Exception` on the way may take it for its own."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder in memory where the system has one: thousands of files are written there."""
    place = _SHARED_MEMORY if _SHARED_MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="scrub-fuzz-", dir=place) as made:
        yield Path(made)


def bench_in(place: Path) -> Bench:
    """Tools with the standard policy and a model of a few words: structure is what is tried."""
    from encoders import write_model  # onnx is slow to load

    (place / "objects").mkdir()
    model = write_model(place / "model")
    policy = load_policy("standard", {"text": {"model": f"encoder:{model}"}})
    objects = str(place / "objects")
    return prepare(Setup(policy, "b-fuzz", b"c" * 32, b"t" * 32, objects, True, False))


@contextmanager
def limited() -> Iterator[None]:
    """No more memory than `MEMORY` on top of what is used now."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


@contextmanager
def timed() -> Iterator[None]:
    def stop(_: int, frame: FrameType | None) -> None:
        raise Stuck(f"more than {SECONDS} seconds")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def check(bench: Bench, name: str, data: bytes, *, again: bool = True) -> ItemRecord:
    """Cleans `data` as a file `name`. Raises AssertionError where a promise is broken.

    With `again` the cleaned copy is cleaned too: it must not change.
    """
    with timed():
        record = _visited(bench, name, data)
        if record.outcome in (Outcome.CLEANED, Outcome.UNCHANGED):
            output = _staged(bench).read_bytes()
            _assert_gone(record, output)
        if record.outcome in (Outcome.CLEANED, Outcome.UNCHANGED) and again:
            second = _visited(bench, name, output)
            if second.container == record.container:  # half a mail can be a text without its rest
                assert second.outcome is Outcome.UNCHANGED, f"fixpoint: {second.code} {second.what}"
    return record


def _assert_gone(record: ItemRecord, output: bytes) -> None:
    """What the samples plant may stand in the picture or sound alone: damage can put it there.

    A few bytes that are numbers for showing it can be words too: any number is one.
    """
    row = table()[record.container or ""]
    if row.textual or PLANTED not in output:
        return
    ledger = Ledger(len(output))
    load_format(row).split(MemorySource(output), ledger)
    for tile in ledger.tile():
        low, high = max(0, tile.start - len(PLANTED) + 1), tile.end + len(PLANTED) - 1
        at = output.find(PLANTED, low, high)
        roles = {ledger.parts[one].role for one in tile.owners}
        numbers = Role.DISPLAY in roles and (row.name == "dng" or tile.end - tile.start < _NUMBERS)
        if at >= 0 and Role.CODED not in roles and not numbers:
            raise AssertionError(f"planted words in {ledger.path(tile.owners[0])} at {at}")


def _staged(bench: Bench) -> Path:
    return Path(bench.setup.objects) / "00000000"


def _visited(bench: Bench, name: str, data: bytes) -> ItemRecord:
    place = Path(bench.setup.objects).parent
    path, staged = place / name, _staged(bench)
    path.write_bytes(data)
    staged.unlink(missing_ok=True)
    item = Item(0, str(place), name, len(data))
    made: Visit = visit(bench, Task(item, str(path)))
    assert made.stopped is None, made.stopped
    if made.record is None:
        made = visit(bench, Task(item, str(path), True, made.learnt, made.sha256))
    record = made.record
    assert record is not None, "no record"
    assert path.read_bytes() == data, "the original changed"
    if record.outcome is Outcome.HELD:
        assert record.code not in ("internal", None), record.code
        assert record.what, "held without a reason"
        assert not staged.exists(), "a held file was staged"
    elif record.outcome is not Outcome.DROPPED:
        assert record.container is not None
        assert hashlib.sha256(staged.read_bytes()).hexdigest() == record.out_sha256, "digest"
        if not table()[record.container].textual:
            with FileSource(staged) as output:
                left = load_reader(table()[record.container])(output, ()).leftovers
            assert left == (), f"leftovers: {left}"
    return record
