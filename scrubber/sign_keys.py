"""Signing keys: one Ed25519 key an identity, so that no two buyers can join what they have.

They lie beside the project key as OpenSSH private keys without a comment, so ssh-keygen can use
them too. A known key can be used instead; it must be private to its owner, as ssh wants it.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from scrubber.errors import UsageError
from scrubber.keys import create_private, data_home, read_private, refuse_audit_folder, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Ask = Callable[[], bytes]
"""Asks the user for the passphrase of a key."""

SUFFIX = ".sign"
_LIMIT = 64 << 10
_OWN = "default"
_FOR = "for-"
_HEAD = b"-----BEGIN OPENSSH PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class SignKey:
    """A private key and the file that it came from."""

    secret: Ed25519PrivateKey = field(repr=False)
    path: Path


def sign_key_path(identity: str = "", env: Mapping[str, str] | None = None) -> Path:
    """Where the signing key for `identity` lives; "" is the identity without a name.

    Raises UsageError for a name that makes no file name.
    """
    name = unicodedata.normalize("NFC", identity)
    try:
        stem = _FOR + quote(name, safe="") if name else _OWN
    except UnicodeEncodeError:
        stem = ""
    if not 0 < len(stem) <= 200 or not (name.isprintable() or not name):
        raise UsageError(
            "The name after --for cannot be used.",
            "It is too long, or holds characters that cannot be printed.",
            "Choose a shorter one.",
        )
    return data_home(env) / "keys" / f"{stem}{SUFFIX}"


def identities(env: Mapping[str, str] | None = None) -> list[str]:
    """The identities that have a signing key, the one without a name first."""
    found = []
    for path in (data_home(env) / "keys").glob(f"*{SUFFIX}"):
        stem = path.name.removesuffix(SUFFIX)
        name = unquote(stem[len(_FOR) :]) if stem.startswith(_FOR) else ""
        if name.isprintable() and sign_key_path(name, env).name == path.name:
            found.append(name)
    return sorted(found)


def make_sign_key(identity: str = "", env: Mapping[str, str] | None = None) -> tuple[SignKey, bool]:
    """The key for `identity`, and whether it was made just now. Never overwrites one.

    Raises UsageError or FolderError.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = sign_key_path(identity, env)
    refuse_audit_folder(path)
    made = not os.path.lexists(path) and create_private(
        path, private_text(Ed25519PrivateKey.generate())
    )
    return read_sign_key(path), made


def find_sign_key(identity: str = "", env: Mapping[str, str] | None = None) -> SignKey:
    """The key for `identity`, which must exist. Raises UsageError or FolderError."""
    path = sign_key_path(identity, env)
    if not os.path.lexists(path):
        named = f" --for {shown(Path(identity))!r}" if identity else ""
        raise UsageError(
            f"There is no signing key{f' for {identity}' if identity else ''} yet.",
            "",
            f"Make one with: scrub key new{named}",
        )
    return read_sign_key(path)


def private_text(key: Ed25519PrivateKey) -> bytes:
    """The key as an OpenSSH private key file, not encrypted, with an empty comment."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def read_sign_key(path: Path, ask: Ask | None = None) -> SignKey:
    """Reads an OpenSSH private key; `ask` is called if it has a passphrase.

    Raises UsageError for a file that is no such key or lies in an audit folder, FolderError for
    one that others can read.
    """
    refuse_audit_folder(path)
    if path.suffix == ".pub":
        raise _public(path)
    try:
        data = read_private(path, _LIMIT)
    except FileNotFoundError:
        raise UsageError(f"There is no key file: {shown(path)}", "", "Check its name.") from None
    return SignKey(parse_private(data, path, ask), path)


def parse_private(data: bytes, path: Path, ask: Ask | None = None) -> Ed25519PrivateKey:
    """The key in `data`, the content of `path`. Raises as `read_sign_key` does."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if data.startswith((b"ssh-", b"ecdsa-", b"sk-")):
        raise _public(path)
    if not data.lstrip().startswith(_HEAD):
        raise _not_a_key(path, "It does not begin with BEGIN OPENSSH PRIVATE KEY.")
    found = _load(data, path, ask)
    if not isinstance(found, Ed25519PrivateKey):
        raise UsageError(
            f"{shown(path)} is not an Ed25519 key.",
            "scrub signs with Ed25519 only; ssh-keygen signs with any key.",
            f"In the batch, run: ssh-keygen -Y sign -n scrub-batch -f {shown(path)} manifest.json",
        )
    return found


def _load(data: bytes, path: Path, ask: Ask | None) -> object:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        return load_ssh_private_key(data, None)
    except TypeError:  # the library's word for a key with a passphrase
        pass
    except (ValueError, UnsupportedAlgorithm):
        raise _not_a_key(path, "It is damaged, or of a kind that is not known here.") from None
    if ask is None:
        raise _not_a_key(path, "It has a passphrase.")
    try:
        return load_ssh_private_key(data, ask())
    except UnsupportedAlgorithm:
        raise UsageError(
            f"{shown(path)} is encrypted in a way that cannot be opened here.",
            "That takes the Python package bcrypt.",
            f"In the batch, run: ssh-keygen -Y sign -n scrub-batch -f {shown(path)} manifest.json",
        ) from None
    except (ValueError, TypeError):
        raise UsageError(
            f"The passphrase does not open {shown(path)}.", "", "Run the command again."
        ) from None


def _public(path: Path) -> UsageError:
    private = shown(path.with_suffix("")) if path.suffix == ".pub" else "the other file"
    return UsageError(
        f"{shown(path)} is a public key.", "Signing takes the private half.", f"Try {private}."
    )


def _not_a_key(path: Path, why: str) -> UsageError:
    return UsageError(
        f"{shown(path)} is not a usable private key.",
        why,
        "Restore it from a backup, or make a key with: scrub key new",
    )
