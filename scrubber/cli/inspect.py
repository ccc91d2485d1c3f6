"""`scrub inspect PATH`: what does this file give away? Reads only."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.quote import for_json, for_terminal

if TYPE_CHECKING:
    from scrubber.look import Look
    from scrubber.plan import Found

from scrubber.cli.options import JSON, PATHS, together
from scrubber.cli.streams import document

SCHEMA = "scrub.inspect/1"
_LONGEST = 72


@click.command(epilog="Exit: 0 when everything could be read, 3 when something is held.")
@together(PATHS, JSON)
@click.option("--values", is_flag=True, help="Show the values themselves, on this terminal only.")
def command(paths: tuple[Path, ...], as_json: bool, values: bool) -> int:
    """Say what stands in PATHS besides the content: who, where, when, with what."""
    from scrubber.bench import Setup, prepare
    from scrubber.errors import Held
    from scrubber.look import look
    from scrubber.policy import load_policy

    bench = prepare(
        Setup(load_policy("standard"), "", b"\0" * 32, os.urandom(32), "", False, False)
    )
    code = 0
    rows: list[dict[str, object]] = []
    for path in _files(paths):
        try:
            seen = look(bench, path)
        except Held as error:
            code = 3
            rows.append({"path": for_json(path), "held": error.code, "why": str(error)})
            if not as_json:
                click.echo(f"{for_terminal(path)}\n  {error}")
            continue
        if seen.held is not None:
            code = 3
        if as_json:
            rows.append(_row(seen))
        else:
            _print(seen, values)
    if as_json:
        document(json.dumps({"schema": SCHEMA, "files": rows}, indent=1))
    return code


def _files(paths: tuple[Path, ...]) -> Iterator[str]:
    from scrubber.model import Item
    from scrubber.walk import walk

    for entry in walk(paths):
        if isinstance(entry, Item):
            yield os.path.join(entry.root, entry.path)


def _row(seen: Look) -> dict[str, object]:
    return {
        "path": for_json(seen.path),
        "size": seen.size,
        "container": seen.container,
        "held": seen.held.code if seen.held else None,
        "why": str(seen.held) if seen.held else "",
        "findings": [
            {"entity": row.entity, "where": row.where, "length": len(row.value)}
            for row in seen.found
        ],
    }


def _print(seen: Look, values: bool) -> None:
    from scrubber.entities import CATALOGUE

    click.echo(f"{for_terminal(seen.path)}  ({seen.label}, {seen.size:,} bytes)")
    if seen.held is not None:
        click.echo(f"  would be held: {seen.held}")
        return
    by_entity: dict[str, list[Found]] = {}
    for row in seen.found:
        by_entity.setdefault(row.entity, []).append(row)
    if not by_entity:
        click.echo("  nothing but the content itself.")
    for name in (name for name in CATALOGUE if name in by_entity):
        rows = by_entity[name]
        click.echo(f"  {name:<18} {CATALOGUE[name].why}")
        for row in rows[:8] if not values else rows:
            line = f"    {row.where}"
            if values and row.words:
                line += f" = {for_terminal(row.words[:_LONGEST])}"
            click.echo(line)
        if len(rows) > 8 and not values:
            click.echo(f"    … and {len(rows) - 8} more")
