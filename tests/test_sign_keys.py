"""Signing keys: private, one an identity, never overwritten; their backup opens elsewhere."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from reports.signature import public_key_of
from scrubber.age import decrypt, encrypt
from scrubber.errors import FolderError, ScrubError, UsageError
from scrubber.key_backup import backed_up, export, gather, restore
from scrubber.keys import AUDIT_MARKER, key_path, load_key
from scrubber.sign_keys import (
    find_sign_key,
    identities,
    make_sign_key,
    read_sign_key,
    sign_key_path,
)
from tests import ssh
from tests.runs import SCRUB, Runs

QUICK = 10  # log2 of scrypt's N, for tests


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"SCRUB_DATA_HOME": str(tmp_path / "data")}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# keys -------------------------------------------------------------------------------


def test_made_once_private_and_without_a_comment(env: dict[str, str]) -> None:
    key, made = make_sign_key(env=env)
    again, made_again = make_sign_key(env=env)
    assert (made, made_again) == (True, False)
    assert public_key_of(key.secret) == public_key_of(again.secret)
    assert (mode(key.path), mode(key.path.parent)) == (0o600, 0o700)
    assert [path.name for path in key.path.parent.iterdir()] == ["default.sign"]


@ssh.needs_ssh
def test_ssh_keygen_signs_with_it(env: dict[str, str], tmp_path: Path) -> None:
    key, _ = make_sign_key("Käufer & Co.", env)
    done = ssh.run("ssh-keygen", "-y", "-f", key.path)
    assert done.stdout.decode().strip() == public_key_of(key.secret).line
    assert ssh.fits(tmp_path, ssh.sign(key.path, b"x"), b"x")


@pytest.mark.parametrize(
    "name",
    ["troveo", "..", "../../etc/x", ".hidden", "a/b", "Größe", "a b", "%41", "default", "x" * 60],
)
def test_each_identity_has_a_key_of_its_own_in_the_folder(env: dict[str, str], name: str) -> None:
    own, _ = make_sign_key("", env)
    other, _ = make_sign_key(name, env)
    assert other.path.parent == own.path.parent
    assert public_key_of(own.secret) != public_key_of(other.secret)
    assert identities(env) == ["", name]
    assert find_sign_key(name, env).path == other.path


@pytest.mark.parametrize("name", ["a\nb", "x" * 300, "\udcff", "\u202eabc"])
def test_a_name_that_makes_no_file_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        sign_key_path(name)


def test_a_key_that_is_asked_for_must_exist(env: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="scrub key new"):
        find_sign_key("", env)
    with pytest.raises(UsageError, match="no key file"):
        read_sign_key(Path("nowhere"))


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o644, 0o660])
def test_a_key_that_others_can_read_is_refused(env: dict[str, str], bits: int) -> None:
    key, _ = make_sign_key(env=env)
    key.path.chmod(bits)
    with pytest.raises(FolderError, match="chmod 600"):
        find_sign_key(env=env)


def test_a_key_in_an_audit_folder_is_refused(tmp_path: Path, env: dict[str, str]) -> None:
    key, _ = make_sign_key(env=env)
    audit = tmp_path / "in.audit"
    audit.mkdir()
    (audit / AUDIT_MARKER).touch()
    inside = audit / "deep" / "key"
    inside.parent.mkdir()
    key.path.rename(inside)
    with pytest.raises(UsageError, match="inside the audit folder"):
        read_sign_key(inside)
    with pytest.raises(UsageError, match="inside the audit folder"):
        make_sign_key(env={"SCRUB_DATA_HOME": str(audit)})
    assert not (audit / "keys").exists()


@ssh.needs_ssh
def test_a_key_with_a_passphrase_is_opened_by_it(tmp_path: Path) -> None:
    pytest.importorskip("bcrypt")
    path = ssh.make_key(tmp_path / "key", passphrase="correct horse")
    assert public_key_of(read_sign_key(path, lambda: b"correct horse").secret).line == ssh.public(
        path
    )
    for wrong in (b"", b"Correct horse"):
        with pytest.raises(UsageError, match="does not open"):
            read_sign_key(path, lambda wrong=wrong: wrong)  # type: ignore[misc]  # a default is no part of Ask


@ssh.needs_ssh
@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_keys_lead_to_ssh_keygen(tmp_path: Path, kind: str) -> None:
    path = ssh.make_key(tmp_path / "key", kind)
    with pytest.raises(UsageError, match="ssh-keygen -Y sign -n scrub-batch"):
        read_sign_key(path)


@ssh.needs_ssh
def test_the_public_half_is_told_from_the_private(tmp_path: Path) -> None:
    path = ssh.make_key(tmp_path / "key")
    with pytest.raises(UsageError, match="is a public key") as caught:
        read_sign_key(path.with_suffix(".pub"))
    assert str(path) in caught.value.fix


@pytest.mark.parametrize("kind", ["folder", "pipe", "empty", "noise", "cut", "pem"])
def test_what_is_no_key_is_refused_in_words(tmp_path: Path, env: dict[str, str], kind: str) -> None:
    whole = make_sign_key(env=env)[0].path.read_bytes()
    path = tmp_path / "key"
    match kind:
        case "folder":
            path.mkdir(mode=0o700)
        case "pipe":
            os.mkfifo(path, 0o600)
        case _:
            content = {"empty": b"", "noise": bytes(range(256)), "cut": whole[:-90]}
            path.write_bytes(content.get(kind, b"-----BEGIN PRIVATE " + b"KEY-----\nAA==\n"))
            path.chmod(0o600)
    with pytest.raises((UsageError, FolderError)):
        read_sign_key(path)


# age --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 200_000])
def test_another_implementation_opens_our_files_and_we_its(size: int) -> None:
    pyrage = pytest.importorskip("pyrage")
    data = os.urandom(size)
    assert pyrage.passphrase.decrypt(encrypt(data, "schön".encode(), QUICK), "schön") == data


@pytest.mark.slow
def test_we_open_the_files_of_another_implementation() -> None:
    pyrage = pytest.importorskip("pyrage")
    data = os.urandom(70_000)
    for armoured in (False, True):
        file = pyrage.passphrase.encrypt(data, "correct horse", armored=armoured)
        assert decrypt(file, b"correct horse") == data


def test_a_wrong_passphrase_and_every_damage_are_told() -> None:
    file = encrypt(b"secret", b"correct horse", QUICK)
    with pytest.raises(UsageError, match="passphrase does not open"):
        decrypt(file, b"correct horse ")
    for at in range(0, len(file), 7):
        for damaged in (file[:at], file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]):
            try:
                assert decrypt(damaged, b"correct horse") == b"secret"
            except UsageError:
                continue
            assert file[at : at + 1] in b"\n" or at >= len(file) - 1  # between lines


def test_a_file_that_asks_for_too_much_work_is_refused() -> None:
    import base64

    body = encrypt(b"x", b"p", QUICK).split(b"\n")
    raw = base64.b64decode(b"".join(body[1:-2])).replace(b" 10\n", b" 30\n", 1)
    with pytest.raises(UsageError, match="at most"):
        decrypt(raw, b"p")


# backup -----------------------------------------------------------------------------


@pytest.fixture
def home(env: dict[str, str]) -> dict[str, str]:
    load_key(env=env)
    for name in ("", "troveo", "Große Käufer, Inc."):
        make_sign_key(name, env)
    return env


def test_the_round_trip(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "keys.age"
    keys = gather(env=home)
    assert len(keys.words) == 4
    assert not backed_up(key_path(env=home))
    export(keys, file, b"correct horse", env=home, work=QUICK)
    assert mode(file) == 0o600
    assert backed_up(key_path(env=home))
    assert backed_up(sign_key_path("troveo", home))

    new = {"SCRUB_DATA_HOME": str(tmp_path / "new")}
    put, there = restore(file, b"correct horse", new)
    assert (len(put), there) == (4, [])
    assert load_key(env=new) == (load_key(env=home)[0], False)
    assert identities(new) == identities(home)
    for name in identities(home):
        pair = (find_sign_key(name, one).secret.private_bytes_raw() for one in (home, new))
        assert len(set(pair)) == 1
        assert mode(sign_key_path(name, new)) == 0o600
    again, same = restore(file, b"correct horse", new)
    assert (again, len(same)) == ([], 4)


def test_the_secrets_are_not_in_the_file_in_clear(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "keys.age"
    export(gather(env=home), file, b"p", env=home, work=QUICK)
    assert load_key(env=home)[0].secret.hex().encode() not in file.read_bytes()
    assert b"OPENSSH" not in file.read_bytes()
    opened = json.loads(decrypt(file.read_bytes(), b"p"))
    assert opened["project_key"] == load_key(env=home)[0].secret.hex()
    assert [row["identity"] for row in opened["signing_keys"]] == identities(home)


def test_only_one_identity(home: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "keys.age"
    export(gather("troveo", home), file, b"p", env=home, work=QUICK)
    new = {"SCRUB_DATA_HOME": str(tmp_path / "new")}
    assert restore(file, b"p", new)[0] == ["the signing key for troveo"]
    assert not key_path(env=new).exists()


def test_nothing_is_overwritten_and_nothing_put_halfway(
    home: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "keys.age"
    export(gather(env=home), file, b"p", env=home, work=QUICK)
    with pytest.raises(UsageError, match="exists"):
        export(gather(env=home), file, b"p", env=home, work=QUICK)
    new = {"SCRUB_DATA_HOME": str(tmp_path / "new")}
    mine, _ = make_sign_key("troveo", new)
    before = mine.path.read_bytes()
    with pytest.raises(UsageError, match="Another key is in the place"):
        restore(file, b"p", new)
    assert mine.path.read_bytes() == before
    assert identities(new) == ["troveo"]


def test_a_backup_does_not_go_into_a_batch(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "clean" / "data").mkdir(parents=True)
    (tmp_path / "clean" / "bagit.txt").touch()
    with pytest.raises(UsageError, match="lie in a batch"):
        export(gather(env=home), tmp_path / "clean" / "data" / "k.age", b"p", env=home, work=QUICK)


def test_a_backup_does_not_go_into_an_audit_folder(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / AUDIT_MARKER).touch()
    with pytest.raises(UsageError, match="inside the audit folder"):
        export(gather(env=home), tmp_path / "keys.age", b"p", env=home, work=QUICK)


@pytest.mark.parametrize(
    "content",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"schema":"scrub.keys/1"}',
        b'{"schema":"scrub.keys/1","signing_keys":[{"identity":"a"}]}',
        b'{"schema":"scrub.keys/1","signing_keys":[],"project_key":"00"}',
        b'{"schema":"scrub.keys/1","signing_keys":[],"project_key":7}',
        b'{"schema":"scrub.keys/1","signing_keys":[{"identity":7,"private_key":"x"}]}',
        b'{"schema":"scrub.keys/1","signing_keys":[{"identity":"\\n","private_key":"x"}]}',
    ],
)
def test_a_file_that_opens_and_holds_no_keys(
    tmp_path: Path, env: dict[str, str], content: bytes
) -> None:
    file = tmp_path / "keys.age"
    file.write_bytes(encrypt(content, b"p", QUICK))
    with pytest.raises(ScrubError):
        restore(file, b"p", env)
    assert not (tmp_path / "data").exists()


# commands ---------------------------------------------------------------------------


def scrub(base: Path, *arguments: str | Path, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SCRUB, *map(str, arguments)], env={**os.environ, "SCRUB_DATA_HOME": str(base / "home")},
        cwd=base, input=typed, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_new_show_export_import(tmp_path: Path) -> None:
    assert scrub(tmp_path, "key", "show").returncode == 2
    made = scrub(tmp_path, "key", "new", "--for", "troveo")
    assert made.returncode == 0
    assert made.stdout.count("made:") == 2
    assert scrub(tmp_path, "key", "new", "--for", "troveo").stdout.count("there already") == 2
    row = json.loads(scrub(tmp_path, "key", "show", "--for", "troveo", "--json").stdout)
    assert row["schema"] == "scrub.key/1"
    assert row["fingerprint"] in made.stdout
    assert row["allowed_signers"].endswith(row["public_key"])
    assert row["project_key_backed_up"] == ""
    shown = scrub(tmp_path, "key", "show", "--for", "troveo").stdout
    assert shown.splitlines()[-1] == row["allowed_signers"]
    assert "NOT backed up" in shown

    differing = scrub(tmp_path, "key", "export", "k.age", typed="one\ntwo\n")
    assert (differing.returncode, (tmp_path / "k.age").exists()) == (2, False)
    assert scrub(tmp_path, "key", "export", "k.age", typed="\n\n").returncode == 2
    assert scrub(tmp_path, "key", "export", "k.age").returncode == 2
    assert scrub(tmp_path, "key", "export", "k.age", typed="one\none\n").returncode == 0
    wrong = scrub(tmp_path, "key", "import", "k.age", typed="two\n")
    assert wrong.returncode == 2
    assert "passphrase does not open" in wrong.stderr
    (tmp_path / "home").rename(tmp_path / "old")
    assert "Put back" in scrub(tmp_path, "key", "import", "k.age", typed="one\n").stdout
    after = json.loads(scrub(tmp_path, "key", "show", "--for", "troveo", "--json").stdout)
    assert after["public_key"] == row["public_key"]


def test_a_run_signs_and_says_so(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    plain = runs.scrub()
    assert "Not signed" in plain.stdout
    assert not (runs.out / "manifest.json.sig").exists()
    signed = runs.scrub(runs.inside, "--out", runs.out, "--sign")
    assert "Signed with the key SHA256:" in signed.stdout
    path = runs.out / "manifest.json.sig"
    assert (mode(path), path.stat().st_mtime) == (0o644, 315532800)
    assert runs.out.stat().st_mtime == 315532800
    fingerprint = json.loads(runs.scrub("key", "show", "--json").stdout)["fingerprint"]
    done = runs.scrub("verify", runs.out, "--public-key", fingerprint)
    assert done.returncode == 0, done.stdout + done.stderr
    again = runs.report(runs.inside, "--out", runs.out, "--sign")
    assert again["signed_with"] == fingerprint


@pytest.mark.slow
def test_recipients_get_keys_that_nobody_can_join(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    keys = set()
    for name in ("one", "two"):
        row = runs.report(runs.inside, "--out", tmp_path / name, "--sign", "--for", name)
        keys.add(row["signed_with"])
    assert len(keys) == 2


@pytest.mark.slow
def test_configuration_and_options(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    own = ssh.make_key(runs.base / "own")
    (runs.base / "scrub.toml").write_text('sign = true\nsign_key = "own"\n', "utf-8")
    assert runs.report()["signed_with"] in ssh.run("ssh-keygen", "-lf", own).stdout.decode()
    assert runs.report(runs.inside, "--out", runs.out, "--no-sign")["signed_with"] == ""
    assert not (runs.base / "home" / "keys" / "default.sign").exists()
    inside = ssh.make_key(runs.inside / "id")
    refused = runs.scrub(runs.inside, "--out", runs.out, "--sign-key", inside)
    assert refused.returncode == 2
    assert "lies inside the input" in refused.stderr
    own.chmod(0o640)
    assert runs.scrub().returncode == 4
    assert runs.scrub(runs.inside, "--dry-run").returncode == 3  # no key is needed; `id` is held


@pytest.mark.slow
def test_a_dry_run_makes_no_key(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    assert runs.scrub(runs.inside, "--sign").returncode == 0
    assert not (runs.base / "home").exists()


@pytest.mark.slow
def test_a_terminal_is_asked_without_echo(tmp_path: Path) -> None:
    """The passphrase goes to the terminal even when stdout is elsewhere, and is not shown."""
    import pty

    assert scrub(tmp_path, "key", "new").returncode == 0
    child, terminal = pty.fork()
    if child == 0:
        os.environ["SCRUB_DATA_HOME"] = str(tmp_path / "home")
        os.chdir(tmp_path)
        os.execv(SCRUB, [SCRUB, "key", "export", "k.age"])
    seen = b""
    for prompt in (b"backup: ", b"Again: "):
        while prompt not in seen:
            seen += os.read(terminal, 4096)
        os.write(terminal, b"correct horse\n")
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        seen += more
    os.close(terminal)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, seen
    assert b"horse" not in seen
    content = json.loads(decrypt((tmp_path / "k.age").read_bytes(), b"correct horse"))
    assert content["schema"] == "scrub.keys/1"
