"""Time stamps: a real authority made with openssl, and answers that are none of ours."""

from __future__ import annotations

import random
import re
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reports.der import BadDer, encode, integer, oid, one, values
from reports.manifest import HEAD
from reports.seal import SIGNATURE, STAMP, Demand, judge
from reports.signature import public_key_of, sign
from reports.signers import read_signers
from reports.timestamp import (
    check_chain,
    check_token,
    parse_request,
    parse_token,
    request,
)
from scrubber.errors import UsageError, VerificationError
from tests import ssh
from tests.batches import make_batch
from tests.runs import Runs

pytestmark = ssh.needs_openssl
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
DATA = b"-----BEGIN SSH SIGNATURE-----\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> ssh.Authority:
    return ssh.Authority.make(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture
def batch(tmp_path: Path, authority: ssh.Authority) -> Path:
    """A signed batch with a time stamp."""
    folder = tmp_path / "clean"
    make_batch(folder)
    signature = sign((folder / HEAD).read_bytes(), KEY)
    (folder / SIGNATURE).write_bytes(signature)
    (folder / STAMP).write_bytes(authority.stamp(signature))
    return folder


# the request ------------------------------------------------------------------------


def test_the_request_is_what_openssl_writes(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(DATA)
    theirs = tmp_path / "theirs.tsq"
    ssh.run(
        "openssl", "ts", "-query", "-data", tmp_path / "data", "-sha256", "-cert", "-out", theirs
    )
    query = parse_request(theirs.read_bytes())
    assert query.of(DATA)
    assert query.nonce is not None
    assert request(DATA, query.nonce) == theirs.read_bytes()


@pytest.mark.parametrize("nonce", [0, 1, 127, 128, 255, 256, 2**31, 2**62, 2**63 - 1])
def test_openssl_reads_the_request(tmp_path: Path, nonce: int) -> None:
    file = tmp_path / "q.tsq"
    file.write_bytes(request(DATA, nonce))
    text = ssh.run("openssl", "ts", "-query", "-in", file, "-text").stdout.decode()
    assert "Hash Algorithm: sha256" in text
    assert "Certificate required: yes" in text
    shown = re.search("Nonce: (?:0x)?([0-9A-F]+)", text)
    assert shown is not None
    assert int(shown[1], 16) == nonce
    assert parse_request(file.read_bytes()).nonce == nonce


def test_each_request_has_its_own_number() -> None:
    assert request(DATA) != request(DATA)


# the answer -------------------------------------------------------------------------


def test_a_token_of_a_real_authority(authority: ssh.Authority, tmp_path: Path) -> None:
    query = tmp_path / "q.tsq"
    query.write_bytes(request(DATA))
    answer = authority.answer(query, tmp_path / "a.tsr")
    token = check_token(answer, DATA, parse_request(query.read_bytes()))
    assert abs((datetime.now(UTC) - token.time).total_seconds()) < 60
    check_chain(answer, DATA, authority.root)
    text = ssh.run("openssl", "ts", "-reply", "-in", tmp_path / "a.tsr", "-text").stdout.decode()
    assert f"Serial number: 0x{token.serial:02X}" in text
    assert token.time.strftime("%b %d %H:%M:%S %Y GMT").replace(" 0", "  ") in text


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_hashes_that_are_strong_enough(authority: ssh.Authority, name: str) -> None:
    assert check_token(authority.stamp(DATA, f"-{name}"), DATA).hash == name


def test_a_weak_hash_is_refused(authority: ssh.Authority) -> None:
    with pytest.raises(VerificationError):
        parse_token(authority.stamp(DATA, "-sha1"))


def test_a_token_of_something_else(authority: ssh.Authority) -> None:
    with pytest.raises(VerificationError, match="something else"):
        check_token(authority.stamp(b"other"), DATA)


def test_an_answer_to_another_request(authority: ssh.Authority) -> None:
    with pytest.raises(VerificationError, match="nonce"):
        check_token(authority.stamp(DATA), DATA, parse_request(request(DATA)))
    with pytest.raises(VerificationError, match="nonce"):
        check_token(authority.stamp(DATA, "-no_nonce"), DATA, parse_request(request(DATA)))


def test_a_refusal_is_told(authority: ssh.Authority, tmp_path: Path) -> None:
    query = tmp_path / "q.tsq"
    refused = request(DATA).replace(oid("2.16.840.1.101.3.4.2.1"), oid("2.16.840.1.101.3.4.2.9"))
    query.write_bytes(refused)
    with pytest.raises(VerificationError, match="Its answer: refused"):
        parse_token(authority.answer(query, tmp_path / "a.tsr"))


def test_another_authority_does_not_vouch(authority: ssh.Authority, tmp_path: Path) -> None:
    other = ssh.Authority.make(tmp_path / "other")
    with pytest.raises(VerificationError, match="openssl says"):
        check_chain(authority.stamp(DATA), DATA, other.root)


def test_a_time_that_was_changed_is_caught_by_the_chain(authority: ssh.Authority) -> None:
    answer = authority.stamp(DATA)
    told = parse_token(answer).time.strftime("%Y%m%d%H%M%S").encode()
    earlier = answer.replace(told, b"2001" + told[4:], 1)
    assert check_token(earlier, DATA).time.year == 2001
    with pytest.raises(VerificationError, match="not vouched for"):
        check_chain(earlier, DATA, authority.root)


def test_damage_is_told_and_nothing_else_is_raised(authority: ssh.Authority) -> None:
    answer, chance = authority.stamp(DATA), random.Random(20261124)
    for _ in range(1000):
        data = bytearray(answer)
        for _ in range(chance.choice((1, 1, 3))):
            at = chance.randrange(len(data))
            if chance.random() < 0.3:
                del data[at : at + chance.randrange(1, 20)]
                data += b"" if data else b"0"
            else:
                data[at] = chance.randrange(256)
        try:
            check_token(bytes(data), DATA)
        except VerificationError:
            continue


@pytest.mark.parametrize(
    "data", [b"", b"<html>", b"0\x80\0\0", b"0" * 70_000, b"\x30\x84\xff\xff\xff\xff"]
)
def test_what_is_no_answer(data: bytes) -> None:
    with pytest.raises(VerificationError, match="cannot be read"):
        parse_token(data)


def test_without_openssl_the_user_is_told(
    authority: ssh.Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = authority.stamp(DATA)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert check_token(answer, DATA)
    with pytest.raises(UsageError, match="openssl is needed"):
        check_chain(answer, DATA, authority.root)


# DER --------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_written_and_read(size: int) -> None:
    value = encode(4, bytes(size))
    assert one(value).of(4) == bytes(size)
    assert [found.whole for found in values(value * 2)] == [value, value]


@pytest.mark.parametrize(
    "data",
    [b"\x04\x81\x05hello", b"\x04\x82\x00\x80" + bytes(128), b"\x04\x05hell", b"\x1f\x01\x00",
     b"\x04", b"\x04\x80\x00\x00", b"\x04\x85\x00\x00\x00\x00\x01a"],
)  # fmt: skip
def test_what_is_not_der(data: bytes) -> None:
    with pytest.raises(BadDer):
        one(data)


@pytest.mark.parametrize(
    "data", [b"\x02\x00", b"\x02\x02\x00\x7f", b"\x02\x02\xff\x80", b"\x04\x01a"]
)
def test_integers_in_one_form_only(data: bytes) -> None:
    with pytest.raises(BadDer):
        one(data).integer()
    assert one(integer(128)).integer() == 128


# a batch ----------------------------------------------------------------------------


def codes(folder: Path, demand: Demand | None = None, now: float | None = None) -> list[str]:
    return [problem.code for problem in judge(folder, demand, now).problems]


def test_the_time_is_told_and_how_much_it_is_worth(batch: Path, authority: ssh.Authority) -> None:
    seal = judge(batch)
    assert (seal.problems, seal.time_checked) == ((), False)
    assert "NOT checked against a CA" in seal.words()
    seal = judge(batch, Demand(authority=authority.root))
    assert (seal.problems, seal.time_checked) == ((), True)


def test_the_stamp_of_another_batch(batch: Path, authority: ssh.Authority) -> None:
    (batch / STAMP).write_bytes(authority.stamp(b"other"))
    assert codes(batch) == ["timestamp"]


def test_a_stamp_and_no_signature(batch: Path, authority: ssh.Authority) -> None:
    (batch / SIGNATURE).unlink()
    assert codes(batch) == ["timestamp"]
    (batch / STAMP).unlink()
    assert codes(batch, Demand(authority=authority.root)) == ["timestamp"]


def test_no_stamp_where_one_is_asked_for(batch: Path, authority: ssh.Authority) -> None:
    (batch / STAMP).unlink()
    assert codes(batch, Demand(authority=authority.root)) == ["timestamp"]


@pytest.mark.parametrize("kind", ["link", "folder", "huge"])
def test_a_stamp_that_is_no_file(batch: Path, tmp_path: Path, kind: str) -> None:
    shutil.move(batch / STAMP, tmp_path / "elsewhere")
    if kind == "link":
        (batch / STAMP).symlink_to(tmp_path / "elsewhere")
    elif kind == "folder":
        (batch / STAMP).mkdir()
    else:
        with open(batch / STAMP, "wb") as stream:
            stream.truncate(10 << 20)
    assert codes(batch) == ["timestamp"]


def test_a_key_that_ended_counts_for_what_was_stamped_before(
    batch: Path, authority: ssh.Authority
) -> None:
    line = f'creator valid-before="20991231Z" {public_key_of(KEY).line}'
    who = read_signers(line.encode(), "list")
    later = time.mktime((2100, 6, 1, 0, 0, 0, 0, 0, 0))
    assert codes(batch, Demand(who), later) == ["signer"]
    assert "--ca" in judge(batch, Demand(who), later).problems[0].what
    assert codes(batch, Demand(who, authority=authority.root), later) == []
    ended = read_signers(line.replace("2099", "2020").encode(), "list")
    assert codes(batch, Demand(ended, authority=authority.root), later) == ["signer"]


# commands ---------------------------------------------------------------------------


@pytest.mark.slow
def test_from_request_to_kept_token(tmp_path: Path, authority: ssh.Authority) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    assert runs.scrub().returncode == 0
    unsigned = runs.scrub("timestamp", runs.out)
    assert unsigned.returncode == 2
    assert "scrub sign" in unsigned.stderr
    assert runs.scrub("sign", runs.out).returncode == 0
    assert "already with this key" in runs.scrub("sign", runs.out).stdout

    asked = runs.scrub("timestamp", runs.out)
    assert asked.returncode == 0
    assert "curl " in asked.stdout
    assert "openssl ts -query" in asked.stdout
    query, answer = runs.base / "out.tsq", runs.base / "out.tsr"
    first = query.read_bytes()
    assert runs.scrub("timestamp", runs.out).returncode == 0
    assert query.read_bytes() == first  # a request that was sent keeps its number
    authority.answer(query, answer)
    kept = runs.scrub("timestamp", runs.out, "--token", answer, "--ca", authority.root)
    assert kept.returncode == 0, kept.stderr
    stamp = runs.out / STAMP
    assert (stamp.stat().st_mode & 0o777, stamp.stat().st_mtime) == (0o644, 315532800)
    assert runs.out.stat().st_mtime == 315532800
    assert stamp.read_bytes() == answer.read_bytes()
    theirs = ssh.run(
        "openssl", "ts", "-verify", "-data", runs.out / SIGNATURE, "-in", stamp,
        "-CAfile", authority.root,
    )  # fmt: skip
    assert theirs.returncode == 0
    done = runs.scrub("verify", runs.out, "--ca", authority.root)
    assert done.returncode == 0, done.stdout
    assert "checked against a CA" in done.stdout

    other = tmp_path / "other.tsr"
    other.write_bytes(authority.stamp((runs.out / SIGNATURE).read_bytes(), "-no_nonce"))
    nonce = runs.scrub("timestamp", runs.out, "--token", other)
    assert nonce.returncode == 5
    query.unlink()
    assert runs.scrub("timestamp", runs.out, "--token", other).returncode == 2
    assert runs.scrub("timestamp", runs.out, "--token", other, "--force").returncode == 0


@pytest.mark.slow
def test_signing_again_takes_the_stamp_along(tmp_path: Path, authority: ssh.Authority) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    assert runs.scrub(runs.inside, "--out", runs.out, "--sign").returncode == 0
    (runs.out / STAMP).write_bytes(authority.stamp((runs.out / SIGNATURE).read_bytes()))
    own = ssh.make_key(runs.base / "own")
    before = (runs.out / SIGNATURE).read_bytes()
    assert runs.scrub("sign", runs.out, "--sign-key", own).returncode == 2
    assert (runs.out / SIGNATURE).read_bytes() == before
    assert runs.scrub("sign", runs.out, "--sign-key", own, "--force").returncode == 0
    assert not (runs.out / STAMP).exists()
    assert runs.scrub("verify", runs.out, "--public-key", f"{own}.pub").returncode == 0


@pytest.mark.slow
def test_what_is_not_whole_is_not_signed(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    assert runs.scrub().returncode == 0
    (runs.out / "data" / "more.txt").write_text("x", "utf-8")
    refused = runs.scrub("sign", runs.out)
    assert refused.returncode == 5
    assert not (runs.out / SIGNATURE).exists()
    assert not (runs.base / "home" / "keys" / "default.sign").exists()
    assert runs.scrub("sign", runs.inside).returncode in (4, 5)
    assert runs.scrub("sign", runs.base / "nowhere").returncode == 4


@pytest.mark.slow
def test_the_reader_brings_whom_to_trust(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "run")
    runs.write("a.txt", "The boats were quiet.\n")
    assert runs.scrub(runs.inside, "--out", runs.out, "--sign").returncode == 0
    inside = runs.out / "data" / "a.txt"
    for option in ("--signers", "--public-key", "--ca"):
        done = runs.scrub("verify", runs.out, option, inside)
        assert done.returncode == 2
        assert "lies inside the batch" in done.stderr
