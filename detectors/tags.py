"""Keyed tags: ten characters that stand for a value and cannot be mistaken for a word.

40 bits of HMAC-SHA-256 (RFC 2104) in base32 (RFC 4648), lower case, with at least
one digit, then two check characters that anyone can compute. A word that only looks
like a tag passes one time in a thousand, so an input cannot dress a name as one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

PATTERN = r"[a-z2-7]{10}"
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"


def tag(key: bytes, message: bytes) -> str:
    """The tag of `message` under `key`."""
    for again in range(256):
        digest = hmac.digest(key, message + b"\0" * again, "sha256")
        made = base64.b32encode(digest[:5]).decode().lower()
        if any(character.isdigit() for character in made):
            break
    return made + _check_of(made)


def is_tag(text: str) -> bool:
    """Whether eight characters of base32 hold a digit and are followed by their check."""
    return (
        len(text) == 10
        and any(character.isdigit() for character in text[:8])
        and _check_of(text[:8]) == text[8:]
    )


def _check_of(made: str) -> str:
    digest = hashlib.sha256(b"name tag\0" + made.encode()).digest()
    return "".join(_ALPHABET[byte & 31] for byte in digest[:2])
