"""Files made for keys, passwords and histories are held whole, whatever the case of their names."""

# ruff: noqa: E501, SIM905  # tables

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from scrubber import credential_stores
from scrubber.containers import load_format
from scrubber.errors import CredentialStore
from scrubber.identify import identify
from scrubber.model import Item, Outcome, Skipped
from scrubber.source import FileSource
from scrubber.walk import walk

FILES = sorted(
    {
        glob.replace("[0-9]", "0").replace("*", "a")
        for globs, _ in credential_stores._WHY
        for glob in globs
    }
)
"""A name for each row of the tables."""

STUDY = (
    "id_rsa id_dsa id_ecdsa_sk id_ed25519 a.p8 a.p12 a.pfx a.pkcs12 a.jks a.jceks a.keystore a.kdb a.kdbx "
    "a.ppk a.gpg secring.gpg pubring.kbx trustdb.gpg a.ovpn wg0.conf a.agekey wallet.dat a.mobileprovision "
    "a.keytab krb5cc_1000 a.otpkey .env .env.local prod.env .envrc .netrc _netrc .pgpass pgpass.conf .my.cnf "
    ".mylogin.cnf .npmrc .yarnrc.yml .pypirc .dockercfg kubeconfig kubeconfig.yaml .boto .s3cfg rclone.conf "
    ".git-credentials .terraformrc .vault-token .htpasswd shadow passwd auth.json gradle.properties secrets.yaml "
    "secrets.yml master.key credentials.yml.enc my-service-account.json client_secret_1.json google-services.json "
    "x-firebase-adminsdk-1.json a.tfstate a.tfstate.backup a.tfvars .bash_history .zsh_history .python_history "
    ".node_repl_history .psql_history .mysql_history .sqlite_history .rediscli_history .lesshst .viminfo "
    "fish_history ConsoleHost_history.txt .Rhistory .irb-history a.hist Cookies logins.json key3.db key4.db "
    "cookies.sqlite places.sqlite History login.keychain-db a.har a.pcap a.pcapng a.dmp core core.1234 a.hprof "
    "a.mdmp a.evtx a.pst a.ost NTUSER.DAT .aider.chat.history.md"
).split()
FOLDERS = (
    ".ssh .gnupg private-keys-v1.d .aws .azure .docker .kube .gem .m2 .nuget .huggingface .kaggle .streamlit "
    ".terraform .ipython .claude .codex .cursor .continue .copilot x.specstory"
).split()  # fmt: skip
BELOW = (
    ".config/gcloud/credentials.db", ".config/gh/hosts.yml", ".cargo/credentials.toml", ".config/op/config",
    ".cache2/huggingface/token", "keystore/UTC--2024-01-01", "home/.ssh/config",
)  # fmt: skip


@pytest.mark.parametrize("name", [*FILES, *STUDY])
def test_name_is_held_in_any_case(name: str) -> None:
    for spelled in (name, name.upper(), name.title()):
        assert credential_stores.judge_path(f"deep/er/{spelled}") is not None


@pytest.mark.parametrize("path", [*(f"{folder}/notes.txt" for folder in FOLDERS), *BELOW])
def test_folder_is_held_wherever_it_stands(path: str) -> None:
    assert credential_stores.judge_path(path) is not None
    assert credential_stores.judge_path(f"a/b/{path}") is not None


@pytest.mark.parametrize(
    "name",
    [
        ".env.example", ".env.sample", "prod.env.template", "history.md", "Art history.txt", "passwords.md",
        "cookies.jpg", "Cookies recipe.txt", "core.py", "keys.txt", "keyboard.jpg", "environment.yml",
        "token.md", "secrets of the garden.txt", "shadow.jpg", "config.json", "settings.xml", "server.pem",
        "Deck.key", "signature.asc", "auth.py", "family_history.txt", "login data.csv",
    ],
)  # fmt: skip
def test_other_names_pass(name: str) -> None:
    assert credential_stores.judge_path(f"a/{name}") is None


def test_decomposed_letters_count_as_composed() -> None:
    name = "é.kdbx"
    assert credential_stores.judge_file(unicodedata.normalize("NFD", name)) is not None


def test_walk_holds_them_and_drops_version_control(tmp_path: Path) -> None:
    for name in (".ENV", ".env.example", "sub/.SSH/config", "sub/.config/gh/hosts.yml", ".git/HEAD", "a.txt"):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("plain words")
    entries = list(walk([tmp_path]))
    held = {e.path: e.code for e in entries if isinstance(e, Skipped) and e.outcome is Outcome.HELD}
    assert held == dict.fromkeys(
        (".ENV", "sub/.SSH/", "sub/.config/gh/hosts.yml"), "credential-store"
    )
    assert {e.path for e in entries if isinstance(e, Item)} == {".env.example", "a.txt"}
    assert [e.code for e in entries if isinstance(e, Skipped) and e.path == ".git/"] == ["vcs"]


def test_one_named_file_is_held_too(tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("machine example.com")
    (only,) = walk([tmp_path / ".netrc"])
    assert isinstance(only, Skipped)
    assert only.code == "credential-store"


_MARK = "PRIV" + "ATE KEY-----"
CONTENTS = {
    "notes.txt": f"-----BEGIN {_MARK}\n{'QUJD' * 16}\n-----END {_MARK}\n".encode(),
    "site.pem": f"-----BEGIN RSA {_MARK}\n{'QUJD' * 16}\n-----END RSA {_MARK}\n".encode(),
    "key.key": f"-----BEGIN EC {_MARK}\n{'QUJD' * 16}\n-----END EC {_MARK}\n".encode(),
    "putty.txt": b"PuTTY-User-Key" b"-File-3: ssh-ed25519\nEncryption: none\n",
    "photo.jpg": b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5" + bytes(200),
    "blob": b"\xfe\xed\xfe\xed\x00\x00\x00\x02" + bytes(200),
    "sig.asc": b"-----BEGIN PGP PRIVATE " b"KEY BLOCK-----\n\nQUJDQUJD\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\n",
}  # fmt: skip


@pytest.mark.parametrize("name", CONTENTS)
def test_content_is_believed_more_than_the_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CONTENTS[name])
    with FileSource(os.fspath(path)) as source, pytest.raises(CredentialStore):
        load_format(identify(source, name).container)
