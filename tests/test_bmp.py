"""BMP: every version and coding, every place to hide in, and pixels that stay the same."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from bmp_files import HEADS, PLANTED, bmp, dib, palette, rows
from laws import assert_laws, clean, ledger_of
from PIL import Image, ImageCms
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.bmp import Bmp
from scrubber.identify import identify
from scrubber.readers.bmp import read
from scrubber.readers.decoded import decoded_digest
from scrubber.source import MemorySource

CORPUS = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parent.parent.parent / "shared"))
MASKS = struct.pack("<4I", 0xF800, 0x07E0, 0x001F, 0)
RLE8 = b"\x05\x01\0\0\0\x05\x01\x02\x01\x02\x01\0\0\0\0\x02\x02\x01\x03\x02\0\0\0\1"
RLE4 = b"\x05\x12\0\0\0\x05\x12\x12\x10\0\0\0\x01\x20\0\0\0\1"
PLAIN = bmp(dib(), b"", rows(5, 4, 24))


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def with_profile(data: bytes, *, gap: bytes = b"", behind: bytes = b"") -> bytes:
    """A V5 bitmap whose `data` is its profile, behind the pixels."""
    pixels = rows(5, 4, 24)
    place = struct.pack("<4I", 4, 124 + len(pixels) + len(gap), len(data), 0)
    head = dib(124, space=b"DEBM", tail=place)
    return bmp(head, b"", pixels, behind=gap + data + behind)


def same_pixels(data: bytes, out: bytes) -> None:
    """By Pillow, and by FFmpeg where it is there."""
    theirs = decoded_digest("bmp", MemorySource(data))
    if theirs is not None:  # Pillow does not know odd runs of four bits
        assert decoded_digest("bmp", MemorySource(out)) == theirs
    if shutil.which("ffmpeg"):
        assert by_ffmpeg(data) == by_ffmpeg(out) != b""


def by_ffmpeg(data: bytes) -> bytes:
    return subprocess.run(
        ["ffmpeg", "-v", "error", "-f", "bmp_pipe", "-i", "-", "-f", "rawvideo", "-pix_fmt",
         "rgba", "-"], input=data, capture_output=True, check=False,
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("size", "bits"),
    # OS/2's second version with a table is held: decoders read its entries differently.
    [(size, bits) for size in HEADS for bits in (1, 4, 8, 24) if size != 64 or bits > 8],
)
def test_every_version_and_depth(size: int, bits: int) -> None:
    step = 3 if size == 12 else 4
    colours = palette(1 << bits, step) if bits <= 8 else b""
    used = rows(5, 4, bits)
    data = bmp(dib(size, bits=bits), colours, used)
    out = assert_laws(Bmp(), read, data)
    assert len(out) == len(data)
    if bits in (1, 24):
        assert out == data


@pytest.mark.parametrize(
    ("size", "bits", "coding"),
    [(40, 16, 0), (40, 32, 0), (40, 16, 3), (56, 16, 3), (108, 16, 3), (124, 32, 3), (52, 16, 3),
     (40, 16, 6), (56, 32, 6)],
)  # fmt: skip
def test_colours_without_a_table_stay(size: int, bits: int, coding: int) -> None:
    masks = MASKS[: {3: 12, 6: 16}[coding]] if coding and size == 40 else MASKS * bool(coding)
    for height in (4, -4):
        data = bmp(dib(size, 5, height, bits, coding, masks=masks), b"", rows(5, 4, bits))
        assert assert_laws(Bmp(), read, data) == data


@pytest.mark.parametrize(("bits", "coding", "code"), [(8, 1, RLE8), (4, 2, RLE4)])
def test_runs_stay(bits: int, coding: int, code: bytes) -> None:
    head = dib(40, 5, 4, bits, coding, image_size=len(code), colours=3)
    data = bmp(head, palette(3), code)
    assert assert_laws(Bmp(), read, data) == data
    same_pixels(data, data)


def test_colours_of_every_half_are_in_use() -> None:
    for run in (b"\0\5\x01\x02\0\0", b"\0\5\x10\x20\0\0", b"\5\x21", b"\1\x20\1\x10"):
        head = dib(40, 5, 1, 4, 2, colours=3)
        data = bmp(head, palette(3), run + b"\0\1")
        assert assert_laws(Bmp(), read, data) == data


HIDING = {
    "behind the pixels": bmp(dib(), b"", rows(5, 4, 24), behind=PLANTED),
    "before the pixels": bmp(dib(), b"", rows(5, 4, 24), gap=PLANTED),
    "row padding": bmp(dib(40, 7, 4), b"", rows(7, 4, 24, fill=PLANTED[:4])),
    "unused bits": bmp(dib(40, 5, 4, 1), palette(2), rows(5, 4, 1, fill=PLANTED[:4])),
    "only unused bits": bmp(dib(40, 5, 4, 1), palette(2), b"\x57\0\0\0" * 4),
    "unused bits of four": bmp(
        dib(40, 5, 4, 4, colours=3), palette(3), rows(5, 4, 4, top=3, fill=b"LANT")
    ),
    "unused colours": bmp(
        dib(40, 5, 4, 8), palette(2) + PLANTED * 84 + bytes(8), rows(5, 4, 8, top=2)
    ),
    "surplus colours": bmp(dib(40, colours=3), PLANTED, rows(5, 4, 24)),
    "fourth bytes": bmp(dib(40, 5, 4, 1), palette(2, fourth=b"P"), rows(5, 4, 1)),
    "reserved": bmp(dib(), b"", rows(5, 4, 24), reserved=PLANTED[:4]),
    "file size": bmp(dib(), b"", rows(5, 4, 24), size=int.from_bytes(PLANTED[:4], "little")),
    "size of the pixels": bmp(dib(image_size=0x414C5021), b"", rows(5, 4, 24)),
    "density": bmp(dib(density=0x414C5021), b"", rows(5, 4, 24)),
    "important": bmp(dib(important=0x414C5021), b"", rows(5, 4, 24)),
    "planes": bmp(dib(planes=0x4C50), b"", rows(5, 4, 24)),
    "OS/2 fields": bmp(dib(64, os2=PLANTED * 2), b"", rows(5, 4, 24)),
    "masks": bmp(dib(108, masks=PLANTED + PLANTED[:4]), b"", rows(5, 4, 24)),
    "coordinates": bmp(dib(108, coordinates=PLANTED * 4), b"", rows(5, 4, 24)),
    "intent": bmp(dib(124, tail=b"PLAN" + bytes(12)), b"", rows(5, 4, 24)),
    "profile without one": bmp(dib(124, tail=bytes(4) + PLANTED), b"", rows(5, 4, 24)),
    "reserved of V5": bmp(dib(124, tail=bytes(12) + b"PLAN"), b"", rows(5, 4, 24)),
    "behind the runs": bmp(dib(40, 5, 4, 8, 1, colours=3), palette(3), RLE8, behind=PLANTED),
    "padding of a run": bmp(
        dib(40, 5, 4, 8, 1, colours=3), palette(3), RLE8.replace(b"\1\2\1\0", b"\1\2\1P")
    ),
    "half of a run": bmp(
        dib(40, 5, 4, 4, 2, colours=3), palette(3), RLE4.replace(b"\x01\x20", b"\x01\x25")
    ),
    "half of a pixel": bmp(
        dib(40, 5, 4, 4, 2, colours=3), palette(3), RLE4.replace(b"\x12\x10\0", b"\x12\x15P")
    ),
}


@pytest.mark.parametrize("place", HIDING)
def test_nothing_hides(place: str) -> None:
    data = HIDING[place]
    assert read(MemorySource(data)).leftovers, "the second reader sees it by itself"
    out = assert_laws(Bmp(), read, data)
    assert out != data
    for run in (PLANTED, PLANTED[:4], b"!PLA", b"LANT"):
        assert run not in out
    if place not in ("OS/2 fields", "planes"):
        same_pixels(data, out)


def test_surplus_leaves_a_plain_picture() -> None:
    for place in ("behind the pixels", "before the pixels", "reserved", "file size"):
        assert clean(Bmp(), HIDING[place]) == PLAIN


def test_an_embedded_profile_is_cleaned() -> None:
    old = profile()
    out = assert_laws(Bmp(), read, with_profile(old, gap=PLANTED, behind=PLANTED))
    assert PLANTED not in out
    assert b"Little CMS" not in out
    start, size = struct.unpack_from("<II", out, 14 + 112)
    assert 14 + start + size == len(out)
    assert out[14 + start :][36:40] == b"acsp"


def test_the_path_of_a_linked_profile_goes() -> None:
    path = rb"C:\Users\jane.doe\PLANTED-7f3a.icm" + b"\0"
    data = with_profile(path).replace(b"DEBM", b"KNIL")
    ledger = ledger_of(Bmp(), data)
    part = next(row for row in ledger.parts if row.name == "linked profile")
    assert (part.entity, part.describe and part.describe(path)) == ("FILE_PATH", path[:-1].decode())
    out = assert_laws(Bmp(), read, data)
    assert out == bmp(dib(124, tail=struct.pack("<4I", 4, 0, 0, 0)), b"", rows(5, 4, 24))
    same_pixels(data, out)


def test_calibrated_colours_stay() -> None:
    points = struct.pack("<12I", *range(1 << 28, (1 << 28) + 12))
    data = bmp(dib(108, space=bytes(4), coordinates=points), b"", rows(5, 4, 24))
    assert assert_laws(Bmp(), read, data) == data


def test_a_table_of_greys_stays_whole() -> None:
    picture = Image.new("L", (6, 3), 200)
    data = saved(picture)
    assert assert_laws(Bmp(), read, data) == data


def saved(picture: Image.Image) -> bytes:
    import io

    out = io.BytesIO()
    picture.save(out, "BMP")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (PLAIN[:-1], Damaged),
        (bmp(dib(width=-5), b"", rows(5, 4, 24)), Damaged),
        (bmp(dib(height=0), b"", rows(5, 4, 24)), Damaged),
        (bmp(dib(colours=1 << 30), b"", rows(5, 4, 24)), Damaged),
        (bmp(dib(bits=0, coding=4), b"", rows(5, 4, 24)), Unsupported),
        (bmp(dib(bits=32, coding=11), b"", rows(5, 4, 32)), Unsupported),
        (bmp(dib(108, space=b"????"), b"", rows(5, 4, 24)), Unsupported),
        (bmp(dib(bits=16, coding=3, masks=b"\xff" * 12), b"", rows(5, 4, 16)), Unsupported),
        (bmp(dib(bits=8, colours=2), palette(2), rows(5, 4, 8)), Damaged),
        (bmp(dib(40, 5, -4, 8, 1), palette(256), RLE8), Damaged),
        (bmp(dib(40, 5, 4, 8, 1), palette(256), b"\x06\x01\0\1"), Damaged),
        (bmp(dib(40, 5, 4, 8, 1), palette(256), RLE8[:-2]), Damaged),
        (bmp(dib(64, bits=8), palette(256), rows(5, 4, 8)), Unsupported),
        (with_profile(b"no profile"), Held),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Bmp(), data)


@pytest.mark.parametrize(
    "place", ["unused colours", "padding of a run", "half of a pixel", "unused bits", "coordinates"]
)
def test_damage_is_held_or_clean(place: str) -> None:
    assert_robust(Bmp(), read, HIDING[place], seed=len(place), n=120, prefixes=60)


def test_damage_to_a_profile_is_held_or_clean() -> None:
    assert_robust(Bmp(), read, with_profile(profile()), n=150, prefixes=40)


def test_a_bitmap_is_known_by_its_content() -> None:
    assert identify(MemorySource(PLAIN)).container.name == "bmp"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpora here")
def test_real_files() -> None:
    for path in sorted((CORPUS / "corpora").rglob("*.bmp"))[:200]:
        data = path.read_bytes()
        try:
            out = assert_laws(Bmp(), read, data, surgeries=4)
        except Held:
            continue
        assert decoded_digest("bmp", MemorySource(out)) == decoded_digest("bmp", MemorySource(data))
