"""One program, started without a shell and waited for, with signals passed on to it."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress

from scrubber.errors import UsageError

_PASSED_ON = (
    signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
)  # fmt: skip
_OURS = (signal.SIGPIPE, signal.SIGXFSZ)
"""Python ignores them; a program that is started from it must not."""


def find_program(word: str) -> None:
    """Raises UsageError if `word` names no program that can be started."""
    if shutil.which(word) is not None:
        return
    if os.path.isdir(word):
        raise UsageError(f"{word} is a folder and no program.", fix="Give the program after --.")
    if os.path.lexists(word) and os.sep in word:
        raise UsageError(
            f"{word} is not executable.", fix="chmod +x it, or start it through its interpreter."
        )
    raise UsageError(
        f"There is no program {word}.", "It is not on the PATH.", "Install it, or give its path."
    )


def run_child(words: Sequence[str]) -> int:
    """Runs a program with our environment, terminal and files, and returns its exit code.

    128 + n if signal n ended it. Ctrl-C reaches it from the terminal; what somebody sends to
    this process alone is passed on. Raises UsageError if it cannot be started. Main thread only.
    """
    watched = {*_PASSED_ON, signal.SIGCHLD}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    try:
        code = _wait(_start(words, before), watched)
    finally:
        while _left():
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return 128 - code if code < 0 else code


def _start(words: Sequence[str], mask: set[signal.Signals | int]) -> int:
    try:
        return os.posix_spawnp(words[0], list(words), os.environ, setsigmask=mask, setsigdef=_OURS)
    except OSError as error:
        raise UsageError(
            f"{words[0]} could not be started:",
            f"{error.strerror}.",
            "Nothing was uploaded. Try it without the gate, on another folder.",
        ) from error


def _wait(pid: int, watched: set[signal.Signals]) -> int:
    """The exit code as Python has it, when the program has ended."""
    ended: list[int] = []
    here = threading.get_ident()

    def wait() -> None:
        ended.append(os.waitpid(pid, 0)[1])
        signal.pthread_kill(here, signal.SIGCHLD)  # the system's may go to any thread

    waiter = threading.Thread(target=wait, daemon=True)
    waiter.start()
    while not ended:
        number, from_terminal = _next(watched)
        if number != signal.SIGCHLD and not from_terminal and not ended:
            with suppress(ProcessLookupError):  # it has ended this moment
                os.kill(pid, number)
    waiter.join()
    return os.waitstatus_to_exitcode(ended[0])


def _next(watched: set[signal.Signals]) -> tuple[int, bool]:
    """The next signal, and whether the program has got it too: the kernel sent it to the group."""
    if hasattr(signal, "sigwaitinfo"):
        found = signal.sigwaitinfo(watched)
        return found.si_signo, found.si_code > 0
    return signal.sigwait(watched), os.isatty(0)


def _left() -> bool:
    """Takes one signal that came while the program ended; it must not stop what follows."""
    pending = signal.sigpending() & {*_PASSED_ON, signal.SIGCHLD}
    if pending:
        signal.sigwait(pending)
    return bool(pending)
