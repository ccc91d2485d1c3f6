"""What is left in pictures, planted and real, and what looks different, by every cleaner."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import picture_places, real_needles, tags
from benchmarks.comparing import HEADER, End, Group, Subject, rows_of
from benchmarks.looks import Look, looks, same
from benchmarks.material import SHARED, Scale
from benchmarks.peers import Peer, pictures
from benchmarks.remnants import left
from benchmarks.tables import Table

SUFFIXES = (
    ".jpg", ".jpeg", ".mpo", ".png", ".apng", ".gif", ".webp", ".tif", ".tiff", ".heic", ".heif",
    ".avif", ".jxl", ".jp2", ".j2k", ".bmp", ".ico", ".svg",
)  # fmt: skip
MORE = Path(os.environ.get("SCRUB_CORPORA", Path.home() / ".cache" / "scrub-corpora"))
_SETS = (("exif-samples", SHARED / "corpora" / "exif-samples"), ("libheif", MORE / "libheif"))
_DRAWN = ".png"  # most of Pillow's are what its tests drew: no camera or editor made them


def measure(scale: Scale) -> Table:
    table = Table(
        "Pictures",
        "One picture a hiding place (planted), and real ones. A value is left where it is in the"
        " bytes as UTF-8 or UTF-16, or ExifTool prints it; of real pictures also a slice of each"
        " thumbnail or preview. Changed: pixels, size as displayed, frames, timing, bit depth,"
        " alpha, colours (a ramp through the profile) or gain map, by Pillow, libheif and others."
        " A tool that does not take a format refuses it. The time is that of the whole set, in"
        " one run where the tool takes many files.",
        HEADER,
    )
    peers = list(pictures())
    for group in _groups(scale):
        compare(scale, group, peers)
        rows_of(table, group, peers)
    return table


def _groups(scale: Scale) -> Iterator[Group]:
    folder = scale.work / "planted"
    folder.mkdir()
    subjects = []
    kinds = set[str]()
    for number, case in enumerate(picture_places.cases()):
        if scale.small and case.suffix in kinds:
            continue
        kinds.add(case.suffix)
        path = folder / f"{number:03}{case.suffix}"
        path.write_bytes(case.data)
        needles = tuple(case.planter.needles.values())
        subjects.append(Subject(f"{case.suffix[1:]}, {case.name}", path, needles, case.sound))
    yield Group("planted", subjects)
    if scale.small:
        return
    for name, source in (*_SETS, ("Pillow", MORE / "pillow")):
        paths = [path for path in pictures_below(source) if name != "Pillow" or _is_real(path)]
        if paths:
            yield _real(scale, name, source, paths)


def _is_real(path: Path) -> bool:
    return path.suffix.lower() != _DRAWN or "apng" in path.parts


def pictures_below(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _real(scale: Scale, name: str, source: Path, paths: Sequence[Path]) -> Group:
    """The files of a set under names of their own, without those that no decoder takes."""
    folder = scale.work / name
    folder.mkdir()
    copies = {}
    for number, path in enumerate(paths):
        copy = folder / f"{number:04}{path.suffix.lower()}"
        copy.write_bytes(path.read_bytes())
        copies[copy] = path.relative_to(source)
    shown = looks(copies)
    kept = [copy for copy in copies if shown[copy] is not None]
    wanted = real_needles.needles(kept)
    return Group(name, [Subject(str(copies[copy]), copy, wanted[copy]) for copy in kept])


def compare(scale: Scale, group: Group, peers: Sequence[Peer]) -> None:
    """Lets every tool clean every file, and looks at what came out."""
    paths = [subject.path for subject in group.subjects]
    before = looks(paths)
    for peer in peers:
        if not peer.installed():
            continue
        done = peer.run(scale, paths, scale.work / "out" / group.name / peer.name)
        group.walls[peer.name] = done.wall
        after = looks(done.out.values())
        said = {path: _words(rows) for path, rows in tags.exiftool(done.out.values()).items()}
        for subject in group.subjects:
            out = done.out.get(subject.path)
            if out is None:
                end = End(None, said=done.refused.get(subject.path, ""))
            else:
                found = left(out, subject.needles, said.get(out, ""))
                end = End(out, found, _changed(before[subject.path], after[out]))
            subject.ends[peer.name] = end


def _words(rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join(value for tag, value in rows if not tag.startswith(("System", "ICC")))


def _changed(before: Look | None, after: Look | None) -> tuple[str, ...]:
    if before is None:
        return ()
    return tuple(same(before, after)) if after is not None else ("it no longer decodes",)
