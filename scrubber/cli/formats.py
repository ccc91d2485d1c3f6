"""`scrub formats`: the table of containers, on the terminal and in docs/formats.md."""

from __future__ import annotations

import click

from scrubber.containers import Container, table

_INTRO = """\
# Formats

What `scrub` can clean, and what it knows by sight. A file is told by its content; a suffix
chooses only between kinds that look alike. Whatever is not in the first table is held, never
passed. This page is made from the table of containers: change that, not this.
"""
_HANDLED = """
## Handled

`split` keeps every byte that stays where the original had it; `rebuild` copies what is allowed
into a new file. Without a second reader a format is inspected, not cleaned.

| name | what | media type | suffixes | how | second reader | needs | specification |
|---|---|---|---|---|---|---|---|
"""
_NESTED = """
## Inside others

| name | what | media type | specification |
|---|---|---|---|
"""
_KNOWN = """
## Known by sight, held

| name | what | suffixes |
|---|---|---|
"""


def table_markdown() -> str:
    """The text of docs/formats.md."""
    rows = tuple(table().values())
    handled = [row for row in rows if row.format is not None and not row.nested]
    nested = [row for row in rows if row.format is not None and row.nested]
    known = sorted((row for row in rows if row.format is None), key=lambda row: row.name)
    return "".join(
        (
            _INTRO,
            _HANDLED,
            *map(_handled, handled),
            _NESTED,
            *(_line(row.name, row.label, row.media_type, row.spec) for row in nested),
            _KNOWN,
            *(_line(row.name, row.label, _suffixes(row)) for row in known),
        )
    )


def _handled(row: Container) -> str:
    reader = "yes" if row.reader else "no"
    needs = f"prescrub[{row.extra}]" if row.extra else ""
    return _line(
        row.name, row.label, row.media_type, _suffixes(row), row.form, reader, needs, row.spec
    )


def _suffixes(row: Container) -> str:
    return " ".join(row.suffixes)


def _line(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


@click.command()
@click.option("--markdown", is_flag=True, help="The whole table, as in docs/formats.md.")
def command(markdown: bool) -> int:
    """List what can be cleaned; everything else is held, never copied."""
    if markdown:
        click.echo(table_markdown(), nl=False)
        return 0
    handled = [row for row in table().values() if row.format is not None and not row.nested]
    for row in handled:
        state = "cleaned" if row.cleanable else "inspected only"
        click.echo(f"{row.name:<10} {state:<15} {row.media_type:<22} {' '.join(row.suffixes)}")
    known = sum(row.format is None for row in table().values())
    click.echo(
        f"\n{known} other formats are known by sight and held. What no row knows is held too."
    )
    return 0
