"""`scrub timestamp DIR`: the request for a time stamp, and the answer kept beside the signature.

Nothing is sent: the commands that send it are printed, so that the user decides who learns of it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from reports.timestamp import Query


@click.command(epilog="Exit: 0 done, 5 the token is not of this signature.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--query", type=click.Path(path_type=Path), metavar="FILE.tsq",
    help="The request: written, or with --token read.  [DIR.tsq]",
)  # fmt: skip
@click.option(
    "--token", type=click.Path(path_type=Path), metavar="FILE.tsr", help="The answer, to be kept."
)
@click.option(
    "--ca", type=click.Path(path_type=Path), metavar="FILE",
    help="Certificates (PEM) of the authority: check the answer against them.",
)  # fmt: skip
@click.option("--force", is_flag=True, help="Replace a time stamp that is there.")
def command(
    folder: Path, query: Path | None, token: Path | None, ca: Path | None, force: bool
) -> int:
    """Ask for a time stamp of the signature, or keep one with --token."""
    from reports.misplaced import misplaced
    from scrubber.errors import UsageError

    if error := misplaced(folder):
        raise error
    if ca is not None and token is None:
        raise UsageError("--ca checks a token.", "", "Give the token with --token FILE.tsr.")
    signature = _signature(folder)
    beside = folder.resolve()
    place = query or beside.with_name(f"{beside.name}.tsq")
    if place.resolve().is_relative_to(beside):
        raise UsageError(
            f"{place} lies inside the batch.",
            "It may hold nothing that its lists do not name.",
            "Choose a place outside with --query.",
        )
    if token is None:
        _ask(folder, signature, place)
    else:
        asked = _query(place, must=query is not None)
        _keep(folder, signature, token, asked, ca, force)
    return 0


def _signature(folder: Path) -> bytes:
    """The signature of the batch, which must fit its head."""
    from reports.bag import TAG_FILE_LIMIT
    from reports.manifest import HEAD
    from reports.quote import for_terminal
    from reports.seal import SIGNATURE
    from reports.signature import read_small, verify
    from scrubber.errors import UsageError

    try:
        armoured = read_small(folder / SIGNATURE)
    except FileNotFoundError:
        raise UsageError(
            f"{for_terminal(str(folder))} is not signed.",
            "A time stamp is of the signature.",
            f"Sign it first: scrub sign {for_terminal(str(folder))}",
        ) from None
    verify(armoured, read_small(folder / HEAD, TAG_FILE_LIMIT))
    return armoured


def _ask(folder: Path, signature: bytes, place: Path) -> None:
    from reports.quote import for_terminal
    from reports.seal import SIGNATURE
    from reports.timestamp import request
    from scrubber.errors import FolderError

    asked = _query(place, must=False)
    if asked is None or not asked.of(signature):
        try:
            with open(place, "xb" if asked is None else "wb") as stream:
                stream.write(request(signature))
        except OSError as error:
            raise FolderError(
                f"{place} cannot be written", f"({error.strerror}).", "Choose a place with --query."
            ) from error
    shown, batch = _relative(place), for_terminal(str(folder))
    answer = _relative(place.with_suffix(".tsr"))
    signed = for_terminal(str(folder / SIGNATURE))
    click.echo(f"The request is in {shown}: the digest of the signature and a random number.")
    click.echo("Nothing was sent. Send it to an authority of your choice, then keep its answer:\n")
    click.echo(
        "curl -sS -H 'Content-Type: application/timestamp-query' "
        f'--data-binary @{shown} -o {answer} "$TSA_URL"'
    )
    option = (
        ""
        if place.parent == folder.resolve().parent and place.stem == folder.resolve().name
        else f" --query {shown}"
    )
    click.echo(f"scrub timestamp {batch}{option} --token {answer}")
    click.echo("\nThe same request without scrub:\n")
    click.echo(f"openssl ts -query -data {signed} -sha256 -cert -out {shown}")


def _query(place: Path, *, must: bool) -> Query | None:
    """The request in `place`, None if there is none. Raises UsageError."""
    from reports.signature import read_small
    from reports.timestamp import LIMIT, parse_request
    from scrubber.errors import UsageError, VerificationError

    try:
        return parse_request(read_small(place, LIMIT))
    except FileNotFoundError:
        if must:
            raise UsageError(f"There is no {place}.", "", "Check the name after --query.") from None
        return None
    except VerificationError as error:
        raise UsageError(f"{place} is no request: {error.what}") from None


def _keep(
    folder: Path,
    signature: bytes,
    token: Path,
    asked: Query | None,
    authority: Path | None,
    force: bool,
) -> None:
    from reports.quote import for_terminal
    from reports.seal import STAMP, put_beside
    from reports.signature import read_small
    from reports.timestamp import LIMIT, check_chain, check_token
    from scrubber.errors import UsageError

    try:
        data = read_small(token, LIMIT)
    except FileNotFoundError:
        raise UsageError(f"There is no {token}.", "", "Check the name after --token.") from None
    mine = asked is not None and asked.of(signature)
    found = check_token(data, signature, asked if mine else None)
    if authority is not None:
        check_chain(data, signature, authority)
    if os.path.lexists(folder / STAMP) and not force:
        if read_small(folder / STAMP, LIMIT) == data:
            click.echo("This time stamp is there already.")
            return
        raise UsageError(
            f"{for_terminal(str(folder))} has a time stamp already.",
            "The older of two proves more.",
            "If you mean to replace it, add --force.",
        )
    put_beside(folder, STAMP, data)
    moment = found.time.strftime("%Y-%m-%d %H:%M:%S UTC")
    click.echo(f"Kept as {STAMP}: the signature was there before {moment}.")
    if authority is None:
        click.echo("It was not checked against the certificates of the authority: see --ca.")


def _relative(path: Path) -> str:
    """As short as the user can type it from here."""
    from reports.quote import for_terminal

    here = Path.cwd()
    return for_terminal(str(path.relative_to(here) if path.is_relative_to(here) else path))
