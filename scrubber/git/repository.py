"""One git repository, as the inherited environment names it, through plumbing alone.

GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE, GIT_OBJECT_DIRECTORY, GIT_QUARANTINE_PATH and the
alternates are git's own: they are passed on as they came, never set, cleaned or guessed.
What is added only forbids: no network, no lazy fetch, no locks, no replaced objects or
grafts (they would hide what a push sends), no file system monitor, no pager. Nothing here
writes, except where the caller names a command that does.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import FolderError

_FORBID = {
    "GIT_ALLOW_PROTOCOL": "none",  # no protocol has this name: every fetch is refused
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_PAGER": "cat",
    "LC_ALL": "C",
}
_SETTINGS = (
    "protocol.allow=never",
    "core.fsmonitor=false",
    "core.quotePath=false",
    f"core.hooksPath={os.devnull}",
    "diff.ignoreSubmodules=none",
    "submodule.recurse=false",
)
HASHES = {"sha1": 40, "sha256": 64}


class GitFailed(FolderError):
    """git could not answer, so the scan cannot be done."""


@dataclass(frozen=True, slots=True)
class Repository:
    """Where a repository keeps its things. Made by `find`; all paths are absolute."""

    git: str  # the program
    git_dir: Path
    common_dir: Path  # shared by linked worktrees
    bare: bool
    shallow: bool
    hash_name: str  # sha1, sha256

    @property
    def null(self) -> str:
        """The object id that stands for "none"."""
        return "0" * HASHES[self.hash_name]

    def is_oid(self, text: str) -> bool:
        """Whether `text` is a whole object id of this repository's format."""
        return len(text) == HASHES[self.hash_name] and not set(text) - set("0123456789abcdef")

    def command(self, arguments: Sequence[str]) -> list[str]:
        """The command line of git with `arguments` behind the settings that only forbid."""
        return _command(self.git, arguments)

    def run(
        self, *arguments: str, stdin: bytes = b"", ok: tuple[int, ...] = (0,), locks: bool = False
    ) -> bytes:
        """Output of one git command. Raises GitFailed for an exit status outside `ok`."""
        return self.status(*arguments, stdin=stdin, ok=ok, locks=locks)[1]

    def status(
        self, *arguments: str, stdin: bytes = b"", ok: tuple[int, ...] = (0,), locks: bool = False
    ) -> tuple[int, bytes]:
        """Exit status and output. `locks` is for the commands of `fix` that write the index."""
        done = subprocess.run(
            self.command(arguments), input=stdin, capture_output=True, env=environment(locks=locks)
        )
        if done.returncode not in ok:
            raise failed(arguments[0], done.stderr)
        return done.returncode, done.stdout

    def records(self, *arguments: str, stdin: bytes = b"") -> list[bytes]:
        """Output of a `-z` command, cut at its NULs."""
        return self.run(*arguments, stdin=stdin).split(b"\0")[:-1]

    def lines(self, *arguments: str, stdin: Iterable[str] = ()) -> Iterator[str]:
        """Output line by line (object ids and fixed words, never paths), as it comes.

        Raises GitFailed at the end when git failed: what came before is not to be trusted.
        """
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
            for line in stdin:
                given.write(line.encode("ascii") + b"\n")
            given.seek(0)
            process = subprocess.Popen(
                self.command(arguments),
                stdin=given, stdout=subprocess.PIPE, stderr=said, env=environment(),
            )  # fmt: skip
            assert process.stdout is not None  # a pipe was asked for
            try:
                for row in process.stdout:
                    yield row.decode("ascii", "surrogateescape").rstrip("\n")
                if process.wait():
                    said.seek(0)
                    raise failed(arguments[0], said.read())
            finally:
                process.stdout.close()
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def resolve(self, name: str, kind: str = "") -> str | None:
        """The object id of a revision, peeled to `kind` (commit, tree) if given; None if none."""
        wanted = f"{name}^{{{kind}}}" if kind else name
        status, out = self.status(
            "rev-parse", "--verify", "--quiet", "--end-of-options", wanted, ok=(0, 1, 128)
        )
        oid = out.decode("ascii", "replace").strip()
        return oid if status == 0 and self.is_oid(oid) else None

    def has(self, oid: str) -> bool:
        """Whether the object is here; nothing is fetched to find out."""
        return self.status("cat-file", "-e", oid, ok=(0, 1, 128))[0] == 0

    def path(self, name: str) -> Path:
        """Where git keeps `name`: `scrub/`, `index`, `hooks`."""
        text = self.run("rev-parse", "--path-format=absolute", "--git-path", name)
        return Path(os.fsdecode(text[:-1]))

    def config(self, key: str, kind: str = "") -> str | None:
        """The value of a setting, or None. `kind` is bool or path."""
        typed = (f"--type={kind}",) if kind else ()
        status, out = self.status("config", *typed, "-z", "--get", key, ok=(0, 1))
        return os.fsdecode(out[:-1]) if status == 0 else None

    def empty_tree(self) -> str:
        """The id of the tree with nothing in it; git knows it without storing it."""
        return self.run("hash-object", "-t", "tree", "--stdin").decode("ascii").strip()

    def top(self) -> Path | None:
        """The root of the work tree, None in a bare repository or outside a work tree."""
        status, out = self.status("rev-parse", "--show-toplevel", ok=(0, 128))
        return Path(os.fsdecode(out[:-1])) if status == 0 and out[:-1] else None

    def partial(self) -> bool:
        """Whether objects may be missing on purpose, left with a promisor remote."""
        status, out = self.status(
            "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$",
            ok=(0, 1),
        )  # fmt: skip
        return status == 0 and bool(out.strip())


