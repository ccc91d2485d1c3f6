"""Time stamps of a signature (RFC 3161): the request, and what a token says.

Nothing here touches the network. A token tells that the signature was there at a time; that the
time stamping authority says so, and not somebody else, takes its certificate and stock openssl.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import new, sha256
from pathlib import Path

from reports.der import (
    BOOLEAN,
    INTEGER,
    NULL,
    OCTETS,
    SEQUENCE,
    TIME,
    BadDer,
    Value,
    encode,
    integer,
    oid,
    one,
)
from scrubber.errors import UsageError, VerificationError

LIMIT = 64 << 10
SHA256 = "2.16.840.1.101.3.4.2.1"
_HASHES = {
    oid(SHA256): "sha256",
    oid("2.16.840.1.101.3.4.2.2"): "sha384",
    oid("2.16.840.1.101.3.4.2.3"): "sha512",
}
_SIGNED_DATA = oid("1.2.840.113549.1.7.2")
_TST_INFO = oid("1.2.840.113549.1.9.16.1.4")
_TIME = re.compile(rb"(\d{14})(?:\.(\d{0,5}[1-9]))?Z")
_STATUS = ("granted", "granted with changes", "refused", "waiting", "revocation announced",
           "revoked")  # fmt: skip
_GRANTED = 2
_WAIT = 30  # seconds for openssl


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says. Its signature is not judged here."""

    time: datetime
    hash: str
    imprint: bytes
    serial: int
    nonce: int | None

    def of(self, data: bytes) -> bool:
        """Whether it is a time stamp of `data`."""
        return new(self.hash, data).digest() == self.imprint


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked for: the digest (SHA-256) and the number that the answer must repeat."""

    imprint: bytes
    nonce: int | None

    def of(self, data: bytes) -> bool:
        """Whether it asks for a time stamp of `data`."""
        return sha256(data).digest() == self.imprint


def request(data: bytes, nonce: int | None = None) -> bytes:
    """A TimeStampReq over `data` (RFC 3161 section 2.4.1) that asks for the certificates too.

    `nonce` is drawn when absent.
    """
    nonce = secrets.randbits(63) if nonce is None else nonce
    algorithm = encode(SEQUENCE, oid(SHA256), encode(NULL))
    imprint = encode(SEQUENCE, algorithm, encode(OCTETS, sha256(data).digest()))
    return encode(SEQUENCE, integer(1), imprint, integer(nonce), encode(BOOLEAN, b"\xff"))


def parse_request(data: bytes) -> Query:
    """Reads a request, ours or openssl's. Raises UsageError."""
    try:
        _, imprint, *rest = one(data).inner()
        _, digest = imprint.inner()
        nonce = next((part.integer() for part in rest if part.tag == INTEGER), None)
        return Query(digest.of(OCTETS), nonce)
    except (BadDer, ValueError):
        raise UsageError("The request cannot be read.", "It is no TimeStampReq of RFC 3161.") from (
            None
        )


def parse_token(data: bytes) -> Token:
    """Reads a TimeStampResp (RFC 3161 section 2.4.2). Raises VerificationError."""
    try:
        if len(data) > LIMIT:
            raise BadDer("larger than 64 KiB")
        status, *token = one(data).inner()
        code = status.inner()[0].integer()
        if 0 <= code < _GRANTED and len(token) == 1:
            return _info(_content(token[0]))
    except (BadDer, ValueError, IndexError, OverflowError):
        raise VerificationError(
            "The time stamp cannot be read.",
            "It is no answer of a time stamping authority (TimeStampResp of RFC 3161).",
            "Ask for it again: `scrub timestamp DIR` shows how.",
        ) from None
    said = _STATUS[code] if 0 <= code < len(_STATUS) else "unknown"
    raise VerificationError(
        "The time stamping authority gave no time stamp.",
        f"Its answer: {said}." if code >= _GRANTED else "Its answer is empty.",
        "Ask it again, or ask another one.",
    )


