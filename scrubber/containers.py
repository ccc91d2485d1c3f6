"""The table of containers: what a file can be, and who reads it.

One frozen row each. A row with a `format` can be inspected and, when a second
`reader` stands beside it, cleaned. A row without a format is recognised only,
so that `held unknown-container` can say *what* is held.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from scrubber.errors import CredentialStore, MissingExtra, UnknownContainer, Unsupported

Signature = tuple[tuple[int, bytes], ...]
"""Bytes that must all stand at their offsets. More bytes win over fewer."""

Kind = Literal[
    "photo", "picture", "recording", "film", "caption", "text", "table", "code", "document",
    "archive", "data", "metadata", "mail", "chat", "location", "contact", "secret", "font",
    "program", "model",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Container:
    """One row.

    `label` reads after "this is". `suffixes` are lower case with the dot, the first is
    the one an output gets. `extra` names the optional install its code needs.
    `form` is how the format writes: `split` keeps bytes in place, `rebuild` copies
    objects into a new file. `nested` rows are cleaned inside others and held as files of
    their own; their readers are those of the files around them. `runs`: asked with
    `digest=False`, the reader tells which runs of bytes are the content, to be compared.
    `drop`: why nothing of such a file is content, "" for a file that has some.
    `held`: of a row without a format, why it cannot be cleaned; `instead`: what to do.
    """

    name: str
    label: str
    media_type: str
    suffixes: tuple[str, ...]
    kind: Kind
    signatures: tuple[Signature, ...] = ()
    format: str | None = None
    reader: str | None = None
    form: Literal["split", "rebuild"] = "split"
    extra: str | None = None
    spec: str = ""
    textual: bool = False
    nested: bool = False
    runs: bool = False
    drop: str = ""
    held: str = ""
    instead: str = ""

    @property
    def suffix(self) -> str:
        """The suffix of an output, "" when the row has none."""
        return self.suffixes[0] if self.suffixes else ""

    @property
    def cleanable(self) -> bool:
        return self.format is not None and self.reader is not None


def at(offset: int, *magics: bytes) -> tuple[Signature, ...]:
    """Signatures of which any one is enough, all at `offset` bytes."""
    return tuple(((offset, magic),) for magic in magics)


@cache
def table() -> dict[str, Container]:
    """Container name → row, in the order of the table. Raises ValueError on a doubled name."""
    from scrubber.container_rows import ROWS

    rows = {row.name: row for row in ROWS}
    if len(rows) != len(ROWS):
        raise ValueError("two rows of the container table have the same name")
    return rows


@cache
def by_suffix() -> dict[str, tuple[Container, ...]]:
    """Lower-case suffix with its dot → rows that use it, in table order."""
    found: dict[str, tuple[Container, ...]] = {}
    for row in table().values():
        for suffix in row.suffixes:
            found[suffix] = (*found.get(suffix, ()), row)
    return found


def suffix_of(name: str) -> str:
    """The lower-case suffix of the last path component, with its dot, or ""."""
    leaf = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, dot, suffix = leaf.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def match_signature(head: bytes) -> Container | None:
    """The row whose signature fits the first bytes best (most bytes), or None."""
    best: Container | None = None
    weight = 0
    by_first, others = _signatures()
    for signature, size, row in (*by_first.get(head[:1], ()), *others):
        offset, magic = signature[0]
        if size <= weight or not head.startswith(magic, offset):
            continue
        if all(head.startswith(other, at) for at, other in signature[1:]):
            best, weight = row, size
    return best


_Rows = tuple[tuple[Signature, int, Container], ...]


@cache
def _signatures() -> tuple[dict[bytes, _Rows], _Rows]:
    """Signatures by the first byte of the file, and those that say nothing of it."""
    by_first: dict[bytes, _Rows] = {}
    others: _Rows = ()
    for row in table().values():
        for signature in row.signatures:
            entry = (signature, sum(len(magic) for _, magic in signature), row)
            first = next((magic[:1] for offset, magic in signature if offset == 0), None)
            if first is None:
                others += (entry,)
            else:
                by_first[first] = (*by_first.get(first, ()), entry)
    return by_first, others


def load_format(row: Container) -> Any:
    """The format object of the row, made without arguments; a nested row may be a function.

    Raises UnknownContainer when the row has no format, Unsupported when the row says why,
    CredentialStore when it is one of keys, MissingExtra when a library is absent.
    """
    if row.format is None and row.kind == "secret":
        raise CredentialStore(f"This is {row.label}.", "Such files are held whole.")
    if row.format is None and row.held:
        raise Unsupported(f"This is {row.label}.", row.held, row.instead)
    if row.format is None:
        raise UnknownContainer(
            f"This is {row.label}.",
            f"scrub knows {row.name} by sight but cannot clean it.",
        )
    found = _resolve(row, row.format)
    return found() if isinstance(found, type) else found


def load_reader(row: Container) -> Callable[..., Any]:
    """The second reader's function.

    Raises Unsupported when the row has none, MissingExtra when a library is absent.
    """
    if row.reader is None:
        raise Unsupported(
            f"This is {row.label}.",
            "No second reader can prove a cleaned copy of it, so it is inspected but not cleaned.",
        )
    function: Callable[..., Any] = _resolve(row, row.reader)
    return function


def _resolve(row: Container, reference: str) -> Any:
    module_name, _, attribute = reference.partition(":")
    try:
        module = importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and module_name.startswith(error.name):
            raise UnknownContainer(
                f"This is {row.label}.", "This installation lacks the part of scrub that reads it."
            ) from error
        extra = row.extra or error.name or ""
        wanted = f"prescrub[{row.extra}]" if row.extra else extra
        raise MissingExtra(
            f"This is {row.label}.",
            f"Reading it needs the package {error.name}, which is not installed.",
            f"Run: pip install '{wanted}', then scrub again.",
        ) from error
    return getattr(module, attribute)
