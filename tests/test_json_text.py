"""JSON and JSON lines: spans, escapes, labels, nesting, hostile input."""

from __future__ import annotations

import base64
import json
import os
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from laws import assert_laws, clean, digest_of, ledger_of
from robustness import assert_robust

from scrubber.errors import Damaged
from scrubber.formats.json_text import Json, Jsonl
from scrubber.formats.passages import Written
from scrubber.model import Role
from scrubber.readers.json_text import read, read_lines
from scrubber.source import MemorySource

structure = partial(read, net=False)
SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))
TEXT = st.text(
    alphabet=st.one_of(
        st.sampled_from('"\\/\n\té𝒳é 日ab'),
        st.characters(exclude_categories=("Cs", "Cf", "Cc", "Co", "Cn", "Mn")),
    ),
    max_size=12,
)  # fmt: skip
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(TEXT, st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
    max_leaves=12,
)


def passages(data: bytes, form: Any = None) -> list[Written]:
    made = ledger_of(form or Json(), data).passages
    assert made is not None
    return list(made())  # type: ignore[arg-type]  # Written is the only passage here


class _Pairs(list[Any]):
    """An object with all its keys, doubled ones too."""


def strings(value: Any) -> list[str]:
    """Keys and strings as they stand."""
    if isinstance(value, _Pairs):
        return [text for key, inner in value for text in (key, *strings(inner))]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


@settings(max_examples=200, deadline=None)
@given(st.data(), VALUES, st.booleans(), st.sampled_from((None, 1)))
def test_a_replaced_span_reads_back_exactly(
    draw: st.DataObject, value: Any, ascii_only: bool, indent: int | None
) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    found = [passage for passage in passages(data) if "\ufffc" not in passage.text]
    if not found:
        return
    passage = draw.draw(st.sampled_from(found))
    start = draw.draw(st.integers(0, len(passage.text) - 1))
    end = draw.draw(st.integers(start + 1, len(passage.text)))
    new = draw.draw(TEXT)
    low, high = passage.locate(start, end)
    out = data[:low] + passage.encode(new) + data[high:]
    wanted = passage.text[:start] + new + passage.text[end:]
    if passage.context.kind == "number":
        wanted = new
    before, after = (strings(json.loads(row, object_pairs_hook=_Pairs)) for row in (data, out))
    if passage.context.kind == "number":
        assert len(after) == len(before) + 1
    else:
        changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
        assert changed in ([(passage.text, wanted)], [])
    assert out.isascii() or not data.isascii()
    assert len(data) - (high - low) == len(out) - len(passage.encode(new))


def test_values_know_their_path_key_and_siblings() -> None:
    data = (
        b'{"messages":[{"role":"user","content":"Hi there","e-mail":"x"}],"n":123456789012345678}'
    )
    found = {passage.where: passage for passage in passages(data) if passage.context.kind != "key"}
    content = found["$.messages[0].content"]
    assert content.context.label == "messages.content"
    assert "user" in content.context.neighbours
    assert found["$.messages[0].e-mail"].context.private_label == "EMAIL_ADDRESS"
    number = found["$.n"]
    assert (number.context.kind, number.text) == ("number", "123456789012345678")
    low, high = number.locate(3, 5)
    assert data[low:high] == b"123456789012345678"
    assert number.encode("[X-a]") == b'"[X-a]"'


def test_a_key_that_may_be_a_value_is_not_repeated_in_the_path() -> None:
    found = passages(b'{"Jane Doe":{"jane@example.com":"x"}}')
    assert all("Jane" not in passage.where and "@" not in passage.where for passage in found)


def test_a_name_is_private_only_in_company() -> None:
    lone = passages(b'{"name":"my-package","version":"1.0"}')
    assert all(passage.context.private_label is None for passage in lone)
    person = passages(b'{"name":"Jane","phone":"555-0100"}')
    assert [p.context.private_label for p in person if p.context.kind != "key"] == [
        "PERSON",
        "PHONE_NUMBER",
    ]


def test_both_values_of_a_doubled_key_are_inspected() -> None:
    found = [passage.text for passage in passages(b'{"a":"first","a":"second"}')]
    assert found == ["a", "first", "a", "second"]


def test_escapes_read_as_their_characters() -> None:
    data = rb'"\u006aane\u0040example.com \ud83d\ude00 a\/b"'
    (passage,) = passages(data)
    assert passage.text == "jane@example.com 😀 a/b"
    low, high = passage.locate(0, 16)
    assert data[low:high] == rb"\u006aane\u0040example.com"
    low, high = passage.locate(17, 18)
    assert data[low:high] == rb"\ud83d\ude00"


FILES = [
    b'{"a": [1, 2.50, -0e5, NaN, -Infinity], "b": {"c": null, "d": [true, false, {}, []]}}',
    b'\xef\xbb\xbf {"x":"\\u200b\\u202eevil\\u001b[31m", "x" : "caf\xc3\xa9"}\r\n',
    '["a\u200bb", "\U0001f468\u200d\U0001f469", "\\ud83c\\udff4\\udb40\\udc41"]'.encode(),
    '{"k": "w\u00e9"}'.encode("utf-16"),
    b"12",
    b'"one string"',
    rb'{"inner":"{\"email\":\"x\",\"z\":\"\\u200b\"}"}',
]


