"""What is left of planted values in recordings and films, and what changed, by every cleaner."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import real_needles
from benchmarks.codings import codings
from benchmarks.comparing import End
from benchmarks.material import SHARED, Scale
from benchmarks.needles import Needle
from benchmarks.peers import OURS, Peer, recordings
from benchmarks.planting import make
from benchmarks.remnants import decoded, left, said_of
from benchmarks.sound_frames import frames
from benchmarks.tables import Table, seconds, times

REAL = "mutagen's data"
_CHANGED = ("decoded frames changed",)


@dataclass(slots=True)
class Case:
    """One file, what is looked for in it, and what every tool made of it."""

    row: str
    name: str
    path: Path
    needles: tuple[Needle, ...] = ()
    planted: tuple[str, ...] = ()
    frames: frozenset[tuple[str, ...]] = frozenset()  # a tag can hide a frame: without and with
    ends: dict[str, End] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.row} ({self.name})"


def measure(scale: Scale) -> Table:
    peers = list(recordings())
    cases = _made(scale) + ([] if scale.small else _real(scale))
    walls = {}
    for peer in peers:
        if peer.installed():
            walls[peer.name] = _clean(scale, peer, cases)
    table = comparison(cases, tuple(walls), walls)
    missing = [peer.name for peer in peers if not peer.installed()]
    table.notes += [f"{name} is not installed here." for name in missing]
    return table


def _made(scale: Scale) -> list[Case]:
    """One file a coding, full of values."""
    cases = []
    folder = scale.work / "made"
    folder.mkdir()
    for number, coding in enumerate(codings(scale.small)):
        made, planter, plain = make(coding, scale.work / "in" / f"{number:02}")
        path = made.rename(folder / f"{number:03}{coding.suffix}")
        needles = tuple(planter.needles.values())
        cases.append(Case(coding.row, coding.name, path, needles, frames=frozenset({plain})))
    said = said_of(folder)
    for case in cases:
        case.planted = left(case.path, case.needles, said[case.path])
        case.frames |= {decoded(case.path)}
    return cases


def _real(scale: Scale) -> list[Case]:
    """Those of mutagen's own test files that decode, with what ExifTool reads in them."""
    folder = scale.work / "real"
    folder.mkdir()
    cases = []
    source = SHARED / "corpora" / "mutagen" / "tests" / "data"
    for path in sorted(source.glob("*")):
        if path.suffix in (".json", ".txt") or not path.is_file():
            continue
        copy = Path(shutil.copyfile(path, folder / f"{len(cases) + 200}{path.suffix}"))
        heard = decoded(copy)
        if heard:
            cases.append(Case(REAL, path.name, copy, frames=frozenset({heard})))
    wanted = real_needles.needles([case.path for case in cases])
    said = said_of(folder)
    for case in cases:
        case.needles = wanted[case.path]
        case.planted = left(case.path, case.needles, said[case.path])
    return cases


def _clean(scale: Scale, peer: Peer, cases: Sequence[Case]) -> float:
    """Lets one tool clean every file, and looks at what came out. Returns the seconds it took."""
    folder = scale.work / "out" / peer.name.split()[0]
    done = peer.run(scale, [case.path for case in cases], folder)
    said = said_of(folder)
    for case in cases:
        out = done.out.get(case.path)
        if out is None:
            case.ends[peer.name] = End(None, said=done.refused.get(case.path, ""))
            continue
        found = left(out, case.needles, said.get(out, ""))
        still = tuple(place for place in found if place in case.planted)
        case.ends[peer.name] = End(out, still, () if _sounds_same(case, out) else _CHANGED)
    return done.wall


def _sounds_same(case: Case, out: Path) -> bool:
    if decoded(out) in case.frames:
        return True
    heard = frames(case.path)
    return case.path.suffix == ".mp3" and heard != () and frames(out) == heard


def comparison(cases: list[Case], tools: tuple[str, ...], walls: dict[str, float]) -> Table:
    """A row a container and their sums; every place where scrub is not best is a note."""
    places = sum(len(case.planted) for case in cases)
    table = Table(
        "Recordings and films",
        f"{len(cases)} files with {places} values: one a coding, with values planted by ffmpeg,"
        f" mutagen and exiftool, and those of mutagen's test files that decode. A cell: values"
        " left / files whose decoded frames changed / files refused. Values are looked for as"
        " UTF-8, UTF-16 and base64 in the bytes, and in what exiftool, ffprobe and mediainfo"
        " print. The time is that of all files, in one run where the tool takes many.",
        ("container", "files", "values", *tools),
    )
    rows: dict[str, list[Case]] = {}
    for case in cases:
        rows.setdefault(case.row, []).append(case)
    for row, below in rows.items():
        planted = sum(len(case.planted) for case in below)
        cells = (_cell(below, name) for name in tools)
        table.add(row, str(len(below)), str(planted), *cells)
    table.add("all", str(len(cases)), str(places), *(_cell(cases, name) for name in tools))
    table.add("time", "", "", *(_time(walls, name) for name in tools))
    table.notes += _verdict(cases, tools)
    return table


def _cell(cases: list[Case], name: str) -> str:
    ends = [case.ends[name] for case in cases]
    counts = (
        sum(len(end.left) for end in ends),
        sum(bool(end.changed) for end in ends),
        sum(end.out is None for end in ends),
    )
    return " / ".join(map(str, counts))


def _time(walls: dict[str, float], name: str) -> str:
    return f"{seconds(walls[name])}, {times(walls[name] / walls[OURS])}"


def _verdict(cases: list[Case], tools: tuple[str, ...]) -> list[str]:
    """Whether scrub is best or equal everywhere; if not, in which file and by which value."""
    notes = []
    worse = 0
    for case in cases:
        ours = case.ends[OURS]
        if ours.out is None:
            notes.append(f"{case.label}: scrub refuses it: {_reason(ours.said)}")
        elif ours.left or ours.changed:
            notes.append(f"{case.label}: scrub leaves {', '.join(ours.left + ours.changed)}.")
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
    return ours.out is None or bool(ours.changed) or len(other.left) < len(ours.left)


def _reason(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return " ".join(lines[:3])
