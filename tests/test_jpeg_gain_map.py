"""Gain maps of JPEG files: they stay with their numbers and an index, and with nothing else."""

from __future__ import annotations

import io
import json
import re
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from gain_maps import (
    NUMBERS,
    URN,
    XMP,
    by_iso,
    directory,
    gain_map,
    hdrgm,
    index,
    iso_block,
    ultra_hdr,
    with_index,
)
from laws import GOING, assert_laws, clean, ledger_of
from pictures import PLANTED, exif_with, jpeg, segment, srgb_profile
from PIL import Image
from robustness import assert_robust

from scrubber.formats.jpeg import Jpeg
from scrubber.readers.jpeg import read
from scrubber.source import MemorySource

JPEG = Jpeg()
PLAIN = jpeg()
BOTH = PLAIN[:2] + directory(1) + segment(0xE2, URN + bytes(4)) + PLAIN[2:]


def assert_kept(data: bytes) -> bytes:
    """All laws; the plant is gone and a gain map is there. Returns the cleaned bytes."""
    output = assert_laws(JPEG, read, data)
    assert PLANTED not in output
    assert "gain_map" in dict(read(MemorySource(output)).rendering.facts)
    return output


def assert_dropped(data: bytes, name: str = "PreviewImage") -> bytes:
    output = assert_laws(JPEG, read, data)
    assert PLANTED not in output
    assert "gain_map" not in dict(read(MemorySource(output)).rendering.facts)
    assert output.count(b"\xff\xd8\xff") == 1
    assert name in names_of(data)
    return output


def names_of(data: bytes) -> list[str]:
    ledger = ledger_of(JPEG, data)
    ledger.tile()
    return [ledger.path(part.id) for part in ledger.parts if part.role in GOING and part.spans]


def second_of(data: bytes) -> bytes:
    """The bytes from the second SOI on."""
    return data[data.index(b"\xff\xd9\xff\xd8") + 2 :]


def decoded(data: bytes) -> tuple[str, bytes]:
    with Image.open(io.BytesIO(data)) as picture:
        return picture.mode, picture.tobytes()


HIDDEN = {
    "COM": segment(0xFE, PLANTED),
    "Exif": segment(0xE1, b"Exif\0\0" + exif_with(1)),
    "orientation": segment(0xE1, b"Exif\0\0" + exif_with(6)),
    "profile": segment(0xE2, b"ICC_PROFILE\0\1\1" + srgb_profile()),
    "unknown": segment(0xE9, PLANTED),
    "table": segment(0xDB, b"\x03" + PLANTED * 4),
    "second XMP": segment(0xE1, XMP + b"<x>" + PLANTED + b"</x>"),
    "second block": segment(0xE2, URN + PLANTED),
    "second index": segment(0xE2, b"MPF\0" + PLANTED),
    "extended XMP": segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + PLANTED),
}


@pytest.mark.parametrize("name", HIDDEN)
@pytest.mark.parametrize("form", [ultra_hdr, by_iso])
def test_both_pictures_are_cleaned_alike(form: object, name: str) -> None:
    data = form(HIDDEN[name])  # type: ignore[operator]  # one of two functions
    output = assert_kept(data)
    assert decoded(second_of(output)) == decoded(second_of(data))
    assert decoded(output) == decoded(data)


def test_numbers_alone_stay_of_the_xmp() -> None:
    extra = f"<dc:rights>{PLANTED.decode()}</dc:rights>"
    data = BOTH + gain_map(hdrgm(inside=extra, tool=PLANTED.decode()))
    second = second_of(assert_kept(data))
    found = dict(re.findall(r'hdrgm:(\w+)="([^"]*)"', second.decode("latin-1")))
    assert found.pop("Version") == "1.0"
    assert found.pop("BaseRenditionIsHDR") == "False"
    assert {k: float(v) for k, v in found.items()} == {
        k: float(v) for k, v in NUMBERS.items() if k != "BaseRenditionIsHDR"
    }


