"""JPEG 2000: boxes that go, comments in every header, lengths that follow, pixels that stay."""

from __future__ import annotations

import io
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from jp2_files import BRAND, PLANTED, box, codestream, comment, in_tiles, index, jp2, tile_parts
from laws import assert_laws, clean, ledger_of
from PIL import Image, ImageCms
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.jp2 import Jp2
from scrubber.identify import identify
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.jp2 import read
from scrubber.source import MemorySource

PLAIN = codestream()
TILED = codestream(tile_size=(16, 16), irreversible=True)
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:source="'
    + PLANTED
    + b'"/></rdf:RDF></x:xmpmeta>'
)
CHANNELS = struct.pack(">10H", 3, 0, 0, 1, 1, 0, 2, 2, 0, 3)
EXIF_ID, XMP_ID = b"JpgTiffExif->JP2", bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def tiff(turn: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turn
    exif[0x013B] = PLANTED.decode()
    return exif.tobytes()[6:]


def cleaned(data: bytes) -> bytes:
    out = assert_laws(Jp2(), read, data)
    for run in (PLANTED, PLANTED.decode().encode("utf-16-be")):
        assert run not in out
    before = decoded_digest("jp2", MemorySource(data))
    assert before is not None
    assert decoded_digest("jp2", MemorySource(out)) == before
    return out


@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"tile_size": (16, 16), "irreversible": True},
        {"progression": "RPCL", "num_resolutions": 3},
        {"quality_mode": "rates", "quality_layers": [20, 4], "precinct_size": (32, 32)},
    ],
)
def test_codestreams_of_every_kind_stay(mode: str, options: dict[str, object]) -> None:
    data = codestream(mode, **options)
    assert cleaned(data) == data
    assert cleaned(jp2(data)) == jp2(data)


HIDING = {
    "comment": jp2(PLAIN.replace(b"\xff\x52", comment() + b"\xff\x52", 1)),
    "comment in tiles": jp2(in_tiles(TILED, comment())),
    "bare, comment in tiles": in_tiles(TILED, comment()),
    "indexed, comment in tiles": jp2(index(in_tiles(TILED, comment()))),
    "behind the end": jp2(PLAIN + PLANTED),
    "bare, behind the end": PLAIN + PLANTED,
    "behind the boxes": jp2(PLAIN, behind=PLANTED),
    "XML": jp2(PLAIN, before=box(b"xml ", b"<a>" + PLANTED + b"</a>")),
    "XMP in XML": jp2(PLAIN, before=box(b"xml ", XMP)),
    "XMP": jp2(PLAIN, before=box(b"uuid", XMP_ID + XMP)),
    "Exif": jp2(PLAIN, behind=box(b"uuid", EXIF_ID + tiff())),
    "Exif with its letters": jp2(PLAIN, behind=box(b"uuid", EXIF_ID + b"Exif\0\0" + tiff())),
    "damaged Exif": jp2(PLAIN, behind=box(b"uuid", EXIF_ID + PLANTED)),
    "unknown id": jp2(PLAIN, behind=box(b"uuid", bytes(16) + PLANTED)),
    "GeoTIFF": jp2(PLAIN, before=box(b"uuid", bytes.fromhex("b14bf8bd083d4b43a5ae8cd7d5a6ce03"))),
    "links": jp2(PLAIN, before=box(b"uinf", box(b"url ", bytes(4) + PLANTED + b"\0"))),
    "labels": jp2(PLAIN, before=box(b"asoc", box(b"lbl ", PLANTED))),
    "rights": jp2(PLAIN, before=box(b"jp2i", PLANTED), rights=1),
    "free": jp2(PLAIN, before=box(b"free", PLANTED)),
    "unknown box": jp2(PLAIN, before=box(b"jane", PLANTED)),
    "signed": jp2(PLAIN, before=box(b"jumb", PLANTED)),
    "requirements": jp2(
        PLAIN, brands=b"jpx " + bytes(4) + b"jpx jp2 jpxb", before=box(b"rreq", PLANTED)
    ),
    "brands": jp2(PLAIN, brands=BRAND + b"PLAN"),
    "version": jp2(PLAIN, brands=b"jp2 PLANjp2 "),
    "label in the header": jp2(PLAIN, header=box(b"lbl ", PLANTED)),
    "behind the colour space": jp2(PLAIN, colour=b"\1\0\0\0\0\0\x10" + PLANTED),
    "precedence": jp2(PLAIN, colour=b"\1P\0\0\0\0\x10"),
    "behind the resolution": jp2(
        PLAIN, header=box(b"res ", box(b"resc", b"\0\1\0\1\0\1\0\1\0\0" + PLANTED))
    ),
    "beside the resolution": jp2(
        PLAIN, header=box(b"res ", box(b"resd", b"\0\1\0\1\0\1\0\1\0\0") + box(b"jane", PLANTED))
    ),
    "behind a table": jp2(PLAIN, header=box(b"cdef", CHANNELS + PLANTED)),
    "a false index": index(TILED, wrong=1),
}


@pytest.mark.parametrize("place", HIDING)
def test_nothing_hides(place: str) -> None:
    data = HIDING[place]
    assert read(MemorySource(data)).leftovers
    out = cleaned(data)
    assert b"PLAN" not in out
    if place in ("XML", "XMP", "Exif", "free", "rights", "brands", "version", "requirements"):
        assert out == jp2(PLAIN)


