"""Smoke tests for the installed wheel. Run by tests/wheel/run.sh, outside the checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import pytest

SCRUB = Path(sys.executable).with_name("scrub")
SAMPLES = Path(os.environ.get("PRESCRUB_SAMPLES", "."))


def scrub(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
    return subprocess.run(
        [str(SCRUB), *arguments],
        capture_output=True,
        text=True,
        cwd=home,
        env=environment,
        timeout=300,
        check=False,
    )


def test_it_is_not_the_checkout_that_answers() -> None:
    import scrubber

    assert "site-packages" in scrubber.__file__
    assert scrubber.__version__ == metadata.version("prescrub")


@pytest.mark.parametrize("preset", ["standard", "strict", "keep-credit"])
def test_it_carries_the_presets(preset: str) -> None:
    assert (resources.files("scrubber") / "policies" / f"{preset}.toml").is_file()


@pytest.mark.parametrize("command", ["scrub", "prescrub"])
def test_it_answers_under_both_names(command: str) -> None:
    script = Path(sys.executable).with_name(command)
    done = subprocess.run([str(script), "--version"], capture_output=True, text=True, check=True)
    assert metadata.version("prescrub") in done.stdout


def test_it_cleans_the_samples_and_verifies_them(tmp_path: Path) -> None:
    out = tmp_path / "clean"
    done = scrub(str(SAMPLES), "--out", str(out), home=tmp_path)
    assert done.returncode in (0, 3), done.stderr
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    checked = scrub("verify", str(out), home=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
