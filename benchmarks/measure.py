"""Running commands side by side: wall clock, CPU of all processes, memory, medians.

The candidates of one question take turns, so that a machine that slows down slows all of
them. Only medians and ratios are worth reading.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
SCRUB = [sys.executable, "-I", "-c", "import sys; sys.path.insert(0, sys.argv.pop(1));"
         " from scrubber.cli import main; main()", str(ROOT)]  # fmt: skip
_TICK = 0.01  # seconds between two looks at memory


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of wall clock and of CPU, and peak bytes if they were watched."""

    wall: float
    cpu: float
    peak: int = 0  # all processes together
    first: int = 0  # the process that was started
    code: int = 0
    output: str = ""


Candidate = Callable[[], Run]


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    watch: bool = False,
    allowed: Sequence[int] = (0,),
) -> Run:
    """Runs one command to its end. What earlier runs left to be written is written first.

    Raises RuntimeError, with the end of what it said, when it ends with another code than
    `allowed`.
    """
    os.sync()
    begin = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, **(env or {})},
    )  # fmt: skip
    watcher = _Watcher(process.pid) if watch else None
    assert process.stdout is not None  # asked for above
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - begin
    process.returncode = code = os.waitstatus_to_exitcode(status)
    if watcher is not None:
        watcher.stop()
    if code not in allowed:
        raise RuntimeError(f"{command[0]} ended with {code}: {output[-500:]}")
    return Run(
        wall,
        usage.ru_utime + usage.ru_stime,
        watcher.peak if watcher else 0,
        watcher.first if watcher else 0,
        code,
        output,
    )


def take_turns(candidates: Mapping[str, Candidate], rounds: int) -> dict[str, list[Run]]:
    """Every candidate once a round, in the same order."""
    runs: dict[str, list[Run]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            runs[name].append(candidate())
    return runs


def wall(runs: Sequence[Run]) -> float:
    return median(run.wall for run in runs)


def cpu(runs: Sequence[Run]) -> float:
    return median(run.cpu for run in runs)


def of(runs: Mapping[str, Sequence[Run]], one: str, other: str, what: str = "wall") -> float:
    """The median over the rounds of `one` ÷ `other`, each round with its own neighbour."""
    pairs = zip(runs[one], runs[other], strict=True)
    if what == "cpu":
        return median(a.cpu / b.cpu for a, b in pairs)
    return median(a.wall / b.wall for a, b in pairs)


class _Watcher:
    """Adds up the resident memory of a process and its descendants, again and again."""

    def __init__(self, process: int) -> None:
        self.peak = 0
        self.first = 0
        self._process = process
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(_TICK):
            own = _resident(self._process)
            self.first = max(self.first, own)
            self.peak = max(self.peak, own + sum(map(_resident, _below(self._process))))


def _below(process: int) -> list[int]:
    try:
        words = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    children = [int(word) for word in words]
    return children + [other for child in children for other in _below(child)]


def _resident(process: int) -> int:
    """Resident bytes; pages that processes share are counted in each of them."""
    try:
        pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
