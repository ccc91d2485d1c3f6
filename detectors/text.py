"""Texts in, spans out: language model, patterns and secrets through Presidio."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from detectors.columns import is_accident, names_codes
from detectors.context import ContextLike, contexts_for, words
from detectors.installed import distribution_engine
from detectors.labels import by_label
from detectors.models import DEFAULT, engines_of, names_of, open_model
from detectors.name_ends import with_end
from detectors.normalised import NEUTRAL, normalise
from detectors.placeholders import find_placeholders
from detectors.recognizers.people import is_given
from detectors.sights import NOTHING, Chances, Model, Seen, Sighting, heard
from detectors.spans import Span, counted, merge
from detectors.titles import with_titles
from detectors.traced import Traced

if TYPE_CHECKING:
    from presidio_analyzer import RecognizerResult

    from detectors.engine import Analyzer

MODEL = DEFAULT
WINDOW, OVERLAP = 60_000, 8_000  # code points; a private key of 4096 bits must fit the overlap
BATCH_CHARACTERS = 400_000  # one document is shown to the models in batches of so much text
THRESHOLD = 0.4  # of rules; a model has its own

TOGETHER = frozenset({"prose", "caption", "comment"})
"""Kinds of which the passages given together are read together, as one document."""
_NO_MODEL = frozenset({"code", "key", "number"})
_LABELLED = frozenset({"cell", "number", "key", "name"})
_CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_'’-]*(?:['’-][^\W\d_]+)*")
_FULL_NAME = re.compile(rf"(?:{_CAPITALISED.pattern}\.?\s+)+{_CAPITALISED.pattern}")
_PREPOSITION = re.compile(r"\b(?:in|at|from|near|to|of)\s+$", re.IGNORECASE)
_SMALL_NUMBER = re.compile(r"\s*[-+]?\d{0,4}(?:[.,]\d{1,3})?\s*")  # only a label makes it private
_Piece = tuple[int, int, str]  # index of the text, offset in it, part of it


_COUNTED = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|teen|twenty|thirty|forty"
    r"|fifty|sixty|seventy|eighty|ninety|hundred|zero|oh|double"
)
# What the model calls so must look a little like it: it takes the end of a file name for mail.
_SHAPES = {
    "EMAIL_ADDRESS": re.compile(r"@|\b(?:at|dot|arroba|punkt)\b|[\[({]", re.IGNORECASE),
    "PHONE_NUMBER": re.compile(
        rf"\d\D{{0,3}}\d\D{{0,3}}\d|(?:{_COUNTED}).*(?:{_COUNTED})", re.I | re.S
    ),
    "ACCOUNT_ID": re.compile(r"\d"),
}


_AGE = re.compile(
    r"year|\byrs?\b|y/?o\b|\bold\b|\bag(?:e|ed|ing)\b|month|turn|birthday|teen|\d0s\b|\b[MF]\b",
    re.I,
)


# Documents, defects and places in a text that everybody may look up.
_REFERENCE = re.compile(
    r"\b(?:RFC|PEP|ISO|IEC|IEEE|ANSI|CVE|CWE|GHSA|GH|PR|bpo|[Bb]ug|[Ii]ssue|[Ll]ine|[Pp]ort)s?"
    r"[ :#-]{0,2}$"
)


class TextDetector:
    """Finds private things in texts of one language.

    `model` is one name or several (detectors.models), or "none" for rules alone;
    `thresholds` maps entities to the least score that counts. Nothing is loaded before the
    first use, and nothing is ever downloaded.
    """

    def __init__(
        self,
        model: str | Sequence[str] = MODEL,
        language: str = "en",
        thresholds: Mapping[str, float] | None = None,
    ) -> None:
        self.models = tuple(name for name in names_of(model) if name != "none")
        self.language = language
        self.thresholds = dict(thresholds or {})
        self._lock = threading.Lock()
        self._opened: list[Model] = []
        self._prose: Analyzer | None = None
        self._plain: Analyzer | None = None
        self._code: Analyzer | None = None

    def supports(self, language: str) -> bool:
        """Is this the language that the model was made for? `en-GB` counts as `en`."""
        return language.casefold().replace("_", "-").split("-")[0] == self.language

    def together(self, kind: str) -> bool:
        """Whether what is found in a passage of this kind depends on those given with it."""
        return kind in TOGETHER

    def load(self) -> None:
        """Loads the models and builds the engines. Raises ModelMissing."""
        with self._lock:
            if self._prose is None:
                self._build()

    def _build(self) -> None:
        models = [open_model(name) for name in self.models]
        for model in models:
            model.load()
        from detectors import engine
        from detectors.recognizers.catalogue import CODE_FAMILIES, FAMILIES

        self._opened = models
        self._plain = engine.build((), FAMILIES, self.language)
        self._code = engine.build((), CODE_FAMILIES, self.language)
        self._prose = engine.build(models, FAMILIES, self.language, self._plain.patterns)

    def engines(self) -> list[tuple[str, str, str]]:
        """(name, version, SHA-256) of Presidio and of all that the models consist of."""
        names = ("presidio-analyzer", "presidio-anonymizer", "phonenumbers")
        return [*map(distribution_engine, names), *engines_of(self.models)]

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
        batch: Sequence[_Piece],
        around: Sequence[ContextLike],
        found: list[list[Span]],
    ) -> None:
        copies = [normalise(part) for _, _, part in batch]
        seen = self._sights(batch, copies, around)
        for (index, offset, _), copy, sight in zip(batch, copies, seen, strict=True):
            context = around[index]
            analyzer: Any = getattr(self, f"_{_route(context)}")
            results = analyzer.look(copy.text, words(context.label), sight or NOTHING)
            every = [_span(one) for one in results if self._counts(one, copy.text, context.kind)]
            spans = [ended for one in every if (ended := with_end(one, copy.text))]
            if context.kind in _LABELLED and names_codes(context.label):
                spans = [one for one in spans if not is_accident(one, copy.text)]
            chance = _chance_in(sight.chances) if sight and sight.chances else None
            for span in counted(spans, sight is not None, chance):
                start, end = copy.back(span.start, span.end)
                found[index].append(replace(span, start=start + offset, end=end + offset))

    def _sights(
        self,
        batch: Sequence[_Piece],
        copies: Sequence[Traced],
        around: Sequence[ContextLike],
    ) -> list[Seen | None]:
        """What the models see in each piece, or None where they do not look."""
        seen: list[Seen | None] = [None] * len(batch)
        if not self._opened:
            return seen
        documents: dict[str, list[int]] = {}
        for at, (index, _, _) in enumerate(batch):
            context = around[index]
            if _route(context) != "prose":
                continue
            if self.together(context.kind):
                documents.setdefault(context.kind, []).append(at)
            elif any(map(str.isalpha, copies[at].text)):  # digits alone are left to the rules
                documents[f"{at} {context.kind}"] = [at]
        for places in documents.values():
            shown = [copies[at].text for at in places]
            for at, sight in zip(places, heard(self._opened, shown), strict=True):
                seen[at] = sight
        return seen

    def _counts(self, result: RecognizerResult, text: str, kind: str) -> bool:
        sighting: Sighting | None = result.recognition_metadata.get("sighting")
        least = 0.0 if sighting else THRESHOLD
        if result.score < self.thresholds.get(result.entity_type, least):
            return False
        if sighting is None:
            return True
        if result.entity_type == "AGE" and not _AGE.search(
            text, max(0, result.start - 25), result.end + 15
        ):
            return False
        if result.entity_type == "ACCOUNT_ID" and _REFERENCE.search(
            text, max(0, result.start - 12), result.start
        ):
            return False
        shape = _SHAPES.get(result.entity_type)
        if shape and not shape.search(text, result.start, result.end):
            return False
        return kind != "comment" or _reads_like_a_name(result, text)

    def _settle(self, text: str, spans: list[Span], without: frozenset[str]) -> list[Span]:
        wanted = [span for span in spans if span.entity not in without]
        return merge(beside_placeholders(with_titles(wanted, text), text), text)


def _chance_in(chances: Chances) -> Callable[[Span], float]:
    return lambda span: chances.of(span.start, span.end)


def _reads_like_a_name(result: RecognizerResult, text: str) -> bool:
    """In comments models take identifiers for names: a person needs two capitalised words
    or a listed first name, a place a word like "in" before it."""
    value = text[result.start : result.end]
    if result.entity_type == "PERSON":
        return bool(_FULL_NAME.fullmatch(value)) or is_given(value)
    if result.entity_type in ("LOCATION", "ORGANIZATION", "NRP"):
        return bool(_FULL_NAME.fullmatch(value) or _CAPITALISED.fullmatch(value)) and bool(
            _PREPOSITION.search(text, max(0, result.start - 8), result.start)
        )
    if result.entity_type == "ADDRESS":
        return " " in value or any(map(str.isdigit, value))
    return result.entity_type != "USERNAME"  # a decorator looks like one; rules know handles


def _route(context: ContextLike) -> str:
    if context.kind == "code":
        return "code"
    return "plain" if context.kind in _NO_MODEL else "prose"


def _span(result: RecognizerResult) -> Span:
    facts: dict[str, Any] = result.recognition_metadata
    hit = facts.get("hit")
    name = facts["recognizer_name"] + (f"/{hit.rule.name}" if hit else "")
    weak = bool(hit.rule.weak if hit else facts["sighting"].weak)
    vote = bool(hit and hit.rule.vote)
    score = round(float(result.score), 3)
    return Span(result.start, result.end, result.entity_type, score, name, weak, vote)


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
    pieces: Sequence[_Piece],
) -> Iterator[list[_Piece]]:
    batch: list[_Piece] = []
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
    return replace(span, start=start, end=end)


__all__ = ["NEUTRAL", "TextDetector", "beside_placeholders", "windows"]
