"""A measured table as lines for people and as fields for programs: counts and headers alone."""

from __future__ import annotations

from collections.abc import Callable

from scrubber.tables.counting import Classes
from scrubber.tables.measuring import Measured
from scrubber.tables.remedies import GENERALISE, Remedy

_SHOWN = 12
Quote = Callable[[str], str]


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "0.0 %"


def lines(measured: Measured, quote: Quote) -> list[str]:
    """What `scrub measure` prints below the file's name."""
    whole, k = measured.whole, measured.k
    found = [f"  known to others: {_names(whole, quote)}"]
    if measured.proposed:
        found[0] += "  (proposed by header and values; --qi says otherwise)"
    found.append(f"  k-anonymity:     {whole.smallest}{_against(whole, k)}")
    alone = share(whole.unique, whole.rows)
    found.append(f"  alone:           {whole.unique} of {whole.rows} rows ({alone})")
    found.append(f"  in classes < {k}:  {whole.below} rows ({share(whole.below, whole.rows)})")
    found += ["", "  rows in a class    classes       rows"]
    for band in measured.bands:
        most = "" if band.most == band.least else f"-{band.most}" if band.most else "+"
        found.append(f"  {f'{band.least}{most}':<15} {band.classes:>10} {band.rows:>10}")
    if measured.combinations:
        found += ["", "  alone by these columns                     rows    smallest class"]
    chosen = sorted(measured.combinations, key=lambda one: (-one.unique, len(one.columns)))
    for one in chosen[:_SHOWN]:
        left = " + ".join(quote(name) for name in one.columns)
        found.append(f"  {left:<34} {one.unique:>12} {one.smallest:>17}")
    if len(chosen) > _SHOWN:
        found.append(f"  … and {len(chosen) - _SHOWN} combinations that single out fewer (--json)")
    for further in measured.sensitive:
        found += [
            "",
            f"  within the classes, {quote(further.column)} has:",
            f"  l-diversity:     {further.distinct_l} (distinct), "
            f"{further.entropy_l / 1000:.3f} (entropy)",
            f"  t-closeness:     {further.closeness_t / 1000:.3f}",
        ]
    return found + _remarks(measured, quote)


def _names(classes: Classes, quote: Quote) -> str:
    return ", ".join(quote(name) for name in classes.columns)


def _against(whole: Classes, k: int) -> str:
    if not whole.rows:
        return "  (no rows)"
    return f"  (asked for {k})" if whole.smallest >= k else f"  (BELOW {k})"


def _remarks(measured: Measured, quote: Quote) -> list[str]:
    found = [
        f"  {quote(one.column.label)}: {one.why}; k says nothing while it is there."
        for one in measured.direct
    ]
    if measured.ragged:
        found.append(f"  {measured.ragged} rows are shorter or longer than most.")
    return ["", *found] if found else []


def fields(measured: Measured, for_json: Quote) -> dict[str, object]:
    """The document's row of one file."""
    whole = measured.whole
    row: dict[str, object] = {
        "rows": whole.rows,
        "ragged": measured.ragged,
        "qi": [for_json(name) for name in whole.columns],
        "proposed": [
            {"column": for_json(one.column.label), "why": one.why} for one in measured.proposed
        ],
        "identifiers": [
            {"column": for_json(one.column.label), "why": one.why} for one in measured.direct
        ],
        "asked": measured.k,
        "enough": enough(measured),
        **counts(whole),
        "sizes": [
            {"least": one.least, "most": one.most, "classes": one.classes, "rows": one.rows}
            for one in measured.bands
        ],
        "combinations": [
            {"columns": [for_json(name) for name in one.columns], **counts(one)}
            for one in measured.combinations
        ],
        "sensitive": [
            {
                "column": for_json(one.column), "distinct_l": one.distinct_l,
                "entropy_l": one.entropy_l / 1000, "closeness_t": one.closeness_t / 1000,
            }
            for one in measured.sensitive
        ],
    }  # fmt: skip
    return row


def counts(classes: Classes) -> dict[str, object]:
    return {
        "k": classes.smallest, "classes": classes.classes, "unique": classes.unique,
        "below": classes.below,
    }  # fmt: skip


def enough(measured: Measured) -> bool:
    """Is no row in a class smaller than what was asked for?"""
    return not measured.whole.below


def after(measured: Measured, done: Remedy, out: str, quote: Quote) -> list[str]:
    """What became of the table, as lines."""
    gone = f"{done.dropped} of {measured.whole.rows}" if done.dropped else "no"
    found = [f"Written to {out}, and counted again by the second reader: {gone} rows left out."]
    found.append(
        f"  k-anonymity:     {done.smallest}  ({done.classes} classes of {done.rows} rows)"
    )
    for step in done.steps:
        change = f"step {step.step} of {step.steps} ({step.kind})" if step.step else "as it was"
        found.append(f"  {quote(step.column):<16} {change}")
    if done.action == GENERALISE and not done.least_change:
        found.append("  There were too many choices to weigh all: a finer table may exist.")
    return found


def remedy_fields(done: Remedy, for_json: Quote) -> dict[str, object]:
    """The same for the document."""
    return {
        "by": done.action,
        "rows": done.rows,
        "dropped": done.dropped,
        "k": done.smallest,
        "classes": done.classes,
        "steps": [
            {"column": for_json(one.column), "kind": one.kind, "step": one.step, "of": one.steps}
            for one in done.steps
        ],
        "least_change": done.least_change,
    }
