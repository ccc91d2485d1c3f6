"""The text detector as a whole, with the network closed."""

# ruff: noqa: E501  # a table reads better with one row a line

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from detectors.context import Surroundings
from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.model_spacy import SpacyModel
from detectors.placeholders import PLACEHOLDER, placeholder
from detectors.rules import Family, Rule
from detectors.spans import Span
from detectors.text import OVERLAP, WINDOW, TextDetector, beside_placeholders

KEY = b"k" * 32


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.fixture(scope="module")
def detector() -> Iterator[TextDetector]:
    made = TextDetector()
    made.load()
    return made


def shown(
    detector: TextDetector, text: str, kind: str = "prose", label: str = ""
) -> list[tuple[str, str]]:
    (spans,) = detector.detect([text], [Surroundings(kind, label)])
    return [(span.entity, text[span.start : span.end]) for span in spans]


def test_prose_goes_through_model_patterns_and_secrets(detector: TextDetector) -> None:
    text = "Jane Doe wrote to jane@example.com from London, password: hV7qLw2z"
    found = shown(detector, text)
    assert ("PERSON", "Jane Doe") in found
    assert ("EMAIL_ADDRESS", "jane@example.com") in found
    assert ("LOCATION", "London") in found
    assert ("PASSWORD", "hV7qLw2z") in found


@pytest.mark.parametrize(
    "mail", ["bob@intranet.local", "x@y.invalid", "jane (at) example (dot) com"]
)
def test_mail_that_no_suffix_list_knows(detector: TextDetector, mail: str) -> None:
    assert ("EMAIL_ADDRESS", mail) in shown(detector, f"Write to {mail} please")


@pytest.mark.parametrize(
    "hidden",
    [
        "jane\u200b@exa\u00admple.com",
        "ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ",
        "jane@\u2060example.com",
    ],
)
def test_tricks_of_spelling_hide_nothing(detector: TextDetector, hidden: str) -> None:
    assert ("EMAIL_ADDRESS", hidden) in shown(detector, f"ü Write to {hidden} please")


def test_full_width_digits_are_digits(detector: TextDetector) -> None:
    number = "（２０２） ５５５-０１４３"
    assert ("PHONE_NUMBER", number) in shown(detector, f"call {number} now")


def test_lone_surrogate_is_looked_past(detector: TextDetector) -> None:
    found = shown(detector, "\ud800 mail jane@example.com \udfff")
    assert ("EMAIL_ADDRESS", "jane@example.com") in found


def test_offsets_are_code_points_after_emoji_and_crlf(detector: TextDetector) -> None:
    found = shown(detector, "👩‍👩‍👧 hi\r\nmail jane@example.com\r\n")
    assert ("EMAIL_ADDRESS", "jane@example.com") in found


