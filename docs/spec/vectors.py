"""Writes vectors.json, the test vectors of scrub-commit/v1, with the program's own code.

Usage: python docs/spec/vectors.py

`tests/test_spec.py` checks every value with a second implementation, and that this makes
the file that stands here.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))

from reports.log import first_link  # noqa: E402
from scrubber.canonical import canonical  # noqa: E402
from scrubber.commit import (  # noqa: E402
    batch_root,
    fact_secrets,
    finding_digest,
    held_root,
    item_facts,
    item_leaves,
    length_class,
)
from scrubber.keys import ProjectKey  # noqa: E402
from scrubber.merkle import inclusion_path, leaf_hash, merkle_root  # noqa: E402
from scrubber.model import Action, Finding, ItemRecord, Outcome  # noqa: E402

SECRET = bytes(range(32))
BATCH = "b-k7q2m9xav4ct5n6w"
VALUES = ((b"55501234", "CAMERA_SERIAL", "drop"), ("Zoë Example".encode(), "PERSON", "edit"))
# The inputs of Certificate Transparency's own tests (merkle_tree_test.cc).
CT = "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"  # fmt: skip # noqa: E501


def vectors() -> dict[str, object]:
    key = ProjectKey(SECRET).commit_key(BATCH)
    return {
        "project_key": SECRET.hex(),
        "batch": BATCH,
        "commit_key": key.hex(),
        "secrets": [_secrets(key, *row) for row in (("7", "clean", 0), ("7", "finding", 11))],
        "lengths": {str(n): length_class(n) for n in (0, 1, 4, 5, 16, 17, 64, 256, 257)},
        "canonical": [canonical(value) for value in _JSON],
        "items": [_item(key, *row) for row in _ITEMS],
        "batch_roots": [batch_root(_roots(key)[:n]) for n in range(4)],
        "held_roots": [held_root(key, _roots(key)[:n]) for n in range(4)],
        "first_prev": first_link(BATCH),
        "certificate_transparency": {
            "leaves": CT,
            "roots": [merkle_root(_ct(n)).hex() for n in range(9)],
            "paths": [[one.hex() for one in inclusion_path(_ct(7), n)] for n in range(7)],
        },
    }


_JSON: tuple[dict[str, object], ...] = (
    {"b": 1, "a": [True, None, -(2**53) + 1], "A": '\x00\x1f\x7f\b\t\n\f\r"\\/é\U0001f600'},
    {},
    {"long": "\u2028", "size": 2**53 - 1},
)
_ITEMS = (
    (7, "coast/Jane Example.jpg", (), 2, False),
    (8, "caf\udce9 \u202e.txt", ("mr-7f3a", "pr-0001"), 2, False),
    (9, "held.docx", (), 0, True),
)


def _item(
    key: bytes, index: int, path: str, releases: tuple[str, ...], findings: int, held: bool
) -> dict[str, object]:
    record = _record(key, index, path, findings, held)
    facts, root = item_facts(key, record, releases=releases)
    leaves = item_leaves(key, str(index), facts)
    return {
        "item": str(index),
        "path_bytes": path.encode("utf-8", "surrogateescape").hex(),
        "values": [value.hex() for value, *_ in VALUES[:findings]],
        "facts": facts,
        "leaves": [one.hex() for one in leaves],
        "root": root,
        "path_of_slot_1": [one.hex() for one in inclusion_path(leaves, 1)],
    }


def _record(key: bytes, index: int, path: str, findings: int, held: bool) -> ItemRecord:
    return ItemRecord(
        index=index,
        path=path,
        outcome=Outcome.HELD if held else Outcome.CLEANED,
        size=481_223,
        sha256="ab" * 32,
        out_sha256=None if held else "cd" * 32,
        findings=tuple(
            Finding(
                entity, f"part {n}", Action(action), "structure", len(value),
                value=finding_digest(key, str(index), n, value),
            )
            for n, (value, entity, action) in enumerate(VALUES[:findings])
        ),
    )  # fmt: skip


def _roots(key: bytes) -> list[str]:
    return [str(_item(key, *row)["root"]) for row in _ITEMS]


def _secrets(key: bytes, item: str, kind: str, ordinal: int) -> dict[str, object]:
    salt, secret = fact_secrets(key, item, kind, ordinal)
    return {
        "item": item, "kind": kind, "ordinal": ordinal, "salt": salt.hex(), "k": secret.hex(),
    }  # fmt: skip


def _ct(count: int) -> list[bytes]:
    return [leaf_hash(bytes.fromhex(text)) for text in CT[:count]]


def text() -> str:
    return json.dumps(vectors(), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    (HERE / "vectors.json").write_text(text(), "ascii")
