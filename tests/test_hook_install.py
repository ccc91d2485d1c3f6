"""`scrub hook install`: into git's hooks beside whatever is there, and out without a trace."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private, scrub

from scrubber.errors import FolderError, UsageError
from scrubber.git.framework import span_of
from scrubber.git.hook_files import BEHIND, look, put, take
from scrubber.git.install import Hooks, git_version
from scrubber.git.repository import GitFailed, find
from scrubber.git.shell import (
    EVENTS,
    OWN,
    PRE_COMMIT,
    PRE_PUSH,
    Program,
    program_in,
    setting,
    this_program,
)

OLD, NEW = (2, 39), (2, 54)
ELSEWHERE = Program("/opt/it's here/bin/python", '/opt/it\'s here/"lib"')


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "a repo's $HOME")
    monkeypatch.chdir(made.path)
    return made


def hooks(version: tuple[int, int] = OLD) -> Hooks:
    return Hooks.of(find(), version)


def install(*events: str) -> list[str]:
    return [hook.done for hook in hooks().install(events or (PRE_COMMIT, PRE_PUSH))]


def hook(repo: Repo, event: str, data: bytes | str, mode: int = 0o755) -> Path:
    path = repo.write(f".git/hooks/{event}", data)
    path.chmod(mode)
    return path


def commit(repo: Repo, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["git", "commit", "-q", "-m", "x", *words], cwd=repo.path, capture_output=True
    )


# the lines of shell ---------------------------------------------------------------


@pytest.mark.parametrize("event", EVENTS)
@pytest.mark.parametrize("program", [this_program(), ELSEWHERE])
def test_every_shell_takes_the_lines(tmp_path: Path, event: str, program: Program) -> None:
    path = tmp_path / "hook"
    assert put(path, event, program) == "made"
    assert program_in(path.read_text()) == program
    for shell in filter(shutil.which, ("sh", "dash", "bash", "zsh", "ksh", "busybox")):
        words = [shell, "sh"] if shell == "busybox" else [shell]
        subprocess.run([*words, "-n", str(path)], check=True)
    if shutil.which("shellcheck"):
        subprocess.run(["shellcheck", str(path)], check=True)


@pytest.mark.parametrize("event", EVENTS)
def test_lost_scrub_stops_with_a_sentence(tmp_path: Path, event: str) -> None:
    path = tmp_path / "hook"
    put(path, event, ELSEWHERE)
    line = b"refs/heads/a 1 refs/heads/a 0\n"
    done = subprocess.run([path, "origin", "url"], input=line, capture_output=True)
    assert done.returncode == 4
    assert b"it is no longer at /opt/it's here" in done.stderr
    assert b"nobody looked at this" in done.stderr


@pytest.mark.slow
def test_the_setting_runs_as_git_runs_it(repo: Repo) -> None:
    """git 2.54 gives the value to the shell with `"$@"` behind it, as it does with an alias."""
    repo.add("a.jpg", private())
    repo.git("config", "alias.look", f"!{setting(PRE_COMMIT, this_program())}")
    done = subprocess.run(["git", "look"], capture_output=True, text=True)
    assert (done.returncode, "GPS_POSITION" in done.stdout) == (1, True)
    oid = repo.commit()
    repo.git("config", "alias.look", f"!{setting(PRE_PUSH, this_program())}")
    line = f"refs/heads/main {oid} refs/heads/main {'0' * 40}\n".encode()
    done2 = subprocess.run(["git", "look", "origin", "x"], input=line, capture_output=True)
    assert (done2.returncode, b"a.jpg" in done2.stdout) == (1, True)


# files ----------------------------------------------------------------------------

SCRIPTS = {
    "sh": b"#!/bin/sh\necho there >&2\nexit 0\n",
    "env": b"#!/usr/bin/env bash\nset -euo pipefail\necho there >&2\n",
    "option": b"#!/bin/sh -eu\necho there >&2\n",
    "no end of line": b"#!/bin/sh\necho there >&2",
    "no first line": b"echo there >&2\n",
    "first line alone": b"#!/bin/sh",
    "first line": b"#!/bin/sh\n",
    "empty": b"",
    "latin-1": b"#!/bin/sh\n# caf\xe9\necho there >&2\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_a_shell_hook_goes_on_and_comes_back(repo: Repo, name: str) -> None:
    before = SCRIPTS[name]
    path = hook(repo, PRE_COMMIT, before, 0o750)
    assert install(PRE_COMMIT) == ["added"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert path.read_bytes().startswith(before.partition(b"\n")[0] if before[:2] == b"#!" else b"#")
    once = path.read_bytes()
    assert install(PRE_COMMIT) == ["same"]
    assert path.read_bytes() == once
    repo.add("a.png", clean())
    done = commit(repo)
    assert (done.returncode, b"there" in done.stderr) == (0, b"there" in before)
    repo.add("a.jpg", private())
    done = commit(repo)
    assert (done.returncode, b"there" in done.stderr) == (1, False)
    assert take(path) == "removed"
    assert path.read_bytes() == before
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert take(path) == "none"


PYTHON = b"#!/usr/bin/env python3\nimport sys\nprint('there', sys.argv[0], file=sys.stderr)\n"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["python", "binary", "link", "absolute link"])
def test_another_hook_moves_aside_and_comes_back(repo: Repo, kind: str) -> None:
    path = repo.path / ".git" / "hooks" / PRE_COMMIT
    if "link" in kind:
        script = repo.write("tools/check", SCRIPTS["sh"])
        script.chmod(0o755)
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(script if kind == "absolute link" else "../../tools/check")
    elif kind == "binary":
        hook(repo, PRE_COMMIT, Path(shutil.which("true") or "/bin/true").read_bytes())
    else:
        hook(repo, PRE_COMMIT, PYTHON)
    before = (os.readlink(path) if path.is_symlink() else "", path.read_bytes(), path.stat())
    assert install(PRE_COMMIT) == ["wrapped"]
    assert not path.is_symlink()
    assert install(PRE_COMMIT) == ["same"]
    repo.add("a.png", clean())
    done = commit(repo)
    assert (done.returncode, b"there" in done.stderr) == (0, kind != "binary")
    repo.add("a.jpg", private())
    assert commit(repo).returncode == 1
    assert [one.how for one in hooks().status([PRE_COMMIT])] == ["wrapper"]
    assert take(path) == "removed"
    after = (os.readlink(path) if path.is_symlink() else "", path.read_bytes(), path.stat())
    assert after[:2] == before[:2]
    assert after[2].st_mode == before[2].st_mode
    assert not (path.parent / BEHIND).exists()


def test_a_file_of_ours_goes_away(repo: Repo) -> None:
    shutil.rmtree(repo.path / ".git" / "hooks")
    assert install() == ["made", "made"]
    assert [one.state for one in hooks().status(EVENTS)] == ["on", "on", "absent"]
    hooks().uninstall(EVENTS)
    assert not list((repo.path / ".git" / "hooks").iterdir())


def test_lines_that_somebody_added_to_our_file_stay(repo: Repo) -> None:
    install(PRE_COMMIT)
    path = repo.path / ".git" / "hooks" / PRE_COMMIT
    path.write_bytes(path.read_bytes() + b"echo mine\n")
    assert take(path) == "removed"
    assert path.read_bytes() == b"#!/bin/sh\necho mine\n"


def test_renewed_when_scrub_has_moved(repo: Repo) -> None:
    path = hook(repo, PRE_COMMIT, SCRIPTS["sh"])
    put(path, PRE_COMMIT, ELSEWHERE)
    assert [one.state for one in hooks().status([PRE_COMMIT])] == ["lost"]
    repo.add("a.png", clean())
    assert commit(repo).returncode != 0
    assert install(PRE_COMMIT) == ["renewed"]
    assert [one.state for one in hooks().status([PRE_COMMIT])] == ["on"]
    take(path)
    assert path.read_bytes() == SCRIPTS["sh"]


@pytest.mark.parametrize(
    ("data", "mode", "told"),
    [
        (SCRIPTS["sh"], 0o644, "not executable"),
        (b"#!/bin/sh\r\necho\r\n", 0o755, "line ends of Windows"),
    ],
)
def test_what_is_refused_stays(repo: Repo, data: bytes, mode: int, told: str) -> None:
    path = hook(repo, PRE_COMMIT, data, mode)
    with pytest.raises(FolderError, match=told):
        install(PRE_COMMIT)
    assert path.read_bytes() == data


def test_both_hooks_or_none(repo: Repo) -> None:
    hook(repo, PRE_PUSH, SCRIPTS["sh"], 0o644)
    with pytest.raises(FolderError, match="not executable"):
        install()
    assert not (repo.path / ".git" / "hooks" / PRE_COMMIT).exists()


def test_half_of_our_lines_is_not_guessed_at(repo: Repo) -> None:
    install(PRE_COMMIT)
    path = repo.path / ".git" / "hooks" / PRE_COMMIT
    half = path.read_bytes().replace(b"# <<< scrub <<<\n", b"")
    path.write_bytes(half)
    for act in (lambda: put(path, PRE_COMMIT, ELSEWHERE), lambda: take(path), lambda: look(path)):
        with pytest.raises(FolderError, match="only half"):
            act()
    assert path.read_bytes() == half


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only(repo: Repo) -> None:
    folder = repo.path / ".git" / "hooks"
    folder.chmod(0o500)
    with pytest.raises(FolderError, match="cannot be changed"):
        install(PRE_COMMIT)
    folder.chmod(0o700)


# what git says on standard input ----------------------------------------------------


@pytest.mark.slow
def test_lfs_and_scrub_both_get_the_refs(repo: Repo, tmp_path: Path) -> None:
    """Git LFS's own hook stands behind ours; its object arrives on the other side."""
    if shutil.which("git-lfs") is None:
        pytest.skip("git-lfs is not installed")
    there = Repo(tmp_path / "there.git", "--bare")
    repo.git("lfs", "install", "--local")
    assert (repo.path / ".git" / "hooks" / PRE_PUSH).is_file()
    before = (repo.path / ".git" / "hooks" / PRE_PUSH).read_bytes()
    assert install() == ["made", "added"]
    repo.git("lfs", "track", "*.png")
    repo.add(".gitattributes", (repo.path / ".gitattributes").read_bytes())
    repo.add("a.png", clean())
    assert commit(repo).returncode == 0
    repo.git("remote", "add", "origin", str(there.path))
    repo.git("push", "-q", "origin", "main")
    assert len(list((there.path / "lfs" / "objects").rglob("*"))) >= 3
    repo.add("b.jpg", private())
    repo.commit()
    repo.git("push", "-q", "origin", "main", fails=True)
    repo.git("rm", "-q", "b.jpg")
    repo.commit()
    repo.git("push", "-q", "origin", "main", fails=True)  # it still stands in history
    hooks().uninstall(EVENTS)
    assert (repo.path / ".git" / "hooks" / PRE_PUSH).read_bytes() == before


