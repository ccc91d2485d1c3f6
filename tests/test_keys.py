"""The project key: made once, private, separated by labels."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from scrubber.errors import FolderError, UsageError, VerificationError
from scrubber.keys import (
    AUDIT_MARKER,
    ProjectKey,
    data_home,
    draw_batch_id,
    hkdf_sha256,
    key_path,
    load_key,
    seal,
    unseal,
)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"SCRUB_DATA_HOME": str(tmp_path / "data")}


def test_rfc_5869_vector_1() -> None:
    out = hkdf_sha256(
        bytes([0x0B] * 22),
        salt=bytes(range(13)),
        info=bytes(range(0xF0, 0xFA)),
        length=42,
    )
    assert out.hex() == (
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
    )


@given(st.binary(min_size=1), st.binary(), st.binary(), st.integers(1, 200))
def test_hkdf_equals_the_library(secret: bytes, salt: bytes, info: bytes, length: int) -> None:
    other = HKDF(SHA256(), length, salt, info).derive(secret)
    assert hkdf_sha256(secret, salt=salt, info=info, length=length) == other


def test_made_once_and_private(env: dict[str, str]) -> None:
    first, made = load_key(env=env)
    again, made_again = load_key(env=env)
    assert (made, made_again) == (True, False)
    assert first == again
    path = key_path(env=env)
    assert path.stat().st_size == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["default.key"]


def test_the_secret_is_not_in_the_repr() -> None:
    assert "AAAA" not in repr(ProjectKey(b"A" * 32))


def test_runs_at_once_agree(env: dict[str, str]) -> None:
    code = "from scrubber.keys import load_key; print(load_key()[0].secret.hex())"
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            env={**os.environ, **env},
            cwd=Path(__file__).parent.parent,
            stdout=subprocess.PIPE,
        )
        for _ in range(6)
    ]
    assert len({run.communicate()[0] for run in runs}) == 1
    assert all(run.returncode == 0 for run in runs)


def test_labels_give_different_keys() -> None:
    key = ProjectKey(bytes(range(32)))
    derived = [
        key.tag_key(),
        key.tag_key("Example Market"),
        key.commit_key("b-1"),
        key.commit_key("b-2"),
        key.spool_key("b-1"),
        key.decisions_key,
        key.secret,
    ]
    assert len(set(derived)) == len(derived)
    assert key.tag_key("Zoe\u0301") == key.tag_key("Zo\u00e9")


@pytest.mark.parametrize("size", [0, 31, 33])
def test_wrong_size(env: dict[str, str], size: int) -> None:
    load_key(env=env)
    key_path(env=env).write_bytes(b"x" * size)
    with pytest.raises(FolderError, match="instead of 32"):
        load_key(env=env)


def test_open_permissions(env: dict[str, str]) -> None:
    load_key(env=env)
    key_path(env=env).chmod(0o640)
    with pytest.raises(FolderError, match="chmod 600"):
        load_key(env=env)


def test_open_key_folder(env: dict[str, str]) -> None:
    folder = key_path(env=env).parent
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    with pytest.raises(FolderError, match="chmod 700"):
        load_key(env=env)


def test_named_key_must_exist(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no key file"):
        load_key(key_file=tmp_path / "typo.key")
    with pytest.raises(UsageError, match="no key file"):
        load_key(key_file=tmp_path / "keys" / "typo.key")
    assert not list(tmp_path.iterdir())


def test_named_key(tmp_path: Path) -> None:
    path = tmp_path / "mine"
    path.write_bytes(bytes(range(32)))
    path.chmod(0o600)
    assert load_key(key_file=path) == (ProjectKey(bytes(range(32))), False)


def test_refused_inside_an_audit_folder(tmp_path: Path) -> None:
    (tmp_path / AUDIT_MARKER).touch()
    with pytest.raises(UsageError, match="inside the audit folder"):
        load_key(env={"SCRUB_DATA_HOME": str(tmp_path / "deep" / "er")})
    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 65, "a\nb"])
def test_project_names(name: str) -> None:
    with pytest.raises(UsageError):
        key_path(name)


def test_data_home_follows_xdg() -> None:
    assert data_home({"XDG_DATA_HOME": "/srv/data"}) == Path("/srv/data/scrub")
    assert data_home({"XDG_DATA_HOME": "relative"}).parts[-3:] == (".local", "share", "scrub")


def test_batch_ids_differ() -> None:
    assert len({draw_batch_id() for _ in range(100)}) == 100


@given(st.binary())
def test_seal_round_trip(data: bytes) -> None:
    key = bytes(range(32))
    sealed = seal(key, data, "item/7")
    assert unseal(key, sealed, "item/7") == data
    assert sealed != seal(key, data, "item/7")


def test_seal_refuses_what_was_changed() -> None:
    key = bytes(range(32))
    sealed = seal(key, b"Jane Example", "item/7")
    assert b"Jane" not in sealed
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(VerificationError):
            unseal(key, bytes(changed), "item/7")
    for wrong in (sealed[:-1], b"", sealed[:20]):
        with pytest.raises(VerificationError):
            unseal(key, wrong, "item/7")
    with pytest.raises(VerificationError):
        unseal(key, sealed, "item/8")
    with pytest.raises(VerificationError):
        unseal(bytes(32), sealed, "item/7")


def test_cryptography_is_imported_late() -> None:
    code = "import sys, scrubber.keys, scrubber.commit; print('cryptography' in sys.modules)"
    out = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
    )
    assert out.stdout.strip() == "False"
