"""The words of the project as frozen values. Imports nothing of ours.

Every value here can cross a process border. Offsets and sizes are bytes of
the original unless a field says otherwise; offsets inside a passage are
Unicode code points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Role(StrEnum):
    """Why a part is there."""

    CODED = "coded"  # pixels, samples, the text itself
    DISPLAY = "display"  # needed to show or play it the same
    FRAME = "frame"  # lengths, offsets, checksums, markers: recomputed
    PRIVATE = "private"  # describes maker, place, time, device, edits
    SLACK = "slack"  # padding, gaps, what no decoder reads
    UNKNOWN = "unknown"  # no standard names it


class Outcome(StrEnum):
    CLEANED = "cleaned"
    UNCHANGED = "unchanged"
    HELD = "held"
    DROPPED = "dropped"
    EXCLUDED = "excluded"


class Action(StrEnum):
    """The verdict for one part."""

    KEEP = "keep"
    DROP = "drop"
    EDIT = "edit"
    HOLD = "hold"


class Source(Protocol):
    """Where bytes come from: a file, a git blob, a decoded run.

    `read` returns exactly `n` bytes or raises Damaged: a format that asks for
    bytes beyond the end has been told a length that is not true.
    """

    @property
    def size(self) -> int: ...

    def read(self, offset: int, n: int) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Item:
    """One file found by the walk. `path` is POSIX, below the root, surrogateescape-decoded."""

    index: int
    root: str
    path: str
    size: int
    mtime_ns: int = 0
    ctime_ns: int = 0
    inode: int = 0
    group: str | None = None  # shares a verdict with the items of the same group
    companions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # said in the summary: hard-link, open-now


@dataclass(frozen=True, slots=True)
class Skipped:
    """A directory entry that is no item: junk, companion, special file, excluded."""

    path: str
    outcome: Outcome  # HELD, DROPPED or EXCLUDED
    code: str  # hold code, or drop reason: os-junk, editor-junk, companion, vcs, symlink, excluded…
    why: str
    size: int = 0
    follows: str | None = None  # the item a companion belongs to
    group: str | None = None  # as that of an item


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a group and what became of it; `code` is the reason where it is not written."""

    index: int
    path: str
    outcome: Outcome
    code: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One private thing in one item. `value` is a keyed digest: the value is stored nowhere."""

    entity: str
    where: str  # path of the part in the standard's terms
    action: Action
    detector: str
    length: int  # bytes, as found
    score: float = 1.0
    value: str = ""  # hex HMAC-SHA-256 of the bytes as found, keyed per finding
    weak: bool = False
    line: int = 0  # of a text, from 1, and the code point in it; 0 where nobody asked
    column: int = 0


@dataclass(frozen=True, slots=True)
class Seed:
    """A value that the batch or the user taught, looked for everywhere else.

    `scope` is "" for the whole batch, else the path prefix in which the seed counts.
    """

    entity: str
    text: str
    scope: str = ""
    origin: str = "metadata"  # metadata, name, people, text


@dataclass(frozen=True, slots=True)
class Span:
    """What a text detector says: code points [start, end) of one passage."""

    start: int
    end: int
    entity: str
    score: float
    detector: str


class Passage(Protocol):
    """A text with the way back to its bytes."""

    @property
    def text(self) -> str: ...

    @property
    def context(self) -> Context: ...

    @property
    def part(self) -> int:
        """Of the ledger: the coded part that the text stands in."""
        ...

    @property
    def where(self) -> str:
        """`line 3`, `row 12/caption`, `$.messages[0].content`."""
        ...

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Byte range in the source of code points [start, end), grown to whole escapes."""
        ...

    def encode(self, text: str) -> bytes:
        """`text` as it must stand in the source at this place (escaped, quoted, encoded)."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a passage: column or key path, row, speaker, language, kind of text."""

    kind: str = "prose"  # prose, cell, key, number, code, comment, caption, name
    label: str = ""  # column header, key path, speaker, tag name
    row: int | None = None
    neighbours: tuple[str, ...] = ()
    language: str | None = None
    private_label: str | None = None  # entity that the label makes of the whole passage
    column: str = ""  # of a table: what is equal for all cells of one column of one file


