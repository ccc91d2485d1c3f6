"""What scrub has said about a blob, kept so that it need not be said again.

A verdict depends on the blob's bytes, on what the engine takes from its name, and on the
rules; all three are in its key. Kept are outcome, codes, names of entities and places:
no value and no digest of one. The file lies in the repository's own folder, where whoever
packed the repository could have put one, so every row carries a code made with the
project's key, which is nowhere in the repository: a row without it does not exist.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import sqlite3
import stat
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "verdicts.sqlite"
CLEAN, FOUND, HELD = "clean", "found", "held"
PLACES = 20  # kept for one blob
_LASTING = frozenset(
    (
        "unknown-container", "damaged", "encrypted", "unsupported", "nested-unclean",
        "opaque-text", "swept-value", "not-settled", "policy",
    )
)  # fmt: skip
_ROWS = 1_000_000
_OPEN = "CREATE TABLE IF NOT EXISTS verdict (key BLOB PRIMARY KEY, body BLOB, code BLOB)"


Place = tuple[str, str, int, int, int]
"""Entity, part path, line and column of a text (0 elsewhere), shortest length of its class."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would happen to one blob: nothing, something would be taken out, or it is held."""

    outcome: str  # clean, found, held
    code: str = ""  # hold code, or why it is no file to share
    what: str = ""
    why: str = ""
    fix: str = ""
    container: str = ""
    entities: tuple[tuple[str, int], ...] = ()
    places: tuple[Place, ...] = ()  # the first ones
    guesses: bool = False  # all that was found are guesses of a language model
    not_checked: tuple[str, ...] = ()
    decided: int = 0  # places that a person decided to keep
    sha256: str = ""  # of the bytes that were looked at; not kept
    behind: str = ""  # SHA-256 of the file behind a pointer, which has a verdict of its own

    @property
    def keeps(self) -> bool:
        """Whether it says something about the blob, not about the moment it was looked at."""
        return self.outcome != HELD or self.code in _LASTING

    def stored(self) -> bytes:
        """The form that is kept."""
        row = asdict(self)
        del row["sha256"]
        return json.dumps({name: value for name, value in row.items() if value}).encode("ascii")

    @classmethod
    def read(cls, body: bytes) -> Verdict:
        """A kept verdict. Raises ValueError, TypeError or KeyError for anything else."""
        row = json.loads(body)
        for name in ("entities", "places"):
            row[name] = tuple(tuple(pair) for pair in row.get(name, ()))
        row["not_checked"] = tuple(row.get("not_checked", ()))
        return cls(**row)


class Verdicts:
    """The kept verdicts of one repository under one set of rules. Use as a context manager.

    `secret` is a key of the project, `context` everything but the blob that decides. Where
    the file cannot be used, nothing is kept and everything is judged again.
    """

    def __init__(self, folder: Path | None, secret: bytes, context: str) -> None:
        self._secret = secret
        self._context = hmac.digest(secret, context.encode("utf-8", "surrogateescape"), "sha256")
        self._base = _open(folder) if folder is not None else None

    def __enter__(self) -> Verdicts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def get(self, content: str, hint: str) -> Verdict | None:
        """The verdict about the bytes named `content` under a name like `hint`, if known."""
        if self._base is None:
            return None
        key = self._key(content, hint)
        try:
            row = self._base.execute(
                "SELECT body, code FROM verdict WHERE key = ?", (key,)
            ).fetchone()
        except sqlite3.Error:
            self._give_up()
            return None
        if row is None or not _equal(row[1], self._code(key, row[0])):
            return None
        try:
            return Verdict.read(row[0])
        except (ValueError, TypeError, KeyError):
            return None

    def put(self, content: str, hint: str, verdict: Verdict) -> None:
        """Keeps a verdict; `commit` makes it last."""
        if self._base is None:
            return
        key, body = self._key(content, hint), verdict.stored()
        try:
            self._base.execute(
                "INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)",
                (key, body, self._code(key, body)),
            )
        except sqlite3.Error:
            self._give_up()

    def commit(self) -> None:
        """Makes what was put last, also for hooks that run beside this one."""
        if self._base is None:
            return
        try:
            self._base.execute(
                "DELETE FROM verdict WHERE rowid <= (SELECT max(rowid) FROM verdict) - ?", (_ROWS,)
            )
            self._base.commit()
        except sqlite3.Error:
            self._give_up()

    def close(self) -> None:
        """Commits and closes. May be called twice."""
        self.commit()
        if self._base is not None:
            self._base.close()
            self._base = None

    def _key(self, content: str, hint: str) -> bytes:
        return hmac.digest(
            self._secret,
            self._context + f"{content}\0{hint}".encode("utf-8", "surrogateescape"),
            "sha256",
        )

    def _code(self, key: bytes, body: object) -> bytes:
        text = body if isinstance(body, bytes) else b""
        return hmac.digest(self._secret, key + text, "sha256")

    def _give_up(self) -> None:
        base, self._base = self._base, None
        if base is not None:
            with contextlib.suppress(sqlite3.Error):
                base.close()


def _equal(one: object, other: bytes) -> bool:
    return isinstance(one, bytes) and hmac.compare_digest(one, other)


def _open(folder: Path) -> sqlite3.Connection | None:
    """The database in `folder`, made anew when it is damaged; None when it cannot be used."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return None
        folder.chmod(0o700)
        for attempt in range(2):
            try:
                return _connect(folder / NAME)
            except sqlite3.DatabaseError as error:
                if attempt or isinstance(error, sqlite3.OperationalError):
                    return None
                for name in (NAME, f"{NAME}-journal"):
                    (folder / name).unlink(missing_ok=True)
    except OSError:
        return None
    return None


def _connect(path: Path) -> sqlite3.Connection:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    os.close(os.open(path, flags, 0o600))  # SQLite would make it readable for all
    path.chmod(0o600)
    base = sqlite3.connect(path, timeout=5.0)
    try:
        base.execute(_OPEN)
        columns = [row[1] for row in base.execute("PRAGMA table_info(verdict)")]
        if columns != ["key", "body", "code"]:
            raise sqlite3.DatabaseError("another table")
        base.commit()
    except sqlite3.Error:
        base.close()
        raise
    return base
