"""Findings and policy → a verdict for every part of one item.

The same verdicts are what a dry run prints, the log records and `join` obeys.
The value of a finding lives only here, in the worker, for as long as its
keyed digest takes.
"""

from __future__ import annotations

import contextlib
import functools
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from scrubber.codings import encode
from scrubber.credit import ENTITIES as CREDITS
from scrubber.credit import Credit, packet
from scrubber.errors import Held, NestedUnclean, OpaqueText, PolicyHold
from scrubber.join import Joined, chunks, join
from scrubber.ledger import CreditPlaces, CreditSlot, CreditTags, Ledger, Nested, Part, PartId
from scrubber.model import Action, Describe, Role
from scrubber.nesting import Parsed
from scrubber.source import MemorySource

_OTHERWISE = (
    "Use --policy standard for it, which takes the credit out, or export it in another format: "
    "`scrub explain policy` says which keep one."
)
_GOING = (Role.PRIVATE, Role.SLACK, Role.UNKNOWN)


class Verdict(Protocol):
    """What the policy does with an entity."""

    def __call__(self, entity: str, value: bytes = b"") -> Action: ...


def _said(describe: Describe | None, value: bytes) -> str:
    """What `value` says; "" where it is damaged."""
    try:
        return describe(value) if describe else ""
    except (struct.error, IndexError, ValueError, OverflowError, KeyError):
        return ""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its value: never leaves the worker."""

    entity: str
    where: str
    action: Action
    detector: str
    value: bytes
    describe: Describe | None = None
    score: float = 1.0
    weak: bool = False
    at: int = -1  # first byte in the item itself; -1 inside what is nested in it

    @property
    def words(self) -> str:
        """The value for people; made only when somebody asks. "" for one that says nothing."""
        return _said(self.describe, self.value)


@dataclass(frozen=True, slots=True)
class Masked:
    """One span of text that goes: its bytes in the source and what stands there instead."""

    part: PartId
    start: int
    end: int
    entity: str
    where: str
    replacement: bytes
    detector: str
    score: float = 1.0
    weak: bool = False


@dataclass(slots=True)
class Plan:
    """What happens to one container. `children` holds those of nested ones, by part."""

    dropped: set[PartId] = field(default_factory=set)
    edits: dict[PartId, bytes] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    credit: Credit = field(default_factory=Credit)
    joined: Joined | None = None


def plan(
    parsed: Parsed,
    verdict: Verdict,
    masks: Mapping[int, Iterable[Masked]] | None = None,
    prefix: str = "",
) -> Plan:
    """Verdicts for `parsed` and all below it, joined from the inside out.

    `masks` are the text spans that go, by `id` of the Parsed they stand in. Raises
    PolicyHold, NestedUnclean, OpaqueText and whatever `join` raises.
    """
    made = Plan()
    spans = list((masks or {}).get(id(parsed), ()))
    anew: set[PartId] = set()
    if spans:
        anew = _rewrite(parsed.ledger, spans)
        for mask in spans:
            _mask(parsed.ledger, mask, made, prefix, parsed, anew)
        parsed.tiles = parsed.ledger.tile()
    for part in parsed.ledger.parts if parsed.rebuilt is None else ():
        if part.role in _GOING and part.id not in made.dropped:
            _judge(parsed, part, verdict, made, prefix)
    made.dropped |= anew
    _write_credit(parsed.ledger, made.credit)
    made.found = _grouped(made.found)
    for nested, error in parsed.failures:
        _fail(parsed, nested, error, made)
    for nested, child in parsed.children:
        if nested.part in made.dropped:
            _name_only(parsed, nested, child, verdict, made, prefix)
        else:
            _nest(parsed, nested, child, verdict, masks, made, prefix)
    if parsed.rebuilt is None:
        made.joined = join(
            parsed.ledger, parsed.source, made.dropped, made.edits, tiles=parsed.tiles
        )
    return made


def output_of(parsed: Parsed, made: Plan) -> bytes:
    """The bytes of a nested container after its plan."""
    if parsed.rebuilt is not None:
        return parsed.rebuilt
    if made.joined is None:
        raise ValueError("the plan was not joined")
    return b"".join(chunks(made.joined, parsed.source))


def bytes_of(parsed: Parsed, part: Part, limit: int = 1 << 20) -> bytes:
    """The spans of a part, one after the other, at most `limit` bytes."""
    if len(part.spans) == 1:
        start, end = part.spans[0]
        return parsed.source.read(start, min(end - start, limit))
    found, left = [], limit
    for start, end in part.spans:
        take = min(end - start, left)
        found.append(parsed.source.read(start, take))
        left -= take
        if not left:
            break
    return b"".join(found)


def _rewrite(ledger: Ledger, masks: list[Masked]) -> set[PartId]:
    """Writes anew the parts in which something is masked. Returns them."""
    by_part: dict[PartId, list[tuple[int, int, bytes]]] = {}
    for one in masks if ledger.rewritten else ():
        by_part.setdefault(one.part, []).append((one.start, one.end, one.replacement))
    anew: set[PartId] = set()
    for row in ledger.rewritten:
        if row.part in by_part:
            ledger.parts[row.part].on_drop = row.write(by_part[row.part])
            anew.add(row.part)
    return anew


def _mask(
    ledger: Ledger, mask: Masked, made: Plan, prefix: str, parsed: Parsed, anew: set[PartId]
) -> None:
    written = mask.replacement
    at = mask.start
    if mask.part in anew:
        at = mask.end  # nothing is cut out: the part is written anew
    for start, end, part in [*_unreadable(parsed, mask), (mask.end, mask.end, None)]:
        if at < start:
            leaf = ledger.leaf(
                mask.part, mask.where, Role.PRIVATE, at, start, entity=mask.entity, on_drop=written
            )
            made.dropped.add(leaf)
            written = b""
        if part is not None:
            made.edits[part] = written
            written = b""
        at = end
    value = parsed.source.read(mask.start, mask.end - mask.start)
    made.found.append(
        Found(
            mask.entity,
            f"{prefix}{mask.where}",
            Action.EDIT,
            mask.detector,
            value,
            _as_text,
            mask.score,
            mask.weak,
            -1 if prefix else mask.start,
        )
    )


def _unreadable(parsed: Parsed, mask: Masked) -> list[tuple[int, int, PartId]]:
    """Encoded runs that nobody could read and that lie inside what goes: keys look like that."""
    spans = ((parsed.ledger.parts[nested.part].spans, nested.part) for nested, _ in parsed.failures)
    return sorted(
        (spans[0][0], spans[-1][1], part)
        for spans, part in spans
        if spans and mask.start <= spans[0][0] and spans[-1][1] <= mask.end
    )


def _as_text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _judge(parsed: Parsed, part: Part, verdict: Verdict, made: Plan, prefix: str) -> None:
    value = bytes_of(parsed, part)
    if part.on_drop is not None and value == part.on_drop:
        return  # stands in its canonical form already
    entity = part.entity or "HIDDEN_DATA"
    if part.role is Role.SLACK and entity == "HIDDEN_DATA" and not value.strip(b"\0"):
        entity = "PADDING"
    where = f"{prefix}{parsed.ledger.path(part.id)}"
    action = verdict(entity, value)
    if action is Action.HOLD:
        raise PolicyHold(f"{where} holds {entity},", "which the policy holds back.")
    if action is Action.KEEP and entity in CREDITS and parsed.ledger.credit is not None:
        action = _credit(part, value, made)
    elif action is Action.KEEP and part.role is Role.PRIVATE:
        raise PolicyHold(
            f"{where} holds {entity}, which the policy keeps,",
            "but scrub cannot yet write it in a form that carries nothing else.",
            _OTHERWISE if entity in CREDITS else "",
        )
    made.dropped.add(part.id)
    if part.spans:
        at = -1 if prefix else part.spans[0][0]
        action = action if action is Action.KEEP else Action.DROP
        made.found.append(Found(entity, where, action, "structure", value, part.describe, at=at))


def _credit(part: Part, value: bytes, made: Plan) -> Action:
    """Takes in what a credit has of the part, which goes like the others."""
    words = _said(part.describe, value)
    entity = part.entity or ""
    if not made.credit.add(entity, part.name.rpartition("/")[2], words, part.id):
        return Action.DROP
    made.kept.append(entity)
    return Action.KEEP


def _write_credit(ledger: Ledger, credit: Credit) -> None:
    slot, part = ledger.credit, credit.part
    if slot is None or not credit.texts:
        return
    if isinstance(slot, CreditTags):
        ledger.insert(slot.at, slot.write(credit.texts, part), part)
    elif isinstance(slot, CreditSlot):
        ledger.insert(slot.at, slot.wrap(packet(credit.texts)), part)
    elif isinstance(slot, CreditPlaces):
        slot.write(packet(credit.texts), credit.texts, part)
    else:
        slot.write(packet(credit.texts), part)


_MINOR = ("TECHNICAL", "CAMERA_SETTINGS", "PADDING")
_NAMED = 240


def _grouped(found: list[Found]) -> list[Found]:
    """Minor things of one parent count as one finding, which names them all; so does what
    stands at one place of every record of an export (`[*]` in its path), or at every picture."""
    groups: dict[tuple[str, str], list[Found]] = {}
    alike: dict[tuple[str, str, str], list[Found]] = {}
    kept: list[Found] = []
    for row in found:
        many = "[*]" in row.where and row.action is Action.EDIT
        if many or row.where.endswith("/clock of pictures"):
            alike.setdefault((row.entity, row.where, row.detector), []).append(row)
        elif row.entity in _MINOR and row.action is Action.DROP:
            groups.setdefault((row.entity, row.where.rpartition("/")[0]), []).append(row)
        else:
            kept.append(row)
    for rows in alike.values():
        joined = b"\0".join(dict.fromkeys(row.value for row in rows))
        kept.append(replace(rows[0], value=joined) if len(rows) > 1 else rows[0])
    for (entity, parent), rows in groups.items():
        if len(rows) == 1:
            kept.append(rows[0])
            continue
        names = ", ".join(dict.fromkeys(row.where.rpartition("/")[2] for row in rows))
        names = names if len(names) <= _NAMED else names[: _NAMED - 1] + "…"
        where = f"{parent}/({names})" if parent else f"({names})"
        value = b"".join(row.value for row in rows)
        describe = functools.partial(_all_words, rows)
        kept.append(Found(entity, where, Action.DROP, rows[0].detector, value, describe))
    return kept


def _all_words(rows: list[Found], _: bytes) -> str:
    return ", ".join(words for row in rows if (words := row.words))


def _fail(parsed: Parsed, nested: Nested, error: Held, made: Plan) -> None:
    """A nested file that cannot be cleaned is dropped if its parent may lose it, else it holds."""
    if nested.part in made.dropped or nested.part in made.edits:
        return
    if nested.droppable:
        made.dropped.add(nested.part)
        return
    where = parsed.ledger.path(nested.part)
    kind = OpaqueText if parsed.row.textual else NestedUnclean
    if isinstance(error, kind):
        raise error
    raise kind(f"{where} cannot be cleaned:", error.what, error.fix) from error


def _name_only(
    parsed: Parsed, nested: Nested, child: Parsed, verdict: Verdict, made: Plan, prefix: str
) -> None:
    """The nested file goes as a whole; the log still says what stood in it."""
    where = f"{prefix}{parsed.ledger.path(nested.part)}/"
    with contextlib.suppress(Held):
        made.found += plan(child, verdict, None, where).found


def _nest(
    parsed: Parsed,
    nested: Nested,
    child: Parsed,
    verdict: Verdict,
    masks: Mapping[int, Iterable[Masked]] | None,
    made: Plan,
    prefix: str,
) -> None:
    where = f"{prefix}{parsed.ledger.path(nested.part)}/"
    below = plan(child, verdict, masks, where)
    made.found += below.found
    made.kept += below.kept
    old = b"".join(
        parsed.source.read(start, end - start)
        for start, end in sorted(parsed.ledger.parts[nested.part].spans)
    )
    new = output_of(child, below)
    if isinstance(child.source, MemorySource) and new == child.source.data:
        return
    if child.rebuilt is not None:
        entity = parsed.ledger.parts[nested.part].entity or "TECHNICAL"
        made.found.append(Found(entity, where.rstrip("/"), Action.EDIT, "structure", old))
    made.edits[nested.part] = encode(new, nested.codings, old) if nested.codings else new


def removed_by_part(parsed: Parsed, joined: Joined) -> tuple[tuple[str, int], ...]:
    """Part path → bytes that left or were rewritten; equal paths added up."""
    sums: dict[str, int] = {}
    for tile in joined.removed:
        path = parsed.ledger.path(tile.owners[0])
        sums[path] = sums.get(path, 0) + tile.end - tile.start
    return tuple(sums.items())


def residue_of(parsed: Parsed, joined: Joined) -> bytes:
    """What stays and is no content: small, alike over many files, swept once."""
    ledger = parsed.ledger
    gone = {tile.start for tile in joined.removed}
    kept = [
        parsed.source.read(tile.start, tile.end - tile.start)
        for tile in parsed.tiles
        if tile.start not in gone and ledger.parts[tile.owners[0]].role is not Role.CODED
    ]
    kept += [piece for piece in joined.pieces if isinstance(piece, bytes)]
    return b"\0".join(kept)
