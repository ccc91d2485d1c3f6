"""Git LFS and git-annex: what a small file stands for is what gets looked at."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest
from gits import Repo, clean, isolate, private

from scrubber.errors import Damaged, Unreadable
from scrubber.git.gate import check_push, check_staged
from scrubber.git.pointers import Stores, pointer_in
from scrubber.git.report import Report
from scrubber.git.repository import find
from scrubber.git.wishes import Wishes

SPEC = "https://git-lfs.github.com/spec/v1"


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    monkeypatch.chdir(made.path)
    return made


def pointer(data: bytes, version: str = SPEC) -> bytes:
    digest = hashlib.sha256(data).hexdigest()
    return f"version {version}\noid sha256:{digest}\nsize {len(data)}\n".encode()


def store(folder: Path, data: bytes) -> Path:
    digest = hashlib.sha256(data).hexdigest()
    place = folder / "objects" / digest[:2] / digest[2:4] / digest
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)
    return place


def look() -> Report:
    return check_staged(find(), Wishes())


def codes(report: Report) -> list[str]:
    return [hit.verdict.code or hit.verdict.outcome for hit in report.hits]


@pytest.mark.parametrize(
    "version", [SPEC, "http://git-media.io/v/2", "https://hawser.github.com/spec/v1"]
)
def test_the_file_behind_a_pointer_is_judged(repo: Repo, version: str) -> None:
    repo.add("a.jpg", pointer(private(), version))
    store(repo.path / ".git" / "lfs", private())
    assert codes(look()) == ["found"]
    assert codes(look()) == ["found"]  # as kept
    repo.add("a.jpg", pointer(clean()))
    store(repo.path / ".git" / "lfs", clean())
    assert look().exit_code == 0


def test_a_missing_file_is_held_until_it_is_here(repo: Repo) -> None:
    repo.add("a.jpg", pointer(private()))
    report = look()
    assert (report.exit_code, report.inside) == (3, 0)
    assert "git lfs fetch" in report.hits[0].verdict.fix
    store(repo.path / ".git" / "lfs", private())
    assert look().exit_code == 1


def test_a_file_that_is_not_the_named_one(repo: Repo) -> None:
    repo.add("a.jpg", pointer(private()))
    place = store(repo.path / ".git" / "lfs", private())
    place.write_bytes(private(2))
    assert codes(look()) == ["damaged"]
    place.write_bytes(private()[:-1])
    assert codes(look()) == ["damaged"]
    place.write_bytes(private())
    assert codes(look()) == ["found"]  # what was wrong then was not kept


@pytest.mark.parametrize("where", ["elsewhere", "/absolute"])
def test_lfs_storage(repo: Repo, tmp_path: Path, where: str) -> None:
    folder = tmp_path / "absolute" if where[0] == "/" else repo.path / ".git" / where
    repo.git("config", "lfs.storage", str(folder) if where[0] == "/" else where)
    store(folder, private())
    repo.add("a.jpg", pointer(private()))
    assert codes(look()) == ["found"]


def test_linked_work_trees_share_the_store(repo: Repo, tmp_path: Path) -> None:
    repo.commit()
    repo.git("worktree", "add", "-q", str(tmp_path / "other"))
    store(repo.path / ".git" / "lfs", private())
    os.chdir(tmp_path / "other")
    Repo(tmp_path / "other").add("a.jpg", pointer(private()))
    assert codes(look()) == ["found"]


def test_pointers_in_history(repo: Repo) -> None:
    repo.add("a.jpg", pointer(private()))
    repo.commit()
    repo.git("rm", "-q", "a.jpg")
    tip = repo.commit()
    store(repo.path / ".git" / "lfs", private())
    named = repo.path.parent / "quiet.toml"
    named.write_text("[hook]\nmessages = 'ignore'\n")
    given = f"refs/heads/main {tip} refs/heads/main {'0' * 40}\n".encode()
    assert codes(check_push(find(), given, None, Wishes(config=named))) == ["found"]


@pytest.mark.parametrize(
    "text",
    [
        f"version {SPEC}\noid sha256:12\nsize 3\n",
        f"version {SPEC}\noid sha256:{'a' * 64}\nsize -3\n",
        f"version {SPEC}\noid sha256:{'a' * 64}\nsize 3\nMarlowe Quillfeather lives here\n",
        f"version {SPEC}\nname Marlowe\noid sha256:{'a' * 64}\nsize 3\n",
    ],
)
def test_half_a_pointer_is_held(text: str) -> None:
    with pytest.raises(Damaged):
        pointer_in(text.encode())


def test_extensions_and_line_ends() -> None:
    rest = f"ext-0-crypt sha256:{'b' * 64}\noid sha256:{'a' * 64}\nsize 3\n"
    found = pointer_in(f"version {SPEC}\n{rest}".replace("\n", "\r\n").encode())
    assert found is not None
    assert (found.sha256, found.size) == ("a" * 64, 3)
    assert pointer_in(b"version 1.0 of something\n") is None


@pytest.mark.skipif(shutil.which("git-lfs") is None, reason="git-lfs is not installed")
def test_what_git_lfs_makes(repo: Repo) -> None:
    repo.git("lfs", "install", "--local", "--skip-smudge")
    repo.write(".gitattributes", "*.jpg filter=lfs diff=lfs merge=lfs -text\n")
    repo.add("a.jpg", private())
    assert repo.git("cat-file", "-p", ":a.jpg").startswith(f"version {SPEC}")
    assert codes(look()) == ["found"]


@pytest.mark.skipif(shutil.which("git-annex") is None, reason="git-annex is not installed")
@pytest.mark.parametrize("unlocked", ["false", "true"])
def test_what_git_annex_makes(repo: Repo, unlocked: str) -> None:
    repo.git("annex", "init", "-q", "here")
    repo.git("config", "annex.addunlocked", unlocked)
    repo.write("a.jpg", private())
    repo.git("annex", "add", "-q", "a.jpg")
    assert repo.git("ls-files", "-s", "a.jpg").startswith("100644" if unlocked == "true" else "12")
    assert codes(look()) == ["found"]
    shutil.rmtree(repo.path / ".git" / "annex" / "objects", onerror=_writable)
    shutil.rmtree(repo.path / ".git" / "scrub")
    assert codes(look()) == ["unreadable"]


def _writable(function: object, path: str, _: object) -> None:
    os.chmod(os.path.dirname(path), 0o700)
    (os.rmdir if os.path.isdir(path) else os.unlink)(path)


@pytest.mark.parametrize("mixed", [True, False])
def test_both_spellings_of_an_annex_folder(repo: Repo, mixed: bool) -> None:
    """By MD5 of the key: in a mixed-case alphabet, or in hexadecimal digits."""
    data = private()
    key = f"SHA256E-s{len(data)}--{hashlib.sha256(data).hexdigest()}.jpg"
    found = pointer_in(f"/annex/objects/{key}\n".encode())
    assert found is not None
    stores = Stores.of(find())
    with pytest.raises(Unreadable, match="git annex get"):
        stores.locate(found)
    one, other = list(stores._places(found))
    place = one if mixed else other
    place.parent.mkdir(parents=True)
    place.write_bytes(data)
    assert stores.locate(found) == place


def test_a_key_without_a_digest_is_judged_each_time(repo: Repo) -> None:
    key = f"WORM-s{len(private())}-m1--a.jpg"
    repo.add("a.jpg", f"/annex/objects/{key}\n")
    found = pointer_in(f"/annex/objects/{key}\n".encode())
    assert found is not None
    place = next(Stores.of(find())._places(found))
    place.parent.mkdir(parents=True)
    place.write_bytes(private())
    assert (codes(look()), codes(look())) == (["found"], ["found"])
    assert look().looked == 1


def test_a_link_to_an_annexed_file_and_any_other_link() -> None:
    key = b"SHA256-s1--" + b"a" * 64
    link = b"../.git/annex/objects/Ab/cd/" + key + b"/" + key
    found = pointer_in(link, link=True)
    assert found is not None
    assert found.name == key.decode()
    assert pointer_in(b"/home/marlowe/annex", link=True) is None