def test_lengths_follow_a_comment() -> None:
    assert cleaned(in_tiles(TILED, comment())) == TILED
    for tagged in (True, False):
        data = index(in_tiles(TILED, comment()), tagged=tagged)
        assert cleaned(data) == index(TILED, tagged=tagged)


def test_a_last_part_without_a_length_ends_at_the_end() -> None:
    at, _ = tile_parts(PLAIN)[-1]
    data = PLAIN[: at + 6] + bytes(4) + PLAIN[at + 10 :]
    assert cleaned(jp2(data)) == jp2(data)
    assert assert_laws(Jp2(), read, jp2(data + PLANTED)) == jp2(data)


def test_a_box_that_goes_to_the_end_of_the_file() -> None:
    out = cleaned(jp2(PLAIN.replace(b"\xff\x52", comment() + b"\xff\x52", 1), size=bytes(4)))
    assert out == jp2(PLAIN, size=bytes(4))


def test_a_profile_is_cleaned() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    out = cleaned(jp2(PLAIN, colour=b"\2\0\0" + profile))
    assert b"Little CMS" not in out
    assert b"acsp" in out


def test_the_author_is_told() -> None:
    parts = ledger_of(Jp2(), HIDING["Exif"]).parts
    assert any(part.entity == "CREATOR" for part in parts)
    entities = {part.entity for part in ledger_of(Jp2(), HIDING["comment"]).parts}
    assert "CAPTION" in entities


def test_lengths_of_packets_prove_that_nothing_stands_behind() -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(file, "JPEG2000", no_jp2=True, plt=True)
    data = clean(Jp2(), file.getvalue())
    assert "HIDDEN_DATA" not in ledger_of(Jp2(), data).not_checked
    assert "HIDDEN_DATA" in ledger_of(Jp2(), PLAIN).not_checked
    at, size = tile_parts(data)[-1]
    longer = data[: at + 6] + struct.pack(">I", size + len(PLANTED)) + data[at + 10 : at + size]
    with pytest.raises(Unsupported, match="packets"):
        clean(Jp2(), longer + PLANTED + data[at + size :])


def longer(start: bytes) -> bytes:
    """The marker segment that begins so, with one byte more in it."""
    at, size = PLAIN.index(start), start[3]
    body = PLAIN[at + 4 : at + 2 + size] + b"P"
    return PLAIN[:at] + start[:3] + bytes((size + 1,)) + body + PLAIN[at + 2 + size :]


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\xff\x4f\xff\x51", Damaged),
        (PLAIN[:-2], Damaged),
        (jp2(PLAIN[:-20]), Damaged),
        (jp2(PLAIN, brands=b"jpx " + bytes(4) + b"jpx "), Unsupported),
        (jp2(PLAIN, before=box(b"jplh")), Unsupported),
        (jp2(PLAIN, behind=box(b"jp2c", PLAIN)), Unsupported),
        (jp2(PLAIN, header=box(b"colr", b"\1\0\0\0\0\0\x10")), Unsupported),
        (jp2(PLAIN, colour=b"\3\0\0"), Unsupported),
        (jp2(PLAIN, header=box(b"bpcc", b"\7\7\7" + PLANTED)), Damaged),
        (jp2(PLAIN, colour=b"\2\0\0" + PLANTED), Held),
        (jp2(codestream("L")).replace(b"\0\1\7\7", b"\0\3\7\7"), Damaged),
        (jp2(PLAIN, behind=box(b"uuid", EXIF_ID + tiff(6))), Unsupported),
        (PLAIN.replace(b"\xff\x52", b"\xff\x74\0\2\xff\x52", 1), Unsupported),
        (PLAIN[:6] + b"\x80" + PLAIN[7:], Unsupported),
        (longer(b"\xff\x52\0\x0c"), Damaged),
        (PLAIN.replace(b"\xff\x52\0\x0c", b"\xff\x52\0\x0d", 1), Held),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Jp2(), data)


@pytest.mark.parametrize("place", ["indexed, comment in tiles", "Exif", "beside the resolution"])
def test_damage_is_held_or_clean(place: str) -> None:
    assert_robust(Jp2(), read, HIDING[place], seed=len(place), n=150, prefixes=60)


def test_it_is_known_by_its_content() -> None:
    for data in (PLAIN, jp2(PLAIN)):
        assert identify(MemorySource(data)).container.name == "jp2"


@pytest.mark.skipif(not shutil.which("opj_decompress"), reason="no OpenJPEG here")
@pytest.mark.parametrize("place", ["indexed, comment in tiles", "Exif", "label in the header"])
def test_openjpeg_sees_the_same_picture(place: str, tmp_path: Path) -> None:
    shown = []
    for name, data in (("old", HIDING[place]), ("new", clean(Jp2(), HIDING[place]))):
        (tmp_path / f"{name}.jp2").write_bytes(data)
        subprocess.run(
            ["opj_decompress", "-i", f"{name}.jp2", "-o", f"{name}.ppm"],
            cwd=tmp_path, check=True, capture_output=True,
        )  # fmt: skip
        shown.append((tmp_path / f"{name}.ppm").read_bytes())
    assert shown[0] == shown[1]
