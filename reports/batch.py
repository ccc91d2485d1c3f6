"""Record a staged batch: lists, head, card and the files that make it a bag."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from reports.bag import (
    DECLARATION,
    PAYLOAD,
    PAYLOAD_MANIFEST,
    TAG_MANIFEST,
    TagFile,
    bag_info,
    finish_bag,
    manifest_line,
    settle,
    write_tag_file,
)
from reports.card import data_card
from reports.croissant import CROISSANT, croissant_json
from reports.hub import Kinds
from reports.manifest import CARD, HEAD, ITEMS, Published, head_bytes, item_line, tool_of
from scrubber.model import Batch, ItemRecord, Tally

_OWN = {"bagit.txt", "bag-info.txt", PAYLOAD_MANIFEST, TAG_MANIFEST, ITEMS, HEAD, CARD}
_EXPORT = re.compile(r"[a-z][a-z0-9-]*\.(json|csv|txt|md)")


def write_bag(
    staging: Path,
    batch: Batch,
    records: Iterable[ItemRecord],
    tally: Tally,
    private: Mapping[str, str],
    *,
    claims: Mapping[str, object] | None = None,
    exports: Mapping[str, bytes] | None = None,
    sign: Callable[[bytes], bytes] | None = None,
    croissant: bool = False,
) -> None:
    """Write every record file into `staging`, whose payload lies in `staging/data`.

    `records` are the written items, sorted by `out_path`; they are read once and
    not kept. `private` holds `held_root` and `log_head` (hex), and may hold `root`
    to be compared. `claims` are the creator's sections of the manifest, `exports`
    more tag files such as rights.json, `sign` makes the signature of the head,
    `croissant` asks for croissant.json. Files and folders get 1980-01-01 and mode 0644
    or 0755; record files and folders are synced. bagit.txt comes last.

    Raises ValueError if the records are unsorted, unwritten or do not add up to `tally`.
    """
    exports = exports or {}
    for name in exports:
        if name in _OWN or not _EXPORT.fullmatch(name):
            raise ValueError(f"not the name of an export: {name!r}")
    kinds = Kinds()
    subjects, published = _write_lists(staging, records, kinds)
    if (published.items, published.size) != (tally.items_out, tally.bytes_out):
        raise ValueError("the records do not add up to the tally")
    agent = " ".join(tool_of(batch))
    subjects[CARD] = write_tag_file(staging, CARD, data_card(batch, published, claims, kinds))
    info = bag_info(published.size, published.items, agent)
    subjects["bag-info.txt"] = write_tag_file(staging, "bag-info.txt", info)
    if croissant:
        exports = {**exports, CROISSANT: croissant_json(batch, published, subjects, claims)}
    for name, data in exports.items():
        subjects[name] = write_tag_file(staging, name, data)
    subjects["bagit.txt"] = sha256(DECLARATION).hexdigest()
    head = head_bytes(batch, published, subjects, private, claims)
    tags = {**subjects, HEAD: write_tag_file(staging, HEAD, head)}
    lines = b"".join(manifest_line(tags[name], name) for name in sorted(tags))
    write_tag_file(staging, TAG_MANIFEST, lines)
    if sign is not None:
        write_tag_file(staging, f"{HEAD}.sig", sign(head))
    finish_bag(staging)
    settle(staging)


def _write_lists(
    staging: Path, records: Iterable[ItemRecord], kinds: Kinds
) -> tuple[dict[str, str], Published]:
    published = Published()
    last = ""
    with TagFile(staging, ITEMS) as items, TagFile(staging, PAYLOAD_MANIFEST) as manifest:
        for record in records:
            line = item_line(record)
            path, digest = str(record.out_path), str(record.out_sha256)
            if path <= last:
                raise ValueError("the records are not sorted by their output paths")
            last = path
            items.write(line + b"\n")
            manifest.write(manifest_line(digest, f"{PAYLOAD}/{path}"))
            published.add(record, line)
            kinds.add(path)
    return {ITEMS: items.sha256, PAYLOAD_MANIFEST: manifest.sha256}, published
