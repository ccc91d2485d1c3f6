"""What happened to batches afterwards: sent, receipts, deletion asked. One file, chained.

`ledger.jsonl` in the audit folder outlives its batches. Each line holds the SHA-256 of
the line before; the first holds the log head of the batch that it speaks of, so that the
ledger goes on where that log ended. A copy of the last hash lies in the user's data
directory: on this machine a ledger that lost its end is noticed. Times are those of the
local clock, private notes, and prove nothing.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from reports.audit import AuditFolder
from reports.papers import write_private
from scrubber.canonical import canonical
from scrubber.errors import FolderError, VerificationError
from scrubber.keys import data_home

LEDGER = "ledger.jsonl"
_HEADS = "ledgers"
_RESTORE = "Restore it from a backup."

Event = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Chain:
    """Events that follow from each other. `size` is that of the whole lines, in bytes."""

    events: tuple[Event, ...]
    hashes: tuple[str, ...]
    size: int


class Ledger:
    """The ledger of one audit folder. Every call reads the whole chain and checks it."""

    def __init__(self, audit: AuditFolder) -> None:
        self.audit = audit
        self.path = audit.path / LEDGER

    def events(self) -> tuple[Event, ...]:
        """All events in order; none without a ledger. A torn last line is not there yet.

        Raises VerificationError if a line was altered, lost or moved, or a paper that the
        ledger names is not what it was.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise FolderError(f"{self.path} cannot be read.", f"({error.strerror}).") from error
        chain = self._checked(data)
        for event in chain.events:
            self._check_paper(event)
        return chain.events

    def append(self, kind: str, log_head: str, fields: Mapping[str, object]) -> Event:
        """Add one event about `fields["batch"]`, whose log ended with `log_head`; synced.

        Raises VerificationError as `events` does, FolderError if the file cannot be written.
        """
        with self._locked() as handle:
            data = _all(handle)
            chain = self._checked(data)
            torn = len(data) - chain.size
            if torn:
                os.ftruncate(handle, chain.size)
            prev = chain.hashes[-1] if chain.hashes else log_head
            rows: list[Event] = []
            if not chain.events:
                rows.append({"event": "open", "batch": fields["batch"], "log_head": log_head})
            if torn:
                rows.append({"event": "resumed", "cut": torn})
            rows.append({**fields, "event": kind})
            lines = []
            for seq, row in enumerate(rows, len(chain.events)):
                row |= {"at": _now(), "seq": seq, "prev": prev}
                line = canonical(row).encode("utf-8")
                prev = sha256(line).hexdigest()
                lines.append(line)
            _write(handle, b"".join(line + b"\n" for line in lines), chain.size)
            first = chain.hashes[0] if chain.hashes else sha256(lines[0]).hexdigest()
            self._remember(first, len(chain.events) + len(rows), prev)
        return rows[-1]

    # the chain ---------------------------------------------------------------------

    def _checked(self, data: bytes) -> _Chain:
        size = data.rfind(b"\n") + 1
        events: list[Event] = []
        hashes: list[str] = []
        prev = ""
        for seq, line in enumerate(data[:size].split(b"\n")[:-1]):
            event = _event(line)
            if event is not None and seq == 0:
                prev = self._beginning(event)
            if event is None or event.get("seq") != seq or event.get("prev") != prev:
                raise VerificationError(
                    f"The ledger was altered or is damaged at line {seq + 1}: {self.path}",
                    "It does not follow from the line before.",
                    _RESTORE,
                )
            prev = sha256(line).hexdigest()
            events.append(event)
            hashes.append(prev)
        chain = _Chain(tuple(events), tuple(hashes), size)
        self._recall(chain)
        return chain

    def _beginning(self, event: Event) -> str:
        """The link of the first line: the log head of its batch, as that batch published it."""
        from reports.audit import HEAD_COPY
        from reports.manifest import parse_head

        head = str(event.get("log_head"))
        try:
            copy = self.audit.batch(str(event.get("batch"))) / HEAD_COPY
            published = parse_head(copy.read_bytes()).log_head
        except (OSError, ValueError):
            return head  # the batch is gone; later lines still follow from this one
        if published != head:
            raise VerificationError(
                f"The ledger does not begin where the log of its batch ends: {self.path}",
                fix=_RESTORE,
            )
        return head

    def _anchor(self, first: str) -> Path:
        return data_home() / _HEADS / f"{first[:32]}.json"

    def _remember(self, first: str, count: int, head: str) -> None:
        anchor = self._anchor(first)
        try:
            anchor.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{anchor.parent} cannot be made.", f"({error.strerror}).") from error
        data = canonical({"head": head, "lines": count}).encode("utf-8") + b"\n"
        write_private(anchor.parent, anchor, data)

    def _recall(self, chain: _Chain) -> None:
        """The end that was last written on this machine must still be in the chain."""
        if not chain.hashes:
            return
        anchor = self._anchor(chain.hashes[0])
        try:
            row = _event(anchor.read_bytes()) or {}
        except FileNotFoundError:
            return  # another machine, or another data directory
        except OSError as error:
            raise FolderError(f"{anchor} cannot be read.", f"({error.strerror}).") from error
        lines, head = row.get("lines"), row.get("head")
        if type(lines) is not int or lines < 1:
            raise VerificationError(
                f"{anchor} is damaged.", fix=f"Delete it after a look at {LEDGER}."
            )
        if lines > len(chain.hashes):
            raise VerificationError(
                f"The ledger lost its last lines: {self.path}",
                f"It has {len(chain.hashes)}, and had {lines}.",
                f"{_RESTORE} If the shorter one is right, delete {anchor}.",
            )
        if chain.hashes[lines - 1] != head:
            raise VerificationError(
                f"The ledger was written anew: {self.path}",
                f"Its line {lines} is not the one that was written on this machine.",
                f"{_RESTORE} If it is right as it is, delete {anchor}.",
            )

    # papers --------------------------------------------------------------------------

    def _check_paper(self, event: Event) -> None:
        place, digest = event.get("file"), event.get("sha256")
        if not isinstance(place, str):
            return
        kind, _, name = place.partition("/")
        if not name or "/" in name or name.startswith("."):
            raise VerificationError(f"The ledger names a file outside its folder: {self.path}")
        path = self.audit.path / kind / name
        try:
            same = sha256(path.read_bytes()).hexdigest() == digest
        except OSError:
            same = False
        if not same:
            raise VerificationError(
                f"{path} is missing or was replaced.",
                "Its SHA-256 is not the one that the ledger recorded.",
                _RESTORE,
            )

    @contextmanager
    def _locked(self) -> Iterator[int]:
        """The file, made if needed, held alone while it is read and written."""
        try:
            handle = os.open(
                self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600
            )
        except OSError as error:
            raise FolderError(f"{self.path} cannot be written.", f"({error.strerror}).") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield handle
        except OSError as error:
            raise FolderError(f"{self.path} cannot be written.", f"({error.strerror}).") from error
        finally:
            os.close(handle)


def _event(line: bytes) -> Event | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _all(handle: int) -> bytes:
    size = os.fstat(handle).st_size
    data = b""
    while len(data) < size and (block := os.pread(handle, size - len(data), len(data))):
        data += block
    return data


def _write(handle: int, data: bytes, at: int) -> None:
    while data:
        written = os.pwrite(handle, data, at)
        data, at = data[written:], at + written
    os.fsync(handle)


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
