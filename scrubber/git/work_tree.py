"""Copies in the work tree: replaced only when they are, byte for byte, what they should be."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import FolderError
from scrubber.git.repository import Repository
from scrubber.git.vault import digest_of

SAME, OTHER, ABSENT = "same", "other", "absent"
_PREFIX = "tree-"


@dataclass(frozen=True, slots=True)
class WorkTree:
    """The files below `top`. New ones are written in `near`, a folder of git's own, and moved."""

    top: Path
    near: Path

    @classmethod
    def of(cls, repository: Repository, top: Path) -> WorkTree:
        """Removes what a run that was killed has left in `near`."""
        near = repository.common_dir / "scrub"
        near.mkdir(mode=0o700, exist_ok=True)
        for left in near.glob(f"{_PREFIX}*"):
            with contextlib.suppress(OSError):
                left.unlink()
        return cls(top, near)

    def state(self, path: str, sha256: str, size: int) -> str:
        """Whether the copy of `path` has these bytes: same, other, absent."""
        place = self.top / path
        try:
            status = os.lstat(place)
        except (FileNotFoundError, NotADirectoryError):
            return ABSENT
        if not stat.S_ISREG(status.st_mode) or not self._inside(place):
            return OTHER
        if status.st_size != size:
            return OTHER
        return SAME if digest_of(place) == sha256 else OTHER

    def write(self, path: str, source: Path, executable: bool = False) -> None:
        """Puts a copy of `source` at `path` in one step; keeps the mode of what it replaces.

        Raises FolderError.
        """
        place = self.top / path
        if not self._inside(place):
            raise FolderError(f"{place} lies behind a link, so it is left alone.")
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            mode = _mode(place, executable)
            try:
                self._move(source, place, self.near, mode)
            except OSError as error:
                if error.errno != 18:  # EXDEV: git's folder is on another file system
                    raise
                self._move(source, place, place.parent, mode)
        except OSError as error:
            raise FolderError(
                f"{place} cannot be written ({error.strerror}).", fix="Check its permissions."
            ) from error

    def _move(self, source: Path, place: Path, near: Path, mode: int) -> None:
        handle, name = tempfile.mkstemp(prefix=_PREFIX, dir=near)
        try:
            with os.fdopen(handle, "wb") as to, source.open("rb") as given:
                shutil.copyfileobj(given, to, 1 << 20)
                os.fchmod(to.fileno(), mode)
                to.flush()
                os.fsync(to.fileno())
            os.replace(name, place)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            raise

    def _inside(self, place: Path) -> bool:
        parent = place.parent
        return parent.resolve() == self.top.resolve() / parent.relative_to(self.top)


def _mode(place: Path, executable: bool) -> int:
    try:
        return stat.S_IMODE(os.lstat(place).st_mode)
    except FileNotFoundError:
        umask = os.umask(0o077)
        os.umask(umask)
        return (0o777 if executable else 0o666) & ~umask
