"""What a run promises about OUT, interruptions, repeats and other runs."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from runs import LETTER, PLAIN, Runs, lists, photo, snapshot

from scrubber import pipeline, staging
from scrubber.errors import FolderError, UsageError
from scrubber.model import Outcome
from scrubber.stored import Stored, load_record


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "w")


def small(runs: Runs) -> Runs:
    runs.write("album/IMG_0001.jpg", photo())
    runs.write("album/IMG_0002.jpg", photo(shade=60))
    runs.write("notes.txt", LETTER)
    runs.write("plain.txt", PLAIN)
    return runs


def text_of(runs: Runs, name: str = "plain.txt") -> str:
    return (runs.out / "data" / name).read_text()


# the same again --------------------------------------------------------------------------


def test_an_unchanged_folder_is_reused_whole_and_gives_the_same_lists(runs: Runs) -> None:
    small(runs).here()
    before, originals = lists(runs.out), snapshot(runs.inside)
    for _ in range(3):  # what a reused batch remembers must last
        result, _ = runs.here()
        assert result.reused == 4
        assert lists(runs.out) == before
    assert snapshot(runs.inside) == originals
    assert runs.leftovers() == []


def test_a_new_person_on_the_list_is_masked_everywhere_by_the_next_run(runs: Runs) -> None:
    small(runs).here()
    runs.here()
    assert "harbour" in text_of(runs)
    (runs.audit / "people.toml").write_text('[[words]]\nname = "harbour"\nentity = "PLACE_NAME"\n')
    runs.here()
    assert "harbour" not in text_of(runs)
    assert "[PLACE_NAME-" in text_of(runs)
    (runs.audit / "people.toml").unlink()
    runs.here()
    assert "harbour" in text_of(runs)


def test_a_listed_word_is_masked_even_if_its_kind_stays_in_texts(runs: Runs) -> None:
    runs.write("plain.txt", "The drafts of Project Teapot are with the printers of Acme now.\n")
    runs.here()
    assert "Project Teapot" in text_of(runs)
    (runs.audit / "people.toml").write_text(
        '[[words]]\nname = "Project Teapot"\nentity = "ORGANIZATION"\n'
    )
    runs.here()
    assert "Teapot" not in text_of(runs)
    assert "[ORGANIZATION-" in text_of(runs)
    runs.here(keep=("ORGANIZATION",))  # now the user wants it kept
    assert "Project Teapot" in text_of(runs)


def test_a_name_that_a_new_photo_teaches_reaches_texts_that_did_not_change(runs: Runs) -> None:
    runs.write("plain.txt", "We were at the Quillfeather house, said marlowe quillfeather.\n")
    runs.write("other.txt", PLAIN)
    runs.here()
    runs.write("IMG_0001.jpg", photo("marlowe quillfeather"))
    runs.here()
    assert "quillfeather" not in text_of(runs)


def test_a_changed_file_is_done_again_and_the_rest_is_not(runs: Runs) -> None:
    small(runs).here()
    runs.write("album/IMG_0002.jpg", photo(shade=90))
    result, _ = runs.here()
    assert result.reused == 3
    assert runs.verified()


def test_a_deleted_original_leaves_out_with_the_next_run(runs: Runs) -> None:
    small(runs).here()
    (runs.inside / "plain.txt").unlink()
    result, _ = runs.here()
    assert not (runs.out / "data/plain.txt").exists()
    assert result.tally.items_out == 3
    assert runs.verified()


def test_another_policy_leaves_nothing_of_the_weaker_one(runs: Runs) -> None:
    small(runs).here(keep=("PHONE_NUMBER",))
    assert "212 555 0147" in text_of(runs, "notes.txt")
    result, records = runs.here()
    assert result.reused == 0
    assert "212 555 0147" not in text_of(runs, "notes.txt")
    result, records = runs.here(policy="strict")
    assert {record.code for record in records.values()} == {"needs-review"}
    assert not any((runs.out / "data").glob("**/*.*"))
    assert result.exit_code == 3


def test_two_recipients_get_tags_that_cannot_be_joined(runs: Runs) -> None:
    small(runs).here(recipient="north")
    north = text_of(runs, "notes.txt")
    runs.here(recipient="south")
    south = text_of(runs, "notes.txt")
    runs.here(recipient="north")
    assert north != south
    assert text_of(runs, "notes.txt") == north


def test_a_file_that_somebody_changed_in_out_is_made_again(runs: Runs) -> None:
    small(runs).here()
    before = lists(runs.out)
    victim = runs.out / "data/plain.txt"
    victim.write_bytes(victim.read_bytes().upper())
    result, _ = runs.here()
    assert result.reused == 3
    assert text_of(runs) == PLAIN
    assert lists(runs.out) == before


def test_fresh_reuses_nothing(runs: Runs) -> None:
    small(runs).here()
    result, _ = runs.here(fresh=True)
    assert result.reused == 0


def test_a_damaged_memory_of_the_last_run_costs_time_only(runs: Runs) -> None:
    small(runs).here()
    before = lists(runs.out)
    (runs.audit / "last.sqlite").write_bytes(b"SQLite format 3\0" + bytes(5000))
    result, _ = runs.here()
    assert result.reused == 0
    assert lists(runs.out) == before


def test_another_key_goes_on_with_nothing_of_the_first(runs: Runs, tmp_path: Path) -> None:
    small(runs).here()
    other = tmp_path / "other.key"
    other.write_bytes(bytes(range(32)))
    other.chmod(0o600)
    before = text_of(runs, "notes.txt")
    result, _ = runs.here(key_file=other)
    assert result.reused == 0
    assert text_of(runs, "notes.txt") != before


@pytest.mark.slow
def test_the_bytes_do_not_depend_on_the_workers(runs: Runs) -> None:
    small(runs)
    found = []
    for number, options in enumerate(({}, {"isolate": True, "jobs": 1}, {"isolate": True})):
        out = runs.base / f"out{number}"
        runs.here(out=out, audit_dir=runs.base / f"audit{number}", **options)
        payload = {
            path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()
        }
        for name in ("manifest.json", "tagmanifest-sha256.txt", "README.md"):  # name the batch
            payload.pop(Path(name))
        found.append(payload)
    assert found[0] == found[1] == found[2]


# interruption ------------------------------------------------------------------------------


class Stop(BaseException):
    """As abrupt as a signal."""


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_run_that_stops_anywhere_is_finished_by_the_next(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    small(runs)
    runs.here(out=runs.base / "whole", audit_dir=runs.base / "other")
    steps = iter(range(after))

    def record(self: object, *arguments: object) -> None:
        real(self, *arguments)
        if next(steps, None) is None:
            self.commit()
            raise Stop

    real = pipeline.Journal.record
    monkeypatch.setattr(pipeline.Journal, "record", record)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    assert not runs.out.exists()
    runs.here()
    assert lists(runs.out) == lists(runs.base / "whole")
    assert runs.leftovers() == []
    assert runs.verified()


def test_texts_done_before_an_interruption_learn_what_came_after(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.write("plain.txt", "Everybody met marlowe quillfeather in the garden that day.\n")

    def stop(self: object) -> None:
        self.journal.commit()
        raise Stop

    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    runs.write("z/IMG_0001.jpg", photo("marlowe quillfeather"))
    runs.here()
    assert "quillfeather" not in text_of(runs)


def test_an_interrupted_batch_carries_no_name_of_its_first_attempt(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs)

    def stop(self: object) -> None:
        raise Stop

    monkeypatch.setattr(staging.Staging, "publish", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    (runs.inside / "plain.txt").unlink()
    runs.here()
    assert not (runs.out / "data/plain.txt").exists()
    assert runs.verified()


def test_a_batch_that_was_published_but_not_remembered_is_not_mixed_with_the_old(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs).here()
    (runs.inside / "plain.txt").unlink()

    real = os.rename

    def rename(source: object, target: object) -> None:
        if ".old-" in os.fspath(target):  # after the swap, before the old batch is put aside
            raise Stop
        real(source, target)

    monkeypatch.setattr(staging.os, "rename", rename)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    assert runs.verified()
    assert not (runs.out / "data/plain.txt").exists()
    result, _ = runs.here()
    assert result.reused == 3
    assert not (runs.out / "data/plain.txt").exists()
    assert runs.leftovers() == []
    assert runs.verified()


def test_a_staged_file_that_changed_while_the_run_was_stopped_is_made_again(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs)

    def stop(self: object) -> None:
        raise Stop

    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    (partial,) = (path for path in runs.base.iterdir() if ".partial-" in path.name)
    for staged in (partial / "objects").iterdir():
        staged.write_bytes(bytes(staged.stat().st_size))
    runs.here()
    assert runs.verified()
    assert text_of(runs) == PLAIN


def test_a_damaged_journal_of_an_interrupted_run_is_started_anew(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs)

    def stop(self: object) -> None:
        raise Stop

    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    (journal,) = runs.audit.glob("work/*/journal.sqlite")
    journal.write_bytes(b"SQLite format 3\0" + os.urandom(4000))
    runs.here()
    assert runs.verified()
    assert runs.leftovers() == []


def test_what_was_held_for_a_passing_reason_is_tried_again_when_the_run_goes_on(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs)
    real = pipeline.Journal.record

    def record(self: object, stored: Stored, *rest: object) -> None:
        row = load_record(stored.record, None, stored.detail)
        if row.path == "plain.txt":
            row = pipeline.replace(row, outcome=Outcome.HELD, code="worker-died", out_path=None)
        real(self, row, *rest)

    def stop(self: object) -> None:
        raise Stop

    monkeypatch.setattr(pipeline.Journal, "record", record)
    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    result, _ = runs.here()
    assert result.exit_code == 0
    assert text_of(runs) == PLAIN


def many(runs: Runs, texts: int = 0) -> Runs:
    for number in range(24):
        runs.write(f"album/IMG_{number:04d}.jpg", photo(shade=number))
    for number in range(texts):
        runs.write(f"text {number}.txt", LETTER * (number + 1))
    return runs


def children(pid: int) -> list[psutil.Process]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).children(recursive=True)
    return []


def gone(processes: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(processes, timeout=20)
    return not alive


def staged(runs: Runs) -> int:
    return sum(1 for path in runs.base.glob("out.partial-*/objects/*"))


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> bool:
    """True once `condition` holds, False if the process ended before."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        if condition():
            return True
        if process.poll() is not None:
            return False
        time.sleep(0.002)
    raise AssertionError("nothing happened")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """A run over pictures and texts that nothing disturbed."""
    runs = many(Runs(tmp_path_factory.mktemp("whole") / "w"), texts=4)
    assert runs.scrub(runs.inside, "--out", runs.out, "--jobs", "2").returncode == 0
    return runs


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    """The same over pictures alone, which is quick."""
    runs = many(Runs(tmp_path_factory.mktemp("pictures") / "w"))
    assert runs.scrub().returncode == 0
    return runs


