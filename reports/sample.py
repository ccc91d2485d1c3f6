"""Which files make a trial sample: little that is sensitive, typical, and of every kind.

How sensitive a file is, is read from the private log: what was found in it, what nobody
looked for, what was kept. The choice is deterministic, and drawn by a key among the
better part of each kind: who compares a trial with the whole batch learns of a file
that was not chosen at most that it may lie in the other part.
"""

from __future__ import annotations

import hmac
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from scrubber.canonical import canonical, path_from
from scrubber.entities import CATALOGUE, Kind
from scrubber.model import Action, Finding, ItemRecord, Outcome

_WEIGHTS = {
    Kind.SECRET: 8, Kind.PERSON: 6, Kind.CONTACT: 6, Kind.IDENTIFIER: 5, Kind.LOCATION: 5,
    Kind.SIGHT: 4, Kind.HIDDEN: 3, Kind.EMBEDDED: 3, Kind.TECHNICAL: 1,
}  # fmt: skip
_OTHER = 2
_KEPT = 4  # times the weight: it is still in the file
_UNCHANGED = 10  # its hash is that of the original, wherever else that lies
_UNUSUAL = 2  # for each doubling or halving of the usual size
PART = 3
"""One in so many files of a kind is in the part from which is drawn."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One written file, as much of it as the choice needs. `last`: only when nothing else is left.

    `weight` is how sensitive it is; 0 is not at all.
    """

    path: str
    media_type: str
    size: int
    weight: float
    last: bool
    releases: tuple[str, ...] = ()


def candidate(event: Mapping[str, object]) -> Candidate | None:
    """What a line of the log says of a file of the batch; None for all other lines."""
    item = event.get("item")
    if not isinstance(item, Mapping) or item["outcome"] not in ("cleaned", "unchanged"):
        return None
    facts = event.get("facts")
    found = Counter(
        str(fact["entity"])
        for fact in (facts if isinstance(facts, list) else ())
        if fact["fact"] == "finding"
    )
    weight = sum(_weight(name) * (1 + math.log2(count)) for name, count in found.items())
    weight += sum(_weight(str(name)) for name in item["not_checked"])
    weight += sum(_weight(str(name)) * _KEPT for name in item["kept"])
    weight += _UNCHANGED if item["outcome"] == "unchanged" else 0
    prose = "PROSE_NAMES" in item["not_checked"] or "small-model" in item["notes"]
    return Candidate(
        str(item["out_path"]),
        str(item["media_type"]),
        int(item["out_size"]),
        weight,
        last=prose or bool(item.get("releases")),
        releases=tuple(item.get("releases", ())),
    )


def choose(candidates: Iterable[Candidate], count: int, key: bytes) -> list[str]:
    """Paths of `count` files, fewer if there are not so many, sorted.

    `key` decides between files that are about as good.
    """
    rows = list(candidates)
    chosen: list[str] = []
    for last in (False, True):
        kinds: dict[str, list[Candidate]] = {}
        for row in rows:
            if row.last is last:
                kinds.setdefault(row.media_type, []).append(row)
        wanted = _spread({kind: len(some) for kind, some in kinds.items()}, count - len(chosen))
        usual = {
            kind: median(row.size for row in rows if row.media_type == kind) for kind in wanted
        }
        for kind, number in wanted.items():
            chosen += _draw(kinds[kind], number, usual[kind], key)
    return sorted(chosen)


def _spread(kinds: Mapping[str, int], count: int) -> dict[str, int]:
    """How many of each kind: pictures, sound and texts in turn, and their formats in turn."""
    families: dict[str, list[str]] = {}
    for kind in sorted(kinds, key=lambda kind: (-kinds[kind], kind)):
        families.setdefault(kind.partition("/")[0], []).append(kind)
    size = {family: sum(kinds[kind] for kind in some) for family, some in families.items()}
    turns = sorted(
        (turn, -size[family], kind)
        for family, some in families.items()
        for turn, kind in enumerate(some)
    )
    order = [kind for _, _, kind in turns]
    wanted = dict.fromkeys(order, 0)
    left = min(count, sum(kinds.values()))
    while left > 0:
        for kind in order:
            if left and wanted[kind] < kinds[kind]:
                wanted[kind] += 1
                left -= 1
    return {kind: number for kind, number in wanted.items() if number}


def _draw(some: Sequence[Candidate], number: int, usual: float, key: bytes) -> list[str]:
    def order(path: str) -> bytes:
        return hmac.digest(key, path.encode("utf-8"), "sha256")

    def burden(row: Candidate) -> tuple[float, bytes]:
        unusual = abs(math.log2((row.size + 1) / (usual + 1)))
        return round(row.weight + _UNUSUAL * unusual, 3), order(row.path)

    better = sorted(some, key=burden)[: max(number, math.ceil(len(some) / PART))]
    return sorted((row.path for row in better), key=order)[:number]


def _weight(entity: str) -> int:
    row = CATALOGUE.get(entity)
    return _OTHER if row is None else _WEIGHTS.get(row.kind, _OTHER)


def record_from(event: Mapping[str, object], batch: str, people: str) -> ItemRecord:
    """The record of a written file from its line in the log of `batch`.

    Its facts stay as they are, and with them the keys they were made with. `people` is what
    the public list says.
    """
    item, facts = event["item"], event["facts"]
    assert isinstance(item, Mapping)
    assert isinstance(facts, list)
    keys = item.get("keys") or {"batch": batch, "item": str(item["index"])}
    return ItemRecord(
        index=int(item["index"]),
        path=path_from(item),
        outcome=Outcome(item["outcome"]),
        size=int(item["size"]),
        sha256=item["sha256"],
        container=item["container"],
        media_type=item["media_type"],
        out_path=item["out_path"],
        out_sha256=item["out_sha256"],
        out_size=int(item["out_size"]),
        findings=tuple(_finding(fact) for fact in facts if fact["fact"] == "finding"),
        removed=tuple((str(part), int(size)) for part, size in item["removed"]),
        kept=tuple(item["kept"]),
        not_checked=tuple(item["not_checked"]),
        notes=tuple(item["notes"]),
        content_identical=item["content_identical"],
        decoded_identical=item["decoded_identical"],
        started=item["started"],
        seconds=int(item["milliseconds"]) / 1000,
        facts=tuple(canonical(fact) for fact in facts),
        facts_root=item["root"],
        commit_batch=str(keys["batch"]),
        commit_item=str(keys["item"]),
        people=people,
        releases=tuple(item.get("releases", ())),
        release_dates=str(item.get("release_dates", "")),
    )


def _finding(fact: Mapping[str, object]) -> Finding:
    """Of the length only the class is known: its lower end stands for it."""
    lower = str(fact["length"]).rstrip("+").partition("-")[0]
    return Finding(
        str(fact["entity"]),
        str(fact["where"]),
        Action(str(fact["action"])),
        str(fact["detector"]),
        int(lower),
        value=str(fact["value"]),
    )


def without_contract(claims: Mapping[str, object]) -> dict[str, object]:
    """The creator's sections for a trial: the same, without the commitment, which would link."""
    said = {name: claims[name] for name in ("declared", "rights", "terms") if name in claims}
    terms = said.get("terms")
    if isinstance(terms, Mapping):
        rest = {key: value for key, value in terms.items() if key != "contract_commit"}
        said.pop("terms")
        said |= {"terms": rest} if rest else {}
    return said
