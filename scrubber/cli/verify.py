"""`scrub verify DIR`: is this folder a whole, clean batch? Needs nothing but the folder."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document

SCHEMA = "scrub.verify/1"
_SHOWN = 20


@click.command(epilog="Exit: 0 it is, 1 detectors find something (--deep), 5 it is not.")
@click.argument("folder", type=click.Path(path_type=Path))
@together(JSON, QUIET)
@click.option("--deep", is_flag=True, help="Run the detectors over the batch as well.")
def command(folder: Path, as_json: bool, quiet: bool, deep: bool) -> int:
    """Check digests, lists and names, that nothing is extra, and every file's structure."""
    from reports.quote import for_terminal
    from reports.verify import verify_bag
    from scrubber.errors import FolderError
    from scrubber.recheck import Recheck

    if not folder.is_dir():
        raise FolderError(f"There is no folder {folder}.", fix="Give the folder that --out named.")
    meter = Meter(quiet=quiet or as_json)
    recheck = Recheck(deep=deep, kept=_kept(folder))
    report = verify_bag(
        folder,
        read_item=recheck.read_item,
        progress=lambda done, total: meter("verify", done, total, ""),
    )
    meter.clear()
    if as_json:
        row = {
            "schema": SCHEMA,
            "ok": report.ok,
            "items": report.items,
            "signed": report.signed,
            "problems": [
                {"path": problem.path, "code": problem.code, "what": problem.what}
                for problem in report.problems
            ],
            "more": report.more,
            "findings": recheck.findings,
        }
        document(json.dumps(row, indent=1))
    else:
        for problem in report.problems[:_SHOWN]:
            click.echo(f"{for_terminal(problem.path)}: {problem.what}  [{problem.code}]")
        rest = len(report.problems) - _SHOWN + report.more
        if rest > 0:
            click.echo(f"… and {rest} more problems")
        for path, words in list(recheck.findings.items())[:_SHOWN]:
            click.echo(f"{for_terminal(path)}: {words}")
        click.echo(_verdict(report.ok, report.items, report.signed, bool(recheck.findings)))
    if not report.ok:
        return 5
    return 1 if recheck.findings else 0


def _kept(folder: Path) -> tuple[str, ...]:
    """What the batch says it keeps; nothing when its head cannot be read, which is a problem."""
    from reports.manifest import HEAD, parse_head

    try:
        return parse_head((folder / HEAD).read_bytes()).kept
    except (OSError, ValueError):
        return ()


def _verdict(ok: bool, items: int, signed: bool, found: bool) -> str:
    if not ok:
        return "NOT A CLEAN BATCH: do not upload it."
    files = "1 file" if items == 1 else f"{items} files"
    seal = "" if signed else " It is not signed: who made it is not proved."
    if found:
        return f"WHOLE, BUT DETECTORS FOUND SOMETHING in {files}." + seal
    return f"WHOLE AND CLEAN: {files}, nothing extra, every digest and structure checked." + seal
