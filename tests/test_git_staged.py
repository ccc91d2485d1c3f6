"""What the next commit would hold, in every way a commit can be made."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private, scrub

from scrubber.git.entries import SUBMODULE, SYMLINK, raw_entries
from scrubber.git.gate import check_staged
from scrubber.git.repository import GitFailed, find
from scrubber.git.staged import staged
from scrubber.git.wishes import Wishes

TESTS = Path(__file__).parent
ODD = [b"new\nline.jpg", b"\xff\xfe.jpg", b"-leading.jpg", b"tab\t.jpg", b":colon.jpg", b'"q".jpg']


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def paths() -> dict[bytes, str]:
    return {row.path: row.oid for row in staged(find())}


def test_odd_names_come_through_as_bytes(repo: Repo) -> None:
    for number, name in enumerate(ODD):
        repo.add(name, private(number))
    assert set(paths()) == set(ODD)


def test_the_first_commit_is_everything(repo: Repo) -> None:
    repo.add("a.py", "x = 1\n")
    assert set(paths()) == {b"a.py"}
    repo.commit()
    assert paths() == {}


def test_the_staged_side_counts_both_ways(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.write("a.jpg", clean())
    report = check_staged(find(), Wishes())
    assert report.exit_code == 1
    repo.add("a.jpg", clean())
    repo.write("a.jpg", private())
    assert check_staged(find(), Wishes()).exit_code == 0


def test_deleted_renamed_and_executable(repo: Repo) -> None:
    repo.add("old.py", "x = 1\n")
    repo.add("gone.py", "y = 1\n")
    repo.commit()
    repo.git("mv", "old.py", "new.py")
    repo.git("rm", "-q", "gone.py")
    repo.git("update-index", "--chmod=+x", "new.py")
    assert [(row.path, row.mode) for row in staged(find())] == [(b"new.py", "100755")]


@pytest.mark.slow
def test_links_and_submodules(repo: Repo) -> None:
    os.symlink("/home/marlowe/x", repo.path / "link")
    repo.git("add", "link")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},sub")
    assert {row.path: row.mode for row in staged(find())} == {b"link": SYMLINK, b"sub": SUBMODULE}
    report = check_staged(find(), Wishes())
    assert report.submodules == ["sub"]
    assert (report.inside, report.files) == (1, 2)
    assert [hit.path for hit in report.hits] == ["link"]


def test_an_intended_file_is_no_part_of_the_commit(repo: Repo) -> None:
    repo.write("later.jpg", private())
    repo.git("add", "-N", "later.jpg")
    assert check_staged(find(), Wishes()).exit_code == 0


def test_a_conflict_is_refused(repo: Repo) -> None:
    repo.add("a.py", "x = 1\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.add("a.py", "x = 2\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.add("a.py", "x = 3\n")
    repo.commit()
    repo.git("merge", "-q", "side", fails=True)
    with pytest.raises(GitFailed, match="not merged"):
        check_staged(find(), Wishes())


@pytest.mark.parametrize("words", [("a.jpg",), ("-a",)])
def test_the_index_that_git_hands_over_counts(repo: Repo, words: tuple[str, ...]) -> None:
    """`git commit -- path` and `commit -a` use an index of their own."""
    repo.add("a.jpg", clean())
    repo.commit()
    hook = repo.write(".git/hooks/pre-commit", _HOOK.format(tests=TESTS, python=sys.executable))
    hook.chmod(0o755)
    repo.write("a.jpg", private())
    assert paths() == {}
    repo.git("commit", "-qm", "x", *words, fails=True)
    assert (repo.path / "seen").read_text() == "[b'a.jpg']"


_HOOK = """#!/bin/sh
{python} -I -c "
import sys; sys.path.append('{tests}/..')
from scrubber.git.repository import find
from scrubber.git.staged import staged
open('seen', 'w').write(str([row.path for row in staged(find())]))
sys.exit(1)"
"""


def test_nothing_but_the_kept_verdicts_is_written(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("b.jpg", clean())
    repo.commit()
    repo.add("c.jpg", private(2))
    repo.write("b.jpg", private(3))
    before = repo.state()
    done = scrub("hook", "run", "pre-commit", cwd=repo.path)
    assert done.returncode == 1, done.stderr
    assert "c.jpg: GPS_POSITION" in done.stdout
    assert repo.state() == before


def test_rows_that_are_not_understood_are_refused() -> None:
    with pytest.raises(GitFailed):
        list(raw_entries([b":100644 100644 abc", b"x"]))
    with pytest.raises(GitFailed):
        list(raw_entries([b":000000 100644 0 1 A"]))
