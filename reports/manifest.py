"""The public record: items.jsonl, one line a file, and manifest.json, the signed head.

The head is an in-toto Statement v1 whose subjects are the lists, not the files,
so it stays a few kilobytes whatever the batch. It says nothing of originals,
of how many findings there were, or of what was held back.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, NamedTuple, cast

from reports.bag import LINE_LIMIT, BadLine, read_blocks, split_lines
from scrubber.canonical import canonical, encode_own, parse_canonical
from scrubber.claims import check_public
from scrubber.commit import SCHEME, batch_leaf
from scrubber.merkle import MerkleStack, leaf_hash
from scrubber.model import Batch, ItemRecord

ITEMS = "items.jsonl"
HEAD = "manifest.json"
CARD = "README.md"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:prescrub:attest:batch:v1"
CLAIMS = frozenset({"declared", "rights", "terms", "measures"})
"""Sections that hold the creator's own words, or measures made on request."""

_HEX = re.compile(r"[0-9a-f]{64}")
_SIMPLE = re.compile(
    r'\{"media_type":"([^"\\\x00-\x1f]+)","path":"([^"\\\x00-\x1f]+)",'
    r'"sha256":"([0-9a-f]{64})","size":(0|[1-9][0-9]{0,14})\}'
)
"""A line without escapes and optional facts. What matches is canonical as it stands."""

_SIMPLE_LINES = re.compile(f"^{_SIMPLE.pattern}\n", re.MULTILINE)

_FACTS: dict[str, type] = {
    "people": str,
    "releases": list,
    "plus": list,
    "width": int,
    "height": int,
    "duration_ms": int,
    "sample_rate": int,
}


_PLUS = {"mr": "MR-LMR", "pr": "PR-LPR"}
"""Kind of release → PLUS code for "limited or incomplete releases" (PLUS LDF 2.0.1).

MR-UMR and PR-UPR, "unlimited", are never written: a release has a scope. Nor are MR-NON and
MR-NAP: that nobody is to be seen is not known.
"""
_RELEASE = re.compile(r"(?:mr|vr|pr|cr|sr)-[0-9a-f]{4,32}")


class PublicItem(NamedTuple):
    """What the public list says of one file. `path` is below data/, `size` in bytes."""

    path: str
    sha256: str
    size: int
    media_type: str
    people: str = ""
    releases: tuple[str, ...] = ()


def item_line(record: ItemRecord) -> bytes:
    """The public line of a written item, without its line feed. Raises ValueError if unwritten."""
    if record.out_path is None or record.out_sha256 is None:
        raise ValueError(f"item {record.index} was not written")
    line: dict[str, object] = {
        "media_type": record.media_type or "application/octet-stream",
        "path": record.out_path,
        "sha256": record.out_sha256,
        "size": record.out_size,
    }
    if record.releases:
        line |= _consent_of(record)
    return encode_own(line).encode("utf-8")


def _consent_of(record: ItemRecord) -> dict[str, object]:
    """What the public may know of signed releases: ids that say their kind and nothing else."""
    fields: dict[str, object] = {"releases": list(record.releases)}
    if codes := plus_codes(record.releases):
        fields["plus"] = codes
    if record.people:
        fields["people"] = record.people
    return fields


def plus_codes(releases: Iterable[str]) -> list[str]:
    """PLUS codes for a file that these releases let go, sorted."""
    return sorted({_PLUS[name[:2]] for name in releases if name[:2] in _PLUS})


def read_items(stream: BinaryIO) -> Iterator[tuple[PublicItem, bytes]]:
    """Items of items.jsonl with the bytes of their lines; sorted, unique. Raises BadLine."""
    number, last = 0, ""
    for block in read_blocks(stream):
        for item, line in _items(block, number + 1):
            number += 1
            if item.path <= last:
                raise BadLine(number, "listed twice" if item.path == last else "not in order")
            last = item.path
            yield item, line


def _items(block: bytes, number: int) -> Iterator[tuple[PublicItem, bytes]]:
    """The items of a run of lines; at once when every line is a simple one."""
    lines = block.split(b"\n")
    try:
        rows = _SIMPLE_LINES.findall(block.decode("utf-8"))
    except UnicodeDecodeError:
        rows = []
    if len(rows) == len(lines) - 1 and not lines[-1] and max(map(len, lines)) < LINE_LIMIT:
        for (media, path, digest, size), line in zip(rows, lines, strict=False):
            yield PublicItem(path, digest, int(size), media), line
        return
    for at, line in split_lines(block, number):
        try:
            yield _public_item(parse_canonical(line.decode("utf-8"))), line
        except (ValueError, RecursionError) as error:
            raise BadLine(at, str(error)) from None


