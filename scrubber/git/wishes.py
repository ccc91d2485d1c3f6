"""What whoever starts a scan has said on the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[int, int], None]
"""Blobs judged, and to be judged."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """They win over the repository's own configuration: they are not part of the change."""

    config: Path | None = None
    policy: str | None = None
    exclude: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    jobs: int = 0
    progress: Progress | None = None
    decisions: Path | None = None
