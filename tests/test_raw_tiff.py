"""A maker's raw file is told by what stands in it, whatever it is called."""

from __future__ import annotations

import pytest
from tiff_files import File, Page

from scrubber.containers import load_format, table
from scrubber.errors import Unsupported
from scrubber.identify import identify
from scrubber.source import MemorySource


def kind(data: bytes, name: str = "x.tif") -> str:
    return identify(MemorySource(data), name).container.name


def raw_of(make: bytes, *, below: bool = True, tag: tuple[int, int] = (262, 32803)) -> bytes:
    sensor = Page(tags={tag[0]: (3, (tag[1],))})
    first = Page(tags={271: (2, make + b"\0"), 254: (4, (1,))}) if below else sensor
    if below:
        first.subs = [sensor]
    else:
        first.tags[271] = (2, make + b"\0")
    return File([first]).build()


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (b"NIKON CORPORATION", "nef"), (b"SONY", "arw"), (b"PENTAX", "pef"),
        (b"SAMSUNG", "srw"), (b"EPSON", "raw"), (b"", "raw"),
    ],
)  # fmt: skip
def test_by_the_colours_of_a_directory(make: bytes, name: str) -> None:
    assert kind(raw_of(make)) == name
    assert kind(raw_of(make, below=False)) == name
    assert kind(raw_of(make, tag=(259, 34713))) == name


def test_a_picture_of_the_same_camera_is_a_tiff() -> None:
    assert kind(File([Page(tags={271: (2, b"NIKON CORPORATION\0")})]).build()) == "tiff"


def test_a_second_header_and_damage() -> None:
    data = bytearray(File([Page()]).build())
    data[8:12] = b"IIII"
    assert kind(bytes(data)) == "raw"
    assert kind(raw_of(b"SONY")[:200]) in ("arw", "tiff")  # and no error


def test_every_raw_row_says_why_and_what_to_do() -> None:
    rows = [row for row in table().values() if "raw picture" in row.label and not row.format]
    assert len(rows) >= 13
    for row in rows:
        with pytest.raises(Unsupported, match="raw_previews"):
            load_format(row)
