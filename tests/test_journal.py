"""Rows of a run, on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrubber.errors import VerificationError
from scrubber.journal import Journal
from scrubber.model import Action, Finding, Item, ItemRecord, Outcome, Seed, Skipped
from scrubber.texts import LearntSpan

KEY = b"k" * 32
FINDING = Finding("PERSON", "line 1", Action.EDIT, "test", 8, 0.9, "ab" * 32, True)


def item(index: int, path: str, size: int = 3) -> Item:
    return Item(index, "/root", path, size, 1, 2, 3, "g")


def record(index: int, path: str, outcome: Outcome = Outcome.CLEANED) -> ItemRecord:
    return ItemRecord(
        index, path, outcome, size=3, sha256="a" * 64, findings=(FINDING,), removed=(("x", 2),),
        facts=("{}",), facts_root="c" * 64, out_size=2, not_checked=("FACE",),
    )  # fmt: skip


def test_records_come_back_whole_and_in_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", KEY)
    odd = "b\udcff/c.txt"
    skipped = Skipped("x/", Outcome.DROPPED, "os-junk", "why")
    journal.walked([item(0, "z.jpg"), item(1, odd), skipped])
    for index, path in ((1, odd), (0, "z.jpg")):
        journal.record(record(index, path))
        journal.set_out_path(index, f"{9 - index}.jpg")
    found = list(journal.records())
    assert [row.path for row in found] == ["z.jpg", odd, "x/"]
    assert found[1].findings == (FINDING,)
    assert found[1].removed == (("x", 2),)
    assert found[1].out_path == "8.jpg"
    assert [row.path for row in journal.written()] == [odd, "z.jpg"]
    assert next(journal.written()).findings == ()


def test_a_second_walk_keeps_what_is_still_true(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", KEY)
    journal.walked([item(0, "a"), item(1, "b"), item(2, "c")])
    for index, path in enumerate("abc"):
        journal.record(record(index, path))
    journal.close()
    again = Journal(tmp_path / "j", KEY)
    again.walked([item(0, "a"), item(1, "b", size=4)])
    assert [row.path for row in again.records()] == ["a"]
    assert [row.item.path for row in again.items()] == ["b"]


def test_seeds_are_sealed_and_spans_hold_no_text(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j", KEY)
    journal.walked([item(0, "a.txt")])
    span = LearntSpan(0, 1, 2, 9, "PERSON", 0.85, "test")
    journal.learnt(0, (span,), [Seed("PERSON", "Elizabeth Bennet")], "d" * 64, ".txt", "text")
    journal.close()
    raw = (tmp_path / "j").read_bytes()
    assert b"Bennet" not in raw
    again = Journal(tmp_path / "j", KEY)
    assert [seed.text for seed in again.seeds()] == ["Elizabeth Bennet"]
    assert next(again.items("learnt IS NOT NULL")).learnt == (span,)
    stranger = Journal(tmp_path / "j", b"x" * 32)
    with pytest.raises(VerificationError):
        list(stranger.seeds())
