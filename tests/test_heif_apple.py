"""Apple's gain map in HEIC: the map and its numbers stay, and nothing else of what describes it."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from apple_gain_maps import APPLE, NUMBERS, maker_note, packet, tree
from heif_files import Entry, File, coded, ispe, plain
from laws import assert_laws, clean, ledger_of
from robustness import assert_robust
from test_heif import PLANTED, auxiliary, obu, pixels, traces, with_item

from scrubber.errors import Held
from scrubber.formats.heif import Heif
from scrubber.readers.apple_gain_map import packet_numbers, tree_numbers
from scrubber.readers.heif import read
from scrubber.source import MemorySource

TYPE = b"application/rdf+xml\0"
WORD = PLANTED.decode()


def photo(
    xmp: bytes | None = None, exif: bytes | None = None, *, name: bytes = b"", tail: bytes = b"",
    size: tuple[int, int] = (32, 32), unit: bytes = b"", urn: bytes = APPLE,
) -> File:  # fmt: skip
    """Picture 1, map 2, the map's XMP 3, the picture's Exif 4."""
    data, _ = coded()
    file = plain()
    file.properties += [ispe(*size), auxiliary(urn, tail)]
    with_item(file, Entry(b"av01", data + unit, name=name, properties=(5, 2, 3, 6)), b"auxl")
    text = packet() if xmp is None else xmp
    with_item(file, Entry(b"mime", text, name=name, more=TYPE + b"\0" + tail), b"cdsc", (2,))
    row = bytes(4) + (tree(maker_note()) if exif is None else exif)
    return with_item(file, Entry(b"Exif", row, name=name, more=tail), b"cdsc")


PLACES: dict[str, Callable[[], File]] = {
    "XMP": lambda: photo(packet(planted=WORD)),
    "XMP with a headroom": lambda: photo(packet("131072", "2.5", planted=WORD)),
    "behind the XMP": lambda: photo(packet() + b"<?xpacket end='w'?>" + PLANTED),
    "maker note": lambda: photo(exif=tree(maker_note(planted=PLANTED))),
    "Exif": lambda: photo(exif=tree(maker_note(), PLANTED)),
    "Exif in the other order": lambda: photo(exif=tree(maker_note(), PLANTED, "<")),
    "behind Exif": lambda: photo(exif=tree(maker_note()) + PLANTED),
    "names of items": lambda: photo(name=PLANTED),
    "behind types": lambda: photo(tail=PLANTED),
    "metadata OBU in the map": lambda: photo(unit=obu(5, b"\x04" + PLANTED)),
    "padding OBU in the map": lambda: photo(unit=obu(15, PLANTED)),
    "a second description": lambda: with_item(
        photo(), Entry(b"mime", packet(planted=WORD), more=TYPE), b"cdsc", (1,)
    ),
}


def look(data: bytes) -> str:
    return str(dict(read(MemorySource(data)).rendering.facts).get("gain_map", ""))


@pytest.mark.parametrize("place", PLACES)
def test_nothing_hides(place: str) -> None:
    data = PLACES[place]().build()
    assert traces(data)
    output = assert_laws(Heif(), read, data)
    assert not traces(output)
    assert APPLE in output
    assert pixels(output) == pixels(data)
    assert look(output) in ("65536 - 33:843223 48:8000", "131072 2.5 -")


@pytest.mark.parametrize("place", PLACES)
def test_the_second_reader_sees_what_is_left(place: str) -> None:
    try:
        assert read(MemorySource(PLACES[place]().build())).leftovers
    except Held:
        pass


def test_a_clean_one_stays_as_it_is() -> None:
    output = clean(Heif(), photo().build())
    assert clean(Heif(), output) == output
    assert output.count(b"infe") == 4


def test_a_stated_headroom_needs_no_maker_note() -> None:
    output = assert_laws(Heif(), read, photo(packet("131072", "3.25")).build())
    assert b"Apple iOS" not in output
    assert look(output) == "131072 3.25 -"


def test_without_a_maker_note_there_is_none() -> None:
    output = assert_laws(Heif(), read, photo(exif=tree(b"Canon" + bytes(40))).build())
    assert output.count(b"infe") == 3
    assert look(output) == "65536 - -"


def test_fractions_are_spelled_anew() -> None:
    numbers = {0x21: (-3, -4), 0x30: (2_000_000_001, 2_000_000_000)}
    output = assert_laws(Heif(), read, photo(exif=tree(maker_note(numbers))).build())
    assert look(output) == "65536 - 33:750000 48:1000000"


GOING: dict[str, Callable[[], File]] = {
    "a newer kind": lambda: photo(packet("196608")),
    "two versions": lambda: photo(packet("131072")),
    "another schema": lambda: photo(
        packet("131072", "2", more=' xmlns:t="http://ns.apple.com/HDRToneMap/1.0/" t:Version="1"')
    ),
    "words for a number": lambda: photo(packet("131072", WORD)),
    "a headroom of nothing": lambda: photo(packet("131072", "0.5")),
    "no XML": lambda: photo(packet()[:-9]),
    "a doctype": lambda: photo(b"<!DOCTYPE a>" + packet()),
    "a denominator of zero": lambda: photo(exif=tree(maker_note({**NUMBERS, 0x21: (1, 0)}))),
    "a number of planets": lambda: photo(exif=tree(maker_note({**NUMBERS, 0x30: (1 << 30, 1)}))),
    "a note that is cut off": lambda: photo(exif=tree(maker_note())[:-8]),
    "another shape": lambda: photo(size=(32, 20)),
    "another map": lambda: photo(urn=b"urn:com:apple:photo:2023:aux:hdrgainmap"),
    "a map with two descriptions": lambda: with_item(
        photo(), Entry(b"mime", packet(), more=TYPE), b"cdsc", (2,)
    ),
    "two trees": lambda: with_item(
        photo(), Entry(b"Exif", bytes(4) + tree(maker_note())), b"cdsc", (1,)
    ),
    "packed XMP": lambda: _packed(photo()),
    "a map made of nothing": lambda: _hollow(photo()),
}


def _packed(file: File) -> File:
    file.entries[2].more = TYPE + b"deflate\0"
    return file


def _hollow(file: File) -> File:
    file.entries[1].kind = b"vvc1"
    return file


@pytest.mark.parametrize("case", GOING)
def test_what_cannot_be_read_goes_with_its_map(case: str) -> None:
    data = GOING[case]().build()
    output = assert_laws(Heif(), read, data)
    assert output.count(b"infe") == 1
    assert b"Apple" not in output
    assert pixels(output) == pixels(data)


def test_what_a_maker_note_tells_is_named() -> None:
    ledger = ledger_of(Heif(), photo(exif=tree(maker_note(), PLANTED)).build())
    entities = {ledger.path(row.id): row.entity for row in ledger.parts if row.entity}
    assert "MAKER_NOTE" in entities.values()
    assert any(path.endswith("Make") for path in entities)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"65536", b"65537"),
        (b"65536", b"6553 "),
        (b"rdf:about=\"\"", b"rdf:about=\"x\""),
        (b"</rdf:RDF>", b"<a/></rdf:RDF>"),
    ],
)  # fmt: skip
def test_the_reader_knows_one_form_of_xmp(old: bytes, new: bytes) -> None:
    data = clean(Heif(), photo().build())
    at = data.index(b"<x:xmpmeta")
    text = data[at : data.index(b"</x:xmpmeta>") + 12]
    assert packet_numbers(text)
    assert old in text
    assert not packet_numbers(text.replace(old, new))
    assert not packet_numbers(text + b" ")


def test_the_reader_knows_one_form_of_exif() -> None:
    data = clean(Heif(), photo().build())
    at = data.index(b"MM\0*")
    text = data[at : data.index(b"Apple iOS") + 60]
    assert tree_numbers(text) == "33:843223 48:8000"
    for index in range(len(text)):
        for bit in range(8):
            other = bytearray(text)
            other[index] ^= 1 << bit
            said = tree_numbers(bytes(other))
            assert not said or len(said.split()) == 2
            assert said != "33:843223 48:8000"
    assert not tree_numbers(text + b"\0")


def test_any_damage_ends_in_a_reason() -> None:
    data = photo(exif=tree(maker_note(planted=PLANTED), PLANTED)).build()
    assert_robust(Heif(), read, data, seed=11, n=250, prefixes=60)


@pytest.mark.slow
def test_more_damage() -> None:
    data = photo(exif=tree(maker_note(planted=PLANTED), PLANTED)).build()
    assert_robust(Heif(), read, data, seed=12, n=3000)


SHARED = Path(os.environ.get("SCRUB_SHARED") or Path(__file__).parents[2] / "shared") / "corpora"
REAL = SHARED / "exif-samples/heic/mobile/iphone_13_pro_max.HEIC"


@pytest.mark.skipif(not REAL.is_file(), reason="the corpora are not beside this checkout")
def test_a_phones_map_shows_the_same(tmp_path: Path) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")

    def maps(data: bytes) -> list[bytes]:
        picture = pillow_heif.open_heif(io.BytesIO(data))
        rows = picture.info["aux"][APPLE.decode()]
        return [bytes(picture.get_aux_image(row).data) for row in rows]

    data = REAL.read_bytes()
    output = clean(Heif(), data)
    assert maps(output) == maps(data)
    path = tmp_path / "a.heic"
    path.write_bytes(output)
    tool = ["exiftool", "-ee", "-u", "-a", "-s", "-G1", path]
    said = subprocess.run(tool, capture_output=True, text=True).stdout
    assert "HDRHeadroom                     : 0.843209" in said
    assert said.count("[XMP-HDRGainMap]") == 1
    assert "[Apple]         RunTime" not in said
    assert "[IFD0]" not in said
