"""TIFF and BigTIFF: every place where something can hide, and the laws over real files."""

from __future__ import annotations

import hashlib
import io
import lzma
import os
import shutil
import struct
import subprocess
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from laws import GOING, assert_laws, clean, ledger_of
from PIL import Image, TiffImagePlugin
from robustness import assert_robust
from tiff_files import File, Page, coded, lzw, packbits

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.tiff import Tiff
from scrubber.identify import identify
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.tiff import read
from scrubber.source import MemorySource

PLANTED = b"PLANTED-7f3a91"
WIDE = PLANTED.decode().encode("utf-16-le")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
    + PLANTED
    + b"</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"
)
IPTC = b"\x1c\x02\x78\0" + bytes((len(PLANTED),)) + PLANTED
SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))


def tagged(tag: int, kind: int, value: bytes | tuple[int, ...]) -> Page:
    return Page(tags={tag: (kind, value)})


def exif_tree() -> Page:
    inner = Page(plain=False, tags={1: (2, b"R98\0"), 0x1000: (2, PLANTED)})
    return Page(
        plain=False,
        tags={0x9286: (7, b"ASCII\0\0\0" + PLANTED), 0x927C: (7, PLANTED + bytes(8))},
        trees={0xA005: inner},
    )


def copy(subfile: tuple[int, int] = (254, 1)) -> Page:
    page = Page(
        tags={subfile[0]: (4 if subfile[0] == 254 else 3, (subfile[1],)), 305: (2, PLANTED)}
    )
    page.blocks = [(PLANTED * 20)[:128], (PLANTED * 20)[:128]]
    return page


def with_jpeg_segments(where: str) -> Page:
    """One strip of JPEG, its tables apart or not, with segments that no decoder reads."""
    out = io.BytesIO()
    Image.radial_gradient("L").resize((16, 16)).save(out, "JPEG")
    jpeg = out.getvalue()
    comment = b"\xff\xfe\0\x10" + PLANTED
    exif = b"\xff\xe1\0\x16Exif\0\0" + PLANTED
    start = jpeg.index(b"\xff\xdb")
    frame = jpeg.index(b"\xff\xc0")
    huffman = jpeg.index(b"\xff\xc4")
    scan = jpeg.index(b"\xff\xda")
    tables = b"\xff\xd8" + jpeg[start:frame] + jpeg[huffman:scan] + b"\xff\xd9"
    bare = b"\xff\xd8" + jpeg[frame:huffman] + jpeg[scan:]
    page = Page(tags={259: (3, (7,)), 347: (7, tables)}, blocks=[bare])
    if where == "tables":
        page.tags[347] = (7, tables[:2] + comment + exif + tables[2:])
    elif where == "strip":
        page.blocks = [bare[:2] + exif + comment + bare[2:]]
    elif where == "before the scan":
        at = bare.index(b"\xff\xda")
        page.blocks = [bare[:at] + comment + bare[at:]]
    elif where == "behind the end":
        page.blocks = [bare + PLANTED]
    elif where == "behind the end of the tables":
        page.tags[347] = (7, tables + PLANTED)
    elif where == "JFIF with a thumbnail":
        jfif = b"\xff\xe0\0\x1fJFIF\0\1\1\0\0\1\0\1\1\5" + PLANTED[:13] + b"ab"
        page.blocks = [bare[:2] + jfif + bare[2:]]
    elif where == "a second JFIF":
        jfif = b"\xff\xe0\0\x10JFIF\0"
        page.blocks = [bare[:2] + jfif + bytes(9) + jfif + PLANTED[:7] + b"\0\0" + bare[2:]]
    elif where == "tables in both places":
        page.blocks = [tables[:-2] + comment + bare[2:]]
    return page


def jpeg_page(where: str) -> list[Page]:
    return [with_jpeg_segments(where)]


def profile() -> bytes:
    from PIL import ImageCms

    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return data[:48] + PLANTED[:4] + data[52:84] + PLANTED + data[98:]


def sub_page() -> Page:
    return Page(tags={270: (2, PLANTED)}, following=8)


