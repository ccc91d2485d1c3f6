"""`scrub fix --staged`: the index becomes clean, nothing is lost, also when it is killed."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private, scrub

from scrubber.errors import FolderError, UsageError, VerificationError
from scrubber.git import staged as index
from scrubber.git.fix import Fixed, below_root, fix_staged
from scrubber.git.originals import restore
from scrubber.git.repository import GitFailed, find
from scrubber.git.stores import indexed, stage
from scrubber.git.vault import LISTING, Vault
from scrubber.git.wishes import Wishes

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def fix(*paths: str, dry: bool = False) -> Fixed:
    return fix_staged(find(), Wishes(), paths, dry=dry)


def staged(repo: Repo, name: str) -> bytes:
    words = ["git", "cat-file", "blob", f":{name}"]
    return subprocess.run(words, cwd=repo.path, capture_output=True, check=True).stdout


def trees(fixed: Fixed) -> dict[str, str]:
    return {one.row.path: one.tree for one in fixed.cleaned}


def vault() -> Vault:
    return Vault.of(find())


def test_what_is_staged_becomes_clean(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("c.png", clean())
    fixed = fix()
    assert (trees(fixed), fixed.left, fixed.after.exit_code) == ({"a.jpg": "replaced"}, [], 0)
    assert b"GPS" not in staged(repo, "a.jpg") != private()
    assert staged(repo, "a.jpg") == (repo.path / "a.jpg").read_bytes()
    assert staged(repo, "c.png") == clean()
    assert repo.git("status", "--porcelain").splitlines() == ["A  a.jpg", "A  c.png"]
    assert not fix().cleaned


def test_a_copy_in_the_work_tree_that_differs_stays(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.write("a.jpg", private(2))
    repo.add("b.jpg", private(3))
    (repo.path / "b.jpg").unlink()
    repo.add("c.jpg", private(4))
    (repo.path / "c.jpg").unlink()
    (repo.path / "c.jpg").symlink_to("a.jpg")
    fixed = fix()
    assert trees(fixed) == {"a.jpg": "other", "b.jpg": "absent", "c.jpg": "other"}
    assert (repo.path / "a.jpg").read_bytes() == private(2)
    assert not (repo.path / "b.jpg").exists()
    assert (repo.path / "c.jpg").is_symlink()
    assert fixed.after.exit_code == 0


def test_a_folder_that_is_a_link_is_not_followed(repo: Repo, tmp_path: Path) -> None:
    repo.add("d/a.jpg", private())
    shutil.move(repo.path / "d", tmp_path / "elsewhere")
    (repo.path / "d").symlink_to(tmp_path / "elsewhere")
    assert trees(fix()) == {"d/a.jpg": "other"}
    assert (tmp_path / "elsewhere" / "a.jpg").read_bytes() == private()


def test_mode_and_flags_stay(repo: Repo) -> None:
    repo.add("a.jpg", private())
    (repo.path / "a.jpg").chmod(0o750)
    repo.git("add", "a.jpg")
    repo.add("far/b.jpg", private(2))
    repo.add("c.jpg", private(3))
    repo.git("update-index", "--skip-worktree", "far/b.jpg")
    repo.git("update-index", "--assume-unchanged", "c.jpg")
    fix()
    assert repo.git("ls-files", "-s", "a.jpg").startswith("100755 ")
    assert stat.S_IMODE((repo.path / "a.jpg").stat().st_mode) == 0o750
    rows = indexed(find())
    assert (rows[b"far/b.jpg"].sparse, rows[b"c.jpg"].assumed) == (True, True)
    assert (rows[b"a.jpg"].sparse, rows[b"a.jpg"].assumed) == (False, False)


@pytest.mark.parametrize("name", [b"a b.jpg", b"-x.jpg", b"new\nline.jpg", b"\xff.jpg", b"*.jpg"])
def test_odd_names(repo: Repo, name: bytes) -> None:
    repo.add(name, private())
    fixed = fix()
    assert [os.fsencode(path) for path in trees(fixed)] == [name]
    assert set(trees(fixed).values()) == {"replaced"}
    assert [row.path for row in vault().kept()] == [os.fsdecode(name)]
    assert restore(find(), os.fsdecode(name), None).sha256 == hashlib.sha256(private()).hexdigest()
    assert (repo.path / os.fsdecode(name)).read_bytes() == private()


@pytest.mark.slow
def test_what_cannot_be_cleaned_stays_and_is_named(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("b.pdf", PDF)
    repo.add(".DS_Store", b"\0\0\0\1Bud1")
    (repo.path / "link").symlink_to("/home/jane.quill@harbour-mail.com/x")
    repo.git("add", "link")
    before = {name: staged(repo, name) for name in ("b.pdf", ".DS_Store", "link")}
    fixed = fix()
    assert list(trees(fixed)) == ["a.jpg"]
    assert {left.path for left in fixed.left} == set(before)
    assert all(left.what or left.why for left in fixed.left)
    assert {name: staged(repo, name) for name in before} == before
    assert fixed.after.exit_code == 1


@pytest.mark.slow
def test_only_the_paths_that_are_named(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.add("x/a.jpg", private())
    repo.add("x/b.jpg", private(2))
    repo.add("xy.jpg", private(3))
    monkeypatch.chdir(repo.path / "x")
    assert list(trees(fix(*below_root(find(), ["a.jpg"])))) == ["x/a.jpg"]
    assert list(trees(fix(*below_root(find(), [str(repo.path / "x")])))) == ["x/b.jpg"]
    with pytest.raises(UsageError, match="Nothing is staged at x/none"):
        fix(*below_root(find(), ["none"]))
    with pytest.raises(UsageError, match="outside"):
        below_root(find(), ["../../a"])
    assert staged(repo, "xy.jpg") == private(3)
    assert list(trees(fix(*below_root(find(), [".."])))) == ["xy.jpg"]


def test_a_trial_changes_nothing(repo: Repo) -> None:
    repo.add("a.jpg", private())
    before = repo.state()
    assert list(trees(fix(dry=True))) == ["a.jpg"]
    assert repo.state() == before
    assert not vault().folder.exists()


@pytest.mark.slow
def test_partial_staging(repo: Repo) -> None:
    """A text of which only some lines are staged: the others are neither staged nor lost."""
    repo.add("a.txt", "One line.\nWrite to jane.quill@harbour-mail.com soon.\n")
    repo.write("a.txt", "One line.\nWrite to jane.quill@harbour-mail.com soon.\nNot staged yet.\n")
    assert trees(fix()) == {"a.txt": "other"}
    assert b"harbour" not in staged(repo, "a.txt")
    assert b"staged yet" not in staged(repo, "a.txt")
    assert "Not staged yet." in (repo.path / "a.txt").read_text()


@pytest.mark.slow
def test_git_lfs(repo: Repo) -> None:
    if shutil.which("git-lfs") is None:
        pytest.skip("git-lfs is not installed")
    repo.git("lfs", "install", "--local")
    repo.add(".gitattributes", "*.jpg filter=lfs diff=lfs merge=lfs -text\n")
    repo.add("a.jpg", private())
    assert staged(repo, "a.jpg").startswith(b"version https://git-lfs")
    fixed = fix()
    assert (trees(fixed), fixed.after.exit_code) == ({"a.jpg": "replaced"}, 0)
    row = fixed.cleaned[0].row
    assert row.lfs
    pointer = staged(repo, "a.jpg").decode()
    assert f"oid sha256:{row.clean_sha256}\n" in pointer
    assert hashlib.sha256((repo.path / "a.jpg").read_bytes()).hexdigest() == row.clean_sha256
    repo.commit()
    assert not repo.git("status", "--porcelain")
    repo.git("lfs", "fsck")
    (repo.path / "a.jpg").unlink()
    repo.git("checkout", "--", "a.jpg")
    assert hashlib.sha256((repo.path / "a.jpg").read_bytes()).hexdigest() == row.clean_sha256


def test_git_annex_is_named(repo: Repo) -> None:
    if shutil.which("git-annex") is None:
        pytest.skip("git-annex is not installed")
    repo.git("annex", "init", "-q")
    repo.write("a.jpg", private())
    repo.git("annex", "add", "-q", "a.jpg")
    repo.write("b.jpg", private(2))
    repo.git("-c", "annex.addunlocked=true", "annex", "add", "-q", "b.jpg")
    before = staged(repo, "a.jpg"), staged(repo, "b.jpg")
    fixed = fix()
    assert {left.path for left in fixed.left} == {"a.jpg", "b.jpg"}
    assert not fixed.cleaned
    assert (staged(repo, "a.jpg"), staged(repo, "b.jpg")) == before
    assert fixed.after.exit_code == 1


def test_a_linked_work_tree_and_sha256(
    repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Repo(tmp_path / "other", "--object-format=sha256")
    made.add("c.png", clean())
    made.commit()
    made.git("worktree", "add", "-q", str(tmp_path / "tree"))
    tree = Repo(tmp_path / "tree")
    tree.add("a.jpg", private())
    monkeypatch.chdir(tree.path)
    assert trees(fix()) == {"a.jpg": "replaced"}
    assert not made.git("status", "--porcelain")


def test_outside_a_work_tree(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Repo(tmp_path / "bare.git", "--bare").path)
    with pytest.raises(GitFailed, match="no work tree"):
        fix()


# the vault --------------------------------------------------------------------------


@pytest.mark.slow
def test_the_vault_is_private_and_holds_no_value(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("b.txt", "Write to jane.quill@harbour-mail.com about blob.jpg soon.\n")
    fix()
    assert b"about blob.jpg soon" in staged(repo, "b.txt")  # names are git's, and stay
    folder = vault().folder
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    listing = (folder / LISTING).read_text()
    assert "harbour" not in listing
    assert [json.loads(line)["event"] for line in listing.splitlines()] == ["kept"] * 2 + [
        "done"
    ] * 2
    assert (folder / hashlib.sha256(private()).hexdigest()).read_bytes() == private()


def test_restore(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.jpg", private())
    fix()
    restore(find(), "a.jpg", None)
    assert (repo.path / "a.jpg").read_bytes() == private()
    assert staged(repo, "a.jpg") != private()
    assert not fix().finished  # it was asked for
    restore(find(), "a.jpg", None)  # it is there already
    repo.write("a.jpg", b"something else")
    with pytest.raises(UsageError, match="would be lost"):
        restore(find(), "a.jpg", None)
    restore(find(), "a.jpg", tmp_path / "b.jpg")
    assert (tmp_path / "b.jpg").read_bytes() == private()
    with pytest.raises(UsageError, match="there already"):
        restore(find(), "a.jpg", tmp_path / "b.jpg")
    with pytest.raises(UsageError, match="No original"):
        restore(find(), "b.jpg", None)
    original = vault().folder / hashlib.sha256(private()).hexdigest()
    original.write_bytes(b"x")
    with pytest.raises(VerificationError, match="damaged"):
        restore(find(), "a.jpg", tmp_path / "c.jpg")
    original.unlink()
    with pytest.raises(FolderError, match="no longer"):
        restore(find(), "a.jpg", tmp_path / "c.jpg")


def test_a_vault_inside_the_repository_is_refused(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.add("a.jpg", private())
    monkeypatch.setenv("SCRUB_DATA_HOME", str(repo.path / "data"))
    with pytest.raises(FolderError, match="inside the repository"):
        fix()
    assert staged(repo, "a.jpg") == private()


def test_a_torn_listing_is_read(repo: Repo) -> None:
    repo.add("a.jpg", private())
    fix()
    path = vault().folder / LISTING
    path.write_bytes(path.read_bytes() + b'{"event": "kept", "pa')
    repo.add("b.jpg", private(2))
    fix()
    assert [row.path for row in vault().kept()] == ["a.jpg", "b.jpg"]


# what goes wrong ----------------------------------------------------------------------


def test_an_index_that_is_locked(repo: Repo) -> None:
    repo.add("a.jpg", private())
    (repo.path / ".git" / "index.lock").touch()
    with pytest.raises(GitFailed, match=r"index\.lock"):
        fix()
    (repo.path / ".git" / "index.lock").unlink()
    assert staged(repo, "a.jpg") == private() == (repo.path / "a.jpg").read_bytes()
    assert trees(fix()) == {"a.jpg": "replaced"}


def test_an_entry_that_changed_meanwhile(repo: Repo) -> None:
    repo.add("a.jpg", private())
    repo.add("b.jpg", private(2))
    old = index.staged(find())
    repo.add("b.jpg", clean())
    with pytest.raises(GitFailed, match=r"b\.jpg was staged anew"):
        stage(find(), [(entry, repo.oid(":b.jpg")) for entry in old])
    assert staged(repo, "a.jpg") == private()


KILLED = """
import os, signal, subprocess, sys
sys.path[:0] = [{home!r}]
left = [int(sys.argv.pop(1))]
def step():
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
def around(act, counts=lambda *_: True):
    def acted(*words, **more):
        if not counts(*words):
            return act(*words, **more)
        step()
        result = act(*words, **more)
        step()
        return result
    return acted
