"""What is left of planted values in recordings and films, and what changed, by every cleaner."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from benchmarks.codings import Coding, codings
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Run, run
from benchmarks.needles import Needle
from benchmarks.planting import make
from benchmarks.remnants import decoded, left, said_of
from benchmarks.tables import Table, times

OURS = "scrub"
_MUTAGEN = (
    "import sys, mutagen; file = mutagen.File(sys.argv[1]);"
    " sys.exit(3) if file is None else file.delete()"
)
_NEEDED = {"mutagen": None, "mat2": "mat2", "ffmpeg -c copy": "ffmpeg", "exiftool": "exiftool"}


@dataclass(slots=True)
class Case:
    """One coding, the file made of it, and what every tool made of that."""

    coding: Coding
    path: Path
    needles: tuple[Needle, ...] = ()
    planted: tuple[str, ...] = ()
    frames: frozenset[tuple[str, ...]] = frozenset()  # a tag can hide a frame: without and with
    ends: dict[str, End] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.coding.row} ({self.coding.name})"


@dataclass(slots=True)
class End:
    """What one tool made of one file. `out` is None where it refused or failed."""

    out: Path | None
    wall: float
    cpu: float
    left: tuple[str, ...] = ()
    changed: bool = False
    said: str = ""


def measure(scale: Scale) -> Table:
    tools = {
        name: tool
        for name, tool in _TOOLS.items()
        if (needed := _NEEDED.get(name)) is None or shutil.which(needed)
    }
    cases = _made(scale)
    for case in cases:
        for name, tool in tools.items():
            case.ends[name] = _clean(scale, tool, name, case)
    _look(scale, cases)
    return comparison(cases, tuple(tools))


def _made(scale: Scale) -> list[Case]:
    cases = []
    for number, coding in enumerate(codings(scale.small)):
        path, planter, plain = make(coding, scale.work / "in" / f"{number:02}")
        needles = tuple(planter.needles.values())
        cases.append(Case(coding, path, needles, frames=frozenset({plain})))
    said = said_of(scale.work / "in")
    for case in cases:
        case.planted = left(case.path, case.needles, said[case.path])
        case.frames |= {decoded(case.path)}
    return cases


Tool = Callable[[Scale, Path, Path], tuple[Run, Path]]


def _clean(scale: Scale, tool: Tool, name: str, case: Case) -> End:
    folder = scale.work / "out" / name.split()[0] / case.path.parent.name
    folder.mkdir(parents=True)
    done, out = tool(scale, case.path, folder)
    written = done.code == 0 and out.is_file() and out.stat().st_size > 0
    return End(out if written else None, done.wall, done.cpu, said=done.output)


def _scrub(scale: Scale, path: Path, folder: Path) -> tuple[Run, Path]:
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(path), "--out", str(out), "--audit-dir", str(audit), "-v"]
    done = run(command, env=scale.env, allowed=(0, 3))
    kept = folder / path.name
    for file in (out / "data").glob("*"):
        file.rename(kept)
    shutil.rmtree(out, ignore_errors=True)
    shutil.rmtree(audit, ignore_errors=True)
    return done, kept


def _mutagen(scale: Scale, path: Path, folder: Path) -> tuple[Run, Path]:
    out = Path(shutil.copy(path, folder))
    return run([sys.executable, "-c", _MUTAGEN, str(out)], allowed=range(-15, 256)), out


def _mat2(scale: Scale, path: Path, folder: Path) -> tuple[Run, Path]:
    copy = Path(shutil.copy(path, scale.work))
    done = run(["mat2", str(copy)], allowed=range(-15, 256))
    copy.unlink()
    made = copy.with_name(f"{copy.stem}.cleaned{copy.suffix}")
    out = folder / path.name
    if made.is_file():
        made.rename(out)
    return done, out


def _ffmpeg(scale: Scale, path: Path, folder: Path) -> tuple[Run, Path]:
    out = folder / path.name
    options = ["-map_metadata", "-1", "-map", "0", "-c", "copy", "-fflags", "+bitexact"]
    command = ["ffmpeg", "-v", "error", "-y", "-i", str(path), *options, str(out)]
    return run(command, allowed=range(-15, 256)), out


def _exiftool(scale: Scale, path: Path, folder: Path) -> tuple[Run, Path]:
    out = folder / path.name
    command = ["exiftool", "-q", "-q", "-all=", "-o", str(out), str(path)]
    return run(command, allowed=range(-15, 256)), out


_TOOLS: dict[str, Tool] = {
    OURS: _scrub,
    "mutagen": _mutagen,
    "mat2": _mat2,
    "ffmpeg -c copy": _ffmpeg,
    "exiftool": _exiftool,
}


def _look(scale: Scale, cases: list[Case]) -> None:
    said = said_of(scale.work / "out")
    for case in cases:
        for end in case.ends.values():
            if end.out is not None:
                found = left(end.out, case.needles, said[end.out])
                end.left = tuple(place for place in found if place in case.planted)
                end.changed = decoded(end.out) not in case.frames


def comparison(cases: list[Case], tools: tuple[str, ...]) -> Table:
    """A row a container and their sums; every place where scrub is not best is a note."""
    places = sum(len(case.planted) for case in cases)
    table = Table(
        "Recordings and films",
        f"{len(cases)} files, one a coding, with {places} values planted by ffmpeg, mutagen and"
        " exiftool. A cell: values left / files whose decoded frames changed / files refused;"
        " time of the whole process ÷ scrub's. Values are looked for as UTF-8, UTF-16 and base64"
        " in the bytes, and in what exiftool, ffprobe and mediainfo print.",
        ("container", "files", "planted", *tools),
    )
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(case.coding.row, []).append(case)
    for row, below in rows.items():
        planted = sum(len(case.planted) for case in below)
        cells = (_cell(below, name) for name in tools)
        table.add(row, str(len(below)), str(planted), *cells)
    table.add("all", str(len(cases)), str(places), *(_cell(cases, name) for name in tools))
    table.notes += _verdict(cases, tools)
    return table


def _cell(cases: list[Case], name: str) -> str:
    ends = [case.ends[name] for case in cases]
    counts = (
        sum(len(end.left) for end in ends),
        sum(end.changed for end in ends),
        sum(end.out is None for end in ends),
    )
    text = " / ".join(map(str, counts))
    ratios = [
        case.ends[name].wall / case.ends[OURS].wall
        for case in cases
        if case.ends[name].out is not None
    ]
    return f"{text}; {times(median(ratios))}" if ratios and name != OURS else text


def _verdict(cases: list[Case], tools: tuple[str, ...]) -> list[str]:
    """Whether scrub is best or equal everywhere; if not, in which file and by which value."""
    notes = []
    worse = 0
    for case in cases:
        ours = case.ends[OURS]
        if ours.out is None:
            notes.append(f"{case.label}: scrub refuses it: {_reason(ours.said)}")
        elif ours.left or ours.changed:
            what = list(ours.left) + ["decoded frames changed"] * ours.changed
            notes.append(f"{case.label}: scrub leaves {', '.join(what)}.")
        better = [name for name in tools[1:] if _better(case.ends[name], ours)]
        if better:
            worse += 1
            notes.append(f"{case.label}: better than scrub: {', '.join(better)}.")
    notes.append(
        "scrub is best or equal in values left, frames changed and files refused"
        + (" in every file." if not worse else f" in {len(cases) - worse} of {len(cases)} files.")
    )
    return notes


def _better(other: End, ours: End) -> bool:
    """Whether `other` gave the file back the same and beats ours in what is left or changed."""
    if other.out is None or other.changed:
        return False
    return ours.out is None or ours.changed or len(other.left) < len(ours.left)


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines[:3])
