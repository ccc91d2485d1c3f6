"""docs/verify.md and docs/verify.sh, run as they are shown, on a batch that the command made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import ATTACKS, Attack, remake
from test_attacks import batches, clean  # noqa: F401 - fixtures

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/verify.md").read_text("utf-8")
SCRIPT = ROOT / "docs/verify.sh"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
HAND = [line for block in BLOCKS for line in block.splitlines()]
BY_HAND = {attack.name: attack for attack in ATTACKS}

pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in ("jq", "ssh-keygen", "openssl", "xxd")),
    reason="a stock tool is not installed",
)


def script(folder: Path | str, cwd: Path | None = None, **env: str) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", SCRIPT, folder],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def by_hand(folder: Path) -> list[str]:
    """The lines of the page that say no."""
    return [
        line
        for line in HAND
        if subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True).returncode
    ]


def sign(folder: Path, keys: Path, namespace: str = "scrub-batch") -> Path:
    """A signature by stock tools; returns the allowed_signers file."""
    keys.mkdir()
    key = str(keys / "key")
    new = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", key]
    subprocess.run(new, check=True)
    make = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", key]
    subprocess.run([*make, str(folder / "manifest.json")], check=True, capture_output=True)
    (keys / "allowed").write_text(f"creator {(keys / 'key.pub').read_text()}")
    return keys / "allowed"


AUTHORITY = """
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical,CA:true
[stamping]
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = service
[service]
serial = serial
crypto_device = builtin
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
"""


def stamp(folder: Path, place: Path) -> Path:
    """A time stamp of an authority made for it; returns its certificate."""
    place.mkdir()
    (place / "conf").write_text(AUTHORITY)
    (place / "serial").write_text("01")
    new = "-newkey rsa:2048 -nodes -days 2 -config conf"
    signature = folder / "manifest.json.sig"
    for line in (
        f"req -x509 {new} -subj /CN=Example -extensions authority -keyout ca.key -out ca.pem",
        f"req {new} -subj /CN=Stamp -keyout tsa.key -out tsa.csr",
        "x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2"
        " -extfile conf -extensions stamping -out tsa.pem",
        f"ts -query -data {signature} -sha256 -cert -out query",
        "ts -reply -config conf -section service -queryfile query -signer tsa.pem"
        f" -inkey tsa.key -out {signature}.tsr",
    ):
        subprocess.run(["openssl", *line.split()], cwd=place, check=True, capture_output=True)
    return place / "ca.pem"


def test_the_honest_batch(clean: Path) -> None:  # noqa: F811
    assert script(clean) == (
        0,
        "NOT SIGNED: who made the batch is not proved.\n"
        "WHOLE: 4 files, nothing extra. Whether they are clean, scrub verify says.\n",
    )
    assert by_hand(clean) == []
    assert len(HAND) > 12


@pytest.mark.slow
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4])
def test_the_root(clean: Path, count: int) -> None:  # noqa: F811
    from attacks import edit_head, items_of

    kept = items_of(clean)[:count]
    for item in items_of(clean)[count:]:
        (clean / "data" / item["path"]).unlink()
    for folder in (clean / "data").iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    remake(clean, kept)
    assert script(clean, ROOT="1")[0] == 0
    edit_head(clean, lambda head: head["predicate"]["batch"].update(items_root="0" * 64))
    assert script(clean)[0] == 0
    status, said = script(clean, ROOT="1")
    assert status == 1
    assert "items_root" in said


def test_bagit(clean: Path) -> None:  # noqa: F811
    bin_folder = ROOT / ".venv/bin"
    if shutil.which("bagit.py", path=f"{bin_folder}:{os.environ['PATH']}") is None:
        pytest.skip("bagit.py is not installed")
    path = f"{bin_folder}:{os.environ['PATH']}"
    assert script(clean, BAGIT="1", PATH=path)[0] == 0


def test_signature(clean: Path, tmp_path: Path) -> None:  # noqa: F811
    allowed = sign(clean, tmp_path / "keys")
    assert "NOT CHECKED: the signature" in script(clean)[1]
    assert script(clean, SIGNERS=str(allowed), SIGNER="creator")[0] == 0
    status, _ = script("../clean", cwd=allowed.parent, SIGNERS="allowed", SIGNER="creator")
    assert status == 0
    assert script(clean, SIGNERS=str(allowed), SIGNER="somebody")[0] == 1
    assert script(clean, SIGNERS=str(allowed))[0] == 1
    assert script(clean, SIGNERS=str(tmp_path / "nowhere"), SIGNER="creator")[0] == 1


def test_head_edited_after_signing(clean: Path, tmp_path: Path) -> None:  # noqa: F811
    from attacks import edit_head

    allowed = sign(clean, tmp_path / "keys")
    edit_head(clean, lambda head: head["predicate"]["batch"].update(purpose="trial"))
    assert script(clean)[0] == 0  # without the signer's key nobody can tell
    status, said = script(clean, SIGNERS=str(allowed), SIGNER="creator")
    assert status == 1
    assert "FAILED: the signature is not that of creator." in said


def test_signature_for_another_purpose(clean: Path, tmp_path: Path) -> None:  # noqa: F811
    allowed = sign(clean, tmp_path / "keys", namespace="file")
    assert script(clean, SIGNERS=str(allowed), SIGNER="creator")[0] == 1


def test_a_signature_is_asked_for_and_not_there(clean: Path) -> None:  # noqa: F811
    assert "the batch is not signed" in script(clean, SIGNERS="/dev/null", SIGNER="x")[1]
    assert "has no time stamp" in script(clean, TSA_CA="/dev/null")[1]


@pytest.mark.slow
def test_time_stamp(clean: Path, tmp_path: Path) -> None:  # noqa: F811
    sign(clean, tmp_path / "keys")
    authority = stamp(clean, tmp_path / "tsa")
    assert "NOT CHECKED: the time stamp" in script(clean)[1]
    assert script(clean, TSA_CA=str(authority))[0] == 0
    other = stamp(clean, tmp_path / "tsa-2")
    assert script(clean, TSA_CA=str(authority))[0] == 1
    assert script(clean, TSA_CA=str(other))[0] == 0
    shutil.rmtree(tmp_path / "keys")
    (clean / "manifest.json.sig").unlink()
    sign(clean, tmp_path / "keys")  # the same head, signed again: not what was stamped
    assert "the time stamp is not right" in script(clean, TSA_CA=str(other))[1]


@pytest.mark.parametrize("name", ["-", "-rf", "a b", "new\nline", "$(touch x)", "é"])
def test_odd_names_of_the_folder(clean: Path, name: str) -> None:  # noqa: F811
    clean.rename(clean.parent / name)
    assert script(name, cwd=clean.parent, CDPATH="/tmp")[0] == 0
    assert {path.name for path in clean.parent.iterdir()} == {name, "other"}


def test_no_folder(tmp_path: Path) -> None:
    assert script(tmp_path / "nowhere") == (
        1,
        "FAILED: there is no such folder.\nNOT A WHOLE BATCH. What follows was not looked at.\n",
    )
    assert script(tmp_path)[0] == 1


def seen_by_hand() -> Iterator[Attack]:
    for name in (
        "a_byte_is_changed",
        "a_file_is_gone",
        "an_unlisted_photo_in_the_payload",
        "a_file_beside_the_payload",
        "a_folder_beside_the_payload",
        "an_empty_folder_with_a_name",
        "a_link_to_a_folder",
        "a_file_is_a_link_to_the_same_bytes",
        "a_list_is_edited_and_tagged_again",
        "a_list_is_edited_and_vouched_for",
        "listed: ../outside",
        "items.jsonl: a key twice",
        "items.jsonl: out of order",
        "manifest-sha256.txt: a line twice",
        "head: more bytes",
        "head: a subject that leads outside",
        "name b'new\\nline.txt'",
        "of another batch: data",
    ):
        yield BY_HAND[name]


@pytest.mark.slow
@pytest.mark.parametrize("attack", list(seen_by_hand()), ids=lambda attack: attack.name)
def test_the_lines_of_the_page_see_it(attack: Attack, clean: Path) -> None:  # noqa: F811
    attack.do(clean)
    assert by_hand(clean)
    assert script(clean)[0] == 1


def test_the_page_names_the_options_of_the_script() -> None:
    text = SCRIPT.read_text("utf-8")
    named = set(re.findall(r"^#   (?:([A-Z_]+), )?([A-Z_]+)(?:=1)?  ", text, re.MULTILINE))
    options = {name for pair in named for name in pair if name}
    assert options == {"SIGNERS", "SIGNER", "TSA_CA", "TSA_UNTRUSTED", "ROOT", "BAGIT"}
    used = set(re.findall(r"\$\{([A-Z_]+)[-:]", text)) - {"PWD"}
    assert used == options
    assert all(name in PAGE for name in options - {"TSA_UNTRUSTED"})


def test_shellcheck() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    assert subprocess.run(["shellcheck", SCRIPT], capture_output=True).returncode == 0
