"""Claims, scopes and slack: the partition law, rollback, limits and speed."""

from __future__ import annotations

import random
import struct
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scrubber import ledger as module
from scrubber.errors import Damaged, Unsupported
from scrubber.join import chunks, join
from scrubber.ledger import MAX_PARTS, ROOT, Ledger
from scrubber.model import Role
from scrubber.source import MemorySource

SIZE = 60
spans = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(lambda pair: tuple(sorted(pair)))


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Any parts, claims and scopes, nested, overlapping, doubled, as a forger would have them."""
    ledger = Ledger(SIZE)
    for _ in range(draw(st.integers(0, 10))):
        parent = draw(st.integers(0, len(ledger.parts) - 1))
        part = ledger.part(parent, "p", draw(st.sampled_from(list(Role))))
        for start, end in draw(st.lists(spans, max_size=3)):
            ledger.claim(part, start, end)
        if draw(st.booleans()):
            ledger.scope(part, *draw(spans), blank=draw(st.booleans()))
    return ledger


def _owners(ledger: Ledger, byte: int) -> set[int]:
    """Who owns `byte`, the slow way: every claimant that is above no other claimant."""
    claimants = {claim.part for claim in ledger.claims if claim.start <= byte < claim.end}
    above = set()
    for part in claimants:
        while part != ROOT:
            part = ledger.parts[part].parent
            above.add(part)
    return claimants - above


def _scope(ledger: Ledger, byte: int) -> tuple[int, bool]:
    around = [row for row in ledger.scopes if row.start <= byte < row.end]
    best = min(around, key=lambda row: (row.end - row.start, -row.part), default=None)
    return (best.part, best.blank) if best else (ROOT, False)


@given(ledgers())
@settings(max_examples=300, deadline=None)
def test_tiles_are_a_partition_with_the_deepest_owners(ledger: Ledger) -> None:
    owners = [_owners(ledger, byte) for byte in range(SIZE)]
    scopes = [_scope(ledger, byte) for byte in range(SIZE)]
    known = len(ledger.parts)
    tiles = ledger.tile()
    assert b"".join(bytes(range(t.start, t.end)) for t in tiles) == bytes(range(SIZE))
    for tile in tiles:
        assert tile.start < tile.end
        for byte in range(tile.start, tile.end):
            if owners[byte]:
                assert set(tile.owners) == owners[byte]
            else:
                (slack,) = tile.owners
                part = ledger.parts[slack]
                assert slack >= known
                assert part.role is Role.SLACK
                assert (part.parent, part.on_drop is not None) == scopes[byte]
                assert part.on_drop in (None, bytes(tile.end - tile.start))
    assert ledger.tile() == tiles


@given(ledgers(), st.binary(min_size=SIZE, max_size=SIZE), st.data())
@settings(max_examples=200, deadline=None)
def test_a_byte_stays_only_if_every_owner_stays(
    ledger: Ledger, data: bytes, draw: st.DataObject
) -> None:
    """Whatever is claimed: a dropped part leaves nothing, or the file is held."""
    tiles = ledger.tile()
    numbers = st.integers(1, len(ledger.parts) - 1)
    dropped = draw.draw(st.sets(numbers)) if len(ledger.parts) > 1 else set()
    source = MemorySource(data)
    try:
        joined = join(ledger, source, dropped, tiles=tiles)
    except Damaged:
        assert any(len(tile.owners) > 1 for tile in tiles)
        return
    kept = [t for t in tiles if not dropped.intersection(t.owners) and joined.alive[t.owners[0]]]
    blanks = sum(end - start for start, end in joined.edited)
    assert joined.size == sum(t.end - t.start for t in kept) + blanks
    spans = [piece for piece in joined.pieces if not isinstance(piece, bytes)]
    inside = {byte for start, end in spans for byte in range(start, end)}
    assert inside == {byte for tile in kept for byte in range(tile.start, tile.end)}
    assert len(b"".join(chunks(joined, source))) == joined.size


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 4), (0, 11), (1 << 70, 1 << 71)])
def test_a_claim_or_scope_outside_the_file_is_damaged(start: int, end: int) -> None:
    ledger = Ledger(10)
    part = ledger.part(ROOT, "part", Role.CODED)
    with pytest.raises(Damaged, match="part"):
        ledger.claim(part, start, end)
    with pytest.raises(Damaged, match="part"):
        ledger.scope(part, start, end)


@pytest.mark.slow
def test_too_many_parts_are_unsupported() -> None:
    ledger = Ledger(2 * MAX_PARTS)
    for number in range(MAX_PARTS - 1):
        ledger.part(ROOT, str(number), Role.SLACK)
    with pytest.raises(Unsupported, match=str(MAX_PARTS)):
        ledger.part(ROOT, "one more", Role.SLACK)
    with pytest.raises(Unsupported, match=str(MAX_PARTS)):
        ledger.tile()  # the slack is a part too


def test_too_much_overlap_is_unsupported_in_time() -> None:
    ledger = Ledger(100_000)
    part = ledger.part(ROOT, "part", Role.PRIVATE)
    for number in range(50_000):
        ledger.claim(part, number, 100_000 - number)
    before = time.process_time()
    with pytest.raises(Unsupported, match="same bytes"):
        ledger.tile()
    assert time.process_time() - before < 5


def test_the_path_names_every_part_from_the_file_down() -> None:
    ledger = Ledger(1)
    outer = ledger.part(ROOT, "APP1", Role.FRAME)
    inner = ledger.part(outer, "Exif", Role.FRAME)
    assert ledger.path(ledger.part(inner, "Make", Role.PRIVATE)) == "APP1/Exif/Make"
    assert ledger.path(ROOT) == "file"


def test_facts_add_up_and_the_last_word_counts() -> None:
    ledger = Ledger(0)
    ledger.render(width=3, height=4)
    ledger.render(height=5)
    assert dict(ledger.rendering.facts) == {"width": "3", "height": "5"}


# attempt ---------------------------------------------------------------------------------


def _state(ledger: Ledger) -> dict[str, object]:
    state = {
        name: list(value) if isinstance(value, list) else value
        for name, value in vars(ledger).items()
    }
    state["spans"] = [list(part.spans) for part in ledger.parts]
    return state


def _everything(ledger: Ledger, parent: int, error: Exception) -> None:
    """Touches all that a splitter can touch, then fails."""
    part = ledger.leaf(parent, "inner", Role.PRIVATE, 2, 4)
    ledger.claim(parent, 4, 5)
    ledger.claim(parent, 5, 6)
    ledger.claim(part, 6, 7)
    ledger.scope(part, 2, 8)
    ledger.length(2, 1, "big", 3, 4)
    ledger.offset(2, 1, "big", 0, 4)
    ledger.table(2, 1, 1, "big")
    ledger.mend(2, 1, lambda alive, old: old)
    ledger.checksum(2, 1, "big", 3, 4, lambda blocks: 0)
    ledger.insert(2, b"x", part)
    ledger.nest(part, ())
    ledger.render(width=1)
    ledger.not_checked.append("FACE")
    ledger.passages = lambda: ()
    ledger.content = lambda source: ""
    ledger.attempt(parent, "deeper", 3, 4, "TAG", _fail)
    raise error


def _fail(ledger: Ledger) -> None:
    raise Damaged("Deeper down.")


@pytest.mark.parametrize(
    "error",
    [Damaged("x"), struct.error("x"), IndexError("x"), ValueError("x"), KeyError("x")],
    ids=lambda error: type(error).__name__,
)
def test_a_failed_attempt_leaves_one_opaque_part_and_nothing_else(error: Exception) -> None:
    ledger = Ledger(10)
    parent = ledger.part(ROOT, "outer", Role.FRAME)
    ledger.claim(parent, 0, 2)
    before = _state(ledger)
    ledger.attempt(parent, "Exif", 2, 8, "TAG", _everything, parent, error)
    opaque = ledger.parts.pop()
    ledger.claims.pop()
    assert ledger.doubts.pop().startswith(("Exif: x", "Exif: 'x"))
    assert _state(ledger) == before
    assert (opaque.name, opaque.role, opaque.entity) == ("Exif (damaged)", Role.PRIVATE, "TAG")
    assert opaque.spans == [(2, 8)]


def test_a_fault_of_our_own_is_not_an_attempt_that_failed() -> None:
    with pytest.raises(ZeroDivisionError):
        Ledger(10).attempt(ROOT, "x", 0, 4, "TAG", _everything, ROOT, ZeroDivisionError())


# speed -----------------------------------------------------------------------------------


def _flat(ledger: Ledger, n: int) -> None:
    for at in range(n):
        ledger.leaf(ROOT, "leaf", (Role.CODED, Role.PRIVATE)[at & 1], 8 * at, 8 * at + 8)


def _framed(ledger: Ledger, n: int) -> None:
    """A third frames with a length and a checksum, a third content, a third gaps in a scope."""
    for at in range(0, 8 * n, 24):
        frame = ledger.part(ROOT, "frame", Role.FRAME)
        ledger.scope(frame, at, at + 24)
        ledger.claim(frame, at, at + 8)
        ledger.length(at, 4, "big", at + 8, at + 24)
        ledger.checksum(at + 4, 4, "big", at + 8, at + 24, lambda blocks: len(b"".join(blocks)))
        ledger.leaf(frame, "leaf", Role.CODED, at + 8, at + 16)


def _blanked(ledger: Ledger, n: int) -> None:
    outer = ledger.part(ROOT, "outer", Role.FRAME)
    ledger.claim(outer, 0, ledger.size)
    ledger.leaf(outer, "x", Role.CODED, 0, 8)
    for at in range(1, n):
        ledger.leaf(outer, "leaf", Role.PRIVATE, 8 * at, 8 * at + 8, on_drop=b"\0" * 8)


def _needy(ledger: Ledger, n: int) -> None:
    for at in range(n):
        needs = (at + 2,) if at < n - 1 else ()
        ledger.leaf(ROOT, "leaf", Role.PRIVATE, 8 * at, 8 * at + 8, needs=needs)


@pytest.mark.slow
@pytest.mark.parametrize("claims", [_flat, _framed, _blanked, _needy])
def test_the_cost_grows_with_the_number_of_parts(claims: Callable[[Ledger, int], None]) -> None:
    """100,000 leaves, and never four times the cost a leaf of 25,000."""
    spent = []
    for n in (24_999, 99_999):
        data = random.Random(n).randbytes(8 * n)
        ledger = Ledger(len(data))
        claims(ledger, n)
        before = time.process_time()
        tiles = ledger.tile()
        drop = [part.id for part in ledger.parts if part.role in (Role.PRIVATE, Role.SLACK)]
        join(ledger, MemorySource(data), drop[-1:] if claims is _needy else drop, tiles=tiles)
        spent.append(time.process_time() - before)
    assert len(ledger.parts) < module.MAX_PARTS
    assert spent[1] < 16 * max(spent[0], 0.05)
    print(claims.__name__, [round(seconds, 3) for seconds in spent])
