"""What runs inside a worker: read tasks, announce each before it starts, answer at once.

Frames in both directions are a 4-byte length and a pickle. Parent to worker: a list of
(id, pickled task). Worker to parent: (finished, starting), where `finished` is None or
(id, failure code or None, pickled value or detail, seconds) and `starting` is an id or
None. The announcement travels in the same write as the last answer, so that the parent
always knows what a dead worker was doing.
"""

from __future__ import annotations

import importlib
import os
import pickle
import signal
import struct
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO

from scrubber import posix

LENGTH = struct.Struct(">I")
TOO_LARGE, INTERNAL = "too-large", "internal"


@dataclass(frozen=True, slots=True)
class Job:
    """What every worker of a pool is told once. Functions are "module:function"."""

    initialise: str
    work: str
    setup: Any  # picklable, understood by `initialise` alone
    memory: int | None  # bytes that may be allocated beyond what set-up needed
    import_paths: tuple[str, ...]
    parent: int  # process id


def resolve(name: str) -> Callable[..., Any]:
    """The function that "module:function" names. Its types are known to whoever named it."""
    module, _, function = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


def read_frame(stream: BinaryIO) -> Any:
    """The next frame, or None at the end of the stream. Frames are the caller's own types."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    body = stream.read(length)
    return pickle.loads(body) if len(body) == length else None


def frame(value: object) -> bytes:
    body = pickle.dumps(value, protocol=pickle.HIGHEST_PROTOCOL)
    return LENGTH.pack(len(body)) + body


def where(error: BaseException) -> str:
    """Type and place of an error, without its text: that may quote the file."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def attempt(work: Callable[..., Any], state: object, task: object) -> tuple[str | None, Any]:
    """(failure code or None, value or detail) of one task."""
    try:
        return None, work(state, task)
    except MemoryError as error:
        return TOO_LARGE, where(error)
    except Exception as error:  # the border: whatever a task raises costs that task alone
        return INTERNAL, where(error)


def main() -> None:
    """Serve the parent on the standard streams until it closes them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    posix.die_with_parent()
    posix.no_core_dumps()
    source, sink = _own_streams()
    job: Job | None = read_frame(source)
    if job is None or (os.name == "posix" and os.getppid() != job.parent):
        return
    sys.path.extend(path for path in job.import_paths if path not in sys.path)
    try:
        work, state = resolve(job.work), resolve(job.initialise)(job.setup)
    except Exception as error:  # told to the parent, which gives up
        sink.write(frame(f"{where(error)}: {error}"))
        sink.flush()
        return
    if job.memory is not None:
        posix.limit_memory(job.memory)
    _serve(source, sink, work, state)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Private copies of the pipes; a library that prints reaches stderr, one that reads nothing."""
    source, sink = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return source, sink


def _serve(source: BinaryIO, sink: BinaryIO, work: Callable[..., Any], state: object) -> None:
    waiting: deque[tuple[int, bytes]] = deque()
    finished: tuple[int, str | None, object, float] | None = None
    while True:
        if not waiting:
            _send(sink, (finished, None))
            finished = None
            batch = read_frame(source)
            if batch is None:
                return
            waiting.extend(batch)
        number, pickled = waiting.popleft()
        _send(sink, (finished, number))
        began = time.perf_counter()
        code, value = attempt(_unpickled(work), state, pickled)
        if code is None:
            code, value = attempt(lambda _, result: pickle.dumps(result, protocol=5), None, value)
        finished = (number, code, value, time.perf_counter() - began)
        if code == TOO_LARGE:  # what is left of the heap is not to be trusted
            _send(sink, (finished, None))
            return


def _unpickled(work: Callable[..., Any]) -> Callable[[object, bytes], Any]:
    return lambda state, pickled: work(state, pickle.loads(pickled))


def _send(sink: BinaryIO, value: object) -> None:
    sink.write(frame(value))
    sink.flush()
