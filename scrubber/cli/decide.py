"""`scrub decide`: what is doubtful or held after a run; decide, and the next run obeys."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import JSON, together
from scrubber.cli.streams import document

if TYPE_CHECKING:
    from scrubber.cli.decide_list import Last

SCHEMA = "scrub.decide/1"
_VERDICTS = ("redact", "keep", "drop")


@click.command(
    epilog="Verdicts: redact (it goes), keep (it stays), drop (the file is left out). "
    "The list of decisions holds no value and may be committed. docs/decisions.md says more."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--list", "listing", is_flag=True, help="What is doubtful or held (the default).")
@click.option("--all", "everything", is_flag=True, help="List also what was sure or is decided.")
@click.option("--decided", is_flag=True, help="List the decisions, and which did not count.")
@click.option("--show", is_flag=True, help="With the words themselves, on a terminal only.")
@click.option(
    "--set", "wanted", multiple=True, metavar="ID=VERDICT", help="ID: an id or number; 3,5-9 too."
)
@click.option("--unset", multiple=True, metavar="ID", help="Take a decision back.")
@click.option(
    "--scope", type=click.Choice(["span", "item", "value"]),
    help="This place (default), this file, or every text.",
)  # fmt: skip
@click.option("--reason", default="", metavar="TEXT", help="Why; without the value. Kept.")
@click.option("--audit-dir", type=click.Path(path_type=Path), help="The private folder.")
@click.option(
    "--decisions", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="The file of decisions, instead of the private folder's.",
)  # fmt: skip
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Another project key.")
@together(JSON)
def command(
    paths: tuple[Path, ...],
    listing: bool,
    everything: bool,
    decided: bool,
    show: bool,
    wanted: tuple[str, ...],
    unset: tuple[str, ...],
    scope: str | None,
    reason: str,
    audit_dir: Path | None,
    file: Path | None,
    key_file: Path | None,
    as_json: bool,
) -> int:
    """List what the last run over PATHS held or masked on a guess, and decide about it.

    \b
    scrub decide ./portfolio --list
    scrub decide ./portfolio --set 3=keep --reason "the name of a ship"
    scrub decide ./portfolio --set 4-9=redact
    """
    from scrubber.cli.decide_list import Last, as_rows, decisions_lines, lines
    from scrubber.errors import UsageError

    if show and not sys.stdout.isatty():
        raise UsageError(
            "--show writes private values, and this is no terminal.",
            fix="Run it at a terminal, without a pipe or a file behind it.",
        )
    if (wanted or unset) and (listing or decided or show or as_json):
        raise UsageError("List or decide, one at a time.")
    if (scope or reason) and not wanted:
        raise UsageError("--scope and --reason belong to --set ID=VERDICT.")
    last = Last.open(paths, audit_dir, file, key_file)
    if wanted or unset:
        return _change(last, wanted, unset, scope, reason)
    if as_json:
        document(json.dumps({"schema": SCHEMA, **as_rows(last)}))
        return 0
    for line in decisions_lines(last) if decided else lines(last, everything, show):
        click.echo(line)
    return 0


def _change(
    last: Last, wanted: tuple[str, ...], unset: tuple[str, ...], scope: str | None, reason: str
) -> int:
    from scrubber.cli.deciding import chosen, decide
    from scrubber.decision_file import write_decisions
    from scrubber.decisions import Scope, Verdict
    from scrubber.errors import UsageError
    from scrubber.keys import shown

    made = []
    for words in wanted:
        target, equals, word = words.partition("=")
        if not equals or word not in _VERDICTS:
            raise UsageError(
                f"{words!r} decides nothing.", fix=f"Write ID=VERDICT: {', '.join(_VERDICTS)}."
            )
        entries = chosen(target, last.entries)
        made += decide(entries, Verdict(word), Scope(scope) if scope else None, reason, last.key)
    rows = [row for row in last.decisions.rows if row.id not in {one.id for one in made}]
    for name in unset:
        left = last.without(rows, name)
        if len(left) == len(rows):
            raise UsageError(
                f"Nothing is decided about {name}.", fix="`scrub decide --decided` lists decisions."
            )
        rows = left
    write_decisions(last.file, last.key, [*rows, *made])
    count = len(rows) + len(made)
    for one in made:
        places = last.places(one)
        click.echo(
            f"{one.id[:10]}  {one.verdict.value} ({one.scope.value}): "
            f"{places:,} place{'' if places == 1 else 's'} of the last run"
        )
    click.echo(f"{count:,} decision{'' if count == 1 else 's'} in {shown(last.file)}")
    click.echo(f"Next: {last.again}")
    return 0
