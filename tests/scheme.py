"""scrub-commit/v1 written a second time, from docs/spec/scrub-commit-v1.md alone.

Imports nothing of ours. Tests hold it against the vectors and the program, and build
with it what a cheating maker would publish.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

Fields = dict[str, Any]


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def commit_key(project_key: bytes, batch: str) -> bytes:
    extracted = hmac.new(bytes(32), project_key, "sha256").digest()
    info = b"scrub/v1/commit/" + batch.encode()
    return hmac.new(extracted, info + b"\x01", "sha256").digest()


def secrets_of(key: bytes, item: str, kind: str, ordinal: int) -> tuple[bytes, bytes]:
    message = b"\x00".join([item.encode(), kind.encode(), str(ordinal).encode()])
    out = hmac.new(key, message, "sha512").digest()
    return out[0:16], out[16:48]


def value_of(key: bytes, item: str, ordinal: int, found: bytes) -> str:
    return hmac.new(secrets_of(key, item, "finding", ordinal)[1], found, "sha256").hexdigest()


def length_of(found: bytes) -> str:
    size = len(found)
    for low, high in ((0, 0), (1, 4), (5, 8), (9, 16), (17, 32), (33, 64), (65, 256)):
        if low <= size <= high:
            return "0" if high == 0 else f"{low}-{high}"
    return "257+"


def leaf(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split_of(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def tree(leaves: list[bytes]) -> bytes:
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = split_of(len(leaves))
    return node(tree(leaves[:half]), tree(leaves[half:]))


def path_of(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    half = split_of(len(leaves))
    if index < half:
        return [*path_of(leaves[:half], index), tree(leaves[half:])]
    return [*path_of(leaves[half:], index - half), tree(leaves[:half])]


def width(count: int, least: int) -> int:
    while least < count:
        least *= 2
    return least


def facts_of(key: bytes, item: str, rows: list[Fields]) -> list[str]:
    """Rows have `fact` and their fields; each gets its salt."""
    seen: dict[str, int] = {}
    facts = []
    for row in rows:
        ordinal = seen.get(row["fact"], 0)
        seen[row["fact"]] = ordinal + 1
        salt = secrets_of(key, item, row["fact"], ordinal)[0].hex()
        facts.append(canonical({**row, "salt": salt}))
    return facts


def item_leaves(key: bytes, item: str, facts: list[str]) -> list[bytes]:
    leaves = [leaf(fact.encode()) for fact in facts]
    slots = range(len(facts), width(len(facts), 4))
    return leaves + [secrets_of(key, item, "dummy", slot)[1] for slot in slots]


def batch_leaves(roots: list[bytes]) -> list[bytes]:
    return [leaf(root) for root in roots]


def held_leaves(key: bytes, roots: list[bytes]) -> list[bytes]:
    numbers = range(len(roots), width(len(roots), 16))
    dummies = [leaf(secrets_of(key, "", "held", number)[1]) for number in numbers]
    return sorted([leaf(root) for root in roots] + dummies)


def first_link(batch: str) -> str:
    return sha256(b"scrub-log/v1" + batch.encode()).hexdigest()


def log_head(batch: str, lines: list[bytes]) -> str | None:
    """The head of a log, None where the chain is broken."""
    before = first_link(batch)
    for number, line in enumerate(lines):
        event = json.loads(line)
        if event["prev"] != before or event["seq"] != number:
            return None
        before = sha256(line).hexdigest()
    return before


def proof(
    head: bytes,
    items: list[bytes],
    index: int,
    opened: Mapping[int, tuple[str, bytes | None]],
    leaves: list[bytes],
    *,
    which: str = "items",
) -> Fields:
    """`items`: leaves of the batch tree or of the held one; `opened`: slot → text and key."""
    rows = []
    for slot, (fact, key) in sorted(opened.items()):
        row: Fields = {"slot": slot, "fact": fact}
        row["path"] = [one.hex() for one in path_of(leaves, slot)]
        if key is not None:
            row["key"] = key.hex()
        rows.append(row)
    return {
        "schema": "scrub.proof/1",
        "scheme": "scrub-commit/v1",
        "batch": json.loads(head)["predicate"]["batch"]["id"],
        "head": sha256(head).hexdigest(),
        "tree": which,
        "leaf": {
            "index": index,
            "size": len(items),
            "path": [one.hex() for one in path_of(items, index)],
        },
        "item": {"size": len(leaves), "facts": rows},
    }
