"""The recogniser model: decoding, windows, its folder, and its place among the detectors."""

from __future__ import annotations

import hashlib
import random
import socket
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from encoders import seal, write_model

from detectors import encoder_decode as decode
from detectors.context import Surroundings
from detectors.encoder import Encoder
from detectors.encoder_decode import ENTITIES, LABELS, Words, biases, case_of
from detectors.encoder_windows import parts
from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.models import engines_of, open_model
from detectors.sights import Seen, Sighting, heard
from detectors.text import TextDetector

PERSON, ADDRESS = ENTITIES.index("PERSON"), ENTITIES.index("ADDRESS")


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="module")
def detector(folder: Path) -> Iterator[TextDetector]:
    made = TextDetector(f"encoder:{folder}")
    made.load()
    return made


# decoding ----------------------------------------------------------------------------


def words_of(text: str, *rows: tuple[str, dict[str, float]]) -> Words:
    """Words of `text`, each with the logits of its labels (O is 0 unless said, the rest -20)."""
    logits = np.full((len(rows), len(LABELS)), -20, np.float32)
    starts, ends, at = [], [], 0
    for number, (word, given) in enumerate(rows):
        logits[number, 0] = 0
        for label, value in given.items():
            logits[number, LABELS.index(label)] = value
        at = text.index(word, at)
        starts.append(at)
        ends.append(at := at + len(word))
    first, counts = np.arange(len(rows)), np.ones(len(rows), np.int64)
    scores = decode.word_scores(logits, first, counts)
    return Words(np.array(starts), np.array(ends), *scores)


def spans(text: str, words: Words, **bias: float) -> list[tuple[str, str, bool]]:
    found = decode.spans(words, text, ENTITIES, biases(bias, ENTITIES))
    return [(one.entity, text[one.start : one.end], one.weak) for one in found]


def test_neighbours_join_unless_the_second_begins() -> None:
    text = "Jane Doe Ann"
    rows = (("Jane", {"B-PERSON": 5}), ("Doe", {"I-PERSON": 5}), ("Ann", {"B-PERSON": 5}))
    assert spans(text, words_of(text, *rows)) == [
        ("PERSON", "Jane Doe", False),
        ("PERSON", "Ann", False),
    ]


def test_a_line_ends_a_name_but_not_an_address() -> None:
    text = "Elm Road 5\nExampleton\n\nElm"
    places = [(word, {"I-ADDRESS": 5.0}) for word in ("Elm", "Road", "5", "Exampleton", "Elm")]
    found = spans(text, words_of(text, *places))
    assert [value for _, value, _ in found] == ["Elm Road 5\nExampleton", "Elm"]
    people = [(word, {"I-PERSON": 5.0}) for word in ("Elm", "Road", "5", "Exampleton", "Elm")]
    found = spans(text, words_of(text, *people))
    assert [value for _, value, _ in found] == ["Elm Road 5", "Exampleton", "Elm"]


def test_bias_is_of_one_entity_and_makes_weak() -> None:
    text = "Quist Elm"
    words = words_of(text, ("Quist", {"B-PERSON": -1}), ("Elm", {"B-LOCATION": -1}))
    assert spans(text, words) == []
    assert spans(text, words, PERSON=2) == [("PERSON", "Quist", True)]


def test_parts_of_a_word_are_averaged() -> None:
    logits = np.zeros((3, len(LABELS)), np.float32)
    logits[:2, LABELS.index("B-PERSON")] = (9, 3)
    outside, inside, _ = decode.word_scores(logits, np.array([0, 2]), np.array([2, 1]))
    assert inside[0, PERSON] > outside[0]
    total = np.exp(outside) + np.exp(inside).sum(axis=1)
    assert np.allclose(total, 1, atol=1e-5)


