"""Passphrases, and which key signs: what the commands around signatures share."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.errors import UsageError

if TYPE_CHECKING:
    from scrubber.config import Config
    from scrubber.sign_keys import SignKey

MADE = (
    "A signing key was made in your data directory. Back it up (scrub key export FILE)."
    " scrub key show prints what your readers need."
)
FOR = click.option(
    "--for", "identity", default="", metavar="NAME", help="The key for this recipient."
)
SIGN_KEY = click.option(
    "--sign-key", type=click.Path(path_type=Path), metavar="FILE",
    help="Sign with this OpenSSH private key (Ed25519).",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pen:
    """What signs a head. Called with its bytes, it gives the signature file."""

    key: SignKey
    made: bool

    def __call__(self, head: bytes) -> bytes:
        from reports.signature import sign

        return sign(head, self.key.secret)

    @property
    def fingerprint(self) -> str:
        from reports.signature import public_key_of

        return public_key_of(self.key.secret).fingerprint


def signer(
    config: Config, wanted: bool | None, named: Path | None, identity: str,
    inputs: tuple[Path, ...] = (),
) -> Pen | None:  # fmt: skip
    """What signs the batch of a run: options win over the configuration. None: nobody."""
    if wanted is False and named is not None:
        raise UsageError("--no-sign and --sign-key exclude each other.")
    if wanted is False or not (wanted or named is not None or config.sign):
        return None
    file = named or config.sign_key
    if file is not None:
        for source in inputs:
            if file.resolve().is_relative_to(source.resolve()):
                raise UsageError(
                    f"The signing key {file} lies inside the input {source}.",
                    "It must never be published.",
                    "Move it elsewhere.",
                )
    return Pen(*sign_key(file, identity))


def seal_advice(pen: Pen | None, out: Path) -> list[str]:
    """What the last words of a run say about the signature."""
    from reports.quote import for_terminal

    if pen is None:
        return [
            f"Not signed: who made it is not proved. To sign: scrub sign {for_terminal(str(out))}"
        ]
    said = [f"Signed with the key {pen.fingerprint}."]
    if pen.made:
        said.append(MADE)
    return said


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
