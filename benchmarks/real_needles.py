"""What real files say about somebody, to be looked for in what a tool made of them."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.needles import Needle, encodings
from benchmarks.structural import structural
from benchmarks.tags import exiftool

_LEAST = 6  # characters of a value that does not stand in a file by chance
_WORD = re.compile(r"[A-Za-z0-9].*[A-Za-z0-9].*[A-Za-z0-9].*[A-Za-z0-9]")
_PICTURES = ("ThumbnailImage", "PreviewImage", "OtherImage", "JpgFromRaw", "PictureData", "Picture")
_SLICE = 40  # bytes of a hidden picture that are looked for
_VARIED = 12  # different bytes in them
_TIFF = (".tif", ".tiff")  # whose strips ExifTool calls a preview


def needles(paths: Sequence[Path]) -> dict[Path, tuple[Needle, ...]]:
    """By file: each value of a tag that is no structure, and a slice of each hidden picture."""
    found: dict[Path, list[Needle]] = {path: [] for path in paths}
    for path, tags in exiftool(paths).items():
        shown = " ".join(v for t, v in tags if structural(t, v) or t.startswith(("ICC", "PNG:")))
        seen = set[str]()
        for tag, value in tags:
            word = value.strip()
            if structural(tag, value) or not _telling(word) or word in shown or word in seen:
                continue
            seen.add(word)
            found[path].append(Needle(tag, encodings(word)[:3], (word,)))
    for path, hidden in _hidden(path for path in paths if path.suffix.lower() not in _TIFF):
        data = path.read_bytes()
        for name, picture in hidden:
            half = len(picture) // 2
            piece = picture[half : half + _SLICE]
            if len(set(piece)) >= _VARIED and data.count(piece) == 1:
                found[path].append(Needle(name, (piece,), ()))
    return {path: tuple(rows) for path, rows in found.items()}


def _telling(word: str) -> bool:
    return (
        len(word) >= _LEAST
        and _WORD.search(word) is not None
        and not word.startswith(("(", "[", "{"))
    )


def _hidden(paths: Iterable[Path]) -> Iterable[tuple[Path, list[tuple[str, bytes]]]]:
    if shutil.which("exiftool") is None:
        return []
    names = [f"-{name}" for name in _PICTURES]
    command = ["exiftool", "-q", "-q", "-j", "-b", "-a", "-G1", *names, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, check=False)
    rows = json.loads(done.stdout or b"[]")
    return [
        (
            Path(row.pop("SourceFile")),
            [
                (name, base64.b64decode(value[7:]))
                for name, value in row.items()
                if str(value).startswith("base64:")
            ],
        )
        for row in rows
    ]