def test_numbers_of_three_channels_stay() -> None:
    rows = "".join(
        f"<hdrgm:{name}><rdf:Seq><rdf:li>{a}</rdf:li><rdf:li> 1.5 </rdf:li><rdf:li>.5e1</rdf:li>"
        f"</rdf:Seq></hdrgm:{name}>"
        for name, a in (("GainMapMax", "2.25"), ("Gamma", "1"))
    )
    data = BOTH + gain_map(hdrgm({"HDRCapacityMax": "3"}, rows))
    second = second_of(assert_kept(data))
    assert b"<rdf:li>2.25</rdf:li><rdf:li>1.5</rdf:li><rdf:li>5.0</rdf:li>" in second
    assert b'hdrgm:HDRCapacityMax="3.0"' in second


@pytest.mark.parametrize(
    "numbers",
    [
        {"GainMapMax": "1", "HDRCapacityMax": "nan"},
        {"GainMapMax": "1", "HDRCapacityMax": "inf"},
        {"GainMapMax": "1", "HDRCapacityMax": "1e-30"},
        {"GainMapMax": "1", "HDRCapacityMax": "0x41"},
        {"GainMapMax": "1"},
        {"HDRCapacityMax": "1"},
        {"GainMapMax": PLANTED.decode(), "HDRCapacityMax": "1"},
        {"GainMapMax": "1" * 60, "HDRCapacityMax": "1"},
    ],
)
def test_numbers_that_are_none_make_no_gain_map(numbers: dict[str, str]) -> None:
    assert assert_dropped(BOTH + gain_map(hdrgm(numbers))) == PLAIN


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("flags", [0, 0x40])
def test_the_block_stays_as_it_is(channels: int, flags: int) -> None:
    block = iso_block(channels, flags)
    output = assert_kept(by_iso(HIDDEN["COM"], block))
    assert segment(0xE2, URN + block) in second_of(output)
    assert segment(0xE2, URN + bytes(4)) in output


def test_the_block_of_the_draft_stays() -> None:
    block = struct.pack(">HHBIII", 0, 0, 8, 1000, 0, 2500) + struct.pack(">iiIii", 0, 1, 1, 1, 1)
    assert block in assert_kept(by_iso(block=block))


def test_the_writers_version_goes() -> None:
    data = by_iso(block=iso_block(writer=0x5041), versions=b"\0\0\x5a\x5a")
    assert_kept(data)
    assert clean(JPEG, data) == clean(JPEG, by_iso())


@pytest.mark.parametrize(
    "block",
    [iso_block() + b"x", iso_block()[:-1], iso_block(flags=1), b"\0\1" + iso_block()[2:],
     iso_block(denominator=0), b""],
)  # fmt: skip
def test_a_block_that_is_wrong_makes_no_gain_map(block: bytes) -> None:
    assert assert_dropped(by_iso(block=block)) == PLAIN


@pytest.mark.parametrize("order", ["<", ">"])
def test_the_index_names_two_pictures_and_where_they_are(order: str) -> None:
    second = gain_map(segment(0xE2, URN + iso_block()), HIDDEN["COM"])
    thumbnail = jpeg(size=(16, 16))
    data = with_index(PLAIN, (0x010001, thumbnail), (0, second), order=order)
    output = assert_kept(data)
    ledger = ledger_of(JPEG, data)
    (part,) = (part for part in ledger.parts if part.name == "PreviewImage")
    assert part.describe is not None
    assert part.describe(b"") == f"large thumbnail, {len(thumbnail)} bytes"
    with Image.open(io.BytesIO(output)) as picture:
        assert picture.format == "MPO"
        assert picture.n_frames == 2  # type: ignore[attr-defined]  # of an MPO
        picture.seek(1)
        assert (picture.mode, picture.tobytes()) == decoded(second)
    base = output.index(b"MPF\0") + 4
    size, offset = struct.unpack(">II", output[base + 70 : base + 78])
    assert output[base + offset :] == second_of(output)
    assert size == len(second_of(output))


def test_an_index_with_wrong_places_hides_no_gain_map() -> None:
    second = gain_map(hdrgm())
    data = PLAIN[:2] + index(5, [(0, 9, 1), (7, 1 << 31, 1 << 31)]) + PLAIN[2:] + second
    output = assert_kept(data)
    assert output.index(b"MPF\0") > 0
    assert b"Container" not in output  # nothing is said that was not said before


@pytest.mark.parametrize("gap", [bytes(64), PLANTED, b"\xff\xd8\xff" + PLANTED])
def test_what_stands_around_the_gain_map_goes(gap: bytes) -> None:
    data = BOTH + gap + gain_map(hdrgm()) + gap
    output = assert_kept(data)
    assert output.endswith(second_of(output))
    assert len(re.findall(b"\xff\xd9", output[-4:])) == 1


