"""How fast are phone pictures in HEIC, and is a TIFF of 500 MB cleaned in bounded memory?"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from benchmarks.material import SHARED, Scale, warm
from benchmarks.measure import SCRUB, Candidate, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, mebibytes, seconds, times

_PEER = "cp -r and sha256sum of both"
_PHONE = SHARED / "corpora" / "exif-samples" / "heic" / "mobile"
_SIDE = 1 << 14  # pixels in a row of the TIFF
_ROWS = 64  # in a strip


def measure(scale: Scale) -> Table:
    table = Table(
        "Large pictures",
        "Warm cache, one worker, everything on: two readers, commitments, log, manifest. The peak"
        " is the resident memory of all processes of scrub.",
        ("", "size", "wall", "CPU", "wall ÷ cp", "CPU ÷ cp", "peak"),
    )
    for name, make in _MADE.items():
        folder = scale.work / name.split()[0]
        folder.mkdir()
        label = make(scale, folder)
        warm(folder)
        _compare(scale, table, label, folder)
    return table


def _heic(scale: Scale, folder: Path) -> str:
    """The phone picture whose size is nearest to 3 MB, many times."""
    found = sorted(_PHONE.glob("*"), key=lambda path: abs(path.stat().st_size - 3_000_000))
    if not found:
        found = [_noise(scale.work / "noise.heic")]
    count = scale.pick(100, 2)
    for number in range(count):
        shutil.copyfile(found[0], folder / f"picture-{number:03}.heic")
    return f"{count} HEIC of {found[0].stat().st_size / 1e6:.1f} MB"


def _noise(path: Path) -> Path:
    import pillow_heif
    from PIL import Image

    pillow_heif.register_heif_opener()
    Image.effect_noise((2048, 1536), 90).convert("RGB").save(path, "HEIF", quality=90)
    return path


def _tiff(scale: Scale, folder: Path) -> str:
    """One page in strips (TIFF 6.0 §3), with a maker; its rows are written one after another."""
    size = scale.pick(500 << 20, 4 << 20)
    height = size // _SIDE // _ROWS * _ROWS
    strips = height // _ROWS
    tables = 8 + 2 + 12 * 10 + 4
    start = tables + 8 * strips + 16
    path = folder / "scan.tiff"
    rows = [
        (256, 3, 1, _SIDE), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1),
        (271, 2, 16, tables + 8 * strips), (273, 4, strips, tables), (277, 3, 1, 1),
        (278, 4, 1, _ROWS), (279, 4, strips, tables + 4 * strips),
    ]  # fmt: skip

    def packed(*numbers: int, width: int = 4) -> bytes:
        return b"".join(number.to_bytes(width, "little") for number in numbers)

    with path.open("wb") as file:
        file.write(b"II*\0" + packed(8) + packed(len(rows), width=2))
        for tag, kind, count, value in rows:
            file.write(packed(tag, kind, width=2) + packed(count, value))
        file.write(packed(0))
        file.write(packed(*range(start, start + size // _SIDE * _SIDE, _SIDE * _ROWS)[:strips]))
        file.write(packed(*[_SIDE * _ROWS] * strips))
        file.write(b"Example Scanner\0")
        block = bytes(range(251)) * (_SIDE * _ROWS // 251 + 2)
        for number in range(strips):
            file.write(block[number % 251 :][: _SIDE * _ROWS])
    return f"TIFF of {path.stat().st_size / 1e6:.0f} MB"


_MADE: dict[str, Callable[[Scale, Path], str]] = {"HEIC": _heic, "TIFF": _tiff}


def _compare(scale: Scale, table: Table, name: str, folder: Path) -> None:
    candidates = {"scrub": _scrub(scale, folder), _PEER: _copy(scale, folder)}
    runs = take_turns(candidates, scale.rounds)
    watched = _scrub(scale, folder, watch=True)()
    if watched.code:
        table.notes.append(f"{name}: scrub held some back: the figure is not that of cleaning.")
    size = sum(path.stat().st_size for path in folder.iterdir())
    for label in runs:
        table.add(
            f"{name}: {label}",
            mebibytes(size),
            seconds(wall(runs[label])),
            seconds(cpu(runs[label])),
            times(of(runs, label, _PEER)),
            times(of(runs, label, _PEER, "cpu")),
            mebibytes(watched.peak) if label == "scrub" else "",
        )


def _scrub(scale: Scale, folder: Path, *, watch: bool = False) -> Candidate:
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(folder), "--out", str(out), "--audit-dir", str(audit), "-q"]

    def once() -> Run:
        _gone(out, audit)
        return run([*command, "--jobs", "1"], env=scale.env, watch=watch, allowed=(0, 3))

    return once


def _copy(scale: Scale, folder: Path) -> Candidate:
    out = scale.work / "copy"
    script = 'cp -r "$1" "$2" && find "$1" "$2" -type f -print0 | xargs -0 sha256sum > "$2.sha256"'

    def once() -> Run:
        _gone(out)
        return run(["sh", "-c", script, "sh", str(folder), str(out)])

    return once


def _gone(*folders: Path) -> None:
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
