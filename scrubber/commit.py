"""Private commitments, scheme scrub-commit/v1.

An item is a Merkle tree over its facts in fixed slots: 0 `clean`, 1 `original`,
2 `name`, then releases, then findings. Every fact has a salt of its own, every
finding a key of its own, so that opening one tells nothing about the others;
fixed slots leave nobody a second original to open. The batch tree has item i of
the public list as leaf i.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from scrubber.canonical import encode_checked, encode_text, path_fields, plain
from scrubber.merkle import MerkleStack, leaf_hash, merkle_root
from scrubber.model import Finding, ItemRecord

SCHEME = "scrub-commit/v1"
SLOTS = ("clean", "original", "name")
ITEM_WIDTH = 4  # smallest padded item tree
HELD_WIDTH = 16  # smallest padded tree of held items

_LENGTHS = ((4, "1-4"), (8, "5-8"), (16, "9-16"), (32, "17-32"), (64, "33-64"), (256, "65-256"))


def length_class(length: int) -> str:
    """The class in which a length in bytes is written down: coarse, so that it tells little."""
    if length < 1:
        return "0"
    for limit, name in _LENGTHS:
        if length <= limit:
            return name
    return "257+"


def class_range(name: str) -> tuple[int, int]:
    """The shortest and the longest length in bytes of a class; (0, -1) for an unknown name."""
    if name == "257+":
        return 257, 1 << 53
    limits = [0, *(limit for limit, _ in _LENGTHS)]
    for least, (limit, known) in zip(limits, _LENGTHS, strict=False):
        if known == name:
            return least + 1, limit
    return (0, 0) if name == "0" else (0, -1)


@lru_cache(maxsize=256)  # the digest of a finding and its fact ask for the same ones
def fact_secrets(commit_key: bytes, item_id: str, kind: str, ordinal: int) -> tuple[bytes, bytes]:
    """Salt (16 bytes) and key (32 bytes) of one fact, from one HMAC-SHA-512."""
    if "\0" in item_id:
        raise ValueError("an item id holds no NUL")
    out = hmac.digest(commit_key, f"{item_id}\0{kind}\0{ordinal}".encode(), "sha512")
    return out[:16], out[16:48]


def finding_digest(commit_key: bytes, item_id: str, ordinal: int, value: bytes) -> str:
    """The keyed digest (hex HMAC-SHA-256) of the value of finding `ordinal` (0, 1, …) of an item.

    To be called where the value is; it must not travel further.
    """
    _, key = fact_secrets(commit_key, item_id, "finding", ordinal)
    return hmac.digest(key, value, "sha256").hex()


def item_facts(
    commit_key: bytes,
    record: ItemRecord,
    *,
    item_id: str | None = None,
    releases: Sequence[str] = (),
) -> tuple[tuple[str, ...], str]:
    """The salted facts of one item as canonical JSON in slot order, and its root (hex).

    `item_id` is the decimal walk index unless given; it must be the one that
    `finding_digest` was called with. A held item has a `clean` fact of null.
    """
    name = str(record.index) if item_id is None else item_id
    facts = [
        _fact(commit_key, name, "clean", 0, {"sha256": record.out_sha256}),
        _fact(commit_key, name, "original", 0, {"sha256": record.sha256, "size": record.size}),
        _fact(commit_key, name, "name", 0, path_fields(record.path)),
    ]
    for ordinal, release in enumerate(releases):
        facts.append(_fact(commit_key, name, "release", ordinal, {"id": plain(release)}))
    for ordinal, finding in enumerate(record.findings):
        salt, _ = fact_secrets(commit_key, name, "finding", ordinal)
        facts.append(_finding_fact(finding, salt))
    return tuple(facts), facts_root(commit_key, name, facts).hex()


def facts_root(commit_key: bytes, item_id: str, facts: Sequence[str]) -> bytes:
    """The root of the item tree over stored facts, padded to a power of two of at least 4."""
    return merkle_root(item_leaves(commit_key, item_id, facts))


def item_leaves(commit_key: bytes, item_id: str, facts: Sequence[str]) -> list[bytes]:
    """Leaf hashes of the item tree: the facts, then derived dummies that look like hashes."""
    leaves = [leaf_hash(fact.encode("utf-8")) for fact in facts]
    empty = range(len(leaves), padded(len(leaves), ITEM_WIDTH))
    leaves.extend(fact_secrets(commit_key, item_id, "dummy", slot)[1] for slot in empty)
    return leaves


def batch_leaf(item_root: str | bytes) -> bytes:
    """The leaf hash of an item in the batch tree and in the tree of held items."""
    return leaf_hash(bytes.fromhex(item_root) if isinstance(item_root, str) else item_root)


def held_root(commit_key: bytes, item_roots: Iterable[str]) -> str:
    """The root (hex) over the items that were not written; their number cannot be read off it.

    Padded with derived dummies to a power of two of at least 16, ordered by hash.
    """
    return merkle_root(held_leaves(commit_key, item_roots)).hex()


def held_leaves(commit_key: bytes, item_roots: Iterable[str]) -> list[bytes]:
    """The leaf hashes of the tree of held items, dummies among them, ordered by hash."""
    leaves = [batch_leaf(root) for root in item_roots]
    empty = range(len(leaves), padded(len(leaves), HELD_WIDTH))
    leaves.extend(batch_leaf(fact_secrets(commit_key, "", "held", slot)[1]) for slot in empty)
    return sorted(leaves)


def batch_root(item_roots: Iterable[str]) -> str:
    """The root (hex) of the batch tree: item roots in the order of items.jsonl."""
    stack = MerkleStack()
    for root in item_roots:
        stack.add(batch_leaf(root))
    return stack.root().hex()


def padded(count: int, least: int) -> int:
    """The next power of two that holds `count` leaves, and is at least `least`."""
    return max(least, 1 << (count - 1).bit_length() if count else 1)


def _finding_fact(finding: Finding, salt: bytes) -> str:
    """As `_fact`, spelled out: most facts are findings."""
    return (
        f'{{"action":{encode_text(finding.action.value)}'
        f',"detector":{encode_text(plain(finding.detector))}'
        f',"entity":{encode_text(finding.entity)}'
        f',"fact":"finding"'
        f',"length":"{length_class(finding.length)}"'
        f',"salt":"{salt.hex()}"'
        f',"value":{encode_text(finding.value)}'
        f',"where":{encode_text(plain(finding.where))}}}'
    )


def _fact(
    commit_key: bytes,
    item_id: str,
    kind: str,
    ordinal: int,
    fields: Mapping[str, str | int | None],
) -> str:
    salt, _ = fact_secrets(commit_key, item_id, kind, ordinal)
    return encode_checked({**fields, "fact": kind, "salt": salt.hex()})
