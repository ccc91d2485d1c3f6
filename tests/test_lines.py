"""Lines and columns: what an editor would show for a byte of a text."""

from __future__ import annotations

import codecs
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runs import LETTER, PLAIN, Runs

from scrubber.lines import lines_at
from scrubber.source import MemorySource
from scrubber.walk import Item, file_of, walk

# Letters of one to four bytes in UTF-8, two or four in UTF-16.
TEXT = st.text(st.sampled_from("ab \n\rñ€😀"), max_size=60).map(lambda text: f"start {text} end")


def by_hand(text: str, index: int) -> tuple[int, int]:
    before = text[:index].split("\n")
    return len(before), len(before[-1]) + 1


@given(TEXT, st.sampled_from(["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"]))
def test_every_character_is_where_an_editor_shows_it(text: str, codec: str) -> None:
    mark = {
        "utf-8-sig": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE,
        "utf-16-be": codecs.BOM_UTF16_BE,
    }.get(codec, b"")  # fmt: skip
    plain = codec.removesuffix("-sig")
    at = {index: len(mark + text[:index].encode(plain)) for index in range(len(text))}
    found = lines_at(MemorySource(mark + text.encode(plain)), at.values())
    assert found == {byte: by_hand(text, index) for index, byte in at.items()}


def test_a_long_text_is_read_in_blocks() -> None:
    text = "ä" * 50_000 + "\n" + "€" * 70_000 + "x"
    at = len(text[:-1].encode())
    assert lines_at(MemorySource(text.encode()), [at]) == {at: (2, 70_001)}


def test_what_is_no_place_and_what_is_no_text_is_left_out() -> None:
    assert lines_at(MemorySource(b"words"), [-1]) == {}
    assert lines_at(MemorySource(b"\xff\xd8\x00"), [1]) == {}


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path)


def test_a_dry_run_tells_lines_and_a_real_run_does_not(runs: Runs) -> None:
    runs.write("letter.txt", PLAIN + "\n" + LETTER)
    _, records = runs.here(dry_run=True)
    places = {row.entity: (row.line, row.column) for row in records["letter.txt"].findings}
    assert places["PHONE_NUMBER"] == (3, LETTER.index("+1") + 1)
    assert places["EMAIL_ADDRESS"] == (3, LETTER.index("jane.roe@") + 1)
    _, records = runs.here()
    assert {(row.line, row.column) for row in records["letter.txt"].findings} == {(0, 0)}


def test_paths_of_a_walk_lead_back_to_the_files(tmp_path: Path) -> None:
    for name in ("a/x/1.txt", "b/x/1.txt", "b/x/y/2.txt", "c.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    for roots in (["a"], ["a/x", "b/x"], ["a/x", "b/x/y/2.txt", "c.txt"], ["c.txt"]):
        paths = [tmp_path / root for root in roots]
        find = file_of(paths)
        for entry in walk(paths):
            assert isinstance(entry, Item)
            assert find(entry.path) == os.path.join(entry.root, entry.path)
