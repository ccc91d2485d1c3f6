"""Texts that name no one: code of many languages, lock files, logs, configuration, READMEs.

Half come from the standard library of the running interpreter (never the files that are kept for
measuring), half from generators in training.negatives_*.
"""

import random
import re
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from benchmarks.detection.labelled import LABELS, Labelled
from training.fill_pools import first_names, last_names
from training.negatives_code import CODE
from training.negatives_text import TEXTS

HELD_BACK = frozenset({
    "argparse.py", "ast.py", "asyncio/base_events.py", "collections/__init__.py", "csv.py",
    "dataclasses.py", "datetime.py", "decimal.py", "difflib.py", "doctest.py",
})  # fmt: skip
SKIPPED = ("test", "tests", "idlelib", "turtledemo", "site-packages", "lib2to3", "encodings")
SMELL = re.compile(
    r"(?i:@\w|https?:|www\.|author|copyright|licen[sc]e|written by|contribut|thanks|credit|maintain|"
    r"universit|netscape|rfc ?\d|xxx)|\bby [A-Z]|\b(?:18|19|20)\d\d\b|\bInc\b|Corp\b|Europe|America|"
    r"London|Paris|Amsterdam|Microsoft|Apple|Google|German|French|Japan|Chin(?:a|ese)|British|"
    r"English|Spanish|Russia|Guido|Barry|Monty|Ka-Ping|Raymond|Vinay|Fredrik|Knuth|Zope|Boyer|Moore"
)
CAPITALISED = re.compile(r"\b[A-Z][a-z]+\b")
# Organisations may stand in a README or a comment: their absence is no statement.
SURE = frozenset(LABELS) - {"ORGANIZATION"}


@cache
def _names() -> frozenset[str]:
    return frozenset(first_names("en_US")) | frozenset(last_names("en_US"))


def _smells(line: str) -> bool:
    """Whether the line may name a person, a place or a day."""
    return bool(SMELL.search(line)) or not _names().isdisjoint(CAPITALISED.findall(line))


@cache
def library() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """(path, lines) of the standard library's sources, without lines that smell of names."""
    root = Path(sysconfig.get_path("stdlib"))
    found = []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name in HELD_BACK or any(part in SKIPPED for part in path.parts[len(root.parts) :]):
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except (UnicodeDecodeError, OSError):
            continue
        kept = tuple(line for line in lines if line.strip() and not _smells(line))
        if len(kept) > 60:
            found.append((name, kept))
    return tuple(found)


def _from_library(rng: random.Random) -> Labelled:
    name, lines = rng.choice(library())
    size = rng.randint(3, 22)
    at = rng.randrange(len(lines) - size)
    text = "\n".join(lines[at : at + size]).strip("\n")
    return Labelled(text or lines[0], (), SURE, "code", name)


def _generated(rng: random.Random) -> Labelled:
    name = rng.choice(KINDS)
    return Labelled(MAKERS[name](rng), (), SURE, "code", name)


MAKERS = {**CODE, **TEXTS}
KINDS = tuple(MAKERS)


def negatives(seed: int, count: int) -> Iterator[Labelled]:
    """`count` texts without a private span. Same seed and interpreter, same texts."""
    rng = random.Random(f"negatives/{seed}")
    for _ in range(count):
        yield _from_library(rng) if rng.random() < 0.45 else _generated(rng)
