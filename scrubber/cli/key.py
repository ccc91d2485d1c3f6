"""`scrub key new|show|export|import`: the keys of this project, and their backup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.cli.options import JSON
from scrubber.cli.signing import FOR, ask
from scrubber.cli.streams import document

if TYPE_CHECKING:
    from scrubber.sign_keys import SignKey

SCHEMA = "scrub.key/1"
PRINCIPAL = "creator"


@click.group(epilog="Keys lie in your data directory, never in an audit folder.")
def command() -> None:
    """Keys: the project key for private records, and one signing key for each recipient."""


@command.command()
@FOR
def new(identity: str) -> int:
    """Make the project key and a signing key, unless they are there. Never overwrites."""
    from scrubber.keys import key_path, load_key
    from scrubber.sign_keys import make_sign_key

    _, made_project = load_key()
    key, made = make_sign_key(identity)
    click.echo(f"Project key  {_made(made_project)}: {_shown(key_path())}")
    click.echo(f"Signing key  {_made(made)}: {_shown(key.path)}")
    click.echo(f"Fingerprint  {_fingerprint(key)}")
    if made or made_project:
        click.echo("\nBack them up: scrub key export FILE")
    return 0


@command.command()
@FOR
@JSON
def show(identity: str, as_json: bool) -> int:
    """The public half of a signing key, and where the keys are. Shows no secret."""
    import os

    from reports.signature import NAMESPACE, public_key_of
    from scrubber.key_backup import backed_up
    from scrubber.keys import key_path
    from scrubber.sign_keys import find_sign_key

    key = find_sign_key(identity)
    public = public_key_of(key.secret)
    signer = f'{PRINCIPAL} namespaces="{NAMESPACE}" {public.line}'
    project = key_path() if os.path.lexists(key_path()) else None
    if as_json:
        from reports.quote import for_json

        row = {
            "schema": SCHEMA,
            "for": identity,
            "public_key": public.line,
            "fingerprint": public.fingerprint,
            "allowed_signers": signer,
            "signing_key": for_json(str(key.path)),
            "signing_key_backed_up": backed_up(key.path),
            "project_key": for_json(str(project)) if project else "",
            "project_key_backed_up": backed_up(project) if project else "",
        }
        document(json.dumps(row, indent=1))
        return 0
    click.echo(f"Public key   {public.line}")
    click.echo(f"Fingerprint  {public.fingerprint}")
    click.echo(f"Signing key  {_shown(key.path)}  {_saved(backed_up(key.path))}")
    if project:
        click.echo(f"Project key  {_shown(project)}  {_saved(backed_up(project))}")
    click.echo("\nWhoever checks your batches puts this line into a file (allowed_signers):\n")
    click.echo(signer)
    return 0


@command.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--for", "identity", metavar="NAME", help="Only the signing key for this recipient.")
def export(file: Path, identity: str | None) -> int:
    """Write all keys to FILE, an age file that a passphrase opens."""
    from scrubber.key_backup import check_target, gather
    from scrubber.key_backup import export as write

    keys = gather(identity)
    check_target(file)
    passphrase = ask("Passphrase for the backup", twice=True)
    write(keys, file, passphrase)
    click.echo(f"{_shown(file)} holds {_and(keys.words)}.")
    click.echo("Keep it and its passphrase apart from the audit folders.")
    return 0


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> int:
    """Put the keys in FILE back. Refuses to overwrite another key."""
    from scrubber.key_backup import read_backup
    from scrubber.key_backup import restore as put_back

    read_backup(file)
    put, there = put_back(file, ask("Passphrase of the backup"))
    if put:
        click.echo(f"Put back: {_and(put)}.")
    if there:
        click.echo(f"Here already, the same: {_and(there)}.")
    if not put and not there:
        click.echo("The backup is empty.")
    return 0


def _made(made: bool) -> str:
    return "made" if made else "there already"


def _saved(day: str) -> str:
    return f"(backed up on {day})" if day else "(NOT backed up: scrub key export FILE)"


def _fingerprint(key: SignKey) -> str:
    from reports.signature import public_key_of

    return public_key_of(key.secret).fingerprint


def _shown(path: Path) -> str:
    from reports.quote import for_terminal

    return for_terminal(str(path))


def _and(words: tuple[str, ...] | list[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
