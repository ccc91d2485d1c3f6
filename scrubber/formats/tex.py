"""TeX, LaTeX and BibTeX (by custom): running text between commands.

Everything is read as prose, comments (`%` to the end of the line) as comments. A few commands
that only set a word read as the word; the others read as they stand, since their arguments
are words as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scrubber.formats.passages import Unit
from scrubber.formats.stretches import Stretch
from scrubber.formats.text import blocks_in, split_text
from scrubber.ledger import Ledger
from scrubber.model import Context, Source

_COMMENT = re.compile(r"(?<!\\)%[^\n]*+(?:\n[ \t]*%[^\n]*+)*+")
_MARK = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf)|emph|author|thanks|mbox|underline)\{|\\(?P<sign>[%&_#$])|~|"
    r"^[ \t]*@(?=[A-Za-z]+[ \t]*\{)",  # an entry of BibTeX, nobody's handle
    re.MULTILINE,
)
_PROSE = Context("prose")


class Tex:
    """See the module."""

    def split(self, source: Source, ledger: Ledger) -> None:
        split_text(source, ledger, _segment, prose=False)


def _segment(text: str, line: int) -> Iterator[Stretch]:
    at = 0
    for match in _COMMENT.finditer(text):
        yield from _prose(text, at, match.start(), line)
        line += text.count("\n", at, match.start())
        yield Stretch(match.start(), match.end(), Context("comment"), f"line {line}")
        line += text.count("\n", match.start(), match.end())
        at = match.end()
    yield from _prose(text, at, len(text), line)


def _prose(text: str, start: int, end: int, line: int) -> Iterator[Stretch]:
    units = tuple(
        Unit(match.start(), match.end(), match.group("sign") or " ")
        for match in _MARK.finditer(text, start, end)
    )
    yield from blocks_in(text, start, end, line, _PROSE, units)
