"""Presidio-research: filled templates, `full_text` with character spans."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from benchmarks.detection.labelled import Labelled, in_order

FILES = {
    "presidio-v2": "presidio-research/data/synth_dataset_v2.json",
    "presidio-large": "presidio-research/tests/data/generated_large.json",
}
_NAMES = {
    "STREET_ADDRESS": "ADDRESS", "ZIP_CODE": "ADDRESS", "GPE": "LOCATION", "PREFIX": "TITLE",
}  # fmt: skip
# Dates and nationalities also stand in the templates themselves, without a label.
_LABELLED = frozenset({
    "PERSON", "LOCATION", "ADDRESS", "ORGANIZATION", "AGE", "PHONE_NUMBER", "EMAIL_ADDRESS",
    "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS", "DOMAIN_NAME",
})  # fmt: skip


def read(name: str, corpora: Path) -> list[Labelled]:
    """Texts of one of FILES; the group is the template's skeleton.

    Raises FileNotFoundError, and ValueError for a span that is not where it says.
    """
    found = []
    for row in json.loads((corpora / FILES[name]).read_text("utf-8")):
        text = row["full_text"]
        spans = []
        for span in row["spans"]:
            start, end = span["start_position"], span["end_position"]
            if text[start:end] != span["entity_value"]:
                raise ValueError(f"{name}: a span of {text[:40]!r} holds another value")
            label = _NAMES.get(span["entity_type"], span["entity_type"])
            spans.append((start, end, label))
        found.append(Labelled(text, in_order(spans), _LABELLED, name, skeleton(row["masked"])))
    return found


def skeleton(template: str) -> str:
    """SHA-256 of a template's words, whatever its placeholders are called."""
    bare = re.sub(r"\{\{.*?\}\}", " 0 ", template).casefold()
    return hashlib.sha256(" ".join(re.findall(r"\w+", bare)).encode()).hexdigest()
