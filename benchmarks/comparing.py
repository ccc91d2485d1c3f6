"""Sets of files that several tools clean, and the table of what is left, changed and refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.needles import Needle
from benchmarks.peers import OURS, Peer
from benchmarks.tables import Table, seconds, times

HEADER = (
    "", "files", "values left", "files leaking", "changed", "refused", "wall", "wall ÷ scrub",
)  # fmt: skip


@dataclass(slots=True)
class End:
    """What one tool made of one file. `out` is None where it refused or failed."""

    out: Path | None
    left: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    said: str = ""


@dataclass(slots=True)
class Subject:
    """One file of a set, what is looked for in it, and what every tool made of it.

    `sound` is False for a damaged file: to refuse it is right.
    """

    name: str
    path: Path
    needles: tuple[Needle, ...] = ()
    sound: bool = True
    ends: dict[str, End] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    """One set: its files, and the seconds that each tool took for all of them."""

    name: str
    subjects: list[Subject]
    walls: dict[str, float] = field(default_factory=dict)


def rows_of(table: Table, group: Group, peers: Iterable[Peer]) -> None:
    """A row a tool, and a note for each file in which scrub is not best or equal."""
    tools = list(peers)
    for peer in tools:
        label = f"{group.name}: {peer.name}"
        if not peer.installed():
            table.add(label, *[""] * (len(table.header) - 2), "not installed here")
            continue
        ends = [subject.ends[peer.name] for subject in group.subjects]
        wall = group.walls[peer.name]
        table.add(
            label,
            str(len(ends)),
            str(sum(len(end.left) for end in ends)),
            str(sum(bool(end.left) for end in ends)),
            str(sum(bool(end.changed) for end in ends)),
            _refused(group.subjects, peer.name),
            seconds(wall),
            times(wall / group.walls[OURS]),
        )
    table.notes += verdict(group, [peer.name for peer in tools if peer.installed()])


def _refused(subjects: Sequence[Subject], name: str) -> str:
    refused = [subject for subject in subjects if subject.ends[name].out is None]
    damaged = sum(not subject.sound for subject in refused)
    return f"{len(refused)} ({damaged} damaged)" if damaged else str(len(refused))


def verdict(group: Group, tools: Sequence[str]) -> list[str]:
    """Whether scrub is best or equal everywhere; if not, in which file and by what."""
    notes = []
    worse = 0
    for subject in group.subjects:
        ours = subject.ends[OURS]
        label = f"{group.name}, {subject.name}"
        if ours.out is None:
            notes.append(f"{label}: scrub refuses it: {ours.said}")
        elif ours.left or ours.changed:
            notes.append(f"{label}: scrub leaves or changes {', '.join(ours.left + ours.changed)}.")
        better = [name for name in tools if name != OURS and _better(subject.ends[name], ours)]
        if better:
            worse += 1
            notes.append(f"{label}: better than scrub: {', '.join(better)}.")
    count = len(group.subjects)
    notes.append(
        f"{group.name}: scrub is best or equal in values left, changes and refusals"
        + (" in every file." if not worse else f" in {count - worse} of {count} files.")
    )
    return notes


def _better(other: End, ours: End) -> bool:
    """Whether `other` gave the file back the same and clean, or with less left than ours."""
    if other.out is None or other.changed:
        return False
    if ours.out is None:
        return not other.left
    return bool(ours.changed) or len(other.left) < len(ours.left)
