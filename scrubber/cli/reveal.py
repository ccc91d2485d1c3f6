"""What was found in one original, with its values, on the terminal alone.

The values come from the original, which is read again. The log has none; it
says which file it was, and what became of it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.html.gather import record_from
from reports.quote import for_terminal
from scrubber.entities import CATALOGUE
from scrubber.errors import Held, UsageError
from scrubber.model import ItemRecord

if TYPE_CHECKING:
    from scrubber.look import Look

_LONGEST = 200
"""Characters of a value that are shown."""


def reveal(events: Iterable[Mapping[str, object]], batch: str, path: Path) -> int:
    """Show the findings of `path`. Exit code 3 if it cannot be read to its end today."""
    from scrubber.bench import Setup, prepare
    from scrubber.look import look
    from scrubber.policy import load_policy

    record, same = _known(events, path)
    click.echo(_what_became(record, same, batch))
    rules = load_policy("standard")
    bench = prepare(Setup(rules, "", b"\0" * 32, os.urandom(32), "", False, False))
    try:
        seen = look(bench, str(path))
    except Held as error:
        click.echo(f"{for_terminal(str(path))}\n  {error}")
        return 3
    _show(seen)
    if seen.held is None:
        found = {(row.entity, row.where) for row in seen.found}
        others = [row for row in record.findings if (row.entity, row.where) not in found]
        if others and same:
            click.echo("  Found in the run, because other files or your lists taught the value:")
            for row in others:
                click.echo(f"    {row.entity} {_line(row.where)}")
    return 3 if seen.held is not None else 0


def _show(seen: Look) -> None:
    """Every finding with its place and value, in the order of the catalogue."""
    click.echo(f"{for_terminal(seen.path)}  ({seen.label}, {seen.size:,} bytes)")
    if seen.held is not None:
        click.echo(f"  cannot be read to its end: {seen.held}")
        return
    if not seen.found:
        click.echo("  nothing but the content itself.")
    order = {name: number for number, name in enumerate(CATALOGUE)}
    last = ""
    for row in sorted(seen.found, key=lambda row: order.get(row.entity, len(order))):
        if row.entity != last:
            why = CATALOGUE[row.entity].why if row.entity in CATALOGUE else ""
            click.echo(f"  {row.entity:<18} {why}")
        last = row.entity
        value = f" = {_short(row.words)}" if row.words else ""
        click.echo(f"    {_line(row.where)}{value}")


def _line(where: str) -> str:
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in where)


def _short(words: str) -> str:
    cut = len(words) - _LONGEST
    return for_terminal(words) if cut <= 0 else f"{for_terminal(words[:_LONGEST])} … {cut:,} more"


def _known(events: Iterable[Mapping[str, object]], path: Path) -> tuple[ItemRecord, bool]:
    """The record of a file by its content, else by its path; and whether the content is the same.

    All of the log is read, because its chain is only then known to be whole.
    """
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    resolved = str(path.resolve())
    by_content: ItemRecord | None = None
    by_path: ItemRecord | None = None
    for event in events:
        if event["event"] != "item":
            continue
        record = record_from(event)
        here = resolved.endswith("/" + record.path) and record.sha256 is not None
        if record.sha256 == digest and (by_content is None or here):
            by_content = record
        if here and (by_path is None or len(record.path) > len(by_path.path)):
            by_path = record
    if by_content is not None:
        return by_content, True
    if by_path is not None:
        return by_path, False
    raise UsageError(
        f"The log knows no original {path}.",
        "Neither its content nor its name stands in it.",
        "To look at any file: scrub inspect --show FILE",
    )


def _what_became(record: ItemRecord, same: bool, batch: str) -> str:
    words = record.outcome.value
    if record.out_path:
        words += f" as {for_terminal(record.out_path)}"
    elif record.code:
        words += f", {record.code}"
    changed = "" if same else " The file has changed since: what follows is what it holds now."
    return f"In batch {batch}: {words}.{changed}"