Document = Iterator[Passage]
"""Passages of one item, in order, lazily."""


@dataclass(frozen=True, slots=True)
class Rendering:
    """What must be the same before and after, beside the content digest."""

    facts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **facts: object) -> Rendering:
        return cls(tuple(sorted((name, str(value)) for name, value in facts.items())))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a second reader saw in a file.

    `content` is the content digest (hex SHA-256, defined by the container's page in
    docs/formats.md), `leftovers` names everything that is not content, needed for
    display, or canonical: an empty tuple means clean. Kept entities appear in
    `kept` as (entity, part path).
    """

    container: str
    content: str
    rendering: Rendering
    leftovers: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    runs: tuple[tuple[int, int], ...] = ()  # of the content, where the reader tells them


@dataclass(frozen=True, slots=True)
class Doubt:
    """A finding in a text that a person can decide about, named by keyed digests, no value.

    `decided` is what was decided about it, "" for nothing; `at` its first byte in the file, -1
    inside what is nested in it.
    """

    entity: str
    where: str
    detector: str
    score: float
    weak: bool
    long: bool  # the value has two words or more
    span: str  # its names in the three scopes of a decision
    item: str
    value: str
    decided: str = ""
    at: int = -1
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Ruled:
    """A decision that counted in an item: its id, what came of it, and in how many places."""

    id: str
    verdict: str  # redact, keep, drop, or overruled
    entity: str
    places: int


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """All that the record needs to know of one walked thing. Private: holds the original path."""

    index: int
    path: str
    outcome: Outcome
    size: int = 0
    sha256: str | None = None  # of the original
    code: str | None = None  # hold code or drop reason
    what: str = ""
    why: str = ""
    fix: str = ""
    container: str | None = None
    media_type: str | None = None
    out_path: str | None = None  # below data/
    out_sha256: str | None = None
    out_size: int = 0
    findings: tuple[Finding, ...] = ()
    removed: tuple[tuple[str, int], ...] = ()  # (part path, bytes) that left or were rewritten
    kept: tuple[str, ...] = ()  # entities that policy or decisions kept
    not_checked: tuple[str, ...] = ()  # entities nobody looked for
    notes: tuple[str, ...] = ()  # said in the summary, e.g. "small-model"
    content_identical: bool | None = None
    decoded_identical: bool | None = None
    started: str = ""  # UTC, ISO 8601, private
    seconds: float = 0.0
    facts: tuple[str, ...] = ()  # canonical JSON of the salted facts, in slot order
    facts_root: str = ""  # hex root of the item tree
    commit_batch: str = ""  # batch and item whose keys the facts were made with,
    commit_item: str = ""  # when the result was reused from an earlier batch
    people: str = ""  # released, or "" where the policy asks for no release of people
    releases: tuple[str, ...] = ()  # opaque ids of the releases that let it go
    release_dates: str = ""  # its day is one of theirs: yes, unknown; private
    doubts: tuple[Doubt, ...] = ()  # what a person can decide about
    ruled: tuple[Ruled, ...] = ()  # decisions that counted


@dataclass(frozen=True, slots=True)
class Engine:
    """A tool, library or model that took part, with the digest that identifies it."""

    name: str
    version: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """One run."""

    id: str
    policy: str
    policy_sha256: str
    engines: tuple[Engine, ...]
    purpose: str = "licence"
    kept: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()
    started: str = ""
    recipient: str = ""
    surrogates: tuple[str, ...] = ()  # entities that invented values stand for in texts


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over a whole batch, built while records stream by."""

    outcomes: dict[str, int] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    entities: dict[str, int] = field(default_factory=dict)
    media: dict[str, int] = field(default_factory=dict)
    not_checked: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    items_out: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    doubtful: int = 0  # findings in written items that were masked on a guess
    doubtful_in: int = 0  # such items


Describe = Callable[[bytes], str]
"""Turns the bytes of a part into words for the user's own terminal."""
