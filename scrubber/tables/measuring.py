"""One table measured: what `scrub measure` says of it, and what a manifest may say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scrubber.errors import UsageError
from scrubber.formats.labels import safe_name
from scrubber.tables import counting
from scrubber.tables.coding import Coded, code
from scrubber.tables.counting import Band, Classes, Sensitive
from scrubber.tables.proposing import Proposal, propose
from scrubber.tables.reading import Column, Table

WIDEST = 12


@dataclass(frozen=True, slots=True)
class Measured:
    """What was counted. `proposed` says why each column counts when nobody named them."""

    whole: Classes
    bands: tuple[Band, ...]
    combinations: tuple[Classes, ...]
    sensitive: tuple[Sensitive, ...]
    proposed: tuple[Proposal, ...]
    direct: tuple[Proposal, ...]
    ragged: int
    k: int
    coded: Coded  # the quasi-identifiers first, then the sensitive columns


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure. Without `quasi` it is proposed."""

    quasi: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    k: int = 5
    most: int = 3


def measure(
    table: Table, wish: Wish, progress: Callable[[int], None] = lambda rows: None
) -> Measured:
    """Counts `table`. Raises UsageError for columns that are not there, Damaged, TooLarge."""
    proposed: tuple[Proposal, ...] = ()
    direct: tuple[Proposal, ...] = ()
    further = tuple(pick(table, name) for name in wish.sensitive)
    if wish.quasi:
        quasi = tuple(dict.fromkeys(pick(table, name) for name in wish.quasi))
    else:
        found = propose(table)
        proposed = tuple(one for one in found.quasi if one.column not in further)
        direct, quasi = found.direct, tuple(one.column for one in proposed)
        if not quasi:
            raise UsageError(
                "No column looks like something that an outsider may know of a person.",
                fix="Name the columns: --qi age,postcode. A column without a header is #1, #2, …",
            )
    if both := [one.label for one in further if one in quasi]:
        raise UsageError(f"{both[0]!r} cannot be both known and sensitive.")
    if len(quasi) > WIDEST:
        raise UsageError(f"{len(quasi)} columns are too many to combine.", f"Up to {WIDEST} are.")
    coded = code(table, [*quasi, *further], progress)
    known = range(len(quasi))
    whole, sizes = counting.classes(coded, known, wish.k)
    return Measured(
        whole,
        counting.bands(sizes),
        counting.combinations(coded, known, wish.most, wish.k),
        tuple(counting.sensitive(coded, known, len(quasi) + at) for at in range(len(further))),
        proposed, direct, coded.ragged, wish.k, coded,
    )  # fmt: skip


def pick(table: Table, name: str) -> Column:
    """The column of that header, or `#N` for the N-th. Raises UsageError."""
    if name.startswith("#") and name[1:].isdecimal() and len(name) < 8:
        place = int(name[1:]) - 1
        if 0 <= place < len(table.columns):
            return table.columns[place]
        raise UsageError(f"There is no column {name}.", f"The table has {len(table.columns)}.")
    found = [column for column in table.columns if column.name == name.strip()]
    if len(found) > 1:
        places = ", ".join(f"#{one.place + 1}" for one in found)
        raise UsageError(f"{len(found)} columns have that header.", fix=f"Name one of {places}.")
    if found:
        return found[0]
    if not table.delimiter and "." in name:
        return Column(name, len(table.columns))
    if table.delimiter and not table.headed:
        why = "The first row was not taken for a header: two cells are alike, empty or a number."
        raise UsageError(f"There is no column {name!r}.", why, "Use --header yes, or #1, #2, …")
    known = ", ".join(column.label[:40] for column in table.columns[:20])
    near = [one.name for one in table.columns if one.name.casefold() == name.strip().casefold()]
    fix = f"Did you mean {near[0]!r}?" if near else "#1, #2, … name one by its place."
    raise UsageError(f"There is no column {name!r}.", f"Columns: {known}.", fix)


def split_names(table: Table, words: Sequence[str]) -> tuple[str, ...]:
    """The names in `words`, each a header or several between commas."""
    headers = {column.name for column in table.columns}
    names: list[str] = []
    for word in words:
        names += [word] if word in headers else [one for one in word.split(",") if one.strip()]
    return tuple(names)


def public_name(column: Column) -> str:
    """What a record may call the column: its header if that can be no value, else its place."""
    return safe_name(column.name) or f"#{column.place + 1}"