@pytest.mark.slow
def test_long_text_is_read_in_windows(detector: TextDetector) -> None:
    filler = "all is well here and so on. " * (WINDOW // 28 + 200)
    text = f"{filler}mail jane@example.com now. {filler}call 202-555-0143 today"
    assert len(text) > 2 * WINDOW > 2 * OVERLAP
    found = shown(detector, text, kind="cell")
    assert found.count(("EMAIL_ADDRESS", "jane@example.com")) == 1
    assert found.count(("PHONE_NUMBER", "202-555-0143")) == 1


def test_no_span_touches_a_placeholder(detector: TextDetector) -> None:
    mark = placeholder(KEY, "PERSON", "Jane Doe")
    text = (
        f"Dr. {mark} Smith of London, {mark}, password={mark} postgres://u:{mark}@db.example.com/x"
    )
    (spans,) = detector.detect([text])
    blocks = [match.span() for match in PLACEHOLDER.finditer(text)]
    assert len(blocks) == 4
    for span in spans:
        assert all(span.end <= start or span.start >= end for start, end in blocks)


def test_masking_settles(detector: TextDetector) -> None:
    text = "Dear Jane,\nDr. John Smith (john@example.com, 202-555-0143) lives at 12 Main Street.\nBest,\nJane Doe"
    for _ in range(3):
        (spans,) = detector.detect([text])
        if not spans:
            return
        for span in reversed(spans):
            mark = placeholder(KEY, span.entity, text[span.start : span.end])
            text = text[: span.start] + mark + text[span.end :]
    assert detector.detect([text]) == [[]]


def test_code_has_no_names_from_the_model(detector: TextDetector) -> None:
    code = (
        "# Author: Jane Doe\nfrom os import path\nraise ValueError(None)  # 1.2.3.4\n"
        "self.re = foo.py\nmail = 'jane@example.com'\nhost = '81.2.69.142'\nroot = '/home/jdoe/x'\n"
    )
    assert shown(detector, code, "code") == [
        ("PERSON", "Jane Doe"),
        ("EMAIL_ADDRESS", "jane@example.com"),
        ("IP_ADDRESS", "81.2.69.142"),
        ("USERNAME", "jdoe"),
    ]


@pytest.mark.parametrize(
    ("label", "value", "entity"),
    [
        ("ssn", "536904399", "NATIONAL_ID"),
        ("home_phone", "5550143", "PHONE_NUMBER"),
        ("user.firstName", "Zoltana", "PERSON"),
        ("name", "Zoltana Quist", "PERSON"),
        ("dob", "05051987", "DATE_OF_BIRTH"),
        ("db_password", "correct horse", "PASSWORD"),
    ],
)
def test_label_gives_meaning(detector: TextDetector, label: str, value: str, entity: str) -> None:
    assert shown(detector, value, "cell", label) == [(entity, value)]


@pytest.mark.parametrize(("label", "value"), [("count", "536904399"), ("name", "sort_order")])
def test_label_without_meaning_changes_nothing(
    detector: TextDetector, label: str, value: str
) -> None:
    assert shown(detector, value, "number", label) == []


def test_kept_entities_hide_nothing(detector: TextDetector) -> None:
    text = "see https://example.org/?to=jane@example.org now"
    (spans,) = detector.detect([text], without=("URL",))
    assert [span.entity for span in spans] == ["EMAIL_ADDRESS"]


def test_thresholds_are_per_entity() -> None:
    strict = TextDetector(thresholds={"LOCATION": 1.01})
    found = shown(strict, "Jane Doe lives in London")
    assert [entity for entity, _ in found] == ["PERSON"]


def test_missing_model_is_said_and_never_fetched() -> None:
    with pytest.raises(ModelMissing, match="xx_no_such_model") as caught:
        TextDetector("spacy:xx_no_such_model").detect(["text"])
    assert "pip install xx-no-such-model" in caught.value.fix
    with pytest.raises(ModelMissing, match="folder"):
        TextDetector("spacy:/nowhere/model").load()


def test_engines_are_named_with_digests() -> None:
    rows = {name: (version, digest) for name, version, digest in TextDetector("small").engines()}
    assert {"presidio-analyzer", "spacy", "en_core_web_sm"} <= rows.keys()
    assert all(version and len(digest) == 64 for version, digest in rows.values())


def test_supports(detector: TextDetector) -> None:
    assert detector.supports("en")
    assert detector.supports("en-GB")
    assert not detector.supports("de")


def test_no_text_reaches_a_log(detector: TextDetector, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown(detector, "Zoltana Quist, zoltana@example.com")
    assert "oltana" not in caplog.text


def test_rule_out_of_time_stops_the_whole_text(detector: TextDetector) -> None:
    from presidio_analyzer import AnalyzerEngine

    from detectors.engine import FamilyRecognizer

    slow = Rule("slow", "PERSON", r"(?:a|aa|aaa)+b", 0.9)
    detector.load()
    analyzer = detector._code
    assert isinstance(analyzer, AnalyzerEngine)
    limited = _Limited("slow", (slow,))
    with pytest.raises(DetectionIncomplete):
        analyzer.analyze(
            "ab" + "a" * 5000 + "c", "en", ad_hoc_recognizers=[FamilyRecognizer(limited, "en")]
        )


class _Limited(Family):
    def hits(self, text: str, timeout: float = 0.05):  # type: ignore[no-untyped-def]  # as the base
        return super().hits(text, timeout)


def test_vocabulary_does_not_grow() -> None:
    model = SpacyModel("en_core_web_sm")
    model.load()
    assert model.pipeline is not None
    strings = model.pipeline.vocab.strings
    model.look(["warm up"])
    before = len(strings)
    model.look([f"zq{n}word went home" for n in range(300)])
    assert len(strings) == before
    assert "zq5word" not in strings


def test_label_does_not_swallow_a_placeholder(detector: TextDetector) -> None:
    mark = placeholder(KEY, "PERSON", "Jane")
    assert shown(detector, f"{mark} Quist", "cell", "full_name") == [("PERSON", " Quist")]
    assert shown(detector, mark, "cell", "full_name") == []


def test_span_over_a_placeholder_is_cut_in_two() -> None:
    mark = placeholder(KEY, "PERSON", "Jane")
    text = f"ab{mark}cd{mark}."
    whole = Span(0, len(text), "URL", 0.9, "d")
    cut = beside_placeholders([whole], text)
    assert [text[span.start : span.end] for span in cut] == ["ab", "cd"]


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("# Portfolio notes\n\nSome words.", "prose", set()),
        ("the graph (i.e. linked nodes) is walked", "prose", set()),
        ("Normalize the Tuple[t.Any, ...] before use", "comment", set()),
        ("written by Elizabeth Bennet in Chicago", "comment", {"Elizabeth Bennet", "Chicago"}),
        ("@click.group() makes a group", "comment", set()),
        ("bpo-34864: names are refused, see PEP 427", "comment", set()),
        ("An invalid wheel filename was found, users should refer to PEP 427.", "comment", set()),
    ],
)
def test_words_and_identifiers_are_no_names(text: str, kind: str, found: set[str]) -> None:
    spans = TextDetector().detect([text], [Surroundings(kind=kind)])[0]
    assert {text[span.start : span.end] for span in spans} == found
