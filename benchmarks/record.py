"""What recording costs: facts, log, lists and head for many items, then verifying them.

Usage: python benchmarks/record.py [ITEMS] [FOLDER]     (100000 items by default)
Every step runs in a process of its own, so that peak memory is that of the step.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from reports.audit import AuditFolder
from reports.batch import write_bag
from reports.exports import write_private_lists
from reports.tally import count
from reports.verify import verify_bag
from scrubber.commit import finding_digest, held_root, item_facts
from scrubber.model import Action, Batch, Engine, Finding, ItemRecord, Outcome, Tally

KEY = bytes(range(32))
ID = "b-benchmark"
BATCH = Batch(ID, "standard", "00" * 32, (Engine("scrub", "0.1.0"),))
FINDINGS = 3


def data_of(index: int) -> bytes:
    return sha256(str(index).encode()).digest() * 32


def out_path(index: int) -> str:
    return f"{index // 1000:03}/{index % 1000:03}.jpg"


def bare_record(index: int) -> ItemRecord:
    data = data_of(index)
    return ItemRecord(
        index=index,
        path=f"Jane Example/{index:06}.jpg",
        outcome=Outcome.CLEANED,
        size=len(data) + 40,
        sha256=sha256(b"original" + data).hexdigest(),
        media_type="image/jpeg",
        out_path=out_path(index),
        out_sha256=sha256(data).hexdigest(),
        out_size=len(data),
        not_checked=("FACE", "TEXT_IN_IMAGE"),
        content_identical=True,
    )


def with_facts(record: ItemRecord) -> ItemRecord:
    findings = tuple(
        Finding(
            "CAMERA_SERIAL",
            "APP1/Exif/BodySerialNumber",
            Action.DROP,
            "exif",
            8,
            value=finding_digest(KEY, str(record.index), ordinal, b"55501234"),
        )
        for ordinal in range(FINDINGS)
    )
    record = replace(record, findings=findings)
    facts, root = item_facts(KEY, record)
    return replace(record, facts=facts, facts_root=root)


def records(items: int) -> Iterator[ItemRecord]:
    return map(bare_record, range(items))


def base(items: int, folder: Path) -> None:
    for _ in records(items):
        pass


def facts(items: int, folder: Path) -> None:
    for record in records(items):
        with_facts(record)


def log(items: int, folder: Path) -> None:
    tally = Tally()
    with AuditFolder.create(folder / "audit").log(ID) as writer:
        for record in map(with_facts, records(items)):
            tally = count(tally, record)
            writer.item(record)
        writer.close(tally)


def private_lists(items: int, folder: Path) -> None:
    write_private_lists(AuditFolder.open(folder / "audit"), ID)


def payload(items: int, folder: Path) -> None:
    for index in range(items):
        path = folder / "clean/data" / out_path(index)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data_of(index))


def bag(items: int, folder: Path) -> None:
    tally = Tally(items_out=items, bytes_out=items * 1024)
    private = {"held_root": held_root(KEY, []), "log_head": "00" * 32}
    root = item_facts(KEY, bare_record(0))[1]
    listed = (replace(record, facts_root=root) for record in records(items))
    write_bag(folder / "clean", BATCH, listed, tally, private)


def verify(items: int, folder: Path) -> None:
    report = verify_bag(folder / "clean")
    assert report.ok, report.problems[:3]


STEPS: dict[str, Callable[[int, Path], None]] = {
    step.__name__: step for step in (base, facts, log, private_lists, payload, bag, verify)
}


def main() -> None:
    if len(sys.argv) == 4:
        start = time.perf_counter()
        STEPS[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{time.perf_counter() - start:.3f} {peak:.0f}")
        return
    items = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        print(
            f"{items} items of 1 KiB, {FINDINGS} findings each; 'base' makes the synthetic records"
        )
        for name in STEPS:
            command = [sys.executable, __file__, name, str(items), folder]
            run = subprocess.run(command, capture_output=True, text=True, check=True)
            seconds, megabytes = run.stdout.split()
            each = float(seconds) / items * 1e6
            print(f"{name:14} {float(seconds):8.2f} s {each:8.1f} µs/item {megabytes:>5} MiB peak")
        begin = time.perf_counter()
        command = ["sha256sum", "-c", "--strict", "--quiet", "manifest-sha256.txt"]
        subprocess.run(command, cwd=Path(folder, "clean"), check=True)
        print(f"{'sha256sum -c':14} {time.perf_counter() - begin:8.2f} s")


if __name__ == "__main__":
    main()
