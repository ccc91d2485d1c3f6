"""What a run knows so far, on disk: one row for each walked thing.

The parent's memory does not grow with the folder, an interrupted run goes on
where it stopped, and the next run reuses what is still exactly true. The
journal stands in the private audit folder; values in it are sealed.
"""

from __future__ import annotations

import contextlib
import hmac
import itertools
import json
import operator
import os
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scrubber.keys import seal, unseal
from scrubber.learnt import dump_spans, load_spans
from scrubber.model import Item, ItemRecord, Member, Outcome, Seed, Skipped
from scrubber.stored import Stored, dump_detail, dump_record, load_record, store
from scrubber.texts import LearntSpan

_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT);
CREATE TABLE IF NOT EXISTS items (
  idx INTEGER PRIMARY KEY, root BLOB, path BLOB, size INTEGER, mtime INTEGER, ctime INTEGER,
  inode INTEGER, grp TEXT, companions TEXT, notes TEXT, outcome TEXT, code TEXT,
  record TEXT, detail TEXT, learnt TEXT, seeds BLOB, residue INTEGER,
  suffix TEXT, kind TEXT, sha256 TEXT, out_path TEXT, live INTEGER DEFAULT 1
);
CREATE INDEX IF NOT EXISTS by_path ON items (root, path);
CREATE TABLE IF NOT EXISTS residues (id INTEGER PRIMARY KEY, tag BLOB UNIQUE, data BLOB);
"""
_WALKED = "root, path, size, mtime, ctime, inode, grp, companions, notes"
_SEALED = "seeds"
_RESIDUE = "residue"
_EVERY = 256


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier run knew of the same file. `learnt` is None for what is no text."""

    record: ItemRecord
    learnt: tuple[LearntSpan, ...] | None
    seeds: tuple[Seed, ...]
    suffix: str
    kind: str
    sha256: str
    residue: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """An item and what the first visit left for the second."""

    item: Item
    learnt: tuple[LearntSpan, ...]
    sha256: str
    out_path: str


