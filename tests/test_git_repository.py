"""The repository is found as git finds it, and nothing is written, fetched or hidden."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private

from scrubber.errors import Held
from scrubber.git.objects import Objects
from scrubber.git.repository import GitFailed, find


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def test_found_from_a_folder_below(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.write("a/b/c", "x")
    monkeypatch.chdir(repo.path / "a" / "b")
    found = find()
    assert (found.git_dir, found.top()) == (repo.path / ".git", repo.path)
    assert found.path("scrub") == repo.path / ".git" / "scrub"


def test_a_linked_work_tree_shares_the_common_folder(repo: Repo, tmp_path: Path) -> None:
    repo.commit()
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    os.chdir(tmp_path / "other")
    found = find()
    assert found.git_dir == repo.path / ".git" / "worktrees" / "other"
    assert found.common_dir == repo.path / ".git"
    assert found.top() == tmp_path / "other"


def test_bare_and_sha256(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Repo(tmp_path / "bare.git", "--bare", "--object-format=sha256")
    monkeypatch.chdir(other.path)
    found = find()
    assert (found.bare, found.hash_name, found.top(), len(found.null)) == (True, "sha256", None, 64)


def test_no_repository_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch, tmp_path / "home")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitFailed, match="no git repository"):
        find()


def test_a_repository_of_somebody_else(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(GitFailed, match=r"does not trust.*safe\.directory"):
        find()


def test_git_is_missing(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(GitFailed, match="not installed"):
        find()


def test_aliases_pagers_and_monitors_do_not_run(repo: Repo, tmp_path: Path) -> None:
    trap = tmp_path / "ran"
    program = tmp_path / "trap"
    program.write_text(f"#!/bin/sh\ntouch {trap}\n")
    program.chmod(0o755)
    for setting in ("core.fsmonitor", "core.pager", "alias.diff-index", "diff.external"):
        repo.git("config", setting, f"!{program}" if "alias" in setting else str(program))
    repo.add("a.jpg", private())
    trap.unlink(missing_ok=True)
    from scrubber.git.staged import staged

    assert [row.path for row in staged(find())] == [b"a.jpg"]
    assert not trap.exists()


def test_replaced_objects_and_grafts_hide_nothing(repo: Repo) -> None:
    first = repo.commit("first")
    repo.add("a.jpg", private())
    second = repo.commit("second")
    harmless = repo.git("hash-object", "-w", "--stdin", stdin=clean())
    photo = repo.oid("HEAD:a.jpg")
    repo.git("replace", photo, harmless)
    repo.write(".git/info/grafts", f"{second}\n")
    found = find()
    with Objects(found) as objects:
        assert objects.read(photo)[1] == private()
    assert list(found.lines("rev-list", second)) == [second, first]


def test_a_damaged_object_is_held_and_the_next_one_read(repo: Repo) -> None:
    good = repo.git("hash-object", "-w", "--stdin", stdin=b"good")
    bad = repo.git("hash-object", "-w", "--stdin", stdin=b"bad" * 5000)
    place = repo.path / ".git" / "objects" / bad[:2] / bad[2:]
    data = bytearray(place.read_bytes())
    data[len(data) // 2] ^= 0x55
    place.chmod(0o644)
    place.write_bytes(data)
    with Objects(find()) as objects:
        with pytest.raises(Held, match="git fsck"):
            objects.read(bad)
        assert objects.read(good) == ("blob", b"good")


def test_an_object_under_a_wrong_name_is_held(repo: Repo) -> None:
    one = repo.git("hash-object", "-w", "--stdin", stdin=b"one")
    other = repo.git("hash-object", "-w", "--stdin", stdin=b"two")
    folder = repo.path / ".git" / "objects"
    place = folder / one[:2] / one[2:]
    place.chmod(0o644)
    place.write_bytes((folder / other[:2] / other[2:]).read_bytes())
    with Objects(find()) as objects, pytest.raises(Held):
        objects.read(one)


def test_a_partial_clone_fetches_nothing(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.jpg", private())
    repo.commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    repo.git("config", "uploadpack.allowAnySHA1InWant", "true")
    copy = tmp_path / "copy"
    clone = ["git", "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repo.path}"]
    subprocess.run([*clone, str(copy)], check=True)
    os.chdir(copy)
    photo = repo.oid("HEAD:a.jpg")
    before = set((copy / ".git" / "objects").rglob("*"))
    with Objects(find()) as objects:
        assert [row.kind for row in objects.info([photo])] == ["missing"]
        with pytest.raises(Held, match="fetches nothing"):
            objects.read(photo)
    assert find().run("cat-file", "-e", photo, ok=(1, 128)) == b""  # git itself may not either
    assert set((copy / ".git" / "objects").rglob("*")) == before


def test_objects_of_an_alternate_are_read(repo: Repo, tmp_path: Path) -> None:
    oid = repo.git("hash-object", "-w", "--stdin", stdin=b"there")
    other = Repo(tmp_path / "other")
    other.write(".git/objects/info/alternates", f"{repo.path}/.git/objects\n")
    os.chdir(other.path)
    with Objects(find()) as objects:
        assert objects.read(oid) == ("blob", b"there")


def test_revisions_never_become_options(repo: Repo) -> None:
    repo.commit()
    assert find().resolve("--all") is None
    assert find().resolve("HEAD", "commit") == repo.oid("HEAD")
    assert find().resolve("nothing") is None
