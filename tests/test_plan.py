"""What a plan leaves behind."""

from __future__ import annotations

from scrubber.containers import table
from scrubber.join import join
from scrubber.ledger import ROOT, Ledger
from scrubber.model import Role
from scrubber.nesting import Parsed
from scrubber.plan import removed_by_part, residue_of
from scrubber.source import MemorySource


def test_all_that_stays_and_is_no_content_is_swept_whatever_its_size() -> None:
    shown, coded, private = b"d" * (2 << 20), b"c" * 100, b"p" * 10
    source = MemorySource(coded + shown + private + b"Elizabeth")
    ledger = Ledger(source.size)
    at = 0
    for name, role, size in (
        ("coded", Role.CODED, 100),
        ("shown", Role.DISPLAY, 2 << 20),
        ("private", Role.PRIVATE, 10),
        ("tail", Role.DISPLAY, 9),
    ):
        ledger.leaf(ROOT, name, role, at, at + size)
        at += size
    parsed = Parsed(source, table()["jpeg"], ledger, ledger.tile())
    joined = join(ledger, source, [3])
    assert residue_of(parsed, joined) == shown + b"\0Elizabeth"
    assert removed_by_part(parsed, joined) == (("private", 10),)