PLACES: dict[str, Callable[[], list[Page]]] = {
    "Artist": lambda: [tagged(315, 2, PLANTED)],
    "DateTime": lambda: [tagged(306, 2, PLANTED)],
    "ImageDescription of page 2": lambda: [Page(), tagged(270, 2, PLANTED)],
    "HostComputer": lambda: [tagged(316, 2, PLANTED)],
    "DocumentName": lambda: [tagged(269, 2, PLANTED)],
    "InkNames": lambda: [tagged(333, 2, PLANTED)],
    "Copyright": lambda: [tagged(33432, 2, PLANTED)],
    "XPAuthor": lambda: [tagged(0x9C9D, 1, WIDE)],
    "private tag": lambda: [tagged(65000, 7, PLANTED)],
    "private tag in its entry": lambda: [tagged(65000, 7, b"PLAN")],
    "private tag of unknown type": lambda: [tagged(65000, 2, PLANTED)],
    "ImageID": lambda: [tagged(32781, 2, PLANTED)],
    "ImageJ metadata": lambda: [tagged(50839, 1, WIDE)],
    "GDAL metadata": lambda: [tagged(42112, 2, PLANTED)],
    "GeoTIFF": lambda: [tagged(34737, 2, PLANTED)],
    "C2PA": lambda: [tagged(52545, 7, PLANTED)],
    "Photoshop layers": lambda: [tagged(37724, 7, PLANTED)],
    "Photoshop blocks": lambda: [
        tagged(34377, 7, b"8BIM\x04\x04\0\0\0\0\0" + bytes((len(IPTC),)) + IPTC + bytes(1))
    ],
    "Photoshop, damaged": lambda: [tagged(34377, 7, PLANTED)],
    "IPTC": lambda: [tagged(33723, 7, IPTC)],
    "XMP": lambda: [tagged(700, 1, XMP)],
    "XMP, damaged": lambda: [tagged(700, 1, b"<x:xmpmeta" + PLANTED)],
    "Exif": lambda: [Page(trees={0x8769: exif_tree()})],
    "GPS": lambda: [Page(trees={0x8825: Page(plain=False, tags={27: (7, PLANTED)})})],
    "pointer to nowhere": lambda: [tagged(0x8769, 4, (1 << 30,))],
    "smaller copy": lambda: [Page(), copy()],
    "smaller copy of the old kind": lambda: [Page(), copy((255, 2))],
    "smaller copy first": lambda: [copy(), Page()],
    "smaller copies between": lambda: [Page(), copy(), copy(), Page(), copy(), Page()],
    "Exif thumbnail": lambda: [
        Page(), Page(plain=False, tags={513: (4, (8,)), 514: (4, (8,)), 305: (2, PLANTED)})
    ],
    "smaller SubIFDs": lambda: [Page(subs=[copy(), copy()])],
    "smaller SubIFDs below SubIFDs": lambda: [Page(subs=[Page(subs=[copy()])])],
    "SubIFD": lambda: [Page(subs=[sub_page(), sub_page()])],
    "behind the strips": lambda: [Page(after=PLANTED)],
    "behind a strip": lambda: [
        Page(blocks=[bytes(range(128)) + PLANTED, bytes(128) + PLANTED], sizes=[142, 142])
    ],
    "behind a tile": lambda: [
        Page(tiled=True, tags={322: (3, (16,)), 323: (3, (16,))}, blocks=[bytes(256) + PLANTED])
    ],
    "behind LZW": lambda: [coded(5, lzw, PLANTED)],
    "behind deflate": lambda: [coded(8, zlib.compress, PLANTED)],
    "behind old deflate": lambda: [coded(32946, zlib.compress, PLANTED)],
    "behind PackBits": lambda: [coded(32773, packbits, PLANTED)],
    "behind XZ": lambda: [coded(34925, lzma.compress, PLANTED)],
    "unused bytes of an entry": lambda: [Page(spare=PLANTED[:6])],
    "colour map of a grey page": lambda: [tagged(320, 3, PLANTED * 12)],
    "JPEG tables of a page without": lambda: [tagged(347, 7, PLANTED)],
    "PageNumber of another count": lambda: [tagged(297, 3, PLANTED)],
    "ICC profile": lambda: [
        Page(tags={262: (3, (2,)), 277: (3, (3,)), 258: (3, (8, 8, 8)), 34675: (7, profile())},
             blocks=[bytes(range(256)) * 3])
    ],
    **{
        f"JPEG: {where}": partial(jpeg_page, where)
        for where in (
            "tables", "strip", "before the scan", "behind the end", "behind the end of the tables",
            "JFIF with a thumbnail", "a second JFIF", "tables in both places",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("order", "big"), [("<", False), (">", False), ("<", True), (">", True)])
def test_what_hides_in_a_place_is_gone(place: str, order: str, big: bool) -> None:
    data = File(PLACES[place](), order, big, trailer=PLANTED + WIDE).build()
    output = assert_laws(Tiff(), read, data)
    for secret in (PLANTED[:6], WIDE[:12]):
        assert secret in data
        assert secret not in output
    name = "bigtiff" if big else "tiff"
    assert decoded_digest(name, MemorySource(data)) == decoded_digest(name, MemorySource(output))
    assert identify(MemorySource(output), "x.tif").container.name == name


def test_pages_keep_their_order_and_their_numbers() -> None:
    pages = [Page(blocks=[bytes((i,)) * 256]) for i in range(4)]
    pages.insert(1, copy())
    pages[0].tags[282] = (5, (300, 1))
    pages[0].tags[274] = (3, (6,))
    output = assert_laws(Tiff(), read, File(pages).build())
    with Image.open(io.BytesIO(output)) as picture:
        assert picture.n_frames == 4  # type: ignore[attr-defined]  # of a TIFF
        assert picture.tag_v2[282] == 300  # type: ignore[attr-defined]  # of a TIFF
        seen = []
        for number in range(4):
            picture.seek(number)
            seen.append(picture.getpixel((3, 3)))
    assert seen == [0, 1, 2, 3]
    facts = dict(read(MemorySource(output)).rendering.facts)
    assert (facts["orientation"], facts["frames"]) == ("6", "4")


def test_a_clean_file_is_left_as_it_is() -> None:
    output = clean(Tiff(), File([Page(), copy(), tagged(315, 2, PLANTED)], trailer=b"x").build())
    again = assert_laws(Tiff(), read, output)
    assert again == output


@pytest.mark.parametrize("odd", [(3, 5), (4, 5), (5, 4), (5, 5)])
def test_padding_between_strips_of_odd_length_is_no_finding(odd: tuple[int, int]) -> None:
    pages = [coded(8, zlib.compress), copy(), coded(8, zlib.compress)]
    for page, pad in zip((pages[0], pages[2]), odd, strict=True):
        block = zlib.compress(bytes(range(128)), 0)
        page.blocks = [block + bytes(pad), zlib.compress(bytes(128 - pad) + bytes(range(pad)))]
    output = clean(Tiff(), File(pages).build())
    ledger = ledger_of(Tiff(), output)
    ledger.tile()
    assert not [ledger.path(part.id) for part in ledger.parts if part.role in GOING and part.spans]


def test_two_pages_may_share_a_value_and_a_strip() -> None:
    data = bytearray(File([Page(tags={282: (5, (3, 1))}), Page(tags={282: (5, (3, 1))})]).build())
    first, second = (at for at in range(len(data)) if data[at : at + 4] == b"\x1a\1\5\0")
    data[second + 8 : second + 12] = data[first + 8 : first + 12]
    strips = [at for at in range(len(data)) if data[at : at + 4] == b"\x11\1\4\0"]
    data[strips[1] + 8 : strips[1] + 12] = data[strips[0] + 8 : strips[0] + 12]
    output = assert_laws(Tiff(), read, bytes(data))
    assert len(output) < len(data) - 256


def as_raw(tags: dict[int, tuple[int, bytes | tuple[int, ...]]]) -> list[Page]:
    return [Page(tags=tags)]


def overlapping() -> list[Page]:
    page = Page()
    page.tags[273] = (4, (8, 72))
    return [page]


def jpeg_of_another_size() -> list[Page]:
    page = with_jpeg_segments("")
    page.blocks[0] = page.blocks[0].replace(
        b"\xff\xc0\0\x0b\x08\0\x10", b"\xff\xc0\0\x0b\x08\0\x20"
    )
    return [page]


def unused_table() -> list[Page]:
    page = with_jpeg_segments("")
    tables = page.tags[347][1]
    assert isinstance(tables, bytes)
    page.tags[347] = (7, tables[:2] + b"\xff\xdb\0\x43\3" + (PLANTED * 5)[:64] + tables[2:])
    return [page]


def unused_in_strip(*, twice: bool) -> list[Page]:
    """A table of the strip's own: one that no scan names, or one that is stated again."""
    page = with_jpeg_segments("")
    tables, strip = page.tags[347][1], page.blocks[0]
    assert isinstance(tables, bytes)
    hidden = b"\xff\xdb\0\x43" + (b"\0" if twice else b"\3") + (PLANTED * 5)[:64]
    again = tables[2 : tables.index(b"\xff\xc4")] if twice else b""
    page.blocks = [strip[:2] + hidden + again + strip[2:]]
    return [page]


def table_stated_twice() -> list[Page]:
    page = with_jpeg_segments("")
    tables = page.tags[347][1]
    assert isinstance(tables, bytes)
    page.tags[347] = (7, tables[:2] + b"\xff\xdb\0\x43\0" + (PLANTED * 5)[:64] + tables[2:])
    return [page]


HELD: dict[str, tuple[Callable[[], list[Page]], type[Held]]] = {
    "old JPEG": (lambda: [Page(tags={259: (3, (6,))})], Unsupported),
    "WebP": (lambda: [Page(tags={259: (3, (50001,))})], Unsupported),
    "Zstandard": (lambda: [Page(tags={259: (3, (50000,))})], Unsupported),
    "Nikon's raw coding": (lambda: [Page(tags={259: (3, (34713,))})], Unsupported),
    "a colour filter array": (lambda: [Page(tags={262: (3, (32803,))})], Unsupported),
    "DNG": (lambda: [tagged(50706, 1, (1, 4, 0, 0))], Unsupported),
    "DNG as a sub-page": (lambda: [Page(subs=[tagged(50706, 1, (1, 4, 0, 0))])], Unsupported),
    "a raw picture below a preview": (
        lambda: [Page(), Page(tags={254: (4, (1,))}, subs=[Page()])], Unsupported,
    ),
    "only smaller copies": (lambda: [copy()], Unsupported),
    "an ImageJ stack": (lambda: [tagged(270, 2, b"ImageJ=1.54\nimages=5\n")], Unsupported),
    "a cut stack of tifffile": (
        lambda: [tagged(270, 2, b'{"shape": [5, 16, 16], "truncated": true}')], Unsupported,
    ),
    "a MetaMorph stack": (lambda: [tagged(33629, 4, (0, 1))], Unsupported),
    "copies and pages below one": (lambda: [Page(subs=[copy(), Page()])], Unsupported),
    "a tag of another type": (lambda: [tagged(274, 4, (6,))], Unsupported),
    "a tag of another count": (lambda: [tagged(339, 3, (1, 1))], Unsupported),
    "strips that overlap": (overlapping, Unsupported),
    "a strip that is too short": (lambda: [Page(sizes=[128, 127])], Damaged),
    "a strip without a length": (lambda: [Page(sizes=[128, 0])], Damaged),
    "a strip beyond the end": (lambda: [tagged(273, 4, (8, 1 << 30))], Damaged),
    "too few strips": (lambda: [tagged(278, 3, (4,))], Damaged),
    "no lengths of strips": (lambda: [tagged(279, 3, b"")], Damaged),
    "a circle": (lambda: [Page(following=8 + 256)], Damaged),
    "more rows than there are": (
        lambda: [coded(8, lambda block: zlib.compress(block + PLANTED))], Unsupported,
    ),
    "LZW that is cut off": (lambda: [coded(5, lambda block: lzw(block)[:-40])], Damaged),
    "PackBits that is cut off": (lambda: [coded(32773, lambda block: b"\x7f")], Damaged),
    "text behind fax rows": (
        lambda: [coded(3, lambda block: b"\x35\xaf\x12" + PLANTED + b" and more")], Unsupported,
    ),
    "a JPEG larger than its strip": (jpeg_of_another_size, Unsupported),
    "a JPEG table that no scan uses": (unused_table, Unsupported),
    "a table of a strip that no scan uses": (lambda: unused_in_strip(twice=False), Unsupported),
    "a table of a strip that is replaced": (lambda: unused_in_strip(twice=True), Unsupported),
    "a JPEG table that is stated twice": (table_stated_twice, Unsupported),
    "XMP that alone turns the picture": (
        lambda: [tagged(700, 1, b'<a tiff:Orientation="6"/>')], Unsupported,
    ),
    "no colours stated": (lambda: [tagged(262, 3, b"")], Unsupported),
    "a profile that is none": (lambda: [tagged(34675, 7, PLANTED)], Damaged),
}  # fmt: skip


@pytest.mark.parametrize("case", HELD)
def test_what_cannot_be_cleaned_is_held(case: str) -> None:
    pages, kind = HELD[case]
    with pytest.raises(kind):
        clean(Tiff(), File(pages()).build())


def test_a_directory_of_very_many_tags() -> None:
    tags: dict[int, tuple[int, bytes | tuple[int, ...]]]
    tags = dict.fromkeys(range(40_000, 41_000), (7, PLANTED))
    output = assert_laws(Tiff(), read, File([Page(tags=tags)]).build(), surgeries=2)
    assert PLANTED not in output


def test_entries_beyond_the_file_and_beyond_reason() -> None:
    data = bytearray(File([Page()], big=True).build())
    (at,) = struct.unpack_from("<Q", data, 8)
    for count in (0, 65_535, 65_536, 1 << 63):
        data[at : at + 8] = struct.pack("<Q", count)
        with pytest.raises(Damaged):
            clean(Tiff(), bytes(data))


def test_a_picture_that_no_tag_reaches_is_held() -> None:
    with pytest.raises(Unsupported, match="No tag leads"):
        clean(Tiff(), File([Page()], trailer=bytes(range(256)) * 8192).build())


def test_a_second_header_behind_the_first_is_a_makers_raw() -> None:
    data = File([Page(blocks=[b"IIII" + bytes(252)])]).build()
    with pytest.raises(Unsupported, match="raw"):
        clean(Tiff(), data)


@pytest.mark.parametrize(("suffix", "name"), [(".nef", "nef"), (".ARW", "arw"), (".pef", "pef")])
def test_a_makers_suffix_is_not_a_tiff(suffix: str, name: str) -> None:
    data = File([Page()]).build()
    assert identify(MemorySource(data), f"x{suffix.lower()}").container.name == name


@pytest.mark.parametrize(
    "compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg", "lzma", "group4"]
)
@pytest.mark.parametrize("big", [False, True])
def test_what_pillow_writes_decodes_the_same(compression: str, big: bool) -> None:
    mode = "1" if compression == "group4" else "RGB"
    picture = Image.radial_gradient("L").resize((301, 203)).convert(mode)
    info = TiffImagePlugin.ImageFileDirectory_v2()
    info[315], info[700], info[274] = PLANTED.decode(), XMP, 6
    out = io.BytesIO()
    picture.save(out, "TIFF", compression=compression, tiffinfo=info, big_tiff=big)
    data = out.getvalue()
    output = assert_laws(Tiff(), read, data)
    assert PLANTED in data
    assert PLANTED not in output
    assert pixels(output) == pixels(data)


def pixels(data: bytes) -> list[tuple[str, tuple[int, int], str]]:
    found = []
    with Image.open(io.BytesIO(data)) as picture:
        for number in range(picture.n_frames):  # type: ignore[attr-defined]  # of a TIFF
            picture.seek(number)
            digest = hashlib.sha256(picture.tobytes()).hexdigest()
            found.append((picture.mode, picture.size, digest))
    return found


@pytest.mark.parametrize("compression", ["lzw", "deflate", "packbits", "jpeg", "lzma", None])
@pytest.mark.parametrize("tile", [None, (64, 48)])
@pytest.mark.parametrize("planar", ["contig", "separate"])
@pytest.mark.parametrize(("order", "big"), [("<", False), (">", True)])
def test_what_tifffile_writes_decodes_the_same(
    compression: str | None, tile: tuple[int, int] | None, planar: str, order: str, big: bool
) -> None:
    tifffile = pytest.importorskip("tifffile")
    pytest.importorskip("imagecodecs")
    import numpy

    rows = numpy.add.outer(numpy.arange(150), numpy.arange(133))[:, :, None] * (1, 2, 3)
    pixels = rows.astype("u1")
    if planar == "separate":
        pixels = numpy.moveaxis(pixels, 2, 0).copy()
    out = io.BytesIO()
    how = {} if tile else {"rowsperstrip": 32}
    with tifffile.TiffWriter(out, bigtiff=big, byteorder=order) as writer:
        for subfile in (0, 1, 0):
            writer.write(
                pixels, photometric="rgb", planarconfig=planar, compression=compression, tile=tile,
                predictor=compression in ("lzw", "deflate"), software=PLANTED.decode(),
                subfiletype=subfile, metadata=None,
                extratags=[(65000, 7, len(PLANTED), PLANTED, True)], **how,
            )  # fmt: skip
    data = out.getvalue()
    output = assert_laws(Tiff(), read, data)
    assert PLANTED not in output
    with tifffile.TiffFile(io.BytesIO(data)) as one, tifffile.TiffFile(io.BytesIO(output)) as other:
        assert len(other.pages) == 2
        before = one.pages[0].asarray()
        assert all((page.asarray() == before).all() for page in other.pages)


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_sees_nothing_more(tmp_path: Path) -> None:
    pages = [Page(trees={0x8769: exif_tree()}, tags={700: (1, XMP), 33723: (7, IPTC)}), copy()]
    path = tmp_path / "x.tif"
    path.write_bytes(clean(Tiff(), File(pages).build()))
    said = subprocess.run(
        ["exiftool", "-a", "-u", "-U", "-G1", "-s", path],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = {
        line.split("]")[1].split(":")[0].strip() for line in said.splitlines() if "[IFD" in line
    }
    assert names == {
        "ImageWidth", "ImageHeight", "BitsPerSample", "Compression", "PhotometricInterpretation",
        "StripOffsets", "SamplesPerPixel", "RowsPerStrip", "StripByteCounts",
    }  # fmt: skip
    assert not any(word in said for word in ("XMP", "IPTC", "Warning"))


@pytest.mark.skipif(shutil.which("tiffinfo") is None, reason="libtiff-tools are not installed")
@pytest.mark.parametrize("place", ["smaller copies between", "behind LZW", "JPEG: strip", "SubIFD"])
def test_libtiff_reads_every_strip(place: str, tmp_path: Path) -> None:
    path = tmp_path / "x.tif"
    path.write_bytes(clean(Tiff(), File(PLACES[place]()).build()))
    done = subprocess.run(["tiffinfo", "-D", path], capture_output=True, text=True, check=True)
    assert not done.stderr


def real_files() -> list[Path]:
    folder = SHARED / "corpora" / "exif-samples" / "tiff"
    return sorted(folder.glob("*.tiff")) if folder.is_dir() else []


@pytest.mark.skipif(not real_files(), reason="the corpora are not here")
@pytest.mark.parametrize("path", real_files(), ids=lambda path: path.name)
def test_the_laws_over_real_files(path: Path) -> None:
    data = path.read_bytes()
    output = assert_laws(Tiff(), read, data)
    assert decoded_digest("tiff", MemorySource(data)) == decoded_digest(
        "tiff", MemorySource(output)
    )


ROBUST: dict[str, Callable[[], bytes]] = {
    "many things": lambda: File(
        [
            Page(trees={0x8769: exif_tree()}, tags={700: (1, XMP), 315: (2, PLANTED)}),
            copy(),
            Page(subs=[Page()], tags={33723: (7, IPTC)}),
        ]
    ).build(),
    "BigTIFF": lambda: File([coded(5, lzw, b"x"), copy(), Page(after=b"y")], ">", True).build(),
    "JPEG": lambda: File([with_jpeg_segments("strip")]).build(),
    "deflate": lambda: File([coded(8, zlib.compress), Page(subs=[copy()])]).build(),
}


@pytest.mark.parametrize("sample", ROBUST)
def test_damaged_files_are_held_or_clean(sample: str) -> None:
    n = int(os.environ.get("SCRUB_MUTATIONS", "150"))
    assert_robust(Tiff(), read, ROBUST[sample](), seed=11, n=n, prefixes=100)


def test_lzw_without_an_end_keeps_what_decoders_look_ahead_to() -> None:
    page = coded(5, lambda block: lzw(block)[:-2] + PLANTED)
    output = assert_laws(Tiff(), read, File([page]).build())
    assert PLANTED[:6] not in output


def test_lzw_codes_are_followed_over_every_width() -> None:
    from scrubber.formats.tiff_coding import _lzw

    data = hashlib.shake_256(b"x").digest(20_000)
    stream = lzw(data)
    assert _lzw(stream, len(data)) == len(stream)
    assert _lzw(stream + PLANTED, len(data)) == len(stream)
    assert _lzw(stream[:-200], len(data)) == -1
