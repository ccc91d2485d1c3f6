"""Kept verdicts: exact, private, and worth nothing when somebody else has written them."""

from __future__ import annotations

import os
import sqlite3
import stat
from pathlib import Path

import pytest

from scrubber.git.verdicts import CLEAN, FOUND, HELD, NAME, Verdict, Verdicts

KEY = b"k" * 32
FULL = Verdict(
    FOUND,
    container="text",
    entities=(("PERSON", 2),),
    places=(("PERSON", "line 3", 3, 7, 9),),
    guesses=True,
    not_checked=("FACE",),
)


def opened(folder: Path, context: str = "rules", key: bytes = KEY) -> Verdicts:
    return Verdicts(folder / "scrub", key, context)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put("oid", "blob.txt", FULL)
    with opened(tmp_path) as kept:
        assert kept.get("oid", "blob.txt") == FULL


def test_everything_that_decides_is_in_the_key(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put("oid", "blob.txt", Verdict(CLEAN))
        assert kept.get("oid", "blob.py") is None
        assert kept.get("other", "blob.txt") is None
    with opened(tmp_path, "other rules") as kept:
        assert kept.get("oid", "blob.txt") is None
    with opened(tmp_path, key=b"x" * 32) as kept:
        assert kept.get("oid", "blob.txt") is None


def test_only_this_user_may_read_it(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        with opened(tmp_path) as kept:
            kept.put("oid", "x", FULL)
    finally:
        os.umask(old)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}
    assert modes == {"scrub": 0o700, NAME: 0o600}


def test_neither_a_name_nor_a_digest_of_content_is_in_it(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put("0123456789abcdef" * 4, "blob.quillfeather", Verdict(CLEAN, sha256="f" * 64))
    data = (tmp_path / "scrub" / NAME).read_bytes()
    for word in (b"0123456789abcdef" * 4, b"quillfeather", b"f" * 64):
        assert word not in data


@pytest.mark.parametrize("column", ["body", "code"])
def test_a_row_that_was_changed_does_not_exist(tmp_path: Path, column: str) -> None:
    with opened(tmp_path) as kept:
        kept.put("oid", "x", Verdict(HELD, "damaged", "broken"))
        kept.put("clean", "x", Verdict(CLEAN))
    base = sqlite3.connect(tmp_path / "scrub" / NAME)
    rows = base.execute("SELECT rowid, body FROM verdict").fetchall()
    good = next(body for _, body in rows if b"clean" in body)
    base.execute(f"UPDATE verdict SET {column} = ?", (good,))
    base.commit()
    base.close()
    with opened(tmp_path) as kept:
        assert kept.get("oid", "x") is None


def test_a_row_moved_to_another_blob_does_not_exist(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.put("bad", "x", FULL)
        kept.put("good", "x", Verdict(CLEAN))
    base = sqlite3.connect(tmp_path / "scrub" / NAME)
    rows = base.execute("SELECT body, code FROM verdict").fetchall()
    clean = next(row for row in rows if b"clean" in row[0])
    base.execute("UPDATE verdict SET body = ?, code = ?", clean)
    base.commit()
    base.close()
    with opened(tmp_path) as kept:
        assert kept.get("bad", "x") is None
        assert kept.get("good", "x") == Verdict(CLEAN)


@pytest.mark.parametrize("data", [b"", b"garbage" * 1000, None])
def test_a_damaged_file_is_made_anew(tmp_path: Path, data: bytes | None) -> None:
    with opened(tmp_path) as kept:
        for number in range(200):
            kept.put(f"{number}", "x", FULL)
    place = tmp_path / "scrub" / NAME
    if data is None:
        whole = bytearray(place.read_bytes())
        whole[4096:8192] = os.urandom(4096)
        data = bytes(whole)
    place.write_bytes(data)
    with opened(tmp_path) as kept:
        kept.get("0", "x")
        kept.put("oid", "x", FULL)
        assert kept.get("oid", "x") in (FULL, None)
    with opened(tmp_path) as kept:
        assert kept.get("oid", "y") is None


def test_another_table_of_that_name_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "scrub").mkdir(mode=0o700)
    base = sqlite3.connect(tmp_path / "scrub" / NAME)
    base.execute("CREATE TABLE verdict (oid TEXT, outcome TEXT)")
    base.commit()
    base.close()
    with opened(tmp_path) as kept:
        kept.put("oid", "x", FULL)
        assert kept.get("oid", "x") == FULL


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "scrub").symlink_to(tmp_path / "target")
    with opened(tmp_path) as kept:
        kept.put("oid", "x", FULL)
        assert kept.get("oid", "x") is None
    assert list((tmp_path / "target").iterdir()) == []
    (tmp_path / "scrub").unlink()
    (tmp_path / "scrub").mkdir()
    (tmp_path / "scrub" / NAME).symlink_to(tmp_path / "victim")
    with opened(tmp_path) as kept:
        kept.put("oid", "x", FULL)
    assert not (tmp_path / "victim").exists()


def test_two_hooks_at_once(tmp_path: Path) -> None:
    with opened(tmp_path) as one, opened(tmp_path) as other:
        one.put("1", "x", FULL)
        one.commit()
        other.put("2", "x", FULL)
        other.commit()
        assert one.get("2", "x") == FULL


def test_only_what_says_something_about_the_blob_lasts() -> None:
    assert Verdict(CLEAN).keeps
    assert Verdict(HELD, "unknown-container").keeps
    for code in ("timed-out", "worker-died", "missing-extra", "unreadable", "internal"):
        assert not Verdict(HELD, code).keeps
