"""Is memory bounded by one file's needs, whatever its size and however many there are?"""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Run, run
from benchmarks.tables import Table, mebibytes, seconds


def measure(scale: Scale) -> Table:
    table = Table(
        "Memory",
        "Resident memory, looked at 100 times a second; pages shared by processes count twice.",
        ("", "all processes", "parent", "wall"),
    )
    _large(scale, table)
    _many(scale, table)
    return table


def _large(scale: Scale, table: Table) -> None:
    size = scale.pick(4 << 30, 64 << 20) - (1 << 16)
    folder = scale.work / "large"
    material.sparse_wav(folder / "silence.wav", size)
    each = _clean(scale, folder, 1)
    table.add(
        f"one WAV of {size / 2**30:.1f} GiB",
        mebibytes(each.peak),
        mebibytes(each.first),
        seconds(each.wall),
    )
    shutil.rmtree(folder)
    if each.code:
        table.notes.append("The recording was held back: the figure is not that of cleaning it.")


def _many(scale: Scale, table: Table) -> None:
    few, many = scale.pick(10_000, 200), scale.pick(100_000, 2_000)
    parents = []
    for count in (few, many):
        folder = scale.work / f"many-{count}"
        material.tiny_photos(folder, count)
        each = _clean(scale, folder, 2)
        parents.append(each.first)
        table.add(
            f"{count:,} photos of a few hundred bytes",
            mebibytes(each.peak),
            mebibytes(each.first),
            seconds(each.wall),
        )
        shutil.rmtree(folder)
    growth = (parents[1] - parents[0]) / (many - few)
    table.notes.append(
        f"From {few:,} to {many:,} items the parent grows by {growth:.0f} bytes an item."
    )


def _clean(scale: Scale, folder: Path, jobs: int) -> Run:
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(folder), "--out", str(out), "--audit-dir", str(audit)]
    each = run([*command, "--jobs", str(jobs), "-q"], env=scale.env, watch=True, allowed=(0, 3))
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(audit, ignore_errors=True)
    return each
