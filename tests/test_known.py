from __future__ import annotations

import base64
import json
import random
import time
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors import known
from detectors.known import KnownValues, gate
from detectors.words import is_common, is_word

JANE = ("Jane Doe", "PERSON", "")
VALUES = [
    JANE,
    ("Ann", "PERSON", "trips/rome"),
    ("+1 555-010-0199", "PHONE_NUMBER", ""),
    ("José Núñez", "PERSON", ""),
    ("Иван Петров", "PERSON", ""),
    ("ZX81-0042917", "CAMERA_SERIAL", ""),
]
KNOWN = KnownValues(VALUES)


@pytest.mark.parametrize(
    "written",
    ["Jane Doe", "JANE DOE", "jane.doe", "jane_doe", "JaneDoe", "jane-doe", "jane  doe",
     "Jane\nDoe", "J\u200bane Doe", "Ｊａｎｅ　Ｄｏｅ", "Jane\u00a0Doe"],
)  # fmt: skip
def test_every_spelling_of_a_name_is_found_where_it_stands(written: str) -> None:
    text = f"é before {written}, after"
    assert KNOWN.find(text) == [(9, 9 + len(written), "PERSON")]


@pytest.mark.parametrize("written", ["José Núñez", "JOSE NUNEZ", "Jose\u0301 Nu\u0301n\u0303ez"])
def test_accents_may_be_composed_decomposed_or_missing(written: str) -> None:
    assert KNOWN.find(f"by {written}") == [(3, 3 + len(written), "PERSON")]


@pytest.mark.parametrize("text", ["planningjanedoeing", "Jan eDoe", "Jane, Doe", "Jane    Doe"])
def test_a_longer_word_or_another_text_is_no_hit(text: str) -> None:
    assert KNOWN.find(text) == []


@pytest.mark.parametrize("text", ["photoJaneDoe2024", "x_JaneDoePortrait", r"a\njane doe"])
def test_camel_case_digits_and_escapes_end_a_word(text: str) -> None:
    assert [entity for _, _, entity in KNOWN.find(text)] == ["PERSON"]


def test_a_scoped_value_counts_only_below_its_scope() -> None:
    assert KNOWN.find("with Ann", "trips/rome/a.txt")
    assert not KNOWN.find("with Ann", "trips/romeo/a.txt")
    assert not KNOWN.find("with Ann")
    assert not KNOWN.find("planning", "trips/rome/a.txt")


@pytest.mark.parametrize(
    "written", ["555 010 0199", "(555) 010-0199", "+15550100199", "001 555.010.0199"]
)
def test_phones_are_compared_by_their_digits(written: str) -> None:
    ((start, end, entity),) = KNOWN.find(f"call {written} now")
    assert entity == "PHONE_NUMBER"
    assert f"call {written} now"[start:end] == written


def test_another_phone_is_no_hit() -> None:
    assert KNOWN.find("call 555 010 0198, or 9555 010 01990") == []


@pytest.mark.parametrize("text", ["ZX81-00429171", "ZX81 004291", "XZX81-0042917"])
def test_a_longer_or_shorter_identifier_is_no_hit(text: str) -> None:
    assert KNOWN.find(text) == []


def test_identifiers_are_found_with_separators_anywhere() -> None:
    assert [e for *_, e in KNOWN.find("SN ZX 81 00 42 917")] == ["CAMERA_SERIAL"]


ENCODERS: dict[str, Callable[[str], bytes]] = {
    "utf-8": str.encode,
    "utf-16-le": lambda s: s.encode("utf-16-le"),
    "utf-16-be": lambda s: s.encode("utf-16-be"),
    "percent": lambda s: urllib.parse.quote(s).encode(),
    "percent-all": lambda s: "".join(f"%{b:02x}" for b in s.encode()).encode(),
    "json": lambda s: json.dumps(s).encode(),
    "json-all": lambda s: "".join(f"\\u{ord(c):04X}" for c in s).encode(),
    "xml": lambda s: "".join(f"&#{ord(c)};" for c in s).encode(),
    "xml-hex": lambda s: "".join(f"&#x{ord(c):x};" for c in s).encode(),
    "base64": lambda s: base64.b64encode(s.encode()),
    "base64-1": lambda s: base64.b64encode(b"." + s.encode() + b"."),
    "base64-2": lambda s: base64.b64encode(b".," + s.encode() + b".,"),
    "base64-glued-3": lambda s: b"key" + base64.b64encode(s.encode()),
    "base64-glued-1": lambda s: b"k" + base64.b64encode(s.encode()),
    "base64-lines": lambda s: base64.encodebytes(b"lorem ipsum " * 5 + s.encode() + b" dolor" * 9),
    "base64-utf16": lambda s: base64.b64encode(s.encode("utf-16-le")),
    "base64-url": lambda s: base64.urlsafe_b64encode(b"\xff\xfe>" + s.encode()),
    "hex": lambda s: s.encode().hex().encode(),
    "hex-spaced": lambda s: s.encode().hex(" ").upper().encode(),
}


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("name", ["Jane Doe", "JANE DOE", "José Núñez", "Иван Петров"])
def test_every_encoding_is_found_and_located(coding: str, name: str) -> None:
    head, tail = b"\x01\x02<< ", b" >>\x03"
    data = head + ENCODERS[coding](name) + tail
    hits = KNOWN.find_bytes(data)
    assert {entity for *_, entity in hits} == {"PERSON"}
    assert all(len(head) - 1 <= start < end <= len(data) - len(tail) + 1 for start, end, _ in hits)