def twin(whole: Runs, base: Path) -> Runs:
    """The same inputs and the same key elsewhere."""
    runs = Runs(base)
    shutil.rmtree(runs.inside)
    shutil.copytree(whole.inside, runs.inside)
    shutil.copytree(whole.base / "home", base / "home")
    return runs


@pytest.mark.slow
def test_a_killed_run_is_finished_by_the_same_command(whole: Runs, tmp_path: Path) -> None:
    runs = twin(whole, tmp_path / "w")
    process = runs.start(runs.inside, "--out", runs.out, "--jobs", "2")
    wait_for(lambda: staged(runs) >= 5, process)
    workers = children(process.pid)
    process.kill()
    process.communicate()
    assert gone(workers)
    assert not runs.out.exists()
    done = runs.scrub(runs.inside, "--out", runs.out, "--jobs", "2")
    assert done.returncode == 0
    assert lists(runs.out) == lists(whole.out)
    assert runs.leftovers() == []
    assert list((runs.audit / "work").iterdir()) == []
    assert runs.verified()


@pytest.mark.parametrize("presses", [1, 2])
def test_ctrl_c_stops_with_130_and_the_same_command_goes_on(
    pictures: Runs, tmp_path: Path, presses: int
) -> None:
    runs = twin(pictures, tmp_path / "w")
    process = runs.start(runs.inside, "--out", runs.out, "--jobs", "2")
    wait_for(lambda: staged(runs) >= 3, process)
    workers = children(process.pid)
    for _ in range(presses):
        os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Run the same command again" in error
    assert out == b""
    assert b"Traceback" not in error
    assert gone(workers)
    assert not runs.out.exists()
    assert runs.scrub(runs.inside, "--out", runs.out, "--jobs", "2").returncode == 0
    assert lists(runs.out) == lists(pictures.out)


