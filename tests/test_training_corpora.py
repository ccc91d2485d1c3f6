"""Training refuses corpora that are not those it was measured with."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from training import corpora

SHARED = Path(os.environ.get("SCRUB_SHARED", Path(__file__).parents[2] / "shared"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"btc\.train: missing"):
        corpora.check(tmp_path)


@pytest.mark.skipif(not (SHARED / "corpora").is_dir(), reason="needs the corpora")
def test_one_changed_byte_is_refused(tmp_path: Path) -> None:
    for pattern in corpora.FILES:
        for path in (SHARED / "corpora").glob(pattern):
            copy = tmp_path / path.relative_to(SHARED / "corpora")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    corpora.check(tmp_path)
    copy = sorted((tmp_path / "gum").iterdir())[3]
    copy.write_bytes(copy.read_bytes() + b"\n")
    with pytest.raises(ValueError, match="gum"):
        corpora.check(tmp_path)
