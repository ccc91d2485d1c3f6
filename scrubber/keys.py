"""The project key and what is derived from it.

One file of 32 random bytes, made on first use in the user's data directory and
never in an audit folder: whoever holds the audit folder and the key can guess
every short value in it. All uses are separated by labels (HKDF, RFC 5869).
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import stat
import unicodedata
from base64 import b32encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scrubber.errors import FolderError, UsageError, VerificationError

SIZE = 32
AUDIT_MARKER = ".scrub-audit"
"""The file that marks a private audit folder."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SEALED = b"\x01"  # version of the sealed form: version ‖ nonce ‖ AES-256-GCM


@dataclass(frozen=True, slots=True)
class ProjectKey:
    """The secret of one project; every use has a label of its own."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != SIZE:
            raise ValueError(f"a project key is {SIZE} bytes")

    def tag_key(self, recipient: str = "") -> bytes:
        """32 bytes for replacement tags; bound to the recipient so that two buyers cannot join."""
        return self._derive("tag/" + unicodedata.normalize("NFC", recipient))

    def commit_key(self, batch_id: str) -> bytes:
        """32 bytes for the commitments of one batch (scheme scrub-commit/v1)."""
        return self._derive("commit/" + batch_id)

    def spool_key(self, batch_id: str) -> bytes:
        """32 bytes that encrypt the spooled values of one batch."""
        return self._derive("spool/" + batch_id)

    @property
    def decisions_key(self) -> bytes:
        """32 bytes for the digests by which decisions name values."""
        return self._derive("decisions")

    @property
    def hook_key(self) -> bytes:
        """32 bytes that authenticate the verdicts kept in a repository."""
        return self._derive("hook")

    def _derive(self, label: str) -> bytes:
        return hkdf_sha256(self.secret, info=b"scrub/v1/" + label.encode("utf-8"))


def hkdf_sha256(secret: bytes, *, salt: bytes = b"", info: bytes = b"", length: int = 32) -> bytes:
    """HKDF with SHA-256 (RFC 5869 section 2): extract, then expand to `length` bytes."""
    if not 0 < length <= 255 * 32:
        raise ValueError("HKDF-SHA-256 gives 1 to 8160 bytes")
    prk = hmac.digest(salt or bytes(32), secret, "sha256")
    block, out = b"", b""
    counter = 1
    while len(out) < length:
        block = hmac.digest(prk, block + info + bytes([counter]), "sha256")
        out += block
        counter += 1
    return out[:length]


def draw_batch_id() -> str:
    """A new random batch id, `b-` and 16 characters; 80 bits."""
    return "b-" + b32encode(secrets.token_bytes(10)).decode("ascii").lower()


def data_home(env: Mapping[str, str] | None = None) -> Path:
    """The user's data directory of scrub (XDG Base Directory Specification).

    `SCRUB_DATA_HOME` names it outright; else `$XDG_DATA_HOME/scrub`; a relative
    `XDG_DATA_HOME` is ignored, as the specification asks.
    """
    env = os.environ if env is None else env
    if chosen := env.get("SCRUB_DATA_HOME"):
        return Path(chosen)
    base = env.get("XDG_DATA_HOME", "")
    if not os.path.isabs(base):
        local = env.get("LOCALAPPDATA", "") if os.name == "nt" else ""
        base = local or os.path.join(os.path.expanduser("~"), ".local", "share")
    return Path(base, "scrub")


def key_path(project: str = "default", env: Mapping[str, str] | None = None) -> Path:
    """Where the key of `project` lives. Raises UsageError for a name that is no file name."""
    if not _NAME.fullmatch(project):
        raise UsageError(
            "The project name is not usable.",
            "It names a file, so it may hold only letters, digits, dot, dash and underscore.",
            "Choose another project name.",
        )
    return data_home(env) / "keys" / f"{project}.key"


def load_key(
    project: str = "default",
    *,
    key_file: Path | None = None,
    env: Mapping[str, str] | None = None,
) -> tuple[ProjectKey, bool]:
    """The key of `project`, and whether it was made just now.

    `key_file` (`--key FILE`) must exist: a mistyped name must not silently give
    a batch new tags. Raises UsageError or FolderError.
    """
    path = key_path(project, env) if key_file is None else key_file
    refuse_audit_folder(path)
    try:
        return ProjectKey(_read(path)), False
    except FileNotFoundError:
        if key_file is not None:
            raise UsageError(
                f"There is no key file: {shown(path)}", "", "Check the name after --key."
            ) from None
    created = create_private(path, secrets.token_bytes(SIZE))
    return ProjectKey(_read(path)), created


def refuse_audit_folder(path: Path) -> None:
    """Raises UsageError for a key that lies, or would lie, in an audit folder."""
    for parent in Path(os.path.abspath(path)).parents:
        if (parent / AUDIT_MARKER).exists():
            raise UsageError(
                f"The key would lie inside the audit folder: {shown(path)}",
                "Whoever gets that folder would then have the key to it.",
                "Keep the key elsewhere.",
            )


def _read(path: Path) -> bytes:
    secret = read_private(path, SIZE + 1)
    if len(secret) != SIZE:
        found = "more" if len(secret) > SIZE else f"{len(secret)} bytes"
        raise FolderError(
            f"The key file is damaged: {shown(path)}",
            f"It holds {found} instead of {SIZE} bytes.",
            "Restore it from your backup; with another key earlier batches cannot be proved.",
        )
    return secret


def read_private(path: Path, limit: int) -> bytes:
    """The first `limit` bytes of a file that only its owner, who is the user, may read.

    Raises FileNotFoundError, and FolderError for a file that others can read or that is not
    the user's.
    """
    flags = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise FolderError(
            f"The key file cannot be read: {shown(path)}",
            f"{error.strerror}.",
            "Check its permissions.",
        ) from error
    try:
        _check_owner(path, os.fstat(handle))
    except FolderError:
        os.close(handle)
        raise
    with os.fdopen(handle, "rb") as stream:
        return stream.read(limit)


def _check_owner(path: Path, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise FolderError(f"The key is not a regular file: {shown(path)}")
    if os.name != "posix":
        return
    if found.st_uid != os.geteuid():
        raise FolderError(
            f"The key file belongs to another user: {shown(path)}", "", "Use a key of your own."
        )
    if found.st_mode & 0o077:
        raise FolderError(
            f"The key file can be read by others: {shown(path)}",
            f"Its mode is {stat.S_IMODE(found.st_mode):04o}.",
            f"Run: chmod 600 {shown(path)}",
        )


def create_private(path: Path, data: bytes) -> bool:
    """Make a key file (0600, its folder 0700) in one step; False if one is there already.

    Raises FolderError.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _check_directory(path.parent)
        temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        _write_new(temporary, data)
        try:
            os.link(temporary, path)
        except FileExistsError:
            return False
        finally:
            temporary.unlink()
        _sync_directory(path.parent)
    except OSError as error:
        raise FolderError(
            f"The key file cannot be made: {shown(path)}",
            f"{error.strerror}.",
            "Make the folder writable, set XDG_DATA_HOME, or name a key with --key.",
        ) from error
    return True


def _check_directory(directory: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(directory.stat().st_mode) & 0o077:
        raise FolderError(
            f"The key folder is open to others: {shown(directory)}",
            "",
            f"Run: chmod 700 {shown(directory)}",
        )


def _write_new(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync_directory(directory: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def shown(path: Path) -> str:
    """`path` as text that is safe to print."""
    text = str(path)
    return text if text.isprintable() else ascii(text)


def seal(key: bytes, data: bytes, label: str) -> bytes:
    """Encrypt `data` with AES-256-GCM (NIST SP 800-38D); `label` is authenticated, not stored."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    return _SEALED + nonce + AESGCM(key).encrypt(nonce, data, label.encode("utf-8"))


def unseal(key: bytes, sealed: bytes, label: str) -> bytes:
    """Undo `seal`. Raises VerificationError for another key, another label or altered bytes."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        if sealed[:1] != _SEALED or len(sealed) < 29:
            raise InvalidTag
        return AESGCM(key).decrypt(sealed[1:13], sealed[13:], label.encode("utf-8"))
    except InvalidTag:
        raise VerificationError(
            "A spooled value cannot be opened.",
            "It was written with another key or was altered.",
            "Start the run anew with --fresh.",
        ) from None
