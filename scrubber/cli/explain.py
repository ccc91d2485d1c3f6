"""`scrub explain CODE|ENTITY`: what it means and what to do, offline."""

from __future__ import annotations

import difflib

import click

from scrubber.entities import CATALOGUE
from scrubber.errors import HOLD_CODES, UsageError


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> int:
    """Explain a hold code (damaged) or an entity (GPS_POSITION); without NAME, list them."""
    if name is None:
        click.echo("Hold codes:")
        for code in HOLD_CODES:
            click.echo(f"  {code}")
        click.echo("Entities:")
        for row in CATALOGUE.values():
            click.echo(f"  {row.name:<20} {row.why}")
        return 0
    if name.lower() in HOLD_CODES:
        kind = HOLD_CODES[name.lower()]
        click.echo(f"{kind.code}: the file is held back; nothing of it is written to --out.")
        click.echo(_section(kind.code) or kind.default_fix)
        return 0
    if name.upper() in CATALOGUE:
        row = CATALOGUE[name.upper()]
        click.echo(f"{row.name} ({row.kind.value})")
        click.echo(row.why)
        if row.swept:
            click.echo("Once removed, the value is looked for in every file of the batch.")
        return 0
    if (text := _section(name.lower())) != "":
        click.echo(f"{name.lower()}: a drop reason; the file is left out on purpose.")
        click.echo(text)
        return 0
    near = difflib.get_close_matches(name.lower(), HOLD_CODES, n=1) or difflib.get_close_matches(
        name.upper(), CATALOGUE, n=1
    )
    hint = f"Did you mean {near[0]}?" if near else "`scrub explain` lists them."
    raise UsageError(f"There is no hold code and no entity {name!r}.", fix=hint)


def _section(code: str) -> str:
    from scrubber.explanations import section

    return section(code)
