"""The tables of a batch, counted as they were written: what the public may read, what is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath

from scrubber.errors import Held, PolicyHold, ScrubError
from scrubber.model import ItemRecord, Outcome
from scrubber.source import FileSource
from scrubber.tables.measuring import Measured, Wish, measure, public_name
from scrubber.tables.reading import open_table
from scrubber.tables.rules import TableRules

_WRITTEN = (Outcome.CLEANED, Outcome.UNCHANGED)


@dataclass(frozen=True, slots=True)
class TableResult:
    """One item: what the manifest says of it, or why it is held."""

    index: int
    public: dict[str, object] = field(default_factory=dict)
    error: Held | None = None


def measured_tables(
    records: Iterable[ItemRecord], objects: Path, rules: TableRules
) -> Iterator[TableResult]:
    """Counts each written item of `records` that `rules` names, in their order."""
    wanted = [
        (record.index, rules.columns(record.path), record.out_path or "", record.path)
        for record in records
        if record.outcome in _WRITTEN and rules.columns(record.path)
    ]
    for index, columns, out_path, path in wanted:
        yield _one(objects / f"{index:08x}", index, columns, (out_path, path), rules)


def _one(
    place: Path, index: int, columns: tuple[str, ...], names: tuple[str, str], rules: TableRules
) -> TableResult:
    try:
        with FileSource(place) as source:
            table = open_table(source, PurePath(names[1]).name)
            found = measure(table, Wish(columns, k=rules.k, most=0))
    except Held as error:
        return TableResult(index, error=error)
    except ScrubError as error:
        why = "The policy names columns for it that cannot be counted."
        return TableResult(index, error=PolicyHold(error.what, why, "Mend [tables] in the policy."))
    if found.whole.below and rules.action == "hold":
        return TableResult(index, error=_too_few(found))
    return TableResult(index, public=_public(found, names[0]))


def _too_few(found: Measured) -> PolicyHold:
    whole = found.whole
    qi = ",".join(public_name(one) for one in found.coded.columns)
    return PolicyHold(
        f"{whole.below} of {whole.rows} rows of this table are in classes of fewer than {found.k}.",
        f"By {qi}, the smallest class has {whole.smallest}.",
        f"Make it coarser: scrub measure FILE --qi {qi} -k {found.k} --write NEW --by generalise",
    )


def _public(found: Measured, out_path: str) -> dict[str, object]:
    """Counts, and headers that can be no values."""
    whole = found.whole
    return {
        "path": out_path,
        "qi": [public_name(one) for one in found.coded.columns],
        "k": whole.smallest,
        "asked": found.k,
        "rows": whole.rows,
        "classes": whole.classes,
        "below": whole.below,
    }
