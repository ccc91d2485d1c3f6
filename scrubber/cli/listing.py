"""Which writer a `--format` means, and how paths are shown in it."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from reports.rows import Csv, Document, Lines, Shape, Text, Writer
from scrubber.cli.streams import document

SHAPES = ("text", "json", "jsonl", "csv", "sarif", "github")
FORMAT = click.option("--format", "shape", type=click.Choice(SHAPES), help="Default: text.")
FOR_FORGES = ("sarif", "github")
"""Formats whose reader looks the file up in a checkout."""


def writer(shape: str, schema: str, row: Shape, command: str) -> Writer:
    """The writer of a format onto stdout. `command` is what a person types to see it all."""
    if shape == "text":
        return Text(click.echo)
    if shape == "csv":
        return Csv(document)
    if shape == "jsonl":
        return Lines(document, schema, row)
    if shape == "json":
        return Document(document, schema, row)
    if shape == "github":
        from reports.annotations import Annotations

        return Annotations(document, command)
    from reports.sarif import Sarif
    from scrubber import __version__
    from scrubber.explanations import section

    return Sarif(document, __version__, section)


def from_here(find: Callable[[str], str]) -> Callable[[str], str]:
    """Paths as seen from the working directory; one that lies elsewhere stays as it is.

    No absolute path goes to a forge: it would tell the name of its user.
    """
    here = os.path.join(os.path.realpath(os.curdir), "")

    def shown(path: str) -> str:
        full = find(path)
        if full.startswith(here):
            return full[len(here) :]
        return os.path.basename(path) if os.path.isabs(path) else path

    return shown
