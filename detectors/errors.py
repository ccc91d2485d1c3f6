"""What can go wrong while looking. None of these messages holds a piece of the text."""

from __future__ import annotations


class DetectionError(Exception):
    """Base of all errors of the detectors."""


class ModelMissing(DetectionError):
    """A model is not installed. `fix` says how to get it; nothing is ever downloaded."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(f"{what} {fix}")
        self.what = what
        self.fix = fix


class DetectionIncomplete(DetectionError):
    """A detector could not finish, so what it did find must not be taken for everything."""
