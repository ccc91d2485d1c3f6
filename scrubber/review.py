"""When a text is too doubtful to go without a person, and what that person is told."""

from __future__ import annotations

from collections.abc import Sequence

from scrubber.errors import NeedsReview
from scrubber.model import Doubt
from scrubber.risk import Budget, Risk

_NAMED = 5
FIX = "Read it, then decide: `scrub decide --list` shows what about."


def refuse_risk(risk: Risk, budget: Budget, doubts: Sequence[Doubt]) -> None:
    """Raises NeedsReview for a text beyond the budget, with the places, never a value."""
    if too_much := risk.over(budget):
        left = [one for one in doubts if one.weak and not one.decided]
        where = f" (doubtful: {places_in_words(left)})" if left else ""
        raise NeedsReview(f"{too_much}{where},", "which is more than the policy accepts.", FIX)


def places_in_words(doubts: Sequence[Doubt]) -> str:
    """`line 3 column 5, row 12/caption and 4 more`."""
    places = [place_of(one) for one in doubts]
    first = ", ".join(dict.fromkeys(places[:_NAMED]))
    rest = len(places) - min(_NAMED, len(places))
    return f"{first} and {rest:,} more" if rest else first


def place_of(doubt: Doubt) -> str:
    """Line and column of a passage, its cell, or the part that it is nested in."""
    if doubt.line and doubt.where.startswith("line "):
        return f"line {doubt.line} column {doubt.column}"
    return doubt.where
