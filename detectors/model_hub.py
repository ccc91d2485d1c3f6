"""Models in the folders of other projects: GLiNER, and token classifiers of transformers.

Their packages are loaded only when a policy names such a folder, and told to stay offline.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib import util
from pathlib import Path
from typing import Any

from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.installed import distribution_engine, folder_digest
from detectors.sights import Seen, Sighting

LABELS = {
    "person": "PERSON",
    "per": "PERSON",
    "name": "PERSON",
    "givenname": "PERSON",
    "surname": "PERSON",
    "firstname": "PERSON",
    "lastname": "PERSON",
    "location": "LOCATION",
    "loc": "LOCATION",
    "gpe": "LOCATION",
    "fac": "LOCATION",
    "city": "LOCATION",
    "organization": "ORGANIZATION",
    "organisation": "ORGANIZATION",
    "org": "ORGANIZATION",
    "address": "ADDRESS",
    "street": "ADDRESS",
    "date": "DATE",
    "age": "AGE",
    "norp": "NRP",
    "nrp": "NRP",
    "nationality": "NRP",
    "username": "USERNAME",
    "email": "EMAIL_ADDRESS",
    "phone number": "PHONE_NUMBER",
    "phone": "PHONE_NUMBER",
}
ASKED = ("person", "location", "organization", "address", "date", "age", "nationality", "username")
LEAST, WEAK = 0.3, 0.5  # scores
WORDS, COMMON = 150, 30  # in one window of words, and shared with the next


class GlinerModel:
    """A GLiNER model in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._model: Any = None

    @property
    def name(self) -> str:
        return "gliner"

    def load(self) -> None:
        """Raises ModelMissing."""
        if self._model is None:
            _require("gliner", self.folder, "gliner_config.json")
            from gliner import GLiNER

            self._model = GLiNER.from_pretrained(str(self.folder), local_files_only=True)

    def look(self, passages: Sequence[str]) -> list[Seen]:
        self.load()
        return [_seen(self._rows(text), text, "gliner") for text in passages]

    def _rows(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        for offset, part in _windows(text):
            for row in self._model.predict_entities(part, list(ASKED), threshold=LEAST):
                yield offset + row["start"], offset + row["end"], row["label"], row["score"]

    def engines(self) -> list[tuple[str, str, str]]:
        _require("gliner", self.folder, "gliner_config.json")
        row = (f"gliner:{self.folder.name}", "", folder_digest(self.folder))
        return [distribution_engine("gliner"), row]


class TransformersModel:
    """A token classifier in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._model: Any = None

    @property
    def name(self) -> str:
        return "transformers"

    def load(self) -> None:
        """Raises ModelMissing."""
        if self._model is None:
            _require("transformers", self.folder, "config.json")
            from transformers import AutoModelForTokenClassification, AutoTokenizer, pipeline

            place = str(self.folder)
            self._model = pipeline(
                "token-classification",
                model=AutoModelForTokenClassification.from_pretrained(place, local_files_only=True),
                tokenizer=AutoTokenizer.from_pretrained(place, local_files_only=True),
                aggregation_strategy="simple",
                device=-1,
            )

    def look(self, passages: Sequence[str]) -> list[Seen]:
        self.load()
        return [_seen(self._rows(text), text, "transformers") for text in passages]

    def _rows(self, text: str) -> Iterator[tuple[int, int, str, float]]:
        for offset, part in _windows(text):
            for row in self._model(part):
                if row.get("start") is None:
                    raise DetectionIncomplete("The tokenizer of the model gives no offsets.")
                yield offset + row["start"], offset + row["end"], row["entity_group"], row["score"]

    def engines(self) -> list[tuple[str, str, str]]:
        _require("transformers", self.folder, "config.json")
        row = (f"transformers:{self.folder.name}", "", folder_digest(self.folder))
        return [distribution_engine("transformers"), row]


def _require(package: str, folder: Path, file: str) -> None:
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    if not (folder / file).is_file():
        raise ModelMissing(
            f"There is no {package} model in the folder {folder}.", f"It must hold a {file}."
        )
    if util.find_spec(package) is None:
        raise ModelMissing(
            f"The package {package} is not installed, which the model in {folder} needs.",
            f"Install it with `pip install {package}`.",
        )


def _windows(text: str) -> Iterator[tuple[int, str]]:
    """(offset, part): so many words that no model cuts one off unseen."""
    places = list(_words(text))
    first = 0
    while first < len(places):
        last = min(first + WORDS, len(places))
        low, high = places[first][0], places[last - 1][1]
        yield low, text[low:high]
        if last == len(places):
            return
        first = last - COMMON


def _words(text: str, longest: int = 40) -> Iterator[tuple[int, int]]:
    """Runs without a blank; a long one counts as several."""
    start = None
    for at, char in enumerate(text):
        if char.isspace():
            if start is not None:
                yield start, at
            start = None
        elif start is None:
            start = at
        elif at - start >= longest:
            yield start, at
            start = at
    if start is not None:
        yield start, len(text)


def _seen(rows: Iterator[tuple[int, int, str, float]], text: str, name: str) -> Seen:
    made = set()
    for start, end, label, score in rows:
        entity = LABELS.get(label.lower().removeprefix("b-").removeprefix("i-"))
        while start < end and text[start].isspace():
            start += 1
        if entity and score >= LEAST and any(map(str.isalnum, text[start:end])):
            rounded = round(float(score), 3)
            made.add(Sighting(start, end, entity, rounded, name, rounded < WEAK))
    return Seen(tuple(sorted(made)))