def _public_item(value: object) -> PublicItem:
    if not isinstance(value, dict):
        raise ValueError("not an object")
    path, digest = value.get("path"), value.get("sha256")
    size, media = value.get("size"), value.get("media_type")
    if type(path) is not str or type(media) is not str or type(size) is not int or size < 0:
        raise ValueError("path, media_type or size is missing or of the wrong type")
    if type(digest) is not str or not _HEX.fullmatch(digest):
        raise ValueError("sha256 is not 64 hex digits")
    if len(value) == 4:
        return PublicItem(path, digest, size, media)
    _check_facts(value)
    return PublicItem(path, digest, size, media, value.get("people", ""), _releases(value))


def _check_facts(value: dict[str, object]) -> None:
    for name in value.keys() - {"path", "sha256", "size", "media_type"}:
        if name not in _FACTS or type(value[name]) is not _FACTS[name]:
            raise ValueError("a field that the scheme does not know")


def _releases(value: dict[str, object]) -> tuple[str, ...]:
    """The ids, checked, and what follows from them. Raises ValueError."""
    ids = value.get("releases", [])
    if not isinstance(ids, list) or ("releases" in value and not ids):
        raise ValueError("releases is not a list of ids")
    if not all(isinstance(one, str) and _RELEASE.fullmatch(one) for one in ids):
        raise ValueError("releases holds something that is no opaque id")
    if ids != sorted(set(ids)) or len(ids) > 1000:
        raise ValueError("releases is not sorted, or names one twice")
    if "plus" in value and value["plus"] != (plus_codes(ids) or None):
        raise ValueError("plus is not what follows from the releases")
    if "people" in value and (value["people"] != "released" or not ids):
        raise ValueError("people is not 'released' by a release")
    return tuple(ids)


@dataclass(slots=True)
class Published:
    """What adds up while the written items stream by, in the order of the public list."""

    items: int = 0
    size: int = 0
    media: Counter[str] = field(default_factory=Counter)
    not_checked: Counter[str] = field(default_factory=Counter)
    kept: set[str] = field(default_factory=set)
    decided: Counter[str] = field(default_factory=Counter)  # places kept by a decision
    compared: int = 0
    identical: int = 0
    list_tree: MerkleStack = field(default_factory=MerkleStack)
    fact_tree: MerkleStack = field(default_factory=MerkleStack)

    def add(self, record: ItemRecord, line: bytes) -> None:
        """Count one item whose public line is `line`."""
        self.items += 1
        self.size += record.out_size
        self.media[record.media_type or "application/octet-stream"] += 1
        self.not_checked.update(record.not_checked)
        self.kept.update(record.kept)
        for one in record.ruled:
            if one.verdict == "keep" and one.entity:
                self.decided[one.entity] += one.places
        self.compared += record.content_identical is not None
        self.identical += record.content_identical is True
        self.list_tree.add(leaf_hash(line))
        if not _HEX.fullmatch(record.facts_root):
            raise ValueError(f"item {record.index} has no root of facts")
        self.fact_tree.add(batch_leaf(record.facts_root))


def head_bytes(
    batch: Batch,
    published: Published,
    subjects: Mapping[str, str],
    private: Mapping[str, str],
    claims: Mapping[str, object] | None = None,
) -> bytes:
    """The bytes of manifest.json, canonical and with a line feed: exactly what gets signed.

    `subjects` maps names of tag files to SHA-256 (hex); `private` holds
    `held_root` and `log_head`; `claims` may hold the sections of CLAIMS.
    """
    claims = claims or {}
    if unknown := claims.keys() - CLAIMS:
        raise ValueError(f"no such section in the manifest: {sorted(unknown)}")
    root = published.fact_tree.root().hex()
    if private.get("root", root) != root:
        raise ValueError("the root of the batch tree is not that of the written items")
    predicate = {
        "batch": {
            "id": batch.id,
            "purpose": batch.purpose,
            "items": published.items,
            "bytes": published.size,
            "media": dict(published.media),
            "items_root": published.list_tree.root().hex(),
        },
        "process": _process(batch, published),
        "private": {
            "scheme": SCHEME,
            "leaves": published.items,
            "root": root,
            "held_root": private["held_root"],
            "log_head": private["log_head"],
        },
        **claims,
    }
    statement = {
        "_type": STATEMENT,
        "subject": [
            {"name": name, "digest": {"sha256": subjects[name]}} for name in sorted(subjects)
        ],
        "predicateType": PREDICATE,
        "predicate": predicate,
    }
    return canonical(statement).encode("utf-8") + b"\n"


def tool_of(batch: Batch) -> tuple[str, str]:
    """Name and version of the tool itself, from the engines of the batch."""
    for engine in batch.engines:
        if engine.name == "scrub":
            return engine.name, engine.version
    return "scrub", "unknown"


