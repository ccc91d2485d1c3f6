"""Commitments: RFC 9162 hashing, RFC 8785 bytes, fixed slots, nothing to read off."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace
from hashlib import sha256

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from scrubber.canonical import LIMIT, canonical, parse_canonical, path_fields, path_from
from scrubber.commit import (
    batch_leaf,
    batch_root,
    fact_secrets,
    facts_root,
    finding_digest,
    held_root,
    item_facts,
    item_leaves,
    length_class,
    padded,
)
from scrubber.merkle import (
    EMPTY,
    MerkleStack,
    inclusion_path,
    leaf_hash,
    merkle_root,
    node_hash,
    root_from_path,
)
from scrubber.model import Action, Finding, ItemRecord, Outcome

KEY = bytes(range(32))

# Certificate Transparency reference inputs (merkle_tree_test.cc) and roots by size.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def record(findings: int = 0, **changes: object) -> ItemRecord:
    fields: dict[str, object] = {
        "index": 7,
        "path": "coast/Jane Example.jpg",
        "outcome": Outcome.CLEANED,
        "size": 481_223,
        "sha256": "ab" * 32,
        "out_path": "coast/0001.jpg",
        "out_sha256": "cd" * 32,
        "out_size": 480_000,
        "findings": tuple(
            Finding(
                "CAMERA_SERIAL",
                "APP1/Exif/BodySerialNumber",
                Action.DROP,
                "exif",
                8,
                value=finding_digest(KEY, "7", ordinal, b"55501234"),
            )
            for ordinal in range(findings)
        ),
    }
    return ItemRecord(**{**fields, **changes})  # type: ignore[arg-type]  # a bag of keywords


@pytest.mark.parametrize("size", range(1, 9))
def test_certificate_transparency_vectors(size: int) -> None:
    leaves = [leaf_hash(data) for data in CT_LEAVES[:size]]
    assert merkle_root(leaves).hex() == CT_ROOTS[size - 1]


def test_empty_tree() -> None:
    assert MerkleStack().root() == EMPTY == sha256(b"").digest()


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 section 2.1.1, as written there."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@pytest.mark.parametrize("size", [*range(1, 40), 100, 127, 128, 129])
def test_stream_equals_the_definition_and_paths_prove(size: int) -> None:
    leaves = [leaf_hash(str(number).encode()) for number in range(size)]
    root = merkle_root(leaves)
    assert root == recursive_root(leaves)
    for index in range(0, size, max(1, size // 9)):
        path = inclusion_path(leaves, index)
        assert root_from_path(leaves[index], index, size, path) == root
        if size > 1:
            assert _claim(leaves[index], (index + 1) % size, size, path) != root
            assert _claim(leaves[index], index, size, path[:-1]) != root
            assert _claim(leaves[index], index, size, (*path, root)) != root


def test_a_path_of_the_wrong_length_is_refused() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(5)]
    path = inclusion_path(leaves, 2)
    for wrong in (path[:-1], (*path, path[0]), ()):
        with pytest.raises(ValueError, match="too"):
            root_from_path(leaves[2], 2, 5, wrong)


def _claim(leaf: bytes, index: int, size: int, path: tuple[bytes, ...]) -> bytes | None:
    try:
        return root_from_path(leaf, index, size, path)
    except ValueError:
        return None


allowed = st.recursive(
    st.none() | st.booleans() | st.integers(-LIMIT + 1, LIMIT - 1) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=126)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(allowed)
def test_canonical_equals_rfc_8785(value: object) -> None:
    text = canonical(value)
    assert text.encode("utf-8") == rfc8785.dumps(value)  # type: ignore[arg-type]  # JSON by construction
    assert parse_canonical(text) == value


@pytest.mark.parametrize(
    "value", [1.0, LIMIT, -LIMIT, {"é": 1}, {1: 2}, b"x", "\udcff", ["\udcff"], {"a": {1, 2}}]
)
def test_canonical_refuses(value: object) -> None:
    with pytest.raises(ValueError):
        canonical(value)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":2}',
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1.0}',
        '{"a":1e3}',
        '{"a":9007199254740992}',
        '{"a":NaN}',
        '{"a":"\\u00e9"}',
        '{"a":"\\ud800"}',
        '{"a":1}\n',
        "[" * 10_000,
        "[" * 100 + "]" * 100,
        "{",
        "",
    ],
)
def test_parse_refuses_what_is_not_canonical(text: str) -> None:
    with pytest.raises(ValueError):
        parse_canonical(text)


@given(st.binary(max_size=40))
def test_paths_survive(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    fields = json.loads(canonical(path_fields(path)))
    assert path_from(fields).encode("utf-8", "surrogateescape") == raw


def test_slots_are_fixed() -> None:
    facts, root = item_facts(KEY, record(2), releases=("mr-7f3a",))
    kinds = [json.loads(fact)["fact"] for fact in facts]
    assert kinds == ["clean", "original", "name", "release", "finding", "finding"]
    assert all(canonical(json.loads(fact)) == fact for fact in facts)
    salts = {json.loads(fact)["salt"] for fact in facts}
    assert len(salts) == len(facts)
    assert {len(salt) for salt in salts} == {32}
    assert bytes.fromhex(root) == facts_root(KEY, "7", facts)


def test_the_root_is_that_of_the_padded_leaves() -> None:
    facts, root = item_facts(KEY, record(2))
    leaves = item_leaves(KEY, "7", facts)
    assert len(leaves) == 8
    assert [sha256(b"\0" + fact.encode()).digest() for fact in facts] == leaves[:5]
    assert merkle_root(leaves).hex() == root
    path = inclusion_path(leaves, 1)
    assert root_from_path(leaves[1], 1, 8, path).hex() == root


def test_equal_values_have_different_digests_and_one_key_opens_one() -> None:
    first, second = (finding_digest(KEY, "7", ordinal, b"55501234") for ordinal in (0, 1))
    assert first != second
    _, opened = fact_secrets(KEY, "7", "finding", 0)
    assert hmac.new(opened, b"55501234", "sha256").hexdigest() == first
    assert hmac.new(opened, b"55501234", "sha256").hexdigest() != second


def test_any_changed_fact_changes_the_root() -> None:
    _, root = item_facts(KEY, record(1))
    changes: list[dict[str, object]] = [
        {"path": "coast/other.jpg"},
        {"sha256": "00" * 32},
        {"size": 1},
        {"out_sha256": None},
        {"findings": ()},
        {"index": 8},
    ]
    for change in changes:
        assert item_facts(KEY, replace(record(1), **change))[1] != root  # type: ignore[arg-type]  # a bag of keywords
    assert item_facts(bytes(32), record(1))[1] != root


def test_no_value_and_no_exact_length_in_a_fact() -> None:
    facts, _ = item_facts(KEY, record(1))
    finding = json.loads(facts[3])
    assert "55501234" not in facts[3]
    assert finding["length"] == "5-8"
    assert set(finding) == {
        "action", "detector", "entity", "fact", "length", "salt", "value", "where",
    }  # fmt: skip


def test_a_path_that_is_not_utf8() -> None:
    facts, _ = item_facts(KEY, record(path="caf\udce9.jpg"))
    assert path_from(json.loads(facts[2])) == "caf\udce9.jpg"


@pytest.mark.parametrize(("count", "width"), [(0, 4), (1, 4), (4, 4), (5, 8), (8, 8), (9, 16)])
def test_padding(count: int, width: int) -> None:
    assert padded(count, 4) == width


def test_the_held_tree_tells_no_number_and_no_order() -> None:
    roots = [sha256(bytes([number])).hexdigest() for number in range(5)]
    assert held_root(KEY, roots) == held_root(KEY, reversed(roots))
    assert held_root(KEY, []) != held_root(bytes(32), [])
    assert len({held_root(KEY, roots[:count]) for count in range(6)}) == 6


def test_the_batch_tree_follows_the_list() -> None:
    roots = [sha256(bytes([number])).hexdigest() for number in range(5)]
    leaves = [batch_leaf(root) for root in roots]
    assert batch_root(roots) == merkle_root(leaves).hex()
    assert batch_root(reversed(roots)) != batch_root(roots)


def test_length_classes_rise() -> None:
    classes = [length_class(length) for length in range(400)]
    assert classes[0] == "0"
    assert list(dict.fromkeys(classes)) == [
        "0", "1-4", "5-8", "9-16", "17-32", "33-64", "65-256", "257+",
    ]  # fmt: skip
