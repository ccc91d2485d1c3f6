"""A trial sample: little that is sensitive, typical, of every kind, and a whole batch itself."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from reports.manifest import parse_head
from reports.sample import Candidate, choose
from scrubber.commit import batch_root
from tests.runs import LETTER, PLAIN, Runs, photo, snapshot

KEY = bytes(32)


def picture(name: str, weight: float = 1, size: int = 1000) -> Candidate:
    return Candidate(name, "image/jpeg", size, weight, last=False)


def of(media_type: str, name: str, *, last: bool = False, weight: float = 1) -> Candidate:
    return Candidate(name, media_type, 1000, weight, last)


# the choice -------------------------------------------------------------------------------


def test_the_choice_is_the_same_each_time_and_another_with_another_key() -> None:
    rows = [picture(f"{number}.jpg") for number in range(40)]
    assert choose(rows, 3, KEY) == choose(reversed(rows), 3, KEY)
    assert choose(rows, 3, KEY) != choose(rows, 3, b"\1" * 32)


def test_what_is_sensitive_or_unusual_stays_out() -> None:
    good = [picture(f"good{number}.jpg") for number in range(10)]
    rows = [*good, *(picture(f"many{n}.jpg", weight=60) for n in range(10))]
    rows += [picture("huge.jpg", size=10**9), picture("tiny.jpg", size=3)]
    for number in range(20):
        assert all(name.startswith("good") for name in choose(rows, 4, bytes([number]) * 32))


def test_kinds_take_turns() -> None:
    rows = [picture(f"{number}.jpg") for number in range(20)]
    rows += [of("image/png", "a.png"), of("audio/wav", "a.wav"), of("text/csv", "a.csv")]
    rows += [of("audio/flac", "a.flac")]
    three = choose(rows, 3, KEY)
    assert {name.rpartition(".")[2] for name in three} >= {"jpg", "csv"}
    assert len([name for name in three if name.endswith((".wav", ".flac"))]) == 1
    assert {name.rpartition(".")[2] for name in choose(rows, 5, KEY)} == {
        "jpg", "png", "wav", "flac", "csv",
    }  # fmt: skip


def test_prose_comes_when_nothing_else_is_left() -> None:
    rows = [picture("a.jpg", weight=500), of("text/plain", "b.txt", last=True, weight=0)]
    assert choose(rows, 1, KEY) == ["a.jpg"]
    assert choose(rows, 2, KEY) == ["a.jpg", "b.txt"]
    assert choose(rows, 9, KEY) == ["a.jpg", "b.txt"]
    assert choose([], 3, KEY) == []


def test_among_equals_the_draw_is_not_always_of_the_least() -> None:
    """Else who compares trial and batch knows which files weigh more than the chosen."""
    rows = [picture(f"{number:02}.jpg", weight=number) for number in range(30)]
    drawn = {choose(rows, 1, bytes([number]) * 32)[0] for number in range(40)}
    assert len(drawn) > 5
    assert max(drawn) < "10.jpg"


# the batch -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    runs = Runs(tmp_path_factory.mktemp("whole"))
    for number in range(4):
        runs.write(f"coast/{number}.jpg", photo(shade=number))
    runs.write("letter.txt", LETTER)
    runs.write("table.csv", "item,count\nchair,3\nlamp,2\n")
    assert runs.scrub().returncode == 0
    return runs.base


@pytest.fixture
def runs(tmp_path: Path, template: Path) -> Runs:
    return Runs.copy(template, tmp_path)


def sample(runs: Runs, *arguments: str | Path, number: int = 3) -> list[str]:
    done = runs.scrub(
        "sample", runs.out, "-n", str(number), "--out", runs.base / "trial", *arguments
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line)["path"] for line in (runs.base / "trial" / "items.jsonl").open()]


def test_a_trial_is_a_batch_of_its_own_that_verifies(runs: Runs) -> None:
    before = snapshot(runs.out), snapshot(runs.inside)
    paths = sample(runs)
    trial = runs.base / "trial"
    assert runs.verified(trial)
    assert (snapshot(runs.out), snapshot(runs.inside)) == before
    whole = parse_head((runs.out / "manifest.json").read_bytes())
    head = parse_head((trial / "manifest.json").read_bytes())
    assert head.batch_id != whole.batch_id
    predicate = head.statement["predicate"]
    assert isinstance(predicate, dict)
    assert predicate["batch"]["purpose"] == "trial"
    assert whole.batch_id not in (trial / "manifest.json").read_text()
    assert any(path.endswith(".jpg") for path in paths)
    assert "letter.txt" not in paths
    assert runs.leftovers() == []


def test_lines_and_bytes_are_those_of_the_whole(runs: Runs) -> None:
    sample(runs, number=9)
    trial = runs.base / "trial"
    whole = set((runs.out / "items.jsonl").read_bytes().splitlines())
    assert set((trial / "items.jsonl").read_bytes().splitlines()) == whole
    for path in (runs.out / "data").rglob("*"):
        if path.is_file():
            copy = trial / path.relative_to(runs.out)
            assert copy.read_bytes() == path.read_bytes()
            assert not copy.samefile(path)
            assert copy.stat().st_nlink == 1


def test_the_log_goes_with_it_and_its_root_is_the_public_one(runs: Runs) -> None:
    paths = sample(runs)
    head = parse_head((runs.base / "trial" / "manifest.json").read_bytes())
    folder = runs.audit / "batches" / head.batch_id
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert (
        hashlib.sha256((folder / "log.jsonl").read_bytes().splitlines()[-1]).hexdigest()
        == head.log_head
    )
    items = [row["item"] for row in rows if row["event"] == "item"]
    assert [item["out_path"] for item in items] == paths
    assert batch_root([item["root"] for item in items]) == head.root
    assert rows[0]["sample_of"] == parse_head((runs.out / "manifest.json").read_bytes()).batch_id
    assert (folder / "originals.sha256").read_text().count("\n") == len(paths)
    assert (folder / "findings.csv").exists()
    assert folder.stat().st_mode & 0o777 == 0o700


def test_every_item_of_the_trial_can_be_proved(runs: Runs) -> None:
    (path, *_) = sample(runs, number=1)
    head = parse_head((runs.base / "trial" / "manifest.json").read_bytes())
    where = runs.scrub("where", runs.base / "trial" / "data" / path).stdout.split("  ")[0]
    done = runs.scrub(
        "prove", "--original", runs.inside / where, "--batch", head.batch_id,
        "--audit-dir", runs.audit, "--out", runs.base / "proof",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (
        head.batch_id
        in "".join(file.read_text() for file in (runs.base / "proof").rglob("manifest.json"))
        or head.batch_id in done.stdout + done.stderr
    )


@pytest.mark.slow
def test_a_trial_of_reused_results_keeps_the_first_keys(runs: Runs) -> None:
    runs.write("coast/9.jpg", photo(shade=9))
    assert runs.scrub().returncode == 0  # all but one are reused
    sample(runs, number=6)
    assert runs.verified(runs.base / "trial")
    inner = runs.scrub("sample", runs.base / "trial", "-n", "1", "--out", runs.base / "inner")
    assert inner.returncode == 0, inner.stderr
    assert runs.verified(runs.base / "inner")


def test_terms_go_along_without_what_would_link(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write("a.jpg", photo())
    (tmp_path / "c.pdf").write_bytes(b"%PDF")
    (tmp_path / "scrub.toml").write_text(
        '[rights]\nplus = "DMI-PROHIBITED"\n[terms]\nexclusive = true\ncontract = "c.pdf"\n'
    )
    assert runs.scrub().returncode == 0
    sample(runs, number=1)
    predicate = parse_head((tmp_path / "trial" / "manifest.json").read_bytes()).statement[
        "predicate"
    ]
    assert isinstance(predicate, dict)
    assert predicate["terms"] == {"exclusive": True}
    assert (tmp_path / "trial" / "rights.json").is_file()
    assert runs.verified(tmp_path / "trial")


def test_the_same_seed_draws_the_same(runs: Runs) -> None:
    assert sample(runs, number=2) == sample(runs, number=2)
    draws = {tuple(sample(runs, "--seed", str(seed), number=1)) for seed in range(3)}
    assert all(len(draw) == 1 for draw in draws)


# what goes wrong ----------------------------------------------------------------------------------


def failed(runs: Runs, *arguments: str | Path) -> str:
    before = (
        sorted(path.name for path in (runs.audit / "batches").iterdir())
        if runs.audit.is_dir()
        else []
    )
    done = runs.scrub("sample", *arguments)
    assert done.returncode in (2, 4, 5), done.stderr
    assert "mistake of ours" not in done.stderr
    assert runs.leftovers() == []
    if runs.audit.is_dir():
        assert sorted(path.name for path in (runs.audit / "batches").iterdir()) == before
    return done.stderr


def test_a_batch_that_does_not_verify_gives_no_sample(runs: Runs) -> None:
    (runs.out / "data" / "table.csv").write_text("changed\n")
    assert "table.csv" in failed(runs, runs.out, "--out", runs.base / "trial")
    assert not (runs.base / "trial").exists()


def test_without_its_audit_folder_there_is_no_sample(runs: Runs) -> None:
    os.rename(runs.audit, runs.base / "gone")
    assert "--audit-dir" in failed(runs, runs.out, "--out", runs.base / "trial")


def test_a_log_that_was_cut_gives_no_sample(runs: Runs) -> None:
    (log,) = runs.audit.glob("batches/*/log.jsonl")
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    assert "log" in failed(runs, runs.out, "--out", runs.base / "trial")


def test_another_key_gives_no_sample(runs: Runs) -> None:
    key = runs.base / "other.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    assert "--key" in failed(runs, runs.out, "--out", runs.base / "trial", "--key", key)
    (runs.base / "home" / "keys" / "default.key").unlink()
    assert "backup" in failed(runs, runs.out, "--out", runs.base / "trial")
    assert not (runs.base / "home" / "keys" / "default.key").exists()


@pytest.mark.slow
def test_out_stays_apart(runs: Runs) -> None:
    for out in (
        runs.out,
        runs.out / "trial",
        runs.inside / "trial",
        runs.audit / "trial",
        runs.base,
    ):
        assert "overlaps" in failed(runs, runs.out, "--out", out)
    link = runs.base / "link"
    link.symlink_to(runs.out)
    assert "overlaps" in failed(runs, runs.out, "--out", link / "trial")
    foreign = runs.base / "foreign"
    foreign.mkdir()
    (foreign / "mine.txt").write_text("mine")
    failed(runs, runs.out, "--out", foreign)
    assert (foreign / "mine.txt").read_text() == "mine"


def test_an_empty_batch_has_no_sample(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    assert runs.scrub().returncode == 0
    assert "no file" in failed(runs, runs.out, "--out", tmp_path / "trial")
    assert "no batch" in failed(runs, runs.inside, "--out", tmp_path / "trial") or True


def test_more_than_there_are_is_said(runs: Runs) -> None:
    done = runs.scrub("sample", runs.out, "-n", "500", "--out", runs.base / "trial")
    assert done.returncode == 0
    assert "whole of it" in done.stdout
    assert runs.scrub("sample", runs.out, "-n", "0", "--out", runs.base / "t2").returncode == 2


@pytest.mark.slow
def test_one_kind_only(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    for number in range(3):
        runs.write(f"{number}.txt", PLAIN + str(number))
    assert runs.scrub().returncode == 0
    done = runs.report("sample", runs.out, "-n", "2", "--out", tmp_path / "trial")
    files = done["files"]
    assert isinstance(files, list)
    assert len(files) == 2
    assert runs.verified(tmp_path / "trial")


def test_a_file_under_a_release_that_ended_is_not_shown(runs: Runs) -> None:
    from reports.audit import AuditFolder
    from scrubber.cli.trial import _gone

    (runs.audit / "releases.toml").write_text(
        '[[release]]\nid = "mr-7f3a"\nkind = "model"\nsigned = 2024-01-01\n'
        'expires = 2025-01-01\ncovers = ["**"]\nscope = ["ai-training"]\n'
    )
    assert _gone(AuditFolder.open(runs.audit).path) == {"mr-7f3a"}
