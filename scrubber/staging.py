"""The folder that a run builds, and the step that makes it OUT.

OUT is at every moment a whole batch or absent: everything is built in
`OUT.partial-<id>` on the same filesystem and swapped in at the end. What this
run did not produce is not in it. An existing OUT that is not ours is refused.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.transfer import EPOCH_NS

PAYLOAD = "data"
_OBJECTS = "objects"
_MARKS = ("bagit.txt", "manifest.json")
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


def check_destination(out: Path, inputs: list[Path]) -> None:
    """Refuses, before any work, an OUT that overlaps the input or that is not ours.

    Links are resolved on both sides. Raises UsageError or FolderError.
    """
    target = out.resolve()
    for source in inputs:
        original = source.resolve()
        if target == original:
            raise UsageError(f"{out} is the input itself.", fix="Choose another folder for --out.")
        if original in target.parents:
            raise UsageError(
                f"{out} lies inside the input {source}.",
                "The next run would scrub its own output.",
                "Choose a folder beside the input for --out.",
            )
        if target in original.parents:
            raise UsageError(
                f"The input {source} lies inside {out},",
                "which would be replaced.",
                "Choose another folder for --out.",
            )
    if out.is_symlink():
        raise UsageError(f"{out} is a symbolic link.", fix="Give the folder itself to --out.")
    if out.exists():
        if not out.is_dir():
            raise FolderError(f"{out} is not a folder.", fix="Choose another folder for --out.")
        if any(out.iterdir()) and not is_ours(out):
            raise FolderError(
                f"{out} is not empty and is not a batch of ours,",
                "so it is left alone.",
                "Choose a new folder for --out.",
            )


def is_ours(folder: Path) -> bool:
    """True for a whole batch that scrub wrote."""
    try:
        head = (folder / "bag-info.txt").read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return "Bag-Software-Agent: scrub" in head and all((folder / name).is_file() for name in _MARKS)


class Staging:
    """`OUT.partial-<id>`, locked while a run builds in it."""

    def __init__(self, out: Path, batch: str) -> None:
        self.out = out
        parent = out.parent
        try:
            parent.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(parent / f".{out.name}.scrub-lock", os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise FolderError(
                f"{parent} cannot be written", f"({error.strerror}).", "Choose another --out."
            ) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise FolderError(
                f"Another run is writing to {out}.", fix="Wait for it, or choose another --out."
            ) from error
        self.path = parent / f"{out.name}.partial-{batch}"
        self._remove_leftovers(parent, batch)
        try:
            self.path.mkdir(mode=0o700, exist_ok=True)
            self.objects.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{self.path} cannot be made", f"({error.strerror}).") from error

    @property
    def objects(self) -> Path:
        return self.path / _OBJECTS

    def object(self, index: int) -> Path:
        return self.objects / f"{index:08x}"

    def _remove_leftovers(self, parent: Path, batch: str) -> None:
        """Staging folders of runs that ended and were not resumed, and an OUT swapped away."""
        for entry in parent.iterdir():
            name = entry.name
            stale = name.startswith(f"{self.out.name}.partial-") and name != self.path.name
            if (stale or name.startswith(f"{self.out.name}.old-")) and entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)

    def need(self, size: int) -> None:
        """Refuses to start when `size` bytes will not fit. Raises FolderError."""
        free = shutil.disk_usage(self.path).free
        if free < size:
            raise FolderError(
                f"{self.path.parent} has {free:,} bytes free,",
                f"this batch needs about {size:,}.",
                "Free some space, or choose another --out.",
            )

    def place(self, index: int, out_path: str) -> None:
        """Moves a staged object to its planned name."""
        target = self.path / PAYLOAD / out_path
        try:
            os.rename(self.object(index), target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(self.object(index), target)

    def publish(self) -> None:
        """Makes the staged folder OUT in one step, and removes the OUT that it replaces."""
        shutil.rmtree(self.objects, ignore_errors=True)
        os.chmod(self.path, 0o755)
        for folder, _, _ in os.walk(self.path):
            os.chmod(folder, 0o755)
            os.utime(folder, ns=(EPOCH_NS, EPOCH_NS))
        os.sync()
        old = self.out.parent / f"{self.out.name}.old-{self.path.name.rsplit('-', 1)[1]}"
        if not self.out.exists():
            os.rename(self.path, self.out)
        elif _exchange(self.path, self.out):
            os.rename(self.path, old)
        else:
            os.rename(self.out, old)
            os.rename(self.path, self.out)
        _sync_folder(self.out.parent)
        shutil.rmtree(old, ignore_errors=True)
        self.release()

    def discard(self) -> None:
        """Removes what was staged: the run will not be resumed."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.release()

    def release(self) -> None:
        if self._lock >= 0:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.out.parent / f".{self.out.name}.scrub-lock")
            os.close(self._lock)
            self._lock = -1


def _exchange(first: Path, second: Path) -> bool:
    """renameat2(RENAME_EXCHANGE): both names change places in one step. False if unsupported."""
    try:
        call = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    failed = call(_AT_FDCWD, os.fsencode(first), _AT_FDCWD, os.fsencode(second), _RENAME_EXCHANGE)
    if failed:
        number = ctypes.get_errno()
        if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
            return False
        raise OSError(number, os.strerror(number))
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
