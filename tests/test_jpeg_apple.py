"""Apple's gain map in JPEG: the second picture and its numbers stay, nothing else of either."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from apple_gain_maps import APPLE, NUMBERS, maker_note, packet, tree
from gain_maps import XMP, gain_map, with_index
from laws import assert_laws, clean, ledger_of
from pictures import PLANTED, exif_with, jpeg, segment, srgb_profile, xmp_with
from robustness import assert_robust
from test_jpeg_gain_map import HIDDEN, decoded, second_of

from scrubber.formats.jpeg import Jpeg
from scrubber.model import Role
from scrubber.readers.jpeg import read
from scrubber.source import MemorySource

JPEG = Jpeg()
WORD = PLANTED.decode()
COLOURS = {"icc_profile": srgb_profile()}
BOTH = "33:843223 48:8000"


def exif(data: bytes) -> bytes:
    return segment(0xE1, b"Exif\0\0" + data)


def photo(
    xmp: bytes | None = None, note: bytes | None = None, *, turn: int = 0, inside: bytes = b"",
    order: str = ">", size: tuple[int, int] = (24, 16), first: bytes | None = None,
    profile: bool = True, index: bool = True,
) -> bytes:  # fmt: skip
    """As phones write it: Exif, profile, index; the map says of itself what it is."""
    note = maker_note(planted=PLANTED) if note is None else note
    text = packet(planted=WORD, typed=True) if xmp is None else xmp
    second = gain_map(segment(0xE1, XMP + text), inside, size=size)
    picture = jpeg(**(COLOURS if profile else {}))
    if first is None:
        first = exif(tree(note, PLANTED, order, turn)) + inside
    picture = picture[:2] + first + picture[2:]
    return with_index(picture, (0, second)) if index else picture + second


def facts(data: bytes) -> dict[str, str]:
    return dict(read(MemorySource(data)).rendering.facts)


def assert_kept(data: bytes, headroom: str = BOTH) -> bytes:
    output = assert_laws(JPEG, read, data)
    assert PLANTED not in output
    assert facts(output).get("headroom", "") == headroom
    assert "gain_map" in facts(output)
    assert decoded(output) == decoded(data)
    assert decoded(second_of(output)) == decoded(second_of(data))
    return output


@pytest.mark.parametrize("name", sorted(HIDDEN.keys() - {"profile"}))
def test_both_pictures_are_cleaned_alike(name: str) -> None:
    assert_kept(photo(inside=HIDDEN[name]))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("turn", [0, 1, 6])
def test_the_turn_stays_beside_the_numbers(turn: int, order: str) -> None:
    output = assert_kept(photo(turn=turn, order=order))
    assert facts(output)["orientation"] == str(turn or 1)
    assert output.count(b"Exif\0\0") == 1


def test_a_stated_headroom_needs_no_maker_note() -> None:
    text = packet("131072", "4.5", WORD, typed=True)
    output = assert_kept(photo(text), headroom="")
    assert b"Apple iOS" not in output
    assert b"Headroom>4.5<" in output
    assert_kept(photo(text, turn=6), headroom="")


def test_a_picture_without_numbers_keeps_its_map() -> None:
    for first in (b"", exif(exif_with(6)), segment(0xE1, XMP + xmp_with(6))):
        assert_kept(photo(first=first), headroom="")


def test_a_turn_in_xmp_does_not_take_over() -> None:
    first = exif(tree(maker_note(planted=PLANTED), PLANTED, ">", 3)) + segment(
        0xE1, XMP + xmp_with(6)
    )
    assert facts(assert_kept(photo(first=first)))["orientation"] == "3"


def test_a_turn_in_xmp_alone_stands_beside_the_numbers() -> None:
    first = exif(tree(maker_note(planted=PLANTED), PLANTED)) + segment(0xE1, XMP + xmp_with(6))
    output = assert_kept(photo(first=first))
    assert facts(output)["orientation"] == "6"
    assert output.count(b"Exif\0\0") == 1


def test_what_the_trees_tell_is_named() -> None:
    ledger = ledger_of(JPEG, photo())
    found = [row.entity for row in ledger.parts if row.role is Role.PRIVATE]
    assert "MAKER_NOTE" in found
    assert any(ledger.path(row.id).endswith("/Make") for row in ledger.parts)


def test_a_second_tree_goes() -> None:
    note = exif(tree(maker_note(planted=PLANTED), PLANTED))
    assert assert_kept(photo(first=note + note)).count(b"Exif\0\0") == 1


def test_an_identifier_with_a_letter_in_it() -> None:
    data = photo()
    at = data.index(b"Exif\0\0") + 5
    assert_kept(data[:at] + b"P" + data[at + 1 :])


def test_a_clean_one_stays_as_it_is() -> None:
    output = clean(JPEG, photo(turn=6))
    assert clean(JPEG, output) == output


GOING: dict[str, Callable[[], bytes]] = {
    "a newer kind": lambda: photo(packet("196608", planted=WORD, typed=True)),
    "no word that it is one": lambda: photo(packet(planted=WORD)),
    "another shape": lambda: photo(size=(24, 24)),
    "nothing tells of it": lambda: photo(index=False),
    "two profiles": lambda: photo(inside=HIDDEN["profile"]),
    "no profile": lambda: photo(profile=False),
    "another form of pixels": lambda: photo(
        packet(planted=WORD, typed=True).replace(b"1278226488", b"1111970369")
    ),
    "another thing": lambda: photo(
        packet(planted=WORD, typed=True).replace(APPLE, b"urn:com:apple:photo:2020:aux:x")
    ),
}


@pytest.mark.parametrize("case", GOING)
def test_other_pictures_go(case: str) -> None:
    output = assert_laws(JPEG, read, GOING[case]())
    assert PLANTED not in output
    assert "gain_map" not in facts(output)
    assert b"Apple" not in output


def test_numbers_that_nobody_can_read_are_none() -> None:
    for numbers in ({**NUMBERS, 0x21: (1, 0)}, {**NUMBERS, 0x30: (1 << 30, 1)}):
        assert_kept(photo(note=maker_note(numbers)), headroom="")


def test_the_reader_wants_the_numbers_for_the_map_alone() -> None:
    output = clean(JPEG, photo())
    alone = output[: output.index(b"\xff\xd9\xff\xd8") + 2]
    assert "APP1/Exif MakerNote" in read(MemorySource(alone)).leftovers
    stated = packet("131072", "2", typed=True)
    at = output.index(b"<x:xmpmeta")
    other = clean(JPEG, photo(stated))
    text = other[other.index(b"<x:xmpmeta") : other.index(b"</x:xmpmeta>") + 12]
    old = output[at : output.index(b"</x:xmpmeta>") + 12]
    size = output.rindex(b"\xff\xe1", 0, at)
    changed = output[:size] + segment(0xE1, XMP + text) + output[at + len(old) :]
    assert "APP1/Exif MakerNote" in read(MemorySource(changed)).leftovers


def test_exiftool_finds_two_pictures_and_nothing_private(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(clean(JPEG, photo(turn=6)))
    tool = ["exiftool", "-ee", "-u", "-a", "-s", "-G1", path]
    said = subprocess.run(tool, capture_output=True, text=True).stdout
    assert "NumberOfImages                  : 2" in said
    assert "HDRHeadroom                     : 0.843223" in said
    assert "Rotate 90 CW" in said
    assert "Make " not in said


@pytest.mark.parametrize("seed", [1, 2])
def test_damage_is_held_or_cleaned(seed: int) -> None:
    assert_robust(JPEG, read, photo(turn=6), seed=seed, n=150, prefixes=40)


@pytest.mark.slow
def test_more_damage() -> None:
    assert_robust(JPEG, read, photo(turn=6), seed=3, n=4000)
