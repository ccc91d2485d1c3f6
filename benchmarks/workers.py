"""What does a second worker bring?"""

from __future__ import annotations

import os
import shutil

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Candidate, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, seconds, times


def measure(scale: Scale) -> Table:
    made = material.photos(scale.work / "shared", scale.pick(1760, 88))
    material.warm(made.folder)
    table = Table(
        "Workers",
        f"{made.count:,} photos, {made.size / 1e6:,.0f} MB, warm cache,"
        f" {os.cpu_count()} cores. The parent's work is part of both.",
        ("", "wall", "CPU", "faster than one"),
    )

    def with_jobs(jobs: int) -> Candidate:
        out, audit = scale.work / "clean", scale.work / "audit"
        command = [*SCRUB, str(made.folder), "--out", str(out), "--audit-dir", str(audit)]

        def once() -> Run:
            shutil.rmtree(out, ignore_errors=True)
            shutil.rmtree(audit, ignore_errors=True)
            return run([*command, "--jobs", str(jobs), "-q"], env=scale.env, allowed=(0, 3))

        return once

    runs = take_turns({"1 worker": with_jobs(1), "2 workers": with_jobs(2)}, scale.rounds)
    for name, each in runs.items():
        table.add(name, seconds(wall(each)), seconds(cpu(each)), times(of(runs, "1 worker", name)))
    return table
