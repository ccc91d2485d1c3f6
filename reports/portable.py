"""Names that mean the same on every system and in every tool.

BagIt tools disagree about `%`, line breaks and trailing spaces; Windows about
more. The rule that makes BagIt, `sha256sum` and Windows agree is the one that
the output is written by, and a bag of strangers is judged by.
"""

from __future__ import annotations

import re
import unicodedata

PART_LIMIT = 200
"""Bytes of UTF-8 in one component."""

_REFUSED = re.compile(r'[%\\:*?"<>|\x00-\x1f\x7f]')
_RESERVED = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE
)
_ABSOLUTE = re.compile(r"/|[A-Za-z]:")
_SIMPLE = re.compile(
    r"([0-9][\w-]{0,60}|\w[\w-]{5,60})(\.[a-z0-9]{1,5})?", re.ASCII | re.IGNORECASE
)
"""No reserved name begins with a digit, or is a word of six and more characters."""


def unsafe_path(path: str) -> str | None:
    """Why `path` (POSIX, relative) must not be followed, or None."""
    if _ABSOLUTE.match(path):
        return "absolute"
    if any(part in ("", ".", "..") for part in path.split("/")):
        return "leaves its folder"
    return None


def unportable_part(name: str) -> str | None:
    """Why one component would not survive everywhere, or None."""
    if _SIMPLE.fullmatch(name):
        return None
    if not name.isprintable():
        return "holds control or invisible characters"
    if found := _REFUSED.search(name):
        return f"holds {found[0]}"
    if name.startswith(" ") or name.endswith((" ", ".")):
        return "starts or ends with a space, or ends with a dot"
    if _RESERVED.fullmatch(name):
        return "is reserved on Windows"
    if len(name.encode("utf-8", "surrogateescape")) > PART_LIMIT:
        return f"is longer than {PART_LIMIT} bytes"
    if not unicodedata.is_normalized("NFC", name):
        return "is not in Unicode normal form C"
    return None


def folded(name: str) -> str:
    """The form under which two names in one folder must differ."""
    if name.isascii():
        return name.lower()
    return unicodedata.normalize("NFC", name.casefold())
