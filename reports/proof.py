"""The reader of proofs: does what `proof.json` opens stand under this published head?

Reads the scheme of docs/spec/scrub-commit-v1.md anew, without the code that writes
proofs or builds trees: only hashlib, hmac and the reader of the head.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import cast

from reports.digest import file_digest
from reports.manifest import HEAD, ITEMS, Head, parse_head
from scrubber.canonical import path_from
from scrubber.errors import VerificationError

SCHEMA = "scrub.proof/1"
MOST = 4 << 20
"""Bytes of a proof; four thousand opened findings fit."""

_HEX = re.compile(r"[0-9a-f]{64}")
_SALT = re.compile(r"[0-9a-f]{32}")
_FIXED = {"clean": 0, "original": 1, "name": 2}
_FIELDS = {
    "clean": {"sha256"},
    "original": {"sha256", "size"},
    "name": {"path"},
    "release": {"id"},
    "finding": {"action", "detector", "entity", "length", "value", "where"},
}
_FIX = "Ask for the proof and the manifest again, both of the same batch."


@dataclass(frozen=True, slots=True)
class Opened:
    """A finding that the proof opens; `key` (32 bytes) is there where its value may be tested."""

    slot: int
    entity: str
    where: str
    action: str
    length: str
    value: str
    key: bytes | None

    def is_value(self, data: bytes) -> bool:
        """Is `data` what was found? HMAC-SHA-256 under the opened key."""
        if self.key is None:
            return False
        return hmac.compare_digest(hmac.digest(self.key, data, "sha256").hex(), self.value)


@dataclass(frozen=True, slots=True)
class Proven:
    """What stands under the head. `line` counts from 1; a held item has neither line nor clean."""

    batch: str
    original: str
    size: int
    clean: str | None
    line: int | None
    name: str | None
    releases: tuple[str, ...]
    findings: tuple[Opened, ...]
    head: Head


class _Refused(ValueError):
    """Why a proof is none, in words."""


def read_proof(proof: bytes, head: bytes) -> Proven:
    """Check a proof against the bytes of manifest.json. Raises VerificationError."""
    try:
        published = parse_head(head)
    except ValueError as error:
        raise _refused(f"{HEAD} cannot be read as one: {error}.") from None
    try:
        return _proven(_parsed(proof), published, sha256(head).hexdigest())
    except _Refused as error:
        raise _refused(f"{error}.") from None


def check_line(proven: Proven, items: Path) -> None:
    """The list is the published one, and the line of this item names this clean file.

    Without this a maker could have committed two originals for one file, and opened the one
    that suits. Raises VerificationError.
    """
    found = file_digest(items, 1 << 40)
    if found is None:
        raise _refused(f"{items} cannot be read.")
    if found[0] != proven.head.subjects.get(ITEMS):
        raise _refused(f"{items} is not the list that the manifest names.")
    if proven.line is None:
        return
    with items.open("rb") as stream:
        line = next(islice(stream, proven.line - 1, proven.line), b"")
    if json.loads(line or b"{}").get("sha256") != proven.clean:
        raise _refused(f"line {proven.line} of {items} names another file.")


def check_original(proven: Proven, original: Path) -> None:
    """The file in hand is the original. Raises VerificationError."""
    found = file_digest(original.resolve(), 1 << 50)
    if found is None:
        raise _refused(f"{original} cannot be read.")
    if found != (proven.original, proven.size):
        raise _refused(f"{original} is not the original that the proof opens.")


def check_value(proven: Proven, data: bytes) -> Opened:
    """The opened finding that has this value. Raises VerificationError."""
    tested = [one for one in proven.findings if one.key is not None]
    if not tested:
        raise _refused("it opens the value of no finding.", "Ask for one made with --finding.")
    for one in tested:
        if one.is_value(data):
            return one
    raise _refused("this value is not the one that was committed.", "Read the value again.")


def _refused(why: str, fix: str = _FIX) -> VerificationError:
    return VerificationError("The proof does not hold:", why, fix)


def _proven(proof: dict[str, object], head: Head, digest: str) -> Proven:
    _keys(proof, "the proof", {"schema", "scheme", "batch", "head", "tree", "leaf", "item"})
    if proof["schema"] != SCHEMA or proof["scheme"] != "scrub-commit/v1":
        raise _Refused("it is of another scheme")
    if proof["batch"] != head.batch_id or proof["head"] != digest:
        raise _Refused("it belongs to another manifest")
    item = _object(proof["item"], "item")
    _keys(item, "item", {"size", "facts"})
    size = _number(item["size"], "item size")
    if size < 4 or size & (size - 1):
        raise _Refused("no item tree has this size")
    opened = [_fact(one, size) for one in _list(item["facts"], "facts")]
    root = _one_root(opened)
    held = proof["tree"] == "held"
    if not held and proof["tree"] != "items":
        raise _Refused("it names no tree that there is")
    line = _under_head(proof["leaf"], root, head, held=held)
    return _told(head, opened, None if held else line)


def _one_root(opened: list[_Open]) -> bytes:
    slots = [one.slot for one in opened]
    if slots[:2] != [0, 1] or slots != sorted(set(slots)):
        raise _Refused("it must open `clean` and `original` first, and every slot once")
    roots = {one.root for one in opened}
    if len(roots) != 1:
        raise _Refused("its facts are not of one item")
    return roots.pop()


def _under_head(value: object, item_root: bytes, head: Head, *, held: bool) -> int:
    leaf = _object(value, "leaf")
    _keys(leaf, "leaf", {"index", "size", "path"})
    index, size = _number(leaf["index"], "index"), _number(leaf["size"], "size")
    if held:
        if size < 16 or size & (size - 1):
            raise _Refused("no tree of held files has this size")
    elif size != head.items:
        raise _Refused("its number of files is not that of the manifest")
    found = _climb(_hash(b"\0" + item_root), index, size, _path(leaf["path"]))
    if found.hex() != (head.held_root if held else head.root):
        raise _Refused("it does not lead to the root in the manifest")
    return index + 1


def _told(head: Head, opened: list[_Open], line: int | None) -> Proven:
    clean, original = opened[0].fields["sha256"], opened[1].fields
    if (clean is None) != (line is None):
        raise _Refused("a file was either published or held")
    rest = opened[2:]
    return Proven(
        batch=head.batch_id,
        original=str(original["sha256"]),
        size=_number(original["size"], "size of the original"),
        clean=None if clean is None else str(clean),
        line=line,
        name=next((path_from(one.fields) for one in rest if one.kind == "name"), None),
        releases=tuple(str(one.fields["id"]) for one in rest if one.kind == "release"),
        findings=tuple(_finding(one) for one in rest if one.kind == "finding"),
        head=head,
    )


def _finding(one: _Open) -> Opened:
    text = {name: str(one.fields[name]) for name in _FIELDS["finding"]}
    return Opened(
        one.slot, text["entity"], text["where"], text["action"], text["length"], text["value"],
        one.key,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Open:
    slot: int
    kind: str
    fields: dict[str, object]
    root: bytes
    key: bytes | None


def _fact(value: object, size: int) -> _Open:
    entry = _object(value, "fact")
    _keys(entry, "an entry of facts", {"slot", "fact", "path"}, {"key"})
    slot, text = _number(entry["slot"], "slot"), _text(entry["fact"], "fact")
    fields = _object(_strict(text), "fact")
    kind = _text(fields.get("fact"), "kind of a fact")
    if kind not in _FIELDS:
        raise _Refused("it opens a kind of fact that the scheme does not know")
    _keys(fields, f"`{kind}`", _FIELDS[kind] | {"fact", "salt"}, {"path_hex"} & _optional(kind))
    _check_fields(kind, fields)
    if slot != _FIXED.get(kind, slot) or (kind not in _FIXED and slot < len(_FIXED)):
        raise _Refused(f"`{kind}` does not stand in its slot")
    key = None
    if "key" in entry:
        if kind != "finding":
            raise _Refused("only a finding has a key")
        key = bytes.fromhex(_digest(entry["key"], "key"))
    leaf = _hash(b"\0" + text.encode("utf-8"))
    return _Open(slot, kind, fields, _climb(leaf, slot, size, _path(entry["path"])), key)


def _optional(kind: str) -> set[str]:
    return {"path_hex"} if kind == "name" else set()


def _check_fields(kind: str, fields: dict[str, object]) -> None:
    if not _SALT.fullmatch(_text(fields["salt"], "salt")):
        raise _Refused("a salt is not 16 bytes")
    for name in fields.keys() - {"size", "sha256"}:
        _text(fields[name], name)
    if "path_hex" in fields and not re.fullmatch("(?:[0-9a-f]{2})+", str(fields["path_hex"])):
        raise _Refused("path_hex is not hex")
    if "size" in fields:
        _number(fields["size"], "size of the original")
    if "sha256" in fields and not (kind == "clean" and fields["sha256"] is None):
        _digest(fields["sha256"], f"sha256 of `{kind}`")
    if kind == "finding":
        _digest(fields["value"], "value")


def _climb(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to: RFC 9162 section 2.1.1 read from the root downwards."""
    if not 0 <= index < size:
        raise _Refused("an index lies outside its tree")
    if size == 1:
        if path:
            raise _Refused("a path is too long")
        return leaf
    if not path:
        raise _Refused("a path is too short")
    *below, beside = path
    split = 1 << ((size - 1).bit_length() - 1)
    if index < split:
        return _hash(b"\1" + _climb(leaf, index, split, below) + beside)
    return _hash(b"\1" + beside + _climb(leaf, index - split, size - split, below))


