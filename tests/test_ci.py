"""The action and the recipes for CI: whole, pinned, and their scripts do what the page says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from gits import Repo, clean, isolate, private

ROOT = Path(__file__).parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
NONE = "0" * 40


def recipes(page: str) -> dict[str, str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return dict(re.findall(r"```yaml\n# (\S+)[^\n]*\n(.*?)```", text, flags=re.S))


@pytest.mark.parametrize("page", ["ci.md", "hook.md"])
def test_recipes_are_yaml(page: str) -> None:
    found = recipes(page)
    assert found
    for text in found.values():
        assert isinstance(yaml.safe_load(text), dict)


def test_every_action_is_pinned_by_hash() -> None:
    used = [line for text in recipes("ci.md").values() for line in re.findall(r"uses: (.*)", text)]
    assert used
    assert all(re.match(r"[\w./-]+@[0-9a-f]{40} #", line) for line in used)


def test_hooks_of_the_framework_are_commands_of_ours() -> None:
    from scrubber.cli.hook import run

    assert [hook["id"] for hook in HOOKS] == [
        "scrub",
        "scrub-push",
        "scrub-system",
        "scrub-push-system",
    ]
    for hook in HOOKS:
        words = hook["entry"].split()
        assert words[:3] == ["prescrub", "hook", "run"]
        assert words[3] in run.commands
        assert hook["stages"] == [words[3]]
        assert hook["pass_filenames"] is False


def test_lines_that_are_printed_are_those_of_the_page() -> None:
    from scrubber.git.hook_tools import _lefthook

    printed = yaml.safe_load(_lefthook(("pre-commit", "pre-push")))
    assert printed == yaml.safe_load(recipes("hook.md")["lefthook.yml"])


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repo:
    isolate(monkeypatch, tmp_path / "home")
    made = Repo(tmp_path / "repo")
    made.add("c.png", clean())
    made.commit()
    return made


def act(repo: Repo, tmp_path: Path, **given: str) -> tuple[int, str]:
    """Runs the step that looks as a runner does; returns the exit code and what was printed."""
    step = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "look")
    program = tmp_path / "runner" / "scrub" / "bin" / "prescrub"
    program.parent.mkdir(parents=True, exist_ok=True)
    start = "import sys; sys.path.append({!r}); from scrubber.cli import main; main()"
    program.write_text(f"#!{sys.executable} -I\n{start.format(str(ROOT))}\n")
    program.chmod(0o755)
    outputs = tmp_path / "outputs"
    outputs.write_text("")
    environment = {
        **os.environ, **dict.fromkeys(step["env"], ""), "SCRUB_FORMAT": "github",
        "SCRUB_DATA_HOME": str(tmp_path / "data"), "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_OUTPUT": str(outputs), **given,
    }  # fmt: skip
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(words, cwd=repo.path, env=environment, capture_output=True, text=True)
    assert outputs.read_text() == f"exit-code={done.returncode}\n"
    return done.returncode, done.stdout


@pytest.mark.slow
def test_the_action(repo: Repo, tmp_path: Path) -> None:
    base = repo.oid("HEAD")
    repo.add("b.png", clean(2))
    tip = repo.commit("Another picture.")
    assert act(repo, tmp_path, SCRUB_BASE=base, SCRUB_TIP=tip)[0] == 0
    repo.add("a.jpg", private())
    tip = repo.commit("A photo.")
    code, said = act(repo, tmp_path, SCRUB_BASE=base, SCRUB_TIP=tip)
    assert (code, "file=a.jpg" in said) == (1, True)
    assert act(repo, tmp_path, SCRUB_BASE=NONE, SCRUB_TIP=tip)[0] == 1  # a new branch
    assert act(repo, tmp_path, SCRUB_BASE="", SCRUB_TIP=tip)[0] == 1
    assert act(repo, tmp_path, SCRUB_BASE="1" * 40, SCRUB_TIP=tip)[0] == 4  # not fetched
    given = {"SCRUB_RANGE": f"{base}..{tip}", "SCRUB_FORMAT": "sarif"}
    assert act(repo, tmp_path, **given)[0] == 1
    assert '"2.1.0"' in (repo.path / "scrub.sarif").read_text()


def test_scripts_of_the_action(tmp_path: Path) -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    for step in ACTION["runs"]["steps"]:
        path = tmp_path / "step"
        path.write_text("#!/bin/bash\n" + step["run"])
        subprocess.run(["shellcheck", str(path)], check=True)
        assert "${{" not in step["run"], "a value of the event must not become code"
