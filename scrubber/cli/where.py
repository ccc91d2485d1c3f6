"""`scrub where FILE`: which original is this? Asks the private audit log."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--audit-dir", type=click.Path(path_type=Path, exists=True), required=False)
def command(file: Path, audit_dir: Path | None) -> int:
    """Name the original of FILE (a path in a clean folder), from the audit log."""
    from reports.audit import AuditFolder
    from reports.manifest import parse_head
    from reports.quote import for_terminal
    from scrubber.errors import FolderError, UsageError

    if not file.is_file():
        raise UsageError(f"There is no file {file}.", fix="Check the path.")
    bag = next((p for p in file.absolute().parents if (p / "manifest.json").is_file()), None)
    if bag is None or not file.absolute().is_relative_to(bag / "data"):
        raise UsageError(f"{file} is in no batch.", fix="Name a file below the data/ of a batch.")
    out_path = file.absolute().relative_to(bag / "data").as_posix()
    batch = parse_head((bag / "manifest.json").read_bytes()).batch_id
    folders = [audit_dir] if audit_dir else near(file)
    if not folders:
        raise FolderError("No audit folder was found beside it.", fix="Name it with --audit-dir.")
    for folder in folders:
        audit = AuditFolder.open(folder)
        found = audit.where(out_path, batch) if batch in audit.batches() else None
        if found is not None:
            click.echo(f"{for_terminal(found.path)}  (batch {found.batch})")
            return 0
    raise UsageError(
        f"No log in {', '.join(str(folder) for folder in folders)} knows this file.",
        fix="Name another audit folder with --audit-dir.",
    )


def near(file: Path) -> list[Path]:
    """Audit folders beside the file or beside one of the folders above it."""
    found = []
    for folder in file.absolute().parents:
        found += sorted(p for p in folder.glob("*.audit") if (p / ".scrub-audit").is_file())
    return found
