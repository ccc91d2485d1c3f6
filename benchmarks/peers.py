"""Other cleaners, each run over one set of files as its own documentation recommends.

What is missing here is said to be missing. Cleaners of the package registry are looked for on
the path and below SCRUB_PEERS, one virtual environment each (`python -m venv $SCRUB_PEERS/NAME`,
then `$SCRUB_PEERS/NAME/bin/pip install NAME`); without it below ~/.cache/scrub-peers.
"""

from __future__ import annotations

import csv
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

from benchmarks.material import Scale
from benchmarks.measure import SCRUB, run

OURS = "scrub"
_ANY = range(-15, 256)
_MUTAGEN = (
    "import sys, mutagen; file = mutagen.File(sys.argv[1]);"
    " sys.exit(3) if file is None else file.delete()"
)
_EXIFTOOL = ("-q", "-q", "-all=", "--icc_profile:all", "-tagsfromfile", "@", "-orientation")
_JPEG = (".jpg", ".jpeg", ".mpo")
_FFMPEG = ("-map_metadata", "-1", "-map", "0", "-c", "copy", "-fflags", "+bitexact")


@dataclass(slots=True)
class Cleaned:
    """What one tool made of a set: the file for each that it wrote, and why it refused others."""

    out: dict[Path, Path] = field(default_factory=dict)
    wall: float = 0.0
    refused: dict[Path, str] = field(default_factory=dict)


Clean = Callable[[Scale, Sequence[Path], Path], Cleaned]


@dataclass(frozen=True, slots=True)
class Peer:
    """`command` is what must be installed; `suffixes` what it is for, all where empty."""

    name: str
    clean: Clean
    command: str = ""
    suffixes: tuple[str, ...] = ()

    def installed(self) -> bool:
        return not self.command or found(self.command) is not None

    def takes(self, path: Path) -> bool:
        return not self.suffixes or path.suffix.lower() in self.suffixes

    def run(self, scale: Scale, paths: Sequence[Path], folder: Path) -> Cleaned:
        """Cleans copies of `paths` below `folder`. An empty file is no file."""
        folder.mkdir(parents=True)
        done = self.clean(scale, [path for path in paths if self.takes(path)], folder)
        done.out = {
            path: out for path, out in done.out.items() if out.is_file() and out.stat().st_size
        }
        return done


def found(command: str) -> str | None:
    """The path of a command, here or in its own environment."""
    peers = Path(os.environ.get("SCRUB_PEERS", Path.home() / ".cache" / "scrub-peers"))
    own = peers / command / "bin" / command
    return str(own) if own.is_file() else shutil.which(command)


def _scrub(scale: Scale, paths: Sequence[Path], folder: Path) -> Cleaned:
    out, audit = folder / "clean", folder / "audit"
    command = [*SCRUB, *map(str, paths), "--out", str(out), "--audit-dir", str(audit), "-q"]
    done = Cleaned(wall=run(command, env=scale.env, allowed=(0, 3)).wall)
    listing = [*SCRUB, "report", str(out), "--audit-dir", str(audit), "--format", "csv"]
    by_name = {path.name: path for path in paths}
    for row in csv.DictReader(StringIO(run(listing, env=scale.env).output)):
        path = by_name.get(row["path"].rpartition("/")[2])
        if path is None:
            continue
        if row["out_path"]:
            done.out[path] = out / "data" / row["out_path"].removeprefix("data/")
        else:
            done.refused[path] = f"{row['code']}: {row['reason']}"
    return done


