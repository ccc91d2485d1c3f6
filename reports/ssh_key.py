"""SSH public keys: the wire form (RFC 4253 section 6.6), fingerprints, signatures by them.

Ed25519 (RFC 8709), ECDSA (RFC 5656) and RSA with SHA-2 (RFC 8332). Keys are compared by
their wire form, so only its one canonical spelling is taken.
"""

from __future__ import annotations

import binascii
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

ED25519 = "ssh-ed25519"
RSA = "ssh-rsa"
CURVES = {
    "ecdsa-sha2-nistp256": ("nistp256", "SECP256R1", "SHA256"),
    "ecdsa-sha2-nistp384": ("nistp384", "SECP384R1", "SHA384"),
    "ecdsa-sha2-nistp521": ("nistp521", "SECP521R1", "SHA512"),
}
"""Key type → name of the curve on the wire, the curve, the hash of its signatures."""
RSA_HASHES = {"rsa-sha2-256": "SHA256", "rsa-sha2-512": "SHA512"}
_RSA_BITS = range(2048, 16385)


class Malformed(ValueError):
    """Bytes that are not what they should be; the text is a part of a sentence."""


class Wire:
    """Reads the data types of RFC 4251 section 5 from `data`. Raises Malformed."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        part = self._data[self._at : self._at + size]
        if len(part) != size:
            raise Malformed("it ends too early")
        self._at += size
        return part

    def number(self) -> int:
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        return self.take(self.number())

    def text(self) -> str:
        try:
            return self.string().decode("ascii")
        except UnicodeDecodeError:
            raise Malformed("a name in it is not ASCII") from None

    def mpint(self) -> int:
        """A positive number in its shortest form."""
        raw = self.string()
        value = int.from_bytes(raw, "big")
        if not raw or raw[0] & 0x80 or mpint(value) != raw:
            raise Malformed("a number in it is not written as it should be")
        return value

    def end(self) -> None:
        if self._at != len(self._data):
            raise Malformed("bytes follow its end")


def string(data: bytes | str) -> bytes:
    """A string of RFC 4251: length in four bytes, then the bytes."""
    raw = data.encode("ascii") if isinstance(data, str) else data
    return len(raw).to_bytes(4, "big") + raw


def mpint(value: int) -> bytes:
    """The bytes of a positive mpint, without their length."""
    return value.to_bytes(value.bit_length() // 8 + 1, "big") if value else b""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; `blob` is its wire form and says all."""

    kind: str
    blob: bytes

    @classmethod
    def parse(cls, blob: bytes) -> PublicKey:
        """Raises Malformed for what is no key, or of a kind that is not judged here."""
        wire = Wire(blob)
        kind = wire.text()
        if kind == ED25519:
            if len(wire.string()) != 32:
                raise Malformed("its Ed25519 key is not 32 bytes")
            wire.end()
        elif kind == RSA:
            _rsa(wire)
        elif kind in CURVES:
            _elliptic(wire, kind)
        else:
            shown = kind if kind.isprintable() and 0 < len(kind) <= 64 else "unknown"
            raise Malformed(f"keys of type {shown} are not judged by scrub, use ssh-keygen -Y")
        return cls(kind, blob)

    @classmethod
    def parse_line(cls, line: str) -> PublicKey:
        """From `type base64 [comment]`, as in a .pub file. Raises Malformed."""
        kind, _, rest = line.strip().partition(" ")
        words = rest.split()
        try:
            blob = binascii.a2b_base64(words[0].encode("ascii"), strict_mode=True)
        except (IndexError, ValueError):
            raise Malformed("it is not a public key in OpenSSH's form") from None
        key = cls.parse(blob)
        if key.kind != kind:
            raise Malformed(f"it says {kind[:40]!a} and holds another type of key")
        return key

    @property
    def line(self) -> str:
        """`type base64`, without a comment."""
        return f"{self.kind} {b64encode(self.blob).decode('ascii')}"

    @property
    def fingerprint(self) -> str:
        """As `ssh-keygen -l` prints it."""
        return "SHA256:" + b64encode(sha256(self.blob).digest()).decode("ascii").rstrip("=")

    def signed(self, data: bytes, signature: bytes) -> bool:
        """Whether `signature` (wire form) is one of this key over `data`. Raises Malformed."""
        wire = Wire(signature)
        algorithm, raw = wire.text(), wire.string()
        wire.end()
        key = Wire(self.blob)
        key.text()
        if self.kind == ED25519 == algorithm:
            return _ed25519_signed(key.string(), data, raw)
        if self.kind == RSA and algorithm in RSA_HASHES:
            return _rsa_signed(_rsa(key), data, raw, RSA_HASHES[algorithm])
        if self.kind in CURVES and algorithm == self.kind:
            return _elliptic_signed(_elliptic(key, self.kind), data, raw, CURVES[self.kind][2])
        raise Malformed("its algorithm does not belong to its key")


def _ed25519_signed(key: bytes, data: bytes, raw: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _rsa(wire: Wire) -> RSAPublicKey:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers

    exponent, modulus = wire.mpint(), wire.mpint()
    wire.end()
    if modulus.bit_length() not in _RSA_BITS:
        raise Malformed("its RSA key is shorter than 2048 bits or longer than 16384")
    try:
        return RSAPublicNumbers(exponent, modulus).public_key()
    except ValueError:
        raise Malformed("its RSA key is none") from None


def _rsa_signed(key: RSAPublicKey, data: bytes, raw: bytes, name: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

    size = (key.key_size + 7) // 8
    try:
        key.verify(raw.rjust(size, b"\0"), data, PKCS1v15(), getattr(hashes, name)())
    except (InvalidSignature, ValueError):
        return False
    return True


def _elliptic(wire: Wire, kind: str) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric import ec

    name, curve, _ = CURVES[kind]
    if wire.text() != name:
        raise Malformed("its curve does not belong to its type")
    point = wire.string()
    wire.end()
    try:
        if point[:1] != b"\4":
            raise ValueError
        return ec.EllipticCurvePublicKey.from_encoded_point(getattr(ec, curve)(), point)
    except ValueError:
        raise Malformed("its point does not lie on the curve") from None


def _elliptic_signed(key: EllipticCurvePublicKey, data: bytes, raw: bytes, name: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    wire = Wire(raw)
    numbers = wire.mpint(), wire.mpint()
    wire.end()
    try:
        key.verify(encode_dss_signature(*numbers), data, ECDSA(getattr(hashes, name)()))
    except (InvalidSignature, ValueError):
        return False
    return True
