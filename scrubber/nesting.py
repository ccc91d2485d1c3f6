"""From bytes to a ledger with everything that is nested in it.

One guard stands around every splitter: what it did not foresee is `damaged`,
never a traceback. Depth and expanded bytes are bounded over the whole tree.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from scrubber.codings import decode
from scrubber.containers import Container, load_format, table
from scrubber.errors import Damaged, Held, OpaqueText, TooLarge, UnknownContainer
from scrubber.identify import identify
from scrubber.ledger import Ledger, Nested, Tile
from scrubber.model import Source
from scrubber.source import MemorySource

OPAQUE = "opaque"


@dataclass(slots=True)
class Budget:
    """How deep a file may nest and how far it may expand, over all its nested parts.

    `words`: those inside recordings and films are passages, where the format can do that.
    """

    depth: int = 4
    expanded: int = 256 << 20
    spent: int = 0
    words: bool = False

    def take(self, n: int) -> None:
        self.spent += n
        if self.spent > self.expanded:
            raise TooLarge("The parts inside this file expand to more than the limit.")

    @property
    def left(self) -> int:
        return self.expanded - self.spent


@dataclass(slots=True)
class Parsed:
    """One container and what is nested in it. `rebuilt`: new bytes of a second-form format."""

    source: Source
    row: Container
    ledger: Ledger
    tiles: list[Tile]
    children: list[tuple[Nested, Parsed]] = field(default_factory=list)
    rebuilt: bytes | None = None
    failures: list[tuple[Nested, Held]] = field(default_factory=list)

    def walk(self, prefix: str = "") -> Iterator[tuple[str, Parsed]]:
        """This container and every one below it, with the path of the part that holds it."""
        yield prefix, self
        for nested, child in self.children:
            yield from child.walk(f"{prefix}{self.ledger.path(nested.part)}/")


def parse(source: Source, row: Container, budget: Budget | None = None, depth: int = 0) -> Parsed:
    """Splits `source` as `row` and everything nested in it. Raises Held."""
    budget = budget or Budget()
    if depth > budget.depth:
        raise TooLarge(f"Files are nested more than {budget.depth} deep.")
    ledger, rebuilt = _split(source, row, budget.words)
    parsed = Parsed(source, row, ledger, ledger.tile(), rebuilt=rebuilt)
    for nested in ledger.nested:
        try:
            parsed.children.append((nested, _child(parsed, nested, budget, depth)))
        except Held as error:
            parsed.failures.append((nested, error))
    return parsed


def _split(source: Source, row: Container, words: bool) -> tuple[Ledger, bytes | None]:
    ledger = Ledger(source.size)
    form = load_format(row)
    try:
        if hasattr(form, "rebuild"):
            return ledger, form.rebuild(source)
        if words and hasattr(form, "split_words"):
            form.split_words(source, ledger)
        else:
            form.split(source, ledger)
    except (
        struct.error,
        IndexError,
        ValueError,
        OverflowError,
        KeyError,
        RecursionError,
        zlib.error,
    ) as error:
        raise Damaged(f"The structure of this {row.name} does not hold together.") from error
    return ledger, None


def _child(parsed: Parsed, nested: Nested, budget: Budget, depth: int) -> Parsed:
    ledger = parsed.ledger
    spans = sorted(ledger.parts[nested.part].spans)
    raw = b"".join(parsed.source.read(start, end - start) for start, end in spans)
    data = decode(raw, nested.codings, budget.left) if nested.codings else raw
    budget.take(len(data) if nested.codings else 0)
    if nested.container == OPAQUE:
        raise OpaqueText(
            f"{ledger.path(nested.part)} is an encoded run that says nothing readable."
        )
    source = MemorySource(data)
    row = table()[nested.container] if nested.container else identify(source).container
    if row.format is None:
        raise UnknownContainer(f"{ledger.path(nested.part)} holds {row.label}.")
    return parse(source, row, budget, depth + 1)