def test_latin1_and_character_references() -> None:
    assert KNOWN.find_bytes("por José Núñez.".encode("latin-1")) == [(4, 14, "PERSON")]
    assert KNOWN.find_bytes(b"Jos&eacute; N&uacute;&ntilde;ez")[0][2] == "PERSON"
    assert KNOWN.find_bytes(b"Jos=C3=A9 N=C3=BA=C3=B1ez")[0][2] == "PERSON"


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_bytes_around_do_not_hide_a_value(head: bytes, tail: bytes) -> None:
    data = head + b"\n<Jane Doe>\n" + tail
    at = len(head) + 2
    assert any(s <= at and e >= at + 8 and n == "PERSON" for s, e, n in KNOWN.find_bytes(data))


@given(st.text(max_size=80), st.text(max_size=80))
def test_text_around_does_not_hide_a_value(head: str, tail: str) -> None:
    text = f"{head} | Jane Doe | {tail}"
    at = len(head) + 3
    assert any(s <= at and e >= at + 8 for s, e, _ in KNOWN.find(text))
    assert all(0 <= s < e <= len(text) for s, e, _ in KNOWN.find(text))


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.just("PERSON"), st.just(""))))
@settings(max_examples=50)
def test_the_frozen_form_is_the_same_for_any_order(values: list[tuple[str, str, str]]) -> None:
    frozen = KnownValues(values).to_bytes()
    assert KnownValues(reversed(values)).to_bytes() == frozen
    assert KnownValues.from_bytes(frozen).to_bytes() == frozen


@pytest.mark.parametrize("bad", [b"{}", b"[1]", b'[["a","b"]]', b"[[1,2,3]]", b"\xff", b""])
def test_a_foreign_frozen_form_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError):
        KnownValues.from_bytes(bad)


def test_the_gate_says_why() -> None:
    rows = ["J", "x" * 61, "sunset", "summer beach holiday", "miller", "Ann", "Jane Doe", "Al Wu"]
    kept, refused = gate((text, "PERSON", "") for text in rows)
    assert [text for text, *_ in kept] == ["Al Wu", "Jane Doe", "summer beach holiday"]
    assert {text: why for (text, *_), why in refused} == {
        "J": "length",
        "x" * 61: "length",
        "sunset": "common-word",
        "miller": "common-word",
        "Ann": "too-short",
    }
    assert gate([("Ann", "PERSON", "trips")])[1] == []


def test_the_gate_is_bounded_whatever_the_order() -> None:
    rows = [(f"Person Number{n}", "PERSON", "") for n in range(20)]
    kept, refused = gate(rows, limit=5)
    assert len(kept) == 5
    assert {why for _, why in refused} == {"limit"}
    assert gate(rows[::-1], limit=5) == (kept, refused)


def test_common_words_are_not_names() -> None:
    for word in ("beach", "sunset", "thumbnails", "dataset", "Bilder"):
        assert is_common(word)
    for name in ("Rose", "mark", "will", "Paris", "may", "smith", "jane", "london", "White"):
        assert not is_common(name)
    assert is_word("rose")
    assert not is_word("jane")


def test_ten_thousand_values_in_a_megabyte_take_about_a_second() -> None:
    dice = random.Random(5)
    parts = ["ba", "dor", "ri", "mal", "le", "tor", "sen", "kin", "vash", "lo"]

    def word() -> str:
        return "".join(dice.choice(parts) for _ in range(3))

    known = KnownValues((f"{word()} {word()}", "PERSON", "") for _ in range(10_000))
    text = " ".join(f"{word()} {word()} and" for _ in range(60_000))[:1_000_000]
    began = time.process_time()
    hits = known.find(text)
    assert time.process_time() - began < 2
    assert hits


def test_a_large_set_finds_what_a_small_one_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [(f"Zoltana Quist{number}", "PERSON", "") for number in range(40)]
    text = "ZoltanaQuist7, zoltana.quist39 and Zoltana Quist40"
    small = KnownValues(values)
    monkeypatch.setattr(known, "_SMALL", 0)
    large = KnownValues(values)
    assert small.find(text) == large.find(text) != []
    assert small.find_bytes(text.encode()) == large.find_bytes(text.encode()) != []
