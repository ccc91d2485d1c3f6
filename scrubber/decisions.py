"""What a person has decided about what was found, and how a decision knows its place again.

A decision names what it is about by a keyed digest of content, never of a position, so the
list can be kept and shared without holding a value. Each row is authenticated with the same
key: who edits one by hand, or has another key, is told so. See docs/decisions.md.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from scrubber.canonical import canonical
from scrubber.entities import CATALOGUE, Kind

VERSION = 1
AROUND = 24
"""Code points before and behind a passage that make its surroundings."""
_ENOUGH = 16  # letters and digits around a passage, below which its file must be the same too
_ID = 32  # hex digits: 128 bits
_TOKEN = re.compile(r"[^\W_]+")
_PRECISE = frozenset({"GPS_POSITION", "GPS_DETAIL", "COORDINATES", "PLACE_NAME", "ADDRESS"})
_HIGH = (Kind.SECRET, Kind.SIGHT, Kind.IDENTIFIER)


class Scope(StrEnum):
    """How far a decision reaches."""

    SPAN = "span"  # these words in these surroundings in this file
    ITEM = "item"  # these words in this file, or the file itself; dies when its bytes change
    VALUE = "value"  # these words in every text of the batch


class Verdict(StrEnum):
    REDACT = "redact"  # it goes, and is not doubtful any more; a file: clean it as proposed
    KEEP = "keep"  # it stays; a file: what is doubtful in it stays, the rest goes
    DROP = "drop"  # the file is left out


@dataclass(frozen=True, slots=True)
class Decision:
    """One row. `entity` is "" for a file itself; `item` names the file, "" for a value."""

    id: str
    scope: Scope
    verdict: Verdict
    entity: str = ""
    item: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ids:
    """The names under which one passage can be decided about, one for each scope."""

    span: str
    item: str
    value: str


def is_high_risk(entity: str) -> bool:
    """May this never be kept more than one place at a time?"""
    row = CATALOGUE.get(entity)
    return row is None or row.kind in _HIGH or entity in _PRECISE


def tokens(value: str) -> int:
    """Runs of letters and digits in `value`."""
    return len(_TOKEN.findall(value))


def item_id(key: bytes, path: str) -> str:
    """Names a file by its path below the input, whatever its bytes."""
    return _digest(key, "path", path)


def file_id(key: bytes, path: str, sha256: str) -> str:
    """Names a file with these bytes."""
    return _digest(key, "file", path, sha256)


def value_id(key: bytes, entity: str, value: str) -> str:
    """Names a value wherever it stands. Unicode form and runs of blanks do not count."""
    return _digest(key, "value", entity, " ".join(unicodedata.normalize("NFC", value).split()))


def ids_of(
    key: bytes, path: str, sha256: str, number: str, text: str, start: int, end: int, entity: str
) -> Ids:
    """The names of [start, end) of `text`, passage `number` of a file.

    Where too little stands around it to know the place again, the file's bytes and the
    number of the passage count as well.
    """
    value = text[start:end]
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    place = [before, after]
    if sum(map(len, _TOKEN.findall(f"{before} {after}"))) < _ENOUGH:
        place += [sha256, number]
    return Ids(
        _digest(key, "span", path, entity, value, *place),
        _digest(key, "item", path, sha256, entity, value),
        value_id(key, entity, value),
    )


def _digest(key: bytes, *parts: str) -> str:
    """Hex HMAC-SHA-256 over the parts, each with its length, cut to 128 bits."""
    data = b"".join(
        len(raw).to_bytes(8, "big") + raw
        for raw in (part.encode("utf-8", "surrogatepass") for part in parts)
    )
    return hmac.digest(key, data, "sha256").hex()[:_ID]


def row_of(key: bytes, decision: Decision) -> dict[str, object]:
    """One row as it is written, with the code that authenticates it."""
    row: dict[str, object] = {
        "entity": decision.entity,
        "id": decision.id,
        "item": decision.item,
        "reason": decision.reason,
        "scope": decision.scope.value,
        "v": VERSION,
        "verdict": decision.verdict.value,
    }
    return {**row, "mac": _digest(key, "row", canonical(row))}


@dataclass(frozen=True)
class Decisions:
    """All decisions of a run. `key` is the project's decisions key."""

    key: bytes = b""
    rows: tuple[Decision, ...] = ()
    _by_id: Mapping[str, Decision] = field(init=False, repr=False, compare=False)
    _items: frozenset[str] = field(init=False, repr=False, compare=False)
    _named: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {row.id: row for row in self.rows})
        items = frozenset(row.item for row in self.rows if row.scope is Scope.ITEM)
        object.__setattr__(self, "_items", items)
        object.__setattr__(self, "_named", frozenset(row.item for row in self.rows) - {""})

    def __bool__(self) -> bool:
        return bool(self.rows)

    def about(self, ids: Ids, entity: str, value: str) -> Decision | None:
        """The narrowest decision about a passage that may count there, or None."""
        for scope, name in (
            (Scope.SPAN, ids.span), (Scope.ITEM, ids.item), (Scope.VALUE, ids.value)
        ):  # fmt: skip
            row = self._by_id.get(name)
            if row is not None and row.scope is scope and row.entity == entity:
                return row if may(row.verdict, scope, entity, tokens(value)) else None
        return None

    def keeps_value(self, entity: str, value: str) -> bool:
        """Does a decision keep `value` wherever it stands?"""
        row = self._by_id.get(value_id(self.key, entity, value)) if self.rows else None
        if row is None or row.scope is not Scope.VALUE or row.verdict is not Verdict.KEEP:
            return False
        return row.entity == entity and may(row.verdict, row.scope, entity, tokens(value))

    def may_name(self, path: str) -> bool:
        """Is anything decided about the file at `path`, or in it? Asks for no digest of it."""
        return bool(self.rows) and item_id(self.key, path) in self._items

    def names(self, path: str) -> bool:
        """Is anything decided about the file at `path` alone, whatever its scope?"""
        return bool(self._named) and item_id(self.key, path) in self._named

    def about_file(self, path: str, sha256: str) -> Decision | None:
        """The decision about a file itself, or None."""
        row = self._by_id.get(file_id(self.key, path, sha256)) if self.rows else None
        return row if row is not None and row.scope is Scope.ITEM and not row.entity else None

    @property
    def digest(self) -> str:
        """Digest of everything decided, for reuse; "" when nothing was. Reasons do not count."""
        if not self.rows:
            return ""
        rows = sorted((row.id, row.scope, row.verdict, row.entity) for row in self.rows)
        return hmac.digest(
            self.key, canonical([list(row) for row in rows]).encode(), "sha256"
        ).hex()


NO_DECISIONS = Decisions()


def may(verdict: Verdict, scope: Scope, entity: str, count: int) -> bool:
    """The bounds of a decision about a passage whose value has `count` tokens."""
    return not refusal(verdict, scope, entity, count)


def refusal(verdict: Verdict, scope: Scope, entity: str, count: int) -> str:
    """Why a decision about a passage cannot be, in a sentence, or ""."""
    if verdict is Verdict.DROP:
        return "Only a whole file can be dropped; a passage is kept or redacted."
    if verdict is Verdict.REDACT or scope is Scope.SPAN:
        return ""
    if is_high_risk(entity):
        return f"{entity} does too much harm to be kept more than one place at a time."
    if scope is Scope.VALUE and count < 2:
        return "A single word means other things elsewhere, so it is not kept everywhere."
    return ""


def sorted_rows(rows: Iterable[Decision]) -> tuple[Decision, ...]:
    return tuple(sorted(rows, key=lambda row: (row.id, row.verdict.value)))
