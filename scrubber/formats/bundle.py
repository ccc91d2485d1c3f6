"""A structure that goes as a whole, with names for what stands in it.

A tag or a chunk of metadata is never kept in part, so none of its sizes and
counts needs mending: its parts need each other, and all leave together. The
names are for the report and for what the batch learns from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scrubber.ledger import Ledger, PartId
from scrubber.model import Describe, Role

_MOST = 2000  # names; what follows belongs to the structure itself


@dataclass(frozen=True, slots=True)
class Inner:
    """One named run inside. `picture`: its bytes are a file of their own."""

    name: str
    start: int
    end: int
    entity: str
    describe: Describe | None = None
    picture: bool = False


def bundle(
    ledger: Ledger,
    parent: PartId,
    name: str,
    entity: str,
    start: int,
    end: int,
    inner: Iterable[Inner] = (),
    describe: Describe | None = None,
) -> PartId:
    """A private part [start, end) with its `inner` parts, in the order of the file."""
    whole = ledger.part(parent, name, Role.PRIVATE, entity=entity, describe=describe)
    children: list[PartId] = []
    at = start
    for row in inner:
        if row.start < at or row.end > end or row.start >= row.end:
            continue
        if len(children) == _MOST:
            break
        ledger.claim(whole, at, row.start)
        child = ledger.leaf(
            whole, row.name, Role.PRIVATE, row.start, row.end,
            entity=row.entity, describe=row.describe, needs=(whole,),
        )  # fmt: skip
        if row.picture:
            ledger.nest(child, (), None, droppable=True)
        children.append(child)
        at = row.end
    ledger.claim(whole, at, end)
    ledger.parts[whole].needs = tuple(children)
    return whole


def words(data: bytes) -> str:
    """Text up to the first NUL; UTF-8, else Latin-1."""
    text = data.split(b"\0", 1)[0]
    try:
        return text.decode("utf-8").strip()
    except UnicodeDecodeError:
        return text.decode("latin-1").strip()


def after(skip: int, then: Describe = words) -> Callable[[bytes], str]:
    """`then` of what follows the first `skip` bytes."""
    return lambda data: then(data[skip:])
