"""Records of items of which nothing is written."""

from __future__ import annotations

from dataclasses import replace

from scrubber.commit import item_facts
from scrubber.errors import Held
from scrubber.model import Item, ItemRecord, Outcome


def held_record(item: Item, error: Held, sha256: str = "") -> ItemRecord:
    """The record of an item that is held back."""
    return ItemRecord(
        item.index,
        item.path,
        Outcome.HELD,
        size=item.size,
        sha256=sha256 or None,
        code=error.code,
        what=error.what,
        why=error.why,
        fix=error.fix,
    )


def held_after_all(record: ItemRecord, error: Held, commit_key: bytes) -> ItemRecord:
    """`record` of an item that was to be written, held by what was seen of the whole batch.

    `commit_key` is that of the batch which made the digests of its findings.
    """
    held = replace(
        record,
        outcome=Outcome.HELD,
        code=error.code,
        what=error.what,
        why=error.why,
        fix=error.fix,
        out_path=None,
        out_sha256=None,
        out_size=0,
    )
    item_id, releases = held.commit_item or None, held.releases
    facts, root = item_facts(commit_key, held, item_id=item_id, releases=releases)
    return replace(held, facts=facts, facts_root=root)


def dropped_record(item: Item, code: str, why: str, sha256: str) -> ItemRecord:
    """The record of an item that is no content; `code` is the drop reason."""
    return ItemRecord(
        item.index,
        item.path,
        Outcome.DROPPED,
        size=item.size,
        sha256=sha256,
        code=code,
        why=why,
    )
