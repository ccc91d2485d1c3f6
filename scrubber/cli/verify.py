"""`scrub verify DIR`: is this folder a whole, clean batch? Needs nothing but the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.signing import CA, IDENTITY, PUBLIC_KEY, SIGNERS, demand_of
from scrubber.cli.streams import document

SCHEMA = "scrub.verify/1"
_SHOWN = 20


@click.command(epilog="Exit: 0 it is, 1 detectors find something (--deep), 5 it is not.")
@click.argument("folder", type=click.Path(path_type=Path))
@together(JSON, QUIET)
@click.option("--deep", is_flag=True, help="Run the detectors over the batch as well.")
@click.option("--quick", is_flag=True, help="Digests, lists and names only: whole, not clean.")
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
@together(SIGNERS, IDENTITY, PUBLIC_KEY, CA)
def command(
    folder: Path,
    as_json: bool,
    quiet: bool,
    deep: bool,
    quick: bool,
    jobs: int | None,
    signers: Path | None,
    identity: str,
    public_key: str,
    ca: Path | None,
) -> int:
    """Check digests, lists and names, that nothing is extra, and every file's structure."""
    from reports.bag import PAYLOAD
    from reports.misplaced import misplaced
    from reports.quote import for_terminal
    from reports.seal import judge
    from reports.verify import kept_entities, surrogate_entities, verify_bag
    from scrubber.errors import UsageError
    from scrubber.recheck import Wish, in_workers

    if quick and deep:
        raise UsageError("--quick looks into no file, --deep into all.", fix="Choose one of them.")
    if error := misplaced(folder):
        raise error
    demand = demand_of(folder, signers, identity, public_key, ca)
    meter = Meter(quiet=quiet or as_json)
    findings: dict[str, str] = {}
    wish = Wish(
        str(folder / PAYLOAD),
        kept_entities(folder),
        surrogate_entities(folder),
        structure=not quick,
        deep=deep,
    )
    report = verify_bag(
        folder,
        check_files=in_workers(wish, jobs or os.cpu_count() or 1, findings),
        progress=lambda done, total: meter("verify", done, total, ""),
    )
    meter.clear()
    seal = judge(folder, demand)
    problems = [*report.problems, *seal.problems]
    if as_json:
        row = {
            "schema": SCHEMA,
            "ok": not problems,
            "items": report.items,
            "signed": report.signed,
            "signature": seal.row(),
            "problems": [
                {"path": problem.path, "code": problem.code, "what": problem.what}
                for problem in problems
            ],
            "more": report.more,
            "findings": findings,
        }
        document(json.dumps(row, indent=1))
    else:
        for problem in problems[:_SHOWN]:
            click.echo(f"{for_terminal(problem.path)}: {problem.what}  [{problem.code}]")
        rest = len(problems) - _SHOWN + report.more
        if rest > 0:
            click.echo(f"… and {rest} more problems")
        for path, words in list(findings.items())[:_SHOWN]:
            click.echo(f"{for_terminal(path)}: {words}")
        if report.ok and seal.problems:
            click.echo(
                "WHOLE, BUT NOT PROVED: the signature is not what it must be. Do not trust it."
            )
        else:
            click.echo(_verdict(report.ok, report.items, seal.words(), bool(findings), quick))
    if problems:
        return 5
    return 1 if findings else 0


def _verdict(ok: bool, items: int, seal: str, found: bool, quick: bool) -> str:
    if not ok:
        return "NOT A CLEAN BATCH: do not upload it."
    files = "1 file" if items == 1 else f"{items} files"
    if quick:
        return f"WHOLE: {files}, nothing extra, every digest checked. Not looked into. {seal}"
    if found:
        return f"WHOLE, BUT DETECTORS FOUND SOMETHING in {files}. {seal}"
    return f"WHOLE AND CLEAN: {files}, nothing extra, every digest and structure checked. {seal}"
