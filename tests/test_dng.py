"""DNG: what names goes, what develops stays, judged by a raw developer of another house."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pytest
from dng_files import LAYOUTS, PLANTED, Page, converter, gain_map, mosaic, preview, raw
from laws import assert_laws, clean
from robustness import assert_robust
from tiff_files import File

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.dng import Dng
from scrubber.identify import identify
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.dng import read
from scrubber.source import MemorySource

rawpy = pytest.importorskip("rawpy")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_laws(layout: str) -> None:
    data = LAYOUTS[layout]()
    assert PLANTED in data
    output = assert_laws(Dng(), read, data)
    assert PLANTED not in output
    assert read(MemorySource(output)).leftovers == ()
    assert identify(MemorySource(output)).container.name == "dng"


@pytest.mark.parametrize("layout", [one for one in LAYOUTS if "deflate" not in one])
def test_a_developer_sees_the_same_raw_picture(layout: str) -> None:
    before, after = (_developed(data) for data in (LAYOUTS[layout](), clean_of(layout)))
    assert before == after


@pytest.mark.parametrize("layout", ["converter", "converter, deflate", "camera, lossless"])
def test_another_decoder_sees_the_same_tiles(layout: str) -> None:
    import tifffile

    arrays = []
    for data in (LAYOUTS[layout](), clean_of(layout)):
        with tifffile.TiffFile(io.BytesIO(data)) as file:
            pages = [file.pages[0], *(file.pages[0].pages or ())]
            arrays.append([p.asarray().tobytes() for p in pages if int(p.photometric) == 32803])
    assert len(arrays[0]) == 1
    assert arrays[0] == arrays[1]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_verify_decodes_the_raw_picture(layout: str) -> None:
    data = LAYOUTS[layout]()
    before = decoded_digest("dng", MemorySource(data))
    assert before == decoded_digest("dng", MemorySource(clean_of(layout)))
    plain = "phone" if "phone" in layout else "camera"
    assert before == decoded_digest("dng", MemorySource(LAYOUTS[plain]()))


def test_verify_sees_one_other_sample() -> None:
    data = LAYOUTS["camera"]()
    at = data.index(mosaic()[:32].astype("<u2").tobytes()) + 100
    other = data[:at] + bytes((data[at] ^ 1,)) + data[at + 1 :]
    assert decoded_digest("dng", MemorySource(other)) != decoded_digest("dng", MemorySource(data))


def test_verify_says_what_does_not_decode() -> None:
    data = LAYOUTS["converter, deflate"]()
    page = raw("deflate")
    at = data.index(page.blocks[0])
    with pytest.raises(Damaged):
        decoded_digest("dng", MemorySource(data[:at] + bytes(64) + data[at + 64 :]))


def clean_of(layout: str) -> bytes:
    return clean(Dng(), LAYOUTS[layout]())


def _developed(data: bytes) -> tuple[object, ...]:
    """Everything of a raw file that decides how it looks, and how it looks."""
    with rawpy.imread(io.BytesIO(data)) as file:
        return (
            file.raw_image.tobytes(), file.raw_image_visible.shape, file.color_desc,
            file.black_level_per_channel, file.white_level, file.camera_whitebalance,
            file.daylight_whitebalance, file.color_matrix.tobytes(), file.rgb_xyz_matrix.tobytes(),
            file.tone_curve.tobytes(), file.sizes,
            file.postprocess(use_camera_wb=True, no_auto_bright=True).tobytes(),
        )  # fmt: skip


def test_the_name_of_the_camera_is_overwritten_where_it_must_be() -> None:
    output = clean(Dng(), converter())
    assert b"Example Cam" not in output
    assert b"Digital Negative\0" in output
    assert clean(Dng(), output) == output


def with_tag(tag: int, kind: int, value: bytes | tuple[int, ...]) -> bytes:
    page = raw()
    page.tags |= {50706: (1, (1, 4, 0, 0))}
    page.tags[tag] = (kind, value)
    return File([page]).build()


def two_raws() -> bytes:
    first = preview()
    first.tags[50706] = (1, (1, 4, 0, 0))
    first.subs = [raw(), raw()]
    return File([first]).build()


def lossless_with(extra: bytes, *, at: int) -> bytes:
    page = raw("lossless")
    page.tags[50706] = (1, (1, 4, 0, 0))
    block = page.blocks[0]
    at = len(block) + at if at < 0 else at
    page.blocks[0] = block[:at] + extra + block[at:]
    return File([page]).build()


def behind_lossless() -> bytes:
    page = raw("lossless")
    page.tags[50706] = (1, (1, 4, 0, 0))
    page.blocks[0] += PLANTED
    return File([page]).build()


def mask() -> bytes:
    page = raw()
    page.tags[50706] = (1, (1, 4, 0, 0))
    small = preview()
    small.tags[254] = (4, (4,))
    page.subs = [small]
    return File([page]).build()


HELD: dict[str, Callable[[], bytes]] = {
    "an opcode that nobody knows": lambda: with_tag(
        51022, 7, struct.pack(">5I", 1, 77, 0, 0, 8) + bytes(8)
    ),
    "an opcode list with more behind it": lambda: with_tag(51022, 7, gain_map() + PLANTED + b"ab"),
    "an opcode longer than its numbers": lambda: with_tag(
        51022, 7, struct.pack(">5I", 1, 4, 0, 0, 24) + PLANTED + bytes(10)
    ),
    "a gain map with more behind it": lambda: with_tag(
        52525, 7, struct.pack("<2I4dI5f", 1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0) + bytes(4) + PLANTED
    ),
    "a matrix of letters": lambda: with_tag(50721, 2, PLANTED),
    "a newer version": lambda: with_tag(50707, 1, (1, 8, 0, 0)),
    "colour tables": lambda: with_tag(52543, 7, bytes(64)),
    "two raw pictures": two_raws,
    "JPEG XL": lambda: with_tag(259, 3, (52546,)),
    "a comment in a lossless JPEG": lambda: lossless_with(b"\xff\xfe\0\x10" + PLANTED, at=2),
    "a comment in its scan": lambda: lossless_with(b"\xff\xfe\0\x10" + PLANTED, at=-2),
    "bytes behind a lossless JPEG": lambda: behind_lossless(),
    "words at the end of its scan": lambda: lossless_with(b"written by Jane Example", at=-2),
    "a transparency mask": mask,
}


@pytest.mark.parametrize("name", HELD)
def test_held(name: str) -> None:
    with pytest.raises(Unsupported):
        clean(Dng(), HELD[name]())


def test_the_second_reader_finds_what_is_left() -> None:
    for layout in LAYOUTS.values():
        try:
            left = read(MemorySource(layout())).leftovers
        except Held:
            continue
        assert left


def test_calibration_of_a_word_of_its_own() -> None:
    page = raw()
    page.tags |= {50706: (1, (1, 4, 0, 0)), 50931: (2, PLANTED + b"\0")}
    assert PLANTED not in clean(Dng(), File([page]).build())
    page.tags[50723] = (10, (1, 1) * 9)
    with pytest.raises(Unsupported, match="calibration"):
        clean(Dng(), File([page]).build())


def test_robust() -> None:
    assert_robust(Dng(), read, converter("lossless"), n=300, prefixes=100)


def test_a_page_of_numbers_alone_is_no_picture() -> None:
    first = preview()
    first.tags[50706] = (1, (1, 4, 0, 0))
    with pytest.raises(Unsupported, match="0 raw pictures"):
        clean(Dng(), File([first, Page(tags={254: (4, (1,))})]).build())
