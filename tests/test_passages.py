"""The way back from read characters to bytes."""

from __future__ import annotations

import html
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrubber.formats.passages import (
    Unit,
    Written,
    cell_write,
    json_write,
    markup_write,
    merged,
    plain_write,
    read_units,
)
from scrubber.model import Context, Passage

CODECS = ("utf-8", "utf-16-le", "utf-16-be")
TEXT = st.text(
    alphabet=st.one_of(st.sampled_from("ab é𝒳é\r\n😀"), st.characters(exclude_categories=("Cs",)))
)


def passage(raw: str, codec: str, at: int = 0, units: tuple[Unit, ...] = ()) -> Written:
    return Written(
        read_units(raw, units), Context(), 1, "here", at, raw, codec, plain_write(codec), units
    )


@given(TEXT, st.sampled_from(CODECS), st.integers(0, 9), st.data())
def test_plain_spans_are_exact_in_every_encoding(
    raw: str, codec: str, at: int, draw: st.DataObject
) -> None:
    data = b"\0" * at + raw.encode(codec)
    made: Passage = passage(raw, codec, at)
    start = draw.draw(st.integers(0, len(raw)))
    end = draw.draw(st.integers(start, len(raw)))
    low, high = made.locate(start, end)
    assert data[low:high].decode(codec) == raw[start:end]
    replaced = data[:low] + made.encode("[X]") + data[high:]
    if codec == "utf-8":
        assert replaced[at:].decode(codec) == raw[:start] + "[X]" + raw[end:]


@given(st.text(alphabet="abcdé€", max_size=30), st.sampled_from(("cp1252", "latin-1")), st.data())
def test_one_byte_encodings(raw: str, codec: str, draw: st.DataObject) -> None:
    raw = raw.replace("€", "ÿ") if codec == "latin-1" else raw
    start = draw.draw(st.integers(0, len(raw)))
    low, high = passage(raw, codec).locate(start, len(raw))
    assert raw.encode(codec)[low:high].decode(codec) == raw[start:]
    assert passage(raw, codec).encode("日") == b"?"


@st.composite
def coded(draw: st.DrawFn) -> tuple[str, tuple[Unit, ...]]:
    """A raw text with units, each an escape of its own length."""
    raw, units = "", []
    for piece in draw(st.lists(st.tuples(st.booleans(), TEXT, TEXT), max_size=6)):
        if piece[0]:
            units.append(Unit(len(raw), len(raw) + len(piece[1]) + 1, piece[2]))
            raw += "\\" + piece[1]
        else:
            raw += piece[1]
    return raw, tuple(units)


@given(coded(), st.sampled_from(CODECS), st.data())
def test_spans_grow_to_whole_units_and_never_further(
    made: tuple[str, tuple[Unit, ...]], codec: str, draw: st.DataObject
) -> None:
    raw, units = made
    row = passage(raw, codec, 0, units)
    if not row.text:
        return
    start = draw.draw(st.integers(0, len(row.text) - 1))
    end = draw.draw(st.integers(start + 1, len(row.text)))
    low, high = row.locate(start, end)
    data = raw.encode(codec)
    before, after = (data[:low].decode(codec), data[high:].decode(codec))
    assert raw.startswith(before)
    assert raw.endswith(after)
    inner = [u for u in units if len(before) < u.end and u.start < len(raw) - len(after)]
    assert all(u.start >= len(before) and u.end <= len(raw) - len(after) for u in inner if u.text)
    covered = read_units(
        raw[len(before) : len(raw) - len(after)],
        tuple(Unit(u.start - len(before), u.end - len(before), u.text) for u in inner),
    )
    assert row.text[start:end] in covered
    if not any(len(unit.text) > 1 for unit in units):
        assert covered == row.text[start:end]


def test_a_span_outside_is_an_error() -> None:
    with pytest.raises(ValueError):
        passage("abc", "utf-8").locate(2, 4)


def test_many_spans_of_a_long_text_are_found_quickly() -> None:
    raw = "é𝒳ab" * 250_000
    row = passage(raw, "utf-8")
    clock = time.process_time()
    for at in range(0, len(raw) - 4, 500):
        row.locate(at, at + 4)
    assert time.process_time() - clock < 2


@given(TEXT)
def test_writers_read_back(text: str) -> None:
    assert html.unescape(markup_write("utf-8")("a&b<c").decode()) == "a&b<c"
    assert json_write("utf-8", True)(text).isascii()
    assert json_write("utf-8", False, quoted=True)("x") == b'"x"'
    assert cell_write("utf-8", ",", True)('a"b') == b'a""b'
    assert cell_write("utf-8", ",", False)("[X-a]") == b"[X-a]"
    assert cell_write("utf-8", ",", False)('a,"b') == b'"a,""b"'


def test_units_that_overlap_give_way_to_the_first() -> None:
    rows = merged((Unit(0, 4, ""), Unit(6, 8, "x")), (Unit(2, 7, "y"), Unit(8, 9, "z")))
    assert rows == (Unit(0, 4, ""), Unit(6, 8, "x"), Unit(8, 9, "z"))
