"""The second reader of JSON and JSON lines: the standard library's json module.

The content digest is SHA-256 over the bytes outside the edited spans. The structure is the
sequence of brackets, keys (k), strings and numbers (v), true, false and null (t, f, z), in
the order in which they stand, so doubled keys count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, label, outside, whole
from scrubber.readers.text_checks import leftovers


class _Pairs(list[tuple[str, Any]]):  # values are whatever JSON holds
    """An object with all its keys, doubled ones too."""


class _Number(str):
    """A number as it is written."""


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """One JSON value. Raises Damaged when Python's parser refuses it."""
    text, codec, mark = whole(source)
    return _reading(source, edited, [text], label(codec, mark), net)


def read_lines(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """One JSON value a line."""
    text, codec, mark = whole(source)
    documents = [line for line in text.split("\n") if line.strip()]
    return _reading(source, edited, documents, label(codec, mark), net)


def _reading(
    source: Source, edited: Edited, documents: list[str], encoding: str, net: bool
) -> Reading:
    digest = hashlib.sha256()
    counts = {"values": 0, "keys": 0}
    found: dict[str, None] = {}
    for document in documents:
        shape: list[str] = []
        for mark, text in _walk(_parse(document)):
            shape.append(mark)
            counts["values"] += mark in "vtfz"
            counts["keys"] += mark == "k"
            if text:
                found.update(dict.fromkeys(leftovers(text, net=net)))
        digest.update("".join(shape).encode() + b"\n")
    facts = {
        "encoding": encoding, "documents": len(documents), "structure": digest.hexdigest(),
        **counts,
    }  # fmt: skip
    return Reading("json", outside(source, edited), Rendering.of(**facts), tuple(found))


def _parse(document: str) -> Any:  # whatever JSON holds
    try:
        return json.loads(
            document,
            object_pairs_hook=_Pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
        )
    except ValueError as error:
        raise Damaged("The JSON is refused by a second parser.") from error
    except RecursionError as error:
        raise Damaged("The JSON is nested too deep for a second parser.") from error


def _walk(value: Any) -> Iterator[tuple[str, str]]:  # whatever JSON holds
    """Marks of the structure, with the text of strings and keys."""
    todo: list[tuple[str, Any]] = [("value", value)]
    while todo:
        what, node = todo.pop()
        if what == "mark":
            yield node, ""
        elif what == "key":
            yield "k", node
        elif isinstance(node, _Pairs):
            yield "{", ""
            todo.append(("mark", "}"))
            for key, inner in reversed(node):
                todo += [("value", inner), ("key", key)]
        elif isinstance(node, list):
            yield "[", ""
            todo.append(("mark", "]"))
            todo += [("value", inner) for inner in reversed(node)]
        elif isinstance(node, str):
            yield "v", node
        else:
            yield {True: "t", False: "f", None: "z"}[node], ""
