"""A secret that one file gives away goes from all the others, names included; and it is proved."""

from __future__ import annotations

import json
import random
import string
from pathlib import Path

import pytest
from runs import Runs, photo

RNG = random.Random(20240611)
ALNUM = string.ascii_letters + string.digits


def _draw(count: int) -> str:
    return "".join(RNG.choice(ALNUM) for _ in range(count))


PASSWORD = "Vq7" + _draw(12) + "x4"
TOKEN = "gh" + "p_" + _draw(36)
LONG = "S" + "G." + _draw(22) + "." + _draw(43)  # longer than a name may be
DATABASE = "Zk3" + _draw(11) + "m8"


def _holds(folder: Path, value: str) -> list[str]:
    return [
        str(path)
        for path in sorted(folder.rglob("*"))
        if value.lower() in path.name.lower()
        or (path.is_file() and value.lower().encode() in path.read_bytes().lower())
    ]


@pytest.mark.slow
def test_a_secret_of_one_file_leaves_all_files_and_names(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("app/settings.yml", f"service:\n  db_password: {PASSWORD}\n  replicas: 2\n")
    runs.write("app/client.py", f'import os\n\nAUTH_TOKEN = "{TOKEN}"\nMODEL_KEY = "{LONG}"\n')
    runs.write("app/store.toml", f'[db]\nurl = "postgres://svc:{DATABASE}@db.example.com/core"\n')
    runs.write("logs/yesterday.txt", f"The worker printed {PASSWORD} and then stopped.\n")
    runs.write("logs/call.json", json.dumps({"note": f"seen {LONG} and {TOKEN}", "count": 2}))
    runs.write("logs/connect.txt", f"It tried {DATABASE} twice before it went on.\n")
    runs.write(f"exports/dump {PASSWORD}.txt", "Nothing else stands here, only words.\n")
    runs.write("pictures/a.jpg", photo())
    done = runs.scrub(runs.inside, "--out", runs.out)
    assert done.returncode in (0, 3), done.stdout + done.stderr
    written = {path.suffix for path in runs.out.rglob("*") if path.is_file()}
    assert {".yml", ".py", ".toml", ".txt", ".json", ".jpg"} <= written, done.stdout
    for value in (PASSWORD, TOKEN, LONG, DATABASE):
        assert _holds(runs.out, value) == []
        if value != PASSWORD:  # the private log names files as they were called
            assert _holds(runs.audit, value) == []
            assert value not in done.stdout + done.stderr
    assert runs.verified()
