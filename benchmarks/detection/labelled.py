"""One text with the spans that are private in it, and what its labels become for a model."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

LABELS = (
    "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION", "DATE", "AGE", "USERNAME", "PHONE",
    "EMAIL", "ID", "NRP",
)  # fmt: skip

Gold = tuple[int, int, str]

_MODEL = {
    **{label: label for label in LABELS},
    "CREDIT_CARD": "ID",
    "IBAN_CODE": "ID",
    "US_SSN": "ID",
    "US_DRIVER_LICENSE": "ID",
    "DATE_TIME": "DATE",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
}
_AGE = re.compile(r"(?:\s*-?\s*years?\s*-?\s*(?:old|of\s+age)|\s*y/?o\b)", re.IGNORECASE)
_AGED = re.compile(r"\baged?\s+$", re.IGNORECASE)
_JOINT = re.compile(r"[\s,]+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One text (a document, a tweet, a filled template).

    `spans` are (start, end, label) in code points, half open, sorted, without overlap.
    `labelled` names the labels whose absence is a statement: whatever has no such label here
    is none. `group` is the document or template that a split must not tear apart.
    """

    text: str
    spans: tuple[Gold, ...]
    labelled: frozenset[str]
    source: str
    group: str = ""


def in_order(spans: Iterable[Gold]) -> tuple[Gold, ...]:
    """Sorted, without overlap: of two that overlap the longer one stays, then the earlier."""
    kept: list[Gold] = []
    for span in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if span[0] < span[1] and all(span[1] <= k[0] or k[1] <= span[0] for k in kept):
            kept.append(span)
    return tuple(sorted(kept))


def for_model(item: Labelled) -> Labelled:
    """The same text in the eleven labels that a model learns.

    Card, account and document numbers become ID, a date needs a digit, an age takes its unit
    with it, and the parts of one address become one span.
    """
    spans: list[Gold] = []
    for start, end, label in item.spans:
        value = item.text[start:end]
        label = _MODEL.get(label, "")
        if not label or (label == "DATE" and not re.search(r"\d", value)):
            continue
        if label == "AGE":
            start, end = _with_unit(item.text, start, end)
        spans.append((start, end, label))
    return replace(
        item,
        spans=in_order(_whole_addresses(item.text, in_order(spans))),
        labelled=frozenset(_MODEL[label] for label in item.labelled if label in _MODEL),
    )


def _with_unit(text: str, start: int, end: int) -> tuple[int, int]:
    unit = _AGE.match(text, end)
    before = _AGED.search(text, 0, start)
    return (before.start() if before else start), (unit.end() if unit else end)


def _whole_addresses(text: str, spans: tuple[Gold, ...]) -> list[Gold]:
    """Neighbours of an address, with only blanks and commas between, are part of it."""
    runs: list[list[Gold]] = []
    for span in spans:
        near = bool(runs) and bool(_JOINT.fullmatch(text, runs[-1][-1][1], span[0]))
        places = {"ADDRESS", "LOCATION"}
        if near and span[2] in places and runs[-1][-1][2] in places:
            runs[-1].append(span)
        else:
            runs.append([span])
    joined: list[Gold] = []
    for run in runs:
        if any(span[2] == "ADDRESS" for span in run):
            joined.append((run[0][0], run[-1][1], "ADDRESS"))
        else:
            joined.extend(run)
    return joined
