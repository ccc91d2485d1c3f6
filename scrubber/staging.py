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
import re
import shutil
import threading
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.junk import judge_file
from scrubber.transfer import EPOCH_NS

PAYLOAD = "data"
_OBJECTS = "objects"
_MARKS = ("bagit.txt", "manifest.json")
_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_ID = r"b-[a-z2-7]{16}"  # as keys.draw_batch_id makes them
_UNLISTED = ("tagmanifest-sha256.txt", "manifest.json.sig", "manifest.json.sig.tsr")
_STAGED = {PAYLOAD, _OBJECTS}


def check_destination(out: Path, inputs: list[Path]) -> None:
    """Refuses, before any work, an OUT that overlaps the input or that is not ours.

    Links are resolved on both sides. Raises UsageError or FolderError.
    """
    target = Path(os.path.realpath(out))  # resolve() raises on a loop of links
    for source in inputs:
        original = Path(os.path.realpath(source))
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
        if out.is_mount():
            raise FolderError(
                f"{out} is a mount point and cannot be replaced in one step.",
                fix=f"Choose a folder inside it, such as {out / 'clean'}.",
            )
        _refuse_foreign(out)


def _refuse_foreign(out: Path) -> None:
    """Replacing OUT must lose nothing that a run did not write. Raises FolderError."""
    try:
        empty = not any(out.iterdir())
        ours = empty or is_ours(out)
        extra = None if empty or not ours else _extra(out)
    except OSError as error:
        raise FolderError(
            f"{out} cannot be read", f"({error.strerror}).", "Check its permissions."
        ) from error
    if not ours:
        raise FolderError(
            f"{out} is not empty and is not a batch of ours,",
            "so it is left alone.",
            "Choose a new folder for --out.",
        )
    if extra is not None:
        raise FolderError(
            f"{out} holds {extra}, which no run has written",
            "and which replacing the batch would delete.",
            "Move it elsewhere, or choose a new folder for --out.",
        )


def _extra(out: Path) -> str | None:
    """Path of the first file in the batch `out` that its own lists do not name."""
    listed = set(_UNLISTED)
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in (out / name).read_bytes().split(b"\n"):
            listed.add(line[66:].decode("utf-8", "surrogateescape"))
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), out)
            verdict = judge_file(name)
            if path not in listed and (verdict is None or verdict[1] != "os-junk"):
                return path
    return None


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
            self._lock = os.open(self._lock_path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise FolderError(
                f"{parent} cannot be written", f"({error.strerror}).", "Choose another --out."
            ) from error
        self.path = parent / f"{out.name}.partial-{batch}"
        try:
            self._hold()
            self._remove_leftovers(parent)
            self.path.mkdir(mode=0o700, exist_ok=True)
            self.objects.mkdir(mode=0o700, exist_ok=True)
            self._empty()
        except OSError as error:
            self.release()
            raise FolderError(f"{self.path} cannot be made", f"({error.strerror}).") from error

    @property
    def _lock_path(self) -> Path:
        return self.out.parent / f".{self.out.name}.scrub-lock"

    def _hold(self) -> None:
        """Locks, and makes sure that the locked file is still the one with the name."""
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held = os.path.samestat(os.fstat(self._lock), os.stat(self._lock_path))
        except OSError:
            held = False
        if not held:
            os.close(self._lock)
            self._lock = -1
            raise FolderError(
                f"Another run is writing to {self.out}.",
                fix="Wait for it, or choose another --out.",
            )

    @property
    def objects(self) -> Path:
        return self.path / _OBJECTS

    @property
    def payload(self) -> Path:
        return self.path / PAYLOAD

    def object(self, index: int) -> Path:
        return self.objects / f"{index:08x}"

    def _remove_leftovers(self, parent: Path) -> None:
        """Staging folders of runs that ended and were not resumed, and an OUT swapped away."""
        mine = re.compile(re.escape(self.out.name) + rf"\.(partial|old)-{_ID}")
        for entry in parent.iterdir():
            found = mine.fullmatch(entry.name)
            if found is None or entry == self.path or entry.is_symlink() or not entry.is_dir():
                continue
            if is_ours(entry) or {path.name for path in entry.iterdir()} <= _STAGED:
                shutil.rmtree(entry, ignore_errors=True)

    def _empty(self) -> None:
        """Of an interrupted run only the objects count: what it had named may be stale."""
        for entry in self.path.iterdir():
            if entry == self.objects:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def need(self, size: int) -> None:
        """Refuses to start when `size` bytes will not fit. Raises FolderError."""
        free = shutil.disk_usage(self.path).free
        if free < size:
            raise FolderError(
                f"{self.path.parent} has {free:,} bytes free,",
                f"this batch needs about {size:,}.",
                "Free some space, or choose another --out.",
            )

    def begin_writing_out(self) -> None:
        """The system starts to write out what is staged; `publish` waits for the rest."""
        threading.Thread(target=os.sync, daemon=True).start()

    def place(self, index: int, out_path: str) -> None:
        """Moves a staged object to its planned name."""
        target = self.payload / out_path
        try:
            os.rename(self.object(index), target)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(self.object(index), target)

    def publish(self) -> None:
        """Makes the staged folder OUT in one step, and removes the OUT that it replaces.

        Raises FolderError if something that is not ours came to stand there meanwhile.
        """
        if self.out.exists():
            _refuse_foreign(self.out)
        shutil.rmtree(self.objects, ignore_errors=True)
        os.chmod(self.path, 0o755)
        for folder, _, _ in os.walk(self.path):
            os.chmod(folder, 0o755)
            os.utime(folder, ns=(EPOCH_NS, EPOCH_NS))
        os.sync()
        old = self.path.with_name(self.path.name.replace(".partial-b-", ".old-b-"))
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
            with contextlib.suppress(OSError):
                os.unlink(self._lock_path)
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
