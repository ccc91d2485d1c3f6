"""One hook file of git: our lines go in behind the first line, and come out without a trace.

In front of what is there, because a hook that ends with `exit` or `exec` would never come to
lines at its end. A hook that is no shell script (or a link) moves aside and is started by a
script of ours when the look is over. A file is always replaced in one step.
"""

from __future__ import annotations

import os
import re
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import FolderError
from scrubber.git.shell import END, OWN, SHEBANG, START, Program, block, program_in, wrapper

BEHIND = "behind-scrub"
"""Folder below the hooks folder for hooks that moved aside; they keep their names."""

_SHELLS = re.compile(rb"#![ \t]*\S*?(?:/env[ \t]+(?:-S[ \t]*)?(?:\S*/)?)?(?:\S*/)?"
                     rb"(?:sh|bash|dash|ash|ksh|mksh|zsh)(?:[ \t][^\r\n]*)?\n?")  # fmt: skip
_START, _END = START.encode("utf-8"), END.encode("utf-8")


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a hook file. `program` is the scrub that our lines name."""

    kind: str  # none, foreign, block, wrapper
    runs: bool = True  # git ignores a file that is not executable
    program: Program | None = None


def look(path: Path) -> Seen:
    """What the hook file holds. Raises FolderError when it cannot be read."""
    data = _read(path)
    if data is None:
        return Seen("none")
    runs = os.access(path, os.X_OK)
    span = _span(path, data)
    if span is None:
        return Seen("foreign", runs)
    text = data[span[0] : span[1]].decode("utf-8", "surrogateescape")
    return Seen("wrapper" if _is_wrapper(path, data) else "block", runs, program_in(text))


def put(path: Path, event: str, program: Program) -> str:
    """Brings our lines into the hook file: made, added, wrapped, renewed, or same.

    Raises FolderError for a file that git would not run, or that cannot be changed.
    """
    data = _read(path)
    if data is None:
        _make_folder(path.parent)
        _replace(path, (SHEBANG + block(event, program, own=True)).encode(), 0o755)
        return "made"
    if not os.access(path, os.X_OK):
        raise FolderError(
            f"{path} is there but not executable, so git does not run it.",
            "With our lines in it, it would begin to run.",
            f"Make it executable (chmod +x {path}) or remove it, then try again.",
        )
    mode = stat.S_IMODE(os.stat(path).st_mode)
    if (span := _span(path, data)) is not None:
        return _renew(path, data, span, mode, event, program)
    first, rest = _first_line(data)
    if path.is_symlink() or not _is_shell(first, data):
        return _wrap(path, event, program)
    if first.endswith(b"\r\n"):
        raise FolderError(
            f"{path} has the line ends of Windows, which the shell does not take.",
            fix="Convert it, then try again.",
        )
    lines = block(event, program).encode()
    if first and not first.endswith(b"\n"):  # only a first line, without its end
        first, lines = first + b"\n", lines[:-1]
    _replace(path, first + lines + rest, mode)
    return "added"


def take(path: Path) -> str:
    """Removes our lines: removed, or none. What was there before is there again."""
    data = _read(path)
    span = _span(path, data) if data is not None else None
    if data is None or span is None:
        return "none"
    if _is_wrapper(path, data):
        _unwrap(path)
        return "removed"
    own = OWN.encode() in data[span[0] : span[1]]
    left = _without(data, span)
    if own and left == SHEBANG.encode():
        _changed(path, os.unlink, path)
    else:
        _replace(path, left, stat.S_IMODE(os.stat(path).st_mode))
    return "removed"


# the marked lines ---------------------------------------------------------------


def _span(path: Path, data: bytes) -> tuple[int, int] | None:
    """Where our lines stand, marks included. Raises FolderError for half of them."""
    start, end = data.find(_START), data.find(_END)
    if start < 0 and end < 0:
        return None
    marks = data.count(_START), data.count(_END)
    if marks != (1, 1) or end < start or (start and data[start - 1 : start] != b"\n"):
        raise FolderError(
            f"{path} holds only half of our lines, or holds them twice.",
            "It is not clear what to take out.",
            f"Remove the lines from `{START[:15]}…` to `{END}` by hand.",
        )
    stop = end + len(_END)
    return start, stop + (data[stop : stop + 1] == b"\n")


def _without(data: bytes, span: tuple[int, int]) -> bytes:
    start, stop = span
    if not data[:stop].endswith(b"\n"):  # there was no end of line where we came in
        start -= data[start - 1 : start] == b"\n"
    return data[:start] + data[stop:]


def _renew(
    path: Path, data: bytes, span: tuple[int, int], mode: int, event: str, program: Program
) -> str:
    if _is_wrapper(path, data):
        new = wrapper(event, program, f"{BEHIND}/{path.name}").encode()
    else:
        own = OWN.encode() in data[span[0] : span[1]]
        lines = block(event, program, own=own).encode()
        whole = data[: span[1]].endswith(b"\n")
        new = data[: span[0]] + (lines if whole else lines[:-1]) + data[span[1] :]
    if new == data:
        return "same"
    _replace(path, new, mode)
    return "renewed"


def _first_line(data: bytes) -> tuple[bytes, bytes]:
    """The line that names the interpreter ("" if there is none), and the rest."""
    if not data.startswith(b"#!"):
        return b"", data
    first, end, rest = data.partition(b"\n")
    return first + end, rest


def _is_shell(first: bytes, data: bytes) -> bool:
    if first:
        return _SHELLS.fullmatch(first.replace(b"\r\n", b"\n")) is not None
    return b"\0" not in data[:4096]  # git gives a text without a first line to the shell


# hooks that are no shell scripts ------------------------------------------------


def _is_wrapper(path: Path, data: bytes) -> bool:
    span = _span(path, data)
    tail = data[span[1] :] if span else b""
    return f"/{BEHIND}/{path.name}".encode() in tail and data.startswith(SHEBANG.encode() + _START)


def _wrap(path: Path, event: str, program: Program) -> str:
    """The hook itself goes aside under its own name; for a moment it stands in both places."""
    aside = path.parent / BEHIND / path.name
    if os.path.lexists(aside):
        raise FolderError(f"{aside} is in the way.", fix="Look what it is, and move it elsewhere.")
    _make_folder(aside.parent)
    if path.is_symlink():
        target = os.readlink(path)
        moved = target if os.path.isabs(target) else os.path.join("..", target)
        _changed(aside, os.symlink, moved, aside)
    else:
        _changed(aside, os.link, path, aside)
    _replace(path, wrapper(event, program, f"{BEHIND}/{path.name}").encode(), 0o755)
    return "wrapped"


def _unwrap(path: Path) -> None:
    aside = path.parent / BEHIND / path.name
    if not os.path.lexists(aside):
        raise FolderError(
            f"{aside} is gone: the hook that was there before us.",
            fix=f"Bring it back, or remove {path} by hand.",
        )
    if aside.is_symlink() and not os.path.isabs(target := os.readlink(aside)):
        new = aside.with_name(f"{aside.name}.new")
        _changed(aside, os.symlink, target.removeprefix("../"), new)
        _changed(path, os.replace, new, path)
        _changed(aside, os.unlink, aside)
    else:
        _changed(path, os.replace, aside, path)
    with suppress(OSError):
        aside.parent.rmdir()


# files --------------------------------------------------------------------------


def _read(path: Path) -> bytes | None:
    try:
        if not os.path.lexists(path):
            return None
        if not path.is_file():
            raise FolderError(f"{path} is no file, so it is left alone.")
        with path.open("rb") as stream:
            return stream.read()
    except OSError as error:
        raise _folder_error(path, error) from error


def _replace(path: Path, data: bytes, mode: int) -> None:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                os.fchmod(stream.fileno(), mode)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise
    except OSError as error:
        raise _folder_error(path, error) from error


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _folder_error(path, error) from error


def _changed(path: Path, act: Callable[..., object], *words: str | Path) -> None:
    try:
        act(*words)
    except OSError as error:
        raise _folder_error(path, error) from error


def _folder_error(path: Path, error: OSError) -> FolderError:
    return FolderError(
        f"{path} cannot be changed",
        f"({error.strerror}), so the hook is as it was.",
        "Check the permissions of the folder.",
    )
