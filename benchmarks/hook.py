"""What does a hook cost: the first look, the next ones, and a push of a long history?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from benchmarks import material
from benchmarks.material import Scale
from benchmarks.measure import SCRUB, Candidate, Run, cpu, of, run, take_turns, wall
from benchmarks.tables import Table, seconds, times

_GIT = ("-c", "user.name=A. Tester", "-c", "user.email=tester@example.com")
_BASE = "scrub hook run pre-commit, known"
_PEER = "detect-secrets-hook"


def measure(scale: Scale) -> Table:
    staged, count, photos = _staged(scale)
    history, objects = _history(scale)
    env = {**scale.env, "GIT_CONFIG_GLOBAL": os.devnull}
    table = Table(
        "Hooks",
        f"{count:,} staged files ({photos} photos, the others source code), and a push of"
        f" {objects:,} objects. Start of the process included. Nothing is given to the hook but"
        " what git gives.",
        ("", "wall", "CPU", f"wall ÷ {_BASE}"),
    )

    def hook(*, forget: bool) -> Run:
        if forget:
            shutil.rmtree(staged / ".git" / "scrub", ignore_errors=True)
        return _in(staged, [*SCRUB, "hook", "run", "pre-commit"], env)

    check = [*SCRUB, "check", str(staged), "-q", "--exclude", ".git"]
    push = [*SCRUB, "hook", "run", "pre-push", "origin", "x"]
    line = history / "line"
    names = "git diff --cached --name-only -z"
    candidates: dict[str, Candidate] = {
        "scrub check, the same files": lambda: _in(staged, check, env),
        "scrub hook run pre-commit, nothing known": lambda: hook(forget=True),
        _BASE: lambda: hook(forget=False),
        "git show, once a file": lambda: _shell(
            staged, f"{names} | xargs -0 -I{{}} git show :{{}} >/dev/null", env
        ),
        "git cat-file, one for all": lambda: _shell(
            staged, "git ls-files -s | cut -c8-47 | git cat-file --batch >/dev/null", env
        ),
        "scrub hook run pre-push, known": lambda: _in(history, push, env, line),
        "git rev-list --objects and cat-file": lambda: _shell(
            history,
            "git rev-list --objects --no-object-names --all | git cat-file --batch >/dev/null",
            env,
        ),
    }
    if peer := shutil.which(_PEER):
        candidates[_PEER] = lambda: _shell(staged, f"{names} | xargs -0 {peer}", env)
    _in(history, push, env, line)  # so that it is known
    runs = take_turns(candidates, scale.rounds)
    for name, each in runs.items():
        table.add(name, seconds(wall(each)), seconds(cpu(each)), times(of(runs, name, _BASE)))
    table.notes.append("`nothing known`: the first look at these files; `known`: every other one.")
    if not peer:
        table.notes.append(f"{_PEER} is not installed here.")
    return table


def _staged(scale: Scale) -> tuple[Path, int, int]:
    folder = scale.work / "staged"
    made = material.photos(folder / "photos", scale.pick(100, 2))
    modules = scale.pick(1900, 20)
    for number in range(modules):
        path = folder / f"part{number % 40}" / f"module{number}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"def function{number}(x):\n    return x + {number}\n" * 30)
    _git(folder, "init", "-q")
    _git(folder, "add", ".")
    return folder, made.count + modules, made.count


def _history(scale: Scale) -> tuple[Path, int]:
    folder = scale.work / "history"
    folder.mkdir()
    _git(folder, "init", "-q")
    commits = scale.pick(2600, 20)
    text = b"".join(_commit(number) for number in range(commits))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=text, check=True)
    tip = _git(folder, "rev-parse", "refs/heads/main")
    (folder / "line").write_text(f"refs/heads/main {tip} refs/heads/main {'0' * 40}\n")
    return folder, len(_git(folder, "rev-list", "--objects", "--all").splitlines())


def _commit(number: int) -> bytes:
    message, text = f"change {number}".encode(), f"x = {number}\n".encode()
    return (
        b"commit refs/heads/main\ncommitter A. Tester <tester@example.com> %d +0000\n"
        b"data %d\n%s\nM 100644 inline part%d/module%d.py\ndata %d\n%s\n"
        % (
            1_700_000_000 + number,
            len(message),
            message,
            number % 50,
            number % 500,
            len(text),
            text,
        )
    )


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *_GIT, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def _in(folder: Path, command: list[str], env: dict[str, str], given: Path | None = None) -> Run:
    words = ["env", "-C", str(folder), "sh", "-c", f'exec "$@" < {given or os.devnull}', "sh"]
    return run([*words, *command], env=env, allowed=(0, 1, 3))


def _shell(folder: Path, text: str, env: dict[str, str]) -> Run:
    return run(["env", "-C", str(folder), "sh", "-c", text], env=env, allowed=(0, 1))