@pytest.mark.parametrize(
    "first",
    [
        "#!/bin/sh",
        pytest.param("#!/bin/bash", marks=pytest.mark.slow),
        pytest.param("#!/usr/bin/env python3", marks=pytest.mark.slow),
    ],
)
def test_the_hook_behind_gets_the_same_bytes(repo: Repo, tmp_path: Path, first: str) -> None:
    there, said = tmp_path / "there.git", tmp_path / "said"
    Repo(there, "--bare")
    body = f"cat > {said}; echo $# >> {said}"
    if "python" in first:
        body = f"import sys; open({str(said)!r}, 'w').write(sys.stdin.read() + '2\\n')"
    hook(repo, PRE_PUSH, f"{first}\n{body}\n")
    install(PRE_PUSH)
    repo.add("a.png", clean())
    repo.commit()
    repo.git("branch", "another")
    repo.git("push", "-q", str(there), "main", "another")
    lines = said.read_text().splitlines()
    assert lines[-1] == "2"
    assert sorted(line.split()[0] for line in lines[:-1]) == [
        "refs/heads/another",
        "refs/heads/main",
    ]
    repo.git("push", "-q", str(there), "main")  # nothing to push
    assert said.read_text() == "2\n"


@pytest.mark.slow
def test_pre_receive_in_a_bare_repository(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = Repo(tmp_path / "there.git", "--bare")
    monkeypatch.chdir(there.path)
    assert hooks().events() == ("pre-receive",)
    with pytest.raises(UsageError, match="Nobody commits"):
        hooks().events([PRE_COMMIT])
    hooks().install(hooks().events())
    repo.add("a.jpg", private())
    repo.commit()
    done = subprocess.run(
        ["git", "push", str(there.path), "main"], cwd=repo.path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "remote: a.jpg: GPS_POSITION" in done.stderr
    assert not there.git("for-each-ref")


# whole commits ------------------------------------------------------------------------


@pytest.mark.slow
def test_every_way_to_commit(repo: Repo, tmp_path: Path) -> None:
    install(PRE_COMMIT)
    repo.add("a.png", clean())
    assert commit(repo).returncode == 0
    repo.write("a.png", private())
    assert commit(repo, "-a").returncode == 1
    assert commit(repo, "--", "a.png").returncode == 1
    repo.git("add", "a.png")
    assert commit(repo, "--amend").returncode == 1
    repo.git("checkout", "-q", "HEAD", "--", "a.png")
    repo.git("worktree", "add", "-q", str(tmp_path / "tree"))
    tree = Repo(tmp_path / "tree")
    tree.add("b.jpg", private())
    assert commit(tree).returncode == 1
    (tree.path / "below").mkdir()
    done = subprocess.run(["git", "commit", "-qm", "x"], cwd=tree.path / "below")
    assert done.returncode == 1
    assert len(repo.git("rev-list", "--all").split()) == 1


@pytest.mark.slow
def test_nothing_of_the_repository_runs(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Modules and commands that a branch brings bear the names of ours and of our libraries."""
    install(PRE_COMMIT)
    trap = f"#!/bin/sh\ntouch {tmp_path / 'sprung'}\n"
    for name in ("scrubber/__init__.py", "click.py", "json.py", "sitecustomize.py"):
        repo.add(name, f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    for name in ("scrub", "prescrub", "python", "python3"):
        repo.write(f"bin/{name}", trap).chmod(0o755)
    monkeypatch.setenv("PYTHONPATH", str(repo.path))
    monkeypatch.setenv("PATH", f"{repo.path / 'bin'}:.:{os.environ['PATH']}")
    commit(repo)
    repo.add("a.jpg", private())
    assert commit(repo).returncode == 1
    assert not (tmp_path / "sprung").exists()


@pytest.mark.slow
def test_a_merge_that_is_finished_by_hand(repo: Repo) -> None:
    install(PRE_COMMIT)
    repo.add("a.txt", "one\n")
    repo.commit()
    repo.git("checkout", "-q", "-b", "side")
    repo.add("a.txt", "two\n")
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.add("a.txt", "three\n")
    repo.commit()
    repo.git("merge", "-q", "side", fails=True)
    assert commit(repo).returncode != 0  # not resolved
    repo.add("a.txt", "two and three\n")
    repo.add("b.jpg", private())
    assert commit(repo).returncode == 1
    repo.git("rm", "-q", "-f", "b.jpg")
    assert commit(repo).returncode == 0


@pytest.mark.slow
def test_what_git_commits_without_asking_stops_at_the_push(repo: Repo, tmp_path: Path) -> None:
    """git runs no pre-commit hook for a pick of rebase or cherry-pick; pre-push sees it."""
    there = Repo(tmp_path / "there.git", "--bare")
    install()
    repo.add("a.png", clean())
    repo.commit()
    repo.git("remote", "add", "origin", str(there.path))
    repo.git("push", "-q", "origin", "main")
    repo.git("checkout", "-q", "-b", "side")
    repo.add("b.jpg", private())
    repo.commit()
    repo.git("checkout", "-q", "main")
    repo.git("cherry-pick", "side")
    repo.git("push", "-q", "origin", "main", fails=True)


# configuration --------------------------------------------------------------------------


def test_configuration_is_written_and_removed(repo: Repo) -> None:
    path = repo.path / ".git" / "config"
    before = path.read_bytes()
    made = hooks(NEW).install([PRE_COMMIT, PRE_PUSH])
    assert [one.done for one in made] == ["made", "made"]
    assert repo.git("config", "--get-all", "hook.scrub-pre-push.event") == "pre-push"
    value = repo.git("config", "hook.scrub-pre-push.command")
    assert value == setting(PRE_PUSH, this_program())
    assert [one.done for one in hooks(NEW).install([PRE_PUSH])] == ["same"]
    assert [one.state for one in hooks(NEW).status([PRE_PUSH])] == ["on"]
    assert [one.state for one in hooks(OLD).status([PRE_PUSH])] == ["off"]
    hooks(NEW).uninstall(EVENTS)
    assert path.read_bytes() == before


def test_for_all_repositories(repo: Repo, tmp_path: Path) -> None:
    every = Hooks.of(None, NEW)
    every.install([PRE_COMMIT])
    assert "scrub-pre-commit" in (tmp_path / "home" / "gitconfig").read_text()
    assert [one.state for one in every.status([PRE_COMMIT])] == ["on"]
    every.uninstall([PRE_COMMIT])
    assert "scrub" not in (tmp_path / "home" / "gitconfig").read_text()
    with pytest.raises(UsageError, match=r"2\.54"):
        Hooks.of(None, OLD).install([PRE_COMMIT])


@pytest.mark.skipif(git_version("git") < NEW, reason="this git takes no hooks from configuration")
def test_git_itself_runs_configured_hooks(repo: Repo) -> None:
    hook(repo, PRE_COMMIT, SCRIPTS["sh"])
    hooks(NEW).install([PRE_COMMIT])
    repo.add("a.jpg", private())
    assert commit(repo).returncode != 0


# other tools -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("husky", ".husky/pre-commit"),
        ("lefthook", "lefthook.yml"),
        ("pre-commit", ".pre-commit-config.yaml"),
    ],
)
def test_another_tool_gets_lines_instead(repo: Repo, name: str, file: str) -> None:
    repo.write(file, "")
    tool = hooks().tool((PRE_COMMIT, PRE_PUSH))
    assert tool is not None
    assert tool.name == name
    assert tool.lines.count("prescrub hook run pre-") == 2
    assert hooks(NEW).tool((PRE_COMMIT,)) is None  # a configured hook stands beside it
    before = repo.state()
    done = scrub("hook", "install", cwd=repo.path)
    if git_version("git") < NEW:
        assert (done.returncode, tool.lines, before) == (2, done.stdout, repo.state())


def test_hooks_path_gets_lines_instead(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "core.hooksPath", str(tmp_path / "home" / "mine"))
    (tmp_path / "home" / "mine").mkdir()
    tool = hooks().tool((PRE_COMMIT,))
    assert tool is not None
    assert tool.name == "core.hooksPath"
    assert program_in(tool.lines) == this_program()
    repo.git("config", "core.hooksPath", "/dev/null")
    tool = hooks().tool((PRE_COMMIT,))
    assert tool is not None
    assert "switched off" in tool.lines


def test_what_the_framework_tells() -> None:
    assert span_of({}) == ""
    assert span_of({"PRE_COMMIT_TO_REF": "abc"}) == ""
    told = {"PRE_COMMIT": "1", "PRE_COMMIT_TO_REF": "abc", "PRE_COMMIT_REMOTE_NAME": "origin"}
    assert span_of(told) == "abc --not --remotes=origin"
    assert span_of({"PRE_COMMIT": "1", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/x y"}) == (
        "'refs/heads/x y' --not --remotes"
    )


# the command ---------------------------------------------------------------------------


def test_the_command(repo: Repo) -> None:
    done = scrub("hook", "status", cwd=repo.path)
    assert (done.returncode, done.stdout.count("not installed")) == (1, 2)
    assert scrub("hook", "install", "--pre-push", cwd=repo.path).returncode == 0
    done = scrub("hook", "status", "--json", cwd=repo.path)
    told = json.loads(done.stdout)
    assert (done.returncode, told["schema"]) == (1, "scrub.hooks/1")
    assert [one["state"] for one in told["hooks"]] == ["absent", "on"]
    assert scrub("hook", "status", "--pre-push", cwd=repo.path).returncode == 0
    assert "pre-push: removed" in scrub("hook", "uninstall", cwd=repo.path).stdout
    assert "nothing of scrub" in scrub("hook", "uninstall", cwd=repo.path).stdout
    assert OWN not in str(list((repo.path / ".git" / "hooks").glob("pre-push")))


def test_outside_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch, tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GitFailed, match="no git repository"):
        hooks()
