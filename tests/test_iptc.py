"""IPTC-IIM datasets and the Photoshop resources around them."""

from __future__ import annotations

import struct

import pytest
from laws import assert_laws, assert_partition, ledger_of
from pictures import PLANTED, jpeg, segment, xmp_with

from scrubber.entities import CATALOGUE
from scrubber.errors import Damaged
from scrubber.formats import iptc, photoshop
from scrubber.formats.iptc import split_iptc
from scrubber.formats.jpeg import Jpeg
from scrubber.formats.photoshop import split_photoshop
from scrubber.ledger import ROOT, Ledger
from scrubber.readers.jpeg import read
from scrubber.source import MemorySource

PLAIN = jpeg()


def dataset(record: int, number: int, value: bytes, *, extended: bool = False) -> bytes:
    size = struct.pack(">HI", 0x8004, len(value)) if extended else struct.pack(">H", len(value))
    return bytes((0x1C, record, number)) + size + value


def resource(number: int, data: bytes, title: bytes = b"", kind: bytes = b"8BIM") -> bytes:
    name = bytes((len(title),)) + title
    name += bytes(len(name) % 2)
    head = kind + struct.pack(">H", number) + name + struct.pack(">I", len(data))
    return head + data + bytes(len(data) % 2)


def in_jpeg(resources: bytes) -> bytes:
    return PLAIN[:2] + segment(0xED, b"Photoshop 3.0\0" + resources) + PLAIN[2:]


def found_in(split: object, data: bytes) -> dict[str, tuple[str | None, str]]:
    ledger = Ledger(len(data))
    split(ledger, MemorySource(data), ROOT, 0, len(data))  # type: ignore[operator]  # a splitter
    assert_partition(ledger.tile(), len(data))
    return {
        ledger.path(part.id): (
            part.entity,
            part.describe(b"".join(data[a:b] for a, b in part.spans)) if part.describe else "",
        )
        for part in ledger.parts[1:]
    }


def test_datasets_have_names_and_words() -> None:
    data = (
        dataset(1, 90, b"\x1b%G")
        + dataset(2, 80, "Ann Müster".encode())
        + dataset(2, 90, b"Springfield", extended=True)
        + dataset(2, 120, b"A caption")
        + dataset(2, 250, b"?")
    )
    found = found_in(split_iptc, data)
    assert found["By-line"] == ("CREATOR", "Ann Müster")
    assert found["City"] == ("PLACE_NAME", "Springfield")
    assert found["Caption-Abstract"] == ("CAPTION", "A caption")
    assert found["2:250"] == ("TAG", "?")


def test_without_a_character_set_it_is_latin_1() -> None:
    data = dataset(2, 80, "Müster".encode("latin-1"))
    assert found_in(split_iptc, data)["By-line"] == ("CREATOR", "Müster")


@pytest.mark.parametrize(
    "data",
    [
        dataset(2, 80, b"Ann")[:-1],
        b"\x1c\x02\x50\x80\x09" + bytes(9),
        dataset(2, 80, b"Ann") + PLANTED,
    ],
)
def test_datasets_that_do_not_fit_are_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        split_iptc(Ledger(len(data)), MemorySource(data), ROOT, 0, len(data))


def test_resources_by_number_and_name() -> None:
    data = (
        resource(0x0404, dataset(2, 80, b"Ann Example"))
        + resource(0x0409, PLANTED)
        + resource(0x07D0, PLANTED, b"Path of Ann")
        + resource(0x0424, xmp_with())
        + resource(0x0FFF, b"x", kind=b"MeSa")
    )
    found = found_in(split_photoshop, data)
    assert found["IPTC/By-line"] == ("CREATOR", "Ann Example")
    assert found["Thumbnail"][0] == "THUMBNAIL"
    assert found["Path"] == ("EDIT_HISTORY", "Path of Ann PLANTED-7f3a91c2")
    assert found["XMP/XMP/dc:creator"][0] == "CREATOR"
    assert found["0x0FFF"][0] == "TECHNICAL"


@pytest.mark.parametrize("odd", [b"", b"x"])
def test_all_laws_hold_around_a_picture(odd: bytes) -> None:
    data = in_jpeg(
        resource(0x0404, dataset(2, 80, b"Ann" + odd) + dataset(2, 120, PLANTED + b"yy"))
        + resource(0x0425, bytes(16))
        + resource(0x0424, xmp_with())
    )
    assert assert_laws(Jpeg(), read, data) == PLAIN


def test_a_broken_block_goes_as_one_part() -> None:
    data = in_jpeg(resource(0x0404, dataset(2, 80, b"Ann")) + PLANTED)
    assert assert_laws(Jpeg(), read, data) == PLAIN
    names = {part.name for part in ledger_of(Jpeg(), data).parts}
    assert "Photoshop (damaged)" in names
    data = in_jpeg(resource(0x0404, dataset(2, 80, b"Ann") + PLANTED))
    assert assert_laws(Jpeg(), read, data) == PLAIN


def test_every_entity_is_in_the_catalogue() -> None:
    names = {entity for _, entity in iptc._NAMES.values()}
    names |= {entity for _, entity in photoshop._NAMES.values()}
    assert names <= set(CATALOGUE)
