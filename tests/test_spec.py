"""The page of scrub-commit/v1 is enough to write it again: vectors, and a real batch."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
import scheme

SPEC = Path(__file__).parent.parent / "docs" / "spec"
VECTORS: dict[str, Any] = json.loads((SPEC / "vectors.json").read_text("ascii"))
KEY = bytes.fromhex(VECTORS["commit_key"])
# As Certificate Transparency publishes them (merkle_tree_test.cc); the empty tree first.
CT_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def test_the_file_is_what_the_script_makes() -> None:
    made = runpy.run_path(str(SPEC / "vectors.py"))["text"]()
    assert made == (SPEC / "vectors.json").read_text("ascii")


def test_keys() -> None:
    project = bytes.fromhex(VECTORS["project_key"])
    assert scheme.commit_key(project, VECTORS["batch"]) == KEY
    for row in VECTORS["secrets"]:
        salt, secret = scheme.secrets_of(KEY, row["item"], row["kind"], row["ordinal"])
        assert (salt.hex(), secret.hex()) == (row["salt"], row["k"])


def test_lengths() -> None:
    for size, name in VECTORS["lengths"].items():
        assert scheme.length_of(bytes(int(size))) == name


def test_canonical_json() -> None:
    for text in VECTORS["canonical"]:
        assert scheme.canonical(json.loads(text)) == text


@pytest.mark.parametrize("row", VECTORS["items"], ids=lambda row: row["item"])
def test_items(row: dict[str, Any]) -> None:
    facts = [json.loads(fact) for fact in row["facts"]]
    plain = [{name: fact[name] for name in fact if name != "salt"} for fact in facts]
    assert scheme.facts_of(KEY, row["item"], plain) == row["facts"]
    path = bytes.fromhex(row["path_bytes"])
    assert facts[2]["path"] == path.decode("utf-8", "replace")
    assert ("path_hex" in facts[2]) == (path.decode("utf-8", "ignore").encode() != path)
    found = [fact for fact in facts if fact["fact"] == "finding"]
    for ordinal, (fact, value) in enumerate(zip(found, row["values"], strict=True)):
        value = bytes.fromhex(value)
        assert fact["value"] == scheme.value_of(KEY, row["item"], ordinal, value)
        assert fact["length"] == scheme.length_of(value)
    leaves = scheme.item_leaves(KEY, row["item"], row["facts"])
    assert [one.hex() for one in leaves] == row["leaves"]
    assert scheme.tree(leaves).hex() == row["root"]
    assert [one.hex() for one in scheme.path_of(leaves, 1)] == row["path_of_slot_1"]


def test_trees_of_a_batch() -> None:
    roots = [bytes.fromhex(row["root"]) for row in VECTORS["items"]]
    for count, root in enumerate(VECTORS["batch_roots"]):
        assert scheme.tree(scheme.batch_leaves(roots[:count])).hex() == root
    for count, root in enumerate(VECTORS["held_roots"]):
        assert scheme.tree(scheme.held_leaves(KEY, roots[:count])).hex() == root
    assert scheme.first_link(VECTORS["batch"]) == VECTORS["first_prev"]


def test_certificate_transparency() -> None:
    rows = VECTORS["certificate_transparency"]
    assert rows["roots"] == CT_ROOTS
    leaves = [scheme.leaf(bytes.fromhex(text)) for text in rows["leaves"]]
    assert [scheme.tree(leaves[:count]).hex() for count in range(9)] == CT_ROOTS
    for index, path in enumerate(rows["paths"]):
        assert [one.hex() for one in scheme.path_of(leaves[:7], index)] == path
