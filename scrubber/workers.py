"""Local worker processes: a crash, a hang or a memory blow-up costs one task.

The standard library's pool loses every pending item when one worker dies. Here each
worker has pipes of its own and announces what it starts, so exactly that task fails
and what waited behind it goes to another worker. Workers start with `python -I`: a module
that lies in the working directory is never imported.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from types import FrameType, TracebackType
from typing import IO, Any, Generic, Protocol, TypeVar

from scrubber import posix
from scrubber.errors import ScrubError
from scrubber.worker_process import Job, attempt, frame, read_frame, resolve

T = TypeVar("T")
WORKER_DIED, TIMED_OUT, TOO_LARGE, INTERNAL = "worker-died", "timed-out", "too-large", "internal"

_HOME = str(Path(__file__).resolve().parent.parent)
_START = (
    "import sys; sys.path.append(sys.argv[1]); from scrubber.worker_process import main; main()"
)
_WINDOW = 8  # tasks ahead of a worker when tasks are tiny
_TINY = 0.02  # seconds
_PIPE_ROOM = 4096 if sys.platform == "win32" else 16384  # bytes a pipe takes without its reader
_FALSE_STARTS = 3  # workers in a row that may die before they did anything
_SETUP_SECONDS = 300.0
_GOODBYE_SECONDS = 3.0
_PATIENCE = 6  # times its limit, for a task that gets no processor
# Else glibc gives a photo's block back at once, and has every page of the next zeroed again.
_MALLOC = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "67108864"}


class Interrupted(KeyboardInterrupt):
    """Ctrl-C: nothing new was started; with one press, what was running was finished."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the work function returned for `task`, after `seconds`."""

    task: T
    value: Any  # whatever the work function returns: its caller knows the type
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Failed(Generic[T]):
    """`task` has no result. `detail` names a place in the code, never content."""

    task: T
    code: str  # worker-died, timed-out, too-large, internal
    detail: str = ""


class Workers(Protocol):
    """What Pool and SerialPool have in common."""

    def run(
        self, tasks: Iterable[T], *, deadline: Callable[[T], float]
    ) -> Iterator[Done[T] | Failed[T]]:
        """One result a task, as they come. `deadline` gives the seconds a task may take."""
        ...


@dataclass(slots=True)
class _Sent:
    number: int
    task: Any
    pickled: bytes


@dataclass(slots=True, eq=False)
class _Worker:
    process: subprocess.Popen[bytes]
    sent: deque[_Sent] = field(default_factory=deque)  # in the order the worker takes them
    running: int | None = None
    expires: float = 0.0
    seconds: float = 0.0  # what the running task may take
    begun: tuple[float, float | None] = (0.0, None)  # when it began, and the processor time then
    condemned: int | None = None  # the task it is being killed for
    ready: bool = False
    ended: bool = False


