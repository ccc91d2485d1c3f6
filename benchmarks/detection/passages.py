"""The texts that scrub itself would read in a file, with the way back to the file's characters."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from scrubber.containers import load_format
from scrubber.identify import identify
from scrubber.ledger import Ledger
from scrubber.model import Passage
from scrubber.source import MemorySource


def passages(text: str, name: str) -> Iterator[Passage]:
    """Passages of a file with this content and name. Raises what the format raises."""
    data = text.encode()
    source = MemorySource(data)
    ledger = Ledger(len(data))
    load_format(identify(source, name).container).split(source, ledger)
    if ledger.passages is not None:
        yield from ledger.passages()


class Places:
    """Byte offsets of the UTF-8 form of a text, as code points."""

    def __init__(self, text: str) -> None:
        self._plain = text.isascii()
        self._bytes = [] if self._plain else [0, *accumulate(len(c.encode()) for c in text)]

    def of(self, offset: int) -> int:
        return offset if self._plain else bisect_left(self._bytes, offset)