def _hash(data: bytes) -> bytes:
    return sha256(data).digest()


def _parsed(proof: bytes) -> dict[str, object]:
    if len(proof) > MOST:
        raise _Refused("it is too large to be a proof")
    try:
        return _object(_strict(proof.decode("utf-8")), "the proof")
    except UnicodeDecodeError:
        raise _Refused("it is no text") from None


def _strict(text: str) -> object:
    """JSON in which every key stands once and every number is a whole one."""
    try:
        value: object = json.loads(
            text, object_pairs_hook=_pairs, parse_float=_no_number, parse_constant=_no_number
        )
    except _Refused:
        raise
    except (ValueError, RecursionError):
        raise _Refused("it is not JSON") from None
    return value


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Refused("a key stands twice in an object")
    return found


def _no_number(text: str) -> object:
    raise _Refused("it holds a number that is not a whole one")


def _object(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise _Refused(f"{what} is not an object")
    return cast("dict[str, object]", value)


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise _Refused(f"{what} is not a list")
    return value


def _keys(
    value: dict[str, object], what: str, needed: set[str], optional: Iterable[str] = ()
) -> None:
    if not needed <= value.keys() or value.keys() - needed - set(optional):
        raise _Refused(f"{what} lacks a field or has one too many")


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise _Refused(f"{what} is not text")
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise _Refused(f"{what} cannot be encoded") from None
    return value


def _number(value: object, what: str) -> int:
    if type(value) is not int or not 0 <= value < 1 << 53:
        raise _Refused(f"{what} is not a count")
    return value


def _digest(value: object, what: str) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise _Refused(f"{what} is not 32 bytes in hex")
    return value


def _path(value: object) -> list[bytes]:
    entries = _list(value, "path")
    if len(entries) > 64:
        raise _Refused("a path is too long")
    return [bytes.fromhex(_digest(entry, "a hash of a path")) for entry in entries]
