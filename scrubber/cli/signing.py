"""Passphrases, and which key signs: what the commands around signatures share."""

from __future__ import annotations

import getpass
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scrubber.errors import UsageError

if TYPE_CHECKING:
    from reports.seal import Demand
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

SIGNERS = click.option(
    "--signers", type=click.Path(path_type=Path), metavar="FILE",
    help="Who may sign: a file as ssh-keygen calls allowed_signers.",
)  # fmt: skip
IDENTITY = click.option(
    "--identity", default="", metavar="NAME", help="The name in --signers that must have signed."
)
PUBLIC_KEY = click.option(
    "--public-key", default="", metavar="KEY|FILE|SHA256:…", help="The key that must have signed."
)
CA = click.option(
    "--ca", type=click.Path(path_type=Path), metavar="FILE",
    help="Certificates (PEM) of the authority whose time stamp counts.",
)  # fmt: skip
_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")


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
    return Pen(*chosen_key(file, identity))


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


def demand_of(
    folder: Path, signers: Path | None, identity: str, public_key: str, ca: Path | None
) -> Demand:
    """What the options ask of the signature in `folder`. Raises UsageError."""
    from reports.quote import for_terminal
    from reports.seal import Demand
    from reports.signers import LIMIT, read_signers

    if identity and signers is None:
        raise UsageError(
            "--identity is a name in a list of signers.", "", "Give that list with --signers FILE."
        )
    if signers is not None and public_key:
        raise UsageError("--signers and --public-key exclude each other.", "", "Give one of them.")
    if not identity.isprintable():
        raise UsageError("--identity holds a character that cannot be printed.")
    listed = None
    if signers is not None:
        listed = read_signers(_theirs(signers, folder, LIMIT), for_terminal(str(signers)))
    fingerprint = _fingerprint(public_key, folder) if public_key else ""
    if ca is not None:
        _theirs(ca, folder, LIMIT)
    return Demand(listed, identity, fingerprint, ca)


def _theirs(file: Path, folder: Path, limit: int) -> bytes:
    """What the reader brings along; the batch itself must not say whom to trust."""
    if file.resolve().is_relative_to(folder.resolve()):
        raise UsageError(
            f"{file} lies inside the batch.",
            "Whoever made the batch must not say whom to trust.",
            "Use a file that you got in another way.",
        )
    try:
        with open(file, "rb") as stream:
            return stream.read(limit + 1)
    except OSError as error:
        raise UsageError(f"{file} cannot be read", f"({error.strerror}).", "Check its name.") from (
            None
        )


def _fingerprint(text: str, folder: Path) -> str:
    """From a fingerprint, a public key, or a file that holds one."""
    from reports.ssh_key import Malformed, PublicKey

    if _FINGERPRINT.fullmatch(text):
        return text
    if text.startswith("SHA256:"):
        raise UsageError(
            "The fingerprint is not whole.",
            "It is SHA256: and 43 characters.",
            "`scrub key show` and `ssh-keygen -l` print it.",
        )
    name = "The public key"
    if not re.match(r"(ssh|ecdsa|sk)-\S+ AAAA", text):
        name, file = text, Path(text)
        text = _theirs(file, folder, 64 << 10).decode("utf-8", "replace").strip()
    try:
        return PublicKey.parse_line(text.split("\n")[0]).fingerprint
    except Malformed as error:
        raise UsageError(
            f"{name} cannot be used: {error}.", "", "`scrub key show` prints a public key."
        ) from None


def chosen_key(named: Path | None, identity: str) -> tuple[SignKey, bool]:
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
