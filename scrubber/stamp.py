"""Are the packages that answer to our names ours?

`detectors` and `reports` are names that strangers publish too, and a folder
that is being scrubbed may hold a `detectors.py`. So, before anything of ours
is imported from them: the working directory must not be an import path, and
both packages must lie beside `scrubber` and carry its stamp.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import scrubber
from scrubber.errors import UsageError

_HOME = Path(scrubber.__file__).resolve().parent.parent
_SIBLINGS = ("detectors", "reports")
_REINSTALL = "Reinstall in an environment of its own: pipx install --force prescrub"


def check_packages(path: Sequence[str] | None = None, cwd: Path | None = None) -> None:
    """Refuse to run from an unsafe import path or with a stranger's package.

    `path` is the import path to judge (default: sys.path), `cwd` the working
    directory. Imports `detectors` and `reports` only after their place is known.
    Raises UsageError.
    """
    _check_path(sys.path if path is None else path, cwd or Path.cwd())
    for name in _SIBLINGS:
        _check_sibling(name)


def _check_path(path: Sequence[str], cwd: Path) -> None:
    for entry in path:
        # The folder that scrubber itself was loaded from is trusted already (a checkout).
        if entry == "" or (_same(Path(entry), cwd) and not _same(Path(entry), _HOME)):
            raise UsageError(
                "Python would import modules from the working directory.",
                "A file named like a module in that folder would be run.",
                "Start the installed command `prescrub`, or Python with -I, and unset PYTHONPATH.",
            )


def _same(one: Path, other: Path) -> bool:
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _check_sibling(name: str) -> None:
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise UsageError(
            f"The package {name!r} of prescrub is missing.", "Half an installation.", _REINSTALL
        )
    if Path(spec.origin).resolve() != _HOME / name / "__init__.py":
        raise UsageError(
            f"Another distribution's package {name!r} answers in place of ours.",
            f"It lies in {Path(spec.origin).parent}, not beside scrubber.",
            _REINSTALL,
        )
    found = getattr(importlib.import_module(name), "__stamp__", None)
    if found != scrubber.__stamp__:
        raise UsageError(
            f"The package {name!r} is not the one that belongs to this scrubber.",
            f"Its stamp is {found!r}, ours is {scrubber.__stamp__!r}.",
            _REINSTALL,
        )
