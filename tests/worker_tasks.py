"""Work for the pool under test: some of it kills the process that does it."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path


def initialise(setup: object) -> object:
    if setup == "broken":
        raise RuntimeError("no model")
    if setup == "deadly":
        os._exit(9)
    return setup


def square(state: object, task: int) -> int:
    return task * task


def act(state: object, task: tuple[str, object]) -> object:
    kind, value = task
    return _ACTS[kind](value)


def _touch_and_wait(path: object) -> int:
    Path(str(path)).write_text(str(os.getpid()), encoding="ascii")
    time.sleep(60)
    return 0


def _allocate(n: object) -> int:
    return len(bytes(int(str(n))))


def _raise(text: object) -> object:
    raise ValueError(text)


def _speak(text: object) -> object:
    print(text)
    sys.stdout.flush()
    os.write(1, b"raw\n")
    return sys.stdin.read()


_ACTS = {
    "value": lambda value: value,
    "kill": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda _: ctypes.string_at(0),
    "exit": lambda _: os._exit(0),
    "hang": _touch_and_wait,
    "sleep": lambda seconds: time.sleep(float(str(seconds))),
    "allocate": _allocate,
    "raise": _raise,
    "unpicklable": lambda _: lambda: None,
    "speak": _speak,
    "pid": lambda _: os.getpid(),
    "limits": lambda _: __import__("resource").getrlimit(4),
    "path": lambda _: list(sys.path),
}
