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
LEAST = 60
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
def library() -> tuple[str, ...]:
    """The standard library's source files that may be drawn from, as paths below its folder."""
    root = Path(sysconfig.get_path("stdlib"))
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    return tuple(
        name
        for name in names
        if name not in HELD_BACK and not any(part in SKIPPED for part in name.split("/"))
    )


@cache
def _lines(name: str) -> tuple[str, ...]:
    """The lines of a source file that do not smell of names."""
    path = Path(sysconfig.get_path("stdlib")) / name
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        return ()
    return tuple(line for line in lines if line.strip() and not _smells(line))


def _from_library(rng: random.Random) -> Labelled:
    name = rng.choice(library())
    lines = _lines(name)
    if len(lines) < LEAST:
        return _from_library(rng)
    size = rng.randint(3, 22)
    at = rng.randrange(len(lines) - size)
    return Labelled("\n".join(lines[at : at + size]), (), SURE, "code", name)


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
