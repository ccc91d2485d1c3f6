"""Files that a passphrase opens, in the age format (age-encryption.org/v1, C2SP age.md).

`age -d FILE` opens what is written here: one scrypt stanza, ASCII armour. Files that were made
for public keys are not opened.
"""

from __future__ import annotations

import binascii
import hmac
import re
import secrets
from base64 import b64decode, b64encode

from scrubber.errors import UsageError
from scrubber.keys import hkdf_sha256

WORK = 18
"""log2 of scrypt's N; with r = 8 that takes 256 MiB and about a second."""
_MOST_WORK = 20
_LIMIT = 4 << 20
_INTRO = b"age-encryption.org/v1\n"
_SALT_LABEL = b"age-encryption.org/v1/scrypt"
_CHUNK, _TAG = 64 << 10, 16
_BEGIN, _END = b"-----BEGIN AGE ENCRYPTED FILE-----", b"-----END AGE ENCRYPTED FILE-----"
_ARMOUR = re.compile(
    rb"\s*" + _BEGIN + rb"\r?\n((?:[A-Za-z0-9+/]{1,64}={0,2}\r?\n)+)" + _END + rb"\s*"
)
_HEADER = re.compile(
    re.escape(_INTRO) + rb"-> scrypt ([A-Za-z0-9+/]{22}) ([1-9][0-9]?)\n([A-Za-z0-9+/]{43})\n---"
)


def encrypt(data: bytes, passphrase: bytes, work: int = WORK) -> bytes:
    """`data` as an armoured age file that `passphrase` opens."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    file_key, salt, nonce = (secrets.token_bytes(16) for _ in range(3))
    wrapped = ChaCha20Poly1305(_wrap_key(passphrase, salt, work)).encrypt(bytes(12), file_key, b"")
    header = _INTRO + b"-> scrypt %s %d\n%s\n---" % (_b64(salt), work, _b64(wrapped))
    body = [header, b" ", _b64(_mac(file_key, header)), b"\n", nonce]
    cipher = ChaCha20Poly1305(hkdf_sha256(file_key, salt=nonce, info=b"payload"))
    starts = range(0, len(data), _CHUNK) or range(1)
    for number, at in enumerate(starts):
        last = number == len(starts) - 1
        body.append(cipher.encrypt(_nonce(number, last), data[at : at + _CHUNK], b""))
    text = b64encode(b"".join(body))
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return b"\n".join((_BEGIN, *lines, _END, b""))


def decrypt(file: bytes, passphrase: bytes) -> bytes:
    """What `encrypt` or age has put into `file`, armoured or not. Raises UsageError."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    header, mac, nonce, payload = _split(file)
    match = _HEADER.fullmatch(header)
    if match is None:
        raise _damaged("It is not an age file that a passphrase opens.")
    if not 1 <= (work := int(match[2])) <= _MOST_WORK:
        raise _damaged(f"Opening it would take 2^{work} steps; at most 2^{_MOST_WORK} are done.")
    wrap_key = _wrap_key(passphrase, _unb64(match[1]), work)
    try:
        file_key = ChaCha20Poly1305(wrap_key).decrypt(bytes(12), _unb64(match[3]), b"")
    except InvalidTag:
        raise UsageError(
            "The passphrase does not open this file.",
            "Or the file is damaged.",
            "Run the command again; upper and lower case count.",
        ) from None
    if not hmac.compare_digest(_mac(file_key, header), mac):
        raise _damaged("Its header was altered.")
    cipher = ChaCha20Poly1305(hkdf_sha256(file_key, salt=nonce, info=b"payload"))
    size = _CHUNK + _TAG
    starts = range(0, len(payload), size)
    out = []
    try:
        for number, at in enumerate(starts):
            last = number == len(starts) - 1
            out.append(cipher.decrypt(_nonce(number, last), payload[at : at + size], b""))
    except InvalidTag:
        raise _damaged("Its content was altered or cut.") from None
    if not out or (len(out) > 1 and not out[-1]):
        raise _damaged("Its content was cut.")
    return b"".join(out)


def _split(file: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Header without its MAC, MAC, nonce, payload."""
    if len(file) > _LIMIT:
        raise _damaged("It is far too large.")
    if not file.startswith(_INTRO):
        match = _ARMOUR.fullmatch(file)
        if match is None:
            raise _damaged("It is not an age file.")
        try:
            file = b64decode(match[1].replace(b"\r", b"").replace(b"\n", b""), validate=True)
        except binascii.Error:
            raise _damaged("Its armour is damaged.") from None
    header, mark, rest = file.partition(b"\n--- ")
    mac, feed, body = rest.partition(b"\n")
    if not mark or not feed or len(body) < 16 + _TAG:
        raise _damaged("It is cut.")
    return header + b"\n---", _unb64(mac), body[:16], body[16:]


def _wrap_key(passphrase: bytes, salt: bytes, work: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(_SALT_LABEL + salt, 32, 1 << work, 8, 1).derive(passphrase)


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(hkdf_sha256(file_key, info=b"header"), header, "sha256")


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _b64(data: bytes) -> bytes:
    return b64encode(data).rstrip(b"=")


def _unb64(text: bytes) -> bytes:
    try:
        data = b64decode(text + b"=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        raise _damaged("Its header is damaged.") from None
    if _b64(data) != text:
        raise _damaged("Its header is damaged.")
    return data


def _damaged(why: str) -> UsageError:
    return UsageError(
        "The file cannot be opened.", why, "Use the file that `scrub key export` wrote."
    )
