"""Releases beside the policy; decisions have tests of their own."""

from __future__ import annotations

from scrubber.rulings import NO_RULINGS, Release, Rulings


def test_the_digest_tells_lists_apart() -> None:
    one = Rulings(releases=(Release("mr-1", "model", ("coast/**",)),))
    other = Rulings(releases=(Release("mr-1", "model", ("harbour/**",)),))
    assert NO_RULINGS.digest == ""
    assert len({NO_RULINGS.digest, one.digest, other.digest}) == 3
