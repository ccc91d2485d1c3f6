"""How fast is a folder of photos, against copying it and hashing both copies?"""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks import material
from benchmarks.material import Photos, Scale
from benchmarks.measure import SCRUB, Candidate, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, seconds, times

_PEER = "cp -r and sha256sum of both"
_FEWER = {"exiftool": 352, "mat2": 22}


def measure(scale: Scale) -> Table:
    made = material.photos(scale.work / "photos", scale.pick(1760, 88))
    material.warm(made.folder)
    table = Table(
        "Photos",
        f"{made.count:,} files, {made.size / 1e6:,.0f} MB ({made.origin}), warm cache, one worker,"
        " everything on: two readers, commitments, log, manifest.",
        ("", "wall", "CPU", "wall ÷ cp", "CPU ÷ cp"),
    )
    runs = take_turns({"scrub": _scrub(scale, made), _PEER: _copy(scale, made)}, scale.rounds)
    for name in runs:
        table.add(
            name,
            seconds(wall(runs[name])),
            seconds(cpu(runs[name])),
            times(of(runs, name, _PEER)),
            times(of(runs, name, _PEER, "cpu")),
        )
    _others(scale, made, table)
    return table


def _scrub(scale: Scale, made: Photos) -> Candidate:
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(made.folder), "--out", str(out), "--audit-dir", str(audit)]

    def once() -> Run:
        _gone(out, audit)
        return run([*command, "--jobs", "1", "-q"], env=scale.env, allowed=(0, 3))

    return once


def _copy(scale: Scale, made: Photos) -> Candidate:
    out = scale.work / "copy"
    script = 'cp -r "$1" "$2" && find "$1" "$2" -type f -print0 | xargs -0 sha256sum > "$2.sha256"'

    def once() -> Run:
        _gone(out)
        return run(["sh", "-c", script, "sh", str(made.folder), str(out)])

    return once


def _others(scale: Scale, made: Photos, table: Table) -> None:
    """Cleaners of metadata that prove and record nothing, on fewer files."""
    for name, limit in _FEWER.items():
        if shutil.which(name) is None:
            table.notes.append(f"{name} is not installed here.")
            continue
        count = min(limit, made.count)
        part = Photos(_first(scale, made, count), count, 0, "")
        for label, candidate in _cleaners(scale, name, part).items():
            runs = take_turns(
                {"scrub": _scrub(scale, part), label: candidate, _PEER: _copy(scale, part)},
                scale.rounds,
            )
            table.add(
                f"{label} ({count} files)",
                seconds(wall(runs[label])),
                seconds(cpu(runs[label])),
                times(of(runs, label, _PEER)),
                times(of(runs, label, _PEER, "cpu")),
            )
            ratio = of(runs, label, "scrub")
            table.notes.append(f"{label}: {times(ratio)} the time of scrub on the same {count}.")


def _first(scale: Scale, made: Photos, count: int) -> Path:
    folder = scale.work / f"photos-{count}"
    if not folder.exists():
        folder.mkdir()
        for path in sorted(made.folder.iterdir())[:count]:
            shutil.copy(path, folder)
    return folder


def _cleaners(scale: Scale, name: str, part: Photos) -> dict[str, Candidate]:
    out = scale.work / "cleaned"

    def exiftool(*options: str) -> Candidate:
        def once() -> Run:
            _gone(out)
            command = ["exiftool", "-q", "-q", "-r", "-all=", *options, "-o", str(out) + "/"]
            return run([*command, str(part.folder)], allowed=(0, 1))

        return once

    def mat2() -> Run:
        _gone(out)
        shutil.copytree(part.folder, out)
        return run(["mat2", "--inplace", "--lightweight", str(out)], allowed=(0, 1))

    if name == "mat2":
        return {"mat2 --lightweight": mat2}
    return {
        "exiftool -all=": exiftool(),
        "exiftool -all=, Orientation kept": exiftool("-tagsfromfile", "@", "-Orientation"),
    }


def _gone(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
