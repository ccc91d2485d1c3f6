"""One rule for overlaps: nothing that any span covered is left uncovered."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.spans import SECRETS, Span, merge

TEXT = "x" * 40
ENTITIES = ("PERSON", "DATE", "EMAIL_ADDRESS", "URL", "PASSWORD", "LOCATION", "ORGANIZATION")


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    made = []
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, 38))
        end = draw(st.integers(start + 1, 40))
        entity = draw(st.sampled_from(ENTITIES))
        made.append(Span(start, end, entity, draw(st.sampled_from((0.4, 0.9))), "d"))
    return made


@given(spans())
def test_cover_is_kept_and_nothing_overlaps(given_spans: list[Span]) -> None:
    merged = merge(given_spans, TEXT)
    covered = {at for span in given_spans for at in range(span.start, span.end)}
    assert {at for span in merged for at in range(span.start, span.end)} == covered
    assert all(a.end <= b.start for a, b in itertools.pairwise(merged))
    assert merge(reversed(given_spans), TEXT) == merged
    assert merge(merged, TEXT) == merged


@given(spans())
def test_secret_is_never_renamed(given_spans: list[Span]) -> None:
    merged = merge(given_spans, TEXT)
    for span in given_spans:
        if span.entity in SECRETS:
            around = [m for m in merged if m.start <= span.start and span.end <= m.end]
            assert [m.entity in SECRETS for m in around] == [True]


def test_mail_inside_connection_string_does_not_shrink_it() -> None:
    outer = Span(0, 30, "CONNECTION_STRING", 0.95, "a")
    inner = Span(10, 20, "EMAIL_ADDRESS", 1.0, "b")
    assert merge([inner, outer], TEXT) == [outer]


def test_date_does_not_swallow_the_name_of_a_mail() -> None:
    (span,) = merge([Span(0, 30, "DATE", 0.9, "a"), Span(5, 10, "EMAIL_ADDRESS", 0.5, "b")], TEXT)
    assert (span.start, span.end, span.entity) == (0, 30, "EMAIL_ADDRESS")


def test_touching_spans_stay_apart() -> None:
    pair = [Span(0, 5, "PERSON", 0.9, "a"), Span(5, 9, "PERSON", 0.9, "a")]
    assert merge(pair, TEXT) == pair


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (30, 41)])
def test_span_outside_the_text_is_an_error(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not inside"):
        merge([Span(start, end, "PERSON", 0.9, "a")], TEXT)
