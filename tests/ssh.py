"""Stock ssh-keygen and openssl for tests: keys, signatures, and an authority that stamps times."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_ssh = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="no ssh-keygen")
needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl")


def run(*command: str | Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*map(str, command)], input=data, capture_output=True, check=False)


def make_key(path: Path, kind: str = "ed25519", passphrase: str = "", bits: str = "") -> Path:
    """A private key made by ssh-keygen, with path.pub beside it."""
    size = ("-b", bits) if bits else ()
    done = run("ssh-keygen", "-q", "-t", kind, *size, "-N", passphrase, "-C", "", "-f", path)
    assert done.returncode == 0, done.stderr
    return path


def public(path: Path) -> str:
    """`type base64` of the key at `path`."""
    return " ".join(path.with_name(path.name + ".pub").read_text("ascii").split()[:2])


def sign(key: Path, message: bytes, namespace: str = "scrub-batch", *options: str) -> bytes:
    """ssh-keygen's signature over `message`."""
    done = run("ssh-keygen", "-Y", "sign", *options, "-n", namespace, "-f", key, data=message)
    assert done.returncode == 0, done.stderr
    return done.stdout


def verified(
    folder: Path, signers: str, armoured: bytes, message: bytes, *, identity: str = "creator",
    at: str = "20260601120000Z", namespace: str = "scrub-batch",
) -> bool:  # fmt: skip
    """What `ssh-keygen -Y verify` says."""
    (folder / "signers").write_text(signers, "utf-8")
    (folder / "sig").write_bytes(armoured)
    done = run(
        "ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", identity, "-n", namespace,
        "-s", folder / "sig", f"-Overify-time={at}", data=message,
    )  # fmt: skip
    return done.returncode == 0


def fits(folder: Path, armoured: bytes, message: bytes) -> bool:
    """What `ssh-keygen -Y check-novalidate` says."""
    (folder / "sig").write_bytes(armoured)
    done = run(
        "ssh-keygen", "-Y", "check-novalidate", "-n", "scrub-batch", "-s", folder / "sig",
        data=message,
    )  # fmt: skip
    return done.returncode == 0


_CONFIGURATION = """\
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
default_policy = 1.2.3.4.1
digests = sha1, sha256, sha384, sha512
signer_digest = sha256
accuracy = secs:1
ordering = yes
tsa_name = yes
ess_cert_id_chain = no
"""


@dataclass(frozen=True)
class Authority:
    """A time stamping authority of our own, with openssl."""

    folder: Path

    @property
    def root(self) -> Path:
        return self.folder / "root.pem"

    @classmethod
    def make(cls, folder: Path) -> Authority:
        folder.mkdir()
        new = ("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        _ok("openssl", "version")
        _ok(*new, "-x509", "-keyout", folder / "root.key", "-out", folder / "root.pem",
            "-subj", "/CN=Example Root", "-days", "30")  # fmt: skip
        _ok(*new, "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr",
            "-subj", "/CN=Example Time Stamps")  # fmt: skip
        (folder / "use").write_text("extendedKeyUsage=critical,timeStamping\n", "ascii")
        _ok("openssl", "x509", "-req", "-in", folder / "tsa.csr", "-CA", folder / "root.pem",
            "-CAkey", folder / "root.key", "-CAcreateserial", "-days", "30",
            "-extfile", folder / "use", "-out", folder / "tsa.pem")  # fmt: skip
        (folder / "serial").write_text("01\n", "ascii")
        text = _CONFIGURATION.format(folder=folder)
        (folder / "configuration").write_text(text, "ascii")
        return cls(folder)

    def answer(self, query: Path, answer: Path) -> bytes:
        """Writes and returns the TimeStampResp to the request in `query`."""
        _ok("openssl", "ts", "-reply", "-config", self.folder / "configuration",
            "-queryfile", query, "-signer", self.folder / "tsa.pem",
            "-inkey", self.folder / "tsa.key", "-out", answer)  # fmt: skip
        return answer.read_bytes()

    def stamp(self, data: bytes, *options: str) -> bytes:
        """A TimeStampResp over `data`, asked for with openssl."""
        (self.folder / "data").write_bytes(data)
        query = self.folder / "query.tsq"
        _ok("openssl", "ts", "-query", "-data", self.folder / "data", "-cert", *options,
            "-out", query)  # fmt: skip
        return self.answer(query, self.folder / "answer.tsr")


def _ok(*command: str | Path) -> None:
    done = run(*command)
    assert done.returncode == 0, done.stderr.decode()
