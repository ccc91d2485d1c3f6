"""`scrub check PATH`: would anything be removed? For CI and hooks. Reads only."""

from __future__ import annotations

from pathlib import Path

import click

from reports.quote import for_terminal
from reports.rows import Seen, checked
from scrubber.cli.listing import FOR_FORGES, FORMAT, from_here, writer
from scrubber.cli.options import (
    CONFIG,
    DECISIONS,
    EXCLUDE,
    JSON,
    KEEP,
    POLICY,
    QUIET,
    settings,
    together,
)
from scrubber.cli.progress import Meter
from scrubber.errors import UsageError
from scrubber.model import ItemRecord

SCHEMA = "scrub.check/1"


@click.command(
    epilog="Exit: 0 nothing to remove, 1 findings, 3 something is held (and no finding)."
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--staged", is_flag=True, help="What is staged in git, instead of PATHS.")
@click.option("--git", "span", metavar="RANGE", help="What a range of commits holds: main..HEAD.")
@together(POLICY, KEEP, EXCLUDE, CONFIG, QUIET, FORMAT, JSON)
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
@together(DECISIONS)
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
    decisions: Path | None,
    staged: bool,
    span: str | None,
) -> int:
    """Say for every file below PATHS whether scrub would take something out of it."""
    from scrubber.api import Options, clean
    from scrubber.walk import file_of

    shape = shape or ("json" if as_json else "text")
    if staged or span is not None:
        from scrubber.cli.gitlook import in_git
        from scrubber.git.wishes import Wishes

        wishes = Wishes(config, policy, exclude, keep, jobs or 0, decisions=decisions)
        return in_git(paths, staged, span, wishes, shape)
    if not paths:
        raise UsageError("Nothing to look at.", fix="Name a path, or give --staged or --git RANGE.")
    found, rules = settings(config, paths, policy, keep)
    options = Options(
        inputs=paths,
        out=None,
        policy=rules,
        exclude=(*found.exclude, *exclude),
        jobs=jobs or found.jobs or 0,
        audit_dir=found.audit_dir,
        decisions=decisions or found.decisions,
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
