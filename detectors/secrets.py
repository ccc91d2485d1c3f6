"""Credentials in any text: works alone, without a language model."""

from __future__ import annotations

from detectors.normalised import normalise
from detectors.recognizers.secret_rules import FAMILY
from detectors.rules import weigh
from detectors.spans import Span, merge


def find_secrets(text: str) -> list[Span]:
    """Credentials in `text`, without overlap, in code points.

    Comments that ask scanners to look away are not heeded. Strong hits have a shape of
    their own; weak ones stand only where a credential would stand. Raises
    DetectionIncomplete when a pattern runs out of time.
    """
    copy = normalise(text)
    spans = []
    for hit in FAMILY.hits(copy.text):
        start, end = copy.back(hit.start, hit.end)
        name = f"secrets/{hit.rule.name}"
        spans.append(Span(start, end, hit.kind, weigh(hit, copy.text), name, hit.rule.weak))
    return merge(spans, text)
