"""`scrub sign DIR`: sign a batch that stands already."""

from __future__ import annotations

import os
from pathlib import Path

import click

from scrubber.cli.options import QUIET
from scrubber.cli.progress import Meter
from scrubber.cli.signing import FOR, MADE, SIGN_KEY, Pen, chosen_key
from scrubber.errors import UsageError


@click.command(epilog="Exit: 0 signed, 5 the folder is not a whole, clean batch.")
@click.argument("folder", type=click.Path(path_type=Path))
@FOR
@SIGN_KEY
@click.option("--force", is_flag=True, help="Replace a signature by another key.")
@QUIET
def command(folder: Path, identity: str, sign_key: Path | None, force: bool, quiet: bool) -> int:
    """Write manifest.json.sig into DIR, after checking the whole folder."""
    from reports.bag import TAG_FILE_LIMIT
    from reports.manifest import HEAD
    from reports.seal import SIGNATURE, put_beside
    from reports.signature import read_small
    from scrubber.sign_keys import sign_key_path

    _check(folder, quiet)
    there = os.path.lexists(folder / SIGNATURE)
    if there and not force and sign_key is None and not os.path.lexists(sign_key_path(identity)):
        raise _another(folder)
    pen = Pen(*chosen_key(sign_key, identity))
    made = pen(read_small(folder / HEAD, TAG_FILE_LIMIT))
    if there and not _replaceable(folder, made, force):
        click.echo(f"Signed already with this key, {pen.fingerprint}.")
        return 0
    put_beside(folder, SIGNATURE, made)
    click.echo(f"Signed with the key {pen.fingerprint}.")
    if pen.made:
        click.echo(MADE)
    return 0


def _check(folder: Path, quiet: bool) -> None:
    """Raises the error that says why this is no whole, clean batch."""
    from reports.bag import PAYLOAD
    from reports.misplaced import misplaced
    from reports.quote import for_terminal
    from reports.verify import kept_entities, surrogate_entities, verify_bag
    from scrubber.errors import VerificationError
    from scrubber.recheck import Wish, in_workers

    if error := misplaced(folder):
        raise error
    meter = Meter(quiet=quiet)
    wish = Wish(str(folder / PAYLOAD), kept_entities(folder), surrogate_entities(folder))
    report = verify_bag(
        folder,
        check_files=in_workers(wish, os.cpu_count() or 1, {}),
        progress=lambda done, total: meter("verify", done, total, ""),
    )
    meter.clear()
    if not report.ok:
        first = report.problems[0]
        raise VerificationError(
            f"{folder} is not a whole, clean batch, so it is not signed.",
            f"{for_terminal(first.path)}: {first.what}",
            f"See all with: scrub verify {for_terminal(str(folder))}",
        )


def _replaceable(folder: Path, made: bytes, force: bool) -> bool:
    """Makes room for another signature; False if the same one stands there already.

    The time stamp goes first: it is of the old signature. Raises UsageError without `force`.
    """
    from reports.seal import SIGNATURE, STAMP, keep_times
    from reports.signature import read_small
    from scrubber.errors import FolderError, VerificationError

    try:
        if read_small(folder / SIGNATURE) == made:
            return False
    except VerificationError:  # what stands there is no signature
        pass
    if not force:
        raise _another(folder)
    before = folder.stat()
    try:
        (folder / STAMP).unlink(missing_ok=True)
        keep_times(folder, before)
    except OSError as error:
        raise FolderError(
            f"{folder} cannot be written", f"({error.strerror}).", "Check its permissions."
        ) from error
    return True


def _another(folder: Path) -> UsageError:
    from reports.quote import for_terminal

    return UsageError(
        f"{for_terminal(str(folder))} carries another signature already.",
        "Replacing it takes its time stamp with it.",
        "If you mean to replace it, add --force.",
    )
