"""What the first visit of a text learnt, as text: how the journal keeps it for the second."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields

from scrubber.texts import LearntSpan

_SPAN_FIELDS = [field.name for field in fields(LearntSpan)]


def dump_spans(spans: Iterable[LearntSpan]) -> str:
    return json.dumps([[getattr(span, name) for name in _SPAN_FIELDS] for span in spans])


def load_spans(text: str) -> tuple[LearntSpan, ...]:
    return tuple(LearntSpan(*row) for row in json.loads(text))
