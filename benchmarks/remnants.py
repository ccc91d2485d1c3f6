"""What is still in a file, by bytes and by what readers of tags print; and what it decodes to."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

from benchmarks.needles import Needle


def left(path: Path, needles: Iterable[Needle], said: str) -> tuple[str, ...]:
    """The places whose value is in the bytes of `path` or in `said`, what readers print of it."""
    data = path.read_bytes()
    return tuple(
        needle.place
        for needle in needles
        if any(word in said for word in needle.said) or any(raw in data for raw in needle.raw)
    )


def said_of(folder: Path) -> dict[Path, str]:
    """What exiftool, ffprobe and mediainfo print of every file below `folder`."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    said = dict.fromkeys(files, "")
    if not files:
        return said
    for rows in (_exiftool(folder), _mediainfo(files)):
        for path, text in rows.items():
            if path in said:
                said[path] += text
    for path in files:
        said[path] += _ffprobe(path)
    return said


def _exiftool(folder: Path) -> dict[Path, str]:
    if shutil.which("exiftool") is None:
        return {}
    command = ["exiftool", "-q", "-q", "-r", "-j", "-n", "-a", "-G0:1", "--System:all", str(folder)]
    text = _output(command)
    return {Path(row["SourceFile"]): _words(row) for row in json.loads(text or "[]")}


def _mediainfo(files: list[Path]) -> dict[Path, str]:
    if shutil.which("mediainfo") is None:
        return {}
    text = _output(["mediainfo", "--Full", "--Output=JSON", *map(str, files)])
    rows = json.loads(text or "[]")
    found = {}
    for row in rows if isinstance(rows, list) else [rows]:
        media = row.get("media")
        if media:
            for track in media.get("track", []):
                for key in [key for key in track if key.startswith("File_")]:
                    del track[key]
            found[Path(media["@ref"])] = _words(media)
    return found


def _ffprobe(path: Path) -> str:
    shown = ["-show_format", "-show_streams", "-show_chapters", "-of", "json"]
    return _output(["ffprobe", "-v", "quiet", *shown, str(path)])


def _words(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _output(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace")


def decoded(path: Path) -> tuple[str, ...]:
    """Digest and time of every frame of sound and film that ffmpeg decodes, without covers.

    Times are seconds: a file may count them in other units.
    """
    probe = ["ffprobe", "-v", "quiet", "-show_streams", "-of", "json", str(path)]
    streams = json.loads(_output(probe) or "{}").get("streams", [])
    maps: list[str] = []
    for stream in streams:
        cover = stream.get("disposition", {}).get("attached_pic")
        if stream.get("codec_type") in ("audio", "video") and not cover:
            maps += ["-map", f"0:{stream['index']}"]
    if not maps:
        return ()
    options = ["-fps_mode", "passthrough", "-f", "framemd5", "-"]
    text = _output(["ffmpeg", "-v", "quiet", "-i", str(path), *maps, *options])
    units: dict[str, Fraction] = {}
    frames = []
    for line in text.splitlines():
        if line.startswith("#tb "):
            stream_name, _, unit = line[4:].partition(": ")
            units[stream_name] = Fraction(unit)
        elif line and not line.startswith("#"):
            stream_name, _, pts, _, _, digest = (cell.strip() for cell in line.split(","))
            at = float(int(pts) * units[stream_name])
            frames.append(f"{stream_name} {at:.3f} {digest}")
    return tuple(sorted(frames))
