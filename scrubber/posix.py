"""The calls that only POSIX systems have. Elsewhere they do nothing and say so.

A worker limits itself: memory (setrlimit), core dumps, and its life to its
parent's (prctl on Linux; elsewhere the closed pipe ends it).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def limit_memory(n: int) -> bool:
    """Let this process map at most `n` bytes more than it does now.

    True if that took effect.
    """
    if sys.platform == "win32":
        return False
    import resource

    limit = _mapped() + n
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (OSError, ValueError):
        return False
    return True


def _mapped() -> int:
    """Bytes of address space mapped now (proc(5), statm field 1), or 0 where nobody tells."""
    import resource

    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            return int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0


def cpu_seconds(pid: int) -> float | None:
    """Processor time that a process has used (proc(5), stat fields 14 and 15), if it is told."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
            fields = stat.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError):
        return None


def no_core_dumps() -> bool:
    """A crash must not leave a picture of our memory on disk. True if that took effect."""
    if sys.platform == "win32":
        return False
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return False
    return True


def die_with_parent() -> bool:
    """Ask the kernel to kill this process when the thread that started it ends (prctl(2)).

    True if that took effect.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) == 0)


@contextmanager
def interrupts_blocked() -> Iterator[None]:
    """A process started inside inherits that it never receives SIGINT (Ctrl-C).

    An interrupt that arrives meanwhile reaches this thread afterwards.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
