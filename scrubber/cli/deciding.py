"""From what a run found doubtful to decisions: which thing is meant, and may it be decided so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reports.doubts import Doubtful
from scrubber.decision_file import REASON
from scrubber.decisions import (
    Decision,
    Scope,
    Verdict,
    is_high_risk,
    refusal,
    value_id,
)
from scrubber.errors import UsageError
from scrubber.model import Doubt

SHORT = 10  # hex digits of an id that people see
_LEAST = 6  # and must give
_CODE = "needs-review"
_RANGE = re.compile(r"(\d{1,7})(?:-(\d{1,7}))?")
_PREFIX = re.compile(rf"[0-9a-f]{{{_LEAST},32}}")
_PHRASE = 6  # words in a row that a value in a reason may have


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list: a file itself, or a passage that stands at `places`.

    `number` counts what is doubtful or held first, then the rest, and stays until the next run.
    """

    number: int
    file: Doubtful
    doubt: Doubt | None = None
    places: tuple[Doubt, ...] = ()

    @property
    def id(self) -> str:
        return self.doubt.span if self.doubt is not None else self.file.id

    @property
    def doubtful(self) -> bool:
        """Is this something for a person, or only something that can be decided?"""
        if self.doubt is None:
            return bool(self.file.code)
        return self.doubt.weak and not self.doubt.decided

    @property
    def names(self) -> tuple[str, ...]:
        """Every id under which it may be decided."""
        if self.doubt is None:
            return (self.file.id,)
        return (self.doubt.span, self.doubt.item, self.doubt.value)

    def id_in(self, scope: Scope) -> str:
        if self.doubt is None:
            return self.file.id
        return {
            Scope.SPAN: self.doubt.span, Scope.ITEM: self.doubt.item, Scope.VALUE: self.doubt.value
        }[scope]  # fmt: skip


def entries(files: Iterable[Doubtful]) -> list[Entry]:
    """All that can be decided about, numbered."""
    rows: list[tuple[Doubtful, Doubt | None, tuple[Doubt, ...]]] = []
    for file in files:
        rows.append((file, None, ()))
        places: dict[str, list[Doubt]] = {}
        for doubt in file.doubts:
            places.setdefault(doubt.span, []).append(doubt)
        rows += [(file, same[0], tuple(same)) for same in places.values()]
    made = [Entry(0, *row) for row in rows]
    made.sort(key=lambda entry: not entry.doubtful)  # stable: else in the order of the walk
    return [
        Entry(number, entry.file, entry.doubt, entry.places) for number, entry in enumerate(made, 1)
    ]


def chosen(words: str, listed: Sequence[Entry]) -> list[Entry]:
    """What `3`, `3,5-9` or the beginning of an id means. Raises UsageError."""
    found: list[Entry] = []
    for word in words.split(","):
        number = _RANGE.fullmatch(word)
        if number and int(number[1]) <= len(listed):
            last = int(number[2] or number[1])
            if not 1 <= int(number[1]) <= last <= len(listed):
                raise UsageError(f"{word} is not in the list of {len(listed)}.", fix=_LOOK)
            found += listed[int(number[1]) - 1 : last]
            continue
        if not _PREFIX.fullmatch(word):
            raise UsageError(
                f"{word!r} is no number of the list and no id.",
                f"An id is hexadecimal; give {_LEAST} digits of it or more.",
                _LOOK,
            )
        same = [one for one in listed if any(name.startswith(word) for name in one.names[:1])]
        if len(same) != 1:
            few = "Nothing in the last run" if not same else f"{len(same)} things"
            raise UsageError(f"{few} has the id {word}…", fix=_LOOK)
        found += same
    return list({one.id: one for one in found}.values())


_LOOK = "`scrub decide --list` shows numbers and ids, `--all` also what is not doubtful."


def decide(
    wanted: Sequence[Entry], verdict: Verdict, scope: Scope | None, reason: str, key: bytes
) -> list[Decision]:
    """The decisions that follow. Raises UsageError for one that may not be."""
    check_reason(reason, verdict, wanted, key)
    return [_one(entry, verdict, scope, reason, many=len(wanted) > 1) for entry in wanted]


def _one(
    entry: Entry, verdict: Verdict, scope: Scope | None, reason: str, *, many: bool
) -> Decision:
    file, doubt = entry.file, entry.doubt
    if doubt is None:
        if scope not in (None, Scope.ITEM):
            raise UsageError(f"{entry.number} is a whole file: its scope is item.")
        if verdict is not Verdict.DROP and file.code != _CODE:
            raise UsageError(
                f"{entry.number} is held because of {file.code}." if file.code else
                f"{entry.number} is not held.",
                "Looking at it does not mend that.",
                f"Decide drop to leave it out, or see `scrub explain {file.code or _CODE}`.",
            )  # fmt: skip
        return Decision(file.id, Scope.ITEM, verdict, "", file.item, reason)
    scope = scope or Scope.SPAN
    why = refusal(verdict, scope, doubt.entity, 2 if doubt.long else 1)
    if not why and verdict is Verdict.KEEP and many and is_high_risk(doubt.entity):
        why = f"{doubt.entity} does too much harm to be kept with others: decide it alone."
    if not why and verdict is Verdict.KEEP and doubt.at < 0:
        why = "It stands in a file inside the file, where scrub cannot keep single values."
    if why:
        raise UsageError(f"{entry.number} cannot be decided so.", why, _scopes(verdict, scope))
    item = "" if scope is Scope.VALUE else file.item
    return Decision(entry.id_in(scope), scope, verdict, doubt.entity, item, reason)


def _scopes(verdict: Verdict, scope: Scope) -> str:
    if verdict is Verdict.KEEP and scope is not Scope.SPAN:
        return "Keep it with --scope span, one at a time."
    return ""


def check_reason(reason: str, verdict: Verdict, wanted: Sequence[Entry], key: bytes) -> None:
    """A keep has a reason, and no reason says the value. Raises UsageError."""
    if verdict is Verdict.KEEP and not reason.strip():
        raise UsageError("Why does it stay?", fix="Add --reason '…'.")
    if len(reason) > REASON or not all(char.isprintable() for char in reason):
        raise UsageError(f"A reason is one line of at most {REASON} characters.")
    values = {(one.doubt.entity, one.doubt.value) for one in wanted if one.doubt is not None}
    kinds = sorted({entity for entity, _ in values})
    for phrase in _phrases(reason):
        if any((kind, value_id(key, kind, phrase)) in values for kind in kinds):
            raise UsageError(
                "The reason repeats the value.",
                "The list of decisions holds no values, so that it can be shared.",
                "Say why without it.",
            )


def _phrases(reason: str) -> Iterable[str]:
    """Runs of up to `_PHRASE` words, with and without the marks at their ends."""
    words = reason.split()
    for start in range(len(words)):
        for end in range(start + 1, min(len(words), start + _PHRASE) + 1):
            phrase = " ".join(words[start:end])
            yield phrase
            yield re.sub(r"^\W+|(?:['’]s)?\W*$", "", phrase)
