"""Everything real, all of it: what is cleaned or held, and what readers of tags still see."""

from __future__ import annotations

import csv
import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from benchmarks import tags
from benchmarks.looks import looks, same
from benchmarks.material import SHARED, Scale
from benchmarks.measure import SCRUB, run
from benchmarks.pictures import MORE, SUFFIXES, pictures_below
from benchmarks.remnants import decoded
from benchmarks.sound_frames import frames
from benchmarks.tables import Table

_SOUND = (
    ".mp3", ".flac", ".wav", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".m4b", ".mp4", ".3g2",
    ".3gp", ".aif", ".aiff", ".ape", ".mpc", ".tta", ".wv", ".wma", ".dsf", ".dff", ".aac",
    ".ac3", ".eac3", ".oggflac", ".oggtheora", ".mid", ".ofr", ".ofs", ".tak", ".id3", ".apev2",
    ".mov", ".m4v", ".avi",
)  # fmt: skip
_DAMAGED = "ImageTestSuite"  # files made from others by changing bytes at random
_TOLD = 3  # most frequent reasons
READERS = ("exiftool", "exiv2", "ExifRead")


@dataclass(frozen=True, slots=True)
class Row:
    """One file: what became of it, and why if it was held."""

    name: str
    path: Path
    out: Path | None
    outcome: str
    code: str
    reason: str


def measure(scale: Scale) -> Table:
    table = Table(
        "Corpora",
        "Every file of public collections, cleaned in one run each. A private tag is one that is"
        " not on the list of structural tags (benchmarks/structural.py), in what scrub wrote."
        " Changed: pictures as in the table of pictures, and every decoded frame of sound and film"
        " by FFmpeg.",
        ("", "files", "cleaned", "already clean", "held", *READERS, "changed", "no decoder"),
    )
    for name, paths in _collections(scale):
        _collection(scale, table, name, paths)
    return table


def _collections(scale: Scale) -> Iterator[tuple[str, list[Path]]]:
    corpora = SHARED / "corpora"
    sets = (
        ("exif-samples", pictures_below(corpora / "exif-samples")),
        ("mutagen's test data", _recordings(corpora / "mutagen" / "tests" / "data")),
        ("Pillow's test images", pictures_below(MORE / "pillow")),
        ("libheif's test images", pictures_below(MORE / "libheif")),
        (
            "images of metadata-extractor",
            sorted(
                path
                for path in (MORE / "metadata-extractor").rglob("*")
                if path.suffix.lower() in SUFFIXES + _SOUND and _DAMAGED not in path.parts
            ),
        ),
    )
    for name, paths in sets:
        if paths:
            yield name, paths[:20] if scale.small else paths


def _recordings(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SOUND)


def _collection(scale: Scale, table: Table, name: str, paths: Sequence[Path]) -> None:
    rows = _cleaned(scale, name, paths)
    written = [row.out for row in rows if row.out is not None]
    outcomes = Counter(row.outcome for row in rows)
    private = tags.private(written)
    changed, unknown = _compared(rows)
    table.add(
        name,
        str(len(rows)),
        str(outcomes["cleaned"]),
        str(outcomes["unchanged"]),
        str(outcomes["held"]),
        *(str(len(private[reader])) for reader in READERS),
        str(len(changed)),
        str(unknown),
    )
    for reader, found in private.items():
        seen = sorted({f"{tag} ({path.suffix[1:]})" for path, tag, _ in found})
        if seen:
            table.notes.append(f"{name}: {reader} sees {', '.join(seen)}.")
    table.notes += [f"{name}, {path}: {what}." for path, what in changed]
    held = [row for row in rows if row.outcome == "held"]
    for code, count in Counter(row.code for row in held).most_common():
        reasons = Counter(_plain(row.reason) for row in held if row.code == code)
        told = " ".join(f"{number} × {reason}" for reason, number in reasons.most_common(_TOLD))
        more = sum(reasons.values()) - sum(number for _, number in reasons.most_common(_TOLD))
        rest = f" {more} × other reasons." if more else ""
        table.notes.append(f"{name}: {count} held as {code}: {told}{rest}")


def _plain(reason: str) -> str:
    """The first sentence, with no number of one file."""
    return re.sub(r"\d+", "…", reason.partition(". ")[0].rstrip(".") + ".")


def _cleaned(scale: Scale, name: str, paths: Sequence[Path]) -> list[Row]:
    """Copies under names that only number them, so that each is told apart in the report."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    folder, out, audit = (scale.work / f"{digest}-{part}" for part in ("in", "out", "audit"))
    folder.mkdir()
    known: dict[str, tuple[str, Path]] = {}
    for number, path in enumerate(paths):
        copy = folder / f"{number:05}{path.suffix.lower()}"
        shutil.copyfile(path, copy)
        known[copy.name] = path.name, copy
    command = [*SCRUB, str(folder), "--out", str(out), "--audit-dir", str(audit), "-q"]
    run(command, env=scale.env, allowed=(0, 3))
    listing = [*SCRUB, "report", str(out), "--audit-dir", str(audit), "--format", "csv"]
    rows = []
    for row in csv.DictReader(StringIO(run(listing, env=scale.env).output)):
        original = known.get(row["path"].rpartition("/")[2])
        if original is not None:
            made = out / "data" / row["out_path"].removeprefix("data/") if row["out_path"] else None
            rows.append(Row(*original, made, row["outcome"], row["code"], row["reason"]))
    return rows


def _compared(rows: Sequence[Row]) -> tuple[list[tuple[str, str]], int]:
    """What decodes to something else, and how many files no decoder here takes."""
    changed = []
    unknown = 0
    names = {row.path: row.name for row in rows}
    written = [(row.path, row.out) for row in rows if row.out is not None]
    shown = looks(path for pair in written for path in pair if pair[0].suffix.lower() in SUFFIXES)
    for path, made in written:
        if path.suffix.lower() in SUFFIXES:
            before, after = shown[path], shown[made]
            if before is None:
                unknown += 1
                continue
            what = same(before, after) if after is not None else ["it no longer decodes"]
            if what:
                changed.append((names[path], ", ".join(what)))
            continue
        heard = decoded(path)
        if not heard:
            unknown += 1
        elif heard != decoded(made):
            whole, kept = frames(path), frames(made)
            if whole[:-1] == kept != ():
                changed.append((names[path], "its last frame, which is cut off, is gone"))
            elif whole != kept:
                changed.append((names[path], "decoded frames"))
    return changed, unknown
