"""`scrub PATH… --out DIR`: the main job. Without --out the same report, nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.quote import for_terminal
from scrubber.cli.options import (
    CONFIG,
    DECISIONS,
    EXCLUDE,
    JSON,
    KEEP,
    PATHS,
    POLICY,
    QUIET,
    VERBOSE,
    settings,
    together,
)
from scrubber.cli.progress import Meter
from scrubber.cli.signing import SIGN_KEY, seal_advice, signer
from scrubber.cli.streams import document
from scrubber.config import EXPORTS

if TYPE_CHECKING:
    from scrubber.api import Result
    from scrubber.model import ItemRecord


@click.command(epilog="Exit: 0 all clean, 3 some held, 2 usage, 4 folders, 70 a bug, 130 stopped.")
@together(PATHS, POLICY, KEEP, EXCLUDE, CONFIG, JSON, QUIET, VERBOSE)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the clean batch.")
@click.option("--dry-run", is_flag=True, help="Report only, even with --out.")
@click.option("--audit-dir", type=click.Path(path_type=Path), help="Where the private log goes.")
@click.option("--for", "recipient", default="", metavar="NAME", help="Tags differ by recipient.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
@click.option(
    "--verify",
    type=click.Choice(["structure", "decode"]),
    help="decode: also compare decoded pixels and samples.",
)
@click.option(
    "--resume/--fresh", default=True, help="Go on with an interrupted run, or start anew."
)
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Another project key.")
@together(DECISIONS)
@click.option(
    "--export", "exports", type=click.Choice(EXPORTS), multiple=True, help="Another file about it."
)
@click.option("--sign/--no-sign", default=None, help="Sign the batch with your signing key.")
@SIGN_KEY
def command(
    paths: tuple[Path, ...],
    policy: str | None,
    keep: tuple[str, ...],
    exclude: tuple[str, ...],
    config: Path | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    out: Path | None,
    dry_run: bool,
    audit_dir: Path | None,
    recipient: str,
    jobs: int | None,
    verify: str | None,
    resume: bool,
    key_file: Path | None,
    decisions: Path | None,
    exports: tuple[str, ...],
    sign: bool | None,
    sign_key: Path | None,
) -> int:
    """Clean PATHS into a new folder. Originals are never touched.

    \b
    scrub ./portfolio --out ./clean
    scrub ./portfolio --out ./clean --policy strict
    """
    from reports.html import REPORT
    from reports.summary import Summary, lines, to_json
    from scrubber.api import Options, clean
    from scrubber.workers import Interrupted

    found, rules = settings(config, paths, policy, keep)
    real = not dry_run and (out or found.out) is not None
    pen = signer(found, sign, sign_key, recipient, paths) if real else None
    options = Options(
        inputs=paths,
        out=None if dry_run else out or found.out,
        policy=rules,
        audit_dir=audit_dir or found.audit_dir,
        recipient=recipient,
        jobs=jobs or found.jobs or 0,
        exclude=(*found.exclude, *exclude),
        decode=(verify or found.verify) == "decode",
        fresh=not resume,
        key_file=key_file,
        decisions=decisions or found.decisions,
        sign=pen,
        claims=found.claims,
        exports=exports or found.exports,
    )
    meter = Meter(quiet=quiet or as_json)
    try:
        result = clean(options, meter, _line if verbose and not as_json else None)
    except Interrupted:
        meter.clear()
        click.echo("Stopped. Run the same command again to go on.", err=True)
        return 130
    meter.clear()
    summary = Summary(
        tally=result.tally,
        samples=result.samples,
        out=str(result.out or ""),
        audit=str(result.audit or ""),
        report=str(result.log / REPORT) if result.log else "",
        dry_run=result.out is None,
        accepted=frozenset(rules.accepted),
        weaker=tuple(rules.weaker_than("standard" if rules.name == rules.base else rules.base)),
        config=str(found.file or ""),
        next_command=_next(result, paths),
        signed_with=pen.fingerprint if pen else "",
        decisions=result.decided.counts() if result.decided else {},
        extra=(
            *_doubt(result, paths),
            *_advice(result),
            *([] if result.out is None else seal_advice(pen, result.out)),
        ),
    )
    if as_json:
        document(to_json(summary))
    else:
        for line in lines(summary):
            click.echo(line)
    return result.exit_code


def _line(record: ItemRecord) -> None:
    """One line a file, for --verbose."""
    name = record.outcome.value if not record.code else f"{record.outcome.value} ({record.code})"
    click.echo(f"{name:<28} {for_terminal(record.path)}")


def _next(result: Result, paths: tuple[Path, ...]) -> str:
    if result.out is None:
        first = for_terminal(str(paths[0]))
        return f"scrub {first} --out ./clean"
    if result.tally.codes.get("needs-review"):
        return f"scrub decide {for_terminal(str(paths[0]))} --list"
    return f"scrub verify {for_terminal(str(result.out))}"


def _doubt(result: Result, paths: tuple[Path, ...]) -> tuple[str, ...]:
    """What was masked on a guess, and what became of the decisions."""
    lines = []
    n, files = result.tally.doubtful, result.tally.doubtful_in
    listed = f"scrub decide {for_terminal(str(paths[0]))} --list"
    if n:
        were = "passage was" if n == 1 else "passages were"
        place = "1 text" if files == 1 else f"{files:,} texts"
        how = "" if result.out is None else f": {listed}"
        lines.append(f"{n:,} doubtful {were} masked in {place}{how}")
    if result.decided is not None:
        lines.append(result.decided.words())
        counts = result.decided.counts()
        if counts["stale"] or counts["unused"] or counts["overruled"]:
            lines.append(f"Those that did not count: {listed} --decided")
    return tuple(lines)


def _advice(result: Result) -> tuple[str, ...]:
    advice = []
    if result.reused:
        advice.append(f"{result.reused:,} unchanged since the last run.")
    if result.refused_seeds:
        reasons = ", ".join(result.refused_seeds)
        advice.append(
            f"Some values were masked where they stood, not looked for elsewhere: {reasons}."
        )
    if result.new_key:
        advice.append(
            "A project key was made in your data directory. Back it up (scrub key export FILE):"
            " without it nothing in the private log can be proved."
        )
    return tuple(advice)