def _content(token: Value) -> Value:
    """The TSTInfo in a ContentInfo with SignedData (RFC 5652 sections 3, 5.1)."""
    kind, wrapped = token.inner()
    if kind.whole != _SIGNED_DATA:
        raise BadDer("not SignedData")
    _, _, content, *_ = one(wrapped.of(0xA0)).inner()
    inner, octets = content.inner()
    if inner.whole != _TST_INFO:
        raise BadDer("not a TSTInfo")
    return one(one(octets.of(0xA0)).of(OCTETS))


def _info(info: Value) -> Token:
    version, _, imprint, serial, moment, *rest = info.inner()
    algorithm, digest = imprint.inner()
    name = _HASHES.get(algorithm.inner()[0].whole)
    if version.integer() != 1 or name is None:
        raise BadDer("another version or hash")
    nonce = next((part.integer() for part in rest if part.tag == INTEGER), None)
    return Token(_time(moment.of(TIME)), name, digest.of(OCTETS), serial.integer(), nonce)


def _time(text: bytes) -> datetime:
    match = _TIME.fullmatch(text)
    if match is None:
        raise BadDer("not a time in UTC")
    fraction = int((match[2] or b"0").ljust(6, b"0"))
    whole = datetime.strptime(match[1].decode("ascii"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return whole + timedelta(microseconds=fraction)


def check_token(data: bytes, signature: bytes, query: Query | None = None) -> Token:
    """The token in `data`, which must be of `signature` and answer `query`.

    Raises VerificationError.
    """
    token = parse_token(data)
    if not token.of(signature):
        raise VerificationError(
            "The time stamp is of something else,",
            "not of the signature in this folder.",
            "Ask for one again: `scrub timestamp DIR` shows how.",
        )
    if query is not None and query.nonce is not None and token.nonce != query.nonce:
        raise VerificationError(
            "The time stamp answers another request:",
            "the number that the request asked to repeat (its nonce) is not in it.",
            "Send the request again.",
        )
    return token


def check_chain(data: bytes, signature: bytes, authority: Path) -> None:
    """Whether `authority`, a PEM file of certificates, vouches for the token, by stock openssl.

    Raises VerificationError if it does not, UsageError if that cannot be asked.
    """
    program = shutil.which("openssl")
    if program is None:
        raise UsageError(
            "openssl is needed to check a time stamp against --ca.",
            "It is not installed.",
            "Install it, or run the command without --ca.",
        )
    if not authority.is_file():
        raise UsageError(f"There is no file {authority}.", "", "Check the name after --ca.")
    with tempfile.TemporaryDirectory(prefix="scrub-") as folder:
        signed, token = Path(folder, "sig"), Path(folder, "tsr")
        signed.write_bytes(signature)
        token.write_bytes(data)
        command = [program, "ts", "-verify", "-data", str(signed), "-in", str(token)]
        certificates = str(authority.absolute())
        try:
            done = subprocess.run(
                [*command, "-CAfile", certificates, "-untrusted", certificates],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=_WAIT,
                check=False,
                env={"PATH": os.environ.get("PATH", ""), "OPENSSL_CONF": os.devnull},
            )
        except subprocess.TimeoutExpired:
            raise UsageError("openssl did not come to an end.", "", "Run it again.") from None
    if done.returncode != 0 or b"Verification: OK" not in done.stdout + done.stderr:
        raise VerificationError(
            "The time stamp is not vouched for:",
            f"openssl says: {_reason(done.stderr)}.",
            f"Check that {authority} holds the certificates of the authority that was asked.",
        )


def _reason(stderr: bytes) -> str:
    """The reason in openssl's words, which look like error:CODE:library:function:reason:…"""
    text = stderr.decode("utf-8", "replace")
    found = re.search(r"Verify error:([^:\n]+)", text) or re.search(
        r":error:[0-9A-F]+:[^:\n]*:[^:\n]*:([^:\n]+)", text
    )
    words = found[1] if found else "it cannot be checked"
    return "".join(char for char in words if char.isprintable())
