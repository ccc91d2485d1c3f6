"""Decisions and releases: what a person has said about single values and files.

They are inputs of every plan, beside the policy. Where policy and decision differ, the
stricter one counts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date

from scrubber.decisions import NO_DECISIONS, Decisions
from scrubber.model import Outcome

KINDS = {
    "model": "mr",
    "voice": "vr",
    "guardian": "gr",
    "property": "pr",
    "co-author": "cr",
    "self": "sr",
}
"""Kinds of release, and how the ids of each begin."""

SCOPES = (
    "ai-training",
    "evaluation",
    "biometric-ml",
    "voice-clone",
    "synthetic-likeness",
    "sublicense",
)
"""What a release can allow. What it does not name, it does not allow."""

RELEASE_DOCUMENT = (Outcome.DROPPED, "release-document")


@dataclass(frozen=True, slots=True)
class Release:
    """A signed consent, by its opaque id, and the paths (globs) that it covers.

    Dates are whole days, both ends included; without `shoot` any day counts. `document`
    stands below the audit folder; `doubt` says what is wrong with it.
    """

    id: str
    kind: str
    covers: tuple[str, ...]
    scope: tuple[str, ...] = ()
    signed: date | None = None
    shoot: tuple[tuple[date, date], ...] = ()
    expires: date | None = None
    revoked: bool = False
    minor: bool = False
    guardian: str = ""  # id of the guardian's release
    replaces: str = ""  # id of an earlier release by the same person
    witnessed: bool = False
    territory: tuple[str, ...] = ()
    document: str = ""
    sha256: str = ""
    doubt: str = ""


@dataclass(frozen=True)
class Rulings:
    """All decisions and releases of a run.

    `documents` are (SHA-256, bytes) of signed papers, which no batch may hold. `aliases` name
    files as decisions know them, where what is looked at are copies elsewhere.
    """

    decisions: Decisions = NO_DECISIONS
    releases: tuple[Release, ...] = ()
    today: date | None = None
    documents: tuple[tuple[str, int], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    _papers: Mapping[int, frozenset[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        papers: dict[int, frozenset[str]] = {}
        for sha256, size in self.documents:
            papers[size] = papers.get(size, frozenset()) | {sha256}
        object.__setattr__(self, "_papers", papers)

    def known_as(self, path: str) -> str:
        """The path under which decisions know the file at `path`."""
        return self.aliases.get(path, path)

    def is_document(self, size: int, sha256: Callable[[], str]) -> bool:
        """Whether a file is a signed paper; its digest is asked for only if the size fits."""
        papers = self._papers.get(size)
        return papers is not None and sha256() in papers

    def names_document(self, sha256: str) -> bool:
        """Whether this is the SHA-256 of a signed paper."""
        return any(sha256 in papers for papers in self._papers.values())

    @property
    def digest(self) -> str:
        """Digest of the releases, for reuse; "" without any. Decisions have one of their own.

        It changes on the day on which a release begins or ceases to count, not on others.
        """
        if not self.releases:
            return ""
        rows = [[asdict(row), *self._state(row)] for row in self.releases]
        return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode()).hexdigest()

    def _state(self, release: Release) -> tuple[bool, bool]:
        return expired(release, self.today), unsigned(release, self.today)


NO_RULINGS = Rulings()
"""Nobody has said anything yet."""


def expired(release: Release, today: date | None) -> bool:
    """Its last day is over."""
    return None not in (today, release.expires) and release.expires < today  # type: ignore[operator]  # neither is None


def unsigned(release: Release, today: date | None) -> bool:
    """The day on which it was signed has not come."""
    return today is not None and release.signed is not None and release.signed > today
