"""Real git repositories for tests, away from the configuration of whoever runs them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pictures import png
from runs import photo

WHO = {
    "GIT_AUTHOR_NAME": "A. Tester",
    "GIT_AUTHOR_EMAIL": "tester@example.com",
    "GIT_COMMITTER_NAME": "A. Tester",
    "GIT_COMMITTER_EMAIL": "tester@example.com",
}


def isolate(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    """No settings but the repository's own; a data folder and a list of people of its own."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for name, value in {
        **WHO,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "SCRUB_DATA_HOME": str(home / "data"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": str(home / "gitconfig"),
    }.items():
        monkeypatch.setenv(name, value)
    home.mkdir(parents=True, exist_ok=True)
    (home / "gitconfig").write_text(
        '[init]\ndefaultBranch = main\n[protocol "file"]\nallow = always\n'
    )


class Repo:
    """A repository and the few things tests do with it."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        if not path.exists():
            subprocess.run(["git", "init", "-q", *options, str(path)], check=True)

    def git(self, *words: str | bytes, stdin: bytes = b"", fails: bool = False) -> str:
        done = subprocess.run(["git", *words], cwd=self.path, input=stdin, capture_output=True)
        assert bool(done.returncode) == fails, done.stderr.decode()
        return os.fsdecode(done.stdout).strip()

    def write(self, name: str | bytes, data: bytes | str = b"") -> Path:
        path = Path(os.fsdecode(os.path.join(os.fsencode(self.path), os.fsencode(name))))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    def add(self, name: str | bytes, data: bytes | str = b"") -> None:
        self.write(name, data)
        self.git("--literal-pathspecs", "add", "-f", "--", name)

    def commit(self, message: str = "a change", *options: str) -> str:
        self.git("commit", "-q", "--no-verify", "--allow-empty", "-m", message, *options)
        return self.git("rev-parse", "HEAD")

    def oid(self, name: str) -> str:
        return self.git("rev-parse", name)

    def state(self) -> dict[str, tuple[int, int, str]]:
        """Size, time and digest of every file of the work tree and of git's folder."""
        found = {}
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = os.path.join(folder, name)
                if "/.git/scrub/" in path or os.path.islink(path):
                    continue
                status = os.lstat(path)
                data = Path(path).read_bytes()
                found[path] = (status.st_size, status.st_mtime_ns, hashlib.sha256(data).hexdigest())
        return found


def private(number: int = 1) -> bytes:
    """A photo with a position and a name in it; another picture for every number."""
    return photo(shade=number)


def clean(number: int = 1) -> bytes:
    """A picture with nothing to take out."""
    return png(seed=number)


def scrub(*words: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, as git starts it."""
    start = [sys.executable, "-I", "-c", _START.format(home=str(Path(__file__).parent.parent))]
    done = subprocess.run([*start, *words], cwd=cwd, input=stdin, capture_output=True)
    return subprocess.CompletedProcess(
        done.args, done.returncode, os.fsdecode(done.stdout), os.fsdecode(done.stderr)
    )


_START = "import sys; sys.path.append({home!r}); from scrubber.cli import main; main()"
