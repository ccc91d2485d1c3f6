"""Our own encoder as a model: its labels in the words of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from detectors.encoder import BETWEEN, Encoder
from detectors.encoder_config import FOLDER, encoder_engines
from detectors.encoder_decode import Found, Words
from detectors.sights import Chances, Seen, Sighting
from detectors.words import is_common

ENTITIES = {
    "PERSON": "PERSON",
    "LOCATION": "LOCATION",
    "ADDRESS": "ADDRESS",
    "ORGANIZATION": "ORGANIZATION",
    "DATE": "DATE",
    "AGE": "AGE",
    "USERNAME": "USERNAME",
    "PHONE": "PHONE_NUMBER",
    "EMAIL": "EMAIL_ADDRESS",
    "ID": "ACCOUNT_ID",
    "NRP": "NRP",
}
RULED = frozenset({"PHONE", "EMAIL", "ID"})  # rules find these; alone the model is not enough
MARKED = frozenset({"PHONE", "EMAIL", "USERNAME"})  # a mark at an end is part of them
NAMES = ("PERSON", "LOCATION", "ADDRESS", "ORGANIZATION", "USERNAME", "NRP")
NAME = "encoder"
LEAST_DIGITS = 5  # of a number that nothing introduces: shorter ones are sizes and products
_WORD = re.compile(r"[^\W\d_]+")
_NUMBERED = re.compile(
    r"\b(?:account|acct|customer|client|member(?:ship)?|policy|id|no|nr|number|ref|reference|case|patient|"
    r"student|employee|staff|booking|ticket|passport|licen[cs]e|serial|badge|mrn|kunden\w*|konto\w*)\b",
    re.IGNORECASE,
)
_NEVER_WORDS = """
i me my you he him she her it we us they them mine yours best regards cheers sincerely thanks dear
hello hi hey cordialement salutations saludo saludos atentamente gruß grüße grüßen schreiben
poważaniem pozdrawiam groeten groet saluti hilsen hälsningar atenciosamente szanowna szanowny
szanowni estimado estimada cher chère bonjour madame monsieur sehr geehrte geehrter geehrten suite
"""
_NEVER = frozenset(_NEVER_WORDS.split())


class EncoderModel:
    """The encoder in `folder`, or the one beside this package."""

    def __init__(self, folder: Path | None = None) -> None:
        self.encoder = Encoder(folder or FOLDER)
        self._own = folder is None

    @property
    def name(self) -> str:
        return NAME

    def load(self) -> None:
        """Raises ModelMissing."""
        self.encoder.load()

    def look(self, passages: Sequence[str]) -> list[Seen]:
        """What the encoder sees in the passages of one document."""
        text = BETWEEN.join(passages)
        words = self.encoder.words(text)
        entities = self.encoder.config.entities
        every = self._chances(words, entities)
        made: list[Seen] = []
        low = 0
        for passage, found in zip(passages, self.encoder.found(passages, words), strict=True):
            sightings = tuple(_sighting(one, passage) for one in found if _counts(one, passage))
            made.append(Seen(sightings, _slice(every, low, low + len(passage))))
            low += len(passage) + len(BETWEEN)
        return made

    def _chances(self, words: Words, entities: Sequence[str]) -> Chances:
        names = [at for at, name in enumerate(entities) if name in NAMES]
        chances = np.exp(words.inside[:, names]).sum(axis=1)
        return Chances(words.starts, words.ends, chances)

    def engines(self) -> list[tuple[str, str, str]]:
        return encoder_engines(None if self._own else self.encoder.folder)


def _slice(every: Chances, low: int, high: int) -> Chances:
    first, last = np.searchsorted(every.starts, (low, high))
    part = slice(int(first), int(last))
    return Chances(every.starts[part] - low, every.ends[part] - low, every.chances[part])


def _counts(found: Found, text: str) -> bool:
    """Whether a sighting is more than the model's taste for capitals and odd words.

    A weak one of a person needs a word that is no everyday word, an address two words or
    one that is none, a number some digits, and no greeting or pronoun is a person.
    """
    words = _WORD.findall(text[found.start : found.end].lower())
    if found.entity == "PERSON" and words and _NEVER.issuperset(words):
        return False
    if found.entity == "ADDRESS" and len(words) == 1:
        short = len(words[0]) < 4 or words[0] in _NEVER
        return not (short or (found.weak and is_common(words[0])))
    if found.entity == "ID":
        digits = sum(map(str.isdigit, text[found.start : found.end]))
        return digits >= LEAST_DIGITS or bool(_NUMBERED.search(text[: found.start][-40:]))
    if found.entity == "USERNAME" and text[: found.start].endswith("__"):
        return text[found.end : found.end + 2] != "__"  # a method of Python
    if not found.weak or found.entity != "PERSON":
        return True
    return not all(len(word) < 2 or is_common(word) for word in words)


def _sighting(found: Found, text: str) -> Sighting:
    weak = found.weak or found.entity in RULED
    entity = ENTITIES.get(found.entity, found.entity)
    start, end = found.start, found.end
    if found.entity not in MARKED:
        while not text[start].isalnum():
            start += 1
        while not text[end - 1].isalnum():
            end -= 1
    return Sighting(start, end, entity, found.score, NAME, weak)
