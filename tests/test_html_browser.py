"""The private page in a real browser: readable by all, quiet, whole on a phone and on paper.

Needs node, npm, Chromium and a package registry; skips without them. SCRUB_LOOK names a
folder in which the pictures are kept.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pages import held, hostile, many, page_of, write

from scrubber.model import ItemRecord

HERE = Path(__file__).parent / "browser"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BATCHES: dict[str, Callable[[], list[ItemRecord]]] = {
    "empty": lambda: [],
    "safe": lambda: [replace(record, not_checked=()) for record in many(3)],
    "looked": lambda: list(many(3)),
    "held": lambda: [held(n, f"bad/{n}.jpg") for n in range(3)],
    "many": lambda: list(many(120)),
    "hostile": hostile,
}

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        CHROMIUM is None or shutil.which("npm") is None or shutil.which("node") is None,
        reason="chromium, node or npm is not installed",
    ),
]


@pytest.fixture(scope="module")
def modules(request: pytest.FixtureRequest) -> Path:
    """The pinned packages, installed once into pytest's cache folder."""
    cache = request.config.cache
    assert cache is not None
    folder = Path(cache.mkdir("browser"))
    lock = (HERE / "package-lock.json").read_bytes()
    with (folder / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (folder / "done").is_file() or (folder / "done").read_bytes() != lock:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, folder / name)
            made = subprocess.run(
                ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=folder, capture_output=True, text=True, check=False, timeout=240,
            )  # fmt: skip
            if made.returncode:
                pytest.skip(f"npm could not install the packages: {made.stderr[-200:]}")
            (folder / "done").write_bytes(lock)
    return folder


@pytest.mark.parametrize("name", BATCHES)
def test_it_works_for_everybody(modules: Path, tmp_path: Path, name: str) -> None:
    kept = os.environ.get("SCRUB_LOOK")
    out, whole = Path(kept or tmp_path) / name, ["whole"] if kept else []
    out.mkdir(parents=True, exist_ok=True)
    page = write(out, "page", page_of(BATCHES[name]()))
    done = subprocess.run(
        ["node", str(HERE / "look.mjs"), str(modules), str(CHROMIUM), str(page), str(out), *whole],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["messages"] == []
    assert seen["requests"] == []
    assert len(seen["views"]) == 4
    for view in seen["views"]:
        assert view["styled"], "the content security policy refused the style sheet"
        assert view["overflow"] <= 0, view
        assert view["outside"] == []
        assert view["violations"] == []
        assert view["passed"] > 15
    grounds = {view["colorScheme"]: view["ground"] for view in seen["views"]}
    assert grounds["light"] != grounds["dark"]
    assert seen["hidden"] == []
    assert seen["pages"] >= (4 if name in ("many", "hostile") else 2)