@pytest.mark.parametrize("data", FILES[:-1])
def test_laws(data: bytes) -> None:
    output = assert_laws(Json(), structure, data)
    for hidden in ("\u200b", "\\u200b", "\\u202e", "\\u001b"):
        assert hidden.encode() not in output


@pytest.mark.parametrize("data", FILES)
def test_both_sides_see_the_same_structure(data: bytes) -> None:
    assert ledger_of(Json(), data).rendering == read(MemorySource(data)).rendering


def test_json_inside_json_is_a_part_of_its_own() -> None:
    output = clean(Json(), FILES[-1])
    assert json.loads(json.loads(output)["inner"]) == {"email": "x", "z": ""}
    assert b"200b" not in output


def test_an_encoded_run_behind_escapes_is_found() -> None:
    inner = base64.b64encode(
        "Call Jane Doe at 555-0100 today or tomorrow, or\u200b write.".encode()
    )
    data = json.dumps({"blob": inner.decode()}).replace("/", "\\/").encode()
    ledger = ledger_of(Json(), data)
    assert ledger.nested[0].codings[-1] == "base64"
    assert "\ufffc" not in [passage.text for passage in passages(data)]
    text = base64.b64decode(json.loads(clean(Json(), data))["blob"])
    assert text == b"Call Jane Doe at 555-0100 today or tomorrow, or write."


def test_a_private_value_is_masked_whole_and_not_nested() -> None:
    run = base64.b64encode(b"a readable secret that is long enough to be an encoded run").decode()
    data = json.dumps({"password": run}).encode()
    assert not ledger_of(Json(), data).nested
    assert [p.text for p in passages(data) if p.context.private_label] == [run]


@pytest.mark.parametrize(
    "data",
    [
        b"", b" ", b"{", b'{"a"}', b'{"a":}', b'{"a":1,}', b"[1 2]", b"[1,]", b"]", b"1 2",
        b'{"a":1} x', b'{"a":1}{', b"[1}", b"{1:2}", b"01", b"1.", b"+1", b"tru", b"'a'", b"{a:1}",
        b"// x\n1",
        b'"\\x"', b'"a', b'"\t"', rb'"\ud800"', rb'"\udc00\ud800"', b'["\0"]', b'"\xff"', b",",
        b":", b'{"a":1 "b":2}', b'{"a"::1}', b'{,}', b"[,]", b"nullx", b"[" * 501 + b"]" * 501,
        b"[" * 1_000_000, b'{"a":' * 1_000_000,
    ],
)  # fmt: skip
def test_what_is_no_json_is_damaged(data: bytes) -> None:
    with pytest.raises(Damaged):
        ledger_of(Json(), data)


def test_huge_numbers_stay_as_written() -> None:
    data = b'{"n":' + b"9" * 100_000 + b"}"
    assert assert_laws(Json(), structure, data) == data


def test_robust() -> None:
    data = b'{"a":["x\\u200b",1.5e3,{"b":null}],"c":"\xc3\xa9 \\ud83d\\ude00"}'
    assert assert_robust(Json(), structure, data, n=600) > 10


def test_lines_are_read_one_by_one() -> None:
    data = b'{"a":1}\r\n\n[2,"\\u200b"]\n{"b":"x"}'
    output = assert_laws(Jsonl(), partial(read_lines, net=False), data)
    assert output == b'{"a":1}\r\n\n[2,""]\n{"b":"x"}'
    assert passages(data, Jsonl())[-1].where == "line 4 $.b"
    with pytest.raises(Damaged, match="Line 2 "):
        ledger_of(Jsonl(), b'{"a":1}\n{"a":}\n')


def test_the_net_catches_what_detectors_let_through() -> None:
    data = rb'{"a":"jane.doe\u0040example.com","b":"[EMAIL_ADDRESS-k7q2m9xa]"}'
    assert read(MemorySource(data)).leftovers == ("an e-mail address",)
    assert read(MemorySource(b'{"b":"[EMAIL_ADDRESS-k7q2m9xa]"}')).leftovers == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["data/synth_dataset_v2.json", "tests/data/generated_large.json"])
def test_real_files(name: str) -> None:
    path = SHARED / "corpora/presidio-research" / name
    if not path.exists():
        pytest.skip("the shared corpora are not here")
    data = path.read_bytes()
    ledger = ledger_of(Json(), data)
    ledger.tile()
    reading = structure(MemorySource(data))
    assert reading.rendering == ledger.rendering
    assert all(part.role is not Role.UNKNOWN for part in ledger.parts)
    output = clean(Json(), data)
    assert structure(MemorySource(output)).content == digest_of(ledger, data)


def test_keys_by_their_numbers_and_logins_are_private() -> None:
    login = base64.b64encode(b"ci:Cactus7165").decode()
    data = json.dumps(
        {
            "key": {"kty": "EC", "crv": "P-256", "d": "LbFlDYiC84mO6IWIIJBcD4lINQiA", "x": "abc"},
            "auths": {"reg.example.com": {"auth": login}},
            "auth": "basic",
        }
    ).encode()
    found = {row.text: row.context.private_label for row in passages(data)}
    assert found["LbFlDYiC84mO6IWIIJBcD4lINQiA"] == "PRIVATE_KEY"
    assert found[login] == "PASSWORD"
    assert found["basic"] is found["P-256"] is found["EC"] is None
    assert_laws(Json(), structure, data)
