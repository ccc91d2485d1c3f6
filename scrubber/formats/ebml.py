"""Elements of EBML (RFC 8794): an id, a size, a body; the grammar of Matroska and WebM."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from scrubber.errors import Damaged, Unsupported
from scrubber.ledger import Ledger, PartId
from scrubber.model import Role, Source

VOID, CRC32 = 0xEC, 0xBF  # RFC 8794 §11.3
_MOST = 5_000_000  # elements below one other
_HEAD = 12  # four bytes of id, eight of size


class Element(NamedTuple):
    """[at, end) of the source; the size stands at `sized`, the body at `body`.

    `open`: the size is written as unknown (§6.2), and `end` is where the parent ends.
    """

    id: int
    at: int
    sized: int
    body: int
    end: int
    open: bool


def element(source: Source, at: int, end: int) -> Element:
    """The element at `at`, which must end before `end`. Raises Damaged."""
    head = source.read(at, min(_HEAD, end - at))
    first = head[0] if head else 0
    width = 9 - first.bit_length()
    if width > 4 or len(head) < width + 1:
        raise Damaged(f"There is no element at offset {at}.", "The file is cut off or damaged.")
    name = int.from_bytes(head[:width], "big")
    first = head[width]
    wide = 9 - first.bit_length()
    body = width + wide
    if wide > 8 or len(head) < body:
        raise Damaged(f"The element at offset {at} has no valid size.")
    unknown = (1 << 7 * wide) - 1
    size = int.from_bytes(head[width:body], "big") & unknown
    if size == unknown:
        return Element(name, at, at + width, at + body, end, True)
    close = at + body + size
    if close > end:
        raise Damaged(
            f"The element at offset {at} declares {size} bytes; {end - at - body} remain."
        )
    return Element(name, at, at + width, at + body, close, False)


def elements(source: Source, start: int, end: int) -> Iterator[Element]:
    """The elements that fill [start, end). Raises Damaged; Unsupported for an unknown size."""
    for _ in range(_MOST):
        if start == end:
            return
        row = element(source, start, end)
        if row.open:
            raise Unsupported(f"The element at offset {start} does not say how long it is.")
        yield row
        start = row.end
    raise Unsupported("The file has too many elements.")


def uint(source: Source, row: Element) -> int:
    """An unsigned integer (§7.2) of up to eight bytes; one of no bytes is 0."""
    size = row.end - row.body
    if size > 8:
        raise Damaged(f"The number at offset {row.at} has {size} bytes.")
    return int.from_bytes(source.read(row.body, size), "big")


def sint(source: Source, row: Element) -> int:
    """A signed integer (§7.1)."""
    size = row.end - row.body
    if size > 8:
        raise Damaged(f"The number at offset {row.at} has {size} bytes.")
    return int.from_bytes(source.read(row.body, size), "big", signed=True)


def string(source: Source, row: Element, most: int = 64) -> str:
    """A string of ASCII (§7.4), without the zeros that may end it. Raises Damaged."""
    data = source.read(row.body, min(row.end - row.body, most + 1)).rstrip(b"\0")
    if len(data) > most or not data.isascii() or not data.decode().isprintable():
        raise Damaged(f"The name at offset {row.at} is none.")
    return data.decode()


def open_element(
    ledger: Ledger, parent: PartId, name: str, row: Element, role: Role = Role.FRAME
) -> PartId:
    """An element that may lose some of what is in it; its size keeps its width.

    An empty one says nothing, so it goes, as one does of which nothing stays; but not one
    that stands there for its own sake, with the role DISPLAY.
    """
    if row.body == row.end and role is Role.FRAME:
        return ledger.leaf(parent, name, Role.PRIVATE, row.at, row.end, entity="TECHNICAL")
    part = ledger.part(parent, name, role)
    ledger.scope(part, row.at, row.end)
    ledger.claim(part, row.at, row.body)
    shrinking(ledger, row)
    return part


def shrinking(ledger: Ledger, row: Element) -> None:
    """States the size of `row`, where it has one."""
    if not row.open:
        ledger.length(row.sized, row.body - row.sized, "vint", row.body, row.end)
