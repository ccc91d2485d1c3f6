"""Batches that a maker committed to by the scheme, and what a cheat would show of them.

Built with `scheme`, so that a cheat is as consistent as its maker could make it.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import scheme
from batches import CONTENT, make_batch
from scheme import Fields

KEY = scheme.commit_key(bytes(range(32)), "b-k7q2m9xa")
ORIGINALS = [f"original {number}, serial 5550123{number}\n".encode() for number in range(4)]
SERIALS = [f"5550123{number}".encode() for number in range(4)]


@dataclass(frozen=True)
class Bundle:
    """What lies before an arbiter."""

    proof: bytes
    head: bytes
    items: bytes
    original: bytes
    value: bytes = b""

    def with_proof(self, proof: Fields) -> Bundle:
        return replace(self, proof=written(proof))


def written(value: object) -> bytes:
    return scheme.canonical(value).encode() + b"\n"


def rows_of(number: int, clean: str | None, original: bytes) -> list[Fields]:
    """The facts of one file with two findings: a serial number, and a name."""
    item = str(number)
    found = (SERIALS[number], b"Jane Example")
    return [
        {"fact": "clean", "sha256": clean},
        {"fact": "original", "sha256": sha256(original).hexdigest(), "size": len(original)},
        {"fact": "name", "path": f"Jane Example/été {number}.txt"},
        {"fact": "release", "id": "mr-7f3a"},
        *(
            {
                "fact": "finding", "action": "drop", "detector": "exif", "entity": entity,
                "length": scheme.length_of(value), "where": f"part {ordinal}",
                "value": scheme.value_of(KEY, item, ordinal, value),
            }
            for ordinal, (entity, value) in enumerate(
                zip(("CAMERA_SERIAL", "PERSON"), found, strict=True)
            )
        ),
    ]  # fmt: skip


class Maker:
    """A batch of four files and two held ones. Every step can be bent before `head`."""

    def __init__(self, folder: Any) -> None:
        make_batch(folder, CONTENT)
        self.items = (folder / "items.jsonl").read_bytes()
        self._head = json.loads((folder / "manifest.json").read_bytes())
        lines = [json.loads(line) for line in self.items.splitlines()]
        self.facts = [
            scheme.facts_of(KEY, str(n), rows_of(n, line["sha256"], ORIGINALS[n]))
            for n, line in enumerate(lines)
        ]
        self.held = [
            scheme.facts_of(KEY, str(8 + n), rows_of(n, None, ORIGINALS[n])) for n in range(2)
        ]
        self.changed: dict[int, list[bytes]] = {}

    def leaves(self, number: int) -> list[bytes]:
        return self.changed.get(number) or scheme.item_leaves(KEY, str(number), self.facts[number])

    def batch(self) -> list[bytes]:
        roots = [scheme.tree(self.leaves(number)) for number in range(len(self.facts))]
        return scheme.batch_leaves(roots)

    def held_tree(self) -> list[bytes]:
        return scheme.held_leaves(
            KEY,
            [scheme.tree(scheme.item_leaves(KEY, str(8 + n), self.held[n])) for n in range(2)],
        )

    def head(self, **private: object) -> bytes:
        value = deepcopy(self._head)
        value["predicate"]["private"].update(
            root=scheme.tree(self.batch()).hex(),
            held_root=scheme.tree(self.held_tree()).hex(),
            **private,
        )
        return written(value)

    def key_of(self, number: int, ordinal: int) -> bytes:
        return scheme.secrets_of(KEY, str(number), "finding", ordinal)[1]

    def bundle(self, number: int = 1, slots: tuple[int, ...] = (0, 1, 4), **changes: Any) -> Bundle:
        head = self.head()
        opened = {
            slot: (self.facts[number][slot], self.key_of(number, slot - 4) if slot > 3 else None)
            for slot in slots
        }
        proof = scheme.proof(head, self.batch(), number, opened, self.leaves(number))
        value = SERIALS[number] if max(slots) > 3 else b""
        whole = Bundle(written(proof), head, self.items, ORIGINALS[number], value)
        return replace(whole, **changes)

    def held_bundle(self) -> Bundle:
        head, leaves = self.head(), scheme.item_leaves(KEY, "8", self.held[0])
        held = self.held_tree()
        index = held.index(scheme.leaf(scheme.tree(leaves)))
        opened = {slot: (self.held[0][slot], None) for slot in (0, 1, 2)}
        proof = scheme.proof(head, held, index, opened, leaves, which="held")
        return Bundle(written(proof), head, self.items, ORIGINALS[0])


Cheat = Callable[[Any], Bundle]
CHEATS: dict[str, Cheat] = {}


def cheat(function: Cheat) -> Cheat:
    CHEATS[function.__name__] = function
    return function


def bent(folder: Any, bend: Callable[[Fields], object], **bundle: Any) -> Bundle:
    """An honest proof with one thing changed."""
    honest = Maker(folder).bundle(**bundle)
    proof = json.loads(honest.proof)
    bend(proof)
    return honest.with_proof(proof)


@cheat
def altered_fact(folder: Any) -> Bundle:
    def bend(proof: Fields) -> None:
        fact = json.loads(proof["item"]["facts"][1]["fact"])
        fact["sha256"] = sha256(b"another").hexdigest()
        proof["item"]["facts"][1]["fact"] = scheme.canonical(fact)

    return replace(bent(folder, bend), original=b"another")


@cheat
def altered_path_of_a_fact(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][0]["path"].__setitem__(0, "00" * 32))


@cheat
def altered_path_of_the_item(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["leaf"]["path"].reverse())


@cheat
def shortened_path(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["leaf"]["path"].pop())


@cheat
def lengthened_path(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][0]["path"].append("00" * 32))


@cheat
def shifted_index(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["leaf"].__setitem__("index", 2))


@cheat
def shifted_slot(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][2].__setitem__("slot", 5))


@cheat
def index_outside(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["leaf"].__setitem__("index", 4))


@cheat
def wrong_leaf_count(folder: Any) -> Bundle:
    """Four leaves read as five would lead elsewhere; three as four would not, in this place."""
    return bent(folder, lambda p: p["leaf"].__setitem__("size", 3), number=0)


@cheat
def wrong_item_size(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"].__setitem__("size", 16))


@cheat
def more_leaves_than_lines(folder: Any) -> Bundle:
    """A fifth leaf, behind the list, for a second original of the second file."""
    maker = Maker(folder)
    clean = json.loads(maker.facts[1][0])["sha256"]
    other = b"another original\n"
    maker.facts.append(scheme.facts_of(KEY, "4", rows_of(1, clean, other)))
    head = maker.head()
    opened = {slot: (maker.facts[4][slot], None) for slot in (0, 1)}
    proof = scheme.proof(head, maker.batch(), 4, opened, maker.leaves(4))
    return Bundle(written(proof), head, maker.items, other)


@cheat
def second_original_at_another_line(folder: Any) -> Bundle:
    """Leaf 2 is committed as the file of line 1: the list stands against it."""
    maker = Maker(folder)
    clean = json.loads(maker.facts[1][0])["sha256"]
    maker.facts[2] = scheme.facts_of(KEY, "2", rows_of(2, clean, ORIGINALS[2]))
    return maker.bundle(2)


@cheat
def second_original_in_a_free_slot(folder: Any) -> Bundle:
    maker = Maker(folder)
    other = b"another original\n"
    salt = "11" * 16
    second = {"fact": "original", "sha256": sha256(other).hexdigest(), "size": len(other)}
    maker.facts[1].append(scheme.canonical({**second, "salt": salt}))
    head, facts = maker.head(), maker.facts[1]
    opened = {0: (facts[0], None), 6: (facts[6], None)}
    proof = scheme.proof(head, maker.batch(), 1, opened, maker.leaves(1))
    return Bundle(written(proof), head, maker.items, other)


@cheat
def second_original_beside_the_first(folder: Any) -> Bundle:
    maker = Maker(folder)
    other = b"another original\n"
    second = {"fact": "original", "sha256": sha256(other).hexdigest(), "size": len(other)}
    maker.facts[1].append(scheme.canonical({**second, "salt": "11" * 16}))
    head, facts = maker.head(), maker.facts[1]
    opened: dict[int, tuple[str, bytes | None]] = {n: (facts[n], None) for n in (0, 1, 6)}
    proof = scheme.proof(head, maker.batch(), 1, opened, maker.leaves(1))
    return Bundle(written(proof), head, maker.items, ORIGINALS[1])


@cheat
def second_original_by_duplicate_key(folder: Any) -> Bundle:
    """One reader takes the first `sha256`, another the last: such a fact is none."""
    maker = Maker(folder)
    other = b"another original\n"
    first = json.loads(maker.facts[1][1])["sha256"]
    fact = (
        f'{{"fact":"original","salt":"{"11" * 16}","sha256":"{first}",'
        f'"sha256":"{sha256(other).hexdigest()}","size":{len(other)}}}'
    )
    maker.facts[1][1] = fact
    return replace(maker.bundle(1, (0, 1)), original=other)


@cheat
def second_original_by_another_size_of_the_tree(folder: Any) -> Bundle:
    """Slot 1 of four, and slot 1 of eight, in one tree: only one size has a slot 0."""
    maker = Maker(folder)
    other = b"another original\n"
    second = {"fact": "original", "sha256": sha256(other).hexdigest(), "size": len(other)}
    text = scheme.canonical({**second, "salt": "11" * 16})
    deep = [scheme.leaf(maker.facts[1][slot].encode()) for slot in (0, 1)]
    left = scheme.node(*deep)
    four = [left, scheme.leaf(text.encode()), bytes(32), bytes(32)]
    maker.changed[1] = four
    head = maker.head()
    opened: dict[int, tuple[str, bytes | None]] = {0: (maker.facts[1][0], None), 1: (text, None)}
    proof = scheme.proof(head, maker.batch(), 1, opened, four)
    return Bundle(written(proof), head, maker.items, other)


@cheat
def only_the_original(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"].pop(0))


@cheat
def facts_of_two_items(folder: Any) -> Bundle:
    other = json.loads(Maker(folder / "1").bundle(2).proof)
    return bent(
        folder / "2",
        lambda p: p["item"]["facts"].__setitem__(2, other["item"]["facts"][2]),
    )


@cheat
def wrong_original(folder: Any) -> Bundle:
    return replace(Maker(folder).bundle(), original=ORIGINALS[2])


@cheat
def wrong_value(folder: Any) -> Bundle:
    return replace(Maker(folder).bundle(), value=b"55501239")


@cheat
def key_of_another_finding(folder: Any) -> Bundle:
    key = Maker(folder / "1").key_of(1, 1).hex()
    return bent(folder / "2", lambda p: p["item"]["facts"][2].__setitem__("key", key))


@cheat
def value_without_a_key(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][2].pop("key"))


@cheat
def key_for_a_fact_that_is_no_finding(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][1].__setitem__("key", "00" * 32))


@cheat
def short_key(folder: Any) -> Bundle:
    return bent(folder, lambda p: p["item"]["facts"][2].__setitem__("key", "00"))


@cheat
def proof_of_another_batch(folder: Any) -> Bundle:
    other = Maker(folder)
    other.facts[3] = scheme.facts_of(KEY, "3", rows_of(3, "ab" * 32, b"x"))
    return replace(Maker(folder / "2").bundle(), head=other.head())


@cheat
def another_batch_under_the_name_of_this_one(folder: Any) -> Bundle:
    """The digest of the head is put right: the roots stand against it."""
    other = Maker(folder)
    other.facts[3] = scheme.facts_of(KEY, "3", rows_of(3, "ab" * 32, b"x"))
    honest = Maker(folder / "2").bundle(head=other.head())
    proof = json.loads(honest.proof)
    proof["head"] = sha256(honest.head).hexdigest()
    return honest.with_proof(proof)


@cheat
def head_with_other_words(folder: Any) -> Bundle:
    """The same roots under another policy: the proof was not made for this head."""
    honest = Maker(folder).bundle()
    return replace(honest, head=honest.head.replace(b'"name":"standard"', b'"name":"strictest"'))


@cheat
def original_and_clean_change_places(folder: Any) -> Bundle:
    maker = Maker(folder)
    facts = maker.facts[1]
    facts[0], facts[1] = facts[1], facts[0]
    return maker.bundle(1, (0, 1))


@cheat
def name_where_a_release_stands(folder: Any) -> Bundle:
    """A second name, in a slot that is not that of names."""
    maker = Maker(folder)
    name = {**json.loads(maker.facts[1][2]), "path": "another name.txt"}
    maker.facts[1].append(scheme.canonical(name))
    head, facts = maker.head(), maker.facts[1]
    opened: dict[int, tuple[str, bytes | None]] = {n: (facts[n], None) for n in (0, 1, 6)}
    proof = scheme.proof(head, maker.batch(), 1, opened, maker.leaves(1))
    return Bundle(written(proof), head, maker.items, ORIGINALS[1])


@cheat
def dummy_as_a_fact(folder: Any) -> Bundle:
    """The maker knows the 32 bytes of a dummy, and no text that hashes to them."""
    maker = Maker(folder)
    head, leaves = maker.head(), maker.leaves(1)
    opened = {n: (maker.facts[1][n], None) for n in (0, 1)}
    proof = scheme.proof(head, maker.batch(), 1, opened, leaves)
    path = [one.hex() for one in scheme.path_of(leaves, 6)]
    for fact in (leaves[6].hex(), maker.facts[1][4]):
        proof["item"]["facts"][2:] = [{"slot": 6, "fact": fact, "path": path}]
    return Bundle(written(proof), head, maker.items, ORIGINALS[1])


@cheat
def duplicate_key_in_the_proof(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    return replace(honest, proof=honest.proof.replace(b'{"batch":', b'{"batch":"x","batch":', 1))


@cheat
def duplicate_object_in_the_proof(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    return replace(honest, proof=honest.proof.replace(b'{"batch":', b'{"leaf":{"x":1},"batch":', 1))


@cheat
def duplicate_key_in_the_head(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    head = honest.head.replace(b'"private":{', b'"private":{"root":"00",', 1)
    proof = json.loads(honest.proof)
    proof["head"] = sha256(head).hexdigest()
    return replace(honest, head=head).with_proof(proof)


@cheat
def unknown_field(folder: Any) -> Bundle:
    return bent(folder, lambda p: p.__setitem__("note", "trust me"))


@cheat
def unknown_field_in_a_fact(folder: Any) -> Bundle:
    maker = Maker(folder)
    fact = {**json.loads(maker.facts[1][1]), "was": "00" * 32}
    maker.facts[1][1] = scheme.canonical(fact)
    return maker.bundle(1, (0, 1))


@cheat
def another_list(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    return replace(honest, items=honest.items.replace(b"image/jpeg", b"image/jpog"))


@cheat
def held_as_published(folder: Any) -> Bundle:
    honest = Maker(folder).held_bundle()
    proof = json.loads(honest.proof)
    proof["tree"] = "items"
    return honest.with_proof(proof)


@cheat
def published_as_held(folder: Any) -> Bundle:
    return bent(folder, lambda p: p.__setitem__("tree", "held"))


@cheat
def published_in_the_held_tree(folder: Any) -> Bundle:
    maker = Maker(folder)
    maker.held[0] = maker.facts[1]
    leaves = scheme.item_leaves(KEY, "8", maker.held[0])
    head, held = maker.head(), maker.held_tree()
    index = held.index(scheme.leaf(scheme.tree(leaves)))
    opened = {slot: (maker.held[0][slot], None) for slot in (0, 1)}
    proof = scheme.proof(head, held, index, opened, leaves, which="held")
    return Bundle(written(proof), head, maker.items, ORIGINALS[1])


@cheat
def held_in_the_published_tree(folder: Any) -> Bundle:
    maker = Maker(folder)
    maker.facts[1] = scheme.facts_of(KEY, "1", rows_of(1, None, ORIGINALS[1]))
    return maker.bundle(1, (0, 1))


@cheat
def two_documents(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    return replace(honest, proof=honest.proof + honest.proof)


@cheat
def nothing(folder: Any) -> Bundle:
    return replace(Maker(folder).bundle(), proof=b"")


@cheat
def deep(folder: Any) -> Bundle:
    return replace(Maker(folder).bundle(), proof=b"[" * 200_000)


@cheat
def huge(folder: Any) -> Bundle:
    honest = Maker(folder).bundle()
    return replace(honest, proof=honest.proof[:-2] + b" " * (5 << 20) + b"}\n")


@cheat
def no_text(folder: Any) -> Bundle:
    return replace(Maker(folder).bundle(), proof=bytes(range(256)) * 8)


def mutations(bundle: Bundle, seed: int, count: int) -> Iterator[bytes]:
    """The proof with a byte changed, removed, doubled, or with a value from elsewhere in it."""
    draw = random.Random(seed)
    for _ in range(count):
        data = bytearray(bundle.proof)
        at = draw.randrange(len(data) - 1)
        how = draw.randrange(5)
        if how == 0:
            data[at] ^= 1 << draw.randrange(8)
        elif how == 1:
            del data[at : at + draw.randrange(1, 70)]
        elif how == 2:
            data[at:at] = data[at : at + draw.randrange(1, 70)]
        elif how == 3:
            data[at] = draw.choice(b'0123456789abcdef{}[]",:\\ ')
        else:
            other = draw.randrange(len(data) - 64)
            data[at : at + 64] = data[other : other + 64]
        if bytes(data) != bundle.proof:
            yield bytes(data)
