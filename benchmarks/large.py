"""How fast is one large recording or film, against a copy and two digests, and against mat2?"""

from __future__ import annotations

import shutil
from pathlib import Path

from benchmarks.codings import SOUND
from benchmarks.material import Scale, warm
from benchmarks.measure import SCRUB, Candidate, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, mebibytes, seconds, times

_PEER = "cp and sha256sum of both"
_NOISE = "anoisesrc=r=48000:d=20:a=0.6:seed=7,aformat=channel_layouts=stereo"
_FILM = "testsrc2=s=640x360:r=25:d=4,noise=alls=60:allf=t"


def measure(scale: Scale) -> Table:
    table = Table(
        "Large recordings and films",
        "One file, warm cache, one process, everything on: two readers, commitments, log,"
        " manifest. The peak is the resident memory of all processes of scrub.",
        ("", "size", "wall", "CPU", "wall ÷ cp", "CPU ÷ cp", "peak"),
    )
    size = scale.pick(128 << 20, 1 << 20)
    for name, path in _made(scale.work, size).items():
        warm(path.parent)
        _compare(scale, table, name, path)
    return table


def _made(work: Path, size: int) -> dict[str, Path]:
    """A short part each, repeated until the file, coded as it is, has about `size` bytes."""
    folder = work / "large"
    folder.mkdir()
    film = ["-f", "lavfi", "-i", _FILM, *SOUND]
    code = ["-c:v", "libx264", "-preset", "ultrafast", "-crf", "18", "-pix_fmt", "yuv420p"]
    noise = ["-f", "lavfi", "-i", _NOISE]
    part, sound = work / "part.mp4", work / "part.wav"
    run(["ffmpeg", "-v", "error", *film, *code, "-c:a", "aac", str(part)])
    run(["ffmpeg", "-v", "error", *noise, "-c:a", "pcm_s16le", str(sound)])
    made = {}
    for name, source, suffix, how in (
        ("WAV", sound, "wav", ["-c", "copy"]),
        ("FLAC", sound, "flac", ["-c:a", "flac", "-compression_level", "0"]),
        ("MP4", part, "mp4", ["-c", "copy"]),
        ("MKV", part, "mkv", ["-c", "copy"]),
    ):
        path = folder / suffix / f"recording.{suffix}"
        path.parent.mkdir()
        values = ["-metadata", "title=Example title", "-metadata", "artist=Example Artist"]
        run(["ffmpeg", "-v", "error", "-i", str(source), *how, *values, str(path)])
        again = str(size // path.stat().st_size)
        command = ["ffmpeg", "-v", "error", "-y", "-stream_loop", again, "-i", str(source)]
        run([*command, *how, *values, str(path)])
        made[name] = path
    return made


def _compare(scale: Scale, table: Table, name: str, path: Path) -> None:
    candidates = {"scrub": _scrub(scale, path), _PEER: _copy(scale, path)}
    mat2 = _mat2(scale, path)
    if mat2 is not None:
        candidates["mat2"] = mat2
    runs = take_turns(candidates, scale.rounds)
    watched = _scrub(scale, path, watch=True)()
    if watched.code:
        table.notes.append(f"{name}: scrub held it back: the figure is not that of cleaning it.")
    for label in runs:
        table.add(
            f"{name}: {label}",
            mebibytes(path.stat().st_size),
            seconds(wall(runs[label])),
            seconds(cpu(runs[label])),
            times(of(runs, label, _PEER)),
            times(of(runs, label, _PEER, "cpu")),
            mebibytes(watched.peak) if label == "scrub" else "",
        )
    if mat2 is None:
        table.notes.append(f"{name}: mat2 is not installed or does not clean it.")
    else:
        table.notes.append(f"{name}: mat2 takes {times(of(runs, 'mat2', 'scrub'))} as long.")


def _scrub(scale: Scale, path: Path, *, watch: bool = False) -> Candidate:
    out, audit = scale.work / "clean", scale.work / "audit"
    command = [*SCRUB, str(path), "--out", str(out), "--audit-dir", str(audit), "-q"]

    def once() -> Run:
        _gone(out, audit)
        return run(command, env=scale.env, watch=watch, allowed=(0, 3))

    return once


def _copy(scale: Scale, path: Path) -> Candidate:
    out = scale.work / "copy"
    script = 'cp "$1" "$2" && sha256sum "$1" "$2" > "$2.sha256"'

    def once() -> Run:
        _gone(out)
        return run(["sh", "-c", script, "sh", str(path), str(out)])

    return once


def _mat2(scale: Scale, path: Path) -> Candidate | None:
    """None where it is missing, or refuses this kind of file. It writes beside what it reads."""
    made = path.with_name(f"{path.stem}.cleaned{path.suffix}")

    def once() -> Run:
        _gone(made)
        return run(["mat2", str(path)], allowed=range(-15, 256))

    if shutil.which("mat2") is None:
        return None
    once()
    if not made.is_file() or not made.stat().st_size:
        return None
    return once


def _gone(*paths: Path) -> None:
    for path in paths:
        shutil.rmtree(path, ignore_errors=True)
        if path.is_file():
            path.unlink()
