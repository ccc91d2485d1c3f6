"""The one writer, against a writer that builds the file anew (tests/trees.py)."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber.errors import Damaged, Unsupported
from scrubber.join import Joined, chunks, join, pack, unpack
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role
from scrubber.source import MemorySource
from tests.trees import GOING, Tree, Writer, leaves, split, trees


def output(ledger: Ledger, data: bytes, *args: object, **named: object) -> tuple[bytes, Joined]:
    source = MemorySource(data)
    joined = join(ledger, source, *args, **named)  # type: ignore[arg-type]  # passed on
    out = b"".join(chunks(joined, source))
    assert len(out) == joined.size
    return out, joined


@pytest.mark.slow
@given(trees(), st.data())
@settings(max_examples=400, deadline=None)
def test_join_makes_what_a_writer_from_scratch_makes(tree: Tree, draw: st.DataObject) -> None:
    first = Writer(tree, set(), {})
    data = first.write()
    ledger = split(tree, first)
    tiles = ledger.tile()
    assert [tile.start for tile in tiles] == [0, *(tile.end for tile in tiles)][: len(tiles)]
    assert tiles[-1].end == len(data)
    forced, _ = output(ledger, data, tiles=tiles, force=True)
    assert forced == data

    known = leaves(tree.kids)
    going = [leaf for leaf in known if leaf.role in GOING and leaf.claimed]
    gone = {leaf for leaf in going if draw.draw(st.booleans(), "gone")}
    slack = draw.draw(st.booleans(), "slack")
    if slack:
        gone |= {leaf for leaf in known if not leaf.claimed}
    edits = {
        leaf: bytes(2 * draw.draw(st.integers(0, 9), "edit"))
        for leaf in known
        if leaf.role not in GOING and draw.draw(st.integers(0, 4), "edited") == 0
    }
    dropped = [leaf.part for leaf in gone if leaf.claimed]
    dropped += [part.id for part in ledger.parts if slack and part.role is Role.SLACK]
    after = Writer(tree, set(gone), edits, first.at)
    expected = after.write()
    out, joined = output(
        ledger, data, dropped, {leaf.part: new for leaf, new in edits.items()}, tiles=tiles
    )
    assert out == expected
    assert b"".join(data[a:b] for a, b in joined.coded) == after.coded
    assert joined.identical == (not joined.removed)
    for start, end in joined.edited:
        assert 0 <= start < end <= joined.size


@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), max_size=40), st.binary(min_size=1))
def test_dropping_any_set_leaves_the_rest_end_to_end(
    rows: list[tuple[int, bool]], seed: bytes
) -> None:
    data = (seed * 1200)[: sum(size for size, _ in rows)]
    ledger, at, kept = Ledger(len(data)), 0, b""
    dropped = []
    for size, drop in rows:
        part = ledger.leaf(ROOT, "run", Role.PRIVATE if drop else Role.CODED, at, at + size)
        if drop:
            dropped.append(part)
        else:
            kept += data[at : at + size]
        at += size
    out, joined = output(ledger, data, dropped)
    assert out == kept
    assert sum(tile.end - tile.start for tile in joined.removed) == len(data) - len(kept)


def test_an_empty_source_is_itself() -> None:
    assert output(Ledger(0), b"") == output(Ledger(0), b"", force=True)


# one byte, two verdicts --------------------------------------------------------


def test_a_byte_with_two_verdicts_holds() -> None:
    ledger = Ledger(10)
    ledger.leaf(ROOT, "Orientation", Role.DISPLAY, 0, 6)
    private = ledger.leaf(ROOT, "Make", Role.PRIVATE, 4, 10)
    with pytest.raises(Damaged, match="Orientation and Make"):
        output(ledger, bytes(10), [private])
    assert output(ledger, bytes(range(10)))[0] == bytes(range(10))


def test_a_forged_frame_over_a_private_part_holds() -> None:
    ledger = Ledger(10)
    frame = ledger.part(ROOT, "IFD", Role.FRAME)
    ledger.claim(frame, 0, 8)
    ledger.leaf(frame, "width", Role.DISPLAY, 8, 10)
    private = ledger.leaf(ROOT, "Artist", Role.PRIVATE, 2, 6)
    with pytest.raises(Damaged):
        output(ledger, bytes(10), [private])


@pytest.mark.parametrize("first", ["edited", "other"])
def test_an_edit_that_shares_a_byte_holds(first: str) -> None:
    """Whichever part comes first: an edit is never lost in silence."""
    ledger = Ledger(8)
    names = ("edited", "other") if first == "edited" else ("other", "edited")
    parts = {name: ledger.leaf(ROOT, name, Role.CODED, 0, 8) for name in names}
    with pytest.raises(Damaged):
        output(ledger, bytes(8), (), {parts["edited"]: b"new"})


def test_an_edit_around_a_part_of_its_own_holds() -> None:
    ledger = Ledger(10)
    outer = ledger.leaf(ROOT, "text", Role.CODED, 0, 10)
    ledger.leaf(outer, "name", Role.PRIVATE, 0, 4, on_drop=b"[X]")
    with pytest.raises(Damaged, match="not all its own"):
        output(ledger, bytes(10), (), {outer: b"new"})


def test_an_edit_of_a_part_without_bytes_holds() -> None:
    ledger = Ledger(4)
    part = ledger.part(ROOT, "nothing", Role.CODED)
    with pytest.raises(Damaged):
        output(ledger, bytes(4), (), {part: b"new"})


# edits over several spans ---------------------------------------------------------


def _segments() -> tuple[Ledger, int, bytes]:
    """Three segments of a one-byte length and four bytes of one part: a profile in pieces."""
    data = b"\x04aaaa\x04bbbb\x04cccc"
    ledger = Ledger(len(data))
    frames = [ledger.part(ROOT, f"APP2 {n}", Role.FRAME) for n in range(3)]
    part = ledger.part(frames[0], "profile", Role.DISPLAY)
    for n, frame in enumerate(frames):
        at = 5 * n
        ledger.scope(frame, at, at + 5)
        ledger.claim(frame, at, at + 1)
        ledger.claim(part, at + 1, at + 5)
        ledger.length(at, 1, "big", at + 1, at + 5)
    return ledger, part, data


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (b"AAAABBBBCCCC", b"\x04AAAA\x04BBBB\x04CCCC"),
        (b"AAAABBBBCCCCDD", b"\x04AAAA\x04BBBB\x06CCCCDD"),
        (b"AAAABB", b"\x04AAAA\x02BB"),
        (b"AAA", b"\x03AAA"),
        (b"", b""),
    ],
)
def test_an_edit_fills_the_spans_and_empty_ones_kill_their_frames(
    new: bytes, expected: bytes
) -> None:
    ledger, part, data = _segments()
    assert output(ledger, data, (), {part: new})[0] == expected


def test_an_edit_over_adjoining_spans_of_one_part() -> None:
    ledger = Ledger(8)
    part = ledger.part(ROOT, "text", Role.CODED)
    ledger.claim(part, 0, 4)
    ledger.claim(part, 4, 8)
    assert output(ledger, bytes(8), (), {part: b"abcdef"})[0] == b"abcdef"


# needs and frames --------------------------------------------------------------------


def test_a_part_goes_with_what_it_needs_through_any_chain() -> None:
    ledger = Ledger(4)
    parts = [
        ledger.part(ROOT, str(n), Role.CODED, needs=() if n == 3 else (n + 2,)) for n in range(4)
    ]
    for at, part in enumerate(parts):
        ledger.claim(part, at, at + 1)
    assert output(ledger, b"abcd", [parts[3]])[0] == b""
    assert output(ledger, b"abcd", [parts[1]])[0] == b"cd"


def test_a_part_that_needs_a_frame_lives_and_dies_with_it() -> None:
    ledger = Ledger(4)
    frame = ledger.part(ROOT, "item", Role.FRAME)
    ledger.claim(frame, 0, 1)
    private = ledger.leaf(frame, "name", Role.PRIVATE, 1, 2)
    user = ledger.leaf(ROOT, "user", Role.CODED, 2, 3, needs=(frame,))
    ledger.leaf(ROOT, "next", Role.CODED, 3, 4, needs=(user,))
    assert output(ledger, b"abcd", force=True)[0] == b"abcd"
    assert output(ledger, b"abcd", [private])[0] == b""


def test_a_frame_leaf_goes_with_a_dropped_parent() -> None:
    ledger = Ledger(3)
    frame = ledger.part(ROOT, "box", Role.FRAME)
    ledger.leaf(frame, "header", Role.FRAME, 0, 1)
    ledger.leaf(frame, "body", Role.CODED, 1, 2)
    ledger.leaf(ROOT, "end", Role.CODED, 2, 3)
    assert output(ledger, b"abc", [frame, 3])[0] == b"c"


# fields ---------------------------------------------------------------------------------


def test_a_length_that_no_longer_fits_is_unsupported() -> None:
    ledger = Ledger(3)
    ledger.leaf(ROOT, "length", Role.FRAME, 0, 1)
    part = ledger.leaf(ROOT, "text", Role.CODED, 1, 3)
    ledger.length(0, 1, "big", 1, 3)
    assert output(ledger, b"\2ab", (), {part: bytes(255)})[0][0] == 255
    with pytest.raises(Unsupported):
        output(ledger, b"\2ab", (), {part: bytes(256)})


def test_a_length_in_units_refuses_a_half() -> None:
    ledger = Ledger(5)
    ledger.leaf(ROOT, "length", Role.FRAME, 0, 1)
    part = ledger.leaf(ROOT, "text", Role.CODED, 1, 5)
    ledger.length(0, 1, "big", 1, 5, unit=4)
    assert output(ledger, b"\1abcd", (), {part: bytes(12)})[0][0] == 3
    with pytest.raises(Unsupported, match="units of 4"):
        output(ledger, b"\1abcd", (), {part: bytes(6)})


@given(st.integers(0, (1 << 28) - 1))
def test_syncsafe_numbers_keep_their_top_bits_clear(value: int) -> None:
    raw = pack(value, 4, "syncsafe")
    assert all(byte < 0x80 for byte in raw)
    assert unpack(raw, "syncsafe") == value
    with pytest.raises(Unsupported):
        pack(value + (1 << 28), 4, "syncsafe")


def test_a_field_of_which_half_goes_holds() -> None:
    ledger = Ledger(6)
    ledger.leaf(ROOT, "a", Role.CODED, 0, 2)
    private = ledger.leaf(ROOT, "b", Role.PRIVATE, 2, 4)
    ledger.leaf(ROOT, "c", Role.CODED, 4, 6)
    ledger.length(0, 4, "big", 4, 6)
    with pytest.raises(Damaged, match="offset 0"):
        output(ledger, bytes(6), [private])


def test_a_field_over_two_parts_that_stay_is_written_over_both() -> None:
    ledger = Ledger(6)
    ledger.leaf(ROOT, "a", Role.FRAME, 0, 1)
    ledger.leaf(ROOT, "b", Role.FRAME, 1, 2)
    part = ledger.leaf(ROOT, "c", Role.CODED, 2, 6)
    ledger.length(0, 2, "big", 2, 6)
    out, _ = output(ledger, b"\0\4abcd", (), {part: bytes(0x1234)})
    assert out[:2] == b"\x12\x34"


def test_fields_that_share_a_byte_hold() -> None:
    ledger = Ledger(8)
    ledger.leaf(ROOT, "lengths", Role.FRAME, 0, 4)
    private = ledger.leaf(ROOT, "x", Role.PRIVATE, 4, 6)
    ledger.leaf(ROOT, "y", Role.CODED, 6, 8)
    ledger.length(0, 2, "big", 4, 8)
    ledger.length(1, 2, "big", 4, 8)
    with pytest.raises(Damaged, match="share"):
        output(ledger, b"\0\4\4\0wxyz", [private])


def test_two_numbers_for_one_field_hold() -> None:
    ledger = Ledger(8)
    ledger.leaf(ROOT, "length", Role.FRAME, 0, 2)
    x = ledger.leaf(ROOT, "x", Role.PRIVATE, 2, 4)
    ledger.leaf(ROOT, "y", Role.CODED, 4, 6)
    z = ledger.leaf(ROOT, "z", Role.PRIVATE, 6, 8)
    ledger.length(0, 2, "big", 2, 8)
    ledger.length(0, 2, "big", 2, 8)
    assert output(ledger, b"\0\6uvwxyz", [x, z])[0] == b"\0\2wx"
    ledger.length(0, 2, "big", 2, 6)
    with pytest.raises(Damaged, match="share"):
        output(ledger, b"\0\6uvwxyz", [x, z])


@pytest.mark.parametrize("at", [-1, 7, 8, 1 << 40])
def test_a_field_outside_the_file_holds(at: int) -> None:
    ledger = Ledger(8)
    ledger.length(at, 4, "big", 0, 8)
    with pytest.raises(Damaged, match="outside"):
        output(ledger, bytes(8), force=True)


@given(
    st.sampled_from((2, 3, 4, 8)),
    st.sampled_from(("big", "little")),
    st.lists(st.integers(0, 400), min_size=1, max_size=50),
    st.sets(st.integers(0, 19)),
)
@settings(deadline=None)
def test_table_entries_follow_what_they_point_at(
    width: int, order: str, targets: list[int], drop: set[int]
) -> None:
    """Any order, doubles, and entries beyond the end, which keep their distance from it."""
    head = len(targets) * width
    data = b"".join(pack(head + t, width, order) for t in targets)
    data += bytes(n // 10 for n in range(200))
    ledger = Ledger(len(data))
    ledger.leaf(ROOT, "table", Role.FRAME, 0, head)
    ledger.table(0, len(targets), width, order)
    parts = [
        ledger.leaf(ROOT, f"run {n}", Role.CODED, head + 10 * n, head + 10 * n + 10)
        for n in range(20)
    ]
    out, _ = output(ledger, data, [parts[n] for n in drop])
    new = [unpack(out[i * width : i * width + width], order) for i in range(len(targets))]
    for old, moved in zip(targets, new, strict=True):
        before = sum(n < old // 10 for n in drop if n < 20) if old < 200 else len(drop)
        expected = head + old - 10 * before - (old % 10 if old < 200 and old // 10 in drop else 0)
        assert moved == expected
    assert output(ledger, data, force=True)[0] == data


# alignment -----------------------------------------------------------------------------------


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from((2, 4, 8)), st.integers(0, 9))
def test_alignment_keeps_the_residue(private: int, gap: int, align: int, base: int) -> None:
    base = min(base, private + gap - 1)
    size = private + gap + 5
    ledger = Ledger(size)
    gone = ledger.leaf(ROOT, "private", Role.PRIVATE, 0, private)
    ledger.leaf(ROOT, "other", Role.CODED, private, private + gap)
    ledger.leaf(ROOT, "value", Role.CODED, private + gap, size, align=align, base=base)
    data = bytes(size - 5) + b"VALUE"
    out, _ = output(ledger, data, [gone])
    moved_base = base - private if base >= private else 0
    assert (out.index(b"VALUE") - moved_base) % align == (private + gap - base) % align
    assert len(out) - 5 - gap < align
    assert not out.replace(b"VALUE", b"").strip(b"\0")


def test_an_alignment_base_inside_what_goes_just_before() -> None:
    ledger = Ledger(8)
    gone = ledger.leaf(ROOT, "private", Role.PRIVATE, 0, 4)
    ledger.leaf(ROOT, "value", Role.CODED, 4, 8, align=2, base=1)
    assert output(ledger, b"wwwwabcd", [gone])[0] == b"\0abcd"


# on_drop and inserts ----------------------------------------------------------------------------


def test_a_blank_stands_once_for_a_part_of_two_runs() -> None:
    ledger = Ledger(6)
    part = ledger.part(ROOT, "times", Role.PRIVATE, on_drop=b"\0\0")
    ledger.claim(part, 0, 2)
    ledger.claim(part, 4, 6)
    ledger.leaf(ROOT, "x", Role.CODED, 2, 4)
    assert output(ledger, b"aaXXbb", [part])[0] == b"\0\0XX"


def test_a_blank_wins_over_a_removal_of_the_same_bytes() -> None:
    ledger = Ledger(4)
    first = ledger.leaf(ROOT, "removed", Role.PRIVATE, 0, 4)
    second = ledger.leaf(ROOT, "blanked", Role.PRIVATE, 0, 4, on_drop=b"\0" * 4)
    assert output(ledger, b"abcd", [first, second])[0] == b"\0" * 4


def test_inserts_stand_in_only_for_what_goes() -> None:
    ledger = Ledger(4)
    a = ledger.leaf(ROOT, "a", Role.PRIVATE, 0, 1)
    b = ledger.leaf(ROOT, "b", Role.PRIVATE, 1, 2)
    ledger.leaf(ROOT, "c", Role.CODED, 2, 4)
    ledger.insert(2, b"<a>", a)
    ledger.insert(2, b"<b>", b)
    ledger.insert(4, b"<end>", a)
    assert output(ledger, b"abcd")[0] == b"abcd"
    assert output(ledger, b"abcd", [b])[0] == b"a<b>cd"
    out, joined = output(ledger, b"abcd", [a, b])
    assert out == b"<a><b>cd<end>"
    assert [out[s:e] for s, e in joined.edited] == [b"<a>", b"<b>", b"<end>"]


def test_an_insert_inside_a_part_holds() -> None:
    ledger = Ledger(4)
    a = ledger.leaf(ROOT, "a", Role.PRIVATE, 0, 1)
    ledger.leaf(ROOT, "c", Role.CODED, 1, 4)
    ledger.insert(2, b"<a>", a)
    with pytest.raises(Damaged, match="offset 2"):
        output(ledger, b"abcd", [a])


def test_a_pointer_is_null_only_when_its_target_goes() -> None:
    ledger = Ledger(6)
    ledger.leaf(ROOT, "next", Role.FRAME, 0, 2)
    x = ledger.leaf(ROOT, "x", Role.PRIVATE, 2, 4)
    y = ledger.leaf(ROOT, "y", Role.PRIVATE, 4, 6)
    ledger.offset(0, 2, "big", 0, 4, null_if_gone=y)
    data = b"\0\4xxyy"
    assert output(ledger, data, [x])[0] == b"\0\2yy"
    assert output(ledger, data, [y])[0] == b"\0\0xx"


# checksums ---------------------------------------------------------------------------------------


def _crc(blocks: Iterable[bytes]) -> int:
    value = 0
    for block in blocks:
        value = zlib.crc32(block, value)
    return value


@pytest.mark.parametrize("inner_stated_first", [True, False])
def test_a_checksum_comes_after_those_it_covers_however_short_it_is(
    inner_stated_first: bool,
) -> None:
    """As in 7z: a short header holds the checksum of a long body, and has one of its own."""
    ledger = Ledger(0x60)
    body = bytes(range(0x58))
    data = struct.pack(">I", zlib.crc32(body))
    data = struct.pack(">I", zlib.crc32(data)) + data + body
    ledger.leaf(ROOT, "checksums", Role.FRAME, 0, 8)
    private = ledger.leaf(ROOT, "private", Role.PRIVATE, 8, 20)
    ledger.leaf(ROOT, "rest", Role.CODED, 20, 0x60)
    rows = [(4, 8, 0x60), (0, 4, 8)]
    for at, start, end in rows if inner_stated_first else rows[::-1]:
        ledger.checksum(at, 4, "big", start, end, _crc)
    assert output(ledger, data, force=True)[0] == data
    out, _ = output(ledger, data, [private])
    assert out[4:8] == struct.pack(">I", zlib.crc32(out[8:]))
    assert out[:4] == struct.pack(">I", zlib.crc32(out[4:8]))


def test_checksums_that_cover_one_another_hold() -> None:
    ledger = Ledger(8)
    ledger.leaf(ROOT, "x", Role.CODED, 0, 8)
    ledger.checksum(0, 4, "big", 4, 8, _crc)
    ledger.checksum(4, 4, "big", 0, 4, _crc)
    with pytest.raises(Damaged, match="cover one another"):
        output(ledger, bytes(8), force=True)


def test_a_checksum_over_what_did_not_change_is_left_alone() -> None:
    """A wrong one too: it is the second reader's to judge, not ours to repair in silence."""
    ledger = Ledger(12)
    private = ledger.leaf(ROOT, "private", Role.PRIVATE, 0, 2)
    ledger.leaf(ROOT, "body", Role.CODED, 2, 8)
    ledger.leaf(ROOT, "checksum", Role.FRAME, 8, 12)
    ledger.checksum(8, 4, "big", 2, 8, _crc)
    assert output(ledger, b"ppbodyokWRNG", [private])[0] == b"bodyokWRNG"


