"""The sets that an evaluation runs over: corpora, their variants, hard negatives, a stranger's."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.detection import conll, hard_negatives, presidio_research, splits
from benchmarks.detection.entities import known_as
from benchmarks.detection.labelled import Labelled, in_order
from benchmarks.detection.variants import VARIANTS

if TYPE_CHECKING:
    from benchmarks.detection.secrets_set import Case

ORDER = (
    "presidio-v2", "presidio-large", "btc", "wnut17", "gum-interview", "gum-news", "wikigold",
)  # fmt: skip
SHAPED = (
    "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD", "IBAN_CODE", "US_SSN", "IP_ADDRESS",
    "US_DRIVER_LICENSE", "DOMAIN_NAME",
)  # fmt: skip
GROUPS = ("corpora", "shaped", "variants", "hard", "secrets", "extra")
_WORDS = {"corpora": (10**9, 1_500), "variants": (7_000, 500)}  # of a set: usual, quick
SECRET_SEED = 7  # rules were made with seed 1 before the eyes
_LINES = (10**9, 800)  # of a set of hard negatives: usual, quick


@dataclass(frozen=True, slots=True)
class Set:
    """`name` is unique, as `btc` or `btc/lower`; `files` names hard negatives for scrub."""

    name: str
    group: str
    items: tuple[Labelled, ...]
    files: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()


def build(shared: Path, quick: bool, chosen: Sequence[str], extra: Path | None) -> list[Set]:
    """The chosen sets (all without a choice), in the order of the tables.

    Raises FileNotFoundError without the corpora, ValueError for a name that fits no set.
    """
    found = [*_corpora(shared, quick), *_hard(quick), *_secrets(quick), *_extra(extra)]
    for name in chosen:
        if not any(_fits(one, name) for one in found):
            names = ", ".join([*GROUPS, *(one.name for one in found)])
            raise ValueError(f"there is no set {name!r}: {names}")
    return [one for one in found if not chosen or any(_fits(one, name) for name in chosen)]


def _fits(one: Set, name: str) -> bool:
    return name in (one.name, one.group, *one.name.split("/"))


def _corpora(shared: Path, quick: bool) -> Iterator[Set]:
    if not (shared / "corpora" / "gum").is_dir():
        return
    judging = splits.test(shared, fine=True)
    for name in ORDER:
        yield Set(name, "corpora", _thinned(judging[name], _WORDS["corpora"][quick]))
    yield Set("shaped", "shaped", _thinned(_shaped(shared), _WORDS["corpora"][quick]))
    for name in ORDER:
        thin = _thinned(judging[name], _WORDS["variants"][quick])
        yield Set(f"{name}/as-written", "variants", thin)
        for variant, change in VARIANTS.items():
            yield Set(f"{name}/{variant}", "variants", tuple(map(change, thin)))


def _shaped(shared: Path) -> list[Labelled]:
    """All templates of Presidio-research with a kind that has a shape, of every split."""
    halves = (splits.train(shared, fine=True), splits.dev(shared, fine=True))
    return [
        item
        for half in (*halves, splits.test(shared, fine=True))
        for name in presidio_research.FILES
        for item in half.get(name, ())
        if any(label in SHAPED for _, _, label in item.spans)
    ]


def _thinned(items: Sequence[Labelled], words: int) -> tuple[Labelled, ...]:
    """Every n-th text, so that about so many words are left."""
    step = max(1, math.ceil(sum(len(item.text.split()) for item in items) / words))
    return tuple(items[::step])


def _hard(quick: bool) -> Iterator[Set]:
    for name, read in hard_negatives.SETS.items():
        documents: list[hard_negatives.Document] = []
        lines = 0
        for document in read():
            lines += document.text.count("\n") + 1
            if not documents or lines <= _LINES[quick]:
                documents.append(document)
        if documents:
            yield Set(
                name,
                "hard",
                tuple(Labelled(d.text, (), frozenset(), name, d.name) for d in documents),
                tuple(d.name for d in documents),
                tuple(d.sha256 for d in documents),
            )


def _secrets(quick: bool) -> Iterator[Set]:
    """Made-up secrets by class, and what only looks like one: there, no label is a secret's."""
    if util.find_spec("benchmarks.detection.secrets_set") is None:
        return
    from benchmarks.detection import secrets_set
    from detectors.spans import SECRETS

    step = 8 if quick else 1
    positives = secrets_set.positives(SECRET_SEED)[::step]
    yield Set("secrets", "secrets", tuple(_secret(case, frozenset()) for case in positives))
    negatives = secrets_set.negatives(SECRET_SEED)[::step]
    yield Set("look-alikes", "secrets", tuple(_secret(case, SECRETS) for case in negatives))


def _secret(case: Case, labelled: frozenset[str]) -> Labelled:
    start = case.text.find(case.secret)
    spans = ((start, start + len(case.secret), case.group),) if case.secret else ()
    return Labelled(case.text, spans, labelled, "secrets", f"{case.group}/{case.kind}")


def _extra(folder: Path | None) -> Iterator[Set]:
    """Every .conll, .bio and .jsonl file of a folder. Raises ValueError naming file and line."""
    for path in sorted(folder.rglob("*")) if folder else ():
        if path.suffix in (".conll", ".bio"):
            yield Set(f"extra:{path.name}", "extra", tuple(_conll_file(path)))
        elif path.suffix == ".jsonl":
            yield Set(f"extra:{path.name}", "extra", tuple(_jsonl_file(path)))


def _conll_file(path: Path) -> list[Labelled]:
    rows = list(conll.blocks(path.read_text("utf-8").split("\n"), path.name))
    texts = [conll.labelled_text(block, conll.NAMES) for block in rows]
    named = [(t, tuple((s, e, known_as(label)) for s, e, label in spans)) for t, spans in texts]
    labels = frozenset(label for _, spans in named for _, _, label in spans)
    return [
        Labelled(text, spans, labels, path.name, f"{path.name}:{number}")
        for number, (text, spans) in enumerate(named)
    ]


def _jsonl_file(path: Path) -> list[Labelled]:
    items = []
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            spans = [(int(s), int(e), known_as(str(label))) for s, e, label in row["spans"]]
            text = str(row["text"])
        except (ValueError, KeyError, TypeError) as error:
            wanted = '{"text": "…", "spans": [[start, end, "PERSON"], …]}'
            raise ValueError(f"{path}, line {number}: expected {wanted}") from error
        if any(not 0 <= s < e <= len(text) for s, e, _ in spans):
            raise ValueError(f"{path}, line {number}: a span lies outside its text")
        labels = row.get("labelled") or sorted({label for _, _, label in spans})
        group = str(row.get("group", f"{path.name}:{number}"))
        items.append(Labelled(text, in_order(spans), frozenset(labels), path.name, group))
    return items
