"""`scrub check PATH`: would anything be removed? For CI and hooks. Reads only."""

from __future__ import annotations

import json
from pathlib import Path

import click

from reports.quote import for_json, for_terminal
from scrubber.cli.options import CONFIG, EXCLUDE, KEEP, PATHS, POLICY, QUIET, settings, together
from scrubber.cli.progress import Meter
from scrubber.cli.streams import document
from scrubber.model import ItemRecord, Outcome

SCHEMA = "scrub.check/1"


@click.command(
    epilog="Exit: 0 nothing to remove, 1 findings, 3 something is held (and no finding)."
)
@together(PATHS, POLICY, KEEP, EXCLUDE, CONFIG, QUIET)
@click.option(
    "--format", "shape", type=click.Choice(["text", "json", "jsonl", "github"]), default="text"
)
@click.option("--jobs", "-j", type=click.IntRange(1, 256), help="Worker processes.")
def command(
    paths: tuple[Path, ...],
    policy: str | None,
    keep: tuple[str, ...],
    exclude: tuple[str, ...],
    config: Path | None,
    quiet: bool,
    shape: str,
    jobs: int | None,
) -> int:
    """Say for every file below PATHS whether scrub would take something out of it."""
    from scrubber.api import Options, clean

    found, rules = settings(config, paths, policy, keep)
    rows: list[dict[str, object]] = []
    counts = {"findings": 0, "held": 0}

    def each(record: ItemRecord) -> None:
        row = _row(record)
        if row is None:
            return
        counts["held" if record.outcome is Outcome.HELD else "findings"] += 1
        if shape == "json":
            rows.append(row)
        else:
            _print(row, shape)

    meter = Meter(quiet=quiet)
    options = Options(
        inputs=paths,
        out=None,
        policy=rules,
        exclude=(*found.exclude, *exclude),
        jobs=jobs or found.jobs or 0,
    )
    clean(options, meter, each)
    meter.clear()
    if shape == "json":
        document(json.dumps({"schema": SCHEMA, "files": rows, **counts}, indent=1))
    return 1 if counts["findings"] else 3 if counts["held"] else 0


def _row(record: ItemRecord) -> dict[str, object] | None:
    if record.outcome is Outcome.HELD:
        return {"path": for_json(record.path), "held": record.code, "why": record.what}
    if record.outcome is not Outcome.CLEANED:
        return None
    kinds: dict[str, int] = {}
    for finding in record.findings:
        kinds[finding.entity] = kinds.get(finding.entity, 0) + 1
    return {"path": for_json(record.path), "findings": kinds}


def _print(row: dict[str, object], shape: str) -> None:

    if shape == "jsonl":
        click.echo(json.dumps(row))
        return
    path = str(row["path"])
    kinds = row.get("findings")
    if isinstance(kinds, dict):
        words = ", ".join(f"{name} ×{n}" if n > 1 else name for name, n in sorted(kinds.items()))
        words = words or "canonical form"
    else:
        words = f"held: {row['held']} ({row['why']})"
    if shape == "github":
        level = "error" if kinds is None else "warning"
        safe = path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        safe = safe.replace(":", "%3A").replace(",", "%2C")
        click.echo(f"::{level} file={safe}::{words}")
    else:
        click.echo(f"{for_terminal(path)}: {words}")
