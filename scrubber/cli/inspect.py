"""`scrub inspect PATH`: what does this file give away? Reads only."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.quote import for_terminal
from reports.rows import Seen, Writer, inspected
from scrubber.canonical import plain
from scrubber.cli.listing import FOR_FORGES, FORMAT, from_here, writer
from scrubber.cli.options import JSON, PATHS, together
from scrubber.model import Finding
from scrubber.plain_words import BESIDE, looks_like, meaning

if TYPE_CHECKING:
    from scrubber.errors import Held
    from scrubber.look import Look
    from scrubber.plan import Found

SCHEMA = "scrub.inspect/1"
_LONGEST = 72
_SIZED = {
    "TRAILER", "HIDDEN_DATA", "PADDING", "COVER_ART", "EMBEDDED_MEDIA", "THUMBNAIL", "PREVIEW",
    "MAKER_NOTE", "EDIT_HISTORY",
}  # fmt: skip
_ROWS = 8


@click.command(epilog="Exit: 0 when everything could be read, 3 when something is held.")
@together(PATHS, FORMAT, JSON)
@click.option(
    "--show", "--values", "values", is_flag=True, help="With the values, on a terminal only."
)
def command(paths: tuple[Path, ...], shape: str | None, as_json: bool, values: bool) -> int:
    """Say what stands in PATHS besides the content, and why each thing is taken for private."""
    from scrubber.bench import Setup, prepare
    from scrubber.errors import Held, UsageError
    from scrubber.groups import Beside
    from scrubber.look import look
    from scrubber.policy import load_policy

    shape = shape or ("json" if as_json else "text")
    if values and shape != "text":
        raise UsageError("Values are shown at a terminal alone, in no machine format.")
    if values and not sys.stdout.isatty():
        raise UsageError(
            "--show writes private values, and this is no terminal.",
            fix="Run it at a terminal, without a pipe or a file behind it.",
        )
    words = " ".join(for_terminal(str(path)) for path in paths)
    out = None if shape == "text" else writer(shape, SCHEMA, inspected, f"scrub inspect {words}")
    place = from_here(str) if shape in FOR_FORGES else str
    bench = prepare(
        Setup(load_policy("standard"), "", b"\0" * 32, os.urandom(32), "", False, False)
    )
    code, beside = 0, Beside()
    for path in _files(paths):
        try:
            seen = look(bench, path)
        except Held as error:
            code = 3
            _unreadable(path, error, out, place(path))
            continue
        if seen.held is not None:
            code = 3
        if out is None:
            _print(seen, values)
            _print_beside(beside.of(path))
        else:
            names = tuple(name for name, _ in beside.of(path))
            out.file(replace(_seen(seen, place(path)), beside=names))
    if out is not None:
        out.close(code)
    return code


def _files(paths: tuple[Path, ...]) -> Iterator[str]:
    from scrubber.model import Item
    from scrubber.walk import walk

    for entry in walk(paths):
        if isinstance(entry, Item):
            yield os.path.join(entry.root, entry.path)


def _unreadable(path: str, error: Held, out: Writer | None, shown: str) -> None:
    if out is None:
        click.echo(f"{for_terminal(path)}\n  {error}")
    else:
        out.file(Seen(shown, error.code, error.what, error.why, error.fix))


def _seen(seen: Look, shown: str) -> Seen:
    """A look without its values."""
    if seen.held is not None:
        held = seen.held
        return Seen(
            shown, held.code, held.what, held.why, held.fix,
            container=seen.container, size=seen.size,
        )  # fmt: skip
    findings = tuple(
        Finding(
            row.entity, row.where, row.action, row.detector, len(row.value), row.score,
            "", row.weak, *seen.lines.get(row.at, (0, 0)),
        )
        for row in seen.found
    )  # fmt: skip
    return Seen(
        shown, why=seen.left_out, changes=bool(findings), findings=findings,
        container=seen.container, size=seen.size,
    )  # fmt: skip


def _print(seen: Look, values: bool) -> None:
    from scrubber.entities import CATALOGUE

    click.echo(f"{for_terminal(seen.path)}  ({seen.label}, {seen.size:,} bytes)")
    if seen.held is not None:
        click.echo(f"  would be held: {seen.held}")
        return
    if seen.left_out:
        click.echo(f"  is left out: {seen.left_out}")
        return
    by_entity: dict[str, list[Found]] = {}
    for row in seen.found:
        by_entity.setdefault(row.entity, []).append(row)
    if not by_entity:
        click.echo("  nothing but the content itself.")
    for name in (name for name in CATALOGUE if name in by_entity):
        rows = by_entity[name]
        click.echo(f"  {name:<18} {CATALOGUE[name].why}")
        lines = Counter(_line(row, seen, values) for row in rows)  # once for every track, say
        shown = list(lines.items()) if values else list(lines.items())[:_ROWS]
        for line, times in shown:
            click.echo(f"    {line}{f' ({times} times)' if times > 1 else ''}")
        left = len(rows) - sum(times for _, times in shown)
        if left:
            weak = sum(row.weak for row in rows[len(rows) - left :])
            some = f", {weak} of them weak" if weak else ""
            click.echo(f"    … and {left} more{some}")
    if seen.unlooked:
        names = ", ".join(seen.unlooked)
        click.echo(f"  Nobody looked or listened for: {names}")


def _print_beside(found: tuple[tuple[str, bool], ...]) -> None:
    names = [f"{for_terminal(name)}{' (is left out)' if gone else ''}" for name, gone in found]
    more = f" and {len(names) - _ROWS} more" if len(names) > _ROWS else ""
    if names:
        click.echo(f"  Belongs together with: {', '.join(names[:_ROWS])}{more}")


def _line(row: Found, seen: Look, values: bool) -> str:
    """Where, in plain words, what only a terminal sees, and why if a detector said it.

    Of a format's own field nothing but its likeness is said: that it is a path or an address.
    """
    from scrubber.why import why

    where = plain(row.where)
    if row.at in seen.lines and where.startswith("line "):
        line, column = seen.lines[row.at]
        where = f"line {line} column {column}"
    if row.detector == "structure":
        where += _told(row, seen)
    if values and row.words:
        where += f" = {for_terminal(row.words[:_LONGEST])}"
    if row.detector == "structure":
        return where
    return f"{where}  ({why(row.detector, row.score, row.weak)})"


def _told(row: Found, seen: Look) -> str:
    """What a format's own field is to people, how large it is if that matters, its likeness."""
    told = meaning(row.where)
    told = "" if told.lower() == row.where.rpartition("/")[2].lower() else told
    if row.entity in _SIZED or told.startswith(BESIDE):
        size = seen.sizes.get(row.where, len(row.value))
        told = ", ".join(filter(None, (told, f"{size:,} bytes")))
    words = row.words
    likeness = looks_like(words) if words else ""
    told = "; ".join(filter(None, (told, likeness and f"holds {likeness}")))
    return f"  — {told}" if told else ""
