"""Broad Twitter, WNUT17 and WikiGold: one token and its label a line.

Any `@handle` is USERNAME here, whatever the annotators called it: in Broad Twitter it is
"person" or "organization" by its owner, in WNUT17 mostly nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks.detection.joining import is_handle, join
from benchmarks.detection.labelled import Gold, Labelled, in_order

FILES = {
    "btc.train": "broad-twitter/train_dev_test_conll/btc.train",
    "btc.dev": "broad-twitter/train_dev_test_conll/btc.dev",
    "btc.test": "broad-twitter/train_dev_test_conll/btc.test",
    "wnut17.train": "wnut17/wnut17train.conll",
    "wnut17.dev": "wnut17/emerging.dev.conll",
    "wnut17.test": "wnut17/emerging.test.annotated",
    "wikigold": "wikigold/wikigold.conll.txt",
}
NAMES = {
    "PER": "PERSON", "LOC": "LOCATION", "ORG": "ORGANIZATION", "person": "PERSON",
    "location": "LOCATION", "corporation": "ORGANIZATION", "group": "ORGANIZATION",
    "MISC": "", "product": "", "creative-work": "",
}  # fmt: skip
_WHOLE_HANDLE = re.compile(r"@\w+")
_NO_PERSON = re.compile(r"@\W*|[\W\d_]+")

Row = tuple[str, str]


def read(name: str, corpora: Path) -> list[Labelled]:
    """Texts of one of FILES. Raises FileNotFoundError, ValueError for a line that is no row."""
    lines = (corpora / FILES[name]).read_text("utf-8").split("\n")
    source, _, _ = name.partition(".")
    labels = {"PERSON", "LOCATION", "ORGANIZATION"} | (
        set() if source == "wikigold" else {"USERNAME"}
    )
    document = 0
    found: list[Labelled] = []
    for number, rows in enumerate(blocks(lines, name)):
        if rows[0][0] == "-DOCSTART-":
            document += 1
            continue
        group = f"{name}:{document if source == 'wikigold' else number}"
        text, spans = labelled_text(rows, NAMES)
        found.append(Labelled(text, spans, frozenset(labels), source, group))
    return found


def labelled_text(rows: list[Row], names: dict[str, str]) -> tuple[str, tuple[Gold, ...]]:
    """The joined text and its spans. Labels are IOB1 or IOB2; `names` renames, "" drops."""
    tokens = [token for token, _ in rows]
    text, ranges = join(tokens)
    spans: list[Gold] = []
    for first, last, label in _entities([label for _, label in rows]):
        label = names.get(label, label)
        start, end = ranges[first][0], ranges[last][1]
        if label and not (label == "PERSON" and _NO_PERSON.fullmatch(text[start:end])):
            spans.append((start, end, label))
    handles = list(_handles(tokens, ranges))
    spans = [span for span in spans if all(h[1] <= span[0] or span[1] <= h[0] for h in handles)]
    return text, in_order([*spans, *handles])


def _handles(tokens: list[str], ranges: list[tuple[int, int]]) -> Iterator[Gold]:
    for index, token in enumerate(tokens):
        if is_handle(tokens, index):
            yield ranges[index][0], ranges[index + 1][1], "USERNAME"
        elif len(token) > 1 and (match := _WHOLE_HANDLE.match(token)):
            yield ranges[index][0], ranges[index][0] + match.end(), "USERNAME"


def _entities(labels: list[str]) -> Iterator[tuple[int, int, str]]:
    """(first token, last token, name) of each run."""
    first, name = 0, ""
    for index, label in enumerate([*labels, "O"]):
        mark, _, here = label.partition("-")
        if name and (mark != "I" or here != name):
            yield first, index - 1, name
            name = ""
        if here and not name:
            first, name = index, here


def blocks(lines: list[str], name: str) -> Iterator[list[Row]]:
    """Runs of rows between empty lines. Raises ValueError naming the line that is none."""
    block: list[Row] = []
    for number, line in enumerate([*lines, ""], 1):
        row = tuple(line.split("\t")) if "\t" in line else tuple(line.split())
        if not line.strip():
            if block:
                yield block
            block = []
        elif len(row) == 2:
            block.append((row[0], row[1].strip()))
        else:
            raise ValueError(f"{name}, line {number}: expected a token and a label")
