"""What a push would send: all of its history, whatever the tip looks like."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private, scrub

from scrubber.errors import UsageError
from scrubber.git.gate import check_push, check_range, check_received
from scrubber.git.pushed import Pushed, Update, base_of, pushed, updates
from scrubber.git.report import Report
from scrubber.git.repository import GitFailed, find
from scrubber.git.wishes import Wishes

NULL = "0" * 40
TESTS = Path(__file__).parent


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    Repo(tmp_path / "far.git", "--bare")
    made.git("remote", "add", "origin", str(tmp_path / "far.git"))
    monkeypatch.chdir(made.path)
    return made


def line(new: str, old: str = NULL, ref: str = "refs/heads/main") -> bytes:
    return f"{ref} {new} {ref} {old}\n".encode()


def look(given: bytes, remote: str | None = "origin") -> Report:
    """With messages left alone: they need the language model."""
    return check_push(find(), given, remote, _quiet())


def _quiet() -> Wishes:
    named = Path(os.environ["HOME"], "quiet.toml")
    named.write_text("[hook]\nmessages = 'ignore'\n")
    return Wishes(config=named)


def sent(new: str, old: str = NULL, ref: str = "refs/heads/main") -> Pushed:
    return pushed(find(), [Update(ref, new, ref, old)], "origin")


def test_added_in_one_commit_and_removed_in_the_next(repo: Repo) -> None:
    repo.add("a.jpg", private())
    first = repo.commit()
    repo.git("rm", "-q", "a.jpg")
    tip = repo.commit()
    report = look(line(tip))
    assert report.exit_code == 1
    assert [(hit.path, hit.commits) for hit in report.hits] == [("a.jpg", (first,))]


def test_what_the_remote_has_is_not_looked_at_again(repo: Repo) -> None:
    repo.add("a.jpg", private())
    first = repo.commit()
    repo.git("push", "-q", "--no-verify", "origin", "main")
    repo.add("b.py", "x = 1\n")
    tip = repo.commit()
    made = sent(tip, first)
    assert ([row.path for row in made.entries], made.commits) == ([b"b.py"], [tip])
    assert [row.path for row in pushed(find(), [Update("x", tip, "x", NULL)], None).entries] == [
        b"b.py",
        b"a.jpg",
    ]  # to an address nothing is known to be there


def test_a_forced_push_over_an_unknown_commit_counts_everything_new(repo: Repo) -> None:
    repo.add("a.jpg", private())
    tip = repo.commit()
    assert [row.path for row in sent(tip, "9" * 40).entries] == [b"a.jpg"]


def test_a_deleted_branch_sends_nothing(repo: Repo) -> None:
    repo.commit()
    report = look(b"(delete) " + NULL.encode() + b" refs/heads/x " + b"1" * 40 + b"\n")
    assert (report.exit_code, report.files) == (0, 0)


def test_nothing_to_push(repo: Repo) -> None:
    assert look(b"").exit_code == 0


@pytest.mark.parametrize(
    "text", [b"garbage\n", b"a b c\n", b"refs/heads/x 12 refs/heads/x 34\n", b"\n", b"\xff\xff\n"]
)
def test_a_line_that_is_not_git_s_stops_it(repo: Repo, text: bytes) -> None:
    with pytest.raises(UsageError):
        look(text)


def test_a_name_with_spaces_is_still_a_line(repo: Repo) -> None:
    tip = repo.commit()
    given = f"HEAD@{{1 day ago}} {tip} refs/heads/x {NULL}\n".encode()
    assert updates(find(), given)[0].local_ref == "HEAD@{1 day ago}"


def test_every_path_of_a_blob_is_judged(repo: Repo) -> None:
    """The suffix decides what a text is, so the first path seen is not enough."""
    text = "name,city\nMarlowe Quillfeather,Lyon\n"
    repo.add("a.csv", text)
    repo.commit()
    repo.add("b.py", text)
    repo.add("c/a.csv", text)
    tip = repo.commit()
    assert sorted(row.path for row in sent(tip).entries) == [b"a.csv", b"b.py", b"c/a.csv"]


def test_a_merge_that_brings_its_own(repo: Repo) -> None:
    repo.commit("base")
    for name in ("one", "two", "three"):
        repo.git("checkout", "-q", "-b", name, "main")
        repo.add(f"{name}.py", f"{name} = 1\n")
        repo.commit()
    repo.git("checkout", "-q", "main")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "one", "two", "three")
    repo.add("evil.jpg", private())
    tip = repo.commit("octopus")
    assert len(repo.git("rev-list", "--parents", "-1", tip).split()) == 5
    places = {row.path: row.commit for row in sent(tip).entries}
    assert set(places) == {b"one.py", b"two.py", b"three.py", b"evil.jpg"}
    assert places[b"evil.jpg"] == tip


def test_tags_of_everything(repo: Repo) -> None:
    repo.commit()
    tree = repo.git("mktree", stdin=_row(repo, b"in.jpg", private()))
    blob = repo.git("hash-object", "-w", "--stdin", stdin=private(2))
    for name, target in (("tree", tree), ("blob", blob)):
        repo.git("tag", "-a", name, "-m", "By Marlowe Quillfeather", target)
        repo.git("tag", "-a", f"{name}2", "-m", "x", name)
    made = pushed(
        find(),
        [Update("t", repo.oid(f"refs/tags/{name}2"), "t", NULL) for name in ("tree", "blob")],
        "origin",
    )
    assert {row.path for row in made.entries} == {b"in.jpg", b""}
    assert len(made.tags) == 4
    assert look(line(repo.oid("refs/tags/blob2"), ref="refs/tags/blob2")).exit_code == 1


def _row(repo: Repo, name: bytes, data: bytes) -> bytes:
    oid = repo.git("hash-object", "-w", "--stdin", stdin=data)
    return b"100644 blob " + oid.encode() + b"\t" + name + b"\n"


def test_odd_names_in_history(repo: Repo) -> None:
    for number, name in enumerate((b"new\nline.jpg", b"\xff.jpg", b"-f.jpg")):
        repo.add(name, private(number))
    tip = repo.commit()
    report = look(line(tip))
    assert {os.fsencode(hit.path) for hit in report.hits} == {
        b"new\nline.jpg", b"\xff.jpg", b"-f.jpg",
    }  # fmt: skip


def test_a_shallow_clone(repo: Repo, tmp_path: Path) -> None:
    for number in range(3):
        repo.add(f"{number}.py", f"x = {number}\n")
        repo.commit()
    copy = tmp_path / "copy"
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{repo.path}", copy], check=True)
    os.chdir(copy)
    clone = Repo(copy)
    clone.add("a.jpg", private())
    tip = clone.commit()
    assert [row.path for row in sent(tip).entries] == [b"a.jpg"]
    everything = pushed(find(), [Update("x", tip, "x", NULL)], None)
    assert len(everything.entries) == 4  # what its oldest commit holds counts too
    with pytest.raises(GitFailed, match="shallow"):
        check_range(find(), "HEAD~5..HEAD", Wishes())


def test_a_sha256_repository(tmp_path: Path, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Repo(tmp_path / "long", "--object-format=sha256")
    monkeypatch.chdir(other.path)
    other.add("a.jpg", private())
    tip = other.commit()
    assert look(line(tip, "0" * 64), None).exit_code == 1


def test_lost_objects_stop_it(repo: Repo) -> None:
    repo.add("a.jpg", private())
    tip = repo.commit()
    oid = repo.oid("HEAD:a.jpg")
    (repo.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(GitFailed):
        look(line(tip))


def test_objects_left_with_the_remote_are_held(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.jpg", private())
    repo.commit()
    repo.git("config", "uploadpack.allowFilter", "true")
    clone = ["git", "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{repo.path}"]
    subprocess.run([*clone, str(tmp_path / "copy")], check=True)
    os.chdir(tmp_path / "copy")
    before = set((tmp_path / "copy" / ".git" / "objects").rglob("*"))
    report = look(line(repo.oid("HEAD")), None)
    assert report.exit_code == 3
    assert {hit.verdict.code for hit in report.hits} == {"unreadable"}
    assert set((tmp_path / "copy" / ".git" / "objects").rglob("*")) == before


def test_the_rules_come_from_what_the_remote_has(repo: Repo) -> None:
    agreed = repo.commit("agreed")
    repo.git("push", "-q", "--no-verify", "origin", "main")
    tip = repo.commit("new")
    update = Update("refs/heads/x", tip, "refs/heads/x", NULL)
    assert base_of(find(), [update], "origin") == agreed
    assert base_of(find(), [update], None) is None
    other = repo.commit("newer")
    known = Update("refs/heads/x", other, "refs/heads/x", tip)
    assert base_of(find(), [known], None) == tip


@pytest.mark.slow
def test_addresses_and_messages_are_told_and_do_not_stop_it(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "marlowe@laptop.local")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "quill@harbour.test")
    tip = repo.commit("Ask marlowe@harbour.test about it")
    report = check_push(find(), line(tip), "origin", Wishes())
    assert report.exit_code == 0
    assert (report.addresses.personal, report.addresses.machine) == (1, 1)
    assert [hit.path for hit in report.hits] == [f"message of commit {tip[:10]}"]


@pytest.mark.slow
def test_notes_are_words(repo: Repo) -> None:
    repo.commit()
    repo.git("notes", "add", "-m", "seen by marlowe@harbour.test")
    tip = repo.oid("refs/notes/commits")
    report = check_push(find(), line(tip, ref="refs/notes/commits"), "origin", Wishes())
    assert (report.files, report.exit_code) == (0, 0)
    assert report.hits[0].path.startswith("note on ")


def test_a_server_looks_at_what_lies_in_quarantine(repo: Repo, tmp_path: Path) -> None:
    far = tmp_path / "far.git"
    hook = far / "hooks" / "pre-receive"
    hook.write_text(
        _SERVER.format(tests=Path(__file__).parent, python=sys.executable, quiet=_quiet().config)
    )
    hook.chmod(0o755)
    repo.add("a.jpg", private())
    repo.commit()
    repo.git("push", "-q", "origin", "main", fails=True)
    repo.add("a.jpg", clean())
    repo.git("commit", "-q", "--amend", "-m", "x")
    repo.git("push", "-q", "origin", "main")
    assert not list((far / "objects").rglob("tmp_*"))


_SERVER = """#!/bin/sh
exec {python} -I -c "
import sys; sys.path.append('{tests}/..')
from scrubber.cli import main
main()" hook run pre-receive --config {quiet}
"""


def test_a_range_in_words(repo: Repo) -> None:
    first = repo.commit("first")
    repo.add("a.jpg", private())
    tip = repo.commit("second")
    assert check_range(find(), f"{first}..HEAD", _quiet()).exit_code == 1
    assert check_range(find(), f"{NULL}..{tip} --not --remotes", _quiet()).exit_code == 1
    assert check_range(find(), f"{first}...HEAD", _quiet()).exit_code == 1
    assert check_range(find(), first, _quiet()).exit_code == 0
    for wrong in ("--output=x", "", "--all HEAD"):
        with pytest.raises(UsageError):
            check_range(find(), wrong, _quiet())
    with pytest.raises(GitFailed, match="no revision"):
        check_range(find(), "nowhere..HEAD", _quiet())


def test_received_lines(repo: Repo) -> None:
    with pytest.raises(UsageError):
        check_received(find(), b"x y\n", Wishes())


def test_the_hook_as_git_runs_it(repo: Repo) -> None:
    words = ("hook", "run", "pre-push", "origin", "url", "--config", str(_quiet().config))
    repo.add("a.jpg", private())
    first = repo.commit()
    done = scrub(*words, cwd=repo.path, stdin=line(first))
    assert done.returncode == 1
    assert f"in commit {first[:10]}" in done.stdout
    assert "git filter-repo --invert-paths --path=a.jpg" in done.stderr
    repo.add("a.jpg", clean())
    tip = repo.commit("x", "--amend")
    done = scrub(*words, cwd=repo.path, stdin=line(tip))
    assert (done.returncode, done.stdout) == (0, "")
