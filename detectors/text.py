"""Texts in, spans out: language model, patterns and secrets through Presidio."""

from __future__ import annotations

import re
import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from importlib import metadata
from typing import TYPE_CHECKING, Any

from detectors.context import ContextLike, contexts_for, words
from detectors.labels import by_label
from detectors.normalised import NEUTRAL, normalise
from detectors.placeholders import find_placeholders
from detectors.recognizers.people import is_given
from detectors.spans import Span, merge
from detectors.words import is_common

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, RecognizerResult

MODEL = "en_core_web_sm"
WINDOW, OVERLAP = 60_000, 8_000  # code points; a private key of 4096 bits must fit the overlap
BATCH_CHARACTERS = 400_000  # the vocabulary is forgotten after so much text
THRESHOLD = 0.4

_NO_MODEL = frozenset({"code", "key", "number"})
_LABELLED = frozenset({"cell", "number", "key", "name"})
_DATE = re.compile(
    r"\d{4}|\d[-/.]\d|(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d|"
    r"\d\w*\s+(?:of\s+)?(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
)
_WORD = re.compile(r"[^\W\d_]+")
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")
_FULL_NAME = re.compile(rf"(?:{_CAPITALISED.pattern}\.?\s+)+{_CAPITALISED.pattern}")
_PREPOSITION = re.compile(r"\b(?:in|at|from|near|to|of)\s+$", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"\s*[-+]?\d{0,4}(?:[.,]\d{1,3})?\s*")  # only a label makes it private
_CAPITALS = re.compile(r"^(?=.*[A-Z]{2})[^a-z\n]+$", re.MULTILINE)


