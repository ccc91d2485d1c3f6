"""Icons and pointers: pictures of both kinds, what hides between and in them, hot spots."""

from __future__ import annotations

import io
import struct

import pytest
from bmp_files import PLANTED, dib, palette, rows
from laws import assert_laws, clean
from pictures import chunk, png
from PIL import Image
from robustness import assert_robust

from scrubber.errors import Damaged, Held, Unsupported
from scrubber.formats.ico import Ico
from scrubber.identify import identify
from scrubber.readers.decoded import decoded_digest
from scrubber.readers.ico import read
from scrubber.source import MemorySource

TEXT = chunk(b"tEXt", b"Author\0" + PLANTED)


def bitmap(
    bits: int = 24,
    *,
    fill: bytes = b"\0",
    colours: bytes = b"",
    mask: bool = True,
    image_size: int = 0,
    coding: int = 0,
) -> bytes:
    """A picture of 5 by 4 pixels with its mask."""
    data = dib(40, 5, 8, bits, coding, image_size=image_size)
    pixels = rows(5, 4, bits, fill=fill)
    return data + colours + pixels + (rows(5, 4, 1, fill=fill) if mask else b"")


def icon(
    *pictures: bytes,
    kind: int = 1,
    reserved: int = 0,
    between: bytes = b"",
    behind: bytes = b"",
    spot: tuple[int, int] = (1, 24),
) -> bytes:
    at = 6 + 16 * len(pictures) + len(between)
    head, body = struct.pack("<3H", 0, kind, len(pictures)), b""
    for data in pictures:
        wide, height = (13, 11) if data.startswith(b"\x89") else (5, 4)
        head += struct.pack(
            "<BBBBHHII", wide, height, 0, reserved, *spot, len(data), at + len(body)
        )
        body += data
    return head + between + body + behind


def cleaned(data: bytes) -> bytes:
    out = assert_laws(Ico(), read, data)
    assert PLANTED not in out
    before = decoded_digest("ico", MemorySource(data))
    assert before is not None
    assert decoded_digest("ico", MemorySource(out)) == before
    return out


@pytest.mark.parametrize("bits", [1, 4, 8, 24, 32])
def test_bitmaps_of_every_depth_stay(bits: int) -> None:
    ramp = 1 << bits if bits <= 8 else 0
    greys = b"".join(bytes((i * 255 // (ramp - 1),)) * 3 + b"\0" for i in range(ramp))
    data = icon(bitmap(bits, colours=greys))
    assert cleaned(data) == data


def test_a_picture_with_transparency_needs_no_mask() -> None:
    data = icon(bitmap(32, mask=False), png())
    assert cleaned(data) == data


HIDING = {
    "gap": icon(bitmap(), between=PLANTED),
    "behind": icon(bitmap(), behind=PLANTED),
    "behind a mask": icon(bitmap(32) + PLANTED, spot=(1, 32)),
    "padding": icon(bitmap(fill=PLANTED[:4])),
    "unused colours": icon(bitmap(8, colours=palette(250) + PLANTED * 2)),
    "reserved": icon(bitmap(), reserved=255),
    "depth": icon(bitmap(), spot=(0x4C50, 0x4E41)),
    "size of the pixels": icon(bitmap(image_size=0x414C5021)),
    "inside a PNG": icon(png(before=TEXT), bitmap()),
    "behind a PNG": icon(png() + PLANTED, bitmap()),
}


@pytest.mark.parametrize("place", HIDING)
def test_nothing_hides(place: str) -> None:
    data = HIDING[place]
    assert read(MemorySource(data)).leftovers
    out = cleaned(data)
    for run in (PLANTED[:4], b"!PLA"):
        assert run not in out
    if place in ("gap", "behind", "reserved", "depth", "size of the pixels"):
        assert len(out) == len(icon(bitmap()))


def test_offsets_follow_what_is_cut_out() -> None:
    out = cleaned(icon(png(before=TEXT), bitmap(fill=b"P"), png(), between=PLANTED))
    assert out == icon(png(), bitmap(), png())


def test_two_entries_may_share_a_picture() -> None:
    data = bytearray(icon(bitmap(), bitmap(), behind=PLANTED))
    data[6 + 16 + 12 : 6 + 16 + 16] = data[6 + 12 : 6 + 16]
    out = cleaned(bytes(data))
    assert len(out) == 6 + 32 + len(bitmap())


def test_the_hot_spot_of_a_pointer_stays() -> None:
    out = assert_laws(Ico(), read, icon(bitmap(), kind=2, spot=(3, 2), behind=PLANTED))
    assert out == icon(bitmap(), kind=2, spot=(3, 2))
    assert ("hot_spots", "[(3, 2)]") in read(MemorySource(out)).rendering.facts


def test_what_pillow_writes_stays() -> None:
    for form in ("png", "bmp"):
        file = io.BytesIO()
        Image.effect_mandelbrot((64, 64), (-2, -1.5, 1, 1.5), 20).convert("RGBA").save(
            file, "ICO", sizes=[(16, 16), (64, 64)], bitmap_format=form
        )
        assert cleaned(file.getvalue()) == file.getvalue()
        assert identify(MemorySource(file.getvalue())).container.name == "ico"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", Damaged),
        (icon(bitmap())[:-1], Damaged),
        (icon(), Damaged),
        (icon(bitmap()[:-4]), Damaged),
        (icon(bitmap(32, coding=3)), Unsupported),
        (icon(bitmap() + PLANTED), Unsupported),
        (icon(bitmap(32) + PLANTED), Unsupported),
        (icon(dib(40, 5, 4, 32) + rows(5, 4, 32)), Unsupported),
        (icon(dib(124, 5, 8, 24) + rows(5, 8, 24)), Unsupported),
        (icon(png()[:-20]), Held),
    ],
)
def test_what_cannot_be_proved_is_held(data: bytes, error: type[Held]) -> None:
    with pytest.raises(error):
        clean(Ico(), data)


def test_pictures_that_overlap_are_held() -> None:
    data = bytearray(icon(bitmap(), bitmap()))
    data[6 + 16 + 12] -= 8
    with pytest.raises(Damaged):
        clean(Ico(), bytes(data))


@pytest.mark.parametrize("place", ["inside a PNG", "behind a mask", "padding", "unused colours"])
def test_damage_is_held_or_clean(place: str) -> None:
    assert_robust(Ico(), read, HIDING[place], seed=len(place), n=120, prefixes=60)
