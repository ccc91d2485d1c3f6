"""How long does `scrub verify` take, against `sha256sum -c`, which does the smallest part of it?

`--quick` checks digests, lists, tree and head. Without it, every file is also taken apart by
the second reader: for that there is no peer.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Candidate, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, mebibytes, seconds, times
from reports.batch import write_bag
from scrubber.commit import held_root
from scrubber.model import Batch, Engine, ItemRecord, Outcome, Tally

_BATCH = Batch("b-benchmark", "standard", "00" * 32, (Engine("scrub", "0.1.0"),))
_PEER = "sha256sum -c"
_CHECK = 'cd "$1" && sha256sum -c --strict --quiet manifest-sha256.txt'
_WORDS = ["the", "light", "harbour", "grey", "boats", "were", "quiet", "while", "waiting", "river"]


def measure(scale: Scale) -> Table:
    table = Table(
        "Verify",
        "Warm cache, all cores. --quick: digests, lists, tree and head. Without it also the"
        " structure of every file, by the second reader.",
        ("", "wall", "CPU", "wall ÷ sha256sum", "CPU ÷ sha256sum"),
    )
    few, many = scale.pick(10_000, 200), scale.pick(100_000, 2_000)
    texts = scale.work / "texts"
    _texts(texts, many)
    _compare(table, f"{many:,} texts of 1 KiB", texts, scale.rounds)
    large = _peak(texts)
    shutil.rmtree(texts)
    _texts(texts, few)
    small = _peak(texts)
    table.notes.append(
        f"Memory of all processes, structure included: {mebibytes(small)} at {few:,} texts,"
        f" {mebibytes(large)} at {many:,}."
    )
    made = material.photos(scale.work / "photos", scale.pick(1760, 88))
    clean = scale.work / "clean"
    command = [*SCRUB, str(made.folder), "--out", str(clean), "-q"]
    run([*command, "--audit-dir", str(scale.work / "audit")], env=scale.env, allowed=(0, 3))
    name = f"{made.count:,} photos, {made.size / 1e6:,.0f} MB"
    _compare(table, name, clean, scale.rounds)
    table.notes.append(f"The photos are {made.origin}, cleaned by scrub.")
    return table


def _compare(table: Table, what: str, clean: Path, rounds: int) -> None:
    material.warm(clean)
    candidates: dict[str, Candidate] = {
        "scrub verify --quick": lambda: run([*SCRUB, "verify", "-q", "--quick", str(clean)]),
        "scrub verify": lambda: run([*SCRUB, "verify", "-q", str(clean)]),
        _PEER: lambda: run(["sh", "-c", _CHECK, "sh", str(clean)]),
    }
    runs = take_turns(candidates, rounds)
    for name in runs:
        table.add(
            f"{what}: {name}",
            seconds(wall(runs[name])),
            seconds(cpu(runs[name])),
            times(of(runs, name, _PEER)),
            times(of(runs, name, _PEER, "cpu")),
        )


def _peak(clean: Path) -> int:
    return run([*SCRUB, "verify", "-q", str(clean)], watch=True).peak


def _texts(clean: Path, count: int) -> None:
    """A batch of texts that hold nothing private."""
    size = 0

    def records() -> Iterator[ItemRecord]:
        nonlocal size
        for index in range(count):
            data = _text(index)
            path = f"{index // 1000:03}/text-{index:06}.txt"
            (clean / "data" / path).parent.mkdir(parents=True, exist_ok=True)
            (clean / "data" / path).write_bytes(data)
            yield ItemRecord(
                index=index,
                path=path,
                outcome=Outcome.UNCHANGED,
                size=len(data),
                sha256=sha256(data).hexdigest(),
                media_type="text/plain",
                out_path=path,
                out_sha256=sha256(data).hexdigest(),
                out_size=len(data),
                content_identical=True,
                facts_root="11" * 32,
            )

    clean.mkdir(parents=True)
    private = {"held_root": held_root(bytes(32), []), "log_head": "00" * 32}
    write_bag(clean, _BATCH, records(), Tally(items_out=count, bytes_out=1024 * count), private)


def _text(index: int) -> bytes:
    """1,024 bytes of prose, each text its own."""
    chosen = random.Random(index).choices(_WORDS, k=260)
    lines = [" ".join(chosen[at : at + 12]) + "." for at in range(0, len(chosen), 12)]
    return "\n".join(lines).encode()[:1023] + b"\n"
