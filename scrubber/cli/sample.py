"""`scrub sample DIR -n 3 --out TRIAL`: a small batch out of a finished one, to show first."""

from __future__ import annotations

import json
from pathlib import Path

import click

from scrubber.cli.options import JSON, QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document

SCHEMA = "scrub.sample/1"


@click.command(epilog="Exit: 0 made, 2 usage, 4 folders or no private log, 5 DIR does not verify.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("-n", "--number", type=click.IntRange(1, 10_000), default=3, show_default=True,
              metavar="FILES", help="How many files.")  # fmt: skip
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the trial.")
@click.option("--seed", default="", metavar="TEXT", help="Another draw among equally good files.")
@click.option("--audit-dir", type=click.Path(path_type=Path), help="The private folder.")
@click.option("--key", "key_file", type=click.Path(path_type=Path), help="Another project key.")
@together(JSON, QUIET)
def command(
    folder: Path,
    number: int,
    out: Path,
    seed: str,
    audit_dir: Path | None,
    key_file: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Make a trial batch of the least sensitive, typical files of the clean batch FOLDER.

    \b
    scrub sample ./clean -n 3 --out ./trial
    """
    from reports.quote import for_json, for_terminal
    from scrubber.cli.batches import audit_of, project_key, whole
    from scrubber.cli.trial import Wanted, make_trial

    key = project_key(key_file)
    head, _ = whole(folder, Meter(quiet=quiet or as_json))
    audit = audit_of(head.batch_id, folder.absolute() / "manifest.json", audit_dir)
    trial = make_trial(Wanted(folder, head, audit, key, number, out, seed))
    if as_json:
        row = {
            "schema": SCHEMA,
            "batch": trial.batch,
            "sample_of": head.batch_id,
            "out": for_json(str(out)),
            "files": list(trial.paths),
            "log": for_json(str(trial.log)),
        }
        document(json.dumps(row, indent=1))
        return 0
    for path in trial.paths:
        click.echo(f"data/{for_terminal(path)}")
    if len(trial.paths) < number:
        click.echo(f"The batch has {len(trial.paths)} files, so the trial is the whole of it.")
    click.echo(f"\nTrial:        {for_terminal(str(out))}  (batch {trial.batch})")
    click.echo(f"Private log:  {for_terminal(str(trial.log))}")
    click.echo("Look at each file before you send it.")
    click.echo(f"Next: scrub verify {for_terminal(str(out))}")
    return 0
