"""`scrub gate DIR -- UPLOADER …`: run an uploader only if DIR is a whole, clean batch."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import QUIET, together
from scrubber.cli.progress import Meter
from scrubber.cli.signing import CA, IDENTITY, PUBLIC_KEY, SIGNERS, demand_of
from scrubber.errors import FolderError, ScrubError, UsageError, VerificationError

if TYPE_CHECKING:
    from scrubber.cli.gating import Batch
    from scrubber.cli.sending import Sending
    from scrubber.imprint import Imprint

_LINE = "scrub gate DIR -- rclone copy {data} remote:bucket"
_UNCLEAN = "Treat what was uploaded as unclean: take it back, then run the gate again."


class _Divided(click.Command):
    """Options and DIR before `--`; everything behind it is the uploader's."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("--") if "--" in args else len(args)
        ctx.obj = args[at + 1 :]
        if not ctx.obj and "--help" not in args[:at]:
            raise UsageError(
                "No uploader stands behind --." if at < len(args) else "The -- is missing.",
                "DIR and options stand before it, the uploader behind it.",
                f"As in: {_LINE}",
            )
        return super().parse_args(ctx, args[:at])


@click.command(
    cls=_Divided,
    epilog="Exit: the uploader's own code; 125 when the gate refuses, or DIR changed meanwhile.",
)
@click.argument("folder", metavar="DIR -- UPLOADER...", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, print the command, run nothing.")
@click.option("--require-signature", is_flag=True, help="Refuse a batch that is not signed.")
@together(SIGNERS, IDENTITY, PUBLIC_KEY, CA)
@click.option("--purpose", type=click.Choice(["trial", "licence"]), help="Refuse any other batch.")
@click.option("--touches", is_flag=True,
              help="The uploader links or moves files itself (dvc, cp -l).")  # fmt: skip
@click.option("--ledger", is_flag=True, help="After success, note in the ledger that it was sent.")
@click.option("--to", metavar="NAME", help="Who gets it, for --ledger.")
@click.option("--channel", metavar="TEXT", help="How, for --ledger; default: the program's name.")
@click.option("--audit-dir", type=click.Path(path_type=Path),
              help="The private folder, if not found.")  # fmt: skip
@QUIET
@click.pass_context
def command(
    ctx: click.Context,
    folder: Path,
    dry_run: bool,
    require_signature: bool,
    signers: Path | None,
    identity: str,
    public_key: str,
    ca: Path | None,
    purpose: str | None,
    touches: bool,
    ledger: bool,
    to: str | None,
    channel: str | None,
    audit_dir: Path | None,
    quiet: bool,
) -> int:
    """Check DIR as `scrub verify` does, run UPLOADER, then check that nothing changed meanwhile.

    In UPLOADER's words {dir} is DIR, {data} the folder of its files, {manifest} its manifest.json,
    {list} a file with the paths below {data}, one a line; in {list0} each starts ./ and ends NUL.
    """
    from reports.misplaced import misplaced
    from scrubber.child import find_program, run_child
    from scrubber.cli.gating import Batch, imprint_of, lists_folder, values_of, write_lists
    from scrubber.cli.sending import Recipient, Sending
    from scrubber.gate import check_names, fill

    words: list[str] = ctx.obj
    program = os.path.basename(words[0])
    if ledger != (to is not None):
        raise UsageError("--ledger and --to NAME go together.", fix="Give both, or neither.")
    recipient = None if to is None else Recipient.of(to, channel or program)
    find_program(words[0])
    if error := misplaced(folder):
        raise error
    real = Path(os.path.realpath(folder))
    demand = demand_of(real, signers, identity, public_key, ca)
    meter = Meter(quiet=quiet)
    with lists_folder() as lists:
        values = values_of(real, lists)
        check_names(words, values)
        before = imprint_of(real)
        batch = Batch.accepted(real, folder, demand, meter)
        batch.must_be(purpose, signed=require_signature)
        _guard(batch, words, values, lists, audit_dir)
        near = real / "manifest.json"
        sending = None
        if recipient is not None:
            sending = Sending.prepare(batch.head, batch.digest, near, audit_dir, recipient)
        filled = [fill(word, values) for word in words]
        if dry_run:
            click.echo(_shown(filled))
            return 0
        write_lists(real, lists, words)
        if imprint_of(real) != before:
            raise VerificationError(
                f"{folder} was written to while it was checked.",
                fix="Close what writes there, then run the gate again.",
            )
        if not quiet:
            click.echo(f"{batch.words()}\nRunning: {_shown(filled)}", err=True)
        code = run_child(filled)
    _still(batch, None if touches else before, meter, f"{program} ended with {code}.")
    if not quiet:
        what = f"Nothing in {_shown([str(folder)])} changed meanwhile."
        click.echo(f"{what} {_shown([program])} ended with {code}.", err=True)
    if sending is not None and code == 0:
        _note_sent(sending, folder, quiet)
    return code


def _guard(
    batch: Batch, words: Sequence[str], values: dict[str, str], lists: Path, audit_dir: Path | None
) -> None:
    """Refuses words that name what is private, and says what could not be checked."""
    from scrubber.cli.gating import private_places
    from scrubber.cli.ledgers import note
    from scrubber.gate import Guard, audit_folder_at

    for above in batch.folder.parents:
        if audit_folder_at(above) == above:
            raise UsageError(
                f"{batch.told} lies in a private audit folder: {above}", fix="Move it out of there."
            )
    places, known = private_places(batch.head, batch.folder, audit_dir)
    guard = Guard(batch.folder, places, values, lists)
    if not known:
        note(
            "The private log of this batch was not found, so where its originals lie is not known,"
            " and no word was compared with that. See --audit-dir."
        )
    if not guard.check(words) and not Path.cwd().is_relative_to(batch.folder):
        note(
            "No word names the batch; the uploader must know by itself what to upload. See {data}."
        )


def _still(batch: Batch, before: Imprint | None, meter: Meter, ended: str) -> None:
    """Shouts if the batch is not what it was."""
    try:
        batch.still(before, meter)
    except KeyboardInterrupt:
        click.echo(
            f"scrub: {_shown([str(batch.told)])} was not checked again. {_UNCLEAN}", err=True
        )
        raise
    except (ScrubError, OSError) as error:
        what, why = (error.what, error.why) if isinstance(error, ScrubError) else (str(error), "")
        raise VerificationError(
            f"{batch.told} CHANGED WHILE IT WAS UPLOADED. {what}", why, f"{_UNCLEAN} {ended}"
        ) from error


def _note_sent(sending: Sending, folder: Path, quiet: bool) -> None:
    try:
        lines = sending.note(date.today())
    except (ScrubError, OSError) as error:
        raise FolderError(
            "The upload ended well, and could not be noted in the ledger.",
            str(error),
            f"To note it: scrub ledger sent {folder} --to NAME",
        ) from error
    for line in () if quiet else lines:
        click.echo(line, err=True)


def _shown(words: Sequence[str]) -> str:
    from reports.quote import for_terminal

    return " ".join(map(for_terminal, words))
