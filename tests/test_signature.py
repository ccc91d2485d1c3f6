"""Signatures: both directions with stock ssh-keygen, and what an attacker may try."""

from __future__ import annotations

import os
import random
import re
import shutil
from base64 import b64decode, b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reports.manifest import HEAD
from reports.seal import SIGNATURE, Demand, judge
from reports.signature import LIMIT, parse, public_key_of, sign, verify
from reports.signers import matches, read_signers
from reports.ssh_key import Malformed, PublicKey
from scrubber.errors import UsageError, VerificationError
from tests import ssh
from tests.batches import make_batch

HEAD_BYTES = b'{"_type":"https://in-toto.io/Statement/v1"}'
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
LINE = f"creator {public_key_of(KEY).line}"
NOON = 1780315200  # 2026-06-01T12:00:00Z


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A signed batch."""
    folder = tmp_path / "clean"
    make_batch(folder)
    (folder / SIGNATURE).write_bytes(sign((folder / HEAD).read_bytes(), KEY))
    return folder


def codes(folder: Path, demand: Demand | None = None) -> list[str]:
    return [problem.code for problem in judge(folder, demand, NOON).problems]


def signers(text: str) -> Demand:
    return Demand(read_signers(text.encode(), "allowed_signers"), "creator")


# the form ---------------------------------------------------------------------------


@ssh.needs_ssh
def test_it_is_what_ssh_keygen_writes_byte_for_byte(tmp_path: Path) -> None:
    key = ssh.make_key(tmp_path / "key")
    from scrubber.sign_keys import read_sign_key

    ours = sign(HEAD_BYTES, read_sign_key(key).secret)
    assert ours == ssh.sign(key, HEAD_BYTES)


@ssh.needs_ssh
def test_ssh_keygen_takes_ours(tmp_path: Path) -> None:
    armoured = sign(HEAD_BYTES, KEY)
    assert ssh.fits(tmp_path, armoured, HEAD_BYTES)
    assert ssh.verified(tmp_path, LINE, armoured, HEAD_BYTES)
    assert not ssh.verified(tmp_path, LINE, armoured, HEAD_BYTES + b" ")
    assert not ssh.verified(tmp_path, LINE, armoured, HEAD_BYTES, namespace="file")


@ssh.needs_ssh
@pytest.mark.parametrize(
    ("kind", "bits", "options"),
    [
        ("ed25519", "", ("-O", "hashalg=sha256")),
        ("ecdsa", "256", ()),
        ("ecdsa", "384", ()),
        ("ecdsa", "521", ()),
        ("rsa", "2048", ()),
        ("rsa", "3072", ("-O", "hashalg=sha256")),
    ],
)
def test_we_take_what_ssh_keygen_signs(
    tmp_path: Path, kind: str, bits: str, options: tuple[str, ...]
) -> None:
    key = ssh.make_key(tmp_path / "key", kind, bits=bits)
    armoured = ssh.sign(key, HEAD_BYTES, "scrub-batch", *options)
    found = verify(armoured, HEAD_BYTES)
    assert found.line == ssh.public(key)
    assert found.fingerprint in ssh.run("ssh-keygen", "-lf", key).stdout.decode()
    with pytest.raises(VerificationError, match="does not belong"):
        verify(armoured, HEAD_BYTES + b"\n")


def test_the_same_input_gives_the_same_signature() -> None:
    assert sign(HEAD_BYTES, KEY) == sign(HEAD_BYTES, KEY)
    assert sign(HEAD_BYTES, KEY) != sign(HEAD_BYTES, OTHER)


def test_another_namespace_is_told() -> None:
    with pytest.raises(VerificationError, match="namespace is 'git'"):
        verify(sign(HEAD_BYTES, KEY, "git"), HEAD_BYTES)


def test_a_kind_of_key_that_is_not_judged_leads_to_ssh_keygen() -> None:
    from reports.ssh_key import string

    blob = string("sk-ssh-ed25519@openssh.com") + string(bytes(32)) + string("ssh:")
    with pytest.raises(Malformed, match="use ssh-keygen -Y"):
        PublicKey.parse(blob)


@ssh.needs_ssh
def test_a_short_rsa_key_is_refused(tmp_path: Path) -> None:
    key = ssh.make_key(tmp_path / "key", "rsa", bits="1024")
    with pytest.raises(VerificationError, match="shorter than 2048"):
        verify(ssh.sign(key, HEAD_BYTES), HEAD_BYTES)


# damage -----------------------------------------------------------------------------

GOOD = sign(HEAD_BYTES, KEY)
VARIANTS = {
    "crlf": GOOD.replace(b"\n", b"\r\n"),
    "no last line feed": GOOD.rstrip(b"\n"),
    "cr in the body": GOOD.replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 1),
    "text before": b"hello\n" + GOOD,
    "text after": GOOD + b"hello\n",
    "space in base64": GOOD.replace(b"-----\n", b"-----\n ", 1),
    "empty line": GOOD.replace(b"-----\n", b"-----\n\n", 1),
    "no end": GOOD.replace(b"END", b"EMD"),
    "one line": GOOD.replace(b"\n", b""),
    "cr alone": GOOD.replace(b"\n", b"\r"),
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "nothing": b"",
    "nul after": GOOD + b"\0",
    "twice": GOOD + GOOD,
    "padding bits": re.sub(rb"A(?==)", b"B", GOOD, count=1),
}


def ours_takes(armoured: bytes) -> bool:
    try:
        verify(armoured, HEAD_BYTES)
    except VerificationError:
        return False
    return True


@ssh.needs_ssh
@pytest.mark.parametrize("name", VARIANTS)
def test_what_we_take_ssh_keygen_takes(tmp_path: Path, name: str) -> None:
    if ours_takes(VARIANTS[name]):
        assert ssh.fits(tmp_path, VARIANTS[name], HEAD_BYTES)


def test_only_the_last_line_feed_may_be_missing() -> None:
    taken = {name for name, armoured in VARIANTS.items() if ours_takes(armoured)}
    assert taken == {"no last line feed"}
    with pytest.raises(VerificationError, match="Windows"):
        verify(VARIANTS["crlf"], HEAD_BYTES)


def blob_of(armoured: bytes) -> bytes:
    return b64decode(b"".join(armoured.replace(b"\r", b"").split(b"\n")[1:-2]))


def armour(blob: bytes) -> bytes:
    text = b64encode(blob)
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    head, *_, end, _ = GOOD.split(b"\n")
    return b"\n".join((head, *lines, end, b""))


def test_a_thousand_mutations_never_pass_and_raise_nothing_else() -> None:
    chance = random.Random(20261124)
    blob = blob_of(GOOD)
    assert armour(blob) == GOOD
    for _ in range(1000):
        data = bytearray(GOOD if chance.random() < 0.5 else blob)
        inside = len(data) == len(blob)
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] ^= 1 << chance.randrange(8)
                case 1:
                    del data[at : at + chance.randrange(1, 9)]
                    data += b"" if data else b"x"
                case 2:
                    data[at:at] = chance.randbytes(chance.randrange(1, 9))
                case 3:
                    data[at:] = data[at : at + 60] * 2
                    data += b"" if data else b"x"
        mutated = armour(bytes(data)) if inside else bytes(data)
        if ours_takes(mutated):
            assert blob_of(mutated + b"\n" * (not mutated.endswith(b"\n"))) == blob


@pytest.mark.parametrize("size", [LIMIT + 1, 50 << 20])
def test_a_huge_signature_file_is_not_read(batch: Path, size: int) -> None:
    with open(batch / SIGNATURE, "r+b") as stream:
        stream.truncate(size)
    seal = judge(batch)
    assert [problem.code for problem in seal.problems] == ["signature"]
    assert "larger than" in seal.problems[0].what


def test_lengths_that_lie_are_no_danger() -> None:
    blob = bytearray(blob_of(GOOD))
    for at in range(6, len(blob) - 4):
        damaged = bytes(blob[:at]) + b"\xff\xff\xff\xff" + bytes(blob[at + 4 :])
        assert not ours_takes(armour(damaged))


def test_a_reserved_field_that_is_not_empty_is_refused() -> None:
    blob = blob_of(GOOD)
    at = blob.index(b"scrub-batch") + len(b"scrub-batch")
    filled = blob[:at] + b"\0\0\0\1x" + blob[at + 4 :]
    with pytest.raises(Malformed, match="reserved"):
        parse(armour(filled))


# a batch ----------------------------------------------------------------------------


def test_a_signed_batch_names_its_key_and_claims_nothing(batch: Path) -> None:
    seal = judge(batch)
    assert seal.problems == ()
    assert (seal.fingerprint, seal.by) == (public_key_of(KEY).fingerprint, "")
    assert "nobody vouched" in seal.words()


def test_who_is_listed_vouches(batch: Path) -> None:
    seal = judge(batch, signers(LINE), NOON)
    assert (seal.by, seal.problems) == ("creator", ())
    assert judge(batch, Demand(fingerprint=public_key_of(KEY).fingerprint)).problems == ()


def test_signed_again_with_another_key(batch: Path) -> None:
    (batch / SIGNATURE).write_bytes(sign((batch / HEAD).read_bytes(), OTHER))
    assert codes(batch, signers(LINE)) == ["signer"]
    assert codes(batch, Demand(fingerprint=public_key_of(KEY).fingerprint)) == ["signer"]
    assert codes(batch) == []


def test_the_signature_of_another_batch(batch: Path, tmp_path: Path) -> None:
    make_batch(tmp_path / "other", {"a.txt": (b"a\n", "text/plain")})
    other = sign((tmp_path / "other" / HEAD).read_bytes(), KEY)
    (batch / SIGNATURE).write_bytes(other)
    assert codes(batch) == ["signature"]


def test_an_edited_head(batch: Path) -> None:
    head = (batch / HEAD).read_bytes()
    (batch / HEAD).write_bytes(head.replace(b'"licence"', b'"trial"'))
    assert codes(batch) == ["signature"]


def test_no_signature_where_a_signer_is_asked_for(batch: Path) -> None:
    (batch / SIGNATURE).unlink()
    assert codes(batch) == []
    assert codes(batch, signers(LINE)) == ["unsigned"]


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe"])
def test_a_signature_that_is_no_file(batch: Path, tmp_path: Path, kind: str) -> None:
    path = batch / SIGNATURE
    shutil.move(path, tmp_path / "elsewhere")
    if kind == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif kind == "dangling":
        path.symlink_to(tmp_path / "nowhere")
    elif kind == "folder":
        path.mkdir()
    else:
        os.mkfifo(path)
    assert codes(batch, signers(LINE)) == ["signature"]


# allowed signers --------------------------------------------------------------------

PUBLIC, OTHERS = public_key_of(KEY).line, public_key_of(OTHER).line
FILES = [
    LINE,
    f"# words\n\n  {LINE} comment with spaces\n",
    f"{LINE}\r\n",
    f"\tcreator\t{PUBLIC.replace(' ', chr(9))}\n",
    f"crea* {PUBLIC}",
    f"cr?ator {PUBLIC}",
    f"Creator {PUBLIC}",
    f"*,!creator {PUBLIC}",
    f"!creator,* {PUBLIC}",
    f"!other,cre* {PUBLIC}",
    f"[c]reator {PUBLIC}",
    f"a,b,creator {PUBLIC}",
    f'"creator" {PUBLIC}',
    f'"some one,creator" {PUBLIC}',
    f'"creator {PUBLIC}',
    f"other {PUBLIC}\n{LINE}",
    f"creator {OTHERS}",
    f"creator {OTHERS}\n{LINE}",
    f'creator namespaces="scrub-batch" {PUBLIC}',
    f'creator NAMESPACES="git,scrub-*" {PUBLIC}',
    f'creator namespaces="git" {PUBLIC}',
    f'creator namespaces="git" {PUBLIC}\n{LINE}',
    f'creator namespaces="scrub-batch",namespaces="x" {PUBLIC}',
    f'creator namespaces=scrub-batch {PUBLIC}',
    f'creator namespaces="" {PUBLIC}',
    f"creator unknown {PUBLIC}",
    f'creator namespaces="scrub-batch", {PUBLIC}',
    f'creator valid-after="20260101Z" {PUBLIC}',
    f'creator valid-after="20260701Z" {PUBLIC}',
    f'creator valid-before="20260101" {PUBLIC}',
    f'creator valid-before="20270101" {PUBLIC}',
    f'creator valid-before="202606011200Z" {PUBLIC}',
    f'creator valid-before="20260601115959Z" {PUBLIC}',
    f'creator valid-after="20260101Z",valid-before="20261231Z" {PUBLIC}',
    f'creator valid-after="20261231Z",valid-before="20260101Z" {PUBLIC}',
    f'creator valid-after="2026-01-01" {PUBLIC}',
    f'creator valid-after="soon" {PUBLIC}',
    f"creator cert-authority {PUBLIC}",
    f'creator cert-authority,namespaces="scrub-batch" {PUBLIC}\n{LINE}',
    f"creator {PUBLIC[:-8]}",
    f"creator {PUBLIC.replace('ssh-ed25519', 'ssh-rsa')}",
    "creator",
    "",
    f"no key here\n{LINE}",
]  # fmt: skip


@ssh.needs_ssh
@pytest.mark.parametrize("text", FILES)
def test_lists_of_signers_are_read_as_ssh_keygen_reads_them(tmp_path: Path, text: str) -> None:
    armoured = sign(HEAD_BYTES, KEY)
    theirs = ssh.verified(tmp_path, text, armoured, HEAD_BYTES)
    try:
        by, reason = read_signers(text.encode(), "list").who(public_key_of(KEY), "creator", NOON)
    except UsageError:
        by, reason = "", "unreadable"
    assert bool(by) == theirs
    assert bool(by) != bool(reason)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f'creator valid-before="20260101Z" {PUBLIC}', "counted only until 2026-01-01"),
        (f'creator valid-after="20270101Z" {PUBLIC}', "only from 2027-01-01"),
        (f'creator namespaces="git" {PUBLIC}', "may not sign in the namespace scrub-batch"),
        (f"creator cert-authority {PUBLIC}", "authority"),
        (f"other {PUBLIC}", "does not name creator"),
        (f"creator {OTHERS}", "lists other keys for creator"),
    ],
)
def test_why_nobody_vouches_is_said(batch: Path, line: str, words: str) -> None:
    seal = judge(batch, signers(line), NOON)
    assert [problem.code for problem in seal.problems] == ["signer"]
    assert words in seal.problems[0].what


def test_a_line_that_cannot_be_read_is_named(batch: Path) -> None:
    seal = judge(batch, signers(f"creator namespaces=git {PUBLIC}\nother {OTHERS}"), NOON)
    assert "line 1 could not be read" in seal.problems[0].what


@pytest.mark.parametrize("data", [b"\0", b"\xff\xfe", b"creator", b"-----BEGIN X-----\nAAAA\n"])
def test_what_is_no_list_of_signers_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError):
        read_signers(data, "list")


def test_no_pattern_is_slow() -> None:
    assert not matches("a" * 1000, "*a" * 500 + "b")
