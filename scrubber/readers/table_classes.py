"""The second reader of remedied tables: the standard library's csv and json, and a dictionary.

Counts the classes of a written table again, with nothing that counted or wrote it first, and
digests all that must not have changed: the cells of the rows that stay, in their order.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeVar

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers.csv_table import _delimiter, _lines, _rows
from scrubber.readers.text import encoding

_LOOK = 200
_Row = TypeVar("_Row")


class Recount(NamedTuple):
    """Rows, classes, the smallest class, and SHA-256 over what may not have changed."""

    rows: int
    classes: int
    smallest: int
    rest: str


def recount_csv(
    source: Source, places: Sequence[int], changed: Sequence[int], *,
    headed: bool, tabs: bool = False, kept: Iterable[object] | None = None,
) -> Recount:  # fmt: skip
    """The classes by the columns at `places`; the digest leaves out the columns `changed`.

    With `kept`, one truth value a row, only those rows count. Raises Damaged.
    """
    codec, mark = encoding(source)
    delimiter = _delimiter(source, codec, mark, "\t" if tabs else ",;\t|")
    if delimiter is None:
        raise Damaged("The table that was written has no one delimiter.")
    classes: Counter[tuple[str, ...]] = Counter()
    digest = hashlib.sha256()
    records = _cells(source, codec, mark, delimiter, headed=headed)
    for row in _kept(records, kept):
        classes[tuple(row[at] if at < len(row) else "" for at in places)] += 1
        for at in changed:
            if at < len(row):
                row[at] = ""
        digest.update(("\x1f".join(row) + "\x1e").encode("utf-8", "surrogatepass"))
    return _result(classes, digest.hexdigest())


def _cells(
    source: Source, codec: str, mark: int, delimiter: str, *, headed: bool
) -> Iterator[list[str]]:
    width, seen = Counter[int](), 0
    for row in _rows(_lines(source, codec, mark), delimiter, strict=True):
        if row and not row[0].startswith("#"):
            width[len(row)] += 1
            seen += 1
            if seen == _LOOK:
                break
    most = width.most_common(1)[0][0] if width else 0
    first = True
    for row in _rows(_lines(source, codec, mark), delimiter, strict=True):
        if not row or (row[0].startswith("#") and len(row) != most):
            continue
        if first and delimiter.join(row).strip().strip('"').lower() in (f"sep={delimiter}", "sep="):
            first = False
            continue
        first = False
        if headed and any(cell.strip() for cell in row):
            headed = False
            continue
        yield row


def recount_json(
    source: Source, names: Sequence[str], changed: Sequence[str], *,
    kept: Iterable[object] | None = None,
) -> Recount:  # fmt: skip
    """As `recount_csv`, for JSON lines. Raises Damaged."""
    codec, mark = encoding(source)
    classes: Counter[tuple[str, ...]] = Counter()
    digest = hashlib.sha256()
    for row in _kept(_objects(source, codec, mark), kept):
        classes[tuple(_text(_find(row, name)[1]) for name in names)] += 1
        for name in changed:
            holder, _ = _find(row, name)
            if holder is not None:
                key = name if name in holder else name.rpartition(".")[2]
                holder[key] = ""
        digest.update(_written(row).encode("utf-8", "surrogatepass") + b"\x1e")
    return _result(classes, digest.hexdigest())


class _Digits(str):
    __slots__ = ()


def _objects(source: Source, codec: str, mark: int) -> Iterator[dict[str, object]]:
    held = ""
    for line in _lines(source, codec, mark):
        held += line  # a lone carriage return ends no JSON line
        if held.endswith("\n") and held.strip():
            yield _parsed(held)
        held = "" if held.endswith("\n") else held
    if held.strip():
        yield _parsed(held)


def _parsed(line: str) -> dict[str, object]:
    try:
        value = json.loads(line, parse_int=_Digits, parse_float=_Digits, parse_constant=_Digits)
    except (ValueError, RecursionError) as error:
        raise Damaged("A line that was written does not read as JSON.") from error
    if not isinstance(value, dict):
        raise Damaged("A line that was written is no object.")
    return value


def _find(row: dict[str, object], name: str) -> tuple[dict[str, object] | None, object]:
    """The object that holds the value named by a key or a path, and the value."""
    if name in row:
        return row, row[name]
    *way, last = name.split(".")
    holder: object = row
    for key in way:
        holder = holder.get(key) if isinstance(holder, dict) else None
    if isinstance(holder, dict) and last in holder:
        return holder, holder[last]
    return None, None


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else _written(value)


def _written(value: object) -> str:
    if isinstance(value, _Digits):
        return str(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{json.dumps(k)}:{_written(value[k])}" for k in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_written(one) for one in value) + "]"
    return json.dumps(value)


def _kept(rows: Iterable[_Row], kept: Iterable[object] | None) -> Iterator[_Row]:
    if kept is None:
        yield from rows
        return
    for row, keep in zip(rows, kept, strict=True):
        if keep:
            yield row


def _result(classes: Counter[tuple[str, ...]], rest: str) -> Recount:
    return Recount(classes.total(), len(classes), min(classes.values(), default=0), rest)
