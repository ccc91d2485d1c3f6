"""What was found in an item, as its record keeps it: digests in place of values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from scrubber.commit import finding_digest
from scrubber.lines import NOWHERE
from scrubber.model import Action, Finding
from scrubber.plan import Found


def findings_of(
    found: Sequence[Found],
    polyglots: Iterable[str],
    lines: Mapping[int, tuple[int, int]],
    item_id: str,
    key: bytes,
) -> tuple[Finding, ...]:
    """A row for each of `found` and for every other format that the file can be read as.

    `lines` gives line and column of an offset, `key` makes the digests.
    """
    rows = list(found)
    rows += [
        Found("POLYGLOT", name, Action.DROP, "identify", name.encode(), bytes.decode)
        for name in polyglots
    ]
    return tuple(
        Finding(
            row.entity,
            row.where,
            row.action,
            row.detector,
            len(row.value),
            row.score,
            finding_digest(key, item_id, ordinal, row.value),
            row.weak,
            *lines.get(row.at, NOWHERE),
        )
        for ordinal, row in enumerate(rows)
    )
