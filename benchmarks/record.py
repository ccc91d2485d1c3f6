"""What recording costs: facts, log, lists and head for many items, then verifying them.

Every step runs in a process of its own, so that peak memory is that of the step. The peer
is `sha256sum -c`, which does the smallest part of the last one, here in this process and
without structure; the question `verify` asks about the command.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from benchmarks.material import Scale
from benchmarks.measure import ROOT, run
from benchmarks.tables import Table, mebibytes, seconds
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


def measure(scale: Scale) -> Table:
    items = scale.pick(100_000, 1000)
    table = Table(
        "Record",
        f"{items:,} items of 1 KiB, {FINDINGS} findings each; 'base' makes the synthetic records"
        " that every step makes.",
        ("", "CPU", "an item", "peak"),
    )
    cost = {}
    for name in STEPS:
        command = [sys.executable, "-m", "benchmarks.record", name, str(items), str(scale.work)]
        taken, peak = run(command, env={"PYTHONPATH": str(ROOT)}).output.split()
        cost[name] = float(taken)
        table.add(name, seconds(float(taken)), _each(float(taken), items), mebibytes(int(peak)))
    check = 'cd "$1" && sha256sum -c --strict --quiet manifest-sha256.txt'
    each = run(["sh", "-c", check, "sh", str(scale.work / "clean")])
    table.add("sha256sum -c", seconds(each.cpu), _each(each.cpu, items), "")
    log = cost["log"] - cost["base"]  # 'log' makes the facts that it writes
    rest = cost["private_lists"] + cost["bag"] - cost["base"]
    table.notes.append(
        f"Facts, trees, log, lists and head together: {_each(log + rest, items)} an item."
    )
    return table


def _each(taken: float, items: int) -> str:
    return f"{taken / items * 1e6:.0f} µs"


def step(name: str, items: int, folder: Path) -> None:
    begin = time.process_time()
    STEPS[name](items, folder)
    print(f"{time.process_time() - begin:.3f} {_peak()}")


def _peak() -> int:
    """Most resident bytes so far (proc(5), VmHWM): unlike ru_maxrss, of this program alone."""
    words = Path("/proc/self/status").read_text().split("VmHWM:")[1].split()
    return int(words[0]) * 1024


if __name__ == "__main__":
    step(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
