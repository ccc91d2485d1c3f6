"""Decisions beside the policy."""

from __future__ import annotations

from scrubber.model import Action
from scrubber.rulings import NO_RULINGS, Decision, Release, Rulings, value_id

KEY = b"k" * 32


def decided(action: Action) -> Rulings:
    return Rulings(KEY, (Decision(value_id(KEY, "PERSON", b"Jane Doe"), action),))


def test_a_decision_counts_for_its_value_alone() -> None:
    rulings = decided(Action.KEEP)
    assert rulings.action("PERSON", b"Jane Doe", Action.EDIT) is Action.KEEP
    assert rulings.action("PERSON", b"Jane Roe", Action.EDIT) is Action.EDIT
    assert rulings.action("LOCATION", b"Jane Doe", Action.EDIT) is Action.EDIT


def test_what_the_policy_holds_no_decision_lets_through() -> None:
    assert decided(Action.KEEP).action("PERSON", b"Jane Doe", Action.HOLD) is Action.HOLD
    assert decided(Action.HOLD).action("PERSON", b"Jane Doe", Action.KEEP) is Action.HOLD


def test_the_digest_tells_lists_apart() -> None:
    release = Rulings(KEY, releases=(Release("mr-1", "model", ("coast/**",)),))
    digests = {NO_RULINGS.digest, decided(Action.KEEP).digest, decided(Action.HOLD).digest}
    assert NO_RULINGS.digest == ""
    assert len(digests | {release.digest}) == 4


def test_the_list_does_not_hold_the_value() -> None:
    assert "Jane" not in repr(decided(Action.KEEP))
