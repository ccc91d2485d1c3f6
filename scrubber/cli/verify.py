"""`scrub verify DIR`: is this folder a whole, clean batch? Needs nothing but the folder."""

from __future__ import annotations

import json
import os
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
@click.option("--quick", is_flag=True, help="Digests, lists and names only: whole, not clean.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
def command(
    folder: Path, as_json: bool, quiet: bool, deep: bool, quick: bool, jobs: int | None
) -> int:
    """Check digests, lists and names, that nothing is extra, and every file's structure."""
    from reports.bag import PAYLOAD
    from reports.misplaced import misplaced
    from reports.quote import for_terminal
    from reports.verify import kept_entities, verify_bag
    from scrubber.errors import UsageError
    from scrubber.recheck import Wish, in_workers

    if quick and deep:
        raise UsageError("--quick looks into no file, --deep into all.", fix="Choose one of them.")
    if error := misplaced(folder):
        raise error
    meter = Meter(quiet=quiet or as_json)
    findings: dict[str, str] = {}
    wish = Wish(str(folder / PAYLOAD), kept_entities(folder), structure=not quick, deep=deep)
    report = verify_bag(
        folder,
        check_files=in_workers(wish, jobs or os.cpu_count() or 1, findings),
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
            "findings": findings,
        }
        document(json.dumps(row, indent=1))
    else:
        for problem in report.problems[:_SHOWN]:
            click.echo(f"{for_terminal(problem.path)}: {problem.what}  [{problem.code}]")
        rest = len(report.problems) - _SHOWN + report.more
        if rest > 0:
            click.echo(f"… and {rest} more problems")
        for path, words in list(findings.items())[:_SHOWN]:
            click.echo(f"{for_terminal(path)}: {words}")
        click.echo(_verdict(report.ok, report.items, report.signed, bool(findings), quick))
    if not report.ok:
        return 5
    return 1 if findings else 0


def _verdict(ok: bool, items: int, signed: bool, found: bool, quick: bool) -> str:
    if not ok:
        return "NOT A CLEAN BATCH: do not upload it."
    files = "1 file" if items == 1 else f"{items} files"
    seal = "" if signed else " It is not signed: who made it is not proved."
    if quick:
        return f"WHOLE: {files}, nothing extra, every digest checked. Not looked into." + seal
    if found:
        return f"WHOLE, BUT DETECTORS FOUND SOMETHING in {files}." + seal
    return f"WHOLE AND CLEAN: {files}, nothing extra, every digest and structure checked." + seal
