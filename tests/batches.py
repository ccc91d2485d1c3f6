"""Small finished batches, made the way a run makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from reports.batch import write_bag
from reports.tally import count
from scrubber.commit import finding_digest, held_root, item_facts
from scrubber.model import Action, Batch, Engine, Finding, ItemRecord, Outcome, Tally

KEY = bytes(range(32))

CONTENT = {
    "coast/0001.jpg": (b"\xff\xd8 first \xff\xd9", "image/jpeg"),
    "coast/0002.jpg": (b"\xff\xd8 second \xff\xd9", "image/jpeg"),
    "coast-east/0003.jpg": (b"\xff\xd8 third \xff\xd9", "image/jpeg"),
    "letter été.txt": (b"[PERSON-k7q2m9xa] wrote this.\n", "text/plain"),
}

BATCH = Batch(
    id="b-k7q2m9xa",
    policy="standard",
    policy_sha256="11" * 32,
    engines=(Engine("scrub", "0.1.0"), Engine("presidio-analyzer", "2.2.360", "22" * 32)),
    kept=("CREATOR",),
    checked=("image-metadata", "names"),
)


def make_record(index: int, out_path: str, data: bytes, media_type: str) -> ItemRecord:
    """The record of a written item that lost one serial number."""
    finding = Finding(
        "CAMERA_SERIAL",
        "APP1/Exif/BodySerialNumber",
        Action.DROP,
        "exif",
        8,
        value=finding_digest(KEY, str(index), 0, b"55501234"),
    )
    record = ItemRecord(
        index=index,
        path=f"Jane Example/{index}.orig",
        outcome=Outcome.CLEANED,
        size=len(data) + 40,
        sha256=sha256(b"original" + data).hexdigest(),
        media_type=media_type,
        out_path=out_path,
        out_sha256=sha256(data).hexdigest(),
        out_size=len(data),
        findings=(finding,),
        not_checked=("FACE",) if media_type.startswith("image/") else (),
        content_identical=True,
        started="2026-05-02T10:00:00Z",
        seconds=0.01,
    )
    facts, root = item_facts(KEY, record)
    return replace(record, facts=facts, facts_root=root)


def make_records(content: Mapping[str, tuple[bytes, str]] = CONTENT) -> list[ItemRecord]:
    return [make_record(index, path, *content[path]) for index, path in enumerate(sorted(content))]


def tally_of(records: Iterable[ItemRecord]) -> Tally:
    tally = Tally()
    for record in records:
        tally = count(tally, record)
    return tally


def make_batch(
    folder: Path,
    content: Mapping[str, tuple[bytes, str]] = CONTENT,
    claims: Mapping[str, object] | None = None,
    exports: Mapping[str, bytes] | None = None,
    croissant: bool = False,
) -> list[ItemRecord]:
    """Write a whole batch into `folder`; returns its records."""
    (folder / "data").mkdir(parents=True)
    for path, (data, _) in content.items():
        target = folder / "data" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    records = make_records(content)
    private = {"held_root": held_root(KEY, []), "log_head": "33" * 32}
    write_bag(
        folder, BATCH, iter(records), tally_of(records), private, claims=claims, exports=exports,
        croissant=croissant,
    )  # fmt: skip
    return records