def test_a_sure_name_makes_the_same_word_likelier() -> None:
    text = "Quist said that Quist and quist"
    rows = (("Quist", {"B-PERSON": 6}), ("Quist", {"B-PERSON": -2}), ("quist", {"B-PERSON": -2}))
    words = words_of(text, *rows)
    names = decode.sure_names(words, text, PERSON)
    more = decode.consistency(words, text, names, PERSON)
    found = decode.spans(words, text, ENTITIES, biases({}, ENTITIES), more)
    assert [one.start for one in found] == [0, text.rindex("Quist")]


@pytest.mark.parametrize(
    ("word", "shape"),
    [("jane", 1), ("Jane", 2), ("É", 2), ("USA", 3), ("McDoe", 4), ("42", 5), ("B12", 6), ("-", 7)],
)
def test_shapes(word: str, shape: int) -> None:
    assert case_of(word) == shape
    assert decode.case_ids([word], cased=False) == [shape if shape in (5, 7) else 0]


# windows -----------------------------------------------------------------------------


def test_every_word_is_judged_once_and_no_part_is_too_long() -> None:
    chance = random.Random(5)
    for _ in range(200):
        pieces = np.array([chance.randint(1, 9) for _ in range(chance.randint(0, 120))], np.int64)
        stops = np.array([chance.random() < 0.1 for _ in pieces], bool)
        judged: list[int] = []
        for part in parts(pieces, stops, room=30, overlap=8):
            assert part.first <= part.low < part.high <= part.last
            assert pieces[part.first : part.last].sum() <= 30
            judged += range(part.low, part.high)
        assert judged == list(range(len(pieces)))


def test_a_name_across_an_edge_is_found(folder: Path) -> None:
    encoder = Encoder(folder)
    for before in range(15, 70):
        text = "x " * before + "Jane Doe" + " x" * 40
        (found,) = encoder.found([text], encoder.words(text))
        assert [text[one.start : one.end] for one in found] == ["Jane Doe"]


# the folder --------------------------------------------------------------------------


def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path) -> None:
    def refused(match: str) -> None:
        with pytest.raises(ModelMissing, match=match):
            Encoder(tmp_path / "m").load()

    refused("no recogniser model")
    model = write_model(tmp_path / "m") / "model.onnx"
    whole = model.read_bytes()
    model.write_bytes(whole[:-9])
    refused("not the file that config.json names")
    seal(tmp_path / "m")
    refused("no model")
    model.unlink()
    refused("model.onnx is missing")
    model.write_bytes(whole)
    seal(tmp_path / "m", format="scrub-encoder/2")
    refused("scrub-encoder/2")
    seal(tmp_path / "m", labels=LABELS[:-2])
    refused("23 numbers a piece")
    seal(tmp_path / "m", labels=["O", "B-PERSON", "I-AGE"])
    refused("make no sense")
    (tmp_path / "m" / "config.json").write_text("{", encoding="utf-8")
    refused("cannot be read")
    write_model(tmp_path / "m", inputs=("input_ids", "attention_mask"))
    refused("takes attention_mask, input_ids")
    (tmp_path / "m" / "tokenizer.json").write_text("{}", encoding="utf-8")
    seal(tmp_path / "m")
    refused("no tokenizer")


def test_numbers_that_are_none_stop_the_text(tmp_path: Path) -> None:
    write_model(tmp_path, strength=float("nan"))
    with pytest.raises(DetectionIncomplete):
        TextDetector(f"encoder:{tmp_path}").detect(["Jane"])


# among the detectors -----------------------------------------------------------------


def shown(detector: TextDetector, text: str, kind: str = "prose") -> set[tuple[str, str]]:
    (found,) = detector.detect([text], [Surroundings(kind)])
    return {(one.entity, text[one.start : one.end]) for one in found if one.detector == "encoder"}


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧 é\r\nJane Doe\r\nx",
        "e\u0301\u0301 \ud800 Jane Doe \udfff\ud800",
        "\0 \u200b Jane Doe\0",
        "ﬁ ｆｕｌｌ Jane Doe",
    ],
)
def test_offsets_are_those_of_the_text(detector: TextDetector, text: str) -> None:
    assert ("PERSON", "Jane Doe") in shown(detector, text)