class Journal:
    """One run's rows. Every write is part of a transaction that ends every few hundred rows."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=TRUNCATE; PRAGMA synchronous=OFF;" + _SCHEMA)
        self._pending = 0
        self._open = True
        self._db.execute("BEGIN")

    def close(self) -> None:
        """What was written stays. May be called twice."""
        if self._open:
            self._open = False
            with contextlib.suppress(sqlite3.OperationalError):  # a full disk: the run ends anyway
                self._db.execute("COMMIT")
            self._db.close()

    def commit(self) -> None:
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")
        self._pending = 0

    def _wrote(self) -> None:
        self._pending += 1
        if self._pending >= _EVERY:
            self.commit()

    # meta ----------------------------------------------------------------------

    def set(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        self._wrote()

    def get(self, name: str, default: str = "") -> str:
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return default if row is None else str(row[0])

    # rows ----------------------------------------------------------------------

    def walked(self, found: Iterable[Item | Skipped]) -> None:
        """Replaces the walk: rows of an earlier, interrupted walk that are still true stay."""
        self._db.execute("UPDATE items SET live = 0")
        for index, entry in enumerate(found):
            if isinstance(entry, Skipped):
                self._skipped(index, entry)
            else:
                self._item(index, entry)
        self._db.execute("DELETE FROM items WHERE live = 0")
        self.commit()

    def _skipped(self, index: int, entry: Skipped) -> None:
        record = ItemRecord(
            index, entry.path, entry.outcome, size=entry.size, code=entry.code, why=entry.why
        )
        self._db.execute(
            "INSERT OR REPLACE INTO items (idx, root, path, size, grp, outcome, code, record,"
            " detail) VALUES (?, '', ?, ?, ?, ?, ?, ?, ?)",
            (
                index,
                os.fsencode(entry.path),
                entry.size,
                _group(entry),
                entry.outcome.value,
                entry.code,
                dump_record(record),
                dump_detail(record),
            ),
        )
        self._wrote()

    def _item(self, index: int, item: Item) -> None:
        columns = _walked(item)
        known = self._db.execute(f"SELECT {_WALKED} FROM items WHERE idx = ?", (index,)).fetchone()
        if known == columns:
            self._db.execute("UPDATE items SET live = 1 WHERE idx = ?", (index,))
        else:
            self._db.execute(
                f"INSERT OR REPLACE INTO items (idx, {_WALKED})"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (index, *columns),
            )
        self._wrote()

    def items(self, where: str = "record IS NULL") -> Iterator[Row]:
        """Items that match a condition of ours, in walk order, while rows are being written."""
        cursor = self._db.cursor()
        last = -1
        while True:
            rows = cursor.execute(
                f"SELECT idx, {_WALKED}, learnt,"
                f" sha256, out_path FROM items WHERE idx > ? AND ({where}) ORDER BY idx LIMIT 512",
                (last,),
            ).fetchall()
            if not rows:
                return
            for row in rows:
                last = row[0]
                item = Item(
                    row[0],
                    os.fsdecode(row[1]),
                    os.fsdecode(row[2]),
                    row[3],
                    row[4] or 0,
                    row[5] or 0,
                    row[6] or 0,
                    os.fsdecode(row[7]) if row[7] is not None else None,
                    tuple(json.loads(row[8] or "[]")),
                    tuple(json.loads(row[9] or "[]")),
                )
                yield Row(
                    item, load_spans(row[10]) if row[10] else (), row[11] or "", row[12] or ""
                )

    def learnt(
        self,
        index: int,
        spans: Iterable[LearntSpan] | None,
        seeds: Iterable[Seed],
        sha256: str,
        suffix: str,
        kind: str,
    ) -> None:
        self._db.execute(
            "UPDATE items SET learnt = ?, seeds = ?, sha256 = ?, suffix = ?, kind = ?"
            " WHERE idx = ?",
            (
                None if spans is None else dump_spans(spans),
                self._sealed(seeds),
                sha256,
                suffix,
                kind,
                index,
            ),
        )
        self._wrote()

    def taught(self, index: int, seeds: Iterable[Seed]) -> None:
        """What an item taught that is dropped and gets no name."""
        self._db.execute("UPDATE items SET seeds = ? WHERE idx = ?", (self._sealed(seeds), index))
        self._wrote()

    def record(self, record: ItemRecord | Stored, residue: bytes = b"") -> None:
        row = record if isinstance(record, Stored) else store(record)
        number = self._residue(residue) if residue else None
        self._db.execute(
            "UPDATE items SET outcome = ?, code = ?, record = ?, detail = ?, residue = ?"
            " WHERE idx = ?",
            (row.outcome, row.code, row.record, row.detail, number, row.index),
        )
        self._wrote()

    def _residue(self, data: bytes) -> int:
        """Number of a residue; equal ones share it. Sealed: a held item's may hold a value."""
        tag = hmac.digest(self._key, data, "sha256")
        query = "SELECT id FROM residues WHERE tag = ?"
        row = self._db.execute(query, (tag,)).fetchone()
        if row is None:
            sealed = seal(self._key, data, _RESIDUE)
            self._db.execute("INSERT INTO residues (tag, data) VALUES (?, ?)", (tag, sealed))
            row = self._db.execute(query, (tag,)).fetchone()
        return int(row[0])

    def set_out_path(self, index: int, out_path: str) -> None:
        self._db.execute("UPDATE items SET out_path = ? WHERE idx = ?", (out_path, index))
        self._wrote()

    def seeds(self) -> Iterator[Seed]:
        for (blob,) in self._db.execute("SELECT seeds FROM items WHERE seeds IS NOT NULL"):
            for row in json.loads(unseal(self._key, bytes(blob), _SEALED)):
                yield Seed(*row)

    def _sealed(self, seeds: Iterable[Seed]) -> bytes | None:
        rows = [(seed.entity, seed.text, seed.scope, seed.origin) for seed in seeds]
        return seal(self._key, json.dumps(rows).encode(), _SEALED) if rows else None

    def residues(self) -> Iterator[tuple[int, bytes]]:
        for number, data in self._db.execute("SELECT id, data FROM residues"):
            yield number, unseal(self._key, bytes(data), _RESIDUE)

    def with_residue(self, number: int) -> list[int]:
        rows = self._db.execute("SELECT idx FROM items WHERE residue = ?", (number,))
        return [row[0] for row in rows]

    def names(self) -> Iterator[tuple[int, str, str, str | None]]:
        """index, path, suffix by content and group of every item that may get a name."""
        rows = self._db.execute(
            "SELECT idx, path, suffix, grp FROM items WHERE suffix IS NOT NULL ORDER BY path"
        )
        for index, path, suffix, group in rows:
            yield index, os.fsdecode(path), suffix, os.fsdecode(group) if group else None

    def parted(self) -> Iterator[list[Member]]:
        """Groups of which something is held and something written, in the order of the walk."""
        rows = self._db.execute(
            "SELECT grp, idx, path, outcome, code FROM items JOIN (SELECT grp, min(idx) AS first"
            " FROM items WHERE grp IS NOT NULL GROUP BY grp HAVING max(outcome = 'held')"
            " AND max(outcome IN ('cleaned', 'unchanged'))) USING (grp) ORDER BY first, idx"
        )
        for _, group in itertools.groupby(rows, key=operator.itemgetter(0)):
            yield [
                Member(index, os.fsdecode(path), Outcome(outcome), code or "")
                for _, index, path, outcome, code in group
            ]

    def records(self) -> Iterator[ItemRecord]:
        """Every record with its findings and planned name, in the order of the walk."""
        for text, detail, out_path in self._db.execute(
            "SELECT record, detail, out_path FROM items WHERE record IS NOT NULL ORDER BY idx"
        ):
            yield load_record(text, out_path, detail)

    def written(self) -> Iterator[ItemRecord]:
        """Records of what is published, without findings, in the order of their new paths."""
        for text, out_path in self._db.execute(
            "SELECT record, out_path FROM items WHERE outcome IN ('cleaned', 'unchanged')"
            " ORDER BY out_path"
        ):
            yield load_record(text, out_path)

    def staged(self) -> Iterator[tuple[int, int, str]]:
        """Index, size and SHA-256 of every object that must be there."""
        for index, text in self._db.execute(
            "SELECT idx, record FROM items WHERE outcome IN ('cleaned', 'unchanged')"
        ):
            record = load_record(text)
            yield index, record.out_size, record.out_sha256 or ""

    def placed(self) -> Iterator[tuple[int, str]]:
        """Index and planned name of what is published, in the order of the names."""
        for index, out_path in self._db.execute(
            "SELECT idx, out_path FROM items WHERE outcome IN ('cleaned', 'unchanged')"
            " ORDER BY out_path"
        ):
            yield index, str(out_path)

    def held_roots(self) -> Iterator[str]:
        """Item roots of what was held back."""
        for (text,) in self._db.execute("SELECT record FROM items WHERE outcome = 'held'"):
            root = load_record(text).facts_root
            if root:
                yield root

    def count(self, condition: str = "1") -> int:
        row = self._db.execute(f"SELECT count(*) FROM items WHERE {condition}").fetchone()  # ours
        return int(row[0])

    def size_to_come(self) -> int:
        """Bytes of the items that have no result yet."""
        row = self._db.execute("SELECT coalesce(sum(size), 0) FROM items WHERE record IS NULL")
        return int(row.fetchone()[0])

    def one(self, index: int) -> ItemRecord | None:
        row = self._db.execute(
            "SELECT record, out_path, detail FROM items WHERE idx = ?", (index,)
        ).fetchone()
        return load_record(*row) if row and row[0] else None

    def forget(self, index: int) -> None:
        """The item is visited again."""
        self._db.execute(
            f"UPDATE items SET {_NO_RESULT}, learnt = NULL, seeds = NULL, suffix = NULL"
            " WHERE idx = ?",
            (index,),
        )
        self._wrote()

    def forget_passing(self) -> None:
        """Items that were held for a reason that may have passed are visited again."""
        marks = ", ".join("?" * len(_PASSING))
        self._db.execute(
            f"UPDATE items SET {_NO_RESULT}, learnt = NULL, seeds = NULL, suffix = NULL"
            f" WHERE outcome = 'held' AND code IN ({marks})",
            _PASSING,
        )
        self._wrote()

    def forget_texts(self) -> list[int]:
        """Texts that were masked with what another walk taught are masked again."""
        condition = "learnt IS NOT NULL AND record IS NOT NULL"
        rows = self._db.execute(f"SELECT idx FROM items WHERE {condition}").fetchall()
        self._db.execute(f"UPDATE items SET {_NO_RESULT} WHERE {condition}")
        self._wrote()
        return [row[0] for row in rows]

    def earlier(self, item: Item) -> Earlier | None:
        """The row of an earlier run for the same path and identity, for reuse."""
        row = self._db.execute(
            "SELECT record, learnt, seeds, suffix, kind, sha256, out_path, residue, detail"
            " FROM items WHERE root = ? AND path = ? AND size = ? AND mtime = ? AND ctime = ?"
            " AND inode = ? AND grp IS ? AND companions = ? AND notes = ?",
            _walked(item),
        ).fetchone()
        if row is None or row[0] is None:
            return None
        residue = self._db.execute("SELECT data FROM residues WHERE id = ?", (row[7],)).fetchone()
        seeds = json.loads(unseal(self._key, bytes(row[2]), _SEALED)) if row[2] else []
        return Earlier(
            record=load_record(row[0], row[6], row[8]),
            learnt=load_spans(row[1]) if row[1] else None,
            seeds=tuple(Seed(*seed) for seed in seeds),
            suffix=row[3] or "",
            kind=row[4] or "",
            sha256=row[5] or "",
            residue=unseal(self._key, bytes(residue[0]), _RESIDUE) if residue else b"",
        )


def _walked(item: Item) -> tuple[object, ...]:
    """What the walk says of an item, in the order of _WALKED: equal rows are the same file."""
    return (
        os.fsencode(item.root),
        os.fsencode(item.path),
        item.size,
        item.mtime_ns,
        item.ctime_ns,
        item.inode,
        _group(item),
        json.dumps(item.companions),
        json.dumps(item.notes),
    )


def _group(entry: Item | Skipped) -> bytes | None:
    return os.fsencode(entry.group) if entry.group is not None else None


_NO_RESULT = "outcome = NULL, code = NULL, record = NULL, detail = NULL, residue = NULL"
_PASSING = (
    "changed-while-reading", "internal", "partner-held", "swept-value", "timed-out", "unreadable",
    "worker-died",
)  # fmt: skip
