"""`scrub measure FILE…`: who stands alone in a table? Counts and headers are shown, no values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document

if TYPE_CHECKING:
    from scrubber.tables.measuring import Measured, Wish
    from scrubber.tables.reading import Table

SCHEMA = "scrub.measure/1"
_HEADER = {"auto": None, "yes": True, "no": False}


@click.command(
    epilog="Exit: 0 every class has K rows, 1 one has fewer, 2 usage, 3 a file is no table."
)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--qi", multiple=True, metavar="COL,COL…",
              help="Columns that others may know of a person; else proposed.")  # fmt: skip
@click.option("--sensitive", multiple=True, metavar="COL", help="What they must not learn.")
@click.option("-k", "--k", type=click.IntRange(2, 1_000_000), default=5, show_default=True,
              metavar="K", help="How many rows must be alike.")  # fmt: skip
@click.option("--most", type=click.IntRange(1, 4), default=3, show_default=True,
              metavar="N", help="Combine up to N columns.")  # fmt: skip
@click.option("--header", type=click.Choice(tuple(_HEADER)), default="auto", show_default=True,
              help="Is the first row a header?")  # fmt: skip
@together(JSON, QUIET)
def command(
    files: tuple[Path, ...],
    qi: tuple[str, ...],
    sensitive: tuple[str, ...],
    k: int,
    most: int,
    header: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """How many people could be singled out in a CSV, TSV or JSON lines table?

    \b
    scrub measure survey.csv
    scrub measure survey.csv --qi age,sex,postcode --sensitive diagnosis
    """
    from reports.quote import for_json, for_terminal
    from scrubber.errors import Held
    from scrubber.tables.measuring import Wish
    from scrubber.tables.showing import enough, fields, lines

    meter = Meter(quiet=quiet or as_json)
    rows: list[dict[str, object]] = []
    code = 0
    for path in files:
        row: dict[str, object] = {"path": for_json(str(path))}
        try:
            done = _measure(path, qi, sensitive, Wish(k=k, most=most), _HEADER[header], meter)
        except Held as error:
            code = 3
            row |= {
                "held": error.code,
                "why": f"{error.what} {error.why}".strip(),
                "fix": error.fix,
            }
            if not as_json:
                click.echo(f"{for_terminal(str(path))}: {error}", err=True)
        else:
            code = max(code, 0 if enough(done) else 1)
            row |= fields(done, for_json)
            if not as_json:
                click.echo(f"{for_terminal(str(path))}: {done.whole.rows} rows")
                click.echo("\n".join(lines(done, for_terminal)) + "\n")
        rows.append(row)
    if as_json:
        document(json.dumps({"schema": SCHEMA, "files": rows}, indent=1, ensure_ascii=False))
    return code


def _measure(
    path: Path, qi: tuple[str, ...], further: tuple[str, ...], wish: Wish,
    headed: bool | None, meter: Meter,
) -> Measured:  # fmt: skip
    from dataclasses import replace

    from scrubber.source import FileSource
    from scrubber.tables.measuring import measure, split_names
    from scrubber.tables.reading import open_table

    with FileSource(path) as source:
        table: Table = open_table(source, path.name, headed)
        full = replace(wish, quasi=split_names(table, qi), sensitive=split_names(table, further))
        try:
            return measure(table, full, lambda rows: meter("measuring", rows, 0, path.name))
        finally:
            meter.clear()
