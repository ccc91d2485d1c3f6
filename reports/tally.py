"""Counting a batch while its records stream by."""

from __future__ import annotations

from dataclasses import replace

from scrubber.model import Action, ItemRecord, Outcome, Skipped, Tally

WRITTEN = frozenset({Outcome.CLEANED, Outcome.UNCHANGED})


def count(tally: Tally, record: ItemRecord | Skipped) -> Tally:
    """`tally` with one record more; go on with what is returned.

    The counters inside are shared with the argument. `media` and `not_checked`
    count written items alone, because they are published.
    """
    _add(tally.outcomes, record.outcome.value)
    if record.code and record.outcome not in WRITTEN:
        _add(tally.codes, record.code)
    if isinstance(record, Skipped):
        return tally
    for finding in record.findings:
        if finding.action is not Action.KEEP:
            _add(tally.entities, finding.entity)
    for note in record.notes:
        _add(tally.notes, note)
    if record.outcome not in WRITTEN:
        return replace(tally, bytes_in=tally.bytes_in + record.size)
    _add(tally.media, record.media_type or "application/octet-stream")
    for entity in record.not_checked:
        _add(tally.not_checked, entity)
    doubtful = sum(one.weak and not one.decided for one in record.doubts)
    return replace(
        tally,
        doubtful=tally.doubtful + doubtful,
        doubtful_in=tally.doubtful_in + (doubtful > 0),
        items_out=tally.items_out + 1,
        bytes_in=tally.bytes_in + record.size,
        bytes_out=tally.bytes_out + record.out_size,
    )


def _add(counts: dict[str, int], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1
