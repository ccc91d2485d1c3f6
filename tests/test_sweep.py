from __future__ import annotations

import base64

from detectors.known import KnownValues
from scrubber.sweep import Hit, Sweep

SWEEP = Sweep(KnownValues([("Jane Doe", "PERSON", ""), ("Bo Lee", "PERSON", "a")]))


def test_a_hit_has_no_value() -> None:
    assert SWEEP.text("by jane.doe") == [Hit("PERSON", 3, 11)]
    assert "jane" not in repr(SWEEP.text("by jane.doe")).lower()


def test_residue_is_found_encoded() -> None:
    assert SWEEP.residue(b'{"x":"' + base64.b64encode(b"for Jane Doe") + b'"}')
    assert SWEEP.residue(b"nobody here") == []


def test_names_are_judged_component_by_component() -> None:
    assert SWEEP.name("photos/JaneDoe.jpg") == [Hit("PERSON", 7, 14)]
    assert SWEEP.name("jane/doe.jpg") == []


def test_scoped_values_need_their_scope() -> None:
    assert SWEEP.text("Bo Lee", "a/b.txt")
    assert not SWEEP.text("Bo Lee", "c/b.txt")
    assert not SWEEP.residue(b"Bo Lee", "c/b.txt")
