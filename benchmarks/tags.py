"""What three readers of tags show of files, and which of it is not structure."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.structural import structural, structural_exifread, structural_exiv2

_EXIFTOOL = ("exiftool", "-q", "-q", "-j", "-G1", "-a", "-u", "-U", "-ee", "-c", "%.6f")
_FILMS = (".mp4", ".mov", ".m4a", ".m4b", ".3gp", ".3g2", ".avi", ".mkv", ".webm", ".wma", ".wav")
_EXIFREAD = (
    "import sys, json, logging, exifread; logging.disable();\n"
    "for path in sys.argv[1:]:\n"
    "    try:\n"
    "        with open(path, 'rb') as file:\n"
    "            big = file.read(4) in (b'II+\\0', b'MM\\0+')\n"
    "            file.seek(0)\n"
    "            tags = [] if big else list(exifread.process_file(file))\n"
    "    except Exception: tags = []\n"
    "    print(json.dumps([path, tags]))"
)
Tags = dict[Path, list[tuple[str, str]]]


def exiftool(paths: Iterable[Path], *options: str) -> Tags:
    """Every tag with its value. A file on which ExifTool dies does not take others with it."""
    found: Tags = {}
    if shutil.which("exiftool") is None:
        return found
    for some in _batches(paths):
        rows = _rows(some, options)
        if rows is None:
            rows = [row for path in some for row in _rows([path], options) or []]
        for row in rows:
            path = Path(row.pop("SourceFile"))
            found[path] = [(tag, str(value)) for tag, value in row.items()]
    return found


def _rows(paths: Sequence[Path], options: Sequence[str]) -> list[dict[str, object]] | None:
    done = subprocess.run(
        [*_EXIFTOOL, *options, *map(str, paths)], capture_output=True, check=False
    )
    try:
        rows: list[dict[str, object]] = json.loads(done.stdout or b"[]")
    except ValueError:
        return None
    return rows


def exiv2(paths: Iterable[Path]) -> Tags:
    """Keys of Exif, IPTC and XMP. Of a film Exiv2 shows the boxes as XMP: not looked at."""
    found: Tags = {}
    if shutil.which("exiv2") is None:
        return found
    for path in paths:
        if path.suffix.lower() in _FILMS:
            continue
        done = subprocess.run(
            ["exiv2", "-q", "-Pkv", "pr", str(path)], capture_output=True, check=False
        )
        lines = (line.split(None, 1) for line in done.stdout.decode("utf-8", "replace").split("\n"))
        found[path] = [
            (words[0], words[-1]) for words in lines if words and words[0].count(".") == 2
        ]
    return found


def exifread(paths: Iterable[Path]) -> Tags:
    """Tags of Exif. ExifRead takes BigTIFF for TIFF, so that it is not asked about it."""
    found: Tags = {}
    for some in _batches(paths):
        command = [sys.executable, "-c", _EXIFREAD, *map(str, some)]
        done = subprocess.run(command, capture_output=True, check=False)
        for line in done.stdout.splitlines():
            path, tags = json.loads(line)
            found[Path(path)] = [(tag, "") for tag in tags]
    return found


def private(paths: Sequence[Path]) -> dict[str, list[tuple[Path, str, str]]]:
    """By reader: every file, tag and value that is not structure."""
    return {
        "exiftool": [
            (path, tag, value)
            for path, tags in exiftool(paths).items()
            for tag, value in tags
            if not structural(tag, value)
        ],
        "exiv2": [
            (path, tag, value)
            for path, tags in exiv2(paths).items()
            for tag, value in tags
            if not structural_exiv2(tag)
        ],
        "ExifRead": [
            (path, tag, value)
            for path, tags in exifread(paths).items()
            for tag, value in tags
            if not structural_exifread(tag)
        ],
    }


def _batches(paths: Iterable[Path], size: int = 200) -> Iterable[list[Path]]:
    paths = list(paths)
    return (paths[at : at + size] for at in range(0, len(paths), size))
