"""Detached signatures over the head of a batch: OpenSSH's SSHSIG (PROTOCOL.sshsig).

Written as `ssh-keygen -Y sign -n scrub-batch` writes them, so `ssh-keygen -Y verify` checks
them. The reader takes one spelling of each signature only: what it accepts, ssh-keygen does.
"""

from __future__ import annotations

import binascii
import hashlib
import os
import re
import stat
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reports.digest import OPEN_FLAGS
from reports.ssh_key import ED25519, Malformed, PublicKey, Wire, string
from scrubber.errors import VerificationError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMESPACE = "scrub-batch"
LIMIT = 32 << 10
"""Bytes of the largest signature file that is read; one by RSA with 16384 bits has 6 KiB."""

_BEGIN, _END = b"-----BEGIN SSH SIGNATURE-----", b"-----END SSH SIGNATURE-----"
_ARMOUR = re.compile(
    re.escape(_BEGIN) + rb"\n((?:[A-Za-z0-9+/=]{1,76}\n)+)" + re.escape(_END) + rb"\n?"
)
_WIDTH = 70  # of ssh-keygen's lines
_MAGIC = b"SSHSIG"
_VERSION = 1
_HASHES = ("sha512", "sha256")


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that is well formed, not yet judged."""

    key: PublicKey
    namespace: str
    hash: str
    raw: bytes

    def fits(self, message: bytes) -> bool:
        """Whether it is this key's, in this namespace, over `message`. Raises Malformed."""
        return self.key.signed(_signed_data(message, self.namespace, self.hash), self.raw)


def public_key_of(key: Ed25519PrivateKey) -> PublicKey:
    """The public half in SSH's form."""
    return PublicKey.parse(string(ED25519) + string(key.public_key().public_bytes_raw()))


def sign(message: bytes, key: Ed25519PrivateKey, namespace: str = NAMESPACE) -> bytes:
    """The armoured signature of `key` over `message`. Always the same for the same input."""
    raw = key.sign(_signed_data(message, namespace, "sha512"))
    blob = b"".join(
        (
            _MAGIC,
            _VERSION.to_bytes(4, "big"),
            string(public_key_of(key).blob),
            string(namespace),
            string(b""),
            string("sha512"),
            string(string(ED25519) + string(raw)),
        )
    )
    text = b64encode(blob)
    lines = [text[at : at + _WIDTH] for at in range(0, len(text), _WIDTH)]
    return b"\n".join((_BEGIN, *lines, _END, b""))


def _signed_data(message: bytes, namespace: str, name: str) -> bytes:
    digest = hashlib.new(name, message).digest()
    return _MAGIC + string(namespace) + string(b"") + string(name) + string(digest)


def parse(armoured: bytes) -> Signature:
    """Reads a signature file. Raises Malformed, whose text continues "The signature …"."""
    if len(armoured) > LIMIT:
        raise Malformed(f"it is larger than {LIMIT} bytes")
    match = _ARMOUR.fullmatch(armoured)
    if match is None and b"\r\n" in armoured:  # older ssh-keygen refuse them too
        raise Malformed("its lines end as on Windows; it was changed on its way")
    if match is None:
        raise Malformed("it is not armoured as ssh-keygen does it")
    text = match[1].replace(b"\n", b"")
    try:
        blob = binascii.a2b_base64(text, strict_mode=True)
    except binascii.Error:
        raise Malformed("its base64 is damaged") from None
    if b64encode(blob) != text:
        raise Malformed("its base64 is damaged")
    return _parse_blob(Wire(blob))


def _parse_blob(wire: Wire) -> Signature:
    if wire.take(len(_MAGIC)) != _MAGIC:
        raise Malformed("it does not begin with SSHSIG")
    if (version := wire.number()) != _VERSION:
        raise Malformed(f"its version is {version} and not {_VERSION}")
    key = PublicKey.parse(wire.string())
    namespace, reserved, name, raw = wire.text(), wire.string(), wire.text(), wire.string()
    wire.end()
    if reserved:  # it is not signed: PROTOCOL.sshsig signs an empty one
        raise Malformed("its reserved field is not empty")
    if name not in _HASHES:
        raise Malformed("its hash is neither sha512 nor sha256")
    return Signature(key, namespace, name, raw)


def verify(armoured: bytes, message: bytes, namespace: str = NAMESPACE) -> PublicKey:
    """The key whose signature over `message` this is; who holds that key is not said.

    Raises VerificationError for everything else.
    """
    try:
        signature = parse(armoured)
        fits = signature.namespace == namespace and signature.fits(message)
    except Malformed as error:
        raise VerificationError(
            "The signature cannot be read:", f"{error}.", "Ask the maker for it again."
        ) from None
    if signature.namespace != namespace:
        raise VerificationError(
            "The signature was made for something else:",
            f"its namespace is {signature.namespace[:60]!a} and not {namespace}.",
            f"It must be made with: ssh-keygen -Y sign -n {namespace}",
        )
    if not fits:
        raise VerificationError(
            "The signature does not belong to this head:",
            "the head was changed after it was signed, or the signature is of another batch.",
            "Do not trust this folder. Ask the maker for it again.",
        )
    return signature.key


def read_small(path: Path, limit: int = LIMIT) -> bytes:
    """The bytes of a small regular file that somebody else may have put there.

    Raises FileNotFoundError, and VerificationError for a link, a device or a larger file.
    """
    try:
        handle = os.open(path, OPEN_FLAGS)
    except FileNotFoundError:
        raise
    except OSError as error:
        if path.is_symlink():
            raise VerificationError(f"{path.name} is a link, where a file should be.") from None
        raise VerificationError(f"{path.name} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise VerificationError(f"{path.name} is not a regular file.")
    with open(handle, "rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise VerificationError(f"{path.name} is larger than {limit} bytes.")
    return data
