"""Bytes of a text → lines and columns, as editors and code scanners count them."""

from __future__ import annotations

import codecs
from collections.abc import Iterable

from scrubber.errors import Damaged
from scrubber.model import Source

NOWHERE = (0, 0)
_BLOCK = 1 << 16


def lines_at(source: Source, offsets: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Line and column, both from 1, of each byte offset at which a character begins.

    A line ends with a line feed, a column is a Unicode code point, and a byte order mark is
    none (SARIF 2.1.0 §3.30.2). Offsets below 0 and those of a text in an encoding that cannot
    be told are left out. The text is read once, in blocks.
    """
    wanted = sorted({offset for offset in offsets if offset >= 0})
    if not wanted:
        return {}
    from scrubber.formats.charset import charset_of  # a run over photos needs it not

    try:
        charset = charset_of(source)
    except Damaged:
        return {}
    found: dict[int, tuple[int, int]] = {}
    decoder = codecs.getincrementaldecoder(charset.codec)("replace")
    at, line, column = charset.mark, 1, 1
    for offset in wanted:
        while at < offset:
            text = decoder.decode(source.read(at, min(offset - at, _BLOCK)))
            at = min(offset, at + _BLOCK)
            column = len(text) - text.rfind("\n") if "\n" in text else column + len(text)
            line += text.count("\n")
        found[offset] = (line, column)
    return found
