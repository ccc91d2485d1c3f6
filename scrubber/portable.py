"""Names that every common file system, uploader and checksum tool takes as they are."""

from __future__ import annotations

import re
import unicodedata

MAX_BYTES = 200
_FORBIDDEN = re.compile(r'[%\\/:*?"<>|]')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_DEVICES = frozenset(
    ["CON", "PRN", "AUX", "NUL", "CLOCK$", "CONIN$", "CONOUT$"]
    + [f"{port}{n}" for port in ("COM", "LPT") for n in "0123456789¹²³"]
)


def portable(name: str, limit: int = MAX_BYTES) -> str:
    """The nearest portable spelling of one path component; "" when nothing is left.

    NFC, no control, format or direction characters, none of `% \\ / : * ? " < > |`, no blank,
    dot or hyphen in front, no blank or dot at the end, no Windows device, at most `limit` bytes.
    """
    before = None
    while name != before:
        before = name
        visible = "".join(
            " " if unicodedata.category(c) == "Zs" else c
            for c in name
            if unicodedata.category(c) not in _INVISIBLE
        )
        name = unicodedata.normalize("NFC", _FORBIDDEN.sub("_", visible))
        name = name.lstrip(" .-").rstrip(" .")
        if is_device(name):
            base, dot, rest = name.partition(".")
            name = f"{base.rstrip()}_{dot}{rest}"
        name = name.encode()[:limit].decode("utf-8", "ignore")
    return name


def is_portable(name: str) -> bool:
    return name != "" and portable(name) == name


def is_device(name: str) -> bool:
    """Whether Windows opens a device by this name (`CON`, `aux.txt`, `COM1 .log`)."""
    return name.partition(".")[0].rstrip(" ").upper() in _DEVICES


def fold(name: str) -> str:
    """Equal for two names that one common file system cannot tell apart."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