def writes(words, *_):
    return bool({{"hash-object", "update-index"}} & set(map(str, words)))
import scrubber.git.repository
os.replace, os.fsync = around(os.replace), around(os.fsync)
subprocess.run = around(subprocess.run, writes)
from scrubber.cli import main
main()
"""


@pytest.mark.slow
def test_killed_at_every_step(repo: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each kill: all entries of the index are old, or all are new; nothing is lost."""
    originals = {"a.jpg": private(1), "d/b.jpg": private(2)}
    for name, data in originals.items():
        repo.add(name, data)
    shutil.copytree(repo.path, tmp_path / "start")
    code = KILLED.format(home=str(Path(__file__).parent.parent))
    after: dict[str, bytes] = {}
    seen = set()
    for number in range(200):
        shutil.rmtree(repo.path)
        shutil.rmtree(tmp_path / "home" / "data", ignore_errors=True)
        shutil.copytree(tmp_path / "start", repo.path, symlinks=True)
        monkeypatch.chdir(repo.path)  # it is a new folder of the old name
        repo.git("update-index", "-q", "--refresh")
        words = [sys.executable, "-I", "-c", code, str(number), "fix", "--staged"]
        done = subprocess.run(words, cwd=repo.path, capture_output=True)
        (repo.path / ".git" / "index.lock").unlink(missing_ok=True)
        entries = {name: staged(repo, name) for name in originals}
        new = {name for name in originals if entries[name] != originals[name]}
        assert new in (set(), set(originals))
        for name, data in originals.items():
            there = (repo.path / name).read_bytes()
            if there != data or new:
                kept = vault().folder / hashlib.sha256(data).hexdigest()
                assert kept.read_bytes() == data
                assert name in {row.path for row in vault().kept()}
            assert there in (data, entries[name])
        repo.git("fsck", "--no-dangling")
        seen.add((bool(new), sum((repo.path / name).read_bytes() == data
                                 for name, data in originals.items())))  # fmt: skip
        if done.returncode != -signal.SIGKILL:
            assert done.returncode == 0
            after = entries
            break
        again = scrub("fix", "--staged", cwd=repo.path)
        assert again.returncode == 0, again.stderr
        for name in originals:
            assert staged(repo, name) == (repo.path / name).read_bytes() != originals[name]
        assert repo.git("status", "--porcelain").splitlines() == ["A  a.jpg", "A  d/b.jpg"]
        assert not list((repo.path / ".git" / "scrub").glob("tree-*"))
    assert after
    assert {(False, 2), (True, 2), (True, 1), (True, 0)} <= seen


