"""A private folder for the copies that a scan makes, outside every repository.

It is removed at the end, also after Ctrl-C or a termination signal. What a killed scan left
behind is removed by the next one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from scrubber.errors import FolderError
from scrubber.git.repository import GitFailed, Repository
from scrubber.keys import data_home

_PREFIX = "scrub-git-"
_NAME = re.compile(_PREFIX + r"(\d+)-\w+")


class Terminated(SystemExit):
    """Somebody asked the scan to end; nothing has been said about the change."""


@contextmanager
def workspace(repository: Repository) -> Iterator[Path]:
    """The folder, 0700. Raises FolderError when no place outside the repository can be used."""
    inside = [path.resolve() for path in (repository.top(), repository.common_dir) if path]
    with _ended_by_signals():
        folder = _make(inside)
        try:
            yield folder
        except OSError as error:
            if isinstance(error, BrokenPipeError):
                raise
            raise GitFailed(
                f"The scan could not go on ({error.strerror or type(error).__name__}),",
                "so nothing may pass.",
                "Free some space or memory, then try again.",
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _make(inside: list[Path]) -> Path:
    for place in (Path(tempfile.gettempdir()), Path("/tmp"), Path("/var/tmp"), data_home()):
        try:
            where = place.resolve()
            if any(where.is_relative_to(path) for path in inside):
                continue
            if place == data_home():
                where.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sweep_up(where)
            return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir=where))
        except OSError:
            continue
    raise FolderError(
        "There is no folder for temporary files outside the repository.",
        "Copies of what is scanned must not lie in it.",
        "Set TMPDIR to a folder outside it.",
    )


def _sweep_up(place: Path) -> None:
    """Removes what scans of this user left that were killed."""
    for entry in os.scandir(place) if hasattr(os, "geteuid") else ():
        match = _NAME.fullmatch(entry.name)
        if match is None:
            continue
        with suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
                _remove_if_dead(int(match.group(1)), entry.path)


def _remove_if_dead(pid: int, path: str) -> None:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        shutil.rmtree(path, ignore_errors=True)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP unwind like Ctrl-C, so that the folder is removed."""

    def end(number: int, _: FrameType | None) -> None:
        raise Terminated(128 + number)

    before = {}
    for name in ("SIGTERM", "SIGHUP"):
        if (number := getattr(signal, name, None)) is not None:
            with suppress(ValueError):  # not in the main thread
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
