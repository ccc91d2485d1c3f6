"""Globs over the paths of a batch: which files a release covers, where a policy asks for one.

`*`, `?` and `[…]` stay inside one name, `**` as a whole component stands for any number
of folders, and a `/` at the end for everything below. Case counts; NFC and NFD are equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fnmatch import translate
from functools import cache

from scrubber.errors import UsageError

LONGEST = 1000


def checked_glob(text: str, where: str) -> str:
    """`text` if it is a glob that can match a path below the input. Raises UsageError."""
    parts = text.rstrip("/").split("/")
    if not text.strip("/ ") or len(text) > LONGEST or not _is_text(text):
        problem = f"is no text of 1 to {LONGEST} visible characters"
    elif text.startswith(("/", "~")):
        problem = "begins at the root of the disk"
    elif text.startswith("!"):
        problem = "begins with '!', which takes nothing away here"
    elif any(part in ("", ".", "..") for part in parts):
        problem = "has an empty part, '.' or '..' in it"
    else:
        return text
    raise UsageError(
        f"{where}: a glob {problem}.",
        fix="Write the path as it stands below the folder that you clean, such as coast/**.",
    )


def covered(globs: Iterable[str], path: str) -> bool:
    """Whether one of `globs` matches `path`, or is `path` itself, brackets and all."""
    names = tuple(_nfc(path).split("/"))
    return any(_matches(glob, names) for glob in globs)


def _matches(glob: str, names: tuple[str, ...]) -> bool:
    literal, parts = _compiled(glob)
    return names == literal or _match(parts, names)


def _match(parts: tuple[re.Pattern[str] | None, ...], names: tuple[str, ...]) -> bool:
    """Component by component; None stands for any number of folders, and keeps its place."""
    part = name = 0
    star = -1
    mark = 0
    while name < len(names):
        if part < len(parts) and parts[part] is None:
            star, mark = part, name
            part += 1
        elif part < len(parts) and (found := parts[part]) and found.match(names[name]):
            part += 1
            name += 1
        elif star >= 0:
            mark += 1
            part, name = star + 1, mark
        else:
            return False
    return part == len(parts)


@cache
def _compiled(glob: str) -> tuple[tuple[str, ...], tuple[re.Pattern[str] | None, ...]]:
    text = _nfc(glob)
    literal = tuple(text.split("/"))
    if text.endswith("/"):
        text += "**"
    if text.rpartition("/")[2] == "**":  # what lies below, not a file of the folder's name
        text += "/*"
    parts = [None if part == "**" else re.compile(translate(part)) for part in text.split("/")]
    return literal, tuple(parts)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _is_text(text: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cs", "Cn", "Zl", "Zp"} for c in text)
