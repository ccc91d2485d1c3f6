"""Bringing scrub into git's hooks, and out of them again.

git 2.54 and newer take hooks from the configuration, beside every other hook and whoever
owns the hooks folder; older ones have one file an event. Source: git-hook(1) and
git-config(1) of git 2.54, `hook.<name>.command` and `hook.<name>.event`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrubber.errors import FolderError, UsageError
from scrubber.git.hook_files import look, put, take
from scrubber.git.hook_tools import Tool, owner
from scrubber.git.repository import GitFailed, Repository, environment, failed
from scrubber.git.shell import (
    EVENTS,
    PRE_COMMIT,
    PRE_PUSH,
    PRE_RECEIVE,
    Program,
    program_in,
    setting,
    this_program,
)

CONFIG_HOOKS = (2, 54)
"""The first git that takes hooks from its configuration."""

_SECTION = "hook.scrub-{}"


@dataclass(frozen=True, slots=True)
class Hook:
    """One hook of ours. `place` is a file or a configuration; `state` one word about it.

    States: on, absent, lost (its scrub is gone), off (git does not run it), another (a
    scrub elsewhere), unknown (not readable).
    """

    event: str
    state: str
    place: str = ""
    how: str = ""  # config, file, wrapper
    done: str = ""  # what was done just now: made, added, wrapped, renewed, same, removed, none
    program: Program | None = None


@dataclass(frozen=True, slots=True)
class Hooks:
    """Where hooks of one repository (or, with None, of the user) go."""

    repository: Repository | None
    version: tuple[int, int]
    program: Program

    @classmethod
    def of(cls, repository: Repository | None, version: tuple[int, int] | None = None) -> Hooks:
        """Asks git for its version unless it is given. Raises GitFailed."""
        git = repository.git if repository else shutil.which("git")
        if git is None:
            raise GitFailed("git is not installed.", fix="Install git, or put it on PATH.")
        return cls(repository, version or git_version(git), this_program())

    @property
    def by_config(self) -> bool:
        """Whether git takes hooks from its configuration."""
        return self.version >= CONFIG_HOOKS

    def events(self, wanted: Sequence[str] = ()) -> tuple[str, ...]:
        """The events that are meant: those wanted, else what suits the repository.

        Raises UsageError for one that never happens there.
        """
        bare = self.repository is not None and self.repository.bare
        if not wanted:
            return (PRE_RECEIVE,) if bare else (PRE_COMMIT, PRE_PUSH)
        if bare and PRE_COMMIT in wanted:
            raise UsageError(
                "Nobody commits in a bare repository.", fix="Use --pre-receive: it sees every push."
            )
        return tuple(event for event in EVENTS if event in wanted)

    def tool(self, events: Sequence[str]) -> Tool | None:
        """Another tool that owns the hooks, where that matters."""
        if self.by_config or self.repository is None:
            return None
        own = self.repository.common_dir / "hooks"
        top = self.repository.top()
        return owner(hooks_folder(self.repository), own, top, events, self.program)

    def install(self, events: Sequence[str]) -> list[Hook]:
        """Installs or renews. Raises FolderError, GitFailed, or UsageError where git is too old."""
        if self.by_config:
            return [self._configure(event) for event in events]
        folder = self._folder()
        done: dict[str, str] = {}
        try:
            for event in events:
                done[event] = put(folder / event, event, self.program)
        except FolderError:  # all of it or nothing
            for event, what in done.items():
                if what in ("made", "added", "wrapped"):
                    take(folder / event)
            raise
        return [self._file(folder, event, done[event]) for event in events]

    def uninstall(self, events: Sequence[str]) -> list[Hook]:
        """Removes what is ours in both places: a newer git may have come since."""
        found = []
        for event in events:
            if self._section(event):
                self._git("config", self._scope, "--remove-section", _SECTION.format(event))
                found.append(Hook(event, "absent", self._config_place, "config", "removed"))
        for path in self._files(events):
            if take(path) == "removed":
                found += [Hook(path.name, "absent", str(path), "file", "removed")]
        gone = {hook.event for hook in found}
        left = [event for event in events if event not in gone]
        return [*found, *(Hook(event, "absent", done="none") for event in left)]

    def status(self, events: Sequence[str]) -> list[Hook]:
        """What is installed, in either place."""
        return [hook for event in events for hook in self._status(event)]

    # configuration ---------------------------------------------------------------

    @property
    def _scope(self) -> str:
        return "--global" if self.repository is None else "--local"

    @property
    def _config_place(self) -> str:
        return "git config --global" if self.repository is None else "git config --local"

    def _git(self, *words: str, ok: tuple[int, ...] = (0,)) -> str:
        if self.repository is not None:
            return os.fsdecode(self.repository.run(*words, ok=ok))
        git = shutil.which("git") or "git"
        done = subprocess.run([git, *words], capture_output=True, env=environment())
        if done.returncode not in ok:
            raise failed(words[0], done.stderr)
        return os.fsdecode(done.stdout)

    def _section(self, event: str) -> str:
        """The command that is configured for `event`, "" if none."""
        key = f"{_SECTION.format(event)}.command"
        return self._git("config", self._scope, "-z", "--get", key, ok=(0, 1)).rstrip("\0")

    def _configure(self, event: str) -> Hook:
        section, value = _SECTION.format(event), setting(event, self.program)
        before = self._section(event)
        self._git("config", self._scope, "--replace-all", f"{section}.command", value)
        self._git("config", self._scope, "--replace-all", f"{section}.event", event)
        done = "same" if before == value else "renewed" if before else "made"
        return Hook(event, "on", self._config_place, "config", done, self.program)

    # files -----------------------------------------------------------------------

    def _folder(self) -> Path:
        if self.repository is None:
            raise UsageError(
                f"This git ({'.'.join(map(str, self.version))}) has no hooks for all repositories.",
                "Those come with git 2.54; core.hooksPath would switch off each repository's own.",
                "Run it in each repository without --global, or update git.",
            )
        return hooks_folder(self.repository)

    def _files(self, events: Sequence[str]) -> list[Path]:
        if self.repository is None:
            return []
        folder = hooks_folder(self.repository)
        return [folder / event for event in events] if folder.is_dir() else []

    def _file(self, folder: Path, event: str, done: str = "") -> Hook:
        path = folder / event
        seen = look(path)
        if seen.kind in ("none", "foreign"):
            return Hook(event, "absent")
        how = "wrapper" if seen.kind == "wrapper" else "file"
        state = self._state(seen.program) if seen.runs else "off"
        return Hook(event, state, str(path), how, done, seen.program)

    def _state(self, program: Program | None) -> str:
        if program is None or not program.there:
            return "lost"
        return "on" if program == self.program else "another"

    def _status(self, event: str) -> list[Hook]:
        found = []
        if text := self._section(event):
            program = program_in(text)
            state = self._state(program) if self.by_config else "off"
            found.append(Hook(event, state, self._config_place, "config", program=program))
        if self.repository is not None:
            folder = hooks_folder(self.repository)
            if folder.is_dir() and (hook := self._file(folder, event)).state != "absent":
                found.append(hook)
        return found or [Hook(event, "absent")]


def git_version(git: str) -> tuple[int, int]:
    """Major and minor version of the program `git`. Raises GitFailed."""
    done = subprocess.run([git, "version"], capture_output=True)
    match = re.search(rb"(\d+)\.(\d+)", done.stdout)
    if done.returncode or match is None:
        raise GitFailed("git did not say which version it is.", fix="Reinstall git.")
    return int(match.group(1)), int(match.group(2))


def hooks_folder(repository: Repository) -> Path:
    """Where git looks for hooks, as its configuration says (scans switch that setting off)."""
    words = [repository.git, "rev-parse", "--path-format=absolute", "--git-path", "hooks"]
    done = subprocess.run(words, capture_output=True, env=environment())
    if done.returncode:
        raise failed("rev-parse", done.stderr)
    return Path(os.fsdecode(done.stdout).removesuffix("\n"))


def inside(repository: Repository | None, program: Program) -> bool:
    """Whether a branch could bring a file that takes the place of the interpreter."""
    top = repository.top() if repository else None
    return top is not None and Path(program.python).is_relative_to(top)