@given(st.integers(0, (1 << 14) - 2))
def test_sizes_of_ebml_keep_their_width(value: int) -> None:
    raw = pack(value, 2, "vint")
    assert len(raw) == 2
    assert raw[0] >> 6 == 1  # RFC 8794 §4: the marker after one zero bit
    assert unpack(raw, "vint") == value


def test_a_size_of_ebml_never_becomes_the_unknown_one() -> None:
    assert pack(126, 1, "vint") == b"\xfe"
    with pytest.raises(Unsupported):
        pack(127, 1, "vint")
    assert pack(127, 8, "vint") == b"\1\0\0\0\0\0\0\x7f"


@pytest.mark.parametrize("gone", [(), (0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)])
def test_a_chain_leads_from_one_living_part_to_the_next(gone: tuple[int, ...]) -> None:
    """Four bytes that point at the first node; a node is a letter and its next pointer."""
    places = (4, 12, 20)
    data = struct.pack(">I4sI4sI4sI", 4, b"AAAA", 12, b"BBBB", 20, b"CCCC", 0)
    ledger = Ledger(len(data))
    ledger.leaf(ROOT, "head", Role.FRAME, 0, 4)
    parts = [ledger.leaf(ROOT, "node", Role.PRIVATE, at, at + 8) for at in places]
    ledger.chain((0, 8, 16), 4, "big", tuple(zip(parts, places, strict=True)))
    assert output(ledger, data, force=True)[0] == data
    out, _ = output(ledger, data, [parts[i] for i in gone])
    at, seen = int.from_bytes(out[:4], "big"), b""
    while at:
        seen += out[at : at + 1]
        at = int.from_bytes(out[at + 4 : at + 8], "big")
    assert seen == b"".join(b"ABC"[i : i + 1] for i in range(3) if i not in gone)


