"""`scrub check PATH`: would anything be removed? For CI and hooks. Reads only."""

from __future__ import annotations

from pathlib import Path

import click

from reports.quote import for_terminal
from reports.rows import Seen, checked
from scrubber.cli.listing import FOR_FORGES, FORMAT, from_here, writer
from scrubber.cli.options import (
    CONFIG,
    EXCLUDE,
    JSON,
    KEEP,
    PATHS,
    POLICY,
    QUIET,
    settings,
    together,
)
from scrubber.cli.progress import Meter
from scrubber.model import ItemRecord

SCHEMA = "scrub.check/1"


@click.command(
    epilog="Exit: 0 nothing to remove, 1 findings, 3 something is held (and no finding)."
)
@together(PATHS, POLICY, KEEP, EXCLUDE, CONFIG, QUIET, FORMAT, JSON)
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
def command(
    paths: tuple[Path, ...],
    policy: str | None,
    keep: tuple[str, ...],
    exclude: tuple[str, ...],
    config: Path | None,
    quiet: bool,
    shape: str | None,
    as_json: bool,
    jobs: int | None,
) -> int:
    """Say for every file below PATHS whether scrub would take something out of it."""
    from scrubber.api import Options, clean
    from scrubber.walk import file_of

    shape = shape or ("json" if as_json else "text")
    found, rules = settings(config, paths, policy, keep)
    options = Options(
        inputs=paths,
        out=None,
        policy=rules,
        exclude=(*found.exclude, *exclude),
        jobs=jobs or found.jobs or 0,
    )
    words = " ".join(for_terminal(str(path)) for path in paths)
    out = writer(shape, SCHEMA, checked, f"scrub check {words}")
    place = from_here(file_of(paths)) if shape in FOR_FORGES else str
    code = 0

    def each(record: ItemRecord) -> None:
        nonlocal code
        seen = Seen.of(record, place(record.path))
        if seen is None:
            return
        if seen.changes:
            code = 1
        elif seen.held:
            code = code or 3
        out.file(seen)

    meter = Meter(quiet=quiet)
    clean(options, meter, each)
    meter.clear()
    out.close(code)
    return code
