"""The preview of a raw file as an item of its own: only where the policy says so."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from PIL import Image
from runs import Runs
from tiff_files import File, Page

from scrubber.model import Outcome
from scrubber.raw_previews import NOTE, TAIL, preview
from scrubber.source import MemorySource

PLANTED = b"PLANTED-91be07"
EXTRACT = 'name = "raws"\n[pictures]\nraw_previews = "extract"\n'


def jpeg(width: int = 1200, height: int = 800) -> bytes:
    out = io.BytesIO()
    picture = Image.radial_gradient("L").resize((width, height))
    picture.save(out, "JPEG", quality=40, comment=PLANTED)
    return out.getvalue()


def in_strip(data: bytes) -> Page:
    return Page(
        tags={254: (4, (1,)), 259: (3, (6,)), 278: (3, (800,))}, blocks=[data],
    )  # fmt: skip


def nef(*previews: bytes) -> bytes:
    """As Nikon lays it out: a thumbnail first, below it the sensor's picture and previews."""
    sensor = Page(tags={262: (3, (32803,))})
    first = Page(tags={271: (2, b"NIKON CORPORATION\0"), 254: (4, (1,)), 315: (2, PLANTED)})
    first.subs = [sensor, *(in_strip(one) for one in previews)]
    return File([first]).build()


def raf(data: bytes) -> bytes:
    head = b"FUJIFILMCCD-RAW 0201FF00".ljust(84, b"\0") + struct.pack(">II", 160, len(data))
    return head.ljust(160, b"\0") + data + bytes(64)


def cr3(*samples: bytes) -> bytes:
    def box(kind: bytes, *inner: bytes) -> bytes:
        body = b"".join(inner)
        return struct.pack(">I4s", 8 + len(body), kind) + body

    def moov(starts: list[int]) -> bytes:
        tracks = [
            box(b"trak", box(b"mdia", box(b"minf", box(
                b"stbl", box(b"stsz", struct.pack(">III", 0, len(data), 1)),
                box(b"co64", struct.pack(">IIQ", 0, 1, at)),
            )))) for at, data in zip(starts, samples, strict=True)
        ]  # fmt: skip
        return box(b"moov", *tracks)

    head = box(b"ftyp", b"crx \0\0\0\1crx isom")
    at = len(head) + len(moov([0] * len(samples))) + 8
    starts = [at + sum(map(len, samples[:index])) for index in range(len(samples))]
    return head + moov(starts) + box(b"mdat", *samples)


@pytest.mark.parametrize(
    "data",
    [
        nef(jpeg(320, 240), jpeg()), nef(jpeg(), jpeg(1100, 700)), raf(jpeg()),
        cr3(jpeg(), b"raw" * 900),
    ],
)  # fmt: skip
def test_the_largest_is_found(data: bytes) -> None:
    run = preview(MemorySource(data))
    assert run is not None
    assert data[slice(*run)] == jpeg()


@pytest.mark.parametrize("data", [nef(), nef(jpeg(320, 240)), raf(b"no picture"), cr3(b"x" * 99)])
def test_none_is_found(data: bytes) -> None:
    assert preview(MemorySource(data)) is None


def test_damage_ends_the_search() -> None:
    data = nef(jpeg())
    for end in range(0, 3000, 37):
        preview(MemorySource(data[:end]))


def folder(tmp_path: Path) -> Runs:
    runs = Runs(tmp_path)
    runs.write("a/IMG_0001.NEF", nef(jpeg()))
    runs.write("a/IMG_0002.nef", nef())
    return runs


def test_held_and_offered(tmp_path: Path) -> None:
    result, records = folder(tmp_path).here()
    assert set(records) == {"a/IMG_0001.NEF", "a/IMG_0002.nef"}
    for record in records.values():
        assert (record.outcome, record.code) == (Outcome.HELD, "unsupported")
        assert "serial number" in record.why
        assert "raw_previews" in record.fix
    assert result.exit_code == 3


def test_extracted(tmp_path: Path) -> None:
    runs = folder(tmp_path)
    policy = tmp_path / "raws.toml"
    policy.write_text(EXTRACT)
    _, records = runs.here(policy=str(policy))
    made = records.pop("a/IMG_0001.NEF" + TAIL)
    assert {record.outcome for record in records.values()} == {Outcome.HELD}
    assert "a file of its own" in records["a/IMG_0001.NEF"].fix
    assert made.outcome is Outcome.CLEANED
    assert NOTE in made.notes
    written = [path for path in (runs.out / "data").rglob("*") if path.is_file()]
    assert [path.suffix for path in written] == [".jpg"]
    output = written[0].read_bytes()
    assert PLANTED not in output
    with Image.open(io.BytesIO(output)) as one, Image.open(io.BytesIO(jpeg())) as other:
        assert one.tobytes() == other.tobytes()
    assert runs.verified()


def test_it_is_said_and_a_second_run_is_the_same(tmp_path: Path) -> None:
    runs = folder(tmp_path)
    policy = tmp_path / "raws.toml"
    policy.write_text(EXTRACT)
    done = runs.scrub(runs.inside, "--out", runs.out, "--policy", policy)
    assert "taken from a camera's raw file" in done.stdout + done.stderr
    _, records = runs.here(policy=str(policy), out=tmp_path / "second")
    assert records["a/IMG_0001.NEF" + TAIL].outcome is Outcome.CLEANED


def test_a_file_of_that_name_is_not_hidden(tmp_path: Path) -> None:
    runs = folder(tmp_path)
    runs.write("a/IMG_0001.NEF" + TAIL, jpeg(40, 30))
    policy = tmp_path / "raws.toml"
    policy.write_text(EXTRACT)
    _, records = runs.here(policy=str(policy))
    assert records["a/IMG_0001.NEF" + TAIL].size == len(jpeg(40, 30))
