"""Passphrases, and which key signs: what the commands around signatures share."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.errors import UsageError

if TYPE_CHECKING:
    from scrubber.sign_keys import SignKey

FOR = click.option(
    "--for", "identity", default="", metavar="NAME", help="The key for this recipient."
)
SIGN_KEY = click.option(
    "--sign-key", type=click.Path(path_type=Path), metavar="FILE",
    help="Sign with this OpenSSH private key (Ed25519).",
)  # fmt: skip


def sign_key(named: Path | None, identity: str) -> tuple[SignKey, bool]:
    """The key that signs, and whether it was made just now."""
    from scrubber.sign_keys import make_sign_key, read_sign_key

    if named is None:
        return make_sign_key(identity)
    return read_sign_key(named, lambda: ask(f"Passphrase of {named.name}")), False


def ask(prompt: str, *, twice: bool = False) -> bytes:
    """A passphrase: from the terminal without echo, or from lines of a piped stdin.

    Raises UsageError if there is none, or if it was not typed the same `twice`.
    """
    prompt = prompt if prompt.isprintable() else "Passphrase"
    first = _line(f"{prompt}: ")
    if twice and not first:
        raise UsageError("The passphrase is empty.", "", "Choose one that others cannot guess.")
    if twice and _line("Again: ") != first:
        raise UsageError("The two passphrases differ.", "", "Run the command again.")
    return first.encode("utf-8", "surrogateescape")


def _line(prompt: str) -> str:
    if sys.stdin is not None and sys.stdin.isatty():
        try:
            return getpass.getpass(prompt)
        except EOFError:
            raise _nothing() from None
    line = sys.stdin.readline() if sys.stdin is not None else ""
    if not line:
        raise _nothing()
    return line.removesuffix("\n")


def _nothing() -> UsageError:
    return UsageError(
        "A passphrase is needed, and there is nobody to ask.",
        "",
        "Run the command in a terminal.",
    )
