"""Coverage-guided fuzzing of splitters and second readers, a row after the other.

`make fuzz-coverage` gives every row a minute (SECONDS=60, ROWS="png mkv"). Half of the inputs
are bent by libFuzzer, half by the structure-aware mutator. What breaks is kept beside the other
crashes and replayed by `test_fuzz.py`.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import traceback
import zlib
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import atheris

HERE = Path(__file__).parent
FORESEEN = (
    struct.error,
    IndexError,
    ValueError,
    OverflowError,
    KeyError,
    RecursionError,
    zlib.error,
)
"""What the core takes for damage, in a splitter and in a second reader."""
ROOM = ("scrubber.formats", "scrubber.readers", "scrubber.codings", "scrubber.join")
LARGEST = 1 << 16


def fuzz(row: str, seconds: int) -> None:
    """Fuzzes one row in this process, which ends with it."""
    with atheris.instrument_imports(include=[*ROOM]):
        for module in modules_of(row):
            __import__(module)
    from fuzz_samples import name_of, samples
    from mutations import anatomy, bent

    kept: set[str] = set()

    def once(data: bytes) -> None:
        try:
            look(row, data)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
            if what not in kept:
                kept.add(what)
                name = f"{hashlib.sha256(data).hexdigest()[:12]}-{name_of(row).replace(' ', '_')}"
                (HERE / "data" / "crashes").mkdir(parents=True, exist_ok=True)
                (HERE / "data" / "crashes" / name).write_bytes(data)
                print(f"BROKEN {row}: {name}: {what}: {error}", flush=True)

    def bend(data: bytes, largest: int, seed: int) -> bytes:
        draw = Random(seed)
        if draw.random() < 0.5:
            return bytes(atheris.Mutate(data, largest))
        one = anatomy(row, data)
        return bent(draw, row, one, one)[:largest]

    with tempfile.TemporaryDirectory() as corpus:
        for number, data in enumerate(samples(row)):
            (Path(corpus) / str(number)).write_bytes(data)
        options = ["-timeout=20", "-rss_limit_mb=2048", f"-max_total_time={seconds}"]
        options += [f"-max_len={LARGEST}", f"-artifact_prefix={corpus}/", "-print_final_stats=1"]
        atheris.Setup([sys.argv[0], corpus, *options], once, custom_mutator=bend)
        atheris.Fuzz()


def modules_of(row: str) -> list[str]:
    from scrubber.containers import table

    found = table()[row]
    return [str(name).partition(":")[0] for name in (found.format, found.reader)]


def look(row: str, data: bytes) -> None:
    """Cleans `data` by its parts alone, as the laws do. Raises for anything but a true hold."""
    from laws import assert_same, clean, ledger_of

    from scrubber.containers import load_format, load_reader, table
    from scrubber.errors import Held
    from scrubber.source import MemorySource

    form: Any = load_format(table()[row])
    read: Any = load_reader(table()[row])
    try:
        ledger = ledger_of(form, data)
        ledger.tile()
        if ledger.passages is not None:
            for passage in ledger.passages():
                assert isinstance(passage.text, str)
        if table()[row].textual:
            with suppress(*FORESEEN):
                read(MemorySource(data))
            return
        output = clean(form, data)
    except Held:
        return
    try:
        assert_same(ledger, data, read, output)
    except (Held, AssertionError, *FORESEEN):
        return  # the core holds it: the readers disagree
    assert clean(form, output) == output, "fixpoint"


def main() -> None:
    seconds, rows = int(sys.argv[1]), sys.argv[2:]
    if len(rows) == 1:
        fuzz(rows[0], seconds)
        return
    from fuzz_samples import MAKERS

    for row in rows or MAKERS:
        command = [sys.executable, __file__, str(seconds), row]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = [line for line in done.stdout.splitlines() if line.startswith("BROKEN")]
        last = [line for line in done.stderr.splitlines() if " cov: " in line][-1:]
        print(f"{row}: ended {done.returncode}", *last, *told, sep="\n  ", flush=True)
        if done.returncode:  # libFuzzer says what: a hang, memory without bound
            print(done.stderr[-1500:], flush=True)


if __name__ == "__main__":
    main()
