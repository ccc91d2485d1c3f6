"""Names and texts as HTML that shows them and does nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape

from scrubber.canonical import plain

HEAD, TAIL = 180, 100
"""Characters that are shown of a longer name, from its start and from its end."""

_COMMAND = re.compile(r"`([^`<>]{1,60})`|(?<![\w-])(--[a-z][a-z-]*)")
_SHOWN = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def text(words: str) -> str:
    """One line of text: markup escaped, what cannot be printed made visible."""
    if words.isprintable():
        return escape(words)
    return "".join(_visible(char) for char in words)


def words_of(line: str) -> str:
    """As `text`, for a text of ours that may quote a name; the same from a run and from its log."""
    return text(plain(line))


def advice(line: str) -> str:
    """A next step: as `words_of`, with commands in backticks and options set as code."""
    return _COMMAND.sub(
        lambda match: f'<code class="nb">{match[1] or match[2]}</code>', words_of(line)
    )


@lru_cache(maxsize=4096)
def name(path: str) -> str:
    """A file name or path (surrogateescape-decoded) as a `bdi` element of its own direction.

    Breaks after slashes, keeps spaces, and shortens in the middle what nobody would read.
    """
    if len(path) > HEAD + TAIL + 40:
        left = f"{len(path) - HEAD - TAIL:,}"
        shown = (
            f'{_broken(path[:HEAD])}<span class="cut"> … {left} more characters … </span>'
            f"{_broken(path[-TAIL:])}"
        )
    else:
        shown = _broken(path)
    return f'<bdi class="name" dir="ltr">{shown}</bdi>'


def code(words: str) -> str:
    """A word for a program."""
    return f"<code>{text(words)}</code>"


def commands(lines: Iterable[str]) -> str:
    """A block of shell lines; each must be printable already."""
    return f'<pre class="sh"><code>{"<br>".join(text(line) for line in lines)}</code></pre>'


def _broken(path: str) -> str:
    return "/<wbr>".join(text(part) for part in path.split("/"))


def _visible(char: str) -> str:
    if char.isprintable():
        return escape(char)
    byte = "surrogateescape" if "\udc80" <= char <= "\udcff" else "surrogatepass"
    shown = _SHOWN.get(char) or "".join(f"\\x{one:02x}" for one in char.encode("utf-8", byte))
    return f'<span class="esc">{shown}</span>'