def quoted(inner: bytes) -> tuple[Ledger, bytes]:
    """A part with a canonical form that states how long `inner` is, and where."""
    data = b"old text;" + inner
    ledger = Ledger(len(data))
    frame = ledger.part(ROOT, "head", Role.FRAME)
    ledger.leaf(frame, "sign", Role.DISPLAY, 0, 3)
    instead = b"-new(1234567890@123456)"
    part = ledger.leaf(frame, "text", Role.PRIVATE, 3, 9, entity="TAG", on_drop=instead)
    ledger.state(part, 5, 10, "quoted", 9, len(data))
    ledger.state(part, 16, 6, "big", 3, 9, is_offset=True)
    ledger.leaf(ROOT, "inner", Role.CODED, 9, len(data) - 4)
    ledger.leaf(ROOT, "tail", Role.SLACK, len(data) - 4, len(data), entity="TAG")
    return ledger, data


def test_what_stands_for_a_part_states_numbers_of_the_output() -> None:
    ledger, data = quoted(b"x" * 120)
    assert output(ledger, data)[0] == data
    out, _ = output(ledger, data, {3, 5})
    assert out == b"old-new(" + b'116"      ' + b"@" + (23).to_bytes(6, "big") + b")" + b"x" * 116
    kept, _ = output(ledger, data, {5})
    assert kept == data[:-4]


def test_a_quoted_number_is_padded_behind_its_quote() -> None:
    assert pack(1234, 8, "quoted") == b'1234"   '
    assert unpack(b'1234"   ', "quoted") == 1234
    assert pack(1234567, 8, "quoted") == b'1234567"'
    with pytest.raises(Unsupported):
        pack(12345678, 8, "quoted")
