"""JPEG: every hiding place of T.81's grammar, the colour decision, orientation, real cameras."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from laws import Held, assert_laws, clean, ledger_of
from pictures import PLANTED, exif_with, jpeg, pixels, segment, srgb_profile, tiff, xmp_with
from PIL import UnidentifiedImageError
from robustness import assert_robust

from scrubber.errors import Damaged, NestedUnclean, Unsupported
from scrubber.formats.jpeg import Jpeg
from scrubber.readers.jpeg import read
from scrubber.source import MemorySource

JPEG = Jpeg()
PLAIN = jpeg()
PROGRESSIVE = jpeg(progressive=True)
SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
CAMERAS = sorted((SHARED / "corpora" / "exif-samples" / "jpg").glob("**/*.jp*g"))
XMP = b"http://ns.adobe.com/xap/1.0/\0"


def after_soi(data: bytes, *segments: bytes) -> bytes:
    return data[:2] + b"".join(segments) + data[2:]


def before_scan(data: bytes, extra: bytes, scan: int = 1) -> bytes:
    """`extra` before the nth SOS (and the tables that belong to it)."""
    at = -1
    for _ in range(scan):
        at = data.index(b"\xff\xda", at + 1)
    return data[:at] + extra + data[at:]


def markers_of(data: bytes) -> list[int]:
    """The markers up to the first scan."""
    at, found = 2, []
    while data[at + 1] != 0xDA:
        found.append(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return found


def entities_of(data: bytes) -> set[str]:
    ledger = ledger_of(JPEG, data)
    ledger.tile()
    return {part.entity for part in ledger.parts if part.entity}


def assert_gone(data: bytes, planted: bytes = PLANTED) -> bytes:
    output = assert_laws(JPEG, read, data)
    text = planted.decode("latin-1")
    for form in (planted, text.encode("utf-16-le"), text.encode("utf-16-be"),
                 base64.b64encode(planted)[:16], planted.hex().encode()):  # fmt: skip
        assert form not in output
    with contextlib.suppress(UnidentifiedImageError):  # Pillow refuses some of the sources
        assert pixels(data) == pixels(output)
    return output


def icc_segments(profile: bytes, pieces: int = 1) -> list[bytes]:
    step = -(-len(profile) // pieces)
    return [
        segment(
            0xE2, b"ICC_PROFILE\0" + bytes((n + 1, pieces)) + profile[n * step : (n + 1) * step]
        )
        for n in range(pieces)
    ]


HIDDEN = {
    "COM": (segment(0xFE, PLANTED), "CAPTION"),
    "Exif": (segment(0xE1, b"Exif\0\0" + exif_with(1)), "CREATOR"),
    "Exif other byte": (segment(0xE1, b"Exif\0\xff" + exif_with(1)), "CREATOR"),
    "Exif after junk": (segment(0xE1, b"ab\0\0Exif\0\0" + exif_with(1)), "TAG"),
    "XMP": (segment(0xE1, XMP + xmp_with()), "CREATOR"),
    "XMP wide": (segment(0xE1, XMP + xmp_with().decode().encode("utf-16")), "TAG"),
    "ExtendedXMP orphan": (
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(32) + bytes(8) + PLANTED),
        "EDIT_HISTORY",
    ),
    "JFXX": (segment(0xE0, b"JFXX\0\x10" + PLAIN + PLANTED), "THUMBNAIL"),
    "FlashPix": (segment(0xE2, b"FPXR\0" + PLANTED), "TAG"),
    "MPF": (segment(0xE2, b"MPF\0" + PLANTED), "UNIQUE_ID"),
    "gain map": (segment(0xE2, b"urn:iso:std:iso:ts:21496:-1\0" + PLANTED), "TECHNICAL"),
    "stray ICC": (segment(0xE2, b"ICC_PROFILE\0\x05\x02" + PLANTED), "HIDDEN_DATA"),
    "JUMBF": (segment(0xEB, b"JP\0\x01" + PLANTED), "PROVENANCE"),
    "Photoshop": (
        segment(
            0xED,
            b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 5 + len(PLANTED))
            + b"\x1c\x02\x50" + struct.pack(">H", len(PLANTED)) + PLANTED,
        ),
        "CREATOR",
    ),
    "CIFF": (segment(0xE0, b"II\x1a\0\0\0HEAPJPGM" + PLANTED), "MAKER_NOTE"),
    "InfiRay": (segment(0xE2, b"\1\2\3\4IJPEG\0" + PLANTED), "MAKER_NOTE"),
    "small preview": (segment(0xE2, b"QVGA\0" + PLAIN + PLANTED), "PREVIEW"),
    "XMP without a name": (segment(0xE1, b"<?xpacket?>" + PLANTED), "TAG"),
    "XMP without properties": (segment(0xE1, XMP + b"<x>" + PLANTED + b"</x>"), "TAG"),
    "Apple gain curve": (segment(0xEA, b"AROT\0\0" + PLANTED), "TECHNICAL"),
    "GoPro": (segment(0xE6, b"GoPro\0" + PLANTED), "GPS_POSITION"),
    "Ducky": (segment(0xEC, b"Ducky\0" + PLANTED), "CAPTION"),
    "Samsung id": (segment(0xE5, b"ssuniqueid\0" + PLANTED), "UNIQUE_ID"),
    "unknown": (segment(0xE9, PLANTED), "HIDDEN_DATA"),
    "Adobe second": (segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01") * 2 + segment(0xEE, PLANTED), None),
    "quantisation table": (segment(0xDB, b"\x03" + PLANTED * 4), "HIDDEN_DATA"),
    "Huffman table": (
        segment(0xC4, b"\x13" + bytes((0,) * 8 + (16,) + (0,) * 7) + PLANTED),
        "HIDDEN_DATA",
    ),
    "junk": (PLANTED, "HIDDEN_DATA"),
    "TEM": (b"\xff\x01" + segment(0xFE, PLANTED), "HIDDEN_DATA"),
}  # fmt: skip


@pytest.mark.parametrize("base", [PLAIN, PROGRESSIVE], ids=["baseline", "progressive"])
@pytest.mark.parametrize("name", HIDDEN)
def test_hiding_places_before_the_first_scan(name: str, base: bytes) -> None:
    hidden, entity = HIDDEN[name]
    data = before_scan(base, hidden)
    output = assert_gone(data)
    assert entity is None or entity in entities_of(data)
    if name not in ("Adobe second",):
        assert output == base


@pytest.mark.parametrize("scan", [2, 4])
@pytest.mark.parametrize("name", [n for n in HIDDEN if n not in ("junk", "TEM")])
def test_hiding_places_between_scans(name: str, scan: int) -> None:
    data = before_scan(PROGRESSIVE, HIDDEN[name][0], scan)
    assert assert_gone(data) == PROGRESSIVE


def test_a_table_that_comes_too_late_for_its_component_goes() -> None:
    """Decoders take a quantisation table at the first scan of a component (libjpeg)."""
    late = segment(0xDB, b"\0" + PLANTED * 4)
    assert assert_gone(before_scan(PROGRESSIVE, late, 3)) == PROGRESSIVE


TRAILERS = {
    "text": (PLANTED, "TRAILER"),
    "second picture": (after_soi(PLAIN, segment(0xFE, PLANTED)), "PREVIEW"),
    "motion photo": (b"\0\0\0\x18ftypmp42" + PLANTED, "EMBEDDED_MEDIA"),
    "motion photo marker": (b"MotionPhoto_Data" + PLANTED, "EMBEDDED_MEDIA"),
    "Samsung": (PLANTED + b"SEFH" + bytes(16) + b"SEFT", "EDIT_HISTORY"),
    "archive": (b"PK\x03\x04" + PLANTED, "POLYGLOT"),
}


@pytest.mark.parametrize("name", TRAILERS)
def test_bytes_after_the_end_go(name: str) -> None:
    tail, entity = TRAILERS[name]
    assert assert_gone(PLAIN + tail) == PLAIN
    assert entity in entities_of(PLAIN + tail)


RESTART = segment(0xDD, b"\x4d\x41")


def test_a_restart_interval_that_no_scan_uses_goes() -> None:
    assert assert_gone(before_scan(PLAIN, RESTART * 3 + segment(0xDD, b"\0\0"))) == (
        before_scan(PLAIN, segment(0xDD, b"\0\0"))
    )
    assert assert_gone(PLAIN[:-2] + RESTART + PLAIN[-2:]) == PLAIN
    assert read(MemorySource(PLAIN[:-2] + RESTART + PLAIN[-2:])).leftovers


CONDITIONS = segment(0xCC, b"\x00\x41\x10\x05\x01\x20")


def test_arithmetic_conditioning_of_a_huffman_picture_goes() -> None:
    assert assert_gone(before_scan(PLAIN, CONDITIONS)) == PLAIN
    assert read(MemorySource(before_scan(PLAIN, CONDITIONS))).leftovers


@pytest.mark.skipif(not shutil.which("jpegtran"), reason="jpegtran is not installed")
@pytest.mark.parametrize("options", [[], ["-progressive"]], ids=["sequential", "progressive"])
def test_arithmetic_coding_keeps_the_conditions_that_it_uses(options: list[str]) -> None:
    ran = subprocess.run(
        ["jpegtran", "-arithmetic", *options], input=PLAIN, capture_output=True, check=True
    )
    data = ran.stdout
    assert assert_laws(JPEG, read, before_scan(data, HIDDEN["COM"][0])) == data
    unused = segment(0xCC, b"\x0f\x41\x1e\x05")
    assert assert_laws(JPEG, read, before_scan(data, unused)) == data
    overridden = before_scan(data, CONDITIONS + CONDITIONS)
    once = before_scan(data, CONDITIONS)
    assert clean(JPEG, overridden) == clean(JPEG, once)
    assert clean(JPEG, once) != data  # it decodes to another picture
    with pytest.raises(Damaged):
        clean(JPEG, before_scan(data, segment(0xCC, PLANTED)))


def test_fill_bytes_go() -> None:
    data = before_scan(PLAIN, b"\xff" * 9)
    assert assert_laws(JPEG, read, data) == PLAIN
    data = PLAIN[:-2] + b"\xff\xff" + PLAIN[-2:]
    assert assert_laws(JPEG, read, data) == PLAIN


def test_extra_bytes_of_adobe_and_jfif_go() -> None:
    adobe = segment(0xEE, b"Adobe\0\x65\x12\x34\x56\x78\x01" + PLANTED)
    output = assert_gone(before_scan(PLAIN, adobe))
    assert segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01") in output
    at = PLAIN.index(b"JFIF") - 4
    jfif = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\x02\x01" + PLANTED[:6])
    data = PLAIN[:at] + jfif + PLAIN[at + 18 :]
    output = assert_gone(data, PLANTED[:6])
    assert len(output) == len(PLAIN)


def test_an_exif_without_entries_goes_by_name() -> None:
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0"))
    assert assert_laws(JPEG, read, data) == PLAIN
    assert "TAG" in entities_of(data)


def test_a_second_exif_goes_whatever_it_says() -> None:
    first = segment(0xE1, b"Exif\0\0" + exif_with(6, b"Ann"))
    second = segment(0xE1, b"Exif\0\0" + exif_with(3))
    output = assert_gone(after_soi(PLAIN, first, second))
    assert dict(read(MemorySource(output)).rendering.facts)["orientation"] == "6"


def test_bytes_behind_the_tree_inside_the_segment_go() -> None:
    body = segment(0xE1, b"Exif\0\0" + exif_with(6) + PLANTED)
    output = assert_gone(after_soi(PLAIN, body))
    assert len(output) == len(PLAIN) + 4 + 6 + 26


def test_a_thumbnail_goes_with_its_own_exif() -> None:
    small = after_soi(jpeg(size=(16, 8)), segment(0xE1, b"Exif\0\0" + exif_with(1)))
    first = tiff([(0x0112, 3, 1, struct.pack("<H", 8)), (0x010F, 2, 4, b"abc\0")])
    second = len(first)
    head = first[:34] + struct.pack("<I", second) + first[38:]
    rows = [(0x0201, 4, 1, second + 30), (0x0202, 4, 1, len(small))]
    ifd1 = struct.pack("<H", 2) + b"".join(struct.pack("<HHII", *row) for row in rows) + bytes(4)
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + head + ifd1 + small))
    assert "THUMBNAIL" in entities_of(data)
    output = assert_gone(data)
    assert len(output) == len(PLAIN) + 36


def test_a_thumbnail_in_a_strip_is_named() -> None:
    head = exif_with(1, b"Ann")
    first = head[:8] + head[8:46] + struct.pack("<I", len(head)) + head[50:]
    rows = [(0x0111, 4, 1, len(head) + 30), (0x0117, 4, 1, len(PLANTED))]
    ifd1 = struct.pack("<H", 2) + b"".join(struct.pack("<HHII", *row) for row in rows) + bytes(4)
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + first + ifd1 + PLANTED))
    assert "THUMBNAIL" in entities_of(data)
    assert assert_gone(data) == PLAIN


def test_exif_that_goes_on_in_another_segment() -> None:
    """Values beyond the block go with it; the orientation stays."""
    block = exif_with(6, PLANTED * 3)
    halves = segment(0xE1, b"Exif\0\0" + block[:80]), segment(0xE1, b"Exif\0\0" + block[80:])
    data = after_soi(PLAIN, *halves)
    output = assert_gone(data)
    assert dict(read(MemorySource(output)).rendering.facts)["orientation"] == "6"


# colour ----------------------------------------------------------------------


def recoloured(mode: str, drop: tuple[int, ...], extra: bytes = b"") -> bytes:
    """A JPEG by Pillow without some application segments, with others."""
    data, at, kept = jpeg(mode), 2, b""
    while data[at + 1] != 0xDA:
        size = 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at + 1] not in drop:
            kept += data[at : at + size]
        at += size
    return data[:2] + extra + kept + data[at:]


ADOBE = {n: segment(0xEE, b"Adobe\0\x64\0\0\0\0" + bytes((n,))) for n in (0, 1, 2)}
JFIF = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")


@pytest.mark.parametrize("adobe", [None, 0, 1, 2])
@pytest.mark.parametrize("jfif", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_the_colour_decision_is_the_same(mode: str, jfif: bool, adobe: int | None) -> None:
    extra = (JFIF if jfif else b"") + (ADOBE[adobe] if adobe is not None else b"")
    data = recoloured(mode, (0xE0, 0xEE), extra + HIDDEN["COM"][0])
    assert_gone(data)


@pytest.mark.parametrize("adobe", [None, 0])
def test_components_named_r_g_b(adobe: int | None) -> None:
    data = bytearray(recoloured("RGB", (0xE0,), ADOBE[adobe] if adobe is not None else b""))
    frame = data.index(b"\xff\xc0")
    scan = data.index(b"\xff\xda")
    for index, letter in enumerate(b"RGB"):
        data[frame + 10 + 3 * index] = letter
        data[scan + 5 + 2 * index] = letter
    assert_gone(before_scan(bytes(data), HIDDEN["COM"][0]))
    assert dict(read(MemorySource(bytes(data))).rendering.facts)["colour"] == "RGB"


def test_markers_between_scans_decide_no_colour() -> None:
    base = PROGRESSIVE
    assert assert_laws(JPEG, read, before_scan(base, ADOBE[0], 2)) == base


def test_adobe_rgb_by_exif_stays_if_no_profile_says_it() -> None:
    colour = struct.pack("<HHIHH", 0xA001, 3, 1, 2, 0)
    ifd0 = struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + bytes(4)
    block = b"II*\0\x08\0\0\0" + ifd0 + struct.pack("<H", 1) + colour + bytes(4) + PLANTED
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + block))
    output = assert_gone(data)
    assert dict(read(MemorySource(output)).rendering.facts)["exif_colour"] == "AdobeRGB"
    with_profile = after_soi(data, *icc_segments(srgb_profile()))
    assert b"Exif" not in clean(JPEG, with_profile)


@pytest.mark.parametrize("order", ["<", ">"])
def test_adobe_rgb_by_its_interoperability_index(order: str) -> None:
    """DCF 2.0: Uncalibrated with R03 means Adobe RGB; both entries stay, the version goes."""

    def ifd(*rows: tuple[int, int, int, bytes]) -> bytes:
        body = b"".join(struct.pack(order + "HHI", *row[:3]) + row[3] for row in rows)
        return struct.pack(order + "H", len(rows)) + body + bytes(4)

    def pointer(at: int) -> bytes:
        return struct.pack(order + "I", at)

    turn, space = struct.pack(order + "HH", 8, 0), struct.pack(order + "HH", 0xFFFF, 0)
    first = ifd((0x0112, 3, 1, turn), (0x8769, 4, 1, pointer(38)))
    second = ifd((0xA001, 3, 1, space), (0xA005, 4, 1, pointer(68)))
    third = ifd((1, 2, 4, b"R03\0"), (2, 7, 4, b"0100"))
    head = b"II*\0" if order == "<" else b"MM\0*"
    block = head + pointer(8) + first + second + third + PLANTED
    output = assert_gone(after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + block)))
    facts = dict(read(MemorySource(output)).rendering.facts)
    assert facts["exif_colour"] == "AdobeRGB"
    assert facts["orientation"] == "8"
    assert b"0100" not in output[:120]


# profiles --------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_profile_in_pieces_comes_out_canonical(pieces: int) -> None:
    data = after_soi(PLAIN, *icc_segments(srgb_profile(), pieces), HIDDEN["COM"][0])
    output = assert_gone(data)
    assert "sRGB built-in".encode("utf-16-be") not in output
    assert b"ICC_PROFILE" in output


def test_profile_in_pieces_that_do_not_fit_is_no_profile() -> None:
    first, second = icc_segments(srgb_profile(), 2)
    assert assert_laws(JPEG, read, after_soi(PLAIN, first)) == PLAIN
    assert assert_laws(JPEG, read, after_soi(PLAIN, first, second, second)) == PLAIN


def test_a_profile_that_cannot_be_read_holds_the_picture() -> None:
    data = after_soi(PLAIN, *icc_segments(PLANTED * 20))
    with pytest.raises((NestedUnclean, Damaged)):
        clean(JPEG, data)


# orientation -----------------------------------------------------------------


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_stays_alone(turn: int, order: str) -> None:
    exif = segment(0xE1, b"Exif\0\0" + exif_with(turn, PLANTED, order))
    output = assert_gone(after_soi(PLAIN, exif))
    assert len(output) == len(PLAIN) + (36 if turn > 1 else 0)


@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_of_xmp_is_inserted(turn: int) -> None:
    output = assert_gone(after_soi(PLAIN, segment(0xE1, XMP + xmp_with(turn))))
    assert (0xE1 in markers_of(output)) == (turn > 1)


@pytest.mark.parametrize("turn", [1, 3])
def test_orientation_of_exif_counts_before_xmp(turn: int) -> None:
    exif = segment(0xE1, b"Exif\0\0" + exif_with(turn))
    output = assert_gone(after_soi(PLAIN, exif, segment(0xE1, XMP + xmp_with(6))))
    assert dict(read(MemorySource(output)).rendering.facts)["orientation"] == str(turn)


@pytest.mark.parametrize(
    "entry",
    [(0x0112, 3, 2, struct.pack("<HH", 6, 0x4142)), (0x0112, 4, 1, struct.pack("<I", 6)),
     (0x0112, 3, 1, struct.pack("<HH", 6, 0x4142)), (0x0112, 3, 1, struct.pack("<H", 77))],
)  # fmt: skip
def test_forged_orientation_carries_nothing(entry: tuple[int, int, int, bytes]) -> None:
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + tiff([entry])))
    output = clean(JPEG, data)
    assert b"BA" not in output[: len(output) - len(PLAIN) + 40]
    assert not read(MemorySource(output)).leftovers


def test_reader_believes_no_count() -> None:
    """A rational of four thousand million values must cost nothing."""
    block = bytearray(exif_with(6) + bytes(200))
    block[8 + 2 + 12 + 2 : 8 + 2 + 12 + 8] = struct.pack("<HI", 5, 0xFFFFFFFF)
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + bytes(block)))
    assert read(MemorySource(data)).leftovers
    with contextlib.suppress(Held):
        clean(JPEG, data)


@pytest.mark.parametrize("order", ["<", ">"])
def test_reader_sees_bytes_beside_a_short(order: str) -> None:
    block = tiff([(0x0112, 3, 1, struct.pack(order + "HH", 6, 0x4142))], order)
    data = after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + block))
    assert read(MemorySource(data)).leftovers


# held ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (PLAIN[:-2], Damaged),
        (PLAIN[: len(PLAIN) // 2], Damaged),
        (b"", Damaged),
        (b"\xff\xd8\xff\xd9", Damaged),
        (after_soi(PLAIN, b"\xff\xd8"), Damaged),
        (after_soi(PLAIN, segment(0xF0, PLANTED)), Unsupported),
        (PLAIN.replace(b"\xff\xc0", b"\xff\xc3"), Unsupported),
        (PLAIN.replace(b"\xff\xda\x00\x0c\x03", b"\xff\xda\x00\x0c\x09"), Damaged),
        (PLAIN.replace(b"\x00\x3f\x00", b"\x41\x42\x43"), Unsupported),
    ],
)
def test_what_has_no_safe_reading_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(JPEG, data)


def test_restart_intervals_stay() -> None:
    data = jpeg(restart_marker_blocks=2)
    assert b"\xff\xdd" in data
    assert assert_gone(before_scan(data, HIDDEN["COM"][0])) == data


def test_reader_names_each_hiding_place() -> None:
    for name, (hidden, _) in HIDDEN.items():
        if name not in ("Adobe second",):
            assert read(MemorySource(before_scan(PLAIN, hidden))).leftovers, name
            assert read(MemorySource(before_scan(PROGRESSIVE, hidden, 3))).leftovers, name
    for tail, _ in TRAILERS.values():
        assert read(MemorySource(PLAIN + tail)).leftovers
    assert not read(MemorySource(PLAIN)).leftovers


def test_reader_tells_another_scan_apart() -> None:
    at = PLAIN.index(b"\xff\xda") + 40
    other = PLAIN[:at] + bytes((PLAIN[at] ^ 1,)) + PLAIN[at + 1 :]
    assert read(MemorySource(other)).content != read(MemorySource(PLAIN)).content


# judges and cameras ----------------------------------------------------------


@pytest.mark.skipif(not shutil.which("exiftool"), reason="exiftool is not installed")
def test_exiftool_finds_nothing_private(tmp_path: Path) -> None:
    everything = [h for n, (h, _) in HIDDEN.items() if n not in ("junk", "TEM", "Adobe second")]
    exif = segment(0xE1, b"Exif\0\0" + exif_with(6))
    path = tmp_path / "a.jpg"
    path.write_bytes(clean(JPEG, after_soi(PLAIN, exif, *everything) + PLANTED))
    ran = subprocess.run(
        ["exiftool", "-j", "-G1", "-a", "-u", "-U", "-ee3", path], capture_output=True, check=True
    )
    names = set(json.loads(ran.stdout)[0])
    groups = {name.partition(":")[0] for name in names}
    assert groups <= {"SourceFile", "ExifTool", "System", "File", "JFIF", "IFD0", "Composite"}
    assert {name for name in names if name.startswith("IFD0")} == {"IFD0:Orientation"}
    assert "ExifTool:Warning" not in names


@pytest.mark.skipif(not shutil.which("jpeginfo"), reason="jpeginfo is not installed")
def test_jpeginfo_accepts_what_comes_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(clean(JPEG, before_scan(PROGRESSIVE, HIDDEN["COM"][0], 2) + PLANTED))
    ran = subprocess.run(["jpeginfo", "-c", path], capture_output=True, text=True, check=False)
    assert ran.returncode == 0
    assert "OK" in ran.stdout


@pytest.mark.skipif(not CAMERAS, reason="the corpus is not here")
@pytest.mark.parametrize("path", CAMERAS, ids=lambda path: path.name)
def test_real_pictures(path: Path) -> None:
    data = path.read_bytes()
    if path.name == "corrupted.jpg":
        with pytest.raises(Held):
            clean(JPEG, data)
        return
    output = assert_laws(JPEG, read, data, surgeries=2)
    assert len(output) <= len(data) + 36
    assert pixels(output) == pixels(data)


@pytest.mark.slow
@pytest.mark.skipif(not CAMERAS, reason="the corpus is not here")
@pytest.mark.parametrize("path", CAMERAS[::6], ids=lambda path: path.name)
def test_surgery_on_real_pictures(path: Path) -> None:
    assert_laws(JPEG, read, path.read_bytes(), surgeries=80)


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        after_soi(PLAIN, segment(0xE1, b"Exif\0\0" + exif_with(6)), HIDDEN["Photoshop"][0]),
        before_scan(PROGRESSIVE, segment(0xE1, XMP + xmp_with(6))),
        after_soi(jpeg(size=(16, 8)), *icc_segments(srgb_profile(), 2)),
    ],
    ids=["exif", "xmp", "profile"],
)
def test_damage_is_held_or_cleaned(data: bytes) -> None:
    assert_robust(JPEG, read, data, n=1000)
