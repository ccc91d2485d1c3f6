"""Elements of EBML (RFC 8794) for the second reader of Matroska."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scrubber.errors import Damaged
from scrubber.model import Source
from scrubber.readers.matroska_grammar import MASTERS, PARENTS

_TOP = {name for name, parent in PARENTS.items() if parent in ("", "Segment")}
_GONE_TOPS = {"1254c367", "1043a770", "1941a469"}  # tags, chapters, attachments


@dataclass(slots=True)
class Node:
    name: str  # of a master, else the id in hex
    parent: str
    at: int
    body: int
    end: int


def nodes(source: Source, parent: str, start: int, end: int) -> Iterator[Node]:
    """What stands in [start, end). Raises Damaged when it does not fill it."""
    while start < end:
        name, body, size = _head(source, start, end)
        if size < 0:
            if name not in ("Segment", "Cluster"):
                raise Damaged(f"The element at offset {start} has no end.")
            close = end if name == "Segment" else _end(source, body, end)
        else:
            close = body + size
        if close > end:
            raise Damaged(f"The element at offset {start} is longer than what it stands in.")
        yield Node(name, parent, start, body, close)
        start = close


def _head(source: Source, start: int, end: int) -> tuple[str, int, int]:
    """Name, where the body begins, and its size; -1 for one that is not known."""
    data = source.read(start, min(12, end - start))
    width = width_of(data)
    if width > 4 or len(data) <= width:
        raise Damaged(f"No element stands at offset {start}.")
    wide = width_of(data[width:])
    if wide > 8 or len(data) < width + wide:
        raise Damaged(f"The element at offset {start} has no size.")
    size = int.from_bytes(data[width : width + wide], "big") - (1 << 7 * wide)
    name = data[:width].hex()
    known = size < (1 << 7 * wide) - 1
    return MASTERS.get(name, name), start + width + wide, size if known else -1


def width_of(data: bytes) -> int:
    """Of the number that begins there: one more than the zero bits before the first one."""
    return 9 - data[0].bit_length() if data else 9


def _end(source: Source, start: int, end: int) -> int:
    """Of a cluster that does not say how long it is."""
    while start < end:
        name, body, size = _head(source, start, end)
        if name in _TOP or name in _GONE_TOPS:
            return start
        if size < 0:
            raise Damaged(f"The element at offset {start} has no end.")
        start = body + size
    return end
