"""One poison task costs one task, whatever it does to its process."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scrubber.errors import ScrubError
from scrubber.workers import Done, Failed, Pool, SerialPool

HERE = str(Path(__file__).parent)
Task = tuple[str, object]

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX systems")


def pool(workers: int = 2, *, work: str = "worker_tasks:act", **options: Any) -> Pool:
    return Pool(
        workers,
        initialise="worker_tasks:initialise",
        work=work,
        import_paths=(HERE,),
        **options,
    )


def minute(task: object) -> float:
    return 60.0


def outcome(result: Done[Any] | Failed[Any]) -> tuple[Any, str]:
    return result.task, "done" if isinstance(result, Done) else result.code


def run(
    tasks: list[Task], deadline: Callable[[Task], float] = minute, **options: Any
) -> dict[Task, str]:
    with pool(**options) as workers:
        results = [outcome(result) for result in workers.run(tasks, deadline=deadline)]
    assert len(results) == len(tasks)
    return dict(results)


def alive(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except OSError:
        return False
    return stat.rsplit(")", 1)[1].split()[0] != "Z"


def wait_until(happened: Callable[[], Any], seconds: float = 20.0) -> None:
    limit = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < limit, "it did not happen in time"
        os.sched_yield()


def test_every_task_has_one_result_whatever_the_number_of_workers() -> None:
    expected = {number: number * number for number in range(50)}
    for workers in (1, 3):
        with pool(workers, work="worker_tasks:square") as several:
            found = {
                result.task: result.value
                for result in several.run(range(50), deadline=minute)
                if isinstance(result, Done)
            }
        assert found == expected


@pytest.mark.parametrize(
    ("poison", "code"),
    [
        (("kill", 0), "worker-died"),
        (("segfault", 0), "worker-died"),
        (("exit", 0), "worker-died"),
        (("raise", "a value"), "internal"),
        (("unpicklable", 0), "internal"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_poison_task_fails_alone(poison: Task, code: str) -> None:
    tasks: list[Task] = [("value", number) for number in range(30)]
    tasks.insert(17, poison)
    results = run(tasks)
    assert results.pop(poison) == code
    assert set(results.values()) == {"done"}


def test_a_task_that_hangs_is_ended_at_its_deadline(tmp_path: Path) -> None:
    hang: Task = ("hang", str(tmp_path / "pid"))
    tasks: list[Task] = [("value", 1), hang, *(("value", n) for n in range(2, 12))]
    results = run(tasks, lambda task: 0.5 if task == hang else 60.0)
    assert results.pop(hang) == "timed-out"
    assert set(results.values()) == {"done"}
    assert not alive(int((tmp_path / "pid").read_text(encoding="ascii")))


@pytest.mark.skipif(sys.platform != "linux", reason="processor time is told by Linux")
def test_a_task_that_gets_no_processor_has_more_time() -> None:
    waits: Task = ("sleep", 0.6)
    assert run([waits], lambda _: 0.3) == {waits: "done"}


def test_memory_is_bounded_and_the_task_that_wanted_more_is_named() -> None:
    big: Task = ("allocate", 1 << 30)
    small: Task = ("allocate", 1 << 20)
    results = run([big, *(("value", n) for n in range(5)), small], memory=256 << 20)
    assert results.pop(big) == "too-large"
    assert set(results.values()) == {"done"}


@pytest.mark.slow
def test_two_of_twenty_are_poison_and_eighteen_finish(tmp_path: Path) -> None:
    hang: Task = ("hang", str(tmp_path / "pid"))
    tasks: list[Task] = [("value", number) for number in range(18)]
    tasks[5:5] = [("segfault", 0)]
    tasks[11:11] = [hang]
    results = run(tasks, lambda task: 1.0 if task == hang else 60.0)
    failed = {task: code for task, code in results.items() if code != "done"}
    assert failed == {("segfault", 0): "worker-died", hang: "timed-out"}


def test_poison_behind_poison_is_blamed_one_by_one() -> None:
    tasks: list[Task] = [("kill", 0), ("exit", 1), ("segfault", 2), ("kill", 3), ("value", 4)]
    results = run(tasks, workers=1)
    assert [results[task] for task in tasks] == ["worker-died"] * 4 + ["done"]


def test_tiny_tasks_ahead_of_poison_do_not_suffer_with_it() -> None:
    # Enough tiny ones that the worker is given several ahead.
    tasks: list[Task] = [("value", number) for number in range(200)]
    for place in (60, 61, 100, 101, 102, 150):
        tasks[place] = ("exit", place)
    results = run(tasks, workers=1)
    assert {task for task, code in results.items() if code != "done"} == {
        task for task in tasks if task[0] == "exit"
    }


def test_a_worker_killed_from_outside_costs_only_what_it_was_doing(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    tasks: list[Task] = [("hang", str(mark)), *(("value", number) for number in range(20))]

    def killing() -> Iterator[Task]:
        for number, task in enumerate(tasks):
            if number == 15:
                wait_until(lambda: mark.exists() and mark.read_text(encoding="ascii"))
                os.kill(int(mark.read_text(encoding="ascii")), signal.SIGKILL)
            yield task

    with pool(2) as workers:
        results = dict(outcome(one) for one in workers.run(killing(), deadline=minute))
    assert results.pop(tasks[0]) == "worker-died"
    assert len(results) == 20
    assert set(results.values()) == {"done"}


def test_no_worker_outlives_a_parent_that_is_killed(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = (
        "import signal, sys; sys.path[:0] = sys.argv[1:3]\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in background jobs
        "from test_workers import pool, minute\n"
        "list(pool(1).run([('hang', sys.argv[3])], deadline=minute))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, HERE, str(Path(HERE).parent), str(mark)]
    )
    wait_until(lambda: mark.exists() and mark.read_text(encoding="ascii"))
    worker = int(mark.read_text(encoding="ascii"))
    assert alive(worker)
    parent.kill()
    parent.wait()
    wait_until(lambda: not alive(worker))


def test_the_first_interrupt_finishes_what_runs_and_starts_nothing(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; sys.path[:0] = sys.argv[1:3]\n"
        "from test_workers import pool, minute\n"
        "from scrubber.workers import Interrupted\n"
        "def tasks():\n"
        "    for number in range(1000):\n"
        "        if number == 2: os.kill(os.getpid(), signal.SIGINT)\n"
        "        yield ('sleep', 0.3)\n"
        "seen = 0\n"
        "workers = pool(1)\n"
        "try:\n"
        "    for result in workers.run(tasks(), deadline=minute): seen += 1\n"
        "except Interrupted: print('interrupted', seen, workers.pids)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, HERE, str(Path(HERE).parent)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    # Two had been finished; the third was fetched when the interrupt came, and was given out.
    assert done.stdout in {"interrupted 2 []\n", "interrupted 3 []\n"}
    assert done.stderr == ""


def test_the_second_interrupt_kills(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    script = (
        "import signal, sys; sys.path[:0] = sys.argv[1:3]\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # ignored in background jobs
        "from test_workers import pool\n"
        "from scrubber.workers import Interrupted\n"
        "def noticed(task): open(sys.argv[4], 'w').close(); return 60.0\n"
        "try: list(pool(1).run([('hang', sys.argv[3])], deadline=noticed))\n"
        "except Interrupted: sys.exit(130)\n"
    )
    started = tmp_path / "started"  # the parent knows that the task runs
    parent = subprocess.Popen(
        [sys.executable, "-c", script, HERE, str(Path(HERE).parent), str(mark), str(started)]
    )
    wait_until(lambda: started.exists() and mark.exists() and mark.read_text(encoding="ascii"))
    parent.send_signal(signal.SIGINT)
    with pytest.raises(subprocess.TimeoutExpired):
        parent.wait(0.5)
    parent.send_signal(signal.SIGINT)
    assert parent.wait(20) == 130
    wait_until(lambda: not alive(int(mark.read_text(encoding="ascii"))))


def test_an_interrupt_of_the_terminal_does_not_reach_a_worker() -> None:
    with pool(1) as workers:
        tasks: list[Task] = [("pid", 0)]
        (first,) = workers.run(tasks, deadline=minute)
        assert isinstance(first, Done)
        os.kill(first.value, signal.SIGINT)
        (second,) = workers.run(tasks, deadline=minute)
        assert isinstance(second, Done)
        assert second.value == first.value


def test_what_a_library_prints_cannot_spoil_the_answers(capfd: pytest.CaptureFixture[str]) -> None:
    assert run([("speak", "chatter")]) == {("speak", "chatter"): "done"}
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.replace("\r", "") in {"chatter\nraw\n", "raw\nchatter\n"}


def test_a_worker_leaves_no_core_and_imports_nothing_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pickle.py").write_text("raise SystemExit(3)", encoding="ascii")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pool(1) as workers:
        tasks: list[Task] = [("limits", 0), ("path", 0)]
        limits, path = (one.value for one in workers.run(tasks, deadline=minute))  # type: ignore[union-attr]  # a failure fails the test
    assert resource.RLIMIT_CORE == 4
    assert limits == (0, 0)
    assert not {"", str(tmp_path)} & set(path)


def test_details_of_a_failure_hold_no_content() -> None:
    with pool(1) as workers:
        (failed,) = workers.run([("raise", "Ann Example")], deadline=minute)
    assert isinstance(failed, Failed)
    assert failed.detail.startswith("ValueError at worker_tasks.py:")
    assert "Ann" not in failed.detail


@pytest.mark.parametrize("setup", ["broken", "deadly"])
def test_workers_that_cannot_start_are_an_error_not_a_loop(setup: str) -> None:
    with pool(2, setup=setup) as workers, pytest.raises(ScrubError, match=r"[Ww]orkers? "):
        list(workers.run([("value", 1)], deadline=minute))


def test_large_tasks_and_results_travel() -> None:
    blobs = [os.urandom(1 << 20) for _ in range(4)]
    results = run([("value", blob) for blob in blobs])
    assert len(results) == 4


def test_workers_live_on_between_runs_and_end_with_the_pool() -> None:
    with pool(1) as workers:
        tasks: list[Task] = [("pid", 0)]
        pids = {one.value for _ in range(2) for one in workers.run(tasks, deadline=minute)}  # type: ignore[union-attr]  # a failure fails the test
        assert pids == set(workers.pids)
    assert not any(alive(pid) for pid in pids)


def test_a_consumer_that_stops_early_leaves_nothing_running() -> None:
    with pool(2) as workers:
        results = workers.run((("value", n) for n in range(10**9)), deadline=minute)
        next(results)
        pids = workers.pids
        results.close()  # type: ignore[attr-defined]  # it is a generator
    assert not any(alive(pid) for pid in pids)


def test_the_serial_twin_gives_the_same_results() -> None:
    tasks: list[Task] = [("value", 1), ("raise", "x"), ("value", 2)]
    serial = SerialPool(initialise="worker_tasks:initialise", work="worker_tasks:act")
    with pool(2) as workers:
        several = dict(outcome(one) for one in workers.run(tasks, deadline=minute))
    assert dict(outcome(one) for one in serial.run(tasks, deadline=minute)) == several


def test_a_tiny_task_costs_a_tenth_of_a_millisecond_of_this_process() -> None:
    with pool(1, work="worker_tasks:square") as workers:
        list(workers.run(range(50), deadline=minute))
        before = time.process_time()
        assert sum(1 for _ in workers.run(range(2000), deadline=minute)) == 2000
        spent = (time.process_time() - before) / 2000
    assert spent < 0.0005  # five times what an idle machine needs