def test_a_killed_worker_costs_its_file_alone_and_the_next_run_has_it(
    pictures: Runs, tmp_path: Path
) -> None:
    runs = twin(pictures, tmp_path / "w")
    process = runs.start(runs.inside, "--out", runs.out, "--jobs", "2")
    wait_for(lambda: staged(runs) >= 3, process)
    for worker in children(process.pid)[:1]:
        with contextlib.suppress(psutil.NoSuchProcess):
            worker.kill()
    process.communicate(timeout=120)
    assert process.returncode in (0, 3)
    assert runs.verified()
    assert runs.scrub(runs.inside, "--out", runs.out, "--jobs", "2").returncode == 0
    assert lists(runs.out) == lists(pictures.out)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(14))
def test_killed_at_a_random_point_out_is_absent_or_whole(
    whole: Runs, tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    runs = twin(whole, tmp_path / "w")
    command = (runs.inside, "--out", runs.out, "--jobs", "2")
    began = time.monotonic()
    if seed % 3 == 0:  # over an OUT that stands already
        assert runs.scrub(*command).returncode == 0
        runs.write("album/IMG_0003.jpg", photo(shade=200))
        shutil.copyfile(whole.inside / "album/IMG_0003.jpg", runs.inside / "album/IMG_0003.jpg")
    took = 4.0 if seed % 3 else min(time.monotonic() - began, 2.0)
    process = runs.start(*command)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(draw.uniform(0.1, took))
    workers = children(process.pid)
    if seed % 2 and workers:
        with contextlib.suppress(psutil.NoSuchProcess):
            draw.choice(workers).kill()
        process.communicate(timeout=120)
        assert process.returncode in (0, 3)
    else:
        process.kill()
        process.communicate()
        assert gone(workers)
    if runs.out.exists():
        assert runs.verified()
    assert runs.scrub(*command).returncode == 0
    assert lists(runs.out) == lists(whole.out)
    assert runs.leftovers() == []
    assert runs.verified()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_runs_that_stop_and_inputs_that_change_end_as_one_undisturbed_run(
    tmp_path: Path, seed: int
) -> None:
    draw = random.Random(seed)
    runs = small(Runs(tmp_path / "w"))
    runs.write("mq.txt", "We met Marlowe Quillfeather there in the garden.\n")
    for _ in range(draw.randint(1, 4)):
        with pytest.MonkeyPatch.context() as patch, contextlib.suppress(Stop):
            _stop_at(patch, draw.randint(0, 50))
            runs.here()
        if runs.out.exists():
            assert (runs.out / "bagit.txt").is_file()
        if draw.random() < 0.4:
            runs.write("album/IMG_0002.jpg", photo(shade=draw.randint(0, 250)))
        if draw.random() < 0.3:
            runs.write("plain.txt", f"{PLAIN}Hello Marlowe Quillfeather {draw.random()}\n")
        if draw.random() < 0.2:
            (runs.inside / "mq.txt").unlink(missing_ok=True)
        if draw.random() < 0.2 and runs.audit.is_dir():
            rows = '[[words]]\nname = "harbour"\nentity = "PLACE_NAME"\n'
            (runs.audit / "people.toml").write_text(rows)
    runs.here()
    undisturbed = twin(runs, tmp_path / "undisturbed")
    if (runs.audit / "people.toml").exists():
        undisturbed.here()
        shutil.copy(runs.audit / "people.toml", undisturbed.audit)
    undisturbed.here(fresh=True)
    assert lists(runs.out) == lists(undisturbed.out)
    assert runs.leftovers() == []
    assert list((runs.audit / "work").iterdir()) == []
    assert runs.verified()


def _stop_at(patch: pytest.MonkeyPatch, steps: int) -> None:
    """Stops before or after one of the calls that change what is on disk."""
    left = [steps]

    def tick() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stop

    def watch(owner: object, name: str) -> None:
        real = getattr(owner, name)

        def watched(*arguments: object, **options: object) -> object:
            tick()
            result = real(*arguments, **options)
            tick()
            return result

        patch.setattr(owner, name, watched)

    for name in ("record", "learnt", "walked", "set_out_path"):
        watch(pipeline.Journal, name)
    watch(staging.Staging, "place")
    watch(staging, "_exchange")
    watch(staging.os, "rename")
    watch(staging.os, "replace")
    watch(pipeline, "freeze")


# beside other things -------------------------------------------------------------------------


def test_a_second_run_into_the_same_out_is_refused_and_harms_nothing(runs: Runs) -> None:
    small(runs)
    lock = os.open(runs.base / ".out.scrub-lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    with pytest.raises(FolderError, match="Another run"):
        runs.here()
    assert not runs.out.exists()
    os.close(lock)
    runs.here()
    assert runs.verified()
    assert runs.leftovers() == []


def test_of_two_runs_at_once_one_gets_a_clear_error(runs: Runs) -> None:
    many(runs)
    first, second = runs.start(), runs.start()
    said = [process.communicate(timeout=120) for process in (first, second)]
    codes = sorted((first.returncode, second.returncode))
    assert codes in ([0, 0], [0, 4])  # the second may have come when the first had ended
    if codes == [0, 4]:
        refused = said[0 if first.returncode else 1][1]
        assert b"nother run" in refused
        assert b"Traceback" not in refused
    assert runs.verified()
    assert runs.leftovers() == []


def test_folders_of_the_user_with_names_like_ours_stay(runs: Runs) -> None:
    small(runs)
    theirs = [
        runs.base / "out.old-2023",
        runs.base / "out.partial-album",
        runs.base / "out.old-b-aaaaaaaaaaaaaaaa",
    ]
    for folder in theirs:
        folder.mkdir()
        (folder / "only copy.txt").write_text(PLAIN)
    runs.here()
    runs.here()
    for folder in theirs:
        assert (folder / "only copy.txt").read_text() == PLAIN


def test_a_stranger_file_in_out_is_not_deleted(runs: Runs) -> None:
    small(runs).here()
    (runs.out / "data/my only copy.txt").write_text(PLAIN)
    with pytest.raises(FolderError, match="no run has written"):
        runs.here()
    assert (runs.out / "data/my only copy.txt").read_text() == PLAIN
    (runs.out / "data/my only copy.txt").unlink()
    (runs.out / "data/.DS_Store").write_bytes(b"junk of the system")
    (runs.out / "manifest.json.sig").write_bytes(b"signature")
    runs.here()
    assert runs.verified()


def test_what_came_to_stand_at_out_while_we_ran_is_not_deleted(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sweep(self: object) -> None:
        runs.out.mkdir()
        (runs.out / "only copy.txt").write_text(PLAIN)
        real(self)

    real = pipeline._Run.sweep
    monkeypatch.setattr(pipeline._Run, "sweep", sweep)
    with pytest.raises(FolderError, match="left alone"):
        small(runs).here()
    monkeypatch.undo()
    assert (runs.out / "only copy.txt").read_text() == PLAIN
    shutil.move(runs.out / "only copy.txt", runs.base)
    runs.here()
    assert runs.verified()


def test_partial_folders_of_runs_that_nobody_resumes_are_removed(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(runs)

    def stop(self: object) -> None:
        raise Stop

    monkeypatch.setattr(pipeline._Run, "sweep", stop)
    with pytest.raises(Stop):
        runs.here()
    monkeypatch.undo()
    assert any(".partial-" in name for name in runs.leftovers())
    runs.here(recipient="somebody else")
    assert runs.leftovers() == []
    assert list((runs.audit / "work").iterdir()) == []


def test_out_and_input_may_not_overlap(runs: Runs) -> None:
    small(runs)
    before = snapshot(runs.inside)
    for out in (runs.inside, runs.inside / "clean", runs.base):
        with pytest.raises(UsageError):
            runs.here(out=out)
    link = runs.base / "link"
    link.symlink_to(runs.inside)
    with pytest.raises(UsageError):
        runs.here(out=link / "clean")
    assert snapshot(runs.inside) == before
