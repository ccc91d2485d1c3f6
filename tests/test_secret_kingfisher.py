"""Kingfisher in process: places, odd bytes, its cache, and that it never fails in silence."""

# ruff: noqa: E501  # tables

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from detectors.errors import DetectionIncomplete, ModelMissing
from detectors.recognizers import secret_kingfisher as kingfisher
from detectors.recognizers import secret_rules

BODY = "q7Zt2Lr9Xk4Wm8Vb3Nc6Hd1Jf5Gs0Py7Uo2Ti"
TOKEN = "gl" + "pat-" + BODY[:20]


def shown(text: str) -> set[str]:
    return {text[hit.start : hit.end] for hit in kingfisher.find(text)}


@pytest.mark.parametrize(
    "around",
    [
        "{}", "x = '{}'\n", "Żółć ✓ 𝔘 {} ✓", "\0\0 {} \0", "a\0b\0c\0 {}", "\ud800 {} \udfff", "\ufeff{}",
        "{}  # gitleaks:allow", "{} # kingfisher:ignore", "{} # pragma: allowlist secret", "\r\n\t{}\r\n",
    ],
)  # fmt: skip
def test_token_is_seen_where_it_stands(around: str) -> None:
    text = around.format(TOKEN)
    assert TOKEN in shown(text)


def test_every_repeat_is_seen() -> None:
    text = "\n".join(f"token {TOKEN} {number}" for number in range(40))
    assert len({hit.start for hit in kingfisher.find(text)}) == 40


def test_a_place_that_does_not_hold_the_finding_is_an_error() -> None:
    with pytest.raises(DetectionIncomplete):
        kingfisher._confirm(b"abc", b"xyz", 0, 3)


def test_out_of_time_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow:
        def scan(self, data: bytes, timeout: float) -> list[object]:
            raise TimeoutError

    monkeypatch.setattr(kingfisher, "_scanner", Slow)
    with pytest.raises(DetectionIncomplete):
        list(kingfisher.find("text"))


def test_without_the_package_texts_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kingfisher_sdk.rules", None)
    with pytest.raises(ModelMissing, match="Kingfisher"):
        kingfisher._make()


def test_cache_is_the_users_own(tmp_path: Path) -> None:
    env = {"XDG_CACHE_HOME": str(tmp_path)}
    folder = kingfisher.cache_folder(env)
    assert folder is not None
    assert folder.is_relative_to(tmp_path)
    assert folder.stat().st_mode & 0o077 == 0
    folder.chmod(0o777)
    assert kingfisher.cache_folder(env) is None


def test_cache_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "scrub").mkdir(mode=0o700)
    os.symlink(tmp_path / "elsewhere", tmp_path / "scrub" / "rules")
    assert kingfisher.cache_folder({"XDG_CACHE_HOME": str(tmp_path)}) is None


def test_changed_rules_are_dropped_before_they_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.vscdb").write_bytes(b"as stored")
    kingfisher._note(tmp_path)
    kingfisher._drop_changed(tmp_path)
    assert (tmp_path / "a.vscdb").exists()
    (tmp_path / "a.vscdb").write_bytes(b"as an intruder wishes")
    kingfisher._drop_changed(tmp_path)
    assert not (tmp_path / "a.vscdb").exists()
    assert json.loads((tmp_path / "digests.json").read_text()) != {}


@pytest.mark.slow
def test_a_secret_at_the_end_of_one_long_line_is_seen() -> None:
    text = "lorem ipsum dolor " * 5_600_000 + TOKEN
    assert len(text) > 100_000_000
    found = {text[hit.start : hit.end] for hit in secret_rules.in_code(text)}
    assert TOKEN in found
