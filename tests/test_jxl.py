"""JPEG XL: boxes that go, a codestream that stays byte for byte, and what cannot be cut out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from jxl_files import (
    ALPHA,
    BRAND,
    FILM,
    GROUPS,
    ICC,
    JPEG,
    LOSSY,
    ORDER,
    PLANTED,
    SIGNATURE,
    box,
    boxed,
)
from laws import assert_laws, clean, ledger_of
from PIL import Image
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.jxl import Jxl
from scrubber.formats.jxl_header import examine
from scrubber.identify import identify
from scrubber.readers.jxl import read
from scrubber.source import MemorySource

XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="'
    + PLANTED
    + b'"/></rdf:RDF></x:xmpmeta>'
)


def tiff() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x013B] = PLANTED.decode()
    return exif.tobytes()[6:]


def cleaned(data: bytes) -> bytes:
    out = assert_laws(Jxl(), read, data)
    assert PLANTED not in out
    return out


@pytest.mark.parametrize("data", [LOSSY, GROUPS, FILM])
def test_a_bare_codestream_stays(data: bytes) -> None:
    assert cleaned(data) == data
    assert cleaned(data + PLANTED) == data


@pytest.mark.parametrize("data", [LOSSY, GROUPS, FILM])
def test_a_codestream_in_boxes_stays(data: bytes) -> None:
    for runs in ((data,), (data[:30], data[30:]), (data[:1], data[1:5], data[5:])):
        assert cleaned(boxed(*runs)) == boxed(*runs)


def test_size_turn_and_frames_are_read() -> None:
    facts = dict(read(MemorySource(FILM)).rendering.facts)
    assert facts == {"width": "8", "height": "8", "orientation": "1", "frames": "2"}
    picture = examine(MemorySource(GROUPS))
    assert (picture.width, picture.height, picture.end) == (600, 300, len(GROUPS))


HIDING = {
    "Exif": boxed(LOSSY, behind=box(b"Exif", bytes(4) + tiff())),
    "Exif behind its letters": boxed(LOSSY, behind=box(b"Exif", b"\0\0\0\x06Exif\0\0" + tiff())),
    "damaged Exif": boxed(LOSSY, behind=box(b"Exif", bytes(4) + PLANTED)),
    "short Exif": boxed(LOSSY, behind=box(b"Exif", b"PLA")),
    "XMP": boxed(LOSSY, before=box(b"xml ", XMP)),
    "other XML": boxed(LOSSY, before=box(b"xml ", b"<a>" + PLANTED)),
    "compressed": boxed(LOSSY, behind=box(b"brob", b"Exif" + PLANTED)),
    "signed": boxed(LOSSY, behind=box(b"jumb", PLANTED)),
    "unknown box": boxed(LOSSY, before=box(b"jane", PLANTED)),
    "free": boxed(LOSSY, before=box(b"free", PLANTED)),
    "index": boxed(LOSSY, before=box(b"jxli", PLANTED)),
    "between parts": boxed(LOSSY[:40], LOSSY[40:], behind=box(b"Exif", bytes(4) + tiff())),
    "behind the last frame": boxed(LOSSY + PLANTED),
    "behind the last part": boxed(LOSSY[:40], LOSSY[40:] + PLANTED),
    "behind the boxes": boxed(LOSSY, behind=PLANTED),
    "version": boxed(LOSSY, brand=b"jxl PLANjxl "),
    "brand": boxed(LOSSY, brand=BRAND + b"PLAN"),
    "second level": boxed(LOSSY, before=box(b"jane") + box(b"jxll", b"P")),
}


@pytest.mark.parametrize("place", HIDING)
def test_nothing_hides(place: str) -> None:
    data = HIDING[place]
    assert read(MemorySource(data)).leftovers
    out = cleaned(data)
    assert b"PLA" not in out
    assert out == (boxed(LOSSY[:40], LOSSY[40:]) if "part" in place else boxed(LOSSY))


def test_a_level_stays_and_the_data_of_a_jpeg_goes() -> None:
    assert cleaned(ALPHA) == ALPHA
    out = cleaned(JPEG)
    assert b"jbrd" in JPEG
    assert b"jbrd" not in out
    assert len(out) < len(JPEG)


def spelt(*fields: tuple[int, int]) -> bytes:
    """A codestream of headers alone: (bits, value) in order, the lowest bit first."""
    bits = "".join(format(value, f"0{count}b")[::-1] for count, value in fields if count)
    bits += "0" * (-len(bits) % 8)
    return b"\xff\x0a" + bytes(int(bits[i : i + 8][::-1], 2) for i in range(0, len(bits), 8))


SMALL = ((1, 1), (5, 0), (3, 1))  # 8 by 8
HEAD = (*SMALL, (1, 1), (1, 1), (5, 0))  # all default, to the byte
START = ((1, 0), (2, 0), (1, 0), (2, 0), (2, 0), (6, 0), (2, 0), (1, 0), (2, 0), (1, 1))
FRAME = (*HEAD, *START)  # regular, VarDCT, no flags, … replaces all, is the last


@pytest.mark.parametrize(
    "tail",
    [
        ((2, 0), (1, 1), (2, 0)),
        ((2, 0), (1, 0), (1, 0), (2, 0), (2, 0), (2, 0)),
        ((2, 0), (1, 0), (1, 1), (1, 1), (96, 5), (2, 0), (2, 0), (2, 0)),
        ((2, 0), (1, 0), (1, 0), (2, 1), (1, 1), (128, 7), (1, 1), (80, 9), (1, 1), (64, 3), (2, 0),
         (2, 0)),
    ],
)  # fmt: skip
def test_headers_of_every_filter_are_measured(tail: tuple[tuple[int, int], ...]) -> None:
    used = sum(count for count, _ in (*FRAME, *tail)) + 1  # and the order of the groups
    data = spelt(*FRAME, *tail, (1, 0), (-used % 8, 0), (2, 0), (10, 0), (4, 0))
    assert cleaned(data) == data


HIDDEN = {  # among the bits, by the words that say so
    "A frame .* name": (*FRAME, (2, 1), (4, 3), (8, 80), (8, 76), (8, 65)),
    "extensions": (*FRAME, (2, 0), (1, 1), (2, 1), (4, 0)),
    "preview": (*SMALL, (1, 0), (1, 1), (3, 0), (1, 0), (1, 1)),
    "A channel .* name": (
        *SMALL, (1, 0), (1, 0), (1, 0), (2, 0), (1, 0), (2, 1), (1, 0), (2, 0), (1, 0), (2, 0),
        (2, 0), (2, 1), (4, 3), (24, 0x414C50),
    ),
    "has extensions": (
        *SMALL, (1, 0), (1, 0), (1, 0), (2, 0), (1, 0), (2, 0), (1, 1), (1, 1), (2, 1), (4, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", HIDDEN)
def test_what_stands_among_the_bits_is_held(words: str) -> None:
    data = spelt(*HIDDEN[words], *((8, 0),) * 40)
    for look in (lambda: clean(Jxl(), data), lambda: read(MemorySource(data))):
        with pytest.raises(Unsupported, match=words):
            look()


def test_the_author_is_told() -> None:
    entities = {part.entity for part in ledger_of(Jxl(), HIDING["Exif"]).parts}
    assert "CREATOR" in entities


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (b"\xff\x0a", Damaged),
        (LOSSY[:-1], Damaged),
        (boxed(LOSSY[:-1]), Damaged),
        (ICC, Unsupported),
        (ORDER, Unsupported),
        (boxed(LOSSY, behind=box(b"jhgm", PLANTED)), Unsupported),
        (boxed(LOSSY, LOSSY), Unsupported),
        (boxed(LOSSY, behind=box(b"jxlc", LOSSY)), Damaged),
        (boxed(LOSSY[:9], LOSSY[9:]).replace(b"\x80\0\0\1", b"\x80\0\0\2"), Damaged),
        (boxed(LOSSY[:9], LOSSY[9:]).replace(b"\x80\0\0\1", b"\0\0\0\1"), Damaged),
        (SIGNATURE + box(b"ftyp", BRAND), Damaged),
        (boxed(LOSSY, brand=b"heic" + bytes(4)), Damaged),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Jxl(), data)


@pytest.mark.parametrize("data", [FILM, GROUPS, JPEG, HIDING["between parts"]])
def test_damage_is_held_or_clean(data: bytes) -> None:
    assert_robust(Jxl(), read, data, seed=len(data), n=150, prefixes=60)


def test_it_is_known_by_its_content() -> None:
    for data in (LOSSY, ALPHA):
        assert identify(MemorySource(data)).container.name == "jxl"


@pytest.mark.skipif(not shutil.which("djxl"), reason="no libjxl here")
@pytest.mark.parametrize(
    "data", [JPEG, HIDING["between parts"], HIDING["behind the last frame"], GROUPS + PLANTED]
)
def test_libjxl_sees_the_same_picture(data: bytes, tmp_path: Path) -> None:
    shown = []
    for name, run in (("old", data), ("new", clean(Jxl(), data))):
        (tmp_path / f"{name}.jxl").write_bytes(run)
        subprocess.run(
            ["djxl", f"{name}.jxl", f"{name}.ppm"], cwd=tmp_path, check=True, capture_output=True
        )
        shown.append((tmp_path / f"{name}.ppm").read_bytes())
    assert shown[0] == shown[1]


@pytest.mark.skipif(not shutil.which("cjxl"), reason="no libjxl here")
@pytest.mark.parametrize(
    "options",
    [(), ("-d", "0"), ("-p",), ("-d", "9"), ("-m", "1"), ("-e", "3"),
     ("--photon_noise=ISO3200",), ("--container=1",), ("--intensity_target=1000",)],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_the_end_is_found_in_what_libjxl_writes(
    options: tuple[str, ...], mode: str, tmp_path: Path
) -> None:
    picture = Image.effect_mandelbrot((300, 270), (-2, -1.5, 1, 1.5), 40).convert(mode)
    picture.save(tmp_path / "a.png")
    subprocess.run(
        ["cjxl", "a.png", "a.jxl", *options], cwd=tmp_path, check=True, capture_output=True
    )
    data = (tmp_path / "a.jxl").read_bytes()
    assert cleaned(data) == data
