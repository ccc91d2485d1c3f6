"""The second reader of CSV and TSV tables: the standard library's csv module.

The content digest is SHA-256 over the bytes outside the edited spans. Rows and widths are
those that `csv.reader` sees; the delimiter is the only one of four by which 80 % of the
first 200 rows are equally wide. When there is not just one, the table is read as text.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from scrubber.errors import Damaged
from scrubber.model import Reading, Rendering, Source
from scrubber.readers.text import Edited, characters, encoding, label, outside, overlapping
from scrubber.readers.text_checks import leftovers

_FIELD_LIMIT = 32 << 20


def read(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """A CSV table as Python reads it. Raises Damaged when it does not."""
    return _read(source, edited, ",;\t|", net)


def read_tsv(source: Source, edited: Edited = (), *, net: bool = True) -> Reading:
    """A table whose cells are separated by tabs."""
    return _read(source, edited, "\t", net)


def _read(source: Source, edited: Edited, candidates: str, net: bool) -> Reading:
    codec, mark = encoding(source)
    found: dict[str, None] = {}
    for block in overlapping(characters(source, codec, mark)):
        found.update(dict.fromkeys(leftovers(block, net=net)))
    facts: dict[str, object] = {"encoding": label(codec, mark)}
    delimiter = _delimiter(source, codec, mark, candidates)
    if delimiter is not None:
        facts |= _shape(source, codec, mark, delimiter)
    return Reading("csv", outside(source, edited), Rendering.of(**facts), tuple(found))


def _shape(source: Source, codec: str, mark: int, delimiter: str) -> dict[str, object]:
    widths: Counter[int] = Counter()
    order = hashlib.sha256()
    for row in _rows(_lines(source, codec, mark), delimiter, strict=True):
        widths[len(row)] += 1
        order.update(str(len(row)).encode() + b",")
    shape = " ".join(f"{width}x{widths[width]}" for width in sorted(widths))
    return {
        "rows": sum(widths.values()), "shape": shape, "delimiter": repr(delimiter),
        "widths": order.hexdigest(),
    }  # fmt: skip


def _rows(lines: Iterable[str], delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=False)
    except csv.Error as error:
        if strict:
            raise Damaged("The table does not read as CSV.") from error
    finally:
        csv.field_size_limit(before)


def _delimiter(source: Source, codec: str, mark: int, candidates: str) -> str | None:
    first = next(iter(_lines(source, codec, mark)), "").strip().strip('"')
    if first[:4].lower() == "sep=" and len(first) <= 5:
        return first[4:] or "\t"
    fits = []
    for delimiter in candidates:
        rows = _rows(_lines(source, codec, mark), delimiter, strict=False)
        shown = (len(row) for row in rows if row and not row[0].startswith("#"))
        widths = Counter(islice(shown, 200))
        total = sum(widths.values())
        if total:
            width, often = widths.most_common(1)[0]
            if width > 1 and often * 5 >= total * 4:
                fits.append(delimiter)
    return fits[0] if len(fits) == 1 else None


def _lines(source: Source, codec: str, mark: int) -> Iterator[str]:
    """Lines as the csv module wants them, line ends untranslated."""
    held = ""
    for block in characters(source, codec, mark):
        held += block
        rows = io.StringIO(held, newline="").readlines()
        held = rows.pop() if rows else ""
        yield from rows
    if held:
        yield from io.StringIO(held, newline="")
