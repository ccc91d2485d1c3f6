"""`scrub measure FILE…`: who stands alone in a table? Counts and headers are shown, no values."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document

if TYPE_CHECKING:
    from scrubber.tables.measuring import Measured, Wish
    from scrubber.tables.remedies import Remedy
    from scrubber.tables.remedying import Order

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
@click.option("--write", "out", type=click.Path(path_type=Path), metavar="OUT",
              help="Write the table so that every class has K rows.")  # fmt: skip
@click.option("--by", type=click.Choice(("suppress", "generalise")),
              help="Leave out rows, or make values coarser.")  # fmt: skip
@click.option("--may-drop", type=click.FloatRange(0, 50), default=0.0, show_default=True,
              metavar="PERCENT", help="Rows that --by generalise may leave out.")  # fmt: skip
@together(JSON, QUIET)
def command(
    files: tuple[Path, ...],
    qi: tuple[str, ...],
    sensitive: tuple[str, ...],
    k: int,
    most: int,
    header: str,
    out: Path | None,
    by: str | None,
    may_drop: float,
    as_json: bool,
    quiet: bool,
) -> int:
    """How many people could be singled out in a CSV, TSV or JSON lines table?

    \b
    scrub measure survey.csv
    scrub measure survey.csv --qi age,sex,postcode --sensitive diagnosis
    scrub measure survey.csv --qi age,sex,postcode --write safe.csv --by generalise
    """
    from reports.quote import for_json, for_terminal
    from scrubber.errors import Held
    from scrubber.tables.measuring import Wish
    from scrubber.tables.showing import after, enough, fields, lines, remedy_fields

    order = _order(files, out, by, k, may_drop)
    meter = Meter(quiet=quiet or as_json)
    job = _Job(qi, sensitive, Wish(k=k, most=most), _HEADER[header], order, out, meter)
    rows: list[dict[str, object]] = []
    code = 0
    for path in files:
        row: dict[str, object] = {"path": for_json(str(path))}
        said: list[str] = []
        try:
            measured, done = job.run(path)
        except Held as error:
            code = 3
            why = f"{error.what} {error.why}".strip()
            row |= {"held": error.code, "why": why, "fix": error.fix}
            if not as_json:
                click.echo(f"{for_terminal(str(path))}: {error}", err=True)
        else:
            code = max(code, 0 if done or enough(measured) else 1)
            row |= fields(measured, for_json)
            said = [f"{for_terminal(str(path))}: {measured.whole.rows} rows"]
            said += [*lines(measured, for_terminal), ""]
            if done is not None:
                row["written"] = {"path": for_json(str(out)), **remedy_fields(done, for_json)}
                said += after(measured, done, for_terminal(str(out)), for_terminal)
        rows.append(row)
        if said and not as_json:
            click.echo("\n".join(said))
    if as_json:
        document(json.dumps({"schema": SCHEMA, "files": rows}, indent=1, ensure_ascii=False))
    return code


def _order(
    files: tuple[Path, ...], out: Path | None, by: str | None, k: int, may_drop: float
) -> Order | None:
    from scrubber.errors import UsageError
    from scrubber.tables.remedying import Order

    if out is None and by is None:
        return None
    if out is None or by is None:
        raise UsageError(
            "--write and --by belong together.",
            fix="For example --write safe.csv --by generalise.",
        )
    if len(files) > 1:
        raise UsageError("--write takes one table at a time.")
    return Order(by, k, may_drop / 100)


@dataclass(frozen=True, slots=True)
class _Job:
    """What is done with each file."""

    qi: tuple[str, ...]
    sensitive: tuple[str, ...]
    wish: Wish
    headed: bool | None
    order: Order | None
    out: Path | None
    meter: Meter

    def run(self, path: Path) -> tuple[Measured, Remedy | None]:
        from scrubber.errors import ChangedWhileReading
        from scrubber.source import FileSource
        from scrubber.tables.measuring import measure, split_names
        from scrubber.tables.reading import open_table
        from scrubber.tables.remedying import remedy, write_proved

        try:
            with FileSource(path) as source:
                table = open_table(source, path.name, self.headed)
                quasi, further = split_names(table, self.qi), split_names(table, self.sensitive)
                wish = replace(self.wish, quasi=quasi, sensitive=further)
                found = measure(
                    table, wish, lambda rows: self.meter("measuring", rows, 0, path.name)
                )
                done = None
                if self.order is not None and self.out is not None:
                    done = remedy(found, self.order)
                    write_proved(
                        table, found, done, self.out,
                        lambda word: self.meter(word, 0, 0, path.name),
                    )  # fmt: skip
                if not source.unchanged():
                    raise ChangedWhileReading("The file changed while it was read.")
                return found, done
        finally:
            self.meter.clear()
