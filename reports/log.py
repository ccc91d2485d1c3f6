"""The hash-chained log of one batch: JSON Lines, appended, never reopened once closed.

Every line holds the SHA-256 of the line before it (its bytes without the line
feed); the first holds SHA-256("scrub-log/v1" ‖ batch id). The hash of the last
line, `close`, is the log head that the manifest publishes.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Self

from scrubber.canonical import canonical, encode_own, path_fields, plain
from scrubber.errors import FolderError, VerificationError
from scrubber.model import ItemRecord, Skipped, Tally

GROUP = 256
"""Lines between two syncs."""


def first_link(batch_id: str) -> str:
    """What the first line of a log has for `prev`."""
    return sha256(b"scrub-log/v1" + batch_id.encode("utf-8")).hexdigest()


class LogWriter:
    """Appends to the log of one batch; continues it if there is one already.

    A torn last line, left by a crash, is cut off and noted. Raises FolderError
    if the log is closed or another run holds it, VerificationError if it was altered.
    """

    def __init__(self, path: Path, batch_id: str) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._stream = os.fdopen(self._handle, "r+b", buffering=1 << 20)
        self._pending = 0
        self._prev = first_link(batch_id)
        self._seq = 0
        self.closed = False
        try:
            self._lock(path)
            self._continue(path, batch_id)
        except BaseException:
            self._stream.close()
            raise

    def _lock(self, path: Path) -> None:
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderError(
                f"Another run writes this log: {path!s}", "", "Wait for it to end."
            ) from None

    def _continue(self, path: Path, batch_id: str) -> None:
        size = os.fstat(self._handle).st_size
        torn = size - _whole(self._handle, size)
        if torn:
            os.ftruncate(self._handle, size - torn)
        closed = False
        for line, event in _chain(path, batch_id):
            self._prev = sha256(line).hexdigest()
            self._seq += 1
            closed = event["event"] == "close"
        if closed:
            raise FolderError(
                f"This log is closed: {path!s}",
                "A closed batch stays as it is.",
                "Start a new run.",
            )
        self._stream.seek(0, os.SEEK_END)
        if self._seq:
            self.event("resumed", cut=torn)

    def event(self, kind: str, **fields: object) -> None:
        """Append one event; `fields` must have a canonical form."""
        line = {**fields, "at": _now(), "event": kind, "prev": self._prev, "seq": self._seq}
        self._append(canonical(line))

    def item(self, record: ItemRecord) -> None:
        """Append one item with its facts, as they stand in the commitment."""
        # Keys in canonical order; the facts are canonical already and go in as they are.
        self._append(
            f'{{"at":"{_now()}","event":"item","facts":[{",".join(record.facts)}],'
            f'"item":{encode_own(_item_fields(record))},"prev":"{self._prev}","seq":{self._seq}}}'
        )

    def skipped(self, entry: Skipped) -> None:
        """Append what the walk left out: junk, companions, links, what the user excluded."""
        fields = {
            **path_fields(entry.path),
            "code": entry.code,
            "outcome": entry.outcome.value,
            "size": entry.size,
            "why": plain(entry.why),
        }
        self.event("skipped", entry=fields)

    def close(self, tally: Tally) -> str:
        """Append the last event, with the counts, and sync; returns the log head (hex)."""
        counts = {
            "outcomes": tally.outcomes,
            "codes": tally.codes,
            "entities": tally.entities,
            "items_out": tally.items_out,
            "bytes_in": tally.bytes_in,
            "bytes_out": tally.bytes_out,
        }
        self.event("close", counts=counts)
        self.sync()
        self.stop()
        return self._prev

    def sync(self) -> None:
        """Make everything so far survive a power cut."""
        self._stream.flush()
        os.fsync(self._handle)
        self._pending = 0

    def stop(self) -> None:
        """Leave the log open for a later run to continue."""
        if not self.closed:
            self.closed = True
            self._stream.close()

    def _append(self, text: str) -> None:
        line = text.encode("utf-8")
        self._stream.write(line + b"\n")
        self._prev = sha256(line).hexdigest()
        self._seq += 1
        self._pending += 1
        if self._pending >= GROUP:
            self.sync()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if not self.closed:
            self.sync()
            self.stop()


def _item_fields(record: ItemRecord) -> dict[str, object]:
    return {
        **path_fields(record.path),
        "code": record.code,
        "container": record.container,
        "content_identical": record.content_identical,
        "decoded_identical": record.decoded_identical,
        "fix": plain(record.fix),
        "index": record.index,
        "kept": list(record.kept),
        **_keys(record),
        "media_type": record.media_type,
        "milliseconds": round(record.seconds * 1000),
        "not_checked": list(record.not_checked),
        "notes": list(record.notes),
        "out_path": record.out_path,
        "out_sha256": record.out_sha256,
        "out_size": record.out_size,
        "outcome": record.outcome.value,
        **_consent(record),
        **_decided(record),
        "removed": [[plain(part), size] for part, size in record.removed],
        "root": record.facts_root,
        "sha256": record.sha256,
        "size": record.size,
        "started": record.started,
        "what": plain(record.what),
        "why": plain(record.why),
    }


def _consent(record: ItemRecord) -> dict[str, object]:
    """Only where the policy asked for a release."""
    if not record.releases:
        return {}
    return {"release_dates": record.release_dates, "releases": list(record.releases)}


def _decided(record: ItemRecord) -> dict[str, object]:
    """Only where something is doubtful or was decided. What and where is in doubts.jsonl."""
    doubtful = sum(one.weak and not one.decided for one in record.doubts)
    ruled = [[one.id, one.verdict, one.entity, one.places] for one in record.ruled]
    return {
        **({"decided": ruled} if ruled else {}),
        **({"doubtful": doubtful} if doubtful else {}),
    }


def _keys(record: ItemRecord) -> dict[str, object]:
    """Whose keys the facts were made with, where they are not those of this batch and index."""
    if not record.commit_batch:
        return {}
    return {"keys": {"batch": record.commit_batch, "item": record.commit_item}}


def read_log(path: Path, batch_id: str, head: str | None = None) -> Iterator[dict[str, object]]:
    """The events of a log in order, each link checked. Raises VerificationError, FolderError.

    With `head`, the published hash of the last line, a log that ends otherwise is refused
    after its last event.
    """
    last = first_link(batch_id)
    for line, event in _chain(path, batch_id):
        last = sha256(line).hexdigest() if head is not None else last
        yield event
    if head is not None and last != head:
        raise VerificationError(
            f"The log is not the one that the published manifest names: {path!s}",
            "It was cut short or written anew after the batch was published.",
            "Restore it from a backup.",
        )


def log_head(path: Path, batch_id: str) -> str:
    """The hash of the last line (hex), the chain checked."""
    head = first_link(batch_id)
    for line, _ in _chain(path, batch_id):
        head = sha256(line).hexdigest()
    return head


def _chain(path: Path, batch_id: str) -> Iterator[tuple[bytes, dict[str, object]]]:
    prev = first_link(batch_id)
    try:
        stream = path.open("rb", buffering=1 << 20)
    except OSError as error:
        raise FolderError(f"The log cannot be read: {path!s}", f"{error.strerror}.") from error
    with stream:
        for seq, raw in enumerate(stream):
            line = raw[:-1]
            event = _event(line) if raw.endswith(b"\n") else None
            if event is None or event.get("prev") != prev or event.get("seq") != seq:
                raise VerificationError(
                    f"The log was altered or is damaged at line {seq + 1}: {path!s}",
                    "It does not follow from the line before.",
                    "Restore it from a backup.",
                )
            prev = sha256(line).hexdigest()
            yield line, event


def _event(line: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return dict(value) if isinstance(value, Mapping) else None


def _whole(handle: int, size: int) -> int:
    """Bytes up to and with the last line feed."""
    end = size
    while end:
        start = max(0, end - (1 << 16))
        found = os.pread(handle, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
