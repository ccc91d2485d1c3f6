"""Placeholders: grammar, equality, and the operator inside Presidio."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest
from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from detectors.normalised import NEUTRAL, normalise
from detectors.operators import KeyedPlaceholder
from detectors.placeholders import find_placeholders, placeholder, without_placeholders

KEY = b"a key of thirty-two bytes, no more"


def test_the_first_forty_bits_of_the_keyed_digest_and_a_check() -> None:
    made = placeholder(KEY, "PERSON", "Jane  DOE")
    digests = [
        hmac.digest(KEY, b"PERSON\x00doe jane" + b"\0" * again, hashlib.sha256)
        for again in range(8)
    ]
    tags = [base64.b32encode(digest[:5]).decode().lower() for digest in digests]
    first = next(tag for tag in tags if any(c.isdigit() for c in tag))
    assert made.startswith(f"[PERSON-{first}")
    assert list(find_placeholders(made)) == [(0, len(made))]


def test_a_name_dressed_as_a_placeholder_is_text() -> None:
    for word in ("janedoejan", "j4nedoesxx", "abcdefghij", "2345672345"):
        assert list(find_placeholders(f"[PERSON-{word}]")) == []
        assert without_placeholders(f"see [PERSON-{word}]") == f"see [PERSON-{word}]"


@pytest.mark.parametrize(
    ("entity", "one", "other"),
    [
        ("PERSON", "Jane\nDoe", "ＪＡＮＥ doe"),
        ("PHONE_NUMBER", "(202) 555-0143", "202.555.0143"),
        ("CREDIT_CARD", "4111 1111 1111 1111", "4111-1111-1111-1111"),
    ],
)
def test_spellings_of_one_value_are_equal(entity: str, one: str, other: str) -> None:
    assert placeholder(KEY, entity, one) == placeholder(KEY, entity, other)


def test_key_entity_and_value_all_count() -> None:
    base = placeholder(KEY, "PERSON", "Jane")
    others = {
        placeholder(KEY + b"x", "PERSON", "Jane"),
        placeholder(KEY, "USERNAME", "Jane").replace("USERNAME", "PERSON"),
        placeholder(KEY, "PERSON", "Joan"),
        placeholder(KEY, "PERSON", "\ud800"),
    }
    assert base not in others
    assert len(others) == 4


def test_entity_must_be_a_name() -> None:
    with pytest.raises(ValueError, match="entity"):
        placeholder(KEY, "person]", "x")


def test_operator_runs_in_presidio() -> None:
    engine = AnonymizerEngine()
    engine.add_anonymizer(KeyedPlaceholder)
    found = [RecognizerResult("PERSON", 0, 8, 0.9)]
    how = {"DEFAULT": OperatorConfig("keyed_placeholder", {"tag_key": KEY})}
    result = engine.anonymize("Jane Doe came", found, how)
    assert result.text == placeholder(KEY, "PERSON", "Jane Doe") + " came"


@pytest.mark.parametrize("params", [None, {}, {"tag_key": "text"}, {"tag_key": b"short"}])
def test_operator_refuses_a_weak_key(params: dict[str, object] | None) -> None:
    with pytest.raises(ValueError, match="tag_key"):
        KeyedPlaceholder().validate(params)


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        ("plain", "plain"),
        ("a\u200bb\u00adc", "abc"),
        ("ｆｕｌｌ １２", "full 12"),
        ("e\u0301a", "éa"),
        ("٣٤", "34"),
        ("a\u2011b", "a-b"),
        ("\ud800x", "\ufffdx"),
        (f"to {placeholder(KEY, 'PERSON', 'x')}!", f"to {NEUTRAL}!"),
    ],
)
def test_copy_and_the_way_back(text: str, copy: str) -> None:
    made = normalise(text)
    assert made.text == copy
    start, end = made.back(0, len(copy))
    assert start == 0
    assert end == len(text)


def test_way_back_grows_to_whole_clusters() -> None:
    text = "x ﬁx e\u0301y"
    made = normalise(text)
    at = made.text.index("fi")
    assert made.back(at, at + 1) == (2, 3)
    at = made.text.index("é")
    assert made.back(at, at + 1) == (5, 7)