class Pool:
    """Worker processes that live until `close`. Use as a context manager.

    `initialise` and `work` are "module:function". `initialise(setup)` runs once in each worker
    and returns the state for `work(state, task)`; set-up, tasks and results must pickle.
    `memory` is what a worker may allocate beyond what set-up needed, in bytes.
    """

    def __init__(
        self,
        workers: int,
        *,
        initialise: str,
        work: str,
        setup: object = None,
        memory: int | None = None,
        import_paths: tuple[str, ...] = (),
    ) -> None:
        self._size = max(1, workers)
        self._job = frame(Job(initialise, work, setup, memory, import_paths, os.getpid()))
        self._workers: list[_Worker] = []
        self._events: SimpleQueue[tuple[_Worker, Any] | None] = SimpleQueue()
        self._false_starts = 0
        self._mean = 1.0  # seconds a task, recent ones counting most
        self._numbers = 0
        self._interrupts = 0

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pids(self) -> list[int]:
        """Process ids of the workers that live."""
        return [worker.process.pid for worker in self._workers if not worker.ended]

    def run(
        self, tasks: Iterable[T], *, deadline: Callable[[T], float]
    ) -> Iterator[Done[T] | Failed[T]]:
        """One result a task, as they come. See Workers.run.

        Ctrl-C once: nothing new starts, running tasks are finished and yielded, then Interrupted
        is raised. Twice: the workers are killed first. Raises ScrubError if workers cannot start.
        """
        feed = iter(tasks)
        again: deque[_Sent] = deque()
        self._interrupts = 0
        try:
            with self._listening():
                while self._feed(feed, again):
                    event = self._wait()
                    if self._interrupts:
                        self._stop_idle()
                    if event is not None:
                        yield from self._take(*event, again, deadline)
                    elif self._interrupts > 1:
                        break
            if self._interrupts:
                raise Interrupted
        finally:
            if self._interrupts or any(worker.sent for worker in self._workers):
                self._kill_all()

    def close(self) -> None:
        """End the workers: they are asked first, then killed."""
        for worker in self._workers:
            with suppress(OSError):
                _pipe(worker.process.stdin).close()
        limit = time.monotonic() + _GOODBYE_SECONDS
        for worker in self._workers:
            with suppress(subprocess.TimeoutExpired):
                worker.process.wait(max(0.0, limit - time.monotonic()))
        self._kill_all()

    # feeding

    def _feed(self, feed: Iterator[Any], again: deque[_Sent]) -> bool:
        """Give every worker something to do. False when nothing is left to wait for."""
        if not self._interrupts:
            for worker in self._workers:
                self._fill(worker, feed, again)
            while len(self._workers) < self._size:
                first = self._next(feed, again)
                if first is None:
                    break
                again.appendleft(first)
                self._workers.append(self._start())
                self._fill(self._workers[-1], feed, again)
        return any(worker.sent for worker in self._workers)

    def _fill(self, worker: _Worker, feed: Iterator[Any], again: deque[_Sent]) -> None:
        window = _WINDOW if self._mean < _TINY else 1
        if worker.condemned is not None or len(worker.sent) > window // 2:
            return
        room = _PIPE_ROOM - sum(len(one.pickled) + 64 for one in worker.sent)
        batch: list[_Sent] = []
        while len(worker.sent) + len(batch) < window:
            task = self._next(feed, again)
            if task is None:
                break
            room -= len(task.pickled) + 64
            # A task larger than the pipe goes alone to a worker that is waiting for it.
            if room < 0 and (worker.sent or batch):
                again.appendleft(task)
                break
            batch.append(task)
        if batch:
            worker.sent.extend(batch)
            self._write(worker, frame([(one.number, one.pickled) for one in batch]))

    def _next(self, feed: Iterator[Any], again: deque[_Sent]) -> _Sent | None:
        if again:
            return again.popleft()
        for task in feed:
            self._numbers += 1
            return _Sent(self._numbers, task, pickle.dumps(task, protocol=5))
        return None

    def _start(self) -> _Worker:
        with posix.interrupts_blocked():
            process = subprocess.Popen(
                [sys.executable, "-I", "-c", _START, _HOME],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=-1,
                env={**os.environ, **_MALLOC},
            )
        worker = _Worker(process, expires=time.monotonic() + _SETUP_SECONDS)
        threading.Thread(target=self._listen, args=(worker,), daemon=True).start()
        self._write(worker, self._job)
        return worker

    def _write(self, worker: _Worker, data: bytes) -> None:
        pipe = _pipe(worker.process.stdin)
        with suppress(OSError):  # a dead worker is noticed by its listener
            pipe.write(data)
            pipe.flush()

    def _listen(self, worker: _Worker) -> None:
        stream = _pipe(worker.process.stdout)
        try:
            while (message := read_frame(stream)) is not None:
                self._events.put((worker, message))
        except (OSError, ValueError, pickle.UnpicklingError, EOFError):
            worker.process.kill()
        with suppress(OSError):
            stream.close()
        self._events.put((worker, None))

    # listening

    def _wait(self) -> tuple[_Worker, Any] | None:
        """The next message, or None after an interrupt or when a deadline has passed."""
        live = [one for one in self._workers if one.condemned is None]
        busy = [one.expires for one in live if one.running is not None or not one.ready]
        until = min(busy, default=None)
        try:
            left = None if until is None else max(0.0, until - time.monotonic())
            return self._events.get(timeout=left)
        except Empty:
            now = time.monotonic()
            for worker in live:
                if worker.expires <= now and (worker.running is not None or not worker.ready):
                    worker.expires = now + _unused(worker, now)
                    if worker.expires > now:
                        continue
                    worker.condemned = worker.running or 0
                    worker.process.kill()
            return None

    def _take(
        self,
        worker: _Worker,
        message: Any,
        again: deque[_Sent],
        deadline: Callable[[Any], float],
    ) -> Iterator[Done[Any] | Failed[Any]]:
        if worker.ended or worker not in self._workers:
            return
        if message is None:
            yield from self._bury(worker, again)
            return
        if isinstance(message, str):
            raise ScrubError("A worker could not be set up.", message)
        finished, starting = message
        worker.ready = True
        if finished is not None:
            number, code, value, seconds = finished
            sent = worker.sent.popleft()
            if sent.number != number:
                raise ScrubError("A worker answered out of turn.")
            self._mean += (seconds - self._mean) / 4
            self._false_starts = 0
            if code is None:
                yield Done(sent.task, pickle.loads(value), seconds)
            else:
                yield Failed(sent.task, code, value)
        worker.running = starting
        if starting is not None and self._interrupts:  # it began the next one before it was asked
            worker.condemned = 0
            worker.process.kill()
        elif starting is not None:
            now = time.monotonic()
            worker.seconds = deadline(worker.sent[0].task)
            worker.begun = (now, posix.cpu_seconds(worker.process.pid))
            worker.expires = now + worker.seconds

    def _bury(self, worker: _Worker, again: deque[_Sent]) -> Iterator[Failed[Any]]:
        """A worker has ended: blame the task it had announced, save those behind it."""
        worker.ended = True
        self._workers.remove(worker)
        status = worker.process.wait()
        blamed = None
        if worker.condemned is None:
            blamed = worker.running
        elif worker.condemned == worker.running:
            blamed = worker.condemned
        if blamed is not None:
            poison = worker.sent.popleft()
            code = WORKER_DIED if worker.condemned is None else TIMED_OUT
            yield Failed(poison.task, code, _ending(status) if code == WORKER_DIED else "")
        elif not worker.ready:
            self._false_starts += 1
            if self._false_starts >= _FALSE_STARTS:
                raise ScrubError("Workers end before they are ready.", _ending(status))
        if self._interrupts:
            worker.sent.clear()
        again.extendleft(reversed(worker.sent))
        worker.sent.clear()

    # ending

    def _stop_idle(self) -> None:
        """After an interrupt: a worker that has started nothing is not waited for."""
        for worker in self._workers:
            if self._interrupts > 1 or (worker.running is None and worker.condemned is None):
                worker.condemned = 0
                worker.process.kill()

    def _kill_all(self) -> None:
        for worker in self._workers:
            worker.ended = True
            worker.process.kill()
            worker.process.wait()
            with suppress(OSError):
                _pipe(worker.process.stdin).close()
        self._workers.clear()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        """Count interrupts instead of raising in the middle of something. The third one raises."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupted(number: int, at: FrameType | None) -> None:
            self._interrupts += 1
            self._events.put(None)
            if self._interrupts > 2:
                raise KeyboardInterrupt

        before = signal.signal(signal.SIGINT, interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _unused(worker: _Worker, now: float) -> float:
    """Seconds that a task may still have: on a busy machine it has waited more than it ran."""
    began, before = worker.begun
    spent = posix.cpu_seconds(worker.process.pid)
    if before is None or spent is None or worker.running is None:
        return 0.0
    patience = began + _PATIENCE * worker.seconds - now
    left = min(worker.seconds - (spent - before), patience)
    return left if left > _TINY else 0.0


class SerialPool:
    """The same interface in this process, for tests and debugging. It isolates nothing.

    A task that runs past its deadline is reported late, as a result.
    """

    def __init__(self, *, initialise: str, work: str, setup: object = None) -> None:
        self._state = resolve(initialise)(setup)
        self._work = resolve(work)

    def run(
        self, tasks: Iterable[T], *, deadline: Callable[[T], float]
    ) -> Iterator[Done[T] | Failed[T]]:
        """One result a task, in order. See Workers.run."""
        for task in tasks:
            began = time.perf_counter()
            code, value = attempt(self._work, self._state, task)
            if code is None:
                yield Done(task, value, time.perf_counter() - began)
            else:
                yield Failed(task, code, value)


def _pipe(stream: IO[bytes] | None) -> Any:
    """Popen's pipe, which is there because we asked for it (IO[bytes] is not BinaryIO)."""
    assert stream is not None
    return stream


def _ending(status: int) -> str:
    if status < 0:
        with suppress(ValueError):
            return f"ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