def find() -> Repository:
    """The repository that git itself would use here. Raises GitFailed in words."""
    git = shutil.which("git")
    if git is None:
        raise GitFailed("git is not installed.", fix="Install git, or put it on PATH.")
    facts = _ask(
        git, "--is-bare-repository", "--is-shallow-repository", "--show-object-format"
    ).split("\n")
    if len(facts) != 3 or facts[2] not in HASHES:
        raise GitFailed("git said something unexpected about this repository.", fix="Update git.")
    return Repository(
        git=git,
        git_dir=Path(_ask(git, "--path-format=absolute", "--git-dir")),
        common_dir=Path(_ask(git, "--path-format=absolute", "--git-common-dir")),
        bare=facts[0] == "true",
        shallow=facts[1] == "true",
        hash_name=facts[2],
    )


def environment(*, locks: bool = False) -> dict[str, str]:
    """The inherited environment, with what forbids. `locks` allows git to write the index."""
    made = {**os.environ, **_FORBID}
    if locks:
        del made["GIT_OPTIONAL_LOCKS"]
    return made


def failed(command: str, said: bytes) -> GitFailed:
    """git's complaint as an error of ours: its first line that tells something."""
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))] or lines or [""]
    text = told[0].removeprefix("fatal: ").removeprefix("error: ")
    if "dubious ownership" in text:
        return GitFailed(
            "git does not trust this repository, so nothing was looked at:",
            f"{text}.",
            "Make yourself its owner, or name it in the safe.directory setting of git.",
        )
    if "not a git repository" in text:
        return GitFailed("This is no git repository.", fix="Run it inside one, or set GIT_DIR.")
    return GitFailed(
        f"git {command} failed, so nothing may pass:",
        text or "it gave no reason.",
        "Run `git fsck` to see whether the repository is whole.",
    )


def _ask(git: str, *questions: str) -> str:
    done = subprocess.run(
        _command(git, ("rev-parse", *questions)), capture_output=True, env=environment()
    )
    if done.returncode:
        raise failed("rev-parse", done.stderr)
    return os.fsdecode(done.stdout).removesuffix("\n")


def _command(git: str, arguments: Sequence[str]) -> list[str]:
    settings = [word for setting in _SETTINGS for word in ("-c", setting)]
    return [git, "--no-pager", *settings, *arguments]