# the whole way ------------------------------------------------------------------------


def test_blocked_fixed_committed(repo: Repo) -> None:
    assert scrub("hook", "install", "--pre-commit", cwd=repo.path).returncode in (0, 2)
    repo.add("a.jpg", private())
    repo.add("b.jpg", private(2))
    repo.write("b.jpg", private(3))
    done = subprocess.run(
        ["git", "commit", "-qm", "x"], cwd=repo.path, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "scrub fix --staged" in done.stderr
    done2 = scrub("fix", "--staged", cwd=repo.path)
    assert done2.returncode == 0
    assert "a.jpg: cleaned: " in done2.stdout
    assert "passes now" in done2.stderr
    subprocess.run(["git", "commit", "-qm", "x"], cwd=repo.path, check=True)
    assert repo.git("status", "--porcelain") == "M b.jpg"
    assert (repo.path / "b.jpg").read_bytes() == private(3)


def test_the_command(repo: Repo, tmp_path: Path) -> None:
    repo.add("a.jpg", private())
    assert scrub("fix", cwd=repo.path).returncode == 2
    assert scrub("fix", "--list", "a.jpg", cwd=repo.path).returncode == 2
    told = scrub("fix", "--staged", "--dry-run", cwd=repo.path)
    assert (told.returncode, "would be cleaned" in told.stdout) == (1, True)
    told = scrub("fix", "--staged", "--json", cwd=repo.path)
    row = json.loads(told.stdout)
    assert (row["schema"], row["passes"], row["left"]) == ("scrub.fix/1", True, [])
    assert row["cleaned"][0]["work_tree"] == "replaced"
    listed = scrub("fix", "--list", cwd=repo.path)
    assert listed.stdout.count("\n") == 1
    kept = json.loads(scrub("fix", "--list", "--json", cwd=repo.path).stdout)["kept"]
    assert kept[0]["sha256"] == hashlib.sha256(private()).hexdigest()
    to = tmp_path / "again.jpg"
    assert scrub("fix", "--restore", "a.jpg", "--to", str(to), cwd=repo.path).returncode == 0
    assert to.read_bytes() == private()
