"""A table remedied into a new file, and proof by the second reader before it has its name."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scrubber.errors import FolderError, ScrubError, UsageError, VerifyFailed
from scrubber.model import Source
from scrubber.readers.table_classes import Recount, recount_csv, recount_json
from scrubber.source import FileSource
from scrubber.tables.measuring import Measured
from scrubber.tables.reading import Table
from scrubber.tables.remedies import SUPPRESS, Remedy, generalise, suppress
from scrubber.tables.writing import write


@dataclass(frozen=True, slots=True)
class Order:
    """What to do about a table: an action of `remedies`, and rows that may be left out for it."""

    action: str
    k: int
    may_drop: float = 0.0  # share of the rows


def remedy(measured: Measured, order: Order) -> Remedy:
    """What `order` makes of the table that was measured. Raises PolicyHold."""
    which = range(len(measured.whole.columns))
    if order.action == SUPPRESS:
        return suppress(measured.coded, which, order.k)
    return generalise(measured.coded, which, order.k, int(order.may_drop * measured.whole.rows))


def write_proved(
    table: Table, measured: Measured, done: Remedy, out: Path,
    step: Callable[[str], None] = lambda word: None,
) -> None:  # fmt: skip
    """Writes the remedied table to `out`, which must not exist, once it has been read again.

    Raises UsageError, VerifyFailed, and whatever reading and writing raise.
    """
    if os.path.lexists(out):
        raise UsageError(f"{out} exists.", fix="Choose another name for --write.")
    partial = out.with_name(f"{out.name}.{os.getpid()}.partial")
    with _new(partial) as into:
        try:
            step("writing")
            write(table, measured.coded, done, into)
            into.flush()
            os.fsync(into.fileno())
            step("reading again")
            with FileSource(partial) as source:
                prove(table, measured, done, source)
            os.link(partial, out)
        except FileExistsError as error:
            raise UsageError(f"{out} exists.", fix="Choose another name for --write.") from error
        finally:
            partial.unlink(missing_ok=True)


def _new(place: Path) -> BinaryIO:
    try:
        return open(place, "xb")
    except OSError as error:
        why = f"({error.strerror})."
        raise FolderError(f"{place.parent} cannot be written", why, "Check the path.") from error


def prove(table: Table, measured: Measured, done: Remedy, source: Source) -> None:
    """Counts the written `source` again and compares what must be equal. Raises VerifyFailed."""
    try:
        written = _recount(table, measured, done, source, kept=False)
        before = _recount(table, measured, done, table.source, kept=True)
    except (ScrubError, ValueError) as error:
        raise VerifyFailed("The table that was written does not read back.") from error
    counted = (written.rows, written.classes, written.smallest)
    if counted != (done.rows, done.classes, done.smallest) or written.rest != before.rest:
        raise VerifyFailed("The second reader counts the written table otherwise.")


def _recount(
    table: Table, measured: Measured, done: Remedy, source: Source, *, kept: bool
) -> Recount:
    columns = measured.coded.columns[: len(measured.whole.columns)]
    changed = [one for one, texts in zip(columns, done.texts, strict=True) if texts is not None]
    flags = done.keep.tolist() if kept else None
    if not table.delimiter:
        names = [one.name for one in columns]
        return recount_json(source, names, [one.name for one in changed], kept=flags)
    return recount_csv(
        source, [one.place for one in columns], [one.place for one in changed],
        headed=table.headed, tabs=table.delimiter == "\t", kept=flags,
    )  # fmt: skip
