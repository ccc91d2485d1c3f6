"""A stranger's package and an unsafe import path are refused before anything of theirs runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import scrubber
from scrubber.errors import UsageError
from scrubber.stamp import check_packages

HOME = Path(scrubber.__file__).parent.parent


def start(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Check in a fresh Python that runs in `folder`, with `path` in front on the import path."""
    code = (
        f"import sys; sys.path[:0] = {path.split(os.pathsep)!r}\n"
        "from scrubber.errors import UsageError\n"
        "from scrubber.stamp import check_packages\n"
        "try: check_packages()\n"
        "except UsageError as error: sys.exit(str(error))\n"
    )
    return subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )


def test_our_own_packages_pass(tmp_path: Path) -> None:
    assert start(tmp_path, str(HOME)).returncode == 0


@pytest.mark.parametrize("entry", ["", "{cwd}"])
def test_the_working_directory_as_import_path_is_refused(tmp_path: Path, entry: str) -> None:
    with pytest.raises(UsageError, match="working directory"):
        check_packages([entry.format(cwd=tmp_path)], tmp_path)


def test_the_checkout_may_be_the_working_directory() -> None:
    check_packages([str(HOME)], HOME)


def test_a_strangers_package_is_named_and_not_run(tmp_path: Path) -> None:
    stranger = tmp_path / "elsewhere"
    (stranger / "detectors").mkdir(parents=True)
    (stranger / "detectors" / "__init__.py").write_text("raise SystemExit(99)", encoding="ascii")
    done = start(tmp_path, f"{stranger}{os.pathsep}{HOME}")
    assert done.returncode == 1
    assert "'detectors'" in done.stderr
    assert str(stranger) in done.stderr


def test_a_module_in_the_working_directory_is_not_run(tmp_path: Path) -> None:
    (tmp_path / "detectors.py").write_text("raise SystemExit(99)", encoding="ascii")
    done = start(tmp_path, f"{tmp_path}{os.pathsep}{HOME}")
    assert done.returncode == 1
    assert "working directory" in done.stderr


@pytest.mark.parametrize("broken", ["missing", "other-version"])
def test_half_an_installation_is_refused(tmp_path: Path, broken: str) -> None:
    home = tmp_path / "site"
    shutil.copytree(HOME / "scrubber", home / "scrubber", ignore=shutil.ignore_patterns("*.pyc"))
    for name in ("detectors", "reports"):
        (home / name).mkdir()
        stamp = scrubber.__stamp__ if name == "detectors" else "prescrub-0.0.1"
        (home / name / "__init__.py").write_text(f'__stamp__ = "{stamp}"\n', encoding="ascii")
    if broken == "missing":
        shutil.rmtree(home / "reports")
        # Only the copy may be found: the environment's own is hidden.
        code = "import sys; sys.path = [p for p in sys.path if 'site-packages' not in p]\n"
    else:
        code = ""
    code += f"import sys; sys.path.insert(0, {str(home)!r})\n"
    code += "import scrubber.stamp as s\ntry: s.check_packages()\nexcept Exception as e: print(e)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "'reports'" in done.stdout
    assert ("missing" in done.stdout) == (broken == "missing")
