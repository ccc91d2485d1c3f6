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
from training.negatives_code import CODE
from training.negatives_text import TEXTS

HELD_BACK = frozenset({
    "argparse.py", "ast.py", "asyncio/base_events.py", "collections/__init__.py", "csv.py",
    "dataclasses.py", "datetime.py", "decimal.py", "difflib.py", "doctest.py",
})  # fmt: skip
SKIPPED = ("test", "tests", "idlelib", "turtledemo", "site-packages", "lib2to3", "encodings")
SMELL = re.compile(
    r"@\w|https?:|www\.|author|copyright|licen[sc]e|written by|contribut|thanks|credit|maintain|"
    r"\bby [A-Z]|[A-Z][a-z]+ [A-Z]\.? ?[A-Z]?[a-z]|\b(?:18|19|20)\d\d\b|Guido|Tim|Fred|Barry|Monty|"
    r"Python Software|University|Inc\b|Corp|Microsoft|Apple|Google|Jack|Jim|Ka-Ping|Raymond|Vinay|"
    r"\w+[- ]?Cookie 2|Netscape|Knuth|Zope|Solaris|\bXXX|\bQuinlan|\bSkip|\bGreg|\bEric|\bSteve|"
    r"\bFredrik|\bMark [A-Z]|\bMartin|\bDavid|\bBrian|\bAndrew|\bNeil|\bPeter|\bBen\b|\bNick\b|"
    r"America|Europe|London|Paris|Amsterdam|German|French|Japan|Chin(?:a|ese)|British|English|"
    r"Boyer|Moore|Horspool|Dragon|Spanish|Russia|Unicode|\bISO\b|\b[A-Z]{2,4}T\b|\d{5,}-\d|RFC",
    re.IGNORECASE,
)
PROSE_NAMES = re.compile(r"(?:^|\s)#.*[a-z] [A-Z][a-z]{2,}\b")
# Organisations may stand in a README or a comment: their absence is no statement.
SURE = frozenset(LABELS) - {"ORGANIZATION"}


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
        kept = tuple(x for x in lines if not SMELL.search(x) and not PROSE_NAMES.search(x))
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