def test_a_gain_map_that_nothing_tells_of_goes() -> None:
    assert assert_dropped(PLAIN + gain_map(hdrgm()), "gain map") == PLAIN


@pytest.mark.parametrize(
    ("size", "stays"),
    [((48, 32), True), ((24, 16), True), ((13, 8), True), ((6, 4), True), ((24, 24), False),
     ((32, 16), False), ((48, 27), False)],
)  # fmt: skip
def test_a_gain_map_of_a_picture_that_was_cropped_goes(size: tuple[int, int], stays: bool) -> None:
    data = BOTH + gain_map(hdrgm(), size=size)
    if stays:
        assert_kept(data)
        return
    assert assert_dropped(data, "gain map") == PLAIN
    kept = clean(JPEG, BOTH + gain_map(hdrgm()))
    cropped = jpeg(size=size)
    told = cropped[:2] + segment(0xE2, URN + bytes(4)) + cropped[2:]
    other = second_of(clean(JPEG, told + gain_map(hdrgm(), size=size)))
    mixed = kept[: -len(second_of(kept))] + other
    assert "gain map: of another shape" in read(MemorySource(mixed)).leftovers


def test_a_damaged_gain_map_goes() -> None:
    whole = gain_map(hdrgm())
    at = whole.index(b"\xff\xc0")
    bad = whole[: at + 4] + b"\x0c" + whole[at + 5 :]  # 12 bits a sample
    output = clean(JPEG, BOTH + bad)
    assert output == PLAIN
    assert "gain map (damaged)" in names_of(BOTH + bad)


def test_a_cut_off_gain_map_goes() -> None:
    assert clean(JPEG, BOTH + gain_map(hdrgm())[:-20]) == PLAIN


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (
            "urn:com:apple:photo:2020:aux:hdrgainmap",
            "Apple HDR gain map (the picture keeps its SDR look)",
        ),
        (
            "http://ns.apple.com/HDRGainMap/1.0/",
            "Apple HDR gain map (the picture keeps its SDR look)",
        ),
        ("urn:com:apple:photo:2018:aux:portraiteffectsmatte", "portrait matte"),
        ("urn:com:apple:photo:2017:aux:disparity", "disparity map"),
    ],
)
def test_other_pictures_are_named_and_go(words: str, name: str) -> None:
    extra = segment(0xE1, XMP + f"<x a='{words}'>{PLANTED.decode()}</x>".encode())
    data = with_index(PLAIN, (0, gain_map(extra)))
    assert assert_dropped(data, name) == PLAIN


def test_the_directory_of_a_motion_photo_keeps_its_gain_map_alone() -> None:
    film = struct.pack(">I4s4sI", 16, b"ftyp", b"mp42", 0) + struct.pack(">I4s", 24, b"mdat")
    film += PLANTED
    second = gain_map(hdrgm())
    picture = PLAIN[:2] + directory(len(second), len(film)) + PLAIN[2:]
    output = assert_kept(picture + second + film)
    assert b"Motion" not in output
    assert {"MotionPhoto video", "APP1/XMP/GCamera:MotionPhoto"} <= set(
        names_of(picture + second + film)
    )


def test_the_canonical_directory_follows_its_gain_map() -> None:
    """A comment put into a clean file: lengths and offsets are mended in place."""
    done = clean(JPEG, ultra_hdr())
    second = second_of(done)
    worse = done[: -len(second)] + second[:2] + HIDDEN["COM"] + second[2:]
    assert clean(JPEG, worse) == done


def test_right_numbers_are_mended_where_they_stand() -> None:
    """As above, but directory and index are right for the longer gain map."""
    done = clean(JPEG, ultra_hdr())
    second = second_of(done)
    longer = second[:2] + HIDDEN["COM"] + second[2:]
    worse = bytearray(done[: -len(second)] + longer)
    at = worse.index(b'Item:Length="') + 13
    worse[at : at + 11] = f'{len(longer)}"'.encode().ljust(11)
    base = worse.index(b"MPF\0") + 4
    worse[base + 70 : base + 74] = struct.pack(">I", len(longer))
    assert {name for name in names_of(bytes(worse)) if "APP" in name} == set()
    assert assert_laws(JPEG, read, bytes(worse)) == done
    for at in (2, done.index(b"\xff\xdb")):  # before the index, and behind it
        first = bytearray(done[:at] + HIDDEN["COM"] + done[at:])
        base, primary = first.index(b"MPF\0") + 4, len(first) - len(second)
        first[base + 54 : base + 58] = struct.pack(">I", primary)
        first[base + 74 : base + 78] = struct.pack(">I", primary - base)
        assert {name for name in names_of(bytes(first)) if "APP" in name} == set()
        assert assert_laws(JPEG, read, bytes(first)) == done


