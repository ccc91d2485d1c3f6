"""Typed, keyed placeholders: `[PERSON-k7q2m4xa]`."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata

PLACEHOLDER = re.compile(r"\[[A-Z_]+-[a-z2-7]{8}\]")

_DIGITS_ONLY = frozenset({"PHONE_NUMBER", "CREDIT_CARD"})


def placeholder(tag_key: bytes, entity: str, value: str) -> str:
    """`[ENTITY-tag]`, the same for the same key, entity and normalised value.

    The tag is the first 40 bits of HMAC-SHA-256 (RFC 2104) over entity, NUL and value in
    base32 (RFC 4648) lower case. The value counts in NFKC, case-folded, with white space
    collapsed; phones and cards count by their digits alone.
    """
    if not re.fullmatch(r"[A-Z_]+", entity):
        raise ValueError(f"{entity!r} is no entity name")
    message = entity.encode() + b"\0" + normal_value(entity, value).encode("utf-8", "replace")
    digest = hmac.new(tag_key, message, hashlib.sha256).digest()
    return f"[{entity}-{base64.b32encode(digest[:5]).decode().lower()}]"


def normal_value(entity: str, value: str) -> str:
    """The form in which two spellings of one value are equal."""
    folded = unicodedata.normalize("NFKC", value).casefold()
    if entity in _DIGITS_ONLY:
        digits = "".join(str(unicodedata.decimal(c)) for c in folded if c.isdecimal())
        return digits or folded
    return " ".join(folded.split())