class TextDetector:
    """Finds private things in texts of one language.

    `model` is a spaCy package or the path of a model folder, `thresholds` maps entities
    to the least score that counts (else 0.4). Nothing is loaded before the first use, and
    nothing is ever downloaded.
    """

    def __init__(
        self,
        model: str = MODEL,
        language: str = "en",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self.model = model
        self.language = language
        self.thresholds = dict(thresholds or {})
        self._lock = threading.Lock()
        self._prose: AnalyzerEngine | None = None
        self._plain: AnalyzerEngine | None = None
        self._code: AnalyzerEngine | None = None

    def supports(self, language: str) -> bool:
        """Is this the language that the model was made for? `en-GB` counts as `en`."""
        return language.casefold().replace("_", "-").split("-")[0] == self.language

    def load(self) -> None:
        """Loads the model and builds the engines. Raises ModelMissing."""
        with self._lock:
            if self._prose is None:
                self._build()

    def _build(self) -> None:
        from detectors import engine

        folder = engine.model_folder(self.model)
        import spacy
        from spacy.util import load_model_from_path

        from detectors.recognizers.catalogue import CODE_FAMILIES, FAMILIES

        pipeline = load_model_from_path(folder, disable=list(engine.UNUSED_PIPES))
        pipeline.max_length = 4 * WINDOW
        blank = spacy.blank("xx")
        self._plain = engine.build(blank, FAMILIES, self.language)
        self._code = engine.build(blank, CODE_FAMILIES, self.language)
        self._prose = engine.build(pipeline, FAMILIES, self.language)

    def engines(self) -> list[tuple[str, str, str]]:
        """(name, version, SHA-256) of Presidio, spaCy and the model's files."""
        from detectors import engine

        folder = engine.model_folder(self.model)
        names = ("presidio-analyzer", "presidio-anonymizer", "spacy", "phonenumbers")
        rows = [engine.distribution_engine(name) for name in names]
        return [*rows, (self.model, _model_version(folder), engine.folder_digest(folder))]

    def detect(
        self,
        texts: Sequence[str],
        contexts: Sequence[ContextLike] | None = None,
        without: Collection[str] = (),
    ) -> list[list[Span]]:
        """Spans of each text, without overlap, in code points of the text as given.

        `without` names entities that are to be kept: they are left out before overlaps are
        settled, so that they hide nothing. Raises ModelMissing, and DetectionIncomplete when
        any part of a text could not be looked at.
        """
        around = contexts_for(texts, contexts)
        self.load()
        found: list[list[Span]] = [
            by_label(text, context.label) if context.kind in _LABELLED else []
            for text, context in zip(texts, around, strict=True)
        ]
        pieces = [
            (index, start, part)
            for index, text in enumerate(texts)
            for start, part in windows(text)
            if not (around[index].kind in _LABELLED and _SMALL_NUMBER.fullmatch(text))
        ]
        for batch in _batches(pieces):
            self._detect_batch(batch, around, found)
        return [
            self._settle(text, spans, frozenset(without))
            for text, spans in zip(texts, found, strict=True)
        ]

    def _detect_batch(
        self,
        batch: Sequence[tuple[int, int, str]],
        around: Sequence[ContextLike],
        found: list[list[Span]],
    ) -> None:
        for kind in ("prose", "plain", "code"):
            chosen = [piece for piece in batch if _route(around[piece[0]]) == kind]
            if not chosen:
                continue
            analyzer: Any = getattr(self, f"_{kind}")
            copies = [normalise(part) for _, _, part in chosen]
            with analyzer.nlp_engine.get_nlp(self.language).memory_zone():
                spoken = (_as_sentences(copy.text) for copy in copies)
                artifacts = analyzer.nlp_engine.artifacts(spoken, self.language)
                for (index, offset, _), copy, seen in zip(chosen, copies, artifacts, strict=True):
                    results = analyzer.analyze(
                        copy.text,
                        self.language,
                        context=list(words(around[index].label)),
                        nlp_artifacts=seen,
                    )
                    for result in results:
                        if not self._counts(result, copy.text, around[index].kind):
                            continue
                        start, end = copy.back(*_trimmed(result, copy.text))
                        found[index].append(_span(result, start + offset, end + offset))

    def _counts(self, result: RecognizerResult, text: str, kind: str) -> bool:
        if result.score < self.thresholds.get(result.entity_type, THRESHOLD):
            return False
        value = text[result.start : result.end]
        if "hit" in result.recognition_metadata:
            return True
        if kind == "comment" and not _reads_like_a_name(result, text):
            return False
        if result.entity_type == "DATE":
            return bool(_DATE.search(value))
        if result.entity_type == "PERSON" and all(
            len(word) < 2 or is_common(word) for word in _WORD.findall(value.lower())
        ):
            return False  # a heading, a capitalised noun, "i.e.": no word of it is a name
        return any(char.isalpha() for char in value)

    def _settle(self, text: str, spans: list[Span], without: frozenset[str]) -> list[Span]:
        wanted = [span for span in spans if span.entity not in without]
        return merge(beside_placeholders(wanted, text), text)


def _reads_like_a_name(result: RecognizerResult, text: str) -> bool:
    """In comments the model takes identifiers for names: a person needs two capitalised words
    or a listed first name, a place a word like "in" before it."""
    value = text[result.start : result.end]
    if result.entity_type == "PERSON":
        return bool(_FULL_NAME.fullmatch(value)) or is_given(value)
    if result.entity_type in ("LOCATION", "ORGANIZATION", "NRP"):
        return bool(_FULL_NAME.fullmatch(value) or _CAPITALISED.fullmatch(value)) and bool(
            _PREPOSITION.search(text, max(0, result.start - 8), result.start)
        )
    return True


def _trimmed(result: RecognizerResult, text: str) -> tuple[int, int]:
    """The range of a result; the model's without the blanks and stops at its ends."""
    start, end = result.start, result.end
    if "hit" not in result.recognition_metadata:
        while start < end - 1 and not text[start].isalnum():
            start += 1
        while end > start + 1 and not text[end - 1].isalnum():
            end -= 1
    return start, end


def _model_version(folder: Any) -> str:
    import json

    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return str(meta.get("version", metadata.version("spacy")))


def _route(context: ContextLike) -> str:
    if context.kind == "code":
        return "code"
    return "plain" if context.kind in _NO_MODEL else "prose"


def _as_sentences(text: str) -> str:
    """Lines in capitals in title case: the model knows no names in capitals."""
    shown = _CAPITALS.sub(lambda match: match[0].title(), text)
    return shown if len(shown) == len(text) else text


def _span(result: RecognizerResult, start: int, end: int) -> Span:
    facts = result.recognition_metadata
    hit = facts.get("hit")
    name = facts["recognizer_name"] + (f"/{hit.rule.name}" if hit else "")
    weak = bool(hit and hit.rule.weak)
    return Span(start, end, result.entity_type, round(float(result.score), 3), name, weak)


def windows(text: str) -> Iterator[tuple[int, str]]:
    """(offset, part) with overlap, cut at white space where there is any."""
    start = 0
    while len(text) - start > WINDOW:
        end = start + WINDOW
        cut = max(text.rfind(" ", end - 400, end), text.rfind("\n", end - 400, end))
        end = cut if cut > 0 else end
        yield start, text[start:end]
        begin = end - OVERLAP
        space = text.find(" ", begin, begin + 400)
        start = space if space > 0 else begin
    if start < len(text):
        yield start, text[start:]


def _batches(
    pieces: Sequence[tuple[int, int, str]],
) -> Iterator[list[tuple[int, int, str]]]:
    batch: list[tuple[int, int, str]] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece[2])
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def beside_placeholders(spans: Sequence[Span], text: str) -> list[Span]:
    """`spans` cut so that none touches a placeholder; what is left without a letter goes."""
    blocks = list(find_placeholders(text))
    if not blocks:
        return list(spans)
    cut: list[Span] = []
    for span in spans:
        at = span.start
        for start, end in [b for b in blocks if b[0] < span.end and b[1] > span.start]:
            cut.append(_part(span, at, start))
            at = max(at, end)
        cut.append(_part(span, at, span.end))
    return [s for s in cut if s.start < s.end and any(c.isalnum() for c in text[s.start : s.end])]


def _part(span: Span, start: int, end: int) -> Span:
    return Span(start, end, span.entity, span.score, span.detector, span.weak)


__all__ = ["NEUTRAL", "TextDetector", "beside_placeholders", "windows"]