def _process(batch: Batch, published: Published) -> dict[str, object]:
    name, version = tool_of(batch)
    return {
        "tool": {"name": name, "version": version},
        "policy": {"name": batch.policy, "sha256": batch.policy_sha256},
        "engines": [
            {"name": engine.name, "version": engine.version, "sha256": engine.sha256}
            for engine in batch.engines
            if engine.name != "scrub"
        ],
        "kept": sorted({*batch.kept, *published.kept}),
        "checked": sorted(batch.checked),
        "not_checked": dict(published.not_checked),
        "verified": {
            "reread": published.compared == published.items,
            "content_identical": published.identical == published.items,
        },
        **({"decided": dict(published.decided)} if published.decided else {}),
        **({"surrogates": sorted(batch.surrogates)} if batch.surrogates else {}),
    }


@dataclass(frozen=True, slots=True)
class Head:
    """What manifest.json says, checked. `statement` is the whole parsed document."""

    subjects: dict[str, str]
    batch_id: str
    items: int
    size: int
    media: dict[str, int]
    items_root: str
    kept: tuple[str, ...]
    surrogates: tuple[str, ...]
    checked: tuple[str, ...]
    not_checked: dict[str, int]
    root: str
    held_root: str
    log_head: str
    statement: dict[str, object] = field(repr=False)


def parse_head(data: bytes) -> Head:
    """Check and take apart manifest.json. Raises ValueError for anything but the scheme."""
    if not data.endswith(b"\n"):
        raise ValueError("the file ends inside a line")
    statement = _object(parse_canonical(data[:-1]), "statement")
    _keys(statement, "statement", {"_type", "subject", "predicateType", "predicate"})
    if statement["_type"] != STATEMENT or statement["predicateType"] != PREDICATE:
        raise ValueError("another kind of statement")
    predicate = _object(statement["predicate"], "predicate")
    _keys(predicate, "predicate", {"batch", "process", "private"}, CLAIMS)
    check_public(predicate)
    batch = _object(predicate["batch"], "batch")
    _keys(batch, "batch", {"id", "purpose", "items", "bytes", "media", "items_root"})
    process = _object(predicate["process"], "process")
    _keys(
        process,
        "process",
        {"tool", "policy", "engines", "kept", "checked", "not_checked", "verified"},
        frozenset({"decided", "surrogates"}),
    )
    if not _counts(process.get("decided", {}), "decided").keys() <= set(
        _texts(process["kept"], "kept")
    ):
        raise ValueError("a decision keeps an entity that is not kept")
    private = _object(predicate["private"], "private")
    _keys(private, "private", {"scheme", "leaves", "root", "held_root", "log_head"})
    if private["scheme"] != SCHEME or private["leaves"] != batch["items"]:
        raise ValueError("the private part does not belong to this list")
    return Head(
        subjects=_subjects(statement["subject"]),
        batch_id=_text(batch["id"], "batch id"),
        items=_number(batch["items"], "items"),
        size=_number(batch["bytes"], "bytes"),
        media=_counts(batch["media"], "media"),
        items_root=_digest(batch["items_root"], "items_root"),
        kept=_texts(process["kept"], "kept"),
        surrogates=_texts(process.get("surrogates", []), "surrogates"),
        checked=_texts(process["checked"], "checked"),
        not_checked=_counts(process["not_checked"], "not_checked"),
        root=_digest(private["root"], "root"),
        held_root=_digest(private["held_root"], "held_root"),
        log_head=_digest(private["log_head"], "log_head"),
        statement=statement,
    )


def _subjects(value: object) -> dict[str, str]:
    if not isinstance(value, list):
        raise ValueError("subject is not a list")
    found: dict[str, str] = {}
    for entry in value:
        subject = _object(entry, "subject")
        _keys(subject, "subject", {"name", "digest"})
        name = _text(subject["name"], "subject name")
        digest = _object(subject["digest"], "digest")
        _keys(digest, "digest", {"sha256"})
        if name in found or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
            raise ValueError("a subject is named twice or is no plain file name")
        found[name] = _digest(digest["sha256"], "subject digest")
    return found


def _object(value: object, what: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is not an object")
    return cast("dict[str, object]", value)


def _keys(
    value: dict[str, object], what: str, needed: set[str], optional: frozenset[str] = frozenset()
) -> None:
    if not needed <= value.keys() or value.keys() - needed - optional:
        raise ValueError(f"{what} lacks a field or has one too many")


def _text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{what} is not text")
    return value


def _number(value: object, what: str) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"{what} is not a count")
    return value


def _digest(value: object, what: str) -> str:
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise ValueError(f"{what} is not a SHA-256")
    return value


def _texts(value: object, what: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{what} is not a list")
    return tuple(_text(entry, what) for entry in value)


def _counts(value: object, what: str) -> dict[str, int]:
    return {name: _number(count, what) for name, count in _object(value, what).items()}
