"""Presidio, with our own registry, our own context and no way to the network."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from detectors.rules import Family, Hit, hits, weigh
from detectors.sieve import Sieve
from detectors.sights import NAMED, NOTHING, Model, Seen, Sighting

# Presidio logs what it skips, with pieces of its input: none may reach a log.
for _name in ("presidio-analyzer", "presidio-anonymizer", "decision_process"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
    logging.getLogger(_name).propagate = False


class FamilyRecognizer(EntityRecognizer):
    """One family of rules as a Presidio recognizer. Its own time limit raises, it never skips."""

    def __init__(self, family: Family, language: str) -> None:
        self.family = family
        self.title = family.name
        super().__init__(list(family.entities), name=family.name, supported_language=language)

    def load(self) -> None:
        """Patterns compile on first use."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        return [self.result(hit) for hit in self.family.hits(text) if hit.kind in entities]

    def result(self, hit: Hit, score: float | None = None) -> RecognizerResult:
        """A Presidio result that carries `hit`."""
        facts = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.title,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            "hit": hit,
        }
        value = hit.rule.score if score is None else score
        return RecognizerResult(hit.kind, hit.start, hit.end, value, recognition_metadata=facts)

    def enhance_using_context(
        self,
        text: str,
        raw_recognizer_results: list[RecognizerResult],
        other_raw_recognizer_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Weighs each hit by the words around it and by `context`, the words of its label."""
        for result in raw_recognizer_results:
            result.score = weigh(result.recognition_metadata["hit"], text, context or ())
        return raw_recognizer_results


class Sights(NlpArtifacts):
    """Presidio's artifacts, in which stands what the models saw in the text."""

    def __init__(self, engine: NlpEngine, language: str, seen: Seen | None) -> None:
        tokens: Any = ()
        super().__init__([], tokens, [], [], engine, language, [])
        self.seen = seen


class ModelRecognizer(EntityRecognizer):
    """What models see, as a Presidio recognizer.

    Models see a document at once, so they look before Presidio asks; a text that comes
    without their sights is shown to them alone.
    """

    def __init__(self, models: Sequence[Model], language: str) -> None:
        self.models = tuple(models)
        self.title = "model"
        super().__init__(list(NAMED), name="model", supported_language=language)

    def load(self) -> None:
        """Models load on first use."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        from detectors.sights import heard

        seen = getattr(nlp_artifacts, "seen", None)
        if seen is None:
            (seen,) = heard(self.models, [text])
        return [self.result(one) for one in seen.sightings if one.entity in entities]

    def result(self, one: Sighting) -> RecognizerResult:
        """A Presidio result that carries a sighting."""
        facts = {
            RecognizerResult.RECOGNIZER_NAME_KEY: one.detector,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            "sighting": one,
        }
        return RecognizerResult(
            one.entity, one.start, one.end, one.score, recognition_metadata=facts
        )


class EncoderRecognizer(ModelRecognizer):
    """Our own encoder as a Presidio recognizer that needs no NLP engine."""

    def __init__(self, folder: Path | None = None, language: str = "en") -> None:
        from detectors.model_encoder import EncoderModel

        super().__init__([EncoderModel(folder)], language)


class ContextIsWeighed(ContextAwareEnhancer):
    """Changes nothing: each family has weighed its own hits, and no lemmas are needed."""

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: NlpArtifacts,
        recognizers: list[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        return raw_results


class NoTokens(NlpEngine):
    """An NLP engine without tokens: rules and models read the text itself."""

    def load(self) -> None:
        """Nothing to load, and nothing to download."""

    def is_loaded(self) -> bool:
        return True

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        return Sights(self, language, None)

    def process_batch(
        self,
        texts: Iterable[str],
        language: str,
        batch_size: int = 1,
        n_process: int = 1,
        **kwargs: Any,
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        return ((text, self.process_text(text, language)) for text in texts)

    def is_stopword(self, word: str, language: str) -> bool:
        return False

    def is_punct(self, word: str, language: str) -> bool:
        return False

    def get_supported_entities(self) -> list[str]:
        return []

    def get_supported_languages(self) -> list[str]:
        return ["en"]


class Analyzer(AnalyzerEngine):
    """Presidio's engine, and a way through it without what each call costs there.

    `look` asks the same recognizers and weighs in the same way as `analyze` does, with the
    patterns of all families in one pass; duplicates are left for the merging of spans.
    """

    @cached_property
    def _families(self) -> tuple[FamilyRecognizer, ...]:
        every = self.registry.recognizers
        return tuple(one for one in every if isinstance(one, FamilyRecognizer))

    @cached_property
    def _models(self) -> tuple[ModelRecognizer, ...]:
        return tuple(one for one in self.registry.recognizers if isinstance(one, ModelRecognizer))

    @cached_property
    def patterns(self) -> Sieve:
        """The patterns of all families."""
        return Sieve([rule for one in self._families for rule in one.family.rules])

    @cached_property
    def _owners(self) -> dict[int, FamilyRecognizer]:
        return {id(rule): one for one in self._families for rule in one.family.rules}

    def look(
        self, text: str, context: Sequence[str] = (), seen: Seen = NOTHING
    ) -> list[RecognizerResult]:
        """Results in `text`, with the words of its label and what the models saw in it."""
        owners = self._owners
        results = [
            owners[id(hit.rule)].result(hit, weigh(hit, text, context))
            for hit in hits(self.patterns, text)
        ]
        for one in self._families:
            results += [
                one.result(hit, weigh(hit, text, context)) for hit in one.family.found(text)
            ]
        for model in self._models:
            results += map(model.result, seen.sightings)
        return results


def build(
    models: Sequence[Model],
    families: Sequence[Family],
    language: str,
    patterns: Sieve | None = None,
) -> Analyzer:
    """An analyzer over `families` and, if there are any, `models`.

    `patterns` are those of the same families, where another analyzer has read them already.
    """
    recognizers: list[Any] = [FamilyRecognizer(family, language) for family in families]
    if models:
        recognizers.append(ModelRecognizer(models, language))
    analyzer = Analyzer(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=[language]),
        nlp_engine=NoTokens(),
        supported_languages=[language],
        context_aware_enhancer=ContextIsWeighed(0, 0, 0, 0),
        log_decision_process=False,
    )
    if patterns is not None:
        analyzer.patterns = patterns
    return analyzer
