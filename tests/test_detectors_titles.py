"""A title belongs to the name that follows it."""

from __future__ import annotations

import pytest

from detectors.spans import Span
from detectors.titles import with_titles


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("ask Dr. Jane Doe now", "Jane Doe", "Dr. Jane Doe"),
        ("Frau Dr. med. Jane Doe kam", "Jane Doe", "Frau Dr. med. Jane Doe"),
        ("the Hon. Jane Doe spoke", "Jane Doe", "Hon. Jane Doe"),
        ("Mme Doe est venue", "Doe", "Mme Doe"),
        ("la Sra. Doe vino", "Doe", "Sra. Doe"),
        ("Rev Doe and Sgt. Roe", "Doe", "Rev Doe"),
        ("Prof. Dr. Jane Doe", "Jane Doe", "Prof. Dr. Jane Doe"),
        ("M. Doe arrive", "Doe", "M. Doe"),
        ("Jane Doe, PhD, wrote", "Jane Doe", "Jane Doe, PhD"),
        ("Herrn Prof. Dr. rer. nat. Doe", "Doe", "Herrn Prof. Dr. rer. nat. Doe"),
        ("met mr doe there", "doe", "mr doe"),
        ("Mr and Mrs Doe", "Doe", "Mr and Mrs Doe"),
        ("film. Doe came", "Doe", "Doe"),
        ("I met Jane Doe", "Jane Doe", "Jane Doe"),
        ("hour Doe", "Doe", "Doe"),
    ],
)
def test_title_is_part_of_the_span(text: str, name: str, whole: str) -> None:
    at = text.index(name)
    (span,) = with_titles([Span(at, at + len(name), "PERSON", 0.9, "model")], text)
    assert text[span.start : span.end] == whole


def test_other_kinds_stay() -> None:
    place = Span(3, 9, "LOCATION", 0.9, "model")
    assert with_titles([place], "St Albans") == [place]