def test_what_the_bias_brought_is_weak(detector: TextDetector) -> None:
    text = "near rosenthal and paris"
    (found,) = detector.detect([text])
    weak = {text[one.start : one.end]: one.weak for one in found}
    assert weak == {"rosenthal": True, "paris": False}


def test_no_span_crosses_two_passages(detector: TextDetector) -> None:
    first, second = detector.detect(["Jane", "Doe x"])
    assert [(one.start, one.end) for one in (*first, *second)] == [(0, 4), (0, 3)]


def test_cells_are_seen_alone(detector: TextDetector) -> None:
    texts = ["x Jane", "quist", "Paris", "4411"]
    cells = [Surroundings("cell")] * len(texts)
    together = detector.detect(texts, cells)
    assert together == [detector.detect([text], cells[:1])[0] for text in texts]
    assert detector.detect(texts, cells) == together


def test_code_is_not_shown_to_the_model(detector: TextDetector) -> None:
    assert shown(detector, "paris = 4", "code") == set()
    assert shown(detector, "paris = 4") == {("LOCATION", "paris")}


def test_a_long_text_is_seen_to_its_end(detector: TextDetector) -> None:
    text = "x" * 70_000 + " " + "x " * 3_000 + "Jane Doe"
    assert shown(detector, text) == {("PERSON", "Jane Doe")}


def test_the_model_is_named_with_its_digest(folder: Path) -> None:
    rows = {name: (version, digest) for name, version, digest in engines_of(f"encoder:{folder}")}
    digest = hashlib.sha256((folder / "config.json").read_bytes()).hexdigest()
    assert rows[f"encoder:{folder.name}"] == ("test-1", digest)
    assert {"onnxruntime", "tokenizers"} < rows.keys()


def test_presidio_takes_the_recognizer_as_it_is(folder: Path) -> None:
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry

    from detectors.engine import EncoderRecognizer, NoTokens

    registry = RecognizerRegistry([EncoderRecognizer(folder)], supported_languages=["en"])
    engine = AnalyzerEngine(registry, NoTokens())
    (found,) = engine.analyze("x Jane Doe", "en", entities=["PERSON"])
    assert (found.start, found.end) == (2, 10)


# other models ------------------------------------------------------------------------


class _Fixed:
    def __init__(self, *sightings: Sighting) -> None:
        self.sightings = sightings

    name = "fixed"

    def load(self) -> None: ...

    def look(self, passages: list[str]) -> list[Seen]:
        return [Seen(self.sightings)] * len(passages)

    def engines(self) -> list[tuple[str, str, str]]:
        return []


def test_a_lone_unsure_voice_among_several_is_weak() -> None:
    low, sure = Sighting(0, 4, "PERSON", 0.5, "a"), Sighting(9, 12, "PERSON", 0.9, "a")
    other = Sighting(2, 6, "LOCATION", 0.5, "b")
    (seen,) = heard([_Fixed(low, sure), _Fixed()], ["x" * 20])  # type: ignore[list-item]  # a list
    assert [one.weak for one in seen.sightings] == [True, False]
    (seen,) = heard([_Fixed(low), _Fixed(other)], ["x" * 20])  # type: ignore[list-item]  # a list
    assert [one.weak for one in seen.sightings] == [False, False]


@pytest.mark.parametrize("name", ["gliner:/nowhere/m", "transformers:/nowhere/m", "encoder:/no"])
def test_a_missing_folder_is_one_sentence(name: str) -> None:
    with pytest.raises(ModelMissing, match=r"There is no .* in the folder /no"):
        open_model(name).load()


@pytest.mark.parametrize("name", ["gliner", "bert", "", "spacy:"])
def test_a_name_of_no_kind_is_refused(name: str) -> None:
    with pytest.raises(ModelMissing, match="No model is called"):
        open_model(name)
