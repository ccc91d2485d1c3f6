"""Other tools that own the hooks of a repository, and the lines by which they start scrub.

What such a tool writes it also overwrites, so nothing is written for it: the lines go into
its own configuration, by hand.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scrubber.git.shell import PRE_COMMIT, PRE_PUSH, Program, block

_LEFTHOOK = tuple(
    f"{dot}lefthook.{end}" for dot in ("", ".") for end in ("yml", "yaml", "toml", "json", "jsonc")
)
_FRAMEWORK = (".pre-commit-config.yaml", ".pre-commit-config.yml")


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that owns the hooks: why we think so, and what to write where."""

    name: str
    seen: str
    lines: str


def owner(
    hooks: Path, own: Path, top: Path | None, events: Sequence[str], program: Program
) -> Tool | None:
    """The tool that owns the hooks folder, None if it is git's own and nobody else's.

    `hooks` is where git looks for hooks, `own` where it looks when no setting says otherwise,
    `top` the root of the work tree.
    """
    if top is not None:
        if (top / ".husky").is_dir() or ".husky" in hooks.parts:
            return Tool("husky", ".husky", _husky(events))
        for name in _LEFTHOOK:
            if (top / name).is_file():
                return Tool("lefthook", name, _lefthook(events))
        for name in _FRAMEWORK:
            if (top / name).is_file():
                return Tool("pre-commit", name, _framework(events))
    if hooks != own:
        return Tool("core.hooksPath", f"core.hooksPath = {hooks}", _by_hand(hooks, events, program))
    for event in events:
        text = _text(hooks / event)
        if "pre-commit.com" in text:
            return Tool("pre-commit", str(hooks / event), _framework(events))
        if "lefthook" in text:
            return Tool("lefthook", str(hooks / event), _lefthook(events))
    return None


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return stream.read(1 << 16).decode("utf-8", "replace")
    except OSError:
        return ""


def _husky(events: Sequence[str]) -> str:
    words = {PRE_COMMIT: "prescrub hook run pre-commit"}
    words[PRE_PUSH] = 'prescrub hook run pre-push "$@"'
    return "".join(
        f"# a line of .husky/{event}\n{words[event]}\n" for event in events if event in words
    )


def _lefthook(events: Sequence[str]) -> str:
    parts = {
        PRE_COMMIT: "pre-commit:\n  commands:\n    scrub:\n"
        "      run: prescrub hook run pre-commit\n",
        PRE_PUSH: "pre-push:\n  commands:\n    scrub:\n"
        "      run: prescrub hook run pre-push {1} {2}\n      use_stdin: true\n",
    }
    return "".join(["# lefthook.yml\n", *(parts[event] for event in events if event in parts)])


def _framework(events: Sequence[str]) -> str:
    ids = {PRE_COMMIT: "scrub-system", PRE_PUSH: "scrub-push"}
    entries = {PRE_COMMIT: "prescrub hook run pre-commit", PRE_PUSH: "prescrub hook run pre-push"}
    rows = "".join(
        f"      - id: {ids[event]}\n"
        f"        name: scrub ({event})\n"
        f"        entry: {entries[event]}\n"
        "        language: system\n"
        "        pass_filenames: false\n"
        "        require_serial: true\n"
        f"        stages: [{event}]\n"
        for event in events
        if event in ids
    )
    return (
        "# .pre-commit-config.yaml, under repos:\n"
        f"  - repo: local\n    hooks:\n{rows}"
        "# then: pre-commit install --hook-type pre-commit --hook-type pre-push\n"
    )


def _by_hand(hooks: Path, events: Sequence[str], program: Program) -> str:
    if not hooks.is_dir():
        return (
            f"# {hooks} is no folder: hooks are switched off. git config --unset core.hooksPath\n"
        )
    return "".join(
        f"# behind the first line of {shlex.quote(str(hooks / event))} "
        f"(new: begin with #!/bin/sh, then chmod +x)\n{block(event, program)}"
        for event in events
    )