def test_the_reader_refuses_what_is_not_canonical() -> None:
    done = clean(JPEG, ultra_hdr(HIDDEN["orientation"]))
    assert not read(MemorySource(done)).leftovers
    base = done.index(b"MPF\0") + 4
    length = done.index(b'Item:Length="') + 13
    number = done.index(b'hdrgm:GainMapMax="') + 18
    worse = {
        "length": done[:length] + b"9" + done[length + 1 :],
        "spaces": done[: length + 10] + b"\t" + done[length + 11 :],
        "index": done[: base + 60] + b"\1" + done[base + 61 :],
        "offset": done[: base + 77] + b"\1" + done[base + 78 :],
        "number": done[:number] + b"2.50" + done[number + 4 :].replace(b" ", b"", 1),
        "behind": done + b"\0",
    }
    for name, bad in worse.items():
        assert read(MemorySource(bad)).leftovers, name
    second = second_of(done)
    for hidden in HIDDEN.values():
        bad = done[: -len(second)] + second[:2] + hidden + second[2:]
        assert read(MemorySource(bad)).leftovers
    assert read(MemorySource(PLAIN + gain_map(hdrgm()))).leftovers
    canonical = second_of(clean(JPEG, BOTH + gain_map(hdrgm())))
    assert "gain map: no word of it" in read(MemorySource(PLAIN + canonical)).leftovers


def test_other_numbers_look_other() -> None:
    one = read(MemorySource(clean(JPEG, by_iso()))).rendering
    other = read(MemorySource(clean(JPEG, by_iso(block=iso_block(denominator=999))))).rendering
    assert one != other
    numbers = {**NUMBERS, "Gamma": "1.1"}
    three, four = (clean(JPEG, BOTH + gain_map(hdrgm(row))) for row in (NUMBERS, numbers))
    assert read(MemorySource(three)).rendering != read(MemorySource(four)).rendering


@pytest.mark.parametrize("form", [ultra_hdr, by_iso])
def test_libultrahdr_shows_the_same(form: object) -> None:
    codecs = pytest.importorskip("imagecodecs")
    data = form(HIDDEN["COM"])  # type: ignore[operator]  # one of two functions
    before, after = (codecs.ultrahdr_decode(one) for one in (data, clean(JPEG, data)))
    assert before.max() > 1
    assert (before == after).all()


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_both_pictures_and_nothing_private(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    output = clean(JPEG, ultra_hdr(HIDDEN["COM"]))
    path.write_bytes(output)
    ran = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", "-ee3", "-struct", path],
        capture_output=True, check=True,
    )  # fmt: skip
    found = json.loads(ran.stdout)[0]
    assert {name.partition(":")[0] for name in found} <= {
        "SourceFile", "ExifTool", "System", "File", "JFIF", "Composite", "MPF0", "MPImage1",
        "MPImage2", "XMP-hdrgm", "XMP-Container",
    }  # fmt: skip
    assert "ExifTool:Warning" not in found
    assert found["MPImage2:MPImageLength"] == len(second_of(output))
    assert found["MPImage2:MPImageStart"] == len(output) - len(second_of(output))
    assert found["XMP-Container:Directory"][1]["Item"]["Length"] == len(second_of(output))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_damage_is_held_or_cleaned(seed: int) -> None:
    small = with_index(
        PLAIN[:2] + directory(1) + segment(0xE2, URN + bytes(4)) + jpeg(size=(8, 8))[2:],
        (0, gain_map(hdrgm(), segment(0xE2, URN + iso_block()), size=(8, 8))),
    )
    assert_robust(JPEG, read, small, seed, n=1500)
    assert_robust(JPEG, read, clean(JPEG, small), seed, n=1500)
