"""What the questions are asked about: folders that are made anew for every run."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import ROOT

SHARED = Path(os.environ.get("SCRUB_SHARED", ROOT.parent / "shared"))
_SAMPLES = ROOT / "sample_media" / "portfolio"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much of everything. `small` is for a look whether the commands work."""

    work: Path
    small: bool = False
    rounds: int = 3
    copies: int = field(default=0)

    @property
    def env(self) -> dict[str, str]:
        return {"SCRUB_DATA_HOME": str(self.work / "home")}

    def pick(self, usual: int, small: int) -> int:
        return small if self.small else usual


@dataclass(frozen=True, slots=True)
class Photos:
    folder: Path
    count: int
    size: int  # bytes in all
    origin: str


def photos(folder: Path, least: int) -> Photos:
    """At least `least` JPEG files in one folder, under names that tell nothing."""
    found = list(_camera_photos())
    origin = f"the {len(found)} JPEG files of exif-samples"
    if not found:
        found = list(_sample_photos())
        origin = f"{len(found)} JPEG files made from sample_media"
    folder.mkdir(parents=True)
    count = size = 0
    while count < least:
        for data in found:
            (folder / f"photo-{count:05}.jpg").write_bytes(data)
            count += 1
            size += len(data)
    return Photos(folder, count, size, origin)


def _camera_photos() -> Iterator[bytes]:
    """Real pictures of many cameras, those that a standard reader accepts or not."""
    folder = SHARED / "corpora" / "exif-samples" / "jpg"
    for path in sorted(folder.rglob("*.jp*g")):
        yield path.read_bytes()


def _sample_photos() -> Iterator[bytes]:
    """The photos of sample_media around pictures of a usual size, each a bit larger."""
    from io import BytesIO

    from PIL import Image

    for path in sorted((_SAMPLES / "photos").glob("*.[jJ][pP]*[gG]")):
        try:
            with Image.open(path) as picture:
                exif = picture.info.get("exif", b"")
        except OSError:  # one of the samples is cut short on purpose
            continue
        for number in range(1, 9):
            side = 256 + 96 * number
            noise = Image.frombytes("RGB", (side, side), _noise(3 * side * side, number))
            made = BytesIO()
            noise.save(made, "JPEG", quality=80, exif=exif)
            yield made.getvalue()


def _noise(n: int, seed: int) -> bytes:
    import random

    return random.Random(seed).randbytes(n)


def tiny_photos(folder: Path, count: int) -> None:
    """`count` JPEG files of a few hundred bytes with one private field each, 1,000 a folder."""
    from io import BytesIO

    from PIL import Image

    made = BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Example Cameras"
    Image.new("L", (8, 8), 128).save(made, "JPEG", exif=exif)
    data = made.getvalue()
    for number in range(count):
        if not number % 1000:
            below = folder / f"{number // 1000:03}"
            below.mkdir(parents=True)
        (below / f"photo-{number:06}.jpg").write_bytes(data)


def sparse_wav(path: Path, size: int) -> None:
    """A WAV of `size` bytes of silence that takes no room on disk, with a private chunk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, 48_000, 192_000, 4, 16)
    name = b"INFOIART" + struct.pack("<I", 16) + b"Example Artist\0\0"
    private = struct.pack("<4sI", b"LIST", len(name)) + name
    data = size - 12 - len(fmt) - len(private) - 8
    data -= data % 4
    head = struct.pack("<4sI4s", b"RIFF", 4 + len(fmt) + len(private) + 8 + data, b"WAVE")
    with path.open("wb") as file:
        file.write(head + fmt + private + struct.pack("<4sI", b"data", data))
        file.truncate(len(head) + len(fmt) + len(private) + 8 + data)


def texts(folder: Path, count: int) -> tuple[int, str]:
    """`count` text files of one conversation or article each. Returns their words, and origin."""
    found = list(_articles())
    origin = f"{len(found)} articles of GUM"
    if not found:
        found = [path.read_text("utf-8") for path in sorted((_SAMPLES / "texts").glob("*.[tm]*"))]
        origin = "the texts of sample_media, repeated"
    folder.mkdir(parents=True)
    words = 0
    for number in range(count):
        text = found[number % len(found)]
        words += len(text.split())
        (folder / f"text-{number:05}.txt").write_text(text, "utf-8")
    return words, origin


def _articles() -> Iterator[str]:
    for path in sorted((SHARED / "corpora" / "gum").glob("*.conllu")):
        lines = path.read_text("utf-8").splitlines()
        yield "\n".join(line[9:] for line in lines if line.startswith("# text = ")) + "\n"


def warm(folder: Path) -> None:
    """Reads every file once, so that nobody waits for the disk."""
    for path in folder.rglob("*"):
        if path.is_file():
            path.read_bytes()