def _in_one_run(command: Callable[[list[str], Path], list[str]], name: str = "{0.name}") -> Clean:
    """A tool that takes many files at once and writes `name` into a folder or beside its copy."""

    def clean(scale: Scale, paths: Sequence[Path], folder: Path) -> Cleaned:
        source = folder / "in"
        source.mkdir()
        copies = {path: Path(shutil.copy(path, source)) for path in paths}
        out = folder / "out"
        out.mkdir()
        made = run(command([str(copy) for copy in copies.values()], out), allowed=_ANY)
        done = Cleaned(wall=made.wall)
        for path, copy in copies.items():
            target = name.format(copy)
            beside, below = copy.with_name(target), out / target
            changed = beside if beside != copy else below
            if not changed.exists() and beside != copy:
                changed = next(copy.parent.glob(f"{beside.stem}.*"), changed)
            done.out[path] = changed if changed.exists() else below
        return done

    return clean


def _one_by_one(command: Callable[[str, str], list[str]], *, in_place: bool = False) -> Clean:
    """A tool that takes one file a run. A run that ends with an error has refused the file."""

    def clean(scale: Scale, paths: Sequence[Path], folder: Path) -> Cleaned:
        done = Cleaned()
        for path in paths:
            out = folder / path.name
            if in_place:
                shutil.copy(path, out)
            made = run(command(str(path), str(out)), allowed=_ANY)
            done.wall += made.wall
            if made.code:
                done.refused[path] = made.output[-200:]
            else:
                done.out[path] = out
        return done

    return clean


def _command(name: str, *options: str) -> Callable[[list[str], Path], list[str]]:
    return lambda files, out: [str(found(name)), *options, *files]


def pictures() -> Iterator[Peer]:
    """scrub first, then every tool that pictures are cleaned with."""
    yield Peer(OURS, _scrub)
    yield Peer(
        "exiftool",
        _in_one_run(lambda files, out: ["exiftool", *_EXIFTOOL, "-o", f"{out}/", *files]),
        "exiftool",
    )
    yield Peer("mat2", _in_one_run(_command("mat2"), "{0.stem}.cleaned{0.suffix}"), "mat2")
    yield Peer(
        "exiv2",
        _one_by_one(lambda _, out: ["exiv2", "rm", out], in_place=True),
        "exiv2",
    )
    yield Peer(
        "jpegtran",
        _one_by_one(lambda path, out: ["jpegtran", "-copy", "icc", "-outfile", out, path]),
        "jpegtran",
        _JPEG,
    )
    yield Peer(
        "ImageMagick",
        _one_by_one(lambda path, out: ["convert", path, "-auto-orient", "-strip", out]),
        "convert",
    )
    yield Peer(
        "magicdispel",
        _in_one_run(_command("magicdispel", "--keep-name"), "{0.stem}_clean{0.suffix}"),
        "magicdispel",
    )
    yield Peer(
        "imgstrip",
        _in_one_run(
            lambda files, out: [
                str(found("imgstrip")), "--quiet", "--jpeg-lossless", "--icc", "sanitize",
                "-j", str(os.cpu_count()), "-o", str(out), *files,
            ]
        ),
        "imgstrip",
    )  # fmt: skip


def recordings() -> Iterator[Peer]:
    """scrub first, then every tool that sound and film are cleaned with."""
    yield Peer(OURS, _scrub)
    yield Peer(
        "mutagen",
        _one_by_one(lambda _, out: [sys.executable, "-c", _MUTAGEN, out], in_place=True),
    )
    yield Peer("mat2", _in_one_run(_command("mat2"), "{0.stem}.cleaned{0.suffix}"), "mat2")
    yield Peer(
        "ffmpeg -c copy",
        _one_by_one(lambda path, out: ["ffmpeg", "-v", "error", "-y", "-i", path, *_FFMPEG, out]),
        "ffmpeg",
    )
    yield Peer(
        "exiftool",
        _in_one_run(lambda files, out: ["exiftool", "-q", "-q", "-all=", "-o", f"{out}/", *files]),
        "exiftool",
    )
    yield Peer(
        "eyeD3",
        _one_by_one(
            lambda _, out: [str(found("eyeD3")), "--quiet", "--remove-all", out], in_place=True
        ),
        "eyeD3",
        (".mp3",),
    )
