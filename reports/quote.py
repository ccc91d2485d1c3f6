"""Names made safe to show: on a terminal, in a CSV cell, in Markdown.

A file name may hold line breaks, escape sequences, characters that turn the
direction of reading, or bytes that are no text at all. What is shown here can
be undone: nothing is lost, and nothing acts.
"""

from __future__ import annotations

import re
import shlex

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", "'": r"\'"}


def for_terminal(name: str) -> str:
    """`name` as a word that a POSIX shell reads back; control and invisible characters escaped.

    Takes a surrogateescape-decoded name. Plain names come back as they are,
    names with spaces or quotes in single quotes, all else in `$'…'` form.
    """
    if name.isprintable():
        return _plain_word(name)
    return "$'" + "".join(_escaped(char) for char in name) + "'"


def _plain_word(name: str) -> str:
    quoted = shlex.quote(name)
    bare = name and not re.search(r"[\s!\"#$&'()*;<>?\[\\\]^`{|}~]", name)
    return name if bare else quoted


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isprintable():
        return char
    return "".join(f"\\x{byte:02x}" for byte in char.encode("utf-8", "surrogateescape"))


def for_csv(text: str) -> str:
    r"""`text` as the content of a CSV cell: one line, no formula.

    Backslashes are doubled and what cannot be printed becomes `\xNN` (a byte of
    its UTF-8 form), so the exact name can be read back with `from_csv`. A cell
    that a spreadsheet would take for a formula gets a leading apostrophe.
    """
    if "\\" in text or not text.isprintable():
        text = "".join(char if char == "'" else _escaped(char) for char in text)
    return "'" + text if text.startswith((*_FORMULA, "'")) else text


def from_csv(cell: str) -> str:
    """Undo `for_csv`."""
    text = cell[1:] if cell.startswith("'") else cell
    return re.sub(rb"\\(x[0-9a-f]{2}|.)", _byte, text.encode("utf-8")).decode(
        "utf-8", "surrogateescape"
    )


def _byte(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if len(code) == 3:
        return bytes.fromhex(code[1:].decode("ascii"))
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t"}.get(code, code)


def for_markdown(text: str) -> str:
    """`text` as one line of Markdown that shows it and does nothing else."""
    line = "".join(char if char.isprintable() else " " for char in text)
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&:@-])", r"\\\1", line)


def for_json(path: str) -> str:
    """`path` as valid text for machine output; bytes that are no UTF-8 become `\\xff`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
