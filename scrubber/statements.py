"""What a format can say of a file: parts, claims on bytes, and what the frame measures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from scrubber.model import Describe, Role

ROOT = 0
"""The part that is the file itself."""

PartId = int
Order = str  # "big", "little", "syncsafe" (ID3v2.4 §6.2), "vint" (RFC 8794 §4) or "quoted" (XML)


@dataclass(slots=True)
class Part:
    """A run, or several runs, of bytes with one meaning."""

    id: PartId
    parent: PartId
    name: str
    role: Role
    entity: str | None
    on_drop: bytes | None  # None: remove; else what stands there instead
    needs: tuple[PartId, ...]
    describe: Describe | None
    spans: list[tuple[int, int]] = field(default_factory=list)


class Claim(NamedTuple):
    start: int
    end: int
    part: PartId
    align: int
    base: int


class Scope(NamedTuple):
    """Inside [start, end) unclaimed bytes are slack of `part`; blanked or removed when they go."""

    start: int
    end: int
    part: PartId
    blank: bool
    entity: str


NO_SCOPE = Scope(0, 0, 0, False, "HIDDEN_DATA")


class Tile(NamedTuple):
    """A run of bytes with one set of owners. More than one owner: overlapping claims."""

    start: int
    end: int
    owners: tuple[PartId, ...]


class Field(NamedTuple):
    """An integer at `at` that holds (end - start) // unit, as length or as offset."""

    at: int
    width: int
    order: Order
    start: int
    end: int
    unit: int
    is_offset: bool
    null_if_gone: PartId | None


class Table(NamedTuple):
    """`entries` integers at `at`, each an offset from `base`."""

    at: int
    entries: int
    width: int
    order: Order
    base: int


class Chain(NamedTuple):
    """A linked list: `pointers[i]` holds the place of the first of `targets[i:]` that lives."""

    pointers: tuple[int, ...]
    width: int
    order: Order
    targets: tuple[tuple[PartId, int], ...]


class Mend(NamedTuple):
    """A frame field that is neither length nor offset: `rewrite(alive, old)` gives new bytes."""

    at: int
    width: int
    rewrite: Callable[[Callable[[PartId], bool], bytes], bytes]


class Checksum(NamedTuple):
    at: int
    width: int
    order: Order
    start: int
    end: int
    algorithm: Callable[[Iterable[bytes]], int]


class Insert(NamedTuple):
    """`data` stands at `at` in the output if, and only if, `instead_of` is dropped.

    Zeros before it bring it to a multiple of `align`.
    """

    at: int
    data: bytes
    instead_of: PartId
    align: int = 1


class Rewritten(NamedTuple):
    """The `on_drop` of `part` is what `write` makes of masks (start, end, replacement) in it."""

    part: PartId
    write: Callable[[Iterable[tuple[int, int, bytes]]], bytes]


class Aimed(NamedTuple):
    """At `at` of the insert number `insert` stands the place of byte `inside` of `target`."""

    insert: int
    at: int
    width: int
    order: Order
    target: int
    inside: int


class Stated(NamedTuple):
    """A field inside the `on_drop` of `part`: at `at` of it stands what `Field` would measure."""

    part: PartId
    at: int
    width: int
    order: Order
    start: int
    end: int
    is_offset: bool


class CreditSlot(NamedTuple):
    """Where the format can hold a credit: `wrap` makes the bytes at `at` of an XMP packet."""

    at: int
    wrap: Callable[[bytes], bytes]


class CreditWriter(NamedTuple):
    """As `CreditSlot`, where more than one place speaks of a packet.

    `write` inserts all that is needed for the packet, in place of the part that it is given.
    """

    write: Callable[[bytes, PartId], None]


Texts = Mapping[str, Sequence[str]]
"""A credit by element (`creator`, `rights`, `credit`, `licence`, `terms`, `mining`), each in the
order of the file."""


class CreditPlaces(NamedTuple):
    """As `CreditWriter`, where tags of the format's own stand beside the packet."""

    write: Callable[[bytes, Texts, PartId], None]


class CreditTags(NamedTuple):
    """As `CreditSlot`, for a format that has tags of its own: `write` makes the bytes at `at`.

    It is given the texts by element (`creator`, `rights`, `credit`, `licence`, `terms`,
    `mining`), each in the order of the file, and the part in whose place they stand.
    """

    at: int
    write: Callable[[Mapping[str, Sequence[str]], PartId], bytes]


@dataclass(slots=True)
class Nested:
    """Bytes of `part` that are a container or text of their own behind `codings`."""

    part: PartId
    codings: tuple[str, ...]
    container: str | None  # None: identify by content
    droppable: bool
