"""`scrub prove --check`: what the receiver of a proof does with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.errors import FolderError, UsageError

if TYPE_CHECKING:
    from reports.proof import Proven

_LARGEST_VALUE = 1 << 26


def check(
    proof: Path,
    manifest: Path | None,
    items: Path | None,
    original: Path | None,
    value_file: Path | None,
) -> int:
    """Say what the proof shows and what nobody checked. Raises VerificationError."""
    from reports.proof import MOST, check_line, check_original, check_value, read_proof
    from reports.quote import for_terminal

    if manifest is None:
        raise UsageError(
            "Against which manifest?", "", "Name the published one with --manifest manifest.json."
        )
    proven = read_proof(_bytes(proof, MOST + 1), _bytes(manifest, 1 << 26))
    said, open_points = [], ["who signed the manifest, and when: scrub verify tells"]
    if items is None:
        open_points.append("that the list has this file on this line: name it with --items")
    else:
        check_line(proven, items)
        said.append("the published list has it there")
    if original is None:
        open_points.append("that an original in hand is this one: name it with --original")
    else:
        check_original(proven, original)
        said.append(f"{for_terminal(str(original))} is that original")
    if value_file is not None:
        one = check_value(proven, _bytes(value_file, _LARGEST_VALUE))
        said.append(f"the value is that of {one.entity} at {for_terminal(one.where)}")
    for line in _shown(proven):
        click.echo(line)
    for line in said:
        click.echo(f"Checked: {line}.")
    for line in open_points:
        click.echo(f"Not checked: {line}.")
    return 0


def _shown(proven: Proven) -> list[str]:
    from reports.quote import for_terminal

    lines = [f"THE PROOF HOLDS for batch {proven.batch}."]
    if proven.clean is None:
        lines.append(f"Held back, not published: the original {proven.original}")
    else:
        lines.append(f"Original:  {proven.original}  ({proven.size:,} bytes)")
        lines.append(f"Published: {proven.clean}  (line {proven.line} of items.jsonl)")
    if proven.name is not None:
        lines.append(f"Its name was {for_terminal(proven.name)}.")
    lines += [f"Release: {for_terminal(one)}" for one in proven.releases]
    for one in proven.findings:
        where = for_terminal(one.where)
        lines.append(
            f"Found in it: {for_terminal(one.entity)} at {where}, {for_terminal(one.length)}"
            f" bytes, {for_terminal(one.action)}"
        )
    return lines


def _bytes(path: Path, most: int) -> bytes:
    if not path.exists():
        raise UsageError(f"There is no file {path}.", fix="Check the path.")
    if not path.is_file():
        raise UsageError(f"{path} is not a file.", fix="Check the path.")
    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError as error:
        raise FolderError(f"{path} cannot be read.", f"{error.strerror}.") from error
